/* SPDX-License-Identifier: GPL-2.0-only */
/* Liveness: when a source last spoke, and whether it should have since. */
#ifndef TONGBU_LIVENESS_H
#define TONGBU_LIVENESS_H

#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct tb_source;
struct tb_stamp;

/**
 * struct tb_liveness - when a source last spoke
 * @lock: guards all below; taken in hard interrupts, before the chain's lock
 * @limit: longest time it may say nothing, ns; 0 for any
 * @last: CLOCK_BOOTTIME of its last event, or of arming it, ns
 * @spoke: it ever did
 * @silent: it has been silent for too long, and that is on record
 * @watched: @timer may run
 * @timer: runs out when it should have spoken at the latest
 */
struct tb_liveness {
	raw_spinlock_t lock;
	u64 limit;
	u64 last;
	bool spoke;
	bool silent;
	bool watched;
	struct hrtimer timer;
};

void tb_liveness_init(struct tb_liveness *liveness, u32 limit_ms);
void tb_liveness_start(struct tb_source *source);
void tb_liveness_stop(struct tb_source *source);
void tb_liveness_spoke(struct tb_source *source, const struct tb_stamp *stamp);
bool tb_liveness_last(struct tb_liveness *liveness, u64 *last, bool *silent);

#endif /* TONGBU_LIVENESS_H */
