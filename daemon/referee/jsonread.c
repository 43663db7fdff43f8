// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text as data, as json_loadb() reads it, which looks at each byte several times. What is plain is
 * read here: all but odd escapes, what is nested deep, and what is wrong. That is left to
 * json_loadb(), so that there is one opinion of what is JSON.
 */
#include "jsonread.h"

#include <stdbool.h>
#include <string.h>

#define DEPTH	 32
#define KEY_MAX	 64
#define TEXT_MAX 1024

/**
 * struct reading - a text being read
 * @at: the next byte
 * @end: behind the last
 */
struct reading {
	const char *at;
	const char *end;
};

static char next(struct reading *r)
{
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
		r->at++;
	return r->at < r->end ? *r->at : '\0';
}

/* The letter that an escape stands for; 0 for those that are not read here */
static char escaped(char c)
{
	static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
	const char *at;

	for (at = letters; *at; at += 2)
		if (*at == c)
			return at[1];
	return '\0';
}

/*
 * The bytes between quotation marks: where they stand, or, with escapes, in @copy.
 * @plain: set to whether they are ASCII. NULL if they are not read here.
 */
static const char *read_bytes(struct reading *r, char *copy, size_t room, size_t *len, bool *plain)
{
	const char *from = ++r->at, *at = from;
	unsigned char all = 0;
	size_t used = 0;

	while (at < r->end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ')
		all |= (unsigned char)*at++;
	*plain = all < 0x80;
	*len = (size_t)(at - from);
	r->at = at + 1;
	if (at < r->end && *at == '"')
		return from;
	if (at == r->end || *at != '\\' || *len > room)
		return NULL;
	memcpy(copy, from, *len);
	for (used = *len; at < r->end && *at != '"' && used < room; at++) {
		char c = *at;

		if (c == '\\')
			c = ++at < r->end ? escaped(*at) : '\0';
		else if ((unsigned char)c < ' ')
			c = '\0';
		if (!c)
			return NULL;
		all |= (unsigned char)c;
		copy[used++] = c;
	}
	*plain = all < 0x80;
	*len = used;
	r->at = at + 1;
	return at < r->end && *at == '"' ? copy : NULL;
}

static json_t *read_value(struct reading *r, int depth);

static json_t *read_string(struct reading *r)
{
	char copy[TEXT_MAX];
	const char *bytes;
	bool plain;
	size_t len;

	bytes = read_bytes(r, copy, sizeof(copy), &len, &plain);
	if (!bytes)
		return NULL;
	return plain ? json_stringn_nocheck(bytes, len) : json_stringn(bytes, len);
}

/* A number, by json_loadb() if it is no short whole one */
static json_t *read_number(struct reading *r)
{
	const char *from = r->at;
	bool less = *from == '-', whole = true;
	json_int_t number = 0;
	size_t len;

	r->at += less;
	for (len = 0; r->at < r->end && *r->at >= '0' && *r->at <= '9'; len++, r->at++)
		if (len < 17)
			number = number * 10 + (*r->at - '0');
	while (r->at < r->end && *r->at && strchr("+-.eE0123456789", *r->at)) {
		whole = false;
		r->at++;
	}
	if (whole && len && len < 17 && (len == 1 || from[less] != '0'))
		return json_integer(less ? -number : number);
	return json_loadb(from, (size_t)(r->at - from), JSON_DECODE_ANY, NULL);
}

static json_t *read_word(struct reading *r, const char *word, json_t *value)
{
	size_t len = strlen(word);

	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
		return NULL;
	r->at += len;
	return value;
}

/* One member; the name is at hand, and json_object_set_new() wants it as a string. */
static bool read_member(struct reading *r, json_t *object, int depth)
{
	char name[KEY_MAX], copy[1];
	const char *bytes;
	json_t *value;
	bool plain;
	size_t len;

	if (next(r) != '"')
		return false;
	bytes = read_bytes(r, copy, 0, &len, &plain);
	if (!bytes || len >= sizeof(name) || next(r) != ':')
		return false;
	memcpy(name, bytes, len);
	name[len] = '\0';
	r->at++;
	value = read_value(r, depth);
	if (!value)
		return false;
	return !(plain ? json_object_set_new_nocheck(object, name, value) :
			 json_object_set_new(object, name, value));
}

static bool read_object(struct reading *r, json_t *object, int depth)
{
	size_t count = 0;
	char c;

	r->at++;
	if (next(r) == '}') {
		r->at++;
		return true;
	}
	do {
		/* Of two with one name there is one. */
		if (!read_member(r, object, depth) || json_object_size(object) != ++count)
			return false;
		c = next(r);
		r->at++;
	} while (c == ',');
	return c == '}';
}

static bool read_array(struct reading *r, json_t *array, int depth)
{
	json_t *value;
	char c;

	r->at++;
	if (next(r) == ']') {
		r->at++;
		return true;
	}
	do {
		value = read_value(r, depth);
		if (!value || json_array_append_new(array, value))
			return false;
		c = next(r);
		r->at++;
	} while (c == ',');
	return c == ']';
}

static json_t *read_value(struct reading *r, int depth)
{
	char c = next(r);
	json_t *json;
	bool good;

	if (depth > DEPTH)
		return NULL;
	if (c == '"')
		return read_string(r);
	if (c == 't')
		return read_word(r, "true", json_true());
	if (c == 'f')
		return read_word(r, "false", json_false());
	if (c == 'n')
		return read_word(r, "null", json_null());
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(r);
	if (c != '{' && c != '[')
		return NULL;
	json = c == '{' ? json_object() : json_array();
	good = c == '{' ? read_object(r, json, depth + 1) : read_array(r, json, depth + 1);
	if (good)
		return json;
	json_decref(json);
	return NULL;
}

/**
 * tb_json_read() - read JSON
 * @text: the text
 * @len: bytes of it
 * @flags: of json_loadb(): JSON_REJECT_DUPLICATES, JSON_DECODE_ANY
 * @why: told what is wrong with it, or NULL
 *
 * Return: the data, the caller's; NULL if it is none.
 */
json_t *tb_json_read(const char *text, size_t len, size_t flags, json_error_t *why)
{
	struct reading r = { text, text + len };
	char first = next(&r);
	json_t *json = NULL;

	if (flags & JSON_DECODE_ANY || first == '{' || first == '[')
		json = read_value(&r, 0);
	if (json && !next(&r) && r.at == r.end)
		return json;
	json_decref(json);
	return json_loadb(text, len, flags, why);
}
