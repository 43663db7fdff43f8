// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl: what all commands have in common. See tongbuctl(1). */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "ctl.h"

struct ctl ctl = { .socket = TB_SOCKET_PATH, .referee = TB_REFEREE_SOCKET_PATH };

/**
 * ctl_failed() - say what went wrong
 * @err: the failure
 *
 * Return: the exit status for it.
 */
int ctl_failed(const struct tb_error *err)
{
	ctl_bad("%s", err->text);
	switch (err->code) {
	case -EPERM:
	case -EACCES:
		return CTL_NO_PERM;
	case -ECONNREFUSED:
		return CTL_NO_DAEMON;
	default:
		return CTL_FAILED;
	}
}

/**
 * ctl_refused() - say what the kernel refused
 * @err: the failure
 *
 * Return: the exit status for it.
 */
int ctl_refused(const struct tb_error *err)
{
	int status = ctl_failed(err);

	return status == CTL_FAILED ? CTL_NO : status;
}

/**
 * ctl_number() - read a number
 * @text: decimal digits, nothing else
 * @max: the largest that will do
 * @number: set to it
 *
 * Return: whether it is one.
 */
bool ctl_number(const char *text, uint64_t max, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return !*end && !errno && *number <= max;
}

int main(int argc, char **argv)
{
	const char *socket = getenv("TONGBU_SOCKET"), *referee = getenv("TONGBU_REFEREE");

	setlocale(LC_ALL, "");
	if (socket && *socket)
		ctl.socket = socket;
	if (referee && *referee)
		ctl.referee = referee;
	/* What the completions of shells and `make docs` ask */
	if (argc > 1 && !strcmp(argv[1], "--complete"))
		return ctl_complete(argc - 2, argv + 2);
	if (argc == 4 && !strcmp(argv[1], "--manual"))
		return ctl_synopsis(argv[2], argv[3]);
	if (argc >= 3 && !strcmp(argv[1], "--fields"))
		return ctl_fields_print(argv[2], argv[3]);
	charset_output();
	return ctl_pager_end(ctl_run(argc, argv));
}
