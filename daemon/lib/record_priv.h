/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that show records share: record_json*.c and record_text*.c. */
#ifndef TONGBU_RECORD_PRIV_H
#define TONGBU_RECORD_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "record.h"

json_t *tb_json_hex(const void *bytes, size_t len);
json_t *tb_json_base64(const void *bytes, size_t len);
json_t *tb_json_name(const uint8_t *field, size_t size);
json_t *tb_json_word(const char *word, unsigned int number);

/* NULL for what is no record of a device, or too short */
json_t *tb_record_source_json(const struct tb_record *rec);
/* The same for what the station does by itself */
json_t *tb_record_control_json(const struct tb_record *rec);

void tb_text_name(const uint8_t *field, size_t size, FILE *out);
void tb_text_hex(const uint8_t *bytes, size_t len, FILE *out);

/* False for what is no record of a device */
bool tb_record_source_describe(const struct tb_record *rec, FILE *out);
/* False for what is not done by the station itself */
bool tb_record_control_describe(const struct tb_record *rec, FILE *out);

#endif /* TONGBU_RECORD_PRIV_H */
