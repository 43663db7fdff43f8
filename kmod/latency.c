// SPDX-License-Identifier: GPL-2.0-only
/*
 * A histogram for each kind of hardware event, of the delays its records tell: the
 * time from the event's stamp to its sealing. In /sys/kernel/debug/tongbu/latency
 * a comment, and for each kind that occurred
 *
 *	KIND BELOW COUNT	records with less than BELOW ns, and not less than
 *				the BELOW of the line before; the last is "inf"
 *	KIND max NS		the longest
 *
 * It counts from when the module was loaded; loading it again is the reset.
 * Events that are held back on purpose do not count: edges that have to settle,
 * codes and frames that end by a silence, what sums up an interval.
 */
#include "latency.h"

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/tongbu.h>

#include "chain_priv.h"

/* Kinds of hardware, as enum tongbu_kind has them */
#define FIRST_KIND	16
#define KINDS		16

/* The first bucket takes what is below 1,024 ns, each next one twice that; the
 * last takes the rest, from 8.6 s on.
 */
#define FIRST_SHIFT	10
#define BUCKETS		25

/**
 * struct histogram - of one kind
 * @count: records by delay
 * @max: the longest delay, ns
 *
 * Under the chain's lock.
 */
struct histogram {
	u64 count[BUCKETS];
	u64 max;
};

static struct histogram histograms[KINDS];
static struct dentry *directory;

/**
 * tb_latency_add() - count a record that has just been sealed
 * @kind: its kind; counted if it is one of hardware
 * @delay: from its event's stamp to its sealing, ns
 *
 * Context: under the chain's lock.
 */
void tb_latency_add(u16 kind, u64 delay)
{
	struct histogram *histogram;

	if (kind < FIRST_KIND || kind >= FIRST_KIND + KINDS)
		return;
	histogram = &histograms[kind - FIRST_KIND];
	histogram->count[min(fls64(delay >> FIRST_SHIFT), BUCKETS - 1)]++;
	histogram->max = max(histogram->max, delay);
}

static void show_histogram(struct seq_file *file, u32 kind, const struct histogram *histogram)
{
	int i;

	for (i = 0; i < BUCKETS - 1; i++)
		seq_printf(file, "%u %llu %llu\n", kind, 1ULL << (FIRST_SHIFT + i),
			   histogram->count[i]);
	seq_printf(file, "%u inf %llu\n", kind, histogram->count[i]);
	seq_printf(file, "%u max %llu\n", kind, histogram->max);
}

static int latency_show(struct seq_file *file, void *unused)
{
	struct histogram histogram;
	unsigned long flags;
	u32 i;

	seq_puts(file, "# kind, below (ns), records: from the event's stamp to the sealed record\n");
	for (i = 0; i < KINDS; i++) {
		flags = tb_chain_lock();
		histogram = histograms[i];
		tb_chain_unlock(flags);
		if (memchr_inv(histogram.count, 0, sizeof(histogram.count)))
			show_histogram(file, FIRST_KIND + i, &histogram);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(latency);

/**
 * tb_latency_init() - show the histograms
 *
 * A kernel without debugfs counts all the same, and shows nothing.
 *
 * Context: process, sleeps.
 */
void tb_latency_init(void)
{
	directory = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("latency", 0444, directory, NULL, &latency_fops);
}

/**
 * tb_latency_exit() - show them no more
 *
 * Context: process, sleeps until who reads them has done so.
 */
void tb_latency_exit(void)
{
	debugfs_remove(directory);
}
