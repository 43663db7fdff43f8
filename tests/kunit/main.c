// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands in for kmod/main.c: no family, no device, no chain but what a
 * suite begins itself. KUnit runs the suites when this module is loaded, and
 * keeps their results in /sys/kernel/debug/kunit until it is removed.
 */
#include <linux/module.h>

#include "family.h"

struct tb_params tb_params;

MODULE_DESCRIPTION("KUnit suites of Tongbu");
MODULE_LICENSE("GPL");
