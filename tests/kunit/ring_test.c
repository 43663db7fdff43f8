// SPDX-License-Identifier: GPL-2.0-only
/* The ring by itself: what goes in comes out, and its bounds hold. */
#include "ring.c"

#include <kunit/test.h>
#include <linux/prandom.h>

#define CAPACITY	64

static int ring_test_init(struct kunit *test)
{
	struct tb_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);

	if (!ring)
		return -ENOMEM;
	test->priv = ring;
	return tb_ring_init(ring, CAPACITY);
}

static void ring_test_exit(struct kunit *test)
{
	if (test->priv)
		tb_ring_exit(test->priv);
}

/* A record of that length that tells its number in every byte */
static bool put_record(struct tb_ring *ring, u16 len, enum tb_room room)
{
	void *record = tb_ring_reserve(ring, len, room);

	if (!record)
		return false;
	memset(record, (u8)ring->head, len);
	tb_ring_commit(ring, record, len, room);
	return true;
}

static void ring_holds_its_capacity_less_the_reserve(struct kunit *test)
{
	struct tb_ring *ring = test->priv;
	u32 n;

	for (n = 0; put_record(ring, TONGBU_RECORD_MIN, TB_ROOM_EVENT); n++)
		;
	KUNIT_EXPECT_EQ(test, n, CAPACITY - TB_RING_RESERVE);
	for (n = 0; put_record(ring, TONGBU_RECORD_MIN, TB_ROOM_RECORDER); n++)
		;
	KUNIT_EXPECT_EQ(test, n, TB_RING_RESERVE);
	KUNIT_EXPECT_EQ(test, ring->high_water, CAPACITY);
}

static void ring_acts_fill_half_at_most(struct kunit *test)
{
	struct tb_ring *ring = test->priv;
	u32 n;

	for (n = 0; put_record(ring, TONGBU_RECORD_MIN, TB_ROOM_ACT); n++)
		;
	KUNIT_EXPECT_EQ(test, n, CAPACITY / 2);
	KUNIT_EXPECT_TRUE(test, put_record(ring, TONGBU_RECORD_MIN, TB_ROOM_EVENT));
	tb_ring_release(ring, 1);
	KUNIT_EXPECT_TRUE(test, put_record(ring, TONGBU_RECORD_MIN, TB_ROOM_ACT));
}

static void ring_refusals_have_room_of_their_own(struct kunit *test)
{
	const u16 len = TONGBU_RECORD_MIN + sizeof(struct tongbu_refused);
	struct tb_ring *ring = test->priv;
	u32 n, m;

	for (n = 0; put_record(ring, len, TB_ROOM_REFUSED); n++)
		;
	KUNIT_EXPECT_EQ(test, n, TB_RING_REFUSED);
	for (n = 0; put_record(ring, TONGBU_RECORD_MIN, TB_ROOM_ACT); n++)
		;
	KUNIT_EXPECT_EQ(test, n, CAPACITY / 2);
	for (m = 0; put_record(ring, TONGBU_RECORD_MIN, TB_ROOM_RECORDER); m++)
		;
	KUNIT_EXPECT_EQ(test, n + m, CAPACITY);
	tb_ring_release(ring, ring->head);
	KUNIT_EXPECT_EQ(test, ring->refused, 0);
	KUNIT_EXPECT_EQ(test, ring->bytes, 0);
}

static void ring_acts_are_bounded_in_bytes_too(struct kunit *test)
{
	struct tb_ring *ring = test->priv;
	u32 bytes = 0;

	while (put_record(ring, TONGBU_RECORD_MAX, TB_ROOM_ACT))
		bytes += TONGBU_RECORD_MAX;
	KUNIT_EXPECT_LE(test, bytes, CAPACITY * TB_RING_RECORD_BYTES / 2);
	KUNIT_EXPECT_GT(test, bytes + TONGBU_RECORD_MAX, CAPACITY * TB_RING_RECORD_BYTES / 2);
	KUNIT_EXPECT_EQ(test, ring->act_bytes, bytes);
}

static void ring_reserving_takes_nothing(struct kunit *test)
{
	struct tb_ring *ring = test->priv;
	void *record = tb_ring_reserve(ring, TONGBU_RECORD_MAX, TB_ROOM_EVENT);

	KUNIT_EXPECT_NOT_NULL(test, record);
	KUNIT_EXPECT_PTR_EQ(test, record, tb_ring_reserve(ring, TONGBU_RECORD_MAX, TB_ROOM_EVENT));
	KUNIT_EXPECT_EQ(test, tb_ring_used(ring), 0);
	KUNIT_EXPECT_EQ(test, ring->bytes, 0);
}

static bool is_whole(const struct tb_ring *ring, u64 seq, u16 expected)
{
	u16 len;
	const u8 *record = tb_ring_at(ring, seq, &len);

	return len == expected && record >= ring->data &&
	       record + len <= ring->data + ring->size && !memchr_inv(record, (u8)seq, len);
}

/* Lengths, fillings and releases of every sort, against a plain list of lengths */
static void ring_records_stay_whole_round_after_round(struct kunit *test)
{
	struct tb_ring *ring = test->priv;
	u16 *lens = kunit_kcalloc(test, CAPACITY, sizeof(*lens), GFP_KERNEL);
	struct rnd_state random;
	u32 bytes = 0, round;
	u64 seq;
	u16 len;

	KUNIT_ASSERT_NOT_NULL(test, lens);
	prandom_seed_state(&random, 6);
	for (round = 0; round < 20000; round++) {
		len = TONGBU_RECORD_MIN +
		      prandom_u32_state(&random) % (TONGBU_RECORD_MAX - TONGBU_RECORD_MIN + 1);
		if (put_record(ring, len, TB_ROOM_RECORDER)) {
			lens[(ring->head - 1) % CAPACITY] = len;
			bytes += len;
		} else {
			/* Only when it is full may it say no. */
			KUNIT_ASSERT_TRUE(test, tb_ring_used(ring) == CAPACITY ||
					  bytes + len > CAPACITY * TB_RING_RECORD_BYTES);
			seq = ring->tail + 1 + prandom_u32_state(&random) % tb_ring_used(ring);
			while (ring->tail < seq) {
				KUNIT_ASSERT_TRUE(test, is_whole(ring, ring->tail,
								 lens[ring->tail % CAPACITY]));
				bytes -= lens[ring->tail % CAPACITY];
				tb_ring_release(ring, ring->tail + 1);
			}
		}
		KUNIT_ASSERT_EQ(test, ring->bytes, bytes);
	}
	for (seq = ring->tail; seq < ring->head; seq++)
		KUNIT_ASSERT_TRUE(test, is_whole(ring, seq, lens[seq % CAPACITY]));
}

static void ring_an_empty_one_takes_the_longest_record_wherever_it_stands(struct kunit *test)
{
	struct tb_ring *ring = test->priv;
	u32 n;

	for (n = 0; n < 1000; n++) {
		KUNIT_ASSERT_TRUE(test, put_record(ring, TONGBU_RECORD_MIN + n % 700,
						   TB_ROOM_EVENT));
		tb_ring_release(ring, ring->head);
		KUNIT_ASSERT_TRUE(test, put_record(ring, TONGBU_RECORD_MAX, TB_ROOM_EVENT));
		tb_ring_release(ring, ring->head);
	}
	KUNIT_EXPECT_EQ(test, ring->bytes, 0);
	KUNIT_EXPECT_EQ(test, ring->high_water, 1);
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(ring_holds_its_capacity_less_the_reserve),
	KUNIT_CASE(ring_acts_fill_half_at_most),
	KUNIT_CASE(ring_refusals_have_room_of_their_own),
	KUNIT_CASE(ring_acts_are_bounded_in_bytes_too),
	KUNIT_CASE(ring_reserving_takes_nothing),
	KUNIT_CASE(ring_records_stay_whole_round_after_round),
	KUNIT_CASE(ring_an_empty_one_takes_the_longest_record_wherever_it_stands),
	{ }
};

static struct kunit_suite ring_suite = {
	.name = "tongbu_ring",
	.init = ring_test_init,
	.exit = ring_test_exit,
	.test_cases = ring_cases,
};

kunit_test_suite(ring_suite);
