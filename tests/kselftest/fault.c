// SPDX-License-Identifier: GPL-2.0-only
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "station.h"

#define FAIL_NTH "/proc/self/fail-nth"

static int fail_nth = -1;

/**
 * fault_available() - can this kernel fail to order?
 *
 * Return: true if so.
 */
bool fault_available(void)
{
	return !access(FAIL_NTH, F_OK);
}

/**
 * fault_init() - let allocations of every sort fail in this process, silently
 *
 * By default those that may wait are spared, and those are nearly all.
 *
 * Return: 0 or a negative errno.
 */
int fault_init(void)
{
	static const char *const settings[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
	};
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", settings[i][0]);
		if (station_put(path, 0, settings[i][1]))
			return -errno;
	}
	/* What the kernel is asked for is what the test asks, not a fault of a page. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		return -errno;
	fail_nth = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	return fail_nth < 0 ? -errno : 0;
}

static void set(unsigned int nth)
{
	char number[16];
	int len = snprintf(number, sizeof(number), "%u", nth);

	if (pwrite(fail_nth, number, (size_t)len, 0) != len)
		abort();
}

/**
 * fault_arm() - the allocation of that number from now on fails
 * @nth: its number, from 1
 */
void fault_arm(unsigned int nth)
{
	set(nth);
}

/**
 * fault_disarm() - none fails any more
 *
 * Return: how many more there were to go; 0 if the one that was to fail has.
 */
unsigned int fault_disarm(void)
{
	char number[16] = "";

	if (pread(fail_nth, number, sizeof(number) - 1, 0) <= 0)
		abort();
	set(0);
	return (unsigned int)strtoul(number, NULL, 10);
}
