// SPDX-License-Identifier: GPL-2.0-only
/*
 * Times and durations. libc knows the calendar (strptime, timegm, mktime); what
 * is here are the decimals below a second and the words for "a while ago".
 */
#include "timefmt.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REMEDY                                                        \
	"give a time as 2026-11-23T10:00:00Z, \"2026-11-23 10:00\", " \
	"2026-11-23, -10m, now, today or yesterday"

/**
 * tb_time_now() - the time
 *
 * Return: CLOCK_REALTIME, ns since 1970.
 */
uint64_t tb_time_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * TB_NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

/**
 * tb_time_monotonic() - a clock that no step moves
 *
 * Return: CLOCK_MONOTONIC, ns.
 */
uint64_t tb_time_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * TB_NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

/**
 * tb_time_of_boot() - when was a moment that the kernel counts from its boot?
 * @boottime: CLOCK_BOOTTIME, ns
 *
 * Return: CLOCK_REALTIME of it, ns, by the clock as it is now.
 */
uint64_t tb_time_of_boot(uint64_t boottime)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return tb_time_now() - ((uint64_t)ts.tv_sec * TB_NSEC_PER_SEC + (uint64_t)ts.tv_nsec) +
	       boottime;
}

/**
 * tb_time_format() - a time as RFC 3339 has it, UTC, to the nanosecond
 * @realtime: ns since 1970; all values have a form
 * @text: where to
 *
 * Return: @text.
 */
char *tb_time_format(uint64_t realtime, char text[TB_TIME_SIZE])
{
	/* Of many records in one second the calendar is asked once. */
	static _Thread_local char date[24];
	static _Thread_local time_t of;
	time_t sec = (time_t)(realtime / TB_NSEC_PER_SEC);
	uint32_t ns = (uint32_t)(realtime % TB_NSEC_PER_SEC);
	struct tm tm;
	int i;

	if (sec != of || !*date) {
		gmtime_r(&sec, &tm);
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
		of = sec;
	}
	memcpy(text, date, 19);
	text[19] = '.';
	for (i = 28; i > 19; i--, ns /= 10)
		text[i] = (char)('0' + ns % 10);
	memcpy(text + 29, "Z", 2);
	return text;
}

/* The zone that is shown, seconds east of UTC; local time is as libc has it until one is set */
static int zone;
static bool zone_set;

/**
 * tb_time_zone() - from here on this zone is shown, and meant where none is given
 * @seconds: east of UTC
 *
 * Until it is called, UTC is shown, and what is given without a zone is local time.
 */
void tb_time_zone(int seconds)
{
	zone = seconds;
	zone_set = true;
}

/**
 * tb_time_text() - a time in the zone that is shown, as RFC 3339 has it
 * @realtime: ns since 1970
 * @text: where to; "Z" closes it if that is UTC, else the offset
 *
 * Return: @text.
 */
char *tb_time_text(uint64_t realtime, char text[TB_TIME_SIZE])
{
	int minutes = abs(zone) / 60;

	tb_time_format(realtime + (uint64_t)((int64_t)zone * (int64_t)TB_NSEC_PER_SEC), text);
	if (zone)
		snprintf(text + 29, TB_TIME_SIZE - 29, "%c%02d:%02d", zone < 0 ? '-' : '+',
			 minutes / 60 % 100, minutes % 60);
	return text;
}

/* Decimals of a second, read up to the nanosecond; the rest is skipped */
static uint64_t read_decimals(const char **text)
{
	uint64_t ns = 0, unit = TB_NSEC_PER_SEC / 10;

	for (; isdigit((unsigned char)**text); ++*text, unit /= 10)
		ns += (uint64_t)(**text - '0') * unit;
	return ns;
}

/* "Z", "+08:00" or nothing, which means the zone that is shown */
static int read_zone(const char **text, bool *local, long *offset)
{
	int hours, minutes, used = 0;
	char sign;

	*local = false;
	*offset = 0;
	if (**text == 'Z' || **text == 'z') {
		++*text;
		return 0;
	}
	if (!**text) {
		*local = !zone_set;
		*offset = zone;
		return 0;
	}
	if (sscanf(*text, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 || used != 6 ||
	    (sign != '+' && sign != '-') || hours > 23 || minutes > 59 || hours < 0 || minutes < 0)
		return -EINVAL;
	*text += used;
	*offset = (hours * 60L + minutes) * 60 * (sign == '-' ? -1 : 1);
	return 0;
}

/* strptime(3) takes the 31st of February, and timegm(3) makes it a day in March */
static bool day_exists(const struct tm *tm)
{
	struct tm date = { .tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday };

	timegm(&date);
	return date.tm_mday == tm->tm_mday;
}

static int parse_date(const char *text, uint64_t *realtime)
{
	static const char *const forms[] = {
		"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d %H:%M",    "%Y-%m-%d",
	};
	const char *rest = NULL;
	uint64_t ns = 0;
	struct tm tm;
	long offset;
	bool local;
	time_t sec;
	size_t i;

	for (i = 0; !rest && i < sizeof(forms) / sizeof(forms[0]); i++) {
		memset(&tm, 0, sizeof(tm));
		rest = strptime(text, forms[i], &tm);
	}
	if (!rest || !day_exists(&tm))
		return -EINVAL;
	if (*rest == '.' && isdigit((unsigned char)rest[1])) {
		rest++;
		ns = read_decimals(&rest);
	}
	if (read_zone(&rest, &local, &offset) || *rest)
		return -EINVAL;
	tm.tm_isdst = -1;
	sec = local ? mktime(&tm) : timegm(&tm) - offset;
	if (sec < 0 || (uint64_t)sec >= UINT64_MAX / TB_NSEC_PER_SEC)
		return -ERANGE;
	*realtime = (uint64_t)sec * TB_NSEC_PER_SEC + ns;
	return 0;
}

/* Midnight in the zone that is shown, some days before */
static uint64_t midnight(uint64_t now, int days_ago)
{
	time_t sec = (time_t)(now / TB_NSEC_PER_SEC);
	struct tm tm;

	if (zone_set) {
		sec += zone;
		sec -= sec % 86400 + 86400L * days_ago + zone;
		return (uint64_t)sec * TB_NSEC_PER_SEC;
	}
	localtime_r(&sec, &tm);
	tm.tm_hour = 0;
	tm.tm_min = 0;
	tm.tm_sec = 0;
	tm.tm_mday -= days_ago;
	tm.tm_isdst = -1;
	return (uint64_t)mktime(&tm) * TB_NSEC_PER_SEC;
}

/* "-10m" or "+2h": from now */
static int parse_from_now(const char *text, uint64_t now, uint64_t *realtime)
{
	static const struct {
		const char *word;
		uint64_t ns;
	} units[] = {
		{ "ms", TB_NSEC_PER_SEC / 1000 },     { "s", TB_NSEC_PER_SEC },
		{ "m", 60 * TB_NSEC_PER_SEC },	      { "min", 60 * TB_NSEC_PER_SEC },
		{ "h", 3600 * TB_NSEC_PER_SEC },      { "d", 86400 * TB_NSEC_PER_SEC },
		{ "w", 7 * 86400 * TB_NSEC_PER_SEC },
	};
	uint64_t count, span;
	char *unit;
	size_t i;

	if (!isdigit((unsigned char)text[1]))
		return -EINVAL;
	errno = 0;
	count = strtoull(text + 1, &unit, 10);
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].word))
			continue;
		if (errno || __builtin_mul_overflow(count, units[i].ns, &span))
			return -ERANGE;
		if (*text == '-' ? __builtin_sub_overflow(now, span, realtime) :
				   __builtin_add_overflow(now, span, realtime))
			return -ERANGE;
		return 0;
	}
	return -EINVAL;
}

/**
 * tb_time_parse() - read a time as a person gives it
 * @text: RFC 3339; a date with or without a time of day, of the zone that is shown if none
 *	is given; "now", "today", "yesterday" (both at its midnight); or so long
 *	ago or ahead, as "-10m", "+2h" (ms, s, m or min, h, d, w)
 * @now: what is now, ns since 1970
 * @realtime: set to the time, ns since 1970
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if it is no time; -ERANGE if it is before 1970 or too far
 * ahead.
 */
int tb_time_parse(const char *text, uint64_t now, uint64_t *realtime, struct tb_error *err)
{
	int ret = 0;

	if (!strcmp(text, "now"))
		*realtime = now;
	else if (!strcmp(text, "today"))
		*realtime = midnight(now, 0);
	else if (!strcmp(text, "yesterday"))
		*realtime = midnight(now, 1);
	else if (*text == '-' || *text == '+')
		ret = parse_from_now(text, now, realtime);
	else
		ret = parse_date(text, realtime);
	if (ret == -ERANGE)
		return tb_error_set(err, ret, "'%s' is out of range: " REMEDY, text);
	if (ret)
		return tb_error_set(err, ret, "'%s' is no time: " REMEDY, text);
	return 0;
}

/**
 * tb_duration_format() - a length of time, to about three digits
 * @ns: how long
 * @text: where to
 *
 * Return: @text, as "850 ns", "12.5 ms", "42.1 s", "7 min 3 s", "2 h 5 min",
 * "3 d 4 h".
 */
char *tb_duration_format(uint64_t ns, char text[TB_DURATION_SIZE])
{
	uint64_t sec = ns / TB_NSEC_PER_SEC;

	if (ns < 1000)
		snprintf(text, TB_DURATION_SIZE, "%" PRIu64 " ns", ns);
	else if (ns < 1000000)
		snprintf(text, TB_DURATION_SIZE, "%.1f us", (double)ns / 1e3);
	else if (sec < 1)
		snprintf(text, TB_DURATION_SIZE, "%.1f ms", (double)ns / 1e6);
	else if (sec < 60)
		snprintf(text, TB_DURATION_SIZE, "%.1f s", (double)ns / 1e9);
	else if (sec < 3600)
		snprintf(text, TB_DURATION_SIZE, "%" PRIu64 " min %" PRIu64 " s", sec / 60,
			 sec % 60);
	else if (sec < 86400)
		snprintf(text, TB_DURATION_SIZE, "%" PRIu64 " h %" PRIu64 " min", sec / 3600,
			 sec / 60 % 60);
	else
		snprintf(text, TB_DURATION_SIZE, "%" PRIu64 " d %" PRIu64 " h", sec / 86400,
			 sec / 3600 % 24);
	return text;
}
