/* SPDX-License-Identifier: GPL-2.0-only */
/* What jansson lacks. */
#ifndef TONGBU_JSON_H
#define TONGBU_JSON_H

#include <stdint.h>

#include <jansson.h>

json_t *tb_json_u64(uint64_t value);

#endif /* TONGBU_JSON_H */
