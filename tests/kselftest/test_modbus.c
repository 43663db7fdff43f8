// SPDX-License-Identifier: GPL-2.0-only
/* Slaves are polled by the kernel, and whatever comes of it is on record. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "outputs.h"
#include "serial_line.h"
#include "station.h"

#define UNIT	 17
#define PATIENCE 20000 /* ms */

/*
 * The test is the slave: it hears each request at the far end and answers as it
 * likes. The station waits for it as long as a test may take.
 */
FIXTURE(modbus)
{
	struct station station;
	int far;
};

FIXTURE_SETUP(modbus)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	self->far = serial_far_open();
	ASSERT_LE(0, self->far);
}

FIXTURE_TEARDOWN(modbus)
{
	close(self->far);
	station_close(&self->station);
}

static struct tongbu_poll poll_of(uint8_t function, uint16_t address, uint16_t count)
{
	return (struct tongbu_poll){
		.unit = UNIT,
		.function = function,
		.address = htole16(address),
		.count = htole16(count),
	};
}

static int arm(struct station *station, const struct tongbu_poll *poll, size_t polls,
	       uint32_t timeout)
{
	const struct serial probe = {
		.name = "probe",
		.framing = TONGBU_FRAMING_MODBUS,
		.timeout = timeout,
		.interval = 50,
		.poll = poll,
		.polls = polls,
	};

	return serial_arm(station, &probe);
}

/* What the station asks, without its CRC; 0 if that is right */
static int hear(int far, uint8_t request[6])
{
	struct pollfd ready = { .fd = far, .events = POLLIN };
	uint8_t bytes[8];
	size_t count = 0;
	ssize_t got;

	while (count < sizeof(bytes)) {
		if (poll(&ready, 1, PATIENCE) != 1)
			return -ETIMEDOUT;
		got = read(far, bytes + count, sizeof(bytes) - count);
		if (got <= 0)
			return -EIO;
		count += (size_t)got;
	}
	memcpy(request, bytes, 6);
	return serial_crc(bytes, 6) == (bytes[6] | bytes[7] << 8) ? 0 : -EBADMSG;
}

/* Say that with its CRC, spoilt if @spoil is not 0 */
static int answer(int far, const uint8_t *bytes, size_t count, uint8_t spoil)
{
	uint16_t crc = serial_crc(bytes, count);
	uint8_t frame[260];

	memcpy(frame, bytes, count);
	frame[count] = (uint8_t)(crc ^ spoil);
	frame[count + 1] = (uint8_t)(crc >> 8);
	return serial_say(far, frame, count + 2);
}

#define HEAR() ASSERT_EQ(0, hear(self->far, request))
#define ANSWER(...)                                                   \
	do {                                                          \
		static const uint8_t its[] = { __VA_ARGS__ };         \
                                                                      \
		ASSERT_EQ(0, answer(self->far, its, sizeof(its), 0)); \
	} while (0)

#define EXPECT_ANSWER(id, nth, its_status, its_poll, its_bytes)                   \
	do {                                                                      \
		const struct record *found;                                       \
                                                                                  \
		found = serial_frame(&self->station, id, nth);                    \
		ASSERT_NE(NULL, found);                                           \
		EXPECT_EQ(TONGBU_FRAME_##its_status, record_frame(found).status); \
		EXPECT_EQ(its_poll, record_frame(found).poll);                    \
		EXPECT_EQ((size_t)(its_bytes), serial_frame_len(found));          \
	} while (0)

TEST_F(modbus, it_asks_as_the_standard_has_it_and_a_right_answer_is_good)
{
	const struct tongbu_poll poll = poll_of(3, 0x006b, 3);
	static const uint8_t asked[] = { UNIT, 3, 0x00, 0x6b, 0x00, 0x03 };
	const struct record *record;
	uint8_t request[6];
	uint64_t before;
	int id;

	id = arm(&self->station, &poll, 1, PATIENCE);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	HEAR();
	EXPECT_EQ(0, memcmp(asked, request, sizeof(asked)));
	before = station_boottime();
	ANSWER(UNIT, 3, 6, 0x02, 0x2b, 0x00, 0x00, 0x00, 0x64);
	EXPECT_ANSWER(id, 0, GOOD, 0, 11);
	record = serial_frame(&self->station, id, 0);
	EXPECT_EQ(0, memcmp("\x11\x03\x06\x02\x2b\x00\x00\x00\x64",
			    record->payload + sizeof(struct tongbu_frame), 9));
	EXPECT_LE(before, record->boottime);
	EXPECT_EQ(TONGBU_RECORD_THREAD_STAMP, record->flags);
	EXPECT_EQ(TONGBU_FRAMING_MODBUS, record_frame(record).framing);
	EXPECT_EQ(0, le32toh(record_frame(record).bad));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(modbus, each_function_has_answers_of_its_own_length)
{
	const struct tongbu_poll poll[] = { poll_of(1, 0, 19), poll_of(2, 65535, 1),
					    poll_of(3, 7, 1), poll_of(4, 8, 2) };
	uint8_t request[6];
	int id, i;

	id = arm(&self->station, poll, 4, PATIENCE);
	for (i = 0; i < 2; i++) {
		HEAR();
		EXPECT_EQ(1, request[1]);
		ANSWER(UNIT, 1, 3, 0xcd, 0x6b, 0x05);
		HEAR();
		EXPECT_EQ(2, request[1]);
		EXPECT_EQ(0xff, request[2]);
		ANSWER(UNIT, 2, 1, 0x01);
		HEAR();
		EXPECT_EQ(3, request[1]);
		ANSWER(UNIT, 3, 2, 0x00, 0x0a);
		HEAR();
		EXPECT_EQ(4, request[1]);
		ANSWER(UNIT, 4, 4, 0x00, 0x0a, 0x01, 0x02);
	}
	EXPECT_ANSWER(id, 4, GOOD, 0, 8);
	EXPECT_ANSWER(id, 5, GOOD, 1, 6);
	EXPECT_ANSWER(id, 6, GOOD, 2, 7);
	EXPECT_ANSWER(id, 7, GOOD, 3, 9);
}

TEST_F(modbus, the_longest_answer_there_is_is_good)
{
	const struct tongbu_poll poll = poll_of(4, 0, 125);
	uint8_t request[6], bytes[253] = { UNIT, 4, 250 };
	int id;

	id = arm(&self->station, &poll, 1, PATIENCE);
	HEAR();
	ASSERT_EQ(0, answer(self->far, bytes, sizeof(bytes), 0));
	EXPECT_ANSWER(id, 0, GOOD, 0, 255);
}

TEST_F(modbus, a_wrong_crc_is_a_bad_check_and_the_next_round_is_good)
{
	const struct tongbu_poll poll = poll_of(3, 7, 1);
	static const uint8_t right[] = { UNIT, 3, 2, 0x00, 0x0a };
	uint8_t request[6];
	int id;

	id = arm(&self->station, &poll, 1, PATIENCE);
	HEAR();
	ASSERT_EQ(0, answer(self->far, right, sizeof(right), 0x40));
	EXPECT_ANSWER(id, 0, BAD_CHECK, 0, 7);
	HEAR();
	ASSERT_EQ(0, answer(self->far, right, sizeof(right), 0));
	EXPECT_ANSWER(id, 1, GOOD, 0, 7);
	EXPECT_EQ(1, le32toh(record_frame(serial_frame(&self->station, id, 1)).bad));
}

TEST_F(modbus, an_exception_is_on_record_as_one)
{
	const struct tongbu_poll poll = poll_of(3, 7, 1);
	uint8_t request[6];
	int id;

	id = arm(&self->station, &poll, 1, PATIENCE);
	HEAR();
	ANSWER(UNIT, 0x83, 2);
	EXPECT_ANSWER(id, 0, EXCEPTION, 0, 5);
	EXPECT_EQ(2, serial_frame_text(serial_frame(&self->station, id, 0))[2]);
	HEAR();
	ANSWER(UNIT, 3, 2, 0, 1);
	EXPECT_ANSWER(id, 1, GOOD, 0, 7);
}

TEST_F(modbus, what_was_not_asked_for_is_bad_form)
{
	const struct tongbu_poll poll = poll_of(3, 7, 1);
	uint8_t request[6];
	int id;

	id = arm(&self->station, &poll, 1, PATIENCE);
	HEAR();
	/* Another slave, another function, its exception, another count, a part */
	ANSWER(UNIT + 1, 3, 2, 0, 1);
	EXPECT_ANSWER(id, 0, BAD_FORM, 0, 7);
	HEAR();
	ANSWER(UNIT, 4, 2, 0, 1);
	EXPECT_ANSWER(id, 1, BAD_FORM, 0, 7);
	HEAR();
	ANSWER(UNIT, 0x84, 1);
	EXPECT_ANSWER(id, 2, BAD_FORM, 0, 5);
	HEAR();
	ANSWER(UNIT, 3, 4, 0, 1, 0, 2);
	EXPECT_ANSWER(id, 3, BAD_FORM, 0, 9);
	HEAR();
	ASSERT_EQ(0, serial_say(self->far, "\x11\x03\x02\x00", 4));
	EXPECT_ANSWER(id, 4, BAD_FORM, 0, 4);
	HEAR();
	ANSWER(UNIT, 3, 2, 0, 1);
	EXPECT_ANSWER(id, 5, GOOD, 0, 7);
}

TEST_F(modbus, bytes_behind_an_answer_are_a_bad_frame_that_nobody_asked_for)
{
	const struct tongbu_poll poll = poll_of(3, 7, 1);
	uint8_t request[6], frame[] = { UNIT, 3, 2, 0, 1, 0, 0, 'x', 'y' };
	uint16_t crc = serial_crc(frame, 5);
	int id;

	frame[5] = (uint8_t)crc;
	frame[6] = (uint8_t)(crc >> 8);
	id = arm(&self->station, &poll, 1, PATIENCE);
	HEAR();
	ASSERT_EQ(0, serial_say(self->far, frame, sizeof(frame)));
	EXPECT_ANSWER(id, 0, GOOD, 0, 7);
	EXPECT_ANSWER(id, 1, BAD_FORM, TONGBU_POLL_NONE, 2);
}

TEST_F(modbus, no_answer_in_time_is_on_record_without_bytes)
{
	const struct tongbu_poll poll[] = { poll_of(3, 7, 1), poll_of(4, 7, 1) };
	const struct record *record;
	uint8_t request[6];
	int id;

	id = arm(&self->station, poll, 2, 200);
	HEAR();
	EXPECT_EQ(3, request[1]);
	EXPECT_ANSWER(id, 0, TIMEOUT, 0, 0);
	EXPECT_ANSWER(id, 1, TIMEOUT, 1, 0);
	record = serial_frame(&self->station, id, 0);
	/* From when it was asked to when nobody waited any longer */
	EXPECT_LE(200000000U, record->boottime - le64toh(record_frame(record).first));
	EXPECT_EQ(1, le32toh(record_frame(record).bad));
}

/* Each is on record, and yet the line has not spoken: its reflex does not fire,
 * its rate is not gone over, and it is silent in the end. As many bytes as an answer has
 * are a word: less, while one is awaited, is noise.
 */
TEST_F(modbus, no_answer_is_no_word_of_the_line)
{
	const struct tongbu_poll poll = poll_of(3, 7, 1);
	const struct serial probe = {
		.name = "probe",
		.framing = TONGBU_FRAMING_MODBUS,
		.timeout = 10,
		.interval = 20,
		.silent = 300,
		.rate = 2,
		.poll = &poll,
		.polls = 1,
	};
	const struct output lamp = { .name = "lamp", .line = 2 };
	const struct reflex heard = { .name = "heard",
				      .source = "probe",
				      .output = "lamp",
				      .condition = TONGBU_WHEN_EDGE,
				      .level = NO_LEVEL,
				      .action = TONGBU_DO_LATCH };
	const struct record *silent, *restored, *word = NULL;
	struct tongbu_nl *nl = &self->station.nl;
	struct reflex_state reflex;
	struct source_state state;
	size_t nth;
	int id;

	ASSERT_LE(0, output_add(nl, &lamp)) TH_LOG("%s", nl->text);
	id = serial_arm(&self->station, &probe);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", nl->text);
	ASSERT_LE(0, reflex_add(nl, &heard)) TH_LOG("%s", nl->text);
	silent = serial_wait(&self->station, TONGBU_KIND_SILENT, id, 0);
	ASSERT_NE(NULL, silent);
	/* So many as would end the silence, begin a storm, and fire */
	for (nth = 0; !word || word->seq < silent->seq || nth < 50; nth++) {
		word = serial_frame(&self->station, id, nth);
		ASSERT_NE(NULL, word);
		EXPECT_EQ(TONGBU_FRAME_TIMEOUT, record_frame(word).status);
	}
	ASSERT_EQ(0, station_source(&self->station, (uint32_t)id, &state));
	EXPECT_EQ(TONGBU_STATE_SILENT, state.state);
	EXPECT_EQ(0, state.last);
	ASSERT_EQ(0, reflex_look(nl, heard.name, &reflex));
	EXPECT_EQ(0, reflex.fired);
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_RESTORED, ANY_SOURCE));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_STORM, ANY_SOURCE));

	ASSERT_EQ(0, serial_say(self->far, "hello", 5));
	restored = serial_wait(&self->station, TONGBU_KIND_RESTORED, id, 0);
	ASSERT_NE(NULL, restored);
	for (nth = 0, word = NULL; !word || word->seq < restored->seq; nth++) {
		word = serial_frame(&self->station, id, nth);
		ASSERT_NE(NULL, word);
	}
	/* It came between two requests, or behind one. */
	if (record_frame(word).status != TONGBU_FRAME_BAD_CHECK)
		EXPECT_EQ(TONGBU_FRAME_BAD_FORM, record_frame(word).status);
	EXPECT_EQ(5, serial_frame_len(word));
	ASSERT_EQ(0, reflex_look(nl, heard.name, &reflex));
	EXPECT_EQ(1, reflex.fired);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(modbus, an_answer_that_has_begun_in_time_is_waited_for)
{
	const struct tongbu_poll poll = poll_of(3, 7, 2);
	uint8_t request[6], frame[] = { UNIT, 3, 4, 0, 1, 0, 2, 0, 0 };
	uint16_t crc = serial_crc(frame, 7);
	const struct serial probe = {
		.name = "probe",
		.framing = TONGBU_FRAMING_MODBUS,
		.timeout = 2000,
		.gap = 1000000,
		.poll = &poll,
		.polls = 1,
	};
	int id;

	frame[7] = (uint8_t)crc;
	frame[8] = (uint8_t)(crc >> 8);
	id = serial_arm(&self->station, &probe);
	HEAR();
	station_sleep_ms(1500);
	ASSERT_EQ(0, serial_say(self->far, frame, 4));
	station_sleep_ms(700);
	ASSERT_EQ(0, serial_say(self->far, frame + 4, 5));
	EXPECT_ANSWER(id, 0, GOOD, 0, 9);
}

TEST_F(modbus, a_line_that_shakes_before_the_answer_does_not_spoil_it)
{
	const struct tongbu_poll poll = poll_of(3, 7, 1);
	uint8_t request[6];
	int id;

	id = arm(&self->station, &poll, 1, PATIENCE);
	HEAR();
	ASSERT_EQ(0, tcsendbreak(self->far, 0));
	ANSWER(UNIT, 3, 2, 0, 1);
	EXPECT_ANSWER(id, 0, BAD_LINE, TONGBU_POLL_NONE, 0);
	EXPECT_ANSWER(id, 1, GOOD, 0, 7);
}

TEST_F(modbus, disarming_while_it_waits_for_an_answer_takes_no_time)
{
	const struct tongbu_poll poll = poll_of(3, 7, 1);
	uint64_t before;
	uint8_t request[6];
	int id;

	id = arm(&self->station, &poll, 1, 60000);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	HEAR();
	before = station_boottime();
	ASSERT_EQ(0, station_disarm(&self->station, "probe"));
	EXPECT_GT(before + 30000000000ULL, station_boottime());
}

TEST_F(modbus, what_it_will_ask_is_on_record_when_it_is_armed)
{
	const struct tongbu_poll poll[] = { poll_of(3, 7, 1), poll_of(4, 300, 20) };
	const struct record *record;
	struct tongbu_serial line;
	size_t at;
	int id;

	id = arm(&self->station, poll, 2, PATIENCE);
	record = serial_wait(&self->station, TONGBU_KIND_SOURCE_ADD, id, 0);
	ASSERT_NE(NULL, record);
	at = sizeof(struct tongbu_source) + sizeof(struct tongbu_source_more);
	ASSERT_EQ(at + sizeof(line) + sizeof(poll), record->length);
	memcpy(&line, record->payload + at, sizeof(line));
	EXPECT_EQ(2, le16toh(line.polls));
	EXPECT_EQ(PATIENCE, le32toh(line.timeout));
	EXPECT_EQ(4011, le32toh(line.gap));
	EXPECT_EQ(0, memcmp(poll, record->payload + at + sizeof(line), sizeof(poll)));
}

TEST_HARNESS_MAIN
