// SPDX-License-Identifier: GPL-2.0-only
/* Taking a line of a GPIO chip, named by the chip's label and an offset. */
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
	const char *chip;
	u32 line;
	u32 found;
	u32 lines;
	char holder[TONGBU_NAME_LEN];
	char device[2][TONGBU_DEVICE_LEN];
};

static int look_at_chip(struct gpio_chip *chip, tb_chip_data *data)
{
	struct line_query *query = (struct line_query *)data;
	char *holder;

	if (!chip->label || strcmp(chip->label, query->chip))
		return 0;
	if (query->found < ARRAY_SIZE(query->device))
		strscpy(query->device[query->found], chip->parent ? dev_name(chip->parent) : "?",
			TONGBU_DEVICE_LEN);
	if (query->found++)
		return 0;
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

static int check_line(const struct tb_gpio_line *line, struct netlink_ext_ack *extack)
{
	struct line_query query = { .chip = line->chip, .line = line->offset };

	tb_chip_find(&query, look_at_chip);
	if (!query.found)
		return tb_refuse(extack, line->chip_attr, -ENODEV,
				 "there is no GPIO chip labelled %s: see gpiodetect", line->chip);
	/* The first would be taken, whichever that is today. */
	if (query.found > 1)
		return tb_refuse(extack, line->chip_attr, -ENOTUNIQ,
				 "%u GPIO chips are labelled %s, of %s and %s: leave one of them in, or give it another label",
				 query.found, line->chip, query.device[0], query.device[1]);
	if (line->offset >= query.lines)
		return tb_refuse(extack, line->line_attr, -ERANGE,
				 "chip %s has %u lines, there is no line %u",
				 line->chip, query.lines, line->offset);
	if (*query.holder)
		return tb_refuse(extack, line->line_attr, -EBUSY,
				 "line %u of chip %s is held by %s: free it first",
				 line->offset, line->chip, query.holder);
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
	table->table[0] = GPIO_LOOKUP(line->chip, line->offset, "line", line->lookup);
	gpiod_add_lookup_table(table);
	desc = gpiod_get(&device->dev, "line", line->direction);
	gpiod_remove_lookup_table(table);
	kfree(table);
	return desc;
}

/**
 * tb_gpio_line_take() - take a line
 * @line: which, and how
 * @extack: where to say why not
 *
 * Context: process, sleeps.
 * Return: the line, for gpiod_put(); ERR_PTR() after tb_refuse().
 */
struct gpio_desc *tb_gpio_line_take(const struct tb_gpio_line *line,
				    struct netlink_ext_ack *extack)
{
	struct gpio_desc *desc;
	int err;

	err = check_line(line, extack);
	if (err)
		return ERR_PTR(err);
	desc = look_up(line);
	if (IS_ERR(desc)) {
		err = PTR_ERR(desc);
		/* The chip went away after check_line() */
		if (err == -EPROBE_DEFER)
			err = -ENODEV;
		tb_refuse(extack, line->line_attr, err,
			  "line %u of chip %s is not to be had: error %d",
			  line->offset, line->chip, -err);
		return ERR_PTR(err);
	}
	gpiod_set_consumer_name(desc, line->consumer);
	return desc;
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
