// SPDX-License-Identifier: GPL-2.0-only
/* What people are shown of a record, and what never reaches their terminal. */
#include "unit.h"

#include <endian.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

static char *text_of(const struct tb_record *rec, const struct tb_names *names)
{
	FILE *out;
	char *text;
	size_t len;

	out = open_memstream(&text, &len);
	assert_non_null(out);
	tb_record_text(rec, names, out);
	fclose(out);
	assert_int_equal(strlen(text), len);
	return text;
}

static char *text_of_kind(unsigned int kind, const void *payload, size_t len)
{
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;

	fill_record(buf, kind != TONGBU_KIND_GENESIS, kind, payload, len);
	assert_int_equal(tb_record_frame(buf, sizeof(buf), unit_chain, &rec), 0);
	return text_of(&rec, NULL);
}

static void expect_act(const char *data, size_t len, const char *wanted)
{
	uint8_t payload[TONGBU_PAYLOAD_MAX] = { 0 };
	char *text;

	memcpy(payload + sizeof(struct tongbu_act), data, len);
	text = text_of_kind(TONGBU_KIND_ACT, payload, sizeof(struct tongbu_act) + len);
	assert_string_equal(strstr(text, "source 16  ") + 11, wanted);
	free(text);
}

/* C0, DEL, C1, and what turns the direction of writing or begins a line */
static bool plays_tricks(const char *text)
{
	const uint8_t *t = (const uint8_t *)text;

	for (; *t; t++) {
		if (*t < ' ' || *t == 0x7f || (t[0] == 0xc2 && t[1] < 0xa0))
			return true;
		if (t[0] == 0xe2 && t[1] == 0x80 && t[2] >= 0xa8 && t[2] <= 0xae)
			return true;
		if (t[0] == 0xe2 && t[1] == 0x81 && t[2] >= 0xa6 && t[2] <= 0xa9)
			return true;
	}
	return false;
}

static void expect_part(unsigned int kind, const void *payload, size_t len, const char *part)
{
	char *text = text_of_kind(kind, payload, len);

	assert_contains(text, part);
	assert_false(plays_tricks(text));
	free(text);
}

static void one_line(void **state)
{
	struct tongbu_edge edge = { .level = 1, .bounces = htole16(7) };
	struct tb_names *names = tb_names_new();
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;
	char *text;

	(void)state;
	fill_record(buf, 4, TONGBU_KIND_EDGE, &edge, sizeof(edge));
	rec = parsed(buf, sizeof(buf));
	text = text_of(&rec, names);
	assert_string_equal(text, "2026-11-23T10:00:04.000000000Z?  #4  edge  source 16  "
				  "active, 7 bounces");
	free(text);
	assert_int_equal(tb_names_add(names, rec.chain, TB_NAMED_SOURCE, 16, "wa\x1bter"), 0);
	rec.flags = TONGBU_RECORD_SYNCED | TONGBU_RECORD_EDGE_MISSED | TONGBU_RECORD_INFERRED;
	rec.uid = 1000;
	rec.pid = 42;
	text = text_of(&rec, names);
	assert_string_equal(text, "2026-11-23T10:00:04.000000000Z  #4  edge  wa\\x1bter  uid 1000"
				  " pid 42  active, 7 bounces, an edge before it was missed,"
				  " level inferred");
	free(text);
	tb_names_free(names);
}

static void every_kind(void **state)
{
	struct tongbu_genesis g = { .module_version = "0.1.0", .kernel_release = "6.1\x07" };
	struct tongbu_heartbeat h = { .lost = htole64(3), .attached = htole32(1) };
	struct tongbu_lost l = { .count = htole64(5),
				 .first = htole64(10),
				 .last = htole64(30),
				 .cause = htole32(TONGBU_LOST_OVERRUN) };
	struct tongbu_clock c = { .before = htole64(3000000000),
				  .after = htole64(500000000),
				  .cause = htole32(TONGBU_CLOCK_STEPPED) };
	struct tongbu_reader r = { .comm = "tong\nbud" };
	struct tongbu_source s = { .name = "water\r", .chip = "st\tation" };
	struct tongbu_source_end e = { .sealed = htole64(9) };
	struct tongbu_refused f = { .error = htole32(1),
				    .command = htole32(TONGBU_CMD_SUBMIT),
				    .count = htole32(3) };

	(void)state;
	expect_part(TONGBU_KIND_GENESIS, &g, sizeof(g), "kernel 6.1\\x07,");
	expect_part(TONGBU_KIND_GENESIS, &g, sizeof(g), "no chain before it is known");
	g.prev_chain[0] = 0xab;
	expect_part(TONGBU_KIND_GENESIS, &g, sizeof(g), "before it chain ab000000..");
	expect_part(TONGBU_KIND_HEARTBEAT, &h, sizeof(h), "3 lost");
	expect_part(TONGBU_KIND_LOST, &l, sizeof(l), "5 events lost within 20 ns (interrupts");
	l.cause = htole32(TONGBU_LOST_UNSETTLED);
	expect_part(TONGBU_KIND_LOST, &l, sizeof(l), "(a change had not settled");
	expect_part(TONGBU_KIND_CLOCK, &c, sizeof(c), "stepped back by 2.5 s; not synchronised");
	c.after = htole64(4000000000);
	expect_part(TONGBU_KIND_CLOCK, &c, sizeof(c), "stepped forward by 1.0 s");
	expect_part(TONGBU_KIND_ATTACH, &r, sizeof(r), "tong\\x0abud attached");
	expect_part(TONGBU_KIND_DETACH, &r, sizeof(r), "is gone");
	expect_part(TONGBU_KIND_SOURCE_ADD, &s, sizeof(s), "water\\x0d armed");
	expect_part(TONGBU_KIND_SOURCE_ADD, &s, sizeof(s), "chip st\\x09ation, line 0,");
	expect_part(TONGBU_KIND_SOURCE_DEL, &e, sizeof(e), "after 9 events");
	expect_part(TONGBU_KIND_REFUSED, &f, sizeof(f), "submit refused: ");
	expect_part(TONGBU_KIND_REFUSED, &f, sizeof(f), "(3 times)");
	f.error = htole32(UINT32_MAX);
	f.command = htole32(UINT32_MAX);
	expect_part(TONGBU_KIND_REFUSED, &f, sizeof(f), "request refused: error not known");
	expect_part(77, "abc", 3, "kind 77, 3 bytes");
}

static void by_the_station_itself(void **state)
{
	struct tongbu_due d = { .id = htole64(7),
				.due = htole64(1795428000000000000),
				.lateness = htole64(2500000000) };

	(void)state;
	expect_part(TONGBU_KIND_DUE, &d, sizeof(d), "clock 7 due at ");
	expect_part(TONGBU_KIND_DUE, &d, sizeof(d), ", 2.5 s late");
}

static void acts(void **state)
{
	uint8_t mark[sizeof(struct tongbu_act) + 2] = { 0 };

	(void)state;
	expect_act("gate open", 9, "gate open");
	expect_act("Wehr Süd, 水位 \xf0\x9f\x8c\x8a", 22, "Wehr Süd, 水位 \xf0\x9f\x8c\x8a");
	mark[offsetof(struct tongbu_act, format)] = TONGBU_ACT_MARK;
	memcpy(mark + sizeof(struct tongbu_act), "\x1b\x07", 2);
	expect_part(TONGBU_KIND_ACT, mark, sizeof(mark), "mark 1b07");
	mark[offsetof(struct tongbu_act, format)] = 9;
	expect_part(TONGBU_KIND_ACT, mark, sizeof(mark), "data 1b07");
}

static void no_control_characters(void **state)
{
	char data[2], wanted[16];
	int c;

	(void)state;
	for (c = 0; c < ' '; c++) {
		data[0] = (char)c;
		snprintf(wanted, sizeof(wanted), "\\x%02x", c);
		expect_act(data, 1, wanted);
	}
	expect_act("\x7f", 1, "\\x7f");
	for (c = 0x80; c < 0xa0; c++) {
		data[0] = '\xc2';
		data[1] = (char)c;
		snprintf(wanted, sizeof(wanted), "\\xc2\\x%02x", c);
		expect_act(data, 2, wanted);
	}
	expect_act("\xc2\xa0", 2, "\xc2\xa0");
	expect_act("\x1b[2J\x1b]0;x\x07", 10, "\\x1b[2J\\x1b]0;x\\x07");
	expect_act("one\ntwo\r\n", 9, "one\\x0atwo\\x0d\\x0a");
	expect_act("a\0b", 3, "a\\x00b");
}

static void no_broken_utf8(void **state)
{
	(void)state;
	expect_act("\xff", 1, "\\xff");
	expect_act("\xc3(", 2, "\\xc3(");
	expect_act("\xc3", 1, "\\xc3");
	expect_act("\xe6\xb0", 2, "\\xe6\\xb0");
	expect_act("\xc0\x9b", 2, "\\xc0\\x9b");
	expect_act("\xe0\x82\x9b", 3, "\\xe0\\x82\\x9b");
	expect_act("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");
	expect_act("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80");
	expect_act("\x9b\x31m", 3, "\\x9b1m");
}

/* Text that runs backwards can make a line say the opposite. */
static void no_turned_direction(void **state)
{
	(void)state;
	expect_act("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");
	expect_act("\xe2\x80\xaa", 3, "\\xe2\\x80\\xaa");
	expect_act("\xe2\x81\xa6", 3, "\\xe2\\x81\\xa6");
	expect_act("\xe2\x81\xa9", 3, "\\xe2\\x81\\xa9");
	expect_act("\xe2\x80\xa8", 3, "\\xe2\\x80\\xa8");
	expect_act("\xe2\x80\xa9", 3, "\\xe2\\x80\\xa9");
	/* Dashes and quotation marks are near by, and plain. */
	expect_act("\xe2\x80\x93\xe2\x80\x9c\xe2\x82\xac", 9,
		   "\xe2\x80\x93\xe2\x80\x9c\xe2\x82\xac");
}

static void any_payload(void **state)
{
	unsigned int seed = 5, round;
	uint8_t payload[TONGBU_PAYLOAD_MAX];
	const char *name;
	size_t i, len;
	char *text;

	(void)state;
	for (round = 0; round < 6000; round++) {
		len = (size_t)rand_r(&seed) % 320;
		for (i = 0; i < len; i++)
			payload[i] = (uint8_t)rand_r(&seed);
		if (round % 2 && len > 8)
			payload[8] = (uint8_t)(round % 3);
		name = tb_kind_list((unsigned int)rand_r(&seed) % 40);
		text = text_of_kind(name ? (unsigned int)tb_kind_from_name(name) : 99, payload,
				    len);
		assert_false(plays_tricks(text));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line),
		cmocka_unit_test(every_kind),
		cmocka_unit_test(by_the_station_itself),
		cmocka_unit_test(acts),
		cmocka_unit_test(no_control_characters),
		cmocka_unit_test(no_broken_utf8),
		cmocka_unit_test(no_turned_direction),
		cmocka_unit_test(any_payload),
	};

	return cmocka_run_group_tests_name("record-text", tests, NULL, NULL);
}
