// SPDX-License-Identifier: GPL-2.0-only
/* G7: who sets the clock is on record; and the recorder tells that it lives. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "station.h"

#define SECOND 1000000000LL

/* Reading a clock and setting it are two calls: what may lie between, ns */
#define SLACK SECOND

/* Heartbeats of the fixture below, ns */
#define BEAT 200000000ULL

FIXTURE(clock)
{
	struct station station;
};

FIXTURE_SETUP(clock)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(clock)
{
	station_close(&self->station);
}

static int set_clock_by(long seconds)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += seconds;
	return clock_settime(CLOCK_REALTIME, &ts) ? -errno : 0;
}

/* By exactly that much; @micros from 0 to 999,999 */
static int step_clock_by(long seconds, long micros)
{
	struct timex timex = { .modes = ADJ_SETOFFSET };

	timex.time.tv_sec = seconds;
	timex.time.tv_usec = micros;
	return adjtimex(&timex) < 0 ? -errno : 0;
}

static int64_t offset_of(const struct record *record)
{
	return (int64_t)(record->realtime - record->boottime);
}

static int64_t before(const struct record *record)
{
	return (int64_t)le64toh(record_clock(record).before);
}

static int64_t after(const struct record *record)
{
	return (int64_t)le64toh(record_clock(record).after);
}

/* The nth CLOCK record, waited for, since a step is noticed in an interrupt */
static const struct record *nth_clock(struct station *station, size_t nth)
{
	const struct record *record;
	int tries;

	for (tries = 0; tries < 100; tries++) {
		if (station_read(station))
			return NULL;
		record = record_log_find(&station->log, TONGBU_KIND_CLOCK, TONGBU_SOURCE_RECORDER,
					 nth);
		if (record)
			return record;
		station_sleep_ms(10);
	}
	return NULL;
}

TEST_F(clock, G7_a_clock_that_is_set_is_on_record)
{
	const struct record *forth, *back;

	ASSERT_EQ(0, set_clock_by(5));
	forth = nth_clock(&self->station, 0);
	ASSERT_EQ(0, set_clock_by(-5));
	back = nth_clock(&self->station, 1);
	ASSERT_NE(NULL, forth);
	ASSERT_NE(NULL, back);
	ASSERT_EQ(sizeof(struct tongbu_clock), forth->length);
	EXPECT_EQ(TONGBU_CLOCK_STEPPED, le32toh(record_clock(forth).cause));
	EXPECT_EQ(0, le32toh(record_clock(forth).synced));
	EXPECT_EQ(TONGBU_UID_NONE, forth->uid);
	EXPECT_GE(5 * SECOND, after(forth) - before(forth));
	EXPECT_LE(5 * SECOND - SLACK, after(forth) - before(forth));
	EXPECT_EQ(TONGBU_CLOCK_STEPPED, le32toh(record_clock(back).cause));
	EXPECT_EQ(after(forth), before(back));
	EXPECT_GE(-5 * SECOND, after(back) - before(back));
	EXPECT_LE(-5 * SECOND - SLACK, after(back) - before(back));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
}

TEST_F(clock, G7_a_step_is_told_to_the_nanosecond)
{
	const struct record *record;
	const struct line line = { .name = "door", .line = 1, .edges = TONGBU_EDGE_RISING };
	int64_t first;
	size_t i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 1, true));
	ASSERT_EQ(0, station_pull(1, false));
	ASSERT_EQ(0, step_clock_by(3, 250000));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 1, true));
	ASSERT_EQ(0, step_clock_by(-4, 750000));
	record = nth_clock(&self->station, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(3 * SECOND + SECOND / 4, after(record) - before(record));
	record = nth_clock(&self->station, 1);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(-3 * SECOND - SECOND / 4, after(record) - before(record));
	EXPECT_EQ(2, record_log_count(&self->station.log, TONGBU_KIND_CLOCK, ANY_SOURCE));
	/* The two stamps of every record differ by what was last told. */
	first = offset_of(&self->station.log.record[0]);
	for (i = 0; i < self->station.log.count; i++) {
		record = &self->station.log.record[i];
		if (record->kind == TONGBU_KIND_CLOCK) {
			EXPECT_EQ(first, before(record));
			first = after(record);
		}
		EXPECT_EQ(first, offset_of(record)) TH_LOG("record %zu", i);
	}
}

TEST_F(clock, a_clock_that_is_slewed_is_not_stepped)
{
	struct timex timex = { .modes = ADJ_OFFSET_SINGLESHOT, .offset = 100 };

	ASSERT_LE(0, adjtimex(&timex));
	station_sleep_ms(300);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_CLOCK, ANY_SOURCE));
	memset(&timex, 0, sizeof(timex));
	timex.modes = ADJ_OFFSET_SINGLESHOT;
	ASSERT_LE(0, adjtimex(&timex));
}

static int tell(struct tongbu_nl *nl, uint8_t synced, uint32_t error)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_CLOCK_STATE);

	nla_put_u8(msg, TONGBU_A_CLOCK_SYNCED, synced);
	if (error) {
		nla_put_u32(msg, TONGBU_A_CLOCK_ESTERROR, error);
		nla_put_u32(msg, TONGBU_A_CLOCK_MAXERROR, error + 1);
	}
	return tongbu_nl_do(nl, msg);
}

TEST_F(clock, G7_the_owner_tells_when_the_clock_is_synchronised)
{
	const struct record *record;
	struct tongbu_clock clock;
	struct outcome outcome;

	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "1", 1, &outcome));
	ASSERT_EQ(0, tell(&self->station.nl, 1, 400)) TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "2", 1, &outcome));
	/* The same again is no news. */
	ASSERT_EQ(0, tell(&self->station.nl, 1, 500));
	ASSERT_EQ(0, tell(&self->station.nl, 0, 0));
	ASSERT_EQ(0, tell(&self->station.nl, 0, 0));
	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "3", 1, &outcome));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(2, record_log_count(&self->station.log, TONGBU_KIND_CLOCK, ANY_SOURCE));

	record = record_log_find(&self->station.log, TONGBU_KIND_CLOCK, ANY_SOURCE, 0);
	clock = record_clock(record);
	EXPECT_EQ(getuid(), record->uid);
	EXPECT_EQ((uint32_t)getpid(), record->pid);
	EXPECT_EQ(TONGBU_CLOCK_SYNC, le32toh(clock.cause));
	EXPECT_EQ(1, le32toh(clock.synced));
	EXPECT_EQ(400, le32toh(clock.esterror));
	EXPECT_EQ(401, le32toh(clock.maxerror));
	EXPECT_EQ(offset_of(record), before(record));
	EXPECT_EQ(before(record), after(record));
	record = record_log_find(&self->station.log, TONGBU_KIND_CLOCK, ANY_SOURCE, 1);
	clock = record_clock(record);
	EXPECT_EQ(TONGBU_CLOCK_SYNC, le32toh(clock.cause));
	EXPECT_EQ(0, le32toh(clock.synced));
	EXPECT_EQ(UINT32_MAX, le32toh(clock.esterror));

	record = record_log_find(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE, 0);
	EXPECT_EQ(0, record->flags & TONGBU_RECORD_SYNCED);
	record = record_log_find(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE, 1);
	EXPECT_EQ(TONGBU_RECORD_SYNCED, record->flags & TONGBU_RECORD_SYNCED);
	record = record_log_find(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE, 2);
	EXPECT_EQ(0, record->flags & TONGBU_RECORD_SYNCED);
}

TEST_F(clock, a_step_does_not_forget_the_synchronisation)
{
	const struct record *record;

	ASSERT_EQ(0, tell(&self->station.nl, 1, 400));
	ASSERT_EQ(0, step_clock_by(1, 0));
	record = nth_clock(&self->station, 1);
	ASSERT_EQ(0, step_clock_by(-1, 0));
	ASSERT_NE(NULL, record);
	EXPECT_EQ(TONGBU_CLOCK_STEPPED, le32toh(record_clock(record).cause));
	EXPECT_EQ(1, le32toh(record_clock(record).synced));
	EXPECT_EQ(TONGBU_RECORD_SYNCED, record->flags & TONGBU_RECORD_SYNCED);
}

static int tell_as_another(void *arg)
{
	struct tongbu_nl nl;
	int err = tongbu_nl_open(&nl);

	(void)arg;
	if (!err)
		err = tell(&nl, 1, 400);
	return err == -EBUSY && !strstr(nl.text, "test_clock") ? -EBADMSG : err;
}

TEST_F(clock, only_the_owner_tells_of_the_clock)
{
	struct tongbu_nl other;

	ASSERT_EQ(0, tongbu_nl_open(&other));
	EXPECT_EQ(-EBUSY, station_run_as(NULL, tell_as_another, NULL));
	EXPECT_EQ(-ERANGE, tell(&self->station.nl, 2, 400));
	EXPECT_EQ(TONGBU_A_CLOCK_SYNCED, self->station.nl.attr);
	EXPECT_EQ(-EINVAL, tongbu_nl_call(&self->station.nl, TONGBU_CMD_CLOCK_STATE));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "CLOCK_SYNCED is missing"))
	TH_LOG("%s", self->station.nl.text);
	tongbu_nl_close(&self->station.nl);
	EXPECT_EQ(-ENOTCONN, tell(&other, 1, 400));
	ASSERT_EQ(0, tongbu_nl_attach(&other));
	ASSERT_EQ(0, record_log_read(&self->station.log, &other));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_CLOCK, ANY_SOURCE));
	tongbu_nl_close(&other);
}

TEST_F(clock, no_heartbeat_before_its_time)
{
	station_sleep_ms(500);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE));
	EXPECT_EQ(3600000, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_HEARTBEAT));
}

FIXTURE(heartbeat)
{
	struct station station;
};

FIXTURE_SETUP(heartbeat)
{
	ASSERT_EQ(0, station_open(&self->station, "heartbeat=200"));
}

FIXTURE_TEARDOWN(heartbeat)
{
	station_close(&self->station);
}

TEST_F(heartbeat, G6_heartbeats_come_at_their_interval)
{
	const struct record *first, *last, *record;
	struct tongbu_heartbeat body;
	size_t i, count;

	station_sleep_ms(3000);
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	count = record_log_count(&self->station.log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE);
	ASSERT_LE(10, count);
	first = record_log_find(&self->station.log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE, 0);
	for (i = 0; i < count; i++) {
		record = record_log_find(&self->station.log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE, i);
		EXPECT_EQ(TONGBU_SOURCE_RECORDER, record->source);
		EXPECT_EQ(TONGBU_UID_NONE, record->uid);
		EXPECT_EQ(0, record->pid);
		ASSERT_EQ(sizeof(body), record->length);
		body = record_heartbeat(record);
		/* Each tells how it was just before: record 0 and those before it. */
		EXPECT_EQ(record->seq, le32toh(body.used));
		EXPECT_LE(le32toh(body.used), le32toh(body.high_water));
		EXPECT_EQ(0, le64toh(body.acked));
		EXPECT_EQ(0, le64toh(body.lost));
		EXPECT_EQ(0, le32toh(body.attached));
		EXPECT_EQ(0, le32toh(body.sources));
	}
	/* On a grid: one may be late, and on a slow machine left out. */
	last = record_log_find(&self->station.log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE, count - 1);
	EXPECT_LE(count * BEAT - BEAT * 3 / 2, last->boottime - first->boottime);
	EXPECT_GE(count * BEAT + BEAT, last->boottime - first->boottime);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	TH_LOG("%zu heartbeats in %llu ms", count,
	       (unsigned long long)(last->boottime - first->boottime) / 1000000);
}

TEST_F(heartbeat, G6_heartbeats_tell_how_the_recorder_fares)
{
	const struct line line = { .name = "door", .line = 1, .edges = TONGBU_EDGE_RISING };
	const struct record *record = NULL;
	struct tongbu_heartbeat body;
	struct outcome outcome;
	uint64_t acked;
	size_t i, count;

	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	EXPECT_EQ(-EPERM, station_submit_as("mallory", TONGBU_ACT_TEXT, "x", 1, &outcome));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	acked = self->station.log.next;
	station_sleep_ms(500);
	ASSERT_EQ(0, station_read(&self->station));
	count = record_log_count(&self->station.log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE);
	ASSERT_LE(1, count);
	record = record_log_find(&self->station.log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE, count - 1);
	body = record_heartbeat(record);
	EXPECT_LE(acked, record->seq);
	EXPECT_EQ(acked, le64toh(body.acked));
	EXPECT_EQ(record->seq - acked, le32toh(body.used));
	EXPECT_LE(acked, le32toh(body.high_water));
	EXPECT_EQ(1, le64toh(body.refused));
	EXPECT_EQ(0, le64toh(body.lost));
	EXPECT_EQ(1, le32toh(body.sources));
	EXPECT_EQ(1, le32toh(body.attached));
}

TEST_HARNESS_MAIN
