// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing here asks the C library for numbers: what is read must be the same on
 * every machine and in every locale.
 */
#include <endian.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "measure_priv.h"

/* As many as the act that says so takes */
#define VALUES_MAX 32

/* What a value of a Modbus answer can be, and how many registers it takes */
enum type {
	TYPE_U16,
	TYPE_S16,
	TYPE_U32,
	TYPE_S32,
	TYPE_FLOAT,
	TYPE_U64,
	TYPE_S64,
	TYPE_DOUBLE,
	TYPE_BIT,
};

static const struct {
	const char *word;
	size_t registers;
} types[] = {
	[TYPE_U16] = { "u16", 1 },     [TYPE_S16] = { "s16", 1 },	[TYPE_U32] = { "u32", 2 },
	[TYPE_S32] = { "s32", 2 },     [TYPE_U64] = { "u64", 4 },	[TYPE_S64] = { "s64", 4 },
	[TYPE_FLOAT] = { "float", 2 }, [TYPE_DOUBLE] = { "double", 4 }, [TYPE_BIT] = { "bit", 0 },
};

/* In which order slaves send the bytes A to D of a value: the bytes of a register may be
 * the wrong way round, and the registers too. The first two words are the older ones.
 */
static const struct order {
	const char *word;
	bool bytes;
	bool registers;
} orders[] = {
	{ "big", false, false }, { "little-word", false, true }, { "ABCD", false, false },
	{ "BADC", true, false }, { "CDAB", false, true },	 { "DCBA", true, true },
};

/**
 * tb_measure_word() - a setting of a value that is a word
 * @value: its description
 * @key: which
 * @otherwise: what holds if nothing is said
 *
 * Return: the word, @value's own.
 */
const char *tb_measure_word(const json_t *value, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(value, key));

	return text ? text : otherwise;
}

/**
 * tb_measure_why() - say why a value cannot be read
 * @why: told it
 * @fmt: as for printf()
 *
 * Return: %TB_MEASURED_NOT.
 */
enum tb_measured tb_measure_why(struct tb_why *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return TB_MEASURED_NOT;
}

static json_int_t number_of(const json_t *value, const char *key)
{
	return json_integer_value(json_object_get(value, key));
}

/* -1 for a word that is none */
static int type_of(const json_t *value)
{
	const char *word = tb_measure_word(value, "type", "u16");
	int i;

	for (i = 0; i < (int)(sizeof(types) / sizeof(types[0])); i++)
		if (!strcmp(types[i].word, word))
			return i;
	return -1;
}

/* NULL for a word that is none */
static const struct order *order_of(const json_t *value)
{
	const char *word = tb_measure_word(value, "order", "ABCD");
	size_t i;

	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (!strcmp(orders[i].word, word))
			return &orders[i];
	return NULL;
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

/* What a setting of a value is */
enum kind {
	KIND_NUMBER, /* 0 to 65535 */
	KIND_MS, /* 0 to 2^32 - 1 */
	KIND_REAL,
	KIND_WORD, /* at most 15 bytes */
	KIND_TEXT, /* 1 to 15 bytes */
};

struct key {
	const char *name;
	enum kind kind;
	bool needed;
};

static const struct key common_keys[] = {
	{ "name", KIND_WORD, true },	 { "unit", KIND_TEXT, false },
	{ "factor", KIND_REAL, false },	 { "offset", KIND_REAL, false },
	{ "min", KIND_REAL, false },	 { "max", KIND_REAL, false },
	{ "silent_ms", KIND_MS, false }, { NULL, KIND_WORD, false },
};
static const struct key modbus_keys[] = {
	{ "poll", KIND_NUMBER, false }, { "index", KIND_NUMBER, true },
	{ "type", KIND_WORD, false },	{ "order", KIND_WORD, false },
	{ NULL, KIND_WORD, false },
};
static const struct key nmea_keys[] = {
	{ "sentence", KIND_WORD, true },
	{ "field", KIND_NUMBER, true },
	{ NULL, KIND_WORD, false },
};
static const struct key line_keys[] = {
	{ "column", KIND_NUMBER, false }, { "separator", KIND_WORD, false },
	{ "decimal", KIND_WORD, false },  { "prefix", KIND_TEXT, false },
	{ "suffix", KIND_TEXT, false },	  { "sentence", KIND_WORD, false },
	{ "field", KIND_NUMBER, false },  { NULL, KIND_WORD, false },
};
static const struct key no_keys[] = { { NULL, KIND_WORD, false } };

static const struct key *keys_of(unsigned int framing)
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

static const struct key *find_key(const struct key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, name))
			return keys;
	return NULL;
}

static const char *what_else(enum kind kind, const json_t *setting)
{
	json_int_t number = json_integer_value(setting);
	size_t len = json_string_length(setting);

	switch (kind) {
	case KIND_NUMBER:
		return json_is_integer(setting) && number >= 0 && number <= UINT16_MAX ?
			       NULL :
			       "number from 0 to 65535";
	case KIND_MS:
		return json_is_integer(setting) && number >= 0 && number <= UINT32_MAX ?
			       NULL :
			       "number from 0 to 4294967295";
	case KIND_REAL:
		return json_is_number(setting) ? NULL : "number";
	case KIND_TEXT:
		return json_is_string(setting) && len && len <= 15 ? NULL :
								     "string of 1 to 15 bytes";
	default:
		return json_is_string(setting) && len <= 15 ? NULL : "string";
	}
}

static bool check_key(const struct key *keys, const char *name, const char *word,
		      const json_t *setting, char *why, size_t size)
{
	const struct key *key = find_key(common_keys, word) ?: find_key(keys, word);
	const char *wanted;

	if (!key)
		return wrong(why, size, "value %s cannot have %s here", name, word);
	/* Checked already, and may be longer */
	if (!strcmp(word, "name"))
		return true;
	wanted = what_else(key->kind, setting);
	return !wanted || wrong(why, size, "%s of value %s must be a %s", word, name, wanted);
}

static bool check_name(const char *name, char *why, size_t size)
{
	const char *c;

	if (!*name || strlen(name) >= TONGBU_NAME_LEN)
		return wrong(why, size, "a value needs a name of 1 to %d bytes",
			     TONGBU_NAME_LEN - 1);
	for (c = name; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') && *c != '_')
			return wrong(why, size,
				     "value %.40s: a name has small letters, digits and _", name);
	return true;
}

static bool check_marks(const json_t *value, const char *name, char *why, size_t size)
{
	const char *separator = tb_measure_word(value, "separator", ";");
	const char *decimal = tb_measure_word(value, "decimal", ".");

	if (strcmp(decimal, ".") && strcmp(decimal, ","))
		return wrong(why, size, "decimal of value %s must be . or ,", name);
	if (strcmp(separator, TB_MEASURE_SIGN) &&
	    (strlen(separator) != 1 || !strchr(",;:|/ \t", *separator)))
		return wrong(why, size,
			     "separator of value %s must be one of , ; : | / blank, tab or the word sign",
			     name);
	if (!strcmp(separator, decimal))
		return wrong(why, size,
			     "value %s cannot have %s both as separator and decimal mark", name,
			     decimal);
	if (!json_object_get(value, "sentence") != !json_object_get(value, "field"))
		return wrong(why, size, "value %s needs both sentence and field, or neither", name);
	if (json_object_get(value, "column") && !number_of(value, "column"))
		return wrong(why, size, "column of value %s must be 1 or more: they count from 1",
			     name);
	return true;
}

static bool check_words(const json_t *value, const char *name, char *why, size_t size)
{
	if (type_of(value) < 0)
		return wrong(why, size,
			     "type of value %s must be one of u16, s16, u32, s32, float, u64, s64, double, bit",
			     name);
	if (!order_of(value))
		return wrong(why, size, "order of value %s must be one of ABCD, BADC, CDAB, DCBA",
			     name);
	return check_marks(value, name, why, size);
}

static bool check_value(const struct key *keys, json_t *value, char *why, size_t size)
{
	const char *name = tb_measure_word(value, "name", ""), *word;
	const struct key *key;
	json_t *setting;

	if (!check_name(name, why, size))
		return false;
	json_object_foreach(value, word, setting)
		if (!check_key(keys, name, word, setting, why, size))
			return false;
	for (key = keys; key->name; key++)
		if (key->needed && !json_object_get(value, key->name))
			return wrong(why, size, "value %s needs %s", name, key->name);
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
	const struct key *keys = keys_of(framing);
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
			if (!strcmp(tb_measure_word(other, "name", ""),
				    tb_measure_word(value, "name", "")))
				return wrong(why, size, "there are two values named %s",
					     tb_measure_word(value, "name", ""));
		}
	}
	return true;
}

static double float_of(uint32_t bits)
{
	float real;

	memcpy(&real, &bits, sizeof(real));
	return (double)real;
}

static double double_of(uint64_t bits)
{
	double real;

	memcpy(&real, &bits, sizeof(real));
	return real;
}

static double number_of_type(int type, uint64_t bits)
{
	switch (type) {
	case TYPE_S16:
		return (double)(int16_t)bits;
	case TYPE_S32:
		return (double)(int32_t)bits;
	case TYPE_S64:
		return (double)(int64_t)bits;
	case TYPE_FLOAT:
		return float_of((uint32_t)bits);
	case TYPE_DOUBLE:
		return double_of(bits);
	default:
		return (double)bits;
	}
}

/* The data of the answer: registers, high byte first, or bits, low one first */
static enum tb_measured read_register(const json_t *value, const uint8_t *data, size_t len,
				      double *number, struct tb_why *why)
{
	size_t at = 2 * (size_t)number_of(value, "index"), count, i, j;
	const struct order *order = order_of(value);
	int type = type_of(value);
	uint64_t bits = 0;

	count = types[type].registers;
	if (at + 2 * count > len)
		return tb_measure_why(why,
				      "the answer has %zu registers, and it ends in number %zu",
				      len / 2, at / 2 + count);
	for (i = 0; i < count; i++) {
		j = at + 2 * (order->registers ? count - 1 - i : i);
		bits = bits << 16 | (uint64_t)data[j + order->bytes] << 8 | data[j + !order->bytes];
	}
	*number = number_of_type(type, bits);
	/* JSON has neither. */
	if (*number != *number)
		return tb_measure_why(why, "the slave says it is no number (NaN)");
	if (*number - *number != 0)
		return tb_measure_why(why, "the slave says it is infinite");
	return TB_MEASURED;
}

static enum tb_measured read_bit(const json_t *value, const uint8_t *data, size_t len,
				 double *number, struct tb_why *why)
{
	size_t index = (size_t)number_of(value, "index");

	if (index / 8 >= len)
		return tb_measure_why(why, "the answer has %zu bits, and it is number %zu", 8 * len,
				      index + 1);
	*number = data[index / 8] >> index % 8 & 1;
	return TB_MEASURED;
}

/* A referee of another version may describe what this program cannot read. */
static bool is_known(const json_t *value)
{
	json_int_t index = number_of(value, "index");

	return type_of(value) >= 0 && order_of(value) && index >= 0 && index <= UINT16_MAX;
}

/* Slave, function, count of bytes, the bytes, CRC */
static enum tb_measured read_modbus(const json_t *value, const uint8_t *frame, size_t len,
				    double *number, struct tb_why *why)
{
	bool bits;

	if (!is_known(value))
		return tb_measure_why(why, "its description is not one that is known here");
	if (len < 5 || len != (size_t)frame[2] + 5)
		return tb_measure_why(why, "the answer is not as long as it says");
	bits = frame[1] == 1 || frame[1] == 2;
	if (bits != (type_of(value) == TYPE_BIT))
		return tb_measure_why(why, "the poll asks for %s: its type must be %s",
				      bits ? "bits" : "registers", bits ? "bit" : "another");
	return bits ? read_bit(value, frame + 3, frame[2], number, why) :
		      read_register(value, frame + 3, frame[2], number, why);
}

/* Nothing can be read in a frame that is not good. */
static enum tb_measured why_bad(const struct tongbu_frame *frame, const uint8_t *bytes, size_t len,
				struct tb_why *why)
{
	const char *exception = len > 2 ? tb_exception_name(bytes[2]) : NULL;

	switch (frame->status) {
	case TONGBU_FRAME_BAD_CHECK:
		return tb_measure_why(why, "the checksum is wrong, or there is none");
	case TONGBU_FRAME_TIMEOUT:
		return tb_measure_why(why, "the slave does not answer");
	case TONGBU_FRAME_EXCEPTION:
		return tb_measure_why(why, "the slave answers with exception %u, %s",
				      len > 2 ? bytes[2] : 0, exception ?: "unknown");
	default:
		return tb_measure_why(why,
				      "the frame is damaged or not of the form it should have");
	}
}

static enum tb_measured read_frame(const json_t *value, const struct tb_record *rec, double *number,
				   struct tb_why *why)
{
	const uint8_t *bytes = rec->payload + sizeof(struct tongbu_frame);
	const char *text = (const char *)bytes;
	struct tongbu_frame frame;
	size_t len;

	if (tb_record_payload(rec, &frame, sizeof(frame)))
		return TB_MEASURED_NOT_HERE;
	len = rec->length - sizeof(frame);
	if (frame.framing == TONGBU_FRAMING_MODBUS && number_of(value, "poll") != frame.poll)
		return TB_MEASURED_NOT_HERE;
	if (frame.status != TONGBU_FRAME_GOOD)
		return why_bad(&frame, bytes, len, why);
	switch (frame.framing) {
	case TONGBU_FRAMING_MODBUS:
		return read_modbus(value, bytes, len, number, why);
	case TONGBU_FRAMING_NMEA:
		return tb_measure_field(value, text, len, number, why);
	case TONGBU_FRAMING_LINE:
		return json_object_get(value, "sentence") ?
			       tb_measure_field(value, text, len, number, why) :
			       tb_measure_column(value, text, len, number, why);
	default:
		return TB_MEASURED_NOT_HERE;
	}
}

static enum tb_measured read_count(const struct tb_record *rec, double *number)
{
	struct tongbu_count count;

	if (tb_record_payload(rec, &count, sizeof(count)))
		return TB_MEASURED_NOT_HERE;
	*number = le32toh(count.count);
	return TB_MEASURED;
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

/* The number as it is meant, if it can be */
static enum tb_measured scale(const json_t *value, double *number, struct tb_why *why)
{
	*number = rounded(*number * real_or(value, "factor", 1) + real_or(value, "offset", 0));
	if (*number - *number != 0)
		return tb_measure_why(why, "it is too large");
	if (json_object_get(value, "min") && *number < real_or(value, "min", 0))
		return tb_measure_why(why, "%.9g is less than min, %.9g", *number,
				      real_or(value, "min", 0));
	if (json_object_get(value, "max") && *number > real_or(value, "max", 0))
		return tb_measure_why(why, "%.9g is more than max, %.9g", *number,
				      real_or(value, "max", 0));
	return TB_MEASURED;
}

static enum tb_measured read_value(const json_t *value, const struct tb_record *rec, double *number,
				   struct tb_why *why)
{
	enum tb_measured read = TB_MEASURED_NOT_HERE;

	if (rec->kind == TONGBU_KIND_FRAME)
		read = read_frame(value, rec, number, why);
	else if (rec->kind == TONGBU_KIND_COUNT)
		read = read_count(rec, number);
	return read == TB_MEASURED ? scale(value, number, why) : read;
}

/**
 * tb_measure_read() - the values in a record
 * @values: the description
 * @rec: a FRAME or COUNT record
 * @unread: NULL, or set to an object, the caller's: the names of values that should
 *	be in the record and cannot be read, and why
 *
 * What a frame does not hold is left out: each poll has values of its own.
 *
 * Return: an object of names and numbers, the caller's; NULL if there is none.
 */
json_t *tb_measure_read(const json_t *values, const struct tb_record *rec, json_t **unread)
{
	json_t *found = json_object(), *value;
	enum tb_measured read;
	struct tb_why why;
	double number;
	size_t i;

	if (unread)
		*unread = json_object();
	json_array_foreach((json_t *)values, i, value) {
		const char *name = tb_measure_word(value, "name", "");

		number = 0;
		read = read_value(value, rec, &number, &why);
		if (read == TB_MEASURED)
			json_object_set_new(found, name, json_real(number));
		else if (read == TB_MEASURED_NOT && unread)
			json_object_set_new(*unread, name, json_string(why.text));
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
			json_object_set(units, tb_measure_word(value, "name", ""),
					json_object_get(value, "unit"));
	return units;
}
