// SPDX-License-Identifier: GPL-2.0-only
/* Records of devices for people; see record_text.c. */
#include <endian.h>
#include <inttypes.h>

#include "record_priv.h"

static void describe_source(const struct tb_record *rec, FILE *out)
{
	struct tongbu_source s;

	if (tb_record_payload(rec, &s, sizeof(s)))
		return;
	tb_text_name(s.name, sizeof(s.name), out);
	fprintf(out, " armed: line %u of ", le32toh(s.line));
	tb_text_name(s.chip, sizeof(s.chip), out);
	fprintf(out, ", edges %s, bias %s, debounce %u us%s, level %u%s",
		tb_edges_name(s.edges) ?: "?", tb_bias_name(s.bias) ?: "?", le32toh(s.debounce),
		le32toh(s.flags) & TONGBU_SOURCE_ACTIVE_LOW ? ", active low" : "", s.level,
		le32toh(s.flags) & TONGBU_SOURCE_CONFIGURED ? " (configured)" : "");
}

static void describe_source_end(const struct tb_record *rec, FILE *out)
{
	struct tongbu_source_end e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return;
	fprintf(out, "disarmed after %" PRIu64 " events, %" PRIu64 " lost", le64toh(e.sealed),
		le64toh(e.lost));
}

static void describe_edge(const struct tb_record *rec, FILE *out)
{
	struct tongbu_edge e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return;
	fprintf(out, "%s", e.level ? "active" : "inactive");
	if (e.bounces)
		fprintf(out, ", %u bounces", le16toh(e.bounces));
	if (rec->flags & TONGBU_RECORD_EDGE_MISSED)
		fputs(", an edge before it was missed", out);
	if (rec->flags & TONGBU_RECORD_INFERRED)
		fputs(", level inferred", out);
}

/**
 * tb_record_source_describe() - say what a device's record tells
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
	case TONGBU_KIND_EDGE:
		describe_edge(rec, out);
		return true;
	default:
		return false;
	}
}
