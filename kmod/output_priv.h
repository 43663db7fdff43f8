/* SPDX-License-Identifier: GPL-2.0-only */
/* An output's inside, for output.c and output_line.c alone. */
#ifndef TONGBU_OUTPUT_PRIV_H
#define TONGBU_OUTPUT_PRIV_H

#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/tongbu.h>

#include "gpio_chip.h"
#include "named.h"
#include "output.h"

struct completion;
struct gpio_desc;
struct netlink_ext_ack;
struct nlattr;

/* Changes of a line that sleeps which its thread has yet to make; a power of two */
#define TB_OUTPUT_JOBS	32

/**
 * enum tb_job_kind - which record a change makes
 * @TB_JOB_CHANGE: an OUTPUT record
 * @TB_JOB_FIRING: a REFLEX record
 * @TB_JOB_BLINK: none
 */
enum tb_job_kind {
	TB_JOB_CHANGE,
	TB_JOB_FIRING,
	TB_JOB_BLINK,
};

/**
 * struct tb_job - a change of a line, and what is to be said of it
 * @kind: which record it makes
 * @value: 0 or 1
 * @cause: enum tongbu_output_cause
 * @record: number of the record that is the cause, or %TONGBU_SEQ_NONE
 * @stamp: when the cause was
 * @uid: who asked for it, or %TONGBU_UID_NONE
 * @pid: its process, or 0
 * @reflex: number of the reflex that fired
 * @source: number of its source
 * @hold: keeps the number of the REFLEX record, or takes @record from there; or NULL
 * @err: told how it went; or NULL
 * @done: completed when it was made; or NULL
 */
struct tb_job {
	enum tb_job_kind kind;
	u8 value;
	u8 cause;
	u64 record;
	struct tb_stamp stamp;
	u32 uid;
	u32 pid;
	u32 reflex;
	u32 source;
	struct tb_hold *hold;
	int *err;
	struct completion *done;
};

/**
 * struct tb_output - a line that is set
 * @named: its name and number, among all outputs
 * @def: as it was taken, for its record; constant
 * @watch: its chip
 * @attrs: the request, while it is being taken; else NULL
 * @known: its OUTPUT_ADD is on record, and no OUTPUT_DEL; under tb_gpio_lock()
 * @direct: it is set where that is asked for; else by a thread. Constant
 * @worker: that thread, or NULL
 * @work: its work
 * @since: CLOCK_BOOTTIME at which it was taken, ns
 * @line_lock: held while the thread sets the line
 * @lock: guards all below; taken in hard interrupts, before the chain's lock
 * @desc: the line; NULL while its chip is gone. Changed under both locks
 * @value: what it was last set to
 * @changes: times it was set
 * @epoch: counted up to end what reflexes do to it
 * @steady: reflexes that have it on
 * @blinking: reflexes that make it blink
 * @away_of: the absence of the owner for which it is safe, 0 for none
 * @job: changes the thread has yet to make
 * @first: count of those taken out
 * @last: count of those put in
 * @overrun: some found no place
 * @final: what the last of those was
 */
struct tb_output {
	struct tb_named named;
	struct tongbu_output def;
	struct tb_gpio_watch watch;
	struct nlattr **attrs;
	bool known;
	bool direct;
	struct kthread_worker *worker;
	struct kthread_work work;
	u64 since;
	struct mutex line_lock;		/* see above */
	raw_spinlock_t lock;
	struct gpio_desc *desc;
	u8 value;
	u64 changes;
	u32 epoch;
	u32 steady;
	u32 blinking;
	u64 away_of;
	struct tb_job job[TB_OUTPUT_JOBS];
	u32 first;
	u32 last;
	bool overrun;
	u8 final;
};

extern struct tb_stream tb_outputs;

/* Since when nobody owns the chain, CLOCK_BOOTTIME, ns; 0 while somebody does */
u64 tb_output_owner_left(void);

void tb_output_streams_init(void);
int tb_output_line_init(struct tb_output *output, struct netlink_ext_ack *extack);
void tb_output_line_exit(struct tb_output *output);
void tb_output_line_tell_gone(struct tb_output *output);
int tb_output_change(struct tb_output *output, u8 value, enum tongbu_output_cause cause,
		     u64 record, u32 uid, u32 pid);
void tb_output_away(struct tb_output *output, u64 left);

#endif /* TONGBU_OUTPUT_PRIV_H */
