/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that show records share: record_words*.c and record_text*.c. */
#ifndef TONGBU_RECORD_PRIV_H
#define TONGBU_RECORD_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "record.h"

#define TB_NAME_OF(table, number) \
	((number) < sizeof(table) / sizeof((table)[0]) ? (table)[number] : NULL)

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
