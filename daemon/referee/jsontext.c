// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data as text, as json_dumps() writes it with JSON_COMPACT, JSON_SORT_KEYS and
 * JSON_ENCODE_ANY: it is done at each record, and that one asks for memory at each member.
 */
#include "jsontext.h"

#include "json.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Members sorted without asking for memory */
#define MEMBERS 32
#define DEPTH	64

/**
 * struct text - what has been written
 * @bytes: it
 * @len: bytes of it
 * @room: bytes there
 */
struct text {
	char *bytes;
	size_t len;
	size_t room;
};

/**
 * struct member - of an object
 * @name: its name
 * @value: its value
 */
struct member {
	const char *name;
	const json_t *value;
};

static void add(struct text *t, const char *bytes, size_t len)
{
	if (!t->bytes || t->len + len > t->room) {
		t->room = (t->len + len) * 2;
		t->bytes = realloc(t->bytes, t->room);
		if (!t->bytes)
			abort();
	}
	memcpy(t->bytes + t->len, bytes, len);
	t->len += len;
}

static void add_escape(struct text *t, unsigned char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	char escape[8];
	const char *at;

	for (at = letters; *at && (unsigned char)*at != c; at += 2)
		;
	if (*at)
		snprintf(escape, sizeof(escape), "\\%c", at[1]);
	else
		snprintf(escape, sizeof(escape), "\\u%04X", c);
	add(t, escape, strlen(escape));
}

#define EACH(byte) (0x0101010101010101ULL * (byte))

/* Has none of eight bytes to be escaped? Of a word, the top bits of bytes below n: (w - n) & ~w */
static bool are_plain(const char *bytes)
{
	uint64_t w, quote, slash;

	memcpy(&w, bytes, sizeof(w));
	quote = w ^ EACH('"');
	slash = w ^ EACH('\\');
	return !((((w - EACH(' ')) & ~w) | ((quote - EACH(1)) & ~quote) |
		  ((slash - EACH(1)) & ~slash)) &
		 EACH(0x80));
}

/* All that jansson holds is UTF-8 already. */
static void add_string(struct text *t, const char *string, size_t len)
{
	size_t from = 0, i;

	add(t, "\"", 1);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)string[i];

		if (i + 8 <= len && are_plain(string + i)) {
			i += 7;
			continue;
		}
		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		add(t, string + from, i - from);
		add_escape(t, c);
		from = i + 1;
	}
	add(t, string + from, len - from);
	add(t, "\"", 1);
}

static int by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Few, and often in order already */
static void sort(struct member *members, size_t count)
{
	struct member one;
	size_t i, j;

	if (count > MEMBERS) {
		qsort(members, count, sizeof(*members), by_name);
		return;
	}
	for (i = 1; i < count; i++) {
		one = members[i];
		for (j = i; j > 0 && strcmp(members[j - 1].name, one.name) > 0; j--)
			members[j] = members[j - 1];
		members[j] = one;
	}
}

static bool add_value(struct text *t, const json_t *json, int depth);

static bool add_object(struct text *t, const json_t *json, int depth)
{
	struct member few[MEMBERS], *members = few;
	size_t count = 0, room = json_object_size(json), i;
	const char *name;
	json_t *value;
	bool good = true;

	if (room > MEMBERS)
		members = malloc(room * sizeof(*members));
	if (!members)
		abort();
	json_object_foreach((json_t *)json, name, value)
		members[count++] = (struct member){ name, value };
	sort(members, count);
	add(t, "{", 1);
	for (i = 0; good && i < count; i++) {
		if (i)
			add(t, ",", 1);
		add_string(t, members[i].name, strlen(members[i].name));
		add(t, ":", 1);
		good = add_value(t, members[i].value, depth);
	}
	add(t, "}", 1);
	if (members != few)
		free(members);
	return good;
}

static bool add_array(struct text *t, const json_t *json, int depth)
{
	const json_t *value;
	bool good = true;
	size_t i;

	add(t, "[", 1);
	json_array_foreach((json_t *)json, i, value) {
		if (i)
			add(t, ",", 1);
		good = add_value(t, value, depth);
		if (!good)
			break;
	}
	add(t, "]", 1);
	return good;
}

static void add_word(struct text *t, const char *word)
{
	add(t, word, strlen(word));
}

static void add_integer(struct text *t, json_int_t number)
{
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (number < 0)
		digits[--at] = '-';
	add(t, digits + at, sizeof(digits) - at);
}

static bool add_real(struct text *t, const json_t *json)
{
	char *text = tb_json_dumps(json, JSON_ENCODE_ANY);

	if (!text)
		return false;
	add_word(t, text);
	free(text);
	return true;
}

static bool add_value(struct text *t, const json_t *json, int depth)
{
	if (depth > DEPTH)
		return false;
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return add_object(t, json, depth + 1);
	case JSON_ARRAY:
		return add_array(t, json, depth + 1);
	case JSON_STRING:
		add_string(t, json_string_value(json), json_string_length(json));
		return true;
	case JSON_INTEGER:
		add_integer(t, json_integer_value(json));
		return true;
	case JSON_REAL:
		return add_real(t, json);
	case JSON_TRUE:
		add_word(t, "true");
		return true;
	case JSON_FALSE:
		add_word(t, "false");
		return true;
	case JSON_NULL:
		add_word(t, "null");
		return true;
	}
	return false;
}

/**
 * tb_json_text() - data as text
 * @json: the data, or NULL
 *
 * Return: the text, the caller's to free; NULL if there is none, or it is nested too deep.
 */
char *tb_json_text(const json_t *json)
{
	struct text t = { 0 };

	if (!json)
		return NULL;
	if (add_value(&t, json, 0)) {
		add(&t, "", 1);
		return t.bytes;
	}
	free(t.bytes);
	return NULL;
}

/**
 * tb_json_pair() - a text in both languages, as tb_json_text() would write it
 * @en: English, UTF-8
 * @en_len: bytes of it
 * @zh: Chinese
 * @zh_len: bytes of it
 *
 * Return: {"en":...,"zh":...}, the caller's to free.
 */
char *tb_json_pair(const char *en, size_t en_len, const char *zh, size_t zh_len)
{
	struct text t = { .room = en_len + zh_len + 32 };

	t.bytes = malloc(t.room);
	if (!t.bytes)
		abort();
	add_word(&t, "{\"en\":");
	add_string(&t, en, en_len);
	add_word(&t, ",\"zh\":");
	add_string(&t, zh, zh_len);
	add(&t, "}", 2);
	return t.bytes;
}
