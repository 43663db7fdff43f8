/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SQLite, with statements prepared once and values bound by a string of letters:
 * t text, i int64_t, d double, n nothing. The first failure stays: what follows does
 * nothing, and whoever committed asks for it.
 *
 * Changes wait in memory until something is asked of a table they change, or the
 * transaction ends: so that a call that failed is undone, as a rule, by forgetting them.
 */
#ifndef TONGBU_DB_H
#define TONGBU_DB_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "error.h"

struct tb_db;

int tb_db_open(const char *path, const char *schema, struct tb_db **db, struct tb_error *err);
void tb_db_close(struct tb_db *db);
sqlite3 *tb_db_handle(struct tb_db *db);
sqlite3_stmt *tb_db_ask(struct tb_db *db, const char *sql, const char *types, ...);
bool tb_db_row(struct tb_db *db, sqlite3_stmt *stmt);
void tb_db_end(sqlite3_stmt *stmt);
void tb_db_do(struct tb_db *db, const char *sql, const char *types, ...);
int64_t tb_db_next(struct tb_db *db, const char *sql, const char *key);
void tb_db_begin(struct tb_db *db);
void tb_db_commit(struct tb_db *db);
bool tb_db_begun(const struct tb_db *db);
void tb_db_call(struct tb_db *db);
void tb_db_keep(struct tb_db *db);
void tb_db_undo(struct tb_db *db);
void tb_db_settle(struct tb_db *db);
void tb_db_add(struct tb_db *db, uint64_t row, const char *sql, const char *types, ...);
void tb_db_change(struct tb_db *db, uint64_t row, const char *into, const char *sql,
		  const char *types, ...);
int64_t tb_db_number(struct tb_db *db, int64_t otherwise, const char *sql, const char *types, ...);
const char *tb_db_text(sqlite3_stmt *stmt, int column);
int tb_db_failed(const struct tb_db *db, struct tb_error *err);

#endif /* TONGBU_DB_H */
