// SPDX-License-Identifier: GPL-2.0-only
#include "named.h"

#include <linux/err.h>
#include <linux/string.h>
#include <net/genetlink.h>

#include "chain.h"
#include "family.h"

/**
 * tb_named_find() - one of a kind by its name
 * @kind: the kind, locked
 * @name: the name
 *
 * Context: process.
 * Return: that one, or NULL.
 */
struct tb_named *tb_named_find(const struct tb_kind *kind, const char *name)
{
	struct tb_named *named;

	lockdep_assert_held(&kind->lock);
	list_for_each_entry(named, &kind->list, list)
		if (!strcmp(named->name, name))
			return named;
	return NULL;
}

static struct tb_named *find_by_id(const struct tb_kind *kind, u32 id)
{
	struct tb_named *named;

	lockdep_assert_held(&kind->lock);
	list_for_each_entry(named, &kind->list, list)
		if (named->id == id)
			return named;
	return NULL;
}

/**
 * tb_named_asked() - the one that a request names, by number or name
 * @kind: the kind, locked
 * @info: the request
 *
 * Context: process.
 * Return: that one; ERR_PTR() of -EINVAL if none is named, -ENOENT if there is none
 * such, after tb_refuse().
 */
struct tb_named *tb_named_asked(const struct tb_kind *kind, struct genl_info *info)
{
	struct nlattr *id = info->attrs[kind->id_attr];
	struct nlattr *name = info->attrs[kind->name_attr];
	struct tb_named *named;

	if (!id && !name)
		return ERR_PTR(tb_refuse(info->extack, NULL, -EINVAL,
					 "attribute %s_ID or %s_NAME is missing: which %s",
					 kind->attr, kind->attr, kind->what));
	named = id ? find_by_id(kind, nla_get_u32(id)) : tb_named_find(kind, nla_data(name));
	if (named)
		return named;
	if (id)
		return ERR_PTR(tb_refuse(info->extack, id, -ENOENT, "there is no %s %u",
					 kind->what, nla_get_u32(id)));
	return ERR_PTR(tb_refuse(info->extack, name, -ENOENT, "there is no %s %s",
				 kind->what, (const char *)nla_data(name)));
}

/**
 * tb_named_check_new() - may one more come?
 * @kind: the kind, locked
 * @info: the request, which names it
 *
 * Context: process.
 * Return: 0; -ENODATA without a chain, -EEXIST for a name in use, -ENOSPC with too
 * many, after tb_refuse().
 */
int tb_named_check_new(const struct tb_kind *kind, struct genl_info *info)
{
	struct nlattr *name = info->attrs[kind->name_attr];
	const struct tb_named *named = tb_named_find(kind, nla_data(name));

	if (!tb_chain_running())
		return tb_refuse(info->extack, NULL, -ENODATA,
				 "no chain runs: start tongbud first");
	if (named)
		return tb_refuse(info->extack, name, -EEXIST,
				 "%s %s exists with id %u: remove it first",
				 kind->what, named->name, named->id);
	if (kind->count >= kind->most)
		return tb_refuse(info->extack, NULL, -ENOSPC,
				 "there are %u already, the most: remove one first", kind->most);
	return 0;
}

/**
 * tb_named_refuse_unsealed() - a change could not go on record, so there is none
 * @info: the request
 * @err: what sealing came to, a negative errno
 *
 * Context: process.
 * Return: @err.
 */
int tb_named_refuse_unsealed(struct genl_info *info, int err)
{
	return tb_refuse(info->extack, NULL, err,
			 "the ring is full and the change could not go on record: is tongbud running?");
}

/**
 * tb_named_add() - one comes
 * @kind: the kind, locked
 * @named: the one, with its name and the kind's next number
 *
 * Context: process.
 */
void tb_named_add(struct tb_kind *kind, struct tb_named *named)
{
	lockdep_assert_held(&kind->lock);
	kind->next = named->id + 1;
	list_add_tail(&named->list, &kind->list);
	WRITE_ONCE(kind->count, kind->count + 1);
}

/**
 * tb_named_del() - one goes
 * @kind: the kind, locked
 * @named: the one
 *
 * Context: process.
 */
void tb_named_del(struct tb_kind *kind, struct tb_named *named)
{
	lockdep_assert_held(&kind->lock);
	list_del(&named->list);
	WRITE_ONCE(kind->count, kind->count - 1);
}

/**
 * tb_named_reply() - answer what was added with its number
 * @kind: the kind
 * @info: the request
 * @reply: the message, which is sent or freed
 * @hdr: its header
 * @id: the number
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int tb_named_reply(const struct tb_kind *kind, struct genl_info *info, struct sk_buff *reply,
		   void *hdr, u32 id)
{
	if (nla_put_u32(reply, kind->id_attr, id)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/**
 * tb_named_dump() - one message of a dump of all of a kind
 * @kind: the kind
 * @skb: the message
 * @cb: the dump
 * @command: enum tongbu_cmd
 * @put: tells of one; 0 or -EMSGSIZE
 *
 * Numbers rise along the list, so the next one to tell is all there is to remember.
 *
 * Context: process, sleeps.
 * Return: bytes in the message, 0 at the end.
 */
int tb_named_dump(struct tb_kind *kind, struct sk_buff *skb, struct netlink_callback *cb,
		  u8 command, int (*put)(struct sk_buff *skb, struct tb_named *named,
					 const struct netlink_callback *cb))
{
	struct tb_named *named;
	void *hdr;

	mutex_lock(&kind->lock);
	list_for_each_entry(named, &kind->list, list) {
		if (named->id < cb->args[0])
			continue;
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				  &tb_family, NLM_F_MULTI, command);
		if (!hdr)
			break;
		if (nla_put_u32(skb, kind->id_attr, named->id) ||
		    nla_put_string(skb, kind->name_attr, named->name) ||
		    put(skb, named, cb)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0] = named->id + 1;
	}
	mutex_unlock(&kind->lock);
	return skb->len;
}
