/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own GPIO character device, which the module is held against. */
#ifndef BENCH_CDEV_H
#define BENCH_CDEV_H

#include <stdint.h>

int cdev_request(const char *label, uint32_t line, uint64_t flags, uint32_t events);
int cdev_is_held(const char *label, uint32_t line);

#endif
