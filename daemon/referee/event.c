// SPDX-License-Identifier: GPL-2.0-only
/* From a sealed record to what packs see of it. */
#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include <linux/tongbu_control.h>

#include "event.h"
#include "hex.h"
#include "timefmt.h"

static void take_act(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_act act;
	const uint8_t *data;
	size_t len;

	event->kind = TB_EVENT_TIME;
	if (tb_record_act(rec, &act, &data, &len) || act.format != TONGBU_ACT_JSON)
		return;
	event->act = json_loadb((const char *)data, len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(event->act))
		event->kind = TB_EVENT_ACT;
}

static void take_edge(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_edge edge;

	if (!event->source || tb_record_payload(rec, &edge, sizeof(edge)))
		return;
	event->kind = TB_EVENT_EDGE;
	event->level = edge.level;
	event->missed = rec->flags & TONGBU_RECORD_EDGE_MISSED;
}

static void take_lost(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_lost lost;

	if (!event->source || tb_record_payload(rec, &lost, sizeof(lost)))
		return;
	event->kind = TB_EVENT_LOST;
	event->count = le64toh(lost.count);
}

static void take_due(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_due due;

	if (tb_record_payload(rec, &due, sizeof(due)))
		return;
	event->kind = TB_EVENT_DUE;
	event->clock = le64toh(due.id);
}

/**
 * tb_event_of() - what packs see of a record
 * @rec: the record
 * @names: what the sources are called
 * @id: where the record's id goes
 * @event: filled in; tb_event_clear() frees what it holds
 */
void tb_event_of(const struct tb_record *rec, const struct tb_names *names,
		 char id[TB_EVENT_ID_SIZE], struct tb_event *event)
{
	char chain[TB_HEX_SIZE(4)];

	snprintf(id, TB_EVENT_ID_SIZE, "%s:%" PRIu64, tb_hex_encode(chain, rec->chain, 4),
		 rec->seq);
	memset(event, 0, sizeof(*event));
	event->kind = TB_EVENT_TIME;
	event->record = id;
	event->time = (int64_t)(rec->realtime / TB_NSEC_PER_SEC);
	event->uid = rec->uid == TONGBU_UID_NONE ? TB_NO_UID : (int64_t)rec->uid;
	event->synced = rec->flags & TONGBU_RECORD_SYNCED;
	event->source = rec->source < TONGBU_SOURCE_FIRST ?
				NULL :
				tb_names_find(names, rec->chain, rec->source);
	switch (rec->kind) {
	case TONGBU_KIND_ACT:
		take_act(rec, event);
		break;
	case TONGBU_KIND_EDGE:
		take_edge(rec, event);
		break;
	case TONGBU_KIND_LOST:
		take_lost(rec, event);
		break;
	case TONGBU_KIND_DUE:
		take_due(rec, event);
		break;
	case TONGBU_KIND_ATTACH:
		event->kind = TB_EVENT_READER;
		break;
	}
}

/**
 * tb_event_clear() - be done with an event
 * @event: the event
 */
void tb_event_clear(struct tb_event *event)
{
	json_decref(event->act);
	event->act = NULL;
}
