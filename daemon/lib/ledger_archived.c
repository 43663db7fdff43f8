// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of a chain that was archived: those of its bundle, and between them what the
 * ledger kept, in order. So it does not matter how far the moving has come.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "hex.h"
#include "ledger_priv.h"

/* Records of a bundle that are passed over in one call at the most */
#define SKIP_A_CALL 65536

/**
 * struct tb_archived_reading - a chain being read
 * @reading: the ledger
 * @no: number of the chain
 * @chain: its id
 * @bundle: its bundle; NULL if it has none
 * @window: what is in memory of that
 * @range: which of the bundle's ranges
 * @at: byte of the bundle's records that is next
 * @seq: number of that record
 * @rows: rows that the ledger kept, from one on
 * @row: id of the row that @rows stands at; the highest there is for none
 * @rec: that row's record
 */
struct tb_archived_reading {
	struct tb_reading *reading;
	sqlite3_int64 no;
	uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_bundle *bundle;
	struct tb_window window;
	size_t range;
	uint64_t at;
	uint64_t seq;
	sqlite3_stmt *rows;
	sqlite3_int64 row;
	struct tb_record rec;
};

/**
 * tb_reading_archive() - say where the bundles of archived chains are
 * @reading: the ledger
 * @folder: a directory
 *
 * Until it is said: "archive", beside the ledger.
 *
 * Return: 0 or -ENOMEM.
 */
int tb_reading_archive(struct tb_reading *reading, const char *folder)
{
	char *copy = strdup(folder);

	if (!copy)
		return -ENOMEM;
	free(reading->archive);
	reading->archive = copy;
	return 0;
}

/**
 * tb_reading_last_archived() - up to which chain were they archived?
 * @reading: the ledger
 * @no: set to its number, or 0
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_reading_last_archived(struct tb_reading *reading, sqlite3_int64 *no, struct tb_error *err)
{
	bool row;

	if (!reading->last_archived &&
	    sqlite3_prepare_v3(reading->db, "SELECT ifnull(max(no), 0) FROM archived", -1,
			       SQLITE_PREPARE_PERSISTENT, &reading->last_archived,
			       NULL) != SQLITE_OK)
		return tb_reading_failed(reading, err);
	row = sqlite3_step(reading->last_archived) == SQLITE_ROW;
	*no = row ? sqlite3_column_int64(reading->last_archived, 0) : 0;
	sqlite3_reset(reading->last_archived);
	return row ? 0 : tb_reading_failed(reading, err);
}

/* Record 0 stands before a range that begins later. */
static int enter_range(struct tb_archived_reading *a, struct tb_error *err)
{
	const struct tb_bundle_chain *range = &a->bundle->chains[a->range];
	struct tb_record rec;

	if (memcmp(range->id, a->chain, TONGBU_CHAIN_LEN) != 0)
		return tb_error_set(err, -EBADMSG, "it has another chain in it");
	a->seq = range->first;
	if (!range->first || a->range)
		return 0;
	if (tb_window_frame(&a->window, a->at, a->chain, &rec))
		return tb_window_error(&a->window, err) ?:
			       tb_error_set(err, -EBADMSG, "its record 0 cannot be read");
	a->at += rec.size;
	return 0;
}

static int open_bundle(struct tb_archived_reading *a, const char *file, uint64_t bytes,
		       struct tb_error *err)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	struct tb_error why;
	char *path;
	int ret;

	if (asprintf(&path, "%s/%s", a->reading->archive, file) < 0)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = tb_bundle_open(path, &a->bundle, &why);
	free(path);
	if (!ret && a->bundle->records_offset + a->bundle->records_len != bytes)
		ret = tb_error_set(&why, -EBADMSG, "it has not the bytes it had");
	if (!ret && tb_window_open(&a->window, a->bundle))
		ret = tb_error_set(&why, -ENOMEM, "out of memory");
	if (!ret)
		ret = enter_range(a, &why);
	if (!ret)
		return 0;
	tb_hex_encode(id, a->chain, TONGBU_CHAIN_LEN);
	if (ret == -ENOENT)
		return tb_error_set(err, ret,
				    "the records of chain %s were archived into %s, which is not in %s: put it back there",
				    id, file, a->reading->archive);
	return tb_error_set(err, ret, "archived chain %s, %s in %s: %.200s: put back a copy of it",
			    id, file, a->reading->archive, why.text);
}

static int find(struct tb_archived_reading *a, struct tb_error *err)
{
	sqlite3 *db = a->reading->db;
	sqlite3_stmt *stmt;
	int rc, ret = 0;

	if (sqlite3_prepare_v2(db,
			       "SELECT c.id, a.file, a.bytes FROM chain c LEFT JOIN archived a"
			       " USING (no) WHERE no = ?",
			       -1, &stmt, NULL) != SQLITE_OK)
		return tb_reading_failed(a->reading, err);
	sqlite3_bind_int64(stmt, 1, a->no);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_bytes(stmt, 0) == TONGBU_CHAIN_LEN) {
		memcpy(a->chain, sqlite3_column_blob(stmt, 0), TONGBU_CHAIN_LEN);
		/* One without records has no bundle. */
		if (sqlite3_column_type(stmt, 1) == SQLITE_TEXT)
			ret = open_bundle(a, (const char *)sqlite3_column_text(stmt, 1),
					  (uint64_t)sqlite3_column_int64(stmt, 2), err);
	} else {
		ret = rc == SQLITE_ROW || rc == SQLITE_DONE ?
			      tb_error_set(err, -EBADMSG, "the ledger has no chain number %lld",
					   (long long)a->no) :
			      tb_reading_failed(a->reading, err);
	}
	sqlite3_finalize(stmt);
	return ret;
}

/**
 * tb_archived_open() - begin to read a chain that was archived
 * @reading: the ledger
 * @no: number of the chain
 * @archived: set to it; tb_archived_close() ends it
 * @err: told what went wrong: which bundle is missing, say
 *
 * Return: 0 or a negative errno.
 */
int tb_archived_open(struct tb_reading *reading, sqlite3_int64 no,
		     struct tb_archived_reading **archived, struct tb_error *err)
{
	struct tb_archived_reading *a = calloc(1, sizeof(*a));
	int ret;

	if (!a)
		return tb_error_set(err, -ENOMEM, "out of memory");
	a->reading = reading;
	a->no = no;
	a->row = -1;
	ret = find(a, err);
	if (!ret && sqlite3_prepare_v2(reading->db,
				       "SELECT id, bytes FROM record WHERE id >= ? AND id < ?"
				       " ORDER BY id LIMIT 1",
				       -1, &a->rows, NULL) != SQLITE_OK)
		ret = tb_reading_failed(reading, err);
	if (ret)
		tb_archived_close(a);
	else
		*archived = a;
	return ret;
}

static int step(struct tb_archived_reading *a, size_t size, struct tb_error *err)
{
	a->at += size;
	if (a->seq++ < a->bundle->chains[a->range].last)
		return 0;
	return ++a->range < a->bundle->chain_count ? enter_range(a, err) : 0;
}

/* The bundle's next record from a number on; its kind is 0 if there is none. */
static int peek_bundle(struct tb_archived_reading *a, uint64_t from, struct tb_record *rec,
		       struct tb_error *err)
{
	int i, ret = 0;

	memset(rec, 0, sizeof(*rec));
	rec->seq = UINT64_MAX;
	for (i = 0; !ret && a->bundle && a->range < a->bundle->chain_count; i++) {
		if (tb_window_frame(&a->window, a->at, a->chain, rec) ||
		    tb_record_parse(rec->bytes, rec->size, a->chain, rec) || rec->seq != a->seq)
			return tb_window_error(&a->window, err) ?:
								  tb_error_set(err, -EBADMSG,
									       "the bundle of an archived chain has no record %llu where that is due: put back a copy of it",
									       (unsigned long long)a->seq);
		if (rec->seq >= from)
			return 0;
		if (i == SKIP_A_CALL)
			return -EAGAIN;
		ret = step(a, rec->size, err);
	}
	rec->seq = UINT64_MAX;
	return ret;
}

/* The ledger's next row from one on */
static int peek_rows(struct tb_archived_reading *a, sqlite3_int64 from, struct tb_error *err)
{
	int rc;

	if (a->row >= from)
		return 0;
	sqlite3_reset(a->rows);
	sqlite3_bind_int64(a->rows, 1, from);
	sqlite3_bind_int64(a->rows, 2, (a->no + 1) << TB_LEDGER_SEQ_BITS);
	rc = sqlite3_step(a->rows);
	a->row = INT64_MAX;
	if (rc == SQLITE_DONE)
		return 0;
	if (rc != SQLITE_ROW)
		return tb_reading_failed(a->reading, err);
	a->row = sqlite3_column_int64(a->rows, 0);
	return tb_reading_row(a->reading, a->rows, &a->rec, err);
}

/**
 * tb_archived_next() - the next record
 * @archived: the chain
 * @from: not before this id of a row; does not become less
 * @found: set to whether there is one
 * @rec: set to it, until the next call
 * @err: told what went wrong
 *
 * Return: 0; -EAGAIN if so many were passed over that others should have their turn;
 * or another negative errno.
 */
int tb_archived_next(struct tb_archived_reading *archived, sqlite3_int64 from, bool *found,
		     struct tb_record *rec, struct tb_error *err)
{
	uint64_t seq =
		from >> TB_LEDGER_SEQ_BITS == archived->no ? (uint64_t)from & TB_LEDGER_SEQ_MAX : 0;
	int ret = peek_bundle(archived, seq, rec, err);

	if (!ret)
		ret = peek_rows(archived, from, err);
	if (ret)
		return ret;
	if (archived->row < INT64_MAX && archived->rec.seq < rec->seq)
		*rec = archived->rec;
	*found = rec->seq != UINT64_MAX;
	return 0;
}

/**
 * tb_archived_rest() - hold nothing of the database until the next call
 * @archived: the chain
 */
void tb_archived_rest(struct tb_archived_reading *archived)
{
	sqlite3_reset(archived->rows);
	archived->row = -1;
}

/**
 * tb_archived_no() - which chain is it?
 * @archived: the chain, or NULL
 *
 * Return: its number, or 0.
 */
sqlite3_int64 tb_archived_no(const struct tb_archived_reading *archived)
{
	return archived ? archived->no : 0;
}

/**
 * tb_archived_close() - be done with a chain
 * @archived: the chain, or NULL
 */
void tb_archived_close(struct tb_archived_reading *archived)
{
	if (!archived)
		return;
	sqlite3_finalize(archived->rows);
	tb_window_close(&archived->window);
	tb_bundle_close(archived->bundle);
	free(archived);
}
