// SPDX-License-Identifier: GPL-2.0-only
/* Long answers on a terminal go through a pager, as those of git and journalctl do. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl.h"

/* The pager that runs, or 0 */
static pid_t pager;

/* 127 is what a shell gives for a program that is not there: the answer goes on unpaged. */
static void run(const char *command, const int ends[2])
{
	char *script;

	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	close(ends[1]);
	/* Quit if it fits, keep colours, leave it on the screen */
	setenv("LESS", "FRX", 0);
	if (asprintf(&script, "%s\n[ $? -ne 127 ] || exec cat", command) > 0)
		execl("/bin/sh", "sh", "-c", script, NULL);
	_exit(1);
}

/**
 * ctl_pager() - from here on standard output goes through a pager
 *
 * On a terminal, unless programs are answered or it is not wanted: --no-pager, or PAGER
 * empty or cat. Where no pager can be run, the answer goes to the terminal.
 */
void ctl_pager(void)
{
	const char *command = getenv("PAGER") ?: "command -v less >/dev/null || exec cat; less";
	int ends[2];

	if (pager || ctl.no_pager || ctl.json || !isatty(STDOUT_FILENO) || !*command ||
	    !strcmp(command, "cat"))
		return;
	/* What stands on the terminal is asked before it is a pipe. */
	tb_colour();
	tb_columns();
	fflush(stdout);
	if (pipe(ends))
		return;
	pager = fork();
	if (!pager)
		run(command, ends);
	if (pager > 0) {
		/* An interrupt is the pager's; who quits it has read enough. */
		signal(SIGINT, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		dup2(ends[1], STDOUT_FILENO);
	} else {
		pager = 0;
	}
	close(ends[0]);
	close(ends[1]);
}

/**
 * ctl_pager_end() - the answer is complete
 * @status: exit status so far
 *
 * Waits for the pager, if there is one.
 *
 * Return: the exit status.
 */
int ctl_pager_end(int status)
{
	bool bad = fflush(stdout) || ferror(stdout);
	int saved = errno;

	if (!pager)
		return bad ? ctl_bad("the answer could not be written: %s", strerror(saved)) :
			     status;
	fclose(stdout);
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
	return status;
}
