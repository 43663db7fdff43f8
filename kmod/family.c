// SPDX-License-Identifier: GPL-2.0-only
/* The family's tables, and what its operations share. They stand with their nouns. */
#include "family.h"

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "due.h"
#include "info.h"
#include "output.h"
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

/* A name is all of its attribute: what stands behind a NUL would go unseen. */
static int check_string(const struct nlattr *nla, struct netlink_ext_ack *extack, int most)
{
	int len = nla_len(nla);

	if (len > 0 && len <= most && strnlen(nla_data(nla), len) == len - 1)
		return 0;
	return tb_refuse(extack, nla, -EINVAL,
			 "a name has up to %d bytes and the NUL that ends it: give one that does",
			 most - 1);
}

static int check_name(const struct nlattr *nla, struct netlink_ext_ack *extack)
{
	return check_string(nla, extack, TONGBU_NAME_LEN);
}

static int check_device(const struct nlattr *nla, struct netlink_ext_ack *extack)
{
	return check_string(nla, extack, TONGBU_DEVICE_LEN);
}

#define NAME_POLICY	NLA_POLICY_VALIDATE_FN(NLA_BINARY, check_name)
#define DEVICE_POLICY	NLA_POLICY_VALIDATE_FN(NLA_BINARY, check_device)

/* Binary values whose length is checked in the operation, with better words */
#define BYTES_POLICY	{ .type = NLA_BINARY }

static const struct nla_policy chain_start_policy[TONGBU_A_PREV_TAG + 1] = {
	[TONGBU_A_PUBKEY] = BYTES_POLICY,
	[TONGBU_A_PREV_CHAIN] = BYTES_POLICY,
	[TONGBU_A_PREV_SEQ] = { .type = NLA_U64 },
	[TONGBU_A_PREV_TAG] = BYTES_POLICY,
};

static const struct nla_policy seq_policy[TONGBU_A_SEQ + 1] = {
	[TONGBU_A_SEQ] = { .type = NLA_U64 },
};

static const struct nla_policy clock_state_policy[TONGBU_A_CLOCK_MAXERROR + 1] = {
	[TONGBU_A_CLOCK_SYNCED] = NLA_POLICY_MAX(NLA_U8, 1),
	[TONGBU_A_CLOCK_ESTERROR] = { .type = NLA_U32 },
	[TONGBU_A_CLOCK_MAXERROR] = { .type = NLA_U32 },
};

static const struct nla_policy submit_policy[TONGBU_A_ACT_DATA + 1] = {
	[TONGBU_A_ACT_FORMAT] = NLA_POLICY_MAX(NLA_U8, TONGBU_ACT_MARK),
	[TONGBU_A_ACT_DATA] = BYTES_POLICY,
};

static const struct nla_policy source_add_policy[TONGBU_A_SERIAL_POLLS + 1] = {
	[TONGBU_A_SOURCE_NAME] = NAME_POLICY,
	[TONGBU_A_SOURCE_TYPE] = NLA_POLICY_RANGE(NLA_U8, TONGBU_SOURCE_GPIO,
						  TONGBU_SOURCE_SERIAL),
	[TONGBU_A_SOURCE_FLAGS] = NLA_POLICY_MASK(NLA_U32, TONGBU_SOURCE_ACTIVE_LOW |
						  TONGBU_SOURCE_CONFIGURED |
						  TONGBU_SOURCE_GRAB |
						  TONGBU_SOURCE_HASHED |
						  TONGBU_SOURCE_MODEM),
	[TONGBU_A_GPIO_CHIP] = NAME_POLICY,
	[TONGBU_A_GPIO_LINE] = { .type = NLA_U32 },
	[TONGBU_A_GPIO_EDGES] = NLA_POLICY_RANGE(NLA_U8, TONGBU_EDGE_RISING,
						 TONGBU_EDGE_BOTH),
	[TONGBU_A_GPIO_BIAS] = NLA_POLICY_MAX(NLA_U8, TONGBU_BIAS_PULL_DOWN),
	[TONGBU_A_GPIO_DEBOUNCE] = { .type = NLA_U32 },
	[TONGBU_A_SOURCE_SILENT] = { .type = NLA_U32 },
	[TONGBU_A_SOURCE_RATE] = { .type = NLA_U32 },
	[TONGBU_A_SOURCE_INTERVAL] = { .type = NLA_U32 },
	[TONGBU_A_INPUT_NAME] = DEVICE_POLICY,
	[TONGBU_A_INPUT_PHYS] = DEVICE_POLICY,
	[TONGBU_A_INPUT_VENDOR] = { .type = NLA_U16 },
	[TONGBU_A_INPUT_PRODUCT] = { .type = NLA_U16 },
	[TONGBU_A_INPUT_MODE] = NLA_POLICY_RANGE(NLA_U8, TONGBU_INPUT_KEYS,
						 TONGBU_INPUT_CODE),
	[TONGBU_A_INPUT_KEY] = { .type = NLA_U16 },
	[TONGBU_A_INPUT_TIMEOUT] = { .type = NLA_U32 },
	[TONGBU_A_INPUT_SALT] = BYTES_POLICY,
	[TONGBU_A_SERIAL_PORT] = NAME_POLICY,
	[TONGBU_A_SERIAL_BAUD] = { .type = NLA_U32 },
	[TONGBU_A_SERIAL_BITS] = NLA_POLICY_RANGE(NLA_U8, 7, 8),
	[TONGBU_A_SERIAL_PARITY] = NLA_POLICY_MAX(NLA_U8, TONGBU_PARITY_ODD),
	[TONGBU_A_SERIAL_STOP] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[TONGBU_A_SERIAL_FRAMING] = NLA_POLICY_RANGE(NLA_U8, TONGBU_FRAMING_LINE,
						     TONGBU_FRAMING_FIXED),
	[TONGBU_A_SERIAL_LENGTH] = { .type = NLA_U32 },
	[TONGBU_A_SERIAL_GAP] = { .type = NLA_U32 },
	[TONGBU_A_SERIAL_TIMEOUT] = { .type = NLA_U32 },
	[TONGBU_A_SERIAL_POLLS] = BYTES_POLICY,
};

static const struct nla_policy source_del_policy[TONGBU_A_SOURCE_NAME + 1] = {
	[TONGBU_A_SOURCE_ID] = { .type = NLA_U32 },
	[TONGBU_A_SOURCE_NAME] = NAME_POLICY,
};

static const struct nla_policy output_add_policy[TONGBU_A_OUTPUT_AWAY + 1] = {
	[TONGBU_A_GPIO_CHIP] = NAME_POLICY,
	[TONGBU_A_GPIO_LINE] = { .type = NLA_U32 },
	[TONGBU_A_OUTPUT_NAME] = NAME_POLICY,
	[TONGBU_A_OUTPUT_FLAGS] = NLA_POLICY_MASK(NLA_U32, TONGBU_OUTPUT_ACTIVE_LOW |
						  TONGBU_OUTPUT_CONFIGURED),
	[TONGBU_A_OUTPUT_SAFE] = NLA_POLICY_MAX(NLA_U8, 1),
	[TONGBU_A_OUTPUT_AWAY] = { .type = NLA_U32 },
};

static const struct nla_policy output_del_policy[TONGBU_A_OUTPUT_NAME + 1] = {
	[TONGBU_A_OUTPUT_ID] = { .type = NLA_U32 },
	[TONGBU_A_OUTPUT_NAME] = NAME_POLICY,
};

static const struct nla_policy output_set_policy[TONGBU_A_OUTPUT_CAUSE + 1] = {
	[TONGBU_A_OUTPUT_ID] = { .type = NLA_U32 },
	[TONGBU_A_OUTPUT_NAME] = NAME_POLICY,
	[TONGBU_A_OUTPUT_VALUE] = NLA_POLICY_MAX(NLA_U8, 1),
	[TONGBU_A_OUTPUT_CAUSE] = { .type = NLA_U64 },
};

static const struct nla_policy reflex_add_policy[TONGBU_A_REFLEX_COOLDOWN + 1] = {
	[TONGBU_A_SOURCE_NAME] = NAME_POLICY,
	[TONGBU_A_OUTPUT_NAME] = NAME_POLICY,
	[TONGBU_A_REFLEX_NAME] = NAME_POLICY,
	[TONGBU_A_REFLEX_FLAGS] = NLA_POLICY_MASK(NLA_U32, TONGBU_REFLEX_CONFIGURED),
	[TONGBU_A_REFLEX_CONDITION] = NLA_POLICY_RANGE(NLA_U8, TONGBU_WHEN_EDGE,
						       TONGBU_WHEN_BOTH),
	[TONGBU_A_REFLEX_LEVEL] = NLA_POLICY_MAX(NLA_U8, TONGBU_LEVEL_ANY),
	[TONGBU_A_REFLEX_SECOND] = NAME_POLICY,
	[TONGBU_A_REFLEX_HOLD] = { .type = NLA_U32 },
	[TONGBU_A_REFLEX_COUNT] = { .type = NLA_U32 },
	[TONGBU_A_REFLEX_WITHIN] = { .type = NLA_U32 },
	[TONGBU_A_REFLEX_ACTION] = NLA_POLICY_RANGE(NLA_U8, TONGBU_DO_SET, TONGBU_DO_BLINK),
	[TONGBU_A_REFLEX_LENGTH] = { .type = NLA_U32 },
	[TONGBU_A_REFLEX_PERIOD] = { .type = NLA_U32 },
	[TONGBU_A_REFLEX_COOLDOWN] = { .type = NLA_U32 },
};

static const struct nla_policy reflex_del_policy[TONGBU_A_REFLEX_NAME + 1] = {
	[TONGBU_A_REFLEX_ID] = { .type = NLA_U32 },
	[TONGBU_A_REFLEX_NAME] = NAME_POLICY,
};

static const struct genl_ops tb_ops[] = {
	{
		.cmd = TONGBU_CMD_INFO_GET,
		.doit = tb_info_get,
	},
	{
		.cmd = TONGBU_CMD_CHAIN_START,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_info_chain_start,
		.policy = chain_start_policy,
		.maxattr = ARRAY_SIZE(chain_start_policy) - 1,
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
		.policy = seq_policy,
		.maxattr = ARRAY_SIZE(seq_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_ACK,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reader_ack,
		.policy = seq_policy,
		.maxattr = ARRAY_SIZE(seq_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_STATE,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reader_clock_state,
		.policy = clock_state_policy,
		.maxattr = ARRAY_SIZE(clock_state_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SUBMIT,
		.doit = tb_submit,
		.policy = submit_policy,
		.maxattr = ARRAY_SIZE(submit_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SOURCE_ADD,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_source_add,
		.policy = source_add_policy,
		.maxattr = ARRAY_SIZE(source_add_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SOURCE_DEL,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_source_del,
		.policy = source_del_policy,
		.maxattr = ARRAY_SIZE(source_del_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SOURCE_GET,
		.dumpit = tb_source_get,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_ARM,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_due_arm,
		.policy = tb_due_arm_policy,
		.maxattr = ARRAY_SIZE(tb_due_arm_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_CANCEL,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_due_cancel,
		.policy = tb_due_cancel_policy,
		.maxattr = ARRAY_SIZE(tb_due_cancel_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_GET,
		.dumpit = tb_due_get,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_ADD,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_output_add,
		.policy = output_add_policy,
		.maxattr = ARRAY_SIZE(output_add_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_DEL,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_output_del,
		.policy = output_del_policy,
		.maxattr = ARRAY_SIZE(output_del_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_SET,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_output_set,
		.policy = output_set_policy,
		.maxattr = ARRAY_SIZE(output_set_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_GET,
		.dumpit = tb_output_get,
	},
	{
		.cmd = TONGBU_CMD_REFLEX_ADD,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reflex_add,
		.policy = reflex_add_policy,
		.maxattr = ARRAY_SIZE(reflex_add_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_REFLEX_DEL,
		.flags = GENL_ADMIN_PERM,
		.doit = tb_reflex_del,
		.policy = reflex_del_policy,
		.maxattr = ARRAY_SIZE(reflex_del_policy) - 1,
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
