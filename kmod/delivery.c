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
