// SPDX-License-Identifier: GPL-2.0-only
/* What a serial line is asked to be, checked; and telling of it. */
#include <linux/ctype.h>
#include <linux/console.h>
#include <linux/string.h>
#include <net/netlink.h>
#include <linux/tongbu.h>

#include "compat.h"
#include "family.h"
#include "serial.h"

#define SERIAL_FLAGS	(TONGBU_SOURCE_ACTIVE_LOW | TONGBU_SOURCE_CONFIGURED | TONGBU_SOURCE_MODEM)

#define BAUD_MIN	50U
#define BAUD_MAX	4000000U
#define GAP_MAX_US	1000000U
#define TIMEOUT_MIN_MS	10U
#define TIMEOUT_MAX_MS	60000U
#define INTERVAL_MIN_MS	20U
#define INTERVAL_MAX_MS	3600000U

/* Of the standard for Modbus over serial lines: from this speed on gaps are fixed */
#define FAST_BAUD	19200U
#define FAST_GAP_US	1750U

/* Any driver may be loaded later, so that all that can be told of a name is
 * whether it could be that of a serial port.
 */
static int check_port(const char *port, const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	static const char *const others[] = { "tty", "ttyp", "pty", "pts", "ptm" };
	size_t prefix = strcspn(port, "0123456789"), i;
	size_t digits = strspn(port + prefix, "0123456789");

	if (!prefix || !digits || digits > 6 || port[prefix + digits] || strchr(port, '/'))
		return tb_refuse(extack, attr, -EINVAL,
				 "%s is no name of a serial port: give it without /dev/, such as ttyS1 or ttyUSB0",
				 port);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (prefix == strlen(others[i]) && !strncmp(port, others[i], prefix))
			return tb_refuse(extack, attr, -EINVAL,
					 "%s is a terminal made by software: give a serial port, such as ttyS1 or ttyUSB0",
					 port);
	return 0;
}

static int check_console(const char *port, const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	char name[TONGBU_NAME_LEN];
	struct console *console;
	bool taken = false;

	console_list_lock();
	for_each_console(console) {
		snprintf(name, sizeof(name), "%s%d", console->name, console->index);
		if (!strcmp(name, port))
			taken = true;
	}
	console_list_unlock();
	if (taken)
		return tb_refuse(extack, attr, -EBUSY,
				 "%s is the kernel's console: give another port, or boot without console=%s",
				 port, port);
	return 0;
}

static int read_port(struct tb_serial *serial, struct nlattr **attrs,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[TONGBU_A_SERIAL_PORT];
	struct tongbu_source *def = &serial->source.def;
	u32 flags = le32_to_cpu(def->flags);
	int err;

	if (flags & ~SERIAL_FLAGS)
		return tb_refuse(extack, attrs[TONGBU_A_SOURCE_FLAGS], -EINVAL,
				 "flags 0x%x mean nothing for a serial line: leave them out",
				 (u32)(flags & ~SERIAL_FLAGS));
	if (!attr || !*(char *)nla_data(attr))
		return tb_refuse(extack, attr, -EINVAL,
				 "attribute SERIAL_PORT is missing or empty: the port, such as ttyS1");
	nla_strscpy(def->chip, attr, sizeof(def->chip));
	err = check_port(def->chip, attr, extack);
	return err ?: check_console(def->chip, attr, extack);
}

static int read_line(struct tongbu_serial *line, struct nlattr **attrs,
		     struct netlink_ext_ack *extack)
{
	u32 baud = tb_u32(attrs[TONGBU_A_SERIAL_BAUD], 9600);

	if (baud < BAUD_MIN || baud > BAUD_MAX)
		return tb_refuse(extack, attrs[TONGBU_A_SERIAL_BAUD], -ERANGE,
				 "%u baud: give %u to %u", baud, BAUD_MIN, BAUD_MAX);
	line->baud = cpu_to_le32(baud);
	line->bits = tb_u8(attrs[TONGBU_A_SERIAL_BITS], 8);
	line->parity = tb_u8(attrs[TONGBU_A_SERIAL_PARITY], TONGBU_PARITY_NONE);
	line->stop = tb_u8(attrs[TONGBU_A_SERIAL_STOP], 1);
	line->framing = tb_u8(attrs[TONGBU_A_SERIAL_FRAMING], TONGBU_FRAMING_LINE);
	if (line->framing == TONGBU_FRAMING_MODBUS && line->bits != 8)
		return tb_refuse(extack, attrs[TONGBU_A_SERIAL_BITS], -EINVAL,
				 "Modbus RTU with %u data bits: it needs 8", line->bits);
	return 0;
}

static int read_length(struct tongbu_serial *line, struct nlattr **attrs,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[TONGBU_A_SERIAL_LENGTH];
	u32 length = tb_u32(attr, TONGBU_FRAME_MAX);

	if (line->framing == TONGBU_FRAMING_MODBUS) {
		if (attr)
			return tb_refuse(extack, attr, -EINVAL,
					 "a length for Modbus RTU: leave SERIAL_LENGTH out, answers tell their own");
		length = TB_MODBUS_MAX;
	}
	if (line->framing == TONGBU_FRAMING_FIXED && !attr)
		return tb_refuse(extack, NULL, -EINVAL,
				 "attribute SERIAL_LENGTH is missing: the bytes of a frame of fixed length");
	if (!length || length > TONGBU_FRAME_MAX)
		return tb_refuse(extack, attr, -ERANGE,
				 "a frame of %u bytes: give 1 to %u", length, TONGBU_FRAME_MAX);
	line->length = cpu_to_le32(length);
	return 0;
}

/* 3.5 characters of 11 bits, as the standard counts them */
static u32 usual_gap(u32 baud)
{
	return baud > FAST_BAUD ? FAST_GAP_US : DIV_ROUND_UP(38500000U, baud);
}

static int read_gap(struct tongbu_serial *line, struct nlattr **attrs,
		    struct netlink_ext_ack *extack)
{
	u32 gap = tb_u32(attrs[TONGBU_A_SERIAL_GAP], 0);

	if (gap > GAP_MAX_US)
		return tb_refuse(extack, attrs[TONGBU_A_SERIAL_GAP], -ERANGE,
				 "a gap of %u us: the most is %u", gap, GAP_MAX_US);
	if (!gap && (line->framing == TONGBU_FRAMING_MODBUS ||
		     line->framing == TONGBU_FRAMING_FIXED))
		gap = usual_gap(le32_to_cpu(line->baud));
	line->gap = cpu_to_le32(gap);
	return 0;
}

static int check_poll(const struct tongbu_poll *poll, u32 number, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	u32 address = le16_to_cpu(poll->address), count = le16_to_cpu(poll->count);
	u32 most = poll->function <= 2 ? 2000 : 125;

	if (!poll->unit || poll->unit > 247)
		return tb_refuse(extack, attr, -ERANGE, "poll %u asks slave %u: give 1 to 247",
				 number, poll->unit);
	if (!poll->function || poll->function > 4)
		return tb_refuse(extack, attr, -ERANGE,
				 "poll %u has function %u: only 1 to 4 read and change nothing",
				 number, poll->function);
	if (!count || count > most)
		return tb_refuse(extack, attr, -ERANGE,
				 "poll %u asks for %u values: function %u gives 1 to %u at once",
				 number, count, poll->function, most);
	if (address + count > 65536)
		return tb_refuse(extack, attr, -ERANGE,
				 "poll %u asks for %u values from %u on: the last address is 65535",
				 number, count, address);
	if (poll->reserved)
		return tb_refuse(extack, attr, -EINVAL, "poll %u: its last two bytes must be 0",
				 number);
	return 0;
}

static int read_polls(struct tb_serial *serial, struct nlattr **attrs,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[TONGBU_A_SERIAL_POLLS];
	size_t bytes = attr ? nla_len(attr) : 0, size = sizeof(struct tongbu_poll), i;
	int err;

	if (!bytes)
		return tb_refuse(extack, attr, -EINVAL,
				 "attribute SERIAL_POLLS is missing or empty: what to ask the slaves");
	if (bytes % size || bytes / size > TONGBU_POLLS_MAX)
		return tb_refuse(extack, attr, -EINVAL,
				 "%zu bytes of polls: give 1 to %u of %zu bytes each",
				 bytes, TONGBU_POLLS_MAX, size);
	memcpy(serial->tail.poll, nla_data(attr), bytes);
	for (i = 0; i < bytes / size; i++) {
		err = check_poll(&serial->tail.poll[i], i, attr, extack);
		if (err)
			return err;
	}
	serial->tail.line.polls = cpu_to_le16(bytes / size);
	return 0;
}

static int read_polling(struct tb_serial *serial, struct nlattr **attrs,
			struct netlink_ext_ack *extack)
{
	static const int only[] = {
		TONGBU_A_SERIAL_POLLS, TONGBU_A_SERIAL_TIMEOUT, TONGBU_A_SOURCE_INTERVAL,
	};
	u32 timeout = tb_u32(attrs[TONGBU_A_SERIAL_TIMEOUT], 1000);
	u32 interval = tb_u32(attrs[TONGBU_A_SOURCE_INTERVAL], 1000);
	size_t i;

	if (!tb_serial_polls(serial)) {
		for (i = 0; i < ARRAY_SIZE(only); i++)
			if (attrs[only[i]])
				return tb_refuse(extack, attrs[only[i]], -EINVAL,
						 "polls, timeout and interval are for Modbus RTU: leave them out");
		return 0;
	}
	if (timeout < TIMEOUT_MIN_MS || timeout > TIMEOUT_MAX_MS)
		return tb_refuse(extack, attrs[TONGBU_A_SERIAL_TIMEOUT], -ERANGE,
				 "%u ms for an answer: give %u to %u", timeout,
				 TIMEOUT_MIN_MS, TIMEOUT_MAX_MS);
	if (interval < INTERVAL_MIN_MS || interval > INTERVAL_MAX_MS)
		return tb_refuse(extack, attrs[TONGBU_A_SOURCE_INTERVAL], -ERANGE,
				 "polling each %u ms: give %u to %u", interval,
				 INTERVAL_MIN_MS, INTERVAL_MAX_MS);
	serial->tail.line.timeout = cpu_to_le32(timeout);
	serial->source.more.interval = cpu_to_le32(interval);
	return read_polls(serial, attrs, extack);
}

/**
 * tb_serial_read_request() - take over what is asked for
 * @serial: filled in but for its times
 * @attrs: the request
 * @extack: where to say what is wrong with it
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno after tb_refuse().
 */
int tb_serial_read_request(struct tb_serial *serial, struct nlattr **attrs,
			   struct netlink_ext_ack *extack)
{
	struct tongbu_serial *line = &serial->tail.line;
	int err;

	err = read_port(serial, attrs, extack);
	if (!err)
		err = read_line(line, attrs, extack);
	if (!err)
		err = read_length(line, attrs, extack);
	if (!err)
		err = read_gap(line, attrs, extack);
	if (!err)
		err = read_polling(serial, attrs, extack);
	serial->source.tail = &serial->tail;
	serial->source.tail_len = sizeof(*line) +
				  le16_to_cpu(line->polls) * sizeof(struct tongbu_poll);
	return err;
}

/**
 * tb_serial_put() - tell of a serial line
 * @skb: the message
 * @source: the line
 * @live: the levels of its modem lines, too
 *
 * Context: process; does not sleep.
 * Return: 0 or -EMSGSIZE.
 */
int tb_serial_put(struct sk_buff *skb, const struct tb_source *source, bool live)
{
	const struct tb_serial *serial = container_of(source, struct tb_serial, source);
	const struct tongbu_serial *line = &serial->tail.line;
	u16 polls = le16_to_cpu(line->polls);

	if (nla_put_string(skb, TONGBU_A_SERIAL_PORT, tb_serial_port(serial)) ||
	    nla_put_u32(skb, TONGBU_A_SERIAL_BAUD, le32_to_cpu(line->baud)) ||
	    nla_put_u8(skb, TONGBU_A_SERIAL_BITS, line->bits) ||
	    nla_put_u8(skb, TONGBU_A_SERIAL_PARITY, line->parity) ||
	    nla_put_u8(skb, TONGBU_A_SERIAL_STOP, line->stop) ||
	    nla_put_u8(skb, TONGBU_A_SERIAL_FRAMING, line->framing) ||
	    nla_put_u32(skb, TONGBU_A_SERIAL_LENGTH, le32_to_cpu(line->length)) ||
	    nla_put_u32(skb, TONGBU_A_SERIAL_GAP, le32_to_cpu(line->gap)) ||
	    nla_put_u64_64bit(skb, TONGBU_A_SERIAL_GOOD, READ_ONCE(serial->good), TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_SERIAL_BAD, READ_ONCE(serial->bad), TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_SERIAL_SKIPPED, READ_ONCE(serial->skipped),
			      TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_SERIAL_ECHOES, READ_ONCE(serial->framer.echoes),
			      TONGBU_A_PAD))
		return -EMSGSIZE;
	if (live && tb_serial_has_modem(serial) &&
	    nla_put_u8(skb, TONGBU_A_SOURCE_LEVEL, READ_ONCE(serial->modem.levels)))
		return -EMSGSIZE;
	if (polls &&
	    (nla_put_u32(skb, TONGBU_A_SERIAL_TIMEOUT, le32_to_cpu(line->timeout)) ||
	     nla_put(skb, TONGBU_A_SERIAL_POLLS, polls * sizeof(struct tongbu_poll),
		     serial->tail.poll)))
		return -EMSGSIZE;
	return 0;
}
