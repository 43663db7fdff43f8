/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Data of matters, and values of the store, in memory in front of the tables. What a
 * call changes is kept beside what was there before, so that it is undone without the
 * tables; what stands is written when the piece of the fold is kept.
 */
#ifndef TONGBU_ROWS_H
#define TONGBU_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "db.h"

struct tb_rows;

/*
 * A row in memory is a list: each column at its place, null where there is none. To make one, or
 * to look into it, costs a tenth of what an object does.
 */
json_t *tb_row_new(const char *types, ...);

static inline const char *tb_row_text(const json_t *row, size_t column)
{
	return json_string_value(json_array_get(row, column));
}

static inline int64_t tb_row_number(const json_t *row, size_t column)
{
	return json_integer_value(json_array_get(row, column));
}

static inline bool tb_row_has(const json_t *row, size_t column)
{
	return !json_is_null(json_array_get(row, column));
}

/* Those behind the store are kept here only, for heads.c and dossier.c; the tables are told. */
enum tb_rows_table {
	TB_ROWS_MATTER,
	TB_ROWS_STORE,
	TB_ROWS_HEAD,
	TB_ROWS_SIDES,
	TB_ROWS_CLOCKS,
	TB_ROWS_TASKS,
	TB_ROWS_NOTICE,
	TB_ROWS_OPEN,
};

struct tb_rows *tb_rows_new(struct tb_db *db);
void tb_rows_free(struct tb_rows *rows);
uint64_t tb_rows_key(const char *id);
bool tb_rows_get(struct tb_rows *rows, enum tb_rows_table table, const char *pack, const char *key,
		 json_t **value);
void tb_rows_know(struct tb_rows *rows, enum tb_rows_table table, const char *pack, const char *key,
		  json_t *value);
void tb_rows_put(struct tb_rows *rows, enum tb_rows_table table, const char *pack, const char *key,
		 json_t *value);
void tb_rows_keep(struct tb_rows *rows);
void tb_rows_undo(struct tb_rows *rows);
void tb_rows_write(struct tb_rows *rows);
void tb_rows_flush(struct tb_rows *rows);

#endif /* TONGBU_ROWS_H */
