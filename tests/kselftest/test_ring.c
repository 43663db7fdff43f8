// SPDX-License-Identifier: GPL-2.0-only
/* G2 and G5: nothing is lost unless that is on record, reader or no reader. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "station.h"

FIXTURE(ring)
{
	struct station station;
};

FIXTURE_SETUP(ring)
{
	ASSERT_EQ(0, station_open(&self->station, "ring=256 " STATION_QUIET));
}

FIXTURE_TEARDOWN(ring)
{
	station_close(&self->station);
}

/* 1,000 edges into 256 records' room, nobody reading. Returns the source. */
static int overflow(struct station *station)
{
	const struct line line = { .name = "door", .line = 1, .edges = TONGBU_EDGE_RISING };
	int id = station_arm(station, &line), i, err;

	for (i = 0; id > 0 && i < 1000; i++) {
		err = station_pull_and_wait(station, 1, true);
		if (!err)
			err = station_pull(1, false);
		if (err)
			return err;
	}
	return id;
}

TEST_F(ring, G2_ring_full_is_a_sealed_record)
{
	const struct record *record;
	struct tongbu_lost lost;
	size_t edges;
	int id;

	id = overflow(&self->station);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_ACKED));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	edges = record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id);
	EXPECT_GT(256, edges);
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_LOST, ANY_SOURCE));
	EXPECT_EQ(1000 - edges, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_LOST));

	/* Room at last: the loss goes on record before anything else. */
	ASSERT_EQ(0, station_ack(&self->station));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 1, true));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_LOST, ANY_SOURCE));
	record = record_log_find(&self->station.log, TONGBU_KIND_LOST, (uint32_t)id, 0);
	ASSERT_NE(NULL, record);
	lost = record_lost(record);
	EXPECT_EQ(1000 - edges, le64toh(lost.count));
	EXPECT_EQ(TONGBU_LOST_RING, le32toh(lost.cause));
	EXPECT_EQ(1000, record->source_seq);
	EXPECT_LT(le64toh(lost.first), le64toh(lost.last));
	record = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id, edges - 1);
	EXPECT_GT(le64toh(lost.first), record->boottime);
	record = record_log_find(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id, edges);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(1001, record->source_seq);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
	TH_LOG("%zu sealed, %llu lost", edges, (unsigned long long)le64toh(lost.count));
}

TEST_F(ring, G2_ring_full_leaves_room_for_the_recorder)
{
	int id = overflow(&self->station);

	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	/* Who came to read is on record, though there was no room for edges. */
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_ATTACH, ANY_SOURCE));
}

TEST_F(ring, ring_full_refuses_changes_that_cannot_go_on_record)
{
	const struct line line = { .name = "late", .line = 2, .edges = TONGBU_EDGE_RISING };

	ASSERT_LE(TONGBU_SOURCE_FIRST, overflow(&self->station));
	EXPECT_EQ(-ENOBUFS, station_arm(&self->station, &line));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "ring is full"));
	EXPECT_EQ(-ENOBUFS, station_disarm(&self->station, "door"));
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_SOURCES));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	EXPECT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	EXPECT_EQ(0, station_disarm(&self->station, "door"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(ring, G2_acts_fill_half_and_hardware_still_fits)
{
	const struct line line = { .name = "door", .line = 1, .edges = TONGBU_EDGE_RISING };
	struct outcome outcome;
	int acts = 0, id, i;

	id = station_arm(&self->station, &line);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	while (acts < 256 && !station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome))
		acts++;
	EXPECT_EQ(128, acts);
	EXPECT_EQ(-ENOBUFS, outcome.err);
	EXPECT_NE(NULL, strstr(outcome.text, "half of the ring")) TH_LOG("%s", outcome.text);
	EXPECT_EQ(128, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_ACTS));
	for (i = 0; i < 80; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, 1, true));
		ASSERT_EQ(0, station_pull(1, false));
	}
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_LOST));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(80, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id));
	EXPECT_EQ(128, record_log_count(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE));
	/* Acknowledged acts make room for new ones. */
	ASSERT_EQ(0, station_ack(&self->station));
	EXPECT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome));
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_ACTS));
}

/* Many are turned away, and nobody reads that. */
TEST_F_TIMEOUT(ring, G5_refusals_take_room_from_nobody, 120)
{
	const struct line line = { .name = "door", .line = 1, .edges = TONGBU_EDGE_RISING };
	const uid_t first = 3000, users = 300;
	struct outcome outcome;
	int acts = 0, i;
	uid_t uid;

	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	for (uid = first; uid < first + users; uid++)
		ASSERT_EQ(-EPERM, station_submit_by(uid, &outcome));
	EXPECT_EQ(users, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_REFUSED));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_ACTS));
	while (acts < 256 && !station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome))
		acts++;
	EXPECT_EQ(128, acts);
	for (i = 0; i < 80; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, 1, true));
		ASSERT_EQ(0, station_pull(1, false));
	}
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_LOST));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(256, record_log_count(&self->station.log, TONGBU_KIND_REFUSED, ANY_SOURCE));
	EXPECT_EQ(80, record_log_count(&self->station.log, TONGBU_KIND_EDGE, ANY_SOURCE));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	/* What is acknowledged makes room for others. */
	ASSERT_EQ(0, station_ack(&self->station));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_USED));
}

FIXTURE(capture)
{
	struct station station;
};

FIXTURE_SETUP(capture)
{
	ASSERT_EQ(0, station_open(&self->station, "heartbeat=100 submit_rate=0"));
}

FIXTURE_TEARDOWN(capture)
{
	station_close(&self->station);
}

TEST_F(capture, G5_capture_goes_on_without_reader)
{
	const struct line line = { .name = "water", .line = 0, .edges = TONGBU_EDGE_BOTH };
	int id, i;

	id = station_arm(&self->station, &line);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	for (i = 0; i < 100; i++)
		ASSERT_EQ(0, station_pull(0, i % 2 == 0))
		{
		}
	station_sleep_ms(300);
	ASSERT_EQ(0, station_pull(0, true));
	station_sleep_ms(300);
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_LE(2, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id));
	EXPECT_LE(3, record_log_count(&self->station.log, TONGBU_KIND_HEARTBEAT, ANY_SOURCE));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

/* Moves two lines as fast as it can until it is killed */
static pid_t spawn_puller(uint32_t line)
{
	pid_t child = fork();
	bool up = false;

	if (child)
		return child;
	for (;; up = !up)
		if (station_pull(line, up) || station_pull(line + 1, up))
			_exit(1);
}

static pid_t spawn_submitter(const char *user)
{
	pid_t child = fork();
	struct outcome outcome;
	struct tongbu_nl nl;

	if (child)
		return child;
	if (station_become(user) || tongbu_nl_open(&nl))
		_exit(1);
	for (;;)
		station_submit(&nl, TONGBU_ACT_TEXT, "gate opened", 11, &outcome);
}

TEST_F(capture, G2_seq_has_no_gaps_under_load)
{
	const char *names[] = { "one", "two", "three", "four" };
	const char *users[] = { "alice", "bob", "alice", "bob" };
	struct line line = { .edges = TONGBU_EDGE_BOTH };
	uint64_t end = station_boottime() + 4000000000ULL;
	pid_t child[6];
	size_t i;

	ASSERT_EQ(0, station_attach(&self->station));
	for (i = 0; i < 4; i++) {
		line.name = names[i];
		line.line = (uint32_t)i;
		ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
		child[i] = spawn_submitter(users[i]);
	}
	child[4] = spawn_puller(0);
	child[5] = spawn_puller(2);
	while (station_boottime() < end) {
		ASSERT_EQ(0, station_read(&self->station)) TH_LOG("%s", self->station.nl.text);
		ASSERT_EQ(0, station_ack(&self->station)) TH_LOG("%s", self->station.nl.text);
	}
	for (i = 0; i < 6; i++) {
		kill(child[i], SIGKILL);
		ASSERT_EQ(child[i], waitpid(child[i], NULL, 0));
	}
	station_sleep_ms(100);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
	EXPECT_EQ(tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_LOST),
		  record_log_lost(&self->station.log, ANY_SOURCE));
	EXPECT_LT(100, record_log_count(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE));
	EXPECT_LT(100, record_log_count(&self->station.log, TONGBU_KIND_EDGE, ANY_SOURCE));
	TH_LOG("%zu records, %zu acts, %zu edges, %llu lost, %llu waits", self->station.log.count,
	       record_log_count(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE),
	       record_log_count(&self->station.log, TONGBU_KIND_EDGE, ANY_SOURCE),
	       (unsigned long long)record_log_lost(&self->station.log, ANY_SOURCE),
	       (unsigned long long)tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_WAITS));
}

TEST_HARNESS_MAIN
