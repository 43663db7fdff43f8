/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that show records share: record_json*.c and record_text*.c. */
#ifndef TONGBU_RECORD_PRIV_H
#define TONGBU_RECORD_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "record.h"

#define TB_NAME_OF(table, number) \
	((number) < sizeof(table) / sizeof((table)[0]) ? (table)[number] : NULL)

json_t *tb_json_hex(const void *bytes, size_t len);
json_t *tb_json_base64(const void *bytes, size_t len);
json_t *tb_json_name(const uint8_t *field, size_t size);
json_t *tb_json_word(const char *word, unsigned int number);
json_t *tb_json_level(uint8_t level);

/* A field for a name, but only if it is known */
void tb_json_put_name(json_t *json, const char *key, const struct tb_record *rec,
		      const struct tb_names *names, enum tb_named what, uint32_t number);
/* An errno, positive, and its name */
void tb_json_put_error(json_t *json, uint32_t error);

/* NULL for what is none of these records, or too short */
json_t *tb_record_source_json(const struct tb_record *rec);
json_t *tb_record_device_json(const struct tb_record *rec);
json_t *tb_record_control_json(const struct tb_record *rec, const struct tb_names *names);

void tb_text_name(const uint8_t *field, size_t size, FILE *out);
void tb_text_hex(const uint8_t *bytes, size_t len, FILE *out);
/* What a number stands for: its name, or "output 3" */
void tb_text_named(const struct tb_record *rec, const struct tb_names *names, enum tb_named what,
		   uint32_t number, FILE *out);

/* False for what is none of these records */
bool tb_record_source_describe(const struct tb_record *rec, FILE *out);
bool tb_record_device_describe(const struct tb_record *rec, FILE *out);
bool tb_record_control_describe(const struct tb_record *rec, const struct tb_names *names,
				FILE *out);

#endif /* TONGBU_RECORD_PRIV_H */
