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

/* The list of consoles got a lock of its own. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define tb_console_lock()	console_list_lock()
#define tb_console_unlock()	console_list_unlock()
#else
#define tb_console_lock()	console_lock()
#define tb_console_unlock()	console_unlock()
#endif

/* What a line discipline is given: flags of bytes, how many bytes, answer */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define tb_tty_marks		const u8
#define tb_tty_count		size_t
#else
#define tb_tty_marks		const char
#define tb_tty_count		int
#endif

#endif /* TONGBU_COMPAT_H */
