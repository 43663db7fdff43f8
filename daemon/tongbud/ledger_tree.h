/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log of a ledger: the Merkle tree over all its records, in order of arrival. Its
 * hashes are rows of the ledger, added in the transaction that adds the records, and
 * stay when records are moved away:
 *
 *	log_hash(id, hash)	id = level << 56 | index: roots of whole subtrees of
 *				256^level entries; level 0 are the leaves
 *	log_run(entry, record)	from this entry on, entries are the rows of record from this
 *				one on, without a gap
 *
 * What else a proof needs is computed of these.
 */
#ifndef TONGBU_LEDGER_TREE_H
#define TONGBU_LEDGER_TREE_H

#include <sqlite3.h>

#include "error.h"
#include "merkle.h"

struct tb_tree;

int tb_tree_open(sqlite3 *db, struct tb_tree **tree, struct tb_error *err);
void tb_tree_close(struct tb_tree *tree);
int tb_tree_add(struct tb_tree *tree, int64_t row, const void *bytes, size_t len,
		struct tb_error *err);
int tb_tree_add_leaf(struct tb_tree *tree, int64_t row, const uint8_t leaf[TB_HASH_LEN],
		     struct tb_error *err);
void tb_tree_commit(struct tb_tree *tree);
void tb_tree_rollback(struct tb_tree *tree);

uint64_t tb_tree_size(const struct tb_tree *tree);
void tb_tree_root(const struct tb_tree *tree, uint8_t root[TB_HASH_LEN]);
int tb_tree_root_at(struct tb_tree *tree, uint64_t size, uint8_t root[TB_HASH_LEN],
		    struct tb_error *err);
int tb_tree_find(struct tb_tree *tree, int64_t row, uint64_t *entry, struct tb_error *err);
int tb_tree_inclusion(struct tb_tree *tree, uint64_t entry, uint64_t size, struct tb_proof *proof,
		      struct tb_error *err);
int tb_tree_consistency(struct tb_tree *tree, uint64_t old, uint64_t size, struct tb_proof *proof,
			struct tb_error *err);

#endif /* TONGBU_LEDGER_TREE_H */
