// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever is said to the family, by whomever, it answers, and nobody is let do what
 * is not his to do. FUZZ_MESSAGES says how many messages, FUZZ_SEED which.
 */
#include <kselftest_harness.h>

#include <errno.h>
#include <linux/netlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "messages.h"
#include "station.h"

/* Messages of each person from one look at the station to the next */
#define ROUND 2000

/* Room in the day for acts would end soon, and so would the interest in them. */
#define PARAMS	 STATION_QUIET " submit_rate=20 submit_burst=20"

#define BIT(cmd) (1ULL << TONGBU_CMD_##cmd)
/* What anybody may ask, and what members of the group may do besides */
#define ANYBODY \
	(BIT(INFO_GET) | BIT(SOURCE_GET) | BIT(CLOCK_GET) | BIT(OUTPUT_GET) | BIT(REFLEX_GET))
#define MEMBER (ANYBODY | BIT(SUBMIT))

/**
 * struct person - somebody who sends messages
 * @user: who, or NULL for root
 * @messages: the series
 * @left: how many are to be sent
 * @may: bits of commands that may come to something
 * @accepted: how often each has
 * @refused: how often it has not
 */
struct person {
	const char *user;
	struct messages messages;
	uint32_t left;
	uint64_t may;
	uint32_t accepted[256];
	uint32_t refused[256];
};

FIXTURE(messages)
{
	struct station station;
	struct person *persons;
	uint64_t seed;
	uint32_t each;
};

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

FIXTURE_SETUP(messages)
{
	static const struct person persons[] = { { .user = "mallory", .may = ANYBODY },
						 { .user = "alice", .may = MEMBER },
						 { .user = NULL, .may = UINT64_MAX } };
	size_t i;

	self->seed = setting("FUZZ_SEED", station_realtime());
	/* Two tests, of two and of three persons */
	self->each = (uint32_t)(setting("FUZZ_MESSAGES", 20000) / 5 + 1);
	TH_LOG("FUZZ_SEED=%llu, %u messages each", (unsigned long long)self->seed, self->each);
	ASSERT_EQ(0, station_open(&self->station, PARAMS));
	self->persons = station_shared(sizeof(persons));
	ASSERT_NE(NULL, self->persons);
	memcpy(self->persons, persons, sizeof(persons));
	for (i = 0; i < 3; i++) {
		self->persons[i].messages.state = self->seed + i;
		self->persons[i].left = self->each;
	}
}

FIXTURE_TEARDOWN(messages)
{
	station_close(&self->station);
}

/* Commands of the last messages, by the low bits of their numbers */
#define LATE 4096

static void take_answers(struct person *person, int sock, const uint8_t *late)
{
	static uint8_t room[65536] __attribute__((aligned(8)));
	const struct nlmsgerr *error;
	struct nlmsghdr *answer;
	ssize_t got;
	int left;

	while ((got = recv(sock, room, sizeof(room), MSG_DONTWAIT)) > 0 || errno == ENOBUFS) {
		left = got > 0 ? (int)got : 0;
		for (answer = (void *)room; nlmsg_ok(answer, left);
		     answer = nlmsg_next(answer, &left)) {
			uint8_t cmd = late[answer->nlmsg_seq % LATE];

			error = NLMSG_DATA(answer);
			/* What a message is longer than it says may look like one to
			 * netlink itself, which acknowledges it.
			 */
			if (answer->nlmsg_type == NLMSG_ERROR &&
			    error->msg.nlmsg_type != person->messages.family)
				continue;
			if (answer->nlmsg_type == NLMSG_DONE ||
			    (answer->nlmsg_type == NLMSG_ERROR && !error->error))
				person->accepted[cmd]++;
			else if (answer->nlmsg_type == NLMSG_ERROR)
				person->refused[cmd]++;
		}
		if (got <= 0)
			errno = 0;
	}
}

/* Some messages, one or several at once; as a child's work, and as root's */
static int send_some(void *arg)
{
	static uint8_t room[4 * MESSAGE_ROOM];
	uint8_t late[LATE] = { 0 };
	struct person *person = arg;
	struct messages *m = &person->messages;
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	uint32_t count = person->left < ROUND ? person->left : ROUND;
	struct tongbu_nl nl;
	int sock, one = 1, err = tongbu_nl_open(&nl);

	if (err)
		return err;
	m->family = (uint16_t)nl.family;
	sock = nl_socket_get_fd(nl.sock);
	person->left -= count;
	if (messages_random(m, 2))
		setsockopt(sock, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	if (messages_random(m, 2))
		setsockopt(sock, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	while (count) {
		uint32_t batch = 1 + messages_random(m, 16);
		size_t len = 0;

		while (batch-- && count && len + MESSAGE_ROOM <= sizeof(room)) {
			struct nlmsghdr *head = (void *)(room + len);
			size_t whole;
			uint8_t cmd;

			whole = messages_next(m, head, &cmd);
			late[m->seq % LATE] = cmd;
			count--;
			len += NLMSG_ALIGN(whole);
			if (head->nlmsg_len != whole)
				break;
		}
		if (sendto(sock, room, len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
			err = errno == ENOBUFS ? err : -errno;
		take_answers(person, sock, late);
	}
	tongbu_nl_close(&nl);
	return err;
}

static bool knows_its_place(const struct person *person, struct __test_metadata *_metadata)
{
	uint32_t accepted = 0, refused = 0;
	bool place = true;
	unsigned int cmd;

	for (cmd = 0; cmd < 256; cmd++) {
		bool may = cmd < 64 && person->may >> cmd & 1;

		accepted += person->accepted[cmd];
		refused += person->refused[cmd];
		if (person->accepted[cmd] && (!may || cmd > TONGBU_CMD_MAX)) {
			TH_LOG("command %u was done for %s", cmd, person->user);
			place = false;
		}
	}
	TH_LOG("%s: %u accepted, %u refused, %u unheard", person->user ?: "root", accepted, refused,
	       person->messages.seq - accepted - refused);
	return place && accepted && refused;
}

/* The chain is what it would be without them, but for acts and refusals. */
TEST_F_TIMEOUT(messages, who_may_nothing_gets_nothing_and_breaks_nothing, 7200)
{
	struct person *persons = self->persons;
	int i, status;

	ASSERT_EQ(0, station_attach(&self->station));
	while (persons[0].left) {
		pid_t child = fork();

		if (!child)
			_exit(-station_run_as(persons[0].user, send_some, &persons[0]));
		EXPECT_EQ(0, station_run_as(persons[1].user, send_some, &persons[1]));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_EQ(0, status);
		ASSERT_EQ(0, station_read(&self->station));
		ASSERT_EQ(0, station_ack(&self->station));
	}
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
	EXPECT_NE(NULL, record_log_find(&self->station.log, TONGBU_KIND_ACT, ANY_SOURCE, 0));
	for (i = 0; i < 2; i++)
		EXPECT_TRUE(knows_its_place(&persons[i], _metadata));
}

/* The three at once; a station afresh each round, as root ends what there is */
TEST_F_TIMEOUT(messages, root_can_do_much_but_break_the_module, 7200)
{
	struct person *persons = self->persons;
	int i, status;

	while (persons[2].left) {
		pid_t child[2];

		for (i = 0; i < 2; i++) {
			child[i] = fork();
			if (!child[i])
				_exit(-station_run_as(persons[i].user, send_some, &persons[i]));
		}
		EXPECT_EQ(0, send_some(&persons[2]));
		for (i = 0; i < 2; i++) {
			ASSERT_EQ(child[i], waitpid(child[i], &status, 0));
			EXPECT_EQ(0, status);
		}
		EXPECT_EQ(0, tongbu_nl_call(&self->station.nl, TONGBU_CMD_INFO_GET));
		station_close(&self->station);
		ASSERT_EQ(0, station_prepare(&self->station, PARAMS));
		/* Now and then root itself may begin the chain. */
		if (messages_random(&persons[2].messages, 4))
			ASSERT_EQ(0, station_start(&self->station, self->station.supervisor.pubkey,
						   TONGBU_KEY_LEN));
	}
	for (i = 0; i < 3; i++)
		EXPECT_TRUE(knows_its_place(&persons[i], _metadata));
}

TEST_HARNESS_MAIN
