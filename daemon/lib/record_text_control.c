// SPDX-License-Identifier: GPL-2.0-only
/* Records of what the station does by itself, for people; see record_text.c. */
#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include "record_priv.h"
#include "timefmt.h"

static void describe_due(const struct tb_record *rec, FILE *out)
{
	char late[TB_DURATION_SIZE], time[TB_TIME_SIZE];
	struct tongbu_due d;

	if (tb_record_payload(rec, &d, sizeof(d)))
		return;
	fprintf(out, "clock %" PRIu64 " due at %s, %s late", le64toh(d.id),
		tb_time_text(le64toh(d.due), time), tb_duration_format(le64toh(d.lateness), late));
}

static void describe_error(uint32_t error, FILE *out)
{
	if (error)
		fprintf(out, "; the chip failed: %s",
			strerrordesc_np((int)error) ?: "error not known");
}

static void describe_output_end(const struct tb_record *rec, const struct tb_names *names,
				FILE *out)
{
	struct tongbu_output_end e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return;
	tb_text_named(rec, names, TB_NAMED_OUTPUT, le32toh(e.output), out);
	fprintf(out, " let go after %" PRIu64 " changes", le64toh(e.changes));
}

static void describe_output_change(const struct tb_record *rec, const struct tb_names *names,
				   FILE *out)
{
	static const char *const causes[] = {
		[TONGBU_CAUSE_SET] = "as asked",
		[TONGBU_CAUSE_REFLEX] = "by reflex",
		[TONGBU_CAUSE_END] = "the reflex is over",
		[TONGBU_CAUSE_AWAY] = "nobody reads the chain",
		[TONGBU_CAUSE_RELEASE] = "it is let go",
		[TONGBU_CAUSE_GONE] = "its chip goes",
		[TONGBU_CAUSE_BACK] = "its chip is back",
	};
	struct tongbu_output_change c;

	if (tb_record_payload(rec, &c, sizeof(c)))
		return;
	tb_text_named(rec, names, TB_NAMED_OUTPUT, le32toh(c.output), out);
	fprintf(out, " set to %u, %s", c.value, TB_NAME_OF(causes, c.cause) ?: "cause not known");
	if (c.record != htole64(TONGBU_SEQ_NONE))
		fprintf(out, ", because of #%" PRIu64, le64toh(c.record));
	describe_error(le16toh(c.error), out);
}

static const char *level_word(unsigned int level)
{
	static const char *const words[] = { "0", "1", "any level" };

	return TB_NAME_OF(words, level) ?: "?";
}

/* "when flood is 1 for 500 ms" */
static void describe_condition(const struct tb_record *rec, const struct tongbu_reflex *r,
			       const struct tb_names *names, FILE *out)
{
	fputs("when ", out);
	tb_text_named(rec, names, TB_NAMED_SOURCE, le32toh(r->source), out);
	switch (r->condition) {
	case TONGBU_WHEN_EDGE:
		fprintf(out, " comes to %s", level_word(r->level));
		break;
	case TONGBU_WHEN_HELD:
		fprintf(out, " is %s for %u ms", level_word(r->level), le32toh(r->hold));
		break;
	case TONGBU_WHEN_COUNT:
		fprintf(out, " has %u events within %u ms", le32toh(r->count), le32toh(r->within));
		break;
	case TONGBU_WHEN_BOTH:
		fputs(" and ", out);
		tb_text_named(rec, names, TB_NAMED_SOURCE, le32toh(r->second), out);
		fprintf(out, " are %s", level_word(r->level));
		break;
	default:
		fprintf(out, " meets condition %u", r->condition);
		break;
	}
}

static void describe_reflex(const struct tb_record *rec, const struct tb_names *names, FILE *out)
{
	struct tongbu_reflex r;

	if (tb_record_payload(rec, &r, sizeof(r)))
		return;
	tb_text_name(r.name, sizeof(r.name), out);
	fputs(" armed: ", out);
	describe_condition(rec, &r, names, out);
	fprintf(out, ", %s ", tb_action_name(r.action) ?: "do");
	tb_text_named(rec, names, TB_NAMED_OUTPUT, le32toh(r.output), out);
	if (r.length)
		fprintf(out, " for %u ms", le32toh(r.length));
	if (r.period)
		fprintf(out, " every %u ms", le32toh(r.period));
	if (r.cooldown)
		fprintf(out, ", then rest for %u ms", le32toh(r.cooldown));
	fputs(le32toh(r.flags) & TONGBU_REFLEX_CONFIGURED ? " (configured)" : "", out);
}

static void describe_reflex_end(const struct tb_record *rec, const struct tb_names *names,
				FILE *out)
{
	struct tongbu_reflex_end e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return;
	tb_text_named(rec, names, TB_NAMED_REFLEX, le32toh(e.reflex), out);
	fprintf(out, " disarmed after firing %" PRIu64 " times, and resting %" PRIu64 " times",
		le64toh(e.fired), le64toh(e.rested));
}

static void describe_firing(const struct tb_record *rec, const struct tb_names *names, FILE *out)
{
	char text[TB_DURATION_SIZE];
	uint64_t cause, effect;
	struct tongbu_firing f;

	if (tb_record_payload(rec, &f, sizeof(f)))
		return;
	cause = le64toh(f.cause);
	effect = le64toh(f.effect);
	tb_text_named(rec, names, TB_NAMED_REFLEX, le32toh(f.reflex), out);
	fputs(" fired: ", out);
	tb_text_named(rec, names, TB_NAMED_OUTPUT, le32toh(f.output), out);
	fprintf(out, " set to %u %s after its cause", f.value,
		tb_duration_format(effect > cause ? effect - cause : 0, text));
	if (f.record != htole64(TONGBU_SEQ_NONE))
		fprintf(out, " #%" PRIu64, le64toh(f.record));
	fputs(f.deferred ? ", by a thread" : "", out);
	describe_error(le16toh(f.error), out);
}

/**
 * tb_record_control_describe() - say what such a record tells
 * @rec: the record
 * @names: names of sources, outputs and reflexes, or NULL
 * @out: where to
 *
 * Return: false for a record that is none.
 */
bool tb_record_control_describe(const struct tb_record *rec, const struct tb_names *names,
				FILE *out)
{
	switch (rec->kind) {
	case TONGBU_KIND_DUE:
		describe_due(rec, out);
		return true;
	case TONGBU_KIND_OUTPUT_DEL:
		describe_output_end(rec, names, out);
		return true;
	case TONGBU_KIND_OUTPUT:
		describe_output_change(rec, names, out);
		return true;
	case TONGBU_KIND_REFLEX_ADD:
		describe_reflex(rec, names, out);
		return true;
	case TONGBU_KIND_REFLEX_DEL:
		describe_reflex_end(rec, names, out);
		return true;
	case TONGBU_KIND_REFLEX:
		describe_firing(rec, names, out);
		return true;
	default:
		return false;
	}
}
