// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two serial ports with a null-modem cable between them, for tests: what one says
 * the other hears. A driver like any other for the kernel's serial core, with a
 * cable where others have hardware, since no simulated UART can move its modem
 * lines, get parity errors or be unplugged.
 *
 *	at one end		at the other
 *	data			data; with a parity error where both ends have parity and
 *				they differ, with a framing error where speeds differ
 *	break			break
 *	RTS, DTR, OUT2, OUT1	CTS, DSR, DCD, RI; interrupts only once they are enabled
 *
 * It does up to 115200 baud, and 8 data bits only. In /sys/module/uart_sim/parameters
 * "unplug" and "plug" take the number of a port, "hangup" and "overrun" as well.
 */
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/serial_core.h>
#include <linux/tty.h>
#include <linux/tty_flip.h>
#include <linux/version.h>
#include <linux/workqueue.h>

#define PORTS	 2
#define BAUD_MAX 115200
#define PORT_SIM 9999

/**
 * struct sim - one end of the cable
 * @port: the port
 * @door: guards @open; the port's own lock is made anew when it is plugged, so the
 *	other end takes it only behind this one, while the port is open
 * @open: bytes are taken
 * @ms: changes of modem lines are told
 * @mctrl: lines this end drives, TIOCM_*
 * @msr: lines this end has told of, TIOCM_*
 * @cflag: as the port is set
 * @baud: as the port is set
 * @plugged: the port is there
 * @send: carries bytes over
 * @lines: tells of lines that changed
 */
struct sim {
	struct uart_port port;
	spinlock_t door;
	bool open;
	bool ms;
	unsigned int mctrl;
	unsigned int msr;
	tcflag_t cflag;
	unsigned int baud;
	bool plugged;
	struct work_struct send;
	struct irq_work lines;
};

static struct sim sims[PORTS];
static struct platform_device *device;
static DEFINE_MUTEX(plug_lock);

static struct sim *to_sim(struct uart_port *port)
{
	return container_of(port, struct sim, port);
}

static struct sim *other_end(const struct sim *sim)
{
	return &sims[1 - (sim - sims)];
}

static unsigned int lines_of(const struct sim *sim)
{
	unsigned int theirs = READ_ONCE(other_end(sim)->mctrl), lines = 0;

	if (theirs & TIOCM_RTS)
		lines |= TIOCM_CTS;
	if (theirs & TIOCM_DTR)
		lines |= TIOCM_DSR;
	if (theirs & TIOCM_OUT2)
		lines |= TIOCM_CAR;
	if (theirs & TIOCM_OUT1)
		lines |= TIOCM_RNG;
	return lines;
}

/* As a UART's interrupt does it */
static void tell_lines(struct irq_work *work)
{
	struct sim *sim = container_of(work, struct sim, lines);
	struct uart_port *port = &sim->port;
	unsigned int lines, changed;
	unsigned long flags;

	spin_lock_irqsave(&sim->door, flags);
	if (!sim->open)
		goto out;
	spin_lock(&port->lock);
	lines = lines_of(sim);
	changed = lines ^ sim->msr;
	sim->msr = lines;
	if (sim->ms && changed) {
		if (changed & TIOCM_CAR)
			uart_handle_dcd_change(port, lines & TIOCM_CAR);
		if (changed & TIOCM_CTS)
			uart_handle_cts_change(port, lines & TIOCM_CTS);
		if (changed & TIOCM_DSR)
			port->icount.dsr++;
		if (changed & TIOCM_RNG && !(lines & TIOCM_RNG))
			port->icount.rng++;
		wake_up_interruptible(&port->state->port.delta_msr_wait);
	}
	spin_unlock(&port->lock);
out:
	spin_unlock_irqrestore(&sim->door, flags);
}

static char flag_of(const struct sim *from, const struct sim *to)
{
	if (from->baud != to->baud)
		return TTY_FRAME;
	if ((from->cflag & to->cflag & PARENB) && ((from->cflag ^ to->cflag) & PARODD))
		return TTY_PARITY;
	return TTY_NORMAL;
}

static void hear(struct sim *sim, const u8 *bytes, unsigned int count, char flag)
{
	struct uart_port *port = &sim->port;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&sim->door, flags);
	if (sim->open) {
		spin_lock(&port->lock);
		port->icount.rx += count;
		for (i = 0; i < count; i++)
			tty_insert_flip_char(&port->state->port, bytes[i], flag);
		tty_flip_buffer_push(&port->state->port);
		spin_unlock(&port->lock);
	}
	spin_unlock_irqrestore(&sim->door, flags);
}

/* What is to be sent is in a kfifo since 6.10. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
static unsigned int from_queue(struct uart_state *state, u8 *bytes, unsigned int room,
			       unsigned int *left)
{
	unsigned int count = kfifo_out(&state->port.xmit_fifo, bytes, room);

	*left = kfifo_len(&state->port.xmit_fifo);
	return count;
}
#else
static unsigned int from_queue(struct uart_state *state, u8 *bytes, unsigned int room,
			       unsigned int *left)
{
	struct circ_buf *xmit = &state->xmit;
	unsigned int count = 0;

	while (count < room && !uart_circ_empty(xmit)) {
		bytes[count++] = xmit->buf[xmit->tail];
		xmit->tail = (xmit->tail + 1) & (UART_XMIT_SIZE - 1);
	}
	*left = uart_circ_chars_pending(xmit);
	return count;
}
#endif

static unsigned int take_bytes(struct sim *sim, u8 *bytes, unsigned int room)
{
	struct uart_port *port = &sim->port;
	unsigned int count = 0, left;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (sim->open && !uart_tx_stopped(port)) {
		count = from_queue(port->state, bytes, room, &left);
		port->icount.tx += count;
		if (left < WAKEUP_CHARS)
			uart_write_wakeup(port);
	}
	spin_unlock_irqrestore(&port->lock, flags);
	return count;
}

static void send_work(struct work_struct *work)
{
	struct sim *sim = container_of(work, struct sim, send);
	struct sim *other = other_end(sim);
	unsigned int count;
	u8 bytes[16];

	do {
		count = take_bytes(sim, bytes, sizeof(bytes));
		if (READ_ONCE(other->plugged))
			hear(other, bytes, count, flag_of(sim, other));
	} while (count);
}

static unsigned int sim_tx_empty(struct uart_port *port)
{
	return TIOCSER_TEMT;
}

static void sim_set_mctrl(struct uart_port *port, unsigned int mctrl)
{
	struct sim *sim = to_sim(port);
	struct sim *other = other_end(sim);

	WRITE_ONCE(sim->mctrl, mctrl);
	/* An end that is not there, or not yet, has not even a lock. */
	if (READ_ONCE(other->plugged))
		irq_work_queue(&other->lines);
}

static unsigned int sim_get_mctrl(struct uart_port *port)
{
	return lines_of(to_sim(port));
}

static void sim_stop(struct uart_port *port)
{
}

static void sim_start_tx(struct uart_port *port)
{
	queue_work(system_highpri_wq, &to_sim(port)->send);
}

static void sim_enable_ms(struct uart_port *port)
{
	to_sim(port)->ms = true;
}

static void sim_break_ctl(struct uart_port *port, int on)
{
	const u8 zero = 0;

	if (on)
		hear(other_end(to_sim(port)), &zero, 1, TTY_BREAK);
}

static void set_open(struct uart_port *port, bool open)
{
	struct sim *sim = to_sim(port);

	spin_lock_irq(&sim->door);
	sim->open = open;
	sim->ms = false;
	sim->msr = lines_of(sim);
	spin_unlock_irq(&sim->door);
}

static int sim_startup(struct uart_port *port)
{
	set_open(port, true);
	return 0;
}

static void sim_shutdown(struct uart_port *port)
{
	set_open(port, false);
	cancel_work_sync(&to_sim(port)->send);
}

static void sim_set_termios(struct uart_port *port, struct ktermios *termios,
			    const struct ktermios *old)
{
	struct sim *sim = to_sim(port);
	unsigned long flags;

	termios->c_cflag = (termios->c_cflag & ~CSIZE) | CS8;
	spin_lock_irqsave(&port->lock, flags);
	sim->baud = uart_get_baud_rate(port, termios, old, 50, BAUD_MAX);
	sim->cflag = termios->c_cflag;
	sim->ms = UART_ENABLE_MS(port, termios->c_cflag);
	uart_update_timeout(port, termios->c_cflag, sim->baud);
	spin_unlock_irqrestore(&port->lock, flags);
	tty_termios_encode_baud_rate(termios, sim->baud, sim->baud);
}

static const char *sim_type(struct uart_port *port)
{
	return "simulated";
}

static void sim_release_port(struct uart_port *port)
{
}

static int sim_request_port(struct uart_port *port)
{
	return 0;
}

static void sim_config_port(struct uart_port *port, int flags)
{
	port->type = PORT_SIM;
}

static const struct uart_ops sim_ops = {
	.tx_empty = sim_tx_empty,
	.set_mctrl = sim_set_mctrl,
	.get_mctrl = sim_get_mctrl,
	.stop_tx = sim_stop,
	.start_tx = sim_start_tx,
	.stop_rx = sim_stop,
	.enable_ms = sim_enable_ms,
	.break_ctl = sim_break_ctl,
	.startup = sim_startup,
	.shutdown = sim_shutdown,
	.set_termios = sim_set_termios,
	.type = sim_type,
	.release_port = sim_release_port,
	.request_port = sim_request_port,
	.config_port = sim_config_port,
};

static struct uart_driver driver = {
	.owner = THIS_MODULE,
	.driver_name = "uart_sim",
	.dev_name = "ttySIM",
	.nr = PORTS,
};

static int plug(struct sim *sim)
{
	int err;

	if (sim->plugged)
		return -EBUSY;
	memset(&sim->port, 0, sizeof(sim->port));
	sim->port.ops = &sim_ops;
	sim->port.dev = &device->dev;
	sim->port.line = sim - sims;
	sim->port.type = PORT_UNKNOWN;
	sim->port.iotype = UPIO_MEM;
	/* The core takes a port without an address for one that is not there. */
	sim->port.mapbase = 1 + sim->port.line;
	sim->port.fifosize = 16;
	sim->port.uartclk = BAUD_MAX * 16;
	sim->port.flags = UPF_BOOT_AUTOCONF;
	err = uart_add_one_port(&driver, &sim->port);
	WRITE_ONCE(sim->plugged, !err);
	return err;
}

static int unplug(struct sim *sim)
{
	if (!sim->plugged)
		return -ENODEV;
	WRITE_ONCE(sim->plugged, false);
	/* The other end may be talking to it this moment. */
	flush_work(&other_end(sim)->send);
	uart_remove_one_port(&driver, &sim->port);
	irq_work_sync(&sim->lines);
	return 0;
}

static int hang_up(struct sim *sim)
{
	if (!sim->plugged)
		return -ENODEV;
	tty_port_tty_vhangup(&sim->port.state->port);
	return 0;
}

static int overrun(struct sim *sim)
{
	const u8 zero = 0;

	if (!sim->plugged)
		return -ENODEV;
	hear(sim, &zero, 1, TTY_OVERRUN);
	return 0;
}

static int set_knob(const char *value, const struct kernel_param *param)
{
	int (*turn)(struct sim * sim) = param->arg;
	unsigned int number;
	int err;

	err = kstrtouint(value, 0, &number);
	if (err || number >= PORTS)
		return err ?: -ERANGE;
	mutex_lock(&plug_lock);
	err = device ? turn(&sims[number]) : -ENODEV;
	mutex_unlock(&plug_lock);
	return err;
}

static const struct kernel_param_ops knob = { .set = set_knob };

module_param_cb(plug, &knob, plug, 0200);
module_param_cb(unplug, &knob, unplug, 0200);
module_param_cb(hangup, &knob, hang_up, 0200);
module_param_cb(overrun, &knob, overrun, 0200);

static int __init sim_init(void)
{
	unsigned int i;
	int err;

	device = platform_device_register_simple("uart_sim", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	err = uart_register_driver(&driver);
	if (err)
		goto err_device;
	for (i = 0; i < PORTS; i++) {
		spin_lock_init(&sims[i].door);
		INIT_WORK(&sims[i].send, send_work);
		init_irq_work(&sims[i].lines, tell_lines);
	}
	for (i = 0; i < PORTS; i++) {
		err = plug(&sims[i]);
		if (err)
			goto err_ports;
	}
	return 0;

err_ports:
	while (i--)
		unplug(&sims[i]);
	uart_unregister_driver(&driver);
err_device:
	platform_device_unregister(device);
	return err;
}

static void __exit sim_exit(void)
{
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		unplug(&sims[i]);
	uart_unregister_driver(&driver);
	platform_device_unregister(device);
}

module_init(sim_init);
module_exit(sim_exit);

MODULE_DESCRIPTION("Two simulated serial ports with a cable between them");
MODULE_LICENSE("GPL");
