// SPDX-License-Identifier: GPL-2.0-only
#include "db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "waiting.h"

#define CACHE  256
#define TABLES 31
/* Changes that wait: beyond that they are made when a call ends */
#define WAITING_MAX (1024 * 1024)
/* Who looks at the state from outside may hold it for a moment */
#define BUSY_MS 1000

/**
 * struct cached - a statement prepared once
 * @sql: its text, by address: they are string literals
 * @stmt: it
 * @reads: tables it reads, a bit each
 * @writes: tables it changes
 */
struct cached {
	const char *sql;
	sqlite3_stmt *stmt;
	uint32_t reads;
	uint32_t writes;
};

/**
 * struct tb_db - a database
 * @handle: SQLite's
 * @cache: statements, by a hash of their address
 * @failure: the first failure, or empty
 * @tables: names of tables, a bit each in the masks of statements
 * @preparing: the statement that is being prepared
 * @waiting: changes that wait, by the bit of the table
 * @writes: tables of which some do
 * @begun: in a transaction
 * @calling: in a call, which may be undone
 * @saved: changes of this call are in the tables, behind a savepoint
 * @counters: highest numbers
 */
struct tb_db {
	sqlite3 *handle;
	struct cached cache[CACHE];
	char tables[TABLES][32];
	struct cached *preparing;
	struct tb_waiting waiting[TABLES + 1];
	uint32_t writes;
	bool begun;
	bool calling;
	bool saved;
	struct tb_counters counters;
	struct tb_error failure;
};

static void fail(struct tb_db *db, const char *sql)
{
	if (!db->failure.code)
		tb_error_set(&db->failure, -EIO, "state %s: %s: %.100s",
			     sqlite3_db_filename(db->handle, "main"), sqlite3_errmsg(db->handle),
			     sql);
}

/* Tables beyond those there are names for share the last bit. */
static uint32_t bit_of(struct tb_db *db, const char *table)
{
	size_t i;

	for (i = 0; i < TABLES && *db->tables[i]; i++)
		if (!strcmp(db->tables[i], table))
			return 1u << i;
	if (i < TABLES && strlen(table) < sizeof(db->tables[0]))
		strcpy(db->tables[i], table);
	return 1u << i;
}

/* SQLite tells of each table that a statement touches while it is prepared. */
static int on_touch(void *userdata, int action, const char *table, const char *more,
		    const char *schema, const char *trigger)
{
	struct tb_db *db = userdata;

	(void)more, (void)schema, (void)trigger;
	if (!db->preparing || !table)
		return SQLITE_OK;
	if (action == SQLITE_READ)
		db->preparing->reads |= bit_of(db, table);
	else if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE)
		db->preparing->writes |= bit_of(db, table);
	return SQLITE_OK;
}

/**
 * tb_db_open() - open a database, or make it
 * @path: the file; "" for one that is gone afterwards
 * @schema: statements that make what is not there
 * @db: set to it; tb_db_close() closes it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_db_open(const char *path, const char *schema, struct tb_db **db, struct tb_error *err)
{
	struct tb_db *d = calloc(1, sizeof(*d));

	/* Before the first database is opened; later ones change nothing. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (!d)
		return tb_error_set(err, -ENOMEM, "out of memory");
	/* One thread has it: no locks within. */
	if (sqlite3_open_v2(path, &d->handle,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			    NULL) ||
	    sqlite3_busy_timeout(d->handle, BUSY_MS) ||
	    sqlite3_exec(d->handle, schema, NULL, NULL, NULL) ||
	    sqlite3_set_authorizer(d->handle, on_touch, d)) {
		tb_error_set(err, -EIO, "%s: %s", path, sqlite3_errmsg(d->handle));
		tb_db_close(d);
		return -EIO;
	}
	*db = d;
	return 0;
}

/**
 * tb_db_close() - close a database
 * @db: the database, or NULL
 */
void tb_db_close(struct tb_db *db)
{
	size_t i;

	if (!db)
		return;
	for (i = 0; i < CACHE; i++)
		sqlite3_finalize(db->cache[i].stmt);
	sqlite3_close(db->handle);
	for (i = 0; i <= TABLES; i++)
		tb_waiting_free(&db->waiting[i]);
	free(db);
}

static struct cached *prepare(struct tb_db *db, const char *sql)
{
	size_t i, at = ((uintptr_t)sql >> 3) % CACHE;
	struct cached *c;
	int rc;

	for (i = 0; i < CACHE; i++) {
		c = &db->cache[(at + i) % CACHE];
		if (c->sql == sql)
			return c;
		if (c->sql)
			continue;
		db->preparing = c;
		rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &c->stmt,
					NULL);
		db->preparing = NULL;
		if (rc)
			break;
		c->sql = sql;
		return c;
	}
	fail(db, sql);
	return NULL;
}

/* @life: SQLITE_STATIC if the statement is over before the texts are gone */
static void bind(sqlite3_stmt *stmt, const char *types, va_list args, sqlite3_destructor_type life)
{
	const char *text;
	int i;

	sqlite3_reset(stmt);
	for (i = 1; *types; types++, i++) {
		switch (*types) {
		case 't':
			text = va_arg(args, const char *);
			sqlite3_bind_text(stmt, i, text, -1, life);
			break;
		case 'i':
			sqlite3_bind_int64(stmt, i, va_arg(args, int64_t));
			break;
		case 'd':
			sqlite3_bind_double(stmt, i, va_arg(args, double));
			break;
		default:
			sqlite3_bind_null(stmt, i);
			break;
		}
	}
}

static void finish(struct tb_db *db, sqlite3_stmt *stmt)
{
	while (tb_db_row(db, stmt))
		;
}

static void run(struct tb_db *db, const char *sql)
{
	struct cached *c = db->failure.code ? NULL : prepare(db, sql);

	if (c)
		finish(db, c->stmt);
}

static void make_changes(struct tb_db *db, struct tb_waiting *w, size_t to)
{
	sqlite3_stmt *stmt;

	while (w->start < to && !db->failure.code) {
		stmt = tb_waiting_bind(w, &w->start);
		if (stmt)
			finish(db, stmt);
	}
}

static bool any_of_call(const struct tb_db *db, uint32_t tables)
{
	size_t i;

	for (i = 0; i <= TABLES; i++)
		if (tables >> i & 1 && db->waiting[i].len > db->waiting[i].mark)
			return true;
	return false;
}

/* What this call changed is made behind a savepoint; before that, all that was changed earlier. */
static void save(struct tb_db *db)
{
	size_t i;

	for (i = 0; i <= TABLES; i++)
		make_changes(db, &db->waiting[i], db->waiting[i].mark);
	run(db, "SAVEPOINT one");
	db->saved = true;
}

static void release(struct tb_db *db)
{
	run(db, "RELEASE one");
	db->saved = false;
}

/* Makes the changes of these tables that wait */
static void settle(struct tb_db *db, uint32_t tables)
{
	bool alone = !db->begun && !db->calling && db->writes & tables;
	size_t i;

	if (alone || (db->calling && !db->saved && any_of_call(db, tables)))
		save(db);
	for (i = 0; i <= TABLES; i++) {
		if (!(tables & db->writes & 1u << i))
			continue;
		make_changes(db, &db->waiting[i], db->waiting[i].len);
		tb_waiting_clear(&db->waiting[i]);
	}
	db->writes &= ~tables;
	if (alone)
		release(db);
}

/**
 * tb_db_settle() - make the changes that wait
 * @db: the database
 *
 * Those of a call that is under way are made behind a savepoint.
 */
void tb_db_settle(struct tb_db *db)
{
	settle(db, UINT32_MAX);
}

/**
 * tb_db_begin() - begin a transaction; from here on changes wait
 * @db: the database
 */
void tb_db_begin(struct tb_db *db)
{
	run(db, "BEGIN");
	db->begun = true;
}

/**
 * tb_db_commit() - make the changes that wait, and end the transaction
 * @db: the database
 */
void tb_db_commit(struct tb_db *db)
{
	tb_db_settle(db);
	run(db, "COMMIT");
	db->begun = false;
}

/**
 * tb_db_begun() - is a transaction under way?
 * @db: the database
 *
 * Return: whether one is.
 */
bool tb_db_begun(const struct tb_db *db)
{
	return db->begun;
}

/**
 * tb_db_call() - a call begins, whose changes may be undone
 * @db: the database
 */
void tb_db_call(struct tb_db *db)
{
	size_t i;

	db->calling = true;
	for (i = 0; i <= TABLES; i++)
		if (db->writes >> i & 1)
			tb_waiting_fold(&db->waiting[i]);
	tb_counters_call(&db->counters);
}

/**
 * tb_db_keep() - the call is over, its changes stand
 * @db: the database
 */
void tb_db_keep(struct tb_db *db)
{
	size_t i, len = 0;

	if (db->saved) {
		settle(db, UINT32_MAX);
		release(db);
	}
	db->calling = false;
	for (i = 0; i <= TABLES; i++) {
		if (!(db->writes >> i & 1))
			continue;
		tb_waiting_fold(&db->waiting[i]);
		len += db->waiting[i].len + db->waiting[i].texts_len;
	}
	if (!db->begun || len > WAITING_MAX)
		tb_db_settle(db);
}

/**
 * tb_db_undo() - the call is over, and has changed nothing
 * @db: the database
 */
void tb_db_undo(struct tb_db *db)
{
	size_t i;

	for (i = 0; i <= TABLES; i++)
		if (db->writes >> i & 1)
			tb_waiting_undo(&db->waiting[i]);
	db->calling = false;
	if (db->saved) {
		run(db, "ROLLBACK TO one");
		release(db);
	}
	tb_counters_undo(&db->counters);
}

/**
 * tb_db_next() - the number of the next row
 * @db: the database
 * @sql: a string literal: asks for the highest number, of those with a text
 * @key: the text
 *
 * Nothing else may add rows, and none may be taken out.
 *
 * Return: the number, which is taken by that.
 */
int64_t tb_db_next(struct tb_db *db, const char *sql, const char *key)
{
	int64_t *now = tb_counters_find(&db->counters, sql, key);

	if (!now)
		now = tb_counters_add(&db->counters, sql, key, tb_db_number(db, 0, sql, "t", key));
	return ++*now;
}

/**
 * tb_db_handle() - SQLite's own handle
 * @db: the database; no change waits behind it
 *
 * Return: the handle, the database's.
 */
sqlite3 *tb_db_handle(struct tb_db *db)
{
	tb_db_settle(db);
	return db->handle;
}

static sqlite3_stmt *ask(struct tb_db *db, const char *sql, const char *types, va_list args,
			 sqlite3_destructor_type life)
{
	const struct cached *c = db->failure.code ? NULL : prepare(db, sql);

	if (!c)
		return NULL;
	if (db->writes & c->reads)
		settle(db, c->reads);
	bind(c->stmt, types, args, life);
	return c->stmt;
}

/**
 * tb_db_ask() - begin a question
 * @db: the database
 * @sql: a string literal
 * @types: letters for the values
 *
 * Return: the statement, to be handed to tb_db_row(); NULL after a failure.
 */
sqlite3_stmt *tb_db_ask(struct tb_db *db, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt;
	va_list args;

	va_start(args, types);
	stmt = ask(db, sql, types, args, SQLITE_TRANSIENT);
	va_end(args);
	return stmt;
}

/**
 * tb_db_row() - the next row
 * @db: the database
 * @stmt: what tb_db_ask() gave
 *
 * Return: whether there is one; after false the question has ended.
 */
bool tb_db_row(struct tb_db *db, sqlite3_stmt *stmt)
{
	int rc = stmt ? sqlite3_step(stmt) : SQLITE_DONE;

	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		fail(db, sqlite3_sql(stmt));
	tb_db_end(stmt);
	return false;
}

/**
 * tb_db_end() - end a question before its last row
 * @stmt: what tb_db_ask() gave
 */
void tb_db_end(sqlite3_stmt *stmt)
{
	if (stmt)
		sqlite3_reset(stmt);
}

/* @row and @into are as of tb_waiting_add(). */
static void change(struct tb_db *db, const char *sql, const char *types, va_list args, uint64_t row,
		   const char *into)
{
	struct cached *c = db->failure.code ? NULL : prepare(db, sql);
	uint32_t others;
	size_t i = 0;

	if (!c)
		return;
	if (!db->begun && !db->calling) {
		bind(c->stmt, types, args, SQLITE_STATIC);
		finish(db, c->stmt);
		return;
	}
	/* What depends on another table is made while that is as it is. */
	others = c->reads & ~c->writes;
	if (others & db->writes)
		settle(db, others);
	while (i < TABLES && !(c->writes >> i & 1))
		i++;
	tb_waiting_add(&db->waiting[i], c->stmt, types, args, row, into);
	db->writes |= 1u << i;
	if (others)
		settle(db, 1u << i);
}

/**
 * tb_db_do() - run a statement that answers nothing
 * @db: the database
 * @sql: a string literal
 * @types: letters for the values, a string literal as well
 *
 * In a transaction or a call it waits, until something is asked of the table that it changes.
 */
void tb_db_do(struct tb_db *db, const char *sql, const char *types, ...)
{
	va_list args;

	va_start(args, types);
	change(db, sql, types, args, 0, NULL);
	va_end(args);
}

/**
 * tb_db_add() - add a row that may be changed before it is in its table
 * @db: the database
 * @row: its key, which no other row of the table has; not 0
 * @sql: the statement, as for tb_db_do()
 * @types: the same
 */
void tb_db_add(struct tb_db *db, uint64_t row, const char *sql, const char *types, ...)
{
	va_list args;

	va_start(args, types);
	change(db, sql, types, args, row, NULL);
	va_end(args);
}

/**
 * tb_db_change() - change a row by its key
 * @db: the database
 * @row: the key it was added by
 * @into: for each value a letter, which of the values it was added with this one replaces, from
 *	"a"; or "-" for none: a string literal
 * @sql: the statement, as for tb_db_do(), for a row that is in its table already
 * @types: the same
 */
void tb_db_change(struct tb_db *db, uint64_t row, const char *into, const char *sql,
		  const char *types, ...)
{
	va_list args;

	va_start(args, types);
	change(db, sql, types, args, row, into);
	va_end(args);
}

/**
 * tb_db_number() - ask for one number
 * @db: the database
 * @otherwise: what to answer if there is none
 * @sql: a string literal
 * @types: letters for the values
 *
 * Return: the number.
 */
int64_t tb_db_number(struct tb_db *db, int64_t otherwise, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt;
	va_list args;

	va_start(args, types);
	stmt = ask(db, sql, types, args, SQLITE_STATIC);
	va_end(args);
	if (!tb_db_row(db, stmt))
		return otherwise;
	if (sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		otherwise = sqlite3_column_int64(stmt, 0);
	tb_db_end(stmt);
	return otherwise;
}

/**
 * tb_db_text() - a column's text
 * @stmt: the statement, on a row
 * @column: which
 *
 * Return: the text, until the next row; NULL for NULL.
 */
const char *tb_db_text(sqlite3_stmt *stmt, int column)
{
	return (const char *)sqlite3_column_text(stmt, column);
}

/**
 * tb_db_failed() - has anything failed?
 * @db: the database
 * @err: told what
 *
 * Return: 0 or a negative errno.
 */
int tb_db_failed(const struct tb_db *db, struct tb_error *err)
{
	if (db->failure.code)
		tb_error_set(err, db->failure.code, "%s", db->failure.text);
	return db->failure.code;
}
