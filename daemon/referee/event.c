// SPDX-License-Identifier: GPL-2.0-only
/* From a sealed record to what packs see of it. */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <linux/tongbu_control.h>

#include "event.h"
#include "hex.h"
#include "jsonread.h"
#include "timefmt.h"

static void take_act(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_act act;
	const uint8_t *data;
	size_t len;

	event->kind = TB_EVENT_TIME;
	if (tb_record_act(rec, &act, &data, &len) || act.format != TONGBU_ACT_JSON)
		return;
	event->act = tb_json_read((const char *)data, len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(event->act))
		event->kind = TB_EVENT_ACT;
}

static void take_edge(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_edge edge;

	if (!event->source || tb_record_payload(rec, &edge, sizeof(edge)))
		return;
	/* An edge without a level is as good as lost. */
	if (rec->flags & TONGBU_RECORD_LEVEL_UNKNOWN) {
		event->kind = TB_EVENT_LOST;
		event->count = 1;
		return;
	}
	event->kind = TB_EVENT_EDGE;
	event->level = edge.level;
	event->line = edge.line == TONGBU_LINE_GPIO ? NULL : tb_line_name(edge.line) ?: "unknown";
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

/* Fields of what a device tells; without a source's name it tells nobody anything. */
static void take_device(const struct tb_record *rec, struct tb_event *event, const char *word,
			json_t *fields)
{
	if (!event->source || !fields) {
		json_decref(fields);
		return;
	}
	event->kind = TB_EVENT_DEVICE;
	event->word = word;
	event->fields = fields;
	event->rec = rec;
}

static void take_count(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_count c;

	if (!tb_record_payload(rec, &c, sizeof(c)))
		take_device(rec, event, "count",
			    json_pack("{s:I, s:I, s:f}", "count", (json_int_t)le32toh(c.count),
				      "total", (json_int_t)(le64toh(c.total) & INT64_MAX),
				      "interval", le32toh(c.interval) / 1000.0));
}

static void take_code(const struct tb_record *rec, struct tb_event *event)
{
	static const char *const ends[] = { NULL, "enter", "timeout", "too-long" };
	const uint8_t *code = rec->payload + sizeof(struct tongbu_code);
	char hash[TB_HEX_SIZE(32)];
	struct tongbu_code c;
	size_t len;

	if (tb_record_payload(rec, &c, sizeof(c)) || c.end >= 4 || !ends[c.end])
		return;
	len = rec->length - sizeof(c);
	if (!c.hashed)
		take_device(rec, event, "code",
			    json_pack("{s:s%, s:s}", "code", (const char *)code, len, "ended",
				      ends[c.end]));
	else if (len == 32)
		take_device(rec, event, "code",
			    json_pack("{s:s, s:s}", "hash", tb_hex_encode(hash, code, len), "ended",
				      ends[c.end]));
}

static void take_key(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_key k;

	if (!tb_record_payload(rec, &k, sizeof(k)))
		take_device(rec, event, "key",
			    json_pack("{s:i, s:b}", "key", le16toh(k.code), "down", k.value));
}

static void take_storm(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_storm s;

	if (!tb_record_payload(rec, &s, sizeof(s)))
		take_device(rec, event, "storm",
			    json_pack("{s:b, s:I}", "over", s.over, "count",
				      (json_int_t)(le64toh(s.count) & INT64_MAX)));
}

static void take_silence(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_silence s;

	if (!tb_record_payload(rec, &s, sizeof(s)))
		take_device(rec, event, rec->kind == TONGBU_KIND_SILENT ? "silent" : "restored",
			    json_pack("{s:I}", "seconds",
				      (json_int_t)(le64toh(s.silent) / TB_NSEC_PER_SEC)));
}

static void take_presence(const struct tb_record *rec, struct tb_event *event)
{
	struct tongbu_presence p;

	if (!tb_record_payload(rec, &p, sizeof(p)))
		take_device(rec, event, rec->kind == TONGBU_KIND_GONE ? "gone" : "back",
			    json_pack("{s:s*, s:i}", "why",
				      rec->kind == TONGBU_KIND_GONE ? tb_absence_name(p.why) : NULL,
				      "level", p.level));
}

static char *record_id(const struct tb_record *rec, uint64_t seq, char id[TB_EVENT_ID_SIZE])
{
	char chain[TB_HEX_SIZE(4)];

	snprintf(id, TB_EVENT_ID_SIZE, "%s:%" PRIu64, tb_hex_encode(chain, rec->chain, 4), seq);
	return id;
}

/**
 * tb_event_id() - a record's name, as packs and the state know it
 * @rec: the record
 * @id: where to
 *
 * Return: @id.
 */
char *tb_event_id(const struct tb_record *rec, char id[TB_EVENT_ID_SIZE])
{
	return record_id(rec, rec->seq, id);
}

/* That of another record of the same chain */
static json_t *other_json(const struct tb_record *rec, uint64_t seq)
{
	char id[TB_EVENT_ID_SIZE];

	return seq == TONGBU_SEQ_NONE ? NULL : json_string(record_id(rec, seq, id));
}

static void take_output(const struct tb_record *rec, const struct tb_names *names,
			struct tb_event *event)
{
	struct tongbu_output_change c;

	if (tb_record_payload(rec, &c, sizeof(c)))
		return;
	event->source = "outputs";
	take_device(rec, event, "output",
		    json_pack("{s:s*, s:i, s:s*, s:o*, s:o*}", "output",
			      tb_names_find_of(names, rec->chain, TB_NAMED_OUTPUT,
					       le32toh(c.output)),
			      "value", c.value, "cause", tb_output_cause_name(c.cause), "because",
			      other_json(rec, le64toh(c.record)), "error",
			      c.error ? json_integer(le16toh(c.error)) : NULL));
}

static void take_reflex(const struct tb_record *rec, const struct tb_names *names,
			struct tb_event *event)
{
	struct tongbu_firing f;

	if (tb_record_payload(rec, &f, sizeof(f)))
		return;
	event->source = "reflexes";
	take_device(rec, event, "reflex",
		    json_pack("{s:s*, s:s*, s:i, s:o*, s:I, s:o*}", "reflex",
			      tb_names_find_of(names, rec->chain, TB_NAMED_REFLEX,
					       le32toh(f.reflex)),
			      "output",
			      tb_names_find_of(names, rec->chain, TB_NAMED_OUTPUT,
					       le32toh(f.output)),
			      "value", f.value, "because", other_json(rec, le64toh(f.record)),
			      "after",
			      (json_int_t)((le64toh(f.effect) - le64toh(f.cause)) & INT64_MAX),
			      "error", f.error ? json_integer(le16toh(f.error)) : NULL));
}

/* What the devices tell that packs may have a function for; the rest is time */
static void take_more(const struct tb_record *rec, const struct tb_names *names,
		      struct tb_event *event)
{
	switch (rec->kind) {
	case TONGBU_KIND_FRAME:
		take_device(rec, event, "frame", json_object());
		break;
	case TONGBU_KIND_COUNT:
		take_count(rec, event);
		break;
	case TONGBU_KIND_CODE:
		take_code(rec, event);
		break;
	case TONGBU_KIND_KEY:
		take_key(rec, event);
		break;
	case TONGBU_KIND_STORM:
		take_storm(rec, event);
		break;
	case TONGBU_KIND_SILENT:
	case TONGBU_KIND_RESTORED:
		take_silence(rec, event);
		break;
	case TONGBU_KIND_GONE:
	case TONGBU_KIND_BACK:
		take_presence(rec, event);
		break;
	case TONGBU_KIND_OUTPUT:
		take_output(rec, names, event);
		break;
	case TONGBU_KIND_REFLEX:
		take_reflex(rec, names, event);
		break;
	}
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
	memset(event, 0, sizeof(*event));
	event->kind = TB_EVENT_TIME;
	event->record = tb_event_id(rec, id);
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
	default:
		take_more(rec, names, event);
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
	json_decref(event->fields);
	event->fields = NULL;
}

/**
 * tb_event_fold() - take in one sealed record
 * @referee: folds
 * @names: what sources are called; learns from the record
 * @rec: the record
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_event_fold(struct tb_referee *referee, struct tb_names *names, const struct tb_record *rec,
		  struct tb_error *err)
{
	char id[TB_EVENT_ID_SIZE];
	struct tb_event event;
	int ret;

	if (tb_names_learn(names, rec))
		return tb_error_set(err, -ENOMEM, "out of memory");
	tb_event_of(rec, names, id, &event);
	ret = tb_referee_fold(referee, &event, err);
	tb_event_clear(&event);
	return ret;
}
