// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each source numbers its own events. What the numbers skip must have been
 * counted by a LOST record: a gap without one means that records are missing.
 */
#include <endian.h>
#include <search.h>
#include <stdlib.h>

#include "verify_priv.h"

/**
 * struct stand - where a source stands
 * @source: its number
 * @last: number of its last event
 * @event: numbers of what it is in the middle of: silence, absence; from 1, or 0
 */
struct stand {
	uint32_t source;
	uint32_t last;
	size_t event[2];
};

/**
 * struct tb_flow - where the sources of a chain stand
 * @root: tree of struct stand
 * @recent: the one last asked for
 */
struct tb_flow {
	void *root;
	struct stand *recent;
};

static int by_source(const void *a, const void *b)
{
	const struct stand *x = a, *y = b;

	return (x->source > y->source) - (x->source < y->source);
}

/**
 * tb_flow_new() - nothing is known yet
 *
 * Return: the flow, or NULL without memory.
 */
struct tb_flow *tb_flow_new(void)
{
	return calloc(1, sizeof(struct tb_flow));
}

/**
 * tb_flow_free() - be done with a flow
 * @flow: the flow, or NULL
 */
void tb_flow_free(struct tb_flow *flow)
{
	if (!flow)
		return;
	tdestroy(flow->root, free);
	free(flow);
}

static struct stand *find(struct tb_flow *flow, uint32_t source)
{
	struct stand wanted = { .source = source };
	struct stand **node;

	if (!flow->recent || flow->recent->source != source) {
		node = tfind(&wanted, &flow->root, by_source);
		flow->recent = node ? *node : NULL;
	}
	return flow->recent;
}

static struct stand *add(struct tb_flow *flow, uint32_t source)
{
	struct stand *stand = calloc(1, sizeof(*stand));

	if (!stand)
		return NULL;
	stand->source = source;
	if (!tsearch(stand, &flow->root, by_source)) {
		free(stand);
		return NULL;
	}
	return flow->recent = stand;
}

/* How many events of its source a record stands for */
static uint32_t events(const struct tb_record *rec)
{
	struct tongbu_lost lost;

	if (rec->kind == TONGBU_KIND_LOST && !tb_record_payload(rec, &lost, sizeof(lost)))
		return (uint32_t)le64toh(lost.count);
	return 1;
}

/**
 * tb_flow_check() - does this record follow the last of its source?
 * @flow: the flow of the record's chain
 * @rec: the record; the next of the chain
 * @from_start: all records of the chain before it were shown to @flow
 *
 * Return: NULL if it does; else what is wrong, to follow "record N".
 */
const char *tb_flow_check(struct tb_flow *flow, const struct tb_record *rec, bool from_start)
{
	struct stand *stand = find(flow, rec->source);
	bool begins = rec->kind == TONGBU_KIND_GENESIS || rec->kind == TONGBU_KIND_SOURCE_ADD;
	const char *fault = NULL;

	if (begins && rec->source_seq)
		fault = "arms a source, yet has a number within it";
	else if (!stand && !begins && from_start && rec->source >= TONGBU_SOURCE_FIRST)
		fault = "is of a source that was never armed";
	else if (!stand && !begins && from_start && rec->source_seq != events(rec))
		fault = "is not its source's first event, but those before it are not there";
	else if (stand && !begins && rec->source_seq != stand->last + events(rec))
		fault = "does not follow its source's last event, and no loss was recorded";
	if (!stand)
		stand = add(flow, rec->source);
	if (!stand)
		return "could not be looked at: out of memory";
	stand->last = rec->source_seq;
	return fault;
}

/**
 * tb_flow_event() - what is a source in the middle of?
 * @flow: the flow
 * @source: a source whose record was shown to it
 * @gone: absence is meant, not silence
 *
 * Return: where the event's number stands, as long as @flow does.
 */
size_t *tb_flow_event(struct tb_flow *flow, uint32_t source, bool gone)
{
	return &find(flow, source)->event[gone];
}
