// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of GPIO chips as sources: what is asked for, taking the line and its
 * interrupt, turning that off and on, and what becomes of it all when the chip
 * goes.
 */
#include "gpio_source.h"

#include <linux/bottom_half.h>
#include <linux/err.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/irq.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "compat.h"
#include "family.h"
#include "gpio.h"

#define DEBOUNCE_MAX_US	10000000U
#define INTERVAL_MAX_MS	86400000U

/* Flags that mean something for a line */
#define LINE_FLAGS	(TONGBU_SOURCE_ACTIVE_LOW | TONGBU_SOURCE_CONFIGURED)

static int read_interval(struct tb_gpio *gpio, struct netlink_ext_ack *extack)
{
	struct nlattr *attr = gpio->attrs[TONGBU_A_SOURCE_INTERVAL];
	const struct tb_gpio_ops *ops = gpio->ops;
	u32 interval = tb_u32(attr, ops->interval);

	if (!ops->interval && interval)
		return tb_refuse(extack, attr, -EINVAL,
				 "an interval of %u ms: edges are recorded as they come, leave SOURCE_INTERVAL out",
				 interval);
	if (ops->interval && (interval < ops->interval_min || interval > INTERVAL_MAX_MS))
		return tb_refuse(extack, attr, -ERANGE,
				 "an interval of %u ms: must be %u to %u",
				 interval, ops->interval_min, INTERVAL_MAX_MS);
	gpio->source.more.interval = cpu_to_le32(interval);
	return 0;
}

static int read_line(struct tb_gpio *gpio, struct netlink_ext_ack *extack)
{
	struct tongbu_source *def = &gpio->source.def;
	struct nlattr **attrs = gpio->attrs;
	u32 debounce = tb_u32(attrs[TONGBU_A_GPIO_DEBOUNCE], 0);
	u32 flags = le32_to_cpu(def->flags);
	int err;

	if (flags & ~LINE_FLAGS)
		return tb_refuse(extack, attrs[TONGBU_A_SOURCE_FLAGS], -EINVAL,
				 "flags 0x%x mean nothing for a GPIO line: leave them out",
				 (u32)(flags & ~LINE_FLAGS));
	if (!attrs[TONGBU_A_GPIO_CHIP] || !*(char *)nla_data(attrs[TONGBU_A_GPIO_CHIP]))
		return tb_refuse(extack, attrs[TONGBU_A_GPIO_CHIP], -EINVAL,
				 "attribute GPIO_CHIP is missing or empty: the label of the chip");
	if (!attrs[TONGBU_A_GPIO_LINE])
		return tb_refuse(extack, NULL, -EINVAL,
				 "attribute GPIO_LINE is missing: the offset of the line");
	if (debounce && gpio->ops->as_they_come)
		return tb_refuse(extack, attrs[TONGBU_A_GPIO_DEBOUNCE], -EINVAL,
				 "debouncing of a line whose edges are taken as they come: leave GPIO_DEBOUNCE out");
	if (debounce > DEBOUNCE_MAX_US)
		return tb_refuse(extack, attrs[TONGBU_A_GPIO_DEBOUNCE], -ERANGE,
				 "debouncing over %u us, not %u: the most is %u",
				 debounce, debounce, DEBOUNCE_MAX_US);
	err = read_interval(gpio, extack);
	if (err)
		return err;

	nla_strscpy(def->chip, attrs[TONGBU_A_GPIO_CHIP], sizeof(def->chip));
	def->line = cpu_to_le32(nla_get_u32(attrs[TONGBU_A_GPIO_LINE]));
	def->debounce = cpu_to_le32(debounce);
	def->edges = tb_u8(attrs[TONGBU_A_GPIO_EDGES], gpio->ops->edges);
	def->bias = tb_u8(attrs[TONGBU_A_GPIO_BIAS], TONGBU_BIAS_AS_IS);
	return gpio->ops->check ? gpio->ops->check(def, attrs, extack) : 0;
}

/* The attribute to point at while there is a request */
static const struct nlattr *attr_of(const struct tb_gpio *gpio, int attr)
{
	return gpio->attrs ? gpio->attrs[attr] : NULL;
}

static struct gpio_desc *take_line(struct tb_gpio *gpio, struct netlink_ext_ack *extack)
{
	static const unsigned long bias_flags[] = {
		[TONGBU_BIAS_AS_IS] = 0,
		[TONGBU_BIAS_DISABLED] = GPIO_PULL_DISABLE,
		[TONGBU_BIAS_PULL_UP] = GPIO_PULL_UP,
		[TONGBU_BIAS_PULL_DOWN] = GPIO_PULL_DOWN,
	};
	const struct tongbu_source *def = &gpio->source.def;
	struct tb_gpio_line line = {
		.watch = &gpio->watch,
		.offset = le32_to_cpu(def->line),
		.lookup = bias_flags[def->bias],
		.direction = GPIOD_IN,
		.consumer = def->name,
		.chip_attr = attr_of(gpio, TONGBU_A_GPIO_CHIP),
		.line_attr = attr_of(gpio, TONGBU_A_GPIO_LINE),
	};

	if (le32_to_cpu(def->flags) & TONGBU_SOURCE_ACTIVE_LOW)
		line.lookup |= GPIO_ACTIVE_LOW;
	return tb_gpio_line_take(&line, extack);
}

/* Debouncing here needs to see both edges, whichever count. */
static unsigned long trigger_flags(const struct tb_gpio *gpio)
{
	bool low = le32_to_cpu(gpio->source.def.flags) & TONGBU_SOURCE_ACTIVE_LOW;
	u8 edges = gpio->settle_time ? TONGBU_EDGE_BOTH : gpio->edges;
	unsigned long flags = 0;

	if (edges & TONGBU_EDGE_RISING)
		flags |= low ? IRQF_TRIGGER_FALLING : IRQF_TRIGGER_RISING;
	if (edges & TONGBU_EDGE_FALLING)
		flags |= low ? IRQF_TRIGGER_RISING : IRQF_TRIGGER_FALLING;
	return flags;
}

static int take_interrupt(struct tb_gpio *gpio, struct netlink_ext_ack *extack)
{
	const struct tongbu_source *def = &gpio->source.def;
	const struct nlattr *attr = attr_of(gpio, TONGBU_A_GPIO_LINE);
	u32 line = le32_to_cpu(def->line);
	int err;

	gpio->irq = gpiod_to_irq(gpio->desc);
	if (gpio->irq < 0)
		return tb_refuse(extack, attr, gpio->irq,
				 "line %u of chip %s gives no interrupts", line, def->chip);

	/* Not forced into a thread on PREEMPT_RT: the stamp is taken in the
	 * hard interrupt there as well, and nothing it does sleeps.
	 */
	err = request_threaded_irq(gpio->irq, tb_gpio_hard_interrupt, tb_gpio_thread_interrupt,
				   trigger_flags(gpio) | IRQF_NO_THREAD | IRQF_NO_AUTOEN,
				   def->name, gpio);
	if (err)
		return tb_refuse(extack, attr, err,
				 "line %u of chip %s: its interrupt cannot be requested: error %d",
				 line, def->chip, -err);
	gpio->slow_bus = irq_get_chip(gpio->irq)->irq_bus_lock;
	return 0;
}

/* An interrupt that came when nobody took it any more is kept by the kernel, and
 * sent again to who takes it next: an edge of before. It comes here, while there
 * are no edges yet. Turning interrupts off behind a bus sleeps; those are not
 * sent again.
 */
static void let_interrupts_come(struct tb_gpio *gpio)
{
	if (gpio->slow_bus) {
		enable_irq(gpio->irq);
		return;
	}
	/* What is sent again is sent by a tasklet, of which this is the end. */
	local_bh_disable();
	enable_irq(gpio->irq);
	local_bh_enable();
}

static void set_live(struct tb_gpio *gpio, bool live)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->mask_lock, flags);
	gpio->live = live;
	gpio->masked = false;
	raw_spin_unlock_irqrestore(&gpio->mask_lock, flags);
}

static void turn_irq(struct tb_gpio *gpio, bool off)
{
	if (off)
		disable_irq_nosync(gpio->irq);
	else
		enable_irq(gpio->irq);
}

static void mask_work(struct work_struct *work)
{
	struct tb_gpio *gpio = container_of(work, struct tb_gpio, mask);
	bool off = READ_ONCE(gpio->masked);

	if (off != gpio->mask_done)
		turn_irq(gpio, off);
	gpio->mask_done = off;
}

/**
 * tb_gpio_mask() - turn the interrupt of a line off, or on again
 * @source: the source
 * @on: mask it
 *
 * Where the chip's driver may sleep over it, a work item does it.
 *
 * Context: any, hard interrupts included, under the lock of its storm; does not
 * sleep.
 */
void tb_gpio_mask(struct tb_source *source, bool on)
{
	struct tb_gpio *gpio = tb_to_gpio(source);
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->mask_lock, flags);
	if (gpio->live && gpio->masked != on) {
		WRITE_ONCE(gpio->masked, on);
		if (gpio->slow_bus)
			queue_work(system_highpri_wq, &gpio->mask);
		else
			turn_irq(gpio, on);
	}
	raw_spin_unlock_irqrestore(&gpio->mask_lock, flags);
}

static ktime_t interval_of(const struct tb_gpio *gpio)
{
	return ms_to_ktime(le32_to_cpu(gpio->source.more.interval));
}

static void end_interval(struct tb_gpio *gpio)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->lock, flags);
	gpio->ops->interval_over(gpio);
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

static enum hrtimer_restart interval_over(struct hrtimer *timer)
{
	struct tb_gpio *gpio = container_of(timer, struct tb_gpio, interval);

	end_interval(gpio);
	hrtimer_forward_now(timer, interval_of(gpio));
	return HRTIMER_RESTART;
}

/* Edges come from here on. */
static void listen_to_line(struct tb_gpio *gpio)
{
	tb_gpio_edge_start(gpio);
	if (gpio->ops->start)
		gpio->ops->start(gpio);
	if (gpio->ops->interval_over)
		hrtimer_start(&gpio->interval, interval_of(gpio), HRTIMER_MODE_REL_HARD);
	/* The line may have moved before the interrupt could tell. */
	tb_gpio_resync(gpio);
}

/* No edge comes when this returns. */
static void hush(struct tb_gpio *gpio)
{
	tb_gpio_edge_stop(gpio);
	if (gpio->ops->interval_over) {
		hrtimer_cancel(&gpio->interval);
		end_interval(gpio);
	}
}

static struct tb_gpio *gpio_of(struct tb_gpio_watch *watch)
{
	return container_of(watch, struct tb_gpio, watch);
}

/* Where the chip cannot see to it that a level holds, it is done here. */
static void settle_where(struct tb_gpio *gpio)
{
	u32 debounce = le32_to_cpu(gpio->source.def.debounce);
	bool here = debounce && gpiod_set_debounce(gpio->desc, debounce);

	gpio->settle_time = here ? ns_to_ktime((u64)debounce * NSEC_PER_USEC) : 0;
}

static int take_source_line(struct tb_gpio_watch *watch, struct netlink_ext_ack *extack)
{
	struct tb_gpio *gpio = gpio_of(watch);
	int err;

	gpio->desc = take_line(gpio, extack);
	if (IS_ERR(gpio->desc))
		return PTR_ERR(gpio->desc);
	gpio->edges = gpio->source.def.edges;
	gpio->sleeps = gpiod_cansleep(gpio->desc);
	/* The chip may be of another kind than the one that went. */
	gpio->hard_seen = false;
	settle_where(gpio);
	err = take_interrupt(gpio, extack);
	if (err) {
		tb_gpio_line_put(watch, gpio->desc);
		return err;
	}
	gpio->level = tb_gpio_read(gpio);
	gpio->mask_done = false;
	let_interrupts_come(gpio);
	set_live(gpio, true);
	return 0;
}

static void drop_source_line(struct tb_gpio_watch *watch)
{
	struct tb_gpio *gpio = gpio_of(watch);

	if (!gpio->quiet)
		hush(gpio);
	set_live(gpio, false);
	cancel_work_sync(&gpio->mask);
	free_irq(gpio->irq, gpio);
	tb_gpio_line_put(watch, gpio->desc);
}

static void tell_gone(struct tb_gpio *gpio)
{
	tb_source_gone(&gpio->source, TONGBU_ABSENT_REMOVED, gpio->watch.since,
		       gpio->watch.device);
}

static void tell_back(struct tb_gpio *gpio)
{
	tb_source_back(&gpio->source, TONGBU_ABSENT_REMOVED, gpio->watch.since,
		       gpio->watch.device, gpio->level);
}

/* What comes and goes while the source is not started is told when it is. */
static void source_line_gone(struct tb_gpio_watch *watch)
{
	struct tb_gpio *gpio = gpio_of(watch);

	if (gpio->running)
		tell_gone(gpio);
}

static void source_line_back(struct tb_gpio_watch *watch)
{
	struct tb_gpio *gpio = gpio_of(watch);

	if (!gpio->running)
		return;
	tell_back(gpio);
	listen_to_line(gpio);
}

static const struct tb_gpio_watch_ops watch_ops = {
	.take = take_source_line,
	.drop = drop_source_line,
	.gone = source_line_gone,
	.back = source_line_back,
};

/**
 * tb_gpio_create() - make a source of a line
 * @size: bytes of it; it begins with struct tb_gpio
 * @source_ops: its type
 * @ops: what its type makes of a line
 * @attrs: the request
 * @def: what of it all sources have
 * @extack: where to say why not
 *
 * Context: process, sleeps.
 * Return: the source, for tb_gpio_destroy(); ERR_PTR() after tb_refuse().
 */
struct tb_source *tb_gpio_create(size_t size, const struct tb_source_ops *source_ops,
				 const struct tb_gpio_ops *ops, struct nlattr **attrs,
				 const struct tongbu_source *def,
				 struct netlink_ext_ack *extack)
{
	struct tb_gpio *gpio = kzalloc(size, GFP_KERNEL);
	int err;

	if (!gpio)
		return ERR_PTR(-ENOMEM);
	gpio->source.ops = source_ops;
	gpio->source.def = *def;
	gpio->ops = ops;
	gpio->attrs = attrs;
	err = read_line(gpio, extack);
	if (err)
		goto err_free;

	raw_spin_lock_init(&gpio->mask_lock);
	INIT_WORK(&gpio->mask, mask_work);
	/* In CLOCK_BOOTTIME: an interval in which the machine slept says so. */
	hrtimer_setup(&gpio->interval, interval_over, CLOCK_BOOTTIME, HRTIMER_MODE_REL_HARD);
	tb_gpio_edge_init(gpio);
	gpio->watch.ops = &watch_ops;
	gpio->watch.label = gpio->source.def.chip;
	err = tb_gpio_watch_add(&gpio->watch, extack);
	if (err)
		goto err_free;
	gpio->attrs = NULL;
	gpio->source.def.level = READ_ONCE(gpio->level);
	return &gpio->source;

err_free:
	kfree(gpio);
	return ERR_PTR(err);
}

/**
 * tb_gpio_start() - let a line make edges
 * @source: the source
 *
 * Context: process, sleeps.
 */
void tb_gpio_start(struct tb_source *source)
{
	struct tb_gpio *gpio = tb_to_gpio(source);

	tb_gpio_lock();
	gpio->running = true;
	if (gpio->watch.gone && !source->gone)
		tell_gone(gpio);
	else if (!gpio->watch.gone && source->gone)
		tell_back(gpio);
	if (!gpio->watch.gone)
		listen_to_line(gpio);
	tb_gpio_unlock();
}

/**
 * tb_gpio_stop() - make sure it makes none any more
 * @source: the source
 *
 * Context: process, sleeps.
 */
void tb_gpio_stop(struct tb_source *source)
{
	struct tb_gpio *gpio = tb_to_gpio(source);

	tb_gpio_lock();
	if (!gpio->watch.gone)
		hush(gpio);
	gpio->running = false;
	tb_gpio_unlock();
}

/**
 * tb_gpio_destroy() - let go of the line, and free the source
 * @source: the source, which its type begins with struct tb_gpio
 *
 * Context: process, sleeps.
 */
void tb_gpio_destroy(struct tb_source *source)
{
	struct tb_gpio *gpio = tb_to_gpio(source);

	tb_gpio_watch_del(&gpio->watch);
	kfree(gpio);
}

/**
 * tb_gpio_level() - last level seen
 * @source: the source
 *
 * Context: any; does not sleep.
 * Return: the level, 1 active; -1 if it could not be read.
 */
int tb_gpio_level(const struct tb_source *source)
{
	u8 level = READ_ONCE(tb_to_gpio(source)->level);

	return level == TONGBU_LEVEL_UNKNOWN ? -1 : level;
}

/**
 * tb_gpio_put() - tell what only lines have
 * @skb: the message
 * @source: the source
 * @live: how it is right now, too; nothing more here
 *
 * Context: process; does not sleep.
 * Return: 0 or -EMSGSIZE.
 */
int tb_gpio_put(struct sk_buff *skb, const struct tb_source *source, bool live)
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
