// SPDX-License-Identifier: GPL-2.0-only
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/**
 * tb_log() - say something to whoever looks after the daemon
 * @level: SD_ERR and the like, shown only to the journal
 * @fmt: the words, as for printf(), without newline
 */
void tb_log(const char *level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs(getenv("JOURNAL_STREAM") ? level : "tongbud: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
}
