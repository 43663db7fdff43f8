// SPDX-License-Identifier: GPL-2.0-only
/* What comes over a serial line is on record: as frames, good or bad, all of it. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <termios.h>

#include "serial_line.h"
#include "station.h"

#define FLOOD 3000

FIXTURE(serial)
{
	struct station station;
	int far;
};

FIXTURE_SETUP(serial)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	self->far = serial_far_open();
	ASSERT_LE(0, self->far);
}

FIXTURE_TEARDOWN(serial)
{
	close(self->far);
	station_close(&self->station);
}

#define SAY(text) ASSERT_EQ(0, serial_say(self->far, text, strlen(text)))

#define EXPECT_FRAME(id, nth, its_status, text)                                 \
	do {                                                                    \
		const struct record *its;                                       \
                                                                                \
		its = serial_frame(&self->station, id, nth);                    \
		ASSERT_NE(NULL, its);                                           \
		EXPECT_EQ(TONGBU_FRAME_##its_status, record_frame(its).status); \
		EXPECT_STREQ(text, serial_frame_text(its));                     \
	} while (0)

static const struct serial lines = { .name = "scale", .framing = TONGBU_FRAMING_LINE };
static const struct serial sentences = { .name = "buoy", .framing = TONGBU_FRAMING_NMEA };

TEST_F(serial, a_line_is_a_record_without_its_end)
{
	int id = serial_arm(&self->station, &lines);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	SAY("12.5 kg\r\nempty lines are none\n\r\n\nlast\r");
	EXPECT_FRAME(id, 0, GOOD, "12.5 kg");
	EXPECT_FRAME(id, 1, GOOD, "empty lines are none");
	EXPECT_FRAME(id, 2, GOOD, "last");
	EXPECT_EQ(3, record_log_count(&self->station.log, TONGBU_KIND_FRAME, (uint32_t)id));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(serial, a_frame_says_when_its_bytes_came_and_that_a_thread_said_so)
{
	uint64_t before = station_boottime(), between;
	const struct record *record;
	int id = serial_arm(&self->station, &lines);

	SAY("two");
	station_sleep_ms(300);
	between = station_boottime();
	SAY(" parts\n");
	record = serial_frame(&self->station, id, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(TONGBU_RECORD_THREAD_STAMP, record->flags);
	EXPECT_LT(before, le64toh(record_frame(record).first));
	EXPECT_GT(between, le64toh(record_frame(record).first));
	EXPECT_LT(between, record->boottime);
	EXPECT_GE(station_boottime(), record->boottime + le32toh(record_frame(record).delay));
	EXPECT_EQ(TONGBU_UID_NONE, record->uid);
	EXPECT_EQ(1, record->source_seq);
	EXPECT_EQ(TONGBU_FRAMING_LINE, record_frame(record).framing);
}

TEST_F(serial, a_line_too_long_is_cut_and_all_its_pieces_are_bad)
{
	const struct serial brief = { .name = "scale",
				      .framing = TONGBU_FRAMING_LINE,
				      .length = 8 };
	int id = serial_arm(&self->station, &brief);

	SAY("01234567890123456789\n12345678\nok\n");
	EXPECT_FRAME(id, 0, BAD_FORM, "01234567");
	EXPECT_FRAME(id, 1, BAD_FORM, "89012345");
	EXPECT_FRAME(id, 2, BAD_FORM, "6789");
	EXPECT_FRAME(id, 3, GOOD, "12345678");
	EXPECT_FRAME(id, 4, GOOD, "ok");
}

TEST_F(serial, any_bytes_are_sealed_as_they_came)
{
	const struct record *record;
	uint8_t bytes[256];
	int id, i;

	id = serial_arm(&self->station, &lines);
	for (i = 0; i < 256; i++)
		bytes[i] = (uint8_t)(i == '\r' || i == '\n' ? ' ' : i);
	ASSERT_EQ(0, serial_say(self->far, bytes, sizeof(bytes)));
	SAY("\n");
	record = serial_frame(&self->station, id, 0);
	ASSERT_NE(NULL, record);
	ASSERT_EQ(sizeof(bytes), serial_frame_len(record));
	EXPECT_EQ(0, memcmp(bytes, record->payload + sizeof(struct tongbu_frame), sizeof(bytes)));
}

TEST_F(serial, what_had_begun_when_it_was_disarmed_is_a_bad_frame)
{
	int id = serial_arm(&self->station, &lines);

	SAY("first\nbegun");
	EXPECT_FRAME(id, 0, GOOD, "first");
	station_sleep_ms(200);
	ASSERT_EQ(0, station_disarm(&self->station, "scale"));
	EXPECT_FRAME(id, 1, BAD_FORM, "begun");
}

TEST_F(serial, a_line_ends_by_a_gap_if_asked_for)
{
	const struct serial gap = { .name = "scale",
				    .framing = TONGBU_FRAMING_LINE,
				    .gap = 100000 };
	int id = serial_arm(&self->station, &gap);

	SAY("no end");
	EXPECT_FRAME(id, 0, BAD_FORM, "no end");
	SAY("next\n");
	EXPECT_FRAME(id, 1, GOOD, "next");
}

TEST_F(serial, a_break_is_a_record_at_once)
{
	int id = serial_arm(&self->station, &lines);

	SAY("cut");
	station_sleep_ms(200);
	ASSERT_EQ(0, tcsendbreak(self->far, 0));
	EXPECT_FRAME(id, 0, BAD_LINE, "cut");
	ASSERT_EQ(0, tcsendbreak(self->far, 0));
	EXPECT_FRAME(id, 1, BAD_LINE, "");
	SAY("mended\n");
	EXPECT_FRAME(id, 2, GOOD, "mended");
}

TEST_F(serial, a_parity_error_makes_the_frame_a_bad_one)
{
	const struct serial even = { .name = "scale",
				     .framing = TONGBU_FRAMING_LINE,
				     .parity = TONGBU_PARITY_EVEN };
	int id = serial_arm(&self->station, &even);

	ASSERT_EQ(0, serial_far_set(self->far, B9600, PARENB));
	SAY("even\n");
	EXPECT_FRAME(id, 0, GOOD, "even");
	ASSERT_EQ(0, serial_far_set(self->far, B9600, PARENB | PARODD));
	SAY("od");
	station_sleep_ms(200);
	ASSERT_EQ(0, serial_far_set(self->far, B9600, PARENB));
	SAY("d\n");
	EXPECT_FRAME(id, 1, BAD_LINE, "odd");
	SAY("even\n");
	EXPECT_FRAME(id, 2, GOOD, "even");
}

TEST_F(serial, the_wrong_speed_makes_bad_frames)
{
	const struct serial gap = { .name = "scale", .framing = TONGBU_FRAMING_LINE, .gap = 1000 };
	int id = serial_arm(&self->station, &gap);

	ASSERT_EQ(0, serial_far_set(self->far, B19200, 0));
	SAY("fast");
	EXPECT_FRAME(id, 0, BAD_LINE, "fast");
	ASSERT_EQ(0, serial_far_set(self->far, B9600, 0));
	SAY("right\n");
	EXPECT_FRAME(id, 1, GOOD, "right");
}

TEST_F(serial, bytes_that_the_hardware_lost_make_the_frame_a_bad_one)
{
	int id = serial_arm(&self->station, &lines);

	SAY("lo");
	station_sleep_ms(200);
	ASSERT_EQ(0, serial_knob("overrun", 0));
	SAY("st\n");
	EXPECT_FRAME(id, 0, BAD_LINE, "lost");
}

TEST_F(serial, a_sentence_with_its_checksum_is_good)
{
	int id = serial_arm(&self->station, &sentences);

	SAY("$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\r\n");
	SAY("!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*7D\r\n");
	SAY("$SDDPT,2.7,*7c\r\n");
	EXPECT_FRAME(id, 0, GOOD,
		     "$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76");
	EXPECT_FRAME(id, 1, GOOD, "!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*7D");
	EXPECT_FRAME(id, 2, GOOD, "$SDDPT,2.7,*7c");
}

static uint32_t bad_of(struct station *station, int id, size_t nth)
{
	const struct record *record = serial_frame(station, id, nth);

	return record ? le32toh(record_frame(record).bad) : UINT32_MAX;
}

static int good_and_bad(struct nlattr **attrs, void *arg)
{
	uint64_t *count = arg;

	count[0] = nla_get_u64(attrs[TONGBU_A_SERIAL_GOOD]);
	count[1] = nla_get_u64(attrs[TONGBU_A_SERIAL_BAD]);
	return 0;
}

TEST_F(serial, a_bad_sentence_is_sealed_as_bad_and_counted)
{
	uint64_t count[2] = { 0 };
	int id;

	id = serial_arm(&self->station, &sentences);
	SAY("$SDDBT,,f,2.7,M,,F*00\r\n$SDDBT,,f,2.7,M,,F\r\n$SDDBT,,f,2.7,M,,F*0\r\n$\r\n");
	SAY("$SDDPT,2.7,*7C\r\n$SDDPT,2.7,*7G\r\n");
	EXPECT_FRAME(id, 0, BAD_CHECK, "$SDDBT,,f,2.7,M,,F*00");
	EXPECT_FRAME(id, 1, BAD_CHECK, "$SDDBT,,f,2.7,M,,F");
	EXPECT_FRAME(id, 2, BAD_CHECK, "$SDDBT,,f,2.7,M,,F*0");
	EXPECT_FRAME(id, 3, BAD_CHECK, "$");
	EXPECT_FRAME(id, 4, GOOD, "$SDDPT,2.7,*7C");
	EXPECT_FRAME(id, 5, BAD_CHECK, "$SDDPT,2.7,*7G");
	EXPECT_EQ(1, bad_of(&self->station, id, 0));
	EXPECT_EQ(4, bad_of(&self->station, id, 3));
	EXPECT_EQ(4, bad_of(&self->station, id, 4));
	EXPECT_EQ(5, bad_of(&self->station, id, 5));
	ASSERT_EQ(0, tongbu_nl_dump(&self->station.nl,
				    tongbu_nl_request(&self->station.nl, TONGBU_CMD_SOURCE_GET),
				    good_and_bad, count));
	EXPECT_EQ(1, count[0]);
	EXPECT_EQ(5, count[1]);
}

TEST_F(serial, after_a_broken_sentence_the_next_one_is_good_again)
{
	int id = serial_arm(&self->station, &sentences);

	SAY("middle of one*11\r\n$SDDPT,2.$SDDPT,2.7,*7C\r\nnoise$SDDPT,2.7,*7C\r\n");
	EXPECT_FRAME(id, 0, BAD_FORM, "middle of one*11");
	EXPECT_FRAME(id, 1, BAD_CHECK, "$SDDPT,2.");
	EXPECT_FRAME(id, 2, GOOD, "$SDDPT,2.7,*7C");
	EXPECT_FRAME(id, 3, BAD_FORM, "noise");
	EXPECT_FRAME(id, 4, GOOD, "$SDDPT,2.7,*7C");
}

TEST_F(serial, a_frame_of_fixed_length_ends_by_it_and_a_short_one_by_a_gap)
{
	const struct serial fixed = { .name = "probe",
				      .framing = TONGBU_FRAMING_FIXED,
				      .length = 4 };
	int id = serial_arm(&self->station, &fixed);

	SAY("abcdefghij");
	EXPECT_FRAME(id, 0, GOOD, "abcd");
	EXPECT_FRAME(id, 1, GOOD, "efgh");
	EXPECT_FRAME(id, 2, BAD_FORM, "ij");
	SAY("klmn");
	EXPECT_FRAME(id, 3, GOOD, "klmn");
}

TEST_F(serial, G2_of_a_flood_every_line_is_on_record_or_counted)
{
	uint64_t lost;
	size_t frames;
	int id, i;

	id = serial_arm(&self->station, &lines);
	for (i = 0; i < FLOOD / 10; i++)
		SAY("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
	SAY("end\n");
	ASSERT_NE(NULL, serial_frame(&self->station, id, FLOOD));
	frames = record_log_count(&self->station.log, TONGBU_KIND_FRAME, (uint32_t)id);
	lost = record_log_lost(&self->station.log, (uint32_t)id);
	EXPECT_EQ(FLOOD + 1, frames + lost);
	EXPECT_FRAME(id, FLOOD, GOOD, "end");
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(serial, arming_it_is_on_record_with_all_its_settings)
{
	const struct serial even = { .name = "scale",
				     .framing = TONGBU_FRAMING_FIXED,
				     .parity = TONGBU_PARITY_EVEN,
				     .baud = 19200,
				     .length = 9 };
	const struct record *record;
	struct tongbu_source source;
	struct tongbu_serial line;
	int id;

	id = serial_arm(&self->station, &even);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	record = serial_wait(&self->station, TONGBU_KIND_SOURCE_ADD, id, 0);
	ASSERT_NE(NULL, record);
	source = record_source(record);
	EXPECT_EQ(TONGBU_SOURCE_SERIAL, source.type);
	EXPECT_STREQ(SERIAL_PORT, (const char *)source.chip);
	ASSERT_EQ(sizeof(source) + sizeof(struct tongbu_source_more) + sizeof(line),
		  record->length);
	memcpy(&line, record->payload + record->length - sizeof(line), sizeof(line));
	EXPECT_EQ(19200, le32toh(line.baud));
	EXPECT_EQ(9, le32toh(line.length));
	EXPECT_EQ(2006, le32toh(line.gap));
	EXPECT_EQ(TONGBU_FRAMING_FIXED, line.framing);
	EXPECT_EQ(TONGBU_PARITY_EVEN, line.parity);
	EXPECT_EQ(8, line.bits);
	EXPECT_EQ(1, line.stop);
	EXPECT_EQ(0, line.polls);
}

TEST_HARNESS_MAIN
