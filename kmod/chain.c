// SPDX-License-Identifier: GPL-2.0-only
/*
 * One lock, held with interrupts off for the time of one sealing, orders
 * everything: the records, their numbers, the key, and the account of losses.
 * It is a raw lock because hard interrupts take it on PREEMPT_RT too.
 */
#include "chain.h"

#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "blake2s.h"
#include "chain_priv.h"
#include "latency.h"
#include "reader.h"
#include "seal.h"
#include "trace.h"

/* How long a report of the clock's synchronisation holds: the longest poll
 * interval of the usual time daemons.
 */
#define SYNCED_FOR_NS	(1024ULL * NSEC_PER_SEC)

struct tb_stream tb_recorder;
struct tb_stream tb_people;

struct tb_chain tb_chain = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(tb_chain.lock),
	.lossy = LIST_HEAD_INIT(tb_chain.lossy),
};

/**
 * tb_chain_clock_offset() - CLOCK_REALTIME less CLOCK_BOOTTIME
 *
 * Context: any; does not sleep.
 * Return: that, ns.
 */
s64 tb_chain_clock_offset(void)
{
	return ktime_mono_to_real(0) - ktime_mono_to_any(0, TK_OFFS_BOOT);
}

/**
 * tb_chain_lock() - take the chain's lock, and count if that meant waiting
 *
 * Context: any, hard interrupts included; interrupts are off on return.
 * Return: what to hand to tb_chain_unlock().
 */
unsigned long tb_chain_lock(void)
	__acquires(&tb_chain.lock)
{
	unsigned long flags;

	if (raw_spin_trylock_irqsave(&tb_chain.lock, flags))
		return flags;
	raw_spin_lock_irqsave(&tb_chain.lock, flags);
	tb_chain.waits++;
	return flags;
}

/**
 * tb_chain_unlock() - let go of the chain's lock, and wake the reader if that is due
 * @flags: what tb_chain_lock() returned
 *
 * Context: under the chain's lock.
 */
void tb_chain_unlock(unsigned long flags)
	__releases(&tb_chain.lock)
{
	bool wake = tb_chain.wake_due;

	tb_chain.wake_due = false;
	raw_spin_unlock_irqrestore(&tb_chain.lock, flags);
	if (wake)
		tb_reader_wake();
}

/**
 * tb_chain_fill_header() - make the header of an event's record
 * @header: filled in
 * @event: the event
 * @seq: number of the record
 * @source_seq: number within its stream
 * @flags: enum tongbu_record_flag
 *
 * Context: under the chain's lock.
 */
void tb_chain_fill_header(struct tongbu_header *header, const struct tb_event *event,
			  u64 seq, u32 source_seq, u16 flags)
{
	header->seq = cpu_to_le64(seq);
	header->boottime = cpu_to_le64(event->stamp.boot);
	header->realtime = cpu_to_le64(event->stamp.real);
	header->kind = cpu_to_le16(event->kind);
	header->flags = cpu_to_le16(flags);
	header->source = cpu_to_le32(event->stream->id);
	header->source_seq = cpu_to_le32(source_seq);
	header->uid = cpu_to_le32(event->uid);
	header->pid = cpu_to_le32(event->pid);
	header->length = cpu_to_le16(event->payload_len + event->data_len);
	header->version = TONGBU_RECORD_VERSION;
	header->precision = flags & TONGBU_RECORD_SYNCED ? tb_chain.precision : 0;
}

/**
 * tb_chain_put() - write, seal, ratchet
 * @event: what is sealed
 * @digest: of its payload, made before the lock was taken, or NULL if that is short
 *	enough to be sealed as it is
 * @source_seq: number within its stream
 * @sealed: told where the record stands, or NULL
 *
 * Context: under the chain's lock.
 * Return: 0, or -ENOBUFS if there is no room.
 */
int tb_chain_put(const struct tb_event *event, const u8 *digest, u32 source_seq,
		 struct tb_sealed *sealed)
{
	u16 len = event->payload_len + event->data_len;
	u16 size = TONGBU_RECORD_MIN + len;
	u16 flags = event->flags;
	u8 *record, *body;

	record = tb_ring_reserve(&tb_chain.ring, size, event->room);
	if (!record)
		return -ENOBUFS;

	if (event->stamp.boot < tb_chain.synced_until)
		flags |= TONGBU_RECORD_SYNCED;
	tb_chain_fill_header((struct tongbu_header *)record, event, tb_chain.ring.head,
			     source_seq, flags);
	body = record + TONGBU_HEADER_LEN;
	memcpy(body, event->payload, event->payload_len);
	if (event->data_len)
		memcpy(body + event->payload_len, event->data, event->data_len);
	tb_seal_record(&tb_chain.seal, (struct tongbu_header *)record, digest ?: body,
		       digest ? TONGBU_TAG_LEN : len);
	memcpy(body + len, tb_chain.seal.tag, TONGBU_TAG_LEN);

	if (sealed) {
		sealed->seq = tb_chain.ring.head;
		memcpy(sealed->tag, tb_chain.seal.tag, TONGBU_TAG_LEN);
	}
	trace_tongbu_seal(tb_chain.ring.head, event->kind, event->stream->id,
			  len);
	tb_ring_commit(&tb_chain.ring, record, size, event->room);
	if (tb_chain.wake_armed) {
		tb_chain.wake_armed = false;
		tb_chain.wake_due = true;
	}
	return 0;
}

static void count_lost(struct tb_stream *stream, u64 boot, enum tongbu_lost_cause cause)
{
	stream->seq++;
	stream->lost++;
	tb_chain.lost++;
	if (!stream->pending.count++) {
		stream->pending.first = boot;
		stream->pending.cause = cause;
		list_add_tail(&stream->lossy, &tb_chain.lossy);
	}
	stream->pending.last = boot;
}

static int put_pending(struct tb_stream *stream, enum tb_room room)
{
	struct tongbu_lost lost = {
		.count = cpu_to_le64(stream->pending.count),
		.first = cpu_to_le64(stream->pending.first),
		.last = cpu_to_le64(stream->pending.last),
		.cause = cpu_to_le32(stream->pending.cause),
	};
	struct tb_event event = {
		.stream = stream,
		.stamp = tb_stamp_now(),
		.kind = TONGBU_KIND_LOST,
		.payload = &lost,
		.payload_len = sizeof(lost),
		.uid = TONGBU_UID_NONE,
		.room = room,
	};
	int err;

	err = tb_chain_put(&event, NULL, stream->seq, NULL);
	if (err)
		return err;
	stream->pending.count = 0;
	list_del_init(&stream->lossy);
	return 0;
}

/* Put on record what a stream has lost, before anything else it has to say */
static inline int put_lost(struct tb_stream *stream, enum tb_room room)
{
	return stream->pending.count ? put_pending(stream, room) : 0;
}

/* A step of the clock goes on record before the first event stamped after it.
 * Slewing moves both clocks alike, so any change of the offset is a step.
 */
static void put_clock_step(void)
{
	s64 before = tb_chain.offset, after;
	struct tongbu_clock clock = { };
	struct tb_event event = {
		.stream = &tb_recorder,
		.kind = TONGBU_KIND_CLOCK,
		.payload = &clock,
		.payload_len = sizeof(clock),
		.uid = TONGBU_UID_NONE,
		.room = TB_ROOM_RECORDER,
	};

	WRITE_ONCE(tb_chain.maybe_stepped, false);
	/* Pairs with tb_chain_clock_was_set(): a later step sets it again */
	smp_mb();
	after = tb_chain_clock_offset();
	if (after == before)
		return;

	event.stamp = tb_stamp_now();
	clock.before = cpu_to_le64(before);
	clock.after = cpu_to_le64(after);
	clock.cause = cpu_to_le32(TONGBU_CLOCK_STEPPED);
	clock.synced = cpu_to_le32(event.stamp.boot < tb_chain.synced_until);
	if (put_lost(&tb_recorder, event.room) ||
	    tb_chain_put(&event, NULL, tb_recorder.seq + 1, NULL)) {
		/* No room: try again with the next record */
		WRITE_ONCE(tb_chain.maybe_stepped, true);
		return;
	}
	tb_recorder.seq++;
	tb_recorder.sealed++;
	tb_chain.offset = after;
}

/**
 * tb_chain_settle() - put on record what found no room until now, a little of it
 *
 * Interrupts are off meanwhile: who wants all of it lets go of the lock and asks again.
 *
 * Context: under the chain's lock.
 * Return: true if there is more, and there was room.
 */
bool tb_chain_settle(void)
{
	bool room = tb_chain.running;
	int n;

	for (n = 0; room && n < TB_HOLD_RECORDS && !list_empty(&tb_chain.lossy); n++)
		room = !put_lost(list_first_entry(&tb_chain.lossy, struct tb_stream, lossy),
				 TB_ROOM_EVENT);
	if (tb_chain.running && READ_ONCE(tb_chain.maybe_stepped))
		put_clock_step();
	return room && !list_empty(&tb_chain.lossy);
}

static int seal_locked(const struct tb_event *event, const u8 *digest,
		       struct tb_sealed *sealed)
{
	struct tb_stream *stream = event->stream;
	int err;

	if (READ_ONCE(tb_chain.maybe_stepped))
		put_clock_step();

	/* What was lost before comes first; without room for that, none here */
	err = put_lost(stream, event->room);
	if (!err)
		err = tb_chain_put(event, digest, stream->seq + 1, sealed);
	if (!err) {
		stream->seq++;
		stream->sealed++;
		if (event->delay)
			tb_latency_add(event->kind, event->delay);
	} else if (event->must_tell) {
		count_lost(stream, event->stamp.boot, TONGBU_LOST_RING);
	}
	return err;
}

/* The digest of a payload that has one, or NULL */
static const u8 *digest_of(const struct tb_event *event, u8 digest[TONGBU_TAG_LEN])
{
	if (event->payload_len + event->data_len <= TONGBU_BODY_MAX)
		return NULL;
	if (event->digest)
		return event->digest;
	tb_blake2s(digest, event->payload, event->payload_len, event->data, event->data_len);
	return digest;
}

/**
 * tb_chain_seal() - make an event the next record of the chain
 * @event: the event
 * @sealed: told where the record stands, or NULL
 *
 * Context: any, hard interrupts included; does not sleep. Takes the chain's lock.
 * Return: 0; -ENODATA if no chain runs; -ENOBUFS if there is no room, in which
 * case an event that must tell is counted as lost.
 */
int tb_chain_seal(const struct tb_event *event, struct tb_sealed *sealed)
{
	u8 space[TONGBU_TAG_LEN];
	const u8 *digest = digest_of(event, space);
	unsigned long flags = tb_chain_lock();
	int err = -ENODATA;

	if (tb_chain.running)
		err = seal_locked(event, digest, sealed);
	tb_chain_unlock(flags);
	return err;
}

/**
 * tb_chain_note() - put news of the recorder itself on record
 * @kind: enum tongbu_kind
 * @payload: its payload
 * @len: bytes of @payload
 * @uid: who caused it, or %TONGBU_UID_NONE
 * @pid: its process, or 0
 *
 * Stamped now. Without room it counts as lost.
 *
 * Context: any; does not sleep. Takes the chain's lock.
 * Return: 0, -ENODATA or -ENOBUFS.
 */
int tb_chain_note(u16 kind, const void *payload, u16 len, u32 uid, u32 pid)
{
	struct tb_event event = {
		.stream = &tb_recorder,
		.stamp = tb_stamp_now(),
		.kind = kind,
		.payload = payload,
		.payload_len = len,
		.uid = uid,
		.pid = pid,
		.room = kind == TONGBU_KIND_HEARTBEAT ? TB_ROOM_EVENT : TB_ROOM_RECORDER,
		.must_tell = true,
	};

	return tb_chain_seal(&event, NULL);
}

/**
 * tb_chain_lost() - count an event that could not be captured at all
 * @stream: whose event it was
 * @boot: when, CLOCK_BOOTTIME
 * @cause: why
 *
 * Context: any; does not sleep. Takes the chain's lock.
 */
void tb_chain_lost(struct tb_stream *stream, u64 boot, enum tongbu_lost_cause cause)
{
	unsigned long flags = tb_chain_lock();

	if (tb_chain.running)
		count_lost(stream, boot, cause);
	tb_chain_unlock(flags);
}

/**
 * tb_chain_count_refused() - count a submission that was turned away
 *
 * Context: any; does not sleep. Takes the chain's lock.
 */
void tb_chain_count_refused(void)
{
	unsigned long flags = tb_chain_lock();

	tb_chain.refused++;
	tb_chain_unlock(flags);
}

/**
 * tb_chain_state() - look at the chain
 * @state: filled in
 *
 * Context: any; does not sleep. Takes the chain's lock.
 */
void tb_chain_state(struct tb_chain_state *state)
{
	unsigned long flags;

	memset(state, 0, sizeof(*state));
	flags = tb_chain_lock();
	state->begun = tb_chain.begun;
	state->ended = tb_chain.begun && !tb_chain.running;
	if (tb_chain.begun)
		memcpy(state->id, tb_chain.id, TONGBU_CHAIN_LEN);
	state->head = tb_chain.ring.head;
	state->acked = tb_chain.ring.tail;
	state->lost = tb_chain.lost;
	state->refused = tb_chain.refused;
	state->waits = tb_chain.waits;
	state->used = tb_ring_used(&tb_chain.ring);
	state->acts = tb_chain.ring.acts;
	state->high_water = tb_chain.ring.high_water;
	state->capacity = tb_chain.ring.capacity;
	tb_chain_unlock(flags);
}

/**
 * tb_stream_init() - make a stream of which nothing has been seen
 * @stream: the stream
 * @id: header.source of its records
 *
 * Context: any; does not sleep.
 */
void tb_stream_init(struct tb_stream *stream, u32 id)
{
	memset(stream, 0, sizeof(*stream));
	stream->id = id;
	INIT_LIST_HEAD(&stream->lossy);
}

/**
 * tb_stream_retire() - let go of a stream that will make no more events
 * @stream: the stream
 *
 * Context: any; does not sleep. Takes the chain's lock.
 */
void tb_stream_retire(struct tb_stream *stream)
{
	unsigned long flags = tb_chain_lock();

	list_del_init(&stream->lossy);
	tb_chain_unlock(flags);
}

/**
 * tb_chain_clock_was_set() - the realtime clock may have been stepped
 *
 * Context: any, even inside the clock's own locks: reads no clock.
 */
void tb_chain_clock_was_set(void)
{
	/* Pairs with put_clock_step() */
	smp_mb();
	WRITE_ONCE(tb_chain.maybe_stepped, true);
}

/**
 * tb_chain_poll_clock() - put a step of the clock on record, if there was one
 *
 * Context: any; does not sleep. Takes the chain's lock.
 */
void tb_chain_poll_clock(void)
{
	unsigned long flags = tb_chain_lock();

	if (tb_chain.running && READ_ONCE(tb_chain.maybe_stepped))
		put_clock_step();
	tb_chain_unlock(flags);
}

/**
 * tb_chain_set_synced() - take note of the clock's synchronisation
 * @synced: whether it is synchronised
 * @esterror: estimated error, us
 * @maxerror: maximum error, us
 * @uid: who says so
 * @pid: its process
 *
 * A change is put on record.
 *
 * Context: any; does not sleep. Takes the chain's lock.
 */
void tb_chain_set_synced(bool synced, u32 esterror, u32 maxerror, u32 uid, u32 pid)
{
	struct tongbu_clock clock = {
		.esterror = cpu_to_le32(esterror),
		.maxerror = cpu_to_le32(maxerror),
		.cause = cpu_to_le32(TONGBU_CLOCK_SYNC),
		.synced = cpu_to_le32(synced),
	};
	struct tb_event event = {
		.stream = &tb_recorder,
		.stamp = tb_stamp_now(),
		.kind = TONGBU_KIND_CLOCK,
		.payload = &clock,
		.payload_len = sizeof(clock),
		.uid = uid,
		.pid = pid,
		.room = TB_ROOM_RECORDER,
		.must_tell = true,
	};
	unsigned long flags = tb_chain_lock();
	bool was = event.stamp.boot < tb_chain.synced_until;

	tb_chain.synced_until = synced ? event.stamp.boot + SYNCED_FOR_NS : 0;
	tb_chain.precision = esterror == U32_MAX ? 0 : 1 + order_base_2(max(esterror, 1U));
	clock.before = cpu_to_le64(tb_chain.offset);
	clock.after = clock.before;
	if (tb_chain.running && was != synced)
		seal_locked(&event, NULL, NULL);
	tb_chain_unlock(flags);
}
