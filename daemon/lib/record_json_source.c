// SPDX-License-Identifier: GPL-2.0-only
/* Records of devices for programs; see record_json.c. */
#include <endian.h>

#include "record_priv.h"

static json_t *json_source_flags(uint32_t flags)
{
	json_t *list = json_array();

	if (flags & TONGBU_SOURCE_ACTIVE_LOW)
		json_array_append_new(list, json_string("active-low"));
	if (flags & TONGBU_SOURCE_CONFIGURED)
		json_array_append_new(list, json_string("configured"));
	return list;
}

/* clang-format off: a name and its value on each line */
static json_t *source_json(const struct tb_record *rec)
{
	struct tongbu_source s;

	if (tb_record_payload(rec, &s, sizeof(s)))
		return NULL;
	return json_pack("{s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:i}", "name",
			 tb_json_name(s.name, sizeof(s.name)), "chip",
			 tb_json_name(s.chip, sizeof(s.chip)), "line", (json_int_t)le32toh(s.line),
			 "debounce", (json_int_t)le32toh(s.debounce), "flags",
			 json_source_flags(le32toh(s.flags)), "type",
			 tb_json_word(s.type == TONGBU_SOURCE_GPIO ? "gpio" : NULL, s.type),
			 "edges", tb_json_word(tb_edges_name(s.edges), s.edges), "bias",
			 tb_json_word(tb_bias_name(s.bias), s.bias), "level", s.level);
}

static json_t *source_end_json(const struct tb_record *rec)
{
	struct tongbu_source_end e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return NULL;
	return json_pack("{s:o, s:o}", "sealed", tb_json_u64(le64toh(e.sealed)), "lost",
			 tb_json_u64(le64toh(e.lost)));
}

/* clang-format on */

static json_t *edge_json(const struct tb_record *rec)
{
	struct tongbu_edge e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return NULL;
	return json_pack("{s:i, s:i, s:I}", "level", e.level, "bounces", le16toh(e.bounces),
			 "delay", (json_int_t)le32toh(e.delay));
}

/**
 * tb_record_source_json() - decode the payload of a device's record
 * @rec: the record
 *
 * Return: an object; NULL for another kind, a payload too short, or without
 * memory.
 */
json_t *tb_record_source_json(const struct tb_record *rec)
{
	switch (rec->kind) {
	case TONGBU_KIND_SOURCE_ADD:
		return source_json(rec);
	case TONGBU_KIND_SOURCE_DEL:
		return source_end_json(rec);
	case TONGBU_KIND_EDGE:
		return edge_json(rec);
	default:
		return NULL;
	}
}
