/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Times and durations between people and nanoseconds.
 *
 * Out go RFC 3339 times with all nine decimals: for programs in UTC, so that they sort
 * as text; for people in the zone that is shown. In come RFC 3339 times, dates of that
 * zone, and words such as "-10m".
 */
#ifndef TONGBU_TIMEFMT_H
#define TONGBU_TIMEFMT_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define TB_NSEC_PER_SEC 1000000000ULL

/* "2026-11-23T18:00:00.123456789+08:00" and the closing NUL */
#define TB_TIME_SIZE 36
/* "106751 d 23 h" and the like, and the closing NUL */
#define TB_DURATION_SIZE 32

uint64_t tb_time_now(void);
uint64_t tb_time_monotonic(void);
uint64_t tb_time_of_boot(uint64_t boottime);
char *tb_time_format(uint64_t realtime, char text[TB_TIME_SIZE]);
void tb_time_zone(int seconds);
char *tb_time_text(uint64_t realtime, char text[TB_TIME_SIZE]);
int tb_time_parse(const char *text, uint64_t now, uint64_t *realtime, struct tb_error *err);
char *tb_duration_format(uint64_t ns, char text[TB_DURATION_SIZE]);

#endif /* TONGBU_TIMEFMT_H */
