/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Times and durations between people and nanoseconds.
 *
 * Out go RFC 3339 times in UTC with all nine decimals, so that they sort as
 * text. In come RFC 3339 times, local dates, and words such as "-10m".
 */
#ifndef TONGBU_TIMEFMT_H
#define TONGBU_TIMEFMT_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define TB_NSEC_PER_SEC 1000000000ULL

/* "2026-11-23T10:00:00.123456789Z" and the closing NUL */
#define TB_TIME_SIZE 31
/* "106751 d 23 h" and the like, and the closing NUL */
#define TB_DURATION_SIZE 32

uint64_t tb_time_now(void);
uint64_t tb_time_monotonic(void);
char *tb_time_format(uint64_t realtime, char text[TB_TIME_SIZE]);
int tb_time_parse(const char *text, uint64_t now, uint64_t *realtime, struct tb_error *err);
char *tb_duration_format(uint64_t ns, char text[TB_DURATION_SIZE]);

#endif /* TONGBU_TIMEFMT_H */
