/* SPDX-License-Identifier: GPL-2.0-only */
/* A reflex's inside, for reflex.c, reflex_check.c and reflex_fire.c alone. */
#ifndef TONGBU_REFLEX_PRIV_H
#define TONGBU_REFLEX_PRIV_H

#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/tongbu.h>

#include "chain.h"
#include "named.h"
#include "output.h"
#include "reflex.h"

struct genl_info;
struct tb_reflex;
struct tb_source;

/* Most events a reflex counts; a power of two */
#define TB_REFLEX_COUNT_MAX	64

/**
 * struct tb_reflex_link - a reflex among those of a source
 * @node: there
 * @reflex: the reflex
 * @name: name of the source, or empty if there is none
 * @source: number of the source
 */
struct tb_reflex_link {
	struct hlist_node node;
	struct tb_reflex *reflex;
	char name[TONGBU_NAME_LEN];
	u32 source;
};

/**
 * struct tb_reflex - a reflex
 * @named: its name and number, among all reflexes
 * @def: as it was armed, for its record; constant
 * @output: its output
 * @link: its source, and the second one
 * @hold: what it does to its output
 * @held_timer: a level has held for as long as it must
 * @action_timer: the pulse or the half of a blink is over
 * @lock: guards all below; taken in hard interrupts, before the output's lock
 * @stopped: it shall do nothing any more
 * @level: levels of its sources, -1 if that is not known
 * @met: both are at their level
 * @holding: the level holds; since @begun, by @record
 * @begun: when that was
 * @record: number of the record of that, or %TONGBU_SEQ_NONE
 * @counted: events counted since it fired
 * @when: CLOCK_BOOTTIME of the last of them, ns
 * @rest_until: CLOCK_BOOTTIME, ns
 * @until: CLOCK_BOOTTIME until when it pulses or blinks, ns, 0 for ever
 * @phase: the output's value in blinking
 * @fired: times it fired
 * @rested: times it did not because it rested
 */
struct tb_reflex {
	struct tb_named named;
	struct tongbu_reflex def;
	struct tb_output *output;
	struct tb_reflex_link link[2];
	struct tb_hold hold;
	struct hrtimer held_timer;
	struct hrtimer action_timer;
	raw_spinlock_t lock;
	bool stopped;
	int level[2];
	bool met;
	bool holding;
	struct tb_stamp begun;
	u64 record;
	u32 counted;
	u64 when[TB_REFLEX_COUNT_MAX];
	u64 rest_until;
	u64 until;
	u8 phase;
	u64 fired;
	u64 rested;
};

/* reflex_check.c */
int tb_reflex_check(struct genl_info *info, struct tongbu_reflex *def,
		    const struct tb_source *first, const struct tb_source *second);

/* reflex_fire.c */
void tb_reflex_init(struct tb_reflex *reflex);
void tb_reflex_start(struct tb_reflex *reflex, struct tb_source *const sources[2]);
void tb_reflex_stop(struct tb_reflex *reflex);

#endif /* TONGBU_REFLEX_PRIV_H */
