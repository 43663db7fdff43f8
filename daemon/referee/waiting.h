/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of a table that wait: statements with their values, one behind the other. Those
 * behind the mark are of the call that is under way, and may be forgotten. A change of a row
 * that is still to be added becomes part of its adding, once the call stands.
 */
#ifndef TONGBU_WAITING_H
#define TONGBU_WAITING_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#define TB_WAITING_BUCKETS 512

/**
 * struct tb_waiting - changes that wait
 * @bytes: they
 * @len: bytes of them
 * @room: bytes there
 * @start: bytes of those that were made
 * @mark: bytes of those from before the call
 * @texts: texts among their values
 * @texts_len: bytes of them
 * @texts_room: bytes there
 * @texts_mark: bytes of those from before the call
 * @rows: rows that are added, by their key: where, or 0
 */
struct tb_waiting {
	char *bytes;
	size_t len;
	size_t room;
	size_t start;
	size_t mark;
	char *texts;
	size_t texts_len;
	size_t texts_room;
	size_t texts_mark;
	size_t rows[TB_WAITING_BUCKETS];
};

void tb_waiting_add(struct tb_waiting *w, sqlite3_stmt *stmt, const char *types, va_list args,
		    uint64_t row, const char *into);
sqlite3_stmt *tb_waiting_bind(const struct tb_waiting *w, size_t *at);
void tb_waiting_fold(struct tb_waiting *w);
void tb_waiting_undo(struct tb_waiting *w);
void tb_waiting_clear(struct tb_waiting *w);
void tb_waiting_free(struct tb_waiting *w);

#endif /* TONGBU_WAITING_H */
