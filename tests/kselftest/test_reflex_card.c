// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reflexes on an I/O card whose chip does not sleep: the output is set in the
 * interrupt of the event itself. The kernel's own tracepoint in gpiolib says in
 * which context that was.
 */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "outputs.h"

#define TRACING "/sys/kernel/debug/tracing/"
#define EVENT	TRACING "events/gpio/gpio_value/enable"

/* Outputs of the card, and a source */
#define SIREN	     7
#define WATER	     0

#define CARD_MISSING "this kernel has no driver for the I/O card"

FIXTURE(card)
{
	struct station station;
	struct tongbu_nl *nl;
	char label[TONGBU_NAME_LEN];
	uint32_t water;
	bool rt;
};

static int put_word(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = write(fd, word, strlen(word)) < 0 ? -errno : 0;
	close(fd);
	return err;
}

FIXTURE_SETUP(card)
{
	/* One direction only: the level need not be read, so the interrupt has it. */
	const struct line water = { .name = "water", .line = WATER, .edges = TONGBU_EDGE_RISING };
	struct output siren = { .name = "siren", .line = SIREN };
	struct utsname system;
	int id;

	/* The harness goes on to a test whose setup skips: they do it themselves. */
	if (card_label(self->label))
		return;
	ASSERT_EQ(0, uname(&system));
	self->rt = strstr(system.version, "PREEMPT_RT");
	ASSERT_EQ(0, station_plug(true));
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	self->nl = &self->station.nl;
	id = station_arm(&self->station, &water);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	self->water = (uint32_t)id;
	siren.chip = self->label;
	ASSERT_EQ(1, output_add(self->nl, &siren)) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, put_word(EVENT, "1"));
	ASSERT_EQ(0, put_word(TRACING "trace", "\n"));
}

FIXTURE_TEARDOWN(card)
{
	put_word(EVENT, "0");
	station_close(&self->station);
}

/* Settings of a line in the trace: of them how many were in a hard interrupt, and
 * whether all but the last took turns, 1 first.
 */
struct settings {
	int all;
	int hard;
	bool turns;
};

/* A line of it: "task-pid [cpu] flags time: gpio_value: 986 set 1"; of the flags
 * the third says hard interrupt by h, H within a soft one.
 */
static int read_trace(struct settings *settings)
{
	FILE *trace = fopen(TRACING "trace", "re");
	char text[512], flags[16];
	const char *set, *cpu;
	bool turns = true;

	*settings = (struct settings){ .turns = true };
	if (!trace)
		return -errno;
	while (fgets(text, sizeof(text), trace)) {
		set = strstr(text, " set ");
		cpu = strstr(text, "] ");
		if (!set || !strstr(text, "gpio_value:") || !cpu ||
		    sscanf(cpu + 2, "%15s", flags) != 1 || strlen(flags) < 4)
			continue;
		settings->turns = turns;
		turns = turns && (set[5] == '1') == (settings->all % 2 == 0);
		settings->all++;
		settings->hard += flags[2] == 'h' || flags[2] == 'H';
	}
	fclose(trace);
	return 0;
}

static struct reflex flood(uint8_t action)
{
	return (struct reflex){
		.name = "flood", .source = "water", .output = "siren", .level = 1, .action = action
	};
}

static const struct record *firing(struct station *station, size_t n)
{
	return station_await(station, TONGBU_KIND_REFLEX, TONGBU_SOURCE_REFLEXES, n);
}

TEST_F(card, G1_the_output_is_set_in_the_interrupt_of_the_event)
{
	struct reflex reflex = flood(TONGBU_DO_LATCH);
	const struct record *edge, *record;
	struct settings settings;
	struct tongbu_firing fired;
	struct tongbu_edge captured;

	if (!self->nl)
		SKIP(return, CARD_MISSING);
	ASSERT_EQ(1, reflex_add(self->nl, &reflex)) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, station_pull(WATER, true));
	record = firing(&self->station, 0);
	ASSERT_NE(NULL, record);
	ASSERT_EQ(0, read_trace(&settings));
	EXPECT_EQ(1, settings.all);
	/* On PREEMPT_RT a driver's lock may sleep: a thread does it, and says so. */
	EXPECT_EQ(self->rt ? 0 : 1, settings.hard);
	fired = record_firing(record);
	EXPECT_EQ(self->rt, fired.deferred);
	EXPECT_EQ(0, fired.error);
	edge = record_log_find(&self->station.log, TONGBU_KIND_EDGE, self->water, 0);
	ASSERT_NE(NULL, edge);
	captured = record_edge(edge);
	EXPECT_EQ(edge->seq, le64toh(fired.record));
	EXPECT_EQ(edge->boottime, le64toh(fired.cause));
	/* Sealed first, set after, with nothing in between */
	EXPECT_LT(edge->boottime + le32toh(captured.delay), le64toh(fired.effect));
	if (!self->rt)
		EXPECT_EQ(edge->seq + 1, record->seq);
	TH_LOG("from interrupt to output: %llu us",
	       (unsigned long long)(le64toh(fired.effect) - le64toh(fired.cause)) / 1000);
	/* What it latched is really there: its safe value is the other one. */
	ASSERT_EQ(0, reflex_del(self->nl, "flood"));
	ASSERT_EQ(0, output_del(self->nl, "siren"));
	EXPECT_NE(1, card_value(SIREN));
	EXPECT_LE(0, card_value(SIREN));
}

TEST_F(card, blinking_takes_turns_and_ends_off)
{
	struct reflex reflex = flood(TONGBU_DO_BLINK);
	struct tongbu_output_change end;
	struct settings settings;
	const struct record *record;

	if (!self->nl)
		SKIP(return, CARD_MISSING);
	reflex.length = 1000;
	reflex.period = 100;
	ASSERT_EQ(1, reflex_add(self->nl, &reflex)) TH_LOG("%s", self->nl->text);
	ASSERT_EQ(0, station_pull(WATER, true));
	record = station_await(&self->station, TONGBU_KIND_OUTPUT, TONGBU_SOURCE_OUTPUTS, 0);
	ASSERT_NE(NULL, record);
	ASSERT_EQ(0, read_trace(&settings));
	end = record_output_change(record);
	EXPECT_EQ(TONGBU_CAUSE_END, end.cause);
	EXPECT_EQ(0, end.value);
	EXPECT_EQ(firing(&self->station, 0)->seq, le64toh(end.record));
	EXPECT_TRUE(settings.turns);
	/* 20 halves of a blink if none came late; a late one comes alone. */
	EXPECT_LE(4, settings.all);
	EXPECT_GE(21, settings.all);
	if (!self->rt)
		EXPECT_EQ(settings.all, settings.hard);
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_REFLEX, ANY_SOURCE));
	EXPECT_EQ(1, record_log_count(&self->station.log, TONGBU_KIND_OUTPUT, ANY_SOURCE));
}

TEST_HARNESS_MAIN
