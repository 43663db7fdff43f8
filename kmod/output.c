// SPDX-License-Identifier: GPL-2.0-only
/*
 * Outputs: taken, set and let go on request; each is a record with the caller's
 * uid. An output is never left to itself: whatever takes its owner away gives it
 * its safe value.
 */
#include "output.h"

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/err.h>
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

/* After the sources' lock, before that of the reflexes */
static struct tb_kind outputs = {
	.lock = __MUTEX_INITIALIZER(outputs.lock),
	.list = LIST_HEAD_INIT(outputs.list),
	.next = 1,
	.most = 256,
	.what = "output",
	.attr = "OUTPUT",
	.id_attr = TONGBU_A_OUTPUT_ID,
	.name_attr = TONGBU_A_OUTPUT_NAME,
};

/* See tb_output_owner_left() */
static atomic64_t owner_left;

static void look_at_absence(struct work_struct *work);
static DECLARE_DELAYED_WORK(away_work, look_at_absence);

static struct tb_output *output_of(struct tb_named *named)
{
	return container_of(named, struct tb_output, named);
}

/**
 * tb_output_count() - how many outputs there are
 *
 * Context: any; does not sleep.
 * Return: the number.
 */
u32 tb_output_count(void)
{
	return READ_ONCE(outputs.count);
}

/**
 * tb_output_lock() - keep outputs from coming and going
 *
 * Context: process, sleeps.
 */
void tb_output_lock(void)
{
	mutex_lock(&outputs.lock);
}

/**
 * tb_output_unlock() - undo tb_output_lock()
 *
 * Context: process.
 */
void tb_output_unlock(void)
{
	mutex_unlock(&outputs.lock);
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
	struct tb_named *named = tb_named_find(&outputs, name);

	return named ? output_of(named) : NULL;
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
	return output->named.id;
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

static int read_output(struct genl_info *info, struct tongbu_output *def)
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
	def->flags = cpu_to_le32(tb_u32(attrs[TONGBU_A_OUTPUT_FLAGS], 0));
	def->away = cpu_to_le32(tb_u32(attrs[TONGBU_A_OUTPUT_AWAY], 0));
	def->safe = tb_u8(attrs[TONGBU_A_OUTPUT_SAFE], 0);
	return 0;
}

/* Return: the output, in the list; ERR_PTR() after tb_refuse() */
static struct tb_output *add_output(struct genl_info *info, const struct tongbu_output *def)
{
	struct tb_output *output;
	int err = tb_named_check_new(&outputs, info);

	if (err)
		return ERR_PTR(err);
	output = kzalloc(sizeof(*output), GFP_KERNEL);
	if (!output)
		return ERR_PTR(-ENOMEM);
	output->def = *def;
	output->named.name = output->def.name;
	output->named.id = outputs.next;
	output->def.output = cpu_to_le32(output->named.id);
	output->attrs = info->attrs;
	output->since = ktime_get_boottime_ns();
	err = tb_output_line_init(output, info->extack);
	if (err)
		goto err_free;
	err = note_add(output);
	if (err) {
		tb_named_refuse_unsealed(info, err);
		goto err_line;
	}
	tb_named_add(&outputs, &output->named);
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
 * no room to put it on record; or why the line cannot be requested.
 */
int tb_output_add(struct sk_buff *skb, struct genl_info *info)
{
	struct tongbu_output def = { };
	struct tb_output *output;
	struct sk_buff *reply;
	u32 id = 0;
	void *hdr;
	int err;

	err = read_output(info, &def);
	if (err)
		return err;
	/* First, as what is taken must not be answered with an error */
	reply = tb_reply_new(info, TONGBU_CMD_OUTPUT_ADD, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&outputs.lock);
	output = add_output(info, &def);
	err = PTR_ERR_OR_ZERO(output);
	if (!err)
		id = tb_output_id(output);
	mutex_unlock(&outputs.lock);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	mod_delayed_work(system_wq, &away_work, 0);
	return tb_named_reply(&outputs, info, reply, hdr, id);
}

static void forget_output(struct tb_output *output)
{
	tb_named_del(&outputs, &output->named);
	tb_output_line_exit(output);
	kfree(output);
}

static void make_safe(struct tb_output *output)
{
	if (!READ_ONCE(output->watch.gone))
		tb_output_change(output, output->def.safe, TONGBU_CAUSE_RELEASE,
				 TONGBU_SEQ_NONE, tb_caller_uid(), tb_caller_pid());
}

static int release_output(struct tb_output *output)
{
	struct tongbu_output_end end = { .output = output->def.output };
	int err;

	make_safe(output);
	end.changes = cpu_to_le64(READ_ONCE(output->changes));
	err = note_del(output, &end);
	if (!err)
		forget_output(output);
	return err;
}

static int let_go_output(struct genl_info *info, struct tb_output *output)
{
	char user[TONGBU_NAME_LEN];
	int err;

	if (tb_reflex_of_output(output, user))
		return tb_refuse(info->extack, NULL, -EBUSY,
				 "output %s is used by reflex %s: remove that first",
				 output->def.name, user);
	err = release_output(output);
	return err ? tb_named_refuse_unsealed(info, err) : 0;
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
	struct tb_named *named;
	int err;

	mutex_lock(&outputs.lock);
	named = tb_named_asked(&outputs, info);
	err = PTR_ERR_OR_ZERO(named);
	if (!err)
		err = let_go_output(info, output_of(named));
	mutex_unlock(&outputs.lock);
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
	struct tb_named *named;
	int err;

	err = tb_require(info, OUTPUT_VALUE, "what to set it to");
	if (err)
		return err;
	if (cause && record >= tb_chain_head())
		return tb_refuse(info->extack, cause, -ERANGE,
				 "record %llu is not sealed yet: a cause comes first", record);

	mutex_lock(&outputs.lock);
	named = tb_named_asked(&outputs, info);
	err = PTR_ERR_OR_ZERO(named);
	if (!err)
		err = change(info, output_of(named),
			     nla_get_u8(info->attrs[TONGBU_A_OUTPUT_VALUE]), record);
	mutex_unlock(&outputs.lock);
	return err;
}

static int put_output(struct sk_buff *skb, struct tb_named *named,
		      const struct netlink_callback *cb)
{
	const struct tb_output *output = output_of(named);
	const struct tongbu_output *def = &output->def;
	u32 state = READ_ONCE(output->watch.gone) ? TONGBU_STATE_GONE : 0;

	if (nla_put_u32(skb, TONGBU_A_OUTPUT_FLAGS, le32_to_cpu(def->flags)) ||
	    nla_put_string(skb, TONGBU_A_GPIO_CHIP, def->chip) ||
	    nla_put_u32(skb, TONGBU_A_GPIO_LINE, le32_to_cpu(def->line)) ||
	    nla_put_u8(skb, TONGBU_A_OUTPUT_SAFE, def->safe) ||
	    nla_put_u32(skb, TONGBU_A_OUTPUT_AWAY, le32_to_cpu(def->away)) ||
	    nla_put_u8(skb, TONGBU_A_OUTPUT_VALUE, READ_ONCE(output->value)) ||
	    nla_put_u64_64bit(skb, TONGBU_A_OUTPUT_CHANGES, READ_ONCE(output->changes),
			      TONGBU_A_PAD) ||
	    nla_put_u32(skb, TONGBU_A_SOURCE_STATE, state))
		return -EMSGSIZE;
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
	return tb_named_dump(&outputs, skb, cb, TONGBU_CMD_OUTPUT_GET, put_output);
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

	mutex_lock(&outputs.lock);
	list_for_each_entry(output, &outputs.list, named.list) {
		/* Read each time: the owner may be back. */
		left = tb_output_owner_left();
		if (left)
			next = min(next, look_at_output(output, left, now));
	}
	mutex_unlock(&outputs.lock);
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

	mutex_lock(&outputs.lock);
	list_for_each_entry_safe(output, next, &outputs.list, named.list) {
		err = release_output(output);
		if (err)
			break;
	}
	mutex_unlock(&outputs.lock);
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
