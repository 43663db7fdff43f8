// SPDX-License-Identifier: GPL-2.0-only
/* Pulses are counted in the interrupt, and each interval is one record. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "station.h"

#define LINE 2

FIXTURE(counter)
{
	struct station station;
};

FIXTURE_SETUP(counter)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(counter)
{
	station_close(&self->station);
}

static int arm(struct station *station, uint32_t interval)
{
	const struct line line = {
		.name = "rain", .line = LINE, .type = TONGBU_SOURCE_COUNTER, .interval = interval
	};

	return station_arm(station, &line);
}

/* Up and down again: one pulse */
static int pulse(struct station *station, int id)
{
	int err = station_pull_and_hear(station, (uint32_t)id, LINE, true);

	return err ? err : station_pull(LINE, false);
}

/* Over all intervals on record */
static uint64_t sum_of(const struct record_log *log, int id)
{
	const struct record *record;
	uint64_t sum = 0;
	size_t i;

	for (i = 0; (record = record_log_find(log, TONGBU_KIND_COUNT, (uint32_t)id, i)); i++)
		sum += le32toh(record_count(record).count);
	return sum;
}

TEST_F(counter, what_it_was_armed_with_is_on_record)
{
	const struct record *record;
	int id = arm(&self->station, 1500);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, station_disarm(&self->station, "rain"));
	ASSERT_EQ(id + 1, arm(&self->station, 0));
	ASSERT_EQ(0, station_read(&self->station));
	record = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, (uint32_t)id, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(TONGBU_SOURCE_COUNTER, record_source(record).type);
	EXPECT_EQ(TONGBU_EDGE_RISING, record_source(record).edges);
	EXPECT_EQ(1500, le32toh(record_source_more(record).interval));
	/* A minute, where nothing is said */
	record = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, (uint32_t)id + 1, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(60000, le32toh(record_source_more(record).interval));
}

TEST_F(counter, an_interval_without_pulses_is_on_record_too)
{
	const struct record *record;
	uint64_t begun;
	size_t i;
	int id = arm(&self->station, 100);

	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_COUNT, (uint32_t)id, 4));
	record = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, (uint32_t)id, 0);
	begun = record->boottime;
	for (i = 0; i < 5; i++) {
		struct tongbu_count count;
		uint64_t ms;

		record = record_log_find(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id, i);
		count = record_count(record);
		EXPECT_EQ(0, le32toh(count.count));
		EXPECT_EQ(0, le64toh(count.total));
		EXPECT_EQ(0, le64toh(count.first));
		EXPECT_EQ(0, le64toh(count.last));
		/* From the end of one to that of the next, and none left out */
		ms = (record->boottime - begun + 500000) / 1000000;
		if (i) {
			EXPECT_LE(ms, le32toh(count.interval) + 1);
			EXPECT_GE(ms + 1, le32toh(count.interval));
		}
		begun = record->boottime;
		EXPECT_EQ(TONGBU_UID_NONE, record->uid);
		EXPECT_EQ((uint32_t)i + 1, record->source_seq);
	}
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(counter, pulses_are_counted_and_make_no_records_of_their_own)
{
	const struct record *record;
	struct tongbu_count count;
	uint64_t before, after;
	int id, i;

	id = arm(&self->station, 60000);
	before = station_boottime();
	for (i = 0; i < 12; i++)
		ASSERT_EQ(0, pulse(&self->station, id));
	after = station_boottime();
	ASSERT_EQ(0, station_disarm(&self->station, "rain"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_EDGE, ANY_SOURCE));
	ASSERT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id));
	record = record_log_find(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id, 0);
	count = record_count(record);
	EXPECT_EQ(12, le32toh(count.count));
	EXPECT_EQ(12, le64toh(count.total));
	EXPECT_LE(before, le64toh(count.first));
	EXPECT_LT(le64toh(count.first), le64toh(count.last));
	EXPECT_GE(after, le64toh(count.last));
	EXPECT_LE(le64toh(count.last), record->boottime);
	EXPECT_EQ(0, record->flags);
}

TEST_F(counter, no_pulse_is_lost_between_two_intervals)
{
	const struct record *record;
	uint64_t total = 0;
	size_t i;
	int id = arm(&self->station, 100), n;

	for (n = 0; n < 200; n++)
		ASSERT_EQ(0, pulse(&self->station, id));
	ASSERT_EQ(0, station_disarm(&self->station, "rain"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(200, sum_of(&self->station.log, id));
	for (i = 0;
	     (record = record_log_find(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id, i));
	     i++) {
		struct tongbu_count count = record_count(record);

		total += le32toh(count.count);
		EXPECT_EQ(total, le64toh(count.total));
		EXPECT_EQ(!le32toh(count.count), !le64toh(count.first));
		EXPECT_LE(le64toh(count.first), le64toh(count.last));
	}
	EXPECT_EQ(200, total);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(counter, the_rest_is_on_record_before_it_is_disarmed)
{
	const struct record *count, *del;
	int id = arm(&self->station, 86400000);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, pulse(&self->station, id));
	ASSERT_EQ(0, station_disarm(&self->station, "rain"));
	ASSERT_EQ(0, station_read(&self->station));
	count = record_log_find(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id, 0);
	del = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_DEL, (uint32_t)id, 0);
	ASSERT_NE(NULL, count);
	ASSERT_NE(NULL, del);
	EXPECT_EQ(count->seq + 1, del->seq);
	EXPECT_EQ(1, le32toh(record_count(count).count));
	EXPECT_GT(86400000, le32toh(record_count(count).interval));
	EXPECT_EQ(1, le64toh(record_source_end(del).sealed));
}

TEST_F(counter, both_edges_count_if_both_are_asked_for)
{
	const struct line line = { .name = "wheel",
				   .line = LINE,
				   .type = TONGBU_SOURCE_COUNTER,
				   .edges = TONGBU_EDGE_BOTH };
	int id = station_arm(&self->station, &line), i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	for (i = 0; i < 6; i++)
		ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, LINE, i % 2 == 0));
	ASSERT_EQ(0, station_disarm(&self->station, "wheel"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(6, sum_of(&self->station.log, id));
}

TEST_F(counter, bounces_of_a_contact_are_one_pulse)
{
	const struct line line = {
		.name = "rain", .line = LINE, .type = TONGBU_SOURCE_COUNTER, .debounce = 300000
	};
	const struct record *record;
	uint64_t before, after;
	int id = station_arm(&self->station, &line), i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	before = station_boottime();
	ASSERT_EQ(0, station_pull(LINE, true));
	after = station_boottime();
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, station_pull(LINE, i % 2 == 1));
	station_sleep_ms(1000);
	ASSERT_EQ(0, station_pull(LINE, false));
	station_sleep_ms(1000);
	ASSERT_EQ(0, station_disarm(&self->station, "rain"));
	ASSERT_EQ(0, station_read(&self->station));
	record = record_log_find(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(1, le32toh(record_count(record).count));
	EXPECT_LE(before, le64toh(record_count(record).first));
	EXPECT_GE(after + 5000000, le64toh(record_count(record).first));
}

TEST_F(counter, intervals_out_of_bounds_are_refused_in_words)
{
	static const uint32_t wrong[] = { 1, 99, 86400001, UINT32_MAX };
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		EXPECT_EQ(-ERANGE, arm(&self->station, wrong[i]));
		EXPECT_EQ(TONGBU_A_SOURCE_INTERVAL, self->station.nl.attr);
		EXPECT_NE(NULL, strstr(self->station.nl.text, "must be 100 to 86400000"))
		TH_LOG("%s", self->station.nl.text);
	}
	EXPECT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, 86400000));
}

TEST_F(counter, what_it_is_is_listed)
{
	struct source_state state;
	uint64_t before;
	int id = arm(&self->station, 2000);

	ASSERT_EQ(0, station_source(&self->station, (uint32_t)id, &state));
	EXPECT_EQ(0, state.state);
	EXPECT_EQ(0, state.last);
	before = station_boottime();
	ASSERT_EQ(0, pulse(&self->station, id));
	ASSERT_EQ(0, station_source(&self->station, (uint32_t)id, &state));
	EXPECT_LE(before, state.last);
	EXPECT_GE(station_boottime(), state.last);
}

TEST_F(counter, unloading_while_it_counts_is_clean)
{
	int id = arm(&self->station, 100);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_EQ(0, pulse(&self->station, id));
	tongbu_nl_close(&self->station.nl);
	ASSERT_EQ(0, station_unload_soon());
}

/* A ring that nobody empties: what finds no room is counted, numbers go on. */
TEST(G2_intervals_without_room_are_counted)
{
	struct station station;
	struct source_state state;
	uint64_t limit = station_boottime() + 60000000000ULL;
	int id;

	ASSERT_EQ(0, station_open(&station, STATION_QUIET " ring=64"));
	ASSERT_EQ(0, station_attach(&station));
	id = arm(&station, 100);
	do {
		station_sleep_ms(100);
		ASSERT_EQ(0, station_source(&station, (uint32_t)id, &state));
	} while (state.lost < 5 && station_boottime() < limit);
	EXPECT_LE(5, state.lost);
	ASSERT_EQ(0, station_read(&station));
	ASSERT_EQ(0, station_ack(&station));
	ASSERT_EQ(0, station_disarm(&station, "rain"));
	ASSERT_EQ(0, station_read(&station));
	EXPECT_LE(state.lost, record_log_lost(&station.log, (uint32_t)id));
	EXPECT_TRUE(record_log_whole(&station.log)) TH_LOG("%s", station.log.wrong);
	station_close(&station);
}

TEST_HARNESS_MAIN
