// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reflexes at work: in the interrupt of the event, or of a timer. Which
 * reflexes a source has is looked up without a lock, so that sources do not wait
 * for one another; each reflex has a lock of its own.
 */
#include <linux/hashtable.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>

#include "compat.h"
#include "reflex_priv.h"
#include "source.h"

DEFINE_STATIC_KEY_FALSE(tb_reflex_armed);

/* Written under the reflexes' lock, read under RCU */
static DEFINE_HASHTABLE(links, 6);

static u64 ms_to_ns(__le32 ms)
{
	return (u64)le32_to_cpu(ms) * NSEC_PER_MSEC;
}

static u64 half_period(const struct tb_reflex *reflex)
{
	return ms_to_ns(reflex->def.period) / 2;
}

static void begin_action(struct tb_reflex *reflex, u64 now)
{
	const struct tongbu_reflex *def = &reflex->def;
	u64 first;

	lockdep_assert_held(&reflex->lock);
	if (def->action != TONGBU_DO_PULSE && def->action != TONGBU_DO_BLINK)
		return;
	first = ms_to_ns(def->length);
	if (def->action == TONGBU_DO_BLINK)
		first = def->length ? min(first, half_period(reflex)) : half_period(reflex);
	reflex->until = def->length ? now + ms_to_ns(def->length) : 0;
	reflex->phase = 1;
	hrtimer_start(&reflex->action_timer, ns_to_ktime(first), HRTIMER_MODE_REL_HARD);
}

static void fire(struct tb_reflex *reflex, const struct tb_stamp *stamp, u64 record)
{
	const struct tongbu_reflex *def = &reflex->def;
	const struct tb_firing firing = {
		.stamp = *stamp,
		.record = record,
		.reflex = le32_to_cpu(def->reflex),
		.source = le32_to_cpu(def->source),
	};
	u64 now = tb_stamp_now().boot;

	lockdep_assert_held(&reflex->lock);
	if (now < reflex->rest_until) {
		reflex->rested++;
		return;
	}
	reflex->fired++;
	reflex->rest_until = now + ms_to_ns(def->cooldown);
	tb_output_fire(reflex->output, &reflex->hold, &firing);
	begin_action(reflex, now);
}

/* The condition no longer holds: what only sets goes off with it. */
static void no_longer(struct tb_reflex *reflex, const struct tb_news *news)
{
	lockdep_assert_held(&reflex->lock);
	if (reflex->def.action == TONGBU_DO_SET)
		tb_output_end(reflex->output, &reflex->hold, TONGBU_CAUSE_REFLEX,
			      news->record, news->stamp.boot);
}

static bool is_at(const struct tb_reflex *reflex, int level)
{
	return reflex->def.level == TONGBU_LEVEL_ANY || level == reflex->def.level;
}

static void look_at_edge(struct tb_reflex *reflex, const struct tb_news *news)
{
	if (!is_at(reflex, news->level))
		no_longer(reflex, news);
	else if (news->kind == TB_NEWS_EVENT)
		fire(reflex, &news->stamp, news->record);
}

static void begin_to_hold(struct tb_reflex *reflex, const struct tb_stamp *stamp, u64 record)
{
	lockdep_assert_held(&reflex->lock);
	reflex->holding = true;
	reflex->begun = *stamp;
	reflex->record = record;
	hrtimer_start(&reflex->held_timer,
		      ns_to_ktime(stamp->boot + ms_to_ns(reflex->def.hold)),
		      HRTIMER_MODE_ABS_HARD);
}

/* The timer may be running already: it finds that nothing is held. */
static void break_hold(struct tb_reflex *reflex)
{
	lockdep_assert_held(&reflex->lock);
	reflex->holding = false;
	hrtimer_try_to_cancel(&reflex->held_timer);
}

/* At its level again without having left it: it did, unseen. */
static void look_at_held(struct tb_reflex *reflex, const struct tb_news *news)
{
	if (is_at(reflex, news->level)) {
		begin_to_hold(reflex, &news->stamp, news->record);
	} else {
		break_hold(reflex);
		no_longer(reflex, news);
	}
}

static void look_at_count(struct tb_reflex *reflex, const struct tb_news *news)
{
	u32 count = le32_to_cpu(reflex->def.count);
	u64 oldest;

	if (news->kind != TB_NEWS_EVENT || !is_at(reflex, news->level))
		return;
	reflex->when[reflex->counted++ % TB_REFLEX_COUNT_MAX] = news->stamp.boot;
	if (reflex->counted < count)
		return;
	oldest = reflex->when[(reflex->counted - count) % TB_REFLEX_COUNT_MAX];
	if (news->stamp.boot - oldest > ms_to_ns(reflex->def.within))
		return;
	/* The next firing takes as many again. */
	reflex->counted = 0;
	fire(reflex, &news->stamp, news->record);
}

static void look_at_both(struct tb_reflex *reflex, const struct tb_news *news)
{
	bool was = reflex->met;

	reflex->met = is_at(reflex, reflex->level[0]) && is_at(reflex, reflex->level[1]);
	if (reflex->met && !was)
		fire(reflex, &news->stamp, news->record);
	else if (was && !reflex->met)
		no_longer(reflex, news);
}

static void look(struct tb_reflex *reflex, int which, const struct tb_news *news)
{
	lockdep_assert_held(&reflex->lock);
	reflex->level[which] = news->level;
	if (news->kind == TB_NEWS_UNKNOWN) {
		/* What it did stays: nobody knows that the cause is over. */
		reflex->met = false;
		break_hold(reflex);
		return;
	}
	switch (reflex->def.condition) {
	case TONGBU_WHEN_EDGE:
		look_at_edge(reflex, news);
		break;
	case TONGBU_WHEN_HELD:
		look_at_held(reflex, news);
		break;
	case TONGBU_WHEN_COUNT:
		look_at_count(reflex, news);
		break;
	case TONGBU_WHEN_BOTH:
		look_at_both(reflex, news);
		break;
	}
}

/**
 * tb_reflex_look() - there is news of a source: let its reflexes see
 * @news: the news
 *
 * By way of tb_reflex_tell().
 *
 * Context: any, hard interrupts included; does not sleep. Takes the reflexes'
 * locks, the outputs' and the chain's.
 */
void tb_reflex_look(const struct tb_news *news)
{
	struct tb_reflex_link *link;
	struct tb_reflex *reflex;
	unsigned long flags;

	rcu_read_lock();
	hash_for_each_possible_rcu(links, link, node, news->source) {
		if (link->source != news->source)
			continue;
		reflex = link->reflex;
		raw_spin_lock_irqsave(&reflex->lock, flags);
		if (!reflex->stopped)
			look(reflex, link - reflex->link, news);
		raw_spin_unlock_irqrestore(&reflex->lock, flags);
	}
	rcu_read_unlock();
}

static enum hrtimer_restart has_held(struct hrtimer *timer)
{
	struct tb_reflex *reflex = container_of(timer, struct tb_reflex, held_timer);
	unsigned long flags;

	raw_spin_lock_irqsave(&reflex->lock, flags);
	/* Begun anew since the timer ran out, or broken */
	if (!reflex->stopped && reflex->holding && !hrtimer_is_queued(timer))
		fire(reflex, &reflex->begun, reflex->record);
	raw_spin_unlock_irqrestore(&reflex->lock, flags);
	return HRTIMER_NORESTART;
}

/* Return: whether the action goes on */
static bool go_on(struct tb_reflex *reflex)
{
	u64 now = tb_stamp_now().boot;

	lockdep_assert_held(&reflex->lock);
	if (reflex->def.action == TONGBU_DO_PULSE || (reflex->until && now >= reflex->until)) {
		tb_output_end(reflex->output, &reflex->hold, TONGBU_CAUSE_END,
			      TONGBU_SEQ_NONE, now);
		return false;
	}
	reflex->phase ^= 1;
	return tb_output_blink(reflex->output, &reflex->hold, reflex->phase);
}

static enum hrtimer_restart act(struct hrtimer *timer)
{
	struct tb_reflex *reflex = container_of(timer, struct tb_reflex, action_timer);
	enum hrtimer_restart restart = HRTIMER_NORESTART;
	unsigned long flags;

	raw_spin_lock_irqsave(&reflex->lock, flags);
	/* Fired anew since the timer ran out */
	if (!reflex->stopped && !hrtimer_is_queued(timer) && go_on(reflex)) {
		hrtimer_forward_now(timer, ns_to_ktime(half_period(reflex)));
		/* The end may come within a half. */
		if (reflex->until && ktime_to_ns(hrtimer_get_expires(timer)) > (s64)reflex->until)
			hrtimer_set_expires(timer, ns_to_ktime(reflex->until));
		restart = HRTIMER_RESTART;
	}
	raw_spin_unlock_irqrestore(&reflex->lock, flags);
	return restart;
}

/**
 * tb_reflex_init() - make ready a reflex that is not armed yet
 * @reflex: the reflex, @def filled in
 *
 * Context: process.
 */
void tb_reflex_init(struct tb_reflex *reflex)
{
	raw_spin_lock_init(&reflex->lock);
	reflex->level[0] = -1;
	reflex->level[1] = -1;
	reflex->hold.blinks = reflex->def.action == TONGBU_DO_BLINK;
	hrtimer_setup(&reflex->held_timer, has_held, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
	hrtimer_setup(&reflex->action_timer, act, CLOCK_BOOTTIME, HRTIMER_MODE_REL_HARD);
}

/* The levels there are, unless an event has told of a later one */
static void take_levels(struct tb_reflex *reflex, struct tb_source *const sources[2])
{
	struct tb_stamp stamp = tb_stamp_now();
	unsigned long flags;
	int level[2], i;

	raw_spin_lock_irqsave(&reflex->lock, flags);
	/* Under the lock: what goes later tells so later. */
	for (i = 0; i < 2; i++)
		level[i] = sources[i] && sources[i]->ops->level && !READ_ONCE(sources[i]->gone) ?
			   sources[i]->ops->level(sources[i]) : -1;
	if (reflex->def.condition == TONGBU_WHEN_HELD && reflex->level[0] < 0 &&
	    is_at(reflex, level[0]))
		begin_to_hold(reflex, &stamp, TONGBU_SEQ_NONE);
	for (i = 0; i < 2; i++)
		if (reflex->level[i] < 0)
			reflex->level[i] = level[i];
	if (reflex->def.condition == TONGBU_WHEN_BOTH)
		reflex->met = is_at(reflex, reflex->level[0]) && is_at(reflex, reflex->level[1]);
	raw_spin_unlock_irqrestore(&reflex->lock, flags);
}

/**
 * tb_reflex_start() - let a reflex work
 * @reflex: the reflex
 * @sources: its sources
 *
 * Context: process, sleeps. Under the sources' lock and the reflexes'.
 */
void tb_reflex_start(struct tb_reflex *reflex, struct tb_source *const sources[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		if (!sources[i])
			continue;
		reflex->link[i].reflex = reflex;
		reflex->link[i].source = sources[i]->stream.id;
		hash_add_rcu(links, &reflex->link[i].node, reflex->link[i].source);
	}
	static_branch_inc(&tb_reflex_armed);
	take_levels(reflex, sources);
}

/**
 * tb_reflex_stop() - let a reflex work no more, and end what it does
 * @reflex: the reflex, stopped
 *
 * What it latched stays.
 *
 * Context: process, sleeps. Under the reflexes' lock.
 */
void tb_reflex_stop(struct tb_reflex *reflex)
{
	int i;

	for (i = 0; i < 2; i++)
		if (reflex->link[i].reflex)
			hash_del_rcu(&reflex->link[i].node);
	static_branch_dec(&tb_reflex_armed);
	synchronize_rcu();
	hrtimer_cancel(&reflex->held_timer);
	hrtimer_cancel(&reflex->action_timer);
	if (reflex->def.action == TONGBU_DO_LATCH)
		tb_output_leave(reflex->output, &reflex->hold);
	else
		tb_output_end(reflex->output, &reflex->hold, TONGBU_CAUSE_END,
			      TONGBU_SEQ_NONE, tb_stamp_now().boot);
	tb_output_flush(reflex->output);
}
