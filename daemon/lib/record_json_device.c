// SPDX-License-Identifier: GPL-2.0-only
/* What devices tell, for programs; see record_json.c. */
#include <endian.h>
#include <stdint.h>

#include "record_priv.h"

static json_t *edge_json(const struct tb_record *rec)
{
	struct tongbu_edge e;
	json_t *json;

	if (tb_record_payload(rec, &e, sizeof(e)))
		return NULL;
	json = json_pack("{s:o, s:i, s:I}", "level", tb_json_level(e.level), "bounces",
			 le16toh(e.bounces), "delay", (json_int_t)le32toh(e.delay));
	if (json && e.line != TONGBU_LINE_GPIO)
		json_object_set_new(json, "line", tb_json_word(tb_line_name(e.line), e.line));
	return json;
}

static json_t *key_json(const struct tb_record *rec)
{
	struct tongbu_key k;

	if (tb_record_payload(rec, &k, sizeof(k)))
		return NULL;
	return json_pack("{s:i, s:i, s:I}", "code", le16toh(k.code), "value", k.value, "delay",
			 (json_int_t)le32toh(k.delay));
}

/* What was typed, as text if it is that, else as bytes; or what it hashes to */
static void put_code(json_t *json, bool hashed, const uint8_t *code, size_t len)
{
	json_t *text = hashed ? NULL : json_stringn((const char *)code, len);

	if (hashed)
		json_object_set_new(json, "hash", tb_json_hex(code, len));
	else if (text)
		json_object_set_new(json, "code", text);
	else
		json_object_set_new(json, "data_base64", tb_json_base64(code, len));
}

static json_t *code_json(const struct tb_record *rec)
{
	struct tongbu_code c;
	json_t *json;

	if (tb_record_payload(rec, &c, sizeof(c)))
		return NULL;
	/* clang-format off: a name and its value on each line */
	json = json_pack("{s:o, s:I, s:i, s:o, s:b}", "first", tb_json_u64(le64toh(c.first)),
			 "delay", (json_int_t)le32toh(c.delay), "length", le16toh(c.length), "end",
			 tb_json_word(tb_code_end_name(c.end), c.end), "hashed", c.hashed != 0);
	/* clang-format on */
	if (json)
		put_code(json, c.hashed, rec->payload + sizeof(c), rec->length - sizeof(c));
	return json;
}

static json_t *frame_json(const struct tb_record *rec)
{
	const uint8_t *bytes = rec->payload + sizeof(struct tongbu_frame);
	size_t len = rec->length - sizeof(struct tongbu_frame);
	json_t *json, *text = NULL;
	struct tongbu_frame f;

	if (tb_record_payload(rec, &f, sizeof(f)))
		return NULL;
	/* clang-format off: a name and its value on each line */
	json = json_pack("{s:o, s:I, s:I, s:o, s:o, s:o}", "first", tb_json_u64(le64toh(f.first)),
			 "delay", (json_int_t)le32toh(f.delay), "bad", (json_int_t)le32toh(f.bad),
			 "framing", tb_json_word(tb_framing_name(f.framing), f.framing), "status",
			 tb_json_word(tb_frame_status_name(f.status), f.status), "bytes",
			 tb_json_hex(bytes, len));
	/* clang-format on */
	if (!json)
		return NULL;
	if (f.framing == TONGBU_FRAMING_MODBUS)
		json_object_set_new(json, "poll",
				    f.poll == TONGBU_POLL_NONE ? json_null() :
								 json_integer(f.poll));
	if (f.framing == TONGBU_FRAMING_LINE || f.framing == TONGBU_FRAMING_NMEA)
		text = json_stringn((const char *)bytes, len);
	if (text)
		json_object_set_new(json, "text", text);
	return json;
}

/* A time there may be none of */
static json_t *moment_json(__le64 moment)
{
	return moment ? tb_json_u64(le64toh(moment)) : json_null();
}

/* clang-format off: a name and its value on each line */
static json_t *count_json(const struct tb_record *rec)
{
	struct tongbu_count c;

	if (tb_record_payload(rec, &c, sizeof(c)))
		return NULL;
	return json_pack("{s:o, s:o, s:o, s:I, s:I}", "first", moment_json(c.first), "last",
			 moment_json(c.last), "total", tb_json_u64(le64toh(c.total)), "count",
			 (json_int_t)le32toh(c.count), "interval", (json_int_t)le32toh(c.interval));
}

static json_t *storm_json(const struct tb_record *rec)
{
	struct tongbu_storm s;

	if (tb_record_payload(rec, &s, sizeof(s)))
		return NULL;
	return json_pack("{s:o, s:o, s:o, s:I, s:b}", "since", tb_json_u64(le64toh(s.since)),
			 "count", tb_json_u64(le64toh(s.count)), "masked",
			 tb_json_u64(le64toh(s.masked)), "rate", (json_int_t)le32toh(s.rate),
			 "over", s.over != 0);
}

static json_t *silence_json(const struct tb_record *rec)
{
	struct tongbu_silence s;

	if (tb_record_payload(rec, &s, sizeof(s)))
		return NULL;
	return json_pack("{s:o, s:o}", "last", tb_json_u64(le64toh(s.last)), "silent",
			 tb_json_u64(le64toh(s.silent)));
}

static json_t *presence_json(const struct tb_record *rec)
{
	struct tongbu_presence p;

	if (tb_record_payload(rec, &p, sizeof(p)))
		return NULL;
	return json_pack("{s:o, s:o, s:o, s:o}", "since", tb_json_u64(le64toh(p.since)), "why",
			 tb_json_word(tb_absence_name(p.why), p.why), "level",
			 tb_json_level(p.level), "device",
			 tb_json_name(p.device, sizeof(p.device)));
}

static json_t *pps_json(const struct tb_record *rec)
{
	struct tongbu_pps p;

	if (tb_record_payload(rec, &p, sizeof(p)))
		return NULL;
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "min", (json_int_t)le64toh(p.min), "max",
			 (json_int_t)le64toh(p.max), "mean", (json_int_t)le64toh(p.mean), "pulses",
			 (json_int_t)le32toh(p.pulses), "missed", (json_int_t)le32toh(p.missed));
}

/* clang-format on */

/**
 * tb_record_device_json() - decode the payload of what a device tells
 * @rec: the record
 *
 * Return: an object; NULL for another kind, a payload too short, or without
 * memory.
 */
json_t *tb_record_device_json(const struct tb_record *rec)
{
	switch (rec->kind) {
	case TONGBU_KIND_EDGE:
		return edge_json(rec);
	case TONGBU_KIND_KEY:
		return key_json(rec);
	case TONGBU_KIND_CODE:
		return code_json(rec);
	case TONGBU_KIND_FRAME:
		return frame_json(rec);
	case TONGBU_KIND_COUNT:
		return count_json(rec);
	case TONGBU_KIND_STORM:
		return storm_json(rec);
	case TONGBU_KIND_SILENT:
	case TONGBU_KIND_RESTORED:
		return silence_json(rec);
	case TONGBU_KIND_GONE:
	case TONGBU_KIND_BACK:
		return presence_json(rec);
	case TONGBU_KIND_PPS:
		return pps_json(rec);
	default:
		return NULL;
	}
}
