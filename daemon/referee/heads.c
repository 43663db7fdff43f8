// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of matters of late, in memory: the row but its data, which offices are sides of it, and
 * which of them have a task to look. The tables have the same; what changes is put
 * into both, and undone in both.
 */
#include "heads.h"

#include <string.h>

static void add_text(json_t *head, const char *name, sqlite3_stmt *stmt, int column)
{
	if (sqlite3_column_type(stmt, column) != SQLITE_NULL)
		json_object_set_new(head, name, json_string(tb_db_text(stmt, column)));
}

static void add_number(json_t *head, const char *name, sqlite3_stmt *stmt, int column)
{
	if (sqlite3_column_type(stmt, column) != SQLITE_NULL)
		json_object_set_new(head, name, json_integer(sqlite3_column_int64(stmt, column)));
}

static json_t *read_head(struct tb_referee *r, const char *id)
{
	static const char *const texts[] = { "kind", "stage", "office", "key", "place", "record" };
	sqlite3_stmt *stmt;
	json_t *head;
	int i;

	stmt = tb_db_ask(r->db,
			 "SELECT kind, stage, office, key, place, record, opened, closed, title"
			 " FROM matter WHERE id = ? AND pack = ?",
			 "tt", id, r->pack->name);
	if (!tb_db_row(r->db, stmt))
		return NULL;
	head = json_pack("{s:s}", "id", id);
	for (i = 0; i < 6; i++)
		add_text(head, texts[i], stmt, i);
	add_number(head, "opened", stmt, 6);
	add_number(head, "closed", stmt, 7);
	json_object_set_new(head, "title", tb_memo_read(r->memo, tb_db_text(stmt, 8)));
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
 * @name: the column
 * @value: its value, taken over
 */
void tb_head_set(struct tb_referee *r, const char *id, const char *name, json_t *value)
{
	json_t *head = json_copy(tb_head_get(r, id));

	json_object_set_new(head, name, value);
	tb_rows_put(r->rows, TB_ROWS_HEAD, r->pack->name, id, head);
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
 * tb_sides_changed() - a matter has another side
 * @r: the referee, in an event
 * @id: the matter
 */
void tb_sides_changed(struct tb_referee *r, const char *id)
{
	tb_rows_put(r->rows, TB_ROWS_SIDES, "", id, NULL);
}

/**
 * tb_looks_get() - which sides of a matter have a task to look at it
 * @r: the referee, in an event
 * @id: the matter
 *
 * Return: numbers of the tasks by office, borrowed, not to be changed.
 */
json_t *tb_looks_get(struct tb_referee *r, const char *id)
{
	sqlite3_stmt *stmt;
	json_t *looks;

	if (tb_rows_get(r->rows, TB_ROWS_LOOKS, "", id, &looks) && looks)
		return looks;
	looks = json_object();
	stmt = tb_db_ask(r->db,
			 "SELECT key, id FROM task WHERE matter = ? AND key >= 'seen:' AND key < 'seen;'"
			 " AND done IS NULL",
			 "t", id);
	while (tb_db_row(r->db, stmt))
		json_object_set_new(looks, tb_db_text(stmt, 0) + strlen("seen:"),
				    json_integer(sqlite3_column_int64(stmt, 1)));
	tb_rows_put(r->rows, TB_ROWS_LOOKS, "", id, looks);
	return looks;
}

/**
 * tb_looks_set() - a side has a task to look at a matter, or has looked
 * @r: the referee, in an event
 * @id: the matter
 * @office: the side
 * @task: number of the task; 0 for none
 */
void tb_looks_set(struct tb_referee *r, const char *id, const char *office, int64_t task)
{
	json_t *looks = json_copy(tb_looks_get(r, id));

	if (task)
		json_object_set_new(looks, office, json_integer(task));
	else
		json_object_del(looks, office);
	tb_rows_put(r->rows, TB_ROWS_LOOKS, "", id, looks);
}

/**
 * tb_looks_changed() - tasks of a matter were done otherwise
 * @r: the referee, in an event
 * @id: the matter, or NULL
 */
void tb_looks_changed(struct tb_referee *r, const char *id)
{
	if (id)
		tb_rows_put(r->rows, TB_ROWS_LOOKS, "", id, NULL);
}
