/* SPDX-License-Identifier: GPL-2.0-only */
/* Storms: a source that goes over its rate is counted instead of recorded. */
#ifndef TONGBU_STORM_H
#define TONGBU_STORM_H

#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct tb_source;
struct tb_stamp;

/**
 * struct tb_storm - how a source keeps to its rate
 * @rate: most events a second; 0 for any, and then nothing below is used
 * @lock: guards all below; taken in hard interrupts, under the source's own lock
 *	and before the chain's
 * @window: CLOCK_BOOTTIME at which the second began that is looked at, ns
 * @seen: events in it
 * @on: there is a storm
 * @masked: the source was told to keep quiet
 * @ended: the source is disarmed: @timer must not be set
 * @since: CLOCK_BOOTTIME at which the storm began, ns
 * @count: its events that made no record
 * @masked_at: CLOCK_BOOTTIME at which the source was told so, ns
 * @masked_for: how long it was quiet before that, ns
 * @timer: runs out when the source may speak again, or has kept to its rate
 */
struct tb_storm {
	u32 rate;
	raw_spinlock_t lock;
	u64 window;
	u32 seen;
	bool on;
	bool masked;
	bool ended;
	u64 since;
	u64 count;
	u64 masked_at;
	u64 masked_for;
	struct hrtimer timer;
};

void tb_storm_init(struct tb_storm *storm, u32 rate);
void tb_storm_start(struct tb_source *source);
void tb_storm_stop(struct tb_source *source);
bool tb_storm_admits(struct tb_source *source, const struct tb_stamp *stamp);

#endif /* TONGBU_STORM_H */
