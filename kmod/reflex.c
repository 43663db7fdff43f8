// SPDX-License-Identifier: GPL-2.0-only
/* Reflexes: armed and disarmed on request; each is a record with the caller's uid. */
#include "reflex.h"

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>

#include "family.h"
#include "reflex_priv.h"
#include "source.h"

/* After the sources' lock and the outputs' */
static struct tb_kind reflexes = {
	.lock = __MUTEX_INITIALIZER(reflexes.lock),
	.list = LIST_HEAD_INIT(reflexes.list),
	.next = 1,
	.most = 1024,
	.what = "reflex",
	.attr = "REFLEX",
	.id_attr = TONGBU_A_REFLEX_ID,
	.name_attr = TONGBU_A_REFLEX_NAME,
};

static struct tb_reflex *reflex_of(struct tb_named *named)
{
	return container_of(named, struct tb_reflex, named);
}

/**
 * tb_reflex_count() - how many reflexes are armed
 *
 * Context: any; does not sleep.
 * Return: the number.
 */
u32 tb_reflex_count(void)
{
	return READ_ONCE(reflexes.count);
}

/**
 * tb_reflex_of_source() - is a source used by a reflex?
 * @source: number of the source
 * @name: set to the name of one that does
 *
 * Context: process, sleeps.
 * Return: true if so.
 */
bool tb_reflex_of_source(u32 source, char name[TONGBU_NAME_LEN])
{
	struct tb_reflex *reflex;
	bool found = false;

	mutex_lock(&reflexes.lock);
	list_for_each_entry(reflex, &reflexes.list, named.list) {
		if (le32_to_cpu(reflex->def.source) != source &&
		    le32_to_cpu(reflex->def.second) != source)
			continue;
		strscpy(name, reflex->def.name, TONGBU_NAME_LEN);
		found = true;
		break;
	}
	mutex_unlock(&reflexes.lock);
	return found;
}

/**
 * tb_reflex_of_output() - is an output used by a reflex?
 * @output: the output
 * @name: set to the name of one that does
 *
 * Context: process, sleeps.
 * Return: true if so.
 */
bool tb_reflex_of_output(const struct tb_output *output, char name[TONGBU_NAME_LEN])
{
	struct tb_reflex *reflex;
	bool found = false;

	mutex_lock(&reflexes.lock);
	list_for_each_entry(reflex, &reflexes.list, named.list) {
		if (reflex->output != output)
			continue;
		strscpy(name, reflex->def.name, TONGBU_NAME_LEN);
		found = true;
		break;
	}
	mutex_unlock(&reflexes.lock);
	return found;
}

static int note_reflex(u16 kind, const void *payload, u16 len)
{
	struct tb_event event = {
		.stream = &tb_reflexes,
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

/* What a request names, which stays there under the locks of its kind */
struct parts {
	struct tb_source *source[2];
	struct tb_output *output;
};

static int find_source(struct genl_info *info, const struct nlattr *name, struct tb_source **to)
{
	*to = tb_source_find(nla_data(name));
	if (*to)
		return 0;
	return tb_refuse(info->extack, name, -ENOENT, "there is no source %s",
			 (const char *)nla_data(name));
}

static int find_parts(struct genl_info *info, struct parts *parts)
{
	struct nlattr *output = info->attrs[TONGBU_A_OUTPUT_NAME];
	struct nlattr *second = info->attrs[TONGBU_A_REFLEX_SECOND];
	int err;

	err = find_source(info, info->attrs[TONGBU_A_SOURCE_NAME], &parts->source[0]);
	if (!err && second)
		err = find_source(info, second, &parts->source[1]);
	if (err)
		return err;
	parts->output = tb_output_find(nla_data(output));
	if (parts->output)
		return 0;
	return tb_refuse(info->extack, output, -ENOENT, "there is no output %s",
			 (const char *)nla_data(output));
}

static struct tb_reflex *make(const struct tongbu_reflex *def, const struct parts *parts)
{
	struct tb_reflex *reflex = kzalloc(sizeof(*reflex), GFP_KERNEL);
	int i;

	if (!reflex)
		return NULL;
	reflex->def = *def;
	reflex->named.name = reflex->def.name;
	reflex->named.id = reflexes.next;
	reflex->def.reflex = cpu_to_le32(reflex->named.id);
	reflex->def.source = cpu_to_le32(parts->source[0]->stream.id);
	if (parts->source[1])
		reflex->def.second = cpu_to_le32(parts->source[1]->stream.id);
	reflex->def.output = cpu_to_le32(tb_output_id(parts->output));
	reflex->output = parts->output;
	for (i = 0; i < 2; i++)
		if (parts->source[i])
			strscpy(reflex->link[i].name, parts->source[i]->def.name,
				TONGBU_NAME_LEN);
	tb_reflex_init(reflex);
	return reflex;
}

/* Under the locks of all three */
static int arm_reflex(struct genl_info *info, struct tongbu_reflex *def, u32 *id)
{
	struct parts parts = { };
	struct tb_reflex *reflex;
	int err;

	err = tb_named_check_new(&reflexes, info);
	if (!err)
		err = find_parts(info, &parts);
	if (!err)
		err = tb_reflex_check(info, def, parts.source[0], parts.source[1]);
	if (err)
		return err;
	reflex = make(def, &parts);
	if (!reflex)
		return -ENOMEM;
	err = note_reflex(TONGBU_KIND_REFLEX_ADD, &reflex->def, sizeof(reflex->def));
	if (err) {
		kfree(reflex);
		return tb_named_refuse_unsealed(info, err);
	}
	*id = reflex->named.id;
	tb_named_add(&reflexes, &reflex->named);
	tb_reflex_start(reflex, parts.source);
	return 0;
}

/**
 * tb_reflex_add() - TONGBU_CMD_REFLEX_ADD: arm a reflex
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL or -ERANGE for what makes no sense; -ENOENT for a source or
 * output that is not there; -ENODATA without a chain; -EEXIST for a name in use;
 * -ENOSPC with too many reflexes; -ENOBUFS if there is no room to put it on record.
 */
int tb_reflex_add(struct sk_buff *skb, struct genl_info *info)
{
	struct tongbu_reflex def = { };
	struct sk_buff *reply;
	u32 id = 0;
	void *hdr;
	int err;

	err = tb_require(info, REFLEX_NAME, "the reflex's name");
	if (!err)
		err = tb_check_name(info->attrs[TONGBU_A_REFLEX_NAME], "reflex", info->extack);
	if (!err)
		err = tb_require(info, SOURCE_NAME, "the source it looks at");
	if (!err)
		err = tb_require(info, OUTPUT_NAME, "the output it sets");
	if (err)
		return err;
	nla_strscpy(def.name, info->attrs[TONGBU_A_REFLEX_NAME], sizeof(def.name));
	/* First, as what is armed must not be answered with an error */
	reply = tb_reply_new(info, TONGBU_CMD_REFLEX_ADD, &hdr);
	if (!reply)
		return -ENOMEM;

	tb_source_lock();
	tb_output_lock();
	mutex_lock(&reflexes.lock);
	err = arm_reflex(info, &def, &id);
	mutex_unlock(&reflexes.lock);
	tb_output_unlock();
	tb_source_unlock();
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	return tb_named_reply(&reflexes, info, reply, hdr, id);
}

/* Stop it and put that on record, so that nothing of it comes after */
static int stop_reflex(struct tb_reflex *reflex)
{
	struct tongbu_reflex_end end = { .reflex = reflex->def.reflex };
	unsigned long flags;
	int err;

	raw_spin_lock_irqsave(&reflex->lock, flags);
	end.fired = cpu_to_le64(reflex->fired);
	end.rested = cpu_to_le64(reflex->rested);
	err = note_reflex(TONGBU_KIND_REFLEX_DEL, &end, sizeof(end));
	reflex->stopped = !err;
	raw_spin_unlock_irqrestore(&reflex->lock, flags);
	return err;
}

static void forget_reflex(struct tb_reflex *reflex)
{
	tb_named_del(&reflexes, &reflex->named);
	tb_reflex_stop(reflex);
	kfree(reflex);
}

/**
 * tb_reflex_del() - TONGBU_CMD_REFLEX_DEL: disarm a reflex
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL if none is named; -ENOENT if there is none such; -ENOBUFS
 * if there is no room to put it on record, in which case it stays armed.
 */
int tb_reflex_del(struct sk_buff *skb, struct genl_info *info)
{
	struct tb_reflex *reflex;
	struct tb_named *named;
	int err;

	/* Its output stays meanwhile: who lets go of one asks for its reflexes. */
	mutex_lock(&reflexes.lock);
	named = tb_named_asked(&reflexes, info);
	err = PTR_ERR_OR_ZERO(named);
	if (err)
		goto out;
	reflex = reflex_of(named);
	err = stop_reflex(reflex);
	if (err)
		tb_named_refuse_unsealed(info, err);
	else
		forget_reflex(reflex);
out:
	mutex_unlock(&reflexes.lock);
	return err;
}

static void look_at_counts(struct tb_reflex *reflex, u64 *fired, u64 *rested)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&reflex->lock, flags);
	*fired = reflex->fired;
	*rested = reflex->rested;
	raw_spin_unlock_irqrestore(&reflex->lock, flags);
}

static int put_numbers(struct sk_buff *skb, const struct tongbu_reflex *def)
{
	if (nla_put_u32(skb, TONGBU_A_REFLEX_HOLD, le32_to_cpu(def->hold)) ||
	    nla_put_u32(skb, TONGBU_A_REFLEX_COUNT, le32_to_cpu(def->count)) ||
	    nla_put_u32(skb, TONGBU_A_REFLEX_WITHIN, le32_to_cpu(def->within)) ||
	    nla_put_u32(skb, TONGBU_A_REFLEX_LENGTH, le32_to_cpu(def->length)) ||
	    nla_put_u32(skb, TONGBU_A_REFLEX_PERIOD, le32_to_cpu(def->period)) ||
	    nla_put_u32(skb, TONGBU_A_REFLEX_COOLDOWN, le32_to_cpu(def->cooldown)))
		return -EMSGSIZE;
	return 0;
}

static int put_reflex(struct sk_buff *skb, struct tb_named *named,
		      const struct netlink_callback *cb)
{
	struct tb_reflex *reflex = reflex_of(named);
	const struct tongbu_reflex *def = &reflex->def;
	u64 fired, rested;

	look_at_counts(reflex, &fired, &rested);
	if (nla_put_u32(skb, TONGBU_A_REFLEX_FLAGS, le32_to_cpu(def->flags)) ||
	    nla_put_string(skb, TONGBU_A_SOURCE_NAME, reflex->link[0].name) ||
	    nla_put_string(skb, TONGBU_A_OUTPUT_NAME, tb_output_name(reflex->output)) ||
	    nla_put_u8(skb, TONGBU_A_REFLEX_CONDITION, def->condition) ||
	    nla_put_u8(skb, TONGBU_A_REFLEX_LEVEL, def->level) ||
	    (*reflex->link[1].name &&
	     nla_put_string(skb, TONGBU_A_REFLEX_SECOND, reflex->link[1].name)) ||
	    nla_put_u8(skb, TONGBU_A_REFLEX_ACTION, def->action) ||
	    put_numbers(skb, def) ||
	    nla_put_u64_64bit(skb, TONGBU_A_REFLEX_FIRED, fired, TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_REFLEX_RESTED, rested, TONGBU_A_PAD))
		return -EMSGSIZE;
	return 0;
}

/**
 * tb_reflex_get() - TONGBU_CMD_REFLEX_GET: one message of a dump of all reflexes
 * @skb: the message
 * @cb: the dump
 *
 * Context: process, sleeps.
 * Return: bytes in the message, 0 at the end.
 */
int tb_reflex_get(struct sk_buff *skb, struct netlink_callback *cb)
{
	return tb_named_dump(&reflexes, skb, cb, TONGBU_CMD_REFLEX_GET, put_reflex);
}

/**
 * tb_reflex_disarm_all() - disarm all reflexes: the chain ends
 *
 * Context: process, sleeps. Nothing is armed any more.
 * Return: 0, or -ENOBUFS if there was no room to put one on record; it stays armed
 * then, and those after it.
 */
int tb_reflex_disarm_all(void)
{
	struct tb_reflex *reflex, *next;
	int err = 0;

	mutex_lock(&reflexes.lock);
	list_for_each_entry_safe(reflex, next, &reflexes.list, named.list) {
		err = stop_reflex(reflex);
		if (err)
			break;
		forget_reflex(reflex);
	}
	mutex_unlock(&reflexes.lock);
	return err;
}
