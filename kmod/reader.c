// SPDX-License-Identifier: GPL-2.0-only
/*
 * One netlink socket at a time owns the chain: it reads, and what it
 * acknowledges is released. Ownership goes with the socket, so a reader that
 * dies leaves nothing behind, and the next one begins where the last
 * acknowledged.
 *
 * While somebody owns the chain the module cannot be unloaded: records would
 * be pulled from under the reader.
 */
#include "reader.h"

#include <linux/cred.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <linux/tongbu.h>

#include "chain.h"
#include "compat.h"
#include "due.h"
#include "family.h"
#include "output.h"
#include "trace.h"

/**
 * struct owner - the owner of the chain
 * @lock: guards all below, and keeps records from being released while they
 *	are copied
 * @portid: its netlink port, or 0
 * @pid: its process
 * @uid: its user
 * @comm: its name
 * @delivered: all records below have been handed to some owner
 * @family_open: hints can be sent
 */
static struct owner {
	struct mutex lock;	/* see above */
	u32 portid;
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN];
	u64 delivered;
	bool family_open;
} owner = {
	.lock = __MUTEX_INITIALIZER(owner.lock),
};

/**
 * struct read_ctx - where a dump stands
 * @next: number of the next record
 * @end: where it ends: the head when it began, so that it does end however fast
 *	records come
 * @first: number of its first record
 * @begun: its beginning was found good; looked at with the first message, since
 *	before that no words can be given (Linux 6.1 passes no extack to start)
 */
struct read_ctx {
	u64 next;
	u64 end;
	u64 first;
	bool begun;
};

static void send_hint(struct work_struct *work)
{
	struct sk_buff *skb = genlmsg_new(nla_total_size_64bit(sizeof(u64)), GFP_KERNEL);
	void *hdr;

	if (!skb)
		return;
	mutex_lock(&owner.lock);
	hdr = owner.family_open ?
	      genlmsg_put(skb, 0, 0, &tb_family, 0, TONGBU_CMD_HINT) : NULL;
	if (hdr && !nla_put_u64_64bit(skb, TONGBU_A_HEAD, tb_chain_head(), TONGBU_A_PAD)) {
		genlmsg_end(skb, hdr);
		/* Nobody listening is no error, and a hint may be lost. */
		genlmsg_multicast(&tb_family, skb, 0, 0, GFP_KERNEL);
	} else {
		nlmsg_free(skb);
	}
	mutex_unlock(&owner.lock);
}

static DECLARE_WORK(hint_work, send_hint);

/**
 * tb_reader_family_open() - say whether hints can be sent
 * @open: true once the family is registered, false before it goes
 *
 * Context: process, sleeps.
 */
void tb_reader_family_open(bool open)
{
	mutex_lock(&owner.lock);
	owner.family_open = open;
	mutex_unlock(&owner.lock);
}

/**
 * tb_reader_hint() - tell the reader that there is something to read
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_reader_hint(void)
{
	queue_work(system_highpri_wq, &hint_work);
}

/**
 * tb_reader_attached() - does anybody own the chain?
 *
 * Context: any; a glance, no lock.
 * Return: true if so.
 */
bool tb_reader_attached(void)
{
	return READ_ONCE(owner.portid);
}

/**
 * tb_reader_put_owner() - tell who owns the chain
 * @skb: the message to tell it in; nothing is added if nobody does
 *
 * Context: process, sleeps.
 * Return: 0 or -EMSGSIZE.
 */
int tb_reader_put_owner(struct sk_buff *skb)
{
	int err = 0;

	mutex_lock(&owner.lock);
	if (owner.portid &&
	    (nla_put_u32(skb, TONGBU_A_INFO_OWNER_PID, owner.pid) ||
	     nla_put_u32(skb, TONGBU_A_INFO_OWNER_UID, owner.uid) ||
	     nla_put_string(skb, TONGBU_A_INFO_OWNER_COMM, owner.comm)))
		err = -EMSGSIZE;
	mutex_unlock(&owner.lock);
	return err;
}

static void note_reader(u16 kind)
{
	struct tb_chain_state state;
	struct tongbu_reader body = { };

	tb_chain_state(&state);
	body.acked = cpu_to_le64(state.acked);
	body.portid = cpu_to_le32(owner.portid);
	memcpy(body.comm, owner.comm, sizeof(body.comm));
	BUILD_BUG_ON(sizeof(body.comm) != sizeof(owner.comm));
	tb_chain_note(kind, &body, sizeof(body), owner.uid, owner.pid);
}

static int require_owner(struct netlink_ext_ack *extack, u32 portid)
{
	lockdep_assert_held(&owner.lock);
	if (owner.portid == portid)
		return 0;
	if (!owner.portid)
		return tb_refuse(extack, NULL, -ENOTCONN,
				 "this socket does not own the chain: attach first");
	return tb_refuse(extack, NULL, -EBUSY,
			 "the chain is owned by %s (pid %u): only it may read and acknowledge",
			 owner.comm, owner.pid);
}

/**
 * tb_reader_require_owner() - insist that the caller owns the chain
 * @info: the request
 *
 * Context: process, sleeps.
 * Return: 0; -ENOTCONN or -EBUSY after tb_refuse().
 */
int tb_reader_require_owner(const struct genl_info *info)
{
	int err;

	mutex_lock(&owner.lock);
	err = require_owner(info->extack, info->snd_portid);
	mutex_unlock(&owner.lock);
	return err;
}

/**
 * tb_reader_attach() - TONGBU_CMD_ATTACH: make the calling socket the owner
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -ENODATA without a chain; -EBUSY if there is an owner; -ENODEV if
 * the module is being unloaded.
 */
int tb_reader_attach(struct sk_buff *skb, struct genl_info *info)
{
	struct tb_chain_state state;
	struct sk_buff *reply;
	void *hdr;
	int err;

	tb_chain_state(&state);
	if (!state.begun)
		return tb_refuse(info->extack, NULL, -ENODATA,
				 "no chain runs: start one with the supervisor's public key");
	if (state.ended && state.acked == state.head)
		return tb_refuse(info->extack, NULL, -ENODATA,
				 "the chain has ended and all is acknowledged: unload tongbu and load it again");
	reply = tb_reply_new(info, TONGBU_CMD_ATTACH, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&owner.lock);
	if (owner.portid) {
		err = tb_refuse(info->extack, NULL, -EBUSY,
				"the chain is owned by %s (pid %u): stop it first",
				owner.comm, owner.pid);
		goto err_unlock;
	}
	tb_chain_state(&state);
	err = -EMSGSIZE;
	if (nla_put(reply, TONGBU_A_CHAIN, TONGBU_CHAIN_LEN, state.id) ||
	    nla_put_u64_64bit(reply, TONGBU_A_ACKED, state.acked, TONGBU_A_PAD) ||
	    nla_put_u64_64bit(reply, TONGBU_A_HEAD, state.head, TONGBU_A_PAD))
		goto err_unlock;

	/* An owner would keep it loaded: too late once it has begun to go */
	if (!try_module_get(THIS_MODULE)) {
		err = tb_refuse(info->extack, NULL, -ENODEV,
				"tongbu is being unloaded: load it again first");
		goto err_unlock;
	}
	WRITE_ONCE(owner.portid, info->snd_portid);
	owner.pid = tb_caller_pid();
	owner.uid = tb_caller_uid();
	get_task_comm(owner.comm, current);
	note_reader(TONGBU_KIND_ATTACH);
	tb_output_owner(true);
	mutex_unlock(&owner.lock);

	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);

err_unlock:
	mutex_unlock(&owner.lock);
	nlmsg_free(reply);
	return err;
}

static int socket_released(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC ||
	    !net_eq(notify->net, &init_net))
		return NOTIFY_DONE;

	mutex_lock(&owner.lock);
	if (owner.portid && owner.portid == notify->portid) {
		note_reader(TONGBU_KIND_DETACH);
		WRITE_ONCE(owner.portid, 0);
		tb_output_owner(false);
		module_put(THIS_MODULE);
	}
	mutex_unlock(&owner.lock);
	return NOTIFY_DONE;
}

static struct notifier_block release_nb = {
	.notifier_call = socket_released,
};

/**
 * tb_reader_ack() - TONGBU_CMD_ACK: release all records up to one
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL without a number; -ENOTCONN or -EBUSY if the caller is not
 * the owner; -ERANGE for a record that was never handed over.
 */
int tb_reader_ack(struct sk_buff *skb, struct genl_info *info)
{
	u64 seq;
	int err;

	err = tb_require(info, SEQ, "the number of the last record that is durable");
	if (err)
		return err;
	seq = nla_get_u64(info->attrs[TONGBU_A_SEQ]);

	mutex_lock(&owner.lock);
	err = require_owner(info->extack, info->snd_portid);
	if (err)
		goto out;
	if (seq >= owner.delivered) {
		err = tb_refuse(info->extack, info->attrs[TONGBU_A_SEQ], -ERANGE,
				"record %llu was never handed over: read it first", seq);
		goto out;
	}
	trace_tongbu_ack(seq);
	tb_chain_release(seq + 1);
	tb_due_acked(seq + 1);
	tb_chain_ended();
out:
	mutex_unlock(&owner.lock);
	return err;
}

/**
 * tb_reader_clock_state() - TONGBU_CMD_CLOCK_STATE: the owner's word on the clock
 * @skb: the request
 * @info: the request, parsed
 *
 * The kernel keeps the state adjtimex(2) tells to itself; see there.
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL without CLOCK_SYNCED; -ENOTCONN or -EBUSY if the caller is
 * not the owner.
 */
int tb_reader_clock_state(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	int err;

	err = tb_require(info, CLOCK_SYNCED, "whether the clock is synchronised");
	if (err)
		return err;

	mutex_lock(&owner.lock);
	err = require_owner(info->extack, info->snd_portid);
	if (!err)
		tb_chain_set_synced(nla_get_u8(attrs[TONGBU_A_CLOCK_SYNCED]),
				    attrs[TONGBU_A_CLOCK_ESTERROR] ?
				    nla_get_u32(attrs[TONGBU_A_CLOCK_ESTERROR]) : U32_MAX,
				    attrs[TONGBU_A_CLOCK_MAXERROR] ?
				    nla_get_u32(attrs[TONGBU_A_CLOCK_MAXERROR]) : U32_MAX,
				    owner.uid, owner.pid);
	mutex_unlock(&owner.lock);
	return err;
}

/* Asked for each message: the owner may acknowledge while a dump is under way,
 * and what is released may be written over.
 */
static int check_read(struct netlink_callback *cb, struct read_ctx *ctx)
{
	struct nlattr *seq = genl_info_dump(cb)->attrs[TONGBU_A_SEQ];
	struct tb_chain_state state;

	if (!seq)
		return tb_refuse(cb->extack, NULL, -EINVAL,
				 "attribute SEQ is missing: the first record wanted");
	if (!ctx->begun)
		ctx->next = nla_get_u64(seq);
	tb_chain_state(&state);
	if (ctx->next < state.acked)
		return tb_refuse(cb->extack, seq, -ERANGE,
				 "record %llu was acknowledged and is gone: the first held is %llu",
				 ctx->next, state.acked);
	if (ctx->begun)
		return 0;
	if (ctx->next > state.head)
		return tb_refuse(cb->extack, seq, -ERANGE,
				 "record %llu is not sealed yet: the next is %llu",
				 ctx->next, state.head);
	ctx->end = state.head;
	ctx->first = ctx->next;
	ctx->begun = true;
	return 0;
}

/* Nothing left to tell: arm the hint. A dump that would come back empty because
 * records came just now tells those instead.
 */
static bool read_is_done(struct read_ctx *ctx)
{
	if (ctx->next < ctx->end)
		return false;
	if (tb_chain_arm_hint(ctx->next) || ctx->next != ctx->first)
		return true;
	ctx->end = tb_chain_head();
	return false;
}

/**
 * tb_reader_read() - TONGBU_CMD_READ: one message of a dump
 * @skb: the message
 * @cb: the dump
 *
 * Records are copied once, from the ring into the message.
 *
 * Context: process, sleeps.
 * Return: bytes in the message; 0 at the end, the hint being armed if that is the
 * head; -EINVAL without a number; -ENOTCONN or -EBUSY if the caller is not
 * the owner; -ERANGE for a record that is gone or not sealed yet.
 */
int tb_reader_read(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct read_ctx *ctx = (struct read_ctx *)cb->ctx;
	struct nlattr *records;
	size_t bytes;
	u32 count;
	void *hdr;
	int err;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));
	mutex_lock(&owner.lock);
	err = require_owner(cb->extack, NETLINK_CB(cb->skb).portid);
	if (!err)
		err = check_read(cb, ctx);
	if (err)
		goto out;
	if (read_is_done(ctx))
		goto out;

	err = -EMSGSIZE;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &tb_family, NLM_F_MULTI, TONGBU_CMD_READ);
	if (!hdr ||
	    nla_put_u64_64bit(skb, TONGBU_A_SEQ, ctx->next, TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_HEAD, ctx->end, TONGBU_A_PAD))
		goto out;
	bytes = tb_chain_measure(ctx->next, ctx->end, skb_tailroom(skb) - NLA_HDRLEN - NLA_ALIGNTO,
				 &count);
	records = count ? nla_reserve(skb, TONGBU_A_RECORDS, bytes) : NULL;
	if (!records)
		goto out;
	tb_chain_copy(ctx->next, count, nla_data(records));
	genlmsg_end(skb, hdr);

	trace_tongbu_deliver(ctx->next, count, bytes);
	ctx->next += count;
	owner.delivered = max(owner.delivered, ctx->next);
	err = skb->len;
out:
	mutex_unlock(&owner.lock);
	return err;
}

/**
 * tb_reader_init() - be ready for a reader
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int tb_reader_init(void)
{
	return netlink_register_notifier(&release_nb);
}

/**
 * tb_reader_exit() - have no reader any more
 *
 * Context: process, sleeps. The family is gone, and nothing is sealed.
 */
void tb_reader_exit(void)
{
	netlink_unregister_notifier(&release_nb);
	cancel_work_sync(&hint_work);
}
