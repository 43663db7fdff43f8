// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts are kept off for a few records at the most, whatever there is to seal. */
#include <kselftest_harness.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "serial_line.h"
#include "station.h"

/* Of debugfs, which mounts it where it is first looked at */
#define TRACING "/sys/kernel/debug/tracing"
/* As TB_HOLD_RECORDS of the module */
#define AT_MOST 4
#define MANY	64
#define TRIES	5

/* Interrupts come back on where a lock is let go that was taken with them on, ... */
#define ARGS	"flags=%si:x64 caller=$stack0:symbol"
#define ON	"flags & 512"
#define ON_FLAG 512

/**
 * struct hold - a stretch with interrupts off
 * @records: sealed in it
 * @us: from the first of them to its end
 */
struct hold {
	unsigned int records;
	double us;
};

FIXTURE(hold)
{
	struct station station;
};

static int trace(const char *on)
{
	/* ... and where an interrupt ends. */
	return station_put(TRACING "/events/irq_vectors/enable", O_APPEND, on) ||
	       station_put(TRACING "/events/tongbu/tongbu_seal/enable", O_APPEND, on) ||
	       station_put(TRACING "/events/hold/unlock/enable", O_APPEND, on);
}

FIXTURE_SETUP(hold)
{
	/* The debug kernel has none, and the time it takes says nothing. */
	if (access(TRACING "/events", R_OK) == 0 && access(TRACING "/kprobe_events", W_OK))
		SKIP(return, "this kernel has no probes");
	ASSERT_EQ(0, station_open(&self->station, "ring=256 " STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_probe("hold/unlock", "_raw_spin_unlock_irqrestore", ARGS));
	ASSERT_EQ(0, station_put(TRACING "/events/hold/unlock/filter", O_APPEND, ON));
	ASSERT_EQ(0, truncate(TRACING "/trace", 0));
}

FIXTURE_TEARDOWN(hold)
{
	trace("0");
	station_put(TRACING "/kprobe_events", O_APPEND, "-:hold/unlock");
	station_close(&self->station);
}

/* Where a line of the trace tells the time, in seconds: behind the flags */
static double time_of(const char *line)
{
	double time = 0;
	const char *cpu = strstr(line, "] ");

	if (cpu)
		sscanf(cpu + 2, "%*s %lf", &time);
	return time;
}

static void look_at_processor(int number, struct hold *longest)
{
	struct hold hold = { 0 };
	char line[512];
	double begin = 0;
	FILE *file;

	snprintf(line, sizeof(line), TRACING "/per_cpu/cpu%d/trace", number);
	file = fopen(line, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (strstr(line, " tongbu_seal: ")) {
			if (!hold.records++)
				begin = time_of(line);
		} else if (hold.records && (strstr(line, " unlock: ") || strstr(line, "_exit: "))) {
			hold.us = (time_of(line) - begin) * 1e6;
			if (hold.records > longest->records)
				longest->records = hold.records;
			if (hold.us > longest->us)
				longest->us = hold.us;
			hold.records = 0;
		}
	}
	if (file)
		fclose(file);
}

static struct hold longest(const char *what)
{
	struct hold hold = { 0 };
	int i;

	for (i = 0; i < sysconf(_SC_NPROCESSORS_ONLN); i++)
		look_at_processor(i, &hold);
	printf("# %s: %u records in a row, %.0f us from the first to the end\n", what, hold.records,
	       hold.us);
	fflush(stdout);
	return hold;
}

TEST_F_TIMEOUT(hold, losses_of_many_sources, 120)
{
	struct station *station = &self->station;
	struct hold hold;
	char name[16];
	uint32_t line;

	for (line = 0; line < STATION_LINES; line++) {
		snprintf(name, sizeof(name), "line%u", line);
		ASSERT_LT(0, station_arm(station, &(struct line){ .name = name, .line = line }));
	}
	/* Until nothing fits any more; then each loses one */
	for (line = 0; !tongbu_nl_info(&station->nl, TONGBU_A_INFO_LOST); line++)
		ASSERT_EQ(0, station_pull_and_wait(station, 0, line % 2 == 0));
	for (line = 1; line < STATION_LINES; line++)
		ASSERT_EQ(0, station_pull_and_wait(station, line, true));
	ASSERT_EQ(0, station_read(station));
	ASSERT_EQ(0, trace("1"));
	ASSERT_EQ(0, station_ack(station));
	ASSERT_EQ(0, trace("0"));
	ASSERT_EQ(0, station_read(station));
	EXPECT_EQ(STATION_LINES, record_log_count(&station->log, TONGBU_KIND_LOST, ANY_SOURCE));
	hold = longest("losses");
	EXPECT_LT(0, hold.records);
	EXPECT_GE(AT_MOST, hold.records);
}

TEST_F_TIMEOUT(hold, frames_of_a_byte, 120)
{
	static const struct serial bytes = {
		.name = "bytes", .framing = TONGBU_FRAMING_FIXED, .length = 1, .baud = 115200
	};
	struct station *station = &self->station;
	char text[MANY];
	struct hold hold;
	int far = serial_far_open(), id = serial_arm(station, &bytes);

	ASSERT_LE(0, far);
	ASSERT_LT(0, id);
	memset(text, 'x', sizeof(text));
	ASSERT_EQ(0, trace("1"));
	ASSERT_EQ(0, serial_say(far, text, sizeof(text)));
	ASSERT_NE(NULL, station_await(station, TONGBU_KIND_FRAME, (uint32_t)id, MANY - 1));
	ASSERT_EQ(0, trace("0"));
	close(far);
	hold = longest("frames");
	EXPECT_LT(0, hold.records);
	EXPECT_GE(AT_MOST, hold.records);
	EXPECT_TRUE(record_log_whole(&station->log)) TH_LOG("%s", station->log.wrong);
}

/* How many hashes the trace has, and how many of them with interrupts off */
static int hashes(int *off)
{
	FILE *file = fopen(TRACING "/trace", "re");
	unsigned long long flags;
	char line[512];
	int found = 0;

	*off = 0;
	while (file && fgets(line, sizeof(line), file)) {
		const char *at = strstr(line, " flags=0x");

		if (!strstr(line, " hash: ") || !at || sscanf(at, " flags=%llx", &flags) != 1)
			continue;
		found++;
		*off += !(flags & ON_FLAG);
	}
	if (file)
		fclose(file);
	return found;
}

TEST_F_TIMEOUT(hold, a_long_frame_is_hashed_with_interrupts_on, 120)
{
	static const struct serial bytes = {
		.name = "bytes", .framing = TONGBU_FRAMING_FIXED, .length = 200, .baud = 115200
	};
	struct station *station = &self->station;
	int far = serial_far_open(), id = serial_arm(station, &bytes), off;
	char text[400];

	ASSERT_LE(0, far);
	ASSERT_LT(0, id);
	memset(text, 'x', sizeof(text));
	/* What is longer than a few blocks is hashed by this. */
	ASSERT_EQ(0, station_probe("hold/hash", "tongbu:tb_blake2s", "flags=%flags:x64"));
	ASSERT_EQ(0, station_put(TRACING "/events/hold/hash/enable", O_APPEND, "1"));
	ASSERT_EQ(0, serial_say(far, text, sizeof(text)));
	EXPECT_NE(NULL, station_await(station, TONGBU_KIND_FRAME, (uint32_t)id, 1));
	EXPECT_EQ(2, hashes(&off));
	EXPECT_EQ(0, off);
	EXPECT_EQ(0, station_put(TRACING "/events/hold/hash/enable", O_APPEND, "0"));
	EXPECT_EQ(0, station_put(TRACING "/kprobe_events", O_APPEND, "-:hold/hash"));
	close(far);
	EXPECT_TRUE(record_log_whole(&station->log)) TH_LOG("%s", station->log.wrong);
	EXPECT_TRUE(supervisor_verify(&station->supervisor, &station->log))
	TH_LOG("%s", station->log.wrong);
}

/* Many clocks, the first of that id, that are due in so many seconds; 0, or why that was refused */
static int arm_clocks(struct station *station, uint64_t first, uint64_t seconds)
{
	uint64_t id, when = station_realtime() + seconds * 1000000000ULL;
	struct nl_msg *msg;
	int err = 0;

	for (id = first; id < first + MANY && !err; id++) {
		msg = tongbu_nl_request(&station->nl, TONGBU_CMD_CLOCK_ARM);
		nla_put_u64(msg, TONGBU_A_CLOCK_ID, id);
		nla_put_u64(msg, TONGBU_A_CLOCK_DUE, when);
		err = tongbu_nl_do(&station->nl, msg);
	}
	return err;
}

TEST_F_TIMEOUT(hold, clocks_that_come_due_at_once, 120)
{
	struct station *station = &self->station;
	struct hold hold = { .records = UINT_MAX };
	uint64_t i;

	/*
	 * Where the machine itself, an emulated one, was stopped meanwhile, the timer's next
	 * interrupt is part of this one; seldom twice.
	 */
	for (i = 0; i < TRIES && hold.records > AT_MOST; i++) {
		ASSERT_EQ(0, truncate(TRACING "/trace", 0));
		ASSERT_EQ(0, arm_clocks(station, 1 + i * MANY, 2)) TH_LOG("%s", station->nl.text);
		ASSERT_EQ(0, trace("1"));
		ASSERT_NE(NULL, station_await(station, TONGBU_KIND_DUE, TONGBU_SOURCE_CLOCKS,
					      (i + 1) * MANY - 1));
		ASSERT_EQ(0, trace("0"));
		hold = longest("clocks");
	}
	EXPECT_LT(0, hold.records);
	EXPECT_GE(AT_MOST, hold.records);
}

/* How often the module has let interrupts come, in the trace */
static int let_go(void)
{
	FILE *file = fopen(TRACING "/trace", "re");
	char line[512];
	int found = 0;

	while (file && fgets(line, sizeof(line), file))
		found += strstr(line, " unlock: ") && strstr(line, "[tongbu]");
	if (file)
		fclose(file);
	return found;
}

/* A few at a time; all of these fit into a message or two. */
TEST_F_TIMEOUT(hold, a_dump_of_clocks_lets_go_between, 120)
{
	struct tongbu_nl *nl = &self->station.nl;

	ASSERT_EQ(0, arm_clocks(&self->station, 1, 3600)) TH_LOG("%s", nl->text);
	ASSERT_EQ(0, trace("1"));
	EXPECT_EQ(0, tongbu_nl_dump(nl, tongbu_nl_request(nl, TONGBU_CMD_CLOCK_GET), NULL, NULL))
	TH_LOG("%s", nl->text);
	ASSERT_EQ(0, trace("0"));
	EXPECT_LE(MANY / 8, let_go());
}

TEST_HARNESS_MAIN
