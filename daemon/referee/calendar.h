/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dates at the station: days since 1970-01-01, in a time zone that is a fixed
 * number of seconds east of UTC, so that a fold gives the same everywhere. Which of
 * them are worked is data: a list for each year.
 */
#ifndef TONGBU_CALENDAR_H
#define TONGBU_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "db.h"

#define TB_DATE_SIZE 11
#define TB_DAY	     86400

int tb_date_parse(const char *text, int64_t *day);
char *tb_date_format(int64_t day, char text[TB_DATE_SIZE]);
int64_t tb_date_of(int64_t time, int zone);
int64_t tb_date_end(int64_t day, int zone);
int64_t tb_date_add(int64_t day, int64_t years, int64_t months, int64_t days);
int64_t tb_date_months(int64_t from, int64_t to);
int64_t tb_date_period(int64_t day, int64_t months);
int tb_date_weekday(int64_t day);
int tb_date_year(int64_t day);

struct tb_calendar;

struct tb_calendar *tb_calendar_new(const json_t *shipped, struct tb_db *db);
void tb_calendar_free(struct tb_calendar *calendar);
void tb_calendar_forget(struct tb_calendar *calendar);
bool tb_calendar_shipped(const struct tb_calendar *calendar, int year);
bool tb_calendar_works(struct tb_calendar *calendar, int64_t day, bool *missing);
int64_t tb_calendar_working(struct tb_calendar *calendar, int64_t day, int64_t count,
			    bool *missing);

#endif /* TONGBU_CALENDAR_H */
