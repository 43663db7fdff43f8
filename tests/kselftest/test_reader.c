// SPDX-License-Identifier: GPL-2.0-only
/* Reading: one process at a time, nothing released that it did not acknowledge; and who
 * may what.
 */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <linux/capability.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "station.h"

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

TEST_F(unclaimed, a_reader_may_come_before_the_chain)
{
	struct station *station = &self->station;

	ASSERT_EQ(0, station_attach(station));
	EXPECT_EQ(0, tongbu_nl_ready(&station->nl, 0));
	EXPECT_EQ(-ERANGE, tongbu_nl_ack(&station->nl, 0));
	EXPECT_EQ((uint64_t)getpid(), tongbu_nl_info(&station->nl, TONGBU_A_INFO_OWNER_PID));
	ASSERT_EQ(0, station_start(station, station->supervisor.pubkey, TONGBU_KEY_LEN));
	EXPECT_EQ(1, tongbu_nl_ready(&station->nl, 0));
	ASSERT_EQ(0, station_read(station));
	ASSERT_EQ(2, station->log.count);
	EXPECT_EQ(TONGBU_KIND_ATTACH, station->log.record[1].kind);
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

	ASSERT_EQ(0, station_read(&self->station));
	record = record_log_find(&self->station.log, TONGBU_KIND_ATTACH, TONGBU_SOURCE_RECORDER, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(getuid(), record->uid);
	EXPECT_EQ((uint32_t)getpid(), record->pid);
	ASSERT_EQ(sizeof(reader), record->length);
	reader = record_reader(record);
	EXPECT_EQ(0, le64toh(reader.acked));
	EXPECT_EQ(0, reader.portid);
	EXPECT_EQ(0, reader.reserved);
	EXPECT_STREQ("test_reader", (const char *)reader.comm);
}

TEST_F(reader, G5_a_second_reader_is_refused_and_told_of)
{
	EXPECT_EQ(-EBUSY, tongbu_nl_attach(&self->other));
	EXPECT_EQ((uint64_t)getpid(), tongbu_nl_info(&self->other, TONGBU_A_INFO_OWNER_PID));
	EXPECT_STREQ("test_reader", nla_get_string(self->other.attrs[TONGBU_A_INFO_OWNER_COMM]));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_ATTACH, ANY_SOURCE));
}

TEST_F(reader, G1_nobody_writes_to_the_ring)
{
	const struct tongbu_nl *nl = &self->station.nl;

	EXPECT_EQ(MAP_FAILED,
		  mmap(NULL, nl->size, PROT_READ | PROT_WRITE, MAP_SHARED, nl->device, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(MAP_FAILED,
		  mmap(NULL, nl->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, nl->device, 0));
	EXPECT_EQ(-1, mprotect((void *)nl->ring, nl->size, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect((void *)nl->ring, nl->size, PROT_READ | PROT_EXEC));
	/* Nor is there anything behind it. */
	EXPECT_EQ(MAP_FAILED, mmap(NULL, nl->size + 4096, PROT_READ, MAP_SHARED, nl->device, 0));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, nl->device, (off_t)nl->size));
}

TEST_F(reader, G5_the_next_owner_goes_on_where_the_last_acknowledged)
{
	const struct record *record;
	struct outcome outcome;
	struct record_log log;

	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	/* Read but not acknowledged: the next one gets it again. */
	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(3, self->station.log.count);
	tongbu_nl_close(&self->station.nl);

	EXPECT_EQ(UINT64_MAX, tongbu_nl_info(&self->other, TONGBU_A_INFO_OWNER_PID));
	ASSERT_EQ(0, tongbu_nl_attach(&self->other))
	TH_LOG("%s", self->other.text);
	EXPECT_EQ(2, tongbu_nl_info(&self->other, TONGBU_A_ACKED));
	EXPECT_EQ(5, tongbu_nl_head(&self->other));
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
		*err = tongbu_nl_attach(&nl);
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
	ASSERT_EQ(0, tongbu_nl_attach(&self->other))
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

TEST_F(reader, G2_only_what_was_sealed_can_be_acknowledged)
{
	struct tongbu_nl *nl = &self->station.nl;
	void *volatile nowhere = NULL;

	EXPECT_EQ(-ERANGE, tongbu_nl_ack(nl, 2));
	EXPECT_EQ(-ERANGE, tongbu_nl_ack(nl, UINT64_MAX));
	EXPECT_EQ(-1, write(nl->device, "1", 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(nl->device, "more than a number", 18));
	EXPECT_EQ(-1, write(nl->device, nowhere, 8));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(0, tongbu_nl_info(nl, TONGBU_A_ACKED));
	EXPECT_EQ(2, tongbu_nl_info(nl, TONGBU_A_INFO_USED));
}

TEST_F(reader, acknowledging_frees_room)
{
	struct outcome outcome;

	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(3, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_USED));
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_ACTS));
	ASSERT_EQ(0, tongbu_nl_ack(&self->station.nl, 1));
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_USED));
	EXPECT_EQ(2, tongbu_nl_info(&self->station.nl, TONGBU_A_ACKED));
	/* Once more, and an older one: neither an error nor a step back. */
	EXPECT_EQ(0, tongbu_nl_ack(&self->station.nl, 1));
	EXPECT_EQ(0, tongbu_nl_ack(&self->station.nl, 0));
	EXPECT_EQ(2, tongbu_nl_info(&self->station.nl, TONGBU_A_ACKED));
	ASSERT_EQ(0, station_ack(&self->station));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_USED));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_ACTS));
	EXPECT_EQ(3, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_HIGH_WATER));
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

TEST_F(reader, many_records_are_read_where_they_are)
{
	int count = 500;

	ASSERT_EQ(0, station_run_as("alice", submit_many, &count));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(502, self->station.log.count);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
}

TEST_F(reader, it_is_readable_while_a_record_is_not_acknowledged)
{
	struct tongbu_nl *nl = &self->station.nl;
	int count = 20;

	EXPECT_EQ(1, tongbu_nl_ready(nl, 0));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, tongbu_nl_ready(nl, 0));
	ASSERT_EQ(0, station_ack(&self->station));
	EXPECT_EQ(0, tongbu_nl_ready(nl, 0));
	ASSERT_EQ(0, station_run_as("alice", submit_many, &count));
	EXPECT_EQ(1, tongbu_nl_ready(nl, 0));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(22, self->station.log.count);
	ASSERT_EQ(0, tongbu_nl_ack(nl, 20));
	EXPECT_EQ(1, tongbu_nl_ready(nl, 0));
	ASSERT_EQ(0, station_ack(&self->station));
	EXPECT_EQ(0, tongbu_nl_ready(nl, 0));
}

/* Submits one act in a while, when the reader has long gone to sleep */
static int submit_later(void *arg)
{
	int one = 1;

	(void)arg;
	station_sleep_ms(500);
	return submit_many(&one);
}

TEST_F(reader, who_waits_is_woken)
{
	pid_t child;

	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(station_run_as("alice", submit_later, NULL) ? 1 : 0);
	EXPECT_EQ(1, tongbu_nl_ready(&self->station.nl, 60000));
	EXPECT_EQ(child, waitpid(child, NULL, 0));
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

/* All that takes control, or the device; returns the first that passes */
static int try_all(void *arg)
{
	static const uint8_t commands[] = { TONGBU_CMD_CHAIN_START, TONGBU_CMD_CHAIN_END,
					    TONGBU_CMD_SOURCE_ADD,  TONGBU_CMD_SOURCE_DEL,
					    TONGBU_CMD_OUTPUT_ADD,  TONGBU_CMD_OUTPUT_DEL,
					    TONGBU_CMD_OUTPUT_SET,  TONGBU_CMD_REFLEX_ADD,
					    TONGBU_CMD_REFLEX_DEL };
	const bool *namespace = arg;
	struct tongbu_nl nl;
	size_t i;

	/* Root of a user namespace is still nobody here. */
	if (*namespace && unshare(CLONE_NEWUSER))
		return -errno;
	if (tongbu_nl_open(&nl))
		return -ENOTCONN;
	for (i = 0; i < sizeof(commands); i++)
		if (tongbu_nl_call(&nl, commands[i]) != -EPERM || !strstr(nl.text, "CAP_SYS_ADMIN"))
			return -(int)commands[i];
	if (tongbu_nl_attach(&nl) != -EACCES)
		return -EISCONN;
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

/* Root of a container with the host's network and what a container usually gets:
 * the capability of networks, no other that counts here, and no device node.
 */
static int try_with_the_network_alone(void *arg)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
		[CAP_TO_INDEX(CAP_NET_ADMIN)] = { .effective = CAP_TO_MASK(CAP_NET_ADMIN),
						  .permitted = CAP_TO_MASK(CAP_NET_ADMIN) },
	};

	if (chmod("/dev/tongbu", 0))
		return -errno;
	if (syscall(SYS_capset, &header, data))
		return -errno;
	return try_all(arg);
}

TEST_F(reader, the_capability_of_networks_is_not_enough)
{
	bool namespace = false;

	tongbu_nl_close(&self->station.nl);
	EXPECT_EQ(0, station_run_as(NULL, try_with_the_network_alone, &namespace));
	EXPECT_EQ(0, chmod("/dev/tongbu", 0600));
}

/* The device alone, as tongbud has it: no capability at all */
static int control_by_the_device(void *arg)
{
	struct station *station = arg;
	const struct line line = { .name = "door", .line = 1 };

	tongbu_nl_close(&station->nl);
	if (tongbu_nl_open(&station->nl) || station_attach(station))
		return -ENOTCONN;
	if (station_arm(station, &line) < 0)
		return -TONGBU_CMD_SOURCE_ADD;
	if (station_disarm(station, "door"))
		return -TONGBU_CMD_SOURCE_DEL;
	tongbu_nl_close(&station->nl);
	if (tongbu_nl_open(&station->nl))
		return -ENOTCONN;
	return station_disarm(station, "door") == -EPERM ? 0 : -EISCONN;
}

TEST_F(reader, who_has_the_device_open_has_control)
{
	ASSERT_EQ(0, chown("/dev/tongbu", station_uid("mallory"), 0));
	tongbu_nl_close(&self->station.nl);
	EXPECT_EQ(0, station_run_as("mallory", control_by_the_device, &self->station));
	EXPECT_EQ(0, chown("/dev/tongbu", 0, 0));
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
