// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue of clocks, with its own timer and a chain of its own: the trees'
 * order, arming over, and a ring that is full.
 */
#include "due.c"

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/prandom.h>

#include "chain_priv.h"
#include "chain_suite.h"

#define RING	256
#define CLOCKS	1000

/* 2096: nothing armed for then comes due here */
#define FAR	4000000000000000000ULL

static int due_suite_init(struct kunit_suite *suite)
{
	return chain_suite_begin(RING);
}

static void due_suite_exit(struct kunit_suite *suite)
{
	chain_suite_end();
}

static int due_test_init(struct kunit *test)
{
	tb_chain_release(tb_chain_head());
	tb_due_init(CLOCKS);
	return 0;
}

static void due_test_exit(struct kunit *test)
{
	struct due *due, *next;

	hrtimer_cancel(&timer);
	rbtree_postorder_for_each_entry_safe(due, next, &ids, by_id)
		kfree(due);
	ids = RB_ROOT;
	times = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&fired);
	armed = 0;
	remembered = 0;
	waiting = false;
}

static int arm_clock(u64 id, u64 when)
{
	static struct nlattr *attrs[TONGBU_A_MAX + 1];
	struct genl_info info = { .attrs = attrs };
	struct due *due = kzalloc(sizeof(*due), GFP_KERNEL);
	unsigned long flags;
	int err;

	if (!due)
		return -ENOMEM;
	due->id = id;
	due->due = when;
	raw_spin_lock_irqsave(&due_lock, flags);
	err = arm_due(&info, &due);
	raw_spin_unlock_irqrestore(&due_lock, flags);
	kfree(due);
	return err;
}

static void due_earliest_first_and_of_two_at_once_the_lower_id(struct kunit *test)
{
	struct rb_node *node;
	struct due *due, *last = NULL;
	struct rnd_state random;
	u32 n = 0, id;

	prandom_seed_state(&random, 10);
	for (id = 0; id < CLOCKS; id++)
		KUNIT_ASSERT_EQ(test, arm_clock((id * 617) % CLOCKS,
						FAR + prandom_u32_state(&random) % 300), 0);
	for (node = rb_first_cached(&times); node; node = rb_next(node), n++) {
		due = rb_entry(node, struct due, by_time);
		KUNIT_ASSERT_TRUE(test, !last || last->due < due->due ||
				  (last->due == due->due && last->id < due->id));
		last = due;
	}
	KUNIT_EXPECT_EQ(test, n, CLOCKS);
	KUNIT_EXPECT_EQ(test, armed, CLOCKS);
	KUNIT_EXPECT_EQ(test, ktime_to_ns(hrtimer_get_expires(&timer)), earliest()->due);
}

static void due_timer_follows_the_earliest(struct kunit *test)
{
	unsigned long flags;
	struct due *due;

	KUNIT_ASSERT_EQ(test, arm_clock(1, FAR + 10), 0);
	KUNIT_EXPECT_EQ(test, ktime_to_ns(hrtimer_get_expires(&timer)), FAR + 10);
	KUNIT_ASSERT_EQ(test, arm_clock(2, FAR), 0);
	KUNIT_EXPECT_EQ(test, ktime_to_ns(hrtimer_get_expires(&timer)), FAR);
	/* Moved behind the other */
	KUNIT_ASSERT_EQ(test, arm_clock(2, FAR + 20), 0);
	KUNIT_EXPECT_EQ(test, ktime_to_ns(hrtimer_get_expires(&timer)), FAR + 10);
	KUNIT_EXPECT_EQ(test, remembered, 2);
	raw_spin_lock_irqsave(&due_lock, flags);
	due = find_due(1);
	forget_due(due);
	raw_spin_unlock_irqrestore(&due_lock, flags);
	kfree(due);
	KUNIT_EXPECT_PTR_EQ(test, earliest(), find_due(2));
	KUNIT_EXPECT_EQ(test, armed, 1);
}

static void due_first_from_skips_what_is_below(struct kunit *test)
{
	u64 id;

	for (id = 10; id <= 90; id += 10)
		KUNIT_ASSERT_EQ(test, arm_clock(id, FAR), 0);
	KUNIT_EXPECT_EQ(test, first_from(0)->id, 10);
	KUNIT_EXPECT_EQ(test, first_from(10)->id, 10);
	KUNIT_EXPECT_EQ(test, first_from(11)->id, 20);
	KUNIT_EXPECT_EQ(test, first_from(90)->id, 90);
	KUNIT_EXPECT_NULL(test, first_from(91));
}

static void due_no_more_than_the_limit(struct kunit *test)
{
	u32 id;

	for (id = 0; id < CLOCKS; id++)
		KUNIT_ASSERT_EQ(test, arm_clock(id, FAR), 0);
	KUNIT_EXPECT_EQ(test, arm_clock(CLOCKS, FAR), -ENOSPC);
	KUNIT_EXPECT_EQ(test, arm_clock(0, FAR + 1), 0);
	KUNIT_EXPECT_EQ(test, remembered, CLOCKS);
}

/* Wait until as many have come due; true if so. */
static bool come_due_soon(u32 n)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (READ_ONCE(remembered) - READ_ONCE(armed) == n)
			return true;
		msleep(20);
	}
	return false;
}

static void due_what_is_past_is_sealed_once_in_its_order(struct kunit *test)
{
	u64 begun = tb_chain_head(), seq;
	u64 id, now = ktime_get_real_ns();
	const struct tongbu_due *body;
	const u8 *record;
	u16 len;

	/* More than one interrupt deals with */
	for (id = 0; id < 3 * TB_HOLD_RECORDS; id++)
		KUNIT_ASSERT_EQ(test, arm_clock(id, now + NSEC_PER_SEC - id), 0);
	KUNIT_ASSERT_TRUE(test, come_due_soon(3 * TB_HOLD_RECORDS));
	KUNIT_EXPECT_EQ(test, tb_chain_head() - begun, 3 * TB_HOLD_RECORDS);
	for (seq = begun, id = 3 * TB_HOLD_RECORDS; seq < tb_chain_head(); seq++) {
		record = tb_ring_at(&tb_chain.ring, seq, &len);
		body = (const struct tongbu_due *)(record + TONGBU_HEADER_LEN);
		KUNIT_ASSERT_EQ(test, le64_to_cpu(body->id), --id);
		KUNIT_ASSERT_EQ(test, find_due(id)->seq, seq);
	}
	/* At the same time again it is refused until acknowledged, then not. */
	KUNIT_EXPECT_EQ(test, arm_clock(0, now + NSEC_PER_SEC), -EALREADY);
	tb_due_acked(tb_chain_head());
	KUNIT_EXPECT_EQ(test, remembered, 0);
	KUNIT_EXPECT_EQ(test, arm_clock(0, now + NSEC_PER_SEC), 0);
}

static void due_a_full_ring_delays_and_loses_none(struct kunit *test)
{
	u64 id, now = ktime_get_real_ns();
	/* Of the suites before this one too */
	u64 lost = tb_chain.lost;
	u32 done = 0, round;

	for (id = 0; id < CLOCKS; id++)
		KUNIT_ASSERT_EQ(test, arm_clock(id, now - CLOCKS + id), 0);
	for (round = 0; round < 100 && done < CLOCKS; round++) {
		u64 tail = tb_chain.ring.tail;

		/* Until it is full or all are done */
		KUNIT_ASSERT_TRUE(test, come_due_soon(min_t(u32, CLOCKS - done,
							    RING - TB_RING_RESERVE)));
		KUNIT_EXPECT_EQ(test, READ_ONCE(waiting), done + RING - TB_RING_RESERVE < CLOCKS);
		tb_chain_release(tb_chain_head());
		tb_due_acked(tb_chain_head());
		done += tb_chain.ring.tail - tail;
	}
	KUNIT_EXPECT_EQ(test, done, CLOCKS);
	KUNIT_EXPECT_EQ(test, remembered, 0);
	KUNIT_EXPECT_EQ(test, tb_chain.lost, lost);
}

static struct kunit_case due_cases[] = {
	KUNIT_CASE(due_earliest_first_and_of_two_at_once_the_lower_id),
	KUNIT_CASE(due_timer_follows_the_earliest),
	KUNIT_CASE(due_first_from_skips_what_is_below),
	KUNIT_CASE(due_no_more_than_the_limit),
	KUNIT_CASE(due_what_is_past_is_sealed_once_in_its_order),
	KUNIT_CASE(due_a_full_ring_delays_and_loses_none),
	{ }
};

static struct kunit_suite due_suite = {
	.name = "tongbu_due",
	.suite_init = due_suite_init,
	.suite_exit = due_suite_exit,
	.init = due_test_init,
	.exit = due_test_exit,
	.test_cases = due_cases,
};

kunit_test_suite(due_suite);
