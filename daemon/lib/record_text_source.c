// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sources and outputs that are armed and disarmed, for people; see record_text.c. What
 * they are armed with is said as record_fields.c lists it, under the names that the
 * configuration has.
 */
#include <endian.h>
#include <inttypes.h>

#include "record_fields.h"
#include "record_priv.h"

static void describe_bits(const struct tb_part *part, uint64_t bits, FILE *out)
{
	unsigned int bit;

	for (bit = 0; bits >> bit; bit++)
		if (bits >> bit & 1)
			fprintf(out, ", %s", part->word(bit) ?: "flag not known");
}

/* ", line 17"; what is 0 or empty is not there */
static void describe_part(const struct tb_part *part, const uint8_t *payload, FILE *out)
{
	const uint8_t *at = payload + part->at;
	uint64_t number;

	if (part->kind == TB_PART_NAME) {
		if (!*at)
			return;
		fprintf(out, ", %s ", part->name);
		tb_text_name(at, part->size, out);
		return;
	}
	if (part->kind >= TB_PART_HEX)
		return;
	number = tb_part_number(part, payload);
	if (part->kind == TB_PART_BITS)
		describe_bits(part, number, out);
	else if (part->kind == TB_PART_WORD)
		fprintf(out, ", %s %s", part->name, part->word((unsigned int)number) ?: "?");
	else if (part->kind == TB_PART_LEVEL && number == TONGBU_LEVEL_UNKNOWN)
		fprintf(out, ", %s unknown", part->name);
	else if (number || part->kind == TB_PART_PLACE || part->kind == TB_PART_LEVEL)
		fprintf(out, ", %s %" PRIu64, part->name, number);
}

/* Its first field is its name: "water armed, type gpio, ..." */
static void describe_parts(const struct tb_part *parts, const uint8_t *payload, const char *how,
			   FILE *out)
{
	if (how) {
		tb_text_name(payload + parts->at, parts->size, out);
		fprintf(out, " %s", how);
		parts++;
	}
	for (; parts->name; parts++)
		describe_part(parts, payload, out);
}

/* "1:holding:0:2", as people ask for it */
static void describe_poll(const uint8_t *poll, FILE *out)
{
	const struct tb_part *part;
	uint64_t number;

	for (part = tb_poll_parts; part->name; part++) {
		number = tb_part_number(part, poll);
		fputs(part == tb_poll_parts ? ", poll " : ":", out);
		if (part->kind == TB_PART_WORD)
			fputs(part->word((unsigned int)number) ?: "?", out);
		else
			fprintf(out, "%" PRIu64, number);
	}
}

static void describe_source(const struct tb_record *rec, FILE *out)
{
	struct tb_run runs[TB_SOURCE_RUNS], *run;
	struct tongbu_source s;
	const uint8_t *polls;
	size_t count;

	if (tb_record_payload(rec, &s, sizeof(s)))
		return;
	describe_parts(tb_record_layout(rec->kind)->parts, rec->payload, "armed", out);
	count = tb_source_runs(rec, runs, &polls);
	for (run = runs; run->parts; run++)
		describe_parts(run->parts, run->at, NULL, out);
	for (; count--; polls += sizeof(struct tongbu_poll))
		describe_poll(polls, out);
}

static void describe_output(const struct tb_record *rec, FILE *out)
{
	struct tongbu_output o;

	if (!tb_record_payload(rec, &o, sizeof(o)))
		describe_parts(tb_record_layout(rec->kind)->parts, rec->payload, "taken", out);
}

static void describe_source_end(const struct tb_record *rec, FILE *out)
{
	struct tongbu_source_end e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return;
	fprintf(out, "disarmed after %" PRIu64 " events, %" PRIu64 " lost", le64toh(e.sealed),
		le64toh(e.lost));
}

/**
 * tb_record_source_describe() - say which source or output is armed, or which source disarmed
 * @rec: the record
 * @out: where to; no newline is written
 *
 * Return: false, and nothing written, for another kind.
 */
bool tb_record_source_describe(const struct tb_record *rec, FILE *out)
{
	switch (rec->kind) {
	case TONGBU_KIND_SOURCE_ADD:
		describe_source(rec, out);
		return true;
	case TONGBU_KIND_OUTPUT_ADD:
		describe_output(rec, out);
		return true;
	case TONGBU_KIND_SOURCE_DEL:
		describe_source_end(rec, out);
		return true;
	default:
		return false;
	}
}
