// SPDX-License-Identifier: GPL-2.0-only
/* What there is to say of each chain of a bundle, for programs and for people. */
#include <inttypes.h>
#include <string.h>

#include "hex.h"
#include "timefmt.h"
#include "verify.h"

/* So many lines of events are for people; programs are told all that are kept. */
#define LINES 24

/**
 * tb_verify_event_name() - the word for a kind of events
 * @kind: the kind
 *
 * Return: the word, as JSON has it.
 */
const char *tb_verify_event_name(enum tb_verify_event_kind kind)
{
	switch (kind) {
	case TB_EVENT_GAP:
		return "gap";
	case TB_EVENT_LOST:
		return "lost";
	case TB_EVENT_STEP:
		return "clock_step";
	case TB_EVENT_UNSYNCED:
		return "unsynced";
	case TB_EVENT_SILENT:
		return "silent";
	case TB_EVENT_GONE:
		return "gone";
	}
	return "unknown";
}

/**
 * tb_verify_event_until() - when did it end?
 * @result: the result
 * @event: an event of it
 *
 * Return: CLOCK_REALTIME, ns since 1970: the chain's last record's if it did not end.
 */
uint64_t tb_verify_event_until(const struct tb_verify_result *result,
			       const struct tb_verify_event *event)
{
	return event->until ?: result->each[event->chain].until;
}

/**
 * tb_held_since() - who holds a chain as far as it is held, since when?
 * @chain: the chain
 * @held: the checkpoints the bundle was held against
 * @i: which of their signatures, from 0
 * @time: set to the earliest time of that witness, s since 1970
 *
 * Return: the witness's name, or NULL behind the last.
 */
const char *tb_held_since(const struct tb_verify_chain *chain, const struct tb_held *held, size_t i,
			  uint64_t *time)
{
	const struct tb_held *first = chain->held ? &held[chain->held - 1] : NULL;

	/* Later checkpoints hold it as well; who signed the first is who holds it longest. */
	if (!first || i >= first->by_count)
		return NULL;
	*time = first->by[i].time;
	return first->by[i].name;
}

static json_t *held_json(const struct tb_verify_chain *chain, const struct tb_held *held)
{
	char time[TB_TIME_SIZE];
	json_t *by = json_array();
	const char *name;
	uint64_t since;
	size_t i;

	if (!chain->held) {
		json_decref(by);
		return json_null();
	}
	for (i = 0; (name = tb_held_since(chain, held, i, &since)); i++)
		json_array_append_new(by, json_pack("{s:s, s:s}", "name", name, "since",
						    tb_time_format(since * TB_NSEC_PER_SEC, time)));
	return json_pack("{s:o, s:o, s:o}", "last", tb_json_u64(chain->held_seq), "size",
			 tb_json_u64(held[chain->held - 1].checkpoint.size), "by", by);
}

static json_t *chain_json(const struct tb_verify_result *result, size_t i,
			  const struct tb_held *held)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], boot[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	const struct tb_verify_chain *chain = &result->each[i];
	char from[TB_TIME_SIZE], until[TB_TIME_SIZE];

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "chain", tb_hex_encode(id, chain->id, TONGBU_CHAIN_LEN), "boot",
			 tb_hex_encode(boot, chain->boot, sizeof(chain->boot)), "first",
			 tb_json_u64(chain->first), "last", tb_json_u64(chain->last), "records",
			 tb_json_u64(chain->records), "from", tb_time_format(chain->from, from),
			 "until", tb_time_format(chain->until, until), "ended", chain->ended,
			 "broken_off", !chain->ended && i + 1 < result->each_count, "gaps",
			 tb_json_u64(chain->count[TB_EVENT_GAP]), "losses",
			 tb_json_u64(chain->count[TB_EVENT_LOST]), "events_lost",
			 tb_json_u64(chain->events_lost), "clock_steps",
			 tb_json_u64(chain->count[TB_EVENT_STEP]), "unsynced",
			 tb_json_u64(chain->unsynced), "unsynced_spans",
			 tb_json_u64(chain->count[TB_EVENT_UNSYNCED]), "silent",
			 tb_json_u64(chain->count[TB_EVENT_SILENT]), "gone",
			 tb_json_u64(chain->count[TB_EVENT_GONE]), "held", held_json(chain, held));
}

static json_t *event_json(const struct tb_verify_event *event)
{
	char from[TB_TIME_SIZE], until[TB_TIME_SIZE];
	json_t *json = json_pack("{s:o, s:s, s:o, s:o, s:s, s:s?}", "boot",
				 tb_json_u64(event->chain), "kind",
				 tb_verify_event_name(event->kind), "first",
				 tb_json_u64(event->first), "last", tb_json_u64(event->last),
				 "from", tb_time_format(event->from, from), "until",
				 event->until ? tb_time_format(event->until, until) : NULL);

	if (json && (event->kind == TB_EVENT_LOST || event->kind == TB_EVENT_SILENT ||
		     event->kind == TB_EVENT_GONE))
		json_object_set_new(json, "source", tb_json_u64(event->source));
	if (json && event->kind != TB_EVENT_SILENT && event->kind != TB_EVENT_GONE)
		json_object_set_new(json, "amount", json_integer((json_int_t)event->amount));
	return json;
}

/**
 * tb_verify_each_json() - what there is to say of each chain, for programs
 * @result: the result
 * @held: the checkpoints it was held against
 * @json: what tb_verify_json() made of it; gets boots, events and events_left_out
 *
 * Return: 0 or -1 without memory.
 */
int tb_verify_each_json(const struct tb_verify_result *result, const struct tb_held *held,
			json_t *json)
{
	json_t *boots = json_array(), *events = json_array();
	int ret = 0;
	size_t i;

	for (i = 0; i < result->each_count; i++)
		ret |= json_array_append_new(boots, chain_json(result, i, held));
	for (i = 0; i < result->event_count; i++)
		ret |= json_array_append_new(events, event_json(&result->events[i]));
	ret |= json_object_set_new(json, "boots", boots);
	ret |= json_object_set_new(json, "events", events);
	ret |= json_object_set_new(json, "events_left_out", tb_json_u64(result->events_left_out));
	return ret;
}

/**
 * tb_verify_event_text() - an event in a line, for people
 * @event: the event
 * @out: where to; no line end is written
 */
void tb_verify_event_text(const struct tb_verify_event *event, FILE *out)
{
	char from[TB_TIME_SIZE], until[TB_TIME_SIZE], span[TB_DURATION_SIZE];
	uint64_t size = event->amount < 0 ? -(uint64_t)event->amount : (uint64_t)event->amount;

	tb_time_format(event->from, from);
	if (event->kind == TB_EVENT_GAP)
		fprintf(out,
			"records %" PRIu64 " to %" PRIu64
			" are not there; the record before them is of %s",
			event->first, event->last, from);
	else if (event->kind == TB_EVENT_LOST)
		fprintf(out, "%s, record %" PRIu64 ": source %" PRIu32 " lost %" PRIu64 " events",
			from, event->first, event->source, size);
	else if (event->kind == TB_EVENT_STEP)
		fprintf(out, "%s, record %" PRIu64 ": the clock was stepped by %s%s", from,
			event->first, event->amount < 0 ? "-" : "", tb_duration_format(size, span));
	else if (event->kind == TB_EVENT_UNSYNCED)
		fprintf(out,
			"%s, records %" PRIu64 " to %" PRIu64
			": the clock was not synchronised, for %" PRIu64 " records",
			from, event->first, event->last, size);
	else
		fprintf(out, "%s, record %" PRIu64 ": source %" PRIu32 " %s", from, event->first,
			event->source, event->kind == TB_EVENT_SILENT ? "was silent" : "was gone");
	if (event->kind != TB_EVENT_SILENT && event->kind != TB_EVENT_GONE)
		return;
	if (event->until)
		fprintf(out, " until %s, record %" PRIu64, tb_time_format(event->until, until),
			event->last);
	else
		fputs(", to the end", out);
}

static void put_chain(const struct tb_verify_result *result, size_t i, const struct tb_held *held,
		      FILE *out)
{
	const struct tb_verify_chain *chain = &result->each[i];
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], boot[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	char from[TB_TIME_SIZE], until[TB_TIME_SIZE];
	uint64_t since;
	const char *name;
	size_t k;

	fprintf(out, "  chain %s, of boot %s\n", tb_hex_encode(id, chain->id, TONGBU_CHAIN_LEN),
		tb_hex_encode(boot, chain->boot, sizeof(chain->boot)));
	fprintf(out, "    records %" PRIu64 " to %" PRIu64 ", from %s to %s, %s\n", chain->first,
		chain->last, tb_time_format(chain->from, from), tb_time_format(chain->until, until),
		chain->ended		   ? "ended" :
		i + 1 < result->each_count ? "broken off" :
					     "without an END");
	if (chain->held)
		fprintf(out, "    held elsewhere up to record %" PRIu64 "\n", chain->held_seq);
	for (k = 0; (name = tb_held_since(chain, held, k, &since)); k++)
		fprintf(out, "      by %s since %s\n", name,
			tb_time_format(since * TB_NSEC_PER_SEC, from));
}

/**
 * tb_verify_each_text() - what there is to say of each chain, for people
 * @result: the result
 * @held: the checkpoints it was held against
 * @out: where to
 */
void tb_verify_each_text(const struct tb_verify_result *result, const struct tb_held *held,
			 FILE *out)
{
	size_t i, event = 0, lines = 0;

	for (i = 0; i < result->each_count; i++) {
		put_chain(result, i, held, out);
		for (; event < result->event_count && result->events[event].chain == i; event++) {
			if (lines++ >= LINES)
				continue;
			fputs("    ", out);
			tb_verify_event_text(&result->events[event], out);
			fputc('\n', out);
		}
	}
	if (lines > LINES || result->events_left_out)
		fprintf(out, "  and %" PRIu64 " lines more of this kind: --json has %s\n",
			lines - (lines < LINES ? lines : LINES) + result->events_left_out,
			result->events_left_out ? "the first of them" : "them");
	if (result->each_count < result->chains)
		fprintf(out, "  and %" PRIu64 " chains more, of which only the sums are told\n",
			result->chains - result->each_count);
}
