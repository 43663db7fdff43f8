// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timekeeper tells of every step from inside its own locks, where no clock
 * may be read. So two things follow: the chain looks before it seals the next
 * record, and an irq_work makes it look at once even if nothing happens.
 */
#include "clock.h"

#include <linux/irq_work.h>
#include <linux/notifier.h>
#include <linux/pvclock_gtod.h>

#include "chain.h"

static void clock_stepped(struct irq_work *work)
{
	tb_chain_poll_clock();
}

static DEFINE_IRQ_WORK(clock_work, clock_stepped);

static int clock_notify(struct notifier_block *nb, unsigned long was_set, void *timekeeper)
{
	if (was_set) {
		tb_chain_clock_was_set();
		irq_work_queue(&clock_work);
	}
	return NOTIFY_OK;
}

static struct notifier_block clock_nb = {
	.notifier_call = clock_notify,
};

/**
 * tb_clock_init() - begin to watch the realtime clock
 *
 * Context: process. tb_chain_init() came before.
 */
void tb_clock_init(void)
{
	pvclock_gtod_register_notifier(&clock_nb);
}

/**
 * tb_clock_exit() - watch no more
 *
 * Context: process, sleeps.
 */
void tb_clock_exit(void)
{
	pvclock_gtod_unregister_notifier(&clock_nb);
	irq_work_sync(&clock_work);
}
