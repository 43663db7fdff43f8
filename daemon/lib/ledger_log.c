// SPDX-License-Identifier: GPL-2.0-only
#include "ledger_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger_priv.h"

#define LEVEL_SHIFT 56
/* Records read from the ledger at a time, in bytes */
#define ROOM (256U << 10)

/**
 * struct tb_log_reading - a log, being read
 * @reading: the ledger
 * @get: finds hashes
 * @cursor: entries from where it was last sought, or NULL
 * @entry: number of the entry that comes next
 * @buf: records of the ledger, as they came
 * @at: where the next one is in it
 * @len: bytes in it
 */
struct tb_log_reading {
	struct tb_reading *reading;
	sqlite3_stmt *get;
	struct tb_cursor *cursor;
	uint64_t entry;
	uint8_t *buf;
	size_t at;
	size_t len;
};

/**
 * tb_log_hash_id() - which row of log_hash is it?
 * @base: the subtree has 2^(8 * @base) entries
 * @index: which of those, from 0
 *
 * Return: its id.
 */
sqlite3_int64 tb_log_hash_id(unsigned int base, uint64_t index)
{
	return (sqlite3_int64)((uint64_t)base << LEVEL_SHIFT | index);
}

/**
 * tb_log_hashes() - read roots of subtrees; a tb_tile_get
 * @base: they have 2^(8 * @base) entries
 * @first: the first of them
 * @count: how many
 * @part: each is added to it
 * @userdata: the statement %TB_LOG_HASHES
 *
 * Return: 0.
 */
int tb_log_hashes(unsigned int base, uint64_t first, uint64_t count, struct tb_frontier *part,
		  void *userdata)
{
	sqlite3_int64 id = tb_log_hash_id(base, first);
	sqlite3_stmt *get = userdata;
	uint64_t i;

	sqlite3_bind_int64(get, 1, id);
	sqlite3_bind_int64(get, 2, (sqlite3_int64)count);
	for (i = 0; i < count && sqlite3_step(get) == SQLITE_ROW; i++) {
		if (sqlite3_column_int64(get, 0) != id + (sqlite3_int64)i ||
		    sqlite3_column_bytes(get, 1) != TB_HASH_LEN)
			break;
		tb_frontier_add(part, sqlite3_column_blob(get, 1), NULL, NULL);
	}
	sqlite3_reset(get);
	return 0;
}

/**
 * tb_log_open() - open a ledger's log for reading
 * @ledger: the ledger's file
 * @archive: directory with the bundles of archived chains
 * @log: set to the log; tb_log_close() closes it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_log_open(const char *ledger, const char *archive, struct tb_log_reading **log,
		struct tb_error *err)
{
	struct tb_log_reading *l = calloc(1, sizeof(*l));
	int ret;

	if (!l)
		return tb_error_set(err, -ENOMEM, "out of memory");
	l->buf = malloc(ROOM);
	ret = l->buf ? tb_reading_open(ledger, &l->reading, err) :
		       tb_error_set(err, -ENOMEM, "out of memory");
	if (l->reading && tb_reading_archive(l->reading, archive))
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	if (!ret && l->reading &&
	    sqlite3_prepare_v2(l->reading->db, TB_LOG_HASHES, -1, &l->get, NULL) != SQLITE_OK)
		ret = tb_reading_failed(l->reading, err);
	if (ret)
		tb_log_close(l);
	else
		*log = l;
	return ret;
}

/**
 * tb_log_close() - be done with a log
 * @log: the log, or NULL
 */
void tb_log_close(struct tb_log_reading *log)
{
	if (!log)
		return;
	tb_cursor_close(log->cursor);
	sqlite3_finalize(log->get);
	tb_reading_close(log->reading);
	free(log->buf);
	free(log);
}

/* Entries of a run are rows in order. */
static int row_of(struct tb_log_reading *log, uint64_t entry, uint64_t *row, struct tb_error *err)
{
	sqlite3_stmt *stmt;
	int rc;

	if (sqlite3_prepare_v2(log->reading->db,
			       "SELECT record + (?1 - entry) FROM log_run WHERE entry <= ?1"
			       " ORDER BY entry DESC LIMIT 1",
			       -1, &stmt, NULL) != SQLITE_OK)
		return tb_reading_failed(log->reading, err);
	sqlite3_bind_int64(stmt, 1, (sqlite3_int64)entry);
	rc = sqlite3_step(stmt);
	*row = rc == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : tb_reading_failed(log->reading, err);
}

/**
 * tb_log_seek() - which entry is to come next?
 * @log: the log
 * @entry: its number; it may not be there yet
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_log_seek(struct tb_log_reading *log, uint64_t entry, struct tb_error *err)
{
	struct tb_query query = TB_QUERY_ALL;
	int ret;

	if (log->cursor && log->entry == entry)
		return 0;
	query.archived = true;
	ret = row_of(log, entry, &query.after, err);
	if (ret)
		return ret;
	tb_cursor_close(log->cursor);
	log->cursor = NULL;
	log->at = log->len = 0;
	log->entry = entry;
	return tb_cursor_open(log->reading, &query, &log->cursor, err);
}

static int check(struct tb_log_reading *log, const struct tb_record *rec, struct tb_error *err)
{
	uint8_t leaf[TB_HASH_LEN], kept[TB_HASH_LEN];

	tb_merkle_leaf(rec->bytes, rec->size, leaf);
	if (!tb_merkle_tile(0, log->entry, tb_log_hashes, log->get, kept) &&
	    !memcmp(leaf, kept, TB_HASH_LEN))
		return 0;
	return tb_error_set(err, -EBADMSG,
			    "entry %" PRIu64
			    " of the log is not the record that the ledger has there: the ledger was damaged or changed; tongbuctl log --from %" PRIu64
			    " shows it",
			    log->entry, rec->seq);
}

/**
 * tb_log_next() - the next entry
 * @log: the log, sought
 * @bytes: set to the record, the log's own until the next call; NULL if there is none yet
 * @len: set to its bytes
 * @err: told what went wrong
 *
 * Return: 0; -EBADMSG if it is not what the log's hash is of; or another negative errno.
 */
int tb_log_next(struct tb_log_reading *log, const uint8_t **bytes, size_t *len,
		struct tb_error *err)
{
	struct tb_record rec;
	bool end = false;
	int ret = 0;

	*bytes = NULL;
	while (!ret && !end && log->at == log->len) {
		log->at = 0;
		ret = tb_cursor_next(log->cursor, log->buf, ROOM, &log->len, &end, err);
	}
	if (ret || log->at == log->len)
		return ret;
	if (tb_record_frame(log->buf + log->at, log->len - log->at, tb_cursor_chain(log->cursor),
			    &rec))
		return tb_error_set(err, -EBADMSG, "entry %" PRIu64 " of the log is no record",
				    log->entry);
	ret = check(log, &rec, err);
	if (ret)
		return ret;
	*bytes = rec.bytes;
	*len = rec.size;
	log->at += rec.size;
	log->entry++;
	return 0;
}

static int fetch(unsigned int level, uint64_t index, uint8_t hash[TB_HASH_LEN], void *userdata)
{
	struct tb_log_reading *log = userdata;

	return tb_merkle_tile(level, index, tb_log_hashes, log->get, hash);
}

/**
 * tb_log_root() - root of the log as it was
 * @log: the log
 * @size: entries it had
 * @root: set to it
 * @err: told what went wrong
 *
 * Return: 0; or -EBADMSG if the ledger has no such hashes.
 */
int tb_log_root(struct tb_log_reading *log, uint64_t size, uint8_t root[TB_HASH_LEN],
		struct tb_error *err)
{
	int ret = tb_merkle_root(size, fetch, log, root);

	return ret ? tb_error_set(err, ret, "the ledger's log has not had %" PRIu64 " entries",
				  size) :
		     0;
}

/**
 * tb_log_growth() - prove that the log goes on from what it was
 * @log: the log
 * @old: entries it had
 * @size: entries it has, or had later
 * @proof: set to the proof
 * @err: told what went wrong
 *
 * Return: 0; -ERANGE if @old is more than @size; -EBADMSG if the ledger has no such hashes.
 */
int tb_log_growth(struct tb_log_reading *log, uint64_t old, uint64_t size, struct tb_proof *proof,
		  struct tb_error *err)
{
	int ret = tb_merkle_consistency(old, size, fetch, log, proof);

	return ret ? tb_error_set(err, ret,
				  "the log has no proof that it grew from %" PRIu64 " to %" PRIu64
				  " entries",
				  old, size) :
		     0;
}
