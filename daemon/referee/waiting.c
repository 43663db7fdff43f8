// SPDX-License-Identifier: GPL-2.0-only
#include "waiting.h"

#include <stdlib.h>
#include <string.h>

/**
 * struct change - one of them; its values are behind it
 * @stmt: its statement; NULL if it became part of another
 * @types: letters for its values
 * @into: of a row that may be still to be added: for each value a letter, which of the values of
 *	its adding it is, from "a"; or "-" for none. NULL if it adds the row
 * @row: the row's key, or 0
 * @next: the row before it in its bucket, or 0
 * @size: bytes with the values
 */
struct change {
	sqlite3_stmt *stmt;
	const char *types;
	const char *into;
	uint64_t row;
	size_t next;
	size_t size;
};

/**
 * struct value - one value
 * @whole: a whole number, or how long the text is; -1 for none
 * @text: where the text is
 * @real: another number
 */
struct value {
	int64_t whole;
	union {
		size_t text;
		double real;
	};
};

static void *grow(void *bytes, size_t need, size_t *room)
{
	if (need <= *room)
		return bytes;
	*room = need * 2;
	bytes = realloc(bytes, *room);
	if (!bytes)
		abort();
	return bytes;
}

static struct change *change_at(const struct tb_waiting *w, size_t at)
{
	return (struct change *)(w->bytes + at);
}

static struct value *values_of(struct change *change)
{
	return (struct value *)(change + 1);
}

static size_t bucket_of(uint64_t row)
{
	return (row ^ row >> 9 ^ row >> 32) % TB_WAITING_BUCKETS;
}

static void take_text(struct tb_waiting *w, struct value *value, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	value->whole = text ? (int64_t)len : -1;
	value->text = w->texts_len;
	if (!text)
		return;
	w->texts = grow(w->texts, w->texts_len + len + 1, &w->texts_room);
	memcpy(w->texts + w->texts_len, text, len + 1);
	w->texts_len += len + 1;
}

/**
 * tb_waiting_add() - a change waits
 * @w: where
 * @stmt: its statement
 * @types: letters for the values, as of tb_db_do(); a string literal
 * @args: the values
 * @row: key of the row, if it adds one that may be changed, or changes one; else 0
 * @into: NULL if it adds it; else which value of the adding each of its values is: a string
 *	literal
 */
void tb_waiting_add(struct tb_waiting *w, sqlite3_stmt *stmt, const char *types, va_list args,
		    uint64_t row, const char *into)
{
	size_t size = sizeof(struct change) + strlen(types) * sizeof(struct value), *bucket;
	struct change *change;
	struct value *value;

	/* The place 0 is nobody's. */
	if (!w->len) {
		w->bytes = grow(w->bytes, sizeof(*change), &w->room);
		w->len = sizeof(*change);
		w->start = w->len;
		w->mark = w->len;
	}
	w->bytes = grow(w->bytes, w->len + size, &w->room);
	change = change_at(w, w->len);
	*change = (struct change){
		.stmt = stmt, .types = types, .into = into, .row = row, .size = size
	};
	if (row && !into) {
		bucket = &w->rows[bucket_of(row)];
		change->next = *bucket;
		*bucket = w->len;
	}
	w->len += size;
	for (value = values_of(change); *types; types++, value++) {
		*value = (struct value){ 0 };
		if (*types == 't')
			take_text(w, value, va_arg(args, const char *));
		else if (*types == 'd')
			value->real = va_arg(args, double);
		else if (*types == 'i')
			value->whole = va_arg(args, int64_t);
	}
}

/**
 * tb_waiting_bind() - a change is made: its values are put into its statement
 * @w: where
 * @at: which; set to the next
 *
 * Return: the statement, or NULL if there is nothing to be made. Texts are not copied: it is over
 * before anything else waits.
 */
sqlite3_stmt *tb_waiting_bind(const struct tb_waiting *w, size_t *at)
{
	struct change *change = change_at(w, *at);
	const struct value *value = values_of(change);
	const char *type;
	int i = 1;

	*at += change->size;
	for (type = change->types; change->stmt && *type; type++, i++, value++) {
		if (*type == 'i')
			sqlite3_bind_int64(change->stmt, i, value->whole);
		else if (*type == 'd')
			sqlite3_bind_double(change->stmt, i, value->real);
		else if (*type == 't' && value->whole >= 0)
			sqlite3_bind_text(change->stmt, i, w->texts + value->text,
					  (int)value->whole, SQLITE_STATIC);
		else
			sqlite3_bind_null(change->stmt, i);
	}
	return change->stmt;
}

static struct change *adding_of(const struct tb_waiting *w, uint64_t row)
{
	size_t at = w->rows[bucket_of(row)];

	while (at && change_at(w, at)->row != row)
		at = change_at(w, at)->next;
	return at >= w->start && at ? change_at(w, at) : NULL;
}

/**
 * tb_waiting_fold() - the call stands: what it changed of rows still to be added is added so
 * @w: where
 */
void tb_waiting_fold(struct tb_waiting *w)
{
	size_t at = w->mark > w->start ? w->mark : w->start, i;
	struct change *change, *adding;

	for (; at < w->len; at += change->size) {
		change = change_at(w, at);
		adding = change->into ? adding_of(w, change->row) : NULL;
		if (!adding)
			continue;
		for (i = 0; change->into[i]; i++)
			if (change->into[i] != '-')
				values_of(adding)[change->into[i] - 'a'] = values_of(change)[i];
		change->stmt = NULL;
	}
	w->mark = w->len;
	w->texts_mark = w->texts_len;
}

/**
 * tb_waiting_undo() - the call has changed nothing
 * @w: where
 */
void tb_waiting_undo(struct tb_waiting *w)
{
	const struct change *change;
	size_t at = w->mark, *bucket;

	for (; at < w->len; at += change->size) {
		change = change_at(w, at);
		bucket = &w->rows[bucket_of(change->row)];
		while (change->row && *bucket >= w->mark)
			*bucket = change_at(w, *bucket)->next;
	}
	w->len = w->mark;
	w->texts_len = w->texts_mark;
}

/**
 * tb_waiting_clear() - all were made
 * @w: where
 */
void tb_waiting_clear(struct tb_waiting *w)
{
	if (w->len)
		memset(w->rows, 0, sizeof(w->rows));
	w->len = 0;
	w->start = 0;
	w->mark = 0;
	w->texts_len = 0;
	w->texts_mark = 0;
}

/**
 * tb_waiting_free() - be done with them
 * @w: where
 */
void tb_waiting_free(struct tb_waiting *w)
{
	free(w->bytes);
	free(w->texts);
}
