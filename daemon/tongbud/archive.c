// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of each chain: which ranges are there (survey), the bundle (write), its hash (hash), is
 * it what the ledger has (compare), the row that says so (mark), and only then: remove its
 * rows, and give the room back (shrink). Each a piece at a time, as the feed waits. What
 * was begun and not ended is in the table: a row of archived with done = 0.
 */
#include "archive.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_priv.h"
#include "hex.h"
#include "log.h"
#include "timefmt.h"

static int survey(struct tb_moving *m, struct tb_error *err);
static int write_bundle(struct tb_moving *m, struct tb_error *err);
static int shrink(struct tb_moving *m, struct tb_error *err);

/**
 * tb_moving_failed() - say what SQLite says
 * @m: what is moved
 * @err: told
 *
 * Return: a negative errno.
 */
int tb_moving_failed(struct tb_moving *m, struct tb_error *err)
{
	int code = sqlite3_errcode(m->db) & 0xff;

	return tb_error_set(err, code == SQLITE_FULL ? -ENOSPC : -EIO, "the ledger: %s",
			    sqlite3_errmsg(m->db));
}

/**
 * tb_moving_ask() - prepare a statement
 * @m: what is moved
 * @sql: the statement
 * @a: its first number
 * @b: its second one
 * @c: its third one; what else it has is the caller's to bind
 *
 * Return: the caller's; NULL after an error.
 */
sqlite3_stmt *tb_moving_ask(struct tb_moving *m, const char *sql, sqlite3_int64 a, sqlite3_int64 b,
			    sqlite3_int64 c)
{
	const sqlite3_int64 numbers[] = { a, b, c };
	sqlite3_stmt *stmt;
	int i;

	if (sqlite3_prepare_v2(m->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return NULL;
	for (i = 0; i < 3 && i < sqlite3_bind_parameter_count(stmt); i++)
		sqlite3_bind_int64(stmt, i + 1, numbers[i]);
	return stmt;
}

/**
 * tb_moving_done() - do a statement that has no rows
 * @stmt: the statement, taken over; NULL after an error
 *
 * Return: whether it is done.
 */
bool tb_moving_done(sqlite3_stmt *stmt)
{
	bool well = stmt && sqlite3_step(stmt) == SQLITE_DONE;

	return sqlite3_finalize(stmt) == SQLITE_OK && well;
}

static int64_t number(struct tb_moving *m, const char *sql)
{
	sqlite3_stmt *stmt = tb_moving_ask(m, sql, 0, 0, 0);
	int64_t value = stmt && sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) :
								   -1;

	sqlite3_finalize(stmt);
	return value;
}

/**
 * tb_moving_each() - look at the next piece of the chain's rows
 * @m: what is moved
 * @each: called for each record, which is in the row's memory
 * @err: told what went wrong
 *
 * Return: 0, what @each returned, or a negative errno.
 */
int tb_moving_each(struct tb_moving *m,
		   int (*each)(struct tb_moving *m, const struct tb_record *rec,
			       struct tb_error *err),
		   struct tb_error *err)
{
	sqlite3_stmt *stmt = tb_moving_ask(m,
					   "SELECT id, bytes FROM record WHERE id BETWEEN ? AND ?"
					   " ORDER BY id LIMIT ?",
					   m->first, m->last, ROWS);
	struct tb_record rec;
	int rc = SQLITE_ERROR, ret = 0;

	while (!ret && stmt && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		m->first = sqlite3_column_int64(stmt, 0) + 1;
		m->moved.done++;
		if (tb_record_parse(sqlite3_column_blob(stmt, 1),
				    (size_t)sqlite3_column_bytes(stmt, 1), m->moved.chain, &rec))
			ret = tb_error_set(err, -EBADMSG, "row %lld of the ledger is no record",
					   (long long)m->first - 1);
		else
			ret = each(m, &rec, err);
	}
	if (!ret && rc != SQLITE_DONE)
		ret = tb_moving_failed(m, err);
	sqlite3_finalize(stmt);
	return ret;
}

/**
 * tb_moving_rewind() - begin a step at the chain's first record
 * @m: what is moved
 * @step: what it is called
 */
void tb_moving_rewind(struct tb_moving *m, const char *step)
{
	m->moved.step = step;
	m->moved.done = 0;
	m->first = m->no << TB_LEDGER_SEQ_BITS;
	m->range = 0;
	m->at = 0;
}

static void close_chain(struct tb_moving *m)
{
	tb_bundle_writer_free(m->writer);
	m->writer = NULL;
	tb_window_close(&m->window);
	tb_bundle_close(m->bundle);
	m->bundle = NULL;
	free(m->ranges.list);
	m->ranges = (struct tb_ranges){ 0 };
	free(m->genesis);
	m->genesis = NULL;
	free(m->path);
	m->path = NULL;
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
	EVP_MD_CTX_free(m->md);
	m->md = NULL;
	m->known = false;
}

/* A row with: no, id, genesis, last id, last bytes, and of archived: file, bytes, hash */
static int take_chain(struct tb_moving *m, sqlite3_stmt *stmt, struct tb_error *err)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	const char *file = (const char *)sqlite3_column_text(stmt, 5);

	if (sqlite3_column_bytes(stmt, 1) != TONGBU_CHAIN_LEN)
		return tb_error_set(err, -EBADMSG, "the ledger's chain number %lld has no id",
				    (long long)m->no);
	memcpy(m->moved.chain, sqlite3_column_blob(stmt, 1), TONGBU_CHAIN_LEN);
	tb_hex_encode(id, m->moved.chain, TONGBU_CHAIN_LEN);
	m->last = sqlite3_column_int64(stmt, 3);
	m->moved.of = 0;
	m->genesis_len = (size_t)sqlite3_column_bytes(stmt, 2);
	m->genesis = malloc(m->genesis_len ?: 1);
	if (file)
		snprintf(m->moved.file, sizeof(m->moved.file), "%s", file);
	else
		snprintf(m->moved.file, sizeof(m->moved.file), "%06lld-%s.bundle", (long long)m->no,
			 id);
	m->known = file && sqlite3_column_bytes(stmt, 7) == TB_ARCHIVED_HASH;
	m->bytes = (uint64_t)sqlite3_column_int64(stmt, 6);
	if (m->known)
		memcpy(m->moved.hash, sqlite3_column_blob(stmt, 7), TB_ARCHIVED_HASH);
	if (!m->genesis || asprintf(&m->path, "%s/%s", m->folder, m->moved.file) < 0)
		return tb_error_set(err, -ENOMEM, "out of memory");
	if (m->genesis_len)
		memcpy(m->genesis, sqlite3_column_blob(stmt, 2), m->genesis_len);
	return 0;
}

#define CHAIN                                                                                 \
	"SELECT c.no, c.id, c.genesis, r.id, r.bytes, a.file, a.bytes, a.sha256 FROM chain c" \
	" LEFT JOIN archived a USING (no) LEFT JOIN record r ON r.id = (SELECT max(id) FROM"  \
	" record WHERE id >= c.no << 40 AND id < (c.no + 1) << 40) "

/* Return: 1 if there is a chain, 0 if there is none, or a negative errno. */
static int find_chain(struct tb_moving *m, const char *sql, sqlite3_int64 after, uint64_t *ended,
		      struct tb_error *err)
{
	sqlite3_stmt *stmt = tb_moving_ask(m, sql, after, 0, 0);
	struct tb_record rec;
	int rc = stmt ? sqlite3_step(stmt) : SQLITE_ERROR, ret = 0;

	if (rc == SQLITE_ROW) {
		close_chain(m);
		m->no = sqlite3_column_int64(stmt, 0);
		*ended = UINT64_MAX;
		ret = take_chain(m, stmt, err);
		if (!ret &&
		    !tb_record_parse(sqlite3_column_blob(stmt, 4),
				     (size_t)sqlite3_column_bytes(stmt, 4), m->moved.chain, &rec))
			*ended = rec.realtime;
		ret = ret ?: 1;
	} else if (rc != SQLITE_DONE) {
		ret = tb_moving_failed(m, err);
	}
	sqlite3_finalize(stmt);
	return ret;
}

static void end(struct tb_moving *m)
{
	close_chain(m);
	m->moved.step = "end";
	m->phase = NULL;
	/* What was removed leaves the file when the log is taken into it. */
	sqlite3_wal_checkpoint_v2(m->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* What was begun first; then the oldest chain that is whole in the ledger */
static int next_chain(struct tb_moving *m, struct tb_error *err)
{
	static const char begun[] = CHAIN "WHERE a.done = 0 ORDER BY c.no LIMIT 1";
	/* Without records there is nothing to move; the last chain may go on. */
	static const char whole[] = CHAIN
		"WHERE c.no > ?1 AND c.no > (SELECT ifnull(max(no), 0) FROM archived)"
		" AND c.no < (SELECT max(no) FROM chain) AND r.id IS NOT NULL ORDER BY c.no LIMIT 1";
	uint64_t ended = 0;
	int ret = m->dry ? 0 : find_chain(m, begun, 0, &ended, err);

	if (ret > 0) {
		m->phase = tb_moving_hash;
		tb_moving_rewind(m, "check");
		return 0;
	}
	if (!ret)
		ret = find_chain(m, whole, m->no, &ended, err);
	if (ret < 0)
		return ret;
	if (!ret || ended >= m->before) {
		end(m);
		return 0;
	}
	m->phase = survey;
	tb_moving_rewind(m, "write");
	m->moved.of = 0;
	return 0;
}

static int note_row(struct tb_moving *m, const struct tb_record *rec, struct tb_error *err)
{
	struct tb_bundle_chain from = { .first = rec->seq ? 1 : 0 };

	memcpy(from.id, m->moved.chain, TONGBU_CHAIN_LEN);
	if ((!m->ranges.count && tb_ranges_begin(&m->ranges, &from)) ||
	    tb_ranges_add(&m->ranges, rec))
		return tb_error_set(err, -ENOMEM, "out of memory");
	return 0;
}

static int make_folder(const struct tb_moving *m, struct tb_error *err)
{
	if (!mkdir(m->folder, 0750) || errno == EEXIST)
		return 0;
	return tb_error_set(err, -errno, "%s cannot be made: %s", m->folder, strerror(errno));
}

/* What one that was killed has left of a bundle that has no name yet */
static void sweep(const struct tb_moving *m)
{
	char *pattern;
	glob_t found;
	size_t i;

	if (asprintf(&pattern, "%s.??????", m->path) < 0)
		return;
	if (!glob(pattern, GLOB_NOSORT, NULL, &found)) {
		for (i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
		globfree(&found);
	}
	free(pattern);
}

static int survey(struct tb_moving *m, struct tb_error *err)
{
	size_t i;
	int ret = tb_moving_each(m, note_row, err);

	if (ret || m->first <= m->last)
		return ret;
	tb_ranges_end(&m->ranges);
	for (i = 0; i < m->ranges.count; i++)
		m->moved.of += m->ranges.list[i].last - m->ranges.list[i].first + 1;
	/* Of single records no bundle can be made: they stay. */
	m->phase = next_chain;
	if (!m->ranges.count)
		return 0;
	m->moved.done = 0;
	if (m->dry) {
		m->moved.step = "would";
		return 0;
	}
	ret = make_folder(m, err);
	sweep(m);
	if (!ret)
		ret = tb_bundle_writer_new(m->path, m->station, tb_time_now(), m->ranges.list,
					   m->ranges.count, &m->writer, err);
	if (!ret && m->ranges.list[0].first)
		ret = tb_bundle_writer_add(m->writer, m->genesis, m->genesis_len, err);
	m->phase = write_bundle;
	tb_moving_rewind(m, "write");
	return ret;
}

/**
 * tb_moving_in_range() - is this record of the bundle?
 * @m: what is moved
 * @seq: its number; they come in order
 *
 * Return: whether.
 */
bool tb_moving_in_range(struct tb_moving *m, uint64_t seq)
{
	while (m->range < m->ranges.count && seq > m->ranges.list[m->range].last)
		m->range++;
	return m->range < m->ranges.count && seq >= m->ranges.list[m->range].first;
}

static int write_row(struct tb_moving *m, const struct tb_record *rec, struct tb_error *err)
{
	return tb_moving_in_range(m, rec->seq) ?
		       tb_bundle_writer_add(m->writer, rec->bytes, rec->size, err) :
		       0;
}

static int write_bundle(struct tb_moving *m, struct tb_error *err)
{
	int ret = tb_moving_each(m, write_row, err);

	/* Or the last of it would be long on its way to the disk */
	if (!ret)
		ret = tb_bundle_writer_flush(m->writer, err);
	if (ret || m->first <= m->last)
		return ret;
	ret = tb_bundle_writer_commit(m->writer, err);
	tb_bundle_writer_free(m->writer);
	m->writer = NULL;
	m->phase = tb_moving_hash;
	tb_moving_rewind(m, "check");
	return ret;
}

/**
 * tb_moving_remove() - remove rows whose records are in the bundle
 * @m: what is moved
 * @err: told what went wrong
 *
 * Those that name a source stay, so that numbers are names as before, and the chain's
 * last one.
 *
 * Return: 0 or a negative errno.
 */
int tb_moving_remove(struct tb_moving *m, struct tb_error *err)
{
	static const char some[] =
		"DELETE FROM record WHERE id BETWEEN ?1 AND ?2 AND id < ?3 AND id NOT IN"
		" (SELECT record FROM armed WHERE record BETWEEN ?1 AND ?2)";
	const struct tb_bundle_chain *range = &m->bundle->chains[m->range];
	uint64_t from = range->first + m->at, to = range->last;

	if (to - from >= ROWS)
		to = from + ROWS - 1;
	if (!tb_moving_done(tb_moving_ask(m, some,
					  m->no << TB_LEDGER_SEQ_BITS | (sqlite3_int64)from,
					  m->no << TB_LEDGER_SEQ_BITS | (sqlite3_int64)to,
					  m->last)))
		return tb_moving_failed(m, err);
	m->moved.done += to - from + 1;
	m->at += to - from + 1;
	if (to < range->last)
		return 0;
	m->at = 0;
	if (++m->range < m->bundle->chain_count)
		return 0;
	m->phase = shrink;
	return tb_moving_done(tb_moving_ask(m, "UPDATE archived SET done = 1 WHERE no = ?", m->no,
					    0, 0)) ?
		       0 :
		       tb_moving_failed(m, err);
}

/* A ledger that was made before gives no room back; it is used again. */
static int shrink(struct tb_moving *m, struct tb_error *err)
{
	int64_t before = number(m, "PRAGMA freelist_count");
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%d)", PAGES);
	if (sqlite3_exec(m->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return tb_moving_failed(m, err);
	if (before > 0 && number(m, "PRAGMA freelist_count") < before)
		return 0;
	tb_log_notice("%llu records were moved into %s", (unsigned long long)m->moved.of, m->path);
	m->moved.step = "moved";
	m->phase = next_chain;
	return 0;
}

static struct tb_moving *new_moving(struct tb_ledger *ledger, const char *station,
				    const char *folder)
{
	struct tb_moving *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->ledger = ledger;
	m->db = tb_ledger_db(ledger);
	m->fd = -1;
	m->station = station ? strdup(station) : NULL;
	m->folder = strdup(folder);
	m->phase = next_chain;
	if (m->folder && (!station || m->station))
		return m;
	tb_moving_free(m);
	return NULL;
}

/**
 * tb_moving_out() - move the oldest chains into bundles
 * @ledger: the ledger; kept
 * @station: name of the station, as bundles have it
 * @folder: directory of the bundles; made if it is not there
 * @before: up to the first chain that did not end before this CLOCK_REALTIME, ns
 * @dry: tell only which
 * @moving: set to it; tb_moving_free() ends it, at any time
 * @err: told what went wrong
 *
 * Return: 0 or -ENOMEM.
 */
int tb_moving_out(struct tb_ledger *ledger, const char *station, const char *folder,
		  uint64_t before, bool dry, struct tb_moving **moving, struct tb_error *err)
{
	struct tb_moving *m = new_moving(ledger, station, folder);

	if (!m)
		return tb_error_set(err, -ENOMEM, "out of memory");
	m->before = before;
	m->dry = dry;
	*moving = m;
	return 0;
}

/**
 * tb_moving_back() - put a chain's records back
 * @ledger: the ledger; kept
 * @folder: directory of the bundles
 * @chain: id of the chain that was archived last
 * @moving: set to it; tb_moving_free() ends it, at any time
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if none was archived; -EINVAL if another was the last; or another
 * negative errno.
 */
int tb_moving_back(struct tb_ledger *ledger, const char *folder,
		   const uint8_t chain[TONGBU_CHAIN_LEN], struct tb_moving **moving,
		   struct tb_error *err)
{
	static const char last[] = CHAIN "WHERE a.no = (SELECT max(no) FROM archived)";
	struct tb_moving *m = new_moving(ledger, NULL, folder);
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	uint64_t ended = 0;
	int ret;

	if (!m)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = find_chain(m, last, 0, &ended, err);
	if (!ret)
		ret = tb_error_set(err, -ENOENT, "no chain was archived");
	else if (ret > 0 && memcmp(m->moved.chain, chain, TONGBU_CHAIN_LEN) != 0)
		ret = tb_error_set(err, -EINVAL,
				   "chains are put back from the last one on, and that is %s",
				   tb_hex_encode(id, m->moved.chain, TONGBU_CHAIN_LEN));
	if (ret < 0) {
		tb_moving_free(m);
		return ret;
	}
	m->phase = tb_moving_hash;
	tb_moving_rewind(m, "check");
	*moving = m;
	return 0;
}

/**
 * tb_moving_step() - do a piece of work
 * @moving: what is moved
 * @moved: set to how far it is; after "end", or on the way back after "restored", there
 *	is no more to do
 * @err: told what went wrong; what is not done is done by the next one that begins
 *
 * Context: not while records of the ledger are pending.
 * Return: 0 or a negative errno.
 */
int tb_moving_step(struct tb_moving *moving, struct tb_moved *moved, struct tb_error *err)
{
	int ret = moving->phase(moving, err);

	*moved = moving->moved;
	return ret;
}

/**
 * tb_moving_free() - be done with it
 * @moving: what is moved, or NULL
 */
void tb_moving_free(struct tb_moving *moving)
{
	if (!moving)
		return;
	close_chain(moving);
	free(moving->station);
	free(moving->folder);
	free(moving);
}
