// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of matters of late, in memory beside the tables: their clocks, and the tasks that are
 * open in them. What changes is put into both, and undone in both; lists are not changed
 * but replaced.
 */
#include "dossier.h"

#include <string.h>

static json_t *read_column(sqlite3_stmt *stmt, int column)
{
	if (sqlite3_column_type(stmt, column) == SQLITE_INTEGER)
		return json_integer(sqlite3_column_int64(stmt, column));
	if (sqlite3_column_type(stmt, column) != SQLITE_NULL)
		return json_string(tb_db_text(stmt, column));
	return json_null();
}

/* The list of a matter: from memory, or by the question, whose columns are in their places */
static json_t *list_of(struct tb_referee *r, enum tb_rows_table table, const char *matter,
		       const char *sql, int columns)
{
	json_t *list, *row;
	sqlite3_stmt *stmt;
	int i;

	if (tb_rows_get(r->rows, table, "", matter, &list) && list)
		return list;
	list = json_array();
	stmt = tb_db_ask(r->db, sql, "t", matter);
	while (tb_db_row(r->db, stmt)) {
		row = json_array();
		for (i = 0; i < columns; i++)
			json_array_append_new(row, read_column(stmt, i));
		json_array_append_new(list, row);
	}
	tb_rows_put(r->rows, table, "", matter, list);
	return list;
}

static bool is(const json_t *row, size_t column, const char *value)
{
	return !strcmp(tb_row_text(row, column) ?: "", value);
}

/* Of a clock or a task */
static json_int_t id_of(const json_t *row)
{
	return tb_row_number(row, 0);
}

/**
 * tb_clocks_get() - the clocks of a matter that something may be asked of
 * @r: the referee, in an event
 * @matter: the matter
 *
 * A matter that lasts has ever more clocks: of those of a name and a key that are over, it is the last.
 *
 * Return: they, in their order, borrowed, not to be changed.
 */
json_t *tb_clocks_get(struct tb_referee *r, const char *matter)
{
	return list_of(r, TB_ROWS_CLOCKS, matter,
		       "SELECT id, pack, name, key, started, due, extended, state, doubt FROM clock"
		       " WHERE matter = ?1 AND (state IN ('running', 'waiting', 'paused', 'overdue') OR id IN"
		       " (SELECT max(id) FROM clock WHERE matter = ?1 GROUP BY name, key, pack))"
		       " ORDER BY id",
		       TB_CLOCK_COLUMNS);
}

/* Is this one over, and of the same name and key as another? */
static bool is_behind(const json_t *past, const json_t *later)
{
	const char *state = tb_row_text(past, TB_CLOCK_STATE) ?: "";

	return !strchr("rwpo", *state) &&
	       is(past, TB_CLOCK_NAME, tb_row_text(later, TB_CLOCK_NAME)) &&
	       is(past, TB_CLOCK_KEY, tb_row_text(later, TB_CLOCK_KEY)) &&
	       is(past, TB_CLOCK_PACK, tb_row_text(later, TB_CLOCK_PACK));
}

/**
 * tb_clocks_last() - the last clock of a name and a key in a matter, of this pack
 * @r: the referee, in an event
 * @matter: the matter
 * @name: the name
 * @key: the key
 * @states: initials of states, one of which it is in; NULL for any
 *
 * Return: it, borrowed, not to be changed; NULL if there is none.
 */
json_t *tb_clocks_last(struct tb_referee *r, const char *matter, const char *name, const char *key,
		       const char *states)
{
	json_t *list = tb_clocks_get(r, matter), *clock;
	size_t i = json_array_size(list);
	const char *state;

	while (i-- > 0) {
		clock = json_array_get(list, i);
		state = tb_row_text(clock, TB_CLOCK_STATE);
		if (is(clock, TB_CLOCK_NAME, name) && is(clock, TB_CLOCK_KEY, key) &&
		    is(clock, TB_CLOCK_PACK, r->pack->name) && (!states || strchr(states, *state)))
			return clock;
	}
	return NULL;
}

/**
 * tb_clocks_add() - a matter has another clock
 * @r: the referee, in a call
 * @matter: the matter, of which tb_clocks_get() was asked before
 * @clock: the clock, taken over
 */
void tb_clocks_add(struct tb_referee *r, const char *matter, json_t *clock)
{
	json_t *list = tb_clocks_get(r, matter), *now = json_array(), *before;
	size_t i;

	json_array_foreach(list, i, before) {
		if (!is_behind(before, clock))
			json_array_append(now, before);
	}
	json_array_append_new(now, clock);
	tb_rows_put(r->rows, TB_ROWS_CLOCKS, "", matter, now);
}

/**
 * tb_clocks_state() - clocks of a matter are in another state
 * @r: the referee, in a call
 * @matter: the matter
 * @id: the clock's number; 0 for all that run, wait or stand still
 * @state: the state
 */
void tb_clocks_state(struct tb_referee *r, const char *matter, int64_t id, const char *state)
{
	json_t *list = json_copy(tb_clocks_get(r, matter)), *clock;
	size_t i;

	json_array_foreach(list, i, clock) {
		if (id ? id_of(clock) != id :
			 !is(clock, TB_CLOCK_STATE, "running") &&
				    !is(clock, TB_CLOCK_STATE, "waiting") &&
				    !is(clock, TB_CLOCK_STATE, "paused"))
			continue;
		tb_due_ended(r, id_of(clock));
		/* What stands still is not done yet. */
		if (*state != 'p')
			tb_due_unwarn(r, matter, id_of(clock));
		tb_db_change(r->db, (uint64_t)id_of(clock), "j-",
			     "UPDATE clock SET state = ? WHERE id = ?", "ti", state,
			     (int64_t)id_of(clock));
		clock = json_copy(clock);
		json_array_set_new(clock, TB_CLOCK_STATE, json_string(state));
		json_array_set_new(list, i, clock);
	}
	tb_rows_put(r->rows, TB_ROWS_CLOCKS, "", matter, list);
}

/**
 * tb_clocks_changed() - clocks of a matter changed in the tables alone
 * @r: the referee, in an event
 * @matter: the matter
 */
void tb_clocks_changed(struct tb_referee *r, const char *matter)
{
	tb_rows_put(r->rows, TB_ROWS_CLOCKS, "", matter, NULL);
	r->soon.known = false;
}

/* Whose task is it? Remembered, since a task is named by its number alone. */
static void remember(struct tb_referee *r, int64_t id, const char *matter)
{
	struct tb_task_of *of = &r->tasks[(uint64_t)id % TB_TASKS_KNOWN];

	of->id = id;
	snprintf(of->matter, sizeof(of->matter), "%s", matter);
}

/**
 * tb_tasks_get() - the open tasks of a matter
 * @r: the referee, in an event
 * @matter: the matter
 *
 * Return: they, in their order, borrowed, not to be changed.
 */
json_t *tb_tasks_get(struct tb_referee *r, const char *matter)
{
	return list_of(r, TB_ROWS_TASKS, matter,
		       "SELECT id, pack, office, uid, text, key, time FROM task WHERE matter = ? AND"
		       " done IS NULL ORDER BY id",
		       TB_TASK_COLUMNS);
}

/**
 * tb_tasks_find() - the open task of a matter with a key
 * @r: the referee, in an event
 * @matter: the matter
 * @key: the key
 *
 * Return: its number; 0 if there is none.
 */
int64_t tb_tasks_find(struct tb_referee *r, const char *matter, const char *key)
{
	json_t *task;
	size_t i;

	json_array_foreach(tb_tasks_get(r, matter), i, task) {
		if (is(task, TB_TASK_KEY, key))
			return id_of(task);
	}
	return 0;
}

/**
 * tb_tasks_add() - a matter has another task
 * @r: the referee, in an event
 * @matter: the matter, of which tb_tasks_get() was asked before
 * @task: the task, taken over
 */
void tb_tasks_add(struct tb_referee *r, const char *matter, json_t *task)
{
	json_t *now = json_copy(tb_tasks_get(r, matter));

	remember(r, id_of(task), matter);
	json_array_append_new(now, task);
	tb_rows_put(r->rows, TB_ROWS_TASKS, "", matter, now);
}

static const char *matter_of(struct tb_referee *r, int64_t id)
{
	const struct tb_task_of *of = &r->tasks[(uint64_t)id % TB_TASKS_KNOWN];
	sqlite3_stmt *stmt;

	if (of->id == id)
		return of->matter;
	stmt = tb_db_ask(r->db, "SELECT matter FROM task WHERE id = ?", "i", id);
	if (!tb_db_row(r->db, stmt))
		return NULL;
	remember(r, id, tb_db_text(stmt, 0) ?: "");
	tb_db_end(stmt);
	return of->matter;
}

static void close_task(struct tb_referee *r, int64_t id)
{
	tb_db_change(r->db, (uint64_t)id, "j-",
		     "UPDATE task SET done = ? WHERE id = ? AND done IS NULL", "ti",
		     r->event->record, id);
}

/**
 * tb_tasks_done() - a task is open no more
 * @r: the referee, in an event
 * @id: its number
 */
void tb_tasks_done(struct tb_referee *r, int64_t id)
{
	const char *matter = matter_of(r, id);
	json_t *list, *task;
	size_t i;

	/* A task of no matter is in the table alone. */
	if (matter && !*matter)
		tb_db_do(r->db, "UPDATE task SET done = ? WHERE id = ? AND done IS NULL", "ti",
			 r->event->record, id);
	if (!matter || !*matter)
		return;
	json_array_foreach(tb_tasks_get(r, matter), i, task) {
		if (id_of(task) != id)
			continue;
		close_task(r, id);
		list = json_copy(tb_tasks_get(r, matter));
		json_array_remove(list, i);
		tb_rows_put(r->rows, TB_ROWS_TASKS, "", matter, list);
		return;
	}
}

/**
 * tb_tasks_none() - no task of a matter is open any more
 * @r: the referee, in an event
 * @matter: the matter
 */
void tb_tasks_none(struct tb_referee *r, const char *matter)
{
	json_t *task;
	size_t i;

	json_array_foreach(tb_tasks_get(r, matter), i, task)
		close_task(r, id_of(task));
	tb_rows_put(r->rows, TB_ROWS_TASKS, "", matter, json_array());
}

/**
 * tb_dossier_new() - a matter was opened: there is nothing in it
 * @r: the referee, in a call
 * @matter: the matter
 */
void tb_dossier_new(struct tb_referee *r, const char *matter)
{
	tb_rows_put(r->rows, TB_ROWS_CLOCKS, "", matter, json_array());
	tb_rows_put(r->rows, TB_ROWS_TASKS, "", matter, json_array());
}
