// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the good records say: sums over all of them, and for each chain what a court may
 * ask about: gaps, losses, the clock, sources that were silent. The list has a bound.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "verify_priv.h"

/* In place of the number of an event that goes on, and is not listed */
#define LEFT_OUT SIZE_MAX

/* Room for one more: twice as much each time. Without memory it is left out, and counted. */
static struct tb_verify_event *next_event(struct tb_verify_result *result)
{
	struct tb_verify_event *more = result->events;
	size_t count = result->event_count;

	if (count == TB_VERIFY_EVENTS_MAX)
		return NULL;
	if (!(count & (count - 1)))
		more = reallocarray(more, count ? 2 * count : 1, sizeof(*more));
	if (!more)
		return NULL;
	result->events = more;
	result->event_count++;
	more[count] = (struct tb_verify_event){ 0 };
	return &more[count];
}

static struct tb_verify_event *begin_event(struct tb_walk *walk, enum tb_verify_event_kind kind,
					   const struct tb_record *rec)
{
	struct tb_verify_result *result = walk->result;
	struct tb_verify_event *event;

	if (walk->each)
		walk->each->count[kind]++;
	event = walk->each ? next_event(result) : NULL;
	if (!event) {
		result->events_left_out++;
		return NULL;
	}
	event->chain = result->each_count - 1;
	event->kind = kind;
	if (rec) {
		event->source = rec->source;
		event->first = rec->seq;
		event->last = rec->seq;
		event->from = rec->realtime;
	}
	return event;
}

static size_t number_of(const struct tb_walk *walk, const struct tb_verify_event *event)
{
	return event ? (size_t)(event - walk->result->events) + 1 : LEFT_OUT;
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

static void note_step(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_verify_facts *facts = &walk->result->facts;
	struct tb_verify_event *event;
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
	event = begin_event(walk, TB_EVENT_STEP, rec);
	if (event) {
		event->amount = step;
		event->until = rec->realtime;
	}
}

static void note_lost(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_verify_event *event = begin_event(walk, TB_EVENT_LOST, rec);
	struct tongbu_lost lost;

	walk->result->facts.losses++;
	if (tb_record_payload(rec, &lost, sizeof(lost)))
		return;
	walk->result->facts.events_lost += le64toh(lost.count);
	if (walk->each)
		walk->each->events_lost += le64toh(lost.count);
	if (event) {
		event->amount = (int64_t)le64toh(lost.count);
		event->until = rec->realtime;
	}
}

static void note_unsynced(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_verify_event *event;

	if (rec->flags & TONGBU_RECORD_SYNCED) {
		if (walk->unsynced && walk->unsynced != LEFT_OUT)
			walk->result->events[walk->unsynced - 1].until = rec->realtime;
		walk->unsynced = 0;
		return;
	}
	walk->result->facts.unsynced++;
	if (walk->each)
		walk->each->unsynced++;
	if (!walk->unsynced)
		walk->unsynced = number_of(walk, begin_event(walk, TB_EVENT_UNSYNCED, rec));
	if (walk->unsynced == LEFT_OUT)
		return;
	event = &walk->result->events[walk->unsynced - 1];
	event->last = rec->seq;
	event->amount++;
}

/* A source says nothing, or its device is gone; or no longer. */
static void note_absent(struct tb_walk *walk, const struct tb_record *rec)
{
	bool gone = rec->kind == TONGBU_KIND_GONE || rec->kind == TONGBU_KIND_BACK;
	bool begins = rec->kind == TONGBU_KIND_GONE || rec->kind == TONGBU_KIND_SILENT;
	size_t *number = tb_flow_event(walk->flow, rec->source, gone);
	struct tb_verify_event *event;

	if (!begins) {
		if (*number && *number != LEFT_OUT) {
			event = &walk->result->events[*number - 1];
			event->last = rec->seq;
			event->until = rec->realtime;
		}
		*number = 0;
	} else if (!*number) {
		event = begin_event(walk, gone ? TB_EVENT_GONE : TB_EVENT_SILENT, rec);
		*number = number_of(walk, event);
	}
}

static void note_chain(struct tb_walk *walk, const struct tb_record *rec)
{
	const struct tb_bundle_chain *part = &walk->bundle->chains[walk->part];
	struct tb_verify_result *result = walk->result;
	struct tb_verify_event *last;
	struct tongbu_genesis g;

	if (!rec->seq) {
		walk->unsynced = 0;
		walk->each = result->each_count < TB_VERIFY_CHAINS_MAX ?
				     &result->each[result->each_count++] :
				     NULL;
		if (walk->each) {
			memcpy(walk->each->id, part->id, TONGBU_CHAIN_LEN);
			walk->each->first = part->first;
			walk->each->from = rec->realtime;
			if (!tb_record_payload(rec, &g, sizeof(g)))
				memcpy(walk->each->boot, g.boot_id, sizeof(g.boot_id));
		}
	}
	if (!walk->each)
		return;
	if (rec->seq == part->first && walk->each->records <= 1)
		walk->each->from = rec->realtime;
	walk->each->last = rec->seq;
	walk->each->until = rec->realtime;
	walk->each->records++;
	last = result->event_count ? &result->events[result->event_count - 1] : NULL;
	if (last && last->kind == TB_EVENT_GAP && !last->until)
		last->until = rec->realtime;
}

/**
 * tb_walk_facts() - keep what a good record says
 * @walk: the walk, at that record
 * @rec: the record
 */
void tb_walk_facts(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_verify_facts *facts = &walk->result->facts;

	note_chain(walk, rec);
	if (!walk->result->records)
		facts->first_realtime = rec->realtime;
	facts->last_realtime = rec->realtime;
	note_unsynced(walk, rec);
	note_silence(walk, rec);
	switch (rec->kind) {
	case TONGBU_KIND_LOST:
		note_lost(walk, rec);
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
		note_step(walk, rec);
		break;
	case TONGBU_KIND_END:
		facts->ended++;
		walk->ended = true;
		if (walk->each)
			walk->each->ended = true;
		break;
	case TONGBU_KIND_SILENT:
	case TONGBU_KIND_RESTORED:
	case TONGBU_KIND_GONE:
	case TONGBU_KIND_BACK:
		note_absent(walk, rec);
		break;
	}
}

/**
 * tb_walk_facts_gap() - keep that records are not there
 * @walk: the walk, before the gap
 * @gap: the gap
 */
void tb_walk_facts_gap(struct tb_walk *walk, const struct tb_verify_gap *gap)
{
	struct tb_verify_event *event = begin_event(walk, TB_EVENT_GAP, NULL);

	walk->unsynced = 0;
	if (!event)
		return;
	event->first = gap->first;
	event->last = gap->last;
	event->from = walk->each->until;
	event->amount = (int64_t)(gap->last - gap->first + 1);
}

/**
 * tb_walk_facts_begin() - make ready for keeping them
 * @walk: the walk, at its begin
 *
 * Return: 0 or -ENOMEM.
 */
int tb_walk_facts_begin(struct tb_walk *walk)
{
	size_t count = walk->bundle->chain_count;

	count = count < TB_VERIFY_CHAINS_MAX ? count : TB_VERIFY_CHAINS_MAX;
	walk->result->each = calloc(count, sizeof(*walk->result->each));
	return walk->result->each ? 0 : -ENOMEM;
}
