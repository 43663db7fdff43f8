// SPDX-License-Identifier: GPL-2.0-only
#include "term.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/**
 * tb_colour() - may standard output be coloured?
 *
 * Return: true on a terminal, unless NO_COLOR is set.
 */
bool tb_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}
