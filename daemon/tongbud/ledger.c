// SPDX-License-Identifier: GPL-2.0-only
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <sqlite3.h>

#include "hex.h"
#include "ledger_check.h"
#include "ledger_tree.h"

/* "TBlg": says whose file this is to SQLite, file(1) and to us */
#define APPLICATION_ID 0x54426c67
#define FORMAT	       1

/**
 * struct tb_ledger - the writing side
 * @db: the database
 * @lock: keeps a second daemon away for as long as it is open
 * @insert: adds a record
 * @name: notes that a record names a source
 * @tree: the log over the records
 * @tail: where the ledger ends, counting what is not committed yet
 * @durable: where it ended at the last commit
 * @pending: bytes not committed yet
 * @open: a transaction is open
 * @whole: it was looked at: its write-ahead log belongs to it
 */
struct tb_ledger {
	sqlite3 *db;
	int lock;
	sqlite3_stmt *insert;
	sqlite3_stmt *name;
	struct tb_tree *tree;
	struct tb_ledger_tail tail;
	struct tb_ledger_tail durable;
	size_t pending;
	bool open;
	bool whole;
};

/* What helps, as the end of a sentence */
static const char *remedy(int code)
{
	switch (code) {
	case SQLITE_FULL:
		return ": make room there";
	case SQLITE_CORRUPT:
		return ": stop tongbud and run " TB_LEDGER_REPAIR;
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return ": look at its disk, and with dmesg at what the kernel says of it";
	default:
		return "";
	}
}

static int sql_error(struct tb_ledger *ledger, struct tb_error *err, const char *what)
{
	int code = sqlite3_errcode(ledger->db) & 0xff;

	return tb_error_set(err, code == SQLITE_FULL ? -ENOSPC : -EIO, "ledger %s: %s: %s%s",
			    sqlite3_db_filename(ledger->db, "main"), what,
			    sqlite3_errmsg(ledger->db), remedy(code));
}

static int run(struct tb_ledger *ledger, const char *sql, struct tb_error *err)
{
	if (sqlite3_exec(ledger->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return sql_error(ledger, err, sql);
}

static int64_t number(struct tb_ledger *ledger, const char *sql, int64_t otherwise)
{
	int64_t value = otherwise;
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(ledger->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return otherwise;
	if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) == SQLITE_INTEGER)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/**
 * tb_ledger_lock() - keep others from writing a ledger
 * @path: its file
 * @lock: set to what holds them off until it is closed, or -1
 * @err: told what went wrong
 *
 * Return: 0; -EBUSY if another process writes it; or another negative errno.
 */
int tb_ledger_lock(const char *path, int *lock, struct tb_error *err)
{
	char *name;
	int code;

	*lock = -1;
	if (asprintf(&name, "%s.lock", path) < 0)
		return tb_error_set(err, -ENOMEM, "out of memory");
	*lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	code = -errno;
	if (*lock < 0)
		tb_error_set(err, code, "%s: %s: is the directory there and writable?", name,
			     strerror(-code));
	free(name);
	if (*lock < 0)
		return code;
	if (flock(*lock, LOCK_EX | LOCK_NB))
		return tb_error_set(err, -EBUSY,
				    "ledger %s is in use by another tongbud: stop that one first",
				    path);
	return 0;
}

/* New files are made, ours are taken, others are left alone. */
static int check_format(struct tb_ledger *ledger, const char *path, struct tb_error *err)
{
	int64_t tables = number(ledger, "SELECT count(*) FROM sqlite_master", -1);
	int64_t application, format;

	/* Locked or not to be read just now, it may be ours: no fault of the name's */
	if (tables < 0 && sqlite3_errcode(ledger->db) != SQLITE_NOTADB)
		return sql_error(ledger, err, "it cannot be opened");
	if (tables < 0)
		return tb_error_set(err, -EINVAL, "%s is not a ledger: %s", path,
				    sqlite3_errmsg(ledger->db));
	application = number(ledger, "PRAGMA application_id", -1);
	format = number(ledger, "PRAGMA user_version", -1);
	if (tables > 0 && application != APPLICATION_ID)
		return tb_error_set(err, -EINVAL,
				    "%s is some other program's database: name another file", path);
	if (tables > 0 && format != FORMAT)
		return tb_error_set(err, -EINVAL,
				    "ledger %s has format %lld, this tongbud knows %d: use a newer one",
				    path, (long long)format, FORMAT);
	return 0;
}

static int load_tail(struct tb_ledger *ledger, struct tb_error *err)
{
	struct tb_ledger_tail *tail = &ledger->tail;
	struct tb_record rec;
	sqlite3_stmt *stmt;
	int ret = 0;

	memset(tail, 0, sizeof(*tail));
	tail->chains = (uint64_t)number(ledger, "SELECT count(*) FROM chain", 0);
	tail->chain_no = (uint64_t)number(ledger, "SELECT max(no) FROM chain", 0);
	if (!tail->chain_no)
		goto out;
	/* Within a chain nothing is missing but what skip_to() left out, which is
	 * counted: a sum over chains takes the place of a count over records.
	 */
	tail->records = (uint64_t)number(ledger, "SELECT sum(records) FROM chain_size", 0);
	if (sqlite3_prepare_v2(ledger->db,
			       "SELECT c.id, c.first_seq, r.bytes FROM chain c LEFT JOIN record r ON r.id ="
			       " (SELECT max(id) FROM record WHERE id >= c.no << 40 AND id < (c.no + 1) << 40)"
			       " WHERE c.no = (SELECT max(no) FROM chain)",
			       -1, &stmt, NULL) != SQLITE_OK)
		return sql_error(ledger, err, "its end cannot be read");
	if (sqlite3_step(stmt) != SQLITE_ROW || sqlite3_column_bytes(stmt, 0) != TONGBU_CHAIN_LEN) {
		ret = sql_error(ledger, err, "its end cannot be read");
		goto out_stmt;
	}
	memcpy(tail->last.chain, sqlite3_column_blob(stmt, 0), TONGBU_CHAIN_LEN);
	tail->next = (uint64_t)sqlite3_column_int64(stmt, 1);
	if (sqlite3_column_type(stmt, 2) == SQLITE_NULL)
		goto out_stmt;
	if (tb_record_parse(sqlite3_column_blob(stmt, 2), (size_t)sqlite3_column_bytes(stmt, 2),
			    tail->last.chain, &rec)) {
		ret = tb_error_set(err, -EBADMSG,
				   "ledger %s: its last record cannot be read: restore it from a backup",
				   sqlite3_db_filename(ledger->db, "main"));
		goto out_stmt;
	}
	tb_receipt_of(&rec, &tail->last);
	tail->ended = rec.kind == TONGBU_KIND_END;
	tail->has_last = true;
	tail->next = rec.seq + 1;
out_stmt:
	sqlite3_finalize(stmt);
out:
	ledger->durable = *tail;
	return ret;
}

/**
 * tb_ledger_open() - open a ledger for writing, or make an empty one
 * @path: the file
 * @ledger: set to it; tb_ledger_close() closes it
 * @err: told what went wrong
 *
 * Return: 0; -EBUSY if another process writes it; -EINVAL for a file that is no
 * ledger; -EBADMSG for one that is damaged; or another negative errno.
 */
int tb_ledger_open(const char *path, struct tb_ledger **ledger, struct tb_error *err)
{
	/* A commit returns when the write-ahead log is on the disk. */
	static const char setup[] =
		"PRAGMA application_id = 1413639271;"
		"PRAGMA user_version = 1;"
		"CREATE TABLE IF NOT EXISTS chain (no INTEGER PRIMARY KEY, id BLOB UNIQUE NOT NULL,"
		" first_seq INTEGER NOT NULL, genesis BLOB NOT NULL);"
		"CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
		"CREATE TABLE IF NOT EXISTS armed (record INTEGER PRIMARY KEY);"
		"CREATE TABLE IF NOT EXISTS archived (no INTEGER PRIMARY KEY, file TEXT NOT NULL,"
		" bytes INTEGER NOT NULL, sha256 BLOB NOT NULL, done INTEGER NOT NULL);"
		"CREATE TEMP VIEW chain_size AS SELECT no, ifnull((SELECT max(id) FROM record"
		" WHERE id < (no + 1) << 40 AND id >= no << 40) - ((no << 40) + first_seq) + 1, 0)"
		" AS records FROM chain;";
	struct tb_ledger *l = calloc(1, sizeof(*l));
	bool unclean;
	int ret;

	if (!l)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = tb_ledger_lock(path, &l->lock, err);
	if (ret)
		goto err_close;
	unclean = tb_ledger_is_unclean(path);
	ret = -EIO;
	if (sqlite3_open_v2(path, &l->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
	    SQLITE_OK) {
		tb_error_set(err, ret, "ledger %s: %s", path, sqlite3_errmsg(l->db));
		goto err_close;
	}
	sqlite3_db_config(l->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	ret = unclean ? tb_ledger_check(l->db, path, err) : 0;
	if (!ret)
		ret = check_format(l, path, err);
	/* So that archiving gives room back; holds for a file that is made now. */
	if (!ret)
		ret = run(l, "PRAGMA auto_vacuum = INCREMENTAL", err);
	if (!ret)
		ret = run(l, "PRAGMA journal_mode = WAL", err);
	if (!ret)
		ret = run(l, "PRAGMA synchronous = FULL", err);
	/* The commit that fills the log takes it into the file: so much work, and no more */
	if (!ret)
		ret = run(l, "PRAGMA wal_autocheckpoint = 256", err);
	if (!ret)
		ret = run(l, setup, err);
	if (!ret)
		ret = load_tail(l, err);
	if (!ret)
		ret = tb_tree_open(l->db, &l->tree, err);
	if (ret)
		goto err_close;
	if (sqlite3_prepare_v3(l->db, "INSERT INTO record (id, bytes) VALUES (?, ?)", -1,
			       SQLITE_PREPARE_PERSISTENT, &l->insert, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v3(l->db, "INSERT INTO armed (record) VALUES (?)", -1,
			       SQLITE_PREPARE_PERSISTENT, &l->name, NULL) != SQLITE_OK) {
		ret = sql_error(l, err, "no record can be added");
		goto err_close;
	}
	sqlite3_db_config(l->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	l->whole = true;
	*ledger = l;
	return 0;

err_close:
	tb_ledger_close(l);
	return ret;
}

/**
 * tb_ledger_close() - close a ledger; what was not committed is dropped
 * @ledger: the ledger, or NULL
 */
void tb_ledger_close(struct tb_ledger *ledger)
{
	if (!ledger)
		return;
	sqlite3_finalize(ledger->insert);
	sqlite3_finalize(ledger->name);
	tb_tree_close(ledger->tree);
	/* Readers may go on and keep the log: an empty one says that all is well. One that
	 * is not the ledger's own must not get into it, so that it can be set aside.
	 */
	if (ledger->whole)
		sqlite3_wal_checkpoint_v2(ledger->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_close(ledger->db);
	if (ledger->lock >= 0)
		close(ledger->lock);
	free(ledger);
}

/**
 * tb_ledger_tail() - where the ledger ends, as far as it is durable
 * @ledger: the ledger
 *
 * Return: the ledger's own; changes with the next commit.
 */
const struct tb_ledger_tail *tb_ledger_tail(const struct tb_ledger *ledger)
{
	return &ledger->durable;
}

/**
 * tb_ledger_find_chain() - has this chain been here, and as which?
 * @ledger: the ledger
 * @id: the chain's id
 * @no: set to its number, or 0 if it has not
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_ledger_find_chain(struct tb_ledger *ledger, const uint8_t id[TONGBU_CHAIN_LEN], uint64_t *no,
			 struct tb_error *err)
{
	sqlite3_stmt *stmt;
	int rc;

	if (sqlite3_prepare_v2(ledger->db, "SELECT no FROM chain WHERE id = ?", -1, &stmt, NULL) !=
	    SQLITE_OK)
		return sql_error(ledger, err, "its chains cannot be read");
	sqlite3_bind_blob(stmt, 1, id, TONGBU_CHAIN_LEN, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	*no = rc == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return sql_error(ledger, err, "its chains cannot be read");
	return 0;
}

/**
 * tb_ledger_db() - the database, for who does more to it than to add records
 * @ledger: the ledger
 *
 * What is done to it while records are pending is committed, or dropped, with them.
 *
 * Return: the ledger's own.
 */
sqlite3 *tb_ledger_db(struct tb_ledger *ledger)
{
	return ledger->db;
}

static int begin(struct tb_ledger *ledger, struct tb_error *err)
{
	int ret;

	if (ledger->open)
		return 0;
	ret = run(ledger, "BEGIN IMMEDIATE", err);
	ledger->open = !ret;
	return ret;
}

/**
 * tb_ledger_add_chain() - go on with a new chain
 * @ledger: the ledger
 * @id: the chain's id
 * @first: number of the first record that will be added
 * @genesis: the chain's record 0, kept apart from its records
 * @len: bytes of @genesis
 * @err: told what went wrong
 *
 * Durable with the next commit.
 *
 * Return: 0 or a negative errno.
 */
int tb_ledger_add_chain(struct tb_ledger *ledger, const uint8_t id[TONGBU_CHAIN_LEN],
			uint64_t first, const void *genesis, size_t len, struct tb_error *err)
{
	struct tb_ledger_tail *tail = &ledger->tail;
	sqlite3_stmt *stmt;
	int ret, rc;

	ret = begin(ledger, err);
	if (ret)
		return ret;
	if (sqlite3_prepare_v2(ledger->db,
			       "INSERT INTO chain (no, id, first_seq, genesis) VALUES (?, ?, ?, ?)",
			       -1, &stmt, NULL) != SQLITE_OK)
		return sql_error(ledger, err, "no chain can be added");
	sqlite3_bind_int64(stmt, 1, (sqlite3_int64)tail->chain_no + 1);
	sqlite3_bind_blob(stmt, 2, id, TONGBU_CHAIN_LEN, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, (sqlite3_int64)first);
	sqlite3_bind_blob(stmt, 4, genesis, (int)len, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	if (rc != SQLITE_DONE)
		return sql_error(ledger, err, "no chain can be added");
	tail->chains++;
	tail->chain_no++;
	tail->next = first;
	tail->has_last = false;
	tail->ended = false;
	memset(&tail->last, 0, sizeof(tail->last));
	memcpy(tail->last.chain, id, TONGBU_CHAIN_LEN);
	ledger->pending += len;
	return 0;
}

/**
 * tb_ledger_skip_to() - expect a later record next: those between are gone
 * @ledger: the ledger
 * @seq: number of the next record
 */
void tb_ledger_skip_to(struct tb_ledger *ledger, uint64_t seq)
{
	ledger->tail.next = seq;
	ledger->durable.next = seq;
}

static int check_record(const struct tb_ledger_tail *tail, const struct tb_record *rec,
			struct tb_error *err)
{
	char expected[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], got[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	if (memcmp(rec->chain, tail->last.chain, TONGBU_CHAIN_LEN))
		return tb_error_set(err, -EBADMSG,
				    "the kernel handed over a record of chain %s, not of %s",
				    tb_hex_encode(got, rec->chain, TONGBU_CHAIN_LEN),
				    tb_hex_encode(expected, tail->last.chain, TONGBU_CHAIN_LEN));
	if (rec->seq != tail->next || rec->seq > TB_LEDGER_SEQ_MAX)
		return tb_error_set(err, -EBADMSG,
				    "the kernel handed over record %llu where %llu is next",
				    (unsigned long long)rec->seq, (unsigned long long)tail->next);
	return 0;
}

/* So that the names of numbers are found without reading all records */
static bool names_something(const struct tb_record *rec)
{
	return rec->kind == TONGBU_KIND_SOURCE_ADD || rec->kind == TONGBU_KIND_OUTPUT_ADD ||
	       rec->kind == TONGBU_KIND_REFLEX_ADD;
}

static int insert_record(struct tb_ledger *ledger, const struct tb_record *rec,
			 struct tb_error *err)
{
	sqlite3_int64 id = (sqlite3_int64)(ledger->tail.chain_no << TB_LEDGER_SEQ_BITS | rec->seq);
	int rc;

	sqlite3_bind_int64(ledger->insert, 1, id);
	sqlite3_bind_blob(ledger->insert, 2, rec->bytes, (int)rec->size, SQLITE_STATIC);
	rc = sqlite3_step(ledger->insert);
	sqlite3_reset(ledger->insert);
	if (rc == SQLITE_DONE && names_something(rec)) {
		sqlite3_bind_int64(ledger->name, 1, id);
		rc = sqlite3_step(ledger->name);
		sqlite3_reset(ledger->name);
	}
	if (rc != SQLITE_DONE)
		return sql_error(ledger, err, "no record can be added");
	return tb_tree_add(ledger->tree, id, rec->bytes, rec->size, err);
}

/**
 * tb_ledger_append() - add records of the last chain, in order
 * @ledger: the ledger
 * @records: whole records, back to back
 * @len: their bytes
 * @err: told what went wrong
 *
 * Durable with the next commit. After a failure only tb_ledger_rollback() helps.
 *
 * Return: 0; -EBADMSG for records that do not follow; or another negative errno.
 */
int tb_ledger_append(struct tb_ledger *ledger, const uint8_t *records, size_t len,
		     struct tb_error *err)
{
	struct tb_ledger_tail *tail = &ledger->tail;
	struct tb_record rec;
	int ret;

	ret = begin(ledger, err);
	for (; !ret && len; records += rec.size, len -= rec.size) {
		if (tb_record_parse(records, len, tail->last.chain, &rec))
			return tb_error_set(err, -EBADMSG,
					    "the kernel handed over bytes that are no record, after number %llu",
					    (unsigned long long)tail->next - 1);
		ret = check_record(tail, &rec, err);
		if (ret)
			break;
		ret = insert_record(ledger, &rec, err);
		tb_receipt_of(&rec, &tail->last);
		tail->ended = rec.kind == TONGBU_KIND_END;
		tail->has_last = true;
		tail->next = rec.seq + 1;
		tail->records++;
		ledger->pending += rec.size;
	}
	return ret;
}

/**
 * tb_ledger_pending() - how much a commit would make durable
 * @ledger: the ledger
 *
 * Return: bytes.
 */
size_t tb_ledger_pending(const struct tb_ledger *ledger)
{
	return ledger->pending;
}

/**
 * tb_ledger_commit() - make durable what was added
 * @ledger: the ledger
 * @err: told what went wrong
 *
 * Returns when it is on the disk. After a failure nothing of it is.
 *
 * Return: 0; -ENOSPC if the disk is full; or another negative errno.
 */
int tb_ledger_commit(struct tb_ledger *ledger, struct tb_error *err)
{
	int ret;

	if (!ledger->open)
		return 0;
	ret = run(ledger, "COMMIT", err);
	if (ret) {
		tb_ledger_rollback(ledger);
		return ret;
	}
	ledger->open = false;
	ledger->pending = 0;
	ledger->durable = ledger->tail;
	tb_tree_commit(ledger->tree);
	return 0;
}

/**
 * tb_ledger_rollback() - drop what was added since the last commit
 * @ledger: the ledger
 */
void tb_ledger_rollback(struct tb_ledger *ledger)
{
	if (ledger->open)
		sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
	ledger->open = false;
	ledger->pending = 0;
	ledger->tail = ledger->durable;
	tb_tree_rollback(ledger->tree);
}

/**
 * tb_ledger_tree() - the log over the ledger's records
 * @ledger: the ledger
 *
 * Return: the ledger's own.
 */
struct tb_tree *tb_ledger_tree(struct tb_ledger *ledger)
{
	return ledger->tree;
}
