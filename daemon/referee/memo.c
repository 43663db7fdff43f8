// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data stands in the state as text, and is read again at nearly each record: of a
 * text that was read lately the data are still there. Nothing but time depends on it.
 */
#include "memo.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jsonread.h"

#define PLACES	 512
#define TEXT_MAX (16 * 1024)

/**
 * struct one - what one text says
 * @text: the text
 * @json: its data
 */
struct one {
	char *text;
	json_t *json;
};

/**
 * struct tb_memo - texts read lately, each at the place its bytes lead to
 * @places: they
 */
struct tb_memo {
	struct one places[PLACES];
};

/**
 * tb_memo_new() - an empty one
 *
 * Return: it; tb_memo_free() frees it. NULL without memory.
 */
struct tb_memo *tb_memo_new(void)
{
	return calloc(1, sizeof(struct tb_memo));
}

static void clear(struct one *one)
{
	free(one->text);
	json_decref(one->json);
	*one = (struct one){ 0 };
}

/**
 * tb_memo_free() - be done with it
 * @memo: it, or NULL
 */
void tb_memo_free(struct tb_memo *memo)
{
	size_t i;

	for (i = 0; memo && i < PLACES; i++)
		clear(&memo->places[i]);
	free(memo);
}

/* FNV-1a; the length comes out of the same walk. */
static struct one *place_of(struct tb_memo *memo, const char *text, size_t *len)
{
	uint32_t hash = 2166136261u;
	const char *c;

	for (c = text; *c; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	*len = (size_t)(c - text);
	return &memo->places[(hash ^ hash >> 16) % PLACES];
}

/**
 * tb_memo_put() - these data were just written as this text
 * @memo: where
 * @text: the text
 * @json: the data, which nobody changes any more; a reference is kept
 */
void tb_memo_put(struct tb_memo *memo, const char *text, json_t *json)
{
	size_t len;
	struct one *one = place_of(memo, text, &len);

	/* A zero byte would not be read again. */
	if (len > TEXT_MAX || strstr(text, "\\u0000"))
		return;
	clear(one);
	one->text = strdup(text);
	if (one->text)
		one->json = json_incref(json);
}

/**
 * tb_memo_read() - the data of a text
 * @memo: where
 * @text: the text
 *
 * Return: the data, the caller's reference, not to be changed; NULL if it is no JSON.
 */
json_t *tb_memo_read(struct tb_memo *memo, const char *text)
{
	size_t len;
	const struct one *one = place_of(memo, text, &len);
	json_t *json;

	if (one->text && !strcmp(one->text, text))
		return json_incref(one->json);
	json = tb_json_read(text, len, JSON_DECODE_ANY, NULL);
	if (json)
		tb_memo_put(memo, text, json);
	return json;
}
