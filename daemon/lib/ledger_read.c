// SPDX-License-Identifier: GPL-2.0-only
/* What the ledger says of its chains; ledger_cursor.c reads their records. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "config.h"
#include "ledger_priv.h"
#include "names.h"

static int damaged(struct tb_reading *reading, struct tb_error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Whoever meets it first, the next to ask how the station fares is told. */
static int damaged(struct tb_reading *reading, struct tb_error *err, const char *fmt, ...)
{
	char what[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	tb_error_set(&reading->damage, -EBADMSG,
		     "the ledger is damaged (%s): records are still kept, but not all can be read: stop tongbud and run " TB_LEDGER_REPAIR,
		     what);
	return tb_error_set(err, -EBADMSG, "%s", reading->damage.text);
}

/**
 * tb_reading_failed() - say what SQLite says
 * @reading: the ledger
 * @err: told
 *
 * Return: -EBADMSG if the ledger is damaged, or -EIO.
 */
int tb_reading_failed(struct tb_reading *reading, struct tb_error *err)
{
	if ((sqlite3_errcode(reading->db) & 0xff) == SQLITE_CORRUPT)
		return damaged(reading, err, "%s", sqlite3_errmsg(reading->db));
	return tb_error_set(err, -EIO, "the ledger cannot be read: %s",
			    sqlite3_errmsg(reading->db));
}

/**
 * tb_reading_damage() - was something met that cannot be read?
 * @reading: the ledger
 *
 * Return: a sentence of the reading's own, or NULL if nothing was.
 */
const char *tb_reading_damage(const struct tb_reading *reading)
{
	return reading->damage.text[0] ? reading->damage.text : NULL;
}

/**
 * tb_reading_open() - open a ledger for reading
 * @path: the file
 * @reading: set to it; tb_reading_close() closes it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_reading_open(const char *path, struct tb_reading **reading, struct tb_error *err)
{
	struct tb_reading *r = calloc(1, sizeof(*r));

	if (!r)
		return tb_error_set(err, -ENOMEM, "out of memory");
	r->archive = tb_beside(path, "archive");
	if (!r->archive) {
		tb_reading_close(r);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	if (sqlite3_open_v2(path, &r->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		tb_error_set(err, -EIO, "ledger %s: %s", path, sqlite3_errmsg(r->db));
		tb_reading_close(r);
		return -EIO;
	}
	*reading = r;
	return 0;
}

/**
 * tb_reading_close() - close it; no cursor is left
 * @reading: what tb_reading_open() gave, or NULL
 */
void tb_reading_close(struct tb_reading *reading)
{
	if (!reading)
		return;
	sqlite3_finalize(reading->chain_of);
	sqlite3_finalize(reading->last_archived);
	free(reading->archive);
	sqlite3_close(reading->db);
	free(reading);
}

/**
 * tb_reading_chains() - which chains are in the ledger, in order
 * @reading: the ledger
 * @chains: set to them; the caller frees it
 * @count: set to how many
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_reading_chains(struct tb_reading *reading, struct tb_ledger_chain **chains, size_t *count,
		      struct tb_error *err)
{
	struct tb_ledger_chain *list = NULL, *more;
	sqlite3_stmt *stmt;
	size_t n = 0;
	int rc;

	if (sqlite3_prepare_v2(reading->db,
			       "SELECT id, first_seq, (SELECT max(r.id) FROM record r"
			       " WHERE r.id >= no << 40 AND r.id < (no + 1) << 40), file"
			       " FROM chain LEFT JOIN archived USING (no) ORDER BY no",
			       -1, &stmt, NULL) != SQLITE_OK)
		return tb_reading_failed(reading, err);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		more = reallocarray(list, n + 1, sizeof(*list));
		if (!more || sqlite3_column_bytes(stmt, 0) != TONGBU_CHAIN_LEN)
			break;
		list = more;
		memset(&list[n], 0, sizeof(list[n]));
		memcpy(list[n].id, sqlite3_column_blob(stmt, 0), TONGBU_CHAIN_LEN);
		list[n].first = (uint64_t)sqlite3_column_int64(stmt, 1);
		list[n].empty = sqlite3_column_type(stmt, 2) == SQLITE_NULL;
		list[n].last = (uint64_t)sqlite3_column_int64(stmt, 2) & TB_LEDGER_SEQ_MAX;
		snprintf(list[n].archived, sizeof(list[n].archived), "%s",
			 (const char *)sqlite3_column_text(stmt, 3) ?: "");
		n++;
	}
	sqlite3_finalize(stmt);
	if (rc != SQLITE_DONE) {
		free(list);
		return tb_reading_failed(reading, err);
	}
	*chains = list;
	*count = n;
	return 0;
}

/**
 * tb_reading_genesis() - record 0 of a chain
 * @reading: the ledger
 * @id: the chain's id
 * @genesis: set to the record; the caller frees it
 * @len: set to its bytes
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if there is no such chain; or another negative errno.
 */
int tb_reading_genesis(struct tb_reading *reading, const uint8_t id[TONGBU_CHAIN_LEN],
		       uint8_t **genesis, size_t *len, struct tb_error *err)
{
	sqlite3_stmt *stmt;
	int rc, ret = 0;

	if (sqlite3_prepare_v2(reading->db, "SELECT genesis FROM chain WHERE id = ?", -1, &stmt,
			       NULL) != SQLITE_OK)
		return tb_reading_failed(reading, err);
	sqlite3_bind_blob(stmt, 1, id, TONGBU_CHAIN_LEN, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		*len = (size_t)sqlite3_column_bytes(stmt, 0);
		*genesis = malloc(*len);
		if (*genesis)
			memcpy(*genesis, sqlite3_column_blob(stmt, 0), *len);
		else
			ret = tb_error_set(err, -ENOMEM, "out of memory");
	} else if (rc == SQLITE_DONE) {
		ret = tb_error_set(err, -ENOENT, "there is no such chain in the ledger");
	} else {
		ret = tb_reading_failed(reading, err);
	}
	sqlite3_finalize(stmt);
	return ret;
}

/* Records do not say of which chain they are: their rows do. */
static int row_chain(struct tb_reading *reading, sqlite3_int64 id, struct tb_error *err)
{
	sqlite3_int64 no = id >> TB_LEDGER_SEQ_BITS;
	int ret = 0;

	if (no == reading->no)
		return 0;
	if (!reading->chain_of &&
	    sqlite3_prepare_v2(reading->db, "SELECT id FROM chain WHERE no = ?", -1,
			       &reading->chain_of, NULL) != SQLITE_OK)
		return tb_reading_failed(reading, err);
	sqlite3_bind_int64(reading->chain_of, 1, no);
	if (sqlite3_step(reading->chain_of) == SQLITE_ROW &&
	    sqlite3_column_bytes(reading->chain_of, 0) == TONGBU_CHAIN_LEN) {
		memcpy(reading->chain, sqlite3_column_blob(reading->chain_of, 0), TONGBU_CHAIN_LEN);
		reading->no = no;
	} else {
		ret = damaged(reading, err, "row %lld of the ledger is of no chain", id);
	}
	sqlite3_reset(reading->chain_of);
	return ret;
}

/**
 * tb_reading_row() - a row as a record
 * @reading: the ledger
 * @stmt: a row of it: id and bytes
 * @rec: set to the record, in the row's memory
 * @err: told what is wrong with it
 *
 * Return: 0 or a negative errno.
 */
int tb_reading_row(struct tb_reading *reading, sqlite3_stmt *stmt, struct tb_record *rec,
		   struct tb_error *err)
{
	int ret = row_chain(reading, sqlite3_column_int64(stmt, 0), err);

	if (ret)
		return ret;
	if (!tb_record_parse(sqlite3_column_blob(stmt, 1), (size_t)sqlite3_column_bytes(stmt, 1),
			     reading->chain, rec))
		return 0;
	return damaged(reading, err, "row %lld of the ledger is no record",
		       sqlite3_column_int64(stmt, 0));
}

/**
 * tb_reading_names() - learn what the sources are called
 * @reading: the ledger
 * @after: id of the last row taken in, 0 at first; updated
 * @names: what learns it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_reading_names(struct tb_reading *reading, uint64_t *after, struct tb_names *names,
		     struct tb_error *err)
{
	struct tb_record rec;
	sqlite3_stmt *stmt;
	int rc, ret = 0;

	if (sqlite3_prepare_v2(reading->db,
			       "SELECT r.id, r.bytes FROM armed JOIN record r ON"
			       " r.id = armed.record WHERE armed.record > ? ORDER BY armed.record",
			       -1, &stmt, NULL) != SQLITE_OK)
		return tb_reading_failed(reading, err);
	sqlite3_bind_int64(stmt, 1, (sqlite3_int64)*after);
	while (!ret && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		ret = tb_reading_row(reading, stmt, &rec, err);
		if (!ret && tb_names_learn(names, &rec))
			ret = tb_error_set(err, -ENOMEM, "out of memory");
		*after = (uint64_t)sqlite3_column_int64(stmt, 0);
	}
	if (!ret && rc != SQLITE_DONE)
		ret = tb_reading_failed(reading, err);
	sqlite3_finalize(stmt);
	return ret;
}
