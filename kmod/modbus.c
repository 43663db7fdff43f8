// SPDX-License-Identifier: GPL-2.0-only
/*
 * Polling slaves over Modbus RTU, as the standard for serial lines has it.
 *
 * One request at a time: 3.5 characters of silence, the request, the answer or
 * none in time. Each makes one record, whatever it came to. Where an answer ends
 * is told by its own length and CRC; the silence that the standard ends it by, and the
 * 1.5 characters it allows within, cannot be seen through a FIFO, so only what is
 * not right is ended by silence. An answer that comes after its time is one
 * to the next request if it fits, as the protocol has no numbers to tell them by.
 */
#include <linux/crc16.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/tongbu.h>

#include "compat.h"
#include "serial.h"

/* An answer that has begun is ended by its length, by silence, or by this. */
#define ANSWER_MAX_MS	10000U

static void build_request(u8 request[TB_REQUEST_LEN], const struct tongbu_poll *poll)
{
	request[0] = poll->unit;
	request[1] = poll->function;
	put_unaligned_be16(le16_to_cpu(poll->address), &request[2]);
	put_unaligned_be16(le16_to_cpu(poll->count), &request[4]);
	put_unaligned_le16(crc16(0xffff, request, TB_REQUEST_LEN - 2), &request[6]);
}

static bool is_answered(struct tb_serial *serial)
{
	return !READ_ONCE(serial->framer.asked);
}

/* Before arming is on record, and once the port is hung up, nobody is asked. */
static void wait_to_be_heard(struct tb_serial *serial)
{
	swait_event_idle_exclusive(serial->modbus.wait,
				   READ_ONCE(serial->listening) || kthread_should_stop());
}

static void wait_for_answer(struct tb_serial *serial, u32 ms)
{
	swait_event_idle_timeout_exclusive(serial->modbus.wait,
					   is_answered(serial) || kthread_should_stop(),
					   msecs_to_jiffies(ms) + 1);
}

static bool begin_to_ask(struct tb_serial *serial, u8 number, const u8 request[TB_REQUEST_LEN],
			 struct tb_stamp *asked)
{
	unsigned long flags;
	bool listening;

	raw_spin_lock_irqsave(&serial->lock, flags);
	listening = serial->listening;
	if (listening) {
		tb_serial_seal_ended(serial);
		*asked = tb_stamp_now();
		serial->modbus.poll = number;
		tb_framer_ask(&serial->framer, request);
	}
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	return listening;
}

/* Returns whether the answer has begun, and is to be waited for. */
static bool give_up(struct tb_serial *serial, const struct tb_stamp *asked, bool begun_too)
{
	struct tb_frame frame = {
		.bytes = serial->framer.buf,
		.status = TONGBU_FRAME_TIMEOUT,
		.asked = true,
		.first = *asked,
		.last = tb_stamp_now(),
	};
	unsigned long flags;
	bool begun = false;

	raw_spin_lock_irqsave(&serial->lock, flags);
	if (serial->framer.asked) {
		begun = tb_framer_busy(&serial->framer);
		if (begun && begun_too)
			tb_framer_end(&serial->framer);
		/* What began may have been noise. */
		if (serial->framer.asked && (!begun || begun_too)) {
			serial->framer.asked = false;
			frame.skipped = serial->framer.skipped;
			serial->framer.skipped = 0;
			tb_serial_seal_frame(serial, &frame);
		}
	}
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	return begun && !begun_too;
}

/* The standard's silence before a request: what came last was heard later than it
 * was said, so that this is no shorter on the line.
 */
static void keep_silent(struct tb_serial *serial)
{
	u32 gap = le32_to_cpu(serial->tail.line.gap);

	if (gap <= 10 * USEC_PER_MSEC)
		usleep_range(gap, 2 * gap);
	else
		swait_event_idle_timeout_exclusive(serial->modbus.wait, kthread_should_stop(),
						   usecs_to_jiffies(gap) + 1);
}

static void tell_of_echo(struct tb_serial *serial)
{
	if (serial->echo_told || !READ_ONCE(serial->framer.echoes))
		return;
	serial->echo_told = true;
	pr_notice("%s: requests are heard back, the adapter echoes: they are left out\n",
		  tb_serial_port(serial));
}

static void ask(struct tb_serial *serial, u8 number)
{
	u32 sending = div_u64((u64)TB_REQUEST_LEN * serial->character, NSEC_PER_MSEC);
	u8 request[TB_REQUEST_LEN];
	struct tb_stamp asked;

	build_request(request, &serial->tail.poll[number]);
	keep_silent(serial);
	if (!begin_to_ask(serial, number, request, &asked))
		return;
	tb_port_write(serial, request, sizeof(request));
	wait_for_answer(serial, sending + le32_to_cpu(serial->tail.line.timeout));
	if (kthread_should_stop() || !give_up(serial, &asked, false))
		return;
	wait_for_answer(serial, ANSWER_MAX_MS);
	if (!kthread_should_stop())
		give_up(serial, &asked, true);
}

static void wait_for_round(struct tb_serial *serial, unsigned long next)
{
	long left = next - jiffies;

	if (left > 0)
		swait_event_idle_timeout_exclusive(serial->modbus.wait, kthread_should_stop(),
						   left);
}

static int poll_slaves(void *data)
{
	struct tb_serial *serial = data;
	unsigned long interval = msecs_to_jiffies(le32_to_cpu(serial->source.more.interval));
	u8 polls = le16_to_cpu(serial->tail.line.polls), number;
	unsigned long next = jiffies;

	while (!kthread_should_stop()) {
		wait_to_be_heard(serial);
		for (number = 0; number < polls && !kthread_should_stop(); number++)
			ask(serial, number);
		tell_of_echo(serial);
		/* A round that took longer is followed by the next at once. */
		next += interval;
		if (time_before(next, jiffies))
			next = jiffies;
		wait_for_round(serial, next);
	}
	return 0;
}

/**
 * tb_modbus_start() - begin to poll, if that is asked for
 * @serial: the line, whose port is open
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int tb_modbus_start(struct tb_serial *serial)
{
	struct task_struct *poller;

	if (!tb_serial_polls(serial))
		return 0;
	poller = kthread_run(poll_slaves, serial, "tongbu-%s", tb_serial_port(serial));
	if (IS_ERR(poller))
		return PTR_ERR(poller);
	serial->modbus.poller = poller;
	return 0;
}

/**
 * tb_modbus_stop() - no longer poll
 * @serial: the line, whose port is still open
 *
 * Context: process, sleeps.
 */
void tb_modbus_stop(struct tb_serial *serial)
{
	if (!serial->modbus.poller)
		return;
	kthread_stop(serial->modbus.poller);
	serial->modbus.poller = NULL;
}
