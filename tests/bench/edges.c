// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one edge of a simulated line costs, in the guest:
 *
 *	edges NAME BATCH COUNT
 *	edges NAME burst COUNT
 *
 * moves a line COUNT times and takes what comes of it after each BATCH moves, as a
 * reader does that is woken once for so many: it polls, reads, acknowledges, and
 * polls again, which finds nothing and asks to be woken. One process on one processor:
 * going to sleep and waking are the same whoever wakes, and left out. Prints "NAME
 * BATCH EDGES MOVING READING": edges seen, and nanoseconds of either part; with
 * instructions counted for time (-icount shift=0) those are instructions.
 *
 *	base			nobody listens
 *	gpiod, gpiod-rising	the GPIO character device, both edges or those alone
 *	gpiod-default		with the room for events that it has by default
 *	tongbu, tongbu-rising	this module
 *	tongbu-small		with a ring of 4,096 records
 *	tongbu-count		an interrupt that only counts: nothing is sealed
 *	tongbu-deaf		nobody asks to be woken
 *
 * In a burst nobody reads until all moves are made. Prints "NAME burst SEEN LOST
 * MOVING": edges there were in the end, and those that are known to be lost.
 *
 * With SYMBOLS=FILE the kernel's symbols are copied there while the module is loaded,
 * for who counts instructions by where they stand.
 */
#include <errno.h>
#include <linux/gpio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cdev.h"
#include "count.h"
#include "station.h"

/* The character device holds no more for one line, and libgpiod reads no more at once */
#define BATCH_MAX 1024
#define LINE	  3
#define BOTH	  (GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING)

/**
 * struct listener - who wants to know of the edges
 * @name: its name
 * @edges: of every two moves, how many are edges to it
 * @open: get ready
 * @take: take what there is; edges seen, or a negative errno
 */
struct listener {
	const char *name;
	long edges;
	int (*open)(void);
	long (*take)(void);
};

static struct station station;
static int poll_fd = -1;
static bool up = true;
static long lost;
static uint64_t next_seq;
static unsigned char buffer[65536] __attribute__((aligned(8)));

static void die(const char *what, int err)
{
	fprintf(stderr, "edges: %s: %s\n", what, strerror(err < 0 ? -err : err));
	exit(1);
}

static int base_open(void)
{
	return 0;
}

static long base_take(void)
{
	return 0;
}

static int gpiod_request(uint64_t flags, uint32_t events)
{
	poll_fd = cdev_request(STATION_CHIP, LINE, GPIO_V2_LINE_FLAG_INPUT | flags, events);
	return poll_fd < 0 ? poll_fd : 0;
}

static int gpiod_open(void)
{
	return gpiod_request(BOTH, BATCH_MAX);
}

static int gpiod_default_open(void)
{
	return gpiod_request(BOTH, 0);
}

static int gpiod_rising_open(void)
{
	return gpiod_request(GPIO_V2_LINE_FLAG_EDGE_RISING, BATCH_MAX);
}

/* Events lost are known by the numbers of those that are not. */
static long gpiod_take(void)
{
	static uint32_t last;
	const struct gpio_v2_line_event *event = (const void *)buffer;
	long seen = 0;
	ssize_t len;

	while ((len = read(poll_fd, buffer, sizeof(buffer))) > 0) {
		long count = len / (ssize_t)sizeof(*event);

		seen += count;
		lost += event[count - 1].line_seqno - last - count;
		last = event[count - 1].line_seqno;
	}
	return errno == EAGAIN ? seen : -errno;
}

static int tongbu_arm(uint8_t edges, uint8_t type, const char *params)
{
	const struct line line = { .name = "bench",
				   .line = LINE,
				   .edges = edges,
				   .type = type,
				   .interval = type ? 3600000 : 0 };
	int err = station_open(&station, params);

	if (!err)
		err = station_attach(&station);
	poll_fd = station.nl.device;
	if (!err)
		err = station_arm(&station, &line);
	return err < 0 ? err : 0;
}

static int tongbu_open(void)
{
	return tongbu_arm(TONGBU_EDGE_BOTH, 0, STATION_QUIET);
}

static int tongbu_small_open(void)
{
	return tongbu_arm(TONGBU_EDGE_BOTH, 0, STATION_QUIET " ring=4096");
}

static int tongbu_rising_open(void)
{
	return tongbu_arm(TONGBU_EDGE_RISING, 0, STATION_QUIET);
}

static int tongbu_count_open(void)
{
	int err = tongbu_arm(TONGBU_EDGE_BOTH, TONGBU_SOURCE_COUNTER, STATION_QUIET);

	/* Nothing comes that could be waited for. */
	poll_fd = -1;
	return err;
}

static int tongbu_deaf_open(void)
{
	int err = tongbu_open();

	poll_fd = -1;
	return err;
}

/* Records are looked at where the kernel put them. */
static long tongbu_take(void)
{
	uint64_t head = tongbu_nl_head(&station.nl);
	const struct tongbu_header *header;
	long edges = 0;
	size_t size;
	int err;

	for (; next_seq < head; next_seq++) {
		header = (const struct tongbu_header *)(const void *)tongbu_nl_record(&station.nl,
										      next_seq,
										      &size);
		edges += le16toh(header->kind) == TONGBU_KIND_EDGE;
		if (le16toh(header->kind) == TONGBU_KIND_LOST)
			lost += (long)le64toh(((const struct tongbu_lost *)(header + 1))->count);
	}
	err = tongbu_nl_ack(&station.nl, head - 1);
	return err ? err : edges;
}

static const struct listener listeners[] = {
	{ "base", 0, base_open, base_take },
	{ "gpiod", 2, gpiod_open, gpiod_take },
	{ "gpiod-default", 2, gpiod_default_open, gpiod_take },
	{ "gpiod-rising", 1, gpiod_rising_open, gpiod_take },
	{ "tongbu", 2, tongbu_open, tongbu_take },
	{ "tongbu-small", 2, tongbu_small_open, tongbu_take },
	{ "tongbu-rising", 1, tongbu_rising_open, tongbu_take },
	{ "tongbu-count", 0, tongbu_count_open, base_take },
	{ "tongbu-deaf", 2, tongbu_deaf_open, tongbu_take },
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static void wait_for_some(int timeout)
{
	struct pollfd fd = { .fd = poll_fd, .events = POLLIN };

	if (poll_fd >= 0 && poll(&fd, 1, timeout) != (timeout != 0))
		die("nothing comes, or too much", ETIMEDOUT);
}

/* So many moves, beginning where the last ended, and what comes of them; adds what either took */
static long batch(const struct listener *listener, long moves, uint64_t *moving, uint64_t *reading)
{
	uint64_t begin = now(), moved;
	long i, seen;
	int err;

	for (i = 0; i < moves; i++) {
		err = station_pull(LINE, up);
		up = !up;
		if (err)
			die("the line cannot be moved", err);
	}
	moved = now();
	wait_for_some(-1);
	seen = listener->take();
	if (seen < 0)
		die(listener->name, (int)seen);
	wait_for_some(0);
	*moving += moved - begin;
	*reading += now() - moved;
	return seen;
}

static void copy_symbols(const char *path)
{
	FILE *from = path ? fopen("/proc/kallsyms", "re") : NULL;
	FILE *to = path ? fopen(path, "we") : NULL;
	size_t len;

	if (!path)
		return;
	if (!from || !to)
		die(path, errno);
	while ((len = fread(buffer, 1, sizeof(buffer), from)))
		fwrite(buffer, 1, len, to);
	fclose(from);
	if (fclose(to))
		die(path, errno);
}

static int burst(const struct listener *listener, long count)
{
	uint64_t begin = now(), moved;
	long i, seen, more;
	int err = 0;

	for (i = 0; i < count && !err; i++) {
		err = station_pull(LINE, up);
		up = !up;
	}
	if (err)
		die("the line cannot be moved", err);
	moved = now() - begin;
	/* What was lost goes on record when there is room again. */
	seen = listener->take();
	more = listener->take();
	if (seen < 0 || more < 0)
		die(listener->name, (int)(seen < 0 ? seen : more));
	printf("%s burst %ld %ld %llu\n", listener->name, seen + more, lost,
	       (unsigned long long)moved);
	return !listener->edges || seen + more + lost == count ? 0 : 1;
}

int main(int argc, char **argv)
{
	bool bursts = argc == 4 && !strcmp(argv[2], "burst");
	const struct listener *listener = listeners;
	const struct listener *end = listeners + sizeof(listeners) / sizeof(listeners[0]);
	long size = argc == 4 ? atol(argv[2]) : 0, count = argc == 4 ? atol(argv[3]) : 0;
	uint64_t moving = 0, reading = 0;
	long moves, expected, seen = 0;
	int err;

	while (listener < end && argc == 4 && strcmp(listener->name, argv[1]))
		listener++;
	/* One edge of both at a time: to each rising one belongs a fall, so two moves. */
	if (listener == end || count < 1 ||
	    (!bursts && (size < 1 || size > BATCH_MAX / 2 || count < size || count % size))) {
		fprintf(stderr, "usage: edges NAME BATCH|burst COUNT, a multiple of BATCH\n");
		return 2;
	}
	err = station_pull(LINE, false);
	if (!err)
		err = listener->open();
	if (err)
		die(listener->name, err);
	(void)listener->take();
	if (bursts) {
		err = burst(listener, count);
		if (station.nl.sock)
			station_close(&station);
		return err;
	}
	wait_for_some(0);
	moves = listener->edges == 1 ? 2 * size : size;
	(void)batch(listener, 2 * moves, &moving, &reading);
	moving = reading = 0;
	COUNT_MARK(COUNT_BEGIN);
	for (expected = 0; expected < count; expected += size)
		seen += batch(listener, moves, &moving, &reading);
	COUNT_MARK(COUNT_END);
	expected = listener->edges ? count : 0;
	printf("%s %ld %ld %llu %llu\n", listener->name, size, seen, (unsigned long long)moving,
	       (unsigned long long)reading);
	if (seen != expected) {
		fprintf(stderr, "edges: %s saw %ld of %ld edges\n", listener->name, seen, expected);
		return 1;
	}
	copy_symbols(getenv("SYMBOLS"));
	if (station.nl.sock)
		station_close(&station);
	return 0;
}
