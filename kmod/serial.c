// SPDX-License-Identifier: GPL-2.0-only
/*
 * Serial lines as sources.
 *
 * The port is the kernel's own from arming to disarming, so that what comes is
 * on record whatever becomes of the daemon. Bytes come from the tty layer in
 * handfuls, in a thread, as FIFO or USB hand them over: the stamp is of then.
 * When the port is hung up or taken away that is a record, and it is tried again
 * until it is back.
 */
#include "serial.h"

#include <linux/err.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/netlink.h>
#include <linux/tongbu.h>

#include "blake2s.h"
#include "compat.h"
#include "family.h"
#include "trace.h"

/* Bytes dealt with, if they make few frames, before interrupts are let in again */
#define SLICE		64

/* What the hardware may keep back of bytes that come without a gap: a full FIFO
 * and its timeout of four characters; and how late a thread may be to say so.
 */
#define FIFO_CHARACTERS	20
#define THREAD_LATE_NS	(50ULL * NSEC_PER_MSEC)

/* How often a port that is gone is tried, and modem lines are looked at */
#define RETRY		HZ
#define LOOK		(HZ / 2)

static struct tb_serial *to_serial(const struct tb_source *source)
{
	return container_of(source, struct tb_serial, source);
}

/* What goes on record of a frame, all but its bytes */
static void prepare(struct tb_serial *serial, const struct tb_frame *frame)
{
	struct tb_ended *ended = &serial->ended;
	struct tongbu_frame *head = &ended->head;
	struct tb_event *event = &ended->event;

	lockdep_assert_held(&serial->lock);
	*head = (struct tongbu_frame){
		.first = cpu_to_le64(frame->first.boot),
		.framing = serial->tail.line.framing,
		.status = frame->status,
	};
	*event = (struct tb_event){
		.stamp = frame->last,
		.kind = TONGBU_KIND_FRAME,
		.flags = TONGBU_RECORD_THREAD_STAMP,
		.payload = head,
		.payload_len = sizeof(*head),
		.data = frame->bytes,
		.data_len = frame->len,
	};
	if (frame->status == TONGBU_FRAME_GOOD)
		serial->good++;
	else
		serial->bad++;
	/* Some end by a silence. */
	head->delay = tb_event_delay(event, serial->tail.line.framing >= TONGBU_FRAMING_MODBUS);
	head->bad = cpu_to_le32(min_t(u64, serial->bad, U32_MAX));
	if (tb_serial_polls(serial))
		head->poll = frame->asked ? serial->modbus.poll : TONGBU_POLL_NONE;
	head->skipped = min_t(u16, frame->skipped, U8_MAX);
	serial->skipped += frame->skipped;
	ended->asked = frame->asked;
}

/* That a slave did not answer is no word of the line. */
static void seal(struct tb_serial *serial, const u8 *digest)
{
	struct tb_ended *ended = &serial->ended;
	struct tb_event *event = &ended->event;

	lockdep_assert_held(&serial->lock);
	ended->waits = false;
	event->digest = digest;
	if (ended->head.status == TONGBU_FRAME_TIMEOUT)
		tb_source_note(&serial->source, event->kind, event->flags, &event->stamp,
			       event->payload, event->payload_len);
	else
		tb_source_seal(&serial->source, event, -1);
	if (ended->asked)
		swake_up_one(&serial->modbus.wait);
}

/**
 * tb_serial_seal_ended() - put on record the frame that waits to be, if one does
 * @serial: the line
 *
 * To be called before anything else is put on record of the line, or asked of it.
 *
 * Context: any, under the source's lock; does not sleep.
 */
void tb_serial_seal_ended(struct tb_serial *serial)
{
	lockdep_assert_held(&serial->lock);
	if (serial->ended.waits)
		seal(serial, NULL);
}

/**
 * tb_serial_seal_frame() - put a frame on record
 * @serial: the line
 * @frame: the frame
 *
 * Context: any, under the source's lock; does not sleep.
 */
void tb_serial_seal_frame(struct tb_serial *serial, const struct tb_frame *frame)
{
	tb_serial_seal_ended(serial);
	prepare(serial, frame);
	seal(serial, NULL);
}

/* A long one is hashed with interrupts on where that can be. */
static void take_frame(struct tb_framer *framer, const struct tb_frame *frame)
{
	struct tb_serial *serial = container_of(framer, struct tb_serial, framer);
	struct tb_ended *ended = &serial->ended;

	if (!serial->feeding || sizeof(ended->head) + frame->len <= TONGBU_BODY_MAX) {
		tb_serial_seal_frame(serial, frame);
		return;
	}
	tb_serial_seal_ended(serial);
	prepare(serial, frame);
	memcpy(ended->bytes, frame->bytes, frame->len);
	ended->event.data = ended->bytes;
	ended->waits = true;
}

/* Whoever else has sealed it meanwhile may have another there by now: then nothing
 * waits, and what was hashed is of no use.
 */
static void seal_long_frame(struct tb_serial *serial, u16 len)
{
	u8 digest[TB_BLAKE2S_LEN];
	unsigned long flags;

	tb_blake2s(digest, &serial->ended.head, sizeof(serial->ended.head),
		   serial->ended.bytes, len);
	raw_spin_lock_irqsave(&serial->lock, flags);
	if (serial->ended.waits)
		seal(serial, digest);
	raw_spin_unlock_irqrestore(&serial->lock, flags);
}

static enum tb_mark mark_of(u8 flag)
{
	switch (flag) {
	case TTY_BREAK:
		return TB_MARK_BREAK;
	case TTY_OVERRUN:
		return TB_MARK_OVERRUN;
	case TTY_PARITY:
	case TTY_FRAME:
		return TB_MARK_DAMAGED;
	default:
		return TB_MARK_NONE;
	}
}

static void watch_for_silence(struct tb_serial *serial)
{
	if (!serial->gap)
		return;
	if (tb_framer_busy(&serial->framer))
		hrtimer_start(&serial->silence, ns_to_ktime(serial->gap), HRTIMER_MODE_REL_HARD);
	else
		hrtimer_try_to_cancel(&serial->silence);
}

/* Some of the bytes; how many are left then is for the next hold of the lock. */
static size_t feed_some(struct tb_serial *serial, const u8 *bytes, const u8 *marks, size_t i,
			size_t count, const struct tb_stamp *stamp)
{
	size_t end = min_t(size_t, count, i + SLICE);
	u64 frames = serial->good + serial->bad;

	lockdep_assert_held(&serial->lock);
	serial->feeding = true;
	for (; i < end && !serial->ended.waits &&
	     serial->good + serial->bad - frames < TB_HOLD_RECORDS; i++)
		tb_framer_feed(&serial->framer, bytes[i],
			       marks ? mark_of(marks[i]) : TB_MARK_NONE, stamp);
	serial->feeding = false;
	watch_for_silence(serial);
	return i;
}

/**
 * tb_serial_receive() - bytes came
 * @serial: the line
 * @bytes: the bytes
 * @marks: TTY_* for each of them, or NULL if there is nothing to say
 * @count: how many
 *
 * Context: process, under the line discipline's reference; does not sleep.
 */
void tb_serial_receive(struct tb_serial *serial, const u8 *bytes, const u8 *marks, size_t count)
{
	struct tb_stamp stamp = tb_stamp_now();
	unsigned long flags;
	size_t i;
	u16 len;

	trace_tongbu_capture(serial->source.stream.id, stamp.boot);
	for (i = 0; i < count; ) {
		raw_spin_lock_irqsave(&serial->lock, flags);
		i = serial->listening ? feed_some(serial, bytes, marks, i, count, &stamp) : count;
		len = serial->ended.waits ? serial->ended.event.data_len : 0;
		raw_spin_unlock_irqrestore(&serial->lock, flags);
		if (len)
			seal_long_frame(serial, len);
	}
}

static enum hrtimer_restart silence_timer(struct hrtimer *timer)
{
	struct tb_serial *serial = container_of(timer, struct tb_serial, silence);
	unsigned long flags;

	raw_spin_lock_irqsave(&serial->lock, flags);
	/* Bytes since the timer ran out have started it again. */
	if (serial->listening && !hrtimer_is_queued(timer))
		tb_framer_end(&serial->framer);
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	return HRTIMER_NORESTART;
}

/* What has begun will not be finished: it is a bad frame. */
static void stop_port(struct tb_serial *serial)
{
	lockdep_assert_held(&serial->lock);
	tb_serial_seal_ended(serial);
	if (serial->listening)
		tb_framer_end(&serial->framer);
	serial->framer.asked = false;
	serial->listening = false;
}

/**
 * tb_serial_hang_up() - the port is being hung up
 * @serial: the line
 *
 * Context: process, under the tty's lock, which the port is closed without.
 */
void tb_serial_hang_up(struct tb_serial *serial)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&serial->lock, flags);
	stop_port(serial);
	serial->hung = true;
	/* Under the lock, so that it is never queued behind its cancelling. */
	if (serial->started)
		mod_delayed_work(system_long_wq, &serial->tend, 0);
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	tb_modem_hang_up(serial);
}

static void listen_to_port(struct tb_serial *serial)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&serial->lock, flags);
	serial->listening = !serial->hung;
	swake_up_one(&serial->modbus.wait);
	raw_spin_unlock_irqrestore(&serial->lock, flags);
}

static void note_gone(struct tb_serial *serial, enum tongbu_absence why)
{
	u64 since = serial->since;

	serial->why = why;
	serial->since = tb_stamp_now().boot;
	tb_source_gone(&serial->source, why, since, tb_serial_port(serial));
}

static void note_back(struct tb_serial *serial)
{
	u64 since = serial->since;

	serial->since = tb_stamp_now().boot;
	tb_source_back(&serial->source, serial->why, since, tb_serial_port(serial),
		       serial->modem.levels);
	listen_to_port(serial);
}

static bool is_hung(struct tb_serial *serial)
{
	unsigned long flags;
	bool hung;

	raw_spin_lock_irqsave(&serial->lock, flags);
	hung = serial->hung;
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	return hung;
}

static bool is_absence(int err)
{
	return err == -ENODEV || err == -ENXIO || err == -EIO;
}

/* A port that can be opened at once was hung up; one that cannot is not there. */
static void reopen(struct tb_serial *serial)
{
	int err;

	tb_port_close(serial);
	err = tb_port_open(serial);
	note_gone(serial, is_absence(err) ? TONGBU_ABSENT_REMOVED : TONGBU_ABSENT_HANGUP);
	if (!err)
		note_back(serial);
}

static void tend_work(struct work_struct *work)
{
	struct tb_serial *serial = container_of(work, struct tb_serial, tend.work);

	if (serial->tty && is_hung(serial))
		reopen(serial);
	else if (!serial->tty && !tb_port_open(serial))
		note_back(serial);
	else if (serial->tty && tb_serial_has_modem(serial))
		tb_modem_look(serial);

	if (!serial->tty)
		queue_delayed_work(system_long_wq, &serial->tend, RETRY);
	else if (tb_serial_has_modem(serial))
		queue_delayed_work(system_long_wq, &serial->tend, LOOK);
}

static void serial_start(struct tb_source *source)
{
	struct tb_serial *serial = to_serial(source);
	unsigned long flags;

	if (!serial->tty && !source->gone)
		note_gone(serial, TONGBU_ABSENT_YET);
	if (serial->tty)
		listen_to_port(serial);
	raw_spin_lock_irqsave(&serial->lock, flags);
	serial->started = true;
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	queue_delayed_work(system_long_wq, &serial->tend, serial->tty ? 0 : RETRY);
}

static void serial_stop(struct tb_source *source)
{
	struct tb_serial *serial = to_serial(source);
	unsigned long flags;

	raw_spin_lock_irqsave(&serial->lock, flags);
	serial->started = false;
	stop_port(serial);
	raw_spin_unlock_irqrestore(&serial->lock, flags);
	cancel_delayed_work_sync(&serial->tend);
	/* It may have opened the port just now. */
	raw_spin_lock_irqsave(&serial->lock, flags);
	stop_port(serial);
	raw_spin_unlock_irqrestore(&serial->lock, flags);
}

static void serial_destroy(struct tb_source *source)
{
	struct tb_serial *serial = to_serial(source);

	tb_port_close(serial);
	hrtimer_cancel(&serial->silence);
	kfree(serial);
}

static void set_times(struct tb_serial *serial)
{
	const struct tongbu_serial *line = &serial->tail.line;
	u32 bits = 1 + line->bits + (line->parity != TONGBU_PARITY_NONE) + line->stop;
	u32 gap = le32_to_cpu(line->gap);

	serial->character = div_u64((u64)bits * NSEC_PER_SEC, le32_to_cpu(line->baud));
	if (gap)
		serial->gap = gap * (u64)NSEC_PER_USEC + THREAD_LATE_NS +
			      (u64)FIFO_CHARACTERS * serial->character;
}

static struct tb_source *serial_create(struct nlattr **attrs, const struct tongbu_source *def,
				       struct netlink_ext_ack *extack)
{
	struct tb_serial *serial;
	int err;

	serial = kzalloc(sizeof(*serial), GFP_KERNEL);
	if (!serial)
		return ERR_PTR(-ENOMEM);
	serial->source.ops = &tb_serial_ops;
	serial->source.def = *def;
	err = tb_serial_read_request(serial, attrs, extack);
	if (err)
		goto err_free;
	set_times(serial);
	raw_spin_lock_init(&serial->lock);
	init_swait_queue_head(&serial->modbus.wait);
	hrtimer_setup(&serial->silence, silence_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	INIT_DELAYED_WORK(&serial->tend, tend_work);
	tb_framer_init(&serial->framer, serial->tail.line.framing,
		       le32_to_cpu(serial->tail.line.length), take_frame);

	err = tb_port_open(serial);
	if (err && !is_absence(err)) {
		tb_refuse(extack, attrs[TONGBU_A_SERIAL_PORT], err, "%s", serial->trouble);
		goto err_free;
	}
	serial->since = tb_stamp_now().boot;
	serial->source.def.level = serial->modem.levels;
	return &serial->source;

err_free:
	kfree(serial);
	return ERR_PTR(err);
}

const struct tb_source_ops tb_serial_ops = {
	.type = TONGBU_SOURCE_SERIAL,
	.create = serial_create,
	.start = serial_start,
	.stop = serial_stop,
	.destroy = serial_destroy,
	.put = tb_serial_put,
};
