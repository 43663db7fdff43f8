/* SPDX-License-Identifier: GPL-2.0-only */
/* A line without an interrupt of its own, which a test calls. */
#ifndef TONGBU_KUNIT_EDGE_SUITE_H
#define TONGBU_KUNIT_EDGE_SUITE_H

#include <kunit/test.h>
#include <linux/gpio/driver.h>
#include <linux/interrupt.h>

#include "gpio_source.h"

/**
 * struct edge - an edge that was handed on
 * @boot: its stamp
 * @level: its level
 * @flags: enum tongbu_record_flag
 * @bounces: edges folded into it
 */
struct edge {
	u64 boot;
	u8 level;
	u16 flags;
	u32 bounces;
};

/**
 * struct edges - a line, and what it handed on
 * @gpio: the line
 * @chip: its chip, if it has one
 * @answer: what that answers, in turn; the last one again and again
 * @answers: how many
 * @reads: times it was asked
 * @edge: the edges
 * @count: how many
 */
struct edges {
	struct tb_gpio gpio;
	struct gpio_chip chip;
	int answer[4];
	u32 answers;
	u32 reads;
	struct edge edge[2 * TB_GPIO_STAMPS];
	u32 count;
};

void edge_take(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
	       u16 flags, u32 bounces);
int edge_suite_init(struct kunit_suite *suite);
void edge_suite_exit(struct kunit_suite *suite);
int edge_test_init(struct kunit *test);
void edge_test_exit(struct kunit *test);
irqreturn_t edge_interrupt(struct tb_gpio *gpio);
void edge_ask_chip(struct kunit *test, const int *answers, u32 count);
void edge_expect(struct kunit *test, u32 nth, u8 level, u16 flags, u32 bounces);
bool edge_handed_on_soon(const struct edges *edges);

#endif /* TONGBU_KUNIT_EDGE_SUITE_H */
