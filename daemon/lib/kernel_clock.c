// SPDX-License-Identifier: GPL-2.0-only
/* Clocks that come due, armed over netlink by who owns the chain. */
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>

#include "kernel_priv.h"

/**
 * tb_kernel_clock_arm() - arm a clock, or move one
 * @kernel: the socket that owns the chain
 * @id: its number
 * @due: when, CLOCK_REALTIME, ns
 * @err: told what went wrong
 *
 * Return: 0; -EALREADY if it came due at just that time, in a record that is not
 * acknowledged: nothing needs to be done; -ENOSPC, -ENOTCONN, -EBUSY or -ERANGE
 * as the kernel says; or another negative errno.
 */
int tb_kernel_clock_arm(struct tb_kernel *kernel, uint64_t id, uint64_t due, struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_CLOCK_ARM, 0, err);

	if (!msg)
		return -ENOMEM;
	if (nla_put_u64(msg, TONGBU_A_CLOCK_ID, id) || nla_put_u64(msg, TONGBU_A_CLOCK_DUE, due)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}

/**
 * tb_kernel_clock_cancel() - a clock shall not come due
 * @kernel: the socket that owns the chain
 * @id: its number
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if there is none such; -EALREADY if it has come due;
 * -ENOTCONN or -EBUSY as the kernel says; or another negative errno.
 */
int tb_kernel_clock_cancel(struct tb_kernel *kernel, uint64_t id, struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_CLOCK_CANCEL, 0, err);

	if (!msg)
		return -ENOMEM;
	if (nla_put_u64(msg, TONGBU_A_CLOCK_ID, id)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}

struct clock_list {
	struct tb_clock_def *clocks;
	size_t count;
	size_t room;
};

static int take_clock(struct nlattr **attrs, void *userdata)
{
	struct clock_list *list = userdata;
	struct tb_clock_def *more, def = { .seq = UINT64_MAX };

	if (tb_kernel_copy(attrs[TONGBU_A_CLOCK_ID], &def.id, sizeof(def.id)) ||
	    tb_kernel_copy(attrs[TONGBU_A_CLOCK_DUE], &def.due, sizeof(def.due)) ||
	    (attrs[TONGBU_A_SEQ] && tb_kernel_copy(attrs[TONGBU_A_SEQ], &def.seq, sizeof(def.seq))))
		return -EBADMSG;
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		more = reallocarray(list->clocks, list->room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		list->clocks = more;
	}
	list->clocks[list->count++] = def;
	return 0;
}

/**
 * tb_kernel_clock_list() - which clocks are armed
 * @kernel: the socket
 * @clocks: set to them, by rising number; the caller frees it
 * @count: set to how many there are
 * @err: told what went wrong
 *
 * Anybody may ask.
 *
 * Return: 0 or a negative errno.
 */
int tb_kernel_clock_list(struct tb_kernel *kernel, struct tb_clock_def **clocks, size_t *count,
			 struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_CLOCK_GET, NLM_F_DUMP, err);
	struct clock_list list = { NULL, 0, 0 };
	int ret;

	if (!msg)
		return -ENOMEM;
	ret = tb_kernel_transact(kernel, msg, take_clock, &list, err);
	if (ret) {
		free(list.clocks);
		return ret;
	}
	*clocks = list.clocks;
	*count = list.count;
	return 0;
}
