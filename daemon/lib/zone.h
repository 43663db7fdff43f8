/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time zones: a fixed distance from UTC, or a name of the tz database, of which the rule
 * that holds from now on is taken, as POSIX writes it: CET-1CEST,M3.5.0,M10.5.0/3.
 */
#ifndef TONGBU_ZONE_H
#define TONGBU_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/**
 * struct tb_zone_change - when a year's summer time begins or ends
 * @month: 1 to 12
 * @week: 1 to 5, the last one
 * @day: of the week, 0 is Sunday
 * @time: of that day, seconds, by the clock until then
 */
struct tb_zone_change {
	int month;
	int week;
	int day;
	int time;
};

/**
 * struct tb_zone - a time zone
 * @name: of the tz database, or empty
 * @rule: as it was written, "+08:00" or as POSIX has it
 * @standard: seconds east of UTC
 * @summer: the same in summer
 * @begin: of summer; without any its month is 0
 * @end: of summer
 */
struct tb_zone {
	char name[48];
	char rule[80];
	int standard;
	int summer;
	struct tb_zone_change begin;
	struct tb_zone_change end;
};

int tb_zone_rule(const char *rule, struct tb_zone *zone);
int tb_zone_find(const char *text, uint64_t now, struct tb_zone *zone, struct tb_error *err);
int tb_zone_offset(const struct tb_zone *zone, int64_t time);

#endif /* TONGBU_ZONE_H */
