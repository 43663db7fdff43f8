// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sources of type PPS: a line that pulses at each full second, as a receiver of
 * satellite time gives it. At each pulse the clock is read; how far it was from
 * the full second is a record for each interval. Nothing is steered by it: the
 * records show, independent of the time daemon, how good the station's clock is.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <net/netlink.h>

#include "family.h"
#include "gpio_source.h"

#define INTERVAL_MIN_MS		1000
#define INTERVAL_DEFAULT_MS	60000

/**
 * struct pps - a line that pulses at each full second
 * @gpio: the line
 * @seen: CLOCK_BOOTTIME of the last pulse, or of the last second that had none,
 *	ns; under the line's lock, like all below
 * @min: least offset of the interval, ns
 * @max: greatest
 * @sum: sum of them
 * @pulses: how many
 * @missed: full seconds without one
 * @flags: enum tongbu_record_flag of its pulses
 */
struct pps {
	struct tb_gpio gpio;
	u64 seen;
	s64 min;
	s64 max;
	s64 sum;
	u32 pulses;
	u32 missed;
	u16 flags;
};

static struct pps *pps_of(struct tb_gpio *gpio)
{
	return container_of(gpio, struct pps, gpio);
}

/* CLOCK_REALTIME less the nearest full second */
static s64 offset_of(u64 real)
{
	u32 past;

	div_u64_rem(real, NSEC_PER_SEC, &past);
	return past > NSEC_PER_SEC / 2 ? (s64)past - NSEC_PER_SEC : past;
}

/* Seconds that should have had a pulse between @pps->seen and @boot; that at
 * @boot itself may be on its way. Counted in a clock that is never stepped.
 */
static void count_missed(struct pps *pps, u64 boot)
{
	u64 passed = boot > pps->seen ? boot - pps->seen : 0;
	u64 seconds = div_u64(passed + NSEC_PER_SEC / 2, NSEC_PER_SEC);

	lockdep_assert_held(&pps->gpio.lock);
	if (seconds < 2)
		return;
	pps->missed += seconds - 1;
	pps->seen += (seconds - 1) * NSEC_PER_SEC;
}

static void take_pulse(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
		       u16 flags, u32 bounces)
{
	s64 offset = offset_of(stamp->real);
	struct pps *pps = pps_of(gpio);

	count_missed(pps, stamp->boot);
	pps->seen = stamp->boot;
	pps->min = pps->pulses ? min(pps->min, offset) : offset;
	pps->max = pps->pulses ? max(pps->max, offset) : offset;
	pps->sum += offset;
	pps->pulses++;
	pps->flags |= flags & TONGBU_RECORD_THREAD_STAMP;
	tb_source_count_event(&gpio->source, stamp);
}

static void seal_pulses(struct tb_gpio *gpio)
{
	struct pps *pps = pps_of(gpio);
	struct tb_stamp stamp = tb_stamp_now();
	struct tongbu_pps body = { };

	count_missed(pps, stamp.boot);
	body.pulses = cpu_to_le32(pps->pulses);
	body.missed = cpu_to_le32(pps->missed);
	if (pps->pulses) {
		body.min = cpu_to_le64(pps->min);
		body.max = cpu_to_le64(pps->max);
		body.mean = cpu_to_le64(div_s64(pps->sum, pps->pulses));
	}
	tb_source_note(&gpio->source, TONGBU_KIND_PPS, pps->flags, &stamp,
		       &body, sizeof(body));
	pps->sum = 0;
	pps->pulses = 0;
	pps->missed = 0;
	pps->flags = 0;
}

static void begin_pulses(struct tb_gpio *gpio)
{
	pps_of(gpio)->seen = tb_stamp_now().boot;
}

static int pps_check(const struct tongbu_source *def, struct nlattr **attrs,
		     struct netlink_ext_ack *extack)
{
	if (def->edges == TONGBU_EDGE_BOTH)
		return tb_refuse(extack, attrs[TONGBU_A_GPIO_EDGES], -EINVAL,
				 "both edges of a PPS line: one of them is the full second, say which");
	return 0;
}

static const struct tb_gpio_ops line_ops = {
	.edge = take_pulse,
	.start = begin_pulses,
	.interval_over = seal_pulses,
	.check = pps_check,
	.as_they_come = true,
	.edges = TONGBU_EDGE_RISING,
	.interval = INTERVAL_DEFAULT_MS,
	.interval_min = INTERVAL_MIN_MS,
};

static struct tb_source *pps_create(struct nlattr **attrs, const struct tongbu_source *def,
				    struct netlink_ext_ack *extack)
{
	BUILD_BUG_ON(offsetof(struct pps, gpio));
	return tb_gpio_create(sizeof(struct pps), &tb_pps_ops, &line_ops, attrs, def, extack);
}

const struct tb_source_ops tb_pps_ops = {
	.type = TONGBU_SOURCE_PPS,
	.admits = true,
	.create = pps_create,
	.start = tb_gpio_start,
	.stop = tb_gpio_stop,
	.destroy = tb_gpio_destroy,
	.put = tb_gpio_put,
	.mask = tb_gpio_mask,
	.resync = tb_gpio_resync_soon,
};
