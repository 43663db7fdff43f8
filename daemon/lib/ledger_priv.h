/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that read the ledger have in common. */
#ifndef TONGBU_LEDGER_PRIV_H
#define TONGBU_LEDGER_PRIV_H

#include <sqlite3.h>

#include "ledger_read.h"

/**
 * struct tb_reading - the reading side
 * @db: the database, read-only
 * @chain_of: finds the id of a chain by its number
 * @last_archived: finds the number of the last chain that was archived
 * @archive: directory with the bundles of archived chains
 * @no: number of the chain last asked for, or 0
 * @chain: its id
 * @damage: what could not be read, or empty
 */
struct tb_reading {
	sqlite3 *db;
	sqlite3_stmt *chain_of;
	sqlite3_stmt *last_archived;
	char *archive;
	sqlite3_int64 no;
	uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_error damage;
};

int tb_reading_failed(struct tb_reading *reading, struct tb_error *err);
int tb_reading_row(struct tb_reading *reading, sqlite3_stmt *stmt, struct tb_record *rec,
		   struct tb_error *err);

/* ledger_archived.c: the records of chains that were moved into bundles */
struct tb_archived_reading;

int tb_reading_last_archived(struct tb_reading *reading, sqlite3_int64 *no, struct tb_error *err);
int tb_archived_open(struct tb_reading *reading, sqlite3_int64 no,
		     struct tb_archived_reading **archived, struct tb_error *err);
int tb_archived_next(struct tb_archived_reading *archived, sqlite3_int64 from, bool *found,
		     struct tb_record *rec, struct tb_error *err);
void tb_archived_rest(struct tb_archived_reading *archived);
sqlite3_int64 tb_archived_no(const struct tb_archived_reading *archived);
void tb_archived_close(struct tb_archived_reading *archived);

#endif /* TONGBU_LEDGER_PRIV_H */
