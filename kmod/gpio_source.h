/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of GPIO chips as sources, whatever is made of their edges. */
#ifndef TONGBU_GPIO_SOURCE_H
#define TONGBU_GPIO_SOURCE_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "chain.h"
#include "gpio_chip.h"
#include "source.h"

struct gpio_desc;
struct tb_gpio;

/* Interrupts whose thread has not run yet; a power of two */
#define TB_GPIO_STAMPS	64

/**
 * struct tb_gpio_ops - what a type makes of a line
 * @edge: the line changed to that level, which may be %TONGBU_LEVEL_UNKNOWN; with
 *	enum tongbu_record_flag, and with the edges that were folded into this one
 *	while it settled. In any context, under the line's lock; does not sleep
 * @start: edges come from now on; or NULL. In process context, also when the chip
 *	is there again
 * @interval_over: an interval is over, or cut short because no edges come any
 *	more; or NULL. In any context, under the line's lock; does not sleep
 * @check: is what was asked for right for the type? or NULL. 0 or a negative
 *	errno after tb_refuse()
 * @as_they_come: its edges are taken as they come, none is held back until it settled
 * @counts: it only counts edges: it gets them in a storm, too, and their level is
 *	worth nothing
 * @edges: enum tongbu_edges, where none are asked for
 * @interval: time between two records, where none is asked for, ms; 0 if the type
 *	has none
 * @interval_min: the least of that, ms
 */
struct tb_gpio_ops {
	void (*edge)(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
		     u16 flags, u32 bounces);
	void (*start)(struct tb_gpio *gpio);
	void (*interval_over)(struct tb_gpio *gpio);
	int (*check)(const struct tongbu_source *def, struct nlattr **attrs,
		     struct netlink_ext_ack *extack);
	bool as_they_come;
	bool counts;
	u8 edges;
	u32 interval;
	u32 interval_min;
};

/**
 * struct tb_gpio - a line as a source
 * @source: what all sources have
 * @watch: its chip
 * @ops: what its type makes of it
 * @attrs: the request, while it is being made; else NULL
 * @desc: the line; what follows holds while it is taken, under tb_gpio_lock()
 * @irq: its interrupt
 * @edges: edges that count
 * @sleeps: reading the line may sleep
 * @slow_bus: turning its interrupt off and on may sleep
 * @settle_time: how long a level must hold here; 0 if the chip sees to it or none is asked
 * @running: it is armed and started
 * @interval: ends an interval
 * @lock: guards all below; taken in the hard interrupt, before the storm's lock
 *	and the chain's
 * @quiet: it makes no edges
 * @stamp: stamps of interrupts whose thread has not run yet
 * @stamp.at: when
 * @stamp.flags: %TONGBU_RECORD_THREAD_STAMP if that was not in a hard interrupt
 * @first: count of those taken out
 * @last: count of those put in
 * @hard_seen: the hard interrupt exists, not just its thread
 * @level: last level seen, or %TONGBU_LEVEL_UNKNOWN if it could not be
 * @bounces: edges folded into the change that is settling
 * @settling: a change is settling; @stamp[0] is when it began
 * @timer: runs out when it has settled
 * @settle: reads a line that sleeps, after @timer
 * @catch_up: reads a line that sleeps, after a storm
 * @mask_lock: guards @live and @masked; after the storm's lock
 * @live: the interrupt may be turned off and on
 * @masked: it is, or shall be, off
 * @mask: turns it off and on where that sleeps
 * @mask_done: what @mask did last; its own
 */
struct tb_gpio {
	struct tb_source source;
	struct tb_gpio_watch watch;
	const struct tb_gpio_ops *ops;
	struct nlattr **attrs;
	struct gpio_desc *desc;
	int irq;
	u8 edges;
	bool sleeps;
	bool slow_bus;
	ktime_t settle_time;
	bool running;
	struct hrtimer interval;
	raw_spinlock_t lock;
	bool quiet;
	struct {
		struct tb_stamp at;
		u16 flags;
	} stamp[TB_GPIO_STAMPS];
	u32 first;
	u32 last;
	bool hard_seen;
	u8 level;
	u32 bounces;
	bool settling;
	struct hrtimer timer;
	struct work_struct settle;
	struct work_struct catch_up;
	raw_spinlock_t mask_lock;
	bool live;
	bool masked;
	struct work_struct mask;
	bool mask_done;
};

static inline struct tb_gpio *tb_to_gpio(const struct tb_source *source)
{
	return container_of(source, struct tb_gpio, source);
}

/* The source; gpio_source.c. All but the first are for struct tb_source_ops. */
struct tb_source *tb_gpio_create(size_t size, const struct tb_source_ops *source_ops,
				 const struct tb_gpio_ops *ops, struct nlattr **attrs,
				 const struct tongbu_source *def,
				 struct netlink_ext_ack *extack);
void tb_gpio_start(struct tb_source *source);
void tb_gpio_stop(struct tb_source *source);
void tb_gpio_destroy(struct tb_source *source);
int tb_gpio_level(const struct tb_source *source);
u8 tb_gpio_read(const struct tb_gpio *gpio);
int tb_gpio_put(struct sk_buff *skb, const struct tb_source *source, bool live);
void tb_gpio_mask(struct tb_source *source, bool on);

/* Its edges; gpio_edge.c */
void tb_gpio_edge_init(struct tb_gpio *gpio);
void tb_gpio_edge_start(struct tb_gpio *gpio);
void tb_gpio_edge_stop(struct tb_gpio *gpio);
void tb_gpio_resync(struct tb_gpio *gpio);
void tb_gpio_resync_soon(struct tb_source *source);
irqreturn_t tb_gpio_hard_interrupt(int irq, void *data);
irqreturn_t tb_gpio_thread_interrupt(int irq, void *data);

#endif /* TONGBU_GPIO_SOURCE_H */
