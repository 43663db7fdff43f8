/* SPDX-License-Identifier: GPL-2.0-only */
/* Serial lines as sources: what their parts share. */
#ifndef TONGBU_SERIAL_H
#define TONGBU_SERIAL_H

#include <linux/hrtimer.h>
#include <linux/serial.h>
#include <linux/spinlock.h>
#include <linux/swait.h>
#include <linux/tty.h>
#include <linux/workqueue.h>

#include "frame.h"
#include "source.h"

/**
 * struct tb_modem - the modem lines of a port
 * @watcher: the thread that waits for changes
 * @ending: it shall end
 * @levels: bit n - 1 for the level on record of enum tongbu_line n
 * @looked: @levels has a level of DCD that its interrupt has not told of yet
 * @turn: counts changes of @levels, so that what was read before one is not
 *	taken for news
 * @count: the port's counters as of @levels
 *
 * All but @ending under the source's lock.
 */
struct tb_modem {
	struct task_struct *watcher;
	bool ending;
	u8 levels;
	bool looked;
	u32 turn;
	struct serial_icounter_struct count;
};

/**
 * struct tb_modbus - polling of slaves
 * @poller: the thread that polls
 * @wait: it waits here; raw, so that it can be woken under the source's lock
 * @poll: which poll is asked, under the source's lock
 */
struct tb_modbus {
	struct task_struct *poller;
	struct swait_queue_head wait;
	u8 poll;
};

/**
 * struct tb_ended - the frame that ended last
 * @event: as it is sealed
 * @head: what goes before its bytes
 * @bytes: its bytes, while it waits
 * @asked: it answers a poll
 * @waits: it waits to be hashed, which is done with interrupts on, and sealed
 */
struct tb_ended {
	struct tb_event event;
	struct tongbu_frame head;
	u8 bytes[TONGBU_FRAME_MAX];
	bool asked;
	bool waits;
};

/**
 * struct tb_serial - a serial line
 * @source: what all sources have
 * @tail: what the record of arming it has besides
 * @character: time of a character on the line, ns
 * @gap: silence after which a frame has ended, ns; 0 if none ends it
 * @tty: its port, NULL while that is gone; set while nobody else runs: when it is
 *	made, freed, and by @tend
 * @trouble: why the port could not be opened, in words
 * @why: why it is gone, enum tongbu_absence
 * @since: CLOCK_BOOTTIME since when it is there, or is not, ns
 * @tend: sees to it that the port is open, and looks at the modem lines
 * @modem: its modem lines
 * @modbus: polling
 * @lock: guards all below; taken in hard interrupts, before the chain's lock
 * @started: @tend may run
 * @listening: what comes makes records
 * @hung: the port was hung up, and has not been closed yet
 * @framer: makes frames
 * @feeding: it is given bytes, by who may hash with interrupts on
 * @ended: what it made last
 * @silence: runs out when a frame has ended by a gap
 * @good: good frames
 * @bad: others
 * @skipped: bytes left out before answers
 * @echo_told: it was said that requests are heard back
 */
struct tb_serial {
	struct tb_source source;
	struct {
		struct tongbu_serial line;
		struct tongbu_poll poll[TONGBU_POLLS_MAX];
	} tail;
	u32 character;
	u64 gap;
	struct tty_struct *tty;
	char trouble[128];
	u8 why;
	u64 since;
	struct delayed_work tend;
	struct tb_modem modem;
	struct tb_modbus modbus;
	raw_spinlock_t lock;
	bool started;
	bool listening;
	bool hung;
	struct tb_framer framer;
	bool feeding;
	struct tb_ended ended;
	struct hrtimer silence;
	u64 good;
	u64 bad;
	u64 skipped;
	bool echo_told;
};

static inline const char *tb_serial_port(const struct tb_serial *serial)
{
	return serial->source.def.chip;
}

static inline bool tb_serial_has_modem(const struct tb_serial *serial)
{
	return le32_to_cpu(serial->source.def.flags) & TONGBU_SOURCE_MODEM;
}

static inline bool tb_serial_polls(const struct tb_serial *serial)
{
	return serial->tail.line.framing == TONGBU_FRAMING_MODBUS;
}

/* serial_request.c */
int tb_serial_read_request(struct tb_serial *serial, struct nlattr **attrs,
			   struct netlink_ext_ack *extack);
int tb_serial_put(struct sk_buff *skb, const struct tb_source *source, bool live);

/* serial.c */
void tb_serial_receive(struct tb_serial *serial, const u8 *bytes, const u8 *marks, size_t count);
void tb_serial_seal_ended(struct tb_serial *serial);
void tb_serial_seal_frame(struct tb_serial *serial, const struct tb_frame *frame);
void tb_serial_hang_up(struct tb_serial *serial);

/* serial_port.c */
int tb_port_init(void);
void tb_port_exit(void);
int tb_port_open(struct tb_serial *serial);
void tb_port_close(struct tb_serial *serial);
int tb_port_write(struct tb_serial *serial, const u8 *bytes, size_t count);

/* modem.c */
int tb_modem_start(struct tb_serial *serial);
void tb_modem_stop(struct tb_serial *serial);
void tb_modem_hang_up(struct tb_serial *serial);
void tb_modem_look(struct tb_serial *serial);
void tb_modem_carrier(struct tb_serial *serial, bool active);

/* modbus.c */
int tb_modbus_start(struct tb_serial *serial);
void tb_modbus_stop(struct tb_serial *serial);

#endif /* TONGBU_SERIAL_H */
