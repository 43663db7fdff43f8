// SPDX-License-Identifier: GPL-2.0-only
/* The outcome of a verification, for programs and for people. */
#include <inttypes.h>

#include "hex.h"
#include "timefmt.h"
#include "verify.h"

/**
 * tb_verdict_name() - the word for a verdict
 * @verdict: the verdict
 * @keyed: whether the tags were checked
 *
 * Return: the word. What was only looked at without a key is "consistent", never
 * "verified".
 */
const char *tb_verdict_name(enum tb_verdict verdict, bool keyed)
{
	switch (verdict) {
	case TB_VERIFIED:
		return keyed ? "verified" : "consistent";
	case TB_ALTERED:
		return "altered";
	case TB_MISSING:
		return "missing";
	case TB_INSERTED:
		return "inserted";
	case TB_REORDERED:
		return "reordered";
	case TB_CUT:
		return "cut";
	case TB_ENVELOPE:
		return "envelope";
	case TB_MALFORMED:
		return "malformed";
	}
	return "unknown";
}

static json_t *facts_json(const struct tb_verify_facts *facts)
{
	char first[TB_TIME_SIZE], last[TB_TIME_SIZE];

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o}",
			 "first", tb_time_format(facts->first_realtime, first), "last",
			 tb_time_format(facts->last_realtime, last), "events_lost",
			 tb_json_u64(facts->events_lost), "losses", tb_json_u64(facts->losses),
			 "edges", tb_json_u64(facts->edges), "edges_missed",
			 tb_json_u64(facts->edges_missed), "acts", tb_json_u64(facts->acts),
			 "refusals", tb_json_u64(facts->refusals), "heartbeats",
			 tb_json_u64(facts->heartbeats), "clock_steps",
			 tb_json_u64(facts->clock_steps), "largest_step",
			 (json_int_t)facts->largest_step, "unsynced", tb_json_u64(facts->unsynced),
			 "silence", tb_json_u64(facts->silence), "ended", tb_json_u64(facts->ended),
			 "broken_off", tb_json_u64(facts->broken_off));
}

static json_t *gaps_json(const struct tb_verify_result *result)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	const struct tb_verify_gap *gap;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < result->gap_count; i++) {
		gap = &result->gaps[i];
		json_array_append_new(list,
				      json_pack("{s:s, s:o, s:o}", "chain",
						tb_hex_encode(chain, gap->chain, TONGBU_CHAIN_LEN),
						"first", tb_json_u64(gap->first), "last",
						tb_json_u64(gap->last)));
	}
	return list;
}

/**
 * tb_verify_json() - a result for programs
 * @result: the result
 *
 * Return: an object of the caller's; NULL without memory.
 */
json_t *tb_verify_json(const struct tb_verify_result *result)
{
	char text[TB_HEX_SIZE(TONGBU_ACT_MAX)];
	const struct tb_verify_place *bad = &result->bad;
	json_t *json;

	json = json_pack("{s:b, s:s, s:b, s:b, s:o, s:o, s:o, s:b, s:o, s:o}", "ok", result->ok,
			 "verdict", tb_verdict_name(result->verdict, result->keyed), "keyed",
			 result->keyed, "ended", result->end_sealed, "records",
			 tb_json_u64(result->records), "chains", tb_json_u64(result->chains),
			 "bytes", tb_json_u64(result->bytes), "from_start", result->from_start,
			 "receipts", tb_json_u64(result->receipts), "gaps", gaps_json(result));
	if (!json)
		return NULL;
	if (result->verdict != TB_VERIFIED)
		json_object_set_new(json, "bad",
				    json_pack("{s:s, s:o, s:o, s:o, s:s}", "chain",
					      tb_hex_encode(text, bad->chain, TONGBU_CHAIN_LEN),
					      "seq", tb_json_u64(bad->seq), "index",
					      tb_json_u64(bad->index), "offset",
					      tb_json_u64(bad->offset), "detail", bad->detail));
	json_object_set_new(json, "last_good",
			    result->has_good ? tb_receipt_json(&result->good) : json_null());
	if (result->end_marked)
		json_object_set_new(json, "mark",
				    json_string(tb_hex_encode(text, result->mark,
							      result->mark_len)));
	json_object_set_new(json, "facts", facts_json(&result->facts));
	return json;
}

static void put_facts(const struct tb_verify_result *result, FILE *out)
{
	const struct tb_verify_facts *facts = &result->facts;
	char first[TB_TIME_SIZE], last[TB_TIME_SIZE], text[TB_DURATION_SIZE];
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	fprintf(out, "  from %s to %s\n", tb_time_format(facts->first_realtime, first),
		tb_time_format(facts->last_realtime, last));
	fprintf(out,
		"  %" PRIu64 " edges, %" PRIu64 " acts, %" PRIu64 " heartbeats, %" PRIu64
		" refusals\n",
		facts->edges, facts->acts, facts->heartbeats, facts->refusals);
	if (facts->losses)
		fprintf(out,
			"  %" PRIu64 " events were lost, as %" PRIu64 " LOST records account for\n",
			facts->events_lost, facts->losses);
	if (facts->edges_missed)
		fprintf(out, "  %" PRIu64 " edges follow one that was missed\n",
			facts->edges_missed);
	if (facts->clock_steps)
		fprintf(out, "  the clock was stepped %" PRIu64 " times, by up to %s%s\n",
			facts->clock_steps, facts->largest_step < 0 ? "-" : "",
			tb_duration_format(facts->largest_step < 0 ?
						   -(uint64_t)facts->largest_step :
						   (uint64_t)facts->largest_step,
					   text));
	if (facts->unsynced)
		fprintf(out, "  %" PRIu64 " records were stamped by a clock not synchronised\n",
			facts->unsynced);
	if (facts->broken_off)
		fprintf(out,
			"  %" PRIu64
			" chains have no END, the first of them %s: broken off by a loss of power, or their end is missing\n",
			facts->broken_off,
			tb_hex_encode(chain, facts->broken_chain, TONGBU_CHAIN_LEN));
	if (facts->heartbeat && facts->silence > 2 * facts->heartbeat)
		fprintf(out,
			"  nothing was recorded for %s before record %" PRIu64
			": the machine slept, or the recorder stood still\n",
			tb_duration_format(facts->silence, text), facts->silence_seq);
}

static void put_end(const struct tb_verify_result *result, FILE *out)
{
	char text[TB_HEX_SIZE(TONGBU_ACT_MAX)];

	if (!result->from_start)
		fputs("  there is more before the first record: it is not in this bundle\n", out);
	if (result->receipts)
		fprintf(out, "  %" PRIu64 " receipts agree\n", result->receipts);
	if (result->end_sealed)
		fputs("  the last chain has ended: it has no more records\n", out);
	else if (result->end_marked)
		fprintf(out, "  ends in mark %s\n",
			tb_hex_encode(text, result->mark, result->mark_len));
	else
		fputs("  does not end in a mark: records after the last may have been left out\n",
		      out);
	if (!result->keyed)
		fputs("  no tag was checked, only numbers and links: anybody can make such a bundle\n",
		      out);
}

static void put_gaps(const struct tb_verify_result *result, FILE *out)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	const struct tb_verify_gap *gap;
	size_t i;

	for (i = 0; i < result->gap_count; i++) {
		gap = &result->gaps[i];
		fprintf(out,
			"  gap: records %" PRIu64 " to %" PRIu64 " of chain %s are not there\n",
			gap->first, gap->last, tb_hex_encode(chain, gap->chain, TONGBU_CHAIN_LEN));
	}
}

/**
 * tb_verify_text() - a result for people
 * @result: the result
 * @out: where to
 */
void tb_verify_text(const struct tb_verify_result *result, FILE *out)
{
	const char *word = result->keyed ? "verified" : "structure only";
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], tag[TB_HEX_SIZE(TONGBU_TAG_LEN)];
	char time[TB_TIME_SIZE];

	if (result->verdict == TB_VERIFIED) {
		fprintf(out, "%s: %" PRIu64 " records in %" PRIu64 " %s, %" PRIu64 " bytes\n", word,
			result->records, result->chains, result->chains == 1 ? "chain" : "chains",
			result->bytes);
		put_facts(result, out);
		put_end(result, out);
		return;
	}
	fprintf(out, "NOT verified: %s\n", tb_verdict_name(result->verdict, result->keyed));
	if (result->walked) {
		fprintf(out, "  %" PRIu64 " records are there and %s, %zu %s between them\n",
			result->records, result->keyed ? "as they were sealed" : "fit each other",
			result->gap_count, result->gap_count == 1 ? "gap" : "gaps");
		put_gaps(result, out);
		put_facts(result, out);
		put_end(result, out);
		return;
	}
	fprintf(out, "  first bad: record %" PRIu64 " of chain %s\n", result->bad.seq,
		tb_hex_encode(chain, result->bad.chain, TONGBU_CHAIN_LEN));
	fprintf(out, "             %s\n", result->bad.detail);
	fprintf(out, "             the file's record %" PRIu64 ", at byte %" PRIu64 "\n",
		result->bad.index, result->bad.offset);
	if (result->has_good)
		fprintf(out,
			"  last good: record %" PRIu64 " of chain %s, %s\n"
			"             tag %s\n",
			result->good.seq,
			tb_hex_encode(chain, result->good.chain, TONGBU_CHAIN_LEN),
			tb_time_format(result->good.realtime, time),
			tb_hex_encode(tag, result->good.tag, TONGBU_TAG_LEN));
	else
		fputs("  last good: none\n", out);
	fprintf(out, "  %" PRIu64 " records before it are good\n", result->records);
	put_gaps(result, out);
}
