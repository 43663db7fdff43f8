/* SPDX-License-Identifier: GPL-2.0-only */
/* What jansson lacks. */
#ifndef TONGBU_JSON_H
#define TONGBU_JSON_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

json_t *tb_json_u64(uint64_t value);
json_t *tb_json_name(const uint8_t *field, size_t size);
json_t *tb_json_word(const char *word, unsigned int number);
char *tb_json_dumps(const json_t *json, size_t flags);
json_t *tb_json_flags(uint32_t flags, const char *(*name_of)(unsigned int bit));

#endif /* TONGBU_JSON_H */
