// SPDX-License-Identifier: GPL-2.0-only
/* Sources, armed and disarmed over netlink. */
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_priv.h"

static int take_id(struct nlattr **attrs, void *userdata)
{
	return tb_kernel_copy(attrs[TONGBU_A_SOURCE_ID], userdata, sizeof(uint32_t));
}

/**
 * tb_kernel_source_add() - arm a source
 * @kernel: the socket
 * @def: what it shall be
 * @id: set to its number, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -EEXIST, -ENODEV, -EBUSY, -ERANGE and the like as the
 * kernel says; or another negative errno.
 */
int tb_kernel_source_add(struct tb_kernel *kernel, const struct tb_source_def *def, uint32_t *id,
			 struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_SOURCE_ADD, 0, err);
	uint32_t new_id;

	if (!msg)
		return -ENOMEM;
	if (nla_put_string(msg, TONGBU_A_SOURCE_NAME, def->name) ||
	    nla_put_u32(msg, TONGBU_A_SOURCE_FLAGS, def->flags) ||
	    nla_put_string(msg, TONGBU_A_GPIO_CHIP, def->chip) ||
	    nla_put_u32(msg, TONGBU_A_GPIO_LINE, def->line) ||
	    nla_put_u8(msg, TONGBU_A_GPIO_EDGES, def->edges) ||
	    nla_put_u8(msg, TONGBU_A_GPIO_BIAS, def->bias) ||
	    nla_put_u32(msg, TONGBU_A_GPIO_DEBOUNCE, def->debounce)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, take_id, id ? id : &new_id, err);
}

/**
 * tb_kernel_source_del() - disarm a source
 * @kernel: the socket
 * @id: its number; not read if @name is given
 * @name: its name, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -ENOENT or -ENOBUFS as the kernel says; or another
 * negative errno.
 */
int tb_kernel_source_del(struct tb_kernel *kernel, uint32_t id, const char *name,
			 struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_SOURCE_DEL, 0, err);

	if (!msg)
		return -ENOMEM;
	if (name ? nla_put_string(msg, TONGBU_A_SOURCE_NAME, name) :
		   nla_put_u32(msg, TONGBU_A_SOURCE_ID, id)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}

struct source_list {
	struct tb_source_def *sources;
	size_t count;
};

static int take_source(struct nlattr **attrs, void *userdata)
{
	struct source_list *list = userdata;
	struct tb_source_def *more, *def;

	more = reallocarray(list->sources, list->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	list->sources = more;
	def = &more[list->count];
	memset(def, 0, sizeof(*def));
	if (!attrs[TONGBU_A_SOURCE_NAME] || !attrs[TONGBU_A_GPIO_CHIP] ||
	    tb_kernel_copy(attrs[TONGBU_A_SOURCE_ID], &def->id, sizeof(def->id)) ||
	    tb_kernel_copy(attrs[TONGBU_A_SOURCE_FLAGS], &def->flags, sizeof(def->flags)) ||
	    tb_kernel_copy(attrs[TONGBU_A_SOURCE_SEALED], &def->sealed, sizeof(def->sealed)) ||
	    tb_kernel_copy(attrs[TONGBU_A_SOURCE_LOST], &def->lost, sizeof(def->lost)) ||
	    tb_kernel_copy(attrs[TONGBU_A_SOURCE_LEVEL], &def->level, sizeof(def->level)) ||
	    tb_kernel_copy(attrs[TONGBU_A_GPIO_LINE], &def->line, sizeof(def->line)) ||
	    tb_kernel_copy(attrs[TONGBU_A_GPIO_EDGES], &def->edges, sizeof(def->edges)) ||
	    tb_kernel_copy(attrs[TONGBU_A_GPIO_BIAS], &def->bias, sizeof(def->bias)) ||
	    tb_kernel_copy(attrs[TONGBU_A_GPIO_DEBOUNCE], &def->debounce, sizeof(def->debounce)))
		return -EBADMSG;
	nla_strlcpy(def->name, attrs[TONGBU_A_SOURCE_NAME], sizeof(def->name));
	nla_strlcpy(def->chip, attrs[TONGBU_A_GPIO_CHIP], sizeof(def->chip));
	list->count++;
	return 0;
}

/**
 * tb_kernel_source_list() - which sources are armed
 * @kernel: the socket
 * @sources: set to them; the caller frees it
 * @count: set to how many there are
 * @err: told what went wrong
 *
 * Anybody may ask.
 *
 * Return: 0 or a negative errno.
 */
int tb_kernel_source_list(struct tb_kernel *kernel, struct tb_source_def **sources, size_t *count,
			  struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_SOURCE_GET, NLM_F_DUMP, err);
	struct source_list list = { NULL, 0 };
	int ret;

	if (!msg)
		return -ENOMEM;
	ret = tb_kernel_transact(kernel, msg, take_source, &list, err);
	if (ret) {
		free(list.sources);
		return ret;
	}
	*sources = list.sources;
	*count = list.count;
	return 0;
}
