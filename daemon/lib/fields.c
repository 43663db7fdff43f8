// SPDX-License-Identifier: GPL-2.0-only
/* What follows from the tables: reading, comparing and showing what they name. */
#include "fields.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "record.h"
#include "timefmt.h"

/* More words than any field has */
#define WORDS_MAX 16

/* "a source", "an output" */
static const char *article(const struct tb_table *table)
{
	return strchr("aeiou", *table->what) ? "an" : "a";
}

/**
 * tb_fields_type() - of which type is an item?
 * @table: its table
 * @def: the item
 *
 * Return: enum tongbu_source_type; 0 where there are no types.
 */
unsigned int tb_fields_type(const struct tb_table *table, const void *def)
{
	return table->type ? ((const uint8_t *)def)[table->type] : 0;
}

/**
 * tb_field_is_of() - has an item of this type that field?
 * @field: the field
 * @type: the type
 *
 * Return: true if it has.
 */
bool tb_field_is_of(const struct tb_field *field, unsigned int type)
{
	return !field->types || (type < 32 && field->types >> type & 1);
}

/**
 * tb_field_find() - find a field that can be set
 * @table: the table
 * @def: the item, whose type counts
 * @name: the field's name
 * @field: set to it
 * @err: told why not, or NULL
 *
 * Return: 0, or -EINVAL if there is none, or none of this type.
 */
int tb_field_find(const struct tb_table *table, const void *def, const char *name,
		  const struct tb_field **field, struct tb_error *err)
{
	unsigned int type = tb_fields_type(table, def);
	const struct tb_field *row;
	bool other = false;

	for (row = table->fields; row->name; row++) {
		if (!(row->use & TB_FIELD_SET) || strcmp(row->name, name))
			continue;
		if (tb_field_is_of(row, type)) {
			*field = row;
			return 0;
		}
		other = true;
	}
	if (other)
		return tb_error_set(err, -EINVAL,
				    "%s %s of type %s has no setting %s: see tongbu-devices(5)",
				    article(table), table->what, tb_source_type_name(type) ?: "?",
				    name);
	return tb_error_set(err, -EINVAL, "%s %s has no setting %s: see tongbu-devices(5)",
			    article(table), table->what, name);
}

/**
 * tb_field_number() - the number in a field
 * @field: the field
 * @def: the item
 *
 * Return: the number; of a flag, 0 or 1.
 */
uint64_t tb_field_number(const struct tb_field *field, const void *def)
{
	const uint8_t *at = (const uint8_t *)def + field->at;
	uint64_t number = 0;

	/* Little-endian or not: the bytes are this machine's own. */
	switch (field->size) {
	case sizeof(uint8_t):
		number = *at;
		break;
	case sizeof(uint16_t):
		number = *(const uint16_t *)(const void *)at;
		break;
	case sizeof(uint32_t):
		number = *(const uint32_t *)(const void *)at;
		break;
	case sizeof(uint64_t):
		number = *(const uint64_t *)(const void *)at;
		break;
	}
	return field->kind == TB_FIELD_FLAG ? !!(number & field->max) : number;
}

/**
 * tb_field_put_number() - set a number in a field
 * @field: the field
 * @def: the item
 * @number: the number, within its range; of a flag, 0 or 1
 */
void tb_field_put_number(const struct tb_field *field, void *def, uint64_t number)
{
	uint8_t *at = (uint8_t *)def + field->at;
	uint32_t *flags = (uint32_t *)(void *)at;

	if (field->kind == TB_FIELD_FLAG)
		*flags = number ? *flags | field->max : *flags & ~field->max;
	else if (field->size == sizeof(uint8_t))
		*at = (uint8_t)number;
	else if (field->size == sizeof(uint16_t))
		*(uint16_t *)(void *)at = (uint16_t)number;
	else if (field->size == sizeof(uint32_t))
		*(uint32_t *)(void *)at = (uint32_t)number;
	else
		*(uint64_t *)(void *)at = number;
}

static int take_text(const struct tb_field *field, char *at, const char *text, struct tb_error *err)
{
	const unsigned char *c;

	if (!*text || strlen(text) >= field->size)
		return tb_error_set(err, -EINVAL, "%s must be a string of 1 to %u bytes",
				    field->name, field->size - 1U);
	for (c = (const unsigned char *)text; field->kind == TB_FIELD_NAME && *c; c++)
		if (*c <= ' ' || *c == 0x7f)
			return tb_error_set(err, -EINVAL, "%s has a blank or control character",
					    field->name);
	strcpy(at, text);
	return 0;
}

static int take_number(const struct tb_field *field, void *def, const char *text,
		       struct tb_error *err)
{
	unsigned long long number;
	char *end;

	/* Vendors and products are written 0x1a86; a leading 0 means nothing. */
	errno = 0;
	number = strtoull(text, &end, strncasecmp(text, "0x", 2) ? 10 : 16);
	if (!isdigit((unsigned char)*text) || *end || errno || number < field->min ||
	    number > field->max)
		return tb_error_set(err, -EINVAL, "%s must be a number from %u to %u", field->name,
				    field->min, field->max);
	tb_field_put_number(field, def, number);
	return 0;
}

static void list_words(const struct tb_field *field, const char *between, char *text, size_t size)
{
	unsigned int i;

	*text = '\0';
	for (i = 0; i < WORDS_MAX; i++)
		if (field->word(i))
			snprintf(text + strlen(text), size - strlen(text), "%s%s",
				 *text ? between : "", field->word(i));
}

static int take_word(const struct tb_field *field, void *def, const char *text,
		     struct tb_error *err)
{
	int number = tb_word_number(field->word, text);
	char known[128];

	if (number < 0) {
		list_words(field, ", ", known, sizeof(known));
		return tb_error_set(err, -EINVAL, "%s must be one of %s", field->name, known);
	}
	tb_field_put_number(field, def, (uint64_t)number);
	return 0;
}

/* "1:holding:0:2": slave, function, first address, how many */
static int take_poll(struct tb_serial_def *serial, const char *text, struct tb_error *err)
{
	unsigned int unit, address, count;
	char function[16];
	int number = -1, end = 0;

	if (sscanf(text, "%3u:%15[a-z]:%5u:%4u%n", &unit, function, &address, &count, &end) == 4 &&
	    !text[end])
		number = tb_word_number(tb_function_name, function);
	if (number < 0 || unit < 1 || unit > 247 || address > UINT16_MAX || !count ||
	    count > (number > 2 ? 125U : 2000U))
		return tb_error_set(err, -EINVAL,
				    "a poll is UNIT:FUNCTION:ADDRESS:COUNT, such as 1:holding:0:2: unit 1 to 247, function coils, discrete, holding or input, count up to 2000 bits or 125 registers");
	if (serial->poll_count == TONGBU_POLLS_MAX)
		return tb_error_set(err, -EINVAL, "there are at most %d polls", TONGBU_POLLS_MAX);
	serial->polls[serial->poll_count++] = (struct tongbu_poll){
		.unit = (uint8_t)unit,
		.function = (uint8_t)number,
		.address = htole16((uint16_t)address),
		.count = htole16((uint16_t)count),
	};
	return 0;
}

/**
 * tb_field_take() - set a field to what somebody wrote
 * @field: the field
 * @def: the item
 * @text: what was written; of a flag "true" or "false"
 * @err: told why not, or NULL
 *
 * Return: 0 or -EINVAL.
 */
int tb_field_take(const struct tb_field *field, void *def, const char *text, struct tb_error *err)
{
	switch (field->kind) {
	case TB_FIELD_TEXT:
	case TB_FIELD_NAME:
		return take_text(field, (char *)def + field->at, text, err);
	case TB_FIELD_NUMBER:
		return take_number(field, def, text, err);
	case TB_FIELD_WORD:
		return take_word(field, def, text, err);
	case TB_FIELD_FLAG:
		tb_field_put_number(field, def, !strcmp(text, "true"));
		return 0;
	case TB_FIELD_POLLS:
		return take_poll(&((struct tb_source_def *)def)->serial, text, err);
	default:
		return -EINVAL;
	}
}

static bool same(const struct tb_field *field, const void *asked, const void *there)
{
	const uint8_t *a = (const uint8_t *)asked + field->at;
	const uint8_t *b = (const uint8_t *)there + field->at;
	const struct tb_serial_def *x, *y;
	uint64_t number;

	switch (field->kind) {
	case TB_FIELD_TEXT:
	case TB_FIELD_NAME:
		return !strcmp((const char *)a, (const char *)b);
	case TB_FIELD_POLLS:
		x = &((const struct tb_source_def *)asked)->serial;
		y = &((const struct tb_source_def *)there)->serial;
		return x->poll_count == y->poll_count &&
		       !memcmp(x->polls, y->polls, x->poll_count * sizeof(x->polls[0]));
	case TB_FIELD_BYTES:
		return true;
	default:
		number = tb_field_number(field, asked);
		return (field->use & TB_FIELD_LEFT && !number) ||
		       number == tb_field_number(field, there);
	}
}

/**
 * tb_fields_same() - is an item what was asked for?
 * @table: its table
 * @asked: what was; what was left to the kernel is as it is
 * @there: what the kernel has
 *
 * What the kernel tells to nobody, a salt, is not compared.
 *
 * Return: true if it is.
 */
bool tb_fields_same(const struct tb_table *table, const void *asked, const void *there)
{
	const struct tb_field *field;

	if (tb_fields_type(table, asked) != tb_fields_type(table, there))
		return false;
	tb_fields_each(field, table, asked) if (field->use & TB_FIELD_SENT &&
						!same(field, asked, there)) return false;
	return true;
}

static json_t *polls_json(const struct tb_serial_def *serial)
{
	json_t *list = json_array();
	const struct tongbu_poll *poll;
	size_t i;

	for (i = 0; i < serial->poll_count; i++) {
		poll = &serial->polls[i];
		json_array_append_new(list, json_pack("{s:i, s:o, s:i, s:i}", "unit", poll->unit,
						      "function",
						      tb_json_word(tb_function_name(poll->function),
								   poll->function),
						      "address", le16toh(poll->address), "count",
						      le16toh(poll->count)));
	}
	return list;
}

static json_t *field_json(const struct tb_field *field, const void *def)
{
	const char *text = (const char *)def + field->at, *word;
	uint64_t number = tb_field_number(field, def);
	char time[TB_TIME_SIZE];

	switch (field->kind) {
	case TB_FIELD_TEXT:
	case TB_FIELD_NAME:
		return *text || !(field->use & TB_FIELD_NULL) ?
			       tb_json_name((const uint8_t *)text, field->size) :
			       json_null();
	case TB_FIELD_WORD:
		/* A word that is a number is one. */
		word = field->word((unsigned int)number);
		return tb_json_word(word && isdigit((unsigned char)*word) ? NULL : word,
				    (unsigned int)number);
	case TB_FIELD_LEVEL:
		return number == TONGBU_LEVEL_UNKNOWN ? json_null() : tb_json_u64(number);
	case TB_FIELD_FLAG:
		return json_boolean(number);
	case TB_FIELD_BITS:
		return tb_json_flags((uint32_t)number, field->word);
	case TB_FIELD_MOMENT:
		return number ? json_string(tb_time_format(tb_time_of_boot(number), time)) :
				json_null();
	case TB_FIELD_POLLS:
		return polls_json(&((const struct tb_source_def *)def)->serial);
	default:
		return number || !(field->use & TB_FIELD_NULL) ? tb_json_u64(number) : json_null();
	}
}

/**
 * tb_fields_json() - an item for programs
 * @table: its table
 * @def: the item
 *
 * Return: an object of the caller's; NULL without memory.
 */
json_t *tb_fields_json(const struct tb_table *table, const void *def)
{
	json_t *json = json_object();
	const struct tb_field *field;

	tb_fields_each(field, table, def) if (field->use & TB_FIELD_SHOWN)
		json_object_set_new(json, field->name, field_json(field, def));
	return json;
}

/* What must be said and was not */
static int missing(const struct tb_table *table, const void *def, struct tb_error *err)
{
	unsigned int type = tb_fields_type(table, def);
	const struct tb_field *field;
	bool is_number;

	tb_fields_each(field, table, def)
	{
		is_number = field->kind == TB_FIELD_NUMBER;
		if (!(field->use & TB_FIELD_NEEDED) ||
		    (is_number ? tb_field_number(field, def) <= field->max :
				 ((const char *)def)[field->at]))
			continue;
		return tb_error_set(err, -EINVAL, "%s %s%s%s needs %s: %s", article(table),
				    table->what, type ? " of type " : "",
				    type ? tb_source_type_name(type) : "", field->name,
				    field->text);
	}
	return 0;
}

static int input_fault(const struct tb_input_def *in, uint32_t flags, struct tb_error *err)
{
	bool code = in->mode == TONGBU_INPUT_CODE;

	if (!*in->device && !*in->phys && !in->vendor && !in->product)
		return tb_error_set(err, -EINVAL,
				    "an input source needs device, phys, vendor or product: /proc/bus/input/devices shows them");
	if (!code && (in->timeout || flags & TONGBU_SOURCE_HASHED))
		return tb_error_set(err, -EINVAL, "timeout_ms and hashed are for mode code");
	if (code && in->key)
		return tb_error_set(err, -EINVAL, "key is for mode keys");
	return 0;
}

static int serial_fault(const struct tb_source_def *def, struct tb_error *err)
{
	bool modbus = def->serial.framing == TONGBU_FRAMING_MODBUS;

	if (modbus && !def->serial.poll_count)
		return tb_error_set(err, -EINVAL, "framing modbus needs polls");
	if (!modbus && (def->serial.poll_count || def->interval || def->serial.timeout))
		return tb_error_set(err, -EINVAL,
				    "polls, interval_ms and timeout_ms are for framing modbus");
	if (def->serial.framing == TONGBU_FRAMING_FIXED && !def->serial.length)
		return tb_error_set(err, -EINVAL, "framing fixed needs length");
	return 0;
}

/**
 * tb_source_fault() - what the kernel would refuse of a source, where one can tell
 * @def: the source, as asked for
 * @err: told what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int tb_source_fault(const struct tb_source_def *def, struct tb_error *err)
{
	int ret = missing(&tb_source_table, def, err);

	if (!ret && def->type == TONGBU_SOURCE_INPUT)
		ret = input_fault(&def->input, def->flags, err);
	else if (!ret && def->type == TONGBU_SOURCE_SERIAL)
		ret = serial_fault(def, err);
	else if (!ret && def->type == TONGBU_SOURCE_PPS && def->edges == TONGBU_EDGE_BOTH)
		ret = tb_error_set(err, -EINVAL, "a pps source needs edges rising or falling");
	return ret;
}

/**
 * tb_output_fault() - the same of an output
 * @def: the output, as asked for
 * @err: told what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int tb_output_fault(const struct tb_output_def *def, struct tb_error *err)
{
	return missing(&tb_output_table, def, err);
}

/**
 * tb_reflex_fault() - the same of a reflex
 * @def: the reflex, as asked for
 * @err: told what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int tb_reflex_fault(const struct tb_reflex_def *def, struct tb_error *err)
{
	int ret = missing(&tb_reflex_table, def, err);

	if (ret)
		return ret;
	if ((def->condition == TONGBU_WHEN_BOTH) != !!*def->second)
		return tb_error_set(err, -EINVAL, "when both and second go together");
	if ((def->condition == TONGBU_WHEN_HELD) != !!def->hold)
		return tb_error_set(err, -EINVAL, "when held and hold_ms go together");
	if ((def->condition == TONGBU_WHEN_COUNT) != (def->count && def->within) ||
	    !def->count != !def->within)
		return tb_error_set(err, -EINVAL, "when count, count and within_ms go together");
	if (def->action == TONGBU_DO_PULSE && !def->length)
		return tb_error_set(err, -EINVAL, "action pulse needs length_ms");
	if ((def->action == TONGBU_DO_BLINK) != !!def->period)
		return tb_error_set(err, -EINVAL, "action blink and period_ms go together");
	if (def->length && def->action != TONGBU_DO_PULSE && def->action != TONGBU_DO_BLINK)
		return tb_error_set(err, -EINVAL, "length_ms is for action pulse or blink");
	return 0;
}

/**
 * tb_field_option() - a field as an option of a command line
 * @field: the field
 * @text: where to, without the leading hyphens
 * @size: bytes of @text
 */
void tb_field_option(const struct tb_field *field, char *text, size_t size)
{
	snprintf(text, size, "%s", field->name);
	for (; *text; text++)
		if (*text == '_')
			*text = '-';
}

/**
 * tb_field_range() - what a field can be, in a word
 * @field: the field
 * @text: where to: "0..1000000", "rising|falling|both", "TEXT", or ""
 * @size: bytes of @text
 */
void tb_field_range(const struct tb_field *field, char *text, size_t size)
{
	switch (field->kind) {
	case TB_FIELD_NUMBER:
		if (field->max == UINT32_MAX)
			snprintf(text, size, "%u..", field->min);
		else
			snprintf(text, size, "%u..%u", field->min, field->max);
		break;
	case TB_FIELD_WORD:
		list_words(field, "|", text, size);
		break;
	case TB_FIELD_POLLS:
		snprintf(text, size, "UNIT:FUNCTION:ADDRESS:COUNT");
		break;
	case TB_FIELD_NAME:
	case TB_FIELD_TEXT:
		snprintf(text, size, "TEXT");
		break;
	default:
		*text = '\0';
		break;
	}
}

/* "gpio, counter, pps" */
static void list_types(uint32_t types, char *text, size_t size)
{
	unsigned int i;

	*text = '\0';
	for (i = 0; types && i < WORDS_MAX; i++)
		if (types >> i & 1 && tb_source_type_name(i))
			snprintf(text + strlen(text), size - strlen(text), "%s%s",
				 *text ? ", " : "", tb_source_type_name(i));
}

/**
 * tb_fields_help() - the options of a command that adds one, for its help
 * @table: the table
 * @out: where to
 */
void tb_fields_help(const struct tb_table *table, FILE *out)
{
	char name[32], range[96], types[64], before[64] = "";
	struct tb_option option[2] = { { .name = name } };
	const struct tb_field *field;

	for (field = table->fields; field->name; field++) {
		if (!(field->use & TB_FIELD_SET) || !strcmp(field->name, "name"))
			continue;
		list_types(field->types, types, sizeof(types));
		if (strcmp(types, before))
			fprintf(out, "%s:\n", *types ? types : "all");
		strcpy(before, types);
		tb_field_option(field, name, sizeof(name));
		tb_field_range(field, range, sizeof(range));
		option[0].arg = *range ? range : NULL;
		option[0].text = field->text;
		tb_options_help(option, out);
	}
}

/**
 * tb_fields_man() - the fields for a manual page, as mdoc(7)
 * @table: the table
 * @out: where to
 */
void tb_fields_man(const struct tb_table *table, FILE *out)
{
	const struct tb_field *field;
	char range[96], types[64];

	for (field = table->fields; field->name; field++) {
		if (!(field->use & (TB_FIELD_SET | TB_FIELD_SHOWN)))
			continue;
		list_types(field->types, types, sizeof(types));
		tb_field_range(field, range, sizeof(range));
		fprintf(out, ".It Va %s", field->name);
		if (!(field->use & TB_FIELD_SET))
			fputs(" Pq told only", out);
		else if (field->kind == TB_FIELD_FLAG)
			fputs(" Pq true or false", out);
		else
			fprintf(out, " Pq Li %s", range);
		fprintf(out, "\n%s%s%s%s.\n", *types ? "Of " : "", types, *types ? ": " : "",
			field->text);
	}
}
