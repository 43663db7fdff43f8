// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reflexes by themselves: news of a source without a device, and an output whose
 * chip is gone, so that firing is told and nothing is set.
 */
#include "reflex_fire.c"

#include <kunit/test.h>

#include "chain_suite.h"
#include "output_priv.h"

#define RING	64

/**
 * struct joint - a source, an output, and a reflex between them
 * @source: the source
 * @output: the output
 * @reflex: the reflex
 */
struct joint {
	struct tb_source source;
	struct tb_output output;
	struct tb_reflex reflex;
};

static const struct tb_source_ops of_source = { .admits = true };

static int reflex_suite_init(struct kunit_suite *suite)
{
	tb_output_streams_init();
	return chain_suite_begin(RING);
}

static void reflex_suite_exit(struct kunit_suite *suite)
{
	chain_suite_end();
}

static int reflex_test_init(struct kunit *test)
{
	struct joint *joint = kunit_kzalloc(test, sizeof(*joint), GFP_KERNEL);

	if (!joint)
		return -ENOMEM;
	tb_chain_release(tb_chain_head());
	joint->source.ops = &of_source;
	tb_stream_init(&joint->source.stream, TONGBU_SOURCE_FIRST);
	raw_spin_lock_init(&joint->output.lock);
	joint->output.direct = true;
	joint->reflex.output = &joint->output;
	test->priv = joint;
	return 0;
}

static void reflex_test_exit(struct kunit *test)
{
	struct joint *joint = test->priv;

	if (joint && joint->reflex.link[0].reflex)
		tb_reflex_stop(&joint->reflex);
	if (joint)
		tb_stream_retire(&joint->source.stream);
}

static void arm(struct joint *joint, u8 condition, u8 level, u8 action)
{
	struct tb_source *const sources[2] = { &joint->source };
	struct tongbu_reflex *def = &joint->reflex.def;

	def->condition = condition;
	def->level = level;
	def->action = action;
	def->count = cpu_to_le32(2);
	def->within = cpu_to_le32(60000);
	def->hold = cpu_to_le32(60000);
	tb_reflex_init(&joint->reflex);
	tb_reflex_start(&joint->reflex, sources);
}

/* An edge to that level; what its record says */
static u16 edge(struct joint *joint, u8 level)
{
	struct tongbu_edge body = { .level = level };
	struct tb_event event = {
		.stamp = tb_stamp_now(),
		.kind = TONGBU_KIND_EDGE,
		.payload = &body,
		.payload_len = sizeof(body),
	};
	u64 seq = tb_chain_head();
	const void *payload;

	tb_source_seal(&joint->source, &event, level);
	return le16_to_cpu(chain_suite_record(seq, &payload)->flags);
}

static void reflex_of_an_edge_to_a_level_fires(struct kunit *test)
{
	struct joint *joint = test->priv;

	arm(joint, TONGBU_WHEN_EDGE, 0, TONGBU_DO_LATCH);
	KUNIT_EXPECT_EQ(test, edge(joint, 1) & TONGBU_RECORD_LEVEL_UNKNOWN, 0);
	KUNIT_EXPECT_EQ(test, joint->reflex.fired, 0);
	edge(joint, 0);
	KUNIT_EXPECT_EQ(test, joint->reflex.fired, 1);
}

static void reflex_does_not_fire_from_a_level_that_is_unknown(struct kunit *test)
{
	struct joint *joint = test->priv;

	arm(joint, TONGBU_WHEN_EDGE, 0, TONGBU_DO_LATCH);
	KUNIT_EXPECT_NE(test, edge(joint, TONGBU_LEVEL_UNKNOWN) & TONGBU_RECORD_LEVEL_UNKNOWN,
			0);
	KUNIT_EXPECT_EQ(test, joint->reflex.fired, 0);
	KUNIT_EXPECT_EQ(test, joint->reflex.level[0], -1);
}

static void reflex_of_any_level_does_not_fire_from_one_that_is_unknown(struct kunit *test)
{
	struct joint *joint = test->priv;

	arm(joint, TONGBU_WHEN_COUNT, TONGBU_LEVEL_ANY, TONGBU_DO_LATCH);
	edge(joint, 1);
	edge(joint, TONGBU_LEVEL_UNKNOWN);
	KUNIT_EXPECT_EQ(test, joint->reflex.fired, 0);
	edge(joint, 0);
	KUNIT_EXPECT_EQ(test, joint->reflex.fired, 1);
}

/* What it set stays: nobody knows that the cause is over. */
static void reflex_does_not_end_by_a_level_that_is_unknown(struct kunit *test)
{
	struct joint *joint = test->priv;

	arm(joint, TONGBU_WHEN_EDGE, 1, TONGBU_DO_SET);
	edge(joint, 1);
	KUNIT_EXPECT_TRUE(test, joint->reflex.hold.on);
	edge(joint, TONGBU_LEVEL_UNKNOWN);
	KUNIT_EXPECT_TRUE(test, joint->reflex.hold.on);
	edge(joint, 0);
	KUNIT_EXPECT_FALSE(test, joint->reflex.hold.on);
}

static void reflex_of_a_level_held_stops_waiting_when_it_is_unknown(struct kunit *test)
{
	struct joint *joint = test->priv;

	arm(joint, TONGBU_WHEN_HELD, 1, TONGBU_DO_LATCH);
	edge(joint, 1);
	KUNIT_EXPECT_TRUE(test, joint->reflex.holding);
	edge(joint, TONGBU_LEVEL_UNKNOWN);
	KUNIT_EXPECT_FALSE(test, joint->reflex.holding);
}

static struct kunit_case reflex_cases[] = {
	KUNIT_CASE(reflex_of_an_edge_to_a_level_fires),
	KUNIT_CASE(reflex_does_not_fire_from_a_level_that_is_unknown),
	KUNIT_CASE(reflex_of_any_level_does_not_fire_from_one_that_is_unknown),
	KUNIT_CASE(reflex_does_not_end_by_a_level_that_is_unknown),
	KUNIT_CASE(reflex_of_a_level_held_stops_waiting_when_it_is_unknown),
	{ }
};

static struct kunit_suite reflex_suite = {
	.name = "tongbu_reflex_fire",
	.suite_init = reflex_suite_init,
	.suite_exit = reflex_suite_exit,
	.init = reflex_test_init,
	.exit = reflex_test_exit,
	.test_cases = reflex_cases,
};

kunit_test_suite(reflex_suite);
