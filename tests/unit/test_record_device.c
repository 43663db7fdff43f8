// SPDX-License-Identifier: GPL-2.0-only
/* What people are shown of records of devices, outputs and reflexes. */
#include "unit.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

#define FRAME_ROOM 64

static const struct tb_names *known;

/* What is said of a record, without time, number and kind */
static void expect(unsigned int kind, const void *payload, size_t len, const char *wanted)
{
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;
	size_t size;
	char *text;
	FILE *out;

	fill_record(buf, 1, kind, payload, len);
	rec = parsed(buf, sizeof(buf));
	out = open_memstream(&text, &size);
	assert_non_null(out);
	tb_record_describe(&rec, known, out);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

static void sources_of_each_type(void **state)
{
	struct {
		struct tongbu_source s;
		struct tongbu_source_more more;
		union {
			struct tongbu_input input;
			struct tongbu_serial serial;
		};
	} __attribute__((packed)) p = {
		.s = { .name = "rain",
		       .chip = "station",
		       .line = htole32(6),
		       .edges = 1,
		       .type = TONGBU_SOURCE_COUNTER },
		.more = { .interval = htole32(60000),
			  .silent = htole32(90000),
			  .rate = htole32(1000) },
	};
	const struct tongbu_poll polls[] = {
		{ .unit = 1, .function = 3, .count = htole16(2) },
		{ .unit = 2, .function = 4, .address = htole16(7), .count = htole16(1) },
	};

	(void)state;
	expect(TONGBU_KIND_SOURCE_ADD, &p, sizeof(p.s) + sizeof(p.more),
	       "rain armed, type counter, chip station, line 6, edges rising, bias as-is, level 0,"
	       " silent_ms 90000, rate 1000, interval_ms 60000");
	memset(&p, 0, sizeof(p));
	strcpy((char *)p.s.name, "badge");
	p.s.type = TONGBU_SOURCE_INPUT;
	p.s.flags = htole32(TONGBU_SOURCE_GRAB | TONGBU_SOURCE_HASHED);
	strcpy((char *)p.input.device, "RFID\treader");
	p.input.vendor = htole16(0xffff);
	p.input.product = htole16(0x35);
	p.input.mode = TONGBU_INPUT_CODE;
	p.input.timeout = htole32(500);
	expect(TONGBU_KIND_SOURCE_ADD, &p, sizeof(p),
	       "badge armed, type input, grab, hashed, device RFID\\x09reader, vendor 65535,"
	       " product 53, mode code, timeout_ms 500");
	memset(&p.s.flags, 0, sizeof(p) - offsetof(struct tongbu_source, flags));
	strcpy((char *)p.s.name, "probe");
	strcpy((char *)p.s.chip, "ttyS1");
	p.s.type = TONGBU_SOURCE_SERIAL;
	p.s.flags = htole32(TONGBU_SOURCE_CONFIGURED);
	p.serial.baud = htole32(9600);
	p.serial.bits = 8;
	p.serial.parity = TONGBU_PARITY_EVEN;
	p.serial.stop = 1;
	p.serial.framing = TONGBU_FRAMING_MODBUS;
	p.serial.polls = htole16(3);
	memcpy(&p.serial + 1, polls, sizeof(polls));
	/* It says more than there is room for. */
	expect(TONGBU_KIND_SOURCE_ADD, &p,
	       offsetof(typeof(p), serial) + sizeof(p.serial) + sizeof(polls),
	       "probe armed, type serial, configured, port ttyS1, baud 9600, bits 8, parity even,"
	       " stop 1, framing modbus, poll 1:holding:0:2, poll 2:input:7:1");
	/* A tail that is cut off is not read. */
	expect(TONGBU_KIND_SOURCE_ADD, &p, sizeof(p.s), "probe armed, type serial, configured");
}

static void keys_and_codes(void **state)
{
	struct tongbu_key k = { .code = htole16(116), .value = 1 };
	uint8_t payload[sizeof(struct tongbu_code) + 4];
	struct tongbu_code c = { .length = htole16(4), .end = TONGBU_CODE_ENTER };

	(void)state;
	expect(TONGBU_KIND_KEY, &k, sizeof(k), "key 116 down");
	memcpy(payload, &c, sizeof(c));
	memcpy(payload + sizeof(c),
	       "12\x1b"
	       "4",
	       4);
	expect(TONGBU_KIND_CODE, payload, sizeof(payload), "code of 4 characters 12\\x1b4");
	c.hashed = 1;
	c.end = TONGBU_CODE_TIMEOUT;
	memcpy(payload, &c, sizeof(c));
	expect(TONGBU_KIND_CODE, payload, sizeof(payload),
	       "code of 4 characters hashed 31321b34, not closed by Enter");
}

static void frames(void **state)
{
	struct tongbu_frame f = { .framing = TONGBU_FRAMING_NMEA };
	uint8_t payload[FRAME_ROOM] = { 0 };

	(void)state;
	memcpy(payload, &f, sizeof(f));
	memcpy(payload + sizeof(f), "$GP\x07", 4);
	expect(TONGBU_KIND_FRAME, payload, sizeof(f) + 4, "$GP\\x07");
	f.framing = TONGBU_FRAMING_MODBUS;
	f.status = TONGBU_FRAME_BAD_CHECK;
	f.bad = htole32(3);
	f.poll = 1;
	memcpy(payload, &f, sizeof(f));
	expect(TONGBU_KIND_FRAME, payload, sizeof(f) + 4,
	       "poll 1: 24475007 (bad: wrong checksum; 3 bad so far)");
	f.status = TONGBU_FRAME_TIMEOUT;
	memcpy(payload, &f, sizeof(f));
	expect(TONGBU_KIND_FRAME, payload, sizeof(f), "poll 1: (no answer came; 3 bad so far)");
	f.status = 200;
	memcpy(payload, &f, sizeof(f));
	expect(TONGBU_KIND_FRAME, payload, sizeof(f), "poll 1: (bad; 3 bad so far)");
}

static void liveness(void **state)
{
	struct tongbu_count c = { .count = htole32(12),
				  .interval = htole32(60000),
				  .total = htole64(812) };
	struct tongbu_storm s = { .rate = htole32(1000),
				  .count = htole64(81234),
				  .masked = htole64(90) };
	struct tongbu_silence q = { .silent = htole64(5000000000) };
	struct tongbu_presence p = { .why = TONGBU_ABSENT_HANGUP, .device = "ttyS1\n" };
	struct tongbu_pps pps = { .min = htole64((uint64_t)-1200),
				  .max = htole64(3400),
				  .mean = htole64((uint64_t)-3),
				  .pulses = htole32(15),
				  .missed = htole32(1) };

	(void)state;
	expect(TONGBU_KIND_COUNT, &c, sizeof(c), "12 pulses in 60000 ms, 812 in all");
	expect(TONGBU_KIND_STORM, &s, sizeof(s),
	       "over its rate of 1000 events a second: throttled");
	s.over = 1;
	expect(TONGBU_KIND_STORM, &s, sizeof(s),
	       "within its rate of 1000 events a second again; 81234 events counted only,"
	       " interrupt off for 90 ms");
	expect(TONGBU_KIND_SILENT, &q, sizeof(q), "silent for 5.0 s");
	expect(TONGBU_KIND_RESTORED, &q, sizeof(q), "speaks again after 5.0 s");
	expect(TONGBU_KIND_GONE, &p, sizeof(p), "device ttyS1\\x0a was hung up");
	expect(TONGBU_KIND_BACK, &p, sizeof(p), "device ttyS1\\x0a is there again, level 0");
	expect(TONGBU_KIND_PPS, &pps, sizeof(pps),
	       "clock off by -3 ns (-1200 to 3400) at 15 pulses, 1 missed");
}

static void outputs(void **state)
{
	struct tongbu_output o = { .name = "beacon",
				   .chip = "station",
				   .line = htole32(9),
				   .output = htole32(1),
				   .away = htole32(30000),
				   .flags = htole32(TONGBU_OUTPUT_CONFIGURED) };
	struct tongbu_output_change c = {
		.record = htole64(17), .output = htole32(1), .value = 1, .cause = TONGBU_CAUSE_SET
	};
	struct tongbu_output_end e = { .output = htole32(2), .changes = htole64(3) };

	(void)state;
	expect(TONGBU_KIND_OUTPUT_ADD, &o, sizeof(o),
	       "beacon taken, output 1, chip station, line 9, configured, away_ms 30000, safe 0");
	expect(TONGBU_KIND_OUTPUT, &c, sizeof(c), "beacon set to 1, as asked, because of #17");
	c.record = htole64(TONGBU_SEQ_NONE);
	c.cause = TONGBU_CAUSE_AWAY;
	c.error = htole16(5);
	expect(TONGBU_KIND_OUTPUT, &c, sizeof(c),
	       "beacon set to 1, nobody reads the chain; the chip failed: Input/output error");
	expect(TONGBU_KIND_OUTPUT_DEL, &e, sizeof(e), "output 2 let go after 3 changes");
}

static void reflexes(void **state)
{
	struct tongbu_reflex r = { .name = "flood-beacon",
				   .reflex = htole32(1),
				   .source = htole32(16),
				   .output = htole32(1),
				   .condition = TONGBU_WHEN_HELD,
				   .level = 1,
				   .hold = htole32(500),
				   .action = TONGBU_DO_LATCH };
	struct tongbu_firing f = { .record = htole64(4),
				   .cause = htole64(1000),
				   .effect = htole64(5000),
				   .reflex = htole32(1),
				   .output = htole32(1),
				   .value = 1 };
	struct tongbu_reflex_end e = { .reflex = htole32(1), .fired = htole64(2) };

	(void)state;
	expect(TONGBU_KIND_REFLEX_ADD, &r, sizeof(r),
	       "flood-beacon armed: when flood is 1 for 500 ms, latch beacon");
	r.condition = TONGBU_WHEN_COUNT;
	r.count = htole32(3);
	r.within = htole32(60000);
	r.action = TONGBU_DO_BLINK;
	r.length = htole32(9000);
	r.period = htole32(500);
	r.cooldown = htole32(2000);
	expect(TONGBU_KIND_REFLEX_ADD, &r, sizeof(r),
	       "flood-beacon armed: when flood has 3 events within 60000 ms, blink beacon for"
	       " 9000 ms every 500 ms, then rest for 2000 ms");
	r.condition = TONGBU_WHEN_BOTH;
	r.second = htole32(99);
	r.source = htole32(98);
	r.output = htole32(97);
	r.length = r.period = r.cooldown = 0;
	expect(TONGBU_KIND_REFLEX_ADD, &r, sizeof(r),
	       "flood-beacon armed: when source 98 and source 99 are 1, blink output 97");
	expect(TONGBU_KIND_REFLEX, &f, sizeof(f),
	       "flood-beacon fired: beacon set to 1 4.0 us after its cause #4");
	expect(TONGBU_KIND_REFLEX_DEL, &e, sizeof(e),
	       "flood-beacon disarmed after firing 2 times, and resting 0 times");
}

/* Every number that has a word, and the words that have numbers */
static void words(void **state)
{
	(void)state;
	assert_int_equal(tb_word_number(tb_source_type_name, "serial"), TONGBU_SOURCE_SERIAL);
	assert_int_equal(tb_word_number(tb_function_name, "holding"), 3);
	assert_int_equal(tb_word_number(tb_parity_name, "none"), 0);
	assert_true(tb_word_number(tb_action_name, "explode") < 0);
	assert_null(tb_source_type_name(0));
	assert_null(tb_source_type_name(6));
	assert_string_equal(tb_frame_status_name(0), "good");
	assert_string_equal(tb_command_name(TONGBU_CMD_MAX), "chain-end");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sources_of_each_type),
		cmocka_unit_test(keys_and_codes),
		cmocka_unit_test(frames),
		cmocka_unit_test(liveness),
		cmocka_unit_test(outputs),
		cmocka_unit_test(reflexes),
		cmocka_unit_test(words),
	};
	struct tb_names *names = tb_names_new();
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;
	int failed;

	fill_record(buf, 1, 77, NULL, 0);
	rec = parsed(buf, sizeof(buf));
	tb_names_add(names, rec.chain, TB_NAMED_SOURCE, 16, "flood");
	tb_names_add(names, rec.chain, TB_NAMED_OUTPUT, 1, "beacon");
	tb_names_add(names, rec.chain, TB_NAMED_REFLEX, 1, "flood-beacon");
	known = names;
	failed = cmocka_run_group_tests_name("record-device", tests, NULL, NULL);
	tb_names_free(names);
	return failed;
}
