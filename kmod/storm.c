// SPDX-License-Identifier: GPL-2.0-only
/*
 * A source that makes more events in a second than its rate is in a storm. That
 * is one record; its events make none from then on, they are counted. Where its
 * interrupt can be turned off it is, for a second at a time, so that the station
 * has at most its rate of interrupts to see to in more than a second. When it has
 * kept to its rate for a whole second with the interrupt on, the storm is over:
 * one more record, with what was counted and for how long nothing could be.
 *
 * Other sources have interrupts and locks of their own.
 */
#include "storm.h"

#include "chain.h"
#include "compat.h"
#include "source.h"

#define WINDOW_NS	((u64)NSEC_PER_SEC)
#define BACKOFF_NS	((u64)NSEC_PER_SEC)

static void seal_storm(struct tb_source *source, const struct tb_stamp *stamp, bool over)
{
	const struct tb_storm *storm = &source->storm;
	struct tongbu_storm body = {
		.since = cpu_to_le64(storm->since),
		.count = cpu_to_le64(storm->count),
		.masked = cpu_to_le64(div_u64(storm->masked_for, NSEC_PER_MSEC)),
		.rate = cpu_to_le32(storm->rate),
		.over = over,
	};

	lockdep_assert_held(&storm->lock);
	tb_source_note(source, TONGBU_KIND_STORM, 0, stamp, &body, sizeof(body));
}

static void set_storm_timer(struct tb_storm *storm, u64 ns)
{
	lockdep_assert_held(&storm->lock);
	if (!storm->ended)
		hrtimer_start(&storm->timer, ns_to_ktime(ns), HRTIMER_MODE_REL_HARD);
}

static void mask_storm(struct tb_source *source, u64 now)
{
	struct tb_storm *storm = &source->storm;

	lockdep_assert_held(&storm->lock);
	if (storm->masked || storm->ended || !source->ops->mask)
		return;
	storm->masked = true;
	storm->masked_at = now;
	source->ops->mask(source, true);
	set_storm_timer(storm, BACKOFF_NS);
}

static void unmask_storm(struct tb_source *source, u64 now)
{
	struct tb_storm *storm = &source->storm;

	lockdep_assert_held(&storm->lock);
	storm->masked = false;
	storm->masked_for += now - storm->masked_at;
	source->ops->mask(source, false);
}

static void begin_storm(struct tb_source *source, const struct tb_stamp *stamp)
{
	struct tb_storm *storm = &source->storm;

	lockdep_assert_held(&storm->lock);
	WRITE_ONCE(storm->on, true);
	storm->since = stamp->boot;
	storm->count = 0;
	storm->masked_for = 0;
	seal_storm(source, stamp, false);
	if (source->ops->mask)
		mask_storm(source, stamp->boot);
	else
		set_storm_timer(storm, WINDOW_NS);
}

static void end_storm(struct tb_source *source, const struct tb_stamp *stamp)
{
	struct tb_storm *storm = &source->storm;

	lockdep_assert_held(&storm->lock);
	WRITE_ONCE(storm->on, false);
	seal_storm(source, stamp, true);
}

static enum hrtimer_restart look_again(struct hrtimer *timer)
{
	struct tb_storm *storm = container_of(timer, struct tb_storm, timer);
	struct tb_source *source = container_of(storm, struct tb_source, storm);
	struct tb_stamp stamp;
	unsigned long flags;
	bool over = false;

	raw_spin_lock_irqsave(&storm->lock, flags);
	stamp = tb_stamp_now();
	if (storm->ended)
		goto out;
	if (storm->masked) {
		unmask_storm(source, stamp.boot);
		set_storm_timer(storm, WINDOW_NS);
	} else if (storm->seen > storm->rate) {
		set_storm_timer(storm, WINDOW_NS);
	} else {
		end_storm(source, &stamp);
		over = true;
	}
	storm->window = stamp.boot;
	storm->seen = 0;
out:
	raw_spin_unlock_irqrestore(&storm->lock, flags);
	if (over && source->ops->resync)
		source->ops->resync(source);
	return HRTIMER_NORESTART;
}

/**
 * tb_storm_admits() - may an event make a record?
 * @source: whose event it is
 * @stamp: when it happened
 *
 * Context: any, hard interrupts included; does not sleep.
 * Return: false in a storm, in which case it is counted.
 */
bool tb_storm_admits(struct tb_source *source, const struct tb_stamp *stamp)
{
	struct tb_storm *storm = &source->storm;
	unsigned long flags;
	bool admitted;

	if (!storm->rate)
		return true;
	raw_spin_lock_irqsave(&storm->lock, flags);
	if (!storm->on && stamp->boot - storm->window >= WINDOW_NS) {
		storm->window = stamp->boot;
		storm->seen = 0;
	}
	storm->seen++;
	if (storm->on) {
		if (storm->seen > storm->rate)
			mask_storm(source, stamp->boot);
	} else if (storm->seen > storm->rate && !storm->ended) {
		begin_storm(source, stamp);
	}
	admitted = !storm->on;
	storm->count += storm->on;
	raw_spin_unlock_irqrestore(&storm->lock, flags);
	return admitted;
}

/**
 * tb_storm_init() - no storm yet
 * @storm: what its source has
 * @rate: most events a second, 0 for any
 *
 * Context: process.
 */
void tb_storm_init(struct tb_storm *storm, u32 rate)
{
	raw_spin_lock_init(&storm->lock);
	storm->rate = rate;
	storm->ended = true;
	hrtimer_setup(&storm->timer, look_again, CLOCK_BOOTTIME, HRTIMER_MODE_REL_HARD);
}

/**
 * tb_storm_start() - a source begins to listen
 * @source: the source
 *
 * Context: process; does not sleep.
 */
void tb_storm_start(struct tb_source *source)
{
	struct tb_storm *storm = &source->storm;
	unsigned long flags;

	raw_spin_lock_irqsave(&storm->lock, flags);
	storm->ended = false;
	storm->seen = 0;
	raw_spin_unlock_irqrestore(&storm->lock, flags);
}

/**
 * tb_storm_stop() - a source is disarmed: a storm ends with it
 * @source: the source, which has no events any more
 *
 * Context: process, sleeps.
 */
void tb_storm_stop(struct tb_source *source)
{
	struct tb_storm *storm = &source->storm;
	struct tb_stamp stamp;
	unsigned long flags;

	raw_spin_lock_irqsave(&storm->lock, flags);
	storm->ended = true;
	raw_spin_unlock_irqrestore(&storm->lock, flags);
	hrtimer_cancel(&storm->timer);

	raw_spin_lock_irqsave(&storm->lock, flags);
	stamp = tb_stamp_now();
	if (storm->masked)
		unmask_storm(source, stamp.boot);
	if (storm->on)
		end_storm(source, &stamp);
	raw_spin_unlock_irqrestore(&storm->lock, flags);
}
