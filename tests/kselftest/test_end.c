// SPDX-License-Identifier: GPL-2.0-only
/* G2: a chain ends by a record that was acknowledged, or visibly not at all. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "outputs.h"
#include "station.h"

FIXTURE(end)
{
	struct station station;
	struct tongbu_nl *nl;
};

FIXTURE_SETUP(end)
{
	ASSERT_EQ(0, station_open(&self->station, "heartbeat=100"));
	self->nl = &self->station.nl;
}

FIXTURE_TEARDOWN(end)
{
	station_close(&self->station);
}

/* The reader is killed, records lie unread: they cannot be made to vanish. */
TEST_F(end, G2_a_chain_that_runs_holds_the_module)
{
	struct outcome outcome;

	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "unread", 6, &outcome));
	tongbu_nl_close(self->nl);
	station_sleep_ms(200);
	EXPECT_EQ(-EWOULDBLOCK, station_unload());
	ASSERT_EQ(0, tongbu_nl_open(self->nl));
	/* Nor does it go when the end is sealed, and nobody has read it yet. */
	ASSERT_EQ(0, tongbu_nl_call(self->nl, TONGBU_CMD_CHAIN_END)) TH_LOG("%s", self->nl->text);
	EXPECT_EQ(-EWOULDBLOCK, station_unload());
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_NE(NULL, record_log_find(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE, 0));
	ASSERT_EQ(0, station_ack(&self->station));
	tongbu_nl_close(self->nl);
	EXPECT_EQ(0, station_unload_soon());
}

TEST_F(end, G2_end_is_the_last_record_and_all_is_disarmed_before_it)
{
	const struct line line = { .name = "water", .line = 0 };
	const struct output beacon = { .name = "beacon", .line = 5 };
	const struct record *record, *end;
	struct outcome outcome;
	size_t count;

	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	ASSERT_EQ(1, output_add(self->nl, &beacon)) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, output_set(self->nl, "beacon", 1));
	ASSERT_EQ(0, tongbu_nl_call(self->nl, TONGBU_CMD_CHAIN_END)) TH_LOG("%s", self->nl->text);
	/* Once more changes nothing. */
	ASSERT_EQ(0, tongbu_nl_call(self->nl, TONGBU_CMD_CHAIN_END));
	EXPECT_EQ(0, line_value(5));
	EXPECT_EQ(-ENODATA, station_arm(&self->station, &line));
	EXPECT_EQ(-ENODATA, output_add(self->nl, &beacon));
	EXPECT_EQ(-ENODATA, station_submit_as("alice", TONGBU_ACT_TEXT, "late", 4, &outcome));
	/* Nor are there heartbeats any more. */
	station_sleep_ms(300);
	ASSERT_EQ(0, station_read(&self->station));
	count = self->station.log.count;
	end = &self->station.log.record[count - 1];
	ASSERT_EQ(TONGBU_KIND_END, end->kind);
	EXPECT_EQ(end->seq, tongbu_nl_info(self->nl, TONGBU_A_INFO_END));
	EXPECT_EQ(end->seq + 1, tongbu_nl_info(self->nl, TONGBU_A_HEAD));
	EXPECT_EQ(0, end->uid);
	EXPECT_EQ(sizeof(struct tongbu_end), end->length);
	record = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_DEL, ANY_SOURCE, 0);
	EXPECT_NE(NULL, record);
	record = record_log_find(&self->station.log, TONGBU_KIND_OUTPUT_DEL, ANY_SOURCE, 0);
	EXPECT_NE(NULL, record);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
	/* What is there can be read and acknowledged, and then there is no more. */
	ASSERT_EQ(0, station_ack(&self->station));
	tongbu_nl_close(self->nl);
	ASSERT_EQ(0, tongbu_nl_open(self->nl));
	EXPECT_EQ(-ENODATA, station_attach(&self->station));
	EXPECT_EQ(-EEXIST,
		  station_start(&self->station, self->station.supervisor.pubkey, TONGBU_KEY_LEN));
	EXPECT_NE(NULL, strstr(self->nl->text, "has ended"));
}

static int end_it(void *arg)
{
	struct tongbu_nl nl;
	int err = tongbu_nl_open(&nl);

	(void)arg;
	if (!err)
		err = tongbu_nl_call(&nl, TONGBU_CMD_CHAIN_END);
	tongbu_nl_close(&nl);
	return err;
}

TEST_F(end, G5_no_user_ends_a_chain)
{
	EXPECT_EQ(-EPERM, station_run_as("alice", end_it, NULL));
	EXPECT_EQ(-EPERM, station_run_as("mallory", end_it, NULL));
	EXPECT_EQ(UINT64_MAX, tongbu_nl_info(self->nl, TONGBU_A_INFO_END));
}

TEST_F(end, G3_the_key_is_not_written_to_a_disk_by_hibernation)
{
	char states[128] = "";
	ssize_t len;
	int fd = open("/sys/power/state", O_RDWR | O_CLOEXEC);

	if (fd < 0 || (len = read(fd, states, sizeof(states) - 1)) <= 0 || !strstr(states, "disk"))
		SKIP(return, "this kernel does not hibernate");
	EXPECT_EQ(-1, write(fd, "disk", 4));
	EXPECT_EQ(EBUSY, errno);
	close(fd);
}

TEST_HARNESS_MAIN
