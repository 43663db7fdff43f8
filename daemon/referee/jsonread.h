/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_JSONREAD_H
#define TONGBU_JSONREAD_H

#include <jansson.h>

json_t *tb_json_read(const char *text, size_t len, size_t flags, json_error_t *why);

#endif /* TONGBU_JSONREAD_H */
