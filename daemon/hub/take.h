/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking what stations send: entries that go on from those that are held, and belong to
 * what the station signed, become rows; then its checkpoint is cosigned. All else is
 * refused, and what contradicts what is held is kept as evidence.
 *
 * Batches are taken in groups, one transaction each: it costs what a batch costs alone.
 */
#ifndef TONGBU_HUB_TAKE_H
#define TONGBU_HUB_TAKE_H

#include "batch.h"
#include "record.h"
#include "store.h"

/* Batches in one group */
#define HUB_GROUP_MAX 256

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
 * struct hub_part - a station's part in a group
 * @station: the station; its tree goes on with what comes
 * @was: entries held before the group
 * @checked: a note of the station whose signature is known to be good, or NULL
 * @last: the last checkpoint that came of just the entries that were held then; without a
 *	note if none did
 * @sent: the station's latest time
 * @refused: why the last batch that was refused was, in a word that stands in
 *	tongbu.evidence; or NULL
 * @mended: damaged entries were replaced
 * @note: the last checkpoint that was cosigned, once the group is held; or NULL
 */
struct hub_part {
	struct hub_station station;
	uint64_t was;
	char *checked;
	struct tb_checkpoint last;
	uint64_t sent;
	const char *refused;
	bool mended;
	char *note;
};

/**
 * struct hub_group - batches that are held together, or not at all
 * @hub: the hub
 * @records: rows for the new entries
 * @nodes: rows for the subtrees that are whole now
 * @part: the stations'
 * @count: how many
 */
struct hub_group {
	struct hub *hub;
	struct hub_copy records;
	struct hub_copy nodes;
	struct hub_part part[HUB_GROUP_MAX];
	size_t count;
};

int hub_group_begin(struct hub *hub, struct hub_group **group, struct tb_error *err);
int hub_group_part(struct hub_group *group, const char *origin, struct hub_part **part,
		   struct tb_error *err);
int hub_group_flush(struct hub_group *group, struct tb_error *err);
int hub_group_commit(struct hub_group *group, struct tb_error *err);
void hub_group_end(struct hub_group *group);

int hub_take(struct hub_group *group, const struct tb_batch *batch, struct hub_part **part,
	     struct tb_error *err);
bool hub_is_refusal(int code);

int hub_scrub(PGconn *db, const char *origin, uint64_t *blocks, uint64_t *bad,
	      struct tb_error *err);

/**
 * struct hub_difference - where a bundle is not what is held
 * @found: it is not
 * @ended: it ends there
 * @entries: entries that are the same
 * @seq: number of the record that differs, as it is held
 * @chain: its chain
 */
struct hub_difference {
	bool found;
	bool ended;
	uint64_t entries;
	uint64_t seq;
	uint8_t chain[TONGBU_CHAIN_LEN];
};

int hub_export(PGconn *db, const char *origin, const char *path, struct tb_error *err);
int hub_compare(PGconn *db, const char *origin, const char *path, struct hub_difference *differs,
		struct tb_error *err);

#endif /* TONGBU_HUB_TAKE_H */
