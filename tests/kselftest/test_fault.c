// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is not to be had: every operation of the family, with each of the
 * allocations it takes failing in turn. A new operation is one more OP() below.
 */
#include <kselftest_harness.h>

#include <errno.h>
#include <grp.h>
#include <netlink/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fault.h"
#include "outputs.h"
#include "station.h"

#define PARAMS STATION_QUIET " ring=4096 submit_rate=0"

/* More allocations than any operation makes */
#define NTH_MAX 5000U

#define FAR	4000000000000000000ULL /* 2096: no clock comes due in a test */

/**
 * struct look - what must be as it was after an operation that failed
 * @bytes: everything that the family tells of itself, and would change
 * @len: how much
 */
struct look {
	uint8_t bytes[32768];
	size_t len;
};

FIXTURE(fault)
{
	struct station station;
	struct tongbu_nl onlooker;
	struct look before;
	struct look after;
};

/**
 * FIXTURE_VARIANT(fault) - an operation
 * @cmd: enum tongbu_cmd
 * @dump: it is a dump
 * @begin: with a chain that this test owns, or without one of these
 * @prepare: make it possible, again and again; or NULL
 * @fill: add its attributes; or NULL
 * @undo: make it possible again after it was done; or NULL
 */
FIXTURE_VARIANT(fault)
{
	uint8_t cmd;
	bool dump;
	enum { OWNED, NO_CHAIN } begin;
	int (*prepare)(struct station * station);
	void (*fill)(struct station * station, struct nl_msg * msg);
	int (*undo)(struct station * station);
};

static const struct line line = { .name = "fault", .line = 3, .debounce = 1000 };

static int have_source(struct station *station)
{
	int id = station_arm(station, &line);

	return id == -EEXIST || id > 0 ? 0 : id;
}

static int have_no_source(struct station *station)
{
	int err = station_disarm(station, line.name);

	return err == -ENOENT ? 0 : err;
}

static int have_clock(struct station *station)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_CLOCK_ARM);

	nla_put_u64(msg, TONGBU_A_CLOCK_ID, 7);
	nla_put_u64(msg, TONGBU_A_CLOCK_DUE, FAR);
	return tongbu_nl_do(&station->nl, msg);
}

static int have_no_clock(struct station *station)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_CLOCK_CANCEL);
	int err;

	nla_put_u64(msg, TONGBU_A_CLOCK_ID, 7);
	err = tongbu_nl_do(&station->nl, msg);
	return err == -ENOENT ? 0 : err;
}

static const struct output output = { .name = "lamp", .line = 2 };
static const struct reflex reflex = { .name = "alarm",
				      .source = "fault",
				      .output = "lamp",
				      .condition = TONGBU_WHEN_COUNT,
				      .level = NO_LEVEL,
				      .action = TONGBU_DO_BLINK,
				      .count = 3,
				      .within = 60000,
				      .length = 500,
				      .period = 100 };

static int have_output(struct station *station)
{
	int id = output_add(&station->nl, &output);

	return id == -EEXIST || id > 0 ? 0 : id;
}

static int have_no_output(struct station *station)
{
	int err = output_del(&station->nl, output.name);

	return err == -ENOENT ? 0 : err;
}

static int have_no_reflex(struct station *station)
{
	int err = reflex_del(&station->nl, reflex.name);

	if (!err || err == -ENOENT)
		err = have_source(station);
	return err ? err : have_output(station);
}

static int have_reflex(struct station *station)
{
	int err = have_source(station), id;

	if (!err)
		err = have_output(station);
	if (err)
		return err;
	id = reflex_add(&station->nl, &reflex);
	return id == -EEXIST || id > 0 ? 0 : id;
}

static int be_of_the_group(struct station *station)
{
	gid_t group = station_group();

	(void)station;
	return setgroups(1, &group) ? -errno : 0;
}

static int restart(struct station *station)
{
	station_close(station);
	return station_prepare(station, PARAMS);
}

static int reopen(struct station *station)
{
	int tries;

	tongbu_nl_close(&station->nl);
	if (tongbu_nl_open(&station->nl))
		return -ENOENT;
	for (tries = 0; tries < 200; tries++) {
		if (tongbu_nl_info(&station->nl, TONGBU_A_INFO_OWNER_PID) == UINT64_MAX)
			return 0;
		station_sleep_ms(10);
	}
	return -ETIMEDOUT;
}

static void fill_pubkey(struct station *station, struct nl_msg *msg)
{
	nla_put(msg, TONGBU_A_PUBKEY, TONGBU_KEY_LEN, station->supervisor.pubkey);
}

static void fill_act(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_u8(msg, TONGBU_A_ACT_FORMAT, TONGBU_ACT_TEXT);
	nla_put(msg, TONGBU_A_ACT_DATA, 4, "said");
}

static void fill_source(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_string(msg, TONGBU_A_SOURCE_NAME, line.name);
	nla_put_string(msg, TONGBU_A_GPIO_CHIP, STATION_CHIP);
	nla_put_u32(msg, TONGBU_A_GPIO_LINE, line.line);
	nla_put_u32(msg, TONGBU_A_GPIO_DEBOUNCE, line.debounce);
}

static void fill_counter(struct station *station, struct nl_msg *msg)
{
	fill_source(station, msg);
	nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, TONGBU_SOURCE_COUNTER);
	nla_put_u32(msg, TONGBU_A_SOURCE_INTERVAL, 3600000);
	nla_put_u32(msg, TONGBU_A_SOURCE_SILENT, 3600000);
	nla_put_u32(msg, TONGBU_A_SOURCE_RATE, 100);
}

static void fill_pps(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_string(msg, TONGBU_A_SOURCE_NAME, line.name);
	nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, TONGBU_SOURCE_PPS);
	nla_put_string(msg, TONGBU_A_GPIO_CHIP, STATION_CHIP);
	nla_put_u32(msg, TONGBU_A_GPIO_LINE, line.line);
	nla_put_u32(msg, TONGBU_A_SOURCE_INTERVAL, 3600000);
}

/* The keyboard of QEMU's PC */
static void fill_input(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_string(msg, TONGBU_A_SOURCE_NAME, line.name);
	nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, TONGBU_SOURCE_INPUT);
	nla_put_string(msg, TONGBU_A_INPUT_NAME, "AT Translated Set 2 keyboard");
	nla_put_u32(msg, TONGBU_A_SOURCE_FLAGS, TONGBU_SOURCE_GRAB);
}

static void fill_serial(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_string(msg, TONGBU_A_SOURCE_NAME, line.name);
	nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, TONGBU_SOURCE_SERIAL);
	nla_put_string(msg, TONGBU_A_SERIAL_PORT, "ttySIM0");
}

static void fill_name(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_string(msg, TONGBU_A_SOURCE_NAME, line.name);
}

static void fill_output(struct station *station, struct nl_msg *msg)
{
	(void)station;
	output_put(msg, &output);
}

static void fill_output_name(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_string(msg, TONGBU_A_OUTPUT_NAME, output.name);
}

/* To what it is not at, or there was nothing to do */
static void fill_output_value(struct station *station, struct nl_msg *msg)
{
	struct output_state state;

	if (output_look(&station->nl, output.name, &state))
		abort();
	fill_output_name(station, msg);
	nla_put_u8(msg, TONGBU_A_OUTPUT_VALUE, !state.value);
}

static void fill_reflex(struct station *station, struct nl_msg *msg)
{
	(void)station;
	reflex_put(msg, &reflex);
}

static void fill_reflex_name(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_string(msg, TONGBU_A_REFLEX_NAME, reflex.name);
}

static void fill_clock(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_u64(msg, TONGBU_A_CLOCK_ID, 7);
	nla_put_u64(msg, TONGBU_A_CLOCK_DUE, FAR);
}

static void fill_clock_id(struct station *station, struct nl_msg *msg)
{
	(void)station;
	nla_put_u64(msg, TONGBU_A_CLOCK_ID, 7);
}

static void fill_synced(struct station *station, struct nl_msg *msg)
{
	static uint8_t synced;

	(void)station;
	synced = !synced;
	nla_put_u8(msg, TONGBU_A_CLOCK_SYNCED, synced);
	nla_put_u32(msg, TONGBU_A_CLOCK_ESTERROR, 100);
	nla_put_u32(msg, TONGBU_A_CLOCK_MAXERROR, 1000);
}

#define OP(name, ...)                    \
	FIXTURE_VARIANT_ADD(fault, name) \
	{                                \
		__VA_ARGS__              \
	}

/* clang-format off */
OP(INFO_GET, .cmd = TONGBU_CMD_INFO_GET);
OP(CHAIN_START, .cmd = TONGBU_CMD_CHAIN_START, .begin = NO_CHAIN, .fill = fill_pubkey, .undo = restart);
OP(CLOCK_STATE, .cmd = TONGBU_CMD_CLOCK_STATE, .fill = fill_synced);
OP(SUBMIT, .cmd = TONGBU_CMD_SUBMIT, .prepare = be_of_the_group, .fill = fill_act);
OP(SOURCE_ADD, .cmd = TONGBU_CMD_SOURCE_ADD, .prepare = have_no_source, .fill = fill_source);
OP(SOURCE_ADD_COUNTER, .cmd = TONGBU_CMD_SOURCE_ADD, .prepare = have_no_source, .fill = fill_counter);
OP(SOURCE_ADD_PPS, .cmd = TONGBU_CMD_SOURCE_ADD, .prepare = have_no_source, .fill = fill_pps);
OP(SOURCE_ADD_INPUT, .cmd = TONGBU_CMD_SOURCE_ADD, .prepare = have_no_source, .fill = fill_input);
OP(SOURCE_ADD_SERIAL, .cmd = TONGBU_CMD_SOURCE_ADD, .prepare = have_no_source, .fill = fill_serial);
OP(SOURCE_DEL, .cmd = TONGBU_CMD_SOURCE_DEL, .prepare = have_source, .fill = fill_name);
OP(SOURCE_GET, .cmd = TONGBU_CMD_SOURCE_GET, .dump = true, .prepare = have_source);
OP(CLOCK_ARM, .cmd = TONGBU_CMD_CLOCK_ARM, .prepare = have_no_clock, .fill = fill_clock);
OP(CLOCK_CANCEL, .cmd = TONGBU_CMD_CLOCK_CANCEL, .prepare = have_clock, .fill = fill_clock_id);
OP(CLOCK_GET, .cmd = TONGBU_CMD_CLOCK_GET, .dump = true, .prepare = have_clock);
OP(OUTPUT_ADD, .cmd = TONGBU_CMD_OUTPUT_ADD, .prepare = have_no_output, .fill = fill_output);
OP(OUTPUT_DEL, .cmd = TONGBU_CMD_OUTPUT_DEL, .prepare = have_output, .fill = fill_output_name);
OP(OUTPUT_SET, .cmd = TONGBU_CMD_OUTPUT_SET, .prepare = have_output, .fill = fill_output_value);
OP(OUTPUT_GET, .cmd = TONGBU_CMD_OUTPUT_GET, .dump = true, .prepare = have_output);
OP(REFLEX_ADD, .cmd = TONGBU_CMD_REFLEX_ADD, .prepare = have_no_reflex, .fill = fill_reflex);
OP(REFLEX_DEL, .cmd = TONGBU_CMD_REFLEX_DEL, .prepare = have_reflex, .fill = fill_reflex_name);
OP(REFLEX_GET, .cmd = TONGBU_CMD_REFLEX_GET, .dump = true, .prepare = have_reflex);
/* clang-format on */

FIXTURE_SETUP(fault)
{
	/* The harness goes on to a test whose setup skips: it does it itself. */
	if (!fault_available())
		return;
	ASSERT_EQ(0, fault_init());
	ASSERT_EQ(0, station_prepare(&self->station, PARAMS));
	ASSERT_EQ(0, tongbu_nl_open(&self->onlooker));
	if (variant->begin == NO_CHAIN)
		return;
	ASSERT_EQ(0,
		  station_start(&self->station, self->station.supervisor.pubkey, TONGBU_KEY_LEN));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(fault)
{
	tongbu_nl_close(&self->onlooker);
	station_close(&self->station);
}

static void add(struct look *look, const void *bytes, size_t len)
{
	if (look->len + len > sizeof(look->bytes))
		abort();
	memcpy(look->bytes + look->len, bytes, len);
	look->len += len;
}

static int add_attrs(struct nlattr **attrs, void *arg)
{
	struct look *look = arg;
	size_t i;

	for (i = 0; i <= TONGBU_A_MAX; i++)
		if (attrs[i])
			add(look, attrs[i], (size_t)attrs[i]->nla_len);
	return 0;
}

/* What a kernel does not know of yet, it answers with EOPNOTSUPP. */
static void take_look(struct tongbu_nl *nl, struct look *look)
{
	static const uint8_t dumps[] = { TONGBU_CMD_SOURCE_GET, TONGBU_CMD_CLOCK_GET,
					 TONGBU_CMD_OUTPUT_GET, TONGBU_CMD_REFLEX_GET };
	static const int infos[] = { TONGBU_A_HEAD, TONGBU_A_ACKED, TONGBU_A_INFO_SOURCES,
				     TONGBU_A_INFO_CLOCKS, TONGBU_A_INFO_OWNER_PID };
	size_t i;

	look->len = 0;
	if (tongbu_nl_call(nl, TONGBU_CMD_INFO_GET))
		abort();
	for (i = 0; i < sizeof(infos) / sizeof(*infos); i++)
		if (nl->attrs[infos[i]])
			add(look, nl->attrs[infos[i]], nl->attrs[infos[i]]->nla_len);
	for (i = 0; i < sizeof(dumps); i++) {
		int err = tongbu_nl_dump(nl, tongbu_nl_request(nl, dumps[i]), add_attrs, look);

		if (err && err != -EOPNOTSUPP)
			abort();
	}
}

/* What the kernel answers: 0 or an errno; -EINPROGRESS for nothing, as when the
 * answer itself is what found no memory. All is done when send() returns, but for
 * a dump, which goes on with each recv().
 */
static int ask(struct tongbu_nl *nl, struct nl_msg *msg)
{
	struct nlmsghdr *request = nlmsg_hdr(msg), *answer;
	static char buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	int fd = nl_socket_get_fd(nl->sock), err = -EINPROGRESS;
	ssize_t len;

	if (send(fd, request, request->nlmsg_len, 0) < 0)
		return -errno;
	while ((len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) >= 0 || errno == ENOBUFS ||
	       errno == ENOMEM) {
		int left = (int)len;

		for (answer = (struct nlmsghdr *)buf; len > 0 && nlmsg_ok(answer, left);
		     answer = nlmsg_next(answer, &left))
			if (answer->nlmsg_seq == request->nlmsg_seq &&
			    (answer->nlmsg_type == NLMSG_ERROR || answer->nlmsg_type == NLMSG_DONE))
				err = *(int *)nlmsg_data(answer);
	}
	return err;
}

TEST_F_TIMEOUT(fault, without_memory_an_operation_is_refused_and_nothing_changes, 900)
{
	unsigned int nth, refused = 0, unanswered = 0;
	struct station *station = &self->station;
	bool failed = true, same;
	struct nl_msg *msg;
	int err = 0;

	if (!fault_available())
		SKIP(return, FAULT_MISSING);
	for (nth = 1; failed && nth < NTH_MAX; nth++) {
		if (variant->prepare)
			ASSERT_EQ(0, variant->prepare(station));
		take_look(&self->onlooker, &self->before);
		msg = tongbu_nl_request(&station->nl, variant->cmd);
		if (variant->fill)
			variant->fill(station, msg);
		nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_REQUEST |
					       (variant->dump ? NLM_F_DUMP : NLM_F_ACK);
		nl_complete_msg(station->nl.sock, msg);

		fault_arm(nth);
		err = ask(&station->nl, msg);
		failed = !fault_disarm();
		nlmsg_free(msg);

		take_look(&self->onlooker, &self->after);
		same = self->before.len == self->after.len &&
		       !memcmp(self->before.bytes, self->after.bytes, self->before.len);
		if (err == -EINPROGRESS) {
			unanswered++;
		} else if (err) {
			refused++;
			EXPECT_TRUE(err == -ENOMEM || err == -ENOBUFS)
			TH_LOG("allocation %u fails: error %d", nth, -err);
			EXPECT_TRUE(same)
			TH_LOG("allocation %u fails: error %d, and yet something changed", nth,
			       -err);
		}
		/* A dump that broke off keeps its socket: it takes a new one. */
		if (err && variant->dump && variant->begin == OWNED) {
			ASSERT_EQ(0, reopen(station));
			ASSERT_EQ(0, station_attach(station));
		}
		if (variant->undo && failed && !same) {
			tongbu_nl_close(&self->onlooker);
			ASSERT_EQ(0, variant->undo(station));
			ASSERT_EQ(0, tongbu_nl_open(&self->onlooker));
		}
	}
	TH_LOG("%u allocations: %u times refused, %u times without an answer", nth - 2, refused,
	       unanswered);
	EXPECT_EQ(0, err);
	EXPECT_FALSE(failed);
	EXPECT_LT(0, refused);

	/* And the chain goes on. */
	if (variant->begin != OWNED) {
		ASSERT_EQ(0, reopen(station));
		ASSERT_EQ(0, station_attach(station));
	}
	reflex_del(&station->nl, reflex.name);
	ASSERT_EQ(0, have_no_source(station));
	ASSERT_LT(0, station_arm(station, &(struct line){ .name = "after", .line = 4 }));
	ASSERT_EQ(0, station_pull_and_wait(station, 4, true));
	ASSERT_EQ(0, station_read(station));
	EXPECT_EQ(1, record_log_count(&station->log, TONGBU_KIND_EDGE, ANY_SOURCE));
	EXPECT_EQ(0, record_log_lost(&station->log, ANY_SOURCE));
	EXPECT_TRUE(record_log_whole(&station->log)) TH_LOG("%s", station->log.wrong);
	EXPECT_TRUE(supervisor_verify(&station->supervisor, &station->log))
	TH_LOG("%s", station->log.wrong);
}

TEST_HARNESS_MAIN
