/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that move chains have in common. */
#ifndef TONGBU_ARCHIVE_PRIV_H
#define TONGBU_ARCHIVE_PRIV_H

#include <openssl/evp.h>

#include "archive.h"
#include "bundle.h"

/* What one piece of work is: rows, bytes of a file, pages */
#define ROWS  128
#define BYTES (32 * 1024)
#define PAGES 16

/**
 * struct tb_moving - chains on their way
 * @ledger: the ledger; the caller's
 * @db: its database
 * @station: name of the station, as bundles have it; NULL on the way back
 * @folder: directory of the bundles
 * @before: move chains that ended before, ns
 * @dry: tell only which
 * @phase: does the next piece of work; NULL when there is none
 * @moved: what is told
 * @no: number of the chain
 * @first: id of its first row, and of the row behind the one that was looked at last
 * @last: id of its last row
 * @genesis: its record 0
 * @genesis_len: bytes of it
 * @ranges: what of it goes into the bundle
 * @writer: its bundle, in the making
 * @path: file of its bundle
 * @fd: that file, while it is hashed, or -1
 * @md: its hash, so far
 * @known: it has a hash already, which it has to have still
 * @bytes: of that file
 * @bundle: its bundle, read back
 * @window: what is in memory of that
 * @range: which of its ranges is next
 * @at: byte of its records that is next
 */
struct tb_moving {
	struct tb_ledger *ledger;
	sqlite3 *db;
	char *station;
	char *folder;
	uint64_t before;
	bool dry;
	int (*phase)(struct tb_moving *m, struct tb_error *err);
	struct tb_moved moved;
	sqlite3_int64 no;
	sqlite3_int64 first;
	sqlite3_int64 last;
	uint8_t *genesis;
	size_t genesis_len;
	struct tb_ranges ranges;
	struct tb_bundle_writer *writer;
	char *path;
	int fd;
	EVP_MD_CTX *md;
	bool known;
	uint64_t bytes;
	struct tb_bundle *bundle;
	struct tb_window window;
	size_t range;
	uint64_t at;
};

int tb_moving_failed(struct tb_moving *m, struct tb_error *err);
sqlite3_stmt *tb_moving_ask(struct tb_moving *m, const char *sql, sqlite3_int64 a, sqlite3_int64 b,
			    sqlite3_int64 c);
bool tb_moving_done(sqlite3_stmt *stmt);
int tb_moving_each(struct tb_moving *m,
		   int (*each)(struct tb_moving *m, const struct tb_record *rec,
			       struct tb_error *err),
		   struct tb_error *err);
void tb_moving_rewind(struct tb_moving *m, const char *step);
bool tb_moving_in_range(struct tb_moving *m, uint64_t seq);
int tb_moving_remove(struct tb_moving *m, struct tb_error *err);

/* archive_check.c: the bundle read back, and put back */
int tb_moving_hash(struct tb_moving *m, struct tb_error *err);

#endif /* TONGBU_ARCHIVE_PRIV_H */
