// SPDX-License-Identifier: GPL-2.0-only
/*
 * GPIO lines as sources.
 *
 * The hard interrupt takes the stamp. Where the level follows from the edge, or
 * the chip can be read without sleeping, it seals the record as well. Where the
 * chip sleeps, the interrupt keeps the stamp and its thread reads and seals: one
 * record for each interrupt, however late the thread runs. With debouncing the
 * first edge's stamp is kept until the line has held still for the time asked.
 */
#include <linux/err.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <net/netlink.h>
#include <linux/tongbu.h>

#include "family.h"
#include "gpio.h"
#include "source.h"
#include "trace.h"

/* Interrupts whose thread has not run yet; a power of two */
#define STAMPS		64

#define DEBOUNCE_MAX_US	10000000U

/**
 * struct tb_gpio - a line
 * @source: what all sources have
 * @desc: the line
 * @irq: its interrupt
 * @edges: edges that make a record
 * @sleeps: reading the line may sleep
 * @debounce: time a level must hold, or 0 if the chip sees to it or none is asked
 * @lock: guards all below; taken in the hard interrupt, before the chain's lock
 * @stamp: stamps of interrupts whose thread has not run yet
 * @first: count of those taken out
 * @last: count of those put in
 * @hard_seen: the hard interrupt exists, not just its thread
 * @level: last level on record
 * @bounces: edges folded into the change that is settling
 * @settling: a change is settling; @stamp[0] is when it began
 * @timer: runs out when it has settled
 * @settle: reads a line that sleeps, after @timer
 */
struct tb_gpio {
	struct tb_source source;
	struct gpio_desc *desc;
	int irq;
	u8 edges;
	bool sleeps;
	u32 debounce;
	raw_spinlock_t lock;
	struct tb_stamp stamp[STAMPS];
	u32 first;
	u32 last;
	bool hard_seen;
	u8 level;
	u32 bounces;
	bool settling;
	struct hrtimer timer;
	struct work_struct settle;
};

static struct tb_gpio *to_gpio(const struct tb_source *source)
{
	return container_of(source, struct tb_gpio, source);
}

static void seal_edge(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
		      u16 flags, u32 bounces)
{
	u64 delay = tb_stamp_now().boot - stamp->boot;
	struct tongbu_edge edge = {
		.level = level,
		.bounces = cpu_to_le16(min_t(u32, bounces, U16_MAX)),
		.delay = cpu_to_le32(min_t(u64, delay, U32_MAX)),
	};
	struct tb_event event = {
		.stamp = *stamp,
		.kind = TONGBU_KIND_EDGE,
		.flags = flags,
		.payload = &edge,
		.payload_len = sizeof(edge),
		.deferred = gpio->debounce,
	};

	tb_source_seal(&gpio->source, &event, level);
}

/* Edges of one direction say their level; of both, two alike in a row mean that
 * one between them was never seen.
 */
static void record_level(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
			 u16 flags, u32 bounces)
{
	if (gpio->edges == TONGBU_EDGE_BOTH && level == gpio->level)
		flags |= TONGBU_RECORD_EDGE_MISSED;
	gpio->level = level;
	seal_edge(gpio, stamp, level, flags, bounces);
}

static void keep_stamp(struct tb_gpio *gpio, const struct tb_stamp *stamp)
{
	if (gpio->last - gpio->first < STAMPS)
		gpio->stamp[gpio->last++ % STAMPS] = *stamp;
	else
		tb_chain_lost(&gpio->source.stream, stamp->boot, TONGBU_LOST_OVERRUN);
}

static void begin_to_settle(struct tb_gpio *gpio, const struct tb_stamp *stamp)
{
	if (gpio->settling) {
		gpio->bounces++;
	} else {
		gpio->settling = true;
		gpio->stamp[0] = *stamp;
	}
	hrtimer_start(&gpio->timer, ns_to_ktime((u64)gpio->debounce * NSEC_PER_USEC),
		      HRTIMER_MODE_REL_HARD);
}

static irqreturn_t hard_interrupt(int irq, void *data)
{
	struct tb_gpio *gpio = data;
	struct tb_stamp stamp = tb_stamp_now();
	bool both = gpio->edges == TONGBU_EDGE_BOTH;
	u8 level = gpio->edges == TONGBU_EDGE_RISING;
	irqreturn_t ret = IRQ_HANDLED;
	unsigned long flags;

	if (both && !gpio->sleeps)
		level = gpiod_get_value(gpio->desc) > 0;

	trace_tongbu_capture(gpio->source.stream.id, stamp.boot);
	raw_spin_lock_irqsave(&gpio->lock, flags);
	gpio->hard_seen = true;
	if (gpio->debounce) {
		begin_to_settle(gpio, &stamp);
	} else if (!both || !gpio->sleeps) {
		record_level(gpio, &stamp, level, 0, 0);
	} else {
		keep_stamp(gpio, &stamp);
		ret = IRQ_WAKE_THREAD;
	}
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
	return ret;
}

/* The level read belongs to the last stamp; before it the line went to and fro.
 * An interrupt that came while it was read says that it may be of before: it is
 * read again, at most as often as there is room for stamps. What comes later has
 * asked for the thread's next run.
 */
static void drain_stamps(struct tb_gpio *gpio)
{
	unsigned long flags;
	u8 level, inferred;
	u32 last;

	do {
		last = READ_ONCE(gpio->last);
		level = gpiod_get_value_cansleep(gpio->desc) > 0;
	} while (last != READ_ONCE(gpio->last));

	raw_spin_lock_irqsave(&gpio->lock, flags);
	inferred = level ^ ((last - gpio->first - 1) & 1);
	while (gpio->first != last) {
		struct tb_stamp stamp = gpio->stamp[gpio->first++ % STAMPS];
		bool read = gpio->first == last;

		record_level(gpio, &stamp, inferred, read ? 0 : TONGBU_RECORD_INFERRED, 0);
		inferred ^= 1;
		/* Let interrupts in between two sealings; they add behind. */
		if (!read) {
			raw_spin_unlock_irqrestore(&gpio->lock, flags);
			raw_spin_lock_irqsave(&gpio->lock, flags);
		}
	}
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

static irqreturn_t thread_interrupt(int irq, void *data)
{
	struct tb_gpio *gpio = data;
	struct tb_stamp stamp = tb_stamp_now();
	unsigned long flags;
	u8 level;

	if (READ_ONCE(gpio->hard_seen)) {
		drain_stamps(gpio);
		return IRQ_HANDLED;
	}

	/* A chip behind a bus: its own driver's thread calls this one. */
	level = gpio->edges == TONGBU_EDGE_BOTH ?
		gpiod_get_value_cansleep(gpio->desc) > 0 : gpio->edges == TONGBU_EDGE_RISING;
	raw_spin_lock_irqsave(&gpio->lock, flags);
	if (gpio->debounce)
		begin_to_settle(gpio, &stamp);
	else
		record_level(gpio, &stamp, level, TONGBU_RECORD_THREAD_STAMP, 0);
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
	return IRQ_HANDLED;
}

static void settled(struct tb_gpio *gpio, u8 level)
{
	u16 stamp_flag = gpio->hard_seen ? 0 : TONGBU_RECORD_THREAD_STAMP;
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->lock, flags);
	/* An edge since the timer ran out has started it again. */
	if (!gpio->settling || hrtimer_is_queued(&gpio->timer))
		goto out;
	gpio->settling = false;
	if (level == gpio->level) {
		/* Out and back: these edges count with the next change */
		gpio->bounces++;
		goto out;
	}
	gpio->level = level;
	if (gpio->edges & (level ? TONGBU_EDGE_RISING : TONGBU_EDGE_FALLING)) {
		seal_edge(gpio, &gpio->stamp[0], level, stamp_flag, gpio->bounces);
		gpio->bounces = 0;
	}
out:
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

static void settle_work(struct work_struct *work)
{
	struct tb_gpio *gpio = container_of(work, struct tb_gpio, settle);

	settled(gpio, gpiod_get_value_cansleep(gpio->desc) > 0);
}

static enum hrtimer_restart settle_timer(struct hrtimer *timer)
{
	struct tb_gpio *gpio = container_of(timer, struct tb_gpio, timer);

	if (gpio->sleeps)
		queue_work(system_highpri_wq, &gpio->settle);
	else
		settled(gpio, gpiod_get_value(gpio->desc) > 0);
	return HRTIMER_NORESTART;
}

static void gpio_start(struct tb_source *source)
{
	struct tb_gpio *gpio = to_gpio(source);
	struct tb_stamp stamp;
	unsigned long flags;
	u8 level;

	enable_irq(gpio->irq);

	/* The line may have moved before the interrupt could tell. */
	stamp = tb_stamp_now();
	level = gpiod_get_value_cansleep(gpio->desc) > 0;
	raw_spin_lock_irqsave(&gpio->lock, flags);
	if (gpio->edges == TONGBU_EDGE_BOTH && !gpio->settling &&
	    gpio->first == gpio->last && level != gpio->level) {
		gpio->level = level;
		seal_edge(gpio, &stamp, level,
			  TONGBU_RECORD_THREAD_STAMP | TONGBU_RECORD_EDGE_MISSED, 0);
	}
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

static void gpio_stop(struct tb_source *source)
{
	struct tb_gpio *gpio = to_gpio(source);

	disable_irq(gpio->irq);
	hrtimer_cancel(&gpio->timer);
	cancel_work_sync(&gpio->settle);
	gpio->settling = false;
}

static void gpio_destroy(struct tb_source *source)
{
	struct tb_gpio *gpio = to_gpio(source);

	free_irq(gpio->irq, gpio);
	gpiod_put(gpio->desc);
	kfree(gpio);
}

static u8 gpio_level(const struct tb_source *source)
{
	return READ_ONCE(to_gpio(source)->level);
}

static int gpio_put(struct sk_buff *skb, const struct tb_source *source)
{
	const struct tongbu_source *def = &source->def;

	if (nla_put_string(skb, TONGBU_A_GPIO_CHIP, def->chip) ||
	    nla_put_u32(skb, TONGBU_A_GPIO_LINE, le32_to_cpu(def->line)) ||
	    nla_put_u8(skb, TONGBU_A_GPIO_EDGES, def->edges) ||
	    nla_put_u8(skb, TONGBU_A_GPIO_BIAS, def->bias) ||
	    nla_put_u32(skb, TONGBU_A_GPIO_DEBOUNCE, le32_to_cpu(def->debounce)))
		return -EMSGSIZE;
	return 0;
}

static struct gpio_desc *take_line(const struct tongbu_source *def, struct nlattr **attrs,
				   struct netlink_ext_ack *extack)
{
	static const unsigned long bias_flags[] = {
		[TONGBU_BIAS_AS_IS] = 0,
		[TONGBU_BIAS_DISABLED] = GPIO_PULL_DISABLE,
		[TONGBU_BIAS_PULL_UP] = GPIO_PULL_UP,
		[TONGBU_BIAS_PULL_DOWN] = GPIO_PULL_DOWN,
	};
	struct tb_gpio_line line = {
		.chip = def->chip,
		.offset = le32_to_cpu(def->line),
		.lookup = bias_flags[def->bias],
		.direction = GPIOD_IN,
		.consumer = def->name,
		.chip_attr = attrs[TONGBU_A_GPIO_CHIP],
		.line_attr = attrs[TONGBU_A_GPIO_LINE],
	};

	if (le32_to_cpu(def->flags) & TONGBU_SOURCE_ACTIVE_LOW)
		line.lookup |= GPIO_ACTIVE_LOW;
	return tb_gpio_line_take(&line, extack);
}

static int read_request(struct nlattr **attrs, struct tongbu_source *def,
			struct netlink_ext_ack *extack)
{
	u32 debounce = attrs[TONGBU_A_GPIO_DEBOUNCE] ?
		       nla_get_u32(attrs[TONGBU_A_GPIO_DEBOUNCE]) : 0;

	if (!attrs[TONGBU_A_GPIO_CHIP] || !*(char *)nla_data(attrs[TONGBU_A_GPIO_CHIP]))
		return tb_refuse(extack, attrs[TONGBU_A_GPIO_CHIP], -EINVAL,
				 "attribute GPIO_CHIP is missing or empty: the label of the chip");
	if (!attrs[TONGBU_A_GPIO_LINE])
		return tb_refuse(extack, NULL, -EINVAL,
				 "attribute GPIO_LINE is missing: the offset of the line");
	if (debounce > DEBOUNCE_MAX_US)
		return tb_refuse(extack, attrs[TONGBU_A_GPIO_DEBOUNCE], -ERANGE,
				 "debouncing over %u us, not %u: the most is %u",
				 debounce, debounce, DEBOUNCE_MAX_US);

	nla_strscpy(def->chip, attrs[TONGBU_A_GPIO_CHIP], sizeof(def->chip));
	def->line = cpu_to_le32(nla_get_u32(attrs[TONGBU_A_GPIO_LINE]));
	def->debounce = cpu_to_le32(debounce);
	def->edges = attrs[TONGBU_A_GPIO_EDGES] ?
		     nla_get_u8(attrs[TONGBU_A_GPIO_EDGES]) : TONGBU_EDGE_BOTH;
	def->bias = attrs[TONGBU_A_GPIO_BIAS] ?
		    nla_get_u8(attrs[TONGBU_A_GPIO_BIAS]) : TONGBU_BIAS_AS_IS;
	return 0;
}

/* Debouncing here needs to see both edges, whichever make a record. */
static unsigned long trigger_flags(const struct tb_gpio *gpio)
{
	bool low = le32_to_cpu(gpio->source.def.flags) & TONGBU_SOURCE_ACTIVE_LOW;
	u8 edges = gpio->debounce ? TONGBU_EDGE_BOTH : gpio->edges;
	unsigned long flags = 0;

	if (edges & TONGBU_EDGE_RISING)
		flags |= low ? IRQF_TRIGGER_FALLING : IRQF_TRIGGER_RISING;
	if (edges & TONGBU_EDGE_FALLING)
		flags |= low ? IRQF_TRIGGER_RISING : IRQF_TRIGGER_FALLING;
	return flags;
}

static int take_interrupt(struct tb_gpio *gpio, struct nlattr **attrs,
			  struct netlink_ext_ack *extack)
{
	const struct tongbu_source *def = &gpio->source.def;
	u32 line = le32_to_cpu(def->line);
	int err;

	gpio->irq = gpiod_to_irq(gpio->desc);
	if (gpio->irq < 0)
		return tb_refuse(extack, attrs[TONGBU_A_GPIO_LINE], gpio->irq,
				 "line %u of chip %s gives no interrupts", line, def->chip);

	/* Not forced into a thread on PREEMPT_RT: the stamp is taken in the
	 * hard interrupt there as well, and nothing it does sleeps.
	 */
	err = request_threaded_irq(gpio->irq, hard_interrupt, thread_interrupt,
				   trigger_flags(gpio) | IRQF_NO_THREAD | IRQF_NO_AUTOEN,
				   def->name, gpio);
	if (err)
		return tb_refuse(extack, attrs[TONGBU_A_GPIO_LINE], err,
				 "the interrupt of line %u of chip %s is not to be had: error %d",
				 line, def->chip, -err);
	return 0;
}

static struct tb_source *gpio_create(struct nlattr **attrs, const struct tongbu_source *def,
				     struct netlink_ext_ack *extack)
{
	struct tb_gpio *gpio;
	int err;

	gpio = kzalloc(sizeof(*gpio), GFP_KERNEL);
	if (!gpio)
		return ERR_PTR(-ENOMEM);
	gpio->source.ops = &tb_gpio_ops;
	gpio->source.def = *def;
	err = read_request(attrs, &gpio->source.def, extack);
	if (err)
		goto err_free;
	def = &gpio->source.def;

	gpio->desc = take_line(def, attrs, extack);
	if (IS_ERR(gpio->desc)) {
		err = PTR_ERR(gpio->desc);
		goto err_free;
	}

	gpio->edges = def->edges;
	gpio->sleeps = gpiod_cansleep(gpio->desc);
	gpio->debounce = le32_to_cpu(def->debounce);
	if (gpio->debounce && !gpiod_set_debounce(gpio->desc, gpio->debounce))
		gpio->debounce = 0;
	raw_spin_lock_init(&gpio->lock);
	hrtimer_init(&gpio->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	gpio->timer.function = settle_timer;
	INIT_WORK(&gpio->settle, settle_work);

	err = take_interrupt(gpio, attrs, extack);
	if (err)
		goto err_put;
	gpio->level = gpiod_get_value_cansleep(gpio->desc) > 0;
	gpio->source.def.level = gpio->level;
	return &gpio->source;

err_put:
	gpiod_put(gpio->desc);
err_free:
	kfree(gpio);
	return ERR_PTR(err);
}

const struct tb_source_ops tb_gpio_ops = {
	.type = TONGBU_SOURCE_GPIO,
	.create = gpio_create,
	.start = gpio_start,
	.stop = gpio_stop,
	.destroy = gpio_destroy,
	.level = gpio_level,
	.put = gpio_put,
};
