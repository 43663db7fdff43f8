// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a chain begins and ends. Between the two the module holds itself: unloading
 * it would take away what nobody has read, and leave no record of that. Nor may the
 * machine hibernate, which would write the chain's key to a disk.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/suspend.h>
#include <crypto/curve25519.h>

#include "blake2s.h"
#include "chain.h"
#include "chain_priv.h"
#include "output.h"
#include "reflex.h"
#include "seal.h"
#include "source.h"

/* Record 0, kept for as long as the module is loaded; set once, before
 * tb_chain.begun is.
 */
static u8 genesis_record[TONGBU_RECORD_MIN + sizeof(struct tongbu_genesis)];

static DEFINE_MUTEX(life_lock);

static int before_sleep(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event != PM_HIBERNATION_PREPARE || !tb_chain_running())
		return NOTIFY_DONE;
	pr_warn("hibernation is refused: it would write the chain's key to the disk; end the chain first\n");
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block sleep_nb = {
	.notifier_call = before_sleep,
};

/**
 * tb_chain_init() - make ready for a chain
 * @capacity: most records to hold until they are acknowledged
 *
 * Context: process, sleeps.
 * Return: 0 or -ENOMEM.
 */
int tb_chain_init(u32 capacity)
{
	int err;

	tb_stream_init(&tb_recorder, TONGBU_SOURCE_RECORDER);
	tb_stream_init(&tb_people, TONGBU_SOURCE_PEOPLE);
	err = tb_ring_init(&tb_chain.ring, capacity);
	if (!err)
		register_pm_notifier(&sleep_nb);
	return err;
}

/**
 * tb_chain_exit() - free what tb_chain_init() and the chain took
 *
 * A chain that began has ended by now: until then it holds the module.
 *
 * Context: process, sleeps. Nobody seals any more.
 */
void tb_chain_exit(void)
{
	unregister_pm_notifier(&sleep_nb);
	memzero_explicit(&tb_chain.seal, sizeof(tb_chain.seal));
	tb_ring_exit(&tb_chain.ring);
}

/**
 * tb_chain_start() - draw a key and begin the chain
 * @genesis: payload of record 0, whole but for the envelope, which is filled in
 * @uid: who started it
 * @pid: its process
 *
 * From here on the module holds itself, until the chain has ended.
 *
 * Context: process; waits, interruptibly, until the kernel's random numbers
 * are good.
 * Return: 0; -EEXIST if there is a chain, ended or not; -ENODEV if the module is
 * being unloaded; -EKEYREJECTED for a supervisor's key that
 * cannot be used; -ERESTARTSYS if interrupted.
 */
int tb_chain_start(struct tongbu_genesis *genesis, u32 uid, u32 pid)
{
	u8 key[TONGBU_KEY_LEN], secret[CURVE25519_KEY_SIZE], digest[TONGBU_TAG_LEN];
	struct tb_event event = {
		.stream = &tb_recorder,
		.kind = TONGBU_KIND_GENESIS,
		.payload = genesis,
		.payload_len = sizeof(*genesis),
		.uid = uid,
		.pid = pid,
		.room = TB_ROOM_RECORDER,
	};
	struct tongbu_header header;
	unsigned long flags;
	const void *record;
	u16 len;
	int err;

	err = wait_for_random_bytes();
	if (err)
		return err;

	mutex_lock(&life_lock);
	err = -EEXIST;
	if (tb_chain.begun)
		goto out_unlock;
	err = -ENODEV;
	if (!try_module_get(THIS_MODULE))
		goto out_unlock;

	get_random_bytes(genesis->chain, TONGBU_CHAIN_LEN);
	get_random_bytes(key, sizeof(key));
	curve25519_generate_secret(secret);

	/* The envelope is bound to the header: stamp once, seal just that. */
	event.stamp = tb_stamp_now();
	tb_chain_fill_header(&header, &event, 0, 0, 0);
	err = tb_seal_wrap(genesis, &header, secret, key);
	if (err)
		goto out_wipe;

	tb_blake2s(digest, genesis, sizeof(*genesis), NULL, 0);

	flags = tb_chain_lock();
	memcpy(tb_chain.id, genesis->chain, TONGBU_CHAIN_LEN);
	memcpy(tb_chain.seal.key, key, sizeof(key));
	tb_chain.offset = tb_chain_clock_offset();
	err = tb_chain_put(&event, digest, 0, NULL);
	if (!err) {
		record = tb_ring_at(&tb_chain.ring, 0, &len);
		memcpy(genesis_record, record, sizeof(genesis_record));
		tb_recorder.sealed++;
		tb_chain.running = true;
		/* Pairs with tb_chain_begun(): record 0 is there before */
		smp_store_release(&tb_chain.begun, true);
	}
	tb_chain_unlock(flags);
out_wipe:
	memzero_explicit(key, sizeof(key));
	memzero_explicit(secret, sizeof(secret));
	if (err)
		module_put(THIS_MODULE);
out_unlock:
	mutex_unlock(&life_lock);
	return err;
}

/**
 * tb_chain_begun() - is there a chain?
 *
 * Context: any; does not sleep.
 * Return: true once one was started, for as long as the module is loaded.
 */
bool tb_chain_begun(void)
{
	/* Pairs with tb_chain_start() */
	return smp_load_acquire(&tb_chain.begun);
}

/**
 * tb_chain_running() - may something be armed?
 *
 * Asked under the lock of what is armed, so that nothing is once a chain ends.
 *
 * Context: any; does not sleep.
 * Return: true from the beginning of a chain until it begins to end.
 */
bool tb_chain_running(void)
{
	return tb_chain_begun() && READ_ONCE(tb_chain.running) && !READ_ONCE(tb_chain.ending);
}

/**
 * tb_chain_genesis() - record 0
 * @len: set to its length, bytes
 *
 * Context: any; does not sleep. Only once tb_chain_begun().
 * Return: the record, the chain's own, never changed again.
 */
const u8 *tb_chain_genesis(u16 *len)
{
	*len = sizeof(genesis_record);
	return genesis_record;
}

/* The last record: behind it nothing is sealed, and the key is gone. */
static int put_end(u32 uid, u32 pid)
{
	struct tongbu_end end = { };
	struct tb_event event = {
		.stream = &tb_recorder,
		.stamp = tb_stamp_now(),
		.kind = TONGBU_KIND_END,
		.payload = &end,
		.payload_len = sizeof(end),
		.uid = uid,
		.pid = pid,
		.room = TB_ROOM_RECORDER,
	};
	unsigned long flags = tb_chain_lock();
	int err = -ENOBUFS;

	while (tb_chain_settle()) {
		tb_chain_unlock(flags);
		flags = tb_chain_lock();
	}
	if (list_empty(&tb_chain.lossy)) {
		end.lost = cpu_to_le64(tb_chain.lost);
		end.refused = cpu_to_le64(tb_chain.refused);
		err = tb_chain_put(&event, NULL, tb_recorder.seq + 1, NULL);
	}
	if (!err) {
		tb_recorder.seq++;
		WRITE_ONCE(tb_chain.running, false);
		memzero_explicit(&tb_chain.seal, sizeof(tb_chain.seal));
	}
	tb_chain_unlock(flags);
	return err;
}

/**
 * tb_chain_end() - disarm all there is, make outputs safe, seal END
 * @uid: who ends it
 * @pid: its process
 *
 * The module is let go when END is acknowledged. Once it is sealed, asking again
 * changes nothing.
 *
 * Context: process, sleeps.
 * Return: 0; -ENODATA if there is no chain; -ENOBUFS if the ring has no room, in
 * which case what was disarmed until then is on record and the chain goes on.
 */
int tb_chain_end(u32 uid, u32 pid)
{
	int err = -ENODATA;

	mutex_lock(&life_lock);
	if (!tb_chain.begun)
		goto out;
	err = 0;
	if (!tb_chain.running)
		goto out;
	WRITE_ONCE(tb_chain.ending, true);
	err = tb_reflex_disarm_all();
	if (!err)
		err = tb_output_release_all();
	if (!err)
		err = tb_source_disarm_all();
	if (!err)
		err = put_end(uid, pid);
	if (err)
		WRITE_ONCE(tb_chain.ending, false);
out:
	mutex_unlock(&life_lock);
	return err;
}

/**
 * tb_chain_ended() - what of its end? To be asked when something was acknowledged
 *
 * Context: process, sleeps; by the reader, who holds the module himself.
 */
void tb_chain_ended(void)
{
	struct tb_chain_state state;

	tb_chain_state(&state);
	if (!state.ended || state.acked < state.head)
		return;
	mutex_lock(&life_lock);
	if (!tb_chain.let_go)
		module_put(THIS_MODULE);
	tb_chain.let_go = true;
	mutex_unlock(&life_lock);
}
