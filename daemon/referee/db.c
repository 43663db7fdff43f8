// SPDX-License-Identifier: GPL-2.0-only
#include "db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CACHE 256
/* Who looks at the state from outside may hold it for a moment */
#define BUSY_MS 1000

/**
 * struct cached - a statement prepared once
 * @sql: its text, by address: they are string literals
 * @stmt: it
 */
struct cached {
	const char *sql;
	sqlite3_stmt *stmt;
};

/**
 * struct tb_db - a database
 * @handle: SQLite's
 * @cache: statements, by a hash of their address
 * @failure: the first failure, or empty
 */
struct tb_db {
	sqlite3 *handle;
	struct cached cache[CACHE];
	struct tb_error failure;
};

static void fail(struct tb_db *db, const char *sql)
{
	if (!db->failure.code)
		tb_error_set(&db->failure, -EIO, "state %s: %s: %.100s",
			     sqlite3_db_filename(db->handle, "main"), sqlite3_errmsg(db->handle),
			     sql);
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
	    sqlite3_exec(d->handle, schema, NULL, NULL, NULL)) {
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
	free(db);
}

/**
 * tb_db_handle() - SQLite's own handle
 * @db: the database
 *
 * Return: the handle, the database's.
 */
sqlite3 *tb_db_handle(struct tb_db *db)
{
	return db->handle;
}

static sqlite3_stmt *prepare(struct tb_db *db, const char *sql)
{
	size_t i, at = ((uintptr_t)sql >> 3) % CACHE;
	struct cached *c;

	for (i = 0; i < CACHE; i++) {
		c = &db->cache[(at + i) % CACHE];
		if (c->sql == sql)
			return c->stmt;
		if (c->sql)
			continue;
		if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &c->stmt,
				       NULL))
			return NULL;
		c->sql = sql;
		return c->stmt;
	}
	return NULL;
}

/* @life: SQLITE_STATIC if the statement is over before the texts are gone */
static sqlite3_stmt *bind(struct tb_db *db, const char *sql, const char *types, va_list args,
			  sqlite3_destructor_type life)
{
	sqlite3_stmt *stmt;
	const char *text;
	int i;

	if (db->failure.code)
		return NULL;
	stmt = prepare(db, sql);
	if (!stmt) {
		fail(db, sql);
		return NULL;
	}
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
	return stmt;
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
	stmt = bind(db, sql, types, args, SQLITE_TRANSIENT);
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

/**
 * tb_db_do() - run a statement that answers nothing
 * @db: the database
 * @sql: a string literal
 * @types: letters for the values
 */
void tb_db_do(struct tb_db *db, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt;
	va_list args;

	va_start(args, types);
	stmt = bind(db, sql, types, args, SQLITE_STATIC);
	va_end(args);
	while (tb_db_row(db, stmt))
		;
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
	stmt = bind(db, sql, types, args, SQLITE_STATIC);
	va_end(args);
	if (!tb_db_row(db, stmt))
		return otherwise;
	if (sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		otherwise = sqlite3_column_int64(stmt, 0);
	tb_db_end(stmt);
	return otherwise;
}

/**
 * tb_db_last() - the number of the row that was added last
 * @db: the database
 *
 * Return: the number.
 */
int64_t tb_db_last(const struct tb_db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
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
