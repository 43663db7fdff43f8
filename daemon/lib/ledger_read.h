/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the ledger: every record the kernel handed over, in the kernel's own bytes.
 * One SQLite file, to which rows are only added:
 *
 *	chain(no, id, first_seq, genesis)	a chain, numbered in order of arrival
 *	record(id, bytes)			id = chain number << 40 | seq
 *	armed(record)				records that name a source
 *	archived(no, file, bytes, sha256, done)	chains whose records are in a bundle
 *	log_hash, log_run			the log over them, see ledger_tree.h
 *
 * Those of archived chains are removed when the bundle is whole and was read back: all
 * but the last one, those that name a source, and what the bundle cannot hold. They are
 * the first chains, without a gap between.
 *
 * daemon/tongbud/ledger.c writes it, archive.c moves chains.
 */
#ifndef TONGBU_LEDGER_READ_H
#define TONGBU_LEDGER_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "record.h"

struct tb_names;

/* Bits of a row's id that hold the record's number */
#define TB_LEDGER_SEQ_BITS 40
#define TB_LEDGER_SEQ_MAX  ((1ULL << TB_LEDGER_SEQ_BITS) - 1)

/* What helps if its file is damaged, as the end of a sentence */
#define TB_LEDGER_REPAIR "tongbud --repair, which keeps all that can be"

/* Bytes of the name of an archived chain's bundle: its number, its id */
#define TB_ARCHIVED_SIZE 64

/**
 * struct tb_query - which records are wanted
 * @after: only rows with this id or a higher one
 * @before: only rows with a lower id; 0 for no limit
 * @has_chain: only of @chain
 * @chain: id of that chain
 * @from: only with this number or a higher one; of the last chain if none is given
 * @to: only with this number or a lower one
 * @since: only with this CLOCK_REALTIME or later, ns
 * @until: only with this one or earlier
 * @limit: only the newest so many; 0 for all
 * @kinds: only of these kinds, or NULL
 * @kind_count: how many
 * @sources: only of sources with these names, or NULL
 * @source_count: how many
 * @names: what the sources are called; needed with @sources
 * @uids: only of these users, or NULL
 * @uid_count: how many
 * @archived: also of chains that were archived, out of their bundles: one that is not
 *	there is an error; never with @limit. Else the first record is one that was not
 * @own_acts: of what people submitted, only what @self did
 * @self: the user who asks
 *
 * TB_QUERY_ALL is a query for all there is.
 */
struct tb_query {
	uint64_t after;
	uint64_t before;
	bool has_chain;
	uint8_t chain[TONGBU_CHAIN_LEN];
	uint64_t from;
	uint64_t to;
	uint64_t since;
	uint64_t until;
	uint64_t limit;
	uint32_t *kinds;
	size_t kind_count;
	char **sources;
	size_t source_count;
	const struct tb_names *names;
	uint32_t *uids;
	size_t uid_count;
	bool archived;
	bool own_acts;
	uint32_t self;
};

#define TB_QUERY_ALL                                  \
	{                                             \
		.to = UINT64_MAX, .until = UINT64_MAX \
	}

/**
 * struct tb_ledger_chain - a chain, as the ledger has it
 * @id: its id
 * @first: number of the first record the ledger has
 * @last: number of the last
 * @empty: it has none
 * @archived: name of the bundle that its records were moved into, or ""
 */
struct tb_ledger_chain {
	uint8_t id[TONGBU_CHAIN_LEN];
	uint64_t first;
	uint64_t last;
	bool empty;
	char archived[TB_ARCHIVED_SIZE];
};

struct tb_reading;
struct tb_cursor;

int tb_reading_open(const char *path, struct tb_reading **reading, struct tb_error *err);
void tb_reading_close(struct tb_reading *reading);
int tb_reading_archive(struct tb_reading *reading, const char *folder);
const char *tb_reading_damage(const struct tb_reading *reading);
int tb_reading_chains(struct tb_reading *reading, struct tb_ledger_chain **chains, size_t *count,
		      struct tb_error *err);
int tb_reading_names(struct tb_reading *reading, uint64_t *after, struct tb_names *names,
		     struct tb_error *err);
int tb_reading_genesis(struct tb_reading *reading, const uint8_t id[TONGBU_CHAIN_LEN],
		       uint8_t **genesis, size_t *len, struct tb_error *err);

int tb_cursor_open(struct tb_reading *reading, const struct tb_query *query,
		   struct tb_cursor **cursor, struct tb_error *err);
int tb_cursor_next(struct tb_cursor *cursor, uint8_t *buf, size_t room, size_t *len, bool *end,
		   struct tb_error *err);
int64_t tb_cursor_position(const struct tb_cursor *cursor);
uint64_t tb_cursor_withheld(const struct tb_cursor *cursor);
const uint8_t *tb_cursor_chain(const struct tb_cursor *cursor);
void tb_cursor_close(struct tb_cursor *cursor);

#endif /* TONGBU_LEDGER_READ_H */
