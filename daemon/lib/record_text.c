// SPDX-License-Identifier: GPL-2.0-only
/* A record for people: one line. */
#include "record.h"

#include <endian.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "record_priv.h"
#include "term.h"
#include "timefmt.h"

/**
 * tb_text_name() - write a name
 * @field: a field of fixed size, NUL-padded
 * @size: its bytes
 * @out: where to
 */
void tb_text_name(const uint8_t *field, size_t size, FILE *out)
{
	tb_text_put(field, strnlen((const char *)field, size), out);
}

/**
 * tb_text_hex() - write bytes in hexadecimal
 * @bytes: the bytes
 * @len: how many
 * @out: where to
 */
void tb_text_hex(const uint8_t *bytes, size_t len, FILE *out)
{
	while (len--)
		fprintf(out, "%02x", *bytes++);
}

/**
 * tb_text_named() - write what a number stands for
 * @rec: the record that has the number
 * @names: the names there are, or NULL
 * @what: what the number is of
 * @number: the number
 * @out: where to
 */
void tb_text_named(const struct tb_record *rec, const struct tb_names *names, enum tb_named what,
		   uint32_t number, FILE *out)
{
	const char *name = what == TB_NAMED_SOURCE ?
				   tb_names_find(names, rec->chain, number) :
				   tb_names_find_of(names, rec->chain, what, number);

	if (name)
		tb_text_put((const uint8_t *)name, strlen(name), out);
	else
		fprintf(out, "%s %u", tb_named_word(what), number);
}

static void describe_genesis(const struct tb_record *rec, FILE *out)
{
	static const uint8_t none[TONGBU_CHAIN_LEN];
	struct tongbu_genesis g;

	if (tb_record_payload(rec, &g, sizeof(g)))
		return;
	fputs("chain begins, module ", out);
	tb_text_name(g.module_version, sizeof(g.module_version), out);
	fputs(", kernel ", out);
	tb_text_name(g.kernel_release, sizeof(g.kernel_release), out);
	fprintf(out, ", room for %u records, heartbeat every %u ms; ", le32toh(g.ring),
		le32toh(g.heartbeat));
	if (!memcmp(g.prev_chain, none, sizeof(none))) {
		fputs("no chain before it is known", out);
	} else {
		fputs("before it chain ", out);
		tb_text_hex(g.prev_chain, 4, out);
		fprintf(out, ".. up to #%" PRIu64, le64toh(g.prev_seq));
	}
}

static void describe_heartbeat(const struct tb_record *rec, FILE *out)
{
	struct tongbu_heartbeat h;

	if (tb_record_payload(rec, &h, sizeof(h)))
		return;
	fprintf(out,
		"%" PRIu64 " lost, %" PRIu64 " refused, %u not yet acknowledged (most %u), "
		"%u sources, %s",
		le64toh(h.lost), le64toh(h.refused), le32toh(h.used), le32toh(h.high_water),
		le32toh(h.sources), h.attached ? "reader attached" : "no reader");
}

static void describe_end(const struct tb_record *rec, FILE *out)
{
	struct tongbu_end e;

	if (!tb_record_payload(rec, &e, sizeof(e)))
		fprintf(out, "chain ends; %" PRIu64 " events lost, %" PRIu64 " submissions refused",
			le64toh(e.lost), le64toh(e.refused));
}

static void describe_lost(const struct tb_record *rec, FILE *out)
{
	static const char *const causes[] = {
		[TONGBU_LOST_RING] = "the ring was full",
		[TONGBU_LOST_OVERRUN] = "interrupts came too fast",
		[TONGBU_LOST_UNSETTLED] = "a change had not settled when its line was given up",
	};
	char text[TB_DURATION_SIZE];
	struct tongbu_lost l;
	uint64_t first, last;

	if (tb_record_payload(rec, &l, sizeof(l)))
		return;
	first = le64toh(l.first);
	last = le64toh(l.last);
	fprintf(out, "%" PRIu64 " events lost within %s (%s)", le64toh(l.count),
		tb_duration_format(last > first ? last - first : 0, text),
		TB_NAME_OF(causes, le32toh(l.cause)) ?: "cause not known");
}

static void describe_clock(const struct tb_record *rec, FILE *out)
{
	char text[TB_DURATION_SIZE];
	struct tongbu_clock c;
	uint64_t before, after;
	bool back;

	if (tb_record_payload(rec, &c, sizeof(c)))
		return;
	before = le64toh(c.before);
	after = le64toh(c.after);
	back = (int64_t)after < (int64_t)before;
	if (le32toh(c.cause) == TONGBU_CLOCK_STEPPED)
		fprintf(out, "clock stepped %s by %s; %s", back ? "back" : "forward",
			tb_duration_format(back ? before - after : after - before, text),
			c.synced ? "synchronised" : "not synchronised");
	else
		fprintf(out, "clock %s, error at most %u us",
			c.synced ? "synchronised" : "no longer synchronised", le32toh(c.maxerror));
}

static void describe_reader(const struct tb_record *rec, FILE *out)
{
	struct tongbu_reader r;

	if (tb_record_payload(rec, &r, sizeof(r)))
		return;
	tb_text_name(r.comm, sizeof(r.comm), out);
	fprintf(out, " %s, acknowledged below #%" PRIu64,
		rec->kind == TONGBU_KIND_ATTACH ? "attached" : "is gone", le64toh(r.acked));
}

static void describe_refused(const struct tb_record *rec, FILE *out)
{
	struct tongbu_refused r;
	const char *command;

	if (tb_record_payload(rec, &r, sizeof(r)))
		return;
	command = tb_command_name(le32toh(r.command));
	fprintf(out, "%s refused: %s", command ?: "request",
		strerrordesc_np((int)(le32toh(r.error) & INT32_MAX)) ?: "error not known");
	if (le32toh(r.count) > 1)
		fprintf(out, " (%u times)", le32toh(r.count));
}

static void describe_act(const struct tb_record *rec, FILE *out)
{
	struct tongbu_act act;
	const uint8_t *data;
	size_t len;

	if (tb_record_act(rec, &act, &data, &len))
		return;
	if (act.format == TONGBU_ACT_TEXT || act.format == TONGBU_ACT_JSON) {
		tb_text_put(data, len, out);
	} else {
		fprintf(out, "%s ", act.format == TONGBU_ACT_MARK ? "mark" : "data");
		tb_text_hex(data, len, out);
	}
}

/**
 * tb_record_describe() - say what a record tells, without time and source
 * @rec: the record
 * @names: names of sources, outputs and reflexes, or NULL
 * @out: where to; no newline is written
 */
void tb_record_describe(const struct tb_record *rec, const struct tb_names *names, FILE *out)
{
	switch (rec->kind) {
	case TONGBU_KIND_GENESIS:
		describe_genesis(rec, out);
		break;
	case TONGBU_KIND_HEARTBEAT:
		describe_heartbeat(rec, out);
		break;
	case TONGBU_KIND_LOST:
		describe_lost(rec, out);
		break;
	case TONGBU_KIND_END:
		describe_end(rec, out);
		break;
	case TONGBU_KIND_CLOCK:
		describe_clock(rec, out);
		break;
	case TONGBU_KIND_ATTACH:
	case TONGBU_KIND_DETACH:
		describe_reader(rec, out);
		break;
	case TONGBU_KIND_REFUSED:
		describe_refused(rec, out);
		break;
	case TONGBU_KIND_ACT:
		describe_act(rec, out);
		break;
	default:
		if (tb_record_source_describe(rec, out) || tb_record_device_describe(rec, out) ||
		    tb_record_control_describe(rec, names, out))
			break;
		fprintf(out, "kind %u, %u bytes", rec->kind, rec->length);
		break;
	}
}

/**
 * tb_record_text() - a record in one line
 * @rec: the record
 * @names: names of sources, outputs and reflexes, or NULL
 * @out: where to; no newline is written
 *
 * Time with a "?" if the clock was not synchronised and its estimated error if that
 * is known, number, kind, source, who, and what: two blanks between them.
 */
void tb_record_text(const struct tb_record *rec, const struct tb_names *names, FILE *out)
{
	const char *kind = tb_kind_name(rec->kind);
	char time[TB_TIME_SIZE], error[TB_DURATION_SIZE];

	fprintf(out, "%s%s", tb_time_text(rec->realtime, time),
		rec->flags & TONGBU_RECORD_SYNCED ? "" : "?");
	if (tb_record_error(rec))
		fprintf(out, " +-%s", tb_duration_format(tb_record_error(rec), error));
	fprintf(out, "  #%" PRIu64 "  %s  ", rec->seq, kind ?: "unknown");
	tb_text_named(rec, names, TB_NAMED_SOURCE, rec->source, out);
	if (rec->uid != TONGBU_UID_NONE)
		fprintf(out, "  uid %u pid %u", rec->uid, rec->pid);
	fputs("  ", out);
	tb_record_describe(rec, names, out);
}
