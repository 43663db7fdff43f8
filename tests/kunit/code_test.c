// SPDX-License-Identifier: GPL-2.0-only
/* Codes by themselves: which characters keys make, and where a code ends. */
#include "code.c"

#include <kunit/test.h>

static int code_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct tb_code), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static enum tb_code_step press(struct tb_code *code, u16 key)
{
	enum tb_code_step step = tb_code_key(code, key, true);

	tb_code_key(code, key, false);
	return step;
}

static void code_digits_of_both_pads_up_to_enter(struct kunit *test)
{
	static const u16 keys[] = { KEY_1, KEY_0, KEY_KP4, KEY_KP0, KEY_KPMINUS, KEY_B };
	struct tb_code *code = test->priv;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		KUNIT_ASSERT_EQ(test, press(code, keys[i]), TB_CODE_ADDED);
	KUNIT_EXPECT_EQ(test, press(code, KEY_ENTER), TB_CODE_DONE);
	KUNIT_ASSERT_EQ(test, code->length, 6);
	KUNIT_EXPECT_EQ(test, memcmp(code->chars, "1040-b", 6), 0);
	tb_code_wipe(code);
	KUNIT_EXPECT_EQ(test, press(code, KEY_2), TB_CODE_ADDED);
	KUNIT_EXPECT_EQ(test, press(code, KEY_KPENTER), TB_CODE_DONE);
}

static void code_every_printable_character_has_a_key_and_nothing_else(struct kunit *test)
{
	struct tb_code *code = test->priv;
	bool seen[256] = { };
	u32 key, shift, c;

	for (shift = 0; shift < 2; shift++) {
		tb_code_reset(code);
		tb_code_key(code, KEY_LEFTSHIFT, shift);
		/* Enter without a character is nothing, so it need not be left out. */
		for (key = 0; key <= U16_MAX; key++) {
			enum tb_code_step step = press(code, key);

			/* That let go of it. */
			if (key == KEY_LEFTSHIFT)
				tb_code_key(code, KEY_LEFTSHIFT, shift);
			if (step == TB_CODE_NOTHING)
				continue;
			KUNIT_ASSERT_EQ(test, step, TB_CODE_ADDED);
			KUNIT_ASSERT_EQ(test, code->length, 1);
			seen[code->chars[0]] = true;
			tb_code_wipe(code);
		}
	}
	for (c = 0; c < ARRAY_SIZE(seen); c++)
		KUNIT_EXPECT_EQ_MSG(test, seen[c], c >= ' ' && c <= '~', "character 0x%02x", c);
}

static void code_shift_holds_while_either_is_down(struct kunit *test)
{
	struct tb_code *code = test->priv;

	tb_code_key(code, KEY_LEFTSHIFT, true);
	tb_code_key(code, KEY_RIGHTSHIFT, true);
	press(code, KEY_A);
	tb_code_key(code, KEY_LEFTSHIFT, false);
	press(code, KEY_A);
	press(code, KEY_KP1);
	tb_code_key(code, KEY_RIGHTSHIFT, false);
	press(code, KEY_A);
	KUNIT_ASSERT_EQ(test, code->length, 4);
	KUNIT_EXPECT_EQ(test, memcmp(code->chars, "AA1a", 4), 0);
}

static void code_shift_outlives_a_code_and_not_a_keyboard(struct kunit *test)
{
	struct tb_code *code = test->priv;

	tb_code_key(code, KEY_LEFTSHIFT, true);
	press(code, KEY_A);
	tb_code_wipe(code);
	press(code, KEY_A);
	KUNIT_EXPECT_EQ(test, code->chars[0], 'A');
	tb_code_reset(code);
	press(code, KEY_A);
	KUNIT_EXPECT_EQ(test, code->chars[0], 'a');
}

static void code_enter_alone_is_nothing(struct kunit *test)
{
	struct tb_code *code = test->priv;

	KUNIT_EXPECT_EQ(test, press(code, KEY_ENTER), TB_CODE_NOTHING);
	KUNIT_EXPECT_EQ(test, press(code, KEY_7), TB_CODE_ADDED);
	KUNIT_EXPECT_EQ(test, press(code, KEY_ENTER), TB_CODE_DONE);
	tb_code_wipe(code);
	KUNIT_EXPECT_EQ(test, press(code, KEY_ENTER), TB_CODE_NOTHING);
}

static void code_only_going_down_counts(struct kunit *test)
{
	struct tb_code *code = test->priv;

	KUNIT_EXPECT_EQ(test, tb_code_key(code, KEY_7, false), TB_CODE_NOTHING);
	KUNIT_EXPECT_EQ(test, tb_code_key(code, KEY_7, true), TB_CODE_ADDED);
	KUNIT_EXPECT_EQ(test, tb_code_key(code, KEY_7, false), TB_CODE_NOTHING);
	KUNIT_EXPECT_EQ(test, tb_code_key(code, KEY_ENTER, false), TB_CODE_NOTHING);
	KUNIT_EXPECT_EQ(test, code->length, 1);
}

static void fill_up(struct kunit *test, struct tb_code *code)
{
	u32 n;

	for (n = 0; n < TONGBU_CODE_MAX; n++)
		KUNIT_ASSERT_EQ(test, press(code, KEY_7), TB_CODE_ADDED);
}

static void code_the_longest_is_whole(struct kunit *test)
{
	struct tb_code *code = test->priv;

	fill_up(test, code);
	KUNIT_EXPECT_EQ(test, press(code, KEY_ENTER), TB_CODE_DONE);
	KUNIT_EXPECT_EQ(test, code->length, TONGBU_CODE_MAX);
}

static void code_too_long_is_told_once_and_ends_at_enter(struct kunit *test)
{
	struct tb_code *code = test->priv;

	fill_up(test, code);
	KUNIT_EXPECT_EQ(test, press(code, KEY_8), TB_CODE_TOO_LONG);
	KUNIT_EXPECT_EQ(test, code->length, TONGBU_CODE_MAX);
	tb_code_wipe(code);
	KUNIT_EXPECT_EQ(test, press(code, KEY_8), TB_CODE_DROPPED);
	KUNIT_EXPECT_EQ(test, press(code, KEY_9), TB_CODE_DROPPED);
	KUNIT_EXPECT_EQ(test, code->length, 0);
	KUNIT_EXPECT_EQ(test, press(code, KEY_ENTER), TB_CODE_NOTHING);
	KUNIT_EXPECT_EQ(test, press(code, KEY_9), TB_CODE_ADDED);
	KUNIT_EXPECT_EQ(test, code->chars[0], '9');
}

static void code_too_long_ends_at_a_pause_as_well(struct kunit *test)
{
	struct tb_code *code = test->priv;

	fill_up(test, code);
	press(code, KEY_8);
	tb_code_wipe(code);
	KUNIT_EXPECT_FALSE(test, tb_code_expire(code));
	KUNIT_EXPECT_EQ(test, press(code, KEY_9), TB_CODE_ADDED);
	KUNIT_EXPECT_TRUE(test, tb_code_expire(code));
}

static void code_wiped_leaves_no_character_in_memory(struct kunit *test)
{
	struct tb_code *code = test->priv;

	fill_up(test, code);
	tb_code_wipe(code);
	KUNIT_EXPECT_EQ(test, code->length, 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(code->chars, 0, sizeof(code->chars)));
	press(code, KEY_7);
	tb_code_reset(code);
	KUNIT_EXPECT_NULL(test, memchr_inv(code, 0, sizeof(*code)));
}

static struct kunit_case code_cases[] = {
	KUNIT_CASE(code_digits_of_both_pads_up_to_enter),
	KUNIT_CASE(code_every_printable_character_has_a_key_and_nothing_else),
	KUNIT_CASE(code_shift_holds_while_either_is_down),
	KUNIT_CASE(code_shift_outlives_a_code_and_not_a_keyboard),
	KUNIT_CASE(code_enter_alone_is_nothing),
	KUNIT_CASE(code_only_going_down_counts),
	KUNIT_CASE(code_the_longest_is_whole),
	KUNIT_CASE(code_too_long_is_told_once_and_ends_at_enter),
	KUNIT_CASE(code_too_long_ends_at_a_pause_as_well),
	KUNIT_CASE(code_wiped_leaves_no_character_in_memory),
	{ }
};

static struct kunit_suite code_suite = {
	.name = "tongbu_code",
	.init = code_test_init,
	.test_cases = code_cases,
};

kunit_test_suite(code_suite);
