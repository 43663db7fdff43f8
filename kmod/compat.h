/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels, all of it. The module is written for the newest
 * of them; what an older one calls by another name, or lacks, is here. Built and
 * tested with 6.1 (Debian 12), 6.12 and 7.3 (Debian 13), stock and PREEMPT_RT.
 */
#ifndef TONGBU_COMPAT_H
#define TONGBU_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "tongbu needs Linux 6.1 or later"
#endif

#include <linux/device.h>
#include <linux/err.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/driver.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>

/* The list of consoles got a lock of its own. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define console_list_lock()	console_lock()
#define console_list_unlock()	console_unlock()
#endif

/* What is called before an operation is told which. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define tb_pre_ops		struct genl_ops
#else
#define tb_pre_ops		struct genl_split_ops
#endif

/* What a mapping may be is changed by a function. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define vm_flags_clear(vma, bits)	((vma)->vm_flags &= ~(bits))
#define vm_flags_set(vma, bits)		((vma)->vm_flags |= (bits))
#endif

/* What does not change a bus takes a constant one. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define tb_bus_type		struct bus_type
#else
#define tb_bus_type		const struct bus_type
#include <linux/hex.h>
#endif

/* What a line discipline is given: flags of bytes, how many bytes; and its answer */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define tb_tty_marks		const char
#define tb_tty_count		int
#else
#define tb_tty_marks		const u8
#define tb_tty_count		size_t
#endif

/* A dump has a struct genl_info of its own. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

/* Who looks for a chip may not change what he looks for; a chip found is counted. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define tb_chip_data		void
#define tb_chip_find(data, match)	gpiochip_find(data, match)
#else
#define tb_chip_data		const void
static inline void tb_chip_find(void *data, int (*match)(struct gpio_chip *, const void *))
{
	struct gpio_device *chip = gpio_device_find(data, match);

	if (chip)
		gpio_device_put(chip);
}
#endif

/* Who holds a line is told in a copy. Chips are looked for under a spinlock here. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
static inline char *gpiochip_dup_line_label(struct gpio_chip *chip, unsigned int line)
{
	const char *holder = gpiochip_is_requested(chip, line);

	return holder ? kstrdup(*holder ? holder : "?", GFP_ATOMIC) ?: ERR_PTR(-ENOMEM) : NULL;
}
#endif

/* Setting a line says how that went; it did not once, and stable kernels differ. */
static inline int tb_gpiod_set(struct gpio_desc *desc, int value)
{
	return __builtin_choose_expr(__same_type(gpiod_set_value(desc, value), int),
				     gpiod_set_value(desc, value),
				     (gpiod_set_value(desc, value), 0));
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#include <asm/unaligned.h>
#else
#include <linux/unaligned.h>
#endif

/* A timer is given its function where it is made. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* To create a worker is no longer to let it run. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define kthread_run_worker	kthread_create_worker
#endif

/* The kernel's own BLAKE2s, which tests/kunit holds ours against */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define blake2s_ctx		blake2s_state
#endif

#endif /* TONGBU_COMPAT_H */
