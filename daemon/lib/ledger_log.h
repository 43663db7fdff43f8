/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a ledger's log: its hashes, and its entries one after another, those in the
 * bundles of archived chains among them. daemon/tongbud/ledger_tree.h has the tables.
 */
#ifndef TONGBU_LEDGER_LOG_H
#define TONGBU_LEDGER_LOG_H

#include <sqlite3.h>

#include "ledger_read.h"
#include "merkle.h"

/* Rows that tb_log_hashes() asks for: from the first id on, so many */
#define TB_LOG_HASHES "SELECT id, hash FROM log_hash WHERE id >= ? ORDER BY id LIMIT ?"

struct tb_log_reading;

sqlite3_int64 tb_log_hash_id(unsigned int base, uint64_t index);
int tb_log_hashes(unsigned int base, uint64_t first, uint64_t count, struct tb_frontier *part,
		  void *userdata);

int tb_log_open(const char *ledger, const char *archive, struct tb_log_reading **log,
		struct tb_error *err);
void tb_log_close(struct tb_log_reading *log);
int tb_log_seek(struct tb_log_reading *log, uint64_t entry, struct tb_error *err);
int tb_log_next(struct tb_log_reading *log, const uint8_t **bytes, size_t *len,
		struct tb_error *err);
int tb_log_root(struct tb_log_reading *log, uint64_t size, uint8_t root[TB_HASH_LEN],
		struct tb_error *err);
int tb_log_growth(struct tb_log_reading *log, uint64_t old, uint64_t size, struct tb_proof *proof,
		  struct tb_error *err);

#endif /* TONGBU_LEDGER_LOG_H */
