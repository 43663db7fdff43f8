/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking what a station sends: entries that go on from those that are held, and belong to
 * what it signed, become rows; then its checkpoint is cosigned. All else is refused, and
 * what contradicts what is held is kept as evidence.
 */
#ifndef TONGBU_HUB_TAKE_H
#define TONGBU_HUB_TAKE_H

#include "batch.h"
#include "store.h"

/**
 * struct hub - a hub
 * @db: the connection
 * @private: its key
 * @key: the public half, with the hub's name
 */
struct hub {
	PGconn *db;
	EVP_PKEY *private;
	struct tb_vkey key;
};

/**
 * struct hub_answer - what is said to the station
 * @next: entries held
 * @note: the last checkpoint that was cosigned, the caller's; or NULL
 * @evidence: why it was refused, in a word that stands in tongbu.evidence; or NULL
 * @mended: damaged entries were replaced
 */
struct hub_answer {
	uint64_t next;
	char *note;
	const char *evidence;
	bool mended;
};

int hub_take(struct hub *hub, const struct tb_batch *batch, struct hub_answer *answer,
	     struct tb_error *err);
int hub_scrub(PGconn *db, const char *origin, uint64_t *blocks, uint64_t *bad,
	      struct tb_error *err);

#endif /* TONGBU_HUB_TAKE_H */
