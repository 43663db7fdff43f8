// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledgers of a province's stations, which go on while they are sent.
 *
 *	tongbu-hub-province DIRECTORY STATIONS RATE
 *
 * Each has a directory of its own in DIRECTORY, s0 and on, and gets RATE records a second,
 * committed and signed once a second. On standard input a line each says:
 *
 *	jump I ENTRIES	station I records so many at once
 *	chain I		its next record begins a chain
 *	archive I	its chains that ended are moved into bundles
 *	leave I		its ledger is closed, and goes on no more
 *	end		of them all
 *
 * Each is answered with "done" when it is. At the end a line a station that did not leave
 * says how many entries it has: "I ENTRIES".
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "station.h"
#include "timefmt.h"

/* With what a record has around it, 200 bytes */
#define WORD_LEN 80

static struct station *stations;
static size_t count;
static const char *folder;

static const char *word_of(size_t i)
{
	static char word[WORD_LEN + 1];

	snprintf(word, sizeof(word), "station %0*zu", WORD_LEN - 8, i);
	return word;
}

static void open_all(sd_event *event)
{
	char name[32], *path;
	size_t i;

	stations = calloc(count, sizeof(*stations));
	if (!stations)
		exit(1);
	for (i = 0; i < count; i++) {
		if (asprintf(&path, "%s/s%zu", folder, i) < 0 ||
		    (mkdir(path, 0755) && errno != EEXIST)) {
			perror("a station's directory");
			exit(1);
		}
		snprintf(name, sizeof(name), "city-%02zu-%02zu", i / 15, i % 15);
		station_open(&stations[i], event, path, name);
		/* A checkpoint is of something. */
		station_grow(&stations[i], 1, word_of(i));
		free(path);
	}
}

static void obey(const char *line)
{
	char what[16];
	uint64_t entries = 0;
	size_t i;

	if (sscanf(line, "%15s %zu %" SCNu64, what, &i, &entries) < 2 || i >= count ||
	    !stations[i].ledger) {
		fprintf(stderr, "what is '%s'?\n", line);
		exit(2);
	}
	if (!strcmp(what, "jump"))
		station_grow(&stations[i], station_size(&stations[i]) + entries, word_of(i));
	else if (!strcmp(what, "chain"))
		station_chain(&stations[i]);
	else if (!strcmp(what, "archive"))
		station_must(station_archive(&stations[i]) ? 0 : -ENOENT);
	else
		station_close(&stations[i]);
	puts("done");
	fflush(stdout);
}

/* Return: false if that was all. */
static bool hear(int ms)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	static char line[128];

	if (poll(&in, 1, ms) <= 0)
		return true;
	if (!fgets(line, sizeof(line), stdin) || !strcmp(line, "end\n"))
		return false;
	obey(line);
	return true;
}

int main(int argc, char **argv)
{
	uint64_t begin, now, due, rate;
	sd_event *event;
	size_t i;

	if (argc != 4 || sd_event_new(&event) < 0)
		return 2;
	/* A line is read when poll() says that there is one. */
	setvbuf(stdin, NULL, _IONBF, 0);
	folder = argv[1];
	count = strtoul(argv[2], NULL, 10);
	rate = strtoull(argv[3], NULL, 10);
	open_all(event);
	puts("done");
	fflush(stdout);
	begin = tb_time_monotonic();
	for (due = 0;; due = (now - begin) / TB_NSEC_PER_SEC * rate) {
		static uint64_t had;

		for (i = 0; i < count && due > had; i++)
			if (stations[i].ledger)
				station_grow(&stations[i], station_size(&stations[i]) + due - had,
					     word_of(i));
		had = due;
		now = tb_time_monotonic();
		if (!hear((int)(1000 - (now - begin) / 1000000 % 1000)))
			break;
		now = tb_time_monotonic();
	}
	for (i = 0; i < count; i++) {
		if (!stations[i].ledger)
			continue;
		printf("%zu %" PRIu64 "\n", i, station_size(&stations[i]));
		station_close(&stations[i]);
	}
	free(stations);
	sd_event_unref(event);
	return fflush(stdout) ? 1 : 0;
}
