// SPDX-License-Identifier: GPL-2.0-only
/* G7: arming and disarming are on record, and what cannot be is said in words. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "station.h"

/* Somebody who is privileged and not root */
#define OPERATOR 1234U

FIXTURE(source)
{
	struct station station;
};

FIXTURE_SETUP(source)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(source)
{
	station_close(&self->station);
}

TEST_F(source, G7_arming_and_disarming_are_on_record)
{
	const struct line line = { .name = "door",
				   .line = 1,
				   .edges = TONGBU_EDGE_RISING,
				   .flags = TONGBU_SOURCE_ACTIVE_LOW | TONGBU_SOURCE_CONFIGURED,
				   .debounce = 100 };
	const struct record *add, *del;
	struct tongbu_source source;
	uint32_t id;
	int armed;

	/* The socket stays root's; who calls is somebody else. */
	ASSERT_EQ(0, setresuid(OPERATOR, 0, 0));
	armed = station_arm(&self->station, &line);
	ASSERT_LE(TONGBU_SOURCE_FIRST, armed) TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, setresuid(OPERATOR + 1, 0, 0));
	ASSERT_EQ(0, station_disarm(&self->station, "door"));
	id = (uint32_t)armed;
	ASSERT_EQ(0, station_read(&self->station));
	add = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, id, 0);
	ASSERT_NE(NULL, add);
	EXPECT_EQ(OPERATOR, add->uid);
	EXPECT_EQ((uint32_t)getpid(), add->pid);
	EXPECT_EQ(0, add->source_seq);
	ASSERT_EQ(sizeof(source) + sizeof(struct tongbu_source_more), add->length);
	source = record_source(add);
	EXPECT_STREQ("door", (const char *)source.name);
	EXPECT_STREQ(STATION_CHIP, (const char *)source.chip);
	EXPECT_EQ(1, le32toh(source.line));
	EXPECT_EQ(100, le32toh(source.debounce));
	EXPECT_EQ(line.flags, le32toh(source.flags));
	EXPECT_EQ(TONGBU_SOURCE_GPIO, source.type);
	EXPECT_EQ(TONGBU_EDGE_RISING, source.edges);
	EXPECT_EQ(TONGBU_BIAS_AS_IS, source.bias);
	EXPECT_EQ(1, source.level);
	del = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_DEL, id, 0);
	ASSERT_NE(NULL, del);
	EXPECT_EQ(OPERATOR + 1, del->uid);
	EXPECT_EQ((uint32_t)getpid(), del->pid);
	EXPECT_EQ(1, del->source_seq);
	EXPECT_EQ(sizeof(struct tongbu_source_end), del->length);
}

TEST_F(source, G7_disarming_tells_what_the_source_came_to)
{
	const struct line line = { .name = "water", .line = 0 };
	const struct record *record;
	struct nl_msg *msg;
	int id, i;

	id = station_arm(&self->station, &line);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	for (i = 0; i < 7; i++)
		ASSERT_EQ(0, station_pull_and_wait(&self->station, 0, i % 2 == 0));
	/* By number, too */
	msg = tongbu_nl_request(&self->station.nl, TONGBU_CMD_SOURCE_DEL);
	nla_put_u32(msg, TONGBU_A_SOURCE_ID, (uint32_t)id);
	ASSERT_EQ(0, tongbu_nl_do(&self->station.nl, msg)) TH_LOG("%s", self->station.nl.text);
	/* What happens from now on is nobody's event. */
	ASSERT_EQ(0, station_pull(0, false));
	station_sleep_ms(100);
	ASSERT_EQ(0, station_read(&self->station));
	record = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_DEL, (uint32_t)id, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(7, le64toh(record_source_end(record).sealed));
	EXPECT_EQ(0, le64toh(record_source_end(record).lost));
	EXPECT_EQ(8, record->source_seq);
	EXPECT_EQ(record->seq + 1, self->station.log.count);
	EXPECT_EQ(7, record_log_count(&self->station.log, TONGBU_KIND_EDGE, (uint32_t)id));
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_SOURCES));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(source, names_may_be_in_any_script)
{
	const struct line line = { .name = "三号闸门", .line = 1 };
	const struct record *record;

	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, station_read(&self->station));
	record = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_ADD, ANY_SOURCE, 0);
	ASSERT_NE(NULL, record);
	EXPECT_STREQ(line.name, (const char *)record_source(record).name);
	EXPECT_EQ(0, station_disarm(&self->station, line.name));
}

TEST_F(source, numbers_are_never_used_again)
{
	const struct line line = { .name = "door", .line = 1 };
	int first, second;

	first = station_arm(&self->station, &line);
	EXPECT_EQ(TONGBU_SOURCE_FIRST, first);
	ASSERT_EQ(0, station_disarm(&self->station, "door"));
	second = station_arm(&self->station, &line);
	EXPECT_EQ(first + 1, second);
}

/* An attribute put behind those of a good request: the last one counts. */
struct attempt {
	const char *what;
	int attr;
	const void *data;
	int len;
	int err;
	const char *word;
};

#define STRING(s) (s), (int)sizeof(s)
#define U8(v)	  (&(const uint8_t){ v }), 1
#define U32(v)	  (&(const uint32_t){ v }), 4

static int arm_with(struct station *station, const struct attempt *attempt)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_SOURCE_ADD);

	nla_put_string(msg, TONGBU_A_SOURCE_NAME, "door");
	nla_put_string(msg, TONGBU_A_GPIO_CHIP, STATION_CHIP);
	nla_put_u32(msg, TONGBU_A_GPIO_LINE, 1);
	nla_put(msg, attempt->attr, attempt->len, attempt->data);
	return tongbu_nl_do(&station->nl, msg);
}

TEST_F(source, what_cannot_be_armed_is_refused_in_words)
{
	const struct attempt attempts[] = {
		{ "empty name", TONGBU_A_SOURCE_NAME, STRING(""), -EINVAL, "empty" },
		{ "name of no bytes", TONGBU_A_SOURCE_NAME, "", 0, -EINVAL, "policy" },
		{ "blank", TONGBU_A_SOURCE_NAME, STRING("the door"), -EINVAL, "blank" },
		{ "delete", TONGBU_A_SOURCE_NAME, STRING("door\x7f"), -EINVAL, "control" },
		{ "newline", TONGBU_A_SOURCE_NAME, STRING("door\n"), -EINVAL, "blank" },
		{ "NUL within", TONGBU_A_SOURCE_NAME, STRING("door\0way"), -EINVAL, "ends it" },
		{ "two NULs", TONGBU_A_SOURCE_NAME, STRING("door\0"), -EINVAL, "ends it" },
		{ "no NUL", TONGBU_A_SOURCE_NAME, "door", 4, -EINVAL, "policy" },
		{ "32 bytes", TONGBU_A_SOURCE_NAME, STRING("abcdefghijklmnopqrstuvwxyz012345"),
		  -EINVAL, "policy" },
		{ "no such chip", TONGBU_A_GPIO_CHIP, STRING("nowhere"), -ENODEV, "nowhere" },
		{ "empty chip", TONGBU_A_GPIO_CHIP, STRING(""), -EINVAL, "empty" },
		{ "NUL in chip", TONGBU_A_GPIO_CHIP, STRING(STATION_CHIP "\0x"), -EINVAL,
		  "ends it" },
		{ "line beyond", TONGBU_A_GPIO_LINE, U32(STATION_LINES), -ERANGE, "8 lines" },
		{ "line far beyond", TONGBU_A_GPIO_LINE, U32(UINT32_MAX), -ERANGE, "8 lines" },
		{ "short number", TONGBU_A_GPIO_LINE, U8(1), -EINVAL, "" },
		{ "no edges", TONGBU_A_GPIO_EDGES, U8(0), -ERANGE, "" },
		{ "unknown edges", TONGBU_A_GPIO_EDGES, U8(4), -ERANGE, "" },
		{ "unknown bias", TONGBU_A_GPIO_BIAS, U8(4), -ERANGE, "" },
		{ "debounce", TONGBU_A_GPIO_DEBOUNCE, U32(10000001), -ERANGE, "10000001" },
		{ "unknown flag", TONGBU_A_SOURCE_FLAGS, U32(32), -EINVAL, "" },
		{ "input's flag", TONGBU_A_SOURCE_FLAGS, U32(TONGBU_SOURCE_GRAB), -EINVAL,
		  "0x4 mean nothing" },
		{ "interval", TONGBU_A_SOURCE_INTERVAL, U32(1000), -EINVAL, "as they come" },
		{ "silent", TONGBU_A_SOURCE_SILENT, U32(9), -ERANGE, "least is 10" },
		{ "no type", TONGBU_A_SOURCE_TYPE, U8(0), -ERANGE, "" },
		{ "unknown type", TONGBU_A_SOURCE_TYPE, U8(TONGBU_SOURCE_SERIAL + 1), -ERANGE, "" },
		{ "its number", TONGBU_A_SOURCE_ID, U32(99), -EINVAL, "" },
	};
	size_t i;

	for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		EXPECT_EQ(attempts[i].err, arm_with(&self->station, &attempts[i]))
		TH_LOG("%s: %s", attempts[i].what, self->station.nl.text);
		EXPECT_EQ(attempts[i].attr, self->station.nl.attr)
		TH_LOG("%s: %s", attempts[i].what, self->station.nl.text);
		EXPECT_NE('\0', *self->station.nl.text) TH_LOG("%s", attempts[i].what);
		EXPECT_NE(NULL, strstr(self->station.nl.text, attempts[i].word))
		TH_LOG("%s: %s", attempts[i].what, self->station.nl.text);
	}
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_SOURCES));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(2, self->station.log.count);
}

TEST_F(source, what_is_needed_is_named_when_missing)
{
	static const int attrs[] = { TONGBU_A_SOURCE_NAME, TONGBU_A_GPIO_CHIP, TONGBU_A_GPIO_LINE };
	static const char *const words[] = { "SOURCE_NAME is missing", "GPIO_CHIP is missing",
					     "GPIO_LINE is missing" };
	struct nl_msg *msg;
	size_t i;

	for (i = 0; i < 3; i++) {
		msg = tongbu_nl_request(&self->station.nl, TONGBU_CMD_SOURCE_ADD);
		if (attrs[i] != TONGBU_A_SOURCE_NAME)
			nla_put_string(msg, TONGBU_A_SOURCE_NAME, "door");
		if (attrs[i] != TONGBU_A_GPIO_CHIP)
			nla_put_string(msg, TONGBU_A_GPIO_CHIP, STATION_CHIP);
		if (attrs[i] != TONGBU_A_GPIO_LINE)
			nla_put_u32(msg, TONGBU_A_GPIO_LINE, 1);
		EXPECT_EQ(-EINVAL, tongbu_nl_do(&self->station.nl, msg));
		EXPECT_NE(NULL, strstr(self->station.nl.text, words[i]))
		TH_LOG("%s", self->station.nl.text);
	}
	EXPECT_EQ(-EINVAL, tongbu_nl_call(&self->station.nl, TONGBU_CMD_SOURCE_DEL));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "SOURCE_ID or SOURCE_NAME"))
	TH_LOG("%s", self->station.nl.text);
}

TEST_F(source, what_is_not_there_cannot_be_removed)
{
	const struct line line = { .name = "door", .line = 1 };
	struct nl_msg *msg;

	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	EXPECT_EQ(-ENOENT, station_disarm(&self->station, "window"));
	EXPECT_EQ(TONGBU_A_SOURCE_NAME, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "window"))
	TH_LOG("%s", self->station.nl.text);
	msg = tongbu_nl_request(&self->station.nl, TONGBU_CMD_SOURCE_DEL);
	nla_put_u32(msg, TONGBU_A_SOURCE_ID, 9999);
	EXPECT_EQ(-ENOENT, tongbu_nl_do(&self->station.nl, msg));
	EXPECT_EQ(TONGBU_A_SOURCE_ID, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "9999")) TH_LOG("%s", self->station.nl.text);
	msg = tongbu_nl_request(&self->station.nl, TONGBU_CMD_SOURCE_DEL);
	nla_put(msg, TONGBU_A_SOURCE_NAME, sizeof("door\0way"), "door\0way");
	EXPECT_EQ(-EINVAL, tongbu_nl_do(&self->station.nl, msg));
	EXPECT_EQ(1, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_SOURCES));
}

TEST_F(source, a_name_and_a_line_are_taken_once)
{
	struct line line = { .name = "door", .line = 1 };

	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	line.line = 2;
	EXPECT_EQ(-EEXIST, station_arm(&self->station, &line));
	EXPECT_EQ(TONGBU_A_SOURCE_NAME, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "door exists with id 16"))
	TH_LOG("%s", self->station.nl.text);
	line.name = "gate";
	line.line = 1;
	EXPECT_EQ(-EBUSY, station_arm(&self->station, &line));
	EXPECT_EQ(TONGBU_A_GPIO_LINE, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "held by door"))
	TH_LOG("%s", self->station.nl.text);
	/* What was refused is free. */
	line.line = 2;
	EXPECT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(4, self->station.log.count);
}

/* Takes a line of the simulated chip by its character device */
static int take_by_device(uint32_t line)
{
	struct gpio_v2_line_request request = { .offsets = { line },
						.consumer = "somebody",
						.num_lines = 1,
						.config.flags = GPIO_V2_LINE_FLAG_INPUT };
	char chip[64], path[80];
	int fd, err;

	if (station_chip(chip))
		return -ENODEV;
	snprintf(path, sizeof(path), "/dev/%s", chip);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = ioctl(fd, GPIO_V2_GET_LINE_IOCTL, &request) ? -errno : 0;
	close(fd);
	return err ? err : request.fd;
}

TEST_F(source, a_line_in_use_is_refused_and_its_holder_named)
{
	const struct line line = { .name = "gate", .line = 3 };
	int fd = take_by_device(3);

	ASSERT_LT(0, fd);
	EXPECT_EQ(-EBUSY, station_arm(&self->station, &line));
	EXPECT_EQ(TONGBU_A_GPIO_LINE, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "held by somebody"))
	TH_LOG("%s", self->station.nl.text);
	close(fd);
	EXPECT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	/* And the other way round */
	EXPECT_EQ(-EBUSY, take_by_device(3));
	ASSERT_EQ(0, station_disarm(&self->station, "gate"));
	fd = take_by_device(3);
	EXPECT_LT(0, fd);
	close(fd);
}

#define LISTED 4

/* Sources as SOURCE_GET lists them */
struct listing {
	size_t count;
	struct {
		uint32_t id;
		char name[TONGBU_NAME_LEN];
		char chip[TONGBU_NAME_LEN];
		uint32_t line;
		uint32_t flags;
		uint32_t debounce;
		uint8_t type;
		uint8_t edges;
		uint8_t bias;
		uint8_t level;
		uint64_t sealed;
		uint64_t lost;
	} source[LISTED];
};

static int take_source(struct nlattr **attrs, void *arg)
{
	struct listing *all = arg;
	int attr;

	if (all->count == LISTED)
		return -ENOSPC;
	for (attr = TONGBU_A_SOURCE_ID; attr <= TONGBU_A_GPIO_DEBOUNCE; attr++)
		if (!attrs[attr])
			return -attr;
	all->source[all->count].id = nla_get_u32(attrs[TONGBU_A_SOURCE_ID]);
	nla_strlcpy(all->source[all->count].name, attrs[TONGBU_A_SOURCE_NAME], TONGBU_NAME_LEN);
	nla_strlcpy(all->source[all->count].chip, attrs[TONGBU_A_GPIO_CHIP], TONGBU_NAME_LEN);
	all->source[all->count].line = nla_get_u32(attrs[TONGBU_A_GPIO_LINE]);
	all->source[all->count].flags = nla_get_u32(attrs[TONGBU_A_SOURCE_FLAGS]);
	all->source[all->count].debounce = nla_get_u32(attrs[TONGBU_A_GPIO_DEBOUNCE]);
	all->source[all->count].type = nla_get_u8(attrs[TONGBU_A_SOURCE_TYPE]);
	all->source[all->count].edges = nla_get_u8(attrs[TONGBU_A_GPIO_EDGES]);
	all->source[all->count].bias = nla_get_u8(attrs[TONGBU_A_GPIO_BIAS]);
	all->source[all->count].level = nla_get_u8(attrs[TONGBU_A_SOURCE_LEVEL]);
	all->source[all->count].sealed = nla_get_u64(attrs[TONGBU_A_SOURCE_SEALED]);
	all->source[all->count].lost = nla_get_u64(attrs[TONGBU_A_SOURCE_LOST]);
	all->count++;
	return 0;
}

TEST_F(source, the_list_has_what_was_armed_and_what_came_of_it)
{
	const struct line door = { .name = "door",
				   .line = 1,
				   .edges = TONGBU_EDGE_RISING,
				   .flags = TONGBU_SOURCE_CONFIGURED };
	const struct line water = { .name = "water", .line = 0, .debounce = 1000 };
	struct listing all = { 0 };
	int first, i;

	first = station_arm(&self->station, &door);
	ASSERT_LE(TONGBU_SOURCE_FIRST, first);
	ASSERT_EQ(first + 1, station_arm(&self->station, &water));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, 1, true));
		ASSERT_EQ(0, station_pull(1, false));
	}
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 0, true));
	ASSERT_EQ(0, tongbu_nl_dump(&self->station.nl,
				    tongbu_nl_request(&self->station.nl, TONGBU_CMD_SOURCE_GET),
				    take_source, &all));
	ASSERT_EQ(2, all.count);
	EXPECT_EQ((uint32_t)first, all.source[0].id);
	EXPECT_STREQ("door", all.source[0].name);
	EXPECT_STREQ(STATION_CHIP, all.source[0].chip);
	EXPECT_EQ(1, all.source[0].line);
	EXPECT_EQ(TONGBU_SOURCE_CONFIGURED, all.source[0].flags);
	EXPECT_EQ(0, all.source[0].debounce);
	EXPECT_EQ(TONGBU_SOURCE_GPIO, all.source[0].type);
	EXPECT_EQ(TONGBU_EDGE_RISING, all.source[0].edges);
	EXPECT_EQ(TONGBU_BIAS_AS_IS, all.source[0].bias);
	EXPECT_EQ(3, all.source[0].sealed);
	EXPECT_EQ(0, all.source[0].lost);
	EXPECT_EQ((uint32_t)first + 1, all.source[1].id);
	EXPECT_STREQ("water", all.source[1].name);
	EXPECT_EQ(0, all.source[1].line);
	EXPECT_EQ(0, all.source[1].flags);
	EXPECT_EQ(1000, all.source[1].debounce);
	EXPECT_EQ(TONGBU_EDGE_BOTH, all.source[1].edges);
	EXPECT_EQ(1, all.source[1].level);
	EXPECT_EQ(1, all.source[1].sealed);
	EXPECT_EQ(0, all.source[1].lost);
}

/* Which of what is live somebody was told */
struct told {
	bool any;
	bool level;
	bool last;
};

static int take_told(struct nlattr **attrs, void *arg)
{
	struct told *told = arg;

	told->any = true;
	told->level |= !!attrs[TONGBU_A_SOURCE_LEVEL];
	told->last |= !!attrs[TONGBU_A_SOURCE_LAST];
	return 0;
}

static int list_sources(void *arg)
{
	struct tongbu_nl nl;
	int err = tongbu_nl_open(&nl);

	if (!err)
		err = tongbu_nl_dump(&nl, tongbu_nl_request(&nl, TONGBU_CMD_SOURCE_GET), take_told,
				     arg);
	tongbu_nl_close(&nl);
	return err;
}

TEST_F(source, how_a_line_is_now_is_for_members)
{
	const struct line line = { .name = "key", .line = 1 };
	struct told *told = station_shared(2 * sizeof(*told));

	ASSERT_NE(NULL, told);
	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 1, true));
	ASSERT_EQ(0, station_run_as("mallory", list_sources, &told[0]));
	EXPECT_TRUE(told[0].any);
	EXPECT_FALSE(told[0].level);
	EXPECT_FALSE(told[0].last);
	ASSERT_EQ(0, station_run_as("alice", list_sources, &told[1]));
	EXPECT_TRUE(told[1].level);
	EXPECT_TRUE(told[1].last);
}

TEST_F(source, the_list_leaves_out_what_was_disarmed)
{
	static const char *const names[] = { "one", "two", "three", "four" };
	struct listing all = { 0 };
	struct line line = { 0 };
	size_t i;

	for (i = 0; i < LISTED; i++) {
		line.name = names[i];
		line.line = (uint32_t)i;
		ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	}
	ASSERT_EQ(0, station_disarm(&self->station, "two"));
	ASSERT_EQ(0, tongbu_nl_dump(&self->station.nl,
				    tongbu_nl_request(&self->station.nl, TONGBU_CMD_SOURCE_GET),
				    take_source, &all));
	ASSERT_EQ(LISTED - 1, all.count);
	EXPECT_STREQ("one", all.source[0].name);
	EXPECT_STREQ("three", all.source[1].name);
	EXPECT_STREQ("four", all.source[2].name);
}

TEST_F(source, unloading_frees_the_lines)
{
	const struct line line = { .name = "gate", .line = 3 };
	int fd;

	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &line));
	tongbu_nl_close(&self->station.nl);
	ASSERT_EQ(0, station_unload_soon());
	fd = take_by_device(3);
	EXPECT_LT(0, fd);
	close(fd);
}

TEST_HARNESS_MAIN
