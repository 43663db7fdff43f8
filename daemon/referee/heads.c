// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of matters of late, in memory: the row but its data, and which offices are sides of it. The
 * tables have the same; what changes is put into both, and undone in both.
 */
#include "heads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *number_or_none(sqlite3_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt, column) == SQLITE_NULL ?
		       NULL :
		       json_integer(sqlite3_column_int64(stmt, column));
}

static json_t *read_head(struct tb_referee *r, const char *id)
{
	sqlite3_stmt *stmt;
	json_t *head;

	stmt = tb_db_ask(r->db,
			 "SELECT kind, stage, office, key, place, record, opened, closed, title"
			 " FROM matter WHERE id = ? AND pack = ?",
			 "tt", id, r->pack->name);
	if (!tb_db_row(r->db, stmt))
		return NULL;
	head = tb_row_new("tttttttooo", id, tb_db_text(stmt, 0), tb_db_text(stmt, 1),
			  tb_db_text(stmt, 2), tb_db_text(stmt, 3), tb_db_text(stmt, 4),
			  tb_db_text(stmt, 5), number_or_none(stmt, 6), number_or_none(stmt, 7),
			  tb_memo_read(r->memo, tb_db_text(stmt, 8)));
	tb_db_end(stmt);
	return head;
}

/**
 * tb_head_get() - the row of a matter of this pack
 * @r: the referee, in a call
 * @id: the matter
 *
 * Return: all of it but its data, borrowed, not to be changed; NULL if there is none.
 */
json_t *tb_head_get(struct tb_referee *r, const char *id)
{
	json_t *head;

	if (tb_rows_get(r->rows, TB_ROWS_HEAD, r->pack->name, id, &head))
		return head;
	head = read_head(r, id);
	/* What is not there yet may be opened. */
	if (head)
		tb_rows_know(r->rows, TB_ROWS_HEAD, r->pack->name, id, head);
	return head;
}

/**
 * tb_head_set() - a column of a matter of this pack has changed
 * @r: the referee, in a call
 * @id: the matter, one that tb_head_get() found
 * @column: the column
 * @value: its value, taken over
 */
void tb_head_set(struct tb_referee *r, const char *id, enum tb_head column, json_t *value)
{
	json_t *head = json_copy(tb_head_get(r, id));

	json_array_set_new(head, column, value);
	tb_rows_put(r->rows, TB_ROWS_HEAD, r->pack->name, id, head);
}

/* The name of the list in memory, the caller's to free */
static char *open_name(const char *kind, const char *key)
{
	char *name;

	if (asprintf(&name, "%s\n%s", kind, key) < 0)
		abort();
	return name;
}

/**
 * tb_open_get() - the open matters of this pack that are of a kind and have a key
 * @r: the referee, in a call
 * @kind: the kind
 * @key: the key
 *
 * Return: a list of their ids in the order in which they were opened, borrowed, not to be changed.
 */
json_t *tb_open_get(struct tb_referee *r, const char *kind, const char *key)
{
	char *name = open_name(kind, key);
	sqlite3_stmt *stmt;
	json_t *list;

	if (tb_rows_get(r->rows, TB_ROWS_OPEN, r->pack->name, name, &list) && list) {
		free(name);
		return list;
	}
	list = json_array();
	stmt = tb_db_ask(r->db,
			 "SELECT id FROM matter WHERE pack = ? AND kind = ? AND key = ? AND closed"
			 " IS NULL ORDER BY no",
			 "ttt", r->pack->name, kind, key);
	while (tb_db_row(r->db, stmt))
		json_array_append_new(list, json_string(tb_db_text(stmt, 0)));
	tb_rows_put(r->rows, TB_ROWS_OPEN, r->pack->name, name, list);
	free(name);
	return list;
}

/* A matter was opened, or closed: lists that are in memory know it. */
static void open_change(struct tb_referee *r, const json_t *head, bool open)
{
	const char *key = tb_row_text(head, TB_HEAD_KEY), *id = tb_row_text(head, TB_HEAD_ID);
	json_t *list, *one;
	char *name;
	size_t i;

	if (!key)
		return;
	name = open_name(tb_row_text(head, TB_HEAD_KIND), key);
	if (!tb_rows_get(r->rows, TB_ROWS_OPEN, r->pack->name, name, &list) || !list) {
		free(name);
		return;
	}
	list = json_copy(list);
	json_array_foreach(list, i, one) {
		if (!open && !strcmp(json_string_value(one), id)) {
			json_array_remove(list, i);
			break;
		}
	}
	if (open)
		json_array_append(list, json_array_get(head, TB_HEAD_ID));
	tb_rows_put(r->rows, TB_ROWS_OPEN, r->pack->name, name, list);
	free(name);
}

/**
 * tb_open_closed() - a matter of this pack was closed
 * @r: the referee, in a call
 * @head: its row
 */
void tb_open_closed(struct tb_referee *r, const json_t *head)
{
	open_change(r, head, false);
}

/**
 * tb_data_get() - the data of a matter of this pack
 * @r: the referee, in a call
 * @id: the matter
 *
 * Return: they, borrowed, not to be changed; NULL if there is no such matter.
 */
json_t *tb_data_get(struct tb_referee *r, const char *id)
{
	json_t *data = NULL;
	sqlite3_stmt *stmt;

	if (tb_rows_get(r->rows, TB_ROWS_MATTER, r->pack->name, id, &data))
		return data;
	stmt = tb_db_ask(r->db, "SELECT data FROM matter WHERE id = ? AND pack = ?", "tt", id,
			 r->pack->name);
	if (!tb_db_row(r->db, stmt))
		return NULL;
	data = tb_memo_read(r->memo, tb_db_text(stmt, 0));
	tb_db_end(stmt);
	if (data)
		tb_rows_know(r->rows, TB_ROWS_MATTER, r->pack->name, id, data);
	return data;
}

/**
 * tb_sides_get() - the sides of a matter
 * @r: the referee, in an event
 * @id: the matter
 *
 * Return: their offices in order, borrowed, not to be changed.
 */
json_t *tb_sides_get(struct tb_referee *r, const char *id)
{
	sqlite3_stmt *stmt;
	json_t *sides;

	if (tb_rows_get(r->rows, TB_ROWS_SIDES, "", id, &sides) && sides)
		return sides;
	sides = json_array();
	stmt = tb_db_ask(r->db, "SELECT office FROM side WHERE matter = ? ORDER BY office", "t",
			 id);
	while (tb_db_row(r->db, stmt))
		json_array_append_new(sides, json_string(tb_db_text(stmt, 0)));
	tb_rows_put(r->rows, TB_ROWS_SIDES, "", id, sides);
	return sides;
}

/**
 * tb_sides_add() - a matter has another side
 * @r: the referee, in an event
 * @id: the matter
 * @office: the side, which may be one already
 */
void tb_sides_add(struct tb_referee *r, const char *id, const char *office)
{
	json_t *sides, *side;
	size_t i;

	if (!tb_rows_get(r->rows, TB_ROWS_SIDES, "", id, &sides) || !sides)
		return;
	json_array_foreach(sides, i, side) {
		int order = strcmp(json_string_value(side), office);

		if (!order)
			return;
		if (order > 0)
			break;
	}
	sides = json_copy(sides);
	json_array_insert_new(sides, i, json_string(office));
	tb_rows_put(r->rows, TB_ROWS_SIDES, "", id, sides);
}

/**
 * tb_head_new() - a matter of this pack was opened
 * @r: the referee, in a call
 * @head: its row, of the columns of enum tb_head, taken over
 * @data: its data, taken over
 */
void tb_head_new(struct tb_referee *r, json_t *head, json_t *data)
{
	const char *id = tb_row_text(head, TB_HEAD_ID);
	json_t *sides = json_array();

	json_array_append(sides, json_array_get(head, TB_HEAD_OFFICE));
	tb_rows_know(r->rows, TB_ROWS_HEAD, r->pack->name, id, head);
	tb_rows_know(r->rows, TB_ROWS_MATTER, r->pack->name, id, data);
	tb_rows_put(r->rows, TB_ROWS_SIDES, "", id, sides);
	open_change(r, head, true);
}
