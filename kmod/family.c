// SPDX-License-Identifier: GPL-2.0-only
/* The family's tables, and what its operations share. They stand with their nouns. */
#include "family.h"

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "compat.h"
#include "due.h"
#include "info.h"
#include "output.h"
#include "policy.h"
#include "reader.h"
#include "reflex.h"
#include "source.h"
#include "submit.h"

/* Messages of refusals. The answer that carries one is made right
 * after the operation, in the same task, so a slot serves again long after it
 * was copied; if 256 refusals should ever overtake one, its words are wrong,
 * its errno is not.
 */
#define MESSAGES	256
#define MESSAGE_LEN	160

static char messages[MESSAGES][MESSAGE_LEN];
static atomic_t next_message = ATOMIC_INIT(0);

/**
 * tb_refuse() - say why a request is turned down
 * @extack: where to say it, or NULL
 * @attr: the attribute at fault, or NULL
 * @err: a negative errno
 * @fmt: the reason and the remedy, naming the thing
 *
 * Context: process; does not sleep.
 * Return: @err.
 */
int tb_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, int err,
	      const char *fmt, ...)
{
	char *text = messages[(unsigned int)atomic_inc_return(&next_message) % MESSAGES];
	va_list args;

	if (!extack)
		return err;
	va_start(args, fmt);
	vsnprintf(text, MESSAGE_LEN, fmt, args);
	va_end(args);
	extack->_msg = text;
	extack->bad_attr = attr;
	return err;
}

/**
 * tb_require_attr() - insist on an attribute; see tb_require()
 * @info: the request
 * @attr: enum tongbu_attr
 * @name: its name
 * @what: what it is, in words
 *
 * Context: process; does not sleep.
 * Return: 0, or -EINVAL if it is not there.
 */
int tb_require_attr(struct genl_info *info, int attr, const char *name, const char *what)
{
	if (info->attrs[attr])
		return 0;
	return tb_refuse(info->extack, NULL, -EINVAL, "attribute %s is missing: %s", name, what);
}

/**
 * tb_check_name() - insist on a plain name
 * @attr: the attribute that gives it, a string
 * @whose: what it is the name of, in words
 * @extack: where to say why not
 *
 * Names end up in records, tables and file names.
 *
 * Context: process; does not sleep.
 * Return: 0, or -EINVAL after tb_refuse().
 */
int tb_check_name(const struct nlattr *attr, const char *whose, struct netlink_ext_ack *extack)
{
	/* Bytes, so that UTF-8 passes wherever a char has a sign */
	const u8 *c = nla_data(attr);

	if (!*c)
		return tb_refuse(extack, attr, -EINVAL, "the %s's name is empty", whose);
	for (; *c; c++)
		if (*c <= ' ' || *c == 0x7f)
			return tb_refuse(extack, attr, -EINVAL,
					 "the %s's name has a blank or control character: use letters, digits, - and _",
					 whose);
	return 0;
}

/**
 * tb_reply_new() - begin the answer to a request
 * @info: the request
 * @cmd: enum tongbu_cmd
 * @hdr: set to what genlmsg_end() wants
 *
 * Context: process, sleeps.
 * Return: the message, or NULL without memory.
 */
struct sk_buff *tb_reply_new(struct genl_info *info, u8 cmd, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put_reply(skb, info, &tb_family, 0, cmd);
	if (!*hdr) {
		nlmsg_free(skb);
		return NULL;
	}
	return skb;
}

/**
 * tb_caller_uid() - real user id of the caller
 *
 * Context: process; does not sleep.
 * Return: the id, as the initial user namespace numbers it.
 */
u32 tb_caller_uid(void)
{
	return from_kuid(&init_user_ns, current_uid());
}

/**
 * tb_caller_pid() - process id of the caller
 *
 * Context: process; does not sleep.
 * Return: the id, as the initial pid namespace numbers it.
 */
u32 tb_caller_pid(void)
{
	return task_tgid_nr(current);
}

/* A string is all of its attribute: what stands behind a NUL would go unseen. */
static int whole_strings(const tb_pre_ops *ops, struct sk_buff *skb, struct genl_info *info)
{
	unsigned int i;

	for (i = 1; i <= ops->maxattr; i++) {
		const struct nlattr *nla = info->attrs[i];

		if (nla && ops->policy[i].type == NLA_NUL_STRING &&
		    strnlen(nla_data(nla), nla_len(nla)) != nla_len(nla) - 1)
			return tb_refuse(info->extack, nla, -EINVAL,
					 "a name is over with the NUL that ends it: leave out what stands behind");
	}
	return 0;
}

static const struct genl_ops tb_ops[] = {
	{
		.cmd = TONGBU_CMD_INFO_GET,
		.doit = tb_info_get,
	},
	{
		.cmd = TONGBU_CMD_CHAIN_START,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_info_chain_start,
		.policy = tongbu_chain_start_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_chain_start_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CHAIN_END,
		.doit = tb_info_chain_end,
	},
	{
		.cmd = TONGBU_CMD_ATTACH,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reader_attach,
	},
	{
		.cmd = TONGBU_CMD_READ,
		.flags = GENL_ADMIN_PERM,
		.dumpit = tb_reader_read,
		.policy = tongbu_read_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_read_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_ACK,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reader_ack,
		.policy = tongbu_ack_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_ack_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_STATE,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reader_clock_state,
		.policy = tongbu_clock_state_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_clock_state_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SUBMIT,
		.doit = tb_submit,
		.policy = tongbu_submit_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_submit_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SOURCE_ADD,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_source_add,
		.policy = tongbu_source_add_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_source_add_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SOURCE_DEL,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_source_del,
		.policy = tongbu_source_del_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_source_del_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SOURCE_GET,
		.dumpit = tb_source_get,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_ARM,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_due_arm,
		.policy = tongbu_clock_arm_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_clock_arm_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_CANCEL,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_due_cancel,
		.policy = tongbu_clock_cancel_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_clock_cancel_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_GET,
		.dumpit = tb_due_get,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_ADD,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_output_add,
		.policy = tongbu_output_add_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_output_add_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_DEL,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_output_del,
		.policy = tongbu_output_del_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_output_del_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_SET,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_output_set,
		.policy = tongbu_output_set_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_output_set_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_GET,
		.dumpit = tb_output_get,
	},
	{
		.cmd = TONGBU_CMD_REFLEX_ADD,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reflex_add,
		.policy = tongbu_reflex_add_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_reflex_add_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_REFLEX_DEL,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reflex_del,
		.policy = tongbu_reflex_del_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_reflex_del_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_REFLEX_GET,
		.dumpit = tb_reflex_get,
	},
};

static const struct genl_multicast_group tb_groups[] = {
	{ .name = TONGBU_MCGRP_HINT, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family tb_family __ro_after_init = {
	.name = TONGBU_FAMILY_NAME,
	.version = TONGBU_FAMILY_VERSION,
	.module = THIS_MODULE,
	.ops = tb_ops,
	.n_ops = ARRAY_SIZE(tb_ops),
	.mcgrps = tb_groups,
	.n_mcgrps = ARRAY_SIZE(tb_groups),
	.pre_doit = whole_strings,
	/* Submissions of different people need not wait for each other */
	.parallel_ops = true,
};

/**
 * tb_family_init() - open the family: from here on requests come
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno.
 */
int __init tb_family_init(void)
{
	int err = genl_register_family(&tb_family);

	if (!err)
		tb_reader_family_open(true);
	return err;
}

/**
 * tb_family_exit() - close the family; returns when the last request is done
 *
 * Context: process, sleeps.
 */
void tb_family_exit(void)
{
	tb_reader_family_open(false);
	genl_unregister_family(&tb_family);
}
