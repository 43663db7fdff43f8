/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The chain: every record of this boot in the order it was sealed, its key,
 * and the account of what was lost.
 */
#ifndef TONGBU_CHAIN_H
#define TONGBU_CHAIN_H

#include <linux/list.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/timekeeping.h>
#include <linux/types.h>
#include <linux/tongbu.h>

#include "ring.h"

/* Records sealed in a row, at the most, before interrupts are let in again */
#define TB_HOLD_RECORDS	4

/**
 * struct tb_stamp - one instant on two clocks
 * @boot: CLOCK_BOOTTIME, ns
 * @real: CLOCK_REALTIME, ns
 */
struct tb_stamp {
	u64 boot;
	u64 real;
};

/* One reading of the clock, so that the two never disagree by a step between. */
static inline struct tb_stamp tb_stamp_now(void)
{
	ktime_t mono = ktime_get();

	return (struct tb_stamp){
		.boot = ktime_mono_to_any(mono, TK_OFFS_BOOT),
		.real = ktime_mono_to_real(mono),
	};
}

/**
 * struct tb_stream - the events of one source, numbered
 * @id: header.source of its records
 * @seq: number of its last event, sealed or lost
 * @sealed: events sealed
 * @lost: events lost
 * @pending: events lost and not yet on record; count 0 if none
 * @pending.count: how many
 * @pending.first: CLOCK_BOOTTIME of the first
 * @pending.last: CLOCK_BOOTTIME of the last
 * @pending.cause: enum tongbu_lost_cause of the first
 * @lossy: in the chain's list of streams with something pending
 *
 * Under the chain's lock, all but @id.
 */
struct tb_stream {
	u32 id;
	u32 seq;
	u64 sealed;
	u64 lost;
	struct {
		u64 count;
		u64 first;
		u64 last;
		u32 cause;
	} pending;
	struct list_head lossy;
};

/**
 * struct tb_event - something to be sealed
 * @stream: whose event it is
 * @stamp: when it happened
 * @payload: first part of the payload
 * @data: second part, or NULL
 * @payload_len: bytes of @payload
 * @data_len: bytes of @data
 * @kind: enum tongbu_kind
 * @flags: enum tongbu_record_flag
 * @uid: who caused it, or %TONGBU_UID_NONE
 * @pid: its process, or 0
 * @room: how much of the ring it may claim
 * @digest: of both parts, if they are longer than %TONGBU_BODY_MAX and it is made
 *	already; else NULL
 * @must_tell: without room it counts as lost, because nobody can be told no
 * @delay: from @stamp to when it is sealed, ns; see tb_event_delay(). 0 if it was
 *	held back on purpose, so that it tells nothing of delays
 */
struct tb_event {
	struct tb_stream *stream;
	struct tb_stamp stamp;
	const void *payload;
	const void *data;
	u16 payload_len;
	u16 data_len;
	u16 kind;
	u16 flags;
	u32 uid;
	u32 pid;
	enum tb_room room;
	const u8 *digest;
	bool must_tell;
	u64 delay;
};

/**
 * tb_event_delay() - measure, once, how long an event waited to be sealed
 * @event: the event, about to be
 * @deferred: it was held back on purpose
 *
 * Context: any; does not sleep.
 * Return: the delay as records have it, ns, saturating.
 */
static inline __le32 tb_event_delay(struct tb_event *event, bool deferred)
{
	u64 delay = ktime_get_boottime_ns() - event->stamp.boot;

	event->delay = deferred ? 0 : max(delay, 1ULL);
	return cpu_to_le32(min_t(u64, delay, U32_MAX));
}

/**
 * struct tb_sealed - where a record came to stand
 * @seq: its number
 * @tag: its tag
 */
struct tb_sealed {
	u64 seq;
	u8 tag[TONGBU_TAG_LEN];
};

/**
 * struct tb_chain_state - a look at the chain, consistent in itself
 * @begun: whether a chain was started; if not, the rest is zero
 * @ended: whether END is sealed
 * @id: its id
 * @head: number of the next record
 * @acked: all records below are acknowledged
 * @lost: events lost
 * @refused: submissions turned away
 * @waits: times a record waited for another to be sealed
 * @used: records in the ring
 * @acts: acts in the ring
 * @high_water: most records ever in the ring
 * @capacity: most records the ring holds, refusals apart
 */
struct tb_chain_state {
	bool begun;
	bool ended;
	u8 id[TONGBU_CHAIN_LEN];
	u64 head;
	u64 acked;
	u64 lost;
	u64 refused;
	u64 waits;
	u32 used;
	u32 acts;
	u32 high_water;
	u32 capacity;
};

extern struct tb_stream tb_recorder;
extern struct tb_stream tb_people;

int tb_chain_init(u32 capacity);
void tb_chain_exit(void);

int tb_chain_start(struct tongbu_genesis *genesis, u32 uid, u32 pid);
int tb_chain_end(u32 uid, u32 pid);
void tb_chain_ended(void);
bool tb_chain_begun(void);
bool tb_chain_running(void);
const u8 *tb_chain_genesis(u16 *len);
void tb_chain_state(struct tb_chain_state *state);

void tb_stream_init(struct tb_stream *stream, u32 id);
void tb_stream_retire(struct tb_stream *stream);
int tb_chain_seal(const struct tb_event *event, struct tb_sealed *sealed);
int tb_chain_note(u16 kind, const void *payload, u16 len, u32 uid, u32 pid);
void tb_chain_lost(struct tb_stream *stream, u64 boot, enum tongbu_lost_cause cause);
void tb_chain_count_refused(void);

u64 tb_chain_head(void);
bool tb_chain_arm_wake(void);
struct tongbu_ring *tb_chain_shared(void);
void tb_chain_release(u64 tail);

void tb_chain_clock_was_set(void);
void tb_chain_poll_clock(void);
void tb_chain_set_synced(bool synced, u32 esterror, u32 maxerror, u32 uid, u32 pid);

#endif /* TONGBU_CHAIN_H */
