// SPDX-License-Identifier: GPL-2.0-only
/* Lines that cannot be read: no level is made up, and each edge is told. */
#include "edge_suite.h"

static void edge_of_a_line_that_cannot_be_read_has_no_level(struct kunit *test)
{
	static const int answers[] = { 1, -EIO, 0, -EIO };
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;
	u32 n;

	edge_ask_chip(test, answers, ARRAY_SIZE(answers));
	for (n = 0; n < 5; n++)
		edge_interrupt(gpio);
	edge_expect(test, 0, 1, 0, 0);
	edge_expect(test, 1, TONGBU_LEVEL_UNKNOWN, 0, 0);
	/* Nothing is said of what was before it either. */
	edge_expect(test, 2, 0, 0, 0);
	edge_expect(test, 3, TONGBU_LEVEL_UNKNOWN, 0, 0);
	edge_expect(test, 4, TONGBU_LEVEL_UNKNOWN, 0, 0);
	KUNIT_EXPECT_EQ(test, tb_gpio_level(&gpio->source), -1);
}

static void edge_of_a_chip_that_sleeps_and_fails_infers_nothing(struct kunit *test)
{
	static const int answers[] = { -EIO, 1 };
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;
	u32 n;

	edge_ask_chip(test, answers, ARRAY_SIZE(answers));
	gpio->sleeps = true;
	for (n = 0; n < 3; n++)
		edge_interrupt(gpio);
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	for (n = 0; n < 3; n++)
		edge_expect(test, n, TONGBU_LEVEL_UNKNOWN, 0, 0);
	edge_interrupt(gpio);
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	edge_expect(test, 3, 1, 0, 0);
}

static void edge_behind_a_bus_that_fails_has_no_level(struct kunit *test)
{
	static const int answers[] = { -EREMOTEIO };
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	edge_ask_chip(test, answers, ARRAY_SIZE(answers));
	gpio->sleeps = true;
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	edge_expect(test, 0, TONGBU_LEVEL_UNKNOWN, TONGBU_RECORD_THREAD_STAMP, 0);
}

static void edge_debounced_of_a_line_that_cannot_be_read_has_no_level(struct kunit *test)
{
	static const int answers[] = { -EIO };
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	edge_ask_chip(test, answers, ARRAY_SIZE(answers));
	gpio->settle_time = ms_to_ktime(1);
	gpio->edges = TONGBU_EDGE_RISING;
	edge_interrupt(gpio);
	KUNIT_ASSERT_TRUE(test, edge_handed_on_soon(edges));
	edge_expect(test, 0, TONGBU_LEVEL_UNKNOWN, 0, 0);
}

static void edge_missed_where_reading_fails_is_told_once(struct kunit *test)
{
	static const int answers[] = { -EIO };
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	edge_ask_chip(test, answers, ARRAY_SIZE(answers));
	tb_gpio_resync(gpio);
	tb_gpio_resync(gpio);
	KUNIT_EXPECT_EQ(test, edges->count, 1);
	edge_expect(test, 0, TONGBU_LEVEL_UNKNOWN,
		    TONGBU_RECORD_THREAD_STAMP | TONGBU_RECORD_EDGE_MISSED, 0);
}

static struct kunit_case read_cases[] = {
	KUNIT_CASE(edge_of_a_line_that_cannot_be_read_has_no_level),
	KUNIT_CASE(edge_of_a_chip_that_sleeps_and_fails_infers_nothing),
	KUNIT_CASE(edge_behind_a_bus_that_fails_has_no_level),
	KUNIT_CASE(edge_debounced_of_a_line_that_cannot_be_read_has_no_level),
	KUNIT_CASE(edge_missed_where_reading_fails_is_told_once),
	{ }
};

static struct kunit_suite read_suite = {
	.name = "tongbu_gpio_read",
	.suite_init = edge_suite_init,
	.suite_exit = edge_suite_exit,
	.init = edge_test_init,
	.exit = edge_test_exit,
	.test_cases = read_cases,
};

kunit_test_suite(read_suite);
