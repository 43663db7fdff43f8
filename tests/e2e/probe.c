// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ask the kernel directly, whether or not a daemon runs:
 *
 *	probe acked	number below which all records are acknowledged
 *	probe attach	try to own the chain
 *	probe pause	until interrupted: the longest time, in ms, that records waited and
 *			none was acknowledged
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kernel.h"
#include "timefmt.h"

static volatile sig_atomic_t ended;

static void end(int signal)
{
	ended = signal;
}

static int longest_pause(struct tb_kernel *kernel, struct tb_error *err)
{
	const struct timespec step = { .tv_nsec = 2000000 };
	uint64_t now, since = tb_time_monotonic(), longest = 0, acked = 0;
	struct tb_kernel_info info;
	int ret = 0;

	signal(SIGINT, end);
	signal(SIGTERM, end);
	while (!ended && !ret) {
		ret = tb_kernel_info(kernel, &info, err);
		now = tb_time_monotonic();
		/* Nothing waits, or something was taken: the pause is over. */
		if (info.acked >= info.head || info.acked != acked)
			since = now;
		else if (now - since > longest)
			longest = now - since;
		acked = info.acked;
		nanosleep(&step, NULL);
	}
	printf("%" PRIu64 "\n", longest / 1000000);
	return ret;
}

int main(int argc, char **argv)
{
	struct tb_kernel_info info;
	struct tb_kernel *kernel;
	struct tb_error err;
	int ret;

	if (argc != 2 ||
	    (strcmp(argv[1], "acked") && strcmp(argv[1], "attach") && strcmp(argv[1], "pause"))) {
		fputs("usage: probe acked|attach|pause\n", stderr);
		return 2;
	}
	ret = tb_kernel_open(&kernel, &err);
	if (!ret && !strcmp(argv[1], "pause"))
		ret = longest_pause(kernel, &err);
	else if (!ret && !strcmp(argv[1], "acked")) {
		ret = tb_kernel_info(kernel, &info, &err);
		if (!ret)
			printf("%" PRIu64 "\n", info.acked);
	} else if (!ret) {
		ret = tb_kernel_attach(kernel, &err);
	}
	if (ret)
		fprintf(stderr, "probe: %s\n", err.text);
	tb_kernel_close(kernel);
	return ret ? 1 : 0;
}
