// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast acts become durable, in the guest with tongbud running:
 *
 *	submits stream|single COUNT
 *
 * "stream" submits COUNT acts and then waits until the last of them is durable;
 * "single" waits for each before the next. Prints "NAME COUNT NS".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "station.h"

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

/* The daemon acknowledges what is durable, and nothing else. */
static int wait_durable(struct tongbu_nl *nl, uint64_t seq)
{
	const struct timespec pause = { .tv_nsec = 200000 };
	uint64_t limit = now() + 60000000000U;

	while (tongbu_nl_info(nl, TONGBU_A_ACKED) <= seq) {
		if (now() > limit)
			return -1;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const char text[] = "Sluice 3 opened by a hand's breadth, level 2.41 m";
	bool single = argc == 3 && !strcmp(argv[1], "single");
	long count = argc == 3 ? atol(argv[2]) : 0, i;
	struct outcome outcome = { 0 };
	struct tongbu_nl nl;
	uint64_t begin;

	if (count < 1 || (!single && strcmp(argv[1], "stream"))) {
		fprintf(stderr, "usage: submits stream|single COUNT\n");
		return 2;
	}
	/* One of the group that may */
	if (station_become("alice")) {
		fprintf(stderr, "submits: there is no user alice\n");
		return 1;
	}
	if (tongbu_nl_open(&nl)) {
		fprintf(stderr, "submits: the module is not loaded\n");
		return 1;
	}
	begin = now();
	for (i = 0; i < count; i++) {
		if (station_submit(&nl, TONGBU_ACT_TEXT, text, strlen(text), &outcome)) {
			fprintf(stderr, "submits: act %ld: %s\n", i, outcome.text);
			return 1;
		}
		if ((single || i == count - 1) && wait_durable(&nl, outcome.seq)) {
			fprintf(stderr, "submits: act %ld is not durable after a minute\n", i);
			return 1;
		}
	}
	printf("%s %ld %llu\n", argv[1], count, (unsigned long long)(now() - begin));
	tongbu_nl_close(&nl);
	return 0;
}
