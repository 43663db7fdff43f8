// SPDX-License-Identifier: GPL-2.0-only
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "timefmt.h"

#define PACE_NS	   (10 * TB_NSEC_PER_SEC)
#define PACE_LINES 5

/**
 * tb_log() - say something to whoever looks after the daemon
 * @level: SD_ERR and the like, shown only to the journal
 * @fmt: the words, as for printf(), without newline
 */
void tb_log(const char *level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (getenv("JOURNAL_STREAM"))
		fputs(level, stderr);
	else
		fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
}

/**
 * tb_pace_take() - may a message be said now?
 * @pace: the message's own, zeroed at first
 * @left_out: if it may, set to how many were left out before it
 *
 * Return: whether; five times in ten seconds.
 */
bool tb_pace_take(struct tb_pace *pace, unsigned long *left_out)
{
	uint64_t now = tb_time_monotonic();

	*left_out = 0;
	if (!pace->since || now - pace->since >= PACE_NS) {
		if (pace->count > PACE_LINES)
			*left_out = pace->count - PACE_LINES;
		pace->since = now;
		pace->count = 0;
	}
	return pace->count++ < PACE_LINES;
}
