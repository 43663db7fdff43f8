// SPDX-License-Identifier: GPL-2.0-only
/* One pass over a bundle: what the manifest says should come, does it come? */
#include "verify.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "hex.h"
#include "verify_priv.h"

#define REACH	       (1ULL << 24)
#define RANGE_REACH    (1ULL << 26)
#define PROGRESS_EVERY 65536U

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

static void progress(const struct tb_walk *walk, const char *what, uint64_t done, uint64_t total)
{
	if (walk->options->progress)
		walk->options->progress(what, done, total, walk->options->userdata);
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
	if (!fault && walk->ended)
		fault = "stands behind the end of its chain";
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
	return tb_walk_receipts(walk, rec) ?: tb_walk_log(walk, rec);
}

static int accept(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_verify_result *result = walk->result;

	tb_walk_facts(walk, rec);
	tb_walk_log_note(walk);
	note_mark(result, rec);
	result->end_sealed = rec->kind == TONGBU_KIND_END;
	tb_receipt_of(rec, &result->good);
	memcpy(walk->tag, rec->tag, TONGBU_TAG_LEN);
	result->has_good = true;
	result->records++;
	result->bytes += rec->size;
	walk->at += rec->size;
	walk->index++;
	walk->seq++;
	if (!(result->records % PROGRESS_EVERY))
		progress(walk, "verifying", walk->at, walk->bundle->records_len);
	return walk->has_key ? tb_seal_ratchet(walk->seal, walk->key, 1) : 0;
}

static int walk_record(struct tb_walk *walk)
{
	struct tb_record rec;
	int ret;

	if (tb_window_frame(&walk->here, walk->at, part_of(walk)->id, &rec))
		return tb_walk_why(walk);
	ret = check_record(walk, &rec);
	return ret ?: accept(walk, &rec);
}

static int step_key(struct tb_walk *walk, uint64_t count, struct tb_error *err)
{
	uint64_t reach = walk->options->range_reach, done, more;
	int ret = 0;

	if (count > reach || walk->steps > reach - count)
		return tb_error_set(err, -ERANGE,
				    "before record %" PRIu64 ", %" PRIu64
				    " records are not in the bundle, and at most %" PRIu64
				    " may be missing there: export a longer range, or allow more with --reach",
				    walk->seq + count, count, reach);
	walk->steps += count;
	for (done = 0; !ret && done < count; done += more) {
		more = count - done < PROGRESS_EVERY ? count - done : PROGRESS_EVERY;
		ret = tb_seal_ratchet(walk->seal, walk->key, more);
		progress(walk, "stepping the key", done + more, count);
	}
	return ret;
}

/* The manifest says that records are not there: between others it is a gap. */
static int note_gap(struct tb_walk *walk, struct tb_error *err)
{
	struct tb_verify_result *result = walk->result;
	struct tb_verify_gap *gaps;

	gaps = reallocarray(result->gaps, result->gap_count + 1, sizeof(*gaps));
	if (!gaps)
		return tb_error_set(err, -ENOMEM, "out of memory");
	result->gaps = gaps;
	gaps += result->gap_count++;
	memcpy(gaps->chain, part_of(walk)->id, TONGBU_CHAIN_LEN);
	gaps->first = walk->seq;
	gaps->last = part_of(walk)->first - 1;
	tb_walk_facts_gap(walk, gaps);
	if (result->gap_count > 1)
		return 0;
	tb_walk_bad(walk, TB_MISSING,
		    "records %" PRIu64 " to %" PRIu64
		    " of the chain are not in the bundle, though others before and behind them are",
		    gaps->first, gaps->last);
	walk->before_gap = result->good;
	return 0;
}

/* On to the range that is wanted, from record 0 or from the range before it */
static int skip_to_range(struct tb_walk *walk, struct tb_error *err)
{
	uint64_t first = part_of(walk)->first, count;
	int ret = 0;

	if (first <= walk->seq)
		return 0;
	/* The manifest may leave out what comes before; in between it is a gap. */
	if (walk->part)
		ret = note_gap(walk, err);
	tb_flow_free(walk->flow);
	walk->flow = tb_flow_new();
	if (!ret && !walk->flow)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	walk->latest = 0;
	count = first - walk->seq;
	if (!ret && walk->has_key)
		ret = step_key(walk, count, err);
	walk->seq = first;
	memcpy(walk->tag, part_of(walk)->before, TONGBU_TAG_LEN);
	return ret;
}

static int begin_chain(struct tb_walk *walk, struct tb_error *err)
{
	struct tb_verify_facts *facts = &walk->result->facts;
	int ret;

	if (walk->part && !walk->ended && !facts->broken_off++)
		memcpy(facts->broken_chain, walk->bundle->chains[walk->part - 1].id,
		       TONGBU_CHAIN_LEN);
	walk->ended = false;

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
	if (!ret)
		walk->result->chains++;
	return ret;
}

static int walk_part(struct tb_walk *walk, struct tb_error *err)
{
	const struct tb_bundle *bundle = walk->bundle;
	int ret = 0;

	if (!tb_bundle_goes_on(bundle->chains, walk->part))
		ret = begin_chain(walk, err) ?: tb_walk_log_begin(walk, err);
	if (!ret)
		ret = skip_to_range(walk, err);
	while (!ret && walk->seq <= part_of(walk)->last)
		ret = walk_record(walk);
	if (!ret && (walk->part + 1 == bundle->chain_count ||
		     !tb_bundle_goes_on(bundle->chains, walk->part + 1)))
		ret = tb_walk_receipts_end(walk);
	return ret;
}

static int check_end(struct tb_walk *walk)
{
	const struct tb_verify_options *options = walk->options;
	const struct tb_verify_result *result = walk->result;

	walk->part--;
	if (walk->at < walk->bundle->records_len)
		return tb_walk_bad(walk, TB_INSERTED,
				   "bytes follow the last record that the manifest names");
	if (options->challenge &&
	    (!result->end_marked || result->mark_len != options->challenge_len ||
	     memcmp(result->mark, options->challenge, options->challenge_len)))
		return tb_walk_bad(walk, TB_CUT, "the last record does not hold the challenge");
	return tb_walk_receipts_left(walk) ?: tb_walk_log_end(walk);
}

static int walk_bundle(struct tb_walk *walk, struct tb_error *err)
{
	int ret;

	ret = tb_seal_new(&walk->seal, err);
	if (ret)
		return ret;
	if (tb_walk_receipts_begin(walk) || tb_walk_facts_begin(walk) ||
	    tb_window_open(&walk->here, walk->bundle) || tb_window_open(&walk->ahead, walk->bundle))
		return tb_error_set(err, -ENOMEM, "out of memory");
	for (; !ret && walk->part < walk->bundle->chain_count; walk->part += !ret)
		ret = walk_part(walk, err);
	if (!ret)
		ret = check_end(walk);
	if (!ret && walk->result->gap_count)
		walk->result->good = walk->before_gap;
	if (ret == -EIO)
		tb_error_set(err, ret, "libcrypto failed");
	/* What could not be read looks as if it were not there. */
	if (ret >= 0)
		ret = tb_window_error(&walk->here, err)		 ?:
			      tb_window_error(&walk->ahead, err) ?:
								   ret;
	return ret;
}

/**
 * tb_verify() - verify a bundle
 * @bundle: the bundle
 * @options: what to verify against
 * @result: filled in
 * @err: told why it could not be verified, or NULL
 *
 * Return: 0 if there is a verdict, good or bad; @result is then to be cleared by
 * the caller; or a negative errno.
 */
int tb_verify(const struct tb_bundle *bundle, const struct tb_verify_options *options,
	      struct tb_verify_result *result, struct tb_error *err)
{
	struct tb_verify_options usual = *options;
	struct tb_walk walk = { .bundle = bundle, .options = &usual, .result = result };
	int ret;

	usual.reach = usual.reach ?: REACH;
	usual.range_reach = usual.range_reach ?: RANGE_REACH;
	memset(result, 0, sizeof(*result));
	result->keyed = options->key;
	ret = walk_bundle(&walk, err);
	result->walked = !ret;
	result->ok = !ret && result->verdict == TB_VERIFIED && (options->key || options->no_key);
	OPENSSL_cleanse(walk.key, sizeof(walk.key));
	OPENSSL_cleanse(walk.key0, sizeof(walk.key0));
	tb_window_close(&walk.here);
	tb_window_close(&walk.ahead);
	free(walk.receipts);
	free(walk.met);
	tb_flow_free(walk.flow);
	tb_seal_free(walk.seal);
	if (ret < 0)
		tb_verify_clear(result);
	return ret < 0 ? ret : 0;
}

/**
 * tb_verify_clear() - be done with a result
 * @result: the result
 */
void tb_verify_clear(struct tb_verify_result *result)
{
	free(result->gaps);
	free(result->each);
	free(result->events);
	result->gaps = NULL;
	result->each = NULL;
	result->events = NULL;
	result->gap_count = result->each_count = result->event_count = 0;
}
