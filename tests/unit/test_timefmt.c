// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "timefmt.h"

#define SEC TB_NSEC_PER_SEC
/* 2026-11-23T10:00:00Z */
#define NOW (1795428000ULL * SEC)

static uint64_t time_of(const char *text)
{
	struct tb_error err = { 0 };
	uint64_t realtime = 1;

	assert_done(tb_time_parse(text, NOW, &realtime, &err), err);
	return realtime;
}

static void format(void **state)
{
	char text[TB_TIME_SIZE];

	(void)state;
	assert_string_equal(tb_time_format(0, text), "1970-01-01T00:00:00.000000000Z");
	assert_string_equal(tb_time_format(NOW + 123456789, text),
			    "2026-11-23T10:00:00.123456789Z");
	assert_string_equal(tb_time_format(NOW - 1, text), "2026-11-23T09:59:59.999999999Z");
	assert_string_equal(tb_time_format(UINT64_MAX, text), "2554-07-21T23:34:33.709551615Z");
}

static void both_ways(void **state)
{
	static const uint64_t times[] = { 0,
					  1,
					  SEC - 1,
					  SEC,
					  NOW,
					  NOW + 1,
					  NOW + 999999999,
					  951782400ULL * SEC,
					  4102444800ULL * SEC };
	char text[TB_TIME_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(times); i++)
		assert_true(time_of(tb_time_format(times[i], text)) == times[i]);
}

static void rfc3339(void **state)
{
	(void)state;
	assert_true(time_of("2026-11-23T10:00:00Z") == NOW);
	assert_true(time_of("2026-11-23 10:00:00z") == NOW);
	assert_true(time_of("2026-11-23T10:00Z") == NOW);
	assert_true(time_of("2026-11-23T18:00:00+08:00") == NOW);
	assert_true(time_of("2026-11-23T06:30:00-03:30") == NOW);
	assert_true(time_of("2026-11-23T10:00:00.5Z") == NOW + SEC / 2);
	assert_true(time_of("2026-11-23T10:00:00.000000001Z") == NOW + 1);
	assert_true(time_of("2026-11-23T10:00:00.0000000019Z") == NOW + 1);
}

static void local_time(void **state)
{
	(void)state;
	setenv("TZ", "CST-8", 1);
	tzset();
	assert_true(time_of("2026-11-23 18:00") == NOW);
	assert_true(time_of("2026-11-23T18:00:00") == NOW);
	assert_true(time_of("2026-11-24") == NOW + 6 * 3600 * SEC);
	assert_true(time_of("today") == NOW - 18 * 3600 * SEC);
	assert_true(time_of("yesterday") == NOW - 42 * 3600 * SEC);
	assert_true(time_of("2026-11-23T10:00:00Z") == NOW);
	setenv("TZ", "UTC", 1);
	tzset();
	assert_true(time_of("today") == NOW - 10 * 3600 * SEC);
}

static void a_while_ago(void **state)
{
	(void)state;
	assert_true(time_of("now") == NOW);
	assert_true(time_of("-0s") == NOW);
	assert_true(time_of("-10m") == NOW - 600 * SEC);
	assert_true(time_of("-10min") == NOW - 600 * SEC);
	assert_true(time_of("-250ms") == NOW - SEC / 4);
	assert_true(time_of("-3s") == NOW - 3 * SEC);
	assert_true(time_of("-2h") == NOW - 7200 * SEC);
	assert_true(time_of("-1d") == NOW - 86400 * SEC);
	assert_true(time_of("-2w") == NOW - 14 * 86400 * SEC);
	assert_true(time_of("+2h") == NOW + 7200 * SEC);
	assert_true(time_of("+0s") == NOW);
}

static void refused(void **state)
{
	static const char *const texts[] = {
		"",
		"-",
		"-m",
		"-10",
		"-10x",
		"-10 m",
		"--10m",
		"-+10m",
		"+",
		"++10m",
		"+10x",
		"10m",
		"tomorrow",
		"NOW",
		"2026",
		"2026-11",
		"2026-13-01",
		"2026-11-32",
		"2026-11-23T25:00:00Z",
		"2026-11-23T10:00:00+8",
		"2026-11-23T10:00:00+08:0",
		"2026-11-23T10:00:00+08:60",
		"2026-11-23T10:00:00Zulu",
		"2026-11-23T10:00:00.Z",
		"2026-11-23T10:00:00 ",
		"23.11.2026",
		"2026-11-23T10:00:00*08:00",
		"2026-11-23T10:00:00+-8:00",
	};
	struct tb_error err;
	uint64_t realtime;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (tb_time_parse(texts[i], NOW, &realtime, &err) != -EINVAL)
			fail_msg("'%s' is taken for a time", texts[i]);
		assert_contains(err.text, "is no time: give a time as");
	}
}

static void out_of_range(void **state)
{
	static const char *const texts[] = {
		"1969-12-31T23:59:59Z",
		"2600-01-01T00:00:00Z",
		"9999-12-31T00:00:00Z",
		"-60y",
		"-3000w",
		"-99999999999999999999s",
		"-18446744073709551615w",
	};
	struct tb_error err;
	uint64_t realtime;
	size_t i;
	int ret;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		ret = tb_time_parse(texts[i], NOW, &realtime, &err);
		if (ret != (strchr(texts[i], 'y') ? -EINVAL : -ERANGE))
			fail_msg("'%s': %d", texts[i], ret);
	}
}

static void days_that_are_not(void **state)
{
	uint64_t realtime;

	(void)state;
	assert_int_equal(tb_time_parse("2026-02-31", NOW, &realtime, NULL), -EINVAL);
	assert_int_equal(tb_time_parse("2026-02-29T00:00:00Z", NOW, &realtime, NULL), -EINVAL);
	assert_true(time_of("2028-02-29T00:00:00Z") > NOW);
}

static void durations(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} known[] = {
		{ 0, "0 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.0 us" },
		{ 12500000, "12.5 ms" },
		{ 42100000000, "42.1 s" },
		{ 423 * SEC, "7 min 3 s" },
		{ 7500 * SEC, "2 h 5 min" },
		{ 273600 * SEC, "3 d 4 h" },
		{ UINT64_MAX, "213503 d 23 h" },
	};
	char text[TB_DURATION_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(known); i++)
		assert_string_equal(tb_duration_format(known[i].ns, text), known[i].text);
}

/* One zone for what is shown and for what is given without one */
static void zone_that_is_shown(void **state)
{
	char text[TB_TIME_SIZE];

	(void)state;
	tb_time_zone(8 * 3600);
	assert_string_equal(tb_time_text(NOW + 1, text), "2026-11-23T18:00:00.000000001+08:00");
	assert_true(time_of("2026-11-23 18:00") == NOW);
	assert_true(time_of("2026-11-23T10:00:00Z") == NOW);
	assert_true(time_of("today") == NOW - 18 * 3600 * SEC);
	assert_true(time_of("yesterday") == NOW - 42 * 3600 * SEC);
	tb_time_zone(-(3 * 3600 + 1800));
	assert_string_equal(tb_time_text(NOW, text), "2026-11-23T06:30:00.000000000-03:30");
	assert_true(time_of("2026-11-23 06:30") == NOW);
	tb_time_zone(0);
	assert_string_equal(tb_time_text(NOW, text), "2026-11-23T10:00:00.000000000Z");
	assert_true(time_of("2026-11-23 10:00") == NOW);
	/* Programs have UTC, whatever is shown. */
	tb_time_zone(8 * 3600);
	assert_string_equal(tb_time_format(NOW, text), "2026-11-23T10:00:00.000000000Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(format),	cmocka_unit_test(both_ways),
		cmocka_unit_test(rfc3339),	cmocka_unit_test(local_time),
		cmocka_unit_test(a_while_ago),	cmocka_unit_test(refused),
		cmocka_unit_test(out_of_range), cmocka_unit_test(days_that_are_not),
		cmocka_unit_test(durations),	cmocka_unit_test(zone_that_is_shown),
	};

	return cmocka_run_group_tests_name("timefmt", tests, NULL, NULL);
}
