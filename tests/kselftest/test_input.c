// SPDX-License-Identifier: GPL-2.0-only
/* Buttons and keyboards as sources: which one, who else, keys, plugging. */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "keyboard.h"

static const struct model panel = {
	.name = "Panel", .phys = "hall/0", .vendor = 0x1209, .product = 0x0a01
};

FIXTURE(input)
{
	struct station station;
	struct keyboard keyboard;
};

FIXTURE_SETUP(input)
{
	self->keyboard.fd = -1;
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&self->station));
}

FIXTURE_TEARDOWN(input)
{
	keyboard_unplug(&self->keyboard);
	station_close(&self->station);
}

static const struct record *nth(struct station *station, uint16_t kind, size_t n)
{
	station_read(station);
	return record_log_find(&station->log, kind, ANY_SOURCE, n);
}

static size_t count(struct station *station, uint16_t kind)
{
	station_read(station);
	return record_log_count(&station->log, kind, ANY_SOURCE);
}

TEST_F(input, G1_each_key_down_and_up_is_a_record)
{
	const struct input button = { .name = "button", .device = "Panel" };
	const struct record *record;
	uint64_t before, after;
	struct tongbu_key key;
	int id;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	id = input_arm(&self->station, &button);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", self->station.nl.text);
	before = station_boottime();
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_F1, 1));
	after = station_boottime();
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_F1, 0));
	ASSERT_EQ(2, count(&self->station, TONGBU_KIND_KEY));
	record = nth(&self->station, TONGBU_KIND_KEY, 0);
	key = record_key(record);
	EXPECT_EQ((uint32_t)id, record->source);
	EXPECT_EQ(1, record->source_seq);
	EXPECT_EQ(TONGBU_UID_NONE, record->uid);
	ASSERT_EQ(sizeof(key), record->length);
	EXPECT_EQ(KEY_F1, le16toh(key.code));
	EXPECT_EQ(1, key.value);
	EXPECT_LE(before, record->boottime);
	EXPECT_LE(record->boottime + le32toh(key.delay), after);
	key = record_key(nth(&self->station, TONGBU_KIND_KEY, 1));
	EXPECT_EQ(KEY_F1, le16toh(key.code));
	EXPECT_EQ(0, key.value);
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

/* uinput writes in a system call: no interrupt there to stamp in */
TEST_F(input, G1_a_stamp_not_taken_in_an_interrupt_says_so)
{
	const struct input button = { .name = "button", .device = "Panel" };
	const struct input code = { .name = "code", .device = "Panel", .mode = TONGBU_INPUT_CODE };

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &code));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "1\n"));
	ASSERT_EQ(4, count(&self->station, TONGBU_KIND_KEY));
	ASSERT_EQ(1, count(&self->station, TONGBU_KIND_CODE));
	EXPECT_EQ(TONGBU_RECORD_THREAD_STAMP,
		  nth(&self->station, TONGBU_KIND_KEY, 0)->flags & TONGBU_RECORD_THREAD_STAMP);
	EXPECT_EQ(TONGBU_RECORD_THREAD_STAMP,
		  nth(&self->station, TONGBU_KIND_CODE, 0)->flags & TONGBU_RECORD_THREAD_STAMP);
}

TEST_F(input, a_key_held_is_one_press)
{
	const struct input button = { .name = "button", .device = "Panel" };
	int i;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_F1, 1));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_F1, 2));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_F1, 0));
	EXPECT_EQ(2, count(&self->station, TONGBU_KIND_KEY));
}

TEST_F(input, of_a_panic_button_only_the_one_key_counts)
{
	const struct input button = { .name = "panic", .device = "Panel", .key = KEY_F12 };

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "12345\n"));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_F12));
	ASSERT_EQ(2, count(&self->station, TONGBU_KIND_KEY));
	EXPECT_EQ(KEY_F12, le16toh(record_key(nth(&self->station, TONGBU_KIND_KEY, 0)).code));
}

TEST_F(input, a_key_down_is_the_level_one_and_up_the_level_zero)
{
	const struct input button = { .name = "button", .device = "Panel" };
	struct input_listing listing;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_F1, 1));
	ASSERT_EQ(0, input_list(&self->station, &listing));
	EXPECT_EQ(1, listing.level);
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_F1, 0));
	ASSERT_EQ(0, input_list(&self->station, &listing));
	EXPECT_EQ(0, listing.level);
}

TEST_F(input, G7_the_record_of_arming_has_what_was_asked_for)
{
	const struct input button = { .name = "panic",
				      .device = "Panel",
				      .phys = "hall/0",
				      .vendor = 0x1209,
				      .product = 0x0a01,
				      .key = KEY_F12,
				      .flags = TONGBU_SOURCE_GRAB };
	const struct tongbu_input none = { .reserved = { 0 } };
	struct tongbu_source source;
	struct tongbu_input armed;
	int id;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	id = input_arm(&self->station, &button);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id) TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, station_read(&self->station));
	source = record_source(nth(&self->station, TONGBU_KIND_SOURCE_ADD, 0));
	EXPECT_EQ(TONGBU_SOURCE_INPUT, source.type);
	EXPECT_EQ(TONGBU_SOURCE_GRAB, le32toh(source.flags));
	EXPECT_EQ(0, source.chip[0]);
	armed = input_armed(&self->station, (uint32_t)id);
	EXPECT_STREQ("Panel", (const char *)armed.device);
	EXPECT_STREQ("hall/0", (const char *)armed.phys);
	EXPECT_EQ(0x1209, le16toh(armed.vendor));
	EXPECT_EQ(0x0a01, le16toh(armed.product));
	EXPECT_EQ(KEY_F12, le16toh(armed.key));
	EXPECT_EQ(0, le32toh(armed.timeout));
	EXPECT_EQ(TONGBU_INPUT_KEYS, armed.mode);
	EXPECT_EQ(0, memcmp(none.reserved, armed.reserved, sizeof(none.reserved)));
	EXPECT_EQ(0, memcmp(none.salt_id, armed.salt_id, sizeof(none.salt_id)));
}

TEST_F(input, each_of_name_path_vendor_and_product_must_be_right)
{
	const struct input all[] = {
		{ .name = "a", .device = "Panel" },
		{ .name = "b", .phys = "hall/0" },
		{ .name = "c", .vendor = 0x1209 },
		{ .name = "d", .product = 0x0a01 },
		{ .name = "e", .device = "Pane", .phys = "hall/0" },
		{ .name = "f", .device = "Panel", .phys = "hall/00" },
		{ .name = "g", .device = "Panel", .vendor = 0x1208 },
		{ .name = "h", .device = "Panel", .vendor = 0x1209, .product = 0x0a02 },
	};
	struct input_listing listing;
	size_t i;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &all[i]))
		TH_LOG("%s: %s", all[i].name, self->station.nl.text);
		ASSERT_EQ(0, input_list(&self->station, &listing));
		EXPECT_STREQ(i < 4 ? "Panel" : "", listing.device) TH_LOG("%s", all[i].name);
		ASSERT_EQ(0, station_disarm(&self->station, all[i].name));
	}
}

TEST_F(input, of_two_that_match_the_one_with_the_key_is_taken)
{
	const struct input button = { .name = "panic", .vendor = 0x1209, .key = KEY_F12 };
	const struct input code = { .name = "code", .vendor = 0x1209, .mode = TONGBU_INPUT_CODE };
	const struct model media = { .name = "Media", .vendor = 0x1209, .only = KEY_MUTE };
	struct keyboard other;

	ASSERT_EQ(0, keyboard_plug(&other, &media));
	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &code));
	ASSERT_EQ(0, keyboard_tap(&other, KEY_MUTE));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_F12));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "1\n"));
	EXPECT_EQ(2, count(&self->station, TONGBU_KIND_KEY));
	EXPECT_EQ(1, count(&self->station, TONGBU_KIND_CODE));
	keyboard_unplug(&other);
}

TEST_F(input, keys_of_a_grabbed_device_do_not_leak)
{
	const struct input button = { .name = "button",
				      .device = "Panel",
				      .flags = TONGBU_SOURCE_GRAB };
	int watch;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	watch = keyboard_watch(&self->keyboard);
	ASSERT_LE(0, watch);
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "1234\n"));
	EXPECT_EQ(0, keyboard_seen(watch));
	EXPECT_EQ(10, count(&self->station, TONGBU_KIND_KEY));
	/* Disarmed, it is everybody's again. */
	ASSERT_EQ(0, station_disarm(&self->station, "button"));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "1234\n"));
	EXPECT_EQ(10, keyboard_seen(watch));
	EXPECT_EQ(10, count(&self->station, TONGBU_KIND_KEY));
	close(watch);
}

TEST_F(input, keys_of_a_device_not_grabbed_are_everybodys)
{
	const struct input button = { .name = "button", .device = "Panel" };
	int watch;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	watch = keyboard_watch(&self->keyboard);
	ASSERT_LE(0, watch);
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "1234\n"));
	EXPECT_EQ(10, keyboard_seen(watch));
	EXPECT_EQ(10, count(&self->station, TONGBU_KIND_KEY));
	close(watch);
}

TEST_F(input, two_sources_may_watch_a_device_that_neither_grabs)
{
	const struct input button = { .name = "panic", .device = "Panel", .key = KEY_F12 };
	const struct input code = { .name = "code", .device = "Panel", .mode = TONGBU_INPUT_CODE };
	int id;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	id = input_arm(&self->station, &button);
	ASSERT_LE(TONGBU_SOURCE_FIRST, id);
	ASSERT_EQ(id + 1, input_arm(&self->station, &code));
	ASSERT_EQ(0, keyboard_type(&self->keyboard, "4711\n"));
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_F12));
	EXPECT_EQ(2, count(&self->station, TONGBU_KIND_KEY));
	EXPECT_EQ(1, count(&self->station, TONGBU_KIND_CODE));
}

TEST_F(input, a_grabbed_device_is_refused_and_its_holder_named)
{
	const struct input grabs = { .name = "gate",
				     .device = "Panel",
				     .flags = TONGBU_SOURCE_GRAB };
	const struct input watches = { .name = "panic", .device = "Panel" };
	const struct input grabs_too = { .name = "door",
					 .vendor = 0x1209,
					 .flags = TONGBU_SOURCE_GRAB };

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &grabs));
	EXPECT_EQ(-EBUSY, input_arm(&self->station, &watches));
	EXPECT_EQ(TONGBU_A_INPUT_NAME, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "Panel is held by gate"))
	TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(-EBUSY, input_arm(&self->station, &grabs_too));
	EXPECT_EQ(TONGBU_A_INPUT_VENDOR, self->station.nl.attr);
	ASSERT_EQ(0, station_disarm(&self->station, "gate"));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &watches));
	EXPECT_EQ(-EBUSY, input_arm(&self->station, &grabs));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "Panel is held by panic"))
	TH_LOG("%s", self->station.nl.text);
}

TEST_F(input, a_device_another_program_grabbed_is_refused)
{
	const struct input button = { .name = "button", .device = "Panel" };
	int watch;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	watch = keyboard_watch(&self->keyboard);
	ASSERT_EQ(0, ioctl(watch, EVIOCGRAB, 1));
	EXPECT_EQ(-EBUSY, input_arm(&self->station, &button));
	EXPECT_NE(NULL, strstr(self->station.nl.text, "Panel is held by event"))
	TH_LOG("%s", self->station.nl.text);
	close(watch);
	EXPECT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
}

TEST_F(input, the_next_free_device_that_matches_is_taken)
{
	struct input gate = { .name = "gate", .device = "Panel", .flags = TONGBU_SOURCE_GRAB };
	struct keyboard second;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_EQ(0, keyboard_plug(&second, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &gate));
	gate.name = "door";
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &gate))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_1));
	ASSERT_EQ(0, keyboard_tap(&second, KEY_2));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(KEY_1, le16toh(record_key(record_log_find(&self->station.log, TONGBU_KIND_KEY,
							    TONGBU_SOURCE_FIRST, 0))
					 .code));
	EXPECT_EQ(KEY_2, le16toh(record_key(record_log_find(&self->station.log, TONGBU_KIND_KEY,
							    TONGBU_SOURCE_FIRST + 1, 0))
					 .code));
	keyboard_unplug(&second);
}

TEST_F(input, what_is_not_there_yet_is_armed_gone_and_back_when_plugged)
{
	const struct input button = { .name = "button", .device = "Panel" };
	struct tongbu_presence gone, back;
	struct input_listing listing;
	uint64_t armed;

	armed = station_boottime();
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button))
	TH_LOG("%s", self->station.nl.text);
	ASSERT_EQ(1, count(&self->station, TONGBU_KIND_GONE));
	gone = record_presence(nth(&self->station, TONGBU_KIND_GONE, 0));
	EXPECT_EQ(TONGBU_ABSENT_YET, gone.why);
	EXPECT_STREQ("Panel", (const char *)gone.device);
	EXPECT_LE(armed, le64toh(gone.since));
	ASSERT_EQ(0, input_list(&self->station, &listing));
	EXPECT_EQ(TONGBU_STATE_GONE, listing.state);
	EXPECT_STREQ("", listing.device);

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_EQ(1, count(&self->station, TONGBU_KIND_BACK));
	back = record_presence(nth(&self->station, TONGBU_KIND_BACK, 0));
	EXPECT_EQ(TONGBU_ABSENT_YET, back.why);
	EXPECT_STREQ("Panel", (const char *)back.device);
	EXPECT_EQ(gone.since, back.since);
	ASSERT_EQ(0, input_list(&self->station, &listing));
	EXPECT_EQ(0, listing.state);
	EXPECT_STREQ("Panel", listing.device);
	ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_1));
	EXPECT_EQ(2, count(&self->station, TONGBU_KIND_KEY));
}

TEST_F(input, what_is_there_when_armed_is_not_said_to_be_back)
{
	const struct input button = { .name = "button", .device = "Panel" };

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	EXPECT_EQ(0, count(&self->station, TONGBU_KIND_GONE));
	EXPECT_EQ(0, count(&self->station, TONGBU_KIND_BACK));
}

TEST_F(input, unplugging_and_plugging_are_on_record)
{
	const struct input button = { .name = "button",
				      .device = "Panel",
				      .flags = TONGBU_SOURCE_GRAB };
	struct tongbu_presence gone, back;
	size_t i;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	for (i = 0; i < 3; i++) {
		keyboard_unplug(&self->keyboard);
		ASSERT_EQ(i + 1, count(&self->station, TONGBU_KIND_GONE));
		gone = record_presence(nth(&self->station, TONGBU_KIND_GONE, i));
		EXPECT_EQ(TONGBU_ABSENT_REMOVED, gone.why);
		ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
		ASSERT_EQ(i + 1, count(&self->station, TONGBU_KIND_BACK));
		back = record_presence(nth(&self->station, TONGBU_KIND_BACK, i));
		EXPECT_EQ(TONGBU_ABSENT_REMOVED, back.why);
		EXPECT_LT(le64toh(gone.since), le64toh(back.since));
		ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_1));
		EXPECT_EQ(2 * (i + 1), count(&self->station, TONGBU_KIND_KEY));
	}
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
}

TEST_F(input, what_was_plugged_again_is_heard_without_a_grab_too)
{
	const struct input button = { .name = "button", .device = "Panel" };
	size_t i;

	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	for (i = 1; i <= 3; i++) {
		ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
		ASSERT_EQ(0, keyboard_tap(&self->keyboard, KEY_1));
		EXPECT_EQ(2 * i, count(&self->station, TONGBU_KIND_KEY));
		keyboard_unplug(&self->keyboard);
	}
}

TEST_F(input, a_key_down_at_unplugging_is_let_go_on_record)
{
	const struct input button = { .name = "button", .device = "Panel" };
	const struct record *up;

	ASSERT_EQ(0, keyboard_plug(&self->keyboard, &panel));
	ASSERT_LE(TONGBU_SOURCE_FIRST, input_arm(&self->station, &button));
	ASSERT_EQ(0, keyboard_key(&self->keyboard, KEY_F1, 1));
	keyboard_unplug(&self->keyboard);
	ASSERT_EQ(2, count(&self->station, TONGBU_KIND_KEY));
	up = nth(&self->station, TONGBU_KIND_KEY, 1);
	EXPECT_EQ(0, record_key(up).value);
	EXPECT_EQ(up->seq + 1, nth(&self->station, TONGBU_KIND_GONE, 0)->seq);
}

/* One plugs, types and unplugs as fast as it goes */
struct fidget {
	pthread_t thread;
	atomic_bool stop;
	size_t rounds;
};

static void *fidget_work(void *arg)
{
	struct fidget *fidget = arg;
	struct keyboard keyboard;

	while (!atomic_load(&fidget->stop)) {
		if (keyboard_plug(&keyboard, &panel))
			break;
		keyboard_type(&keyboard, "12345\n678");
		keyboard_unplug(&keyboard);
		fidget->rounds++;
	}
	return NULL;
}

TEST_F(input, arming_disarming_and_unloading_under_plugging_is_clean)
{
	const struct input all[] = {
		{ .name = "keys", .device = "Panel" },
		{ .name = "code", .vendor = 0x1209, .mode = TONGBU_INPUT_CODE },
		{ .name = "gate", .phys = "hall/0", .flags = TONGBU_SOURCE_GRAB },
	};
	struct fidget fidget = { .stop = false };
	int i, j, err;

	ASSERT_EQ(0, pthread_create(&fidget.thread, NULL, fidget_work, &fidget));
	for (i = 0; i < 12; i++) {
		for (j = 0; j < 3; j++) {
			err = input_arm(&self->station, &all[j]);
			EXPECT_TRUE(err >= (int)TONGBU_SOURCE_FIRST || err == -EBUSY)
			TH_LOG("%s: %d %s", all[j].name, err, self->station.nl.text);
		}
		station_sleep_ms(5);
		for (j = 0; j < 3; j++) {
			err = station_disarm(&self->station, all[j].name);
			EXPECT_TRUE(err == 0 || err == -ENOENT);
		}
		ASSERT_EQ(0, station_read(&self->station));
		ASSERT_EQ(0, station_ack(&self->station));
	}
	EXPECT_TRUE(record_log_whole(&self->station.log)) TH_LOG("%s", self->station.log.wrong);
	/* And with all three armed, the module goes. */
	for (i = 0; i < 3; i++) {
		station_close(&self->station);
		ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
		ASSERT_EQ(0, station_attach(&self->station));
		for (j = 0; j < 3; j++)
			input_arm(&self->station, &all[j]);
		station_sleep_ms(20);
	}
	atomic_store(&fidget.stop, true);
	pthread_join(fidget.thread, NULL);
	EXPECT_LT(3, fidget.rounds);
}

TEST_F(input, what_cannot_be_armed_is_refused_in_words)
{
	static const uint8_t salt[TONGBU_SALT_LEN] = { 1 };
	const struct {
		struct input input;
		int err;
		int attr;
		const char *words;
	} attempts[] = {
		{ { .name = "a" }, -EINVAL, 0, "nothing says which input device" },
		{ { .name = "b", .device = "" }, -EINVAL, TONGBU_A_INPUT_NAME, "empty" },
		{ { .name = "c", .phys = "" }, -EINVAL, TONGBU_A_INPUT_PHYS, "empty" },
		{ { .name = "d", .vendor = 1, .mode = 3 }, -ERANGE, TONGBU_A_INPUT_MODE, "" },
		{ { .name = "e", .vendor = 1, .key = KEY_MAX + 1 },
		  -ERANGE,
		  TONGBU_A_INPUT_KEY,
		  "no key 768: the most is 767" },
		{ { .name = "f", .vendor = 1, .timeout = 100 },
		  -EINVAL,
		  TONGBU_A_INPUT_TIMEOUT,
		  "for codes, not for keys" },
		{ { .name = "g", .vendor = 1, .mode = TONGBU_INPUT_CODE, .timeout = 60001 },
		  -ERANGE,
		  TONGBU_A_INPUT_TIMEOUT,
		  "60001 ms between characters: it must be 1 to 60000" },
		{ { .name = "h", .vendor = 1, .mode = TONGBU_INPUT_CODE, .key = KEY_1 },
		  -EINVAL,
		  TONGBU_A_INPUT_KEY,
		  "leave the one key out" },
		{ { .name = "i", .vendor = 1, .flags = TONGBU_SOURCE_HASHED, .salt = salt },
		  -EINVAL,
		  TONGBU_A_SOURCE_FLAGS,
		  "keys are not hashed" },
		{ { .name = "j",
		    .vendor = 1,
		    .mode = TONGBU_INPUT_CODE,
		    .flags = TONGBU_SOURCE_HASHED },
		  -EINVAL,
		  0,
		  "INPUT_SALT is missing" },
		{ { .name = "k", .vendor = 1, .mode = TONGBU_INPUT_CODE, .salt = salt },
		  -EINVAL,
		  TONGBU_A_INPUT_SALT,
		  "nothing to hash" },
		{ { .name = "l", .vendor = 1, .flags = TONGBU_SOURCE_ACTIVE_LOW },
		  -EINVAL,
		  TONGBU_A_SOURCE_FLAGS,
		  "ACTIVE_LOW and MODEM are for lines" },
	};
	struct nl_msg *msg;
	size_t i;

	for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		EXPECT_EQ(attempts[i].err, input_arm(&self->station, &attempts[i].input))
		TH_LOG("%s: %s", attempts[i].input.name, self->station.nl.text);
		EXPECT_EQ(attempts[i].attr, self->station.nl.attr)
		TH_LOG("%s: %s", attempts[i].input.name, self->station.nl.text);
		EXPECT_NE(NULL, strstr(self->station.nl.text, attempts[i].words))
		TH_LOG("%s: %s", attempts[i].input.name, self->station.nl.text);
	}
	msg = input_request(&self->station, &(struct input){ .name = "m",
							     .vendor = 1,
							     .mode = TONGBU_INPUT_CODE,
							     .flags = TONGBU_SOURCE_HASHED });
	nla_put(msg, TONGBU_A_INPUT_SALT, TONGBU_SALT_LEN - 1, salt);
	EXPECT_EQ(-ERANGE, tongbu_nl_do(&self->station.nl, msg));
	EXPECT_EQ(TONGBU_A_INPUT_SALT, self->station.nl.attr);
	EXPECT_NE(NULL, strstr(self->station.nl.text, "size out of range"))
	TH_LOG("%s", self->station.nl.text);
	EXPECT_EQ(0, tongbu_nl_info(&self->station.nl, TONGBU_A_INFO_SOURCES));
	ASSERT_EQ(0, station_read(&self->station));
	EXPECT_EQ(2, self->station.log.count);
}

TEST_HARNESS_MAIN
