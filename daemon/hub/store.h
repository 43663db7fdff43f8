/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a hub holds, in PostgreSQL; schema.sql has the tables. One connection, one
 * transaction at a time.
 */
#ifndef TONGBU_HUB_STORE_H
#define TONGBU_HUB_STORE_H

#include <libpq-fe.h>

#include "note.h"

/**
 * struct hub_station - a station, as the hub holds it
 * @id: its number
 * @key: the key of its log, whose name is the origin
 * @tree: the tree over all entries that are held
 * @size: entries of the last checkpoint that was cosigned
 * @sent: the station's latest time, ns since 1970
 * @note: that checkpoint with the signature, the station's own; or NULL
 * @damaged: the first 256 entries that a scrub found damaged, by their number; or -1
 */
struct hub_station {
	int id;
	struct tb_vkey key;
	struct tb_frontier tree;
	uint64_t size;
	uint64_t sent;
	char *note;
	int64_t damaged;
};

int hub_store_open(const char *database, PGconn **db, struct tb_error *err);
int hub_store_safe(PGconn *db, struct tb_error *err);
int hub_store_months(PGconn *db, struct tb_error *err);
int hub_store_lock(PGconn *db, uint32_t shard, bool *got, struct tb_error *err);
int hub_failed(PGconn *db, struct tb_error *err);
int hub_exec(PGconn *db, const char *sql, struct tb_error *err);
int hub_query(PGconn *db, const char *sql, int count, const char *const *values, PGresult **result,
	      struct tb_error *err);

int hub_exec_row(PGconn *db, const char *sql, const struct hub_station *station, uint64_t number,
		 struct tb_error *err);

int hub_key_add(PGconn *db, const char *sql, const char *what, const struct tb_vkey *key,
		struct tb_error *err);
int hub_station_add(PGconn *db, const struct tb_vkey *key, struct tb_error *err);
int hub_station_load(PGconn *db, const char *origin, struct hub_station *station,
		     struct tb_error *err);
int hub_station_damaged(PGconn *db, struct hub_station *station, struct tb_error *err);
void hub_station_clear(struct hub_station *station);

/**
 * struct hub_copy - rows on their way into a table, as COPY has them
 * @bytes: they
 * @len: how many bytes
 * @room: how many there is room for
 * @failed: there was no memory
 */
struct hub_copy {
	uint8_t *bytes;
	size_t len;
	size_t room;
	bool failed;
};

void hub_copy_row(struct hub_copy *copy, unsigned int fields);
void hub_copy_number(struct hub_copy *copy, uint64_t number, size_t size);
void hub_copy_bytes(struct hub_copy *copy, const void *bytes, size_t len);
int hub_copy_run(PGconn *db, const char *table, struct hub_copy *copy, struct tb_error *err);

int hub_root_at(PGconn *db, const struct hub_station *station, uint64_t size,
		uint8_t root[TB_HASH_LEN], struct tb_error *err);
int hub_block_good(PGconn *db, const struct hub_station *station, uint64_t block, bool *good,
		   struct tb_error *err);

#endif /* TONGBU_HUB_STORE_H */
