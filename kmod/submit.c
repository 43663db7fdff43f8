// SPDX-License-Identifier: GPL-2.0-only
/*
 * A submission bears the credentials the kernel knows of its caller: no field
 * of the request names a person. The socket must have been opened by the same
 * user who now sends on it; else a privileged program could be made to write
 * somebody's words to a socket it was handed, and would sign them.
 */
#include "submit.h"

#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/uidgid.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include <linux/tongbu.h>

#include "chain.h"
#include "family.h"

/* Users whose pace is remembered; with more at once, the one idle longest
 * starts afresh.
 */
#define PACES			64

/* Refusals of one user make at most one record in this time, ... */
#define REFUSED_INTERVAL_NS	(10ULL * NSEC_PER_SEC)

/* ... and those of all users one a second, but as many at once as the ring takes */
#define REFUSED_BURST		TB_RING_REFUSED

#define DAY_NS			(86400ULL * NSEC_PER_SEC)

/**
 * struct pace - how one uid fares
 * @uid: the uid; a slot with @seen 0 is free
 * @seen: CLOCK_BOOTTIME of the last attempt, ns
 * @due: when the submissions taken so far would all have been due at the
 *	permitted rate, ns: the theoretical arrival time of the generic cell
 *	rate algorithm (ITU-T I.371)
 * @day: which day since the machine was started
 * @bytes: submitted in it
 * @over_rate: attempts in it that came too fast
 * @over_quota: attempts in it beyond its bytes
 * @reported: CLOCK_BOOTTIME of the last REFUSED record, ns
 * @refused: attempts refused and not yet on record
 * @error: errno of the last of them
 * @command: enum tongbu_cmd of the last of them
 * @pid: process of the last of them
 */
struct pace {
	u32 uid;
	u64 seen;
	u64 due;
	u64 day;
	u64 bytes;
	u32 over_rate;
	u32 over_quota;
	u64 reported;
	u32 refused;
	u32 error;
	u32 command;
	u32 pid;
};

/* Raw, since heartbeats look through it in a hard interrupt */
static DEFINE_RAW_SPINLOCK(paces_lock);
static struct pace paces[PACES];

/* When the REFUSED records sealed so far would all have been due, as @due of a pace */
static u64 refused_due;

static bool report(struct pace *pace, u64 now)
{
	struct tongbu_refused body = {
		.error = cpu_to_le32(pace->error),
		.command = cpu_to_le32(pace->command),
		.count = cpu_to_le32(pace->refused),
	};
	struct tb_event event = {
		.stream = &tb_people,
		.stamp = tb_stamp_now(),
		.kind = TONGBU_KIND_REFUSED,
		.payload = &body,
		.payload_len = sizeof(body),
		.uid = pace->uid,
		.pid = pace->pid,
		.room = TB_ROOM_REFUSED,
	};

	lockdep_assert_held(&paces_lock);
	if (refused_due > now + REFUSED_BURST * NSEC_PER_SEC || tb_chain_seal(&event, NULL))
		return false;
	refused_due = max(refused_due, now) + NSEC_PER_SEC;
	pace->refused = 0;
	pace->reported = now;
	return true;
}

static struct pace *find_pace(u32 uid, u64 now)
{
	struct pace *pace, *idle = paces;

	lockdep_assert_held(&paces_lock);
	for (pace = paces; pace < paces + PACES; pace++) {
		if (pace->seen && pace->uid == uid)
			goto found;
		if (pace->seen < idle->seen)
			idle = pace;
	}
	pace = idle;
	/* Whoever is forgotten: what was rationed goes on record first */
	if (pace->refused)
		report(pace, now);
	memset(pace, 0, sizeof(*pace));
	pace->uid = uid;
found:
	pace->seen = now;
	return pace;
}

static bool within_rate(struct pace *pace, u64 now)
{
	u64 each;

	if (!tb_params.submit_rate)
		return true;
	each = NSEC_PER_SEC / tb_params.submit_rate;
	if (pace->due > now + tb_params.submit_burst * each)
		return false;
	pace->due = max(pace->due, now) + each;
	return true;
}

static void turn_day(struct pace *pace, u64 now)
{
	u64 day = div64_u64(now, DAY_NS);

	if (pace->day == day)
		return;
	pace->day = day;
	pace->bytes = 0;
	pace->over_rate = 0;
	pace->over_quota = 0;
}

static bool within_day(struct pace *pace, u32 bytes)
{
	if (tb_params.submit_daily && pace->bytes + bytes > tb_params.submit_daily * 1024ULL)
		return false;
	pace->bytes += bytes;
	return true;
}

static int check_pace(u32 uid, u32 bytes)
{
	u64 now = ktime_get_boottime_ns();
	unsigned long flags;
	struct pace *pace;
	int err = 0;

	raw_spin_lock_irqsave(&paces_lock, flags);
	pace = find_pace(uid, now);
	turn_day(pace, now);
	if (!within_rate(pace, now)) {
		pace->over_rate++;
		err = -EAGAIN;
	} else if (!within_day(pace, bytes)) {
		pace->over_quota++;
		err = -EDQUOT;
	}
	raw_spin_unlock_irqrestore(&paces_lock, flags);
	return err;
}

/**
 * tb_submit_refused() - take note of somebody turned away
 * @command: what was asked, enum tongbu_cmd
 * @uid: who asked
 * @pid: the process
 * @err: what the answer was, a negative errno
 *
 * Context: process; does not sleep. Takes the chain's lock.
 */
void tb_submit_refused(u8 command, u32 uid, u32 pid, int err)
{
	u64 now = ktime_get_boottime_ns();
	unsigned long flags;
	struct pace *pace;

	raw_spin_lock_irqsave(&paces_lock, flags);
	pace = find_pace(uid, now);
	pace->refused++;
	pace->error = -err;
	pace->command = command;
	pace->pid = pid;
	if (!pace->reported || now - pace->reported >= REFUSED_INTERVAL_NS)
		report(pace, now);
	raw_spin_unlock_irqrestore(&paces_lock, flags);
}

/**
 * tb_submit_report_refused() - put on record the refusals that were rationed
 *
 * Context: any, hard interrupts included; does not sleep. Takes the chain's lock.
 * Return: true if there may be more of them than are sealed in a row.
 */
bool tb_submit_report_refused(void)
{
	u64 now = ktime_get_boottime_ns();
	unsigned long flags;
	struct pace *pace;
	int n = 0;

	raw_spin_lock_irqsave(&paces_lock, flags);
	for (pace = paces; pace < paces + PACES && n < TB_HOLD_RECORDS; pace++)
		if (pace->refused && now - pace->reported >= REFUSED_INTERVAL_NS)
			n += report(pace, now);
	raw_spin_unlock_irqrestore(&paces_lock, flags);
	return n == TB_HOLD_RECORDS;
}

/**
 * tb_submit_put_info() - tell who submits more than he may
 * @skb: the answer to INFO_GET; nothing is added if nobody does
 *
 * Context: process; does not sleep.
 * Return: 0 or -EMSGSIZE.
 */
int tb_submit_put_info(struct sk_buff *skb)
{
	u64 day = div64_u64(ktime_get_boottime_ns(), DAY_NS);
	struct tongbu_limited limited[PACES];
	const struct pace *pace;
	unsigned long flags;
	int n = 0;

	raw_spin_lock_irqsave(&paces_lock, flags);
	for (pace = paces; pace < paces + PACES; pace++)
		if (pace->day == day && (pace->over_rate || pace->over_quota))
			limited[n++] = (struct tongbu_limited){
				.uid = cpu_to_le32(pace->uid),
				.rate = cpu_to_le32(pace->over_rate),
				.quota = cpu_to_le32(pace->over_quota),
			};
	raw_spin_unlock_irqrestore(&paces_lock, flags);
	return n ? nla_put(skb, TONGBU_A_INFO_LIMITED, n * sizeof(*limited), limited) : 0;
}

static bool in_submit_group(void)
{
	kgid_t gid = make_kgid(&init_user_ns, tb_params.submit_gid);

	return gid_valid(gid) && in_egroup_p(gid);
}

/**
 * tb_submit_member() - may the caller submit?
 * @skb: the request
 *
 * Context: process; does not sleep.
 * Return: true if it is in the group that may, on a socket of its own.
 */
bool tb_submit_member(struct sk_buff *skb)
{
	return tb_opened_by_caller(skb) && in_submit_group();
}

static int check_caller(struct sk_buff *skb, struct genl_info *info, u32 uid)
{
	/* There anybody has as many uids as he likes, and so as much of any ration. */
	if (current_user_ns() != &init_user_ns)
		return tb_refuse(info->extack, NULL, -EPERM,
				 "acts are not taken from another user namespace: submit outside of it");
	if (!tb_opened_by_caller(skb))
		return tb_refuse(info->extack, NULL, -EPERM,
				 "this socket was opened by another user: open your own");
	if (tb_params.submit_gid == TONGBU_UID_NONE)
		return tb_refuse(info->extack, NULL, -EPERM,
				 "no group may submit: load tongbu with submit_gid=GID");
	if (!in_submit_group())
		return tb_refuse(info->extack, NULL, -EPERM,
				 "uid %u is not in group %u, which may submit: ask to be added to it",
				 uid, tb_params.submit_gid);
	return 0;
}

static int check_ration(struct genl_info *info, u32 uid)
{
	int err = check_pace(uid, TONGBU_RECORD_MIN + sizeof(struct tongbu_act) +
			     nla_len(info->attrs[TONGBU_A_ACT_DATA]));

	if (err == -EAGAIN)
		return tb_refuse(info->extack, NULL, err,
				 "uid %u submits more than %u acts a second: wait a moment",
				 uid, tb_params.submit_rate);
	if (err == -EDQUOT)
		return tb_refuse(info->extack, NULL, err,
				 "uid %u has submitted its %u KiB of this day: go on tomorrow, or load tongbu with more submit_daily",
				 uid, tb_params.submit_daily);
	return 0;
}

static int check_act(struct genl_info *info, struct tongbu_act *act)
{
	struct nlattr *data = info->attrs[TONGBU_A_ACT_DATA];
	struct nlattr *format = info->attrs[TONGBU_A_ACT_FORMAT];
	int err;

	err = tb_require(info, ACT_DATA, "what is submitted");
	if (err)
		return err;
	if (!nla_len(data))
		return tb_refuse(info->extack, data, -EINVAL,
				 "the act is empty: give at least one byte");
	if (nla_len(data) > TONGBU_ACT_MAX)
		return tb_refuse(info->extack, data, -EMSGSIZE,
				 "the act has %u bytes, at most %u fit a record: submit the hash of the rest",
				 nla_len(data), TONGBU_ACT_MAX);
	act->format = format ? nla_get_u8(format) : TONGBU_ACT_TEXT;
	act->login_uid = cpu_to_le32(from_kuid(&init_user_ns, audit_get_loginuid(current)));
	act->euid = cpu_to_le32(from_kuid(&init_user_ns, current_euid()));
	return 0;
}

static int send_receipt(struct genl_info *info, struct sk_buff *reply, void *hdr,
			const struct tb_event *event, const struct tb_sealed *sealed)
{
	struct tb_chain_state state;

	tb_chain_state(&state);
	if (nla_put(reply, TONGBU_A_CHAIN, TONGBU_CHAIN_LEN, state.id) ||
	    nla_put_u64_64bit(reply, TONGBU_A_SEQ, sealed->seq, TONGBU_A_PAD) ||
	    nla_put(reply, TONGBU_A_TAG, TONGBU_TAG_LEN, sealed->tag) ||
	    nla_put_u64_64bit(reply, TONGBU_A_REALTIME, event->stamp.real, TONGBU_A_PAD)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/**
 * tb_submit() - TONGBU_CMD_SUBMIT: seal what a person says, answer the receipt
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EPERM for who may not; -EAGAIN for who comes too fast; -EINVAL or
 * -EMSGSIZE for an act that is not one; -ENODATA without a chain; -ENOBUFS if
 * the acts' half of the ring is full; -ENOMEM.
 */
int tb_submit(struct sk_buff *skb, struct genl_info *info)
{
	struct tongbu_act act = { };
	struct tb_event event = {
		.stream = &tb_people,
		.stamp = tb_stamp_now(),
		.kind = TONGBU_KIND_ACT,
		.payload = &act,
		.payload_len = sizeof(act),
		.uid = tb_caller_uid(),
		.pid = tb_caller_pid(),
		.room = TB_ROOM_ACT,
	};
	struct tb_sealed sealed;
	struct sk_buff *reply;
	void *hdr;
	int err;

	err = check_caller(skb, info, event.uid);
	if (!err)
		err = check_act(info, &act);
	if (!err)
		err = check_ration(info, event.uid);
	if (err)
		goto refused;

	event.data = nla_data(info->attrs[TONGBU_A_ACT_DATA]);
	event.data_len = nla_len(info->attrs[TONGBU_A_ACT_DATA]);
	/* First, as what is sealed must not be answered with an error */
	reply = tb_reply_new(info, TONGBU_CMD_SUBMIT, &hdr);
	if (!reply)
		return -ENOMEM;
	err = tb_chain_seal(&event, &sealed);
	if (!err)
		return send_receipt(info, reply, hdr, &event, &sealed);
	nlmsg_free(reply);
	if (err == -ENODATA)
		return tb_refuse(info->extack, NULL, err,
				 "no chain runs: start tongbud first");
	tb_refuse(info->extack, NULL, err,
		  "acts fill their half of the ring: is tongbud running?");

refused:
	tb_chain_count_refused();
	tb_submit_refused(TONGBU_CMD_SUBMIT, event.uid, event.pid, err);
	return err;
}
