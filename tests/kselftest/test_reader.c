// SPDX-License-Identifier: GPL-2.0-only
/* Reading: one owner at a time, nothing released that it did not acknowledge. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "station.h"

/* Most that one message of a dump holds, and how full all but the last are */
#define MESSAGE_MAX  32768U
#define MESSAGE_FULL 28000U

FIXTURE(unclaimed)
{
	struct station station;
};

FIXTURE_SETUP(unclaimed)
{
	ASSERT_EQ(0, station_prepare(&self->station, STATION_QUIET));
}

FIXTURE_TEARDOWN(unclaimed)
{
	station_close(&self->station);
}

TEST_F(unclaimed, no_chain_no_owner)
{
	EXPECT_EQ(-ENODATA, station_attach(&self->station));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "no chain runs"))
	TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(-ENOTCONN, station_read(&self->station));
	EXPECT_EQ(-ENOTCONN, tongbu_nl_call_seq(&self->station.nl, TONGBU_CMD_ACK, 0));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "attach first"));
	EXPECT_EQ(UINT64_MAX, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_OWNER_PID));
}

FIXTURE(reader)
{
	struct station station;
	struct tongbu_nl other;
};

FIXTURE_SETUP(reader)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET " submit_rate=0"));
	ASSERT_EQ(0, tongbu_nl_open(&self->other));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(reader)
{
	tongbu_nl_close(&self->other);
	station_close(&self->station);
}

TEST_F(reader, G7_attaching_is_on_record)
{
	const struct record *record;
	struct tongbu_reader reader;

	/* The answer tells where to begin, and what there was before. */
	ASSERT_NE(NULL, self->station.nl.attrs[TONGBU_A_ACKED]);
	EXPECT_EQ(0, nla_get_u64(self->station.nl.attrs[TONGBU_A_ACKED]));
	EXPECT_EQ(1, nla_get_u64(self->station.nl.attrs[TONGBU_A_HEAD]));
	EXPECT_EQ(TONGBU_CHAIN_LEN, nla_len(self->station.nl.attrs[TONGBU_A_CHAIN]));
	ASSERT_EQ(0, station_read(&self->station));
	record = record_log_find(&self->station.log, TONGBU_KIND_ATTACH, TONGBU_SOURCE_RECORDER, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(getuid(), record->uid);
	EXPECT_EQ((uint32_t)getpid(), record->pid);
	ASSERT_EQ(sizeof(reader), record->length);
	reader = record_reader(record);
	EXPECT_EQ(0, le64toh(reader.acked));
	EXPECT_EQ(nl_socket_get_local_port(self->station.nl.sock), le32toh(reader.portid));
	EXPECT_EQ(0, reader.reserved);
	EXPECT_STREQ("test_reader", (const char *)reader.comm);
}

TEST_F(reader, G5_a_second_owner_is_told_who_the_first_is)
{
	char pid[32];

	snprintf(pid, sizeof(pid), "pid %d", getpid());
	EXPECT_EQ(-EBUSY, tongbu_nl_call(&self->other, TONGBU_CMD_ATTACH));
	EXPECT_NE(NULL, strstr(self->other.text, "test_reader")) TH_LOG("%s", self->other.text);
	EXPECT_NE(NULL, strstr(self->other.text, pid)) TH_LOG("%s", self->other.text);
	/* Nor may the owner attach twice. */
	EXPECT_EQ(-EBUSY, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_ATTACH, ANY_SOURCE));
}

TEST_F(reader, G5_only_the_owner_reads_and_acknowledges)
{
	struct record_log log;

	ASSERT_EQ(0, record_log_init(&log));
	EXPECT_EQ(-EBUSY, record_log_read(&log, &self->other));
	EXPECT_NE(NULL, strstr(self->other.text, "test_reader")) TH_LOG("%s", self->other.text);
	EXPECT_EQ(0, log.count);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(-EBUSY, tongbu_nl_call_seq(&self->other, TONGBU_CMD_ACK, 0));
	EXPECT_NE(NULL, strstr(self->other.text, "only it may")) TH_LOG("%s", self->other.text);
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_ACKED));
	record_log_free(&log);
}

TEST_F(reader, G5_the_next_owner_goes_on_where_the_last_acknowledged)
{
	const struct record *record;
	struct outcome outcome;
	struct record_log log;
	uint32_t port = nl_socket_get_local_port(self->station.nl.sock);

	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	/* Read but not acknowledged: the next one gets it again. */
	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(3, self->station.log.count);
	tongbu_nl_close(&self->station.nl);

	EXPECT_EQ(UINT64_MAX, tongbu_nl_info(&self->other, TONGBU_A_INFO_OWNER_PID));
	ASSERT_EQ(0, tongbu_nl_call(&self->other, TONGBU_CMD_ATTACH))
	TH_LOG("%s", self->other.text);
	EXPECT_EQ(2, nla_get_u64(self->other.attrs[TONGBU_A_ACKED]));
	EXPECT_EQ(4, nla_get_u64(self->other.attrs[TONGBU_A_HEAD]));
	ASSERT_EQ(0, record_log_init(&log));
	log.next = 2;
	ASSERT_EQ(0, record_log_read(&log, &self->other));
	ASSERT_EQ(3, log.count);
	EXPECT_EQ(2, log.record[0].seq);
	EXPECT_EQ(0, memcmp(log.record[0].bytes, self->station.log.record[2].bytes,
			    log.record[0].size));
	record = &log.record[1];
	ASSERT_EQ(TONGBU_KIND_DETACH, record->kind);
	EXPECT_EQ(getuid(), record->uid);
	EXPECT_EQ((uint32_t)getpid(), record->pid);
	EXPECT_EQ(2, le64toh(record_reader(record).acked));
	EXPECT_EQ(port, le32toh(record_reader(record).portid));
	EXPECT_STREQ("test_reader", (const char *)record_reader(record).comm);
	EXPECT_EQ(TONGBU_KIND_ATTACH, log.record[2].kind);
	record_log_free(&log);
}

/* Attaches, and waits to be killed */
static int own_until_killed(void *arg)
{
	int *err = arg;
	struct tongbu_nl nl;

	*err = tongbu_nl_open(&nl);
	if (!*err)
		*err = tongbu_nl_call(&nl, TONGBU_CMD_ATTACH);
	if (!*err)
		raise(SIGKILL);
	return *err;
}

TEST_F(reader, G5_a_killed_owner_leaves_nothing_behind)
{
	const struct record *record;
	int *err = station_shared(sizeof(*err));

	ASSERT_NE(NULL, err);
	tongbu_nl_close(&self->station.nl);
	EXPECT_EQ(-ECHILD, station_run_as(NULL, own_until_killed, err));
	EXPECT_EQ(0, *err);
	ASSERT_EQ(0, tongbu_nl_call(&self->other, TONGBU_CMD_ATTACH))
	TH_LOG("%s", self->other.text);
	ASSERT_EQ(0, record_log_read(&self->station.log, &self->other));
	EXPECT_EQ(3, record_log_count(&self->station.log, TONGBU_KIND_ATTACH, ANY_SOURCE));
	EXPECT_EQ(2, record_log_count(&self->station.log, TONGBU_KIND_DETACH, ANY_SOURCE));
	record = record_log_find(&self->station.log, TONGBU_KIND_DETACH, ANY_SOURCE, 1);
	ASSERT_NE(NULL, record);
	EXPECT_NE((uint32_t)getpid(), record->pid);
	EXPECT_EQ(record_log_find(&self->station.log, TONGBU_KIND_ATTACH, ANY_SOURCE, 1)->pid,
		  record->pid);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(reader, only_records_held_can_be_read)
{
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	self->station.log.next = 1;
	EXPECT_EQ(-ERANGE, station_read(&self->station));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "the first held is 2"))
	TH_LOG("%s", self->station.nl.text);
	self->station.log.next = 3;
	EXPECT_EQ(-ERANGE, station_read(&self->station));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "not sealed yet: the next is 2"))
	TH_LOG("%s", self->station.nl.text);
	self->station.log.next = UINT64_MAX;
	EXPECT_EQ(-ERANGE, station_read(&self->station));
	/* At the head itself there is nothing, which is no error. */
	self->station.log.next = 2;
	EXPECT_EQ(0, station_read(&self->station));
	EXPECT_EQ(2, self->station.log.count);
}

TEST_F(reader, G2_only_what_was_handed_over_can_be_acknowledged)
{
	EXPECT_EQ(-ERANGE, tongbu_nl_call_seq(&self->station.nl, TONGBU_CMD_ACK, 0));
	EXPECT_EQ(TONGBU_A_SEQ, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "never handed over"))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(-ERANGE, tongbu_nl_call_seq(&self->station.nl, TONGBU_CMD_ACK, 2));
	EXPECT_EQ(-ERANGE, tongbu_nl_call_seq(&self->station.nl, TONGBU_CMD_ACK, UINT64_MAX));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_ACKED));
	EXPECT_EQ(2, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_USED));
}

TEST_F(reader, acknowledging_frees_room)
{
	struct outcome outcome;

	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(3, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_USED));
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_ACTS));
	ASSERT_EQ(0, tongbu_nl_call_seq(&self->station.nl, TONGBU_CMD_ACK, 1));
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_USED));
	EXPECT_EQ(2, tongbu_nl_info(&self->station.nl, TONGBU_A_ACKED));
	/* Once more, and an older one: neither an error nor a step back. */
	EXPECT_EQ(0, tongbu_nl_call_seq(&self->station.nl, TONGBU_CMD_ACK, 1));
	EXPECT_EQ(0, tongbu_nl_call_seq(&self->station.nl, TONGBU_CMD_ACK, 0));
	EXPECT_EQ(2, tongbu_nl_info(&self->station.nl, TONGBU_A_ACKED));
	ASSERT_EQ(0, station_ack(&self->station));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_USED));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_ACTS));
	EXPECT_EQ(3, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_HIGH_WATER));
}

TEST_F(reader, a_number_is_needed)
{
	EXPECT_EQ(-EINVAL, tongbu_nl_call(&self->station.nl, TONGBU_CMD_ACK));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "SEQ is missing"))
	TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(-EINVAL, tongbu_nl_dump(&self->station.nl,
					  tongbu_nl_request(&self->station.nl, TONGBU_CMD_READ),
					  NULL, NULL));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "SEQ is missing"))
	TH_LOG("%s", self->station.nl.text);
}

/* Submits as many acts of 200 bytes as it is told */
static int submit_many(void *arg)
{
	const int *count = arg;
	struct outcome outcome;
	struct tongbu_nl nl;
	char act[200];
	int err, i;

	memset(act, 'a', sizeof(act));
	err = tongbu_nl_open(&nl);
	for (i = 0; !err && i < *count; i++)
		err = station_submit(&nl, TONGBU_ACT_TEXT, act, sizeof(act), &outcome);
	return err;
}

TEST_F(reader, many_records_come_in_few_messages)
{
	int count = 500;
	size_t bytes;

	ASSERT_EQ(0, station_run_as("alice", submit_many, &count));
	/* That every message holds whole records is checked as they come. */
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(502, self->station.log.count);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
	bytes = self->station.log.used;
	EXPECT_GE(MESSAGE_MAX, self->station.log.largest);
	EXPECT_LT(MESSAGE_FULL, self->station.log.largest);
	EXPECT_GE(bytes / MESSAGE_FULL + 1, self->station.log.messages);
	TH_LOG("%zu bytes in %zu messages, the largest of %zu", bytes, self->station.log.messages,
	       self->station.log.largest);
}

TEST_F(reader, G5_one_hint_for_however_many_records)
{
	int count = 20;

	ASSERT_LE(0, self->station.nl.hint);
	ASSERT_EQ(0, nl_socket_add_membership(self->station.nl.sock, self->station.nl.hint));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(2, self->station.log.count);
	EXPECT_EQ(0, tongbu_nl_hints(&self->station.nl, 100));
	ASSERT_EQ(0, station_run_as("alice", submit_many, &count));
	EXPECT_EQ(1, tongbu_nl_hints(&self->station.nl, 200));
	/* None while the reader has not caught up ... */
	ASSERT_EQ(0, station_run_as("alice", submit_many, &count));
	EXPECT_EQ(0, tongbu_nl_hints(&self->station.nl, 200));
	/* ... and one again when it has. */
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(42, self->station.log.count);
	ASSERT_EQ(0, station_run_as("alice", submit_many, &count));
	EXPECT_EQ(1, tongbu_nl_hints(&self->station.nl, 200));
}

TEST_F(reader, the_module_stays_while_owned)
{
	EXPECT_EQ(-EWOULDBLOCK, station_unload());
	EXPECT_EQ(2, tongbu_nl_info(&self->station.nl, TONGBU_A_HEAD));
	/* Ended, all of it read, and still somebody has it. */
	ASSERT_EQ(0, tongbu_nl_call(&self->station.nl, TONGBU_CMD_CHAIN_END));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	EXPECT_EQ(-EWOULDBLOCK, station_unload());
	tongbu_nl_close(&self->station.nl);
	EXPECT_EQ(0, station_unload_soon());
	EXPECT_EQ(-ENOENT, station_unload());
}

/* Privileged commands, each with what it needs; returns the first that passes */
static int try_all(void *arg)
{
	static const uint8_t commands[] = { TONGBU_CMD_CHAIN_START, TONGBU_CMD_ATTACH,
					    TONGBU_CMD_ACK,	    TONGBU_CMD_CLOCK_STATE,
					    TONGBU_CMD_SOURCE_ADD,  TONGBU_CMD_SOURCE_DEL };
	const bool *namespace = arg;
	struct tongbu_nl nl;
	struct record_log log;
	size_t i;

	/* Root of a user namespace is still nobody here. */
	if (*namespace && unshare(CLONE_NEWUSER))
		return -errno;
	if (tongbu_nl_open(&nl) || record_log_init(&log))
		return -ENOTCONN;
	for (i = 0; i < sizeof(commands); i++)
		if (tongbu_nl_call(&nl, commands[i]) != -EPERM)
			return -(int)commands[i];
	if (record_log_read(&log, &nl) != -EPERM)
		return -TONGBU_CMD_READ;
	if (!nl_socket_add_membership(nl.sock, nl.hint))
		return -TONGBU_CMD_HINT;
	/* What anybody may: */
	if (tongbu_nl_call(&nl, TONGBU_CMD_INFO_GET) || !nl.attrs[TONGBU_A_GENESIS])
		return -TONGBU_CMD_INFO_GET;
	if (tongbu_nl_dump(&nl, tongbu_nl_request(&nl, TONGBU_CMD_SOURCE_GET), NULL, NULL))
		return -TONGBU_CMD_SOURCE_GET;
	return 0;
}

TEST_F(reader, unprivileged_users_may_look_and_submit_only)
{
	bool namespace = false;

	tongbu_nl_close(&self->station.nl);
	EXPECT_EQ(0, station_run_as("mallory", try_all, &namespace));
	EXPECT_EQ(0, station_run_as("alice", try_all, &namespace));
	namespace = true;
	EXPECT_EQ(0, station_run_as("alice", try_all, &namespace));
}

/* From another network namespace: by name, by number, and by the owner's port */
static int try_from_elsewhere(void *arg)
{
	const struct tongbu_nl *owner = arg;
	struct tongbu_nl nl;

	if (unshare(CLONE_NEWNET))
		return -errno;
	if (tongbu_nl_open(&nl) != -ENOENT)
		return -EISCONN;
	memset(&nl, 0, sizeof(nl));
	nl.sock = nl_socket_alloc();
	nl_socket_set_local_port(nl.sock, nl_socket_get_local_port(owner->sock));
	if (!nl.sock || genl_connect(nl.sock))
		return -ENOTCONN;
	nl.family = owner->family;
	if (tongbu_nl_call(&nl, TONGBU_CMD_INFO_GET) != -ENOENT)
		return -TONGBU_CMD_INFO_GET;
	if (tongbu_nl_call_seq(&nl, TONGBU_CMD_ACK, 0) != -ENOENT)
		return -TONGBU_CMD_ACK;
	tongbu_nl_close(&nl);
	return 0;
}

TEST_F(reader, other_network_namespaces_do_not_see_it)
{
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, station_run_as(NULL, try_from_elsewhere, &self->station.nl));
	/* A socket there with the same port is gone now: that was not the owner. */
	EXPECT_EQ((uint64_t)getpid(), tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_OWNER_PID));
	EXPECT_EQ(0, station_ack(&self->station));
	EXPECT_EQ(2, tongbu_nl_info(&self->station.nl, TONGBU_A_HEAD));
}

TEST_HARNESS_MAIN
