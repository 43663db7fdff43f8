// SPDX-License-Identifier: GPL-2.0-only
/* The operations on the recorder as a whole: how it stands, and its beginning. */
#include "info.h"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/string.h>
#include <linux/uuid.h>
#include <linux/utsname.h>

#include "chain.h"
#include "due.h"
#include "family.h"
#include "heartbeat.h"
#include "output.h"
#include "reader.h"
#include "reflex.h"
#include "source.h"
#include "submit.h"

static int put_chain(struct sk_buff *skb, const struct tb_chain_state *state)
{
	const u8 *genesis;
	u16 len;

	if (!state->begun)
		return 0;
	genesis = tb_chain_genesis(&len);
	if (nla_put(skb, TONGBU_A_CHAIN, TONGBU_CHAIN_LEN, state->id) ||
	    nla_put(skb, TONGBU_A_GENESIS, len, genesis) ||
	    nla_put_u64_64bit(skb, TONGBU_A_HEAD, state->head, TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_ACKED, state->acked, TONGBU_A_PAD))
		return -EMSGSIZE;
	if (state->ended &&
	    nla_put_u64_64bit(skb, TONGBU_A_INFO_END, state->head - 1, TONGBU_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_counters(struct sk_buff *skb, const struct tb_chain_state *state)
{
	if (nla_put_u32(skb, TONGBU_A_INFO_CAPACITY, state->capacity) ||
	    nla_put_u32(skb, TONGBU_A_INFO_USED, state->used) ||
	    nla_put_u32(skb, TONGBU_A_INFO_HIGH_WATER, state->high_water) ||
	    nla_put_u32(skb, TONGBU_A_INFO_ACTS, state->acts) ||
	    nla_put_u64_64bit(skb, TONGBU_A_INFO_LOST, state->lost, TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_INFO_REFUSED, state->refused, TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_INFO_WAITS, state->waits, TONGBU_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_settings(struct sk_buff *skb)
{
	if (nla_put_string(skb, TONGBU_A_INFO_VERSION, TONGBU_MODULE_VERSION) ||
	    nla_put_u32(skb, TONGBU_A_INFO_SOURCES, tb_source_count()) ||
	    nla_put_u32(skb, TONGBU_A_INFO_OUTPUTS, tb_output_count()) ||
	    nla_put_u32(skb, TONGBU_A_INFO_REFLEXES, tb_reflex_count()) ||
	    nla_put_u32(skb, TONGBU_A_INFO_HEARTBEAT, tb_heartbeat_interval()) ||
	    nla_put_u32(skb, TONGBU_A_INFO_SUBMIT_GID, tb_params.submit_gid) ||
	    nla_put_u32(skb, TONGBU_A_INFO_SUBMIT_RATE, tb_params.submit_rate))
		return -EMSGSIZE;
	return 0;
}

/**
 * tb_info_get() - TONGBU_CMD_INFO_GET: how the recorder stands
 * @request: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int tb_info_get(struct sk_buff *request, struct genl_info *info)
{
	struct tb_chain_state state;
	struct sk_buff *skb;
	void *hdr;
	int err;

	tb_chain_state(&state);
	skb = tb_reply_new(info, TONGBU_CMD_INFO_GET, &hdr);
	if (!skb)
		return -ENOMEM;
	err = put_chain(skb, &state);
	if (!err)
		err = put_counters(skb, &state);
	if (!err)
		err = put_settings(skb);
	if (!err)
		err = tb_reader_put_owner(skb);
	if (!err)
		err = tb_due_put_info(skb);
	if (!err)
		err = tb_submit_put_info(skb);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int get_previous(struct genl_info *info, struct tongbu_genesis *genesis)
{
	struct nlattr **attrs = info->attrs;

	if (!attrs[TONGBU_A_PREV_CHAIN] && !attrs[TONGBU_A_PREV_SEQ] &&
	    !attrs[TONGBU_A_PREV_TAG])
		return 0;
	if (!attrs[TONGBU_A_PREV_CHAIN] || !attrs[TONGBU_A_PREV_SEQ] ||
	    !attrs[TONGBU_A_PREV_TAG])
		return tb_refuse(info->extack, NULL, -EINVAL,
				 "the chain before is named by id, number and tag: all three or none");
	memcpy(genesis->prev_chain, nla_data(attrs[TONGBU_A_PREV_CHAIN]), TONGBU_CHAIN_LEN);
	genesis->prev_seq = cpu_to_le64(nla_get_u64(attrs[TONGBU_A_PREV_SEQ]));
	memcpy(genesis->prev_tag, nla_data(attrs[TONGBU_A_PREV_TAG]), TONGBU_TAG_LEN);
	return 0;
}

/* The kernel keeps its boot id to itself: it is read where it shows it, in a
 * mount of proc that nobody else can reach or cover. Zero if it shows none.
 */
static void read_boot_id(u8 boot_id[UUID_SIZE])
{
	struct file_system_type *proc = get_fs_type("proc");
	char text[UUID_STRING_LEN + 1] = { };
	struct vfsmount *mount;
	struct path root;
	struct file *file;
	loff_t at = 0;

	if (!proc)
		return;
	mount = kern_mount(proc);
	if (!IS_ERR(mount)) {
		root = (struct path){ .mnt = mount, .dentry = mount->mnt_root };
		file = file_open_root(&root, "sys/kernel/random/boot_id", O_RDONLY, 0);
		if (!IS_ERR(file)) {
			kernel_read(file, text, UUID_STRING_LEN, &at);
			fput(file);
		}
		kern_unmount(mount);
	}
	module_put(proc->owner);
	if (uuid_parse(text, (uuid_t *)boot_id))
		memset(boot_id, 0, UUID_SIZE);
}

/**
 * tb_info_chain_start() - TONGBU_CMD_CHAIN_START: draw a key, seal record 0
 * @request: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EEXIST if a chain runs; -EKEYREJECTED or -EINVAL for what cannot
 * begin one.
 */
int tb_info_chain_start(struct sk_buff *request, struct genl_info *info)
{
	struct tongbu_genesis genesis = {
		.loaded = cpu_to_le64(tb_params.loaded),
		.ring = cpu_to_le32(tb_params.ring),
		.heartbeat = cpu_to_le32(tb_params.heartbeat_ms),
		.submit_gid = cpu_to_le32(tb_params.submit_gid),
		.submit_rate = cpu_to_le32(tb_params.submit_rate),
		.module_version = TONGBU_MODULE_VERSION,
	};
	struct tb_chain_state state;
	struct sk_buff *reply;
	void *hdr;
	int err;

	BUILD_BUG_ON(sizeof(genesis) != 304);
	err = tb_require(info, PUBKEY, "the supervisor's public key");
	if (!err)
		err = get_previous(info, &genesis);
	if (err)
		return err;
	memcpy(genesis.supervisor, nla_data(info->attrs[TONGBU_A_PUBKEY]), TONGBU_KEY_LEN);
	read_boot_id(genesis.boot_id);
	strscpy(genesis.kernel_release, init_utsname()->release,
		sizeof(genesis.kernel_release));

	reply = tb_reply_new(info, TONGBU_CMD_CHAIN_START, &hdr);
	if (!reply)
		return -ENOMEM;
	err = tb_chain_start(&genesis, tb_caller_uid(), tb_caller_pid());
	if (!err)
		tb_reader_chain_begun();
	tb_chain_state(&state);
	if (err == -EEXIST)
		tb_refuse(info->extack, NULL, err,
			  state.ended ?
			  "chain %*phN has ended: unload tongbu and load it again for another" :
			  "chain %*phN runs already: one chain for each load of the module",
			  TONGBU_CHAIN_LEN, state.id);
	if (err == -EKEYREJECTED)
		tb_refuse(info->extack, info->attrs[TONGBU_A_PUBKEY], err,
			  "the supervisor's public key is of low order: anybody could open what is wrapped to it");
	if (!err && nla_put(reply, TONGBU_A_CHAIN, TONGBU_CHAIN_LEN, state.id))
		err = -EMSGSIZE;
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/**
 * tb_info_chain_end() - TONGBU_CMD_CHAIN_END: disarm all, seal END
 * @request: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0, also if END is sealed already; -ENODATA without a chain; -ENOBUFS without room.
 */
int tb_info_chain_end(struct sk_buff *request, struct genl_info *info)
{
	struct tb_chain_state state;
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = tb_reply_new(info, TONGBU_CMD_CHAIN_END, &hdr);
	if (!reply)
		return -ENOMEM;
	err = tb_chain_end(tb_caller_uid(), tb_caller_pid());
	if (err == -ENODATA)
		tb_refuse(info->extack, NULL, err, "no chain runs: there is nothing to end");
	else if (err)
		tb_refuse(info->extack, NULL, err,
			  "the ring is full and the end could not go on record: is tongbud running?");
	tb_chain_state(&state);
	if (!err && nla_put_u64_64bit(reply, TONGBU_A_SEQ, state.head - 1, TONGBU_A_PAD))
		err = -EMSGSIZE;
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}
