/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels, all of it. Built and tested with 6.1 (Debian
 * 12, stock and PREEMPT_RT); a kernel whose interfaces are known to have moved
 * is refused here rather than half supported.
 */
#ifndef TONGBU_COMPAT_H
#define TONGBU_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "tongbu needs Linux 6.1 or later"
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#error "gpiochip_find() is gone since Linux 6.7: port kmod/gpio_*.c to gpio_device_find() first"
#endif

#endif /* TONGBU_COMPAT_H */
