// SPDX-License-Identifier: GPL-2.0-only
/* Reflexes that make no sense are refused, and the refusal says what would. */
#include <kselftest_harness.h>

#include <errno.h>
#include <string.h>

#include "outputs.h"

FIXTURE(words)
{
	struct station station;
	struct tongbu_nl *nl;
};

FIXTURE_SETUP(words)
{
	const struct line lines[] = {
		{ .name = "both", .line = 0, .edges = TONGBU_EDGE_BOTH },
		{ .name = "rising", .line = 1, .edges = TONGBU_EDGE_RISING },
		{ .name = "other", .line = 2, .edges = TONGBU_EDGE_BOTH },
		{ .name = "rain", .line = 3, .type = TONGBU_SOURCE_COUNTER },
	};
	const struct output beacon = { .name = "beacon", .line = 5 };
	size_t i;

	ASSERT_EQ(0, station_plug(true));
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	self->nl = &self->station.nl;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &lines[i]))
	TH_LOG("%s", self->nl->text);
	ASSERT_EQ(1, output_add(self->nl, &beacon));
}

FIXTURE_TEARDOWN(words)
{
	station_close(&self->station);
}

#define EDGE  TONGBU_WHEN_EDGE
#define HELD  TONGBU_WHEN_HELD
#define COUNT TONGBU_WHEN_COUNT
#define BOTH  TONGBU_WHEN_BOTH
#define SET   TONGBU_DO_SET
#define PULSE TONGBU_DO_PULSE
#define LATCH TONGBU_DO_LATCH
#define BLINK TONGBU_DO_BLINK
#define ANY   TONGBU_LEVEL_ANY

/* Name, source, second, output, condition, level, action, hold, count, within, length, period */
static const struct {
	struct reflex reflex;
	int err;
	int attr;
	const char *words;
} nonsense[] = {
	{ { "", "both", 0, "beacon", EDGE, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_NAME,
	  "the reflex's name is empty" },
	{ { "a b", "both", 0, "beacon", EDGE, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_NAME,
	  "blank" },
	{ { "taken", "both", 0, "beacon", EDGE, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -EEXIST,
	  TONGBU_A_REFLEX_NAME,
	  "reflex taken exists with id 1" },
	{ { "x", "none", 0, "beacon", EDGE, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -ENOENT,
	  TONGBU_A_SOURCE_NAME,
	  "no source none" },
	{ { "x", "both", 0, "siren", EDGE, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -ENOENT,
	  TONGBU_A_OUTPUT_NAME,
	  "no output siren" },
	{ { "x", "both", "none", "beacon", BOTH, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -ENOENT,
	  TONGBU_A_REFLEX_SECOND,
	  "no source none" },
	{ { "x", "both", 0, "beacon", BOTH, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  0,
	  "REFLEX_SECOND is missing" },
	{ { "x", "both", "other", "beacon", EDGE, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_SECOND,
	  "for two sources together" },
	{ { "x", "both", "both", "beacon", BOTH, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_SECOND,
	  "named twice" },
	{ { "x", "both", 0, "beacon", HELD, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  0,
	  "REFLEX_HOLD is missing or 0" },
	{ { "x", "both", 0, "beacon", EDGE, 1, SET, 9, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_HOLD,
	  "for a level that is held" },
	{ { "x", "both", 0, "beacon", HELD, ANY, LATCH, 9, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_LEVEL,
	  "any level is always there" },
	{ { "x", "both", "other", "beacon", BOTH, ANY, LATCH, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_LEVEL,
	  "any level is always there" },
	{ { "x", "both", 0, "beacon", COUNT, 1, LATCH, 0, 0, 9, 0, 0, 0 },
	  -EINVAL,
	  0,
	  "REFLEX_COUNT is missing or 0" },
	{ { "x", "both", 0, "beacon", COUNT, 1, LATCH, 0, 3, 0, 0, 0, 0 },
	  -EINVAL,
	  0,
	  "REFLEX_WITHIN is missing or 0" },
	{ { "x", "both", 0, "beacon", COUNT, 1, LATCH, 0, 1, 9, 0, 0, 0 },
	  -ERANGE,
	  TONGBU_A_REFLEX_COUNT,
	  "2 to 64 events" },
	{ { "x", "both", 0, "beacon", COUNT, 1, LATCH, 0, 65, 9, 0, 0, 0 },
	  -ERANGE,
	  TONGBU_A_REFLEX_COUNT,
	  "2 to 64 events" },
	{ { "x", "both", 0, "beacon", EDGE, 1, LATCH, 0, 3, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_COUNT,
	  "for counting" },
	{ { "x", "both", 0, "beacon", COUNT, 1, SET, 0, 3, 9, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_ACTION,
	  "pulse, latch or blink" },
	{ { "x", "both", 0, "beacon", EDGE, ANY, SET, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_ACTION,
	  "pulse, latch or blink" },
	{ { "x", "both", 0, "beacon", EDGE, 1, PULSE, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  0,
	  "REFLEX_LENGTH is missing or 0" },
	{ { "x", "both", 0, "beacon", EDGE, 1, LATCH, 0, 0, 0, 9, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_LENGTH,
	  "for a pulse or blinking" },
	{ { "x", "both", 0, "beacon", EDGE, 1, BLINK, 0, 0, 0, 9, 0, 0 },
	  -EINVAL,
	  0,
	  "REFLEX_PERIOD is missing or 0" },
	{ { "x", "both", 0, "beacon", EDGE, 1, PULSE, 0, 0, 0, 9, 9, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_PERIOD,
	  "for blinking" },
	{ { "x", "both", 0, "beacon", EDGE, 1, BLINK, 0, 0, 0, 0, 19, 0 },
	  -ERANGE,
	  TONGBU_A_REFLEX_PERIOD,
	  "the least is 20" },
	{ { "x", "rising", 0, "beacon", EDGE, 0, LATCH, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_LEVEL,
	  "source rising never tells of level 0" },
	{ { "x", "rising", 0, "beacon", EDGE, 1, SET, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_SOURCE_NAME,
	  "arm it for both edges" },
	{ { "x", "rising", 0, "beacon", HELD, 1, LATCH, 9, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_SOURCE_NAME,
	  "arm it for both edges" },
	{ { "x", "both", "rising", "beacon", BOTH, 1, LATCH, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_SECOND,
	  "arm it for both edges" },
	{ { "x", "rain", 0, "beacon", EDGE, 1, LATCH, 0, 0, 0, 0, 0, 0 },
	  -EINVAL,
	  TONGBU_A_REFLEX_LEVEL,
	  "source rain has no levels" },
};

TEST_F(words, what_makes_no_sense_is_refused)
{
	const struct reflex taken = {
		.name = "taken", .source = "both", .output = "beacon", .level = NO_LEVEL
	};
	size_t i;

	/* Left out, it is an edge to level 1, which sets. */
	ASSERT_EQ(1, reflex_add(self->nl, &taken)) TH_LOG("%s", self->nl->text);
	for (i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		EXPECT_EQ(nonsense[i].err, reflex_add(self->nl, &nonsense[i].reflex))
		TH_LOG("case %zu", i);
		EXPECT_EQ(nonsense[i].attr, self->nl->attr) TH_LOG("case %zu", i);
		EXPECT_NE(NULL, strstr(self->nl->text, nonsense[i].words))
		TH_LOG("case %zu: %s", i, self->nl->text);
	}
	EXPECT_EQ(1, tongbu_nl_info(self->nl, TONGBU_A_INFO_REFLEXES));
}

TEST_F(words, what_makes_sense_is_taken)
{
	const struct reflex sense[] = {
		{ "a", "rising", 0, "beacon", EDGE, 1, LATCH, 0, 0, 0, 0, 0, 0 },
		{ "b", "rising", 0, "beacon", COUNT, NO_LEVEL, LATCH, 0, 64, 1, 0, 0, 0 },
		{ "c", "rain", 0, "beacon", EDGE, NO_LEVEL, PULSE, 0, 0, 0, 1, 0, 0 },
		{ "d", "rain", 0, "beacon", COUNT, ANY, BLINK, 0, 2, 1, 0, 20, 1 },
		{ "e", "both", "other", "beacon", BOTH, 0, SET, 0, 0, 0, 0, 0, 0 },
		{ "f", "both", 0, "beacon", HELD, 0, SET, 3600000, 0, 0, 0, 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(sense) / sizeof(sense[0]); i++)
		EXPECT_EQ((int)i + 1, reflex_add(self->nl, &sense[i]))
	TH_LOG("%s", self->nl->text);
}

TEST_F(words, what_is_not_named_is_refused)
{
	EXPECT_EQ(-EINVAL, tongbu_nl_call(self->nl, TONGBU_CMD_REFLEX_ADD));
	EXPECT_NE(NULL, strstr(self->nl->text, "REFLEX_NAME is missing"));
	EXPECT_EQ(-EINVAL, tongbu_nl_call(self->nl, TONGBU_CMD_REFLEX_DEL));
	EXPECT_NE(NULL, strstr(self->nl->text, "REFLEX_ID or REFLEX_NAME is missing"));
	EXPECT_EQ(-ENOENT, reflex_del(self->nl, "none"));
	EXPECT_EQ(TONGBU_A_REFLEX_NAME, self->nl->attr);
	EXPECT_NE(NULL, strstr(self->nl->text, "no reflex none")) TH_LOG("%s", self->nl->text);
}

TEST_F(words, there_are_not_more_than_a_station_needs)
{
	struct reflex reflex = {
		.source = "both", .output = "beacon", .level = NO_LEVEL, .action = LATCH
	};
	char name[16];
	int i;

	reflex.name = name;
	for (i = 1; i <= 1024; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		ASSERT_EQ(i, reflex_add(self->nl, &reflex)) TH_LOG("%s", self->nl->text);
	}
	snprintf(name, sizeof(name), "r%d", i);
	EXPECT_EQ(-ENOSPC, reflex_add(self->nl, &reflex));
	EXPECT_NE(NULL, strstr(self->nl->text, "there are 1024 already, the most"))
	TH_LOG("%s", self->nl->text);
	EXPECT_EQ(0, reflex_del(self->nl, "r1"));
	EXPECT_EQ(1025, reflex_add(self->nl, &reflex)) TH_LOG("%s", self->nl->text);
}

TEST_HARNESS_MAIN
