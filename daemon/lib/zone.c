// SPDX-License-Identifier: GPL-2.0-only
#include "zone.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONEINFO "/usr/share/zoneinfo/"
#define FILE_MAX (64 * 1024)
#define DAY	 86400

/* "CET" or "<+0330>"; false if it is neither */
static bool skip_name(const char **at)
{
	const char *begin = *at;

	if (**at == '<') {
		*at += strcspn(*at, ">");
		return *(*at)++ == '>';
	}
	while (isalpha((unsigned char)**at))
		++*at;
	return *at - begin >= 3;
}

/* "-1", "3:30", "26:00:00" as seconds */
static bool read_time(const char **at, int *seconds)
{
	int sign = 1, unit = 3600, part;
	char *end;

	if (**at == '-' || **at == '+')
		sign = *(*at)++ == '-' ? -1 : 1;
	*seconds = 0;
	for (;; ++*at) {
		if (!isdigit((unsigned char)**at) || !unit)
			return false;
		part = (int)strtol(*at, &end, 10);
		if (end - *at > 3)
			return false;
		*seconds += part * unit;
		unit /= 60;
		*at = end;
		if (**at != ':')
			break;
	}
	*seconds *= sign;
	return true;
}

static bool read_change(const char **at, struct tb_zone_change *change)
{
	int used = 0;

	if (sscanf(*at, ",M%2d.%1d.%1d%n", &change->month, &change->week, &change->day, &used) !=
		    3 ||
	    change->month < 1 || change->month > 12 || change->week < 1 || change->week > 5 ||
	    change->day < 0 || change->day > 6)
		return false;
	*at += used;
	change->time = 2 * 3600;
	if (**at != '/')
		return true;
	++*at;
	return read_time(at, &change->time);
}

/* POSIX counts what is to be added to local time to make it UTC. */
static bool read_posix(const char *at, struct tb_zone *zone)
{
	int west;

	if (!skip_name(&at) || !read_time(&at, &west))
		return false;
	zone->standard = zone->summer = -west;
	if (!*at)
		return true;
	if (!skip_name(&at))
		return false;
	zone->summer = zone->standard + 3600;
	if (*at != ',') {
		if (!read_time(&at, &west))
			return false;
		zone->summer = -west;
	}
	return read_change(&at, &zone->begin) && read_change(&at, &zone->end) && !*at;
}

static bool read_distance(const char *text, int *seconds)
{
	unsigned int hours, minutes;
	char sign, rest;

	if (sscanf(text, "%c%2u:%2u%c", &sign, &hours, &minutes, &rest) != 3 ||
	    (sign != '+' && sign != '-') || hours > 14 || minutes > 59)
		return false;
	*seconds = (int)(hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
	return true;
}

/**
 * tb_zone_rule() - read a rule
 * @rule: "+08:00", or as POSIX writes it
 * @zone: set to it, without a name
 *
 * Return: 0 or -EINVAL.
 */
int tb_zone_rule(const char *rule, struct tb_zone *zone)
{
	*zone = (struct tb_zone){ 0 };
	if (strlen(rule) >= sizeof(zone->rule))
		return -EINVAL;
	strcpy(zone->rule, rule);
	if (read_distance(rule, &zone->standard)) {
		zone->summer = zone->standard;
		return 0;
	}
	if (read_posix(rule, zone))
		return 0;
	*zone = (struct tb_zone){ 0 };
	return -EINVAL;
}

/* Days since 1970-01-01, from March on, as the leap day then ends a year */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t year_of(int64_t time)
{
	int64_t year = 1970 + time / (DAY * 365);

	while (days_of(year, 1, 1) * DAY > time)
		year--;
	return year;
}

static int64_t change_at(const struct tb_zone_change *change, int64_t year, int before)
{
	int64_t first = days_of(year, change->month, 1), day, next;

	/* 1970-01-01 was a Thursday. */
	day = first + (change->day - (first + 4) % 7 + 14) % 7 + 7 * (change->week - 1);
	next = change->month == 12 ? days_of(year + 1, 1, 1) : days_of(year, change->month + 1, 1);
	if (day >= next)
		day -= 7;
	return day * DAY + change->time - before;
}

/**
 * tb_zone_offset() - how far is the zone east of UTC?
 * @zone: the zone
 * @time: when, seconds since 1970
 *
 * Return: seconds.
 */
int tb_zone_offset(const struct tb_zone *zone, int64_t time)
{
	int64_t begin, end, year;
	bool summer;

	if (!zone->begin.month || time < 0)
		return zone->standard;
	year = year_of(time + zone->standard);
	begin = change_at(&zone->begin, year, zone->standard);
	end = change_at(&zone->end, year, zone->summer);
	/* South of the equator, summer is over the turn of the year. */
	summer = begin < end ? time >= begin && time < end : time >= begin || time < end;
	return summer ? zone->summer : zone->standard;
}

static int64_t be64(const uint8_t *at)
{
	uint64_t number;

	memcpy(&number, at, sizeof(number));
	return (int64_t)be64toh(number);
}

static uint32_t be32(const uint8_t *at)
{
	uint32_t number;

	memcpy(&number, at, sizeof(number));
	return be32toh(number);
}

/* Of RFC 8536: header, then times, their kinds, kinds of six bytes, and more */
static size_t block_size(const uint8_t *head, size_t time_size)
{
	return 44 + be32(head + 32) * (time_size + 1) + be32(head + 36) * 6U + be32(head + 40) +
	       be32(head + 28) * (time_size + 4) + be32(head + 24) + be32(head + 20);
}

/* Is what the file has of times to come what its rule makes of them? */
static bool is_foreseen(const uint8_t *block, uint64_t now, const struct tb_zone *zone)
{
	uint32_t times = be32(block + 32), kinds = be32(block + 36), i;
	const uint8_t *time = block + 44, *kind = time + times * 8UL;
	const uint8_t *offsets = kind + times;

	for (i = 0; i < times; i++)
		if (be64(time + i * 8UL) > (int64_t)now &&
		    (kind[i] >= kinds || (int)be32(offsets + kind[i] * 6UL) !=
						 tb_zone_offset(zone, be64(time + i * 8UL))))
			return false;
	return true;
}

static int read_zone(const uint8_t *data, size_t len, uint64_t now, struct tb_zone *zone)
{
	const uint8_t *block;
	size_t first, second;
	char rule[80];

	if (len < 88 || memcmp(data, "TZif", 4) != 0 || data[4] < '2')
		return -EINVAL;
	first = block_size(data, 4);
	if (first + 44 > len)
		return -EINVAL;
	block = data + first;
	second = block_size(block, 8);
	if (first + second + 2 > len || data[len - 1] != '\n' ||
	    len - first - second - 2 >= sizeof(rule))
		return -EINVAL;
	len -= first + second + 2;
	memcpy(rule, block + second + 1, len);
	rule[len] = '\0';
	if (tb_zone_rule(rule, zone))
		return -EINVAL;
	return is_foreseen(block, now, zone) ? 0 : -ERANGE;
}

/**
 * tb_zone_find() - read a zone, as people write it
 * @text: "+08:00", or a name of the tz database
 * @now: seconds since 1970
 * @zone: set to it
 * @err: told why there is none
 *
 * Return: 0; -EINVAL for what is no zone; -ERANGE for one whose changes no rule
 * describes.
 */
int tb_zone_find(const char *text, uint64_t now, struct tb_zone *zone, struct tb_error *err)
{
	char path[sizeof(ZONEINFO) + sizeof(zone->name)];
	uint8_t *data;
	size_t len = 0;
	FILE *file;
	int ret;

	*zone = (struct tb_zone){ 0 };
	if (read_distance(text, &zone->standard))
		return tb_zone_rule(text, zone);
	file = NULL;
	/* Of small letters are localtime, which is another on each machine, and its kind. */
	if (isupper((unsigned char)*text) && strlen(text) < sizeof(zone->name) &&
	    !strstr(text, "..")) {
		snprintf(path, sizeof(path), ZONEINFO "%s", text);
		file = fopen(path, "re");
	}
	data = file ? malloc(FILE_MAX) : NULL;
	if (data)
		len = fread(data, 1, FILE_MAX, file);
	if (file)
		fclose(file);
	ret = read_zone(data, len, now, zone);
	free(data);
	if (ret == -ERANGE)
		return tb_error_set(err, ret,
				    "%s: no rule describes when its clocks are changed: give the distance from UTC, as +08:00",
				    text);
	if (ret)
		return tb_error_set(err, ret,
				    "%.60s is no time zone: give it as +08:00, or by name as Asia/Shanghai (names are those of the package tzdata)",
				    text);
	strcpy(zone->name, text);
	return 0;
}
