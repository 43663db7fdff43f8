// SPDX-License-Identifier: GPL-2.0-only
/*
 * Setting the line of an output, and what is said of it.
 *
 * A chip that does not sleep is set right where that is asked for, hard
 * interrupts included. One that sleeps is set by a thread of the output's own,
 * in the order asked for, so that a slow bus holds up no other output. On
 * PREEMPT_RT the thread sets all lines: there a chip that does not sleep may
 * still take a lock that does, and none says whether it will.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/sched.h>
#include <net/netlink.h>

#include "compat.h"
#include "family.h"
#include "gpio.h"
#include "output_priv.h"
#include "trace.h"

struct tb_stream tb_outputs;
struct tb_stream tb_reflexes;

static void seal_change(const struct tb_output *output, const struct tb_job *job,
			const struct tb_stamp *stamp, int err)
{
	struct tongbu_output_change change = {
		.record = cpu_to_le64(job->record),
		.asked = cpu_to_le64(job->stamp.boot),
		.output = output->def.output,
		.value = job->value,
		.cause = job->cause,
		.error = cpu_to_le16(-err),
	};
	struct tb_event event = {
		.stream = &tb_outputs,
		.stamp = *stamp,
		.kind = TONGBU_KIND_OUTPUT,
		.payload = &change,
		.payload_len = sizeof(change),
		.uid = job->uid,
		.pid = job->pid,
		.room = TB_ROOM_EVENT,
		.must_tell = true,
	};

	tb_chain_seal(&event, NULL);
}

static void seal_firing(const struct tb_output *output, const struct tb_job *job,
			const struct tb_stamp *stamp, int err)
{
	struct tongbu_firing firing = {
		.record = cpu_to_le64(job->record),
		.cause = cpu_to_le64(job->stamp.boot),
		.effect = cpu_to_le64(stamp->boot),
		.reflex = cpu_to_le32(job->reflex),
		.output = output->def.output,
		.value = job->value,
		.deferred = !output->direct,
		.error = cpu_to_le16(-err),
	};
	struct tb_event event = {
		.stream = &tb_reflexes,
		.stamp = job->stamp,
		.kind = TONGBU_KIND_REFLEX,
		.payload = &firing,
		.payload_len = sizeof(firing),
		.uid = TONGBU_UID_NONE,
		.room = TB_ROOM_EVENT,
		.must_tell = true,
	};
	struct tb_sealed sealed = { .seq = TONGBU_SEQ_NONE };

	trace_tongbu_reflex(job->reflex, job->source, le32_to_cpu(output->def.output),
			    job->stamp.boot, stamp->boot);
	tb_chain_seal(&event, &sealed);
	job->hold->record = sealed.seq;
}

static int set_line(const struct tb_output *output, u8 value)
{
	if (!output->desc)
		return -ENODEV;
	if (!output->direct)
		return gpiod_direction_output(output->desc, value);
	return tb_gpiod_set(output->desc, value);
}

/* Under the lock if the line is set directly, else in its thread */
static int perform(struct tb_output *output, struct tb_job *job)
{
	int err = set_line(output, job->value);
	struct tb_stamp stamp = tb_stamp_now();

	if (!err)
		WRITE_ONCE(output->value, job->value);
	if (!err && job->kind != TB_JOB_BLINK)
		WRITE_ONCE(output->changes, output->changes + 1);
	if (job->kind == TB_JOB_FIRING) {
		seal_firing(output, job, &stamp, err);
	} else if (job->kind == TB_JOB_CHANGE) {
		if (job->hold)
			job->record = job->hold->record;
		seal_change(output, job, &stamp, err);
	}
	if (job->err)
		*job->err = err;
	if (job->done)
		complete(job->done);
	return err;
}

/* The next thing to do; what found no place comes last, without a record. */
static bool next_job(struct tb_output *output, struct tb_job *job)
{
	unsigned long flags;
	bool any = true;

	raw_spin_lock_irqsave(&output->lock, flags);
	if (output->first != output->last) {
		*job = output->job[output->first++ % TB_OUTPUT_JOBS];
	} else if (output->overrun) {
		output->overrun = false;
		*job = (struct tb_job){ .kind = TB_JOB_BLINK, .value = output->final };
	} else {
		any = false;
	}
	raw_spin_unlock_irqrestore(&output->lock, flags);
	return any;
}

static void work_off(struct kthread_work *work)
{
	struct tb_output *output = container_of(work, struct tb_output, work);
	struct tb_job job;

	mutex_lock(&output->line_lock);
	while (next_job(output, &job))
		perform(output, &job);
	mutex_unlock(&output->line_lock);
}

static bool is_full(const struct tb_output *output)
{
	return output->last - output->first == TB_OUTPUT_JOBS;
}

static void ask_for(struct tb_output *output, struct tb_job *job)
{
	lockdep_assert_held(&output->lock);
	if (output->direct) {
		perform(output, job);
		return;
	}
	if (!is_full(output)) {
		output->job[output->last++ % TB_OUTPUT_JOBS] = *job;
		/* The line comes to this, and no more to what found no place. */
		output->overrun = false;
	} else {
		/* The line comes to this value all the same, the record does not. */
		output->overrun = true;
		output->final = job->value;
		if (job->kind != TB_JOB_BLINK)
			tb_chain_lost(job->kind == TB_JOB_FIRING ? &tb_reflexes : &tb_outputs,
				      job->stamp.boot, TONGBU_LOST_OVERRUN);
	}
	kthread_queue_work(output->worker, &output->work);
}

static void end_holds(struct tb_output *output)
{
	lockdep_assert_held(&output->lock);
	output->epoch++;
	output->steady = 0;
	output->blinking = 0;
}

static bool holds(const struct tb_output *output, const struct tb_hold *hold)
{
	lockdep_assert_held(&output->lock);
	return hold->on && hold->epoch == output->epoch;
}

/**
 * tb_output_change() - set an output, and wait until it is set
 * @output: the output
 * @value: 0 or 1
 * @cause: why
 * @record: number of the record that is the cause, or %TONGBU_SEQ_NONE
 * @uid: who asks for it, or %TONGBU_UID_NONE
 * @pid: its process, or 0
 *
 * What reflexes do to it is ended.
 *
 * Context: process, sleeps. Under the outputs' lock.
 * Return: 0, or the negative errno the chip's driver gave; -ENODEV while that is
 * gone.
 */
int tb_output_change(struct tb_output *output, u8 value, enum tongbu_output_cause cause,
		     u64 record, u32 uid, u32 pid)
{
	DECLARE_COMPLETION_ONSTACK(done);
	int err = 0;
	struct tb_job job = {
		.kind = TB_JOB_CHANGE,
		.value = value,
		.cause = cause,
		.record = record,
		.stamp = tb_stamp_now(),
		.uid = uid,
		.pid = pid,
		.err = &err,
		.done = &done,
	};
	unsigned long flags;

	raw_spin_lock_irqsave(&output->lock, flags);
	while (is_full(output)) {
		raw_spin_unlock_irqrestore(&output->lock, flags);
		kthread_flush_work(&output->work);
		raw_spin_lock_irqsave(&output->lock, flags);
	}
	end_holds(output);
	ask_for(output, &job);
	raw_spin_unlock_irqrestore(&output->lock, flags);
	wait_for_completion(&done);
	return err;
}

/**
 * tb_output_away() - nobody owned the chain for too long: make an output safe
 * @output: the output
 * @left: since when nobody does, CLOCK_BOOTTIME, ns
 *
 * If a reflex has it, it is made safe when that is through.
 *
 * Context: any; does not sleep.
 */
void tb_output_away(struct tb_output *output, u64 left)
{
	struct tb_job job = {
		.kind = TB_JOB_CHANGE,
		.value = output->def.safe,
		.cause = TONGBU_CAUSE_AWAY,
		.record = TONGBU_SEQ_NONE,
		.stamp.boot = left,
		.uid = TONGBU_UID_NONE,
	};
	unsigned long flags;

	raw_spin_lock_irqsave(&output->lock, flags);
	output->away_of = left;
	if (!output->steady && !output->blinking)
		ask_for(output, &job);
	raw_spin_unlock_irqrestore(&output->lock, flags);
}

/**
 * tb_output_fire() - a reflex fires: its output comes on
 * @output: the output
 * @hold: the reflex's
 * @firing: why
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_output_fire(struct tb_output *output, struct tb_hold *hold,
		    const struct tb_firing *firing)
{
	struct tb_job job = {
		.kind = TB_JOB_FIRING,
		.value = 1,
		.record = firing->record,
		.stamp = firing->stamp,
		.reflex = firing->reflex,
		.source = firing->source,
		.hold = hold,
	};
	unsigned long flags;

	raw_spin_lock_irqsave(&output->lock, flags);
	if (!holds(output, hold)) {
		hold->on = true;
		hold->epoch = output->epoch;
		if (hold->blinks)
			output->blinking++;
		else
			output->steady++;
	}
	ask_for(output, &job);
	raw_spin_unlock_irqrestore(&output->lock, flags);
}

/**
 * tb_output_blink() - the other half of a blink
 * @output: the output
 * @hold: the reflex's
 * @value: 0 or 1
 *
 * Nothing to see while another reflex has it steadily on.
 *
 * Context: any, hard interrupts included; does not sleep.
 * Return: true if blinking goes on; false if something else ended it.
 */
bool tb_output_blink(struct tb_output *output, struct tb_hold *hold, u8 value)
{
	struct tb_job job = { .kind = TB_JOB_BLINK, .value = value };
	unsigned long flags;
	bool on;

	raw_spin_lock_irqsave(&output->lock, flags);
	on = holds(output, hold);
	/* A thread that lags behind need not make up for each blink. */
	if (on && !output->steady && output->last - output->first < 2)
		ask_for(output, &job);
	raw_spin_unlock_irqrestore(&output->lock, flags);
	return on;
}

/* Return: whether that was the last hold */
static bool let_go_line(struct tb_output *output, struct tb_hold *hold)
{
	lockdep_assert_held(&output->lock);
	if (!holds(output, hold))
		return false;
	hold->on = false;
	if (hold->blinks)
		output->blinking--;
	else
		output->steady--;
	return !output->steady && !output->blinking;
}

/**
 * tb_output_end() - a reflex is through with its output: it goes off
 * @output: the output
 * @hold: the reflex's
 * @cause: TONGBU_CAUSE_END or TONGBU_CAUSE_REFLEX
 * @record: for TONGBU_CAUSE_REFLEX the number of the event's record
 * @asked: CLOCK_BOOTTIME at which it shall, ns
 *
 * Unless another reflex has it on, or this one has been ended already.
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_output_end(struct tb_output *output, struct tb_hold *hold,
		   enum tongbu_output_cause cause, u64 record, u64 asked)
{
	struct tb_job job = {
		.kind = TB_JOB_CHANGE,
		.cause = cause,
		.record = record,
		.stamp.boot = asked,
		.uid = TONGBU_UID_NONE,
		.hold = cause == TONGBU_CAUSE_END ? hold : NULL,
	};
	u64 left = tb_output_owner_left();
	unsigned long flags;

	raw_spin_lock_irqsave(&output->lock, flags);
	if (left && output->away_of == left)
		job.value = output->def.safe;
	if (let_go_line(output, hold))
		ask_for(output, &job);
	raw_spin_unlock_irqrestore(&output->lock, flags);
}

/**
 * tb_output_leave() - a reflex is through with its output, which stays as it is
 * @output: the output
 * @hold: the reflex's
 *
 * Context: any; does not sleep.
 */
void tb_output_leave(struct tb_output *output, struct tb_hold *hold)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&output->lock, flags);
	let_go_line(output, hold);
	raw_spin_unlock_irqrestore(&output->lock, flags);
}

/**
 * tb_output_flush() - wait until what was asked for has been done
 * @output: the output
 *
 * Context: process, sleeps.
 */
void tb_output_flush(struct tb_output *output)
{
	if (output->worker)
		kthread_flush_work(&output->work);
}

static struct tb_output *output_at(struct tb_gpio_watch *watch)
{
	return container_of(watch, struct tb_output, watch);
}

static void put_desc(struct tb_output *output, struct gpio_desc *desc)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&output->lock, flags);
	output->desc = desc;
	output->value = output->def.safe;
	end_holds(output);
	raw_spin_unlock_irqrestore(&output->lock, flags);
}

static int take_output_line(struct tb_gpio_watch *watch, struct netlink_ext_ack *extack)
{
	struct tb_output *output = output_at(watch);
	const struct tongbu_output *def = &output->def;
	struct nlattr **attrs = output->attrs;
	struct tb_gpio_line line = {
		.watch = watch,
		.offset = le32_to_cpu(def->line),
		.direction = def->safe ? GPIOD_OUT_HIGH : GPIOD_OUT_LOW,
		.consumer = def->name,
		.chip_attr = attrs ? attrs[TONGBU_A_GPIO_CHIP] : NULL,
		.line_attr = attrs ? attrs[TONGBU_A_GPIO_LINE] : NULL,
	};
	struct gpio_desc *desc;
	bool direct;

	if (le32_to_cpu(def->flags) & TONGBU_OUTPUT_ACTIVE_LOW)
		line.lookup |= GPIO_ACTIVE_LOW;
	desc = tb_gpio_line_take(&line, extack);
	if (IS_ERR(desc))
		return PTR_ERR(desc);
	direct = !IS_ENABLED(CONFIG_PREEMPT_RT) && !gpiod_cansleep(desc);
	if (attrs)
		output->direct = direct;
	/* Another chip of that name, of another kind: there is no thread for it. */
	if (output->direct && !direct) {
		tb_gpio_line_put(watch, desc);
		return -ENODEV;
	}
	mutex_lock(&output->line_lock);
	put_desc(output, desc);
	mutex_unlock(&output->line_lock);
	return 0;
}

static void drop_output_line(struct tb_gpio_watch *watch)
{
	struct tb_output *output = output_at(watch);
	struct gpio_desc *desc;

	mutex_lock(&output->line_lock);
	desc = output->desc;
	put_desc(output, NULL);
	gpiod_set_value_cansleep(desc, output->def.safe);
	tb_gpio_line_put(watch, desc);
	mutex_unlock(&output->line_lock);
}

static void tell(struct tb_output *output, enum tongbu_output_cause cause)
{
	struct tb_stamp stamp = tb_stamp_now();
	const struct tb_job job = {
		.value = output->def.safe,
		.cause = cause,
		.record = TONGBU_SEQ_NONE,
		.stamp = stamp,
		.uid = TONGBU_UID_NONE,
	};

	seal_change(output, &job, &stamp, 0);
}

/**
 * tb_output_line_tell_gone() - put on record that the chip of an output is gone
 * @output: the output, safe
 *
 * Context: process; does not sleep. Under tb_gpio_lock().
 */
void tb_output_line_tell_gone(struct tb_output *output)
{
	tell(output, TONGBU_CAUSE_GONE);
}

/* Before its OUTPUT_ADD and after its OUTPUT_DEL nothing is told of it. */
static void output_line_gone(struct tb_gpio_watch *watch)
{
	if (output_at(watch)->known)
		tb_output_line_tell_gone(output_at(watch));
}

static void output_line_back(struct tb_gpio_watch *watch)
{
	if (output_at(watch)->known)
		tell(output_at(watch), TONGBU_CAUSE_BACK);
}

static const struct tb_gpio_watch_ops watch_ops = {
	.take = take_output_line,
	.drop = drop_output_line,
	.gone = output_line_gone,
	.back = output_line_back,
};

/**
 * tb_output_line_init() - take the line of an output, with its safe value
 * @output: the output, @def and @attrs filled in, the rest zero
 * @extack: where to say why not
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int tb_output_line_init(struct tb_output *output, struct netlink_ext_ack *extack)
{
	int err;

	mutex_init(&output->line_lock);
	raw_spin_lock_init(&output->lock);
	kthread_init_work(&output->work, work_off);
	output->watch.ops = &watch_ops;
	output->watch.label = output->def.chip;
	err = tb_gpio_watch_add(&output->watch, extack);
	output->attrs = NULL;
	if (err || output->direct)
		return err;
	output->worker = kthread_run_worker(0, "tongbu/%u",
					    le32_to_cpu(output->def.output));
	if (IS_ERR(output->worker)) {
		err = PTR_ERR(output->worker);
		output->worker = NULL;
		tb_gpio_watch_del(&output->watch);
		return err;
	}
	sched_set_fifo(output->worker->task);
	return 0;
}

/**
 * tb_output_line_exit() - let go of the line of an output, with its safe value
 * @output: the output, which no reflex uses
 *
 * Context: process, sleeps.
 */
void tb_output_line_exit(struct tb_output *output)
{
	if (output->worker)
		kthread_destroy_worker(output->worker);
	tb_gpio_watch_del(&output->watch);
}

/**
 * tb_output_streams_init() - be ready to say what is set
 *
 * Context: process.
 */
void tb_output_streams_init(void)
{
	tb_stream_init(&tb_outputs, TONGBU_SOURCE_OUTPUTS);
	tb_stream_init(&tb_reflexes, TONGBU_SOURCE_REFLEXES);
}
