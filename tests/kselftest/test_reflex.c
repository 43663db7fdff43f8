// SPDX-License-Identifier: GPL-2.0-only
/* Reflexes: a source sets an output in the kernel, whoever reads, and it is on record. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "outputs.h"

#define MS 1000000ULL

/* Lines: the sources water and door, the output beacon */
#define WATER  0
#define DOOR   1
#define BEACON 5

/* Long enough that nothing runs out within a test, ms */
#define LONG 3600000

FIXTURE(reflex)
{
	struct station station;
	struct tongbu_nl *nl;
	uint32_t water;
	uint32_t door;
};

static int set_up(struct station *station, const char *params, uint32_t *water, uint32_t *door)
{
	const struct line lines[] = {
		{ .name = "water", .line = WATER, .edges = TONGBU_EDGE_BOTH },
		{ .name = "door", .line = DOOR, .edges = TONGBU_EDGE_BOTH },
	};
	const struct output beacon = { .name = "beacon", .line = BEACON };
	int err, id;

	err = station_plug(true);
	if (!err)
		err = station_open(station, params);
	if (!err)
		err = station_attach(station);
	if (err)
		return err;
	id = station_arm(station, &lines[0]);
	*water = (uint32_t)id;
	if (id < 0)
		return id;
	id = station_arm(station, &lines[1]);
	*door = (uint32_t)id;
	if (id < 0)
		return id;
	id = output_add(&station->nl, &beacon);
	return id < 0 ? id : 0;
}

FIXTURE_SETUP(reflex)
{
	ASSERT_EQ(0, set_up(&self->station, STATION_QUIET, &self->water, &self->door));
	self->nl = &self->station.nl;
}

FIXTURE_TEARDOWN(reflex)
{
	station_plug(true);
	station_close(&self->station);
}

/* A reflex of water on the beacon, with what its condition and action need */
static struct reflex flood(uint8_t condition, uint8_t action)
{
	struct reflex reflex = { .name = "flood",
				 .source = "water",
				 .output = "beacon",
				 .condition = condition,
				 .level = 1,
				 .action = action };

	if (condition == TONGBU_WHEN_HELD)
		reflex.hold = 100;
	if (condition == TONGBU_WHEN_BOTH)
		reflex.second = "door";
	if (condition == TONGBU_WHEN_COUNT) {
		reflex.count = 3;
		reflex.within = LONG;
	}
	if (action == TONGBU_DO_PULSE || action == TONGBU_DO_BLINK)
		reflex.length = 300;
	if (action == TONGBU_DO_BLINK)
		reflex.period = 60;
	return reflex;
}

static const struct record *firing(struct station *station, size_t n)
{
	return station_await(station, TONGBU_KIND_REFLEX, TONGBU_SOURCE_REFLEXES, n);
}

static const struct record *change(struct station *station, size_t n)
{
	return station_await(station, TONGBU_KIND_OUTPUT, TONGBU_SOURCE_OUTPUTS, n);
}

static size_t count_firings(struct station *station)
{
	return record_log_count(&station->log, TONGBU_KIND_REFLEX, ANY_SOURCE);
}

/* The last edge of a source that was read */
static const struct record *last_edge(struct station *station, uint32_t source)
{
	size_t edges = record_log_count(&station->log, TONGBU_KIND_EDGE, source);

	return edges ? record_log_find(&station->log, TONGBU_KIND_EDGE, source, edges - 1) : NULL;
}

static int bring_about(struct station *station, uint8_t condition)
{
	int err = 0, i;

	for (i = 0; !err && condition == TONGBU_WHEN_COUNT && i < 2; i++) {
		err = station_pull_and_wait(station, WATER, true);
		if (!err)
			err = station_pull_and_wait(station, WATER, false);
	}
	if (!err && condition == TONGBU_WHEN_BOTH)
		err = station_pull_and_wait(station, DOOR, true);
	return err ? err : station_pull_and_wait(station, WATER, true);
}

TEST_F(reflex, each_condition_does_each_action)
{
	static const uint8_t conditions[] = { TONGBU_WHEN_EDGE, TONGBU_WHEN_HELD, TONGBU_WHEN_COUNT,
					      TONGBU_WHEN_BOTH };
	static const uint8_t actions[] = { TONGBU_DO_SET, TONGBU_DO_PULSE, TONGBU_DO_LATCH,
					   TONGBU_DO_BLINK };
	struct tongbu_output_change end;
	const struct record *record, *edge, *after;
	struct tongbu_firing fired;
	size_t firings = 0, changes = 0;
	unsigned int c, a;
	struct reflex reflex;

	for (c = 0; c < 4; c++) {
		for (a = 0; a < 4; a++) {
			if (conditions[c] == TONGBU_WHEN_COUNT && actions[a] == TONGBU_DO_SET)
				continue;
			TH_LOG("condition %u, action %u", conditions[c], actions[a]);
			reflex = flood(conditions[c], actions[a]);
			ASSERT_LE(1, reflex_add(self->nl, &reflex)) TH_LOG("%s", self->nl->text);
			ASSERT_EQ(0, line_value(BEACON));
			ASSERT_EQ(0, bring_about(&self->station, conditions[c]));

			record = firing(&self->station, firings++);
			ASSERT_NE(NULL, record);
			fired = record_firing(record);
			edge = last_edge(&self->station, self->water);
			ASSERT_NE(NULL, edge);
			EXPECT_EQ(edge->seq, le64toh(fired.record));
			EXPECT_EQ(edge->boottime, le64toh(fired.cause));
			EXPECT_EQ(edge->boottime, record->boottime);
			EXPECT_LT(le64toh(fired.cause), le64toh(fired.effect));
			if (conditions[c] == TONGBU_WHEN_HELD)
				EXPECT_LE(100 * MS, le64toh(fired.effect) - edge->boottime);
			EXPECT_EQ(1, fired.value);
			EXPECT_EQ(1, fired.deferred);
			EXPECT_EQ(0, fired.error);
			EXPECT_EQ(1, le32toh(fired.output));
			EXPECT_EQ(TONGBU_UID_NONE, record->uid);
			EXPECT_EQ(firings, le32toh(fired.reflex));

			if (actions[a] == TONGBU_DO_SET || actions[a] == TONGBU_DO_LATCH) {
				EXPECT_EQ(1, line_value(BEACON));
				station_sleep_ms(100);
				EXPECT_EQ(1, line_value(BEACON));
			}
			if (actions[a] == TONGBU_DO_PULSE || actions[a] == TONGBU_DO_BLINK) {
				after = change(&self->station, changes++);
				ASSERT_NE(NULL, after);
				end = record_output_change(after);
				EXPECT_EQ(TONGBU_CAUSE_END, end.cause);
				EXPECT_EQ(record->seq, le64toh(end.record));
				EXPECT_EQ(0, end.value);
				/* It counts from the firing; a slow thread is no part of it. */
				EXPECT_LE(300 * MS, le64toh(end.asked) - le64toh(fired.cause));
				EXPECT_LE(le64toh(end.asked), after->boottime);
				EXPECT_EQ(0, line_value(BEACON));
			}
			ASSERT_EQ(0,
				  station_pull_and_see(&self->station, self->water, WATER, false));
			if (actions[a] == TONGBU_DO_SET) {
				after = change(&self->station, changes++);
				ASSERT_NE(NULL, after);
				end = record_output_change(after);
				EXPECT_EQ(TONGBU_CAUSE_REFLEX, end.cause);
				EXPECT_EQ(last_edge(&self->station, self->water)->seq,
					  le64toh(end.record));
				EXPECT_EQ(0, end.value);
				EXPECT_EQ(0, line_value(BEACON));
			}
			if (actions[a] == TONGBU_DO_LATCH) {
				EXPECT_EQ(1, line_value(BEACON));
				ASSERT_EQ(0, output_set(self->nl, "beacon", 0));
				EXPECT_EQ(0, line_value(BEACON));
				changes++;
			}
			if (conditions[c] == TONGBU_WHEN_BOTH)
				ASSERT_EQ(0, station_pull_and_see(&self->station, self->door, DOOR,
								  false));
			ASSERT_EQ(0, reflex_del(self->nl, "flood")) TH_LOG("%s", self->nl->text);
		}
	}
	/* Nothing is said twice. */
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(firings, count_firings(&self->station));
	EXPECT_EQ(changes, record_log_count(&self->station.log, TONGBU_KIND_OUTPUT, ANY_SOURCE));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	EXPECT_TRUE(supervisor_verify(&self->station.supervisor, &self->station.log))
	TH_LOG("%s", self->station.log.wrong);
}

TEST_F(reflex, blinking_is_as_long_as_asked_whatever_its_period)
{
	struct reflex reflex = flood(TONGBU_WHEN_EDGE, TONGBU_DO_BLINK);
	const struct record *record;
	struct tongbu_output_change end;

	reflex.period = LONG;
	ASSERT_EQ(1, reflex_add(self->nl, &reflex)) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	record = change(&self->station, 0);
	ASSERT_NE(NULL, record);
	end = record_output_change(record);
	EXPECT_EQ(TONGBU_CAUSE_END, end.cause);
	EXPECT_EQ(0, end.value);
	EXPECT_EQ(0, line_value(BEACON));
}

TEST_F(reflex, G7_arming_and_disarming_are_on_record)
{
	struct reflex reflex = flood(TONGBU_WHEN_BOTH, TONGBU_DO_BLINK);
	struct tongbu_reflex armed;
	const struct record *record;

	reflex.cooldown = 7000;
	ASSERT_EQ(1, reflex_add(self->nl, &reflex)) TH_LOG("%s", self->nl->text);
	EXPECT_EQ(1, tongbu_nl_info(self->nl, TONGBU_A_INFO_REFLEXES));
	record = station_await(&self->station, TONGBU_KIND_REFLEX_ADD, TONGBU_SOURCE_REFLEXES, 0);
	ASSERT_NE(NULL, record);
	armed = record_reflex(record);
	EXPECT_STREQ("flood", (const char *)armed.name);
	EXPECT_EQ(1, le32toh(armed.reflex));
	EXPECT_EQ(self->water, le32toh(armed.source));
	EXPECT_EQ(self->door, le32toh(armed.second));
	EXPECT_EQ(1, le32toh(armed.output));
	EXPECT_EQ(300, le32toh(armed.length));
	EXPECT_EQ(60, le32toh(armed.period));
	EXPECT_EQ(7000, le32toh(armed.cooldown));
	EXPECT_EQ(TONGBU_WHEN_BOTH, armed.condition);
	EXPECT_EQ(1, armed.level);
	EXPECT_EQ(TONGBU_DO_BLINK, armed.action);
	EXPECT_EQ(0, record->uid);
	ASSERT_EQ(0, reflex_del(self->nl, "flood"));
	record = station_await(&self->station, TONGBU_KIND_REFLEX_DEL, TONGBU_SOURCE_REFLEXES, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(1, le32toh(record_reflex_end(record).reflex));
	EXPECT_EQ(0, record->uid);
	EXPECT_EQ(-ENOENT, reflex_del(self->nl, "flood"));
	EXPECT_EQ(0, tongbu_nl_info(self->nl, TONGBU_A_INFO_REFLEXES));
}

TEST_F(reflex, what_it_uses_cannot_go_before_it)
{
	struct reflex reflex = flood(TONGBU_WHEN_BOTH, TONGBU_DO_LATCH);

	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	EXPECT_EQ(-EBUSY, station_disarm(&self->station, "water"));
	EXPECT_NE(NULL, strstr(self->nl->text, "source water is used by reflex flood"))
	TH_LOG("%s", self->nl->text);
	EXPECT_EQ(-EBUSY, station_disarm(&self->station, "door"));
	EXPECT_EQ(-EBUSY, output_del(self->nl, "beacon"));
	EXPECT_NE(NULL, strstr(self->nl->text, "output beacon is used by reflex flood"))
	TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, reflex_del(self->nl, "flood"));
	EXPECT_EQ(0, station_disarm(&self->station, "water"));
	EXPECT_EQ(0, station_disarm(&self->station, "door"));
	EXPECT_EQ(0, output_del(self->nl, "beacon"));
}

TEST_F(reflex, in_its_cool_down_it_counts_and_does_nothing)
{
	struct reflex reflex = flood(TONGBU_WHEN_EDGE, TONGBU_DO_LATCH);
	const struct record *record;
	struct reflex_state state;
	int i;

	reflex.cooldown = LONG;
	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	ASSERT_NE(NULL, firing(&self->station, 0));
	ASSERT_EQ(0, output_set(self->nl, "beacon", 0));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, false));
		ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	}
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(1, count_firings(&self->station));
	EXPECT_EQ(0, line_value(BEACON));
	ASSERT_EQ(0, reflex_look(self->nl, "flood", &state));
	EXPECT_EQ(1, state.fired);
	EXPECT_EQ(3, state.rested);
	ASSERT_EQ(0, reflex_del(self->nl, "flood"));
	record = station_await(&self->station, TONGBU_KIND_REFLEX_DEL, TONGBU_SOURCE_REFLEXES, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(1, le64toh(record_reflex_end(record).fired));
	EXPECT_EQ(3, le64toh(record_reflex_end(record).rested));
}

TEST_F(reflex, a_level_broken_before_its_time_does_not_fire)
{
	struct reflex reflex = flood(TONGBU_WHEN_HELD, TONGBU_DO_LATCH);
	const struct record *record;
	int i;

	/* Longer than pulling takes, however slow the machine */
	reflex.hold = 3000;
	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
		ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, false));
	}
	station_sleep_ms(3500);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, count_firings(&self->station));
	EXPECT_EQ(0, line_value(BEACON));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	record = firing(&self->station, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(last_edge(&self->station, self->water)->seq,
		  le64toh(record_firing(record).record));
}

TEST_F(reflex, a_level_that_is_there_is_held_from_when_it_is_armed)
{
	struct reflex held = flood(TONGBU_WHEN_HELD, TONGBU_DO_LATCH);
	struct reflex edge = flood(TONGBU_WHEN_EDGE, TONGBU_DO_LATCH);
	struct reflex both = flood(TONGBU_WHEN_BOTH, TONGBU_DO_LATCH);
	const struct record *armed, *record;

	edge.name = "edge";
	both.name = "both";
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, DOOR, true));
	ASSERT_EQ(1, reflex_add(self->nl, &edge));
	ASSERT_EQ(2, reflex_add(self->nl, &both));
	ASSERT_EQ(3, reflex_add(self->nl, &held));
	record = firing(&self->station, 0);
	ASSERT_NE(NULL, record);
	armed = record_log_find(&self->station.log, TONGBU_KIND_REFLEX_ADD, ANY_SOURCE, 2);
	EXPECT_EQ(TONGBU_SEQ_NONE, le64toh(record_firing(record).record));
	EXPECT_EQ(3, le32toh(record_firing(record).reflex));
	EXPECT_LE(armed->boottime, record->boottime);
	EXPECT_EQ(1, count_firings(&self->station));
}

TEST_F(reflex, events_too_far_apart_are_not_counted_together)
{
	struct reflex reflex = flood(TONGBU_WHEN_COUNT, TONGBU_DO_LATCH);
	int i;

	reflex.count = 2;
	reflex.within = 1;
	reflex.level = TONGBU_LEVEL_ANY;
	ASSERT_EQ(1, reflex_add(self->nl, &reflex)) TH_LOG("%s", self->nl->text);
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, i % 2 == 0));
		station_sleep_ms(20);
	}
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, count_firings(&self->station));
	ASSERT_EQ(0, reflex_del(self->nl, "flood"));

	/* Each firing takes as many again. */
	reflex.within = LONG;
	ASSERT_EQ(2, reflex_add(self->nl, &reflex));
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, i % 2 == 0));
	ASSERT_NE(NULL, firing(&self->station, 1));
	EXPECT_EQ(2, count_firings(&self->station));
}

TEST_F(reflex, an_output_stays_on_until_the_last_reflex_is_through)
{
	struct reflex water = flood(TONGBU_WHEN_EDGE, TONGBU_DO_SET);
	struct reflex door = flood(TONGBU_WHEN_EDGE, TONGBU_DO_SET);

	door.name = "door-open";
	door.source = "door";
	ASSERT_EQ(1, reflex_add(self->nl, &water));
	ASSERT_EQ(2, reflex_add(self->nl, &door));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, DOOR, true));
	ASSERT_NE(NULL, firing(&self->station, 1));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, false));
	station_sleep_ms(100);
	EXPECT_EQ(1, line_value(BEACON));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, DOOR, false));
	ASSERT_NE(NULL, change(&self->station, 0));
	EXPECT_EQ(0, line_value(BEACON));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_OUTPUT, ANY_SOURCE));

	/* Who sets it has the last word. */
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	ASSERT_NE(NULL, firing(&self->station, 2));
	ASSERT_EQ(0, output_set(self->nl, "beacon", 0));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, false));
	station_sleep_ms(100);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(0, line_value(BEACON));
	EXPECT_EQ(2, record_log_count(&self->station.log, TONGBU_KIND_OUTPUT, ANY_SOURCE));
}

TEST_F(reflex, disarming_ends_what_it_does_but_not_what_it_latched)
{
	struct reflex reflex = flood(TONGBU_WHEN_EDGE, TONGBU_DO_BLINK);
	struct tongbu_output_change end;
	const struct record *record;

	reflex.length = 0;
	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	/* For ever: off and on, and off and on again */
	EXPECT_TRUE(line_comes_to(BEACON, 1));
	EXPECT_TRUE(line_comes_to(BEACON, 0));
	EXPECT_TRUE(line_comes_to(BEACON, 1));
	EXPECT_TRUE(line_comes_to(BEACON, 0));
	ASSERT_EQ(0, reflex_del(self->nl, "flood"));
	EXPECT_EQ(0, line_value(BEACON));
	record = change(&self->station, 0);
	ASSERT_NE(NULL, record);
	end = record_output_change(record);
	EXPECT_EQ(TONGBU_CAUSE_END, end.cause);
	EXPECT_EQ(firing(&self->station, 0)->seq, le64toh(end.record));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, false));

	reflex = flood(TONGBU_WHEN_EDGE, TONGBU_DO_LATCH);
	ASSERT_EQ(2, reflex_add(self->nl, &reflex));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	ASSERT_NE(NULL, firing(&self->station, 1));
	ASSERT_EQ(0, reflex_del(self->nl, "flood"));
	EXPECT_EQ(1, line_value(BEACON));
}

TEST_F(reflex, G2_a_reader_that_stands_still_holds_up_no_beacon)
{
	struct reflex reflex = flood(TONGBU_WHEN_EDGE, TONGBU_DO_LATCH);
	const struct record *record, *edge;

	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	ASSERT_EQ(0, station_read(&self->station));
	/* Attached, and not reading: the flood comes. */
	ASSERT_EQ(0, station_pull(WATER, true));
	EXPECT_TRUE(line_comes_to(BEACON, 1));
	EXPECT_EQ(0, count_firings(&self->station));
	/* It reads again. */
	record = firing(&self->station, 0);
	ASSERT_NE(NULL, record);
	edge = last_edge(&self->station, self->water);
	ASSERT_NE(NULL, edge);
	EXPECT_EQ(edge->seq, le64toh(record_firing(record).record));
	EXPECT_EQ(edge->boottime, le64toh(record_firing(record).cause));
}

TEST_F(reflex, G2_it_works_with_nobody_attached)
{
	struct reflex reflex = flood(TONGBU_WHEN_HELD, TONGBU_DO_PULSE);
	const struct record *record;

	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	tongbu_nl_close(self->nl);
	ASSERT_EQ(0, station_pull(WATER, true));
	EXPECT_TRUE(line_comes_to(BEACON, 1));
	EXPECT_TRUE(line_comes_to(BEACON, 0));
	ASSERT_EQ(0, tongbu_nl_open(self->nl));
	ASSERT_EQ(0, station_attach(&self->station));
	record = firing(&self->station, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(last_edge(&self->station, self->water)->seq,
		  le64toh(record_firing(record).record));
	ASSERT_NE(NULL, change(&self->station, 0));
}

TEST_F(reflex, what_a_reflex_has_on_is_made_safe_when_it_is_through)
{
	const struct output valve = { .name = "valve", .line = 4, .safe = 1, .away = 100 };
	struct reflex reflex = flood(TONGBU_WHEN_EDGE, TONGBU_DO_SET);
	struct tongbu_output_change end;
	const struct record *record;

	reflex.output = "valve";
	ASSERT_EQ(2, output_add(self->nl, &valve));
	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	ASSERT_NE(NULL, firing(&self->station, 0));
	tongbu_nl_close(self->nl);
	station_sleep_ms(500);
	ASSERT_EQ(0, station_pull(WATER, false));
	station_sleep_ms(200);
	ASSERT_EQ(0, tongbu_nl_open(self->nl));
	ASSERT_EQ(0, station_attach(&self->station));
	record = change(&self->station, 0);
	ASSERT_NE(NULL, record);
	end = record_output_change(record);
	EXPECT_EQ(TONGBU_CAUSE_REFLEX, end.cause);
	EXPECT_EQ(1, end.value);
	EXPECT_EQ(1, line_value(4));
}

TEST_F(reflex, firing_at_a_chip_that_is_gone_is_on_record_as_that)
{
	char card[TONGBU_NAME_LEN];
	struct reflex reflex = flood(TONGBU_WHEN_HELD, TONGBU_DO_LATCH);
	const struct output siren = { .name = "siren", .line = 6, .chip = card };
	const struct record *record;
	FILE *unbind;

	if (card_label(card))
		SKIP(return, "this kernel has no driver for the I/O card");
	reflex.output = "siren";
	ASSERT_EQ(2, output_add(self->nl, &siren)) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	unbind = fopen("/sys/bus/pci/drivers/pci-idio-16/unbind", "we");
	ASSERT_NE(NULL, unbind);
	EXPECT_LT(0, fprintf(unbind, "%s", card));
	ASSERT_EQ(0, fclose(unbind));
	record = change(&self->station, 0);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(TONGBU_CAUSE_GONE, record_output_change(record).cause);
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	record = firing(&self->station, 0);
	unbind = fopen("/sys/bus/pci/drivers/pci-idio-16/bind", "we");
	ASSERT_NE(NULL, unbind);
	EXPECT_LT(0, fprintf(unbind, "%s", card));
	EXPECT_EQ(0, fclose(unbind));
	ASSERT_NE(NULL, record);
	EXPECT_EQ(ENODEV, le16toh(record_firing(record).error));
	record = change(&self->station, 1);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(TONGBU_CAUSE_BACK, record_output_change(record).cause);
	EXPECT_EQ(0, output_set(self->nl, "siren", 1)) TH_LOG("%s", self->nl->text);
}

FIXTURE(cramped)
{
	struct station station;
	struct tongbu_nl *nl;
	uint32_t water;
	uint32_t door;
};

FIXTURE_SETUP(cramped)
{
	ASSERT_EQ(0, set_up(&self->station, STATION_QUIET " ring=64", &self->water, &self->door));
	self->nl = &self->station.nl;
}

FIXTURE_TEARDOWN(cramped)
{
	station_close(&self->station);
}

TEST_F(cramped, G2_a_full_ring_stops_no_reflex_and_the_loss_is_on_record)
{
	struct reflex reflex = flood(TONGBU_WHEN_EDGE, TONGBU_DO_SET);
	int i;

	ASSERT_EQ(1, reflex_add(self->nl, &reflex));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, i % 2 == 0));
		ASSERT_TRUE(line_comes_to(BEACON, i % 2 == 0));
	}
	EXPECT_EQ(-ENOBUFS, reflex_del(self->nl, "flood"));
	EXPECT_NE(NULL, strstr(self->nl->text, "ring is full")) TH_LOG("%s", self->nl->text);
	/* It stays armed. */
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, true));
	EXPECT_TRUE(line_comes_to(BEACON, 1));
	ASSERT_EQ(0, station_read(&self->station));
	ASSERT_EQ(0, station_ack(&self->station));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, WATER, false));
	ASSERT_TRUE(line_comes_to(BEACON, 0));
	ASSERT_EQ(0, reflex_del(self->nl, "flood"));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(51, count_firings(&self->station) +
			      record_log_lost(&self->station.log, TONGBU_SOURCE_REFLEXES));
	EXPECT_LT(0, record_log_lost(&self->station.log, TONGBU_SOURCE_REFLEXES));
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_HARNESS_MAIN
