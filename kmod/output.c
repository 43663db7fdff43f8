// SPDX-License-Identifier: GPL-2.0-only
/*
 * Outputs: taken, set and let go on request; each is a record with the caller's
 * uid. An output is never left to itself: whatever takes its owner away gives it
 * its safe value.
 */
#include "output.h"

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>

#include "family.h"
#include "output_priv.h"
#include "reflex.h"

/* A guard against a runaway script, not a limit of the design */
#define OUTPUTS_MAX	256

/* After the sources' lock, before that of the reflexes */
static DEFINE_MUTEX(outputs_lock);
static LIST_HEAD(outputs);
static u32 next_id = 1;
static atomic_t output_count = ATOMIC_INIT(0);

/* See tb_output_owner_left() */
static atomic64_t owner_left;

static void look_at_absence(struct work_struct *work);
static DECLARE_DELAYED_WORK(away_work, look_at_absence);

/**
 * tb_output_count() - how many outputs there are
 *
 * Context: any; does not sleep.
 * Return: the number.
 */
u32 tb_output_count(void)
{
	return atomic_read(&output_count);
}

/**
 * tb_output_lock() - keep outputs from coming and going
 *
 * Context: process, sleeps.
 */
void tb_output_lock(void)
{
	mutex_lock(&outputs_lock);
}

/**
 * tb_output_unlock() - undo tb_output_lock()
 *
 * Context: process.
 */
void tb_output_unlock(void)
{
	mutex_unlock(&outputs_lock);
}

/**
 * tb_output_find() - an output by its name
 * @name: the name
 *
 * Context: process; under tb_output_lock().
 * Return: the output or NULL.
 */
struct tb_output *tb_output_find(const char *name)
{
	struct tb_output *output;

	lockdep_assert_held(&outputs_lock);
	list_for_each_entry(output, &outputs, list)
		if (!strcmp(output->def.name, name))
			return output;
	return NULL;
}

static struct tb_output *find_by_id(u32 id)
{
	struct tb_output *output;

	list_for_each_entry(output, &outputs, list)
		if (le32_to_cpu(output->def.output) == id)
			return output;
	return NULL;
}

/**
 * tb_output_id() - number of an output
 * @output: the output
 *
 * Context: any.
 * Return: the number.
 */
u32 tb_output_id(const struct tb_output *output)
{
	return le32_to_cpu(output->def.output);
}

/**
 * tb_output_name() - name of an output
 * @output: the output
 *
 * Context: any.
 * Return: the name.
 */
const char *tb_output_name(const struct tb_output *output)
{
	return output->def.name;
}

static int note_output(u16 kind, const void *payload, u16 len)
{
	struct tb_event event = {
		.stream = &tb_outputs,
		.stamp = tb_stamp_now(),
		.kind = kind,
		.payload = payload,
		.payload_len = len,
		.uid = tb_caller_uid(),
		.pid = tb_caller_pid(),
		.room = TB_ROOM_EVENT,
	};

	return tb_chain_seal(&event, NULL);
}

/* Its chip neither comes nor goes meanwhile; if it went before, that comes next. */
static int note_add(struct tb_output *output)
{
	int err;

	tb_gpio_lock();
	err = note_output(TONGBU_KIND_OUTPUT_ADD, &output->def, sizeof(output->def));
	output->known = !err;
	if (!err && output->watch.gone)
		tb_output_line_tell_gone(output);
	tb_gpio_unlock();
	return err;
}

static int note_del(struct tb_output *output, const struct tongbu_output_end *end)
{
	int err;

	tb_gpio_lock();
	err = note_output(TONGBU_KIND_OUTPUT_DEL, end, sizeof(*end));
	output->known = err;
	tb_gpio_unlock();
	return err;
}

/* The output a request names; NULL after tb_refuse() */
static struct tb_output *find_asked(struct genl_info *info, int *err)
{
	struct nlattr *id = info->attrs[TONGBU_A_OUTPUT_ID];
	struct nlattr *name = info->attrs[TONGBU_A_OUTPUT_NAME];
	struct tb_output *output;

	if (!id && !name) {
		*err = tb_refuse(info->extack, NULL, -EINVAL,
				 "attribute OUTPUT_ID or OUTPUT_NAME is missing: which output");
		return NULL;
	}
	output = id ? find_by_id(nla_get_u32(id)) : tb_output_find(nla_data(name));
	if (output)
		return output;
	if (id)
		*err = tb_refuse(info->extack, id, -ENOENT, "there is no output %u",
				 nla_get_u32(id));
	else
		*err = tb_refuse(info->extack, name, -ENOENT, "there is no output %s",
				 (const char *)nla_data(name));
	return NULL;
}

static int send_id(struct genl_info *info, struct sk_buff *reply, void *hdr, u32 id)
{
	if (nla_put_u32(reply, TONGBU_A_OUTPUT_ID, id)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

static int read_request(struct genl_info *info, struct tongbu_output *def)
{
	struct nlattr **attrs = info->attrs;
	int err;

	err = tb_require(info, OUTPUT_NAME, "the output's name");
	if (!err)
		err = tb_check_name(attrs[TONGBU_A_OUTPUT_NAME], "output", info->extack);
	if (!err)
		err = tb_require(info, GPIO_CHIP, "the label of the chip");
	if (!err)
		err = tb_require(info, GPIO_LINE, "the offset of the line");
	if (err)
		return err;
	if (!*(const char *)nla_data(attrs[TONGBU_A_GPIO_CHIP]))
		return tb_refuse(info->extack, attrs[TONGBU_A_GPIO_CHIP], -EINVAL,
				 "attribute GPIO_CHIP is empty: give the label of the chip");
	nla_strscpy(def->name, attrs[TONGBU_A_OUTPUT_NAME], sizeof(def->name));
	nla_strscpy(def->chip, attrs[TONGBU_A_GPIO_CHIP], sizeof(def->chip));
	def->line = cpu_to_le32(nla_get_u32(attrs[TONGBU_A_GPIO_LINE]));
	if (attrs[TONGBU_A_OUTPUT_FLAGS])
		def->flags = cpu_to_le32(nla_get_u32(attrs[TONGBU_A_OUTPUT_FLAGS]));
	if (attrs[TONGBU_A_OUTPUT_AWAY])
		def->away = cpu_to_le32(nla_get_u32(attrs[TONGBU_A_OUTPUT_AWAY]));
	if (attrs[TONGBU_A_OUTPUT_SAFE])
		def->safe = nla_get_u8(attrs[TONGBU_A_OUTPUT_SAFE]);
	return 0;
}

/* Return: the output, in the list; ERR_PTR() after tb_refuse() */
static struct tb_output *take(struct genl_info *info, const struct tongbu_output *def)
{
	struct tb_output *output = tb_output_find(def->name);
	int err;

	if (output) {
		err = tb_refuse(info->extack, info->attrs[TONGBU_A_OUTPUT_NAME], -EEXIST,
				"output %s exists with id %u: remove it first",
				def->name, tb_output_id(output));
		return ERR_PTR(err);
	}
	if (tb_output_count() >= OUTPUTS_MAX) {
		err = tb_refuse(info->extack, NULL, -ENOSPC,
				"there are %u outputs, the most: remove one first", OUTPUTS_MAX);
		return ERR_PTR(err);
	}
	output = kzalloc(sizeof(*output), GFP_KERNEL);
	if (!output)
		return ERR_PTR(-ENOMEM);
	output->def = *def;
	output->def.output = cpu_to_le32(next_id);
	output->attrs = info->attrs;
	output->since = ktime_get_boottime_ns();
	err = tb_output_line_init(output, info->extack);
	if (err)
		goto err_free;
	err = note_add(output);
	if (err) {
		tb_refuse(info->extack, NULL, err,
			  "the ring is full and the change could not go on record: is tongbud running?");
		goto err_line;
	}
	next_id++;
	list_add_tail(&output->list, &outputs);
	atomic_inc(&output_count);
	return output;

err_line:
	tb_output_line_exit(output);
err_free:
	kfree(output);
	return ERR_PTR(err);
}

/**
 * tb_output_add() - TONGBU_CMD_OUTPUT_ADD: take an output, with its safe value
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL without name, chip or line; -ENODATA without a chain;
 * -EEXIST for a name in use; -ENOSPC with too many outputs; -ENOBUFS if there is
 * no room to put it on record; or why the line is not to be had.
 */
int tb_output_add(struct sk_buff *skb, struct genl_info *info)
{
	struct tongbu_output def = { };
	struct tb_output *output;
	struct sk_buff *reply;
	u32 id = 0;
	void *hdr;
	int err;

	err = read_request(info, &def);
	if (err)
		return err;
	/* First, as what is taken must not be answered with an error */
	reply = tb_reply_new(info, TONGBU_CMD_OUTPUT_ADD, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&outputs_lock);
	output = tb_chain_running() ? take(info, &def) : ERR_PTR(-ENODATA);
	err = PTR_ERR_OR_ZERO(output);
	if (err == -ENODATA)
		tb_refuse(info->extack, NULL, err, "no chain runs: start tongbud first");
	if (!err)
		id = tb_output_id(output);
	mutex_unlock(&outputs_lock);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	mod_delayed_work(system_wq, &away_work, 0);
	return send_id(info, reply, hdr, id);
}

static void forget(struct tb_output *output)
{
	list_del(&output->list);
	atomic_dec(&output_count);
	tb_output_line_exit(output);
	kfree(output);
}

static void make_safe(struct tb_output *output)
{
	if (!READ_ONCE(output->watch.gone))
		tb_output_change(output, output->def.safe, TONGBU_CAUSE_RELEASE,
				 TONGBU_SEQ_NONE, tb_caller_uid(), tb_caller_pid());
}

static int release(struct tb_output *output)
{
	struct tongbu_output_end end = { .output = output->def.output };
	int err;

	make_safe(output);
	end.changes = cpu_to_le64(READ_ONCE(output->changes));
	err = note_del(output, &end);
	if (!err)
		forget(output);
	return err;
}

static int let_go(struct genl_info *info, struct tb_output *output)
{
	char user[TONGBU_NAME_LEN];
	int err;

	if (tb_reflex_of_output(output, user))
		return tb_refuse(info->extack, NULL, -EBUSY,
				 "output %s is used by reflex %s: remove that first",
				 output->def.name, user);
	err = release(output);
	if (err)
		tb_refuse(info->extack, NULL, err,
			  "the ring is full and the change could not go on record: is tongbud running?");
	return err;
}

/**
 * tb_output_del() - TONGBU_CMD_OUTPUT_DEL: let go of an output
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL if none is named; -ENOENT if there is none such; -EBUSY if
 * a reflex uses it; -ENOBUFS if there is no room to put it on record, in which
 * case it stays, at its safe value.
 */
int tb_output_del(struct sk_buff *skb, struct genl_info *info)
{
	struct tb_output *output;
	int err = 0;

	mutex_lock(&outputs_lock);
	output = find_asked(info, &err);
	if (output)
		err = let_go(info, output);
	mutex_unlock(&outputs_lock);
	return err;
}

static int change(struct genl_info *info, struct tb_output *output, u8 value, u64 cause)
{
	const struct tongbu_output *def = &output->def;
	int err;

	err = tb_output_change(output, value, TONGBU_CAUSE_SET, cause, tb_caller_uid(),
			       tb_caller_pid());
	if (err == -ENODEV)
		tb_refuse(info->extack, NULL, err,
			  "output %s was not set: chip %s is gone, the line is taken again when it is back",
			  def->name, def->chip);
	else if (err)
		tb_refuse(info->extack, NULL, err,
			  "output %s was not set: the driver of chip %s says error %d",
			  def->name, def->chip, -err);
	return err;
}

/**
 * tb_output_set() - TONGBU_CMD_OUTPUT_SET: set an output
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps until it is set.
 * Return: 0; -EINVAL if none is named, or no value; -ENOENT if there is none
 * such; -ERANGE for a cause that is not sealed yet; -ENODEV while its chip is
 * gone; or what the chip's driver says.
 */
int tb_output_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *cause = info->attrs[TONGBU_A_OUTPUT_CAUSE];
	u64 record = cause ? nla_get_u64(cause) : TONGBU_SEQ_NONE;
	struct tb_output *output;
	int err;

	err = tb_require(info, OUTPUT_VALUE, "what to set it to");
	if (err)
		return err;
	if (cause && record >= tb_chain_head())
		return tb_refuse(info->extack, cause, -ERANGE,
				 "record %llu is not sealed yet: a cause comes first", record);

	mutex_lock(&outputs_lock);
	output = find_asked(info, &err);
	if (output)
		err = change(info, output, nla_get_u8(info->attrs[TONGBU_A_OUTPUT_VALUE]), record);
	mutex_unlock(&outputs_lock);
	return err;
}

static int put_output(struct sk_buff *skb, const struct tb_output *output,
		      const struct netlink_callback *cb)
{
	const struct tongbu_output *def = &output->def;
	u32 state = READ_ONCE(output->watch.gone) ? TONGBU_STATE_GONE : 0;
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &tb_family, NLM_F_MULTI, TONGBU_CMD_OUTPUT_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, TONGBU_A_OUTPUT_ID, tb_output_id(output)) ||
	    nla_put_string(skb, TONGBU_A_OUTPUT_NAME, def->name) ||
	    nla_put_u32(skb, TONGBU_A_OUTPUT_FLAGS, le32_to_cpu(def->flags)) ||
	    nla_put_string(skb, TONGBU_A_GPIO_CHIP, def->chip) ||
	    nla_put_u32(skb, TONGBU_A_GPIO_LINE, le32_to_cpu(def->line)) ||
	    nla_put_u8(skb, TONGBU_A_OUTPUT_SAFE, def->safe) ||
	    nla_put_u32(skb, TONGBU_A_OUTPUT_AWAY, le32_to_cpu(def->away)) ||
	    nla_put_u8(skb, TONGBU_A_OUTPUT_VALUE, READ_ONCE(output->value)) ||
	    nla_put_u64_64bit(skb, TONGBU_A_OUTPUT_CHANGES, READ_ONCE(output->changes),
			      TONGBU_A_PAD) ||
	    nla_put_u32(skb, TONGBU_A_SOURCE_STATE, state)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * tb_output_get() - TONGBU_CMD_OUTPUT_GET: one message of a dump of all outputs
 * @skb: the message
 * @cb: the dump
 *
 * Context: process, sleeps.
 * Return: bytes in the message, 0 at the end.
 */
int tb_output_get(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct tb_output *output;

	mutex_lock(&outputs_lock);
	list_for_each_entry(output, &outputs, list) {
		if (tb_output_id(output) < cb->args[0])
			continue;
		if (put_output(skb, output, cb))
			break;
		cb->args[0] = tb_output_id(output) + 1;
	}
	mutex_unlock(&outputs_lock);
	return skb->len;
}

/**
 * tb_output_owner_left() - since when nobody owns the chain
 *
 * Context: any; does not sleep.
 * Return: CLOCK_BOOTTIME, ns; 0 while somebody does.
 */
u64 tb_output_owner_left(void)
{
	return atomic64_read(&owner_left);
}

/**
 * tb_output_owner() - the chain got an owner, or lost it
 * @attached: which
 *
 * Context: any; does not sleep.
 */
void tb_output_owner(bool attached)
{
	atomic64_set(&owner_left, attached ? 0 : ktime_get_boottime_ns());
	if (!attached)
		mod_delayed_work(system_wq, &away_work, 0);
}

/* Return: when to look again, ns from now, or U64_MAX */
static u64 look_at_output(struct tb_output *output, u64 left, u64 now)
{
	u64 away = (u64)le32_to_cpu(output->def.away) * NSEC_PER_MSEC;
	u64 due = max(left, output->since) + away;

	if (!away || output->away_of == left)
		return U64_MAX;
	if (now < due)
		return due - now;
	tb_output_away(output, left);
	return U64_MAX;
}

static void look_at_absence(struct work_struct *work)
{
	u64 now = ktime_get_boottime_ns(), left, next = U64_MAX;
	struct tb_output *output;

	mutex_lock(&outputs_lock);
	list_for_each_entry(output, &outputs, list) {
		/* Read each time: the owner may be back. */
		left = tb_output_owner_left();
		if (left)
			next = min(next, look_at_output(output, left, now));
	}
	mutex_unlock(&outputs_lock);
	if (next != U64_MAX)
		schedule_delayed_work(&away_work, nsecs_to_jiffies(next) + 1);
}

/**
 * tb_output_init() - be ready for outputs; nobody owns the chain
 *
 * Context: process.
 */
void tb_output_init(void)
{
	tb_output_streams_init();
	atomic64_set(&owner_left, ktime_get_boottime_ns());
}

/**
 * tb_output_release_all() - make all outputs safe and let them go: the chain ends
 *
 * Context: process, sleeps. Nothing is taken any more, and no reflex is left.
 * Return: 0, or -ENOBUFS if there was no room to put one on record; it stays then,
 * at its safe value, and those after it.
 */
int tb_output_release_all(void)
{
	struct tb_output *output, *next;
	int err = 0;

	mutex_lock(&outputs_lock);
	list_for_each_entry_safe(output, next, &outputs, list) {
		err = release(output);
		if (err)
			break;
	}
	mutex_unlock(&outputs_lock);
	return err;
}

/**
 * tb_output_exit() - look after outputs no more; none is left
 *
 * Context: process, sleeps.
 */
void tb_output_exit(void)
{
	cancel_delayed_work_sync(&away_work);
}
