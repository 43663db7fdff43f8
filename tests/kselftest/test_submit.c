// SPDX-License-Identifier: GPL-2.0-only
/* G8: an act bears the credentials the kernel knows, whoever says what. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "station.h"

/* Refusals of one user are reported once in this time, ns */
#define REFUSED_INTERVAL 10000000000ULL

#define NOBODY		 0xffffffffU

FIXTURE(submit)
{
	struct station station;
};

FIXTURE_SETUP(submit)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(submit)
{
	station_close(&self->station);
}

/* From here on this test's process is of the group that may submit. */
static int join_group(void)
{
	struct group *group = getgrnam("tongbu");

	return group && !setgroups(1, &group->gr_gid) ? 0 : -EPERM;
}

static const struct record *nth_act(struct station *station, size_t nth)
{
	if (station_read(station))
		return NULL;
	return record_log_find(&station->log, TONGBU_KIND_ACT, TONGBU_SOURCE_PEOPLE, nth);
}

static bool says(const struct record *record, const void *data, size_t len)
{
	return record->length == sizeof(struct tongbu_act) + len &&
	       !memcmp(record->payload + sizeof(struct tongbu_act), data, len);
}

TEST_F(submit, G8_the_receipt_is_the_record)
{
	const struct record *record;
	struct outcome outcome;
	uint64_t before, after;

	ASSERT_EQ(0, join_group());
	before = station_realtime();
	ASSERT_EQ(0, station_submit(&self->station.nl, TONGBU_ACT_TEXT, "gate 3 opened", 13,
				    &outcome));
	after = station_realtime();
	record = nth_act(&self->station, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(outcome.seq, record->seq);
	EXPECT_EQ(outcome.realtime, record->realtime);
	EXPECT_EQ(0, memcmp(outcome.tag, record->tag, TONGBU_TAG_LEN));
	EXPECT_EQ(0, memcmp(outcome.chain, record_genesis(&self->station.log.record[0]).chain,
			    TONGBU_CHAIN_LEN));
	EXPECT_LE(before, record->realtime);
	EXPECT_GE(after, record->realtime);
	EXPECT_EQ(1, record->source_seq);
	EXPECT_TRUE(says(record, "gate 3 opened", 13));
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
}

TEST_F(submit, G8_the_kernel_says_who_submitted)
{
	static const char *const users[] = { "alice", "bob", "alice" };
	const struct record *record;
	struct outcome outcome;
	size_t i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, station_submit_as(users[i], TONGBU_ACT_TEXT, "I am root", 9, &outcome))
		TH_LOG("%s", outcome.text);
		record = nth_act(&self->station, i);
		ASSERT_NE(NULL, record);
		EXPECT_EQ(outcome.seq, record->seq);
		EXPECT_EQ(station_uid(users[i]), record->uid);
		EXPECT_EQ((uint32_t)outcome.pid, record->pid);
		EXPECT_EQ(station_uid(users[i]), le32toh(record_act(record).euid));
		EXPECT_EQ(NOBODY, le32toh(record_act(record).login_uid));
		EXPECT_EQ(TONGBU_SOURCE_PEOPLE, record->source);
		EXPECT_EQ((uint32_t)i + 1, record->source_seq);
		EXPECT_TRUE(says(record, "I am root", 9));
	}
}

static int open_and_submit(void)
{
	struct outcome outcome;
	struct tongbu_nl nl;
	int err = tongbu_nl_open(&nl);

	return err ? err : station_submit(&nl, TONGBU_ACT_TEXT, "x", 1, &outcome);
}

/* Alice has logged in, and has become bob since. */
static int submit_after_su(void *arg)
{
	char text[16];
	int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);
	ssize_t len = snprintf(text, sizeof(text), "%u", station_uid("alice"));

	(void)arg;
	if (fd < 0 || write(fd, text, (size_t)len) != len || station_become("bob"))
		return -errno;
	return open_and_submit();
}

TEST_F(submit, G8_who_logged_in_outlives_su)
{
	const struct record *record;

	ASSERT_EQ(0, station_run_as(NULL, submit_after_su, NULL));
	record = nth_act(&self->station, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(station_uid("bob"), record->uid);
	EXPECT_EQ(station_uid("bob"), le32toh(record_act(record).euid));
	EXPECT_EQ(station_uid("alice"), le32toh(record_act(record).login_uid));
}

/* What a set-user-id program of bob's is when alice starts it */
static int submit_as_setuid(void *arg)
{
	uid_t alice = station_uid("alice"), bob = station_uid("bob");

	(void)arg;
	if (join_group() || setresuid(alice, bob, bob))
		return -errno;
	return open_and_submit();
}

TEST_F(submit, G8_a_setuid_program_does_not_hide_who_runs_it)
{
	const struct record *record;

	ASSERT_EQ(0, station_run_as(NULL, submit_as_setuid, NULL));
	record = nth_act(&self->station, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(station_uid("alice"), record->uid);
	EXPECT_EQ(station_uid("bob"), le32toh(record_act(record).euid));
}

/* Process 1 as it sees itself; @arg takes what it really is */
static int submit_from_namespaces(void *arg)
{
	pid_t *pid = arg, child;
	int status;

	uid_t alice = station_uid("alice");

	/* Only root makes one alone, and then becomes alice in it. */
	if (unshare(CLONE_NEWPID))
		return -errno;
	child = fork();
	if (!child)
		_exit(getpid() == 1 && !join_group() && !setresuid(alice, alice, alice) ?
			      -open_and_submit() :
			      EINVAL);
	*pid = child;
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? -WEXITSTATUS(status) :
									  -ECHILD;
}

TEST_F(submit, G8_namespaces_do_not_hide_who_runs_it)
{
	pid_t *pid = station_shared(sizeof(*pid));
	const struct record *record;

	ASSERT_NE(NULL, pid);
	ASSERT_EQ(0, station_run_as(NULL, submit_from_namespaces, pid));
	record = nth_act(&self->station, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(station_uid("alice"), record->uid);
	EXPECT_EQ(station_uid("alice"), le32toh(record_act(record).euid));
	EXPECT_EQ((uint32_t)*pid, record->pid);
}

TEST_F(submit, acts_stand_as_they_were_submitted)
{
	static const char mark[] = "\0\1\xff challenge \0";
	static const char json[] = "{\"gate\": 3, \"opened\": true}";
	const struct record *record;
	struct outcome outcome;
	char text[TONGBU_ACT_MAX];
	struct nl_msg *msg;

	ASSERT_EQ(0, join_group());
	memset(text, 't', sizeof(text));
	ASSERT_EQ(0,
		  station_submit(&self->station.nl, TONGBU_ACT_TEXT, text, sizeof(text), &outcome));
	ASSERT_EQ(0, station_submit(&self->station.nl, TONGBU_ACT_JSON, json, sizeof(json) - 1,
				    &outcome));
	ASSERT_EQ(0, station_submit(&self->station.nl, TONGBU_ACT_MARK, mark, sizeof(mark) - 1,
				    &outcome));
	/* Without a format it is text. */
	msg = tongbu_nl_request(&self->station.nl, TONGBU_CMD_SUBMIT);
	nla_put(msg, TONGBU_A_ACT_DATA, 1, "x");
	ASSERT_EQ(0, tongbu_nl_do(&self->station.nl, msg));

	record = nth_act(&self->station, 0);
	ASSERT_EQ(4, record_log_count(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE));
	EXPECT_EQ(TONGBU_ACT_TEXT, record_act(record).format);
	EXPECT_TRUE(says(record, text, sizeof(text)));
	record = nth_act(&self->station, 1);
	EXPECT_EQ(TONGBU_ACT_JSON, record_act(record).format);
	EXPECT_TRUE(says(record, json, sizeof(json) - 1));
	record = nth_act(&self->station, 2);
	EXPECT_EQ(TONGBU_ACT_MARK, record_act(record).format);
	EXPECT_TRUE(says(record, mark, sizeof(mark) - 1));
	record = nth_act(&self->station, 3);
	EXPECT_EQ(TONGBU_ACT_TEXT, record_act(record).format);
	EXPECT_TRUE(says(record, "x", 1));
}

TEST_F(submit, what_is_no_act_is_refused)
{
	struct tongbu_nl *nl = &self->station.nl;
	struct outcome outcome;
	char text[TONGBU_ACT_MAX + 1];
	struct nl_msg *msg;

	ASSERT_EQ(0, join_group());
	memset(text, 't', sizeof(text));
	EXPECT_EQ(-ERANGE, station_submit(nl, TONGBU_ACT_MARK + 1, "x", 1, &outcome));
	EXPECT_EQ(TONGBU_A_ACT_FORMAT, outcome.attr);
	EXPECT_NE('\0', *outcome.text);
	EXPECT_EQ(-EINVAL, station_submit(nl, TONGBU_ACT_TEXT, "", 0, &outcome));
	EXPECT_EQ(TONGBU_A_ACT_DATA, outcome.attr);
	EXPECT_NE(NULL, strstr(outcome.text, "empty")) TH_LOG("%s", outcome.text);
	EXPECT_EQ(-EMSGSIZE, station_submit(nl, TONGBU_ACT_TEXT, text, sizeof(text), &outcome));
	EXPECT_EQ(TONGBU_A_ACT_DATA, outcome.attr);
	EXPECT_NE(NULL, strstr(outcome.text, "8001 bytes")) TH_LOG("%s", outcome.text);
	EXPECT_EQ(-EINVAL, tongbu_nl_call(nl, TONGBU_CMD_SUBMIT));
	EXPECT_NE(NULL, strstr(nl->text, "ACT_DATA is missing")) TH_LOG("%s", nl->text);
	/* Nobody names himself. */
	msg = tongbu_nl_request(nl, TONGBU_CMD_SUBMIT);
	nla_put(msg, TONGBU_A_ACT_DATA, 1, "x");
	nla_put_u32(msg, TONGBU_A_INFO_OWNER_UID, station_uid("alice"));
	EXPECT_EQ(-EINVAL, tongbu_nl_do(nl, msg));
	EXPECT_EQ(TONGBU_A_INFO_OWNER_UID, nl->attr);
	EXPECT_EQ(NULL, nth_act(&self->station, 0));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(submit, G8_who_is_not_in_the_group_is_refused_on_record)
{
	const struct record *record;
	struct tongbu_refused refused;
	struct outcome outcome;
	pid_t first;
	int i;

	EXPECT_EQ(-EPERM, station_submit_as("mallory", TONGBU_ACT_TEXT, "x", 1, &outcome));
	EXPECT_NE(NULL, strstr(outcome.text, "not in group")) TH_LOG("%s", outcome.text);
	first = outcome.pid;
	/* Records of refusals are rationed, the count is not. */
	for (i = 0; i < 4; i++)
		EXPECT_EQ(-EPERM, station_submit_as("mallory", TONGBU_ACT_TEXT, "x", 1, &outcome));
	EXPECT_EQ(5, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_REFUSED));
	EXPECT_EQ(NULL, nth_act(&self->station, 0));
	ASSERT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_REFUSED, ANY_SOURCE));
	record = record_log_find(&self->station.log, TONGBU_KIND_REFUSED, TONGBU_SOURCE_PEOPLE, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(station_uid("mallory"), record->uid);
	EXPECT_EQ((uint32_t)first, record->pid);
	refused = record_refused(record);
	EXPECT_EQ(EPERM, le32toh(refused.error));
	EXPECT_EQ(TONGBU_CMD_SUBMIT, le32toh(refused.command));
	EXPECT_EQ(1, le32toh(refused.count));
}

TEST_F(submit, G8_root_is_nobody_special)
{
	struct outcome outcome;

	EXPECT_EQ(-EPERM, station_submit(&self->station.nl, TONGBU_ACT_TEXT, "x", 1, &outcome));
	EXPECT_NE(NULL, strstr(outcome.text, "uid 0 is not in group")) TH_LOG("%s", outcome.text);
	EXPECT_EQ(NULL, nth_act(&self->station, 0));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_REFUSED, ANY_SOURCE));
}

/* On the socket that root has opened */
static int submit_on_given(void *arg)
{
	struct outcome outcome;

	return station_submit(arg, TONGBU_ACT_TEXT, "x", 1, &outcome);
}

/* On a socket that alice has opened, as root, who may submit too */
static int submit_on_taken(void *arg)
{
	uid_t alice = station_uid("alice");
	struct tongbu_nl nl;

	(void)arg;
	if (join_group() || setresuid(alice, alice, 0) || tongbu_nl_open(&nl) || setresuid(0, 0, 0))
		return -ECHILD;
	return submit_on_given(&nl);
}

TEST_F(submit, G8_a_socket_of_another_user_is_refused)
{
	struct tongbu_nl nl;

	ASSERT_EQ(0, tongbu_nl_open(&nl));
	EXPECT_EQ(-EPERM, station_run_as("alice", submit_on_given, &nl));
	EXPECT_EQ(-EPERM, station_run_as(NULL, submit_on_taken, NULL));
	tongbu_nl_close(&nl);
	EXPECT_EQ(NULL, nth_act(&self->station, 0));
	EXPECT_EQ(2, record_log_count(&self->station.log, TONGBU_KIND_REFUSED, ANY_SOURCE));
}

/* More users than are remembered, each turned away twice */
TEST_F(submit, refusals_of_many_users_are_all_counted)
{
	const uid_t first = 3000, users = 80;
	const struct record *record;
	struct outcome outcome;
	uint32_t counted = 0;
	uid_t uid;
	size_t i;

	for (uid = first; uid < first + users; uid++) {
		ASSERT_EQ(-EPERM, station_submit_by(uid, &outcome));
		ASSERT_EQ(-EPERM, station_submit_by(uid, &outcome));
	}
	ASSERT_EQ(0, station_read(&self->station));
	/* 64 are remembered: what the first 16 did must be on record by now. */
	for (i = 0; (record = record_log_find(&self->station.log, TONGBU_KIND_REFUSED,
					      TONGBU_SOURCE_PEOPLE, i));
	     i++)
		if (record->uid < first + 16)
			counted += le32toh(record_refused(record).count);
	EXPECT_EQ(32, counted);
}

FIXTURE(paced)
{
	struct station station;
};

FIXTURE_SETUP(paced)
{
	ASSERT_EQ(0, station_open(&self->station, "heartbeat=500 submit_rate=5 submit_burst=5"));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(paced)
{
	station_close(&self->station);
}

/* What became of many submissions in a row */
struct tally {
	int taken;
	int refused;
	int other;
	struct outcome last;
};

static int submit_row(void *arg)
{
	struct tally *tally = arg;
	struct outcome outcome;
	struct tongbu_nl nl;
	int i;

	if (tongbu_nl_open(&nl))
		return -ENOTCONN;
	for (i = 0; i < 40; i++) {
		station_submit(&nl, TONGBU_ACT_TEXT, "x", 1, &outcome);
		tally->taken += !outcome.err;
		tally->refused += outcome.err == -EAGAIN;
		tally->other += outcome.err && outcome.err != -EAGAIN;
		if (outcome.err)
			tally->last = outcome;
	}
	return 0;
}

TEST_F(paced, G8_one_user_is_held_to_the_rate_and_others_are_not)
{
	struct tally *tally = station_shared(sizeof(*tally));
	uint64_t seconds, begun = station_boottime();
	struct outcome outcome;

	ASSERT_NE(NULL, tally);
	ASSERT_EQ(0, station_run_as("alice", submit_row, tally));
	seconds = (station_boottime() - begun) / 1000000000ULL + 1;
	/* A second's worth at once and one more, and what falls due meanwhile */
	EXPECT_LE(5, tally->taken);
	EXPECT_GE(6 + 5 * (int)seconds, tally->taken);
	EXPECT_LE(1, tally->refused);
	EXPECT_EQ(0, tally->other);
	EXPECT_NE(NULL, strstr(tally->last.text, "more than 5 acts a second"))
	TH_LOG("%s", tally->last.text);
	EXPECT_EQ(0, station_submit_as("bob", TONGBU_ACT_TEXT, "x", 1, &outcome))
	TH_LOG("%s", outcome.text);
	station_sleep_ms(1200);
	EXPECT_EQ(0, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome))
	TH_LOG("%s", outcome.text);
	EXPECT_EQ((uint64_t)tally->refused,
		  tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_REFUSED));
	TH_LOG("%d taken, %d refused", tally->taken, tally->refused);
}

/* Root of a user namespace has as many uids as he likes: none of them counts. */
static int submit_from_a_namespace(void *arg)
{
	struct outcome *outcome = arg;
	struct tongbu_nl nl;

	if (unshare(CLONE_NEWUSER) || tongbu_nl_open(&nl))
		return -ENOTCONN;
	station_submit(&nl, TONGBU_ACT_TEXT, "x", 1, outcome);
	tongbu_nl_close(&nl);
	return 0;
}

TEST_F(submit, G5_a_user_namespace_makes_no_submitters)
{
	struct outcome *outcome = station_shared(sizeof(*outcome));

	ASSERT_NE(NULL, outcome);
	ASSERT_EQ(0, station_run_as("alice", submit_from_a_namespace, outcome));
	EXPECT_EQ(-EPERM, outcome->err);
	EXPECT_NE(NULL, strstr(outcome->text, "user namespace")) TH_LOG("%s", outcome->text);
}

/* A day's worth for each user, in bytes of records */
TEST(G5_no_user_fills_the_disk)
{
	struct station station;
	struct tongbu_limited limited;
	struct outcome outcome;
	char text[TONGBU_ACT_MAX];
	int acts = 0;

	memset(text, 't', sizeof(text));
	ASSERT_EQ(0, station_open(&station, "submit_daily=8 " STATION_QUIET));
	ASSERT_EQ(0, station_attach(&station));
	while (acts < 64 &&
	       !station_submit_as("alice", TONGBU_ACT_TEXT, text, sizeof(text), &outcome))
		acts++;
	EXPECT_EQ(8 * 1024 / (TONGBU_RECORD_MIN + (int)sizeof(struct tongbu_act) + TONGBU_ACT_MAX),
		  acts);
	EXPECT_EQ(-EDQUOT, outcome.err);
	EXPECT_NE(NULL, strstr(outcome.text, "8 KiB of this day")) TH_LOG("%s", outcome.text);
	/* And everybody can see whose acts are missing. */
	ASSERT_EQ(0, tongbu_nl_call(&station.nl, TONGBU_CMD_INFO_GET));
	ASSERT_NE(NULL, station.nl.attrs[TONGBU_A_INFO_LIMITED]);
	ASSERT_EQ(sizeof(limited),
		  (size_t)nla_memcpy(&limited, station.nl.attrs[TONGBU_A_INFO_LIMITED],
				     sizeof(limited)));
	EXPECT_EQ(station_uid("alice"), le32toh(limited.uid));
	EXPECT_EQ(0, le32toh(limited.rate));
	EXPECT_EQ(1, le32toh(limited.quota));
	EXPECT_EQ(0, station_submit_as("bob", TONGBU_ACT_TEXT, "x", 1, &outcome));
	station_close(&station);
}

TEST_F(paced, G8_rationed_refusals_are_told_in_the_end)
{
	uint64_t limit = station_boottime() + REFUSED_INTERVAL + 5000000000ULL;
	const struct record *record;
	struct outcome outcome;
	int i;

	for (i = 0; i < 4; i++)
		EXPECT_EQ(-EPERM, station_submit_as("mallory", TONGBU_ACT_TEXT, "x", 1, &outcome));
	do {
		station_sleep_ms(500);
		ASSERT_EQ(0, station_read(&self->station));
		ASSERT_GT(limit, station_boottime());
		record = record_log_find(&self->station.log, TONGBU_KIND_REFUSED, ANY_SOURCE, 1);
	} while (!record);
	EXPECT_EQ(3, le32toh(record_refused(record).count));
	EXPECT_EQ(EPERM, le32toh(record_refused(record).error));
	EXPECT_EQ(station_uid("mallory"), record->uid);
	EXPECT_EQ((uint32_t)outcome.pid, record->pid);
	EXPECT_LE(REFUSED_INTERVAL,
		  record->boottime -
			  record_log_find(&self->station.log, TONGBU_KIND_REFUSED, ANY_SOURCE, 0)
				  ->boottime);
}

/* Half in bytes, too, of acts so long that a few are half, and as many again do not fit. Half
 * in records is test_ring's.
 */
TEST(G2_long_acts_do_not_crowd_out_hardware)
{
	const struct line line = { .name = "door", .line = 1, .edges = TONGBU_EDGE_RISING };
	struct station station;
	struct outcome outcome;
	char text[1000];
	int acts = 0, id, i;

	memset(text, 't', sizeof(text));
	ASSERT_EQ(0, join_group());
	ASSERT_EQ(0, station_open(&station, "ring=64 " STATION_QUIET));
	id = station_arm(&station, &line);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	while (acts < 64 &&
	       !station_submit(&station.nl, TONGBU_ACT_TEXT, text, sizeof(text), &outcome))
		acts++;
	EXPECT_EQ(64 * 256 / 2 /
			  (TONGBU_RECORD_MIN + (int)sizeof(struct tongbu_act) + (int)sizeof(text)),
		  acts);
	EXPECT_EQ(-ENOBUFS, outcome.err);
	EXPECT_NE(NULL, strstr(outcome.text, "half of the ring")) TH_LOG("%s", outcome.text);
	for (i = 0; i < 30; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&station, 1, true));
		ASSERT_EQ(0, station_pull(1, false));
	}
	EXPECT_EQ(0, tongbu_nl_info(&station.nl, TONGBU_A_INFO_LOST));
	ASSERT_EQ(0, station_attach(&station));
	ASSERT_EQ(0, station_read(&station));
	EXPECT_EQ(30, record_log_count(&station.log, TONGBU_KIND_EDGE, (uint32_t)id));
	EXPECT_TRUE(record_log_whole(&station.log)) TH_LOG("%s", station.log.wrong);
	station_close(&station);
}

TEST(no_chain_no_acts)
{
	struct station station;
	struct outcome outcome;

	ASSERT_EQ(0, join_group());
	ASSERT_EQ(0, station_prepare(&station, STATION_QUIET));
	EXPECT_EQ(-ENODATA, station_submit(&station.nl, TONGBU_ACT_TEXT, "x", 1, &outcome));
	EXPECT_NE(NULL, strstr(outcome.text, "no chain runs")) TH_LOG("%s", outcome.text);
	station_close(&station);
}

TEST(no_group_nobody_submits)
{
	struct station station;
	struct outcome outcome;

	ASSERT_EQ(0, station_open(&station, "submit_gid=-1"));
	EXPECT_EQ(-EPERM, station_submit_as("alice", TONGBU_ACT_TEXT, "x", 1, &outcome));
	EXPECT_NE(NULL, strstr(outcome.text, "no group may submit")) TH_LOG("%s", outcome.text);
	station_close(&station);
}

TEST_HARNESS_MAIN
