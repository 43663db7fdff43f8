// SPDX-License-Identifier: GPL-2.0-only
/* Clocks: each comes due once, in order, whatever is done to the time of day. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "station.h"

#define MS     1000000ULL
#define SECOND (1000 * MS)
#define DAY    (86400 * SECOND)

FIXTURE(due)
{
	struct station station;
};

FIXTURE_SETUP(due)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(due)
{
	station_close(&self->station);
}

static int arm_on(struct tongbu_nl *nl, uint64_t id, uint64_t when)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_CLOCK_ARM);

	nla_put_u64(msg, TONGBU_A_CLOCK_ID, id);
	nla_put_u64(msg, TONGBU_A_CLOCK_DUE, when);
	return tongbu_nl_do(nl, msg);
}

static int arm(struct station *station, uint64_t id, uint64_t when)
{
	return arm_on(&station->nl, id, when);
}

static int cancel(struct station *station, uint64_t id)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_CLOCK_CANCEL);

	nla_put_u64(msg, TONGBU_A_CLOCK_ID, id);
	return tongbu_nl_do(&station->nl, msg);
}

static size_t dues(struct station *station)
{
	return record_log_count(&station->log, TONGBU_KIND_DUE, ANY_SOURCE);
}

static const struct record *nth_due(struct station *station, size_t nth)
{
	return record_log_find(&station->log, TONGBU_KIND_DUE, TONGBU_SOURCE_CLOCKS, nth);
}

/* Read until that many clocks have come due, and a little longer */
static int wait_for_dues(struct station *station, size_t count)
{
	uint64_t limit = station_boottime() + 60 * SECOND;
	int err;

	do {
		err = station_read(station);
		if (err || dues(station) >= count)
			break;
		station_sleep_ms(20);
	} while (station_boottime() < limit);
	station_sleep_ms(100);
	return err ? err : station_read(station);
}

static int step_clock_by(long seconds)
{
	struct timex timex = { .modes = ADJ_SETOFFSET, .time.tv_sec = seconds };

	return adjtimex(&timex) < 0 ? -errno : 0;
}

TEST_F(due, a_clock_comes_due_once)
{
	uint64_t when = station_realtime() + 200 * MS;
	const struct record *record;
	struct tongbu_due due;

	ASSERT_EQ(0, arm(&self->station, 7, when)) TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_CLOCKS));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, dues(&self->station));
	ASSERT_EQ(0, wait_for_dues(&self->station, 1));
	ASSERT_EQ(1, dues(&self->station));
	record = nth_due(&self->station, 0);
	ASSERT_NE(NULL, record);
	ASSERT_EQ(sizeof(due), record->length);
	due = record_due(record);
	EXPECT_EQ(7, le64toh(due.id));
	EXPECT_EQ(when, le64toh(due.due));
	EXPECT_EQ(record->realtime, when + le64toh(due.lateness));
	EXPECT_GT(SECOND, le64toh(due.lateness));
	EXPECT_EQ(1, record->source_seq);
	EXPECT_EQ(TONGBU_UID_NONE, record->uid);
	EXPECT_EQ(0, record->pid);
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_CLOCKS));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
}

TEST_F(due, a_time_that_has_passed_is_due_at_once)
{
	uint64_t now = station_realtime();
	struct tongbu_due due;

	ASSERT_EQ(0, arm(&self->station, 1, now - DAY));
	/* Else the second, of an earlier time, may come first */
	ASSERT_EQ(0, wait_for_dues(&self->station, 1));
	ASSERT_EQ(0, arm(&self->station, 2, 0));
	ASSERT_EQ(0, wait_for_dues(&self->station, 2));
	ASSERT_EQ(2, dues(&self->station));
	due = record_due(nth_due(&self->station, 0));
	EXPECT_EQ(1, le64toh(due.id));
	EXPECT_LE(DAY, le64toh(due.lateness));
	EXPECT_GT(DAY + 10 * SECOND, le64toh(due.lateness));
	due = record_due(nth_due(&self->station, 1));
	EXPECT_EQ(2, le64toh(due.id));
	EXPECT_LE(now, le64toh(due.lateness));
}

TEST_F(due, a_clock_that_is_armed_again_is_moved)
{
	uint64_t now = station_realtime();

	ASSERT_EQ(0, arm(&self->station, 1, now + DAY));
	ASSERT_EQ(0, arm(&self->station, 1, now + DAY));
	ASSERT_EQ(0, arm(&self->station, 2, now + 100 * MS));
	ASSERT_EQ(0, arm(&self->station, 2, now + DAY));
	ASSERT_EQ(0, arm(&self->station, 1, now + 100 * MS));
	EXPECT_EQ(2, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_CLOCKS));
	ASSERT_EQ(0, wait_for_dues(&self->station, 1));
	ASSERT_EQ(1, dues(&self->station));
	EXPECT_EQ(1, le64toh(record_due(nth_due(&self->station, 0)).id));
	EXPECT_EQ(now + 100 * MS, le64toh(record_due(nth_due(&self->station, 0)).due));
}

TEST_F(due, a_clock_that_is_cancelled_does_not_come_due)
{
	uint64_t now = station_realtime();

	ASSERT_EQ(0, arm(&self->station, 1, now + 300 * MS));
	ASSERT_EQ(0, arm(&self->station, 2, now + 400 * MS));
	ASSERT_EQ(0, cancel(&self->station, 1));
	EXPECT_EQ(-ENOENT, cancel(&self->station, 1));
	ASSERT_EQ(0, wait_for_dues(&self->station, 1));
	ASSERT_EQ(1, dues(&self->station));
	EXPECT_EQ(2, le64toh(record_due(nth_due(&self->station, 0)).id));
	EXPECT_EQ(-EALREADY, cancel(&self->station, 2));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "came due in record"))
	TH_LOG("%s", self->station.nl.text);
}

TEST_F(due, a_clock_keeps_to_the_time_of_day)
{
	uint64_t now = station_realtime();

	ASSERT_EQ(0, arm(&self->station, 1, now + 2 * SECOND));
	ASSERT_EQ(0, step_clock_by(-3600));
	station_sleep_ms(2500);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, dues(&self->station));
	ASSERT_EQ(0, step_clock_by(3600));
	ASSERT_EQ(0, wait_for_dues(&self->station, 1));
	EXPECT_EQ(1, dues(&self->station));
}

#define MANY 10000U

static int by_due(const void *a, const void *b)
{
	const struct tongbu_due *x = a, *y = b;

	if (x->due != y->due)
		return le64toh(x->due) < le64toh(y->due) ? -1 : 1;
	return (le64toh(x->id) > le64toh(y->id)) - (le64toh(x->id) < le64toh(y->id));
}

TEST_F(due, ten_thousand_clocks_over_a_year_stepped_forward_and_back)
{
	struct tongbu_due *armed = calloc(MANY, sizeof(*armed)), due;
	uint64_t now = station_realtime(), begun;
	const struct record *record;
	uint32_t i;

	ASSERT_NE(NULL, armed);
	begun = station_boottime();
	for (i = 0; i < MANY; i++) {
		/* In no order, some at the same time, all within a year */
		armed[i].id = htole64(i * 7919ULL % MANY);
		armed[i].due = htole64(now + DAY + i * 104729ULL % 364 * DAY + i % 4);
		ASSERT_EQ(0, arm(&self->station, le64toh(armed[i].id), le64toh(armed[i].due)))
		TH_LOG("%s", self->station.nl.text);
	}
	TH_LOG("%u clocks armed in %llu ms", MANY,
	       (unsigned long long)((station_boottime() - begun) / MS));
	EXPECT_EQ(MANY, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_CLOCKS));
	begun = station_boottime();
	ASSERT_EQ(0, step_clock_by(366 * 86400));
	ASSERT_EQ(0, wait_for_dues(&self->station, MANY));
	ASSERT_EQ(0, step_clock_by(-366 * 86400));
	TH_LOG("due in %llu ms", (unsigned long long)((station_boottime() - begun) / MS));
	station_sleep_ms(200);
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(MANY, dues(&self->station));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_CLOCKS));

	/* Record 0, ATTACH, the step, the clocks in their order, the step back */
	ASSERT_EQ(MANY + 4, self->station.log.count);
	EXPECT_EQ(TONGBU_KIND_CLOCK, self->station.log.record[2].kind);
	EXPECT_EQ(TONGBU_KIND_CLOCK, self->station.log.record[MANY + 3].kind);
	qsort(armed, MANY, sizeof(*armed), by_due);
	for (i = 0; i < MANY; i++) {
		record = &self->station.log.record[i + 3];
		due = record_due(record);
		ASSERT_EQ(TONGBU_KIND_DUE, record->kind);
		ASSERT_EQ(armed[i].id, due.id) TH_LOG("record %u", i + 3);
		ASSERT_EQ(armed[i].due, due.due) TH_LOG("record %u", i + 3);
	}
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_EQ(0, record_log_lost(&self->station.log, ANY_SOURCE));
	free(armed);
}

static int arm_as_another(void *arg)
{
	const uint64_t *now = arg;
	struct tongbu_nl nl;
	int err = tongbu_nl_open(&nl);

	if (!err)
		err = arm_on(&nl, 6, *now + DAY);
	return err == -EBUSY && !strstr(nl.text, "test_due") ? -EBADMSG : err;
}

TEST_F(due, G5_a_clock_comes_due_while_nobody_reads)
{
	uint64_t now = station_realtime();

	ASSERT_EQ(0, arm(&self->station, 5, now + 300 * MS));
	tongbu_nl_close(&self->station.nl);
	station_sleep_ms(500);
	ASSERT_EQ(0, tongbu_nl_open(&self->station.nl));
	ASSERT_EQ(0, station_attach(&self->station));
	/* The new owner's ledger shows it as open: it has yet to read. */
	EXPECT_EQ(-EALREADY, arm(&self->station, 5, now + 300 * MS));
	EXPECT_EQ(TONGBU_A_CLOCK_ID, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "read it first"))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, dues(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	/* Acknowledged, it is forgotten: the number serves again. */
	ASSERT_EQ(0, arm(&self->station, 5, now + 300 * MS));
	ASSERT_EQ(0, wait_for_dues(&self->station, 2));
	EXPECT_EQ(2, dues(&self->station));
	/* And with another time it does so at once. */
	ASSERT_EQ(0, arm(&self->station, 5, now + 301 * MS));
	ASSERT_EQ(0, wait_for_dues(&self->station, 3));
	EXPECT_EQ(3, dues(&self->station));
	/* Another process, of root as well, arms none. */
	EXPECT_EQ(-EBUSY, station_run_as(NULL, arm_as_another, &now));
}

TEST_F(due, what_cannot_be_armed_is_refused_in_words)
{
	struct nl_msg *msg;
	struct tongbu_nl other;

	EXPECT_EQ(-ERANGE, arm(&self->station, 1, UINT64_MAX));
	EXPECT_EQ(TONGBU_A_CLOCK_DUE, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "the most"))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, arm(&self->station, UINT64_MAX, INT64_MAX));
	EXPECT_EQ(-ENOENT, cancel(&self->station, 9));
	EXPECT_EQ(TONGBU_A_CLOCK_ID, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "no clock 9"))
	TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(-EINVAL, tongbu_nl_call(&self->station.nl, TONGBU_CMD_CLOCK_ARM));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "CLOCK_ID is missing"));
	EXPECT_EQ(-EINVAL, tongbu_nl_call(&self->station.nl, TONGBU_CMD_CLOCK_CANCEL));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "CLOCK_ID is missing"));
	msg = tongbu_nl_request(&self->station.nl, TONGBU_CMD_CLOCK_ARM);
	nla_put_u64(msg, TONGBU_A_CLOCK_ID, 1);
	EXPECT_EQ(-EINVAL, tongbu_nl_do(&self->station.nl, msg));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "CLOCK_DUE is missing"));
	tongbu_nl_close(&self->station.nl);
	ASSERT_EQ(0, tongbu_nl_open(&other));
	EXPECT_EQ(-ENOTCONN, arm_on(&other, 1, 1));
	EXPECT_NE(NULL, strstr(other.text, "/dev/tongbu")) TH_LOG("%s", other.text);
	tongbu_nl_close(&other);
}

struct listing {
	uint64_t count;
	uint64_t last;
	uint64_t done;
};

static int take_clock(struct nlattr **attrs, void *arg)
{
	struct listing *list = arg;
	uint64_t id;

	if (!attrs[TONGBU_A_CLOCK_ID] || !attrs[TONGBU_A_CLOCK_DUE])
		return -EBADMSG;
	id = nla_get_u64(attrs[TONGBU_A_CLOCK_ID]);
	if (list->count && id <= list->last)
		return -EPROTO;
	list->last = id;
	list->count++;
	list->done += !!attrs[TONGBU_A_SEQ];
	return 0;
}

TEST_F(due, the_list_has_all_clocks_in_order)
{
	uint64_t now = station_realtime(), i;
	struct listing list = { 0 };

	for (i = 0; i < 1000; i++)
		ASSERT_EQ(0, arm(&self->station, i * 617 % 1000, now + DAY - i % 3));
	ASSERT_EQ(0, arm(&self->station, UINT64_MAX, now));
	ASSERT_EQ(0, wait_for_dues(&self->station, 1));
	ASSERT_EQ(0, tongbu_nl_dump(&self->station.nl,
				    tongbu_nl_request(&self->station.nl, TONGBU_CMD_CLOCK_GET),
				    take_clock, &list));
	EXPECT_EQ(1001, list.count);
	EXPECT_EQ(UINT64_MAX, list.last);
	EXPECT_EQ(1, list.done);
}

FIXTURE(cramped)
{
	struct station station;
};

FIXTURE_SETUP(cramped)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET " ring=64 clocks=200"));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(cramped)
{
	station_close(&self->station);
}

TEST_F(cramped, G2_a_full_ring_delays_clocks_and_loses_none)
{
	uint64_t now = station_realtime(), i;

	for (i = 0; i < 200; i++)
		ASSERT_EQ(0, arm(&self->station, i, now - SECOND + i));
	station_sleep_ms(300);
	for (i = 0; i < 20 && dues(&self->station) < 200; i++) {
		ASSERT_EQ(0, station_read(&self->station));
		ASSERT_EQ(0, station_ack(&self->station));
		station_sleep_ms(100);
	}
	ASSERT_EQ(200, dues(&self->station));
	for (i = 0; i < 200; i++)
		ASSERT_EQ(i, le64toh(record_due(nth_due(&self->station, i)).id));
	EXPECT_EQ(0, record_log_lost(&self->station.log, ANY_SOURCE));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(cramped, the_number_of_clocks_is_bounded)
{
	uint64_t now = station_realtime(), i;

	ASSERT_EQ(200, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_CLOCKS_MAX));
	for (i = 0; i < 200; i++)
		ASSERT_EQ(0, arm(&self->station, i, now + DAY));
	EXPECT_EQ(-ENOSPC, arm(&self->station, 200, now + DAY));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "200 clocks, the most"))
	TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(0, arm(&self->station, 199, now + 2 * DAY));
	EXPECT_EQ(0, cancel(&self->station, 0));
	EXPECT_EQ(0, arm(&self->station, 200, now + DAY));
}

TEST_HARNESS_MAIN
