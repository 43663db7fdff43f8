// SPDX-License-Identifier: GPL-2.0-only
/* libc knows the Gregorian calendar: timegm() and gmtime_r(). */
#include "calendar.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static struct tm civil(int64_t day)
{
	time_t time = (time_t)(day * TB_DAY);
	struct tm tm;

	gmtime_r(&time, &tm);
	return tm;
}

static int64_t from_civil(int year, int month, int day)
{
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month, .tm_mday = day };

	return timegm(&tm) / TB_DAY;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
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
	char back[TB_DATE_SIZE];
	struct tm tm = { 0 };
	char *end = strlen(text) == TB_DATE_SIZE - 1 ? strptime(text, "%Y-%m-%d", &tm) : NULL;

	if (!end || *end)
		return -EINVAL;
	*day = from_civil(tm.tm_year + 1900, tm.tm_mon, tm.tm_mday);
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

	if (!strftime(text, TB_DATE_SIZE, "%04Y-%m-%d", &tm))
		text[0] = '\0';
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
	int year = (int)floor_div(month, 12) + 1900;
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
 * tb_date_works() - is it a working day?
 * @db: the state, with its table of holidays
 * @day: the day
 *
 * Return: whether it is.
 */
bool tb_date_works(struct tb_db *db, int64_t day)
{
	char text[TB_DATE_SIZE];

	return tb_db_number(db, tb_date_weekday(day) <= 5,
			    "SELECT working FROM holiday WHERE date = ?", "t",
			    tb_date_format(day, text));
}

/**
 * tb_date_working() - so many working days later
 * @db: the state, with its table of holidays
 * @day: the day, not counted
 * @count: how many, 0 to 10000
 *
 * Return: the day.
 */
int64_t tb_date_working(struct tb_db *db, int64_t day, int64_t count)
{
	while (count > 0)
		count -= tb_date_works(db, ++day);
	return day;
}
