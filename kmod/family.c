// SPDX-License-Identifier: GPL-2.0-only
/* The family's tables, and what its operations share. They stand with their nouns. */
#include "family.h"

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <net/sock.h>

#include "compat.h"
#include "due.h"
#include "info.h"
#include "output.h"
#include "policy.h"
#include "reader.h"
#include "reflex.h"
#include "source.h"
#include "submit.h"

/* Tasks that may have words of refusal at once */
#define TASKS		128
#define WORDS_LEN	160

/* PID_MAX_LIMIT is no more. */
#define PID_BITS	22

/**
 * struct words - why a task was refused last
 * @task: which one, as number_of() has it; 0 for nobody
 * @text: the words
 *
 * The answer that carries them is made right after the operation, by the same task: they
 * stay until that is refused again, or is no more.
 */
static struct words {
	u64 task;
	char text[WORDS_LEN];
} words[TASKS];

/* No other task ever has the same, but for one of that id started 73 minutes later */
static u64 number_of(struct task_struct *task)
{
	return task->start_boottime << PID_BITS | task_pid_nr(task);
}

static bool is_gone(u64 number)
{
	struct task_struct *task;
	bool gone;

	rcu_read_lock();
	task = pid_task(find_pid_ns(number & GENMASK(PID_BITS - 1, 0), &init_pid_ns), PIDTYPE_PID);
	gone = !task || number_of(task) != number;
	rcu_read_unlock();
	return gone;
}

/* Where the caller's words go; NULL if too many others have some */
static char *my_words(void)
{
	u64 me = number_of(current), other;
	struct words *slot;

	for (slot = words; slot < words + TASKS; slot++)
		if (READ_ONCE(slot->task) == me)
			return slot->text;
	for (slot = words; slot < words + TASKS; slot++) {
		other = READ_ONCE(slot->task);
		if ((!other || is_gone(other)) && cmpxchg(&slot->task, other, me) == other)
			return slot->text;
	}
	return NULL;
}

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
	va_list args;
	char *text;

	if (!extack)
		return err;
	text = my_words();
	if (text) {
		va_start(args, fmt);
		vsnprintf(text, WORDS_LEN, fmt, args);
		va_end(args);
	}
	extack->_msg = text ?: "refused; too many others are refused just now to say why";
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

/**
 * tb_opened_by_caller() - is the socket the caller's own?
 * @skb: the request
 *
 * A privileged program could be made to write to one it was handed.
 *
 * Context: process; does not sleep.
 * Return: true if it was opened by the same user.
 */
bool tb_opened_by_caller(struct sk_buff *skb)
{
	const struct socket *socket = NETLINK_CB(skb).sk->sk_socket;

	return socket && socket->file &&
	       uid_eq(socket->file->f_cred->uid, current_uid()) &&
	       uid_eq(socket->file->f_cred->euid, current_euid());
}

/* A string is all of its attribute: what stands behind a NUL would go unseen. */
static int whole_strings(const tb_pre_ops *ops, struct genl_info *info)
{
	unsigned int i;

	for (i = 1; i <= ops->maxattr; i++) {
		const struct nlattr *nla = info->attrs[i];

		if (nla && ops->policy[i].type == NLA_NUL_STRING &&
		    strnlen(nla_data(nla), nla_len(nla)) != nla_len(nla) - 1)
			return tb_refuse(info->extack, nla, -EINVAL,
					 "a name has bytes behind the NUL that ends it: leave them out");
	}
	return 0;
}

/* Operations that arm, set, begin or end */
#define TB_CONTROL	1

/**
 * tb_may_control() - may the caller arm and disarm, set outputs, begin and end a chain?
 * @skb: the request
 *
 * CAP_NET_ADMIN is not asked for: who runs a container with the host's network often
 * has it there. The reader has been let in by the mode of the device.
 *
 * Context: process, sleeps.
 * Return: true if it has CAP_SYS_ADMIN, or is the reader on a socket of its own.
 */
bool tb_may_control(struct sk_buff *skb)
{
	return netlink_capable(skb, CAP_SYS_ADMIN) ||
	       (tb_opened_by_caller(skb) && tb_reader_is_caller());
}

static int before_each(const tb_pre_ops *ops, struct sk_buff *skb, struct genl_info *info)
{
	if ((ops->internal_flags & TB_CONTROL) && !tb_may_control(skb))
		return tb_refuse(info->extack, NULL, -EPERM,
				 "this takes CAP_SYS_ADMIN, or /dev/tongbu held open: run it as root");
	return whole_strings(ops, info);
}

static const struct genl_ops tb_ops[] = {
	{
		.cmd = TONGBU_CMD_INFO_GET,
		.doit = tb_info_get,
	},
	{
		.cmd = TONGBU_CMD_CHAIN_START,
		.internal_flags = TB_CONTROL,
		.doit = tb_info_chain_start,
		.policy = tongbu_chain_start_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_chain_start_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CHAIN_END,
		.internal_flags = TB_CONTROL,
		.doit = tb_info_chain_end,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_STATE,
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
		.internal_flags = TB_CONTROL,
		.doit = tb_source_add,
		.policy = tongbu_source_add_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_source_add_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_SOURCE_DEL,
		.internal_flags = TB_CONTROL,
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
		.doit = tb_due_arm,
		.policy = tongbu_clock_arm_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_clock_arm_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_CLOCK_CANCEL,
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
		.internal_flags = TB_CONTROL,
		.doit = tb_output_add,
		.policy = tongbu_output_add_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_output_add_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_DEL,
		.internal_flags = TB_CONTROL,
		.doit = tb_output_del,
		.policy = tongbu_output_del_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_output_del_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_OUTPUT_SET,
		.internal_flags = TB_CONTROL,
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
		.internal_flags = TB_CONTROL,
		.doit = tb_reflex_add,
		.policy = tongbu_reflex_add_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_reflex_add_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_REFLEX_DEL,
		.internal_flags = TB_CONTROL,
		.doit = tb_reflex_del,
		.policy = tongbu_reflex_del_nl_policy,
		.maxattr = ARRAY_SIZE(tongbu_reflex_del_nl_policy) - 1,
	},
	{
		.cmd = TONGBU_CMD_REFLEX_GET,
		.dumpit = tb_reflex_get,
	},
};

struct genl_family tb_family __ro_after_init = {
	.name = TONGBU_FAMILY_NAME,
	.version = TONGBU_FAMILY_VERSION,
	.module = THIS_MODULE,
	.ops = tb_ops,
	.n_ops = ARRAY_SIZE(tb_ops),
	.pre_doit = before_each,
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
	return genl_register_family(&tb_family);
}

/**
 * tb_family_exit() - close the family; returns when the last request is done
 *
 * Context: process, sleeps.
 */
void tb_family_exit(void)
{
	genl_unregister_family(&tb_family);
}
