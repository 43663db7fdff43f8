/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the verifier share. */
#ifndef TONGBU_VERIFY_PRIV_H
#define TONGBU_VERIFY_PRIV_H

#include "seal.h"
#include "verify.h"

struct tb_flow;

/**
 * struct tb_walk - a bundle, half walked through
 * @bundle: the bundle
 * @options: what to verify against
 * @result: what is known so far
 * @seal: cipher contexts
 * @flow: where each source of the chain stands
 * @here: shows the record the walk has come to
 * @ahead: shows others
 * @receipts: those that must agree, in order of chain and number
 * @met: which of them a record was there for
 * @part: which of the manifest's ranges
 * @begin: where its chain's records begin, offset from the bundle's first
 * @at: where the next record begins
 * @index: which record of the file it is
 * @seq: number it should have
 * @has_key: @key and @key0 are known
 * @key: key of record @seq
 * @tag: tag of the record before it, zeros for record 0
 * @key0: key of record 0
 * @ended: the chain's last record was met
 * @latest: latest boottime in this range, ns, or 0
 * @before_gap: the last good record before the first gap
 * @log: the log, made again of the records
 * @agreed: entries of the last checkpoint that agreed
 * @held: the next of the checkpoints that must agree
 * @noted: the next whose agreement is to be kept with the chains
 * @steps: over how many records the key was stepped without seeing them
 * @each: the chain, in the result, or NULL if it is not listed
 * @unsynced: number of the event of a clock not synchronised that goes on, from 1, or 0
 */
struct tb_walk {
	const struct tb_bundle *bundle;
	const struct tb_verify_options *options;
	struct tb_verify_result *result;
	struct tb_seal *seal;
	struct tb_flow *flow;
	struct tb_window here;
	struct tb_window ahead;
	struct tb_receipt *receipts;
	bool *met;
	size_t part;
	uint64_t begin;
	uint64_t at;
	uint64_t index;
	uint64_t seq;
	bool has_key;
	uint8_t key[TONGBU_KEY_LEN];
	uint8_t tag[TONGBU_TAG_LEN];
	uint8_t key0[TONGBU_KEY_LEN];
	bool ended;
	uint64_t latest;
	struct tb_receipt before_gap;
	struct tb_frontier log;
	uint64_t agreed;
	size_t held;
	size_t noted;
	uint64_t steps;
	struct tb_verify_chain *each;
	size_t unsynced;
};

/* The walk's functions return 0 to go on, 1 for a verdict, or a negative errno. */
int tb_walk_bad(struct tb_walk *walk, enum tb_verdict verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int tb_walk_why(struct tb_walk *walk);

int tb_walk_receipts_begin(struct tb_walk *walk);
int tb_walk_receipts(struct tb_walk *walk, const struct tb_record *rec);
int tb_walk_receipts_end(struct tb_walk *walk);
int tb_walk_receipts_left(struct tb_walk *walk);

int tb_walk_log(struct tb_walk *walk, const struct tb_record *rec);
void tb_walk_log_note(struct tb_walk *walk);
int tb_walk_log_begin(struct tb_walk *walk, struct tb_error *err);
int tb_walk_log_end(struct tb_walk *walk);

void tb_walk_facts(struct tb_walk *walk, const struct tb_record *rec);
void tb_walk_facts_gap(struct tb_walk *walk, const struct tb_verify_gap *gap);
int tb_walk_facts_begin(struct tb_walk *walk);

struct tb_flow *tb_flow_new(void);
void tb_flow_free(struct tb_flow *flow);
const char *tb_flow_check(struct tb_flow *flow, const struct tb_record *rec, bool from_start);
size_t *tb_flow_event(struct tb_flow *flow, uint32_t source, bool gone);

#endif /* TONGBU_VERIFY_PRIV_H */
