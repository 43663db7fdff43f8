// SPDX-License-Identifier: GPL-2.0-only
/* Outputs: set when asked, on record with who and why, and never left unsafe. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "outputs.h"

#define MS   1000000ULL

#define LINE 5

static const struct output beacon = { .name = "beacon", .line = LINE };

FIXTURE(output)
{
	struct station station;
	struct tongbu_nl *nl;
};

FIXTURE_SETUP(output)
{
	ASSERT_EQ(0, station_plug(true));
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	self->nl = &self->station.nl;
}

FIXTURE_TEARDOWN(output)
{
	station_plug(true);
	station_close(&self->station);
}

static const struct record *nth(struct station *station, uint16_t kind, size_t n)
{
	return station_await(station, kind, TONGBU_SOURCE_OUTPUTS, n);
}

TEST_F(output, it_is_taken_with_its_safe_value)
{
	const struct output valve = { .name = "valve",
				      .line = LINE,
				      .safe = 1,
				      .away = 7000,
				      .flags = TONGBU_OUTPUT_CONFIGURED };
	struct output_state state;
	const struct record *record;
	struct tongbu_output output;
	int id = output_add(self->nl, &valve);

	ASSERT_EQ(1, id) TH_LOG("%s", self->nl->text);
	EXPECT_EQ(1, line_value(LINE));
	EXPECT_EQ(1, tongbu_nl_info(self->nl, TONGBU_A_INFO_OUTPUTS));
	record = nth(&self->station, TONGBU_KIND_OUTPUT_ADD, 0);
	ASSERT_NE(NULL, record);
	output = record_output(record);
	EXPECT_STREQ("valve", (const char *)output.name);
	EXPECT_STREQ(STATION_CHIP, (const char *)output.chip);
	EXPECT_EQ(LINE, le32toh(output.line));
	EXPECT_EQ(TONGBU_OUTPUT_CONFIGURED, le32toh(output.flags));
	EXPECT_EQ(7000, le32toh(output.away));
	EXPECT_EQ(1, le32toh(output.output));
	EXPECT_EQ(1, output.safe);
	EXPECT_EQ(0, record->uid);
	EXPECT_EQ((uint32_t)getpid(), record->pid);
	ASSERT_EQ(0, output_look(self->nl, "valve", &state));
	EXPECT_EQ(1, state.value);
	EXPECT_EQ(0, state.changes);
	EXPECT_EQ(0, state.state);
}

TEST_F(output, G7_setting_is_on_record_with_who_and_why)
{
	struct tongbu_output_change change;
	const struct record *record;
	uint64_t before, after;

	ASSERT_EQ(1, output_add(self->nl, &beacon)) TH_LOG("%s", self->nl->text);
	before = station_boottime();
	ASSERT_EQ(0, output_set_for(self->nl, "beacon", 1, 1)) TH_LOG("%s", self->nl->text);
	after = station_boottime();
	/* The answer came when it was set. */
	EXPECT_EQ(1, line_value(LINE));
	ASSERT_EQ(0, output_set(self->nl, "beacon", 0));
	EXPECT_EQ(0, line_value(LINE));

	record = nth(&self->station, TONGBU_KIND_OUTPUT, 0);
	ASSERT_NE(NULL, record);
	change = record_output_change(record);
	EXPECT_EQ(1, le64toh(change.record));
	EXPECT_EQ(1, le32toh(change.output));
	EXPECT_EQ(1, change.value);
	EXPECT_EQ(TONGBU_CAUSE_SET, change.cause);
	EXPECT_EQ(0, change.error);
	EXPECT_LE(before, le64toh(change.asked));
	EXPECT_LE(le64toh(change.asked), record->boottime);
	EXPECT_GE(after, record->boottime);
	EXPECT_EQ(0, record->uid);
	EXPECT_EQ((uint32_t)getpid(), record->pid);
	record = nth(&self->station, TONGBU_KIND_OUTPUT, 1);
	ASSERT_NE(NULL, record);
	change = record_output_change(record);
	EXPECT_EQ(TONGBU_SEQ_NONE, le64toh(change.record));
	EXPECT_EQ(0, change.value);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
}

TEST_F(output, active_low_turns_values_round)
{
	const struct output low = {
		.name = "low", .line = LINE, .safe = 1, .flags = TONGBU_OUTPUT_ACTIVE_LOW
	};

	ASSERT_EQ(1, output_add(self->nl, &low));
	EXPECT_EQ(0, line_value(LINE));
	ASSERT_EQ(0, output_set(self->nl, "low", 0));
	EXPECT_EQ(1, line_value(LINE));
	ASSERT_EQ(0, output_set(self->nl, "low", 1));
	EXPECT_EQ(0, line_value(LINE));
}

TEST_F(output, letting_go_is_on_record_and_frees_the_line)
{
	const struct line door = { .name = "door", .line = LINE };
	struct tongbu_output_change change;
	const struct record *record;

	ASSERT_EQ(1, output_add(self->nl, &beacon));
	EXPECT_EQ(-EBUSY, station_arm(&self->station, &door));
	EXPECT_NE(NULL, strstr(self->nl->text, "held by beacon")) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, output_set(self->nl, "beacon", 1));
	ASSERT_EQ(0, output_del(self->nl, "beacon")) TH_LOG("%s", self->nl->text);
	EXPECT_EQ(0, tongbu_nl_info(self->nl, TONGBU_A_INFO_OUTPUTS));
	record = nth(&self->station, TONGBU_KIND_OUTPUT, 1);
	ASSERT_NE(NULL, record);
	change = record_output_change(record);
	EXPECT_EQ(TONGBU_CAUSE_RELEASE, change.cause);
	EXPECT_EQ(0, change.value);
	EXPECT_EQ(0, record->uid);
	record = nth(&self->station, TONGBU_KIND_OUTPUT_DEL, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(1, le32toh(record_output_end(record).output));
	EXPECT_EQ(2, le64toh(record_output_end(record).changes));
	EXPECT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &door));
	EXPECT_EQ(-ENOENT, output_set(self->nl, "beacon", 1));
}

static int add_without(struct tongbu_nl *nl, int left_out)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_OUTPUT_ADD);

	if (left_out != TONGBU_A_OUTPUT_NAME)
		nla_put_string(msg, TONGBU_A_OUTPUT_NAME, "beacon");
	if (left_out != TONGBU_A_GPIO_CHIP)
		nla_put_string(msg, TONGBU_A_GPIO_CHIP, STATION_CHIP);
	if (left_out != TONGBU_A_GPIO_LINE)
		nla_put_u32(msg, TONGBU_A_GPIO_LINE, LINE);
	return tongbu_nl_do(nl, msg);
}

TEST_F(output, what_cannot_be_taken_is_refused_in_words)
{
	static const struct {
		struct output output;
		int err;
		int attr;
		const char *words;
	} cases[] = {
		{ { .name = "", .line = 1 }, -EINVAL, TONGBU_A_OUTPUT_NAME, "is empty" },
		{ { .name = "a b", .line = 1 }, -EINVAL, TONGBU_A_OUTPUT_NAME, "has a blank" },
		{ { .name = "x", .chip = "" }, -EINVAL, TONGBU_A_GPIO_CHIP, "is empty" },
		{ { .name = "x", .chip = "no" }, -ENODEV, TONGBU_A_GPIO_CHIP, "labelled no" },
		{ { .name = "x", .line = 99 }, -ERANGE, TONGBU_A_GPIO_LINE, "no line 99" },
		{ { .name = "x", .line = LINE }, -EBUSY, TONGBU_A_GPIO_LINE, "held by beacon" },
		{ { .name = "beacon", .line = 1 }, -EEXIST, TONGBU_A_OUTPUT_NAME, "with id 1" },
	};
	size_t i;

	EXPECT_EQ(-EINVAL, add_without(self->nl, TONGBU_A_OUTPUT_NAME));
	EXPECT_NE(NULL, strstr(self->nl->text, "OUTPUT_NAME is missing"));
	EXPECT_EQ(-EINVAL, add_without(self->nl, TONGBU_A_GPIO_CHIP));
	EXPECT_NE(NULL, strstr(self->nl->text, "GPIO_CHIP is missing"));
	EXPECT_EQ(-EINVAL, add_without(self->nl, TONGBU_A_GPIO_LINE));
	EXPECT_NE(NULL, strstr(self->nl->text, "GPIO_LINE is missing"));
	ASSERT_EQ(1, output_add(self->nl, &beacon));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		EXPECT_EQ(cases[i].err, output_add(self->nl, &cases[i].output))
		TH_LOG("case %zu", i);
		EXPECT_EQ(cases[i].attr, self->nl->attr) TH_LOG("case %zu", i);
		EXPECT_NE(NULL, strstr(self->nl->text, cases[i].words))
		TH_LOG("case %zu: %s", i, self->nl->text);
	}
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_OUTPUT_ADD, ANY_SOURCE));
}

TEST_F(output, what_cannot_be_set_is_refused_in_words)
{
	struct nl_msg *msg;

	ASSERT_EQ(1, output_add(self->nl, &beacon));
	EXPECT_EQ(-ENOENT, output_set(self->nl, "siren", 1));
	EXPECT_EQ(TONGBU_A_OUTPUT_NAME, self->nl->attr);
	EXPECT_NE(NULL, strstr(self->nl->text, "no output siren")) TH_LOG("%s", self->nl->text);
	EXPECT_EQ(-ERANGE, output_set_for(self->nl, "beacon", 1, 1000));
	EXPECT_EQ(TONGBU_A_OUTPUT_CAUSE, self->nl->attr);
	EXPECT_NE(NULL, strstr(self->nl->text, "record 1000 is not sealed yet"));
	EXPECT_EQ(-ERANGE, output_set(self->nl, "beacon", 2));
	msg = tongbu_nl_request(self->nl, TONGBU_CMD_OUTPUT_SET);
	nla_put_string(msg, TONGBU_A_OUTPUT_NAME, "beacon");
	EXPECT_EQ(-EINVAL, tongbu_nl_do(self->nl, msg));
	EXPECT_NE(NULL, strstr(self->nl->text, "OUTPUT_VALUE is missing"));
	EXPECT_EQ(-EINVAL, tongbu_nl_call(self->nl, TONGBU_CMD_OUTPUT_DEL));
	EXPECT_NE(NULL, strstr(self->nl->text, "OUTPUT_ID or OUTPUT_NAME is missing"));
	EXPECT_EQ(-ENOENT, output_del(self->nl, "siren"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_OUTPUT, ANY_SOURCE));
	EXPECT_EQ(0, line_value(LINE));
}

static int attempt(void *arg)
{
	struct tongbu_nl nl;
	int err = tongbu_nl_open(&nl);

	(void)arg;
	return err ? err : output_set(&nl, "beacon", 1);
}

TEST_F(output, nobody_else_may_set_it)
{
	ASSERT_EQ(1, output_add(self->nl, &beacon));
	EXPECT_EQ(-EPERM, station_run_as("alice", attempt, NULL));
	EXPECT_EQ(0, line_value(LINE));
}

TEST_F(output, it_is_made_safe_when_the_owner_is_away_too_long)
{
	const struct output brief = { .name = "brief", .line = 1, .away = 300 };
	const struct output valve = { .name = "valve", .line = 2, .away = 300, .safe = 1 };
	struct tongbu_output_change change;
	const struct record *detach, *record;
	uint32_t output;
	size_t i;

	ASSERT_EQ(1, output_add(self->nl, &beacon));
	ASSERT_EQ(2, output_add(self->nl, &brief));
	ASSERT_EQ(3, output_add(self->nl, &valve));
	ASSERT_EQ(0, output_set(self->nl, "beacon", 1));
	ASSERT_EQ(0, output_set(self->nl, "brief", 1));
	ASSERT_EQ(0, output_set(self->nl, "valve", 0));
	tongbu_nl_close(self->nl);
	EXPECT_TRUE(line_comes_to(1, 0));
	EXPECT_TRUE(line_comes_to(2, 1));

	/* Back, it is as it was made, until it is set. */
	ASSERT_EQ(0, tongbu_nl_open(self->nl));
	ASSERT_EQ(0, station_attach(&self->station));
	station_sleep_ms(500);
	EXPECT_EQ(1, line_value(LINE));
	EXPECT_EQ(0, line_value(1));
	EXPECT_EQ(1, line_value(2));
	ASSERT_EQ(0, output_set(self->nl, "brief", 1));
	EXPECT_EQ(1, line_value(1));

	detach = station_await(&self->station, TONGBU_KIND_DETACH, ANY_SOURCE, 0);
	ASSERT_NE(NULL, detach);
	for (i = 3; i < 5; i++) {
		record = nth(&self->station, TONGBU_KIND_OUTPUT, i);
		ASSERT_NE(NULL, record);
		change = record_output_change(record);
		output = le32toh(change.output);
		EXPECT_EQ(TONGBU_CAUSE_AWAY, change.cause);
		EXPECT_EQ(TONGBU_SEQ_NONE, le64toh(change.record));
		EXPECT_TRUE(output == 2 || output == 3);
		EXPECT_EQ(output == 3, change.value);
		EXPECT_LE(detach->boottime, le64toh(change.asked));
		EXPECT_LE(300 * MS, record->boottime - le64toh(change.asked));
		EXPECT_EQ(TONGBU_UID_NONE, record->uid);
	}
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(6, record_log_count(&self->station.log, TONGBU_KIND_OUTPUT, ANY_SOURCE));
}

TEST_F(output, a_short_absence_changes_nothing)
{
	const struct output patient = { .name = "patient", .line = 1, .away = 600000 };

	ASSERT_EQ(1, output_add(self->nl, &patient));
	ASSERT_EQ(0, output_set(self->nl, "patient", 1));
	tongbu_nl_close(self->nl);
	station_sleep_ms(300);
	ASSERT_EQ(0, tongbu_nl_open(self->nl));
	ASSERT_EQ(0, station_attach(&self->station));
	EXPECT_EQ(1, line_value(1));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_OUTPUT, ANY_SOURCE));
}

TEST_F(output, a_chip_that_goes_takes_no_output_unsafe_with_it)
{
	const struct output valve = { .name = "valve", .line = LINE, .safe = 1 };
	struct tongbu_output_change change;
	struct output_state state;
	const struct record *record;

	ASSERT_EQ(1, output_add(self->nl, &valve));
	ASSERT_EQ(0, output_set(self->nl, "valve", 0));
	ASSERT_EQ(0, station_plug(false));
	record = nth(&self->station, TONGBU_KIND_OUTPUT, 1);
	ASSERT_NE(NULL, record);
	change = record_output_change(record);
	EXPECT_EQ(TONGBU_CAUSE_GONE, change.cause);
	EXPECT_EQ(1, change.value);
	ASSERT_EQ(0, output_look(self->nl, "valve", &state));
	EXPECT_EQ(TONGBU_STATE_GONE, state.state);

	EXPECT_EQ(-ENODEV, output_set(self->nl, "valve", 0));
	EXPECT_NE(NULL, strstr(self->nl->text, "chip station is gone"))
	TH_LOG("%s", self->nl->text);
	record = nth(&self->station, TONGBU_KIND_OUTPUT, 2);
	ASSERT_NE(NULL, record);
	change = record_output_change(record);
	EXPECT_EQ(TONGBU_CAUSE_SET, change.cause);
	EXPECT_EQ(ENODEV, le16toh(change.error));

	ASSERT_EQ(0, station_plug(true));
	record = nth(&self->station, TONGBU_KIND_OUTPUT, 3);
	ASSERT_NE(NULL, record);
	change = record_output_change(record);
	EXPECT_EQ(TONGBU_CAUSE_BACK, change.cause);
	EXPECT_EQ(1, change.value);
	EXPECT_EQ(1, line_value(LINE));
	EXPECT_EQ(0, output_set(self->nl, "valve", 0));
	EXPECT_EQ(0, line_value(LINE));
	ASSERT_EQ(0, output_look(self->nl, "valve", &state));
	EXPECT_EQ(0, state.state);
	EXPECT_EQ(2, state.changes);

	/* Let go while it is gone */
	ASSERT_EQ(0, station_plug(false));
	ASSERT_NE(NULL, nth(&self->station, TONGBU_KIND_OUTPUT, 5));
	EXPECT_EQ(0, output_del(self->nl, "valve")) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, station_plug(true));
}

/* The card's lines keep their value when nobody holds them any more. */
TEST_F(output, it_is_left_safe_when_let_go_or_unloaded)
{
	char card[TONGBU_NAME_LEN];
	const struct output siren = { .name = "siren", .line = 3, .chip = card };
	const struct output valve = { .name = "valve", .line = 4, .chip = card, .safe = 1 };

	if (card_label(card))
		SKIP(return, "this kernel has no driver for the I/O card");
	ASSERT_EQ(1, output_add(self->nl, &siren)) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(2, output_add(self->nl, &valve));
	ASSERT_EQ(0, output_set(self->nl, "siren", 1));
	ASSERT_EQ(0, output_set(self->nl, "valve", 0));
	ASSERT_EQ(0, output_del(self->nl, "siren"));
	if (card_value(3) == CARD_WRITE_ONLY)
		SKIP(return, "this kernel's driver of the I/O card does not read outputs back");
	EXPECT_EQ(0, card_value(3));
	ASSERT_EQ(0, output_del(self->nl, "valve"));
	EXPECT_EQ(1, card_value(4));

	ASSERT_EQ(3, output_add(self->nl, &siren));
	ASSERT_EQ(4, output_add(self->nl, &valve));
	ASSERT_EQ(0, output_set(self->nl, "siren", 1));
	ASSERT_EQ(0, output_set(self->nl, "valve", 0));
	station_close(&self->station);
	EXPECT_EQ(-ENOENT, station_unload());
	EXPECT_EQ(0, card_value(3));
	EXPECT_EQ(1, card_value(4));
}

FIXTURE(cramped)
{
	struct station station;
	struct tongbu_nl *nl;
};

FIXTURE_SETUP(cramped)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET " ring=64"));
	ASSERT_EQ(0, station_attach(&self->station));
	self->nl = &self->station.nl;
}

FIXTURE_TEARDOWN(cramped)
{
	station_close(&self->station);
}

TEST_F(cramped, G2_a_full_ring_stops_no_output_and_the_loss_is_on_record)
{
	uint64_t sealed, lost;
	uint32_t i;

	ASSERT_EQ(1, output_add(self->nl, &beacon));
	for (i = 1; i <= 101; i++) {
		ASSERT_EQ(0, output_set(self->nl, "beacon", i % 2)) TH_LOG("%s", self->nl->text);
		ASSERT_EQ((int)i % 2, line_value(LINE));
	}
	EXPECT_EQ(-ENOBUFS, output_del(self->nl, "beacon"));
	EXPECT_NE(NULL, strstr(self->nl->text, "ring is full")) TH_LOG("%s", self->nl->text);
	/* It stays, and is safe. */
	EXPECT_EQ(0, line_value(LINE));
	EXPECT_EQ(1, tongbu_nl_info(self->nl, TONGBU_A_INFO_OUTPUTS));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	ASSERT_EQ(0, output_del(self->nl, "beacon"));
	ASSERT_EQ(0, station_read(&self->station));
	sealed = record_log_count(&self->station.log, TONGBU_KIND_OUTPUT, ANY_SOURCE);
	lost = record_log_lost(&self->station.log, TONGBU_SOURCE_OUTPUTS);
	EXPECT_LT(0, lost);
	EXPECT_EQ(103, sealed + lost);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST(without_a_chain_no_output_is_taken)
{
	struct station station;

	ASSERT_EQ(0, station_prepare(&station, STATION_QUIET));
	EXPECT_EQ(-ENODATA, output_add(&station.nl, &beacon));
	EXPECT_NE(NULL, strstr(station.nl.text, "no chain runs")) TH_LOG("%s", station.nl.text);
	station_close(&station);
}

TEST_HARNESS_MAIN
