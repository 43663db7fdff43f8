/* SPDX-License-Identifier: GPL-2.0-only */
/* Chips that come and go under the lines that are held of them. */
#ifndef TONGBU_GPIO_CHIP_H
#define TONGBU_GPIO_CHIP_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/tongbu.h>

struct device;
struct gpio_chip;
struct module;
struct netlink_ext_ack;
struct tb_chip_bus;
struct tb_gpio_watch;

/**
 * struct tb_gpio_watch_ops - what a holder of a line does as its chip comes and goes
 * @take: take the line; the chip stays where it is meanwhile. Called by
 *	tb_gpio_watch_add(), and with no @extack when the chip is there again;
 *	0 or a negative errno after tb_refuse()
 * @drop: let go of the line, and of all that depends on it: @take is undone.
 *	Called before the chip goes, and by tb_gpio_watch_del()
 * @gone: the line was dropped because the chip goes
 * @back: the line was taken because the chip is there again
 *
 * All in process context, under tb_gpio_lock(); they sleep. None of them may
 * wait for the lock under which their holder adds and deletes watches.
 */
struct tb_gpio_watch_ops {
	int (*take)(struct tb_gpio_watch *watch, struct netlink_ext_ack *extack);
	void (*drop)(struct tb_gpio_watch *watch);
	void (*gone)(struct tb_gpio_watch *watch);
	void (*back)(struct tb_gpio_watch *watch);
};

/**
 * struct tb_chip_ear - what it takes to hear of a chip that goes
 * @bus: the bus of its parent, which tells of that one's driver; or NULL
 * @owner: that driver's module, without which the bus may go; or NULL
 */
struct tb_chip_ear {
	struct tb_chip_bus *bus;
	struct module *owner;
};

/**
 * struct tb_gpio_watch - a line that is held, and the chip it is of
 * @list: in the list of all; under tb_gpio_lock(), like what follows
 * @ops: what its holder does
 * @label: what tb_chip_is() knows the chip by; the holder's, for as long as it watches
 * @ear: what listens for it to go, while it is there
 * @parent: device whose driver makes the chip; NULL while that is gone, or if it has none;
 *	set when @ops->take is called
 * @chip: the chip's own device, held with a line that gpiolib does not hold it for
 * @gone: the chip is gone, and the line is not held
 * @since: CLOCK_BOOTTIME since when @gone is what it is, ns; in @ops->gone and
 *	@ops->back since when it was otherwise
 * @round: when it was last tried to take the line again
 * @device: the kernel's name of @parent, NUL-padded; kept while that is gone
 */
struct tb_gpio_watch {
	struct list_head list;
	const struct tb_gpio_watch_ops *ops;
	const char *label;
	struct tb_chip_ear ear;
	struct device *parent;
	struct device *chip;
	bool gone;
	u64 since;
	u32 round;
	char device[TONGBU_DEVICE_LEN];
};

bool tb_chip_is(const struct gpio_chip *chip, const char *name);
int tb_gpio_watch_add(struct tb_gpio_watch *watch, struct netlink_ext_ack *extack);
void tb_gpio_watch_del(struct tb_gpio_watch *watch);
void tb_gpio_lock(void);
void tb_gpio_unlock(void);
void tb_gpio_chip_exit(void);

#endif /* TONGBU_GPIO_CHIP_H */
