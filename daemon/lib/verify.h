/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verification: is this what the station's kernel sealed, all of it, in order?
 *
 * With the supervisor's private key every tag is computed again from the key in
 * the envelope of record 0. Without it only what needs no key is looked at:
 * framing, numbers, the links between chains. Either way the result names the
 * first record that is wrong, what is wrong with it, and the last that is good.
 *
 * verify.c walks the bundle; verify_why.c is called once, at the first record
 * that does not fit, and looks around it to tell what was done to it;
 * verify_flow.c knows what must hold between records of one source;
 * verify_facts.c keeps what the good records say; verify_report.c shows the result,
 * verify_each.c what there is to say of each chain.
 */
#ifndef TONGBU_VERIFY_H
#define TONGBU_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>
#include <linux/tongbu.h>

#include "bundle.h"
#include "error.h"
#include "held.h"
#include "key.h"
#include "record.h"

/**
 * enum tb_verdict - what came of it
 * @TB_VERIFIED: all as the station's kernel sealed it; without a key: nothing
 *	contradicts that
 * @TB_ALTERED: a record is not as it was sealed
 * @TB_MISSING: records or chains that were there are not in the bundle
 * @TB_INSERTED: a record that does not belong where it is
 * @TB_REORDERED: a record stands before its predecessor
 * @TB_CUT: the end is missing
 * @TB_ENVELOPE: the key does not open this chain
 * @TB_MALFORMED: bytes that are no record, or a record that says the impossible
 */
enum tb_verdict {
	TB_VERIFIED,
	TB_ALTERED,
	TB_MISSING,
	TB_INSERTED,
	TB_REORDERED,
	TB_CUT,
	TB_ENVELOPE,
	TB_MALFORMED,
};

/**
 * struct tb_verify_options - what to verify against
 * @key: the supervisor's private key, or NULL to look at the structure only
 * @no_key: that there is no key is as it should be
 * @receipts: receipts held elsewhere: for each there must be the record, and agree
 * @receipt_count: how many
 * @held: checkpoints kept elsewhere, in order of size: those that agree are told so
 * @held_count: how many
 * @challenge: bytes the last record must hold as a MARK, or NULL
 * @challenge_len: how many
 * @reach: how many missing records to step the key over when looking for the
 *	reason of a mismatch; 0 for the usual 16,777,216
 * @range_reach: over how many records that are not in the bundle to step the key
 *	in all, to come to those that are; 0 for the usual 67,108,864
 * @progress: called now and then with what is done, how much of it and of how
 *	much, or NULL
 * @userdata: handed to @progress
 */
struct tb_verify_options {
	const struct tb_key *key;
	bool no_key;
	const struct tb_receipt *receipts;
	size_t receipt_count;
	struct tb_held *held;
	size_t held_count;
	const uint8_t *challenge;
	size_t challenge_len;
	uint64_t reach;
	uint64_t range_reach;
	void (*progress)(const char *what, uint64_t done, uint64_t total, void *userdata);
	void *userdata;
};

/**
 * struct tb_verify_place - the first record that is wrong
 * @chain: id of the chain it should be in
 * @seq: number the record there should have
 * @index: which record of the file, from 0; of what is there, if the record
 *	that should be there is not
 * @offset: byte of the file at which it begins
 * @detail: one sentence that says what is wrong
 */
struct tb_verify_place {
	uint8_t chain[TONGBU_CHAIN_LEN];
	uint64_t seq;
	uint64_t index;
	uint64_t offset;
	char detail[512];
};

/**
 * struct tb_verify_gap - records between the first and the last that are not there
 * @chain: id of their chain
 * @first: number of the first of them
 * @last: number of the last
 */
struct tb_verify_gap {
	uint8_t chain[TONGBU_CHAIN_LEN];
	uint64_t first;
	uint64_t last;
};

/**
 * enum tb_verify_event_kind - what a court may ask about a chain
 * @TB_EVENT_GAP: records that are not in the bundle
 * @TB_EVENT_LOST: a LOST record: events there was no room for
 * @TB_EVENT_STEP: the clock was stepped
 * @TB_EVENT_UNSYNCED: records stamped while the clock was not synchronised
 * @TB_EVENT_SILENT: a source said nothing for longer than it may
 * @TB_EVENT_GONE: the device of a source was not there
 */
enum tb_verify_event_kind {
	TB_EVENT_GAP,
	TB_EVENT_LOST,
	TB_EVENT_STEP,
	TB_EVENT_UNSYNCED,
	TB_EVENT_SILENT,
	TB_EVENT_GONE,
};

/* What is listed of each; what is left out is counted. So memory has a bound. */
#define TB_VERIFY_EVENTS_MAX 4096
#define TB_VERIFY_CHAINS_MAX 4096

/**
 * struct tb_verify_event - one of them
 * @chain: which of the result's chains, from 0
 * @kind: what
 * @source: number of the source, of %TB_EVENT_LOST, %TB_EVENT_SILENT, %TB_EVENT_GONE
 * @first: number of the record it begins with
 * @last: number of the record it ends with; the same if it is still so at the end
 * @from: CLOCK_REALTIME of @first, ns since 1970; of a gap that of the record before
 * @until: of @last; of a gap that of the record behind; 0 if it did not end
 * @amount: of a gap and of a clock not synchronised records, of a loss events, of a step
 *	ns, signed
 */
struct tb_verify_event {
	size_t chain;
	enum tb_verify_event_kind kind;
	uint32_t source;
	uint64_t first;
	uint64_t last;
	uint64_t from;
	uint64_t until;
	int64_t amount;
};

/**
 * struct tb_verify_chain - what the good records of one chain say
 * @id: its id
 * @boot: the kernel's name of the boot it is of
 * @first: number of the first record of it in the bundle
 * @last: number of the last good one
 * @records: good ones, counting record 0
 * @from: CLOCK_REALTIME of the first, ns since 1970
 * @until: of the last
 * @count: of each enum tb_verify_event_kind, how many
 * @events_lost: events that its LOST records account for
 * @unsynced: records stamped while the clock was not synchronised
 * @ended: its END is there
 * @held: which checkpoint first held as much as @held_seq, from 1; 0 if none does
 * @held_seq: up to which record of it
 */
struct tb_verify_chain {
	uint8_t id[TONGBU_CHAIN_LEN];
	uint8_t boot[16];
	uint64_t first;
	uint64_t last;
	uint64_t records;
	uint64_t from;
	uint64_t until;
	uint64_t count[TB_EVENT_GONE + 1];
	uint64_t events_lost;
	uint64_t unsynced;
	bool ended;
	size_t held;
	uint64_t held_seq;
};

/**
 * struct tb_verify_facts - what the good records say of the recorder
 * @events_lost: events that LOST records account for
 * @losses: LOST records
 * @edges: EDGE records
 * @edges_missed: of those, records flagged as following a missed edge
 * @acts: ACT records
 * @refusals: REFUSED records
 * @heartbeats: HEARTBEAT records
 * @clock_steps: CLOCK records of steps
 * @largest_step: the largest of them, ns, signed
 * @unsynced: records stamped while the clock was not synchronised
 * @ended: chains of which END is there
 * @broken_off: chains without it that another one follows
 * @broken_chain: the first of them
 * @silence: longest time in one chain in which nothing was recorded, ns
 * @silence_chain: in which chain
 * @silence_seq: number of the record that ended it
 * @heartbeat: the interval of heartbeats of that chain, ns
 * @first_realtime: CLOCK_REALTIME of the first record, ns since 1970
 * @last_realtime: of the last
 */
struct tb_verify_facts {
	uint64_t events_lost;
	uint64_t losses;
	uint64_t edges;
	uint64_t edges_missed;
	uint64_t acts;
	uint64_t refusals;
	uint64_t heartbeats;
	uint64_t clock_steps;
	int64_t largest_step;
	uint64_t unsynced;
	uint64_t ended;
	uint64_t broken_off;
	uint8_t broken_chain[TONGBU_CHAIN_LEN];
	uint64_t silence;
	uint8_t silence_chain[TONGBU_CHAIN_LEN];
	uint64_t silence_seq;
	uint64_t heartbeat;
	uint64_t first_realtime;
	uint64_t last_realtime;
};

/**
 * struct tb_verify_result - all there is to say
 * @verdict: the word
 * @ok: it is %TB_VERIFIED, with a key, or without one as was asked
 * @walked: the whole bundle was looked at: what is wrong, if anything, are gaps
 * @keyed: every tag was checked; if not, only the structure
 * @bad: the first wrong record; meaningless if @verdict is %TB_VERIFIED
 * @has_good: there is a good record
 * @good: the last good record
 * @records: good records, counting each chain's record 0
 * @chains: chains begun
 * @bytes: bytes of good records
 * @end_sealed: the last record is the END of its chain
 * @end_marked: the last record is a MARK
 * @mark: what it holds
 * @mark_len: bytes of @mark
 * @receipts: receipts found to agree
 * @gaps: where the manifest says that records are not there, in order
 * @gap_count: how many; with any, and nothing worse, the verdict is %TB_MISSING,
 *	and @bad the first of them
 * @from_start: the first chain is there from its record 0 and names none before
 * @facts: what the records say
 * @each: the same for each chain, in order
 * @each_count: how many, at most %TB_VERIFY_CHAINS_MAX: of more, the first
 * @events: what is to be told of them, in order
 * @event_count: how many, at most %TB_VERIFY_EVENTS_MAX: of more, the first
 * @events_left_out: how many more there were
 */
struct tb_verify_result {
	enum tb_verdict verdict;
	bool ok;
	bool walked;
	bool keyed;
	struct tb_verify_place bad;
	bool has_good;
	struct tb_receipt good;
	uint64_t records;
	uint64_t chains;
	uint64_t bytes;
	bool end_sealed;
	bool end_marked;
	uint8_t mark[TONGBU_ACT_MAX];
	size_t mark_len;
	uint64_t receipts;
	struct tb_verify_gap *gaps;
	size_t gap_count;
	bool from_start;
	struct tb_verify_facts facts;
	struct tb_verify_chain *each;
	size_t each_count;
	struct tb_verify_event *events;
	size_t event_count;
	uint64_t events_left_out;
};

int tb_verify(const struct tb_bundle *bundle, const struct tb_verify_options *options,
	      struct tb_verify_result *result, struct tb_error *err);

void tb_verify_clear(struct tb_verify_result *result);

const char *tb_verdict_name(enum tb_verdict verdict, bool keyed);
json_t *tb_verify_json(const struct tb_verify_result *result);
void tb_verify_text(const struct tb_verify_result *result, FILE *out);

const char *tb_held_since(const struct tb_verify_chain *chain, const struct tb_held *held, size_t i,
			  uint64_t *time);
void tb_verify_event_text(const struct tb_verify_event *event, FILE *out);
const char *tb_verify_event_name(enum tb_verify_event_kind kind);
uint64_t tb_verify_event_until(const struct tb_verify_result *result,
			       const struct tb_verify_event *event);
int tb_verify_each_json(const struct tb_verify_result *result, const struct tb_held *held,
			json_t *json);
void tb_verify_each_text(const struct tb_verify_result *result, const struct tb_held *held,
			 FILE *out);

#endif /* TONGBU_VERIFY_H */
