// SPDX-License-Identifier: GPL-2.0-only
/*
 * gpiochip2 is what came third: after the next start that may be another chip. So it is
 * told which device it is of, and what is kept is that.
 */
#include "chip.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/**
 * tb_chip_is_number() - is a chip named by the number it has now?
 * @name: how it is named
 *
 * Return: whether it is, as gpiochip2 or /dev/gpiochip2.
 */
bool tb_chip_is_number(const char *name)
{
	const char *digits;

	if (!strncmp(name, "/dev/", 5))
		name += 5;
	if (strncmp(name, "gpiochip", 8))
		return false;
	digits = name + 8;
	return *digits && !digits[strspn(digits, "0123456789")];
}

/**
 * tb_chip_device() - of which device is the chip of a number now?
 * @number: the chip, as tb_chip_is_number() takes it
 * @device: set to the device with its bus, platform:gpio-sim.0, which stays
 * @err: told why there is none
 *
 * Return: 0; -ENODEV without such a chip; or -ENOENT if it is of no device.
 */
int tb_chip_device(const char *number, char device[TONGBU_NAME_LEN], struct tb_error *err)
{
	char path[PATH_MAX + 16], chip[PATH_MAX], bus[PATH_MAX];
	int len;

	number = last_part(number);
	snprintf(path, sizeof(path), "/sys/bus/gpio/devices/%.64s", number);
	if (!realpath(path, chip))
		return tb_error_set(err, -ENODEV,
				    "there is no %s: gpiodetect shows which there are", number);
	*strrchr(chip, '/') = '\0';
	snprintf(path, sizeof(path), "%s/subsystem", chip);
	if (realpath(path, bus) && !strncmp(bus, "/sys/bus/", 9)) {
		len = snprintf(device, TONGBU_NAME_LEN, "%s:%s", last_part(bus), last_part(chip));
		if (len > 0 && len < TONGBU_NAME_LEN)
			return 0;
	}
	return tb_error_set(err, -ENOENT,
			    "%s has no device that a name could be made of: give its label, as gpiodetect shows it",
			    number);
}
