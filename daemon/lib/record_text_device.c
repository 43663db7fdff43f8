// SPDX-License-Identifier: GPL-2.0-only
/* What devices tell, for people; see record_text.c. */
#include <endian.h>
#include <inttypes.h>

#include "record_priv.h"
#include "term.h"
#include "timefmt.h"

static void describe_edge(const struct tb_record *rec, FILE *out)
{
	struct tongbu_edge e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return;
	if (e.line != TONGBU_LINE_GPIO)
		fprintf(out, "%s ", tb_line_name(e.line) ?: "line not known");
	if (e.level == TONGBU_LEVEL_UNKNOWN)
		fputs("level unknown: the line could not be read", out);
	else
		fputs(e.level ? "active" : "inactive", out);
	if (e.bounces)
		fprintf(out, ", %u bounces", le16toh(e.bounces));
	if (rec->flags & TONGBU_RECORD_EDGE_MISSED)
		fputs(", an edge before it was missed", out);
	if (rec->flags & TONGBU_RECORD_INFERRED)
		fputs(", level inferred", out);
}

static void describe_key(const struct tb_record *rec, FILE *out)
{
	struct tongbu_key k;

	if (!tb_record_payload(rec, &k, sizeof(k)))
		fprintf(out, "key %u %s", le16toh(k.code), k.value ? "down" : "up");
}

static void describe_code(const struct tb_record *rec, FILE *out)
{
	struct tongbu_code c;

	if (tb_record_payload(rec, &c, sizeof(c)))
		return;
	fprintf(out, "code of %u characters ", le16toh(c.length));
	if (c.hashed) {
		fputs("hashed ", out);
		tb_text_hex(rec->payload + sizeof(c), rec->length - sizeof(c), out);
	} else {
		tb_text_put(rec->payload + sizeof(c), rec->length - sizeof(c), out);
	}
	if (c.end == TONGBU_CODE_TIMEOUT)
		fputs(", not closed by Enter", out);
	else if (c.end == TONGBU_CODE_TOO_LONG)
		fputs(", and more that was dropped", out);
}

static void describe_frame(const struct tb_record *rec, FILE *out)
{
	static const char *const faults[] = {
		[TONGBU_FRAME_BAD_CHECK] = "bad: wrong checksum",
		[TONGBU_FRAME_BAD_FORM] = "bad: not of the form it should have",
		[TONGBU_FRAME_BAD_LINE] = "bad: error on the line",
		[TONGBU_FRAME_TIMEOUT] = "no answer came",
		[TONGBU_FRAME_EXCEPTION] = "the slave answered with an exception",
	};
	const uint8_t *bytes = rec->payload + sizeof(struct tongbu_frame);
	size_t len = rec->length - sizeof(struct tongbu_frame);
	struct tongbu_frame f;

	if (tb_record_payload(rec, &f, sizeof(f)))
		return;
	if (f.framing == TONGBU_FRAMING_MODBUS && f.poll == TONGBU_POLL_NONE)
		fputs("not asked for: ", out);
	else if (f.framing == TONGBU_FRAMING_MODBUS)
		fprintf(out, "poll %u: ", f.poll);
	if (f.framing == TONGBU_FRAMING_LINE || f.framing == TONGBU_FRAMING_NMEA)
		tb_text_put(bytes, len, out);
	else
		tb_text_hex(bytes, len, out);
	if (f.skipped)
		fprintf(out, "%s(after %u bytes of echo or noise)", len ? " " : "", f.skipped);
	if (f.status == TONGBU_FRAME_GOOD)
		return;
	fprintf(out, "%s(%s", len || f.skipped ? " " : "", TB_NAME_OF(faults, f.status) ?: "bad");
	if (f.status == TONGBU_FRAME_EXCEPTION && len > 2)
		fprintf(out, " %u, %s", bytes[2], tb_exception_name(bytes[2]) ?: "unknown");
	fprintf(out, "; %u bad so far)", le32toh(f.bad));
}

static void describe_count(const struct tb_record *rec, FILE *out)
{
	struct tongbu_count c;

	if (!tb_record_payload(rec, &c, sizeof(c)))
		fprintf(out, "%u pulses in %u ms, %" PRIu64 " in all", le32toh(c.count),
			le32toh(c.interval), le64toh(c.total));
}

static void describe_storm(const struct tb_record *rec, FILE *out)
{
	struct tongbu_storm s;

	if (tb_record_payload(rec, &s, sizeof(s)))
		return;
	if (!s.over)
		fprintf(out, "over its rate of %u events a second: throttled", le32toh(s.rate));
	else
		fprintf(out,
			"within its rate of %u events a second again; %" PRIu64
			" events counted only, interrupt off for %" PRIu64 " ms",
			le32toh(s.rate), le64toh(s.count), le64toh(s.masked));
}

static void describe_silence(const struct tb_record *rec, FILE *out)
{
	char text[TB_DURATION_SIZE];
	struct tongbu_silence s;

	if (!tb_record_payload(rec, &s, sizeof(s)))
		fprintf(out,
			rec->kind == TONGBU_KIND_SILENT ? "silent for %s" : "speaks again after %s",
			tb_duration_format(le64toh(s.silent), text));
}

static void describe_presence(const struct tb_record *rec, FILE *out)
{
	static const char *const reasons[] = {
		[TONGBU_ABSENT_YET] = "is not there yet",
		[TONGBU_ABSENT_REMOVED] = "was taken away",
		[TONGBU_ABSENT_HANGUP] = "was hung up",
	};
	struct tongbu_presence p;

	if (tb_record_payload(rec, &p, sizeof(p)))
		return;
	fputs("device ", out);
	tb_text_name(p.device, sizeof(p.device), out);
	if (rec->kind == TONGBU_KIND_GONE)
		fprintf(out, " %s", TB_NAME_OF(reasons, p.why) ?: "is gone");
	else if (p.level == TONGBU_LEVEL_UNKNOWN)
		fputs(" is there again, level unknown", out);
	else
		fprintf(out, " is there again, level %u", p.level);
}

static void describe_pps(const struct tb_record *rec, FILE *out)
{
	struct tongbu_pps p;

	if (!tb_record_payload(rec, &p, sizeof(p)))
		fprintf(out,
			"clock off by %" PRId64 " ns (%" PRId64 " to %" PRId64
			") at %u pulses, %u missed",
			(int64_t)le64toh(p.mean), (int64_t)le64toh(p.min), (int64_t)le64toh(p.max),
			le32toh(p.pulses), le32toh(p.missed));
}

/**
 * tb_record_device_describe() - say what a device tells
 * @rec: the record
 * @out: where to; no newline is written
 *
 * Return: false, and nothing written, for another kind.
 */
bool tb_record_device_describe(const struct tb_record *rec, FILE *out)
{
	switch (rec->kind) {
	case TONGBU_KIND_EDGE:
		describe_edge(rec, out);
		return true;
	case TONGBU_KIND_KEY:
		describe_key(rec, out);
		return true;
	case TONGBU_KIND_CODE:
		describe_code(rec, out);
		return true;
	case TONGBU_KIND_FRAME:
		describe_frame(rec, out);
		return true;
	case TONGBU_KIND_COUNT:
		describe_count(rec, out);
		return true;
	case TONGBU_KIND_STORM:
		describe_storm(rec, out);
		return true;
	case TONGBU_KIND_SILENT:
	case TONGBU_KIND_RESTORED:
		describe_silence(rec, out);
		return true;
	case TONGBU_KIND_GONE:
	case TONGBU_KIND_BACK:
		describe_presence(rec, out);
		return true;
	case TONGBU_KIND_PPS:
		describe_pps(rec, out);
		return true;
	default:
		return false;
	}
}
