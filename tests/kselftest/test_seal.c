// SPDX-License-Identifier: GPL-2.0-only
/* G3 and G4: what is sealed stays as it was, and only the supervisor can tell. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "station.h"

FIXTURE(seal)
{
	struct station station;
};

FIXTURE_SETUP(seal)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(seal)
{
	station_close(&self->station);
}

TEST_F(seal, G3_every_tag_holds_under_the_ratchet)
{
	const struct line line = { .name = "water", .line = 0 };
	struct outcome outcome;
	char act[TONGBU_ACT_MAX];
	int i;

	memset(act, 'a', sizeof(act));
	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, 0, i % 2 == 0));
		ASSERT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, act,
					       1 + (size_t)i * (sizeof(act) - 1) / 19, &outcome));
	}
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_LE(43, self->station.log.count);
	EXPECT_TRUE(record_log_whole(&self->station.log))
	TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
	EXPECT_EQ(0,
		  memcmp(outcome.tag, self->station.log.record[outcome.seq].tag, TONGBU_TAG_LEN));
}

TEST_F(seal, G3_a_changed_byte_is_noticed)
{
	uint8_t *bytes = self->station.log.bytes;

	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log));
	bytes[self->station.log.used - TONGBU_TAG_LEN - 1] ^= 1;
	EXPECT_FALSE(supervisor_verify(&self->station.supervisor, &self->station.log));
}

TEST_F(seal, G4_the_envelope_opens_for_the_supervisor_alone)
{
	struct supervisor other;
	uint8_t key[TONGBU_KEY_LEN];

	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, supervisor_new(&other));
	EXPECT_EQ(-EBADMSG, supervisor_open(&other, &self->station.log.record[0], key));
	ASSERT_EQ(0, supervisor_open(&self->station.supervisor, &self->station.log.record[0], key));
	/* Nor does the key stand anywhere in what the kernel hands out. */
	EXPECT_EQ(NULL, memmem(self->station.log.bytes, self->station.log.used, key, sizeof(key)));
}

TEST_F(seal, G4_the_envelope_is_bound_to_record_0)
{
	struct record record;
	uint8_t copy[TONGBU_RECORD_MAX], key[TONGBU_KEY_LEN];
	size_t at;

	ASSERT_EQ(0, station_read(&self->station));
	record = self->station.log.record[0];
	record.bytes = copy;
	record.payload = copy + TONGBU_HEADER_LEN;
	for (at = 0; at < TONGBU_HEADER_LEN + sizeof(struct tongbu_genesis); at++) {
		memcpy(copy, self->station.log.record[0].bytes, record.size);
		copy[at] ^= 1;
		EXPECT_NE(0, supervisor_open(&self->station.supervisor, &record, key))
		TH_LOG("byte %zu may be changed", at);
	}
}

TEST_F(seal, G4_each_chain_draws_its_own_key)
{
	struct supervisor supervisor = self->station.supervisor;
	uint8_t first[TONGBU_KEY_LEN], second[TONGBU_KEY_LEN];
	struct tongbu_genesis before, after;

	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, supervisor_open(&supervisor, &self->station.log.record[0], first));
	before = record_genesis(&self->station.log.record[0]);
	station_close(&self->station);

	ASSERT_EQ(0, station_load(STATION_QUIET));
	ASSERT_EQ(0, record_log_init(&self->station.log));
	ASSERT_EQ(0, tongbu_nl_open(&self->station.nl));
	ASSERT_EQ(0, station_start(&self->station, supervisor.pubkey, TONGBU_KEY_LEN));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, supervisor_open(&supervisor, &self->station.log.record[0], second));
	EXPECT_NE(0, memcmp(first, second, sizeof(first)));
	after = record_genesis(&self->station.log.record[0]);
	EXPECT_NE(0, memcmp(before.chain, after.chain, sizeof(before.chain)));
	/* Both are of this boot. */
	EXPECT_EQ(0, memcmp(before.boot_id, after.boot_id, sizeof(before.boot_id)));
}

TEST_F(seal, record_0_tells_how_the_recorder_was_set_up)
{
	struct tongbu_genesis genesis;
	struct utsname uts;

	ASSERT_EQ(0, uname(&uts));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(TONGBU_KIND_GENESIS, self->station.log.record[0].kind);
	ASSERT_EQ(sizeof(genesis), self->station.log.record[0].length);
	genesis = record_genesis(&self->station.log.record[0]);
	EXPECT_EQ(65536, le32toh(genesis.ring));
	EXPECT_EQ(3600000, le32toh(genesis.heartbeat));
	EXPECT_EQ(1000, le32toh(genesis.submit_rate));
	EXPECT_STREQ(uts.release, (const char *)genesis.kernel_release);
	EXPECT_GT(self->station.log.record[0].boottime, le64toh(genesis.loaded));
	EXPECT_EQ(0, memcmp(genesis.supervisor, self->station.supervisor.pubkey, TONGBU_KEY_LEN));
	/* INFO_GET has the same bytes for as long as the module stays. */
	ASSERT_EQ(0, station_ack(&self->station));
	ASSERT_EQ(0, tongbu_nl_call(&self->station.nl, TONGBU_CMD_INFO_GET));
	ASSERT_NE(NULL, self->station.nl.attrs[TONGBU_A_GENESIS]);
	ASSERT_EQ((int)self->station.log.record[0].size,
		  nla_len(self->station.nl.attrs[TONGBU_A_GENESIS]));
	EXPECT_EQ(0, memcmp(nla_data(self->station.nl.attrs[TONGBU_A_GENESIS]),
			    self->station.log.record[0].bytes, self->station.log.record[0].size));
}

TEST_F(seal, G2_record_0_names_the_boot)
{
	char text[64] = "", shown[64] = "", *to = shown;
	struct tongbu_genesis genesis;
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
	const char *from;
	size_t i;

	ASSERT_NE(NULL, file);
	ASSERT_NE(NULL, fgets(text, sizeof(text), file));
	fclose(file);
	for (from = text; *from && *from != '\n'; from++)
		if (*from != '-')
			*to++ = *from;
	ASSERT_EQ(0, station_read(&self->station));
	genesis = record_genesis(&self->station.log.record[0]);
	for (i = 0; i < sizeof(genesis.boot_id); i++)
		snprintf(text + 2 * i, 3, "%02x", genesis.boot_id[i]);
	EXPECT_STREQ(shown, text);
}

TEST_F(seal, record_0_names_the_chain_before)
{
	struct tongbu_genesis genesis;
	uint8_t chain[TONGBU_CHAIN_LEN], tag[TONGBU_TAG_LEN];
	struct nl_msg *msg;

	memset(chain, 0x11, sizeof(chain));
	memset(tag, 0x22, sizeof(tag));
	station_close(&self->station);
	ASSERT_EQ(0, station_load(STATION_QUIET));
	ASSERT_EQ(0, record_log_init(&self->station.log));
	ASSERT_EQ(0, tongbu_nl_open(&self->station.nl));
	msg = tongbu_nl_request(&self->station.nl, TONGBU_CMD_CHAIN_START);
	nla_put(msg, TONGBU_A_PUBKEY, TONGBU_KEY_LEN, self->station.supervisor.pubkey);
	nla_put(msg, TONGBU_A_PREV_CHAIN, sizeof(chain), chain);
	nla_put_u64(msg, TONGBU_A_PREV_SEQ, 123456789012ULL);
	nla_put(msg, TONGBU_A_PREV_TAG, sizeof(tag), tag);
	ASSERT_EQ(0, tongbu_nl_do(&self->station.nl, msg)) TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, station_read(&self->station));
	genesis = record_genesis(&self->station.log.record[0]);
	EXPECT_EQ(0, memcmp(chain, genesis.prev_chain, sizeof(chain)));
	EXPECT_EQ(0, memcmp(tag, genesis.prev_tag, sizeof(tag)));
	EXPECT_EQ(123456789012ULL, le64toh(genesis.prev_seq));
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log));
}

TEST_HARNESS_MAIN
