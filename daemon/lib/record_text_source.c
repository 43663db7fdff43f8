// SPDX-License-Identifier: GPL-2.0-only
/* Sources that are armed and disarmed, for people; see record_text.c. */
#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include "record_priv.h"

static void describe_line(const struct tongbu_source *s, FILE *out)
{
	fprintf(out, "line %u of ", le32toh(s->line));
	tb_text_name(s->chip, sizeof(s->chip), out);
	fprintf(out, ", edges %s, bias %s, debounce %u us%s", tb_edges_name(s->edges) ?: "?",
		tb_bias_name(s->bias) ?: "?", le32toh(s->debounce),
		le32toh(s->flags) & TONGBU_SOURCE_ACTIVE_LOW ? ", active low" : "");
	if (s->level == TONGBU_LEVEL_UNKNOWN)
		fputs(", level unknown", out);
	else
		fprintf(out, ", level %u", s->level);
}

static void describe_input(const struct tongbu_input *in, uint32_t flags, FILE *out)
{
	fputs("input device", out);
	if (in->device[0]) {
		fputs(" ", out);
		tb_text_name(in->device, sizeof(in->device), out);
	}
	if (in->vendor || in->product)
		fprintf(out, " %04x:%04x", le16toh(in->vendor), le16toh(in->product));
	if (in->phys[0]) {
		fputs(" at ", out);
		tb_text_name(in->phys, sizeof(in->phys), out);
	}
	fprintf(out, ", %s", tb_input_mode_name(in->mode) ?: "?");
	if (in->key)
		fprintf(out, ", key %u alone", le16toh(in->key));
	if (in->mode == TONGBU_INPUT_CODE)
		fprintf(out, " within %u ms", le32toh(in->timeout));
	fputs(flags & TONGBU_SOURCE_GRAB ? ", grabbed" : "", out);
	fputs(flags & TONGBU_SOURCE_HASHED ? ", hashed" : "", out);
}

static void describe_serial(const struct tongbu_source *s, const struct tongbu_serial *serial,
			    FILE *out)
{
	const char *parity = tb_parity_name(serial->parity);

	fputs("port ", out);
	tb_text_name(s->chip, sizeof(s->chip), out);
	fprintf(out, ", %u baud %u%c%u, %s", le32toh(serial->baud), serial->bits,
		parity ? parity[0] - 'a' + 'A' : '?', serial->stop,
		tb_framing_name(serial->framing) ?: "?");
	if (serial->framing == TONGBU_FRAMING_MODBUS)
		fprintf(out, ", %u polls", le16toh(serial->polls));
	if (serial->framing == TONGBU_FRAMING_FIXED)
		fprintf(out, " frames of %u bytes", le32toh(serial->length));
	fputs(le32toh(s->flags) & TONGBU_SOURCE_MODEM ? ", modem lines" : "", out);
}

static void describe_more(const struct tongbu_source_more *more, FILE *out)
{
	if (more->interval)
		fprintf(out, ", every %u ms", le32toh(more->interval));
	if (more->silent)
		fprintf(out, ", silent for %u ms at most", le32toh(more->silent));
	if (more->rate)
		fprintf(out, ", %u events a second at most", le32toh(more->rate));
}

static void describe_source(const struct tb_record *rec, FILE *out)
{
	const uint8_t *tail = rec->payload + sizeof(struct tongbu_source);
	size_t len = rec->length - sizeof(struct tongbu_source);
	struct tongbu_source_more more = { 0 };
	struct tongbu_serial serial = { 0 };
	struct tongbu_input input = { 0 };
	struct tongbu_source s;

	if (tb_record_payload(rec, &s, sizeof(s)))
		return;
	if (len >= sizeof(more)) {
		memcpy(&more, tail, sizeof(more));
		tail += sizeof(more);
		len -= sizeof(more);
		memcpy(&input, tail, len < sizeof(input) ? len : sizeof(input));
		memcpy(&serial, tail, len < sizeof(serial) ? len : sizeof(serial));
	}
	tb_text_name(s.name, sizeof(s.name), out);
	fputs(" armed: ", out);
	if (s.type == TONGBU_SOURCE_COUNTER || s.type == TONGBU_SOURCE_PPS)
		fprintf(out, "%s on ", tb_source_type_name(s.type));
	if (s.type == TONGBU_SOURCE_INPUT)
		describe_input(&input, le32toh(s.flags), out);
	else if (s.type == TONGBU_SOURCE_SERIAL)
		describe_serial(&s, &serial, out);
	else
		describe_line(&s, out);
	describe_more(&more, out);
	fputs(le32toh(s.flags) & TONGBU_SOURCE_CONFIGURED ? " (configured)" : "", out);
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
 * tb_record_source_describe() - say which source is armed or disarmed
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
	case TONGBU_KIND_SOURCE_DEL:
		describe_source_end(rec, out);
		return true;
	default:
		return false;
	}
}
