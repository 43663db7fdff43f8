// SPDX-License-Identifier: GPL-2.0-only
/* Sources, armed and disarmed over netlink. */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_priv.h"

static int take_id(struct nlattr **attrs, void *userdata)
{
	return tb_kernel_copy(attrs[TONGBU_A_SOURCE_ID], userdata, sizeof(uint32_t));
}

static bool put_line(struct nl_msg *msg, const struct tb_source_def *def)
{
	return !nla_put_string(msg, TONGBU_A_GPIO_CHIP, def->chip) &&
	       !nla_put_u32(msg, TONGBU_A_GPIO_LINE, def->line) &&
	       !nla_put_u8(msg, TONGBU_A_GPIO_EDGES, def->edges) &&
	       !nla_put_u8(msg, TONGBU_A_GPIO_BIAS, def->bias) &&
	       (!def->debounce || !nla_put_u32(msg, TONGBU_A_GPIO_DEBOUNCE, def->debounce));
}

static bool put_input(struct nl_msg *msg, const struct tb_source_def *def)
{
	const struct tb_input_def *in = &def->input;

	return (!*in->device || !nla_put_string(msg, TONGBU_A_INPUT_NAME, in->device)) &&
	       (!*in->phys || !nla_put_string(msg, TONGBU_A_INPUT_PHYS, in->phys)) &&
	       (!in->vendor || !nla_put_u16(msg, TONGBU_A_INPUT_VENDOR, in->vendor)) &&
	       (!in->product || !nla_put_u16(msg, TONGBU_A_INPUT_PRODUCT, in->product)) &&
	       (!in->key || !nla_put_u16(msg, TONGBU_A_INPUT_KEY, in->key)) &&
	       (!in->timeout || !nla_put_u32(msg, TONGBU_A_INPUT_TIMEOUT, in->timeout)) &&
	       !nla_put_u8(msg, TONGBU_A_INPUT_MODE, in->mode) &&
	       (!(def->flags & TONGBU_SOURCE_HASHED) ||
		!nla_put(msg, TONGBU_A_INPUT_SALT, sizeof(in->salt), in->salt));
}

static bool put_serial(struct nl_msg *msg, const struct tb_source_def *def)
{
	const struct tb_serial_def *s = &def->serial;
	int polls = (int)(s->poll_count * sizeof(s->polls[0]));

	return !nla_put_string(msg, TONGBU_A_SERIAL_PORT, def->chip) &&
	       !nla_put_u32(msg, TONGBU_A_SERIAL_BAUD, s->baud) &&
	       !nla_put_u8(msg, TONGBU_A_SERIAL_BITS, s->bits) &&
	       !nla_put_u8(msg, TONGBU_A_SERIAL_PARITY, s->parity) &&
	       !nla_put_u8(msg, TONGBU_A_SERIAL_STOP, s->stop) &&
	       !nla_put_u8(msg, TONGBU_A_SERIAL_FRAMING, s->framing) &&
	       (!s->length || !nla_put_u32(msg, TONGBU_A_SERIAL_LENGTH, s->length)) &&
	       (!s->gap || !nla_put_u32(msg, TONGBU_A_SERIAL_GAP, s->gap)) &&
	       (!s->timeout || !nla_put_u32(msg, TONGBU_A_SERIAL_TIMEOUT, s->timeout)) &&
	       (!polls || !nla_put(msg, TONGBU_A_SERIAL_POLLS, polls, s->polls));
}

/* What means nothing for its type, or is left to the kernel, is not asked for. */
static bool put_source(struct nl_msg *msg, const struct tb_source_def *def)
{
	if (nla_put_string(msg, TONGBU_A_SOURCE_NAME, def->name) ||
	    nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, def->type) ||
	    nla_put_u32(msg, TONGBU_A_SOURCE_FLAGS, def->flags) ||
	    (def->silent && nla_put_u32(msg, TONGBU_A_SOURCE_SILENT, def->silent)) ||
	    (def->rate && nla_put_u32(msg, TONGBU_A_SOURCE_RATE, def->rate)) ||
	    (def->interval && nla_put_u32(msg, TONGBU_A_SOURCE_INTERVAL, def->interval)))
		return false;
	if (def->type == TONGBU_SOURCE_INPUT)
		return put_input(msg, def);
	if (def->type == TONGBU_SOURCE_SERIAL)
		return put_serial(msg, def);
	return put_line(msg, def);
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
	if (!put_source(msg, def)) {
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

/* A number that need not be there */
static bool take(struct nlattr **attrs, int attr, void *value, size_t len)
{
	return !attrs[attr] || !tb_kernel_copy(attrs[attr], value, len);
}

#define TAKE(attr, field) take(attrs, TONGBU_A_##attr, &(field), sizeof(field))

static void take_string(const struct nlattr *attr, char *text, size_t size)
{
	if (attr)
		nla_strlcpy(text, attr, size);
}

static bool take_input(struct nlattr **attrs, struct tb_input_def *in)
{
	take_string(attrs[TONGBU_A_INPUT_NAME], in->device, sizeof(in->device));
	take_string(attrs[TONGBU_A_INPUT_PHYS], in->phys, sizeof(in->phys));
	take_string(attrs[TONGBU_A_INPUT_DEVICE], in->present, sizeof(in->present));
	return TAKE(INPUT_VENDOR, in->vendor) && TAKE(INPUT_PRODUCT, in->product) &&
	       TAKE(INPUT_KEY, in->key) && TAKE(INPUT_TIMEOUT, in->timeout) &&
	       TAKE(INPUT_MODE, in->mode);
}

static bool take_serial(struct nlattr **attrs, struct tb_serial_def *s)
{
	const struct nlattr *polls = attrs[TONGBU_A_SERIAL_POLLS];
	size_t len = polls ? (size_t)nla_len(polls) : 0;

	if (len > sizeof(s->polls))
		return false;
	if (polls)
		memcpy(s->polls, nla_data(polls), len);
	s->poll_count = len / sizeof(s->polls[0]);
	return TAKE(SERIAL_BAUD, s->baud) && TAKE(SERIAL_BITS, s->bits) &&
	       TAKE(SERIAL_PARITY, s->parity) && TAKE(SERIAL_STOP, s->stop) &&
	       TAKE(SERIAL_FRAMING, s->framing) && TAKE(SERIAL_LENGTH, s->length) &&
	       TAKE(SERIAL_GAP, s->gap) && TAKE(SERIAL_TIMEOUT, s->timeout) &&
	       TAKE(SERIAL_GOOD, s->good) && TAKE(SERIAL_BAD, s->bad);
}

static bool take_fields(struct nlattr **attrs, struct tb_source_def *def)
{
	take_string(attrs[TONGBU_A_SOURCE_NAME], def->name, sizeof(def->name));
	take_string(attrs[TONGBU_A_GPIO_CHIP] ?: attrs[TONGBU_A_SERIAL_PORT], def->chip,
		    sizeof(def->chip));
	return TAKE(SOURCE_TYPE, def->type) && TAKE(SOURCE_FLAGS, def->flags) &&
	       TAKE(SOURCE_SEALED, def->sealed) && TAKE(SOURCE_LOST, def->lost) &&
	       TAKE(SOURCE_LEVEL, def->level) && TAKE(SOURCE_SILENT, def->silent) &&
	       TAKE(SOURCE_RATE, def->rate) && TAKE(SOURCE_INTERVAL, def->interval) &&
	       TAKE(SOURCE_STATE, def->state) && TAKE(SOURCE_LAST, def->last) &&
	       TAKE(GPIO_LINE, def->line) && TAKE(GPIO_EDGES, def->edges) &&
	       TAKE(GPIO_BIAS, def->bias) && TAKE(GPIO_DEBOUNCE, def->debounce) &&
	       take_input(attrs, &def->input) && take_serial(attrs, &def->serial);
}

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
	def->type = TONGBU_SOURCE_GPIO;
	def->level = TONGBU_LEVEL_UNKNOWN;
	if (!attrs[TONGBU_A_SOURCE_NAME] ||
	    tb_kernel_copy(attrs[TONGBU_A_SOURCE_ID], &def->id, sizeof(def->id)) ||
	    !take_fields(attrs, def))
		return -EBADMSG;
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
