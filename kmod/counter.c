// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sources of type COUNTER: pulses of a line, a record for each interval.
 *
 * The interrupt only counts. A timer's interrupt seals, also when there was
 * nothing to count: a rain gauge that says zero is another thing than one that
 * says nothing. The intervals follow each other without a gap for as long as the
 * chip is there; the last is cut short where the counting ends.
 */
#include <linux/math64.h>

#include "gpio_source.h"

/* A record ten times a second is meant to be one an interval, no storm */
#define INTERVAL_MIN_MS		100
#define INTERVAL_DEFAULT_MS	60000

/**
 * struct counter - a line whose pulses are counted
 * @gpio: the line
 * @begun: CLOCK_BOOTTIME at which the interval began, ns; under the line's lock,
 *	like all below
 * @first: CLOCK_BOOTTIME of its first pulse, ns; 0 without any
 * @last: CLOCK_BOOTTIME of its last pulse, ns; 0 without any
 * @total: pulses since the source was armed
 * @count: pulses of the interval
 * @flags: enum tongbu_record_flag of its pulses
 */
struct counter {
	struct tb_gpio gpio;
	u64 begun;
	u64 first;
	u64 last;
	u64 total;
	u32 count;
	u16 flags;
};

static struct counter *counter_of(struct tb_gpio *gpio)
{
	return container_of(gpio, struct counter, gpio);
}

static void count_pulse(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
			u16 flags, u32 bounces)
{
	struct counter *counter = counter_of(gpio);

	if (!counter->count)
		counter->first = stamp->boot;
	counter->last = stamp->boot;
	counter->total++;
	counter->count++;
	counter->flags |= flags & TONGBU_RECORD_THREAD_STAMP;
	tb_source_count_event(&gpio->source, stamp);
}

static void seal_interval(struct tb_gpio *gpio)
{
	struct counter *counter = counter_of(gpio);
	struct tb_stamp stamp = tb_stamp_now();
	struct tongbu_count count = {
		.first = cpu_to_le64(counter->first),
		.last = cpu_to_le64(counter->last),
		.total = cpu_to_le64(counter->total),
		.count = cpu_to_le32(counter->count),
		.interval = cpu_to_le32(DIV_ROUND_CLOSEST_ULL(stamp.boot - counter->begun,
							      NSEC_PER_MSEC)),
	};

	tb_source_note(&gpio->source, TONGBU_KIND_COUNT, counter->flags, &stamp,
		       &count, sizeof(count));
	counter->begun = stamp.boot;
	counter->first = 0;
	counter->last = 0;
	counter->count = 0;
	counter->flags = 0;
}

static void begin_interval(struct tb_gpio *gpio)
{
	counter_of(gpio)->begun = tb_stamp_now().boot;
}

static const struct tb_gpio_ops line_ops = {
	.edge = count_pulse,
	.start = begin_interval,
	.interval_over = seal_interval,
	.counts = true,
	.edges = TONGBU_EDGE_RISING,
	.interval = INTERVAL_DEFAULT_MS,
	.interval_min = INTERVAL_MIN_MS,
};

static struct tb_source *counter_create(struct nlattr **attrs, const struct tongbu_source *def,
					struct netlink_ext_ack *extack)
{
	BUILD_BUG_ON(offsetof(struct counter, gpio));
	return tb_gpio_create(sizeof(struct counter), &tb_counter_ops, &line_ops, attrs, def,
			      extack);
}

const struct tb_source_ops tb_counter_ops = {
	.type = TONGBU_SOURCE_COUNTER,
	.admits = true,
	.create = counter_create,
	.start = tb_gpio_start,
	.stop = tb_gpio_stop,
	.destroy = tb_gpio_destroy,
	.put = tb_gpio_put,
	.mask = tb_gpio_mask,
	.resync = tb_gpio_resync_soon,
};
