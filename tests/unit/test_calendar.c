// SPDX-License-Identifier: GPL-2.0-only
/* Dates: what people get wrong about months, leap years and working days */
#include "unit.h"

#include <string.h>

#include "calendar.h"

static struct tb_error err;

static int64_t day_of(const char *text)
{
	int64_t day;

	if (tb_date_parse(text, &day))
		fail_msg("%s is no date", text);
	return day;
}

#define assert_day(day, text)                                                  \
	do {                                                                   \
		char formatted[TB_DATE_SIZE];                                  \
		assert_string_equal(tb_date_format((day), formatted), (text)); \
	} while (0)

static void read_and_write(void **state)
{
	static const char *const dates[] = {
		"1970-01-01", "1969-12-31", "2000-02-29", "2026-11-23",
		"1900-02-28", "2100-12-31", "0001-01-01", "9999-12-31"
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(dates); i++)
		assert_day(day_of(dates[i]), dates[i]);
	assert_int_equal(day_of("1970-01-01"), 0);
	assert_int_equal(day_of("1969-12-31"), -1);
	assert_int_equal(day_of("2000-01-01"), 10957);
}

static void no_dates(void **state)
{
	static const char *const texts[] = {
		"",	      "2026",	    "2026-2-3",	  "2026-02-29",	 "2100-02-29",
		"1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31",	 "2026-01-00",
		"2026-01-32", "2026/01/01", "20260101",	  "2026-01-01 ", " 2026-01-01",
		"2026-01-1x", "26-01-01",   "today",	  "+026-01-01",	 "2026-01- 1",
	};
	int64_t day;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (!tb_date_parse(texts[i], &day))
			fail_msg("'%s' was taken for a date", texts[i]);
}

static void leap_years(void **state)
{
	(void)state;
	assert_int_equal(day_of("2024-03-01") - day_of("2024-02-28"), 2);
	assert_int_equal(day_of("2026-03-01") - day_of("2026-02-28"), 1);
	assert_int_equal(day_of("2000-03-01") - day_of("2000-02-28"), 2);
	assert_int_equal(day_of("2100-03-01") - day_of("2100-02-28"), 1);
}

static void add(void **state)
{
	static const struct {
		const char *from;
		int years, months, days;
		const char *to;
	} cases[] = {
		{ "2026-01-31", 0, 1, 0, "2026-02-28" },   { "2024-01-31", 0, 1, 0, "2024-02-29" },
		{ "2024-02-29", 1, 0, 0, "2025-02-28" },   { "2024-02-29", 4, 0, 0, "2028-02-29" },
		{ "2024-02-29", -1, 0, 0, "2023-02-28" },  { "2026-03-31", 0, -1, 0, "2026-02-28" },
		{ "2026-12-31", 0, 2, 0, "2027-02-28" },   { "2026-12-01", 0, 1, 0, "2027-01-01" },
		{ "2026-11-30", 0, 1, 0, "2026-12-30" },   { "2026-01-15", 0, -1, 0, "2025-12-15" },
		{ "2026-01-15", 0, -25, 0, "2023-12-15" }, { "2026-05-31", 0, 18, 0, "2027-11-30" },
		{ "2026-01-31", 0, 1, 1, "2026-03-01" },   { "2026-12-31", 0, 0, 1, "2027-01-01" },
		{ "2026-03-01", 0, 0, -1, "2026-02-28" },  { "1970-01-01", -1, 0, 0, "1969-01-01" },
		{ "1968-02-29", 0, 12, 0, "1969-02-28" },  { "2026-06-10", 1, 1, 1, "2027-07-11" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_day(tb_date_add(day_of(cases[i].from), cases[i].years, cases[i].months,
				       cases[i].days),
			   cases[i].to);
}

static void months_between(void **state)
{
	static const struct {
		const char *from, *to;
		int months;
	} cases[] = {
		{ "2026-01-31", "2026-02-27", 0 },  { "2026-01-31", "2026-02-28", 1 },
		{ "2026-01-31", "2026-03-30", 1 },  { "2026-01-31", "2026-03-31", 2 },
		{ "2026-01-15", "2026-01-15", 0 },  { "2026-01-15", "2027-01-14", 11 },
		{ "2026-01-15", "2027-01-15", 12 }, { "2024-02-29", "2025-02-28", 12 },
		{ "2026-03-31", "2026-01-31", -2 }, { "2026-02-28", "2026-01-31", -1 },
		{ "1969-12-31", "1970-01-30", 0 },  { "1969-12-31", "1970-01-31", 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (tb_date_months(day_of(cases[i].from), day_of(cases[i].to)) != cases[i].months)
			fail_msg("%s to %s: %d", cases[i].from, cases[i].to,
				 (int)tb_date_months(day_of(cases[i].from), day_of(cases[i].to)));
}

/* The most months that do not lead past: on every pair of days of two years */
static void months_are_the_most(void **state)
{
	int64_t from = day_of("2023-12-28"), to, months;

	(void)state;
	for (; from < day_of("2024-03-05"); from++) {
		for (to = from; to < from + 400; to++) {
			months = tb_date_months(from, to);
			assert_true(tb_date_add(from, 0, months, 0) <= to);
			assert_true(tb_date_add(from, 0, months + 1, 0) > to);
		}
	}
}

static void weekdays(void **state)
{
	int64_t monday = day_of("2026-01-05");
	int i;

	(void)state;
	for (i = 0; i < 7; i++)
		assert_int_equal(tb_date_weekday(monday + i), i + 1);
	assert_int_equal(tb_date_weekday(day_of("1970-01-01")), 4);
	assert_int_equal(tb_date_weekday(day_of("1969-12-28")), 7);
}

/* The same second is another date elsewhere. */
static void zones(void **state)
{
	int64_t day = day_of("2026-01-05"), midnight = day * TB_DAY;

	(void)state;
	assert_int_equal(tb_date_of(midnight, 0), day);
	assert_int_equal(tb_date_of(midnight - 1, 0), day - 1);
	assert_int_equal(tb_date_of(midnight - 8 * 3600, 8 * 3600), day);
	assert_int_equal(tb_date_of(midnight - 8 * 3600 - 1, 8 * 3600), day - 1);
	assert_int_equal(tb_date_of(midnight, -5 * 3600), day - 1);
	assert_int_equal(tb_date_of(midnight, 20700), day);
	assert_int_equal(tb_date_of(-1, 0), -1);
	assert_int_equal(tb_date_of(-TB_DAY, 0), -1);
	assert_int_equal(tb_date_of(-TB_DAY - 1, 0), -2);
}

static void end_of_day(void **state)
{
	static const int offsets[] = { 0, 8 * 3600, -5 * 3600, 20700, 14 * 3600, -12 * 3600 };
	int64_t day, end;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		for (day = -3; day < 3; day++) {
			end = tb_date_end(day, offsets[i]);
			assert_int_equal(tb_date_of(end, offsets[i]), day);
			assert_int_equal(tb_date_of(end + 1, offsets[i]), day + 1);
		}
	}
	/* 2026-01-05T23:59:59+08:00 */
	assert_int_equal(tb_date_end(day_of("2026-01-05"), 8 * 3600), 1767628799);
}

static void working_days(void **state)
{
	static const struct {
		const char *from;
		int count;
		const char *to;
	} cases[] = {
		/* 2026-02-14 is a Saturday that is worked, 16 to 20 are holidays. */
		{ "2026-01-05", 0, "2026-01-05" }, { "2026-01-05", 1, "2026-01-06" },
		{ "2026-01-09", 1, "2026-01-12" }, { "2026-01-10", 1, "2026-01-12" },
		{ "2026-01-05", 5, "2026-01-12" }, { "2026-02-13", 1, "2026-02-14" },
		{ "2026-02-14", 1, "2026-02-23" }, { "2026-02-13", 2, "2026-02-23" },
		{ "2026-02-15", 1, "2026-02-23" }, { "2026-02-09", 10, "2026-02-27" },
		{ "2025-12-31", 1, "2026-01-01" },
	};
	struct tb_calendar *calendar;
	bool missing = false;
	struct tb_db *db;
	size_t i;

	(void)state;
	assert_done(tb_db_open("",
			       "CREATE TABLE holiday (date TEXT PRIMARY KEY, working INTEGER NOT"
			       " NULL, name TEXT); INSERT INTO holiday VALUES ('2026-02-14', 1, ''),"
			       " ('2026-02-16', 0, ''), ('2026-02-17', 0, ''), ('2026-02-18', 0, ''),"
			       " ('2026-02-19', 0, ''), ('2026-02-20', 0, '')",
			       &db, &err),
		    err);
	calendar = tb_calendar_new(NULL, db);
	assert_non_null(calendar);
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_day(tb_calendar_working(calendar, day_of(cases[i].from), cases[i].count,
					       &missing),
			   cases[i].to);
	assert_true(tb_calendar_works(calendar, day_of("2026-02-14"), &missing));
	assert_false(tb_calendar_works(calendar, day_of("2026-02-15"), &missing));
	assert_false(tb_calendar_works(calendar, day_of("2026-02-16"), &missing));
	assert_true(tb_calendar_works(calendar, day_of("2026-02-23"), &missing));
	assert_false(missing);
	tb_calendar_free(calendar);
	assert_done(tb_db_failed(db, &err), err);
	tb_db_close(db);
}

/* Lists that came with the program; a year that has one, one that has part of it, none */
static void lists_of_years(void **state)
{
	static const char schema[] = "CREATE TABLE holiday (date TEXT PRIMARY KEY, working INTEGER"
				     " NOT NULL, name TEXT)";
	json_t *shipped =
		json_loads("{\"2026\":{\"off\":[[\"2026-01-01\",\"2026-01-03\"]],\"working\":[\"2026-01-04\"]},"
			   "\"2027\":{\"incomplete\":true,\"off\":[[\"2027-01-01\",\"2027-01-01\"]]}}",
			   0, NULL);
	struct tb_calendar *calendar;
	bool missing = false;
	struct tb_db *db;

	(void)state;
	assert_done(tb_db_open("", schema, &db, &err), err);
	calendar = tb_calendar_new(shipped, db);
	json_decref(shipped);
	assert_true(tb_calendar_shipped(calendar, 2026));
	assert_false(tb_calendar_shipped(calendar, 2027));
	assert_false(tb_calendar_works(calendar, day_of("2026-01-02"), &missing));
	assert_true(tb_calendar_works(calendar, day_of("2026-01-04"), &missing));
	assert_day(tb_calendar_working(calendar, day_of("2025-12-31"), 3, &missing), "2026-01-06");
	/* Before the first list nothing is missing; behind the last one all is. */
	assert_false(missing);
	assert_false(tb_calendar_works(calendar, day_of("2027-01-01"), &missing));
	assert_true(missing);
	missing = false;
	assert_true(tb_calendar_works(calendar, day_of("2028-03-01"), &missing));
	assert_true(missing);
	/* What the station enters takes the place of the year's list. */
	tb_db_do(db, "INSERT INTO holiday VALUES ('2026-01-02', 0, ''), ('2027-01-01', 0, '')", "");
	tb_calendar_forget(calendar);
	missing = false;
	assert_day(tb_calendar_working(calendar, day_of("2025-12-31"), 3, &missing), "2026-01-06");
	assert_true(tb_calendar_works(calendar, day_of("2026-01-01"), &missing));
	assert_false(tb_calendar_works(calendar, day_of("2026-01-04"), &missing));
	assert_true(tb_calendar_works(calendar, day_of("2027-01-04"), &missing));
	assert_false(missing);
	tb_calendar_free(calendar);
	tb_db_close(db);
}

/* Interpretation of the Criminal Procedure Law, 202(1) */
static void periods_in_months(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
	} cases[] = {
		{ "2026-01-15", 1, "2026-02-15" },  { "2026-01-31", 1, "2026-02-28" },
		{ "2026-02-28", 1, "2026-03-31" },  { "2026-04-30", 1, "2026-05-31" },
		{ "2026-01-30", 1, "2026-02-28" },  { "2026-01-29", 1, "2026-02-28" },
		{ "2028-01-29", 1, "2028-02-29" },  { "2028-02-28", 1, "2028-03-28" },
		{ "2028-02-29", 12, "2029-02-28" }, { "2026-01-31", 2, "2026-03-31" },
		{ "2025-11-30", 3, "2026-02-28" },  { "2026-12-31", 0, "2026-12-31" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_day(tb_date_period(day_of(cases[i].from), cases[i].months), cases[i].to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_and_write), cmocka_unit_test(no_dates),
		cmocka_unit_test(leap_years),	  cmocka_unit_test(add),
		cmocka_unit_test(months_between), cmocka_unit_test(months_are_the_most),
		cmocka_unit_test(weekdays),	  cmocka_unit_test(zones),
		cmocka_unit_test(end_of_day),	  cmocka_unit_test(working_days),
		cmocka_unit_test(lists_of_years), cmocka_unit_test(periods_in_months),
	};

	return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
