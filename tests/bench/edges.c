// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one edge of a simulated line costs, in the guest:
 *
 *	edges base|gpiod|gpiod-rising|tongbu|tongbu-rising COUNT
 *
 * moves a line COUNT times at full speed and takes what comes of it in batches,
 * in one process on one processor. Prints "NAME EDGES NS": edges seen, and the
 * nanoseconds of the whole. With instructions counted for time (-icount shift=0)
 * those are instructions. "base" moves the line with nobody listening.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/gpio.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "station.h"

/* Edges between two reads; gpiod's side holds 1024 at the most */
#define BATCH 1000
#define LINE  3

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
static int request_fd;
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

static int chip_with_label(const char *label)
{
	struct gpiochip_info info;
	char path[32];
	int fd, i;

	for (i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), "/dev/gpiochip%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (!ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info) && !strcmp(info.label, label))
			return fd;
		close(fd);
	}
	return -ENODEV;
}

static int gpiod_request(uint64_t flags)
{
	struct gpio_v2_line_request request = {
		.offsets = { LINE },
		.consumer = "bench",
		.config.flags = GPIO_V2_LINE_FLAG_INPUT | flags,
		.num_lines = 1,
		.event_buffer_size = 1024,
	};
	int chip = chip_with_label(STATION_CHIP);

	if (chip < 0)
		return chip;
	if (ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request))
		return -errno;
	request_fd = request.fd;
	return fcntl(request_fd, F_SETFL, O_NONBLOCK) ? -errno : 0;
}

static int gpiod_open(void)
{
	return gpiod_request(GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING);
}

static int gpiod_rising_open(void)
{
	return gpiod_request(GPIO_V2_LINE_FLAG_EDGE_RISING);
}

static long gpiod_take(void)
{
	long seen = 0;
	ssize_t len;

	while ((len = read(request_fd, buffer, sizeof(buffer))) > 0)
		seen += len / (ssize_t)sizeof(struct gpio_v2_line_event);
	return errno == EAGAIN ? seen : -errno;
}

static int tongbu_arm(uint8_t edges)
{
	const struct line line = { .name = "bench", .line = LINE, .edges = edges };
	int err = station_open(&station, STATION_QUIET);

	if (!err)
		err = station_attach(&station);
	if (!err)
		err = station_arm(&station, &line);
	return err < 0 ? err : 0;
}

static int tongbu_open(void)
{
	return tongbu_arm(TONGBU_EDGE_BOTH);
}

static int tongbu_rising_open(void)
{
	return tongbu_arm(TONGBU_EDGE_RISING);
}

/* Edges among whole records, back to back */
static long count_edges(const unsigned char *records, size_t len)
{
	const struct tongbu_header *header;
	long edges = 0;

	while (len) {
		header = (const struct tongbu_header *)records;
		edges += le16toh(header->kind) == TONGBU_KIND_EDGE;
		next_seq = le64toh(header->seq) + 1;
		records += TONGBU_RECORD_MIN + le16toh(header->length);
		len -= TONGBU_RECORD_MIN + le16toh(header->length);
	}
	return edges;
}

/* A dump, straight off the socket: no copy is made of any record. */
static long read_dump(void)
{
	struct nl_msg *msg = tongbu_nl_request(&station.nl, TONGBU_CMD_READ);
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct nlattr *nla;
	long edges = 0;
	int len;

	nla_put_u64(msg, TONGBU_A_SEQ, next_seq);
	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_DUMP;
	nl_complete_msg(station.nl.sock, msg);
	len = nl_send(station.nl.sock, msg);
	nlmsg_free(msg);
	if (len < 0)
		return -EIO;
	for (;;) {
		len = (int)recv(nl_socket_get_fd(station.nl.sock), buffer, sizeof(buffer), 0);
		if (len < 0)
			return -errno;
		for (nlh = (struct nlmsghdr *)buffer; nlmsg_ok(nlh, len);
		     nlh = nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return edges;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return -EIO;
			nla = nlmsg_find_attr(nlh, GENL_HDRLEN, TONGBU_A_RECORDS);
			if (nla)
				edges += count_edges(nla_data(nla), (size_t)nla_len(nla));
		}
	}
}

static long tongbu_take(void)
{
	long edges = read_dump();
	int err;

	if (edges < 0)
		return edges;
	err = tongbu_nl_call_seq(&station.nl, TONGBU_CMD_ACK, next_seq - 1);
	return err ? err : edges;
}

static const struct listener listeners[] = {
	{ "base", 0, base_open, base_take },
	{ "gpiod", 2, gpiod_open, gpiod_take },
	{ "gpiod-rising", 1, gpiod_rising_open, gpiod_take },
	{ "tongbu", 2, tongbu_open, tongbu_take },
	{ "tongbu-rising", 1, tongbu_rising_open, tongbu_take },
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static long batch(const struct listener *listener)
{
	long moves;
	int err;

	for (moves = 0; moves < BATCH; moves++) {
		err = station_pull(LINE, moves % 2 == 0);
		if (err)
			die("the line cannot be moved", err);
	}
	return listener->take();
}

int main(int argc, char **argv)
{
	const struct listener *listener = listeners;
	const struct listener *end = listeners + sizeof(listeners) / sizeof(listeners[0]);
	long count = argc == 3 ? atol(argv[2]) : 0, moves, got, seen = 0;
	uint64_t begin;
	int err;

	while (listener < end && argc == 3 && strcmp(listener->name, argv[1]))
		listener++;
	if (listener == end || count < BATCH || count % BATCH) {
		fprintf(stderr, "usage: edges base|[gpiod|tongbu][-rising] COUNT, "
				"a multiple of 1000\n");
		return 2;
	}
	err = station_pull(LINE, false);
	if (!err)
		err = listener->open();
	if (err)
		die(listener->name, err);
	/* One batch to warm up, and to take what was there before */
	got = batch(listener);
	begin = now();
	for (moves = 0; got >= 0 && moves < count; moves += BATCH) {
		got = batch(listener);
		seen += got;
	}
	if (got < 0)
		die(listener->name, (int)got);
	printf("%s %ld %llu\n", listener->name, seen, (unsigned long long)(now() - begin));
	if (seen != count / 2 * listener->edges) {
		fprintf(stderr, "edges: %s saw %ld of %ld edges\n", listener->name, seen,
			count / 2 * listener->edges);
		return 1;
	}
	if (station.nl.sock)
		station_close(&station);
	return 0;
}
