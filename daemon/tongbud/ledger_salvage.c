// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can still be read of a ledger whose file is damaged goes into a new one, record by
 * record in the order of their numbers. Where a page cannot be read the next row that can is
 * sought by leaps that double. The damaged file is kept.
 */
#include "ledger_salvage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "hex.h"
#include "ledger.h"
#include "ledger_read.h"
#include "ledger_tree.h"
#include "log.h"

/* Of what was read so much is added in one transaction. */
#define BATCH (4UL * 1024 * 1024)

/**
 * struct salvage - a salvage under way
 * @path: the damaged ledger
 * @from: it, open
 * @to: the new one
 * @after: id of the last row that was read, or of the last that cannot be
 * @no: number of the chain in @from whose records are being added; 0 before the first
 * @chain: its id
 * @archived: its records are in a bundle; what of them is missing, is not
 * @chains: chains added
 * @next: number of its next record
 * @kept: records added
 * @missing: records that are not, as far as numbers tell
 * @strays: rows that are no record of their chain, or of one that nothing is known of
 */
struct salvage {
	const char *path;
	sqlite3 *from;
	struct tb_ledger *to;
	sqlite3_int64 after;
	sqlite3_int64 no;
	uint8_t chain[TONGBU_CHAIN_LEN];
	bool archived;
	sqlite3_int64 chains;
	uint64_t next;
	uint64_t kept;
	uint64_t missing;
	uint64_t strays;
};

/* A page that is none, or that the disk does not give */
static bool is_damage(int rc)
{
	return (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_IOERR;
}

/* That its records are in a bundle, with the chain, in one transaction */
static int keep_archived(struct salvage *s, struct tb_error *err)
{
	sqlite3 *db = tb_ledger_db(s->to);
	sqlite3_stmt *from = NULL, *to = NULL;
	int i, rc;

	s->archived =
		sqlite3_prepare_v2(s->from,
				   "SELECT file, bytes, sha256, done FROM archived WHERE no = ?",
				   -1, &from, NULL) == SQLITE_OK &&
		!sqlite3_bind_int64(from, 1, s->no) && sqlite3_step(from) == SQLITE_ROW;
	rc = sqlite3_prepare_v2(db,
				"INSERT INTO archived (no, file, bytes, sha256, done)"
				" VALUES (?, ?, ?, ?, ?)",
				-1, &to, NULL);
	if (rc == SQLITE_OK && s->archived) {
		sqlite3_bind_int64(to, 1, s->chains);
		for (i = 0; i < 4; i++)
			sqlite3_bind_value(to, i + 2, sqlite3_column_value(from, i));
		rc = sqlite3_step(to) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
	}
	if (rc != SQLITE_OK)
		tb_error_set(err, -EIO, "%s: %s", sqlite3_db_filename(db, "main"),
			     sqlite3_errmsg(db));
	sqlite3_finalize(from);
	sqlite3_finalize(to);
	return rc == SQLITE_OK ? 0 : -EIO;
}

static int add_chain(struct salvage *s, const void *id, uint64_t first, const void *genesis,
		     size_t len, sqlite3_int64 no, struct tb_error *err)
{
	memcpy(s->chain, id, TONGBU_CHAIN_LEN);
	s->no = no;
	s->next = first;
	s->chains++;
	return tb_ledger_add_chain(s->to, s->chain, first, genesis, len, err) ?:
										keep_archived(s, err);
}

/* Where the row of a chain cannot be read, its record 0 tells as much. */
static int begin_chain(struct salvage *s, sqlite3_int64 no, const uint8_t *bytes, size_t len,
		       struct tb_error *err)
{
	struct tongbu_genesis genesis;
	struct tb_record rec;
	sqlite3_stmt *stmt = NULL;
	int ret = -ENOENT;

	if (sqlite3_prepare_v2(s->from, "SELECT id, first_seq, genesis FROM chain WHERE no = ?", -1,
			       &stmt, NULL) == SQLITE_OK &&
	    !sqlite3_bind_int64(stmt, 1, no) && sqlite3_step(stmt) == SQLITE_ROW &&
	    sqlite3_column_bytes(stmt, 0) == TONGBU_CHAIN_LEN) {
		ret = add_chain(s, sqlite3_column_blob(stmt, 0),
				(uint64_t)sqlite3_column_int64(stmt, 1),
				sqlite3_column_blob(stmt, 2) ?: "",
				(size_t)sqlite3_column_bytes(stmt, 2), no, err);
	} else if (!tb_record_frame(bytes, len, NULL, &rec) && rec.kind == TONGBU_KIND_GENESIS &&
		   rec.length >= sizeof(genesis)) {
		memcpy(&genesis, rec.payload, sizeof(genesis));
		ret = add_chain(s, genesis.chain, 0, bytes, len, no, err);
	}
	sqlite3_finalize(stmt);
	return ret;
}

/*
 * Of records that are in a bundle, or cannot be read, the log has the hashes: with them it
 * goes on from what was signed of it. Where hashes cannot be read it does not, and whoever
 * signs it says so.
 */
static int keep_hashes(struct salvage *s, uint64_t seq, struct tb_error *err)
{
	static const char hashes[] =
		"SELECT r.record + h.id - r.entry, h.hash FROM log_run r JOIN log_hash h ON"
		" h.id BETWEEN r.entry + max(?1 - r.record, 0) AND min(r.entry + ?2 - r.record,"
		" ifnull((SELECT min(n.entry) FROM log_run n WHERE n.entry > r.entry), 1 << 56) - 1)"
		" WHERE r.record <= ?2 ORDER BY h.id";
	const sqlite3_int64 chain = s->no << TB_LEDGER_SEQ_BITS;
	sqlite3_stmt *stmt = NULL;
	sqlite3_int64 row;
	/* Nothing to append: it begins the transaction. */
	int ret = tb_ledger_append(s->to, NULL, 0, err);

	/* An older ledger has no log. */
	if (ret || sqlite3_prepare_v2(s->from, hashes, -1, &stmt, NULL) != SQLITE_OK)
		return ret;
	sqlite3_bind_int64(stmt, 1, chain | (sqlite3_int64)s->next);
	sqlite3_bind_int64(stmt, 2, chain | (sqlite3_int64)(seq - 1));
	while (!ret && sqlite3_step(stmt) == SQLITE_ROW &&
	       sqlite3_column_bytes(stmt, 1) == TB_HASH_LEN) {
		row = sqlite3_column_int64(stmt, 0) - chain + (s->chains << TB_LEDGER_SEQ_BITS);
		ret = tb_tree_add_leaf(tb_ledger_tree(s->to), row, sqlite3_column_blob(stmt, 1),
				       err);
	}
	sqlite3_finalize(stmt);
	return ret;
}

static int tell_missing(struct salvage *s, uint64_t seq, struct tb_error *err)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	if (seq == s->next)
		return 0;
	tb_ledger_skip_to(s->to, seq);
	if (s->archived)
		return keep_hashes(s, seq, err);
	tb_log_warning("ledger %s: records %llu to %llu of chain %s cannot be read", s->path,
		       (unsigned long long)s->next, (unsigned long long)seq - 1,
		       tb_hex_encode(chain, s->chain, TONGBU_CHAIN_LEN));
	s->missing += seq - s->next;
	return keep_hashes(s, seq, err);
}

static int take(struct salvage *s, sqlite3_int64 id, const uint8_t *bytes, size_t len,
		struct tb_error *err)
{
	sqlite3_int64 no = id >> TB_LEDGER_SEQ_BITS;
	uint64_t seq = (uint64_t)id & TB_LEDGER_SEQ_MAX;
	struct tb_record rec;
	int ret = no == s->no ? 0 : begin_chain(s, no, bytes, len, err);

	if (ret && ret != -ENOENT)
		return ret;
	if (ret || tb_record_parse(bytes, len, s->chain, &rec) || rec.seq != seq ||
	    rec.size != len || seq < s->next) {
		s->strays++;
		return 0;
	}
	ret = tell_missing(s, seq, err) ?: tb_ledger_append(s->to, bytes, len, err);
	s->next = seq + 1;
	s->kept++;
	if (!ret && tb_ledger_pending(s->to) >= BATCH)
		ret = tb_ledger_commit(s->to, err);
	return ret;
}

/* All rows behind @s->after, until one cannot be read; 1 then */
static int read_on(struct salvage *s, struct tb_error *err)
{
	sqlite3_stmt *stmt = NULL;
	const void *bytes;
	int rc, ret = 0;

	rc = sqlite3_prepare_v2(s->from, "SELECT id, bytes FROM record WHERE id > ? ORDER BY id",
				-1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(stmt, 1, s->after);
	while (!ret && rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
		if (rc != SQLITE_ROW)
			break;
		/* What spilled onto other pages is read now. */
		bytes = sqlite3_column_blob(stmt, 1);
		if (!bytes && is_damage(sqlite3_errcode(s->from))) {
			rc = sqlite3_errcode(s->from);
			break;
		}
		rc = SQLITE_OK;
		s->after = sqlite3_column_int64(stmt, 0);
		ret = take(s, s->after, bytes, (size_t)sqlite3_column_bytes(stmt, 1), err);
	}
	if (!ret && is_damage(rc))
		ret = 1;
	else if (!ret && rc != SQLITE_DONE)
		ret = tb_error_set(err, -EIO, "ledger %s: %s", s->path, sqlite3_errmsg(s->from));
	sqlite3_finalize(stmt);
	return ret;
}

/* Can the row that follows an id be read? So can it if there is none. */
static bool is_readable(struct salvage *s, sqlite3_int64 after)
{
	sqlite3_stmt *stmt = NULL;
	bool readable = false;

	if (sqlite3_prepare_v2(s->from, "SELECT bytes FROM record WHERE id > ? ORDER BY id LIMIT 1",
			       -1, &stmt, NULL) == SQLITE_OK &&
	    !sqlite3_bind_int64(stmt, 1, after)) {
		switch (sqlite3_step(stmt)) {
		case SQLITE_ROW:
			readable = sqlite3_column_blob(stmt, 0);
			break;
		case SQLITE_DONE:
			readable = true;
			break;
		}
	}
	sqlite3_finalize(stmt);
	return readable;
}

/* Over what cannot be read, to the first row behind it that can; false if there is none */
static bool leap(struct salvage *s)
{
	sqlite3_int64 low = 0, high = 1, middle;

	for (; !is_readable(s, s->after + high); high *= 2) {
		if (high > INT64_MAX / 4 - s->after)
			return false;
		low = high;
	}
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (is_readable(s, s->after + middle))
			high = middle;
		else
			low = middle;
	}
	s->after += high;
	return true;
}

static int copy(struct salvage *s, struct tb_error *err)
{
	int ret;

	do
		ret = read_on(s, err);
	while (ret == 1 && leap(s));
	if (ret == 1)
		tb_log_warning("ledger %s: nothing behind the last record that is kept can be read",
			       s->path);
	return ret < 0 ? ret : tb_ledger_commit(s->to, err);
}

/* Whoever repairs it, the same may write it as before. */
static int same_owner(const char *path, const char *made)
{
	struct stat st;

	if (stat(path, &st) || chmod(made, st.st_mode & 0777))
		return -1;
	return chown(made, st.st_uid, st.st_gid) && errno != EPERM ? -1 : 0;
}

/* The damaged one aside, with its log, and the new one into its place: at no time is there none. */
static int exchange(const char *path, const char *made, char *aside, size_t size,
		    struct tb_error *err)
{
	char log[4096], log_aside[4200], index[4096];

	snprintf(aside, size, "%s.damaged-%lld", path, (long long)time(NULL));
	snprintf(log, sizeof(log), "%s-wal", path);
	snprintf(log_aside, sizeof(log_aside), "%s-wal", aside);
	snprintf(index, sizeof(index), "%s-shm", path);
	if (same_owner(path, made) || link(path, aside) ||
	    (rename(log, log_aside) && errno != ENOENT) || rename(made, path))
		return tb_error_set(err, -errno, "%s cannot be set aside as %s: %s", path, aside,
				    strerror(errno));
	/* Made anew from the log, if there is one */
	unlink(index);
	return 0;
}

static int open_damaged(struct salvage *s, struct tb_error *err)
{
	if (sqlite3_open_v2(s->path, &s->from, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		return tb_error_set(err, -EIO, "ledger %s: %s", s->path, sqlite3_errmsg(s->from));
	/* It stays as it is. */
	sqlite3_db_config(s->from, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (sqlite3_exec(s->from, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) ==
	    SQLITE_OK)
		return 0;
	return tb_error_set(err, -EBADMSG,
			    "ledger %s: %s: not one record can be read: restore it from a backup, see tongbud(8)",
			    s->path, sqlite3_errmsg(s->from));
}

/**
 * tb_ledger_salvage() - make a ledger of what can be read of a damaged one
 * @path: its file, which the caller keeps others from writing
 * @err: told what went wrong; then all is as it was
 *
 * The damaged file is renamed, with its write-ahead log. What is kept, and what is not,
 * is logged.
 *
 * Return: 0; -EBADMSG if nothing can be read; or another negative errno.
 */
int tb_ledger_salvage(const char *path, struct tb_error *err)
{
	struct salvage s = { .path = path };
	char made[4096], lock[4200], aside[4096];
	int ret;

	snprintf(made, sizeof(made), "%s.repaired", path);
	snprintf(lock, sizeof(lock), "%s.lock", made);
	/* Of a repair that was broken off */
	unlink(made);
	ret = open_damaged(&s, err);
	if (!ret)
		ret = tb_ledger_open(made, &s.to, err);
	if (!ret)
		ret = copy(&s, err);
	tb_ledger_close(s.to);
	sqlite3_close(s.from);
	unlink(lock);
	if (!ret && !s.kept)
		ret = tb_error_set(err, -EBADMSG,
				   "ledger %s: not one record can be read: restore it from a backup, see tongbud(8)",
				   path);
	if (!ret)
		ret = exchange(path, made, aside, sizeof(aside), err);
	if (ret) {
		unlink(made);
		return ret;
	}
	tb_log_notice("ledger %s was damaged and is set aside as %s; in its place stands what could be read of it: %llu records, without at least %llu that could not, and %llu rows that are none",
		      path, aside, (unsigned long long)s.kept, (unsigned long long)s.missing,
		      (unsigned long long)s.strays);
	return 0;
}
