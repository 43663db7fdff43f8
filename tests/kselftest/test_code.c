// SPDX-License-Identifier: GPL-2.0-only
/* What is typed up to Enter is one record, hashed if so asked. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include "keyboard.h"

#define MS	 1000000ULL
#define HASH_LEN 32

static const struct model reader = { .name = "Badge Reader", .vendor = 0x1209 };

/* Long enough for the slowest guest to type in; short where it is to run out */
#define LONG_MS	 60000U
#define SHORT_MS 300U

FIXTURE(code)
{
	struct station station;
	struct keyboard keyboard;
};

FIXTURE_SETUP(code)
{
	self->keyboard.fd = -1;
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &reader));
}

FIXTURE_TEARDOWN(code)
{
	keyboard_unplug(&self->keyboard);
	station_close(&self->station);
}

static int arm(struct station *station, uint32_t timeout, const uint8_t *salt)
{
	const struct input input = { .name = "badge",
				     .device = "Badge Reader",
				     .mode = TONGBU_INPUT_CODE,
				     .timeout = timeout,
				     .flags = salt ? TONGBU_SOURCE_HASHED : 0,
				     .salt = salt };

	return input_arm(station, &input);
}

static size_t codes(struct station *station)
{
	station_read(station);
	return record_log_count(&station->log, TONGBU_KIND_CODE, ANY_SOURCE);
}

/**
 * struct typed - a CODE record
 * @head: what it begins with
 * @record: the record
 * @text: its characters, if they follow
 */
struct typed {
	struct tongbu_code head;
	const struct record *record;
	char text[TONGBU_PAYLOAD_MAX + 1];
};

static struct typed nth(struct station *station, size_t n)
{
	struct typed typed = { .record = NULL };

	station_read(station);
	typed.record = record_log_find(&station->log, TONGBU_KIND_CODE, ANY_SOURCE, n);
	if (!typed.record)
		return typed;
	typed.head = record_code(typed.record);
	memcpy(typed.text, typed.record->payload + sizeof(typed.head),
	       typed.record->length - sizeof(typed.head));
	return typed;
}

static int wait_for_codes(struct station *station, size_t many)
{
	uint64_t limit = station_boottime() + 20000 * MS;

	while (codes(station) < many) {
		if (station_boottime() > limit)
			return -ETIMEDOUT;
		station_sleep_ms(20);
	}
	return 0;
}

TEST_F(code, a_number_up_to_enter_is_one_record)
{
	uint64_t before, first, last;
	struct typed typed;
	int id;

	id = arm(&self->station, LONG_MS, NULL);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", self->station.nl.text);
	before = station_boottime();
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "0"));
	first = station_boottime();
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "01234567890"));
	EXPECT_EQ(0, codes(&self->station));
	last = station_boottime();
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "\n"));
	ASSERT_EQ(1, codes(&self->station));
	EXPECT_EQ(0, record_log_count(&self->station.log, TONGBU_KIND_KEY, ANY_SOURCE));
	typed = nth(&self->station, 0);
	EXPECT_EQ((uint32_t)id, typed.record->source);
	EXPECT_EQ(1, typed.record->source_seq);
	EXPECT_STREQ("001234567890", typed.text);
	EXPECT_EQ(12, le16toh(typed.head.length));
	EXPECT_EQ(TONGBU_CODE_ENTER, typed.head.end);
	EXPECT_EQ(0, typed.head.hashed);
	EXPECT_EQ(sizeof(typed.head) + 12, typed.record->length);
	EXPECT_LE(before, le64toh(typed.head.first));
	EXPECT_GE(first, le64toh(typed.head.first));
	/* The stamp is the Enter's. */
	EXPECT_LE(last, typed.record->boottime);
	EXPECT_LE(typed.record->boottime + le32toh(typed.head.delay), station_boottime());
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(code, all_of_ascii_is_as_a_keyboard_of_the_united_states_has_it)
{
	static const char *const lines[] = {
		"`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./ ",
		"~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?",
	};
	size_t i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, keyboard_type(&self->keyboard, lines[i]));
		ASSERT_EQ(0, keyboard_type(&self->keyboard, "\n"));
		ASSERT_EQ(i + 1, codes(&self->station));
		EXPECT_STREQ(lines[i], nth(&self->station, i).text);
	}
	/* 95 characters have a key. */
	EXPECT_EQ(95, strlen(lines[0]) + strlen(lines[1]));
}

TEST_F(code, either_shift_key_shifts_until_both_are_up)
{
	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_RIGHTSHIFT, 1));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_LEFTSHIFT, 1));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_A));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_LEFTSHIFT, 0));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_A));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_ENTER));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_B));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_RIGHTSHIFT, 0));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_B));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_ENTER));
	ASSERT_EQ(2, codes(&self->station));
	EXPECT_STREQ("AA", nth(&self->station, 0).text);
	EXPECT_STREQ("Bb", nth(&self->station, 1).text);
}

TEST_F(code, the_keypad_types_digits_and_its_enter_ends_a_code)
{
	static const uint16_t keys[] = {
		KEY_KP7, KEY_KP8, KEY_KP9, KEY_KP4, KEY_KP5,   KEY_KP6,
		KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP0, KEY_KPDOT, KEY_KPENTER
	};
	size_t i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		ASSERT_EQ(0, keyboard_tap(&self->keyboard, keys[i]));
	ASSERT_EQ(1, codes(&self->station));
	EXPECT_STREQ("7894561230.", nth(&self->station, 0).text);
}

TEST_F(code, keys_without_a_character_add_nothing_and_take_nothing_back)
{
	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "12"));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_BACKSPACE));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_F1));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_CAPSLOCK));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, BTN_LEFT));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_MAX));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "a\n"));
	ASSERT_EQ(1, codes(&self->station));
	EXPECT_STREQ("12a", nth(&self->station, 0).text);
}

TEST_F(code, enter_alone_is_no_record)
{
	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "\n\n7\n\n"));
	ASSERT_EQ(1, codes(&self->station));
	EXPECT_STREQ("7", nth(&self->station, 0).text);
}

TEST_F(code, a_key_held_is_one_character)
{
	int i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_7, 1));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_7, 2));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_7, 0));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "\n"));
	ASSERT_EQ(1, codes(&self->station));
	EXPECT_STREQ("7", nth(&self->station, 0).text);
}

TEST_F(code, what_is_not_ended_in_time_ends_by_itself)
{
	uint64_t typed_at;
	struct typed typed;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, SHORT_MS, NULL));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "4"));
	typed_at = station_boottime();
	ASSERT_EQ(0, wait_for_codes(&self->station, 1));
	typed = nth(&self->station, 0);
	EXPECT_STREQ("4", typed.text);
	EXPECT_EQ(TONGBU_CODE_TIMEOUT, typed.head.end);
	/* The stamp is the last character's, and the delay shows the wait. */
	EXPECT_GE(typed_at, typed.record->boottime);
	EXPECT_EQ(le64toh(typed.head.first), typed.record->boottime);
	EXPECT_LE(SHORT_MS * MS, le32toh(typed.head.delay));
	/* Enter comes too late, and is Enter alone. */
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "\n5\n"));
	ASSERT_EQ(2, codes(&self->station));
	EXPECT_STREQ("5", nth(&self->station, 1).text);
	EXPECT_EQ(TONGBU_CODE_ENTER, nth(&self->station, 1).head.end);
}

TEST_F(code, without_a_timeout_two_seconds_are_meant)
{
	struct input_listing listing;
	int id;

	id = arm(&self->station, 0, NULL);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(2000, le32toh(input_armed(&self->station, (uint32_t)id).timeout));
	EXPECT_EQ(TONGBU_INPUT_CODE, input_armed(&self->station, (uint32_t)id).mode);
	ASSERT_EQ(0, input_list(&self->station, &listing));
	EXPECT_EQ(2000, listing.timeout);
	EXPECT_EQ(TONGBU_INPUT_CODE, listing.mode);
	EXPECT_STREQ("Badge Reader", listing.name);
	EXPECT_STREQ("Badge Reader", listing.device);
}

TEST_F(code, what_fits_just_so_is_whole)
{
	const char *eight = "abcdefgh";
	struct typed typed;
	int i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	for (i = 0; i < TONGBU_CODE_MAX / 8; i++)
		ASSERT_EQ(0, keyboard_type(&self->keyboard, eight));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "\n"));
	ASSERT_EQ(1, codes(&self->station));
	typed = nth(&self->station, 0);
	EXPECT_EQ(TONGBU_CODE_ENTER, typed.head.end);
	EXPECT_EQ(TONGBU_CODE_MAX, strlen(typed.text));
}

TEST_F(code, what_is_too_long_is_cut_and_the_rest_dropped_up_to_enter)
{
	const char *eight = "abcdefgh";
	struct typed typed;
	int i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	for (i = 0; i < TONGBU_CODE_MAX / 8; i++)
		ASSERT_EQ(0, keyboard_type(&self->keyboard, eight));
	EXPECT_EQ(0, codes(&self->station));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "X"));
	/* At once, without waiting for its end */
	ASSERT_EQ(1, codes(&self->station));
	typed = nth(&self->station, 0);
	EXPECT_EQ(TONGBU_CODE_TOO_LONG, typed.head.end);
	EXPECT_EQ(TONGBU_CODE_MAX, le16toh(typed.head.length));
	EXPECT_EQ(TONGBU_CODE_MAX, strlen(typed.text));
	EXPECT_EQ(0, strncmp(eight, typed.text + TONGBU_CODE_MAX - 8, 8));
	for (i = 0; i < TONGBU_CODE_MAX / 8 + 1; i++)
		ASSERT_EQ(0, keyboard_type(&self->keyboard, eight));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "\nok\n"));
	ASSERT_EQ(2, codes(&self->station));
	EXPECT_STREQ("ok", nth(&self->station, 1).text);
}

TEST_F(code, what_is_too_long_is_dropped_no_longer_than_the_timeout)
{
	int i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, SHORT_MS, NULL));
	/* All in one go, and what a slow guest takes apart is put on record too. */
	for (i = 0; i < TONGBU_CODE_MAX + 2; i++)
		ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_X));
	ASSERT_EQ(0, wait_for_codes(&self->station, 1));
	station_sleep_ms(4 * SHORT_MS);
	i = (int)codes(&self->station);
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "7\n"));
	ASSERT_LT(i, (int)codes(&self->station));
	EXPECT_EQ('7', nth(&self->station, (size_t)i).text[0]);
}

TEST_F(code, what_was_typed_before_unplugging_is_on_record_before_that)
{
	struct typed typed;
	const struct record *gone;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "123"));
	keyboard_unplug(&self->keyboard);
	ASSERT_EQ(1, codes(&self->station));
	typed = nth(&self->station, 0);
	EXPECT_STREQ("123", typed.text);
	EXPECT_EQ(TONGBU_CODE_TIMEOUT, typed.head.end);
	gone = record_log_find(&self->station.log, TONGBU_KIND_GONE, ANY_SOURCE, 0);
	ASSERT_NE(NULL, gone);
	EXPECT_EQ(typed.record->seq + 1, gone->seq);
	/* Nothing of it is left for the next one. */
	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &reader));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "4\n"));
	ASSERT_EQ(2, codes(&self->station));
	EXPECT_STREQ("4", nth(&self->station, 1).text);
}

TEST_F(code, shift_held_at_unplugging_is_up_at_plugging)
{
	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_LEFTSHIFT, 1));
	keyboard_unplug(&self->keyboard);
	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &reader));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "a\n"));
	ASSERT_EQ(1, codes(&self->station));
	EXPECT_STREQ("a", nth(&self->station, 0).text);
}

TEST_F(code, what_was_typed_before_disarming_is_on_record_before_that)
{
	struct typed typed;
	const struct record *end;

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, NULL));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "123"));
	ASSERT_EQ(0, station_disarm(&self->station, "badge"));
	ASSERT_EQ(1, codes(&self->station));
	typed = nth(&self->station, 0);
	EXPECT_STREQ("123", typed.text);
	end = record_log_find(&self->station.log, TONGBU_KIND_SOURCE_DEL, ANY_SOURCE, 0);
	ASSERT_NE(NULL, end);
	EXPECT_EQ(typed.record->seq + 1, end->seq);
	EXPECT_EQ(1, le64toh(record_source_end(end).sealed));
}

TEST_F(code, G10_a_hashed_code_is_blake2s_after_the_salt_and_no_character_is_on_record)
{
	uint8_t salt[TONGBU_SALT_LEN], hash[HASH_LEN];
	const char *number = "31415926535";
	struct typed typed;
	size_t i;

	for (i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)(3 * i + 1);
	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, salt))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, keyboard_type(&self->keyboard, number));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "\n"));
	ASSERT_EQ(1, codes(&self->station));
	typed = nth(&self->station, 0);
	EXPECT_EQ(1, typed.head.hashed);
	EXPECT_EQ(strlen(number), le16toh(typed.head.length));
	ASSERT_EQ(sizeof(typed.head) + HASH_LEN, typed.record->length);
	ASSERT_EQ(0, blake2s_after(salt, number, strlen(number), hash));
	EXPECT_EQ(0, memcmp(hash, typed.text, HASH_LEN));
	EXPECT_EQ(NULL,
		  memmem(self->station.log.bytes, self->station.log.used, number, strlen(number)));
}

TEST_F(code, G10_the_salt_is_told_to_nobody)
{
	uint8_t salt[TONGBU_SALT_LEN], hash[HASH_LEN];
	struct input_listing listing;
	struct tongbu_input armed;
	int id;

	memset(salt, 0xa5, sizeof(salt));
	id = arm(&self->station, LONG_MS, salt);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_EQ(0, station_read(&self->station));
	armed = input_armed(&self->station, (uint32_t)id);
	ASSERT_EQ(1, EVP_Digest(salt, sizeof(salt), hash, NULL, EVP_blake2s256(), NULL));
	EXPECT_EQ(0, memcmp(hash, armed.salt_id, sizeof(armed.salt_id)));
	EXPECT_EQ(NULL, memmem(self->station.log.bytes, self->station.log.used, salt, 8));
	ASSERT_EQ(0, input_list(&self->station, &listing));
	EXPECT_EQ(1, listing.count);
	EXPECT_FALSE(listing.salted);
}

TEST_F(code, G10_a_code_hashed_elsewhere_with_another_salt_is_another)
{
	uint8_t salt[TONGBU_SALT_LEN] = { 1 };
	char first[HASH_LEN];

	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, salt));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "4711\n4711\n"));
	ASSERT_EQ(2, codes(&self->station));
	memcpy(first, nth(&self->station, 0).text, sizeof(first));
	EXPECT_EQ(0, memcmp(first, nth(&self->station, 1).text, sizeof(first)));
	ASSERT_EQ(0, station_disarm(&self->station, "badge"));
	salt[31] = 1;
	ASSERT_LE(TONGBU_SOURCE_FIRST, arm(&self->station, LONG_MS, salt));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "4711\n"));
	ASSERT_EQ(3, codes(&self->station));
	EXPECT_NE(0, memcmp(first, nth(&self->station, 2).text, sizeof(first)));
}

TEST_HARNESS_MAIN
