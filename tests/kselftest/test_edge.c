// SPDX-License-Identifier: GPL-2.0-only
/* G1: an edge is stamped in the interrupt and on record as it was. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "station.h"

/* Between an interrupt and its record, even in an emulated machine, ns */
#define DELAY_MAX 500000000U

FIXTURE(edge)
{
	struct station station;
};

FIXTURE_SETUP(edge)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(edge)
{
	station_close(&self->station);
}

TEST_F(edge, G1_edge_is_stamped_in_interrupt)
{
	const struct line line = { .name = "door", .line = 1, .edges = TONGBU_EDGE_RISING };
	uint64_t before, after, real_before, real_after;
	const struct record *record;
	struct tongbu_edge edge;
	int id;

	id = station_arm(&self->station, &line);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	before = station_boottime();
	real_before = station_realtime();
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 1, true));
	after = station_boottime();
	real_after = station_realtime();
	ASSERT_EQ(0, station_read(&self->station));
	record = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id, 0);
	ASSERT_NE(NULL, record);
	edge = record_edge(record);
	EXPECT_EQ(0, record->flags & TONGBU_RECORD_THREAD_STAMP);
	EXPECT_LE(before, record->boottime);
	EXPECT_GE(after, record->boottime);
	EXPECT_LE(real_before, record->realtime);
	EXPECT_GE(real_after, record->realtime);
	EXPECT_EQ(TONGBU_UID_NONE, record->uid);
	EXPECT_EQ(0, record->pid);
	EXPECT_EQ(1, record->source_seq);
	EXPECT_EQ(1, edge.level);
	EXPECT_EQ(0, edge.bounces);
	EXPECT_LT(0, le32toh(edge.delay));
	EXPECT_GT(DELAY_MAX, le32toh(edge.delay));
	EXPECT_GE(after, record->boottime + le32toh(edge.delay));
}

/* The simulated chip sleeps when read: stamped in the interrupt, read after. */
TEST_F(edge, G1_both_edges_are_stamped_in_interrupt)
{
	const struct line line = { .name = "water", .line = 0, .edges = TONGBU_EDGE_BOTH };
	const struct record *record;
	int id, i;

	id = station_arm(&self->station, &line);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, station_pull_and_wait(&self->station, 0, i % 2 == 0));
	ASSERT_EQ(0, station_read(&self->station));
	for (i = 0; i < 10; i++) {
		record = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id,
					 (size_t)i);
		ASSERT_NE(NULL, record);
		EXPECT_EQ(i % 2 == 0, record_edge(record).level);
		EXPECT_EQ(0, record->flags);
		EXPECT_EQ((uint32_t)i + 1, record->source_seq);
	}
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(edge, only_the_edges_asked_for_are_recorded)
{
	const struct line rising = { .name = "rising", .line = 2, .edges = TONGBU_EDGE_RISING };
	const struct line falling = { .name = "falling", .line = 3, .edges = TONGBU_EDGE_FALLING };
	const struct record *record;
	int up, down, i;

	up = station_arm(&self->station, &rising);
	down = station_arm(&self->station, &falling);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, 2, true));
		ASSERT_EQ(0, station_pull(3, true));
		station_sleep_ms(20);
		ASSERT_EQ(0, station_pull(2, false));
		station_sleep_ms(20);
		ASSERT_EQ(0, station_pull_and_wait(&self->station, 3, false));
	}
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(3, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)up));
	EXPECT_EQ(3, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)down));
	for (i = 0; i < 3; i++) {
		record = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)up,
					 (size_t)i);
		EXPECT_EQ(1, record_edge(record).level);
		record = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)down,
					 (size_t)i);
		EXPECT_EQ(0, record_edge(record).level);
	}
}

TEST_F(edge, active_low_turns_levels_round)
{
	const struct line line = { .name = "alarm",
				   .line = 4,
				   .edges = TONGBU_EDGE_RISING,
				   .flags = TONGBU_SOURCE_ACTIVE_LOW };
	const struct line both = { .name = "gate",
				   .line = 5,
				   .edges = TONGBU_EDGE_BOTH,
				   .flags = TONGBU_SOURCE_ACTIVE_LOW };
	int one, two;

	ASSERT_EQ(0, station_pull(4, true));
	ASSERT_EQ(0, station_pull(5, true));
	one = station_arm(&self->station, &line);
	two = station_arm(&self->station, &both);
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 4, false));
	ASSERT_EQ(0, station_pull(4, true));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 5, false));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 5, true));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, record_source(record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD,
						   (uint32_t)one, 0))
			     .level);
	ASSERT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)one));
	ASSERT_EQ(2, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)two));
	EXPECT_EQ(1, record_edge(record_log_find(&self->station.log, TONGBU_KIND_EDGE,
						 (uint32_t)one, 0))
			     .level);
	EXPECT_EQ(1, record_edge(record_log_find(&self->station.log, TONGBU_KIND_EDGE,
						 (uint32_t)two, 0))
			     .level);
	EXPECT_EQ(0, record_edge(record_log_find(&self->station.log, TONGBU_KIND_EDGE,
						 (uint32_t)two, 1))
			     .level);
}

TEST_F(edge, debouncing_folds_bounces_into_one_record)
{
	const struct line line = {
		.name = "float", .line = 6, .edges = TONGBU_EDGE_BOTH, .debounce = 300000
	};
	const struct record *record;
	struct tongbu_edge edge;
	uint64_t before, after;
	int id, i;

	id = station_arm(&self->station, &line);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	before = station_boottime();
	ASSERT_EQ(0, station_pull(6, true));
	after = station_boottime();
	for (i = 0; i < 4; i++) {
		station_sleep_ms(10);
		ASSERT_EQ(0, station_pull(6, i % 2 == 1));
	}
	station_sleep_ms(1000);
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id));
	record = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id, 0);
	edge = record_edge(record);
	/* Stamped at the first edge, not when it had settled */
	EXPECT_LE(before, record->boottime);
	EXPECT_GE(after + 5000000, record->boottime);
	EXPECT_EQ(1, edge.level);
	EXPECT_EQ(4, le16toh(edge.bounces));
	EXPECT_LT(300000000U, le32toh(edge.delay));
}

TEST_F(edge, debouncing_drops_a_pulse_that_is_too_short)
{
	const struct line line = {
		.name = "float", .line = 6, .edges = TONGBU_EDGE_BOTH, .debounce = 300000
	};
	int id = station_arm(&self->station, &line);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_EQ(0, station_pull(6, true));
	station_sleep_ms(20);
	ASSERT_EQ(0, station_pull(6, false));
	station_sleep_ms(800);
	ASSERT_EQ(0, station_pull(6, true));
	station_sleep_ms(800);
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id));
	/* The pulse is not forgotten: its edges count with the change. */
	EXPECT_EQ(2, le16toh(record_edge(record_log_find(&self->station.log, TONGBU_KIND_EDGE,
							 (uint32_t)id, 0))
				     .bounces));
}

/* Nobody will know whether it would have held: it is counted, and says why. */
TEST_F(edge, G2_an_edge_that_settles_when_its_line_is_disarmed_is_counted)
{
	const struct line line = {
		.name = "float", .line = 6, .edges = TONGBU_EDGE_BOTH, .debounce = 10000000
	};
	const struct record *lost, *del;
	uint64_t before, after;
	int id = station_arm(&self->station, &line);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	before = station_boottime();
	ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, 6, true));
	after = station_boottime();
	ASSERT_EQ(0, station_disarm(&self->station, "float"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id));
	lost = record_log_find(&self->station.log, TONGBU_KIND_LOST, (uint32_t)id, 0);
	ASSERT_NE(NULL, lost);
	EXPECT_EQ(1, le64toh(record_lost(lost).count));
	EXPECT_EQ(TONGBU_LOST_UNSETTLED, le32toh(record_lost(lost).cause));
	EXPECT_LE(before, le64toh(record_lost(lost).first));
	EXPECT_GE(after, le64toh(record_lost(lost).first));
	del = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_DEL, (uint32_t)id, 0);
	ASSERT_NE(NULL, del);
	EXPECT_LT(lost->seq, del->seq);
	EXPECT_EQ(1, le64toh(record_source_end(del).lost));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

/*
 * As fast as the machine can: whatever is folded or lost on the way, levels
 * alternate, or the record says that an edge was missed.
 */
TEST_F(edge, G1_two_equal_levels_in_a_row_are_marked)
{
	const struct line line = { .name = "water", .line = 0, .edges = TONGBU_EDGE_BOTH };
	const struct record *record;
	size_t count, i, missed = 0;
	uint8_t level = 0;
	int id;

	id = station_arm(&self->station, &line);
	for (i = 0; i < 2000; i++)
		ASSERT_EQ(0, station_pull(0, i % 2 == 0));
	station_sleep_ms(200);
	ASSERT_EQ(0, station_read(&self->station));
	count = record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id);
	ASSERT_LT(0, count);
	for (i = 0; i < self->station.log.count; i++) {
		record = &self->station.log.record[i];
		if (record->kind != TONGBU_KIND_EDGE)
			continue;
		EXPECT_EQ(record_edge(record).level == level,
			  !!(record->flags & TONGBU_RECORD_EDGE_MISSED))
		TH_LOG("record %zu", i);
		level = record_edge(record).level;
		missed += !!(record->flags & TONGBU_RECORD_EDGE_MISSED);
	}
	/* The last record is the line as it stands. */
	EXPECT_EQ(0, level);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	TH_LOG("%zu edges of 2000, %zu marked missed, %llu counted lost", count, missed,
	       (unsigned long long)record_log_lost(&self->station.log, (uint32_t)id));
}

/* The kernel keeps an interrupt that nobody took, and sends it to who comes next. */
TEST_F(edge, G1_an_edge_of_before_it_was_armed_is_not_its_own)
{
	const struct line line = { .name = "door", .line = 0, .edges = TONGBU_EDGE_RISING };
	uint32_t id = 0;
	pid_t child;
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
		child = station_keep_pulling(&self->station, 1);
		station_sleep_ms(50);
		/* In the midst of it */
		ASSERT_EQ(0, station_disarm(&self->station, "door"));
		station_stop_pulling(child);
		ASSERT_EQ(0, station_pull(0, false));
		id = (uint32_t)station_arm(&self->station, &line);
		station_sleep_ms(50);
		ASSERT_EQ(0, station_read(&self->station));
		EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_EDGE, id));
		ASSERT_EQ(0, station_disarm(&self->station, "door"));
	}
}

TEST_HARNESS_MAIN
