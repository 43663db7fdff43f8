// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the ring to the reader, who sees it in his own memory: records between the
 * oldest held and a head once seen do not move until he acknowledges them.
 */
#include <linux/minmax.h>

#include "chain.h"
#include "chain_priv.h"

/* Records released under one hold of the lock */
#define RELEASE_BATCH	256

/**
 * tb_chain_head() - number of the next record
 *
 * Context: any; does not sleep. Takes the chain's lock: the records below are whole.
 * Return: the number.
 */
u64 tb_chain_head(void)
{
	unsigned long flags = tb_chain_lock();
	u64 head = tb_chain.ring.head;

	tb_chain_unlock(flags);
	return head;
}

/**
 * tb_chain_shared() - what the reader may see
 *
 * Context: any, from tb_chain_init() to tb_chain_exit().
 * Return: that, by vmalloc_user(), the chain's own.
 */
struct tongbu_ring *tb_chain_shared(void)
{
	return tb_chain.ring.shared;
}

/**
 * tb_chain_arm_wake() - ask to be woken at the next record
 *
 * Context: any; does not sleep. Takes the chain's lock.
 * Return: true if so; false if there is a record that is not acknowledged.
 */
bool tb_chain_arm_wake(void)
{
	unsigned long flags = tb_chain_lock();
	bool armed = !tb_ring_used(&tb_chain.ring);

	tb_chain.wake_armed = armed;
	tb_chain_unlock(flags);
	return armed;
}

/**
 * tb_chain_release() - forget records that are safe elsewhere
 * @tail: number of the first record to keep, at most the head
 *
 * Losses that found no room until now go on record at once.
 *
 * Context: process; does not sleep. Takes the chain's lock, again and again.
 */
void tb_chain_release(u64 tail)
{
	unsigned long flags;
	bool more;

	do {
		flags = tb_chain_lock();
		more = tb_chain.ring.tail < tail;
		if (more)
			tb_ring_release(&tb_chain.ring,
					min(tail, tb_chain.ring.tail + RELEASE_BATCH));
		else
			more = tb_chain_settle();
		tb_chain_unlock(flags);
	} while (more);
}
