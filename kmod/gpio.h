/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of GPIO chips, by the chip's name and offset. */
#ifndef TONGBU_GPIO_H
#define TONGBU_GPIO_H

#include <linux/gpio/consumer.h>
#include <linux/types.h>

struct netlink_ext_ack;
struct nlattr;
struct tb_gpio_watch;

/**
 * struct tb_gpio_line - a line that is to be taken
 * @watch: of its chip, whose parent is locked; its label names the chip
 * @offset: its offset in the chip
 * @lookup: enum gpio_lookup_flags
 * @direction: input, or output with its first value
 * @consumer: who holds it from then on; copied
 * @chip_attr: attribute that named the chip
 * @line_attr: attribute that named the offset
 */
struct tb_gpio_line {
	struct tb_gpio_watch *watch;
	u32 offset;
	unsigned long lookup;
	enum gpiod_flags direction;
	const char *consumer;
	const struct nlattr *chip_attr;
	const struct nlattr *line_attr;
};

int tb_gpio_init(void);
void tb_gpio_exit(void);
struct gpio_desc *tb_gpio_line_take(const struct tb_gpio_line *line,
				    struct netlink_ext_ack *extack);
void tb_gpio_line_put(struct tb_gpio_watch *watch, struct gpio_desc *desc);

#endif /* TONGBU_GPIO_H */
