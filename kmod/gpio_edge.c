// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edges of a line.
 *
 * The hard interrupt takes the stamp. Where the level follows from the edge, or
 * the chip can be read without sleeping, it hands the edge on as well. Where the
 * chip sleeps, the interrupt keeps the stamp and its thread reads: one edge for
 * each interrupt, however late the thread runs. With debouncing the first edge's
 * stamp is kept until the line has held still for the time asked.
 *
 * In a storm the interrupt only counts; when it is over the line is read.
 */
#include "gpio_source.h"

#include <linux/gpio/consumer.h>

#include "compat.h"
#include "trace.h"

/* What is read of a line; a chip that does not say makes no level up. */
static u8 level_of(int value)
{
	return value < 0 ? TONGBU_LEVEL_UNKNOWN : !!value;
}

/**
 * tb_gpio_read() - read a line
 * @gpio: the line, taken
 *
 * Context: process, sleeps.
 * Return: its level, 1 active, or %TONGBU_LEVEL_UNKNOWN.
 */
u8 tb_gpio_read(const struct tb_gpio *gpio)
{
	return level_of(gpiod_get_value_cansleep(gpio->desc));
}

/* The same where nothing may sleep, of a line that does not */
static u8 read_at_once(const struct tb_gpio *gpio)
{
	return level_of(gpiod_get_value(gpio->desc));
}

/* A parent's handler may call ours in a thread of its own. */
static u16 stamp_flag(void)
{
	return in_hardirq() ? 0 : TONGBU_RECORD_THREAD_STAMP;
}

/* Is a change to that level asked for? One that is not known may be. */
static bool is_wanted(const struct tb_gpio *gpio, u8 level)
{
	if (level == TONGBU_LEVEL_UNKNOWN)
		return true;
	return gpio->edges & (level ? TONGBU_EDGE_RISING : TONGBU_EDGE_FALLING);
}

static u8 changed_from(u8 level)
{
	return level == TONGBU_LEVEL_UNKNOWN ? level : !level;
}

/* Edges of one direction say their level; of both, two alike in a row mean that
 * one between them was never seen.
 */
static void hand_on(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
		    u16 flags, u32 bounces)
{
	lockdep_assert_held(&gpio->lock);
	if (gpio->edges == TONGBU_EDGE_BOTH && level == gpio->level &&
	    level != TONGBU_LEVEL_UNKNOWN)
		flags |= TONGBU_RECORD_EDGE_MISSED;
	gpio->level = level;
	gpio->ops->edge(gpio, stamp, level, flags, bounces);
}

static void keep_stamp(struct tb_gpio *gpio, const struct tb_stamp *stamp)
{
	u32 slot = gpio->last % TB_GPIO_STAMPS;

	if (gpio->last - gpio->first == TB_GPIO_STAMPS) {
		tb_chain_lost(&gpio->source.stream, stamp->boot, TONGBU_LOST_OVERRUN);
		return;
	}
	gpio->stamp[slot].at = *stamp;
	gpio->stamp[slot].flags = stamp_flag();
	gpio->last++;
}

static void begin_to_settle(struct tb_gpio *gpio, const struct tb_stamp *stamp)
{
	if (gpio->settling) {
		gpio->bounces++;
	} else {
		gpio->settling = true;
		gpio->stamp[0].at = *stamp;
		gpio->stamp[0].flags = stamp_flag();
	}
	hrtimer_start(&gpio->timer, gpio->settle_time, HRTIMER_MODE_REL_HARD);
}

/* A storm is of interrupts: bounces count. */
static bool admits(struct tb_gpio *gpio, const struct tb_stamp *stamp)
{
	if (gpio->quiet)
		return false;
	return tb_source_admit(&gpio->source, stamp) || gpio->ops->counts;
}

/**
 * tb_gpio_hard_interrupt() - an edge
 * @irq: its interrupt
 * @data: the line, struct tb_gpio
 *
 * Context: hard interrupt, or where its parent's handler runs; does not sleep.
 * Return: whether the thread has to see to it.
 */
irqreturn_t tb_gpio_hard_interrupt(int irq, void *data)
{
	struct tb_gpio *gpio = data;
	struct tb_stamp stamp = tb_stamp_now();
	bool both = gpio->edges == TONGBU_EDGE_BOTH;
	u8 level = gpio->edges == TONGBU_EDGE_RISING;
	irqreturn_t ret = IRQ_HANDLED;
	unsigned long flags;

	/* What only counts needs no level. */
	if (both && !gpio->sleeps && !gpio->ops->counts)
		level = read_at_once(gpio);

	trace_tongbu_capture(gpio->source.stream.id, stamp.boot);
	raw_spin_lock_irqsave(&gpio->lock, flags);
	gpio->hard_seen = true;
	if (!admits(gpio, &stamp)) {
		/* Nobody's, or counted in the storm */
	} else if (gpio->settle_time) {
		begin_to_settle(gpio, &stamp);
	} else if (!both || !gpio->sleeps || gpio->ops->counts) {
		hand_on(gpio, &stamp, level, stamp_flag(), 0);
	} else {
		keep_stamp(gpio, &stamp);
		ret = IRQ_WAKE_THREAD;
	}
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
	return ret;
}

/* The level read belongs to the last stamp; before it the line went to and fro. If
 * it could not be read nothing is known of those before either.
 * An interrupt that came while it was read says that it may be of before: it is
 * read again, at most as often as there is room for stamps. What comes later has
 * asked for the thread's next run.
 */
static void drain_stamps(struct tb_gpio *gpio)
{
	unsigned long flags;
	u32 last;
	u8 level;

	do {
		last = READ_ONCE(gpio->last);
		level = tb_gpio_read(gpio);
	} while (last != READ_ONCE(gpio->last));

	raw_spin_lock_irqsave(&gpio->lock, flags);
	while (gpio->first != last) {
		u32 before = last - gpio->first - 1;
		u32 slot = gpio->first++ % TB_GPIO_STAMPS;
		struct tb_stamp stamp = gpio->stamp[slot].at;
		u16 record = gpio->stamp[slot].flags;

		if (level == TONGBU_LEVEL_UNKNOWN) {
			hand_on(gpio, &stamp, level, record, 0);
		} else {
			if (before)
				record |= TONGBU_RECORD_INFERRED;
			hand_on(gpio, &stamp, level ^ (before & 1), record, 0);
		}
		/* Let interrupts in between two sealings; they add behind. */
		if (before) {
			raw_spin_unlock_irqrestore(&gpio->lock, flags);
			raw_spin_lock_irqsave(&gpio->lock, flags);
		}
	}
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

/**
 * tb_gpio_thread_interrupt() - an edge, of a chip that sleeps
 * @irq: its interrupt
 * @data: the line, struct tb_gpio
 *
 * Context: process, sleeps.
 * Return: that it was seen to.
 */
irqreturn_t tb_gpio_thread_interrupt(int irq, void *data)
{
	struct tb_gpio *gpio = data;
	struct tb_stamp stamp;
	unsigned long flags;
	u8 level;

	if (READ_ONCE(gpio->hard_seen)) {
		drain_stamps(gpio);
		return IRQ_HANDLED;
	}

	stamp = tb_stamp_now();
	/* A chip behind a bus: its own driver's thread calls this one. */
	level = gpio->edges == TONGBU_EDGE_BOTH && !gpio->ops->counts ?
		tb_gpio_read(gpio) : gpio->edges == TONGBU_EDGE_RISING;
	raw_spin_lock_irqsave(&gpio->lock, flags);
	if (!admits(gpio, &stamp))
		goto out;
	if (gpio->settle_time)
		begin_to_settle(gpio, &stamp);
	else
		hand_on(gpio, &stamp, level, TONGBU_RECORD_THREAD_STAMP, 0);
out:
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
	return IRQ_HANDLED;
}

static void settled(struct tb_gpio *gpio, u8 level)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->lock, flags);
	/* An edge since the timer ran out has started it again. */
	if (!gpio->settling || hrtimer_is_queued(&gpio->timer))
		goto out;
	gpio->settling = false;
	if (level == gpio->level && level != TONGBU_LEVEL_UNKNOWN) {
		/* Out and back: these edges count with the next change */
		gpio->bounces++;
		goto out;
	}
	gpio->level = level;
	if (is_wanted(gpio, level)) {
		gpio->ops->edge(gpio, &gpio->stamp[0].at, level, gpio->stamp[0].flags,
				gpio->bounces);
		gpio->bounces = 0;
	}
out:
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

static void settle_work(struct work_struct *work)
{
	struct tb_gpio *gpio = container_of(work, struct tb_gpio, settle);

	settled(gpio, tb_gpio_read(gpio));
}

static enum hrtimer_restart settle_timer(struct hrtimer *timer)
{
	struct tb_gpio *gpio = container_of(timer, struct tb_gpio, timer);

	if (gpio->sleeps)
		queue_work(system_highpri_wq, &gpio->settle);
	else
		settled(gpio, read_at_once(gpio));
	return HRTIMER_NORESTART;
}

/* Edges may have been missed: the line as it stands is news, if it is. */
static void catch_up(struct tb_gpio *gpio, u8 level, const struct tb_stamp *stamp)
{
	lockdep_assert_held(&gpio->lock);
	if (gpio->quiet || gpio->settling || gpio->first != gpio->last || level == gpio->level)
		return;
	if (gpio->edges != TONGBU_EDGE_BOTH && !gpio->settle_time)
		return;
	gpio->level = level;
	if (!gpio->ops->counts && is_wanted(gpio, level))
		gpio->ops->edge(gpio, stamp, level,
				TONGBU_RECORD_THREAD_STAMP | TONGBU_RECORD_EDGE_MISSED, 0);
}

static void catch_up_asleep(struct tb_gpio *gpio)
{
	struct tb_stamp stamp = tb_stamp_now();
	u32 last = READ_ONCE(gpio->last);
	u8 level = tb_gpio_read(gpio);
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->lock, flags);
	/* An interrupt since then knows better. */
	if (last == gpio->last)
		catch_up(gpio, level, &stamp);
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

static void catch_up_at_once(struct tb_gpio *gpio)
{
	struct tb_stamp stamp = tb_stamp_now();
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->lock, flags);
	if (!gpio->quiet)
		catch_up(gpio, read_at_once(gpio), &stamp);
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

static void catch_up_work(struct work_struct *work)
{
	catch_up_asleep(container_of(work, struct tb_gpio, catch_up));
}

/**
 * tb_gpio_resync() - put the level of a line on record, if it changed unseen
 * @gpio: the line, between tb_gpio_edge_start() and tb_gpio_edge_stop()
 *
 * Context: process, sleeps.
 */
void tb_gpio_resync(struct tb_gpio *gpio)
{
	if (gpio->sleeps)
		catch_up_asleep(gpio);
	else
		catch_up_at_once(gpio);
}

/**
 * tb_gpio_resync_soon() - the same after a storm, from where nothing may sleep
 * @source: the source
 *
 * Context: any; does not sleep.
 */
void tb_gpio_resync_soon(struct tb_source *source)
{
	struct tb_gpio *gpio = tb_to_gpio(source);
	unsigned long flags;

	if (!gpio->sleeps) {
		catch_up_at_once(gpio);
		return;
	}
	raw_spin_lock_irqsave(&gpio->lock, flags);
	if (!gpio->quiet)
		queue_work(system_highpri_wq, &gpio->catch_up);
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

/**
 * tb_gpio_edge_init() - a line of which no edge was seen
 * @gpio: the line
 *
 * Context: process.
 */
void tb_gpio_edge_init(struct tb_gpio *gpio)
{
	raw_spin_lock_init(&gpio->lock);
	gpio->quiet = true;
	hrtimer_setup(&gpio->timer, settle_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	INIT_WORK(&gpio->settle, settle_work);
	INIT_WORK(&gpio->catch_up, catch_up_work);
}

/**
 * tb_gpio_edge_start() - edges come from here on
 * @gpio: the line; its interrupt comes, and is nobody's so far
 *
 * Context: process.
 */
void tb_gpio_edge_start(struct tb_gpio *gpio)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->lock, flags);
	gpio->quiet = false;
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

/**
 * tb_gpio_edge_stop() - none come any more
 * @gpio: the line; its interrupt may still come, and is nobody's from here on
 *
 * Context: process, sleeps.
 */
void tb_gpio_edge_stop(struct tb_gpio *gpio)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->lock, flags);
	gpio->quiet = true;
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
	/* The thread sees to the stamps there are. */
	synchronize_irq(gpio->irq);
	hrtimer_cancel(&gpio->timer);
	cancel_work_sync(&gpio->settle);
	cancel_work_sync(&gpio->catch_up);
	/* Whether that would have held nobody will know. */
	if (gpio->settling && is_wanted(gpio, changed_from(gpio->level)))
		tb_chain_lost(&gpio->source.stream, gpio->stamp[0].at.boot,
			      TONGBU_LOST_UNSETTLED);
	gpio->settling = false;
}
