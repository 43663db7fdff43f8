// SPDX-License-Identifier: GPL-2.0-only
#include "waiting.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What values are laid out by */
#define GRAIN sizeof(int64_t)

/**
 * struct change - one of them
 * @stmt: its statement
 * @types: letters for its values, which are behind it
 * @size: bytes with the values
 */
struct change {
	sqlite3_stmt *stmt;
	const char *types;
	size_t size;
};

/* Room of a text with its zero byte */
static size_t room_of(size_t len)
{
	return (len + GRAIN) & ~(GRAIN - 1);
}

static size_t size_of(const char *types, va_list args)
{
	size_t size = sizeof(struct change);
	const char *text;

	for (; *types; types++) {
		size += GRAIN;
		if (*types == 't') {
			text = va_arg(args, const char *);
			size += text ? room_of(strlen(text)) : 0;
		} else if (*types == 'd') {
			(void)va_arg(args, double);
		} else if (*types == 'i') {
			(void)va_arg(args, int64_t);
		}
	}
	return size;
}

static char *add_text(char *at, const char *text)
{
	int64_t len = text ? (int64_t)strlen(text) : -1;

	memcpy(at, &len, GRAIN);
	if (!text)
		return at;
	memcpy(at + GRAIN, text, (size_t)len + 1);
	return at + room_of((size_t)len);
}

/**
 * tb_waiting_add() - a change waits
 * @w: where
 * @stmt: its statement
 * @types: letters for the values, as of tb_db_do(); a string literal
 * @args: the values
 */
void tb_waiting_add(struct tb_waiting *w, sqlite3_stmt *stmt, const char *types, va_list args)
{
	struct change *change;
	va_list again;
	int64_t whole;
	double real;
	size_t size;
	char *at;

	va_copy(again, args);
	size = size_of(types, again);
	va_end(again);
	if (w->len + size > w->room) {
		w->room = (w->len + size) * 2;
		w->bytes = realloc(w->bytes, w->room);
		if (!w->bytes)
			abort();
	}
	change = (struct change *)(w->bytes + w->len);
	*change = (struct change){ .stmt = stmt, .types = types, .size = size };
	w->len += size;
	for (at = (char *)(change + 1); *types; types++, at += GRAIN) {
		if (*types == 't') {
			at = add_text(at, va_arg(args, const char *));
		} else if (*types == 'd') {
			real = va_arg(args, double);
			memcpy(at, &real, GRAIN);
		} else if (*types == 'i') {
			whole = va_arg(args, int64_t);
			memcpy(at, &whole, GRAIN);
		}
	}
}

/**
 * tb_waiting_bind() - a change is made: its values are put into its statement
 * @w: where
 * @at: which; set to the next
 *
 * Return: the statement. Texts are not copied: it is over before anything else waits.
 */
sqlite3_stmt *tb_waiting_bind(const struct tb_waiting *w, size_t *at)
{
	const struct change *change = (const struct change *)(w->bytes + *at);
	const char *value = (const char *)(change + 1), *type;
	int64_t whole;
	double real;
	int i = 1;

	for (type = change->types; *type; type++, i++, value += GRAIN) {
		memcpy(&whole, value, GRAIN);
		memcpy(&real, value, GRAIN);
		if (*type == 'i') {
			sqlite3_bind_int64(change->stmt, i, whole);
		} else if (*type == 'd') {
			sqlite3_bind_double(change->stmt, i, real);
		} else if (*type == 't' && whole >= 0) {
			sqlite3_bind_text(change->stmt, i, value + GRAIN, (int)whole,
					  SQLITE_STATIC);
			value += room_of((size_t)whole);
		} else {
			sqlite3_bind_null(change->stmt, i);
		}
	}
	*at += change->size;
	return change->stmt;
}
