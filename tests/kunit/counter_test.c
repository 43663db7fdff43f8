// SPDX-License-Identifier: GPL-2.0-only
/* Counting by itself: what an interval's record says. */
#include "counter.c"

#include <kunit/test.h>

#include "chain_suite.h"

#define RING	64

static int counter_suite_init(struct kunit_suite *suite)
{
	return chain_suite_begin(RING);
}

static void counter_suite_exit(struct kunit_suite *suite)
{
	chain_suite_end();
}

static int counter_test_init(struct kunit *test)
{
	struct counter *counter = kunit_kzalloc(test, sizeof(*counter), GFP_KERNEL);

	if (!counter)
		return -ENOMEM;
	tb_chain_release(tb_chain_head());
	counter->gpio.ops = &line_ops;
	counter->gpio.source.ops = &tb_counter_ops;
	tb_stream_init(&counter->gpio.source.stream, TONGBU_SOURCE_FIRST);
	tb_liveness_init(&counter->gpio.source.liveness, 0);
	begin_interval(&counter->gpio);
	test->priv = counter;
	return 0;
}

static void pulse(struct counter *counter, u64 boot, u16 flags)
{
	struct tb_stamp stamp = { .boot = boot };

	count_pulse(&counter->gpio, &stamp, 0, flags, 0);
}

/* End the interval, and look at its record */
static const struct tongbu_count *interval(struct kunit *test, const struct tongbu_header **header)
{
	struct counter *counter = test->priv;
	u64 seq = tb_chain_head();
	const void *payload;

	seal_interval(&counter->gpio);
	KUNIT_ASSERT_EQ(test, tb_chain_head(), seq + 1);
	*header = chain_suite_record(seq, &payload);
	KUNIT_ASSERT_EQ(test, le16_to_cpu((*header)->kind), TONGBU_KIND_COUNT);
	KUNIT_ASSERT_EQ(test, le16_to_cpu((*header)->length), sizeof(struct tongbu_count));
	return payload;
}

static void counter_without_a_pulse_says_zero(struct kunit *test)
{
	const struct tongbu_header *header;
	const struct tongbu_count *count = interval(test, &header);

	KUNIT_EXPECT_EQ(test, le32_to_cpu(count->count), 0);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->total), 0);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->first), 0);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->last), 0);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(header->flags), 0);
}

static void counter_says_first_last_and_how_many_and_begins_anew(struct kunit *test)
{
	struct counter *counter = test->priv;
	const struct tongbu_header *header;
	const struct tongbu_count *count;

	pulse(counter, 100, 0);
	pulse(counter, 200, 0);
	pulse(counter, 300, 0);
	count = interval(test, &header);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(count->count), 3);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->total), 3);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->first), 100);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->last), 300);

	pulse(counter, 400, 0);
	count = interval(test, &header);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(count->count), 1);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->total), 4);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->first), 400);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->last), 400);

	count = interval(test, &header);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(count->count), 0);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->total), 4);
}

static void counter_stamped_by_a_thread_says_so_for_that_interval(struct kunit *test)
{
	struct counter *counter = test->priv;
	const struct tongbu_header *header;

	pulse(counter, 100, TONGBU_RECORD_THREAD_STAMP | TONGBU_RECORD_EDGE_MISSED);
	pulse(counter, 200, 0);
	interval(test, &header);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(header->flags), TONGBU_RECORD_THREAD_STAMP);
	pulse(counter, 300, 0);
	interval(test, &header);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(header->flags), 0);
}

static void counter_intervals_have_no_gap_between(struct kunit *test)
{
	struct counter *counter = test->priv;
	const struct tongbu_header *header;
	const struct tongbu_count *count;
	u64 begun, ms;
	u32 n;

	counter->begun -= 1500 * NSEC_PER_MSEC;
	for (n = 0; n < 3; n++) {
		begun = counter->begun;
		count = interval(test, &header);
		KUNIT_EXPECT_EQ(test, counter->begun, le64_to_cpu(header->boottime));
		ms = DIV_ROUND_CLOSEST_ULL(counter->begun - begun, NSEC_PER_MSEC);
		KUNIT_EXPECT_EQ(test, le32_to_cpu(count->interval), ms);
		KUNIT_EXPECT_TRUE(test, n || ms >= 1500);
	}
}

static void counter_total_goes_beyond_what_an_interval_holds(struct kunit *test)
{
	struct counter *counter = test->priv;
	const struct tongbu_header *header;
	const struct tongbu_count *count;

	counter->total = U32_MAX;
	pulse(counter, 100, 0);
	count = interval(test, &header);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(count->total), 1ULL << 32);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(count->count), 1);
}

static void counter_records_are_no_words_of_it(struct kunit *test)
{
	struct counter *counter = test->priv;
	const struct tongbu_header *header;
	bool silent;
	u64 last;

	interval(test, &header);
	KUNIT_EXPECT_FALSE(test, tb_liveness_last(&counter->gpio.source.liveness, &last,
						  &silent));
}

static void counter_loses_an_interval_by_number_where_there_is_no_room(struct kunit *test)
{
	struct counter *counter = test->priv;
	struct tb_stream *stream = &counter->gpio.source.stream;
	u32 n;

	for (n = 0; n < 2 * RING; n++)
		seal_interval(&counter->gpio);
	KUNIT_EXPECT_LT(test, 0, stream->lost);
	KUNIT_EXPECT_EQ(test, stream->sealed + stream->lost, 2 * RING);
	KUNIT_EXPECT_EQ(test, stream->seq, 2 * RING);
	tb_stream_retire(stream);
}

static struct kunit_case counter_cases[] = {
	KUNIT_CASE(counter_without_a_pulse_says_zero),
	KUNIT_CASE(counter_says_first_last_and_how_many_and_begins_anew),
	KUNIT_CASE(counter_stamped_by_a_thread_says_so_for_that_interval),
	KUNIT_CASE(counter_intervals_have_no_gap_between),
	KUNIT_CASE(counter_total_goes_beyond_what_an_interval_holds),
	KUNIT_CASE(counter_records_are_no_words_of_it),
	KUNIT_CASE(counter_loses_an_interval_by_number_where_there_is_no_room),
	{ }
};

static struct kunit_suite counter_suite = {
	.name = "tongbu_counter",
	.suite_init = counter_suite_init,
	.suite_exit = counter_suite_exit,
	.init = counter_test_init,
	.test_cases = counter_cases,
};

kunit_test_suite(counter_suite);
