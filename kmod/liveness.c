// SPDX-License-Identifier: GPL-2.0-only
/*
 * A source that must speak every so often and does not makes one SILENT record,
 * and one RESTORED when it speaks again.
 *
 * An event only leaves its stamp. The timer finds it there when it runs out, and
 * goes on to when the next word is due: it is set once for each such time, not
 * for each event.
 */
#include "liveness.h"

#include <linux/minmax.h>

#include "chain.h"
#include "compat.h"
#include "source.h"

static void seal_silence(struct tb_source *source, u16 kind, const struct tb_stamp *stamp)
{
	u64 last = source->liveness.last;
	struct tongbu_silence silence = {
		.last = cpu_to_le64(last),
		/* What was held back may be older than what was said since. */
		.silent = cpu_to_le64(stamp->boot > last ? stamp->boot - last : 0),
	};

	lockdep_assert_held(&source->liveness.lock);
	tb_source_note(source, kind, 0, stamp, &silence, sizeof(silence));
}

/* Look again when all has been quiet for the limit since @from. */
static void set_silence_timer(struct tb_liveness *liveness, u64 from)
{
	lockdep_assert_held(&liveness->lock);
	if (liveness->watched && !liveness->silent)
		hrtimer_start(&liveness->timer, ns_to_ktime(from + liveness->limit),
			      HRTIMER_MODE_ABS_HARD);
}

static enum hrtimer_restart run_out(struct hrtimer *timer)
{
	struct tb_liveness *liveness = container_of(timer, struct tb_liveness, timer);
	struct tb_source *source = container_of(liveness, struct tb_source, liveness);
	struct tb_stamp stamp;
	unsigned long flags;
	u64 from;

	raw_spin_lock_irqsave(&liveness->lock, flags);
	stamp = tb_stamp_now();
	from = liveness->last;
	if (READ_ONCE(source->storm.on)) {
		/* It says too much, and is not listened to for that reason. */
		from = stamp.boot;
	} else if (liveness->watched && !liveness->silent &&
		   stamp.boot >= from + liveness->limit) {
		liveness->silent = true;
		seal_silence(source, TONGBU_KIND_SILENT, &stamp);
	}
	set_silence_timer(liveness, from);
	raw_spin_unlock_irqrestore(&liveness->lock, flags);
	return HRTIMER_NORESTART;
}

/**
 * tb_liveness_spoke() - a source had an event
 * @source: the source
 * @stamp: when
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_liveness_spoke(struct tb_source *source, const struct tb_stamp *stamp)
{
	struct tb_liveness *liveness = &source->liveness;
	unsigned long flags;

	raw_spin_lock_irqsave(&liveness->lock, flags);
	if (unlikely(liveness->silent)) {
		liveness->silent = false;
		seal_silence(source, TONGBU_KIND_RESTORED, stamp);
		set_silence_timer(liveness, stamp->boot);
	}
	/* What a thread hands on may be older than what an interrupt has. */
	liveness->last = max(liveness->last, stamp->boot);
	liveness->spoke = true;
	raw_spin_unlock_irqrestore(&liveness->lock, flags);
}

/**
 * tb_liveness_last() - when a source last spoke
 * @liveness: its liveness
 * @last: set to CLOCK_BOOTTIME of its last event, ns
 * @silent: set to whether it is silent for too long
 *
 * Context: any; does not sleep.
 * Return: false if it never spoke; @last is when it was armed.
 */
bool tb_liveness_last(struct tb_liveness *liveness, u64 *last, bool *silent)
{
	unsigned long flags;
	bool spoke;

	raw_spin_lock_irqsave(&liveness->lock, flags);
	*last = liveness->last;
	*silent = liveness->silent;
	spoke = liveness->spoke;
	raw_spin_unlock_irqrestore(&liveness->lock, flags);
	return spoke;
}

/**
 * tb_liveness_init() - nothing was heard of a source yet
 * @liveness: its liveness
 * @limit_ms: longest time it may say nothing, ms; 0 for any
 *
 * Counted in CLOCK_BOOTTIME: a suspended machine hears nothing.
 *
 * Context: process.
 */
void tb_liveness_init(struct tb_liveness *liveness, u32 limit_ms)
{
	raw_spin_lock_init(&liveness->lock);
	liveness->limit = (u64)limit_ms * NSEC_PER_MSEC;
	hrtimer_setup(&liveness->timer, run_out, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
}

/**
 * tb_liveness_start() - a source begins to listen: from now on it must speak
 * @source: the source
 *
 * Context: process; does not sleep.
 */
void tb_liveness_start(struct tb_source *source)
{
	struct tb_liveness *liveness = &source->liveness;
	unsigned long flags;

	raw_spin_lock_irqsave(&liveness->lock, flags);
	if (!liveness->last)
		liveness->last = tb_stamp_now().boot;
	liveness->watched = liveness->limit;
	set_silence_timer(liveness, liveness->last);
	raw_spin_unlock_irqrestore(&liveness->lock, flags);
}

/**
 * tb_liveness_stop() - a source is disarmed: it may be silent
 * @source: the source
 *
 * Context: process, sleeps.
 */
void tb_liveness_stop(struct tb_source *source)
{
	struct tb_liveness *liveness = &source->liveness;
	unsigned long flags;

	raw_spin_lock_irqsave(&liveness->lock, flags);
	liveness->watched = false;
	raw_spin_unlock_irqrestore(&liveness->lock, flags);
	hrtimer_cancel(&liveness->timer);
}
