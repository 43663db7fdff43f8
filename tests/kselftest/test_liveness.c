// SPDX-License-Identifier: GPL-2.0-only
/* A source that must speak and does not is on record; so is when it speaks again. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "station.h"

#define LINE 1
#define MS   1000000ULL

FIXTURE(liveness)
{
	struct station station;
};

FIXTURE_SETUP(liveness)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(liveness)
{
	station_close(&self->station);
}

static int arm(struct station *station, uint32_t silent)
{
	const struct line line = {
		.name = "pump", .line = LINE, .edges = TONGBU_EDGE_RISING, .silent = silent
	};

	return station_arm(station, &line);
}

TEST_F(liveness, a_source_that_never_speaks_is_silent_once)
{
	const struct record *add, *record;
	struct tongbu_silence silence;
	int id = arm(&self->station, 200);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", self->station.nl.text);
	record = station_await(&self->station, TONGBU_KIND_SILENT, (uint32_t)id, 0);
	ASSERT_NE(NULL, record);
	add = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, (uint32_t)id, 0);
	EXPECT_EQ(200, le32toh(record_source_more(add).silent));
	silence = record_silence(record);
	EXPECT_LE(add->boottime, le64toh(silence.last));
	EXPECT_LE(200 * MS, le64toh(silence.silent));
	EXPECT_EQ(record->boottime, le64toh(silence.last) + le64toh(silence.silent));
	EXPECT_EQ(1, record->source_seq);
	EXPECT_EQ(TONGBU_UID_NONE, record->uid);
	station_sleep_ms(1000);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_SILENT, (uint32_t)id));
}

TEST_F(liveness, its_first_word_restores_it_and_is_on_record_behind)
{
	const struct record *silent, *restored, *edge;
	int id = arm(&self->station, 200);

	silent = station_await(&self->station, TONGBU_KIND_SILENT, (uint32_t)id, 0);
	ASSERT_NE(NULL, silent);
	ASSERT_EQ(0, station_pull_and_wait(&self->station, LINE, true));
	restored = station_await(&self->station, TONGBU_KIND_RESTORED, (uint32_t)id, 0);
	edge = station_await(&self->station, TONGBU_KIND_EDGE, (uint32_t)id, 0);
	ASSERT_NE(NULL, restored);
	ASSERT_NE(NULL, edge);
	EXPECT_EQ(restored->seq + 1, edge->seq);
	EXPECT_EQ(restored->boottime, edge->boottime);
	EXPECT_EQ(le64toh(record_silence(silent).last), le64toh(record_silence(restored).last));
	EXPECT_EQ(edge->boottime - le64toh(record_silence(silent).last),
		  le64toh(record_silence(restored).silent));
	/* And silent again, from that word on */
	silent = station_await(&self->station, TONGBU_KIND_SILENT, (uint32_t)id, 1);
	ASSERT_NE(NULL, silent);
	EXPECT_EQ(edge->boottime, le64toh(record_silence(silent).last));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(liveness, a_source_that_speaks_is_not_silent)
{
	const struct record *edge, *silent;
	int id = arm(&self->station, 3000), i;
	uint64_t apart, last = 0;

	for (i = 0; i < 8; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, LINE, true));
		ASSERT_EQ(0, station_pull(LINE, false));
		station_sleep_ms(700);
	}
	silent = station_await(&self->station, TONGBU_KIND_SILENT, (uint32_t)id, 0);
	ASSERT_NE(NULL, silent);
	for (i = 0; i < 8; i++) {
		edge = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id,
				       (size_t)i);
		ASSERT_NE(NULL, edge);
		apart = last ? edge->boottime - last : 0;
		last = edge->boottime;
		/* A machine so slow that the words were too far apart has proved nothing. */
		if (apart >= 3000 * MS)
			SKIP(return, "words %llu ms apart", (unsigned long long)(apart / MS));
	}
	EXPECT_LT(edge->seq, silent->seq);
	EXPECT_EQ(last, le64toh(record_silence(silent).last));
	EXPECT_LE(3000 * MS, le64toh(record_silence(silent).silent));
}

TEST_F(liveness, its_state_and_last_word_are_listed)
{
	struct source_state state;
	const struct record *edge;
	int id = arm(&self->station, 100);

	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_SILENT, (uint32_t)id, 0));
	ASSERT_EQ(0, station_source(&self->station, (uint32_t)id, &state));
	EXPECT_EQ(TONGBU_STATE_SILENT, state.state);
	EXPECT_EQ(0, state.last);
	ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, LINE, true));
	edge = station_await(&self->station, TONGBU_KIND_EDGE, (uint32_t)id, 0);
	ASSERT_NE(NULL, edge);
	ASSERT_EQ(0, station_source(&self->station, (uint32_t)id, &state));
	EXPECT_EQ(edge->boottime, state.last);
}

TEST_F(liveness, who_need_not_speak_may_be_silent)
{
	const struct line other = { .name = "tap", .line = 3 };
	int id = arm(&self->station, 100), quiet = station_arm(&self->station, &other);

	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_SILENT, (uint32_t)id, 0));
	station_sleep_ms(500);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_SILENT, (uint32_t)quiet));
}

TEST_F(liveness, pulses_are_words_of_a_counter_and_its_records_are_not)
{
	const struct line line = { .name = "rain",
				   .line = LINE,
				   .type = TONGBU_SOURCE_COUNTER,
				   .interval = 100,
				   .silent = 500 };
	const struct record *silent, *restored;
	struct source_state state;
	int id = station_arm(&self->station, &line);

	silent = station_await(&self->station, TONGBU_KIND_SILENT, (uint32_t)id, 0);
	ASSERT_NE(NULL, silent);
	EXPECT_LT(0, record_log_count(&self->station.log, TONGBU_KIND_COUNT, (uint32_t)id));
	ASSERT_EQ(0, station_pull_and_hear(&self->station, (uint32_t)id, LINE, true));
	ASSERT_EQ(0, station_source(&self->station, (uint32_t)id, &state));
	restored = station_await(&self->station, TONGBU_KIND_RESTORED, (uint32_t)id, 0);
	ASSERT_NE(NULL, restored);
	EXPECT_EQ(state.last, restored->boottime);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(liveness, a_disarmed_source_is_not_silent)
{
	int first = arm(&self->station, 300), second;

	ASSERT_EQ(0, station_disarm(&self->station, "pump"));
	/* One that comes after tells how long to wait for the other. */
	second = arm(&self->station, 600);
	ASSERT_NE(NULL, station_await(&self->station, TONGBU_KIND_SILENT, (uint32_t)second, 0));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_SILENT, (uint32_t)first));
	ASSERT_EQ(0, station_disarm(&self->station, "pump"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(liveness, unloading_with_the_timer_set_is_clean)
{
	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, 10));
	tongbu_nl_close(&self->station.nl);
	ASSERT_EQ(0, station_unload_soon());
}

TEST_HARNESS_MAIN
