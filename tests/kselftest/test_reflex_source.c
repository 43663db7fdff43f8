// SPDX-License-Identifier: GPL-2.0-only
/* Reflexes of sources without levels: what is counted or typed fires them, too. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "keyboard.h"
#include "outputs.h"

/* Lines: the rain gauge, the output beacon */
#define RAIN   3
#define BEACON 5

static const struct model reader = { .name = "Badge Reader", .vendor = 0x1209 };

FIXTURE(source)
{
	struct station station;
	struct tongbu_nl *nl;
	struct keyboard keyboard;
};

FIXTURE_SETUP(source)
{
	const struct output beacon = { .name = "beacon", .line = BEACON };

	self->keyboard.fd = -1;
	ASSERT_EQ(0, station_plug(true));
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	self->nl = &self->station.nl;
	ASSERT_EQ(1, output_add(self->nl, &beacon)) TH_LOG("%s", self->nl->text);
}

FIXTURE_TEARDOWN(source)
{
	keyboard_unplug(&self->keyboard);
	station_close(&self->station);
}

static const struct record *firing(struct station *station)
{
	return station_await(station, TONGBU_KIND_REFLEX, TONGBU_SOURCE_REFLEXES, 0);
}

TEST_F(source, pulses_that_are_only_counted_fire_a_reflex)
{
	const struct line rain = { .name = "rain", .line = RAIN, .type = TONGBU_SOURCE_COUNTER };
	const struct reflex cloudburst = { .name = "cloudburst",
					   .source = "rain",
					   .output = "beacon",
					   .condition = TONGBU_WHEN_COUNT,
					   .level = NO_LEVEL,
					   .action = TONGBU_DO_LATCH,
					   .count = 3,
					   .within = 3600000 };
	const struct record *record;
	struct tongbu_firing fired;
	int i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, station_arm(&self->station, &rain))
	TH_LOG("%s", self->nl->text);
	ASSERT_EQ(1, reflex_add(self->nl, &cloudburst)) TH_LOG("%s", self->nl->text);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, line_value(BEACON));
		ASSERT_EQ(0, station_pull(RAIN, true));
		station_sleep_ms(100);
		ASSERT_EQ(0, station_pull(RAIN, false));
		station_sleep_ms(100);
	}
	record = firing(&self->station);
	ASSERT_NE(NULL, record);
	fired = record_firing(record);
	EXPECT_EQ(TONGBU_SEQ_NONE, le64toh(fired.record));
	EXPECT_EQ(record->boottime, le64toh(fired.cause));
	EXPECT_EQ(1, line_value(BEACON));
}

TEST_F(source, a_code_fires_a_reflex_and_has_no_level)
{
	const struct input badge = { .name = "badge",
				     .device = "Badge Reader",
				     .mode = TONGBU_INPUT_CODE };
	struct reflex greet = { .name = "greet",
				.source = "badge",
				.output = "beacon",
				.level = 1,
				.action = TONGBU_DO_LATCH };
	const struct record *record, *code;
	struct tongbu_firing fired;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &reader));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &badge))
	TH_LOG("%s", self->nl->text);
	EXPECT_EQ(-EINVAL, reflex_add(self->nl, &greet));
	EXPECT_EQ(TONGBU_A_REFLEX_LEVEL, self->nl->attr);
	EXPECT_NE(NULL, strstr(self->nl->text, "source badge has no levels"))
	TH_LOG("%s", self->nl->text);

	greet.level = NO_LEVEL;
	ASSERT_EQ(1, reflex_add(self->nl, &greet)) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "4711\n"));
	record = firing(&self->station);
	ASSERT_NE(NULL, record);
	code = record_log_find(&self->station.log, TONGBU_KIND_CODE, ANY_SOURCE, 0);
	ASSERT_NE(NULL, code);
	fired = record_firing(record);
	EXPECT_EQ(code->seq, le64toh(fired.record));
	EXPECT_EQ(1, line_value(BEACON));
}

TEST_HARNESS_MAIN
