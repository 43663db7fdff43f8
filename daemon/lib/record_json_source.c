// SPDX-License-Identifier: GPL-2.0-only
/* Sources that are armed and disarmed, for programs; see record_json.c. */
#include <endian.h>
#include <string.h>

#include "record_priv.h"

static void put_line(json_t *json, const struct tongbu_source *s)
{
	json_object_set_new(json, "chip", tb_json_name(s->chip, sizeof(s->chip)));
	json_object_set_new(json, "line", json_integer((json_int_t)le32toh(s->line)));
	json_object_set_new(json, "debounce", json_integer((json_int_t)le32toh(s->debounce)));
	json_object_set_new(json, "edges", tb_json_word(tb_edges_name(s->edges), s->edges));
	json_object_set_new(json, "bias", tb_json_word(tb_bias_name(s->bias), s->bias));
	json_object_set_new(json, "level", tb_json_level(s->level));
}

static void put_input(json_t *json, const struct tongbu_input *in)
{
	static const uint8_t none[sizeof(in->salt_id)];

	json_object_set_new(json, "device", tb_json_name(in->device, sizeof(in->device)));
	json_object_set_new(json, "phys", tb_json_name(in->phys, sizeof(in->phys)));
	json_object_set_new(json, "vendor", json_integer(le16toh(in->vendor)));
	json_object_set_new(json, "product", json_integer(le16toh(in->product)));
	json_object_set_new(json, "mode", tb_json_word(tb_input_mode_name(in->mode), in->mode));
	json_object_set_new(json, "key", json_integer(le16toh(in->key)));
	json_object_set_new(json, "timeout", json_integer((json_int_t)le32toh(in->timeout)));
	json_object_set_new(json, "salt_id",
			    memcmp(in->salt_id, none, sizeof(none)) ?
				    tb_json_hex(in->salt_id, sizeof(in->salt_id)) :
				    json_null());
}

/* As many polls as the record says, and has */
static json_t *polls_json(const uint8_t *polls, size_t len, unsigned int count)
{
	json_t *list = json_array();
	struct tongbu_poll poll;

	for (; count-- && len >= sizeof(poll); polls += sizeof(poll), len -= sizeof(poll)) {
		memcpy(&poll, polls, sizeof(poll));
		json_array_append_new(list, json_pack("{s:i, s:o, s:i, s:i}", "unit", poll.unit,
						      "function",
						      tb_json_word(tb_function_name(poll.function),
								   poll.function),
						      "address", le16toh(poll.address), "count",
						      le16toh(poll.count)));
	}
	return list;
}

static void put_serial(json_t *json, const struct tongbu_source *s, const uint8_t *tail, size_t len)
{
	struct tongbu_serial serial;

	memcpy(&serial, tail, sizeof(serial));
	json_object_set_new(json, "port", tb_json_name(s->chip, sizeof(s->chip)));
	json_object_set_new(json, "baud", json_integer((json_int_t)le32toh(serial.baud)));
	json_object_set_new(json, "bits", json_integer(serial.bits));
	json_object_set_new(json, "parity",
			    tb_json_word(tb_parity_name(serial.parity), serial.parity));
	json_object_set_new(json, "stop", json_integer(serial.stop));
	json_object_set_new(json, "framing",
			    tb_json_word(tb_framing_name(serial.framing), serial.framing));
	json_object_set_new(json, "length", json_integer((json_int_t)le32toh(serial.length)));
	json_object_set_new(json, "gap", json_integer((json_int_t)le32toh(serial.gap)));
	json_object_set_new(json, "timeout", json_integer((json_int_t)le32toh(serial.timeout)));
	json_object_set_new(json, "polls",
			    polls_json(tail + sizeof(serial), len - sizeof(serial),
				       le16toh(serial.polls)));
}

static json_t *source_json(const struct tb_record *rec)
{
	const uint8_t *tail = rec->payload + sizeof(struct tongbu_source);
	size_t len = rec->length - sizeof(struct tongbu_source);
	struct tongbu_source_more more;
	struct tongbu_input input;
	struct tongbu_source s;
	json_t *json;

	if (tb_record_payload(rec, &s, sizeof(s)))
		return NULL;
	/* clang-format off: a name and its value on each line */
	json = json_pack("{s:o, s:o, s:o}", "name", tb_json_name(s.name, sizeof(s.name)), "type",
			 tb_json_word(tb_source_type_name(s.type), s.type), "flags",
			 tb_json_flags(le32toh(s.flags), tb_source_flag_name));
	/* clang-format on */
	if (!json)
		return NULL;
	if (s.type != TONGBU_SOURCE_INPUT && s.type != TONGBU_SOURCE_SERIAL)
		put_line(json, &s);
	/* The first records there were end here. */
	if (len < sizeof(more))
		return json;
	memcpy(&more, tail, sizeof(more));
	json_object_set_new(json, "silent", json_integer((json_int_t)le32toh(more.silent)));
	json_object_set_new(json, "rate", json_integer((json_int_t)le32toh(more.rate)));
	json_object_set_new(json, "interval", json_integer((json_int_t)le32toh(more.interval)));
	tail += sizeof(more);
	len -= sizeof(more);
	if (s.type == TONGBU_SOURCE_INPUT && len >= sizeof(input)) {
		memcpy(&input, tail, sizeof(input));
		put_input(json, &input);
	} else if (s.type == TONGBU_SOURCE_SERIAL && len >= sizeof(struct tongbu_serial)) {
		put_serial(json, &s, tail, len);
	}
	return json;
}

static json_t *source_end_json(const struct tb_record *rec)
{
	struct tongbu_source_end e;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return NULL;
	return json_pack("{s:o, s:o}", "sealed", tb_json_u64(le64toh(e.sealed)), "lost",
			 tb_json_u64(le64toh(e.lost)));
}

/**
 * tb_record_source_json() - decode the payload of arming or disarming a source
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
	default:
		return NULL;
	}
}
