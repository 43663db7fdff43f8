// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening serial ports from within the kernel, with a line discipline of our own.
 *
 * The tty layer keeps everybody else away from a port that the kernel holds. The
 * number of the discipline is the one for those that are not in the kernel's
 * tree; only we can set it, and only on a port we are just opening.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/tongbu.h>

#include "compat.h"
#include "serial.h"

static DEFINE_MUTEX(opening_lock);
/* Whose port is being opened, under opening_lock */
static struct tb_serial *opening;
static struct tty_struct *opening_tty;

/* The tty layer takes a reference to this module for each port with its line
 * discipline. Between open and close it is given back, for a port that is armed
 * shall not keep the module from being removed: that closes it.
 */
static int ldisc_open(struct tty_struct *tty)
{
	if (tty != READ_ONCE(opening_tty))
		return -EPERM;
	tty->disc_data = opening;
	tty->receive_room = 65536;
	module_put(THIS_MODULE);
	return 0;
}

static void ldisc_close(struct tty_struct *tty)
{
	__module_get(THIS_MODULE);
	tty->disc_data = NULL;
}

static void ldisc_hangup(struct tty_struct *tty)
{
	tb_serial_hang_up(tty->disc_data);
}

static tb_tty_count ldisc_receive(struct tty_struct *tty, const u8 *bytes,
				  tb_tty_marks *marks, tb_tty_count count)
{
	tb_serial_receive(tty->disc_data, bytes, (const u8 *)marks, count);
	return count;
}

static void ldisc_carrier(struct tty_struct *tty, bool active)
{
	tb_modem_carrier(tty->disc_data, active);
}

static struct tty_ldisc_ops ldisc = {
	.owner = THIS_MODULE,
	.num = N_DEVELOPMENT,
	.name = "tongbu",
	.open = ldisc_open,
	.close = ldisc_close,
	.hangup = ldisc_hangup,
	.receive_buf2 = ldisc_receive,
	.dcd_change = ldisc_carrier,
};

static __printf(3, 4)
int trouble(struct tb_serial *serial, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(serial->trouble, sizeof(serial->trouble), fmt, args);
	va_end(args);
	return err;
}

static tcflag_t wanted_cflag(const struct tongbu_serial *line)
{
	tcflag_t cflag = CREAD | CLOCAL | HUPCL | (line->bits == 7 ? CS7 : CS8);

	if (line->parity != TONGBU_PARITY_NONE)
		cflag |= PARENB;
	if (line->parity == TONGBU_PARITY_ODD)
		cflag |= PARODD;
	if (line->stop == 2)
		cflag |= CSTOPB;
	return cflag;
}

/* Drivers do not refuse what they cannot do; they leave something else behind. */
static int set_port(struct tb_serial *serial, struct tty_struct *tty)
{
	const tcflag_t mask = CSIZE | CSTOPB | PARENB | PARODD;
	const struct tongbu_serial *line = &serial->tail.line;
	u32 baud = le32_to_cpu(line->baud), got;
	struct ktermios termios;

	down_read(&tty->termios_rwsem);
	termios = tty->termios;
	up_read(&tty->termios_rwsem);
	termios.c_iflag = INPCK | BRKINT;
	termios.c_oflag = 0;
	termios.c_lflag = 0;
	termios.c_cflag = wanted_cflag(line);
	tty_termios_encode_baud_rate(&termios, baud, baud);
	tty_set_termios(tty, &termios);

	down_read(&tty->termios_rwsem);
	termios = tty->termios;
	up_read(&tty->termios_rwsem);
	got = tty_termios_baud_rate(&termios);
	/* A UART reads characters that are up to a few percent off. */
	if (abs((s64)got - baud) > baud / 50)
		return trouble(serial, -EINVAL, "%s does %u baud, not %u: give what it can do",
			       tb_serial_port(serial), got, baud);
	if ((termios.c_cflag ^ wanted_cflag(line)) & mask)
		return trouble(serial, -EINVAL,
			       "%s cannot do %u data bits with this parity and %u stop bits: give what it can do",
			       tb_serial_port(serial), line->bits, line->stop);
	if (tb_serial_has_modem(serial) && !tty->ops->tiocmget)
		return trouble(serial, -EOPNOTSUPP, "%s has no modem lines: leave that flag out",
			       tb_serial_port(serial));
	return 0;
}

/* Under the tty's lock */
static int activate(struct tb_serial *serial, struct tty_struct *tty)
{
	int err;

	if (!tty->ops->write)
		return -ENODEV;
	err = tty->ops->open(tty, NULL);
	if (err)
		return trouble(serial, err, "%s cannot be opened: error %d",
			       tb_serial_port(serial), -err);
	/* That is how a driver says that there is a port, and nothing behind it. */
	if (tty_io_error(tty))
		return -ENXIO;
	return set_port(serial, tty);
}

/* A port that was hung up is closed already, as far as its driver knows. */
static void close_tty(struct tty_struct *tty)
{
	tty_lock(tty);
	if (!test_bit(TTY_HUPPED, &tty->flags)) {
		/* Nothing may wait to be sent: closing would wait for it. */
		tty_driver_flush_buffer(tty);
		tty->ops->close(tty, NULL);
	}
	tty_unlock(tty);
	tty_kclose(tty);
}

static int set_discipline(struct tb_serial *serial, struct tty_struct *tty)
{
	int err;

	mutex_lock(&opening_lock);
	opening = serial;
	WRITE_ONCE(opening_tty, tty);
	err = tty_set_ldisc(tty, N_DEVELOPMENT);
	WRITE_ONCE(opening_tty, NULL);
	mutex_unlock(&opening_lock);
	if (err)
		trouble(serial, err, "%s cannot be read: error %d", tb_serial_port(serial), -err);
	return err;
}

static struct tty_struct *take_tty(struct tb_serial *serial)
{
	const char *port = tb_serial_port(serial);
	struct tty_struct *tty;
	dev_t number;
	int err;

	err = tty_dev_name_to_number(port, &number);
	if (err)
		return ERR_PTR(trouble(serial, err, "there is no port %s", port));
	tty = tty_kopen_exclusive(number);
	if (PTR_ERR_OR_ZERO(tty) == -EBUSY)
		trouble(serial, -EBUSY,
			"%s is held by another program: see fuser /dev/%s, and end it first",
			port, port);
	else if (IS_ERR(tty))
		trouble(serial, 0, "%s cannot be opened: error %ld", port, -PTR_ERR(tty));
	return tty;
}

/**
 * tb_port_open() - open the port of a line
 * @serial: the line, whose port is closed
 *
 * Sets @serial->trouble if it fails.
 *
 * Context: process, sleeps.
 * Return: 0; -ENODEV, -ENXIO or -EIO if the port is not there; -EBUSY if somebody
 * else has it; -EINVAL or -EOPNOTSUPP if it is there and not what is wanted;
 * another negative errno.
 */
int tb_port_open(struct tb_serial *serial)
{
	struct tty_struct *tty;
	int err;

	tty = take_tty(serial);
	if (IS_ERR(tty))
		return PTR_ERR(tty);
	if (tty->driver->type != TTY_DRIVER_TYPE_SERIAL || !tty->ops->open || !tty->ops->close) {
		tty_unlock(tty);
		tty_kclose(tty);
		return trouble(serial, -EINVAL, "%s is no serial port: give one, such as ttyS1",
			       tb_serial_port(serial));
	}
	err = activate(serial, tty);
	tty_unlock(tty);
	if (err)
		goto err_close;
	serial->hung = false;
	serial->tty = tty;
	err = set_discipline(serial, tty);
	if (err)
		goto err_close;
	err = tb_modem_start(serial);
	if (!err)
		err = tb_modbus_start(serial);
	if (err)
		goto err_threads;
	return 0;

err_threads:
	trouble(serial, err, "%s: no thread for it: error %d", tb_serial_port(serial), -err);
	tb_modem_stop(serial);
err_close:
	close_tty(tty);
	serial->tty = NULL;
	return err;
}

/**
 * tb_port_close() - close the port of a line, if it is open
 * @serial: the line
 *
 * Context: process, sleeps.
 */
void tb_port_close(struct tb_serial *serial)
{
	if (!serial->tty)
		return;
	tb_modbus_stop(serial);
	tb_modem_stop(serial);
	close_tty(serial->tty);
	serial->tty = NULL;
}

/**
 * tb_port_write() - say something to the line
 * @serial: the line, whose port stays open meanwhile
 * @bytes: what
 * @count: how many bytes
 *
 * Context: process, sleeps.
 * Return: bytes taken; -EIO if the port was hung up.
 */
int tb_port_write(struct tb_serial *serial, const u8 *bytes, size_t count)
{
	struct tty_struct *tty = serial->tty;
	/* With this held, a hangup waits. */
	struct tty_ldisc *ld = tty_ldisc_ref(tty);
	int written;

	if (!ld)
		return -EIO;
	written = tty->ops->write(tty, bytes, count);
	tty_ldisc_deref(ld);
	return written;
}

/**
 * tb_port_init() - be ready for ports
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int tb_port_init(void)
{
	return tty_register_ldisc(&ldisc);
}

/**
 * tb_port_exit() - have no more to do with ports; no source is left
 *
 * Context: process, sleeps.
 */
void tb_port_exit(void)
{
	tty_unregister_ldisc(&ldisc);
}
