// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record for programs: one JSON object with names that stay. Numbers are
 * numbers, ids and tags hexadecimal, times both RFC 3339 and nanoseconds. What
 * cannot be read as what it should be is given whole as "data_base64".
 *
 *	{"seq": 4, "chain": "0f...", "time": "2026-...Z", "realtime": ...,
 *	 "boottime": ..., "time_error": null, "kind": "edge", "flags": ["synced"], "source": 16,
 *	 "source_name": "water", "source_seq": 1, "uid": null, "pid": 0,
 *	 "payload": {"level": 1, "bounces": 0, "delay": 850}, "tag": "5b..."}
 */
#include "record.h"

#include <endian.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "record_priv.h"
#include "timefmt.h"

/**
 * tb_json_hex() - bytes in hexadecimal
 * @bytes: the bytes
 * @len: how many
 *
 * Return: a string; NULL without memory.
 */
json_t *tb_json_hex(const void *bytes, size_t len)
{
	char *text = malloc(TB_HEX_SIZE(len));
	json_t *json = NULL;

	if (text)
		json = json_string(tb_hex_encode(text, bytes, len));
	free(text);
	return json;
}

/**
 * tb_json_base64() - bytes in base64
 * @bytes: the bytes
 * @len: how many
 *
 * Return: a string; NULL without memory.
 */
json_t *tb_json_base64(const void *bytes, size_t len)
{
	char *text = tb_base64_encode(bytes, len);
	json_t *json = json_string(text);

	free(text);
	return json;
}

/**
 * tb_json_name() - a name in a field of fixed size
 * @field: the field; the kernel's names are plain, but who knows
 * @size: its bytes
 *
 * Return: a string; NULL without memory.
 */
json_t *tb_json_name(const uint8_t *field, size_t size)
{
	char text[TONGBU_DEVICE_LEN];
	size_t i, len = strnlen((const char *)field, size < sizeof(text) ? size : sizeof(text));
	json_t *json = json_stringn((const char *)field, len);

	if (json)
		return json;
	for (i = 0; i < len; i++)
		text[i] = (char)(field[i] < 0x80 ? field[i] : '?');
	return json_stringn(text, len);
}

/**
 * tb_json_word() - a word, or the number where there is none
 * @word: the word, or NULL
 * @number: the number
 *
 * Return: a string or an integer; NULL without memory.
 */
json_t *tb_json_word(const char *word, unsigned int number)
{
	return word ? json_string(word) : json_integer((json_int_t)number);
}

/**
 * tb_json_level() - the level of a line
 * @level: as records have it
 *
 * Return: an integer, or null for %TONGBU_LEVEL_UNKNOWN; NULL without memory.
 */
json_t *tb_json_level(uint8_t level)
{
	return level == TONGBU_LEVEL_UNKNOWN ? json_null() : json_integer(level);
}

/**
 * tb_json_flags() - the words for bits
 * @flags: the bits
 * @name_of: gives the word for the number of a bit
 *
 * Return: an array; a bit without a word is "bit-7". NULL without memory.
 */
json_t *tb_json_flags(uint32_t flags, const char *(*name_of)(unsigned int bit))
{
	json_t *list = json_array();
	char number[16];
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		if (!(flags >> bit & 1))
			continue;
		snprintf(number, sizeof(number), "bit-%u", bit);
		json_array_append_new(list, json_string(name_of(bit) ?: number));
	}
	return list;
}

/**
 * tb_json_put_name() - add what a number stands for
 * @json: where to
 * @key: under which name
 * @rec: the record that has the number
 * @names: the names there are, or NULL; what has none is left out
 * @what: what the number is of
 * @number: the number
 */
void tb_json_put_name(json_t *json, const char *key, const struct tb_record *rec,
		      const struct tb_names *names, enum tb_named what, uint32_t number)
{
	const char *name = what == TB_NAMED_SOURCE ?
				   tb_names_find(names, rec->chain, number) :
				   tb_names_find_of(names, rec->chain, what, number);

	if (name)
		json_object_set_new(json, key, tb_json_name((const uint8_t *)name, strlen(name)));
}

/**
 * tb_json_put_error() - add an error and its name
 * @json: where to
 * @error: errno, positive; 0 for none, which has no name
 */
void tb_json_put_error(json_t *json, uint32_t error)
{
	const char *name = error && error <= INT32_MAX ? strerrorname_np((int)error) : NULL;

	json_object_set_new(json, "error", json_integer((json_int_t)error));
	json_object_set_new(json, "error_name", name ? json_string(name) : json_null());
}

static json_t *tb_json_uid(uint32_t uid)
{
	return uid == TONGBU_UID_NONE ? json_null() : json_integer((json_int_t)uid);
}

/* clang-format off: a name and its value on each line */
static json_t *genesis_json(const struct tb_record *rec)
{
	struct tongbu_genesis g;
	static const uint8_t none[TONGBU_CHAIN_LEN];
	bool prev;

	if (tb_record_payload(rec, &g, sizeof(g)))
		return NULL;
	prev = memcmp(g.prev_chain, none, sizeof(none));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:I, s:o, s:o, s:o}",
			 "supervisor", tb_json_hex(g.supervisor, sizeof(g.supervisor)), "ephemeral",
			 tb_json_hex(g.ephemeral, sizeof(g.ephemeral)), "chain",
			 tb_json_hex(g.chain, sizeof(g.chain)), "boot_id",
			 tb_json_hex(g.boot_id, sizeof(g.boot_id)), "prev_chain",
			 prev ? tb_json_hex(g.prev_chain, sizeof(g.prev_chain)) : json_null(),
			 "prev_seq", prev ? tb_json_u64(le64toh(g.prev_seq)) : json_null(),
			 "prev_tag",
			 prev ? tb_json_hex(g.prev_tag, sizeof(g.prev_tag)) : json_null(), "loaded",
			 tb_json_u64(le64toh(g.loaded)), "ring", (json_int_t)le32toh(g.ring),
			 "heartbeat", (json_int_t)le32toh(g.heartbeat), "submit_gid",
			 tb_json_uid(le32toh(g.submit_gid)), "submit_rate",
			 (json_int_t)le32toh(g.submit_rate), "module_version",
			 tb_json_name(g.module_version, sizeof(g.module_version)), "kernel_release",
			 tb_json_name(g.kernel_release, sizeof(g.kernel_release)), "wrapped",
			 tb_json_hex(g.wrapped, sizeof(g.wrapped)));
}

static json_t *heartbeat_json(const struct tb_record *rec)
{
	struct tongbu_heartbeat h;

	if (tb_record_payload(rec, &h, sizeof(h)))
		return NULL;
	return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:b}", "lost",
			 tb_json_u64(le64toh(h.lost)), "refused", tb_json_u64(le64toh(h.refused)),
			 "waits", tb_json_u64(le64toh(h.waits)), "acked",
			 tb_json_u64(le64toh(h.acked)), "used", (json_int_t)le32toh(h.used),
			 "high_water", (json_int_t)le32toh(h.high_water), "sources",
			 (json_int_t)le32toh(h.sources), "attached", h.attached != 0);
}

static json_t *lost_json(const struct tb_record *rec)
{
	struct tongbu_lost l;

	if (tb_record_payload(rec, &l, sizeof(l)))
		return NULL;
	return json_pack("{s:o, s:o, s:o, s:o}", "count", tb_json_u64(le64toh(l.count)), "first",
			 tb_json_u64(le64toh(l.first)), "last", tb_json_u64(le64toh(l.last)),
			 "cause",
			 tb_json_word(tb_lost_cause_name(le32toh(l.cause)), le32toh(l.cause)));
}

static json_t *clock_json(const struct tb_record *rec)
{
	struct tongbu_clock c;

	if (tb_record_payload(rec, &c, sizeof(c)))
		return NULL;
	return json_pack("{s:I, s:I, s:I, s:I, s:o, s:b}", "before", (json_int_t)le64toh(c.before),
			 "after", (json_int_t)le64toh(c.after), "esterror",
			 (json_int_t)le32toh(c.esterror), "maxerror",
			 (json_int_t)le32toh(c.maxerror), "cause",
			 tb_json_word(tb_clock_cause_name(le32toh(c.cause)), le32toh(c.cause)),
			 "synced", c.synced != 0);
}

static json_t *reader_json(const struct tb_record *rec)
{
	struct tongbu_reader r;

	if (tb_record_payload(rec, &r, sizeof(r)))
		return NULL;
	return json_pack("{s:o, s:I, s:o}", "acked", tb_json_u64(le64toh(r.acked)), "portid",
			 (json_int_t)le32toh(r.portid), "comm",
			 tb_json_name(r.comm, sizeof(r.comm)));
}

static json_t *refused_json(const struct tb_record *rec)
{
	struct tongbu_refused r;
	uint32_t error, command;

	if (tb_record_payload(rec, &r, sizeof(r)))
		return NULL;
	error = le32toh(r.error);
	command = le32toh(r.command);
	return json_pack("{s:I, s:s?, s:o, s:I}", "error", (json_int_t)error, "error_name",
			 error <= INT32_MAX ? strerrorname_np((int)error) : NULL, "command",
			 tb_json_word(tb_command_name(command), command), "count",
			 (json_int_t)le32toh(r.count));
}

/* clang-format on */

/* What was said, as what it was said to be if it is that */
static void put_act_data(json_t *json, uint8_t format, const uint8_t *data, size_t len)
{
	json_t *value = NULL;

	if (format == TONGBU_ACT_MARK) {
		json_object_set_new(json, "mark", tb_json_hex(data, len));
		return;
	}
	if (format == TONGBU_ACT_JSON)
		value = json_loadb((const char *)data, len, JSON_REJECT_DUPLICATES, NULL);
	if (value) {
		json_object_set_new(json, "json", value);
		return;
	}
	if (format == TONGBU_ACT_TEXT || format == TONGBU_ACT_JSON)
		value = json_stringn((const char *)data, len);
	if (value)
		json_object_set_new(json, "text", value);
	else
		json_object_set_new(json, "data_base64", tb_json_base64(data, len));
}

static json_t *act_json(const struct tb_record *rec)
{
	struct tongbu_act act;
	const uint8_t *data;
	json_t *json;
	size_t len;

	if (tb_record_act(rec, &act, &data, &len))
		return NULL;
	/* clang-format off: a name and its value on each line */
	json = json_pack("{s:o, s:o, s:o}", "login_uid", tb_json_uid(le32toh(act.login_uid)),
			 "euid", tb_json_uid(le32toh(act.euid)), "format",
			 tb_json_word(tb_act_format_name(act.format), act.format));
	/* clang-format on */
	if (json)
		put_act_data(json, act.format, data, len);
	return json;
}

static json_t *known_payload_json(const struct tb_record *rec, const struct tb_names *names)
{
	switch (rec->kind) {
	case TONGBU_KIND_GENESIS:
		return genesis_json(rec);
	case TONGBU_KIND_HEARTBEAT:
		return heartbeat_json(rec);
	case TONGBU_KIND_LOST:
		return lost_json(rec);
	case TONGBU_KIND_CLOCK:
		return clock_json(rec);
	case TONGBU_KIND_ATTACH:
	case TONGBU_KIND_DETACH:
		return reader_json(rec);
	case TONGBU_KIND_REFUSED:
		return refused_json(rec);
	case TONGBU_KIND_ACT:
		return act_json(rec);
	default:
		return tb_record_source_json(rec)	  ?:
			       tb_record_device_json(rec) ?:
							    tb_record_control_json(rec, names);
	}
}

/**
 * tb_record_payload_json() - decode a payload
 * @rec: the record
 * @names: names of sources, outputs and reflexes, or NULL
 *
 * Return: an object of the caller's: the fields of the kind's structure, under
 * their names in the uapi header; for a kind not known, or a payload too short,
 * "data_base64". NULL without memory.
 */
json_t *tb_record_payload_json(const struct tb_record *rec, const struct tb_names *names)
{
	json_t *json = known_payload_json(rec, names);

	if (!json)
		json = json_pack("{s:o}", "data_base64", tb_json_base64(rec->payload, rec->length));
	return json;
}

/**
 * tb_record_json() - decode a record
 * @rec: the record
 * @names: names of sources, or NULL
 *
 * "time_error" is the clock's estimated error, ns, or null. "source_name" is left out where @names does not know it. A kind not known is
 * "unknown" and its number stands in "kind_number".
 *
 * Return: an object of the caller's; NULL without memory.
 */
json_t *tb_record_json(const struct tb_record *rec, const struct tb_names *names)
{
	const char *kind = tb_kind_name(rec->kind);
	uint64_t error = tb_record_error(rec);
	char time[TB_TIME_SIZE];
	json_t *json;

	/* clang-format off: a name and its value on each line */
	json = json_pack("{s:o, s:o, s:s, s:o, s:o, s:s, s:o, s:I}", "seq", tb_json_u64(rec->seq),
			 "chain", tb_json_hex(rec->chain, TONGBU_CHAIN_LEN), "time",
			 tb_time_format(rec->realtime, time), "realtime",
			 tb_json_u64(rec->realtime), "boottime", tb_json_u64(rec->boottime), "kind",
			 kind ?: "unknown", "flags", tb_json_flags(rec->flags, tb_flag_name),
			 "source", (json_int_t)rec->source);
	/* clang-format on */
	if (!json)
		return NULL;
	if (!kind)
		json_object_set_new(json, "kind_number", json_integer(rec->kind));
	tb_json_put_name(json, "source_name", rec, names, TB_NAMED_SOURCE, rec->source);
	json_object_set_new(json, "time_error", error ? tb_json_u64(error) : json_null());
	json_object_set_new(json, "source_seq", json_integer((json_int_t)rec->source_seq));
	json_object_set_new(json, "uid", tb_json_uid(rec->uid));
	json_object_set_new(json, "pid", json_integer((json_int_t)rec->pid));
	json_object_set_new(json, "payload", tb_record_payload_json(rec, names));
	json_object_set_new(json, "tag", tb_json_hex(rec->tag, TONGBU_TAG_LEN));
	return json;
}
