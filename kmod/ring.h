/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ring: records that are sealed and not yet acknowledged, in order of
 * their numbers. Bounded both in records and in bytes. Nothing in it is ever
 * overwritten before it is released.
 */
#ifndef TONGBU_RING_H
#define TONGBU_RING_H

#include <linux/types.h>
#include <linux/tongbu.h>

/* Bytes the ring sets aside for a record, on average */
#define TB_RING_RECORD_BYTES	256

/* Records, and their bytes, that only the recorder's own news may take */
#define TB_RING_RESERVE		16

/* REFUSED records there is room for; they take it from nobody */
#define TB_RING_REFUSED		256

/**
 * enum tb_room - how much of the ring a record may claim
 * @TB_ROOM_REFUSED: room of their own, besides the capacity, so that who may not
 *	submit takes none from those who may, nor from hardware
 * @TB_ROOM_ACT: half, so that people never crowd out hardware
 * @TB_ROOM_EVENT: all but the reserve
 * @TB_ROOM_RECORDER: all
 */
enum tb_room {
	TB_ROOM_REFUSED,
	TB_ROOM_ACT,
	TB_ROOM_EVENT,
	TB_ROOM_RECORDER,
};

/**
 * struct tb_ring - see above
 * @shared: what the reader sees of it, and the beginning of what is mapped
 * @slot: where each record stands, by number masked with @mask; behind @shared
 * @data: the records' bytes; each record is contiguous; behind @slot
 * @size: bytes in @data
 * @mask: slots - 1
 * @capacity: most records, refusals apart
 * @head: number of the next record
 * @tail: number of the oldest one held
 * @end: offset in @data behind the newest
 * @bytes: bytes held, refusals apart
 * @acts: acts held
 * @act_bytes: their bytes
 * @refused: refusals held
 * @high_water: most records ever held
 *
 * Written under the chain's lock. The bytes and slots from @tail up to a @head
 * once seen under that lock, or acquired from @shared, stay as they are until
 * released, so whoever does the releasing may read them without it.
 */
struct tb_ring {
	struct tongbu_ring *shared;
	struct tongbu_slot *slot;
	u8 *data;
	u32 size;
	u32 mask;
	u32 capacity;
	u64 head;
	u64 tail;
	u32 end;
	u32 bytes;
	u32 acts;
	u32 act_bytes;
	u32 refused;
	u32 high_water;
};

int tb_ring_init(struct tb_ring *ring, u32 capacity);
void tb_ring_exit(struct tb_ring *ring);
void *tb_ring_reserve(struct tb_ring *ring, u16 len, enum tb_room room);
void tb_ring_commit(struct tb_ring *ring, const void *record, u16 len, enum tb_room room);
void tb_ring_release(struct tb_ring *ring, u64 tail);
const void *tb_ring_at(const struct tb_ring *ring, u64 seq, u16 *len);

static inline u32 tb_ring_used(const struct tb_ring *ring)
{
	return ring->head - ring->tail;
}

#endif /* TONGBU_RING_H */
