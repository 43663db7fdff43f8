// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking a line of a GPIO chip, named by the chip's label and an offset.
 *
 * gpiolib looks lines up by labels alone, and takes the first chip of two. Of a chip that
 * was named by its device the line is requested directly; what gpiolib would hold for it,
 * the chip's own device, is held here. The module is held by who listens to the device.
 */
#include <linux/err.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/netlink.h>
#include <linux/tongbu.h>

#include "compat.h"
#include "family.h"
#include "gpio.h"
#include "gpio_chip.h"

static struct platform_device *device;

/* What stands in the way of taking a line, for the message about it */
struct line_query {
	const char *name;
	u32 line;
	struct gpio_chip *chip;
	const struct device *parent;
	u32 found;
	u32 lines;
	char holder[TONGBU_NAME_LEN];
	char device[2][TONGBU_DEVICE_LEN];
};

static int look_at_line(struct gpio_chip *chip, tb_chip_data *data)
{
	struct line_query *query = (struct line_query *)data;
	char *holder;

	if (!tb_chip_is(chip, query->name))
		return 0;
	if (query->found < ARRAY_SIZE(query->device))
		scnprintf(query->device[query->found], TONGBU_DEVICE_LEN, "%s:%s",
			  chip->parent && chip->parent->bus ? chip->parent->bus->name : "",
			  chip->parent ? dev_name(chip->parent) : "?");
	if (query->found++)
		return 0;
	if (!chip->label || strcmp(chip->label, query->name)) {
		query->chip = chip;
		query->parent = chip->parent;
	}
	query->lines = chip->ngpio;
	if (query->line < chip->ngpio) {
		holder = gpiochip_dup_line_label(chip, query->line);
		if (holder)
			strscpy(query->holder, IS_ERR(holder) ? "?" : holder,
				sizeof(query->holder));
		if (!IS_ERR(holder))
			kfree(holder);
	}
	return 0;
}

/* @chip: set to the chip if it was named by its device, else to NULL */
static int check_line(const struct tb_gpio_line *line, struct gpio_chip **chip,
		      struct netlink_ext_ack *extack)
{
	const char *name = line->watch->label;
	struct line_query query = { .name = name, .line = line->offset };

	tb_chip_find(&query, look_at_line);
	if (!query.found)
		return tb_refuse(extack, line->chip_attr, -ENODEV,
				 "there is no GPIO chip labelled %s: see gpiodetect", name);
	/* The first would be taken, whichever that is today. */
	if (query.found > 1)
		return tb_refuse(extack, line->chip_attr, -ENOTUNIQ,
				 "%u GPIO chips are labelled %s, of %s and %s: name one of these instead",
				 query.found, name, query.device[0], query.device[1]);
	if (line->offset >= query.lines)
		return tb_refuse(extack, line->line_attr, -ERANGE,
				 "chip %s has %u lines, there is no line %u",
				 name, query.lines, line->offset);
	if (*query.holder)
		return tb_refuse(extack, line->line_attr, -EBUSY,
				 "line %u of chip %s is held by %s: free it first",
				 line->offset, name, query.holder);
	/* One that has just come is not locked. */
	if (query.chip && query.parent != line->watch->parent)
		return tb_refuse(extack, line->chip_attr, -EAGAIN,
				 "chip %s is just being replaced: try again", name);
	*chip = query.chip;
	return 0;
}

static struct gpio_desc *look_up(const struct tb_gpio_line *line)
{
	struct gpiod_lookup_table *table;
	struct gpio_desc *desc;

	/* One entry and the empty one that ends the table */
	table = kzalloc(struct_size(table, table, 2), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	table->dev_id = dev_name(&device->dev);
	table->table[0] = GPIO_LOOKUP(line->watch->label, line->offset, "line", line->lookup);
	gpiod_add_lookup_table(table);
	desc = gpiod_get(&device->dev, "line", line->direction);
	gpiod_remove_lookup_table(table);
	kfree(table);
	return desc;
}

/* What gpiolib makes of a chip, below the device that the chip is of */
static int hold_if_chip(struct device *child, void *data)
{
	struct device **held = data;

	if (!child->bus || strcmp(child->bus->name, "gpio"))
		return 0;
	*held = get_device(child);
	return 1;
}

static struct gpio_desc *request(const struct tb_gpio_line *line, struct gpio_chip *chip)
{
	struct tb_gpio_watch *watch = line->watch;
	struct gpio_desc *desc;

	device_for_each_child(watch->parent, &watch->chip, hold_if_chip);
	if (!watch->chip)
		return ERR_PTR(-ENODEV);
	desc = gpiochip_request_own_desc(chip, line->offset, line->consumer, line->lookup,
					 line->direction);
	if (IS_ERR(desc)) {
		put_device(watch->chip);
		watch->chip = NULL;
	}
	return desc;
}

/**
 * tb_gpio_line_take() - take a line
 * @line: which, and how
 * @extack: where to say why not
 *
 * Context: process, sleeps.
 * Return: the line, for tb_gpio_line_put(); ERR_PTR() after tb_refuse().
 */
struct gpio_desc *tb_gpio_line_take(const struct tb_gpio_line *line,
				    struct netlink_ext_ack *extack)
{
	const char *name = line->watch->label;
	struct gpio_chip *chip;
	struct gpio_desc *desc;
	int err;

	err = check_line(line, &chip, extack);
	if (err)
		return ERR_PTR(err);
	desc = chip ? request(line, chip) : look_up(line);
	if (IS_ERR(desc)) {
		err = PTR_ERR(desc);
		/* The chip went away after check_line() */
		if (err == -EPROBE_DEFER)
			err = -ENODEV;
		tb_refuse(extack, line->line_attr, err,
			  "line %u of chip %s cannot be requested: error %d",
			  line->offset, name, -err);
		return ERR_PTR(err);
	}
	gpiod_set_consumer_name(desc, line->consumer);
	return desc;
}

/**
 * tb_gpio_line_put() - let go of a line
 * @watch: of its chip
 * @desc: what tb_gpio_line_take() returned
 *
 * Context: process, sleeps.
 */
void tb_gpio_line_put(struct tb_gpio_watch *watch, struct gpio_desc *desc)
{
	if (!watch->chip) {
		gpiod_put(desc);
		return;
	}
	gpiochip_free_own_desc(desc);
	put_device(watch->chip);
	watch->chip = NULL;
}

/**
 * tb_gpio_init() - be ready for lines
 *
 * A device of our own is what gpiolib looks lines up for.
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int tb_gpio_init(void)
{
	device = platform_device_register_simple("tongbu", PLATFORM_DEVID_NONE, NULL, 0);
	/* The driver core's word for no memory for the name */
	if (device == ERR_PTR(-EINVAL))
		return -ENOMEM;
	return PTR_ERR_OR_ZERO(device);
}

/**
 * tb_gpio_exit() - have no more to do with lines; no source is left
 *
 * Context: process, sleeps.
 */
void tb_gpio_exit(void)
{
	tb_gpio_chip_exit();
	platform_device_unregister(device);
}
