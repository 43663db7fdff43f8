// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record for programs: one JSON object with names that stay. Numbers are
 * numbers, ids and tags hexadecimal, times both RFC 3339 and nanoseconds. What
 * cannot be read as what it should be is given whole as "data_base64".
 *
 *	{"seq": 4, "chain": "0f...", "time": "2026-...Z", "realtime": ...,
 *	 "boottime": ..., "kind": "edge", "flags": ["synced"], "source": 16,
 *	 "source_name": "water", "time_error": null, "source_seq": 1, "uid": null,
 *	 "pid": 0, "payload": {"level": 1, "bounces": 0, "delay": 850}, "tag": "5b..."}
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "record_fields.h"
#include "json.h"
#include "timefmt.h"

/**
 * tb_part_number() - read a field that is a number
 * @part: the field
 * @payload: where the structure begins
 *
 * Return: the number.
 */
uint64_t tb_part_number(const struct tb_part *part, const uint8_t *payload)
{
	const uint8_t *at = payload + part->at;
	size_t size = part->size;
	uint64_t number = 0;

	while (size--)
		number = number << 8 | at[size];
	return number;
}

static void put_named(struct tb_out *out, const char *name, const char *key)
{
	if (!name)
		return;
	tb_out_key(out, key);
	tb_out_string(out, (const uint8_t *)name, strlen(name));
}

static void put_error(struct tb_out *out, uint64_t error)
{
	const char *name = error && error <= INT32_MAX ? strerrorname_np((int)error) : NULL;

	tb_out_number(out, error);
	tb_out_key(out, "error_name");
	if (name)
		tb_out_string(out, (const uint8_t *)name, strlen(name));
	else
		tb_out_null(out);
}

static bool all_zero(const uint8_t *bytes, size_t len)
{
	while (len && !bytes[len - 1])
		len--;
	return !len;
}

static void put_bytes(struct tb_out *out, const struct tb_part *part, const uint8_t *at)
{
	if (part->kind == TB_PART_NAME)
		tb_out_string(out, at, strnlen((const char *)at, part->size));
	else if (part->kind == TB_PART_HEX_ANY && all_zero(at, part->size))
		tb_out_null(out);
	else
		tb_out_hex(out, at, part->size);
}

static void put_number(struct tb_out *out, const struct tb_part *part, uint64_t number)
{
	switch (part->kind) {
	case TB_PART_SIGNED:
		tb_out_signed(out, (int64_t)number);
		break;
	case TB_PART_BOOL:
		if (number)
			tb_out_text(out, "true");
		else
			tb_out_text(out, "false");
		break;
	case TB_PART_WORD:
		tb_out_word(out, part->word((unsigned int)number), number);
		break;
	case TB_PART_BITS:
		tb_out_bits(out, (uint32_t)number, part->word);
		break;
	case TB_PART_ERROR:
		put_error(out, number);
		break;
	default:
		tb_out_number(out, number);
		break;
	}
}

static bool is_none(const struct tb_part *part, uint64_t number)
{
	switch (part->kind) {
	case TB_PART_MOMENT:
	case TB_PART_SECOND:
		return !number;
	case TB_PART_SEQ:
		return number == TONGBU_SEQ_NONE;
	case TB_PART_LEVEL:
		return number == TONGBU_LEVEL_UNKNOWN;
	case TB_PART_UID:
		return number == TONGBU_UID_NONE;
	default:
		return false;
	}
}

/* What a number stands for, beside it */
static void put_name_of(struct tb_out *out, const struct tb_part *part, uint32_t number,
			const struct tb_record *rec, const struct tb_names *names)
{
	switch (part->kind) {
	case TB_PART_SOURCE:
		put_named(out, tb_names_find(names, rec->chain, number), "source_name");
		break;
	case TB_PART_SECOND:
		if (number)
			put_named(out, tb_names_find(names, rec->chain, number), "second_name");
		break;
	case TB_PART_OUTPUT:
		put_named(out, tb_names_find_of(names, rec->chain, TB_NAMED_OUTPUT, number),
			  "output_name");
		break;
	case TB_PART_REFLEX:
		put_named(out, tb_names_find_of(names, rec->chain, TB_NAMED_REFLEX, number),
			  "reflex_name");
		break;
	default:
		break;
	}
}

/**
 * tb_part_put() - write one field of a payload
 * @out: where to
 * @part: the field
 * @payload: where the structure begins
 * @rec: the record
 * @names: names of sources, outputs and reflexes, or NULL
 */
void tb_part_put(struct tb_out *out, const struct tb_part *part, const uint8_t *payload,
		 const struct tb_record *rec, const struct tb_names *names)
{
	uint64_t number;

	tb_out_key(out, part->name);
	if (part->kind >= TB_PART_NAME) {
		put_bytes(out, part, payload + part->at);
		return;
	}
	number = tb_part_number(part, payload);
	if (is_none(part, number))
		tb_out_null(out);
	else
		put_number(out, part, number);
	put_name_of(out, part, (uint32_t)number, rec, names);
}

/**
 * tb_parts_put() - write fields of a payload
 * @out: where to
 * @parts: the fields, closed by one without a name
 * @payload: where their structure begins
 * @rec: the record
 * @names: names of sources, outputs and reflexes, or NULL
 */
void tb_parts_put(struct tb_out *out, const struct tb_part *parts, const uint8_t *payload,
		  const struct tb_record *rec, const struct tb_names *names)
{
	for (; parts->name; parts++)
		tb_part_put(out, parts, payload, rec, names);
}

/**
 * tb_rest_edge() - write on which line an edge was, if that is not the GPIO line
 * @out: where to
 * @rec: the record
 */
void tb_rest_edge(struct tb_out *out, const struct tb_record *rec)
{
	uint8_t line = rec->payload[offsetof(struct tongbu_edge, line)];

	if (line == TONGBU_LINE_GPIO)
		return;
	tb_out_key(out, "line");
	tb_out_word(out, tb_line_name(line), line);
}

static void put_data(struct tb_out *out, const uint8_t *data, size_t len)
{
	tb_out_key(out, "data_base64");
	tb_out_base64(out, data, len);
}

/**
 * tb_rest_code() - write what was typed: as text if it is that, or what it hashes to
 * @out: where to
 * @rec: the record
 */
void tb_rest_code(struct tb_out *out, const struct tb_record *rec)
{
	const uint8_t *bytes = rec->payload + sizeof(struct tongbu_code);
	size_t len = rec->length - sizeof(struct tongbu_code);

	if (rec->payload[offsetof(struct tongbu_code, hashed)]) {
		tb_out_key(out, "hash");
		tb_out_hex(out, bytes, len);
	} else if (tb_text_is_utf8(bytes, len)) {
		tb_out_key(out, "code");
		tb_out_string(out, bytes, len);
	} else {
		put_data(out, bytes, len);
	}
}

/**
 * tb_rest_frame() - write a frame's bytes, and the text they are, if so
 * @out: where to
 * @rec: the record
 */
void tb_rest_frame(struct tb_out *out, const struct tb_record *rec)
{
	const uint8_t *bytes = rec->payload + sizeof(struct tongbu_frame);
	size_t len = rec->length - sizeof(struct tongbu_frame);
	struct tongbu_frame f;

	memcpy(&f, rec->payload, sizeof(f));
	tb_out_key(out, "bytes");
	tb_out_hex(out, bytes, len);
	if (f.framing == TONGBU_FRAMING_MODBUS) {
		tb_out_key(out, "poll");
		if (f.poll == TONGBU_POLL_NONE)
			tb_out_null(out);
		else
			tb_out_number(out, f.poll);
	}
	if (f.skipped) {
		tb_out_key(out, "skipped");
		tb_out_number(out, f.skipped);
	}
	if (f.status == TONGBU_FRAME_EXCEPTION && len > 2) {
		tb_out_key(out, "exception");
		tb_out_word(out, tb_exception_name(bytes[2]), bytes[2]);
	}
	if ((f.framing == TONGBU_FRAMING_LINE || f.framing == TONGBU_FRAMING_NMEA) &&
	    tb_text_is_utf8(bytes, len)) {
		tb_out_key(out, "text");
		tb_out_string(out, bytes, len);
	}
}

/* An object as it was said, in one line; false if it is none */
static bool put_json(struct tb_out *out, const uint8_t *data, size_t len)
{
	json_t *value = json_loadb((const char *)data, len, JSON_REJECT_DUPLICATES, NULL);
	char *text = value ? tb_json_dumps(value, JSON_COMPACT) : NULL;

	json_decref(value);
	if (!text)
		return false;
	tb_out_key(out, "json");
	tb_out_raw(out, text, strlen(text));
	free(text);
	return true;
}

/**
 * tb_rest_act() - write what was said, as what it was said to be if it is that
 * @out: where to
 * @rec: the record
 */
void tb_rest_act(struct tb_out *out, const struct tb_record *rec)
{
	const uint8_t *data = rec->payload + sizeof(struct tongbu_act);
	size_t len = rec->length - sizeof(struct tongbu_act);
	uint8_t format = rec->payload[offsetof(struct tongbu_act, format)];

	if (format == TONGBU_ACT_MARK) {
		tb_out_key(out, "mark");
		tb_out_hex(out, data, len);
	} else if (format == TONGBU_ACT_JSON && put_json(out, data, len)) {
		return;
	} else if (format <= TONGBU_ACT_JSON && tb_text_is_utf8(data, len)) {
		tb_out_key(out, "text");
		tb_out_string(out, data, len);
	} else {
		put_data(out, data, len);
	}
}

static void put_payload(struct tb_out *out, const struct tb_record *rec,
			const struct tb_names *names)
{
	const struct tb_layout *layout = tb_record_layout(rec->kind);

	tb_out_key(out, "payload");
	tb_out_text(out, "{");
	if (!layout || rec->length < layout->size) {
		put_data(out, rec->payload, rec->length);
	} else {
		tb_parts_put(out, layout->parts, rec->payload, rec, names);
		if (layout->rest)
			layout->rest(out, rec);
	}
	tb_out_text(out, "}");
}

static void put_header_number(struct tb_out *out, const char *name, uint64_t number, bool none)
{
	tb_out_key(out, name);
	if (none)
		tb_out_null(out);
	else
		tb_out_number(out, number);
}

/**
 * tb_record_json() - a record for programs
 * @rec: the record
 * @names: names of sources, outputs and reflexes, or NULL
 * @text: where to; one line without newline, closed by a NUL
 *
 * The payload has the fields that record_fields.c lists; for a kind not known, or a
 * payload too short, "data_base64". "time_error" is the clock's estimated error, ns,
 * or null. "source_name" is left out where @names does not know it. A kind not known
 * is "unknown" and its number stands in "kind_number".
 *
 * Return: bytes of @text, without the NUL.
 */
size_t tb_record_json(const struct tb_record *rec, const struct tb_names *names,
		      char text[TB_RECORD_JSON_SIZE])
{
	struct tb_out out = { .at = text, .end = text + TB_RECORD_JSON_SIZE - 1 };
	const char *kind = tb_kind_name(rec->kind);
	uint64_t error = tb_record_error(rec);
	char time[TB_TIME_SIZE];

	tb_out_text(&out, "{");
	put_header_number(&out, "seq", rec->seq, false);
	tb_out_key(&out, "chain");
	tb_out_hex(&out, rec->chain, TONGBU_CHAIN_LEN);
	tb_out_key(&out, "time");
	tb_time_format(rec->realtime, time);
	tb_out_word(&out, time, 0);
	put_header_number(&out, "realtime", rec->realtime, false);
	put_header_number(&out, "boottime", rec->boottime, false);
	tb_out_key(&out, "kind");
	tb_out_word(&out, kind ?: "unknown", 0);
	if (!kind)
		put_header_number(&out, "kind_number", rec->kind, false);
	tb_out_key(&out, "flags");
	tb_out_bits(&out, rec->flags, tb_flag_name);
	put_header_number(&out, "source", rec->source, false);
	put_named(&out, tb_names_find(names, rec->chain, rec->source), "source_name");
	put_header_number(&out, "time_error", error, !error);
	put_header_number(&out, "source_seq", rec->source_seq, false);
	put_header_number(&out, "uid", rec->uid, rec->uid == TONGBU_UID_NONE);
	put_header_number(&out, "pid", rec->pid, false);
	put_payload(&out, rec, names);
	tb_out_key(&out, "tag");
	tb_out_hex(&out, rec->tag, TONGBU_TAG_LEN);
	tb_out_text(&out, "}");
	*out.at = '\0';
	return (size_t)(out.at - text);
}
