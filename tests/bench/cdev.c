// SPDX-License-Identifier: GPL-2.0-only
#include "cdev.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

/**
 * cdev_request() - take a line
 * @label: its chip's
 * @line: offset
 * @flags: enum gpio_v2_line_flag
 * @events: how many the kernel shall hold, or 0 for what it holds by default
 *
 * Return: a descriptor, which does not block, or a negative errno.
 */
int cdev_request(const char *label, uint32_t line, uint64_t flags, uint32_t events)
{
	struct gpio_v2_line_request request = {
		.offsets = { line },
		.consumer = "bench",
		.config.flags = flags,
		.num_lines = 1,
		.event_buffer_size = events,
	};
	int chip = chip_with_label(label), err;

	if (chip < 0)
		return chip;
	err = ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) ? -errno : 0;
	close(chip);
	if (err)
		return err;
	return fcntl(request.fd, F_SETFL, O_NONBLOCK) ? -errno : request.fd;
}

/**
 * cdev_is_held() - does somebody have a line?
 * @label: its chip's
 * @line: offset
 *
 * Return: 1 if so, else 0, or a negative errno.
 */
int cdev_is_held(const char *label, uint32_t line)
{
	struct gpio_v2_line_info info = { .offset = line };
	int chip = chip_with_label(label), err;

	if (chip < 0)
		return chip;
	err = ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info) ? -errno : 0;
	close(chip);
	return err ? err : !!(info.flags & GPIO_V2_LINE_FLAG_USED);
}
