/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dates at the station: days since 1970-01-01, in a time zone that is a fixed
 * number of seconds east of UTC, so that a fold gives the same everywhere.
 */
#ifndef TONGBU_CALENDAR_H
#define TONGBU_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"

#define TB_DATE_SIZE 11
#define TB_DAY	     86400

int tb_date_parse(const char *text, int64_t *day);
char *tb_date_format(int64_t day, char text[TB_DATE_SIZE]);
int64_t tb_date_of(int64_t time, int zone);
int64_t tb_date_end(int64_t day, int zone);
int64_t tb_date_add(int64_t day, int64_t years, int64_t months, int64_t days);
int64_t tb_date_months(int64_t from, int64_t to);
int tb_date_weekday(int64_t day);
bool tb_date_works(struct tb_db *db, int64_t day);
int64_t tb_date_working(struct tb_db *db, int64_t day, int64_t count);

#endif /* TONGBU_CALENDAR_H */
