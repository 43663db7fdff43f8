// SPDX-License-Identifier: GPL-2.0-only
/* Sources, outputs and reflexes to the kernel and back, as the tables have them. */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_priv.h"

static bool is_zero(const uint8_t *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size && !bytes[i]; i++)
		;
	return i == size;
}

static int put(struct nl_msg *msg, const struct tb_field *field, const void *def)
{
	const uint8_t *at = (const uint8_t *)def + field->at;
	size_t size = field->size;

	if (field->use & TB_FIELD_UNLESS_0 && is_zero(at, size))
		return 0;
	if (field->kind == TB_FIELD_TEXT || field->kind == TB_FIELD_NAME)
		return nla_put_string(msg, field->attr, (const char *)at);
	if (field->kind == TB_FIELD_POLLS)
		size = ((const struct tb_source_def *)def)->serial.poll_count *
		       sizeof(struct tongbu_poll);
	return nla_put(msg, field->attr, (int)size, at);
}

/* What means nothing for its type, or is left to the kernel, is not asked for. */
static int put_all(struct nl_msg *msg, const struct tb_table *table, const void *def)
{
	const struct tb_field *field;

	tb_fields_each(field, table, def) if (field->use & TB_FIELD_SENT && field->attr &&
					      put(msg, field, def)) return -ENOMEM;
	return 0;
}

static int take(const struct nlattr *attr, const struct tb_field *field, void *def)
{
	uint8_t *at = (uint8_t *)def + field->at;
	struct tb_serial_def *serial;
	size_t len = (size_t)nla_len(attr);

	switch (field->kind) {
	case TB_FIELD_TEXT:
	case TB_FIELD_NAME:
		nla_strlcpy((char *)at, attr, field->size);
		return 0;
	case TB_FIELD_POLLS:
		serial = &((struct tb_source_def *)def)->serial;
		if (len > field->size)
			return -EBADMSG;
		memcpy(at, nla_data(attr), len);
		serial->poll_count = len / sizeof(struct tongbu_poll);
		return 0;
	default:
		return tb_kernel_copy(attr, at, field->size);
	}
}

/* 0, or -EBADMSG if what must be there is not */
static int take_all(struct nlattr **attrs, const struct tb_table *table, void *def)
{
	const struct tb_field *field;
	int ret = 0;

	/* The type first: what the others are depends on it. */
	for (field = table->fields; field->name && !ret; field++)
		if (table->type && field->at == table->type && attrs[field->attr])
			ret = take(attrs[field->attr], field, def);
	tb_fields_each(field, table, def)
	{
		if (ret || !field->attr)
			continue;
		if (attrs[field->attr])
			ret = take(attrs[field->attr], field, def);
		else if (field->kind == TB_FIELD_LEVEL)
			tb_field_put_number(field, def, TONGBU_LEVEL_UNKNOWN);
		else if (field->use & TB_FIELD_NEEDED)
			ret = -EBADMSG;
	}
	return ret;
}

/**
 * struct answer - the number of what was added
 * @attr: attribute it comes in
 * @id: where it goes
 */
struct answer {
	uint16_t attr;
	uint32_t *id;
};

static int take_id(struct nlattr **attrs, void *userdata)
{
	const struct answer *answer = userdata;

	return tb_kernel_copy(attrs[answer->attr], answer->id, sizeof(*answer->id));
}

/**
 * tb_kernel_add() - add an item
 * @kernel: the socket
 * @table: the item's table
 * @def: the item
 * @id: set to its number, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -EEXIST, -ENODEV, -EBUSY, -ERANGE and the like as the kernel
 * says; or another negative errno.
 */
int tb_kernel_add(struct tb_kernel *kernel, const struct tb_table *table, const void *def,
		  uint32_t *id, struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, table->add, 0, err);
	uint32_t new_id;
	/* Each table begins with the number. */
	struct answer answer = { .attr = table->fields[0].attr, .id = id ? id : &new_id };

	if (!msg)
		return -ENOMEM;
	if (put_all(msg, table, def)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, take_id, &answer, err);
}

/**
 * tb_kernel_del() - remove an item
 * @kernel: the socket
 * @table: the item's table
 * @id: its number; not read if @name is given
 * @name: its name, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -ENOENT, -EBUSY or -ENOBUFS as the kernel says; or another
 * negative errno.
 */
int tb_kernel_del(struct tb_kernel *kernel, const struct tb_table *table, uint32_t id,
		  const char *name, struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, table->del, 0, err);

	if (!msg)
		return -ENOMEM;
	/* And its second is the name. */
	if (name ? nla_put_string(msg, table->fields[1].attr, name) :
		   nla_put_u32(msg, table->fields[0].attr, id)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}

/**
 * struct listing - items as they come
 * @table: their table
 * @list: those that came
 */
struct listing {
	const struct tb_table *table;
	struct tb_list *list;
};

static int take_item(struct nlattr **attrs, void *userdata)
{
	const struct listing *listing = userdata;
	struct tb_list *list = listing->list;
	size_t size = listing->table->size;
	uint8_t *more = reallocarray(list->items, list->count + 1, size);

	if (!more)
		return -ENOMEM;
	list->items = more;
	more += list->count * size;
	memset(more, 0, size);
	if (take_all(attrs, listing->table, more))
		return -EBADMSG;
	list->count++;
	return 0;
}

/**
 * tb_kernel_list() - which items there are
 * @kernel: the socket
 * @table: their table
 * @list: set to them; the caller frees its items
 * @err: told what went wrong
 *
 * Anybody may ask.
 *
 * Return: 0 or a negative errno; @list then has nothing to free.
 */
int tb_kernel_list(struct tb_kernel *kernel, const struct tb_table *table, struct tb_list *list,
		   struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, table->get, NLM_F_DUMP, err);
	struct listing listing = { .table = table, .list = list };
	int ret;

	*list = (struct tb_list){ 0 };
	if (!msg)
		return -ENOMEM;
	ret = tb_kernel_transact(kernel, msg, take_item, &listing, err);
	if (ret) {
		free(list->items);
		*list = (struct tb_list){ 0 };
	}
	return ret;
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
