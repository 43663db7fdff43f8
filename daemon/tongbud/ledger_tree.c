// SPDX-License-Identifier: GPL-2.0-only
#include "ledger_tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include "ledger_log.h"
#include "log.h"

/* Records of an older ledger taken in by one transaction */
#define BATCH 65536

/**
 * struct tb_tree - the log
 * @db: the ledger
 * @put: keeps a hash
 * @get: finds hashes, in order from one on
 * @run: notes where a run begins
 * @find: finds the run of a row
 * @tree: the tree, with what is not committed yet
 * @row: row of its last entry
 * @durable: the tree at the last commit
 * @durable_row: row of its last entry
 * @ret: of @put, from within the tree
 */
struct tb_tree {
	sqlite3 *db;
	sqlite3_stmt *put;
	sqlite3_stmt *get;
	sqlite3_stmt *run;
	sqlite3_stmt *find;
	struct tb_frontier tree;
	int64_t row;
	struct tb_frontier durable;
	int64_t durable_row;
	int ret;
};

static int failed(const struct tb_tree *tree, struct tb_error *err)
{
	int code = sqlite3_errcode(tree->db) & 0xff;

	return tb_error_set(err, code == SQLITE_FULL ? -ENOSPC : -EIO, "the log in ledger %s: %s",
			    sqlite3_db_filename(tree->db, "main"), sqlite3_errmsg(tree->db));
}

static void keep(unsigned int level, uint64_t index, const uint8_t hash[TB_HASH_LEN],
		 void *userdata)
{
	struct tb_tree *tree = userdata;

	if (tree->ret || level % TB_TILE_BITS)
		return;
	sqlite3_bind_int64(tree->put, 1, tb_log_hash_id(level / TB_TILE_BITS, index));
	sqlite3_bind_blob(tree->put, 2, hash, TB_HASH_LEN, SQLITE_STATIC);
	if (sqlite3_step(tree->put) != SQLITE_DONE)
		tree->ret = -EIO;
	sqlite3_reset(tree->put);
}

static int fetch(unsigned int level, uint64_t index, uint8_t hash[TB_HASH_LEN], void *userdata)
{
	struct tb_tree *tree = userdata;

	return tb_merkle_tile(level, index, tb_log_hashes, tree->get, hash);
}

static int proven(const struct tb_tree *tree, int ret, struct tb_error *err)
{
	if (ret == -EBADMSG)
		return tb_error_set(err, ret,
				    "hashes of the log are missing in ledger %s: restore it from a backup",
				    sqlite3_db_filename(tree->db, "main"));
	return ret ? tb_error_set(err, ret, "the log has %" PRIu64 " entries, and not so many",
				  tree->durable.size) :
		     0;
}

static int prove(struct tb_tree *tree,
		 int (*make)(uint64_t what, uint64_t size, tb_merkle_fetch fetch, void *userdata,
			     struct tb_proof *proof),
		 uint64_t what, uint64_t size, struct tb_proof *proof, struct tb_error *err)
{
	int ret = size > tree->durable.size ? -ERANGE : make(what, size, fetch, tree, proof);

	return proven(tree, ret, err);
}

static int64_t number(struct tb_tree *tree, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value = -1;

	if (sqlite3_prepare_v2(tree->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static int load(struct tb_tree *tree, struct tb_error *err)
{
	unsigned int level;
	int ret = 0;

	tree->tree.size =
		(uint64_t)number(tree,
				 "SELECT ifnull(max(id), -1) + 1 FROM log_hash WHERE id < 1 << 56");
	/* Its last run tells the row: entries of a run are rows in order. */
	tree->row = number(tree,
			   "SELECT ifnull((SELECT record - entry FROM log_run ORDER BY entry DESC"
			   " LIMIT 1) + (SELECT max(id) FROM log_hash WHERE id < 1 << 56), -1)");
	for (level = 0; !ret && tree->tree.size >> level; level++)
		if (tree->tree.size >> level & 1)
			ret = fetch(level, (tree->tree.size >> level) - 1, tree->tree.hash[level],
				    tree);
	if (ret || (tree->tree.size && tree->row < 0))
		return proven(tree, -EBADMSG, err);
	tb_tree_commit(tree);
	return 0;
}

static int exec(struct tb_tree *tree, const char *sql, struct tb_error *err)
{
	return sqlite3_exec(tree->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(tree, err);
}

static int take_batch(struct tb_tree *tree, sqlite3_stmt *stmt, int *rows, struct tb_error *err)
{
	int rc, ret = exec(tree, "BEGIN IMMEDIATE", err);

	*rows = 0;
	sqlite3_bind_int64(stmt, 1, tree->row);
	while (!ret && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		ret = tb_tree_add(tree, sqlite3_column_int64(stmt, 0), sqlite3_column_blob(stmt, 1),
				  (size_t)sqlite3_column_bytes(stmt, 1), err);
		++*rows;
	}
	if (!ret && rc != SQLITE_DONE)
		ret = failed(tree, err);
	sqlite3_reset(stmt);
	ret = ret ?: exec(tree, "COMMIT", err);
	if (!ret) {
		tb_tree_commit(tree);
		return 0;
	}
	sqlite3_exec(tree->db, "ROLLBACK", NULL, NULL, NULL);
	tb_tree_rollback(tree);
	return ret;
}

/* Records that came before there was a log, or while an older tongbud ran */
static int catch_up(struct tb_tree *tree, struct tb_error *err)
{
	uint64_t before = tree->durable.size;
	sqlite3_stmt *stmt;
	int rows, ret;

	if (sqlite3_prepare_v2(tree->db,
			       "SELECT id, bytes FROM record WHERE id > ? ORDER BY id LIMIT 65536",
			       -1, &stmt, NULL) != SQLITE_OK)
		return failed(tree, err);
	do {
		ret = take_batch(tree, stmt, &rows, err);
		if (ret || (!rows && before == tree->durable.size))
			break;
		tb_log_notice("%" PRIu64 " records are in the log%s", tree->durable.size,
			      rows == BATCH ? ", and there are more" : "");
		sd_notify(0, "EXTEND_TIMEOUT_USEC=60000000");
	} while (rows == BATCH);
	sqlite3_finalize(stmt);
	return ret;
}

static int prepare(struct tb_tree *tree, const char *sql, sqlite3_stmt **stmt)
{
	return sqlite3_prepare_v3(tree->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
}

/**
 * tb_tree_open() - take up the log where it ends
 * @db: the ledger, open for writing; kept
 * @tree: set to the log; tb_tree_close() closes it
 * @err: told what went wrong
 *
 * A ledger without a log gets one, which takes as long as reading it and more.
 *
 * Return: 0; -EBADMSG if hashes are missing; or another negative errno.
 */
int tb_tree_open(sqlite3 *db, struct tb_tree **tree, struct tb_error *err)
{
	static const char setup[] =
		"CREATE TABLE IF NOT EXISTS log_hash (id INTEGER PRIMARY KEY, hash BLOB NOT NULL);"
		"CREATE TABLE IF NOT EXISTS log_run (entry INTEGER PRIMARY KEY, record INTEGER NOT NULL);";
	struct tb_tree *t = calloc(1, sizeof(*t));
	int ret;

	if (!t)
		return tb_error_set(err, -ENOMEM, "out of memory");
	t->db = db;
	ret = exec(t, setup, err);
	if (!ret &&
	    (prepare(t, "INSERT INTO log_hash (id, hash) VALUES (?, ?)", &t->put) ||
	     prepare(t, TB_LOG_HASHES, &t->get) ||
	     prepare(t, "INSERT INTO log_run (entry, record) VALUES (?, ?)", &t->run) ||
	     prepare(t,
		     "SELECT entry, record, ifnull((SELECT min(n.entry) FROM log_run n WHERE"
		     " n.entry > r.entry), ?2) FROM log_run r WHERE record <= ?1"
		     " ORDER BY entry DESC LIMIT 1",
		     &t->find)))
		ret = failed(t, err);
	if (!ret)
		ret = load(t, err);
	if (!ret)
		ret = catch_up(t, err);
	if (ret)
		tb_tree_close(t);
	else
		*tree = t;
	return ret;
}

/**
 * tb_tree_close() - be done with the log
 * @tree: the log, or NULL
 */
void tb_tree_close(struct tb_tree *tree)
{
	if (!tree)
		return;
	sqlite3_finalize(tree->put);
	sqlite3_finalize(tree->get);
	sqlite3_finalize(tree->run);
	sqlite3_finalize(tree->find);
	free(tree);
}

/**
 * tb_tree_add_leaf() - add a record of which the hash alone is here
 * @tree: the log
 * @row: its row
 * @leaf: its hash
 * @err: told what went wrong
 *
 * Context: in the ledger's transaction.
 * Return: 0 or a negative errno; then only tb_tree_rollback() helps.
 */
int tb_tree_add_leaf(struct tb_tree *tree, int64_t row, const uint8_t leaf[TB_HASH_LEN],
		     struct tb_error *err)
{
	uint64_t entry = tree->tree.size;

	tree->ret = 0;
	if (!entry || row != tree->row + 1) {
		sqlite3_bind_int64(tree->run, 1, (sqlite3_int64)entry);
		sqlite3_bind_int64(tree->run, 2, row);
		if (sqlite3_step(tree->run) != SQLITE_DONE)
			tree->ret = -EIO;
		sqlite3_reset(tree->run);
	}
	keep(0, entry, leaf, tree);
	tb_frontier_add(&tree->tree, leaf, keep, tree);
	tree->row = row;
	return tree->ret ? failed(tree, err) : 0;
}

/**
 * tb_tree_add() - add a record, in the ledger's transaction
 * @tree: the log
 * @row: its row
 * @bytes: the record
 * @len: its bytes
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno; then only tb_tree_rollback() helps.
 */
int tb_tree_add(struct tb_tree *tree, int64_t row, const void *bytes, size_t len,
		struct tb_error *err)
{
	uint8_t leaf[TB_HASH_LEN];

	tb_merkle_leaf(bytes, len, leaf);
	return tb_tree_add_leaf(tree, row, leaf, err);
}

/**
 * tb_tree_commit() - what was added is durable
 * @tree: the log
 */
void tb_tree_commit(struct tb_tree *tree)
{
	tree->durable = tree->tree;
	tree->durable_row = tree->row;
}

/**
 * tb_tree_rollback() - what was added was dropped
 * @tree: the log
 */
void tb_tree_rollback(struct tb_tree *tree)
{
	tree->tree = tree->durable;
	tree->row = tree->durable_row;
}

/**
 * tb_tree_size() - how many entries are durable?
 * @tree: the log
 *
 * Return: entries.
 */
uint64_t tb_tree_size(const struct tb_tree *tree)
{
	return tree->durable.size;
}

/**
 * tb_tree_root() - root of what is durable
 * @tree: the log
 * @root: set to it
 */
void tb_tree_root(const struct tb_tree *tree, uint8_t root[TB_HASH_LEN])
{
	tb_frontier_root(&tree->durable, root);
}

/**
 * tb_tree_root_at() - root of the log as it was
 * @tree: the log
 * @size: entries it had
 * @root: set to it
 * @err: told what went wrong
 *
 * Return: 0; -ERANGE if it never had so many; or another negative errno.
 */
int tb_tree_root_at(struct tb_tree *tree, uint64_t size, uint8_t root[TB_HASH_LEN],
		    struct tb_error *err)
{
	return proven(tree,
		      size > tree->durable.size ? -ERANGE : tb_merkle_root(size, fetch, tree, root),
		      err);
}

/**
 * tb_tree_find() - which entry is a record?
 * @tree: the log
 * @row: the record's row, be it there or moved away
 * @entry: set to it
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if it is none; or another negative errno.
 */
int tb_tree_find(struct tb_tree *tree, int64_t row, uint64_t *entry, struct tb_error *err)
{
	int64_t first, record, next;
	int rc;

	sqlite3_bind_int64(tree->find, 1, row);
	sqlite3_bind_int64(tree->find, 2, (sqlite3_int64)tree->durable.size);
	rc = sqlite3_step(tree->find);
	first = sqlite3_column_int64(tree->find, 0);
	record = sqlite3_column_int64(tree->find, 1);
	next = sqlite3_column_int64(tree->find, 2);
	sqlite3_reset(tree->find);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return failed(tree, err);
	if (rc == SQLITE_DONE || row - record >= next - first)
		return tb_error_set(err, -ENOENT, "there is no such record in the log");
	*entry = (uint64_t)(first + (row - record));
	return 0;
}

/**
 * tb_tree_inclusion() - prove that an entry is in the log
 * @tree: the log
 * @entry: its number
 * @size: entries of the log, as it is or was
 * @proof: set to the proof
 * @err: told what went wrong
 *
 * Return: 0; -ERANGE if there is no such entry; or another negative errno.
 */
int tb_tree_inclusion(struct tb_tree *tree, uint64_t entry, uint64_t size, struct tb_proof *proof,
		      struct tb_error *err)
{
	return prove(tree, tb_merkle_inclusion, entry, size, proof, err);
}

/**
 * tb_tree_consistency() - prove that the log goes on from what it was
 * @tree: the log
 * @old: entries it had
 * @size: entries it has, or had later
 * @proof: set to the proof
 * @err: told what went wrong
 *
 * Return: 0; -ERANGE if it never had so many; or another negative errno.
 */
int tb_tree_consistency(struct tb_tree *tree, uint64_t old, uint64_t size, struct tb_proof *proof,
			struct tb_error *err)
{
	return prove(tree, tb_merkle_consistency, old, size, proof, err);
}
