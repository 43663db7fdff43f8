// SPDX-License-Identifier: GPL-2.0-only
/* Starting the chain, asking for the state, and what is turned down, how. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "station.h"

FIXTURE(start)
{
	struct station station;
};

FIXTURE_SETUP(start)
{
	ASSERT_EQ(0, station_prepare(&self->station, "ring=128 heartbeat=3600000 submit_rate=7"));
}

FIXTURE_TEARDOWN(start)
{
	station_close(&self->station);
}

TEST_F(start, G4_a_key_that_hides_nothing_is_refused)
{
	/* Points of order 1, 2, 4 and 8: RFC 7748, section 7 */
	static const uint8_t points[][TONGBU_KEY_LEN] = {
		{ 0 },
		{ 1 },
		{ 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
		  0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
		  0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 },
		{ 0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
		  0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
		  0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57 },
		{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	};
	size_t i;

	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		EXPECT_EQ(-EKEYREJECTED, station_start(&self->station, points[i], TONGBU_KEY_LEN))
		TH_LOG("point %zu", i);
		EXPECT_EQ(TONGBU_A_PUBKEY, self->station.nl.attr);
		EXPECT_NE(NULL, strstr(self->station.nl.text, "low order"))
		TH_LOG("%s", self->station.nl.text);
	}
	ASSERT_EQ(0, tongbu_nl_call(&self->station.nl, TONGBU_CMD_INFO_GET));
	EXPECT_EQ(NULL, self->station.nl.attrs[TONGBU_A_CHAIN]);
	/* A good one is still taken. */
	EXPECT_EQ(0,
		  station_start(&self->station, self->station.supervisor.pubkey, TONGBU_KEY_LEN));
}

TEST_F(start, a_key_has_32_bytes)
{
	const uint8_t *key = self->station.supervisor.pubkey;
	uint8_t longer[TONGBU_KEY_LEN + 1] = { 9 };

	EXPECT_EQ(-ERANGE, station_start(&self->station, key, TONGBU_KEY_LEN - 1));
	EXPECT_EQ(TONGBU_A_PUBKEY, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "size out of range"))
	TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(-ERANGE, station_start(&self->station, longer, sizeof(longer)));
	EXPECT_EQ(-ERANGE, station_start(&self->station, key, 0));
	EXPECT_EQ(TONGBU_A_PUBKEY, self->station.nl.attr);
	EXPECT_EQ(-EINVAL, tongbu_nl_call(&self->station.nl, TONGBU_CMD_CHAIN_START));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "PUBKEY is missing"))
	TH_LOG("%s", self->station.nl.text);
}

TEST_F(start, G3_there_is_one_chain_for_a_load)
{
	struct supervisor other;
	uint8_t chain[TONGBU_CHAIN_LEN];

	ASSERT_EQ(0,
		  station_start(&self->station, self->station.supervisor.pubkey, TONGBU_KEY_LEN));
	ASSERT_EQ(TONGBU_CHAIN_LEN, nla_len(self->station.nl.attrs[TONGBU_A_CHAIN]));
	memcpy(chain, nla_data(self->station.nl.attrs[TONGBU_A_CHAIN]), sizeof(chain));
	ASSERT_EQ(0, supervisor_new(&other));
	EXPECT_EQ(-EEXIST, station_start(&self->station, other.pubkey, TONGBU_KEY_LEN));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "runs already"))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, tongbu_nl_call(&self->station.nl, TONGBU_CMD_INFO_GET));
	EXPECT_EQ(0,
		  memcmp(chain, nla_data(self->station.nl.attrs[TONGBU_A_CHAIN]), sizeof(chain)));
	EXPECT_EQ(1, nla_get_u64(self->station.nl.attrs[TONGBU_A_HEAD]));
}

/* Which parts of the chain before are named, and with how many bytes */
struct previous {
	int chain;
	bool seq;
	int tag;
	int attr;
};

TEST_F(start, the_chain_before_is_named_whole_or_not_at_all)
{
	static const struct previous tries[] = {
		{ 16, true, 0, 0 },
		{ 16, false, 32, 0 },
		{ 0, true, 32, 0 },
		{ 0, true, 0, 0 },
		{ 15, true, 32, TONGBU_A_PREV_CHAIN },
		{ 16, true, 31, TONGBU_A_PREV_TAG },
	};
	const uint8_t bytes[32] = { 1 };
	struct nl_msg *msg;
	size_t i;

	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		msg = tongbu_nl_request(&self->station.nl, TONGBU_CMD_CHAIN_START);
		nla_put(msg, TONGBU_A_PUBKEY, TONGBU_KEY_LEN, self->station.supervisor.pubkey);
		if (tries[i].chain)
			nla_put(msg, TONGBU_A_PREV_CHAIN, tries[i].chain, bytes);
		if (tries[i].seq)
			nla_put_u64(msg, TONGBU_A_PREV_SEQ, 5);
		if (tries[i].tag)
			nla_put(msg, TONGBU_A_PREV_TAG, tries[i].tag, bytes);
		EXPECT_EQ(tries[i].attr ? -ERANGE : -EINVAL, tongbu_nl_do(&self->station.nl, msg))
		TH_LOG("try %zu", i);
		EXPECT_EQ(tries[i].attr, self->station.nl.attr);
		EXPECT_NE(NULL, strstr(self->station.nl.text,
				       tries[i].attr ? "size out of range" : "the chain before"))
		TH_LOG("%s", self->station.nl.text);
	}
	ASSERT_EQ(0, tongbu_nl_call(&self->station.nl, TONGBU_CMD_INFO_GET));
	EXPECT_EQ(NULL, self->station.nl.attrs[TONGBU_A_CHAIN]);
}

static int read_file(const char *path, char text[64])
{
	FILE *file = fopen(path, "re");
	int ok = file && fscanf(file, "%63s", text) == 1;

	if (file)
		fclose(file);
	return ok ? 0 : -EIO;
}

TEST_F(start, record_0_has_the_parameters_of_the_load)
{
	const uint8_t nothing[TONGBU_TAG_LEN] = { 0 };
	struct tongbu_genesis genesis;
	struct utsname uts;
	char version[64];

	ASSERT_EQ(0, uname(&uts));
	ASSERT_EQ(0, read_file("/sys/module/tongbu/version", version));
	ASSERT_EQ(0,
		  station_start(&self->station, self->station.supervisor.pubkey, TONGBU_KEY_LEN));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(TONGBU_KIND_GENESIS, self->station.log.record[0].kind);
	EXPECT_EQ(getuid(), self->station.log.record[0].uid);
	EXPECT_EQ((uint32_t)getpid(), self->station.log.record[0].pid);
	EXPECT_EQ(0, self->station.log.record[0].source_seq);
	genesis = record_genesis(&self->station.log.record[0]);
	EXPECT_EQ(128, le32toh(genesis.ring));
	EXPECT_EQ(3600000, le32toh(genesis.heartbeat));
	EXPECT_EQ(station_group(), le32toh(genesis.submit_gid));
	EXPECT_EQ(7, le32toh(genesis.submit_rate));
	EXPECT_STREQ(version, (const char *)genesis.module_version);
	EXPECT_STREQ(uts.release, (const char *)genesis.kernel_release);
	EXPECT_LT(0, le64toh(genesis.loaded));
	EXPECT_GT(self->station.log.record[0].boottime, le64toh(genesis.loaded));
	EXPECT_EQ(0, memcmp(nothing, genesis.prev_chain, sizeof(genesis.prev_chain)));
	EXPECT_EQ(0, memcmp(nothing, genesis.prev_tag, sizeof(genesis.prev_tag)));
	EXPECT_EQ(0, le64toh(genesis.prev_seq));
}

TEST_F(start, the_state_is_as_things_are)
{
	const struct line line = { .name = "door", .line = 1 };
	struct tongbu_nl *nl = &self->station.nl;
	struct outcome outcome;
	char version[64];

	ASSERT_EQ(0, read_file("/sys/module/tongbu/version", version));
	ASSERT_EQ(0, tongbu_nl_call(nl, TONGBU_CMD_INFO_GET));
	EXPECT_STREQ(version, nla_get_string(nl->attrs[TONGBU_A_INFO_VERSION]));
	EXPECT_EQ(NULL, nl->attrs[TONGBU_A_CHAIN]);
	EXPECT_EQ(NULL, nl->attrs[TONGBU_A_GENESIS]);
	EXPECT_EQ(NULL, nl->attrs[TONGBU_A_HEAD]);
	EXPECT_EQ(NULL, nl->attrs[TONGBU_A_ACKED]);
	EXPECT_EQ(NULL, nl->attrs[TONGBU_A_INFO_OWNER_PID]);
	EXPECT_EQ(0, nla_get_u32(nl->attrs[TONGBU_A_INFO_USED]));
	EXPECT_EQ(128, nla_get_u32(nl->attrs[TONGBU_A_INFO_CAPACITY]));
	EXPECT_EQ(3600000, nla_get_u32(nl->attrs[TONGBU_A_INFO_HEARTBEAT]));
	EXPECT_EQ(station_group(), nla_get_u32(nl->attrs[TONGBU_A_INFO_SUBMIT_GID]));
	EXPECT_EQ(7, nla_get_u32(nl->attrs[TONGBU_A_INFO_SUBMIT_RATE]));

	ASSERT_EQ(0,
		  station_start(&self->station, self->station.supervisor.pubkey, TONGBU_KEY_LEN));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome));
	EXPECT_EQ(-EPERM, station_submit_as("mallory", TONGBU_ACT_TEXT, "x", 1, &outcome));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(5, self->station.log.count);
	ASSERT_EQ(0, tongbu_nl_ack(nl, 1));
	ASSERT_EQ(0, tongbu_nl_call(nl, TONGBU_CMD_INFO_GET));
	EXPECT_EQ(0, memcmp(record_genesis(&self->station.log.record[0]).chain,
			    nla_data(nl->attrs[TONGBU_A_CHAIN]), TONGBU_CHAIN_LEN));
	EXPECT_EQ(5, nla_get_u64(nl->attrs[TONGBU_A_HEAD]));
	EXPECT_EQ(2, nla_get_u64(nl->attrs[TONGBU_A_ACKED]));
	EXPECT_EQ(3, nla_get_u32(nl->attrs[TONGBU_A_INFO_USED]));
	EXPECT_EQ(5, nla_get_u32(nl->attrs[TONGBU_A_INFO_HIGH_WATER]));
	/* A record of a refusal takes no act's room. */
	EXPECT_EQ(1, nla_get_u32(nl->attrs[TONGBU_A_INFO_ACTS]));
	EXPECT_EQ(0, nla_get_u64(nl->attrs[TONGBU_A_INFO_LOST]));
	EXPECT_EQ(1, nla_get_u64(nl->attrs[TONGBU_A_INFO_REFUSED]));
	EXPECT_EQ(1, nla_get_u32(nl->attrs[TONGBU_A_INFO_SOURCES]));
	EXPECT_EQ((uint32_t)getpid(), nla_get_u32(nl->attrs[TONGBU_A_INFO_OWNER_PID]));
	EXPECT_EQ(getuid(), nla_get_u32(nl->attrs[TONGBU_A_INFO_OWNER_UID]));
	EXPECT_STREQ("test_control", nla_get_string(nl->attrs[TONGBU_A_INFO_OWNER_COMM]));
}

TEST_F(start, no_chain_no_sources)
{
	const struct line line = { .name = "door", .line = 1 };

	EXPECT_EQ(-ENODATA, station_arm(&self->station, &line));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "no chain runs"))
	TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_SOURCES));
}

/* A command with an attribute it does not know, of this number */
static int with_unknown(struct tongbu_nl *nl, uint8_t cmd, int attr)
{
	struct nl_msg *msg = tongbu_nl_request(nl, cmd);

	nla_put_u32(msg, attr, 1);
	return cmd == TONGBU_CMD_SOURCE_GET ? tongbu_nl_dump(nl, msg, NULL, NULL) :
					      tongbu_nl_do(nl, msg);
}

TEST_F(start, an_attribute_a_command_does_not_know_is_refused)
{
	static const int attrs[] = { TONGBU_A_INFO_WAITS, TONGBU_A_MAX + 1, TONGBU_A_MAX + 1000 };
	uint8_t cmd;
	size_t i;

	ASSERT_EQ(0,
		  station_start(&self->station, self->station.supervisor.pubkey, TONGBU_KEY_LEN));
	for (cmd = TONGBU_CMD_INFO_GET; cmd <= TONGBU_CMD_SOURCE_GET; cmd++) {
		for (i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++) {
			EXPECT_EQ(-EINVAL, with_unknown(&self->station.nl, cmd, attrs[i]))
			TH_LOG("command %d, attribute %d", cmd, attrs[i]);
			EXPECT_EQ(attrs[i], self->station.nl.attr) TH_LOG("command %d", cmd);
			EXPECT_NE('\0', *self->station.nl.text) TH_LOG("command %d", cmd);
		}
		/* Known to the family, but the answer's */
		EXPECT_EQ(-EINVAL, with_unknown(&self->station.nl, cmd, TONGBU_A_CHAIN))
		TH_LOG("command %d", cmd);
		EXPECT_EQ(TONGBU_A_CHAIN, self->station.nl.attr);
	}
	EXPECT_EQ(-EOPNOTSUPP, tongbu_nl_call(&self->station.nl, TONGBU_CMD_MAX + 1));
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_HEAD));
}

/* More than the kernel keeps words for */
#define CROWD 130

/* Each is refused, and stays until it is killed. */
static pid_t refused_and_stays(int ready)
{
	struct tongbu_nl nl;
	pid_t child = fork();

	if (child)
		return child;
	if (!tongbu_nl_open(&nl))
		tongbu_nl_call(&nl, TONGBU_CMD_SOURCE_DEL);
	if (write(ready, strstr(nl.text, "SOURCE_ID") ? "y" : "n", 1) == 1)
		pause();
	_exit(1);
}

TEST_F_TIMEOUT(start, words_of_a_refusal_are_nobody_elses, 120)
{
	static const char others[] = "too many others";
	struct tongbu_nl *nl = &self->station.nl;
	char said[CROWD] = "";
	pid_t crowd[CROWD];
	int pipes[2], i;

	ASSERT_EQ(0, pipe(pipes));
	for (i = 0; i < CROWD; i++) {
		crowd[i] = refused_and_stays(pipes[1]);
		ASSERT_LT(0, crowd[i]);
		ASSERT_EQ(1, read(pipes[0], said + i, 1));
	}
	/* Words are not taken from who may be about to read them: the last got none. */
	EXPECT_EQ('y', said[0]);
	EXPECT_EQ('n', said[CROWD - 1]);
	EXPECT_EQ(-EINVAL, tongbu_nl_call(nl, TONGBU_CMD_SOURCE_DEL));
	EXPECT_NE(NULL, strstr(nl->text, others)) TH_LOG("%s", nl->text);
	for (i = 0; i < CROWD; i++) {
		kill(crowd[i], SIGKILL);
		waitpid(crowd[i], NULL, 0);
	}
	EXPECT_EQ(-EINVAL, tongbu_nl_call(nl, TONGBU_CMD_SOURCE_DEL));
	EXPECT_NE(NULL, strstr(nl->text, "SOURCE_ID")) TH_LOG("%s", nl->text);
	close(pipes[0]);
	close(pipes[1]);
}

TEST(parameters_out_of_range_do_not_load)
{
	static const char *const wrong[] = {
		"ring=0",
		"ring=63",
		"ring=1048577",
		"ring=many",
		"heartbeat=0",
		"heartbeat=99",
		"heartbeat=3600001",
		"submit_gid=-2",
		"submit_rate=-1",
		"submit_gid=4294967296",
	};
	struct tongbu_nl nl;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		EXPECT_GT(0, station_load(wrong[i])) TH_LOG("%s loads", wrong[i]);
		EXPECT_EQ(-ENOENT, tongbu_nl_open(&nl));
		EXPECT_EQ(-ENOENT, station_unload());
	}
	/* The least of each is fine. */
	ASSERT_EQ(0, station_load("ring=64 heartbeat=100 submit_rate=1 submit_gid=0"));
	ASSERT_EQ(0, tongbu_nl_open(&nl));
	EXPECT_EQ(64, tongbu_nl_info(&nl, TONGBU_A_INFO_CAPACITY));
	EXPECT_EQ(100, tongbu_nl_info(&nl, TONGBU_A_INFO_HEARTBEAT));
	EXPECT_EQ(0, tongbu_nl_info(&nl, TONGBU_A_INFO_SUBMIT_GID));
	EXPECT_EQ(1, tongbu_nl_info(&nl, TONGBU_A_INFO_SUBMIT_RATE));
	tongbu_nl_close(&nl);
	EXPECT_EQ(0, station_unload());
}

TEST_HARNESS_MAIN
