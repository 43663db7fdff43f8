// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl latency: how long events of hardware waited until they were sealed, as
 * the module counts it in debugfs: lines "KIND BELOW COUNT", and "KIND max NS".
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ctl.h"
#include "record.h"

#define DEBUGFS	    "/sys/kernel/debug"
#define LATENCY	    DEBUGFS "/tongbu/latency"
#define KINDS_MAX   64
#define BUCKETS_MAX 64
#define BAR_WIDTH   40

/**
 * struct bucket - records of about the same delay
 * @below: they waited less, ns; UINT64_MAX if without bound
 * @count: how many
 */
struct bucket {
	uint64_t below;
	uint64_t count;
};

/**
 * struct histogram - of one kind of record
 * @kind: enum tongbu_kind
 * @buckets: by rising bound
 * @used: how many of them there are
 * @count: records in all
 * @max: the longest delay, ns
 */
struct histogram {
	unsigned int kind;
	struct bucket buckets[BUCKETS_MAX];
	size_t used;
	uint64_t count;
	uint64_t max;
};

static struct histogram histograms[KINDS_MAX];
static size_t kinds;

static int missing(void)
{
	struct statfs fs;

	if (access(DEBUGFS, F_OK))
		return ctl_bad("this kernel has no debugfs, where it would tell the latency");
	if (statfs(DEBUGFS, &fs) || fs.f_type != DEBUGFS_MAGIC)
		return ctl_bad("debugfs is not mounted: mount -t debugfs debugfs " DEBUGFS);
	return ctl_bad(LATENCY
		       " is not there: load the module that belongs to this tongbuctl, and boot without debugfs=off");
}

/* Why there is nothing to read, in words */
static int unreadable(int err)
{
	if (access("/sys/module/tongbu", F_OK)) {
		ctl_bad("module tongbu is not loaded: run 'modprobe tongbu' as root");
		return CTL_NO_MODULE;
	}
	switch (err) {
	case EACCES:
		ctl_bad("only root may look into " DEBUGFS ": sudo tongbuctl latency");
		return CTL_NO_PERM;
	case EPERM:
		ctl_bad("the kernel is locked down and lets nobody look into " DEBUGFS);
		return CTL_NO_PERM;
	case ENOENT:
		return missing();
	default:
		return ctl_bad("%s cannot be read: %s", LATENCY, strerror(err));
	}
}

static struct histogram *histogram_of(unsigned int kind)
{
	if (!kinds || histograms[kinds - 1].kind != kind) {
		if (kinds == KINDS_MAX)
			return NULL;
		histograms[kinds++].kind = kind;
	}
	return &histograms[kinds - 1];
}

static bool take_line(const char *line)
{
	struct histogram *histogram;
	uint64_t count, below;
	unsigned int kind;
	char word[32];

	if (sscanf(line, "%u %31s %" SCNu64, &kind, word, &count) != 3)
		return false;
	histogram = histogram_of(kind);
	if (!histogram)
		return false;
	if (!strcmp(word, "max")) {
		histogram->max = count;
		return true;
	}
	below = UINT64_MAX;
	if ((strcmp(word, "inf") && !ctl_number(word, UINT64_MAX - 1, &below)) ||
	    histogram->used == BUCKETS_MAX)
		return false;
	histogram->buckets[histogram->used++] = (struct bucket){ below, count };
	histogram->count += count;
	return true;
}

static int read_latency(FILE *file)
{
	char line[256];

	while (fgets(line, sizeof(line), file))
		if (*line != '#' && !take_line(line))
			return ctl_bad("%s: \"%.*s\" is not understood: is the module of another version?",
				       LATENCY, (int)strcspn(line, "\n"), line);
	return ferror(file) ? unreadable(errno) : CTL_OK;
}

/* No more than @permille of the records waited longer than what is returned, ns:
 * the bound of a bucket, since where in it they are is not known.
 */
static uint64_t bound(const struct histogram *histogram, unsigned int permille)
{
	uint64_t seen = 0, want = histogram->count - histogram->count / 1000 * (1000 - permille) -
				  histogram->count % 1000 * (1000 - permille) / 1000;
	size_t i;

	for (i = 0; i < histogram->used; i++) {
		seen += histogram->buckets[i].count;
		if (seen >= want)
			break;
	}
	if (i == histogram->used || histogram->buckets[i].below > histogram->max)
		return histogram->max;
	return histogram->buckets[i].below;
}

static const char *kind_name(unsigned int kind, char number[16])
{
	const char *name = tb_kind_name(kind);

	if (name)
		return name;
	snprintf(number, 16, "%u", kind);
	return number;
}

static int print_json(const struct histogram *histogram)
{
	json_t *buckets = json_array(), *bucket;
	char number[16];
	size_t i;

	for (i = 0; i < histogram->used; i++) {
		uint64_t below = histogram->buckets[i].below;

		bucket = json_pack("{s:o, s:I}", "below_ns",
				   below == UINT64_MAX ? json_null() :
							 json_integer((json_int_t)below),
				   "records", (json_int_t)histogram->buckets[i].count);
		json_array_append_new(buckets, bucket);
	}
	return ctl_print(json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "kind",
				   kind_name(histogram->kind, number), "records",
				   (json_int_t)histogram->count, "p50_ns",
				   (json_int_t)bound(histogram, 500), "p90_ns",
				   (json_int_t)bound(histogram, 900), "p99_ns",
				   (json_int_t)bound(histogram, 990), "p999_ns",
				   (json_int_t)bound(histogram, 999), "max_ns",
				   (json_int_t)histogram->max, "buckets", buckets));
}

static const char *duration(uint64_t ns, char text[24])
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double value = (double)ns;
	size_t unit = 0;

	/* What would be rounded to 1000 is one of the next unit. */
	for (; value >= 999.5 && unit < 3; unit++)
		value /= 1000;
	snprintf(text, 24, "%.3g %s", value, units[unit]);
	return text;
}

static void print_bar(uint64_t count, uint64_t most)
{
	uint64_t width = most ? (count * BAR_WIDTH + most - 1) / most : 0;

	while (width--)
		putchar('#');
	putchar('\n');
}

static void print_table(const struct histogram *histogram)
{
	char number[16], text[4][24];
	size_t i, first = histogram->used, last = 0;
	uint64_t most = 0;
	bool bold = tb_colour();

	printf("%s%s%s  %" PRIu64
	       " records; 50%% within %s, 99%% within %s, 99.9%% within %s, longest %s\n",
	       bold ? "\033[1m" : "", kind_name(histogram->kind, number), bold ? "\033[0m" : "",
	       histogram->count, duration(bound(histogram, 500), text[0]),
	       duration(bound(histogram, 990), text[1]), duration(bound(histogram, 999), text[2]),
	       duration(histogram->max, text[3]));
	for (i = 0; i < histogram->used; i++) {
		if (!histogram->buckets[i].count)
			continue;
		first = i < first ? i : first;
		last = i;
		most = histogram->buckets[i].count > most ? histogram->buckets[i].count : most;
	}
	for (i = first; i <= last; i++) {
		uint64_t below = histogram->buckets[i].below;

		if (below == UINT64_MAX)
			printf("  %14s", "longer");
		else
			printf("  below %8s", duration(below, text[0]));
		printf(" %10" PRIu64 "  ", histogram->buckets[i].count);
		print_bar(histogram->buckets[i].count, most);
	}
}

/**
 * cmd_latency() - tongbuctl latency
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_latency(int argc, char **argv)
{
	FILE *file;
	size_t i;
	int ret;

	if (ctl_nothing(argc, argv))
		return CTL_FAILED;
	file = fopen(LATENCY, "re");
	if (!file)
		return unreadable(errno);
	ret = read_latency(file);
	fclose(file);
	for (i = 0; !ret && i < kinds; i++) {
		if (ctl.json)
			ret = print_json(&histograms[i]);
		else
			print_table(&histograms[i]);
	}
	if (!ret && !kinds && !ctl.json)
		puts("No event of hardware was sealed since the module was loaded.");
	return ret;
}
