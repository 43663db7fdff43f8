// SPDX-License-Identifier: GPL-2.0-only
/* What the module shows of its own work: the histogram, and the tracepoints. */
#include <kselftest_harness.h>

#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "station.h"

#define LATENCY "/sys/kernel/debug/tongbu/latency"
/* Of debugfs, which mounts it where it is first looked at */
#define TRACING "/sys/kernel/debug/tracing"
#define BUCKETS 25

/**
 * struct histogram - of one kind, as the file has it
 * @count: records by delay
 * @buckets: how many lines there were
 * @max: the longest delay, ns
 */
struct histogram {
	uint64_t count[BUCKETS];
	unsigned int buckets;
	uint64_t max;
};

FIXTURE(latency)
{
	struct station station;
	struct histogram histogram;
};

FIXTURE_SETUP(latency)
{
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(latency)
{
	station_close(&self->station);
}

/* Lines of a kind; fails for one that is not as documented. Returns how many lines
 * there are of any kind.
 */
static int read_histogram(unsigned int kind, struct histogram *histogram)
{
	FILE *file = fopen(LATENCY, "re");
	char line[128], bound[32];
	uint64_t number, expected = 1024;
	unsigned int of;
	int lines = 0;

	memset(histogram, 0, sizeof(*histogram));
	if (!file || !fgets(line, sizeof(line), file) || *line != '#')
		return -1;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%u %31s %" SCNu64, &of, bound, &number) != 3)
			return -1;
		lines++;
		if (of != kind)
			continue;
		if (!strcmp(bound, "max")) {
			histogram->max = number;
			continue;
		}
		if (histogram->buckets == BUCKETS)
			return -1;
		if (strcmp(bound, "inf") && strtoull(bound, NULL, 10) != expected)
			return -1;
		expected *= 2;
		histogram->count[histogram->buckets++] = number;
	}
	fclose(file);
	return lines;
}

TEST_F(latency, each_edge_that_is_sealed_counts_once_and_nothing_else)
{
	struct histogram *histogram = &self->histogram;
	struct station *station = &self->station;
	uint64_t sum = 0, slowest = 0, delay;
	const struct record *record;
	unsigned int i;

	ASSERT_EQ(0, read_histogram(TONGBU_KIND_EDGE, histogram));
	ASSERT_LT(0, station_arm(station, &(struct line){ .name = "counted", .line = 0 }));
	ASSERT_EQ(0, read_histogram(TONGBU_KIND_EDGE, histogram));
	for (i = 0; i < 40; i++)
		ASSERT_EQ(0, station_pull_and_wait(station, 0, i % 2 == 0));
	ASSERT_EQ(0, station_read(station));
	ASSERT_EQ(BUCKETS + 1, read_histogram(TONGBU_KIND_EDGE, histogram));
	EXPECT_EQ(BUCKETS, histogram->buckets);
	for (i = 0; i < BUCKETS; i++)
		sum += histogram->count[i];
	EXPECT_EQ(sum, record_log_count(&station->log, TONGBU_KIND_EDGE, ANY_SOURCE));

	/* One measurement: the longest delay is that of a record. */
	for (i = 0; (record = record_log_find(&station->log, TONGBU_KIND_EDGE, ANY_SOURCE, i));
	     i++) {
		delay = le32toh(record_edge(record).delay);
		slowest = delay > slowest ? delay : slowest;
	}
	EXPECT_EQ(slowest, histogram->max);
	/* The longest is in the last bucket that has any. */
	for (i = BUCKETS - 1; i && !histogram->count[i]; i--)
		;
	EXPECT_GT(1024ULL << i, i == BUCKETS - 1 ? 0 : histogram->max);
	EXPECT_LE(i ? 512ULL << i : 0, histogram->max);
}

TEST_F(latency, what_debouncing_holds_back_does_not_count)
{
	struct station *station = &self->station;

	ASSERT_LT(0,
		  station_arm(station,
			      &(struct line){ .name = "bouncing", .line = 0, .debounce = 20000 }));
	ASSERT_EQ(0, station_pull_and_wait(station, 0, true));
	ASSERT_EQ(0, station_read(station));
	ASSERT_EQ(1, record_log_count(&station->log, TONGBU_KIND_EDGE, ANY_SOURCE));
	EXPECT_EQ(0, read_histogram(TONGBU_KIND_EDGE, &self->histogram));
}

TEST_F(latency, the_histogram_begins_anew_with_the_module_and_nobody_writes_it)
{
	struct stat st;

	ASSERT_LT(0, station_arm(&self->station, &(struct line){ .name = "old", .line = 0 }));
	ASSERT_EQ(0, station_pull_and_wait(&self->station, 0, true));
	ASSERT_EQ(BUCKETS + 1, read_histogram(TONGBU_KIND_EDGE, &self->histogram));
	ASSERT_EQ(0, stat(LATENCY, &st));
	EXPECT_EQ(0444, st.st_mode & 0777);
	station_close(&self->station);
	EXPECT_EQ(-1, stat(LATENCY, &st));
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	EXPECT_EQ(0, read_histogram(TONGBU_KIND_EDGE, &self->histogram));
}

/* How many lines of the trace have these words? */
static unsigned int traced(const char *words)
{
	FILE *file = fopen(TRACING "/trace", "re");
	char line[512];
	unsigned int found = 0;

	while (file && fgets(line, sizeof(line), file))
		found += strstr(line, words) != NULL;
	if (file)
		fclose(file);
	return found;
}

TEST_F(latency, tracepoints_tell_an_edge_on_its_way_to_the_reader)
{
	struct station *station = &self->station;
	const struct record *edge;
	struct record_log *log = &station->log;
	char words[128];
	int id;

	id = station_arm(station, &(struct line){ .name = "traced", .line = 0 });
	ASSERT_LT(0, id);
	ASSERT_EQ(0, station_read(station));
	ASSERT_EQ(0, station_put(TRACING "/trace", O_TRUNC, ""));
	ASSERT_EQ(0, station_put(TRACING "/events/tongbu/enable", O_TRUNC, "1"));
	ASSERT_EQ(0, station_pull_and_wait(station, 0, true));
	ASSERT_EQ(0, station_read(station));
	ASSERT_EQ(0, station_ack(station));
	ASSERT_EQ(0, station_put(TRACING "/events/tongbu/enable", O_TRUNC, "0"));

	edge = record_log_find(log, TONGBU_KIND_EDGE, (uint32_t)id, 0);
	ASSERT_NE(NULL, edge);
	snprintf(words, sizeof(words), "tongbu_capture: source=%d stamp=%" PRIu64 "\n", id,
		 edge->boottime);
	EXPECT_TRUE(traced(words)) TH_LOG("%s", words);
	snprintf(words, sizeof(words), "tongbu_seal: seq=%" PRIu64 " kind=%d source=%d len=%u\n",
		 edge->seq, TONGBU_KIND_EDGE, id, edge->length);
	EXPECT_TRUE(traced(words)) TH_LOG("%s", words);
	snprintf(words, sizeof(words), "tongbu_ack: seq=%" PRIu64 "\n", log->next - 1);
	EXPECT_TRUE(traced(words)) TH_LOG("%s", words);
	EXPECT_EQ(0, access(TRACING "/events/tongbu/tongbu_reflex/format", R_OK));

	/* And off they say nothing. */
	ASSERT_EQ(0, station_put(TRACING "/trace", O_TRUNC, ""));
	ASSERT_EQ(0, station_pull_and_wait(station, 0, false));
	EXPECT_EQ(0, traced("tongbu_"));
}

/* For its stamp, and for its delay when it is sealed; each more costs every edge. */
TEST_F(latency, an_edge_reads_the_clock_twice)
{
	static const char *const readings[] = { "ktime_get", "ktime_get_with_offset" };
	struct station *station = &self->station;
	char words[128];
	size_t i;
	int id;

	if (access(TRACING "/events", R_OK) == 0 && access(TRACING "/kprobe_events", W_OK))
		SKIP(return, "this kernel has no probes");
	id = station_arm(station, &(struct line){ .name = "timed", .line = 0 });
	ASSERT_LT(0, id);
	ASSERT_EQ(0, station_read(station));
	for (i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		snprintf(words, sizeof(words), "clock/%s", readings[i]);
		ASSERT_EQ(0, station_probe(words, readings[i], "caller=$stack0:symbol"));
	}
	ASSERT_EQ(0, station_put(TRACING "/trace", O_TRUNC, ""));
	ASSERT_EQ(0, station_put(TRACING "/events/clock/enable", O_TRUNC, "1"));
	EXPECT_EQ(0, station_pull(0, true));
	EXPECT_NE(NULL, station_await(station, TONGBU_KIND_EDGE, (uint32_t)id, 0));
	EXPECT_EQ(0, station_put(TRACING "/events/clock/enable", O_TRUNC, "0"));
	EXPECT_EQ(2, traced("[tongbu]"));
	for (i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		snprintf(words, sizeof(words), "-:clock/%s", readings[i]);
		EXPECT_EQ(0, station_put(TRACING "/kprobe_events", O_APPEND, words));
	}
}

TEST_HARNESS_MAIN
