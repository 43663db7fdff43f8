// SPDX-License-Identifier: GPL-2.0-only
/* Records of what the station does by itself, for programs; see record_json.c. */
#include <endian.h>

#include "record_priv.h"

/* clang-format off: a name and its value on each line */
static json_t *due_json(const struct tb_record *rec)
{
	struct tongbu_due d;

	if (tb_record_payload(rec, &d, sizeof(d)))
		return NULL;
	return json_pack("{s:o, s:o, s:o}", "id", tb_json_u64(le64toh(d.id)), "due",
			 tb_json_u64(le64toh(d.due)), "lateness", tb_json_u64(le64toh(d.lateness)));
}

static json_t *output_json(const struct tb_record *rec)
{
	struct tongbu_output o;

	if (tb_record_payload(rec, &o, sizeof(o)))
		return NULL;
	return json_pack("{s:o, s:I, s:o, s:I, s:o, s:I, s:i}", "name",
			 tb_json_name(o.name, sizeof(o.name)), "output",
			 (json_int_t)le32toh(o.output), "chip",
			 tb_json_name(o.chip, sizeof(o.chip)), "line", (json_int_t)le32toh(o.line),
			 "flags", tb_json_flags(le32toh(o.flags), tb_output_flag_name), "away",
			 (json_int_t)le32toh(o.away), "safe", o.safe);
}

static json_t *output_end_json(const struct tb_record *rec, const struct tb_names *names)
{
	struct tongbu_output_end e;
	json_t *json;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return NULL;
	json = json_pack("{s:I, s:o}", "output", (json_int_t)le32toh(e.output), "changes",
			 tb_json_u64(le64toh(e.changes)));
	if (json)
		tb_json_put_name(json, "output_name", rec, names, TB_NAMED_OUTPUT,
				 le32toh(e.output));
	return json;
}

/* The number of a record, or null */
static json_t *number_json(__le64 seq)
{
	return seq == htole64(TONGBU_SEQ_NONE) ? json_null() : tb_json_u64(le64toh(seq));
}

static json_t *output_change_json(const struct tb_record *rec, const struct tb_names *names)
{
	struct tongbu_output_change c;
	json_t *json;

	if (tb_record_payload(rec, &c, sizeof(c)))
		return NULL;
	json = json_pack("{s:I, s:i, s:o, s:o, s:o}", "output", (json_int_t)le32toh(c.output),
			 "value", c.value, "cause",
			 tb_json_word(tb_output_cause_name(c.cause), c.cause), "record",
			 number_json(c.record), "asked", tb_json_u64(le64toh(c.asked)));
	if (!json)
		return NULL;
	tb_json_put_name(json, "output_name", rec, names, TB_NAMED_OUTPUT, le32toh(c.output));
	tb_json_put_error(json, le16toh(c.error));
	return json;
}

static json_t *reflex_json(const struct tb_record *rec, const struct tb_names *names)
{
	struct tongbu_reflex r;
	json_t *json;

	if (tb_record_payload(rec, &r, sizeof(r)))
		return NULL;
	json = json_pack("{s:o, s:I, s:I, s:o, s:I, s:o, s:i, s:I, s:I, s:I, s:o, s:I, s:I, s:I,"
			 " s:o}",
			 "name", tb_json_name(r.name, sizeof(r.name)), "reflex",
			 (json_int_t)le32toh(r.reflex), "source", (json_int_t)le32toh(r.source),
			 "second",
			 r.second ? json_integer((json_int_t)le32toh(r.second)) : json_null(),
			 "output", (json_int_t)le32toh(r.output), "condition",
			 tb_json_word(tb_condition_name(r.condition), r.condition), "level",
			 r.level, "hold", (json_int_t)le32toh(r.hold), "count",
			 (json_int_t)le32toh(r.count), "within", (json_int_t)le32toh(r.within),
			 "action", tb_json_word(tb_action_name(r.action), r.action), "length",
			 (json_int_t)le32toh(r.length), "period", (json_int_t)le32toh(r.period),
			 "cooldown", (json_int_t)le32toh(r.cooldown), "flags",
			 tb_json_flags(le32toh(r.flags), tb_reflex_flag_name));
	if (!json)
		return NULL;
	tb_json_put_name(json, "source_name", rec, names, TB_NAMED_SOURCE, le32toh(r.source));
	if (r.second)
		tb_json_put_name(json, "second_name", rec, names, TB_NAMED_SOURCE,
				 le32toh(r.second));
	tb_json_put_name(json, "output_name", rec, names, TB_NAMED_OUTPUT, le32toh(r.output));
	return json;
}

static json_t *reflex_end_json(const struct tb_record *rec, const struct tb_names *names)
{
	struct tongbu_reflex_end e;
	json_t *json;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return NULL;
	json = json_pack("{s:I, s:o, s:o}", "reflex", (json_int_t)le32toh(e.reflex), "fired",
			 tb_json_u64(le64toh(e.fired)), "rested", tb_json_u64(le64toh(e.rested)));
	if (json)
		tb_json_put_name(json, "reflex_name", rec, names, TB_NAMED_REFLEX,
				 le32toh(e.reflex));
	return json;
}

static json_t *firing_json(const struct tb_record *rec, const struct tb_names *names)
{
	struct tongbu_firing f;
	json_t *json;

	if (tb_record_payload(rec, &f, sizeof(f)))
		return NULL;
	json = json_pack("{s:I, s:I, s:i, s:o, s:o, s:o}", "reflex", (json_int_t)le32toh(f.reflex),
			 "output", (json_int_t)le32toh(f.output), "value", f.value, "record",
			 number_json(f.record), "cause", tb_json_u64(le64toh(f.cause)), "effect",
			 tb_json_u64(le64toh(f.effect)));
	if (!json)
		return NULL;
	json_object_set_new(json, "deferred", json_boolean(f.deferred));
	tb_json_put_name(json, "reflex_name", rec, names, TB_NAMED_REFLEX, le32toh(f.reflex));
	tb_json_put_name(json, "output_name", rec, names, TB_NAMED_OUTPUT, le32toh(f.output));
	tb_json_put_error(json, le16toh(f.error));
	return json;
}

/* clang-format on */

/**
 * tb_record_control_json() - decode the payload of such a record
 * @rec: the record
 * @names: names of sources, outputs and reflexes, or NULL
 *
 * Return: as tb_record_payload_json(), but NULL for a record that is none.
 */
json_t *tb_record_control_json(const struct tb_record *rec, const struct tb_names *names)
{
	switch (rec->kind) {
	case TONGBU_KIND_DUE:
		return due_json(rec);
	case TONGBU_KIND_OUTPUT_ADD:
		return output_json(rec);
	case TONGBU_KIND_OUTPUT_DEL:
		return output_end_json(rec, names);
	case TONGBU_KIND_OUTPUT:
		return output_change_json(rec, names);
	case TONGBU_KIND_REFLEX_ADD:
		return reflex_json(rec, names);
	case TONGBU_KIND_REFLEX_DEL:
		return reflex_end_json(rec, names);
	case TONGBU_KIND_REFLEX:
		return firing_json(rec, names);
	default:
		return NULL;
	}
}
