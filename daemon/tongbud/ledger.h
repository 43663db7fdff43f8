/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing the ledger: what is added is durable before it is acknowledged, and rows
 * are only added; what archive.c removes is in a bundle by then. ledger_read.h has the tables.
 */
#ifndef TONGBU_LEDGER_H
#define TONGBU_LEDGER_H

#include <sqlite3.h>

#include "ledger_read.h"

struct tb_ledger;
struct tb_tree;

/**
 * struct tb_ledger_tail - where the ledger ends
 * @chains: chains in it
 * @records: records in it
 * @chain_no: number of the last chain, or 0 if there is none
 * @next: number of the record expected next in that chain
 * @has_last: there is a record in that chain
 * @ended: that is its END
 * @last: that chain's last record; without one, just the chain's id
 */
struct tb_ledger_tail {
	uint64_t chains;
	uint64_t records;
	uint64_t chain_no;
	uint64_t next;
	bool has_last;
	bool ended;
	struct tb_receipt last;
};

int tb_ledger_lock(const char *path, int *lock, struct tb_error *err);
int tb_ledger_open(const char *path, struct tb_ledger **ledger, struct tb_error *err);
void tb_ledger_close(struct tb_ledger *ledger);
const struct tb_ledger_tail *tb_ledger_tail(const struct tb_ledger *ledger);
sqlite3 *tb_ledger_db(struct tb_ledger *ledger);
int tb_ledger_find_chain(struct tb_ledger *ledger, const uint8_t id[TONGBU_CHAIN_LEN], uint64_t *no,
			 struct tb_error *err);
int tb_ledger_add_chain(struct tb_ledger *ledger, const uint8_t id[TONGBU_CHAIN_LEN],
			uint64_t first, const void *genesis, size_t len, struct tb_error *err);
void tb_ledger_skip_to(struct tb_ledger *ledger, uint64_t seq);
int tb_ledger_append(struct tb_ledger *ledger, const uint8_t *records, size_t len,
		     struct tb_error *err);
size_t tb_ledger_pending(const struct tb_ledger *ledger);
int tb_ledger_commit(struct tb_ledger *ledger, struct tb_error *err);
void tb_ledger_rollback(struct tb_ledger *ledger);
struct tb_tree *tb_ledger_tree(struct tb_ledger *ledger);

#endif /* TONGBU_LEDGER_H */
