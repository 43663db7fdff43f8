// SPDX-License-Identifier: GPL-2.0-only
/* How far the clock is from the pulses of a full second is on record. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "station.h"

#define LINE   3
#define SECOND 1000000000LL

/* Between two readings of the clock that belong together, ns */
#define APART 20000000LL

FIXTURE(pps)
{
	struct station station;
};

FIXTURE_SETUP(pps)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(pps)
{
	station_close(&self->station);
}

static const struct line pps_line = {
	.name = "gnss", .line = LINE, .type = TONGBU_SOURCE_PPS, .interval = 3600000
};

/* CLOCK_REALTIME less CLOCK_BOOTTIME, which nobody steps here */
static int64_t realtime_offset(void)
{
	int64_t best = INT64_MAX, offset = 0;
	int i;

	for (i = 0; i < 100; i++) {
		uint64_t before = station_boottime(), real = station_realtime();
		int64_t took = (int64_t)(station_boottime() - before);

		if (took >= best)
			continue;
		best = took;
		offset = (int64_t)(real - before);
	}
	return offset;
}

static int64_t from_full_second(int64_t real)
{
	int64_t past = real % SECOND;

	return past > SECOND / 2 ? past - SECOND : past;
}

/* A pulse at that time of a second, or later; returns how far it was from a full one. */
static int64_t pulse_at(struct station *station, int id, int64_t phase)
{
	struct source_state state = { 0 };

	while ((int64_t)station_realtime() % SECOND / (SECOND / 20) != phase / (SECOND / 20))
		station_sleep_ms(1);
	if (station_pull_and_hear(station, (uint32_t)id, LINE, true) || station_pull(LINE, false) ||
	    station_source(station, (uint32_t)id, &state))
		return INT64_MAX;
	return from_full_second((int64_t)state.last + realtime_offset());
}

TEST_F(pps, offsets_of_the_clock_are_on_record)
{
	const struct record *record;
	struct tongbu_pps pps;
	int64_t early, late, mean;
	int id = station_arm(&self->station, &pps_line);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", self->station.nl.text);
	/* The clock is behind the pulse, then ahead of it. */
	early = pulse_at(&self->station, id, 600000000);
	late = pulse_at(&self->station, id, 200000000);
	ASSERT_NE(INT64_MAX, early);
	ASSERT_NE(INT64_MAX, late);
	ASSERT_EQ(0, station_disarm(&self->station, "gnss"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_EDGE, ANY_SOURCE));
	ASSERT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_PPS, (uint32_t)id));
	record = record_log_find(&self->station.log, TONGBU_KIND_PPS, (uint32_t)id, 0);
	pps = record_pps(record);
	EXPECT_EQ(2, le32toh(pps.pulses));
	mean = (early + late) / 2;
	EXPECT_GT(APART, llabs((int64_t)le64toh(pps.min) - (early < late ? early : late)));
	EXPECT_GT(APART, llabs((int64_t)le64toh(pps.max) - (early < late ? late : early)));
	EXPECT_GT(APART, llabs((int64_t)le64toh(pps.mean) - mean));
	EXPECT_LE((int64_t)le64toh(pps.min), (int64_t)le64toh(pps.mean));
	EXPECT_GE((int64_t)le64toh(pps.max), (int64_t)le64toh(pps.mean));
	TH_LOG("min %lld, mean %lld, max %lld ns", (long long)le64toh(pps.min),
	       (long long)le64toh(pps.mean), (long long)le64toh(pps.max));
}

TEST_F(pps, seconds_without_a_pulse_are_counted)
{
	struct line line = pps_line;
	const struct record *record, *add;
	uint64_t seconds, missed = 0;
	size_t i;
	int id;

	line.interval = 2000;
	id = station_arm(&self->station, &line);
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_PPS, (uint32_t)id, 2));
	add = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, (uint32_t)id, 0);
	for (i = 0; i < 3; i++) {
		record = record_log_find(&self->station.log, TONGBU_KIND_PPS, (uint32_t)id, i);
		EXPECT_EQ(0, le32toh(record_pps(record).pulses));
		EXPECT_EQ(0, le64toh(record_pps(record).min));
		EXPECT_EQ(0, le64toh(record_pps(record).mean));
		EXPECT_EQ(0, le64toh(record_pps(record).max));
		missed += le32toh(record_pps(record).missed);
	}
	/* The last one may be on its way. */
	seconds = (record->boottime - add->boottime) / (uint64_t)SECOND;
	EXPECT_LE(seconds, missed + 1);
	EXPECT_GE(seconds, missed);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(pps, pulses_between_are_no_full_seconds)
{
	const struct record *record;
	struct tongbu_pps pps;
	uint64_t seconds;
	int id = station_arm(&self->station, &pps_line), i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, LINE, true));
		ASSERT_EQ(0, station_pull(LINE, false));
	}
	ASSERT_EQ(0, station_disarm(&self->station, "gnss"));
	ASSERT_EQ(0, station_read(&self->station));
	record = record_log_find(&self->station.log, TONGBU_KIND_PPS, (uint32_t)id, 0);
	pps = record_pps(record);
	seconds = record->boottime -
		  record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, (uint32_t)id, 0)
			  ->boottime;
	EXPECT_EQ(20, le32toh(pps.pulses));
	EXPECT_GE(seconds / (uint64_t)SECOND, le32toh(pps.missed));
}

TEST_F(pps, what_makes_no_sense_is_refused_in_words)
{
	struct line line = pps_line;

	line.edges = TONGBU_EDGE_BOTH;
	EXPECT_EQ(-EINVAL, station_arm(&self->station, &line));
	EXPECT_EQ(TONGBU_A_GPIO_EDGES, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "say which"))
	TH_LOG("%s", self->station.nl.text);
	line.edges = TONGBU_EDGE_FALLING;
	line.debounce = 1000;
	EXPECT_EQ(-EINVAL, station_arm(&self->station, &line));
	EXPECT_EQ(TONGBU_A_GPIO_DEBOUNCE, self->station.nl.attr);
	line.debounce = 0;
	line.interval = 999;
	EXPECT_EQ(-ERANGE, station_arm(&self->station, &line));
	EXPECT_EQ(TONGBU_A_SOURCE_INTERVAL, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "must be 1000 to"))
	TH_LOG("%s", self->station.nl.text);
	line.interval = 0;
	EXPECT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
}

TEST_HARNESS_MAIN
