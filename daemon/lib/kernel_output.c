// SPDX-License-Identifier: GPL-2.0-only
/* Outputs, taken, set and let go over netlink. */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_priv.h"

static int take_id(struct nlattr **attrs, void *userdata)
{
	return tb_kernel_copy(attrs[TONGBU_A_OUTPUT_ID], userdata, sizeof(uint32_t));
}

static bool put_output(struct nl_msg *msg, const struct tb_output_def *def)
{
	return !nla_put_string(msg, TONGBU_A_OUTPUT_NAME, def->name) &&
	       !nla_put_u32(msg, TONGBU_A_OUTPUT_FLAGS, def->flags) &&
	       !nla_put_string(msg, TONGBU_A_GPIO_CHIP, def->chip) &&
	       !nla_put_u32(msg, TONGBU_A_GPIO_LINE, def->line) &&
	       !nla_put_u8(msg, TONGBU_A_OUTPUT_SAFE, def->safe) &&
	       (!def->away || !nla_put_u32(msg, TONGBU_A_OUTPUT_AWAY, def->away));
}

/**
 * tb_kernel_output_add() - take an output
 * @kernel: the socket
 * @def: what it shall be
 * @id: set to its number, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -EEXIST, -ENODEV, -ENOENT, -EBUSY, -ERANGE and the like as the
 * kernel says; or another negative errno.
 */
int tb_kernel_output_add(struct tb_kernel *kernel, const struct tb_output_def *def, uint32_t *id,
			 struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_OUTPUT_ADD, 0, err);
	uint32_t new_id;

	if (!msg)
		return -ENOMEM;
	if (!put_output(msg, def)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, take_id, id ? id : &new_id, err);
}

/**
 * tb_kernel_output_del() - let go of an output
 * @kernel: the socket
 * @id: its number; not read if @name is given
 * @name: its name, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -ENOENT, -EBUSY or -ENOBUFS as the kernel says; or another
 * negative errno.
 */
int tb_kernel_output_del(struct tb_kernel *kernel, uint32_t id, const char *name,
			 struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_OUTPUT_DEL, 0, err);

	if (!msg)
		return -ENOMEM;
	if (name ? nla_put_string(msg, TONGBU_A_OUTPUT_NAME, name) :
		   nla_put_u32(msg, TONGBU_A_OUTPUT_ID, id)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}

/**
 * tb_kernel_output_set() - set an output
 * @kernel: the socket
 * @name: its name
 * @value: on or off
 * @cause: number of the record that asks for it, or %TONGBU_SEQ_NONE
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -ENOENT or -ENODEV as the kernel says; or another negative
 * errno.
 */
int tb_kernel_output_set(struct tb_kernel *kernel, const char *name, bool value, uint64_t cause,
			 struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_OUTPUT_SET, 0, err);

	if (!msg)
		return -ENOMEM;
	if (nla_put_string(msg, TONGBU_A_OUTPUT_NAME, name) ||
	    nla_put_u8(msg, TONGBU_A_OUTPUT_VALUE, value) ||
	    (cause != TONGBU_SEQ_NONE && nla_put_u64(msg, TONGBU_A_OUTPUT_CAUSE, cause))) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}

struct output_list {
	struct tb_output_def *outputs;
	size_t count;
};

static int take_output(struct nlattr **attrs, void *userdata)
{
	struct output_list *list = userdata;
	struct tb_output_def *more, *def;

	more = reallocarray(list->outputs, list->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	list->outputs = more;
	def = &more[list->count];
	memset(def, 0, sizeof(*def));
	if (!attrs[TONGBU_A_OUTPUT_NAME] || !attrs[TONGBU_A_GPIO_CHIP] ||
	    tb_kernel_copy(attrs[TONGBU_A_OUTPUT_ID], &def->id, sizeof(def->id)) ||
	    tb_kernel_copy(attrs[TONGBU_A_OUTPUT_FLAGS], &def->flags, sizeof(def->flags)) ||
	    tb_kernel_copy(attrs[TONGBU_A_GPIO_LINE], &def->line, sizeof(def->line)) ||
	    tb_kernel_copy(attrs[TONGBU_A_OUTPUT_SAFE], &def->safe, sizeof(def->safe)) ||
	    tb_kernel_copy(attrs[TONGBU_A_OUTPUT_AWAY], &def->away, sizeof(def->away)) ||
	    tb_kernel_copy(attrs[TONGBU_A_OUTPUT_VALUE], &def->value, sizeof(def->value)) ||
	    tb_kernel_copy(attrs[TONGBU_A_OUTPUT_CHANGES], &def->changes, sizeof(def->changes)))
		return -EBADMSG;
	if (attrs[TONGBU_A_SOURCE_STATE] &&
	    tb_kernel_copy(attrs[TONGBU_A_SOURCE_STATE], &def->state, sizeof(def->state)))
		return -EBADMSG;
	nla_strlcpy(def->name, attrs[TONGBU_A_OUTPUT_NAME], sizeof(def->name));
	nla_strlcpy(def->chip, attrs[TONGBU_A_GPIO_CHIP], sizeof(def->chip));
	list->count++;
	return 0;
}

/**
 * tb_kernel_output_list() - which outputs are taken
 * @kernel: the socket
 * @outputs: set to them; the caller frees it
 * @count: set to how many there are
 * @err: told what went wrong
 *
 * Anybody may ask.
 *
 * Return: 0 or a negative errno.
 */
int tb_kernel_output_list(struct tb_kernel *kernel, struct tb_output_def **outputs, size_t *count,
			  struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_OUTPUT_GET, NLM_F_DUMP, err);
	struct output_list list = { NULL, 0 };
	int ret;

	if (!msg)
		return -ENOMEM;
	ret = tb_kernel_transact(kernel, msg, take_output, &list, err);
	if (ret) {
		free(list.outputs);
		return ret;
	}
	*outputs = list.outputs;
	*count = list.count;
	return 0;
}
