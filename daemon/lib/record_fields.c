// SPDX-License-Identifier: GPL-2.0-only
/* The tables of payloads, and how a field of one is written. */
#include "record_fields.h"

#include <endian.h>
#include <string.h>

/* clang-format off: a row is a line */
#define PART(def, name, member, kind, word)                                           \
	{                                                                             \
		name, word, offsetof(struct tongbu_##def, member),                    \
			sizeof(((struct tongbu_##def *)NULL)->member), TB_PART_##kind \
	}
#define LAST                        \
	{                           \
		NULL, NULL, 0, 0, 0 \
	}
#define LAYOUT(def, parts, rest)                         \
	{                                                \
		parts, sizeof(struct tongbu_##def), rest \
	}

static const struct tb_part genesis[] = {
	PART(genesis, "supervisor", supervisor, HEX, NULL),
	PART(genesis, "ephemeral", ephemeral, HEX, NULL),
	PART(genesis, "chain", chain, HEX, NULL),
	PART(genesis, "boot_id", boot_id, HEX, NULL),
	PART(genesis, "prev_chain", prev_chain, HEX_ANY, NULL),
	PART(genesis, "prev_tag", prev_tag, HEX_ANY, NULL),
	PART(genesis, "loaded", loaded, NUMBER, NULL),
	PART(genesis, "ring", ring, NUMBER, NULL),
	PART(genesis, "heartbeat_ms", heartbeat, NUMBER, NULL),
	PART(genesis, "submit_gid", submit_gid, UID, NULL),
	PART(genesis, "submit_rate", submit_rate, NUMBER, NULL),
	PART(genesis, "module_version", module_version, NAME, NULL),
	PART(genesis, "kernel_release", kernel_release, NAME, NULL),
	PART(genesis, "wrapped", wrapped, HEX, NULL),
	LAST,
};

/* What a chain without one before it has no number for */
static void rest_genesis(struct tb_out *out, const struct tb_record *rec)
{
	static const uint8_t none[TONGBU_CHAIN_LEN];
	struct tongbu_genesis g;

	memcpy(&g, rec->payload, sizeof(g));
	tb_out_key(out, "prev_seq");
	if (memcmp(g.prev_chain, none, sizeof(none)))
		tb_out_number(out, le64toh(g.prev_seq));
	else
		tb_out_null(out);
}

static const struct tb_part heartbeat[] = {
	PART(heartbeat, "lost", lost, NUMBER, NULL),
	PART(heartbeat, "refused", refused, NUMBER, NULL),
	PART(heartbeat, "waits", waits, NUMBER, NULL),
	PART(heartbeat, "acked", acked, NUMBER, NULL),
	PART(heartbeat, "used", used, NUMBER, NULL),
	PART(heartbeat, "high_water", high_water, NUMBER, NULL),
	PART(heartbeat, "sources", sources, NUMBER, NULL),
	PART(heartbeat, "attached", attached, BOOL, NULL),
	LAST,
};

static const struct tb_part end[] = {
	PART(end, "lost", lost, NUMBER, NULL),
	PART(end, "refused", refused, NUMBER, NULL),
	LAST,
};

static const struct tb_part lost[] = {
	PART(lost, "count", count, NUMBER, NULL),
	PART(lost, "first", first, NUMBER, NULL),
	PART(lost, "last", last, NUMBER, NULL),
	PART(lost, "cause", cause, WORD, tb_lost_cause_name),
	LAST,
};

static const struct tb_part clock_change[] = {
	PART(clock, "before", before, SIGNED, NULL),
	PART(clock, "after", after, SIGNED, NULL),
	PART(clock, "esterror_us", esterror, NUMBER, NULL),
	PART(clock, "maxerror_us", maxerror, NUMBER, NULL),
	PART(clock, "cause", cause, WORD, tb_clock_cause_name),
	PART(clock, "synced", synced, BOOL, NULL),
	LAST,
};

static const struct tb_part reader[] = {
	PART(reader, "acked", acked, NUMBER, NULL),
	PART(reader, "portid", portid, NUMBER, NULL),
	PART(reader, "comm", comm, NAME, NULL),
	LAST,
};

static const struct tb_part refused[] = {
	PART(refused, "error", error, ERROR, NULL),
	PART(refused, "command", command, WORD, tb_command_name),
	PART(refused, "count", count, NUMBER, NULL),
	LAST,
};

static const struct tb_part act[] = {
	PART(act, "login_uid", login_uid, UID, NULL),
	PART(act, "euid", euid, UID, NULL),
	PART(act, "format", format, WORD, tb_act_format_name),
	LAST,
};

/* Of a source, these three; what else there is depends on its type */
static const struct tb_part source[] = {
	PART(source, "name", name, NAME, NULL),
	PART(source, "type", type, WORD, tb_source_type_name),
	PART(source, "flags", flags, BITS, tb_source_flag_name),
	LAST,
};

static const struct tb_part source_line[] = {
	PART(source, "chip", chip, NAME, NULL),
	PART(source, "line", line, PLACE, NULL),
	PART(source, "debounce_us", debounce, NUMBER, NULL),
	PART(source, "edges", edges, WORD, tb_edges_name),
	PART(source, "bias", bias, WORD, tb_bias_name),
	PART(source, "level", level, LEVEL, NULL),
	LAST,
};

static const struct tb_part source_port[] = {
	PART(source, "port", chip, NAME, NULL),
	LAST,
};

static const struct tb_part source_more[] = {
	PART(source_more, "silent_ms", silent, NUMBER, NULL),
	PART(source_more, "rate", rate, NUMBER, NULL),
	PART(source_more, "interval_ms", interval, NUMBER, NULL),
	LAST,
};

static const struct tb_part input[] = {
	PART(input, "device", device, NAME, NULL),
	PART(input, "phys", phys, NAME, NULL),
	PART(input, "vendor", vendor, NUMBER, NULL),
	PART(input, "product", product, NUMBER, NULL),
	PART(input, "mode", mode, WORD, tb_input_mode_name),
	PART(input, "key", key, NUMBER, NULL),
	PART(input, "timeout_ms", timeout, NUMBER, NULL),
	PART(input, "salt_id", salt_id, HEX_ANY, NULL),
	LAST,
};

static const struct tb_part serial[] = {
	PART(serial, "baud", baud, NUMBER, NULL),
	PART(serial, "bits", bits, NUMBER, NULL),
	PART(serial, "parity", parity, WORD, tb_parity_name),
	PART(serial, "stop", stop, NUMBER, NULL),
	PART(serial, "framing", framing, WORD, tb_framing_name),
	PART(serial, "length", length, NUMBER, NULL),
	PART(serial, "gap_us", gap, NUMBER, NULL),
	PART(serial, "timeout_ms", timeout, NUMBER, NULL),
	LAST,
};

const struct tb_part tb_poll_parts[] = {
	PART(poll, "unit", unit, NUMBER, NULL),
	PART(poll, "function", function, WORD, tb_function_name),
	PART(poll, "address", address, NUMBER, NULL),
	PART(poll, "count", count, NUMBER, NULL),
	LAST,
};

static const struct tb_part source_end[] = {
	PART(source_end, "sealed", sealed, NUMBER, NULL),
	PART(source_end, "lost", lost, NUMBER, NULL),
	LAST,
};

static const struct tb_part edge[] = {
	PART(edge, "level", level, LEVEL, NULL),
	PART(edge, "bounces", bounces, NUMBER, NULL),
	PART(edge, "delay", delay, NUMBER, NULL),
	LAST,
};

static const struct tb_part key[] = {
	PART(key, "code", code, NUMBER, NULL),
	PART(key, "value", value, NUMBER, NULL),
	PART(key, "delay", delay, NUMBER, NULL),
	LAST,
};

static const struct tb_part code[] = {
	PART(code, "first", first, NUMBER, NULL),   PART(code, "delay", delay, NUMBER, NULL),
	PART(code, "length", length, NUMBER, NULL), PART(code, "end", end, WORD, tb_code_end_name),
	PART(code, "hashed", hashed, BOOL, NULL),   LAST,
};

static const struct tb_part frame[] = {
	PART(frame, "first", first, NUMBER, NULL),
	PART(frame, "delay", delay, NUMBER, NULL),
	PART(frame, "bad", bad, NUMBER, NULL),
	PART(frame, "framing", framing, WORD, tb_framing_name),
	PART(frame, "status", status, WORD, tb_frame_status_name),
	LAST,
};

static const struct tb_part count[] = {
	PART(count, "first", first, MOMENT, NULL),
	PART(count, "last", last, MOMENT, NULL),
	PART(count, "total", total, NUMBER, NULL),
	PART(count, "count", count, NUMBER, NULL),
	PART(count, "interval_ms", interval, NUMBER, NULL),
	LAST,
};

static const struct tb_part storm[] = {
	PART(storm, "since", since, NUMBER, NULL),	PART(storm, "count", count, NUMBER, NULL),
	PART(storm, "masked_ms", masked, NUMBER, NULL), PART(storm, "rate", rate, NUMBER, NULL),
	PART(storm, "over", over, BOOL, NULL),		LAST,
};

static const struct tb_part silence[] = {
	PART(silence, "last", last, NUMBER, NULL),
	PART(silence, "silent", silent, NUMBER, NULL),
	LAST,
};

static const struct tb_part presence[] = {
	PART(presence, "since", since, NUMBER, NULL),
	PART(presence, "why", why, WORD, tb_absence_name),
	PART(presence, "level", level, LEVEL, NULL),
	PART(presence, "device", device, NAME, NULL),
	LAST,
};

static const struct tb_part pps[] = {
	PART(pps, "min", min, SIGNED, NULL),	   PART(pps, "max", max, SIGNED, NULL),
	PART(pps, "mean", mean, SIGNED, NULL),	   PART(pps, "pulses", pulses, NUMBER, NULL),
	PART(pps, "missed", missed, NUMBER, NULL), LAST,
};

static const struct tb_part due[] = {
	PART(due, "id", id, NUMBER, NULL),
	PART(due, "due", due, NUMBER, NULL),
	PART(due, "lateness", lateness, NUMBER, NULL),
	LAST,
};

static const struct tb_part output[] = {
	PART(output, "name", name, NAME, NULL),
	PART(output, "output", output, NUMBER, NULL),
	PART(output, "chip", chip, NAME, NULL),
	PART(output, "line", line, PLACE, NULL),
	PART(output, "flags", flags, BITS, tb_output_flag_name),
	PART(output, "away_ms", away, NUMBER, NULL),
	PART(output, "safe", safe, PLACE, NULL),
	LAST,
};

static const struct tb_part output_end[] = {
	PART(output_end, "output", output, OUTPUT, NULL),
	PART(output_end, "changes", changes, NUMBER, NULL),
	LAST,
};

static const struct tb_part output_change[] = {
	PART(output_change, "output", output, OUTPUT, NULL),
	PART(output_change, "value", value, NUMBER, NULL),
	PART(output_change, "cause", cause, WORD, tb_output_cause_name),
	PART(output_change, "record", record, SEQ, NULL),
	PART(output_change, "asked", asked, NUMBER, NULL),
	PART(output_change, "error", error, ERROR, NULL),
	LAST,
};

static const struct tb_part reflex[] = {
	PART(reflex, "name", name, NAME, NULL),
	PART(reflex, "reflex", reflex, NUMBER, NULL),
	PART(reflex, "source", source, SOURCE, NULL),
	PART(reflex, "second", second, SECOND, NULL),
	PART(reflex, "output", output, OUTPUT, NULL),
	PART(reflex, "when", condition, WORD, tb_condition_name),
	PART(reflex, "level", level, NUMBER, NULL),
	PART(reflex, "hold_ms", hold, NUMBER, NULL),
	PART(reflex, "count", count, NUMBER, NULL),
	PART(reflex, "within_ms", within, NUMBER, NULL),
	PART(reflex, "action", action, WORD, tb_action_name),
	PART(reflex, "length_ms", length, NUMBER, NULL),
	PART(reflex, "period_ms", period, NUMBER, NULL),
	PART(reflex, "cooldown_ms", cooldown, NUMBER, NULL),
	PART(reflex, "flags", flags, BITS, tb_reflex_flag_name),
	LAST,
};

static const struct tb_part reflex_end[] = {
	PART(reflex_end, "reflex", reflex, REFLEX, NULL),
	PART(reflex_end, "fired", fired, NUMBER, NULL),
	PART(reflex_end, "rested", rested, NUMBER, NULL),
	LAST,
};

static const struct tb_part firing[] = {
	PART(firing, "reflex", reflex, REFLEX, NULL),
	PART(firing, "output", output, OUTPUT, NULL),
	PART(firing, "value", value, NUMBER, NULL),
	PART(firing, "record", record, SEQ, NULL),
	PART(firing, "cause", cause, NUMBER, NULL),
	PART(firing, "effect", effect, NUMBER, NULL),
	PART(firing, "deferred", deferred, BOOL, NULL),
	PART(firing, "error", error, ERROR, NULL),
	LAST,
};

static const struct tb_layout layouts[] = {
	[TONGBU_KIND_GENESIS] = LAYOUT(genesis, genesis, rest_genesis),
	[TONGBU_KIND_HEARTBEAT] = LAYOUT(heartbeat, heartbeat, NULL),
	[TONGBU_KIND_LOST] = LAYOUT(lost, lost, NULL),
	[TONGBU_KIND_END] = LAYOUT(end, end, NULL),
	[TONGBU_KIND_CLOCK] = LAYOUT(clock, clock_change, NULL),
	[TONGBU_KIND_ATTACH] = LAYOUT(reader, reader, NULL),
	[TONGBU_KIND_DETACH] = LAYOUT(reader, reader, NULL),
	[TONGBU_KIND_SOURCE_ADD] = LAYOUT(source, source, tb_rest_source),
	[TONGBU_KIND_SOURCE_DEL] = LAYOUT(source_end, source_end, NULL),
	[TONGBU_KIND_REFUSED] = LAYOUT(refused, refused, NULL),
	[TONGBU_KIND_OUTPUT_ADD] = LAYOUT(output, output, NULL),
	[TONGBU_KIND_OUTPUT_DEL] = LAYOUT(output_end, output_end, NULL),
	[TONGBU_KIND_REFLEX_ADD] = LAYOUT(reflex, reflex, NULL),
	[TONGBU_KIND_REFLEX_DEL] = LAYOUT(reflex_end, reflex_end, NULL),
	[TONGBU_KIND_EDGE] = LAYOUT(edge, edge, tb_rest_edge),
	[TONGBU_KIND_KEY] = LAYOUT(key, key, NULL),
	[TONGBU_KIND_CODE] = LAYOUT(code, code, tb_rest_code),
	[TONGBU_KIND_FRAME] = LAYOUT(frame, frame, tb_rest_frame),
	[TONGBU_KIND_COUNT] = LAYOUT(count, count, NULL),
	[TONGBU_KIND_STORM] = LAYOUT(storm, storm, NULL),
	[TONGBU_KIND_SILENT] = LAYOUT(silence, silence, NULL),
	[TONGBU_KIND_RESTORED] = LAYOUT(silence, silence, NULL),
	[TONGBU_KIND_GONE] = LAYOUT(presence, presence, NULL),
	[TONGBU_KIND_BACK] = LAYOUT(presence, presence, NULL),
	[TONGBU_KIND_PPS] = LAYOUT(pps, pps, NULL),
	[TONGBU_KIND_ACT] = LAYOUT(act, act, tb_rest_act),
	[TONGBU_KIND_DUE] = LAYOUT(due, due, NULL),
	[TONGBU_KIND_OUTPUT] = LAYOUT(output_change, output_change, NULL),
	[TONGBU_KIND_REFLEX] = LAYOUT(firing, firing, NULL),
};
/* clang-format on */

/**
 * tb_record_layout() - what the payload of a kind begins with
 * @kind: enum tongbu_kind, or any number
 *
 * Return: the layout, or NULL for a kind not known.
 */
const struct tb_layout *tb_record_layout(unsigned int kind)
{
	return kind < sizeof(layouts) / sizeof(layouts[0]) && layouts[kind].parts ? &layouts[kind] :
										    NULL;
}

/**
 * tb_source_runs() - what a source's payload has behind its first fields
 * @rec: a record of %TONGBU_KIND_SOURCE_ADD, with at least struct tongbu_source
 * @runs: where to
 * @polls: told where its struct tongbu_poll begin
 *
 * Return: how many polls it says it has, and has.
 */
size_t tb_source_runs(const struct tb_record *rec, struct tb_run runs[TB_SOURCE_RUNS],
		      const uint8_t **polls)
{
	const uint8_t *at = rec->payload + sizeof(struct tongbu_source);
	const uint8_t *limit = rec->payload + rec->length;
	uint8_t type = rec->payload[offsetof(struct tongbu_source, type)];
	struct tongbu_serial s = { .polls = 0 };
	size_t room;

	if (type != TONGBU_SOURCE_INPUT && type != TONGBU_SOURCE_SERIAL)
		*runs++ = (struct tb_run){ source_line, rec->payload };
	/* The first records there were end here. */
	if ((size_t)(limit - at) >= sizeof(struct tongbu_source_more)) {
		*runs++ = (struct tb_run){ source_more, at };
		at += sizeof(struct tongbu_source_more);
		if (type == TONGBU_SOURCE_INPUT &&
		    (size_t)(limit - at) >= sizeof(struct tongbu_input)) {
			*runs++ = (struct tb_run){ input, at };
		} else if (type == TONGBU_SOURCE_SERIAL && (size_t)(limit - at) >= sizeof(s)) {
			*runs++ = (struct tb_run){ source_port, rec->payload };
			*runs++ = (struct tb_run){ serial, at };
			memcpy(&s, at, sizeof(s));
			at += sizeof(s);
		}
	}
	*runs = (struct tb_run){ NULL, NULL };
	*polls = at;
	room = (size_t)(limit - at) / sizeof(struct tongbu_poll);
	return le16toh(s.polls) < room ? le16toh(s.polls) : room;
}

/**
 * tb_rest_source() - write what depends on the type of a source that is armed
 * @out: where to
 * @rec: the record
 */
void tb_rest_source(struct tb_out *out, const struct tb_record *rec)
{
	struct tb_run runs[TB_SOURCE_RUNS];
	const struct tb_run *run;
	const uint8_t *polls;
	size_t left = tb_source_runs(rec, runs, &polls);

	for (run = runs; run->parts; run++)
		tb_parts_put(out, run->parts, run->at, rec, NULL);
	if (run == runs || run[-1].parts != serial)
		return;
	tb_out_key(out, "polls");
	tb_out_text(out, "[");
	for (; left--; polls += sizeof(struct tongbu_poll)) {
		if (!out->full && out->at[-1] == '}')
			tb_out_text(out, ",");
		tb_out_text(out, "{");
		tb_parts_put(out, tb_poll_parts, polls, NULL, NULL);
		tb_out_text(out, "}");
	}
	tb_out_text(out, "]");
}
