// SPDX-License-Identifier: GPL-2.0-only
/* A bundle that was written is read back: is it what was written, and what the ledger has? */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "archive_priv.h"
#include "hex.h"
#include "log.h"

static int open_bundle(struct tb_moving *m, struct tb_error *err)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	m->fd = open(m->path, O_RDONLY | O_CLOEXEC);
	if (m->fd < 0 && m->known)
		return tb_error_set(err, -errno,
				    "the records of chain %s were archived into %s, which is not in %s: put it back there",
				    tb_hex_encode(id, m->moved.chain, TONGBU_CHAIN_LEN),
				    m->moved.file, m->folder);
	if (m->fd < 0)
		return tb_error_set(err, -errno, "%s: %s", m->path, strerror(errno));
	m->md = EVP_MD_CTX_new();
	if (!m->md || !EVP_DigestInit_ex(m->md, EVP_sha256(), NULL))
		return tb_error_set(err, -ENOMEM, "out of memory");
	m->at = 0;
	return 0;
}

static int put_back(struct tb_moving *m, struct tb_error *err);
static int compare(struct tb_moving *m, struct tb_error *err);

static int end_hash(struct tb_moving *m, struct tb_error *err)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	int ret;

	if (!EVP_DigestFinal_ex(m->md, hash, NULL))
		return tb_error_set(err, -EIO, "%s cannot be hashed", m->path);
	if (m->known && (m->at != m->bytes || memcmp(hash, m->moved.hash, TB_ARCHIVED_HASH) != 0))
		return tb_error_set(err, -EBADMSG,
				    "%s is not as it was written: put back a copy of it that is",
				    m->path);
	memcpy(m->moved.hash, hash, TB_ARCHIVED_HASH);
	m->bytes = m->at;
	ret = tb_bundle_open(m->path, &m->bundle, err);
	if (!ret && tb_window_open(&m->window, m->bundle))
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	if (ret)
		return ret;
	if (!m->station)
		m->phase = put_back;
	else
		m->phase = m->known ? tb_moving_remove : compare;
	tb_moving_rewind(m, !m->station ? "restore" : m->known ? "remove" : "check");
	m->moved.of = 0;
	for (m->range = 0; m->range < m->bundle->chain_count; m->range++)
		m->moved.of +=
			m->bundle->chains[m->range].last - m->bundle->chains[m->range].first + 1;
	m->range = 0;
	return 0;
}

/**
 * tb_moving_hash() - read the bundle's file, for its hash
 * @m: what is moved
 * @err: told what went wrong
 *
 * Return: 0; -EBADMSG if it has another hash than it had; or another negative errno.
 */
int tb_moving_hash(struct tb_moving *m, struct tb_error *err)
{
	static uint8_t bytes[BYTES];
	ssize_t got;
	int ret = m->fd < 0 ? open_bundle(m, err) : 0;

	if (ret)
		return ret;
	got = read(m->fd, bytes, sizeof(bytes));
	if (got < 0)
		return tb_error_set(err, -errno, "%s: %s", m->path, strerror(errno));
	if (!got)
		return end_hash(m, err);
	m->at += (uint64_t)got;
	return EVP_DigestUpdate(m->md, bytes, (size_t)got) ?
		       0 :
		       tb_error_set(err, -EIO, "%s cannot be hashed", m->path);
}

/* The bundle's next record; its record 0 first, which stands before ranges that begin later */
static int next_of_bundle(struct tb_moving *m, struct tb_record *rec, struct tb_error *err)
{
	int ret = tb_window_frame(&m->window, m->at, m->moved.chain, rec);

	if (ret)
		return tb_window_error(&m->window, err) ?:
			       tb_error_set(err, -EBADMSG, "%s ends within its records", m->path);
	m->at += rec->size;
	return 0;
}

static int other(const struct tb_moving *m, uint64_t seq, struct tb_error *err)
{
	return tb_error_set(err, -EBADMSG,
			    "%s, read back, has not the bytes of record %llu: nothing was removed",
			    m->path, (unsigned long long)seq);
}

static int compare_row(struct tb_moving *m, const struct tb_record *rec, struct tb_error *err)
{
	struct tb_record same;
	int ret = 0;

	if (!tb_moving_in_range(m, rec->seq))
		return 0;
	if (!m->at && rec->seq) {
		ret = next_of_bundle(m, &same, err);
		if (!ret &&
		    (same.size != m->genesis_len || memcmp(same.bytes, m->genesis, same.size) != 0))
			ret = other(m, 0, err);
	}
	if (!ret)
		ret = next_of_bundle(m, &same, err);
	if (!ret && (same.size != rec->size || memcmp(same.bytes, rec->bytes, same.size) != 0))
		ret = other(m, rec->seq, err);
	return ret;
}

static int mark(struct tb_moving *m, struct tb_error *err)
{
	sqlite3_stmt *stmt = tb_moving_ask(m,
					   "INSERT INTO archived (no, bytes, done, file, sha256)"
					   " VALUES (?, ?, ?, ?, ?)",
					   m->no, (sqlite3_int64)m->bytes, 0);

	if (stmt) {
		sqlite3_bind_text(stmt, 4, m->moved.file, -1, SQLITE_STATIC);
		sqlite3_bind_blob(stmt, 5, m->moved.hash, TB_ARCHIVED_HASH, SQLITE_STATIC);
	}
	return tb_moving_done(stmt) ? 0 : tb_moving_failed(m, err);
}

static int compare(struct tb_moving *m, struct tb_error *err)
{
	size_t i;
	int ret = tb_moving_each(m, compare_row, err);

	if (ret || m->first <= m->last)
		return ret;
	if (m->at != m->bundle->records_len || m->bundle->chain_count != m->ranges.count)
		return other(m, 0, err);
	for (i = 0; i < m->ranges.count; i++)
		if (memcmp(&m->bundle->chains[i], &m->ranges.list[i], sizeof(m->ranges.list[i])))
			return other(m, m->ranges.list[i].first, err);
	ret = mark(m, err);
	m->phase = tb_moving_remove;
	tb_moving_rewind(m, "remove");
	return ret;
}

static int insert(struct tb_moving *m, sqlite3_stmt *stmt, const struct tb_record *rec,
		  struct tb_error *err)
{
	sqlite3_bind_int64(stmt, 1, m->no << TB_LEDGER_SEQ_BITS | (sqlite3_int64)rec->seq);
	sqlite3_bind_blob(stmt, 2, rec->bytes, (int)rec->size, SQLITE_STATIC);
	if (sqlite3_step(stmt) != SQLITE_DONE)
		return tb_moving_failed(m, err);
	sqlite3_reset(stmt);
	return 0;
}

static int insert_some(struct tb_moving *m, struct tb_error *err)
{
	sqlite3_stmt *stmt =
		tb_moving_ask(m, "INSERT OR IGNORE INTO record (id, bytes) VALUES (?, ?)", 0, 0, 0);
	bool genesis = !m->at && m->bundle->chains[0].first;
	struct tb_record rec;
	int i, ret = stmt ? 0 : tb_moving_failed(m, err);

	for (i = 0; !ret && i < ROWS && m->at < m->bundle->records_len; i++) {
		ret = next_of_bundle(m, &rec, err);
		if (!ret && !(genesis && !i)) {
			ret = insert(m, stmt, &rec, err);
			m->moved.done++;
		}
	}
	sqlite3_finalize(stmt);
	return ret;
}

static int put_back(struct tb_moving *m, struct tb_error *err)
{
	bool last;
	int ret;

	if (sqlite3_exec(m->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return tb_moving_failed(m, err);
	/* Ended here, they would be rows that nobody removes. */
	ret = tb_moving_done(tb_moving_ask(m, "UPDATE archived SET done = 0 WHERE no = ?", m->no, 0,
					   0)) ?
		      insert_some(m, err) :
		      tb_moving_failed(m, err);
	last = m->at == m->bundle->records_len;
	if (!ret && last &&
	    !tb_moving_done(tb_moving_ask(m, "DELETE FROM archived WHERE no = ?", m->no, 0, 0)))
		ret = tb_moving_failed(m, err);
	if (!ret && sqlite3_exec(m->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		ret = tb_moving_failed(m, err);
	if (ret) {
		sqlite3_exec(m->db, "ROLLBACK", NULL, NULL, NULL);
		return ret;
	}
	if (!last)
		return 0;
	tb_log_notice("%llu records of %s are in the ledger again", (unsigned long long)m->moved.of,
		      m->path);
	m->moved.step = "restored";
	m->phase = NULL;
	return 0;
}
