/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a source, an output and a reflex can be set to, and what the kernel tells of
 * them: one table each, in fields_table.c. A row is all there is to say of a field;
 * configuration, command line, netlink, comparison, JSON, help, completion and the
 * page tongbu-devices(5) follow from it.
 */
#ifndef TONGBU_FIELDS_H
#define TONGBU_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "defs.h"
#include "error.h"

/**
 * enum tb_field_kind - what a field is
 * @TB_FIELD_TEXT: a string in a field of fixed size
 * @TB_FIELD_NAME: the same, without blanks
 * @TB_FIELD_NUMBER: a number of 8, 16, 32 or 64 bits
 * @TB_FIELD_WORD: a number of 8 bits that has a word
 * @TB_FIELD_LEVEL: the level of a line; null where the kernel does not tell it
 * @TB_FIELD_FLAG: a bit of a number of 32 bits
 * @TB_FIELD_BITS: a number of 32 bits of which each bit has a word
 * @TB_FIELD_MOMENT: CLOCK_BOOTTIME of something, ns; shown as the time it was, null if it is 0
 * @TB_FIELD_POLLS: what to ask Modbus slaves
 * @TB_FIELD_BYTES: bytes, never shown
 */
enum tb_field_kind {
	TB_FIELD_TEXT,
	TB_FIELD_NAME,
	TB_FIELD_NUMBER,
	TB_FIELD_WORD,
	TB_FIELD_LEVEL,
	TB_FIELD_FLAG,
	TB_FIELD_BITS,
	TB_FIELD_MOMENT,
	TB_FIELD_POLLS,
	TB_FIELD_BYTES,
};

/**
 * enum tb_field_use - bits of what a field is for
 * @TB_FIELD_SET: people set it
 * @TB_FIELD_NEEDED: they must
 * @TB_FIELD_SENT: the kernel is told it
 * @TB_FIELD_UNLESS_0: but not if it is 0 or empty
 * @TB_FIELD_LEFT: 0 leaves it to the kernel, so that any number is as asked for
 * @TB_FIELD_SHOWN: it is shown
 * @TB_FIELD_NULL: and is null if it is 0 or empty
 */
enum tb_field_use {
	TB_FIELD_SET = 1 << 0,
	TB_FIELD_NEEDED = 1 << 1,
	TB_FIELD_SENT = 1 << 2,
	TB_FIELD_UNLESS_0 = 1 << 3,
	TB_FIELD_LEFT = 1 << 4,
	TB_FIELD_SHOWN = 1 << 5,
	TB_FIELD_NULL = 1 << 6,
};

/**
 * struct tb_field - a row
 * @name: its name, in configuration and JSON; as an option with - for _
 * @text: what it means, for help and man page
 * @word: gives the words of %TB_FIELD_WORD and %TB_FIELD_BITS
 * @types: bits 1 << enum tongbu_source_type of the sources it is of; 0 for all
 * @min: the least number
 * @max: the greatest; of a flag its bit
 * @attr: enum tongbu_attr, or 0
 * @at: where in the structure it is
 * @size: its bytes
 * @kind: enum tb_field_kind
 * @use: enum tb_field_use
 */
struct tb_field {
	const char *name;
	const char *text;
	const char *(*word)(unsigned int number);
	uint32_t types;
	uint32_t min;
	uint32_t max;
	uint16_t attr;
	uint16_t at;
	uint16_t size;
	uint8_t kind;
	uint8_t use;
};

/**
 * struct tb_table - the fields of a source, an output or a reflex
 * @what: which of them, as a word
 * @fields: the rows, closed by one without a name
 * @size: bytes of the structure
 * @type: where in it the type is, one byte; 0 if there are no types
 * @add: enum tongbu_cmd that adds one
 * @del: that removes one
 * @get: that lists them
 *
 * The first row is of the number, the second of the name.
 */
struct tb_table {
	const char *what;
	const struct tb_field *fields;
	size_t size;
	size_t type;
	uint8_t add;
	uint8_t del;
	uint8_t get;
};

/* Sees all fields that an item of this type has */
#define tb_fields_each(field, table, def)                         \
	for ((field) = (table)->fields; (field)->name; (field)++) \
		if (tb_field_is_of(field, tb_fields_type(table, def)))

extern const struct tb_table tb_source_table;
extern const struct tb_table tb_output_table;
extern const struct tb_table tb_reflex_table;

const struct tb_table *tb_table_find(const char *what);
const void *tb_table_item(const struct tb_table *table, const void *items, size_t count,
			  const char *name);
const char *tb_table_name(const struct tb_table *table, const void *def);
unsigned int tb_fields_type(const struct tb_table *table, const void *def);
bool tb_field_is_of(const struct tb_field *field, unsigned int type);
int tb_field_find(const struct tb_table *table, const void *def, const char *name,
		  const struct tb_field **field, struct tb_error *err);
uint64_t tb_field_number(const struct tb_field *field, const void *def);
void tb_field_put_number(const struct tb_field *field, void *def, uint64_t number);
int tb_field_take(const struct tb_field *field, void *def, const char *text, struct tb_error *err);
bool tb_fields_same(const struct tb_table *table, const void *asked, const void *there);
json_t *tb_fields_json(const struct tb_table *table, const void *def);
int tb_source_fault(const struct tb_source_def *def, struct tb_error *err);
int tb_output_fault(const struct tb_output_def *def, struct tb_error *err);
int tb_reflex_fault(const struct tb_reflex_def *def, struct tb_error *err);

void tb_field_option(const struct tb_field *field, char *text, size_t size);
void tb_field_range(const struct tb_field *field, char *text, size_t size);
void tb_fields_help(const struct tb_table *table, FILE *out);
void tb_fields_man(const struct tb_table *table, FILE *out);

#endif /* TONGBU_FIELDS_H */
