/* SPDX-License-Identifier: GPL-2.0-only */
/* The chain's inside, for chain.c, chain_life.c, delivery.c and latency.c alone. */
#ifndef TONGBU_CHAIN_PRIV_H
#define TONGBU_CHAIN_PRIV_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/tongbu.h>

#include "chain.h"
#include "ring.h"
#include "seal.h"

/**
 * struct tb_chain - the one chain of this boot
 * @lock: guards all below
 * @begun: a chain was started; never goes back to false
 * @running: it has not ended: records are sealed
 * @ending: nothing more is armed
 * @let_go: it has ended, all is acknowledged, and the module may go
 * @id: id of the chain
 * @seal: key of the next record, tag of the last
 * @ring: records not yet acknowledged
 * @lossy: streams with losses not yet on record
 * @lost: events lost
 * @refused: submissions turned away
 * @waits: times the lock was found taken
 * @wake_armed: the reader waits: the next record wakes it
 * @wake_due: that record is there: unlocking does it
 * @offset: CLOCK_REALTIME - CLOCK_BOOTTIME as last on record, ns
 * @synced_until: CLOCK_BOOTTIME up to which the clock counts as synchronised
 * @precision: header.precision while it does
 * @maybe_stepped: the clock may have been stepped since @offset was taken;
 *	written without the lock, by the clock itself
 */
struct tb_chain {
	raw_spinlock_t lock;
	bool begun;
	bool running;
	bool ending;
	bool let_go;
	u8 id[TONGBU_CHAIN_LEN];
	struct tb_seal seal;
	struct tb_ring ring;
	struct list_head lossy;
	u64 lost;
	u64 refused;
	u64 waits;
	bool wake_armed;
	bool wake_due;
	s64 offset;
	u64 synced_until;
	u8 precision;
	bool maybe_stepped;
};

extern struct tb_chain tb_chain;

unsigned long tb_chain_lock(void);
void tb_chain_unlock(unsigned long flags);
bool tb_chain_settle(void);
s64 tb_chain_clock_offset(void);
void tb_chain_fill_header(struct tongbu_header *header, const struct tb_event *event,
			  u64 seq, u32 source_seq, u16 flags);
int tb_chain_put(const struct tb_event *event, const u8 *digest, u32 source_seq,
		 struct tb_sealed *sealed);

#endif /* TONGBU_CHAIN_PRIV_H */
