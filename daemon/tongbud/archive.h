/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chains that ended are moved out of the ledger into bundles, and back. A row is removed
 * when its record is in a bundle that is on the disk and was read back. Whenever it
 * ends in the midst of it, all records can be read as before, and the next time it goes
 * on there.
 */
#ifndef TONGBU_ARCHIVE_H
#define TONGBU_ARCHIVE_H

#include "ledger.h"

#define TB_ARCHIVED_HASH 32

struct tb_moving;

/**
 * struct tb_moved - what is done, and how far it is
 * @step: "would", "write", "check", "remove", "restore"; "moved" or "restored" when a chain
 *	is through; "end"
 * @chain: id of the chain, unless it is the end
 * @file: name of its bundle
 * @hash: SHA-256 of that, from "remove" and "restore" on
 * @done: of its records, so many are through with this step
 * @of: how many there are
 */
struct tb_moved {
	const char *step;
	uint8_t chain[TONGBU_CHAIN_LEN];
	char file[TB_ARCHIVED_SIZE];
	uint8_t hash[TB_ARCHIVED_HASH];
	uint64_t done;
	uint64_t of;
};

int tb_moving_out(struct tb_ledger *ledger, const char *station, const char *folder,
		  uint64_t before, bool dry, struct tb_moving **moving, struct tb_error *err);
int tb_moving_back(struct tb_ledger *ledger, const char *folder,
		   const uint8_t chain[TONGBU_CHAIN_LEN], struct tb_moving **moving,
		   struct tb_error *err);
int tb_moving_step(struct tb_moving *moving, struct tb_moved *moved, struct tb_error *err);
void tb_moving_free(struct tb_moving *moving);

#endif /* TONGBU_ARCHIVE_H */
