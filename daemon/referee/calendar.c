// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dates of the Gregorian calendar. It is asked many times a record: libc's gmtime_r() and timegm()
 * look for a time zone each time, and try out years.
 */
#include "calendar.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Days from 1 March of the year 0 to 1970 */
#define TO_1970	 719468
#define DAYS_400 146097

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Years are counted from March, so that a day that is put in is their last; @month is from 0. */
static int64_t from_civil(int64_t year, int month, int day)
{
	int64_t from_march = month < 2 ? year - 1 : year;
	int64_t of_400 = floor_div(from_march, 400), rest = from_march - of_400 * 400;
	int of_year = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5 + day - 1;

	return of_400 * DAYS_400 + rest * 365 + rest / 4 - rest / 100 + of_year - TO_1970;
}

/* Of struct tm what gmtime_r() tells of a day; years of ten digits have no meaning. */
static struct tm civil(int64_t day)
{
	int64_t of_400 = floor_div(day + TO_1970, DAYS_400);
	int n = (int)(day + TO_1970 - of_400 * DAYS_400);
	int year = (n - n / 1460 + n / 36524 - n / (DAYS_400 - 1)) / 365;
	int of_year = n - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
	struct tm tm = { .tm_mday = of_year - (153 * month + 2) / 5 + 1,
			 .tm_mon = month < 10 ? month + 2 : month - 10 };

	tm.tm_year = (int)(of_400 * 400 + year + (month >= 10)) - 1900;
	tm.tm_wday = (int)(day + 4 - floor_div(day + 4, 7) * 7);
	tm.tm_yday = (int)(day - from_civil(tm.tm_year + 1900LL, 0, 1));
	return tm;
}

static int two_digits(const char *text)
{
	return (text[0] - '0') * 10 + text[1] - '0';
}

/**
 * tb_date_parse() - read a date
 * @text: as in "2026-11-23"
 * @day: set to it
 *
 * Return: 0, or -EINVAL if it is none, or there is no such day.
 */
int tb_date_parse(const char *text, int64_t *day)
{
	static const char shape[] = "0000-00-00";
	char back[TB_DATE_SIZE];
	size_t i;

	for (i = 0; shape[i]; i++)
		if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return -EINVAL;
	if (text[i])
		return -EINVAL;
	/* A day or a month that there is not is another, written. */
	*day = from_civil(two_digits(text) * 100 + two_digits(text + 2), two_digits(text + 5) - 1,
			  two_digits(text + 8));
	return strcmp(tb_date_format(*day, back), text) ? -EINVAL : 0;
}

/**
 * tb_date_format() - write a date
 * @day: the day; of the years 0 to 9999
 * @text: where to
 *
 * Return: @text.
 */
char *tb_date_format(int64_t day, char text[TB_DATE_SIZE])
{
	struct tm tm = civil(day);
	int year = tm.tm_year + 1900, month = tm.tm_mon + 1;

	if (year < 0 || year > 9999) {
		text[0] = '\0';
		return text;
	}
	text[0] = (char)('0' + year / 1000);
	text[1] = (char)('0' + year / 100 % 10);
	text[2] = (char)('0' + year / 10 % 10);
	text[3] = (char)('0' + year % 10);
	text[4] = '-';
	text[5] = (char)('0' + month / 10);
	text[6] = (char)('0' + month % 10);
	text[7] = '-';
	text[8] = (char)('0' + tm.tm_mday / 10);
	text[9] = (char)('0' + tm.tm_mday % 10);
	text[10] = '\0';
	return text;
}

/**
 * tb_date_of() - the date at a time
 * @time: seconds since 1970
 * @zone: seconds east of UTC
 *
 * Return: the day.
 */
int64_t tb_date_of(int64_t time, int zone)
{
	return floor_div(time + zone, TB_DAY);
}

/**
 * tb_date_end() - the last second of a day
 * @day: the day
 * @zone: seconds east of UTC
 *
 * Return: seconds since 1970.
 */
int64_t tb_date_end(int64_t day, int zone)
{
	return (day + 1) * TB_DAY - zone - 1;
}

/**
 * tb_date_add() - a later date, or an earlier one
 * @day: the day
 * @years: years to add, may be negative
 * @months: months to add
 * @days: days to add, after the others
 *
 * Where the month has no such day it is its last: 31 January and one month is 28
 * or 29 February.
 *
 * Return: the day.
 */
int64_t tb_date_add(int64_t day, int64_t years, int64_t months, int64_t days)
{
	struct tm tm = civil(day);
	int64_t month = tm.tm_year * 12LL + tm.tm_mon + years * 12 + months;
	int64_t year = floor_div(month, 12) + 1900;
	int64_t first, last;

	month -= floor_div(month, 12) * 12;
	first = from_civil(year, (int)month, 1);
	last = from_civil(month == 11 ? year + 1 : year, month == 11 ? 0 : (int)month + 1, 1) - 1;
	first += tm.tm_mday - 1;
	return (first < last ? first : last) + days;
}

/**
 * tb_date_months() - whole months between two dates
 * @from: the one
 * @to: the other
 *
 * Return: the most months that can be added to @from without passing @to; if @to is
 * before, the same the other way round, negative.
 */
int64_t tb_date_months(int64_t from, int64_t to)
{
	struct tm a = civil(from), b = civil(to);
	int64_t months = (b.tm_year - a.tm_year) * 12LL + b.tm_mon - a.tm_mon;

	if (to < from)
		return -tb_date_months(to, from);
	return tb_date_add(from, 0, months, 0) > to ? months - 1 : months;
}

/**
 * tb_date_weekday() - day of the week
 * @day: the day
 *
 * Return: 1 Monday to 7 Sunday.
 */
int tb_date_weekday(int64_t day)
{
	return civil(day).tm_wday ?: 7;
}

/**
 * tb_date_year() - year of a day
 * @day: the day
 *
 * Return: the year.
 */
int tb_date_year(int64_t day)
{
	return civil(day).tm_year + 1900;
}

/**
 * tb_date_period() - where a period in months ends
 * @day: its first day, not counted
 * @months: how many
 *
 * Interpretation of the Criminal Procedure Law, 202(1): the same day of the month; the
 * last day of a month where it began on one, or there is no such day.
 *
 * Return: the day.
 */
int64_t tb_date_period(int64_t day, int64_t months)
{
	bool last = civil(day + 1).tm_mday == 1;
	int64_t end = tb_date_add(day, 0, months, 0);

	while (last && civil(end + 1).tm_mday != 1)
		end++;
	return end;
}

/* What a year's list says of a day of it; without a word the week decides. */
enum day_kind { DAY_WEEK, DAY_OFF, DAY_WORKED };

/**
 * struct year - one year
 * @no: which
 * @shipped: the program has its list, and it is whole
 * @missing: nobody has told its list
 * @days: enum day_kind of each
 */
struct year {
	int no;
	bool shipped;
	bool missing;
	uint8_t days[366];
};

/**
 * struct tb_calendar - which days are worked
 * @db: the state, with what the station itself has entered
 * @shipped: lists by year, as data/calendar.json of the pack base has them
 * @first: the first year of these
 * @years: those that were asked for
 * @count: how many
 */
struct tb_calendar {
	struct tb_db *db;
	json_t *shipped;
	int first;
	struct year *years;
	size_t count;
};

/**
 * tb_calendar_new() - which days are worked
 * @shipped: lists by year, or NULL; a reference is kept
 * @db: the state, with its table of holidays
 *
 * Return: the calendar; tb_calendar_free() frees it. NULL without memory.
 */
struct tb_calendar *tb_calendar_new(const json_t *shipped, struct tb_db *db)
{
	struct tb_calendar *c = calloc(1, sizeof(*c));
	const char *year;
	json_t *list;

	if (!c)
		return NULL;
	c->db = db;
	c->shipped = json_incref((json_t *)shipped);
	json_object_foreach(c->shipped, year, list)
		if (!c->first || atoi(year) < c->first)
			c->first = atoi(year);
	return c;
}

/**
 * tb_calendar_free() - be done with a calendar
 * @calendar: it, or NULL
 */
void tb_calendar_free(struct tb_calendar *calendar)
{
	if (!calendar)
		return;
	tb_calendar_forget(calendar);
	json_decref(calendar->shipped);
	free(calendar);
}

/**
 * tb_calendar_forget() - what the station entered may have changed
 * @calendar: the calendar
 */
void tb_calendar_forget(struct tb_calendar *calendar)
{
	free(calendar->years);
	calendar->years = NULL;
	calendar->count = 0;
}

static const json_t *shipped_list(const struct tb_calendar *calendar, int year)
{
	char no[16];

	snprintf(no, sizeof(no), "%d", year);
	return json_object_get(calendar->shipped, no);
}

/**
 * tb_calendar_shipped() - has the program the list of a year?
 * @calendar: the calendar
 * @year: the year
 *
 * Return: whether it has, and it is whole.
 */
bool tb_calendar_shipped(const struct tb_calendar *calendar, int year)
{
	const json_t *list = shipped_list(calendar, year);

	return list && !json_is_true(json_object_get(list, "incomplete"));
}

static void set_days(struct year *year, const char *from, const char *to, enum day_kind kind)
{
	int64_t first = from_civil(year->no, 0, 1), day, last;

	if (!from || !to || tb_date_parse(from, &day) || tb_date_parse(to, &last))
		return;
	for (; day <= last; day++)
		if (tb_date_year(day) == year->no)
			year->days[day - first] = (uint8_t)kind;
}

static void take_shipped(struct year *year, const json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(list, "off"), i, item)
		set_days(year, json_string_value(json_array_get(item, 0)),
			 json_string_value(json_array_get(item, 1)), DAY_OFF);
	json_array_foreach(json_object_get(list, "working"), i, item)
		set_days(year, json_string_value(item), json_string_value(item), DAY_WORKED);
}

/* A year follows one list: the station's own, once it has a day of it, or the program's. */
static void load_year(struct tb_calendar *calendar, struct year *year)
{
	char from[TB_DATE_SIZE], to[TB_DATE_SIZE];
	bool own = false;
	sqlite3_stmt *stmt;

	stmt = tb_db_ask(calendar->db,
			 "SELECT date, working FROM holiday WHERE date BETWEEN ? AND ?", "tt",
			 tb_date_format(from_civil(year->no, 0, 1), from),
			 tb_date_format(from_civil(year->no, 11, 31), to));
	while (tb_db_row(calendar->db, stmt)) {
		own = true;
		set_days(year, tb_db_text(stmt, 0), tb_db_text(stmt, 0),
			 sqlite3_column_int(stmt, 1) ? DAY_WORKED : DAY_OFF);
	}
	year->shipped = tb_calendar_shipped(calendar, year->no);
	if (!own)
		take_shipped(year, shipped_list(calendar, year->no));
	/* Of the years before the first list nothing more will be told. */
	year->missing = !own && !year->shipped && calendar->first && year->no >= calendar->first;
}

static const struct year *year_of(struct tb_calendar *calendar, int no)
{
	struct year *more;
	size_t i;

	for (i = 0; i < calendar->count; i++)
		if (calendar->years[i].no == no)
			return &calendar->years[i];
	more = reallocarray(calendar->years, calendar->count + 1, sizeof(*more));
	if (!more)
		return NULL;
	calendar->years = more;
	more += calendar->count++;
	*more = (struct year){ .no = no };
	load_year(calendar, more);
	return more;
}

/**
 * tb_calendar_works() - is it a working day?
 * @calendar: the calendar
 * @day: the day
 * @missing: set to true if the list of its year is not known; else left
 *
 * Return: whether it is; where the list is not known, what the week and the days fixed
 * by statute say.
 */
bool tb_calendar_works(struct tb_calendar *calendar, int64_t day, bool *missing)
{
	struct tm tm = civil(day);
	const struct year *year = year_of(calendar, tm.tm_year + 1900);
	bool week = tm.tm_wday != 0 && tm.tm_wday != 6;

	if (!year)
		return week;
	*missing = *missing || year->missing;
	return year->days[tm.tm_yday] == DAY_WEEK ? week : year->days[tm.tm_yday] == DAY_WORKED;
}

/**
 * tb_calendar_working() - so many working days later
 * @calendar: the calendar
 * @day: the day, not counted
 * @count: how many, 0 to 10000
 * @missing: set to true if the list of a year that was counted is not known; else left
 *
 * Return: the day.
 */
int64_t tb_calendar_working(struct tb_calendar *calendar, int64_t day, int64_t count, bool *missing)
{
	while (count > 0)
		count -= tb_calendar_works(calendar, ++day, missing);
	return day;
}
