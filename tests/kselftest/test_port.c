// SPDX-License-Identifier: GPL-2.0-only
/* Serial ports: whose they are, their modem lines, and when they come and go. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>

#include "serial_line.h"
#include "station.h"

/* Number of the line discipline, N_DEVELOPMENT in the kernel's linux/tty.h */
#define DISCIPLINE 29

#define BIT_OF(line) (1U << ((line) - 1))

FIXTURE(port)
{
	struct station station;
	int far;
};

FIXTURE_SETUP(port)
{
	serial_knob("plug", 0);
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	self->far = serial_far_open();
	ASSERT_LE(0, self->far);
	ASSERT_EQ(0, serial_far_lines(self->far, 0));
}

FIXTURE_TEARDOWN(port)
{
	close(self->far);
	station_close(&self->station);
	serial_knob("plug", 0);
}

static const struct serial lines = { .name = "scale", .framing = TONGBU_FRAMING_LINE };
static const struct serial modem = { .name = "scale", .flags = TONGBU_SOURCE_MODEM };

#define SAY(text) ASSERT_EQ(0, serial_say(self->far, text, strlen(text)))

#define EXPECT_REFUSED(err, words, ...)                                          \
	do {                                                                     \
		const struct serial its = { .name = "second", __VA_ARGS__ };     \
                                                                                 \
		EXPECT_EQ(err, serial_arm(&self->station, &its));                \
		EXPECT_STREQ(words, self->station.nl.text);                      \
	} while (0)

TEST_F(port, while_it_is_armed_nobody_else_can_open_it)
{
	ASSERT_LE(TONGBU_SOURCE_FIRST, serial_arm(&self->station, &lines));
	EXPECT_EQ(-1, open("/dev/" SERIAL_PORT, O_RDWR | O_NOCTTY | O_NONBLOCK));
	EXPECT_EQ(EBUSY, errno);
	ASSERT_EQ(0, station_disarm(&self->station, "scale"));
	EXPECT_LE(0, open("/dev/" SERIAL_PORT, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
}

TEST_F(port, one_that_is_open_elsewhere_is_refused_until_it_is_closed)
{
	int fd = open("/dev/" SERIAL_PORT, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_REFUSED(-EBUSY,
		       "ttySIM0 is held by another program: see fuser /dev/ttySIM0, and end it first",
		       .framing = TONGBU_FRAMING_LINE);
	EXPECT_EQ(TONGBU_A_SERIAL_PORT, self->station.nl.attr);
	close(fd);
	EXPECT_LE(TONGBU_SOURCE_FIRST, serial_arm(&self->station, &lines));
}

TEST_F(port, a_second_source_on_it_is_refused)
{
	ASSERT_LE(TONGBU_SOURCE_FIRST, serial_arm(&self->station, &lines));
	EXPECT_REFUSED(-EBUSY,
		       "ttySIM0 is held by another program: see fuser /dev/ttySIM0, and end it first",
		       .framing = TONGBU_FRAMING_LINE);
}

TEST_F(port, its_line_discipline_cannot_be_set_by_anybody_else)
{
	int discipline = DISCIPLINE, now;

	EXPECT_EQ(-1, ioctl(self->far, TIOCSETD, &discipline));
	EXPECT_EQ(EPERM, errno);
	ASSERT_EQ(0, ioctl(self->far, TIOCGETD, &now));
	EXPECT_EQ(0, now);
}

TEST_F(port, names_that_no_serial_port_has_are_refused_in_words)
{
	EXPECT_REFUSED(-EINVAL,
		       "/dev/ttyS1 is no name of a serial port: give it without /dev/, such as ttyS1 or ttyUSB0",
		       .port = "/dev/ttyS1");
	EXPECT_REFUSED(-EINVAL,
		       "console is no name of a serial port: give it without /dev/, such as ttyS1 or ttyUSB0",
		       .port = "console");
	EXPECT_REFUSED(-EINVAL,
		       "ttyS1x is no name of a serial port: give it without /dev/, such as ttyS1 or ttyUSB0",
		       .port = "ttyS1x");
	EXPECT_REFUSED(-EINVAL,
		       "tty1 is a terminal made by software: give a serial port, such as ttyS1 or ttyUSB0",
		       .port = "tty1");
	EXPECT_REFUSED(-EINVAL,
		       "pts0 is a terminal made by software: give a serial port, such as ttyS1 or ttyUSB0",
		       .port = "pts0");
	EXPECT_REFUSED(-EINVAL,
		       "attribute SERIAL_PORT is missing or empty: the port, such as ttyS1",
		       .port = "");
	/* The guest's kernel says its words there. */
	EXPECT_REFUSED(-EBUSY,
		       "ttyS0 is the kernel's console: give another port, or boot without console=ttyS0",
		       .port = "ttyS0");
}

TEST_F(port, what_its_driver_cannot_do_is_refused_in_words)
{
	EXPECT_REFUSED(-EINVAL, "ttySIM0 does 9600 baud, not 230400: give what it can do",
		       .baud = 230400);
	EXPECT_REFUSED(-ERANGE, "10 baud: give 50 to 4000000", .baud = 10);
	/* It is whole again after each refusal. */
	EXPECT_LE(TONGBU_SOURCE_FIRST, serial_arm(&self->station, &lines));
}

TEST_F(port, settings_that_make_no_sense_are_refused_in_words)
{
	struct tongbu_poll poll = { .unit = 1, .function = 3, .count = htole16(1) };

	EXPECT_REFUSED(-ERANGE, "a frame of 513 bytes: give 1 to 512", .length = 513);
	EXPECT_REFUSED(-EINVAL,
		       "attribute SERIAL_LENGTH is missing: the bytes of a frame of fixed length",
		       .framing = TONGBU_FRAMING_FIXED);
	EXPECT_REFUSED(-ERANGE, "a gap of 1000001 us: the most is 1000000", .gap = 1000001);
	EXPECT_REFUSED(-EINVAL,
		       "polls, timeout and interval are for Modbus RTU: leave them out",
		       .timeout = 100);
	EXPECT_REFUSED(-EINVAL,
		       "polls, timeout and interval are for Modbus RTU: leave them out",
		       .poll = &poll, .polls = 1);
	EXPECT_REFUSED(-EINVAL, "flags 0x4 mean nothing for a serial line: leave them out",
		       .flags = TONGBU_SOURCE_GRAB);
	EXPECT_REFUSED(-EINVAL,
		       "attribute SERIAL_POLLS is missing or empty: what to ask the slaves",
		       .framing = TONGBU_FRAMING_MODBUS);
}

TEST_F(port, polls_that_make_no_sense_are_refused_in_words)
{
	struct tongbu_poll poll[17] = { { .unit = 1, .function = 3, .count = htole16(1) } };

#define EXPECT_POLL_REFUSED(err, words)                             \
	EXPECT_REFUSED(err, words, .framing = TONGBU_FRAMING_MODBUS, \
		       .poll = poll, .polls = 1)

	EXPECT_REFUSED(-EINVAL, "136 bytes of polls: give 1 to 16 of 8 bytes each",
		       .framing = TONGBU_FRAMING_MODBUS, .poll = poll, .polls = 17);
	EXPECT_REFUSED(-ERANGE, "9 ms for an answer: give 10 to 60000",
		       .framing = TONGBU_FRAMING_MODBUS, .poll = poll, .polls = 1, .timeout = 9);
	EXPECT_REFUSED(-ERANGE, "polling each 19 ms: give 20 to 3600000",
		       .framing = TONGBU_FRAMING_MODBUS, .poll = poll, .polls = 1,
		       .interval = 19);
	EXPECT_REFUSED(-EINVAL,
		       "a length for Modbus RTU: leave SERIAL_LENGTH out, answers tell their own",
		       .framing = TONGBU_FRAMING_MODBUS, .poll = poll, .polls = 1, .length = 8);
	poll[0].unit = 248;
	EXPECT_POLL_REFUSED(-ERANGE, "poll 0 asks slave 248: give 1 to 247");
	poll[0].unit = 1;
	poll[0].function = 6;
	EXPECT_POLL_REFUSED(-ERANGE,
			    "poll 0 has function 6: only 1 to 4 read and change nothing");
	poll[0].function = 4;
	poll[0].count = htole16(126);
	EXPECT_POLL_REFUSED(-ERANGE,
			    "poll 0 asks for 126 values: function 4 gives 1 to 125 at once");
	poll[0].function = 1;
	poll[0].count = htole16(2001);
	EXPECT_POLL_REFUSED(-ERANGE,
			    "poll 0 asks for 2001 values: function 1 gives 1 to 2000 at once");
	poll[0].count = htole16(2);
	poll[0].address = htole16(65535);
	EXPECT_POLL_REFUSED(-ERANGE,
			    "poll 0 asks for 2 values from 65535 on: the last address is 65535");
	poll[0].count = htole16(1);
	poll[0].reserved = 1;
	EXPECT_POLL_REFUSED(-EINVAL, "poll 0: its last two bytes must be 0");
}

static bool is_rt(void)
{
	struct utsname name;

	return !uname(&name) && strstr(name.version, "PREEMPT_RT");
}

#define EXPECT_EDGE(id, nth, its_line, its_level)                                \
	do {                                                                     \
		const struct record *found;                                      \
                                                                                 \
		found = serial_wait(&self->station, TONGBU_KIND_EDGE, id, nth);  \
		ASSERT_NE(NULL, found);                                          \
		EXPECT_EQ(TONGBU_LINE_##its_line, record_edge(found).line);      \
		EXPECT_EQ(its_level, record_edge(found).level);                  \
		EXPECT_EQ(0, found->flags & TONGBU_RECORD_EDGE_MISSED);          \
	} while (0)

TEST_F(port, modem_lines_are_edges_each_with_its_name)
{
	int id = serial_arm(&self->station, &modem);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_OUT2));
	EXPECT_EDGE(id, 0, DCD, 1);
	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_OUT2 | TIOCM_RTS));
	EXPECT_EDGE(id, 1, CTS, 1);
	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_RTS | TIOCM_OUT2 | TIOCM_DTR));
	EXPECT_EDGE(id, 2, DSR, 1);
	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_RTS | TIOCM_OUT2 | TIOCM_DTR | TIOCM_OUT1));
	EXPECT_EDGE(id, 3, RI, 1);
	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_RTS | TIOCM_OUT2 | TIOCM_DTR));
	EXPECT_EDGE(id, 4, RI, 0);
	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_RTS | TIOCM_DTR));
	EXPECT_EDGE(id, 5, DCD, 0);
	SAY("and what is said\n");
	ASSERT_NE(NULL, serial_frame(&self->station, id, 0));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(port, G1_carrier_detect_is_stamped_in_the_interrupt)
{
	const struct record *record;
	uint64_t before;
	int id, i;

	id = serial_arm(&self->station, &modem);
	/* What makes the interrupt tell of the lines may take a while. */
	station_sleep_ms(1000);
	for (i = 0; i < 4; i++) {
		before = station_boottime();
		ASSERT_EQ(0, serial_far_lines(self->far, i % 2 ? 0 : TIOCM_OUT2));
		EXPECT_EDGE(id, (size_t)i, DCD, i % 2 == 0);
		record = serial_wait(&self->station, TONGBU_KIND_EDGE, id, (size_t)i);
		EXPECT_EQ(is_rt() ? TONGBU_RECORD_THREAD_STAMP : 0, record->flags);
		EXPECT_LE(before, record->boottime);
	}
}

TEST_F(port, without_the_flag_modem_lines_are_no_edges)
{
	int id = serial_arm(&self->station, &lines);

	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_RTS | TIOCM_OUT2 | TIOCM_DTR));
	station_sleep_ms(1200);
	SAY("end\n");
	ASSERT_NE(NULL, serial_frame(&self->station, id, 0));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id));
}

TEST_F(port, levels_as_it_was_armed_are_on_record)
{
	const struct serial low = { .name = "scale",
				    .flags = TONGBU_SOURCE_MODEM | TONGBU_SOURCE_ACTIVE_LOW };
	const struct record *record;
	int id;

	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_RTS | TIOCM_OUT2));
	id = serial_arm(&self->station, &modem);
	record = serial_wait(&self->station, TONGBU_KIND_SOURCE_ADD, id, 0);
	EXPECT_EQ(BIT_OF(TONGBU_LINE_DCD) | BIT_OF(TONGBU_LINE_CTS), record_source(record).level);
	ASSERT_EQ(0, station_disarm(&self->station, "scale"));

	id = serial_arm(&self->station, &low);
	record = serial_wait(&self->station, TONGBU_KIND_SOURCE_ADD, id, 0);
	EXPECT_EQ(BIT_OF(TONGBU_LINE_DSR) | BIT_OF(TONGBU_LINE_RI), record_source(record).level);
	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_RTS));
	EXPECT_EDGE(id, 0, DCD, 1);
}

#define EXPECT_GONE(id, nth, its_why)                                            \
	do {                                                                     \
		const struct record *found;                                      \
                                                                                 \
		found = serial_wait(&self->station, TONGBU_KIND_GONE, id, nth);  \
		ASSERT_NE(NULL, found);                                          \
		EXPECT_EQ(TONGBU_ABSENT_##its_why, record_presence(found).why);  \
		EXPECT_STREQ(SERIAL_PORT, (const char *)record_presence(found).device); \
		EXPECT_GE(found->boottime, le64toh(record_presence(found).since)); \
	} while (0)

#define EXPECT_BACK(id, nth, its_why)                                            \
	do {                                                                     \
		const struct record *found;                                      \
                                                                                 \
		found = serial_wait(&self->station, TONGBU_KIND_BACK, id, nth);  \
		ASSERT_NE(NULL, found);                                          \
		EXPECT_EQ(TONGBU_ABSENT_##its_why, record_presence(found).why);  \
		EXPECT_STREQ(SERIAL_PORT, (const char *)record_presence(found).device); \
	} while (0)

TEST_F(port, unplugged_and_plugged_in_again_is_on_record_and_it_goes_on)
{
	int id = serial_arm(&self->station, &lines);

	SAY("before\nbegun");
	ASSERT_NE(NULL, serial_frame(&self->station, id, 0));
	station_sleep_ms(200);
	ASSERT_EQ(0, serial_knob("unplug", 0));
	EXPECT_GONE(id, 0, REMOVED);
	/* What had begun when it went is no secret. */
	ASSERT_NE(NULL, serial_frame(&self->station, id, 1));
	EXPECT_EQ(TONGBU_FRAME_BAD_FORM,
		  record_frame(serial_frame(&self->station, id, 1)).status);
	ASSERT_EQ(0, serial_knob("plug", 0));
	EXPECT_BACK(id, 0, REMOVED);
	SAY("after\n");
	ASSERT_NE(NULL, serial_frame(&self->station, id, 2));
	EXPECT_STREQ("after", serial_frame_text(serial_frame(&self->station, id, 2)));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(port, a_hangup_is_on_record_and_it_goes_on)
{
	int id = serial_arm(&self->station, &lines);

	ASSERT_EQ(0, serial_knob("hangup", 0));
	EXPECT_GONE(id, 0, HANGUP);
	EXPECT_BACK(id, 0, HANGUP);
	SAY("after\n");
	ASSERT_NE(NULL, serial_frame(&self->station, id, 0));
}

TEST_F(port, one_that_is_not_there_yet_is_waited_for)
{
	const struct record *record;
	int id;

	ASSERT_EQ(0, serial_knob("unplug", 0));
	ASSERT_EQ(0, serial_far_lines(self->far, TIOCM_RTS));
	id = serial_arm(&self->station, &modem);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	EXPECT_GONE(id, 0, YET);
	ASSERT_EQ(0, serial_knob("plug", 0));
	EXPECT_BACK(id, 0, YET);
	record = serial_wait(&self->station, TONGBU_KIND_BACK, id, 0);
	EXPECT_EQ(BIT_OF(TONGBU_LINE_CTS), record_presence(record).level);
	SAY("there\n");
	ASSERT_NE(NULL, serial_frame(&self->station, id, 0));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_GONE, (uint32_t)id));
}

TEST_F(port, one_whose_driver_is_not_loaded_is_waited_for)
{
	const struct serial usb = { .name = "scale", .port = "ttyUSB7" };
	int id = serial_arm(&self->station, &usb);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_NE(NULL, serial_wait(&self->station, TONGBU_KIND_GONE, id, 0));
	EXPECT_EQ(0, station_disarm(&self->station, "scale"));
}

static pid_t talk(int far)
{
	pid_t child = fork();

	if (child)
		return child;
	/* It neither outlives the test nor owns the chain. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(3, (unsigned int)far - 1, 0);
	close_range((unsigned int)far + 1, UINT_MAX, 0);
	for (;;)
		if (serial_say(far, "$SDDPT,2.7,*7C\r\n", 16))
			station_sleep_ms(5);
}

static void hush(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

TEST_F(port, unplugged_under_load_nothing_breaks)
{
	const struct serial all = { .name = "scale",
				    .framing = TONGBU_FRAMING_NMEA,
				    .flags = TONGBU_SOURCE_MODEM };
	pid_t talker = talk(self->far);
	int id, i;

	id = serial_arm(&self->station, &all);
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, serial_far_lines(self->far, i % 2 ? 0 : TIOCM_OUT2));
		ASSERT_EQ(0, serial_knob("unplug", 0));
		ASSERT_EQ(0, serial_knob("plug", 0));
		ASSERT_NE(NULL, serial_wait(&self->station, TONGBU_KIND_BACK, id, (size_t)i));
	}
	hush(talker);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(port, unplugged_while_it_polls_and_disarmed_while_it_is_gone_nothing_breaks)
{
	const struct tongbu_poll poll = { .unit = 1, .function = 3, .count = htole16(1) };
	const struct serial probe = {
		.name = "scale",
		.framing = TONGBU_FRAMING_MODBUS,
		.interval = 20,
		.timeout = 10,
		.poll = &poll,
		.polls = 1,
	};
	int id, i;

	for (i = 0; i < 5; i++) {
		id = serial_arm(&self->station, &probe);
		ASSERT_LE(TONGBU_SOURCE_FIRST, id);
		ASSERT_NE(NULL, serial_frame(&self->station, id, 1));
		ASSERT_EQ(0, serial_knob("unplug", 0));
		if (i % 2)
			EXPECT_GONE(id, 0, REMOVED);
		ASSERT_EQ(0, station_disarm(&self->station, "scale"));
		ASSERT_EQ(0, serial_knob("plug", 0));
	}
}

TEST_F(port, the_module_can_be_removed_with_it_armed_and_under_load)
{
	const struct serial all = { .name = "scale",
				    .framing = TONGBU_FRAMING_NMEA,
				    .flags = TONGBU_SOURCE_MODEM };
	pid_t talker = talk(self->far);
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_LE(TONGBU_SOURCE_FIRST, serial_arm(&self->station, &all));
		station_sleep_ms(100);
		if (i % 2)
			ASSERT_EQ(0, serial_knob("hangup", 0));
		station_close(&self->station);
		/* Nobody holds the port, and so nobody has the module. */
		close(open("/dev/" SERIAL_PORT, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
		ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
		ASSERT_EQ(0, station_attach(&self->station));
	}
	hush(talker);
}

TEST_HARNESS_MAIN
