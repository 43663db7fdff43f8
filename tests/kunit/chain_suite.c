// SPDX-License-Identifier: GPL-2.0-only
#include "chain_suite.h"

#include <linux/tongbu.h>

#include "chain.h"
#include "chain_priv.h"

/**
 * chain_suite_begin() - begin a chain
 * @capacity: most records it holds
 *
 * Return: 0 or a negative errno.
 */
int chain_suite_begin(u32 capacity)
{
	struct tongbu_genesis genesis = { };
	int err = tb_chain_init(capacity);

	if (err)
		return err;
	/* Nobody is to open it: the base point does for a supervisor. */
	genesis.supervisor[0] = 9;
	return tb_chain_start(&genesis, TONGBU_UID_NONE, 0);
}

/**
 * chain_suite_end() - end it, so that another suite may begin one
 */
void chain_suite_end(void)
{
	unsigned long flags;

	tb_chain_release(tb_chain_head());
	tb_chain_end(TONGBU_UID_NONE, 0);
	tb_chain_release(tb_chain_head());
	tb_chain_ended();
	flags = tb_chain_lock();
	tb_chain.begun = false;
	tb_chain.running = false;
	tb_chain.ending = false;
	tb_chain.let_go = false;
	tb_chain_unlock(flags);
	tb_chain_exit();
}

/**
 * chain_suite_record() - a record of the chain
 * @seq: its number; it is there, and not acknowledged
 * @payload: set to its payload
 *
 * Return: its header.
 */
const struct tongbu_header *chain_suite_record(u64 seq, const void **payload)
{
	const u8 *record;
	u16 len;

	record = tb_ring_at(&tb_chain.ring, seq, &len);
	*payload = record + TONGBU_HEADER_LEN;
	return (const struct tongbu_header *)record;
}
