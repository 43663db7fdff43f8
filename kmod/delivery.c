// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the ring to the reader. Records between the oldest held and a head once
 * seen under the lock do not move, so they are measured and copied without it;
 * only releasing must be kept out, and the reader's own lock does that.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "chain.h"
#include "chain_priv.h"

/* Records released under one hold of the lock */
#define RELEASE_BATCH	256

/**
 * tb_chain_head() - number of the next record
 *
 * Context: any; does not sleep. Takes the chain's lock: the records below are
 * whole and may be read by who does the releasing.
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
 * tb_chain_measure() - how many whole records fit
 * @seq: number of the first, not yet released
 * @head: number after the last, as tb_chain_head() gave it
 * @room: bytes there are
 * @count: set to the number of records that fit
 *
 * Context: any, excluded from tb_chain_release() by the caller.
 * Return: bytes they take.
 */
size_t tb_chain_measure(u64 seq, u64 head, size_t room, u32 *count)
{
	size_t bytes = 0;
	u16 len;

	for (*count = 0; seq < head; seq++, ++*count) {
		tb_ring_at(&tb_chain.ring, seq, &len);
		if (bytes + len > room)
			break;
		bytes += len;
	}
	return bytes;
}

/**
 * tb_chain_copy() - copy out records
 * @seq: number of the first, not yet released
 * @count: how many, as tb_chain_measure() found
 * @buf: where to
 *
 * Context: any, excluded from tb_chain_release() by the caller.
 */
void tb_chain_copy(u64 seq, u32 count, void *buf)
{
	const void *record;
	u16 len;

	for (; count; count--, seq++, buf += len) {
		record = tb_ring_at(&tb_chain.ring, seq, &len);
		memcpy(buf, record, len);
	}
}

/**
 * tb_chain_arm_hint() - ask for a hint at the next record
 * @next: number of the record the reader wants next
 *
 * Context: any; does not sleep. Takes the chain's lock.
 * Return: true if armed; false if that record is there already.
 */
bool tb_chain_arm_hint(u64 next)
{
	unsigned long flags = tb_chain_lock();
	bool armed = next >= tb_chain.ring.head;

	tb_chain.hint_armed = armed;
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
