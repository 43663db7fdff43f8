// SPDX-License-Identifier: GPL-2.0-only
/* Chips that are pulled out under armed lines, and plugged in again. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "station.h"

#define LINE 1

FIXTURE(chip)
{
	struct station station;
};

FIXTURE_SETUP(chip)
{
	ASSERT_EQ(0, station_plug(true));
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(chip)
{
	station_plug(true);
	station_close(&self->station);
}

static int arm(struct station *station)
{
	const struct line line = { .name = "door", .line = LINE, .edges = TONGBU_EDGE_BOTH };

	return station_arm(station, &line);
}

/* What gpiolib says of a chip that goes while its lines are held */
static int kernel_complained(void)
{
	static char log[1 << 20];
	int len = klogctl(3, log, sizeof(log) - 1);

	log[len > 0 ? len : 0] = '\0';
	return len <= 0 || strstr(log, "STILL REQUESTED") != NULL;
}

TEST_F(chip, pulled_out_and_plugged_in_is_on_record)
{
	const struct record *add, *gone, *back;
	struct tongbu_presence presence;
	int id = arm(&self->station);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_EQ(0, station_plug(false));
	gone = station_await(&self->station, TONGBU_KIND_GONE, (uint32_t)id, 0);
	ASSERT_NE(NULL, gone);
	EXPECT_EQ(0, kernel_complained());
	ASSERT_EQ(0, station_plug(true));
	back = station_await(&self->station, TONGBU_KIND_BACK, (uint32_t)id, 0);
	ASSERT_NE(NULL, back);
	add = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, (uint32_t)id, 0);

	presence = record_presence(gone);
	EXPECT_EQ(TONGBU_ABSENT_REMOVED, presence.why);
	EXPECT_STREQ("gpio-sim.0", (const char *)presence.device);
	EXPECT_GE(add->boottime, le64toh(presence.since));
	presence = record_presence(back);
	EXPECT_EQ(TONGBU_ABSENT_REMOVED, presence.why);
	EXPECT_STREQ("gpio-sim.0", (const char *)presence.device);
	EXPECT_EQ(0, presence.level);
	EXPECT_LE(gone->boottime, le64toh(presence.since));
	EXPECT_GE(back->boottime, le64toh(presence.since));
	EXPECT_EQ(TONGBU_UID_NONE, gone->uid);
	EXPECT_EQ(1, gone->source_seq);
	EXPECT_EQ(2, back->source_seq);
}

TEST_F(chip, G2_an_edge_that_settles_when_its_chip_goes_is_counted)
{
	const struct line line = { .name = "float", .line = LINE, .debounce = 10000000 };
	const struct record *lost, *gone;
	int id = station_arm(&self->station, &line);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, LINE, true));
	ASSERT_EQ(0, station_plug(false));
	gone = station_await(&self->station, TONGBU_KIND_GONE, (uint32_t)id, 0);
	ASSERT_NE(NULL, gone);
	lost = record_log_find(&self->station.log, TONGBU_KIND_LOST, (uint32_t)id, 0);
	ASSERT_NE(NULL, lost);
	EXPECT_EQ(TONGBU_LOST_UNSETTLED, le32toh(record_lost(lost).cause));
	EXPECT_LT(lost->seq, gone->seq);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(chip, its_state_is_listed)
{
	struct source_state state;
	int id = arm(&self->station);

	ASSERT_EQ(0, station_plug(false));
	ASSERT_EQ(0, station_source(&self->station, (uint32_t)id, &state));
	EXPECT_EQ(TONGBU_STATE_GONE, state.state);
	ASSERT_EQ(0, station_plug(true));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_BACK, (uint32_t)id, 0));
	ASSERT_EQ(0, station_source(&self->station, (uint32_t)id, &state));
	EXPECT_EQ(0, state.state);
}

TEST_F(chip, edges_come_again_from_the_level_it_came_back_with)
{
	const struct record *edge;
	int id = arm(&self->station);

	ASSERT_EQ(0, station_pull_and_wait(&self->station, LINE, true));
	ASSERT_EQ(0, station_plug(false));
	ASSERT_EQ(0, station_plug(true));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_BACK, (uint32_t)id, 0));
	/* A new chip's lines are low. Each edge is awaited: any record ends a wait for one. */
	ASSERT_EQ(0, station_pull(LINE, true));
	edge = station_await(&self->station, TONGBU_KIND_EDGE, (uint32_t)id, 1);
	ASSERT_NE(NULL, edge);
	EXPECT_EQ(1, record_edge(edge).level);
	EXPECT_EQ(0, edge->flags);
	ASSERT_EQ(0, station_pull(LINE, false));
	edge = station_await(&self->station, TONGBU_KIND_EDGE, (uint32_t)id, 2);
	ASSERT_NE(NULL, edge);
	EXPECT_EQ(0, record_edge(edge).level);
	EXPECT_EQ(0, edge->flags);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(chip, all_its_lines_go_and_come_back)
{
	static const char *const names[STATION_LINES] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	struct line line = { .debounce = 1000 };
	int first = 0, i;

	for (i = 0; i < STATION_LINES; i++) {
		line.name = names[i];
		line.line = (uint32_t)i;
		line.type = i % 2 ? TONGBU_SOURCE_COUNTER : TONGBU_SOURCE_GPIO;
		first = station_arm(&self->station, &line) - i;
		ASSERT_LE(TONGBU_SOURCE_FIRST, first) TH_LOG("%s", self->station.nl.text);
	}
	ASSERT_EQ(0, station_plug(false));
	EXPECT_EQ(0, kernel_complained());
	ASSERT_EQ(0, station_plug(true));
	for (i = 0; i < STATION_LINES; i++) {
		uint32_t id = (uint32_t)(first + i);

		ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_BACK, id, 0));
		EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_GONE, id));
		ASSERT_EQ(0, station_pull_and_hear(&self->station, id, (uint32_t)i, true));
	}
}

TEST_F(chip, a_source_can_be_disarmed_while_its_chip_is_gone)
{
	const struct line line = { .name = "gate", .line = LINE };
	const struct record *del;
	int id = arm(&self->station);

	ASSERT_EQ(0, station_plug(false));
	ASSERT_EQ(0, station_disarm(&self->station, "door"));
	EXPECT_EQ(-ENODEV, station_arm(&self->station, &line));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "no GPIO chip labelled " STATION_CHIP))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, station_plug(true));
	/* The line is nobody's. */
	EXPECT_EQ(id + 1, station_arm(&self->station, &line));
	ASSERT_EQ(0, station_read(&self->station));
	del = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_DEL, (uint32_t)id, 0);
	ASSERT_NE(NULL, del);
	EXPECT_EQ(1, le64toh(record_source_end(del).sealed));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_BACK, (uint32_t)id));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(chip, a_counter_counts_what_came_before_and_nothing_while_it_is_gone)
{
	const struct line line = {
		.name = "rain", .line = LINE, .type = TONGBU_SOURCE_COUNTER, .interval = 500
	};
	const struct record *count, *gone, *back;
	uint64_t total = 0;
	size_t i;
	int id = station_arm(&self->station, &line), n;

	for (n = 0; n < 5; n++) {
		ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, LINE, true));
		ASSERT_EQ(0, station_pull(LINE, false));
	}
	ASSERT_EQ(0, station_plug(false));
	station_sleep_ms(1200);
	ASSERT_EQ(0, station_plug(true));
	back = station_await(&self->station, TONGBU_KIND_BACK, (uint32_t)id, 0);
	ASSERT_NE(NULL, back);
	gone = record_log_find(&self->station.log, TONGBU_KIND_GONE, (uint32_t)id, 0);
	ASSERT_NE(NULL, gone);
	EXPECT_EQ(gone->source_seq + 1, back->source_seq);
	for (i = 0;
	     (count = record_log_find(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id, i)); i++)
		if (count->seq < gone->seq)
			total += le32toh(record_count(count).count);
	EXPECT_EQ(5, total);
	/* The total goes on. */
	ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, LINE, true));
	ASSERT_EQ(0, station_disarm(&self->station, "rain"));
	ASSERT_EQ(0, station_read(&self->station));
	count = record_log_find(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id,
				record_log_count(&self->station.log, TONGBU_KIND_COUNT,
						 (uint32_t)id) -
					1);
	EXPECT_EQ(6, le64toh(record_count(count).total));
}

static int write_word(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, word, strlen(word)) < 0)
		err = -errno;
	close(fd);
	return err;
}

#define DRIVER "/sys/bus/platform/drivers/gpio-sim/"

TEST_F(chip, unbinding_its_driver_is_the_same)
{
	int id = arm(&self->station);

	ASSERT_EQ(0, write_word(DRIVER "unbind", "gpio-sim.0"));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_GONE, (uint32_t)id, 0));
	ASSERT_EQ(0, write_word(DRIVER "bind", "gpio-sim.0"));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_BACK, (uint32_t)id, 0));
	EXPECT_EQ(0, kernel_complained());
	/* Lines are pulled at the new chip. */
	ASSERT_EQ(0, station_plug(false));
	ASSERT_EQ(0, station_plug(true));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_BACK, (uint32_t)id, 1));
	ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, LINE, true));
}

TEST_F(chip, pulled_out_while_its_lines_toggle)
{
	static const char *const names[] = { "both", "debounced", "counter", "rated" };
	const struct line lines[] = {
		{ .name = names[0], .line = 0 },
		{ .name = names[1], .line = 1, .debounce = 500 },
		{ .name = names[2],
		  .line = 2,
		  .type = TONGBU_SOURCE_COUNTER,
		  .edges = TONGBU_EDGE_BOTH,
		  .interval = 100 },
		{ .name = names[3], .line = 3, .rate = 20, .silent = 10 },
	};
	int id[4] = { 0 }, round, i;
	pid_t child;

	for (i = 0; i < 4; i++) {
		id[i] = station_arm(&self->station, &lines[i]);
		ASSERT_LE(TONGBU_SOURCE_FIRST, id[i]) TH_LOG("%s", self->station.nl.text);
	}
	child = station_keep_pulling(&self->station, STATION_LINES);
	for (round = 0; round < 20; round++) {
		station_sleep_ms(50);
		ASSERT_EQ(0, station_plug(false));
		ASSERT_EQ(0, station_plug(true));
		for (i = 0; i < 4; i++)
			ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_BACK,
						      (uint32_t)id[i], (size_t)round));
		ASSERT_EQ(0, station_ack(&self->station));
	}
	station_stop_pulling(child);
	EXPECT_EQ(0, kernel_complained());
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(20,
			  record_log_count(&self->station.log, TONGBU_KIND_GONE, (uint32_t)id[i]));
		ASSERT_EQ(0, station_disarm(&self->station, names[i]));
	}
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(chip, unloading_while_it_is_gone_is_clean)
{
	int id = arm(&self->station);

	ASSERT_EQ(0, station_plug(false));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_GONE, (uint32_t)id, 0));
	tongbu_nl_close(&self->station.nl);
	ASSERT_EQ(0, station_unload_soon());
	ASSERT_EQ(0, station_plug(true));
	EXPECT_EQ(0, kernel_complained());
}

TEST_F(chip, unloading_with_all_of_it_armed_is_clean)
{
	const struct line lines[] = {
		{ .name = "door", .line = 0, .silent = 10 },
		{ .name = "float", .line = 1, .debounce = 200000, .rate = 5 },
		{ .name = "rain", .line = 2, .type = TONGBU_SOURCE_COUNTER, .interval = 100 },
		{ .name = "gnss", .line = 3, .type = TONGBU_SOURCE_PPS, .interval = 1000 },
	};
	pid_t child = station_keep_pulling(&self->station, STATION_LINES);
	int i;

	for (i = 0; i < 4; i++)
		ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &lines[i]));
	station_sleep_ms(300);
	tongbu_nl_close(&self->station.nl);
	ASSERT_EQ(0, station_unload_soon());
	station_stop_pulling(child);
}

TEST_HARNESS_MAIN
