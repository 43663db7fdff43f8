// SPDX-License-Identifier: GPL-2.0-only
/* One pass over a bundle: what the manifest says should come, does it come? */
#include "verify.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <openssl/crypto.h>

#include "hex.h"
#include "verify_priv.h"

#define REACH	       (1ULL << 24)
#define RANGE_REACH    (1ULL << 32)
#define PROGRESS_EVERY 65536

static const struct tb_bundle_chain *part_of(const struct tb_walk *walk)
{
	return &walk->bundle->chains[walk->part];
}

/**
 * tb_walk_bad() - the record that should be here is not
 * @walk: the walk, at that place
 * @verdict: what was done
 * @fmt: one sentence about it, as for printf()
 *
 * Return: 1.
 */
int tb_walk_bad(struct tb_walk *walk, enum tb_verdict verdict, const char *fmt, ...)
{
	struct tb_verify_place *bad = &walk->result->bad;
	va_list args;

	walk->result->verdict = verdict;
	memcpy(bad->chain, part_of(walk)->id, TONGBU_CHAIN_LEN);
	bad->seq = walk->seq;
	bad->index = walk->index;
	bad->offset = walk->bundle->records_offset + walk->at;
	va_start(args, fmt);
	vsnprintf(bad->detail, sizeof(bad->detail), fmt, args);
	va_end(args);
	return 1;
}

/* Record 0 holds the chain's first key, for the supervisor alone. */
static int open_chain(struct tb_walk *walk, const struct tb_record *rec)
{
	char ours[TB_FINGERPRINT_SIZE];
	int ret;

	if (!walk->options->key)
		return 0;
	ret = tb_envelope_open(walk->seal, walk->options->key, rec, walk->key0);
	switch (ret) {
	case 0:
		memcpy(walk->key, walk->key0, TONGBU_KEY_LEN);
		walk->has_key = true;
		return 0;
	case -ENOKEY:
		return tb_walk_bad(walk, TB_ENVELOPE,
				   "the chain was begun for another supervisor; the key given is %s",
				   tb_key_fingerprint(walk->options->key->public, ours));
	case -EUCLEAN:
		return tb_walk_bad(walk, TB_ALTERED,
				   "record 0 names another supervisor than it was sealed for");
	case -EKEYREJECTED:
		return tb_walk_bad(walk, TB_ALTERED,
				   "record 0 is not as it was sealed: its envelope does not open");
	case -EBADMSG:
		return tb_walk_bad(walk, TB_ALTERED, "record 0 does not begin a chain");
	default:
		return ret;
	}
}

/* Record 0 names the chain before it: is that the one that came before? */
static int check_link(struct tb_walk *walk, const struct tb_record *rec)
{
	static const uint8_t none[TONGBU_CHAIN_LEN];
	const struct tb_bundle_chain *before;
	struct tongbu_genesis g;
	uint64_t last;

	if (tb_record_payload(rec, &g, sizeof(g)))
		return tb_walk_bad(walk, TB_MALFORMED, "record 0 does not begin a chain");
	if (!walk->part) {
		walk->result->from_start = part_of(walk)->first <= 1 &&
					   !memcmp(g.prev_chain, none, sizeof(none));
		return 0;
	}
	before = &walk->bundle->chains[walk->part - 1];
	last = le64toh(g.prev_seq);
	if (memcmp(g.prev_chain, before->id, TONGBU_CHAIN_LEN))
		return tb_walk_bad(walk, TB_MISSING,
				   "the chain does not follow the one before it in the bundle: one or more between them are not there");
	if (last > before->last) {
		walk->part--;
		walk->seq = before->last + 1;
		return tb_walk_bad(walk, TB_MISSING,
				   "the next chain says that this one was durable up to record %" PRIu64,
				   last);
	}
	if (last == before->last &&
	    CRYPTO_memcmp(g.prev_tag, walk->result->good.tag, TONGBU_TAG_LEN)) {
		if (walk->has_key)
			return tb_walk_bad(walk, TB_MALFORMED,
					   "the chain names a wrong tag for the end of the one before it");
		walk->part--;
		walk->seq = before->last;
		walk->index--;
		return tb_walk_bad(walk, TB_ALTERED,
				   "the next chain names another tag for this record");
	}
	return 0;
}

static int check_receipts(struct tb_walk *walk, const struct tb_record *rec)
{
	const struct tb_verify_options *options = walk->options;
	const struct tb_receipt *receipt;
	size_t i;

	for (i = 0; i < options->receipt_count; i++) {
		receipt = &options->receipts[i];
		if (receipt->seq != rec->seq ||
		    memcmp(receipt->chain, rec->chain, TONGBU_CHAIN_LEN))
			continue;
		if (CRYPTO_memcmp(receipt->tag, rec->tag, TONGBU_TAG_LEN))
			return tb_walk_bad(walk, TB_ALTERED,
					   "a receipt held elsewhere names another tag for this record");
		walk->result->receipts++;
	}
	return 0;
}

static void note_silence(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_verify_facts *facts = &walk->result->facts;
	struct tongbu_genesis g;

	if (rec->kind == TONGBU_KIND_GENESIS && !tb_record_payload(rec, &g, sizeof(g)))
		facts->heartbeat = (uint64_t)le32toh(g.heartbeat) * 1000000;
	if (walk->latest && rec->boottime > walk->latest &&
	    rec->boottime - walk->latest > facts->silence) {
		facts->silence = rec->boottime - walk->latest;
		memcpy(facts->silence_chain, rec->chain, TONGBU_CHAIN_LEN);
		facts->silence_seq = rec->seq;
	}
	if (rec->boottime > walk->latest)
		walk->latest = rec->boottime;
}

static void note_step(struct tb_verify_facts *facts, const struct tb_record *rec)
{
	struct tongbu_clock clock;
	int64_t step;

	if (tb_record_payload(rec, &clock, sizeof(clock)) ||
	    le32toh(clock.cause) != TONGBU_CLOCK_STEPPED)
		return;
	step = (int64_t)(le64toh(clock.after) - le64toh(clock.before));
	facts->clock_steps++;
	if ((step < 0 ? -(uint64_t)step : (uint64_t)step) >
	    (facts->largest_step < 0 ? -(uint64_t)facts->largest_step :
				       (uint64_t)facts->largest_step))
		facts->largest_step = step;
}

static void note_facts(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_verify_facts *facts = &walk->result->facts;
	struct tongbu_lost lost;

	if (!walk->result->records)
		facts->first_realtime = rec->realtime;
	facts->last_realtime = rec->realtime;
	facts->unsynced += !(rec->flags & TONGBU_RECORD_SYNCED);
	note_silence(walk, rec);
	switch (rec->kind) {
	case TONGBU_KIND_LOST:
		facts->losses++;
		if (!tb_record_payload(rec, &lost, sizeof(lost)))
			facts->events_lost += le64toh(lost.count);
		break;
	case TONGBU_KIND_EDGE:
		facts->edges++;
		facts->edges_missed += !!(rec->flags & TONGBU_RECORD_EDGE_MISSED);
		break;
	case TONGBU_KIND_ACT:
		facts->acts++;
		break;
	case TONGBU_KIND_REFUSED:
		facts->refusals++;
		break;
	case TONGBU_KIND_HEARTBEAT:
		facts->heartbeats++;
		break;
	case TONGBU_KIND_CLOCK:
		note_step(facts, rec);
		break;
	}
}

static void note_mark(struct tb_verify_result *result, const struct tb_record *rec)
{
	struct tongbu_act act;
	const uint8_t *data;
	size_t len;

	result->end_marked = false;
	if (rec->kind != TONGBU_KIND_ACT || tb_record_act(rec, &act, &data, &len) ||
	    act.format != TONGBU_ACT_MARK || len > sizeof(result->mark))
		return;
	result->end_marked = true;
	result->mark_len = len;
	memcpy(result->mark, data, len);
}

/* Is this the record that should be here, as it was sealed? */
static int check_record(struct tb_walk *walk, const struct tb_record *rec)
{
	const char *fault;
	int ret;

	if (rec->seq != walk->seq || memcmp(rec->chain, part_of(walk)->id, TONGBU_CHAIN_LEN))
		return tb_walk_why(walk);
	if (!walk->seq) {
		ret = open_chain(walk, rec);
		if (ret)
			return ret;
	}
	if (walk->has_key) {
		ret = tb_seal_check(walk->seal, walk->key, walk->tag, rec);
		if (ret < 0)
			return ret;
		if (!ret)
			return tb_walk_why(walk);
	}
	fault = tb_record_fault(rec);
	if (fault)
		return tb_walk_bad(walk, TB_MALFORMED, "record %" PRIu64 " %s", rec->seq, fault);
	if (!walk->seq) {
		ret = check_link(walk, rec);
		if (ret)
			return ret;
	}
	fault = tb_flow_check(walk->flow, rec, part_of(walk)->first <= 1);
	if (fault)
		return tb_walk_bad(walk, walk->has_key ? TB_MALFORMED : TB_MISSING,
				   "record %" PRIu64 " %s", rec->seq, fault);
	return check_receipts(walk, rec);
}

static int accept(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_verify_result *result = walk->result;
	const struct tb_verify_options *options = walk->options;

	note_facts(walk, rec);
	note_mark(result, rec);
	tb_receipt_of(rec, &result->good);
	memcpy(walk->tag, rec->tag, TONGBU_TAG_LEN);
	result->has_good = true;
	result->records++;
	result->bytes += rec->size;
	walk->at += rec->size;
	walk->index++;
	walk->seq++;
	if (options->progress && !(result->records % PROGRESS_EVERY))
		options->progress(walk->at, walk->bundle->records_len, options->userdata);
	return walk->has_key ? tb_seal_ratchet(walk->seal, walk->key, 1) : 0;
}

static int walk_record(struct tb_walk *walk)
{
	struct tb_record rec;
	int ret;

	if (tb_record_frame(walk->bundle->records + walk->at, walk->bundle->records_len - walk->at,
			    part_of(walk)->id, &rec))
		return tb_walk_why(walk);
	ret = check_record(walk, &rec);
	return ret ?: accept(walk, &rec);
}

/* From record 0 on to the range that is wanted */
static int skip_to_range(struct tb_walk *walk, struct tb_error *err)
{
	uint64_t first = part_of(walk)->first;
	uint64_t reach = walk->options->range_reach ?: RANGE_REACH;

	if (first <= walk->seq)
		return 0;
	if (walk->has_key && first - walk->seq > reach)
		return tb_error_set(err, -ERANGE,
				    "the range begins %" PRIu64
				    " records after record 0, too far to step the key: export a longer range",
				    first);
	tb_flow_free(walk->flow);
	walk->flow = tb_flow_new();
	if (!walk->flow)
		return tb_error_set(err, -ENOMEM, "out of memory");
	walk->latest = 0;
	memcpy(walk->tag, part_of(walk)->before, TONGBU_TAG_LEN);
	first -= walk->seq;
	walk->seq += first;
	return walk->has_key ? tb_seal_ratchet(walk->seal, walk->key, first) : 0;
}

static int check_part_end(struct tb_walk *walk)
{
	const struct tb_receipt *receipt;
	size_t i;

	for (i = 0; i < walk->options->receipt_count; i++) {
		receipt = &walk->options->receipts[i];
		if (memcmp(receipt->chain, part_of(walk)->id, TONGBU_CHAIN_LEN))
			continue;
		walk->result->receipts_before += receipt->seq &&
						 receipt->seq < part_of(walk)->first;
		if (receipt->seq > part_of(walk)->last)
			return tb_walk_bad(walk, TB_CUT,
					   "the bundle ends before record %" PRIu64
					   ", for which there is a receipt",
					   receipt->seq);
	}
	return 0;
}

static int walk_part(struct tb_walk *walk, struct tb_error *err)
{
	int ret;

	tb_flow_free(walk->flow);
	walk->flow = tb_flow_new();
	if (!walk->flow)
		return tb_error_set(err, -ENOMEM, "out of memory");
	walk->begin = walk->at;
	walk->seq = 0;
	walk->has_key = false;
	memset(walk->tag, 0, TONGBU_TAG_LEN);
	walk->latest = 0;
	ret = walk_record(walk);
	if (ret)
		return ret;
	walk->result->chains++;
	/* The manifest may leave out what comes before, nothing in between. */
	if (walk->part && part_of(walk)->first > 1)
		return tb_walk_bad(walk, TB_MISSING,
				   "the chain's records before number %" PRIu64
				   " are not in the bundle, though the chain before it is",
				   part_of(walk)->first);
	ret = skip_to_range(walk, err);
	while (!ret && walk->seq <= part_of(walk)->last)
		ret = walk_record(walk);
	return ret ?: check_part_end(walk);
}

static bool has_chain(const struct tb_bundle *bundle, const uint8_t *id)
{
	size_t i;

	for (i = 0; i < bundle->chain_count; i++)
		if (!memcmp(bundle->chains[i].id, id, TONGBU_CHAIN_LEN))
			return true;
	return false;
}

static int check_end(struct tb_walk *walk)
{
	const struct tb_verify_options *options = walk->options;
	const struct tb_verify_result *result = walk->result;
	size_t i;

	walk->part--;
	if (walk->at < walk->bundle->records_len)
		return tb_walk_bad(walk, TB_INSERTED,
				   "bytes follow the last record that the manifest names");
	if (options->challenge &&
	    (!result->end_marked || result->mark_len != options->challenge_len ||
	     memcmp(result->mark, options->challenge, options->challenge_len)))
		return tb_walk_bad(walk, TB_CUT, "the last record does not hold the challenge");
	for (i = 0; i < options->receipt_count; i++) {
		if (has_chain(walk->bundle, options->receipts[i].chain))
			continue;
		tb_walk_bad(walk, TB_MISSING,
			    "there is a receipt of a chain that is not in the bundle");
		memcpy(walk->result->bad.chain, options->receipts[i].chain, TONGBU_CHAIN_LEN);
		walk->result->bad.seq = options->receipts[i].seq;
		return 1;
	}
	return 0;
}

/**
 * tb_verify() - verify a bundle
 * @bundle: the bundle
 * @options: what to verify against
 * @result: filled in
 * @err: told why it could not be verified, or NULL
 *
 * Return: 0 if there is a verdict, good or bad; or a negative errno.
 */
int tb_verify(const struct tb_bundle *bundle, const struct tb_verify_options *options,
	      struct tb_verify_result *result, struct tb_error *err)
{
	struct tb_walk walk = { .bundle = bundle, .options = options, .result = result };
	struct tb_verify_options usual = *options;
	int ret;

	usual.reach = usual.reach ?: REACH;
	walk.options = &usual;
	memset(result, 0, sizeof(*result));
	result->keyed = options->key;
	ret = tb_seal_new(&walk.seal, err);
	if (ret)
		return ret;
	for (; !ret && walk.part < bundle->chain_count; walk.part += !ret)
		ret = walk_part(&walk, err);
	if (!ret)
		ret = check_end(&walk);
	if (ret == -EIO)
		tb_error_set(err, ret, "libcrypto failed");
	OPENSSL_cleanse(walk.key, sizeof(walk.key));
	OPENSSL_cleanse(walk.key0, sizeof(walk.key0));
	tb_flow_free(walk.flow);
	tb_seal_free(walk.seal);
	return ret < 0 ? ret : 0;
}
