// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edges and debouncing by themselves. Read, the line is at 0, as gpiolib has it of no
 * line at all; any other level is told to what would have read it.
 */
#include "gpio_edge.c"

#include "edge_suite.h"

/* No settling in a test that ends it itself, us */
#define LONG	4000000000ULL

static const struct tb_gpio_ops counting = { .edge = edge_take, .counts = true };

static void edge_of_a_quiet_line_is_nobodys(struct kunit *test)
{
	struct edges *edges = test->priv;

	tb_gpio_edge_stop(&edges->gpio);
	KUNIT_EXPECT_EQ(test, edge_interrupt(&edges->gpio), IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	tb_gpio_edge_start(&edges->gpio);
	edge_interrupt(&edges->gpio);
	KUNIT_EXPECT_EQ(test, edges->count, 1);
}

static void edge_of_one_direction_says_its_level(struct kunit *test)
{
	struct edges *edges = test->priv;
	u64 before = tb_stamp_now().boot;

	edges->gpio.edges = TONGBU_EDGE_RISING;
	edge_interrupt(&edges->gpio);
	edge_interrupt(&edges->gpio);
	edges->gpio.edges = TONGBU_EDGE_FALLING;
	edge_interrupt(&edges->gpio);
	edge_expect(test, 0, 1, 0, 0);
	edge_expect(test, 1, 1, 0, 0);
	edge_expect(test, 2, 0, 0, 0);
	KUNIT_EXPECT_LE(test, before, edges->edge[0].boot);
	KUNIT_EXPECT_LE(test, edges->edge[0].boot, edges->edge[1].boot);
	KUNIT_EXPECT_LE(test, edges->edge[2].boot, tb_stamp_now().boot);
}

static void edge_to_the_same_level_tells_of_one_missed(struct kunit *test)
{
	struct edges *edges = test->priv;

	edges->gpio.level = 1;
	edge_interrupt(&edges->gpio);
	edge_interrupt(&edges->gpio);
	edge_expect(test, 0, 0, 0, 0);
	edge_expect(test, 1, 0, TONGBU_RECORD_EDGE_MISSED, 0);
}

static void edge_of_a_chip_that_sleeps_keeps_each_stamp(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;
	u32 n;

	gpio->sleeps = true;
	gpio->level = 1;
	for (n = 0; n < 3; n++)
		KUNIT_EXPECT_EQ(test, edge_interrupt(gpio), IRQ_WAKE_THREAD);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	/* It ends at 0, so it went 0, 1, 0. */
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	KUNIT_EXPECT_EQ(test, edges->count, 3);
	edge_expect(test, 0, 0, TONGBU_RECORD_INFERRED, 0);
	edge_expect(test, 1, 1, TONGBU_RECORD_INFERRED, 0);
	edge_expect(test, 2, 0, 0, 0);
	KUNIT_EXPECT_LE(test, edges->edge[0].boot, edges->edge[1].boot);
	KUNIT_EXPECT_LE(test, edges->edge[1].boot, edges->edge[2].boot);
	/* Of an even number one does not fit what was known before. */
	edge_interrupt(gpio);
	edge_interrupt(gpio);
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	edge_expect(test, 3, 1, TONGBU_RECORD_INFERRED, 0);
	edge_expect(test, 4, 0, 0, 0);
	/* Its next run has nothing to do. */
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	KUNIT_EXPECT_EQ(test, edges->count, 5);
}

static void edge_without_room_for_its_stamp_is_lost_by_number(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;
	u32 n;

	gpio->sleeps = true;
	for (n = 0; n < TB_GPIO_STAMPS + 5; n++)
		edge_interrupt(gpio);
	KUNIT_EXPECT_EQ(test, gpio->source.stream.lost, 5);
	KUNIT_EXPECT_EQ(test, gpio->source.stream.pending.cause, TONGBU_LOST_OVERRUN);
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	KUNIT_EXPECT_EQ(test, edges->count, TB_GPIO_STAMPS);
	edge_interrupt(gpio);
	KUNIT_EXPECT_EQ(test, gpio->source.stream.lost, 5);
}

static void edge_behind_a_bus_is_stamped_by_the_thread(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	gpio->sleeps = true;
	gpio->level = 1;
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	edge_expect(test, 0, 0, TONGBU_RECORD_THREAD_STAMP, 0);
	gpio->edges = TONGBU_EDGE_RISING;
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	edge_expect(test, 1, 1, TONGBU_RECORD_THREAD_STAMP, 0);
}

static void edge_that_is_counted_is_never_read(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	gpio->ops = &counting;
	gpio->sleeps = true;
	KUNIT_EXPECT_EQ(test, edge_interrupt(gpio), IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, edge_interrupt(gpio), IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, edges->count, 2);
}

static void edge_debounced_is_one_with_the_first_stamp(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;
	u64 first;

	gpio->settle_time = ns_to_ktime(LONG * NSEC_PER_USEC);
	edge_interrupt(gpio);
	first = gpio->stamp[0].at.boot;
	edge_interrupt(gpio);
	edge_interrupt(gpio);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	/* Edges started the timer again: what read the line before is of no use. */
	settled(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	hrtimer_cancel(&gpio->timer);
	settled(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 1);
	edge_expect(test, 0, 1, 0, 2);
	KUNIT_EXPECT_EQ(test, edges->edge[0].boot, first);
	/* It is settled. */
	settled(gpio, 0);
	KUNIT_EXPECT_EQ(test, edges->count, 1);
}

/* An edge, and the line read when all is still */
static void settle_at(struct tb_gpio *gpio, u8 level)
{
	edge_interrupt(gpio);
	hrtimer_cancel(&gpio->timer);
	settled(gpio, level);
}

static void edge_out_and_back_counts_with_the_next_change(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	gpio->settle_time = ns_to_ktime(LONG * NSEC_PER_USEC);
	settle_at(gpio, 0);
	settle_at(gpio, 0);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	settle_at(gpio, 1);
	edge_expect(test, 0, 1, 0, 2);
	settle_at(gpio, 0);
	edge_expect(test, 1, 0, 0, 0);
}

static void edge_debounced_of_the_direction_not_asked_for_is_not_handed_on(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	gpio->settle_time = ns_to_ktime(LONG * NSEC_PER_USEC);
	gpio->edges = TONGBU_EDGE_FALLING;
	settle_at(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	KUNIT_EXPECT_EQ(test, gpio->level, 1);
	settle_at(gpio, 0);
	KUNIT_EXPECT_EQ(test, edges->count, 1);
	edge_expect(test, 0, 0, 0, 0);
}

static void edge_debounced_is_handed_on_by_the_timer(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;
	u64 first;

	gpio->settle_time = ms_to_ktime(1);
	gpio->level = 1;
	edge_interrupt(gpio);
	first = gpio->stamp[0].at.boot;
	KUNIT_ASSERT_TRUE(test, edge_handed_on_soon(edges));
	edge_expect(test, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, edges->edge[0].boot, first);
}

static void edge_debounced_of_a_chip_that_sleeps_is_handed_on_by_a_worker(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	gpio->sleeps = true;
	gpio->settle_time = ms_to_ktime(1);
	gpio->level = 1;
	/* Only its thread is told: so it says. */
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	KUNIT_ASSERT_TRUE(test, edge_handed_on_soon(edges));
	edge_expect(test, 0, 0, TONGBU_RECORD_THREAD_STAMP, 0);
}

static void look(struct tb_gpio *gpio, u8 level)
{
	struct tb_stamp stamp = tb_stamp_now();
	unsigned long flags;

	raw_spin_lock_irqsave(&gpio->lock, flags);
	catch_up(gpio, level, &stamp);
	raw_spin_unlock_irqrestore(&gpio->lock, flags);
}

static void edge_missed_is_caught_up_with_once(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	look(gpio, 0);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	look(gpio, 1);
	look(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 1);
	edge_expect(test, 0, 1, TONGBU_RECORD_THREAD_STAMP | TONGBU_RECORD_EDGE_MISSED, 0);
	tb_gpio_resync(gpio);
	KUNIT_EXPECT_EQ(test, edges->count, 2);
	KUNIT_EXPECT_EQ(test, edges->edge[1].level, 0);
}

static void edge_is_not_caught_up_with_where_an_interrupt_knows_better(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	gpio->sleeps = true;
	edge_interrupt(gpio);
	look(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	KUNIT_ASSERT_EQ(test, edges->count, 1);

	gpio->settle_time = ns_to_ktime(LONG * NSEC_PER_USEC);
	edge_interrupt(gpio);
	look(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 1);
	tb_gpio_edge_stop(gpio);
	look(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 1);
}

static void edge_of_one_direction_or_counted_is_not_caught_up_with(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	gpio->edges = TONGBU_EDGE_RISING;
	look(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	gpio->edges = TONGBU_EDGE_BOTH;
	gpio->ops = &counting;
	look(gpio, 1);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	KUNIT_EXPECT_EQ(test, gpio->level, 1);
}

/* So a parent calls that sees to its interrupts in a thread. */
static void call_in_a_thread(struct tb_gpio *gpio)
{
	unsigned long flags;

	local_irq_save(flags);
	tb_gpio_hard_interrupt(gpio->irq, gpio);
	local_irq_restore(flags);
}

static void edge_taken_in_a_thread_says_so(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;

	gpio->edges = TONGBU_EDGE_RISING;
	call_in_a_thread(gpio);
	edge_expect(test, 0, 1, TONGBU_RECORD_THREAD_STAMP, 0);
	edge_interrupt(gpio);
	edge_expect(test, 1, 1, 0, 0);
	/* So does each whose stamp is kept, */
	gpio->edges = TONGBU_EDGE_BOTH;
	gpio->sleeps = true;
	edge_interrupt(gpio);
	call_in_a_thread(gpio);
	tb_gpio_thread_interrupt(gpio->irq, gpio);
	edge_expect(test, 2, 1, TONGBU_RECORD_INFERRED | TONGBU_RECORD_EDGE_MISSED, 0);
	edge_expect(test, 3, 0, TONGBU_RECORD_THREAD_STAMP, 0);
	/* and the first of those that debouncing folds into one. */
	gpio->settle_time = ns_to_ktime(LONG * NSEC_PER_USEC);
	call_in_a_thread(gpio);
	edge_interrupt(gpio);
	hrtimer_cancel(&gpio->timer);
	settled(gpio, 1);
	edge_expect(test, 4, 1, TONGBU_RECORD_THREAD_STAMP, 1);
}

static void edge_that_settles_when_its_line_is_given_up_is_counted(struct kunit *test)
{
	struct edges *edges = test->priv;
	struct tb_gpio *gpio = &edges->gpio;
	const struct tb_stream *stream = &gpio->source.stream;
	u64 first;

	gpio->settle_time = ns_to_ktime(LONG * NSEC_PER_USEC);
	edge_interrupt(gpio);
	first = gpio->stamp[0].at.boot;
	tb_gpio_edge_stop(gpio);
	KUNIT_EXPECT_EQ(test, edges->count, 0);
	KUNIT_EXPECT_EQ(test, stream->lost, 1);
	KUNIT_EXPECT_EQ(test, stream->pending.cause, TONGBU_LOST_UNSETTLED);
	KUNIT_EXPECT_EQ(test, stream->pending.first, first);
	/* Once, and not where only the other direction was asked for */
	tb_gpio_edge_stop(gpio);
	tb_gpio_edge_start(gpio);
	gpio->edges = TONGBU_EDGE_FALLING;
	edge_interrupt(gpio);
	tb_gpio_edge_stop(gpio);
	KUNIT_EXPECT_EQ(test, stream->lost, 1);
}

static struct kunit_case edge_cases[] = {
	KUNIT_CASE(edge_taken_in_a_thread_says_so),
	KUNIT_CASE(edge_that_settles_when_its_line_is_given_up_is_counted),
	KUNIT_CASE(edge_of_a_quiet_line_is_nobodys),
	KUNIT_CASE(edge_of_one_direction_says_its_level),
	KUNIT_CASE(edge_to_the_same_level_tells_of_one_missed),
	KUNIT_CASE(edge_of_a_chip_that_sleeps_keeps_each_stamp),
	KUNIT_CASE(edge_without_room_for_its_stamp_is_lost_by_number),
	KUNIT_CASE(edge_behind_a_bus_is_stamped_by_the_thread),
	KUNIT_CASE(edge_that_is_counted_is_never_read),
	KUNIT_CASE(edge_debounced_is_one_with_the_first_stamp),
	KUNIT_CASE(edge_out_and_back_counts_with_the_next_change),
	KUNIT_CASE(edge_debounced_of_the_direction_not_asked_for_is_not_handed_on),
	KUNIT_CASE(edge_debounced_is_handed_on_by_the_timer),
	KUNIT_CASE(edge_debounced_of_a_chip_that_sleeps_is_handed_on_by_a_worker),
	KUNIT_CASE(edge_missed_is_caught_up_with_once),
	KUNIT_CASE(edge_is_not_caught_up_with_where_an_interrupt_knows_better),
	KUNIT_CASE(edge_of_one_direction_or_counted_is_not_caught_up_with),
	{ }
};

static struct kunit_suite edge_suite = {
	.name = "tongbu_gpio_edge",
	.suite_init = edge_suite_init,
	.suite_exit = edge_suite_exit,
	.init = edge_test_init,
	.exit = edge_test_exit,
	.test_cases = edge_cases,
};

kunit_test_suite(edge_suite);
