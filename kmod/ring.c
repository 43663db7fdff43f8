// SPDX-License-Identifier: GPL-2.0-only
#include "ring.h"

#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

/* Bytes of a REFUSED record */
#define REFUSED_BYTES	(TONGBU_RECORD_MIN + sizeof(struct tongbu_refused))

/**
 * tb_ring_init() - make an empty ring
 * @ring: the ring
 * @capacity: most records it shall hold, refusals apart
 *
 * Context: process, sleeps.
 * Return: 0 or -ENOMEM.
 */
int tb_ring_init(struct tb_ring *ring, u32 capacity)
{
	u32 slots = roundup_pow_of_two(capacity + TB_RING_REFUSED);
	u32 at = PAGE_ALIGN(sizeof(*ring->shared) + slots * sizeof(*ring->slot));

	memset(ring, 0, sizeof(*ring));
	ring->capacity = capacity;
	ring->mask = slots - 1;
	/* A record is contiguous: what the wrap may waste comes on top. */
	ring->size = PAGE_ALIGN(capacity * TB_RING_RECORD_BYTES + 2 * TONGBU_RECORD_MAX +
				TB_RING_REFUSED * REFUSED_BYTES);

	ring->shared = vmalloc_user(at + ring->size);
	if (!ring->shared)
		return -ENOMEM;
	ring->slot = (void *)(ring->shared + 1);
	ring->data = (u8 *)ring->shared + at;
	ring->shared->size = cpu_to_le32(at + ring->size);
	ring->shared->slots = cpu_to_le32(slots);
	ring->shared->data = cpu_to_le32(at);
	return 0;
}

/**
 * tb_ring_exit() - free a ring and what it holds
 * @ring: the ring
 *
 * Context: process, sleeps. Nobody else uses the ring any more.
 */
void tb_ring_exit(struct tb_ring *ring)
{
	vfree(ring->shared);
}

static bool within_bounds(const struct tb_ring *ring, u16 len, enum tb_room room)
{
	u32 records = ring->capacity;
	u32 bytes = ring->capacity * TB_RING_RECORD_BYTES;

	if (room == TB_ROOM_REFUSED)
		return ring->refused < TB_RING_REFUSED && len <= REFUSED_BYTES;
	if (room == TB_ROOM_ACT &&
	    (ring->acts >= records / 2 || ring->act_bytes + len > bytes / 2))
		return false;
	if (room != TB_ROOM_RECORDER) {
		records -= TB_RING_RESERVE;
		bytes -= TB_RING_RESERVE * TB_RING_RECORD_BYTES;
	}
	return tb_ring_used(ring) - ring->refused < records && ring->bytes + len <= bytes;
}

/**
 * tb_ring_reserve() - find room for one more record
 * @ring: the ring
 * @len: bytes of the record
 * @room: which part of the ring it may claim
 *
 * Nothing is taken until tb_ring_commit().
 *
 * Context: any, under the chain's lock.
 * Return: where to write the record, or NULL if there is no room.
 */
void *tb_ring_reserve(struct tb_ring *ring, u16 len, enum tb_room room)
{
	u32 tail;

	if (!within_bounds(ring, len, room))
		return NULL;
	if (!tb_ring_used(ring))
		return ring->data;

	tail = le32_to_cpu(ring->slot[ring->tail & ring->mask].offset);
	if (ring->end <= tail)
		return tail - ring->end >= len ? ring->data + ring->end : NULL;
	if (ring->size - ring->end >= len)
		return ring->data + ring->end;
	return tail >= len ? ring->data : NULL;
}

static void count(struct tb_ring *ring, enum tb_room room, int len, int sign)
{
	if (room == TB_ROOM_REFUSED) {
		ring->refused += sign;
		return;
	}
	ring->bytes += sign * len;
	if (room == TB_ROOM_ACT) {
		ring->acts += sign;
		ring->act_bytes += sign * len;
	}
}

/**
 * tb_ring_commit() - take in the record written where tb_ring_reserve() said
 * @ring: the ring
 * @record: what tb_ring_reserve() returned
 * @len: bytes of the record
 * @room: the same as there
 *
 * Context: any, under the chain's lock since tb_ring_reserve().
 */
void tb_ring_commit(struct tb_ring *ring, const void *record, u16 len, enum tb_room room)
{
	struct tongbu_slot *slot = &ring->slot[ring->head & ring->mask];

	slot->offset = cpu_to_le32((const u8 *)record - ring->data);
	slot->length = cpu_to_le16(len);
	slot->room = cpu_to_le16(room);
	ring->head++;
	/* Pairs with the reader's acquiring: record and slot are whole before */
	smp_store_release(&ring->shared->head, cpu_to_le64(ring->head));
	ring->end = (const u8 *)record - ring->data + len;
	count(ring, room, len, 1);
	ring->high_water = max(ring->high_water, tb_ring_used(ring));
}

/**
 * tb_ring_release() - forget the oldest records
 * @ring: the ring
 * @tail: number of the first record to keep, at most the head
 *
 * Takes time in proportion to the records released: hold the lock for a
 * bounded number of them.
 *
 * Context: any, under the chain's lock.
 */
void tb_ring_release(struct tb_ring *ring, u64 tail)
{
	for (; ring->tail < tail; ring->tail++) {
		const struct tongbu_slot *slot = &ring->slot[ring->tail & ring->mask];

		count(ring, le16_to_cpu(slot->room), le16_to_cpu(slot->length), -1);
	}
	WRITE_ONCE(ring->shared->acked, cpu_to_le64(ring->tail));
}

/**
 * tb_ring_at() - look at a record
 * @ring: the ring
 * @seq: its number, from tail up to below head
 * @len: set to its length, bytes
 *
 * Context: any; see struct tb_ring for what keeps the record in place.
 * Return: the record, the ring's own.
 */
const void *tb_ring_at(const struct tb_ring *ring, u64 seq, u16 *len)
{
	const struct tongbu_slot *slot = &ring->slot[seq & ring->mask];

	*len = le16_to_cpu(slot->length);
	return ring->data + le32_to_cpu(slot->offset);
}
