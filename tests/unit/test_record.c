// SPDX-License-Identifier: GPL-2.0-only
/* Where a record begins and ends, and what makes it none. */
#include "unit.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint8_t buf[TONGBU_RECORD_MAX + 1];

static void set_header(size_t at, const void *value, size_t len)
{
	memcpy(buf + at, value, len);
}

static void set_u16(size_t at, uint16_t value)
{
	value = htole16(value);
	set_header(at, &value, sizeof(value));
}

#define AT(field) offsetof(struct tongbu_header, field)

static void parse_all_fields(void **state)
{
	const struct tongbu_header h = {
		.seq = htole64(0x1122334455667788),
		.boottime = htole64(0x8877665544332211),
		.realtime = htole64(0x0102030405060708),
		.kind = htole16(0x4142),
		.flags = htole16(0x8001),
		.source = htole32(0xdeadbeef),
		.source_seq = htole32(0xfffffffe),
		.uid = htole32(1000),
		.pid = htole32(4711),
		.length = htole16(5),
		.version = TONGBU_RECORD_VERSION,
	};
	struct tb_record rec;

	(void)state;
	/* One byte off: nothing is known of the alignment */
	memcpy(buf + 1, &h, sizeof(h));
	memcpy(buf + 1 + sizeof(h), "hello", 5);
	memset(buf + 1 + sizeof(h) + 5, 0x7a, TONGBU_TAG_LEN);
	assert_int_equal(tb_record_parse(buf + 1, TONGBU_RECORD_MIN + 5, unit_chain, &rec), 0);
	assert_ptr_equal(rec.bytes, buf + 1);
	assert_int_equal(rec.size, TONGBU_RECORD_MIN + 5);
	assert_ptr_equal(rec.chain, unit_chain);
	assert_memory_equal(rec.payload, "hello", 5);
	assert_ptr_equal(rec.tag, buf + 1 + TONGBU_HEADER_LEN + 5);
	assert_true(rec.seq == 0x1122334455667788);
	assert_true(rec.boottime == 0x8877665544332211);
	assert_true(rec.realtime == 0x0102030405060708);
	assert_int_equal(rec.kind, 0x4142);
	assert_int_equal(rec.flags, 0x8001);
	assert_int_equal(rec.source, 0xdeadbeef);
	assert_int_equal(rec.source_seq, 0xfffffffe);
	assert_int_equal(rec.uid, 1000);
	assert_int_equal(rec.pid, 4711);
	assert_int_equal(rec.length, 5);
	assert_int_equal(rec.version, 2);
	assert_int_equal(rec.precision, 0);
	assert_int_equal(tb_record_sealed_len(&rec), TONGBU_HEADER_LEN + 5);
}

/* A buffer of exactly that many bytes: reading beyond it would be noticed */
static void truncated_anywhere(void **state)
{
	static const size_t lengths[] = { 0, 1, 8, 100, TONGBU_PAYLOAD_MAX };
	struct tb_record rec;
	size_t i, len;
	uint8_t *copy;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		fill_record(buf, 1, 77, NULL, lengths[i]);
		for (len = 0; len < TONGBU_RECORD_MIN + lengths[i]; len++) {
			copy = malloc(len ? len : 1);
			memcpy(copy, buf, len);
			assert_int_equal(tb_record_frame(copy, len, unit_chain, &rec), -ENODATA);
			assert_int_equal(tb_record_parse(copy, len, unit_chain, &rec), -ENODATA);
			free(copy);
		}
		assert_int_equal(tb_record_parse(buf, len, unit_chain, &rec), 0);
		assert_int_equal(rec.size, len);
		assert_int_equal(tb_record_parse(buf, len + 1, unit_chain, &rec), 0);
		assert_int_equal(rec.size, len);
	}
}

static void length_over_the_most(void **state)
{
	struct tb_record rec;
	unsigned int length;

	(void)state;
	fill_record(buf, 9, 77, NULL, TONGBU_PAYLOAD_MAX);
	for (length = TONGBU_PAYLOAD_MAX + 1; length <= UINT16_MAX; length++) {
		set_u16(AT(length), (uint16_t)length);
		assert_int_equal(tb_record_frame(buf, sizeof(buf), unit_chain, &rec), -EBADMSG);
		assert_int_equal(rec.seq, 9);
		assert_null(rec.payload);
		assert_null(rec.tag);
		assert_int_equal(rec.size, 0);
	}
	assert_int_equal(tb_record_parse(buf, sizeof(buf), unit_chain, &rec), -EBADMSG);
	assert_contains(tb_record_fault(&rec), "longer");
}

static void other_versions(void **state)
{
	struct tb_record rec;
	unsigned int version;

	(void)state;
	fill_record(buf, 9, 77, NULL, 0);
	for (version = 0; version < 256; version++) {
		buf[AT(version)] = (uint8_t)version;
		assert_int_equal(tb_record_frame(buf, sizeof(buf), unit_chain, &rec), 0);
		assert_int_equal(tb_record_parse(buf, sizeof(buf), unit_chain, &rec),
				 version == TONGBU_RECORD_VERSION ? 0 : -EBADMSG);
		if (version != TONGBU_RECORD_VERSION)
			assert_contains(tb_record_fault(&rec), "version");
	}
}

static void precision_has_a_most(void **state)
{
	struct tb_record rec;

	(void)state;
	fill_record(buf, 9, 77, NULL, 0);
	buf[AT(precision)] = 0x80;
	assert_int_equal(tb_record_parse(buf, sizeof(buf), unit_chain, &rec), -EBADMSG);
	assert_contains(tb_record_fault(&rec), "clock error");
	assert_true(tb_record_error(&rec) == 0);
	buf[AT(precision)] = TONGBU_PRECISION_MAX;
	rec = parsed(buf, sizeof(buf));
	assert_true(tb_record_error(&rec) == (1ULL << 32) * 1000);
	buf[AT(precision)] = 1;
	rec = parsed(buf, sizeof(buf));
	assert_true(tb_record_error(&rec) == 1000);
}

static const struct {
	unsigned int kind;
	size_t size;
} payloads[] = {
	{ TONGBU_KIND_GENESIS, sizeof(struct tongbu_genesis) },
	{ TONGBU_KIND_HEARTBEAT, sizeof(struct tongbu_heartbeat) },
	{ TONGBU_KIND_LOST, sizeof(struct tongbu_lost) },
	{ TONGBU_KIND_CLOCK, sizeof(struct tongbu_clock) },
	{ TONGBU_KIND_ATTACH, sizeof(struct tongbu_reader) },
	{ TONGBU_KIND_DETACH, sizeof(struct tongbu_reader) },
	{ TONGBU_KIND_SOURCE_ADD, sizeof(struct tongbu_source) },
	{ TONGBU_KIND_SOURCE_DEL, sizeof(struct tongbu_source_end) },
	{ TONGBU_KIND_REFUSED, sizeof(struct tongbu_refused) },
	{ TONGBU_KIND_OUTPUT_ADD, sizeof(struct tongbu_output) },
	{ TONGBU_KIND_OUTPUT_DEL, sizeof(struct tongbu_output_end) },
	{ TONGBU_KIND_REFLEX_ADD, sizeof(struct tongbu_reflex) },
	{ TONGBU_KIND_REFLEX_DEL, sizeof(struct tongbu_reflex_end) },
	{ TONGBU_KIND_END, sizeof(struct tongbu_end) },
	{ TONGBU_KIND_EDGE, sizeof(struct tongbu_edge) },
	{ TONGBU_KIND_KEY, sizeof(struct tongbu_key) },
	{ TONGBU_KIND_CODE, sizeof(struct tongbu_code) },
	{ TONGBU_KIND_FRAME, sizeof(struct tongbu_frame) },
	{ TONGBU_KIND_COUNT, sizeof(struct tongbu_count) },
	{ TONGBU_KIND_STORM, sizeof(struct tongbu_storm) },
	{ TONGBU_KIND_SILENT, sizeof(struct tongbu_silence) },
	{ TONGBU_KIND_RESTORED, sizeof(struct tongbu_silence) },
	{ TONGBU_KIND_GONE, sizeof(struct tongbu_presence) },
	{ TONGBU_KIND_BACK, sizeof(struct tongbu_presence) },
	{ TONGBU_KIND_PPS, sizeof(struct tongbu_pps) },
	{ TONGBU_KIND_ACT, sizeof(struct tongbu_act) },
	{ TONGBU_KIND_DUE, sizeof(struct tongbu_due) },
	{ TONGBU_KIND_OUTPUT, sizeof(struct tongbu_output_change) },
	{ TONGBU_KIND_REFLEX, sizeof(struct tongbu_firing) },
};

static void payload_too_short_for_its_kind(void **state)
{
	uint8_t copy[sizeof(struct tongbu_genesis)];
	struct tb_record rec;
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(payloads); i++) {
		uint64_t seq = payloads[i].kind != TONGBU_KIND_GENESIS;

		for (len = 0; len < payloads[i].size; len++) {
			fill_record(buf, seq, payloads[i].kind, NULL, len);
			assert_int_equal(tb_record_frame(buf, sizeof(buf), unit_chain, &rec), 0);
			assert_contains(tb_record_fault(&rec), "too short");
			assert_int_equal(tb_record_payload(&rec, copy, payloads[i].size), -EBADMSG);
		}
		for (; len < payloads[i].size + 2; len++) {
			fill_record(buf, seq, payloads[i].kind, NULL, len);
			assert_int_equal(tb_record_parse(buf, sizeof(buf), unit_chain, &rec), 0);
			assert_null(tb_record_fault(&rec));
			assert_int_equal(tb_record_payload(&rec, copy, payloads[i].size), 0);
		}
	}
}

static void genesis_is_number_0_and_only_that(void **state)
{
	struct tb_record rec;

	(void)state;
	fill_record(buf, 1, TONGBU_KIND_GENESIS, NULL, sizeof(struct tongbu_genesis));
	assert_int_equal(tb_record_parse(buf, sizeof(buf), unit_chain, &rec), -EBADMSG);
	assert_contains(tb_record_fault(&rec), "not number 0");
	fill_record(buf, 0, TONGBU_KIND_EDGE, NULL, sizeof(struct tongbu_edge));
	assert_int_equal(tb_record_parse(buf, sizeof(buf), unit_chain, &rec), -EBADMSG);
	assert_contains(tb_record_fault(&rec), "does not begin");
}

static void kinds_not_known_are_records(void **state)
{
	(void)state;
	fill_record(buf, 3, 0, NULL, 0);
	parsed(buf, sizeof(buf));
	fill_record(buf, 3, 27, NULL, 3);
	parsed(buf, sizeof(buf));
	fill_record(buf, 3, UINT16_MAX, NULL, 3);
	parsed(buf, sizeof(buf));
}

static void act_and_its_data(void **state)
{
	uint8_t payload[sizeof(struct tongbu_act) + 3] = { 0 };
	struct tongbu_act act;
	struct tb_record rec;
	const uint8_t *data;
	size_t len;

	(void)state;
	payload[offsetof(struct tongbu_act, format)] = TONGBU_ACT_MARK;
	memcpy(payload + sizeof(act), "abc", 3);
	fill_record(buf, 3, TONGBU_KIND_ACT, payload, sizeof(payload));
	rec = parsed(buf, sizeof(buf));
	assert_int_equal(tb_record_act(&rec, &act, &data, &len), 0);
	assert_int_equal(act.format, TONGBU_ACT_MARK);
	assert_int_equal(len, 3);
	assert_memory_equal(data, "abc", 3);
	fill_record(buf, 3, TONGBU_KIND_ACT, payload, sizeof(act));
	rec = parsed(buf, sizeof(buf));
	assert_int_equal(tb_record_act(&rec, &act, &data, &len), 0);
	assert_int_equal(len, 0);
	fill_record(buf, 3, TONGBU_KIND_ACT, payload, sizeof(act) - 1);
	assert_int_equal(tb_record_frame(buf, sizeof(buf), unit_chain, &rec), 0);
	assert_int_equal(tb_record_act(&rec, &act, &data, &len), -EBADMSG);
	fill_record(buf, 3, 77, payload, sizeof(payload));
	rec = parsed(buf, sizeof(buf));
	assert_int_equal(tb_record_act(&rec, &act, &data, &len), -EBADMSG);
}

static void words(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(payloads); i++) {
		const char *name = tb_kind_name(payloads[i].kind);

		assert_non_null(name);
		assert_int_equal(tb_kind_from_name(name), payloads[i].kind);
		assert_string_equal(tb_kind_list(i), name);
	}
	assert_null(tb_kind_list(i));
	assert_null(tb_kind_name(0));
	assert_null(tb_kind_name(15));
	assert_null(tb_kind_name(33));
	assert_null(tb_kind_name(UINT32_MAX));
	assert_int_equal(tb_kind_from_name("edges"), -EINVAL);
	assert_int_equal(tb_kind_from_name(""), -EINVAL);
	assert_string_equal(tb_flag_name(3), "thread-stamp");
	assert_string_equal(tb_flag_name(4), "level-unknown");
	assert_null(tb_flag_name(5));
	assert_null(tb_edges_name(0));
	assert_string_equal(tb_edges_name(TONGBU_EDGE_BOTH), "both");
	assert_null(tb_edges_name(4));
	assert_string_equal(tb_bias_name(TONGBU_BIAS_AS_IS), "as-is");
	assert_null(tb_bias_name(4));
	assert_string_equal(tb_act_format_name(TONGBU_ACT_MARK), "mark");
	assert_null(tb_act_format_name(3));
	assert_string_equal(tb_command_name(TONGBU_CMD_SUBMIT), "submit");
	assert_null(tb_command_name(0));
	assert_null(tb_command_name(99));
	assert_string_equal(tb_lost_cause_name(TONGBU_LOST_OVERRUN), "overrun");
	assert_null(tb_lost_cause_name(0));
	assert_string_equal(tb_clock_cause_name(TONGBU_CLOCK_SYNC), "sync");
	assert_null(tb_clock_cause_name(3));
}

/* Anything may come from a file: it is read, or refused, and that is all. */
static void any_bytes(void **state)
{
	unsigned int seed = 1, round;
	struct tb_record rec;
	size_t i, len;
	uint8_t *copy;

	(void)state;
	for (round = 0; round < 20000; round++) {
		len = (size_t)rand_r(&seed) % 400;
		copy = malloc(len ? len : 1);
		for (i = 0; i < len; i++)
			copy[i] = (uint8_t)rand_r(&seed);
		if (len >= TONGBU_HEADER_LEN && round % 2) {
			copy[AT(length) + 1] = 0;
			copy[AT(version)] = TONGBU_RECORD_VERSION;
			copy[AT(precision)] = 0;
		}
		if (!tb_record_parse(copy, len, unit_chain, &rec))
			assert_true(rec.size <= len && rec.tag + TONGBU_TAG_LEN <= copy + len);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_all_fields),
		cmocka_unit_test(truncated_anywhere),
		cmocka_unit_test(length_over_the_most),
		cmocka_unit_test(other_versions),
		cmocka_unit_test(precision_has_a_most),
		cmocka_unit_test(payload_too_short_for_its_kind),
		cmocka_unit_test(genesis_is_number_0_and_only_that),
		cmocka_unit_test(kinds_not_known_are_records),
		cmocka_unit_test(act_and_its_data),
		cmocka_unit_test(words),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
