// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modem lines of a serial port as edges.
 *
 * A driver tells the line discipline of data carrier detect where it sees the
 * change, and of no other line. For those a thread waits as a program would, with
 * TIOCMIWAIT, which also makes the port's interrupt tell of them; what changes
 * between two waits is found by looking twice a second. A pulse that came and
 * went unseen shows in the port's counters.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/tongbu.h>

#include "serial.h"
#include "trace.h"

/* Where the driver cannot wait for changes */
#define LOOK_MS		100

/* A line that changes faster than it can be read is read later. */
#define TRIES		8

#define BIT_OF(line)	(1U << ((line) - 1))

static u8 levels_of(const struct tb_serial *serial, int lines)
{
	u8 levels = 0;

	if (lines & TIOCM_CD)
		levels |= BIT_OF(TONGBU_LINE_DCD);
	if (lines & TIOCM_CTS)
		levels |= BIT_OF(TONGBU_LINE_CTS);
	if (lines & TIOCM_DSR)
		levels |= BIT_OF(TONGBU_LINE_DSR);
	if (lines & TIOCM_RI)
		levels |= BIT_OF(TONGBU_LINE_RI);
	if (le32_to_cpu(serial->source.def.flags) & TONGBU_SOURCE_ACTIVE_LOW)
		levels ^= BIT_OF(TONGBU_LINE_RI) | (BIT_OF(TONGBU_LINE_RI) - 1);
	return levels;
}

static void seal_modem_edge(struct tb_serial *serial, u8 line, bool level, u16 flags,
			    const struct tb_stamp *stamp)
{
	struct tongbu_edge edge = {
		.level = level,
		.line = line,
	};
	struct tb_event event = {
		.stamp = *stamp,
		.kind = TONGBU_KIND_EDGE,
		.flags = flags,
		.payload = &edge,
		.payload_len = sizeof(edge),
	};

	lockdep_assert_held(&serial->lock);
	edge.delay = tb_event_delay(&event, false);
	tb_serial_seal_ended(serial);
	tb_source_seal(&serial->source, &event, level);
}

/**
 * tb_modem_carrier() - the driver says that data carrier detect changed
 * @serial: the line
 * @active: its level
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_modem_carrier(struct tb_serial *serial, bool active)
{
	const u8 bit = BIT_OF(TONGBU_LINE_DCD);
	struct tb_stamp stamp = tb_stamp_now();
	struct tb_modem *modem = &serial->modem;
	u16 record = in_hardirq() ? 0 : TONGBU_RECORD_THREAD_STAMP;
	unsigned long flags;
	bool level, same;

	if (!tb_serial_has_modem(serial))
		return;
	trace_tongbu_capture(serial->source.stream.id, stamp.boot);
	level = levels_of(serial, active ? TIOCM_CD : 0) & bit;
	raw_spin_lock_irqsave(&serial->lock, flags);
	same = level == !!(modem->levels & bit);
	modem->turn++;
	modem->levels = level ? modem->levels | bit : modem->levels & ~bit;
	if (same)
		record |= TONGBU_RECORD_EDGE_MISSED;
	/* A look may have come before the interrupt's word of the same edge. */
	if (serial->listening && !(same && modem->looked))
		seal_modem_edge(serial, TONGBU_LINE_DCD, level, record, &stamp);
	modem->looked = false;
	raw_spin_unlock_irqrestore(&serial->lock, flags);
}

/* Counters that stand still say that levels and counters belong together. */
static int read_lines(struct tty_struct *tty, struct serial_icounter_struct *count)
{
	struct serial_icounter_struct before;
	int tries, lines;

	for (tries = 0; tries < TRIES; tries++) {
		memset(&before, 0, sizeof(before));
		memset(count, 0, sizeof(*count));
		tty_get_icount(tty, &before);
		lines = tty->ops->tiocmget(tty);
		if (lines < 0)
			return lines;
		tty_get_icount(tty, count);
		if (count->cts == before.cts && count->dsr == before.dsr &&
		    count->rng == before.rng && count->dcd == before.dcd)
			return lines;
	}
	return -EAGAIN;
}

static void compare(struct tb_serial *serial, u8 levels,
		    const struct serial_icounter_struct *count, const struct tb_stamp *stamp)
{
	struct tb_modem *modem = &serial->modem;
	const bool counted[] = {
		[TONGBU_LINE_DCD] = false,
		[TONGBU_LINE_CTS] = count->cts != modem->count.cts,
		[TONGBU_LINE_DSR] = count->dsr != modem->count.dsr,
		[TONGBU_LINE_RI] = count->rng != modem->count.rng,
	};
	u8 line, changed = levels ^ modem->levels;
	u16 flags;

	if (changed & BIT_OF(TONGBU_LINE_DCD))
		modem->looked = true;
	for (line = TONGBU_LINE_DCD; line <= TONGBU_LINE_RI; line++) {
		if (!(changed & BIT_OF(line)) && !counted[line])
			continue;
		flags = TONGBU_RECORD_THREAD_STAMP;
		if (!(changed & BIT_OF(line)))
			flags |= TONGBU_RECORD_EDGE_MISSED;
		seal_modem_edge(serial, line, levels & BIT_OF(line), flags, stamp);
	}
	modem->levels = levels;
	modem->count = *count;
	modem->turn++;
}

/**
 * tb_modem_look() - put on record what changed since the last look
 * @serial: the line, whose port stays open meanwhile
 *
 * Context: process, sleeps.
 */
void tb_modem_look(struct tb_serial *serial)
{
	struct serial_icounter_struct count;
	struct tb_stamp stamp;
	unsigned long flags;
	int tries, lines;
	bool fresh;
	u32 turn;

	for (tries = 0, fresh = false; !fresh && tries < TRIES; tries++) {
		turn = READ_ONCE(serial->modem.turn);
		lines = read_lines(serial->tty, &count);
		if (lines < 0)
			return;
		stamp = tb_stamp_now();
		raw_spin_lock_irqsave(&serial->lock, flags);
		fresh = turn == serial->modem.turn;
		if (fresh && serial->listening)
			compare(serial, levels_of(serial, lines), &count, &stamp);
		raw_spin_unlock_irqrestore(&serial->lock, flags);
	}
}

static int watch(void *data)
{
	struct tb_serial *serial = data;
	struct tty_struct *tty = serial->tty;
	int err;

	/* A signal from before this is lost; why it was sent is not. */
	allow_signal(SIGTERM);
	while (!READ_ONCE(serial->modem.ending) && !signal_pending(current)) {
		err = -ENOIOCTLCMD;
		if (tty->ops->ioctl)
			err = tty->ops->ioctl(tty, TIOCMIWAIT,
					      TIOCM_CD | TIOCM_CTS | TIOCM_DSR | TIOCM_RI);
		if (err && !signal_pending(current))
			schedule_timeout_interruptible(msecs_to_jiffies(LOOK_MS));
		tb_modem_look(serial);
	}
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

static void end_watcher(struct tb_serial *serial, struct task_struct *watcher)
{
	WRITE_ONCE(serial->modem.ending, true);
	/* It may wait in the port's driver. */
	send_sig(SIGTERM, watcher, 1);
}

/**
 * tb_modem_start() - begin to watch the modem lines, if that is asked for
 * @serial: the line, whose port is open
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int tb_modem_start(struct tb_serial *serial)
{
	struct tb_modem *modem = &serial->modem;
	struct serial_icounter_struct count;
	struct task_struct *watcher;
	unsigned long flags;
	int lines;
	bool hung;

	if (!tb_serial_has_modem(serial))
		return 0;
	lines = read_lines(serial->tty, &count);
	if (lines < 0)
		return lines;
	raw_spin_lock_irqsave(&serial->lock, flags);
	modem->levels = levels_of(serial, lines);
	modem->count = count;
	modem->looked = false;
	modem->turn++;
	raw_spin_unlock_irqrestore(&serial->lock, flags);

	modem->ending = false;
	watcher = kthread_run(watch, serial, "tongbu-%s", tb_serial_port(serial));
	if (IS_ERR(watcher))
		return PTR_ERR(watcher);
	raw_spin_lock_irqsave(&serial->lock, flags);
	modem->watcher = watcher;
	hung = serial->hung;
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	if (hung)
		end_watcher(serial, watcher);
	return 0;
}

/**
 * tb_modem_hang_up() - the port is being hung up
 * @serial: the line
 *
 * A driver lets a port go when nobody waits in it any more; whoever closes the port may be
 * waiting for the driver meanwhile, so that he cannot be the one who ends that.
 *
 * Context: process, sleeps.
 */
void tb_modem_hang_up(struct tb_serial *serial)
{
	struct task_struct *watcher;
	unsigned long flags;

	raw_spin_lock_irqsave(&serial->lock, flags);
	watcher = serial->modem.watcher;
	if (watcher)
		get_task_struct(watcher);
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	if (!watcher)
		return;
	end_watcher(serial, watcher);
	put_task_struct(watcher);
}

/**
 * tb_modem_stop() - no longer watch the modem lines
 * @serial: the line, whose port is still open
 *
 * Context: process, sleeps.
 */
void tb_modem_stop(struct tb_serial *serial)
{
	struct task_struct *watcher;
	unsigned long flags;

	raw_spin_lock_irqsave(&serial->lock, flags);
	watcher = serial->modem.watcher;
	serial->modem.watcher = NULL;
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	if (!watcher)
		return;
	end_watcher(serial, watcher);
	kthread_stop(watcher);
}
