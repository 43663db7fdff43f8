// SPDX-License-Identifier: GPL-2.0-only
/* A line over its rate is counted, throttled, and on record once; others lose nothing. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "station.h"

#define LINE   0
#define RATE   20
#define SECOND 1000000000ULL

FIXTURE(storm)
{
	struct station station;
};

FIXTURE_SETUP(storm)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(storm)
{
	station_close(&self->station);
}

static int arm(struct station *station, uint8_t edges, uint8_t type)
{
	const struct line line = {
		.name = "flood", .line = LINE, .edges = edges, .type = type, .rate = RATE
	};

	return station_arm(station, &line);
}

/* Until the storm is on record, or a minute has passed; how many pulses */
static int pull_up_a_storm(struct station *station, int id)
{
	uint64_t limit = station_boottime() + 60 * SECOND;
	struct source_state state;
	int pulses = 0, i;

	do {
		for (i = 0; i < 50; i++, pulses++)
			if (station_pull(LINE, true) || station_pull(LINE, false))
				return -EIO;
		if (station_source(station, (uint32_t)id, &state))
			return -ENOENT;
	} while (!(state.state & TONGBU_STATE_STORM) && station_boottime() < limit);
	return state.state & TONGBU_STATE_STORM ? pulses : -ETIMEDOUT;
}

/* Interrupts of that source that were seen to, by the kernel's own count */
static long interrupts_of(const char *name)
{
	FILE *file = fopen("/proc/interrupts", "re");
	char line[4096];
	long count = 0;

	while (file && fgets(line, sizeof(line), file)) {
		char *word = strchr(line, ':'), *end;
		long n;

		line[strcspn(line, "\n")] = '\0';
		if (!word || !strstr(line, name))
			continue;
		for (n = strtol(++word, &end, 10); end != word; n = strtol(word, &end, 10)) {
			count += n;
			word = end;
		}
	}
	if (file)
		fclose(file);
	return count;
}

TEST_F(storm, it_is_on_record_once_when_it_begins_and_once_when_it_is_over)
{
	const struct record *begin, *over;
	struct tongbu_storm storm;
	size_t edges;
	int id = arm(&self->station, TONGBU_EDGE_RISING, 0), pulses;

	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", self->station.nl.text);
	pulses = pull_up_a_storm(&self->station, id);
	ASSERT_LT(0, pulses);
	over = station_await(&self->station, TONGBU_KIND_STORM, (uint32_t)id, 1);
	ASSERT_NE(NULL, over);
	begin = record_log_find(&self->station.log, TONGBU_KIND_STORM, (uint32_t)id, 0);
	storm = record_storm(begin);
	EXPECT_EQ(0, storm.over);
	EXPECT_EQ(0, le64toh(storm.count));
	EXPECT_EQ(RATE, le32toh(storm.rate));
	EXPECT_EQ(begin->boottime, le64toh(storm.since));
	storm = record_storm(over);
	EXPECT_EQ(1, storm.over);
	EXPECT_EQ(begin->boottime, le64toh(storm.since));
	EXPECT_LE(1, le64toh(storm.count));
	EXPECT_LE(1000, le64toh(storm.masked));
	EXPECT_LT(le64toh(storm.masked), (over->boottime - begin->boottime) / 1000000);
	/* Up to its rate the edges are records; one second may end as another begins. */
	edges = record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id);
	EXPECT_LE(RATE, edges);
	EXPECT_LE(edges + le64toh(storm.count), (uint64_t)pulses);
	station_sleep_ms(1500);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(2, record_log_count(&self->station.log, TONGBU_KIND_STORM, (uint32_t)id));
	EXPECT_EQ(0, record_log_lost(&self->station.log, (uint32_t)id));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	TH_LOG("%d pulses: %zu recorded, %llu counted, %llu ms masked", pulses, edges,
	       (unsigned long long)le64toh(storm.count), (unsigned long long)le64toh(storm.masked));
}

TEST_F(storm, edges_are_records_again_when_it_is_over)
{
	size_t edges;
	int id = arm(&self->station, TONGBU_EDGE_RISING, 0);

	ASSERT_LT(0, pull_up_a_storm(&self->station, id));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_STORM, (uint32_t)id, 1));
	edges = record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id);
	ASSERT_EQ(0, station_pull_and_wait(&self->station, LINE, true));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_EDGE, (uint32_t)id, edges));
}

TEST_F(storm, the_level_it_leaves_behind_is_on_record)
{
	const struct record *edge, *over;
	size_t edges;
	uint8_t level;
	int id = arm(&self->station, TONGBU_EDGE_BOTH, 0);

	ASSERT_LT(0, pull_up_a_storm(&self->station, id));
	/* What was on its way through the thread is on record after that. */
	station_sleep_ms(200);
	ASSERT_EQ(0, station_read(&self->station));
	edges = record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id);
	ASSERT_LT(0, edges);
	edge = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id, edges - 1);
	level = !record_edge(edge).level;
	ASSERT_EQ(0, station_pull(LINE, level));
	edge = station_await(&self->station, TONGBU_KIND_EDGE, (uint32_t)id, edges);
	over = record_log_find(&self->station.log, TONGBU_KIND_STORM, (uint32_t)id, 1);
	ASSERT_NE(NULL, edge);
	ASSERT_NE(NULL, over);
	EXPECT_LT(over->seq, edge->seq);
	EXPECT_EQ(level, record_edge(edge).level);
	EXPECT_EQ(TONGBU_RECORD_EDGE_MISSED | TONGBU_RECORD_THREAD_STAMP, edge->flags);
}

TEST_F(storm, a_line_without_a_rate_makes_records_as_before)
{
	const struct line line = { .name = "flood", .line = LINE, .edges = TONGBU_EDGE_RISING };
	int id = station_arm(&self->station, &line), i;

	for (i = 0; i < 200; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, LINE, true));
		ASSERT_EQ(0, station_pull(LINE, false));
	}
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(200, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_STORM, ANY_SOURCE));
}

TEST_F(storm, a_counter_is_throttled_likewise)
{
	const struct record *count;
	int id = arm(&self->station, 0, TONGBU_SOURCE_COUNTER), pulses;

	pulses = pull_up_a_storm(&self->station, id);
	ASSERT_LT(0, pulses);
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_STORM, (uint32_t)id, 1));
	ASSERT_EQ(0, station_disarm(&self->station, "flood"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(2, record_log_count(&self->station.log, TONGBU_KIND_STORM, (uint32_t)id));
	count = record_log_find(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id,
				record_log_count(&self->station.log, TONGBU_KIND_COUNT,
						 (uint32_t)id) -
					1);
	/* What was seen in the storm counts, too. */
	EXPECT_LT(RATE, le64toh(record_count(count).total));
	EXPECT_GE((uint64_t)pulses, le64toh(record_count(count).total));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(storm, disarming_ends_it_on_record)
{
	const struct record *over, *del;
	int id = arm(&self->station, TONGBU_EDGE_RISING, 0);

	ASSERT_LT(0, pull_up_a_storm(&self->station, id));
	ASSERT_EQ(0, station_disarm(&self->station, "flood"));
	ASSERT_EQ(0, station_read(&self->station));
	over = record_log_find(&self->station.log, TONGBU_KIND_STORM, (uint32_t)id, 1);
	del = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_DEL, (uint32_t)id, 0);
	ASSERT_NE(NULL, over);
	ASSERT_NE(NULL, del);
	EXPECT_EQ(1, record_storm(over).over);
	EXPECT_EQ(over->seq + 1, del->seq);
	/* The line is as good as new. */
	ASSERT_EQ(id + 1, arm(&self->station, TONGBU_EDGE_RISING, 0));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, LINE, true));
}

TEST_F(storm, a_chip_that_goes_in_it_comes_back_with_a_line_that_works)
{
	size_t edges;
	int id = arm(&self->station, TONGBU_EDGE_RISING, 0);

	ASSERT_LT(0, pull_up_a_storm(&self->station, id));
	ASSERT_EQ(0, station_plug(false));
	ASSERT_EQ(0, station_plug(true));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_BACK, (uint32_t)id, 0));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_STORM, (uint32_t)id, 1));
	edges = record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id);
	ASSERT_EQ(0, station_pull_and_wait(&self->station, LINE, true));
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_EDGE, (uint32_t)id, edges));
}

TEST_F(storm, unloading_in_it_is_clean)
{
	int id = arm(&self->station, TONGBU_EDGE_BOTH, 0);

	ASSERT_LT(0, pull_up_a_storm(&self->station, id));
	tongbu_nl_close(&self->station.nl);
	ASSERT_EQ(0, station_unload_soon());
}

static uint64_t edge_time(const struct station *station, int id, size_t nth)
{
	return record_log_find(&station->log, TONGBU_KIND_EDGE, (uint32_t)id, nth)->boottime;
}

/* Ten seconds as fast as the machine can, with three other lines at work */
TEST_F(storm, others_lose_nothing_while_a_line_is_flooded)
{
	static const char *const names[] = { "one", "two", "three" };
	struct line line = { .edges = TONGBU_EDGE_BOTH };
	uint64_t began, took;
	int id, other[3], moved[3] = { 0 }, i;
	size_t records, storms = 0, nth;
	const struct record *storm;
	long interrupts;
	pid_t child;

	for (i = 0; i < 3; i++) {
		line.name = names[i];
		line.line = (uint32_t)i + 1;
		other[i] = station_arm(&self->station, &line);
		ASSERT_LE(TONGBU_SOURCE_FIRST, other[i]);
	}
	id = arm(&self->station, TONGBU_EDGE_BOTH, 0);
	interrupts = interrupts_of("flood");
	began = station_boottime();
	child = station_keep_pulling(&self->station, LINE + 1);
	do {
		for (i = 0; i < 3; i++, moved[i - 1]++)
			ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)other[i],
							   (uint32_t)i + 1, moved[i] % 2 == 0));
		station_sleep_ms(20);
	} while (station_boottime() - began < 10 * SECOND);
	interrupts = interrupts_of("flood") - interrupts;
	took = (station_boottime() - began) / SECOND + 1;
	station_stop_pulling(child);

	/* One, or several where others kept the machine from being fast enough */
	do {
		for (i = 0; i < 2; i++, storms++) {
			storm = station_await(&self->station, TONGBU_KIND_STORM, (uint32_t)id,
					      storms);
			ASSERT_NE(NULL, storm);
			EXPECT_EQ(i, record_storm(storm).over);
		}
	} while (record_log_count(&self->station.log, TONGBU_KIND_STORM, (uint32_t)id) > storms);
	for (i = 0; i < 3; i++) {
		records =
			record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)other[i]);
		EXPECT_LT(0, moved[i]);
		EXPECT_EQ((size_t)moved[i], records);
		EXPECT_EQ(0, record_log_lost(&self->station.log, (uint32_t)other[i]));
	}
	records = record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id);
	/* A second's worth before it and one after, and its level when it was over */
	for (nth = 2 * RATE + 1; nth < records; nth++)
		EXPECT_LE(SECOND, edge_time(&self->station, id, nth) -
					  edge_time(&self->station, id, nth - 2 * RATE - 1));
	EXPECT_LT(0, interrupts);
	/* One second's worth, and one, as often as it was unmasked */
	EXPECT_GE((long)(took + 2) * (RATE + 1), interrupts);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	TH_LOG("%llu s: %ld interrupts, %zu records of the flood; %d, %d, %d edges of the others",
	       (unsigned long long)took, interrupts, records, moved[0], moved[1], moved[2]);
}

TEST_HARNESS_MAIN
