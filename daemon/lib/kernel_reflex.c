// SPDX-License-Identifier: GPL-2.0-only
/* Reflexes, armed and disarmed over netlink. */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_priv.h"

static int take_id(struct nlattr **attrs, void *userdata)
{
	return tb_kernel_copy(attrs[TONGBU_A_REFLEX_ID], userdata, sizeof(uint32_t));
}

/* A time of 0 is left out: not every condition and action takes each of them. */
static bool put_time(struct nl_msg *msg, int attr, uint32_t value)
{
	return !value || !nla_put_u32(msg, attr, value);
}

static bool put_reflex(struct nl_msg *msg, const struct tb_reflex_def *def)
{
	return !nla_put_string(msg, TONGBU_A_REFLEX_NAME, def->name) &&
	       !nla_put_u32(msg, TONGBU_A_REFLEX_FLAGS, def->flags) &&
	       !nla_put_string(msg, TONGBU_A_SOURCE_NAME, def->source) &&
	       !nla_put_string(msg, TONGBU_A_OUTPUT_NAME, def->output) &&
	       !nla_put_u8(msg, TONGBU_A_REFLEX_CONDITION, def->condition) &&
	       !nla_put_u8(msg, TONGBU_A_REFLEX_LEVEL, def->level) &&
	       !nla_put_u8(msg, TONGBU_A_REFLEX_ACTION, def->action) &&
	       (!*def->second || !nla_put_string(msg, TONGBU_A_REFLEX_SECOND, def->second)) &&
	       put_time(msg, TONGBU_A_REFLEX_HOLD, def->hold) &&
	       put_time(msg, TONGBU_A_REFLEX_COUNT, def->count) &&
	       put_time(msg, TONGBU_A_REFLEX_WITHIN, def->within) &&
	       put_time(msg, TONGBU_A_REFLEX_LENGTH, def->length) &&
	       put_time(msg, TONGBU_A_REFLEX_PERIOD, def->period) &&
	       put_time(msg, TONGBU_A_REFLEX_COOLDOWN, def->cooldown);
}

/**
 * tb_kernel_reflex_add() - arm a reflex
 * @kernel: the socket
 * @def: what it shall be
 * @id: set to its number, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -EEXIST, -ENODEV, -ENOENT, -EBUSY, -ERANGE and the like as the
 * kernel says; or another negative errno.
 */
int tb_kernel_reflex_add(struct tb_kernel *kernel, const struct tb_reflex_def *def, uint32_t *id,
			 struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_REFLEX_ADD, 0, err);
	uint32_t new_id;

	if (!msg)
		return -ENOMEM;
	if (!put_reflex(msg, def)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, take_id, id ? id : &new_id, err);
}

/**
 * tb_kernel_reflex_del() - disarm a reflex
 * @kernel: the socket
 * @id: its number; not read if @name is given
 * @name: its name, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -ENOENT, -EBUSY or -ENOBUFS as the kernel says; or another
 * negative errno.
 */
int tb_kernel_reflex_del(struct tb_kernel *kernel, uint32_t id, const char *name,
			 struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_REFLEX_DEL, 0, err);

	if (!msg)
		return -ENOMEM;
	if (name ? nla_put_string(msg, TONGBU_A_REFLEX_NAME, name) :
		   nla_put_u32(msg, TONGBU_A_REFLEX_ID, id)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}

struct reflex_list {
	struct tb_reflex_def *reflexes;
	size_t count;
};

/* A number that need not be there */
static bool take(const struct nlattr *attr, uint32_t *value)
{
	return !attr || !tb_kernel_copy(attr, value, sizeof(*value));
}

static bool take_times(struct nlattr **attrs, struct tb_reflex_def *def)
{
	return take(attrs[TONGBU_A_REFLEX_HOLD], &def->hold) &&
	       take(attrs[TONGBU_A_REFLEX_COUNT], &def->count) &&
	       take(attrs[TONGBU_A_REFLEX_WITHIN], &def->within) &&
	       take(attrs[TONGBU_A_REFLEX_LENGTH], &def->length) &&
	       take(attrs[TONGBU_A_REFLEX_PERIOD], &def->period) &&
	       take(attrs[TONGBU_A_REFLEX_COOLDOWN], &def->cooldown);
}

static int take_reflex(struct nlattr **attrs, void *userdata)
{
	struct reflex_list *list = userdata;
	struct tb_reflex_def *more, *def;

	more = reallocarray(list->reflexes, list->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	list->reflexes = more;
	def = &more[list->count];
	memset(def, 0, sizeof(*def));
	if (!attrs[TONGBU_A_REFLEX_NAME] || !attrs[TONGBU_A_SOURCE_NAME] ||
	    !attrs[TONGBU_A_OUTPUT_NAME] ||
	    tb_kernel_copy(attrs[TONGBU_A_REFLEX_ID], &def->id, sizeof(def->id)) ||
	    tb_kernel_copy(attrs[TONGBU_A_REFLEX_FLAGS], &def->flags, sizeof(def->flags)) ||
	    tb_kernel_copy(attrs[TONGBU_A_REFLEX_CONDITION], &def->condition,
			   sizeof(def->condition)) ||
	    tb_kernel_copy(attrs[TONGBU_A_REFLEX_LEVEL], &def->level, sizeof(def->level)) ||
	    tb_kernel_copy(attrs[TONGBU_A_REFLEX_ACTION], &def->action, sizeof(def->action)) ||
	    tb_kernel_copy(attrs[TONGBU_A_REFLEX_FIRED], &def->fired, sizeof(def->fired)) ||
	    tb_kernel_copy(attrs[TONGBU_A_REFLEX_RESTED], &def->rested, sizeof(def->rested)))
		return -EBADMSG;
	if (!take_times(attrs, def))
		return -EBADMSG;
	if (attrs[TONGBU_A_REFLEX_SECOND])
		nla_strlcpy(def->second, attrs[TONGBU_A_REFLEX_SECOND], sizeof(def->second));
	nla_strlcpy(def->name, attrs[TONGBU_A_REFLEX_NAME], sizeof(def->name));
	nla_strlcpy(def->source, attrs[TONGBU_A_SOURCE_NAME], sizeof(def->source));
	nla_strlcpy(def->output, attrs[TONGBU_A_OUTPUT_NAME], sizeof(def->output));
	list->count++;
	return 0;
}

/**
 * tb_kernel_reflex_list() - which reflexes are armed
 * @kernel: the socket
 * @reflexes: set to them; the caller frees it
 * @count: set to how many there are
 * @err: told what went wrong
 *
 * Anybody may ask.
 *
 * Return: 0 or a negative errno.
 */
int tb_kernel_reflex_list(struct tb_kernel *kernel, struct tb_reflex_def **reflexes, size_t *count,
			  struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_REFLEX_GET, NLM_F_DUMP, err);
	struct reflex_list list = { NULL, 0 };
	int ret;

	if (!msg)
		return -ENOMEM;
	ret = tb_kernel_transact(kernel, msg, take_reflex, &list, err);
	if (ret) {
		free(list.reflexes);
		return ret;
	}
	*reflexes = list.reflexes;
	*count = list.count;
	return 0;
}
