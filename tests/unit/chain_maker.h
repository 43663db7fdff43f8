/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A station in memory: draws a key, wraps it to a supervisor's public key and
 * seals records, as the kernel does. For tests only.
 */
#ifndef TONGBU_CHAIN_MAKER_H
#define TONGBU_CHAIN_MAKER_H

#include "bundle.h"
#include "key.h"
#include "ledger.h"
#include "seal.h"
#include "unit.h"

#define CHAIN_SOURCES 32

struct tb_verify_options;
struct tb_verify_result;

/**
 * struct chain - a chain that grows
 * @id: its id
 * @key: key of the record to come
 * @tag: tag of the record before it
 * @bytes: the records, back to back
 * @len: bytes of them
 * @room: bytes there is room for
 * @at: where each of them begins, and then where the next would
 * @count: how many
 * @most: how many there is room for in @at
 * @boottime: time of the record to come, ns
 * @next: number of each source's next event
 * @seal: cipher contexts
 */
struct chain {
	uint8_t id[TONGBU_CHAIN_LEN];
	uint8_t key[TONGBU_KEY_LEN];
	uint8_t tag[TONGBU_TAG_LEN];
	uint8_t *bytes;
	size_t len;
	size_t room;
	size_t *at;
	size_t count;
	size_t most;
	uint64_t boottime;
	uint32_t next[CHAIN_SOURCES];
	struct tb_seal *seal;
};

struct chain *chain_new(unsigned int number, const struct tb_key *supervisor,
			const struct chain *previous);
void chain_free(struct chain *chain);
void chain_put(struct chain *chain, unsigned int kind, uint32_t source, uint32_t events,
	       const void *payload, size_t len);
void chain_source(struct chain *chain, uint32_t source, const char *name);
void chain_edge(struct chain *chain, uint32_t source, unsigned int level);
void chain_act(struct chain *chain, unsigned int format, const void *data, size_t len);
void chain_lost(struct chain *chain, uint32_t source, uint32_t count);
void chain_heartbeat(struct chain *chain);
void chain_fill(struct chain *chain, size_t count);

void chain_keep(struct tb_ledger *ledger, const struct chain *chain, size_t from, size_t end);

size_t chain_size(const struct chain *chain, size_t seq);
struct tb_record chain_record(const struct chain *chain, size_t seq);
struct tb_receipt chain_receipt(const struct chain *chain, size_t seq);
struct tb_bundle_chain chain_part(const struct chain *chain, uint64_t first, uint64_t last);

/**
 * struct packed - a bundle in memory, whatever it says
 * @bytes: the file
 * @len: its bytes
 * @room: bytes there is room for
 * @start: where the records begin
 */
struct packed {
	uint8_t *bytes;
	size_t len;
	size_t room;
	size_t start;
};

void packed_begin(struct packed *file, const struct tb_bundle_chain *parts, size_t count);
void packed_add(struct packed *file, const void *records, size_t len);
void packed_add_range(struct packed *file, const struct chain *chain, size_t first, size_t end);
int packed_verify(const struct packed *file, const struct tb_verify_options *options,
		  struct tb_verify_result *result, struct tb_error *err);
void packed_free(struct packed *file);

#endif /* TONGBU_CHAIN_MAKER_H */
