// SPDX-License-Identifier: GPL-2.0-only
/* The machine sleeps: what came due meanwhile is due when it wakes. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "station.h"

#define MS     1000000ULL
#define SECOND (1000 * MS)

/* How long it sleeps; the real-time clock wakes it */
#define ASLEEP 5

FIXTURE(asleep)
{
	struct station station;
};

static uint64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

static uint64_t time_asleep(void)
{
	return station_boottime() - monotonic();
}

/* Woken once, QEMU's machine wakes at once when it is sent to sleep again: so
 * there is one test, with all that one sleep can show.
 */
static int sleep_soundly(void)
{
	uint64_t before = time_asleep();
	char text[16];

	snprintf(text, sizeof(text), "+%d", ASLEEP);
	if (station_put("/sys/class/rtc/rtc0/wakealarm", 0, text) ||
	    station_put("/sys/power/state", 0, "mem"))
		return -errno;
	return time_asleep() < before + 2 * SECOND ? -ETIME : 0;
}

static int arm(struct station *station, uint64_t id, uint64_t when)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_CLOCK_ARM);

	nla_put_u64(msg, TONGBU_A_CLOCK_ID, id);
	nla_put_u64(msg, TONGBU_A_CLOCK_DUE, when);
	return tongbu_nl_do(&station->nl, msg);
}

static const struct record *nth(struct station *station, uint16_t kind, size_t n)
{
	return record_log_find(&station->log, kind, ANY_SOURCE, n);
}

FIXTURE_SETUP(asleep)
{
	struct station *station = &self->station;

	/* As station_open() does, but without lines to lay at rest */
	memset(station, 0, sizeof(*station));
	ASSERT_EQ(0, station_load("heartbeat=2000"));
	ASSERT_EQ(0, record_log_init(&station->log));
	ASSERT_EQ(0, supervisor_new(&station->supervisor));
	ASSERT_EQ(0, tongbu_nl_open(&station->nl));
	ASSERT_EQ(0, station_start(station, station->supervisor.pubkey, TONGBU_KEY_LEN));
	ASSERT_EQ(0, station_attach(station));
}

FIXTURE_TEARDOWN(asleep)
{
	station_close(&self->station);
}

TEST_F(asleep, what_came_due_is_due_once_when_it_wakes_and_nothing_is_missing)
{
	struct station *station = &self->station;
	uint64_t now = station_realtime(), woken;
	const struct record *first, *second;
	struct tongbu_due due;
	size_t beats;

	ASSERT_EQ(0, arm(station, 2, now + 3 * SECOND));
	ASSERT_EQ(0, arm(station, 1, now + 2 * SECOND));
	ASSERT_EQ(0, arm(station, 3, now + 3600 * SECOND));
	ASSERT_EQ(0, sleep_soundly());
	woken = station_boottime();
	station_sleep_ms(4500);
	ASSERT_EQ(0, station_read(station));

	/* Both were due while it slept: earlier first, neither before it woke */
	ASSERT_EQ(2, record_log_count(&station->log, TONGBU_KIND_DUE, ANY_SOURCE));
	first = nth(station, TONGBU_KIND_DUE, 0);
	second = nth(station, TONGBU_KIND_DUE, 1);
	due = record_due(first);
	EXPECT_EQ(1, le64toh(due.id));
	EXPECT_EQ(first->realtime, le64toh(due.due) + le64toh(due.lateness));
	due = record_due(second);
	EXPECT_EQ(2, le64toh(due.id));
	/* What time it is then, the machine's clock tells in whole seconds. */
	EXPECT_LE(now + 3 * SECOND, first->realtime);
	EXPECT_LE(first->boottime, woken);
	EXPECT_EQ(1, tongbu_nl_info(&station->nl, TONGBU_A_INFO_CLOCKS));

	/* The heart goes on beating */
	beats = record_log_count(&station->log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE);
	ASSERT_LE(2, beats);
	EXPECT_LT(woken, nth(station, TONGBU_KIND_HEARTBEAT, beats - 1)->boottime);
	EXPECT_TRUE(record_log_whole(&station->log)) TH_LOG("%s", station->log.wrong);
	EXPECT_TRUE(supervisor_verify(&station->supervisor, &station->log))
	TH_LOG("%s", station->log.wrong);
}

TEST_HARNESS_MAIN
