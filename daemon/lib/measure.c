// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing here asks the C library for numbers: what is read must be the same on
 * every machine and in every locale.
 */
#include "measure.h"

#include <endian.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* As many as the act that says so takes */
#define VALUES_MAX 32

/* What a value of a Modbus answer can be; two of them take two registers */
enum type {
	TYPE_U16,
	TYPE_S16,
	TYPE_U32,
	TYPE_S32,
	TYPE_FLOAT,
	TYPE_BIT,
};

static const char *const types[] = { "u16", "s16", "u32", "s32", "float", "bit" };

static const char *text_of(const json_t *value, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(value, key));

	return text ? text : otherwise;
}

static json_int_t number_of(const json_t *value, const char *key)
{
	return json_integer_value(json_object_get(value, key));
}

/* -1 for a word that is none */
static int type_of(const json_t *value)
{
	const char *word = text_of(value, "type", "u16");
	int i;

	for (i = 0; i < (int)(sizeof(types) / sizeof(types[0])); i++)
		if (!strcmp(types[i], word))
			return i;
	return -1;
}

static bool wrong(char *why, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static bool wrong(char *why, size_t size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, size, fmt, args);
	va_end(args);
	return false;
}

/* Keys of a value beside name, unit, factor and offset, and whether they are words */
struct keys {
	const char *name;
	bool word;
	bool needed;
};

static const struct keys modbus_keys[] = {
	{ "poll", false, false }, { "index", false, true }, { "type", true, false },
	{ "order", true, false }, { NULL, false, false },
};
static const struct keys nmea_keys[] = {
	{ "sentence", true, true },
	{ "field", false, true },
	{ NULL, false, false },
};
static const struct keys line_keys[] = { { "column", false, true }, { NULL, false, false } };
static const struct keys no_keys[] = { { NULL, false, false } };

static const struct keys *keys_of(unsigned int framing)
{
	switch (framing) {
	case TB_MEASURE_COUNT:
		return no_keys;
	case TONGBU_FRAMING_MODBUS:
		return modbus_keys;
	case TONGBU_FRAMING_NMEA:
		return nmea_keys;
	case TONGBU_FRAMING_LINE:
		return line_keys;
	default:
		return NULL;
	}
}

static bool is_common(const char *key)
{
	static const char *const common[] = { "name", "unit", "factor", "offset" };
	size_t i;

	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (!strcmp(common[i], key))
			return true;
	return false;
}

static bool check_key(const struct keys *keys, const char *name, const char *key,
		      const json_t *setting, char *why, size_t size)
{
	const struct keys *k;

	for (k = keys; k->name && strcmp(k->name, key); k++)
		;
	if (!k->name)
		return wrong(why, size, "value %s cannot have %s here", name, key);
	if (k->word ? !json_is_string(setting) :
		      !json_is_integer(setting) || json_integer_value(setting) < 0 ||
			      json_integer_value(setting) > UINT16_MAX)
		return wrong(why, size, "%s of value %s must be a %s", key, name,
			     k->word ? "string" : "number from 0 to 65535");
	return true;
}

static bool check_common(const json_t *value, const char *name, char *why, size_t size)
{
	static const char *const reals[] = { "factor", "offset" };
	const json_t *real, *unit = json_object_get(value, "unit");
	const char *c;
	size_t i;

	for (c = name; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') && *c != '_')
			return wrong(why, size,
				     "value %.40s: a name has small letters, digits and _", name);
	for (i = 0; i < 2; i++) {
		real = json_object_get(value, reals[i]);
		if (real && !json_is_number(real))
			return wrong(why, size, "%s of value %s must be a number", reals[i], name);
	}
	if (unit && (!json_string_length(unit) || json_string_length(unit) > 15))
		return wrong(why, size, "unit of value %s must be a string of 1 to 15 bytes", name);
	return true;
}

static bool check_words(const json_t *value, const char *name, char *why, size_t size)
{
	const char *order = text_of(value, "order", "big");

	if (type_of(value) < 0)
		return wrong(why, size,
			     "type of value %s must be one of u16, s16, u32, s32, float, bit",
			     name);
	if (strcmp(order, "big") && strcmp(order, "little-word"))
		return wrong(why, size, "order of value %s must be big or little-word", name);
	return true;
}

static bool check_value(const struct keys *keys, json_t *value, char *why, size_t size)
{
	const char *name = text_of(value, "name", ""), *key;
	const struct keys *k;
	json_t *setting;

	if (!*name || strlen(name) >= TONGBU_NAME_LEN)
		return wrong(why, size, "a value needs a name of 1 to %d bytes",
			     TONGBU_NAME_LEN - 1);
	if (!check_common(value, name, why, size))
		return false;
	json_object_foreach(value, key, setting)
		if (!is_common(key) && !check_key(keys, name, key, setting, why, size))
			return false;
	for (k = keys; k->name; k++)
		if (k->needed && !json_object_get(value, k->name))
			return wrong(why, size, "value %s needs %s", name, k->name);
	return check_words(value, name, why, size);
}

/**
 * tb_measure_check() - is this a description of values?
 * @framing: enum tongbu_framing, or %TB_MEASURE_COUNT
 * @values: the description
 * @why: told why not
 * @size: bytes of @why
 *
 * Return: true if it is.
 */
bool tb_measure_check(unsigned int framing, const json_t *values, char *why, size_t size)
{
	const struct keys *keys = keys_of(framing);
	json_t *value, *other;
	size_t i, j;

	if (!keys)
		return wrong(why, size, "there are no values in frames of this kind");
	if (!json_is_array(values) || !json_array_size(values))
		return wrong(why, size, "values is a list of one or more");
	if (json_array_size(values) > VALUES_MAX)
		return wrong(why, size, "there are more than %d values", VALUES_MAX);
	json_array_foreach((json_t *)values, i, value) {
		if (!json_is_object(value))
			return wrong(why, size, "a value is an object");
		if (!check_value(keys, value, why, size))
			return false;
		for (j = 0; j < i; j++) {
			other = json_array_get(values, j);
			if (!strcmp(text_of(other, "name", ""), text_of(value, "name", "")))
				return wrong(why, size, "there are two values named %s",
					     text_of(value, "name", ""));
		}
	}
	return true;
}

/* "-12.50": digits with a point, and nothing else */
static bool parse_decimal(const char *text, size_t len, double *number)
{
	bool minus = len && *text == '-', point = false, digits = false;
	uint64_t mantissa = 0;
	double divisor = 1;
	size_t i;

	for (i = len && (*text == '-' || *text == '+'); i < len; i++) {
		if (text[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			return false;
		/* Beyond 15 digits a double would not tell them apart. */
		if (mantissa > 99999999999999ULL) {
			if (!point)
				return false;
			continue;
		}
		mantissa = mantissa * 10 + (uint64_t)(text[i] - '0');
		if (point)
			divisor *= 10;
		digits = true;
	}
	*number = (double)mantissa / divisor * (minus ? -1 : 1);
	return digits;
}

/* The part of that number between separators, from 0; blanks around it are dropped */
static bool find_part(const char *text, size_t len, const char *separators, json_int_t number,
		      const char **part, size_t *part_len)
{
	size_t at = 0, end;

	for (;; at = end + 1) {
		for (end = at; end < len && !strchr(separators, text[end]); end++)
			;
		if (!number--)
			break;
		if (end >= len)
			return false;
	}
	while (at < end && text[at] == ' ')
		at++;
	while (end > at && text[end - 1] == ' ')
		end--;
	*part = text + at;
	*part_len = end - at;
	return true;
}

/* Columns between blanks: several of them are one separator. */
static bool find_word(const char *text, size_t len, json_int_t number, const char **word,
		      size_t *word_len)
{
	size_t at = 0, end = 0;

	for (; number > 0; number--) {
		for (at = end; at < len && (text[at] == ' ' || text[at] == '\t'); at++)
			;
		for (end = at; end < len && text[end] != ' ' && text[end] != '\t'; end++)
			;
		if (at == end)
			return false;
	}
	*word = text + at;
	*word_len = end - at;
	return true;
}

static bool read_column(const json_t *value, const char *text, size_t len, double *number)
{
	json_int_t column = number_of(value, "column");
	const char *part = NULL;
	size_t part_len = 0;
	bool found;

	if (column < 1 || memchr(text, '\0', len))
		return false;
	if (memchr(text, ';', len))
		found = find_part(text, len, ";", column - 1, &part, &part_len);
	else if (memchr(text, ',', len))
		found = find_part(text, len, ",", column - 1, &part, &part_len);
	else
		found = find_word(text, len, column, &part, &part_len);
	return found && parse_decimal(part, part_len, number);
}

/* "$GPGGA,...*47": of which talker, is no matter */
static bool read_field(const json_t *value, const char *text, size_t len, double *number)
{
	const char *sentence = text_of(value, "sentence", ""), *part = NULL;
	json_int_t field = number_of(value, "field");
	const char *star = memchr(text, '*', len);
	size_t part_len = 0;

	if (memchr(text, '\0', len) || field < 1)
		return false;
	if (star)
		len = (size_t)(star - text);
	if (!find_part(text, len, ",", 0, &part, &part_len) || part_len < strlen(sentence) + 1 ||
	    memcmp(part + part_len - strlen(sentence), sentence, strlen(sentence)))
		return false;
	return find_part(text, len, ",", field, &part, &part_len) &&
	       parse_decimal(part, part_len, number);
}

static double real_of(uint32_t bits)
{
	float real;

	memcpy(&real, &bits, sizeof(real));
	return (double)real;
}

/* The data of the answer: registers, high byte first, or bits, low one first */
static bool read_register(const json_t *value, const uint8_t *data, size_t len, double *number)
{
	size_t at = 2 * (size_t)number_of(value, "index");
	bool low_first = !strcmp(text_of(value, "order", "big"), "little-word");
	int type = type_of(value);
	size_t size = type == TYPE_U16 || type == TYPE_S16 ? 2 : 4;
	uint32_t first, second;

	if (at + size > len)
		return false;
	first = (uint32_t)data[at] << 8 | data[at + 1];
	if (size == 2) {
		*number = type == TYPE_S16 ? (double)(int16_t)first : (double)first;
		return true;
	}
	second = (uint32_t)data[at + 2] << 8 | data[at + 3];
	first = low_first ? second << 16 | first : first << 16 | second;
	*number = type == TYPE_FLOAT ? real_of(first) :
		  type == TYPE_S32   ? (double)(int32_t)first :
				       (double)first;
	/* Neither infinite nor no number at all: JSON has neither. */
	return *number - *number == 0;
}

static bool read_bit(const json_t *value, const uint8_t *data, size_t len, double *number)
{
	size_t index = (size_t)number_of(value, "index");

	if (index / 8 >= len)
		return false;
	*number = data[index / 8] >> index % 8 & 1;
	return true;
}

/* Slave, function, count of bytes, the bytes, CRC */
static bool read_modbus(const json_t *value, unsigned int poll, const uint8_t *frame, size_t len,
			double *number)
{
	bool bits;

	if (number_of(value, "poll") != poll || len < 5 || len != (size_t)frame[2] + 5)
		return false;
	bits = frame[1] == 1 || frame[1] == 2;
	if (bits != (type_of(value) == TYPE_BIT))
		return false;
	return bits ? read_bit(value, frame + 3, frame[2], number) :
		      read_register(value, frame + 3, frame[2], number);
}

static bool read_frame(const json_t *value, const struct tb_record *rec, double *number)
{
	const uint8_t *bytes = rec->payload + sizeof(struct tongbu_frame);
	struct tongbu_frame frame;
	size_t len;

	if (tb_record_payload(rec, &frame, sizeof(frame)) || frame.status != TONGBU_FRAME_GOOD)
		return false;
	len = rec->length - sizeof(frame);
	switch (frame.framing) {
	case TONGBU_FRAMING_MODBUS:
		return read_modbus(value, frame.poll, bytes, len, number);
	case TONGBU_FRAMING_NMEA:
		return read_field(value, (const char *)bytes, len, number);
	case TONGBU_FRAMING_LINE:
		return read_column(value, (const char *)bytes, len, number);
	default:
		return false;
	}
}

static bool read_count(const struct tb_record *rec, double *number)
{
	struct tongbu_count count;

	if (tb_record_payload(rec, &count, sizeof(count)))
		return false;
	*number = le32toh(count.count);
	return true;
}

static double real_or(const json_t *value, const char *key, double otherwise)
{
	const json_t *real = json_object_get(value, key);

	return json_is_number(real) ? json_number_value(real) : otherwise;
}

/* So that 3 times 0.1 is 0.3; larger ones have no nine decimals anyway */
static double rounded(double number)
{
	double scaled = number * 1e9;

	if (scaled > 9e15 || scaled < -9e15)
		return number;
	return (double)(int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5)) / 1e9;
}

/**
 * tb_measure_read() - the values in a record
 * @values: the description
 * @rec: a FRAME or COUNT record
 *
 * What a frame does not hold is left out: each poll has values of its own.
 *
 * Return: an object of names and numbers, the caller's; NULL if there is none.
 */
json_t *tb_measure_read(const json_t *values, const struct tb_record *rec)
{
	json_t *found = json_object(), *value;
	double number;
	bool there;
	size_t i;

	json_array_foreach((json_t *)values, i, value) {
		number = 0;
		there = rec->kind == TONGBU_KIND_FRAME ? read_frame(value, rec, &number) :
			rec->kind == TONGBU_KIND_COUNT ? read_count(rec, &number) :
							 false;
		if (!there)
			continue;
		number =
			rounded(number * real_or(value, "factor", 1) + real_or(value, "offset", 0));
		/* jansson refuses what is no number: then it is left out, too. */
		json_object_set_new(found, text_of(value, "name", ""), json_real(number));
	}
	if (json_object_size(found))
		return found;
	json_decref(found);
	return NULL;
}

/**
 * tb_measure_units() - the units of the values
 * @values: the description
 *
 * Return: an object of names and units, the caller's; those without are left out.
 */
json_t *tb_measure_units(const json_t *values)
{
	json_t *units = json_object(), *value;
	size_t i;

	json_array_foreach((json_t *)values, i, value)
		if (json_object_get(value, "unit"))
			json_object_set(units, text_of(value, "name", ""),
					json_object_get(value, "unit"));
	return units;
}
