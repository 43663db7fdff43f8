// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long it takes from an edge of a simulated line until an output is set, in the
 * guest:
 *
 *	reflex NAME COUNT
 *
 * raises the line COUNT times. From the stamp that the kernel gave the edge in its
 * interrupt, until the line of the output has been set. Prints "NAME COUNT MEDIAN
 * WORST", in nanoseconds; with instructions counted for time (-icount shift=0) those
 * are instructions.
 *
 *	tongbu		a reflex, on a card that is set in the interrupt
 *	tongbu-thread	the same on a chip that sleeps, which is set by a thread
 *	gpiod		a process that reads the GPIO character device and sets the
 *			card by it, and has both open
 *	gpiomon		a process that reads what gpiomon says, and runs gpioset
 */
#include <endian.h>
#include <errno.h>
#include <linux/gpio.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cdev.h"
#include "outputs.h"

#define LINE   3
#define OUTPUT 5
#define COUNT  100000
#define ACK    256

/**
 * struct way - a way from the edge to the output
 * @name: its name
 * @open: get ready
 * @wait: the edge came: wait until the output is set; how long that took, ns, or a
 *	negative errno
 */
struct way {
	const char *name;
	int (*open)(void);
	long (*wait)(void);
};

static struct station station;
static size_t fired;
static char card[TONGBU_NAME_LEN];
static int edges = -1, output = -1;
static FILE *monitor;
static long took[COUNT + 1];

static void die(const char *what, long err)
{
	fprintf(stderr, "reflex: %s: %s\n", what, strerror((int)(err < 0 ? -err : err)));
	exit(1);
}

static int arm(const char *label, uint32_t line)
{
	const struct line water = { .name = "water", .line = LINE, .edges = TONGBU_EDGE_RISING };
	const struct output siren = { .name = "siren", .line = line, .chip = label };
	const struct reflex flood = { .name = "flood",
				      .source = "water",
				      .output = "siren",
				      .condition = TONGBU_WHEN_EDGE,
				      .level = 1,
				      .action = TONGBU_DO_LATCH };
	int err = station_open(&station, STATION_QUIET);

	if (!err)
		err = station_attach(&station);
	if (!err)
		err = station_arm(&station, &water);
	if (err > 0)
		err = output_add(&station.nl, &siren);
	if (err > 0)
		err = reflex_add(&station.nl, &flood);
	if (err < 0)
		fprintf(stderr, "reflex: %s\n", station.nl.text);
	return err < 0 ? err : 0;
}

static int tongbu_open(void)
{
	int err = card_label(card);

	return err ? err : arm(card, OUTPUT);
}

static int tongbu_thread_open(void)
{
	return arm(NULL, OUTPUT);
}

/* The record tells when the edge was, and when the output was set. */
static long tongbu_wait(void)
{
	const struct record *record =
		station_await(&station, TONGBU_KIND_REFLEX, TONGBU_SOURCE_REFLEXES, fired++);
	struct tongbu_firing firing;
	int err;

	if (!record)
		return -ETIMEDOUT;
	firing = record_firing(record);
	if (firing.error)
		return -(long)le16toh(firing.error);
	err = fired % ACK ? 0 : station_ack(&station);
	return err ? err : (long)(le64toh(firing.effect) - le64toh(firing.cause));
}

static int gpiod_open(void)
{
	int err = card_label(card);

	if (err)
		return err;
	edges = cdev_request(STATION_CHIP, LINE,
			     GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING, 0);
	output = cdev_request(card, OUTPUT, GPIO_V2_LINE_FLAG_OUTPUT, 0);
	return edges < 0 ? edges : output < 0 ? output : 0;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static long gpiod_wait(void)
{
	struct gpio_v2_line_values values = { .bits = 1, .mask = 1 };
	struct pollfd fd = { .fd = edges, .events = POLLIN };
	struct gpio_v2_line_event event;

	if (poll(&fd, 1, -1) != 1 || read(edges, &event, sizeof(event)) != sizeof(event) ||
	    ioctl(output, GPIO_V2_LINE_SET_VALUES_IOCTL, &values))
		return -errno;
	return (long)(now() - event.timestamp_ns);
}

static int gpiomon_open(void)
{
	char command[128];
	int err = card_label(card);

	if (err)
		return err;
	snprintf(command, sizeof(command),
		 "exec gpiomon --rising-edge --line-buffered --format='%%s.%%n' station %d", LINE);
	monitor = popen(command, "r");
	if (!monitor)
		return -errno;
	/* It says nothing when it is ready. */
	while (!(err = cdev_is_held(STATION_CHIP, LINE)))
		usleep(10000);
	return err < 0 ? err : 0;
}

static long gpiomon_wait(void)
{
	char *argv[] = { "gpioset", card, "5=1", NULL };
	unsigned long long s, ns;
	int status;
	pid_t child;

	if (fscanf(monitor, "%llu.%llu", &s, &ns) != 2)
		return -EPROTO;
	if (posix_spawnp(&child, argv[0], NULL, NULL, argv, environ))
		return -errno;
	if (waitpid(child, &status, 0) != child || status)
		return -ECHILD;
	return (long)(now() - (s * 1000000000U + ns));
}

static const struct way ways[] = {
	{ "tongbu", tongbu_open, tongbu_wait },
	{ "tongbu-thread", tongbu_thread_open, tongbu_wait },
	{ "gpiod", gpiod_open, gpiod_wait },
	{ "gpiomon", gpiomon_open, gpiomon_wait },
};

static int compare(const void *one, const void *other)
{
	const long *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

int main(int argc, char **argv)
{
	const struct way *way = ways, *end = ways + sizeof(ways) / sizeof(ways[0]);
	long count = argc == 3 ? atol(argv[2]) : 0, i;
	int err;

	while (way < end && argc == 3 && strcmp(way->name, argv[1]))
		way++;
	if (way == end || count < 1 || count > COUNT) {
		fprintf(stderr, "usage: reflex NAME COUNT\n");
		return 2;
	}
	err = station_pull(LINE, false);
	if (!err)
		err = way->open();
	if (err)
		die(way->name, err);
	/* The first only brings programs into memory. */
	for (i = 0; i <= count; i++) {
		err = station_pull(LINE, true);
		took[i] = err ? err : way->wait();
		if (took[i] >= 0)
			err = station_pull(LINE, false);
		if (err || took[i] < 0)
			die(way->name, err ? err : took[i]);
	}
	took[0] = took[count];
	qsort(took, (size_t)count, sizeof(took[0]), compare);
	printf("%s %ld %ld %ld\n", way->name, count, took[count / 2], took[count - 1]);
	if (station.nl.sock)
		station_close(&station);
	return 0;
}
