// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Options of a device, and those any command has */
#define OPTIONS_MAX 44
#define OPTION_SALT CTL_OPTION(199)
#define OPTION_ROW  CTL_OPTION(200)

/**
 * device_open() - reach the kernel
 * @kernel: set to the socket
 *
 * Return: 0 or the exit status.
 */
int device_open(struct tb_kernel **kernel)
{
	struct tb_error err;
	int ret = tb_kernel_open(kernel, &err);

	if (!ret)
		return 0;
	ctl_bad("%s", err.text);
	return ret == -ENOENT ? CTL_NO_MODULE : CTL_FAILED;
}

/* A name there are two rows of, of other types, is one option. */
static bool is_again(const struct tb_field *first, const struct tb_field *field)
{
	for (; first < field; first++)
		if (!strcmp(first->name, field->name))
			return true;
	return false;
}

static void make_options(const struct tb_table *table, struct option *options, char names[][32])
{
	const struct tb_field *field;
	size_t i = 0;

	for (field = table->fields; field->name && i < OPTIONS_MAX - 2; field++) {
		if (!(field->use & TB_FIELD_SET) || !strcmp(field->name, "name") ||
		    is_again(table->fields, field))
			continue;
		tb_field_option(field, names[i], sizeof(names[i]));
		options[i].name = names[i];
		options[i].has_arg = field->kind == TB_FIELD_FLAG ? no_argument : required_argument;
		options[i].val = OPTION_ROW + (int)(field - table->fields);
		i++;
	}
	if (table == &tb_source_table)
		options[i] = (struct option){ "salt-file", required_argument, NULL, OPTION_SALT };
}

/**
 * device_options() - read the options of a command about devices
 * @argc: number of arguments
 * @argv: the arguments
 * @given: its table is set; told what was said
 *
 * Return: 0 or the exit status.
 */
int device_options(int argc, char **argv, struct device_given *given)
{
	struct option options[OPTIONS_MAX] = { 0 };
	char names[OPTIONS_MAX][32];
	const struct tb_field *field;
	int option;

	make_options(given->table, options, names);
	while ((option = ctl_option(argc, argv, "", options)) != -1) {
		if (option == OPTION_SALT) {
			given->salt_file = optarg;
			continue;
		}
		if (option < OPTION_ROW)
			return CTL_FAILED;
		if (given->count == DEVICE_GIVEN_MAX)
			return ctl_bad("these are more options than there are");
		field = &given->table->fields[option - OPTION_ROW];
		given->names[given->count] = field->name;
		given->values[given->count++] = optarg ?: "true";
	}
	return 0;
}

static int take_one(const struct tb_table *table, void *def, const char *name, const char *value)
{
	const struct tb_field *field;
	struct tb_error err;
	char option[32];

	if (tb_field_find(table, def, name, &field, &err))
		return ctl_bad("%s", err.text);
	tb_field_option(field, option, sizeof(option));
	return tb_field_take(field, def, value, &err) ?
		       ctl_bad("--%s %s: %s", option, value, err.text) :
		       0;
}

/**
 * device_take() - set what was given
 * @given: what was
 * @name: the device's name
 * @def: the device, as it is unless something else is said
 *
 * Return: 0 or the exit status.
 */
int device_take(const struct device_given *given, const char *name, void *def)
{
	int status = take_one(given->table, def, "name", name);
	size_t i;

	for (i = 0; !status && i < given->count; i++)
		status = take_one(given->table, def, given->names[i], given->values[i]);
	return status;
}

/**
 * device_add() - add a device, and tell its number
 * @table: its table
 * @def: the device
 * @name: its name
 *
 * Return: the exit status.
 */
int device_add(const struct tb_table *table, const void *def, const char *name)
{
	struct tb_kernel *kernel;
	struct tb_error err;
	uint32_t id = 0;
	int ret, status = device_open(&kernel);

	if (status)
		return status;
	ret = tb_kernel_add(kernel, table, def, &id, &err);
	tb_kernel_close(kernel);
	if (ret)
		return ctl_refused(&err);
	if (ctl.json)
		return ctl_print(json_pack("{s:s, s:I}", "name", name, "id", (json_int_t)id));
	printf("%s is %s %u\n", name, table->what, id);
	return CTL_OK;
}

/**
 * device_del() - remove a device; programs are told, people see the prompt
 * @table: its table
 * @name: its name
 *
 * Return: the exit status.
 */
int device_del(const struct tb_table *table, const char *name)
{
	struct tb_kernel *kernel;
	struct tb_error err;
	int ret, status = device_open(&kernel);

	if (status)
		return status;
	ret = tb_kernel_del(kernel, table, 0, name, &err);
	tb_kernel_close(kernel);
	if (ret)
		return ctl_refused(&err);
	return ctl.json ? ctl_print(json_pack("{s:s}", "name", name)) : CTL_OK;
}

/**
 * device_list() - print devices
 * @table: their table
 * @head: the table's first line
 * @row: prints one
 *
 * Return: the exit status.
 */
int device_list(const struct tb_table *table, const char *head, void (*row)(const void *def))
{
	struct tb_kernel *kernel;
	struct tb_error err;
	struct tb_list list;
	const char *def;
	int ret, status = device_open(&kernel);
	size_t i;

	if (status)
		return status;
	ret = tb_kernel_list(kernel, table, &list, &err);
	tb_kernel_close(kernel);
	if (ret)
		return ctl_failed(&err);
	if (!ctl.json)
		puts(head);
	for (i = 0; i < list.count && !status; i++) {
		def = (const char *)list.items + i * table->size;
		if (ctl.json)
			status = ctl_print(tb_fields_json(table, def));
		else
			row(def);
	}
	free(list.items);
	return status;
}

/**
 * device_get() - find a device by its name
 * @table: its table
 * @name: its name
 * @def: set to it
 *
 * Return: 0 or the exit status, after saying why.
 */
int device_get(const struct tb_table *table, const char *name, void *def)
{
	int ret, status = CTL_FAILED;
	struct tb_kernel *kernel;
	struct tb_error err;
	struct tb_list list;
	const char *item;
	size_t i;

	ret = device_open(&kernel);
	if (ret)
		return ret;
	ret = tb_kernel_list(kernel, table, &list, &err);
	tb_kernel_close(kernel);
	if (ret)
		return ctl_failed(&err);
	for (i = 0; i < list.count && status; i++) {
		item = (const char *)list.items + i * table->size;
		/* The second row is of the name. */
		if (strcmp(item + table->fields[1].at, name) != 0)
			continue;
		memcpy(def, item, table->size);
		status = 0;
	}
	free(list.items);
	if (!status)
		return CTL_OK;
	return ctl_bad("there is no %s %s: tongbuctl %s list shows those there are", table->what,
		       name, table->what);
}

/**
 * device_state() - how a device fares, in words
 * @state: enum tongbu_source_state
 * @text: where to: "GONE", "SILENT STORM", or "ok"
 * @size: its bytes
 */
void device_state(uint32_t state, char *text, size_t size)
{
	static const char *const words[] = { "GONE", "SILENT", "STORM" };
	size_t i;

	*text = '\0';
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (state >> i & 1)
			snprintf(text + strlen(text), size - strlen(text), "%s%s", *text ? " " : "",
				 words[i]);
	if (!*text)
		snprintf(text, size, "ok");
}
