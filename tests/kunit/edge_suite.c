// SPDX-License-Identifier: GPL-2.0-only
#include "edge_suite.h"

#include <linux/delay.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/irq_work.h>

#include "chain_suite.h"

#define RING	64

/**
 * edge_take() - keep an edge that a line hands on; for struct tb_gpio_ops
 * @gpio: the line, of struct edges
 * @stamp: when
 * @level: its level
 * @flags: enum tongbu_record_flag
 * @bounces: edges folded into it
 */
void edge_take(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
	       u16 flags, u32 bounces)
{
	struct edges *edges = container_of(gpio, struct edges, gpio);

	if (edges->count < ARRAY_SIZE(edges->edge))
		edges->edge[edges->count] = (struct edge){ stamp->boot, level, flags, bounces };
	WRITE_ONCE(edges->count, edges->count + 1);
}

static const struct tb_gpio_ops edge_recording = { .edge = edge_take };
static const struct tb_source_ops of_source = { .admits = true };

static void forget_chip(struct edges *edges)
{
	if (!edges->answers)
		return;
	gpiochip_free_own_desc(edges->gpio.desc);
	gpiochip_remove(&edges->chip);
}

/**
 * edge_suite_init() - begin a chain for a suite of edges
 * @suite: the suite
 *
 * Return: 0 or a negative errno.
 */
int edge_suite_init(struct kunit_suite *suite)
{
	return chain_suite_begin(RING);
}

/**
 * edge_suite_exit() - end it
 * @suite: the suite
 */
void edge_suite_exit(struct kunit_suite *suite)
{
	chain_suite_end();
}

/**
 * edge_test_init() - give a test its line, of both edges, which it listens to
 * @test: the test, whose priv is a struct edges from then on
 *
 * Return: 0 or -ENOMEM.
 */
int edge_test_init(struct kunit *test)
{
	struct edges *edges = kunit_kzalloc(test, sizeof(*edges), GFP_KERNEL);
	struct tb_gpio *gpio;

	if (!edges)
		return -ENOMEM;
	tb_chain_release(tb_chain_head());
	gpio = &edges->gpio;
	gpio->ops = &edge_recording;
	gpio->source.ops = &of_source;
	tb_stream_init(&gpio->source.stream, TONGBU_SOURCE_FIRST);
	tb_liveness_init(&gpio->source.liveness, 0);
	tb_storm_init(&gpio->source.storm, 0);
	gpio->irq = -1;
	gpio->edges = TONGBU_EDGE_BOTH;
	tb_gpio_edge_init(gpio);
	tb_gpio_edge_start(gpio);
	test->priv = edges;
	return 0;
}

/**
 * edge_test_exit() - let go of it
 * @test: the test
 */
void edge_test_exit(struct kunit *test)
{
	struct edges *edges = test->priv;

	if (!edges)
		return;
	tb_gpio_edge_stop(&edges->gpio);
	tb_stream_retire(&edges->gpio.source.stream);
	forget_chip(edges);
}

/* An interrupt of the machine's that is to be the line's */
struct shot {
	struct irq_work work;
	struct tb_gpio *gpio;
	irqreturn_t ret;
};

static void shoot(struct irq_work *work)
{
	struct shot *shot = container_of(work, struct shot, work);

	shot->ret = tb_gpio_hard_interrupt(shot->gpio->irq, shot->gpio);
}

/**
 * edge_interrupt() - interrupt the machine for a line
 * @gpio: the line
 *
 * Return: what the line's handler did.
 */
irqreturn_t edge_interrupt(struct tb_gpio *gpio)
{
	struct shot shot = { .work = IRQ_WORK_INIT_HARD(shoot), .gpio = gpio };

	irq_work_queue(&shot.work);
	irq_work_sync(&shot.work);
	return shot.ret;
}

static int answer(struct gpio_chip *chip, unsigned int line)
{
	struct edges *edges = gpiochip_get_data(chip);

	return edges->answer[min(edges->reads++, edges->answers - 1)];
}

/**
 * edge_ask_chip() - give the line a chip that answers as it is told
 * @test: the test
 * @answers: what it answers, in turn; the last one again and again
 * @count: how many
 */
void edge_ask_chip(struct kunit *test, const int *answers, u32 count)
{
	struct edges *edges = test->priv;
	struct gpio_desc *desc;

	edges->chip = (struct gpio_chip){
		.label = "answers",
		.owner = THIS_MODULE,
		.base = -1,
		.ngpio = 1,
		.get = answer,
	};
	memcpy(edges->answer, answers, count * sizeof(*answers));
	KUNIT_ASSERT_EQ(test, gpiochip_add_data(&edges->chip, edges), 0);
	desc = gpiochip_request_own_desc(&edges->chip, 0, "edge", GPIO_LOOKUP_FLAGS_DEFAULT,
					 GPIOD_ASIS);
	if (IS_ERR(desc))
		gpiochip_remove(&edges->chip);
	KUNIT_ASSERT_FALSE(test, IS_ERR(desc));
	edges->gpio.desc = desc;
	edges->answers = count;
}

/**
 * edge_expect() - expect an edge to have been handed on
 * @test: the test
 * @nth: which one, from 0
 * @level: its level
 * @flags: its flags
 * @bounces: edges folded into it
 */
void edge_expect(struct kunit *test, u32 nth, u8 level, u16 flags, u32 bounces)
{
	const struct edges *edges = test->priv;
	const struct edge *edge = &edges->edge[nth];

	KUNIT_ASSERT_LT(test, nth, edges->count);
	KUNIT_EXPECT_EQ_MSG(test, edge->level, level, "edge %u", nth);
	KUNIT_EXPECT_EQ_MSG(test, edge->flags, flags, "edge %u", nth);
	KUNIT_EXPECT_EQ_MSG(test, edge->bounces, bounces, "edge %u", nth);
}

/**
 * edge_handed_on_soon() - wait for an edge
 * @edges: the line
 *
 * Return: whether there is one within twenty seconds.
 */
bool edge_handed_on_soon(const struct edges *edges)
{
	int tries;

	for (tries = 0; tries < 1000 && !READ_ONCE(edges->count); tries++)
		msleep(20);
	return READ_ONCE(edges->count);
}
