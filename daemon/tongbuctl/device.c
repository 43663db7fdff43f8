// SPDX-License-Identifier: GPL-2.0-only
#include "chip.h"
#include "device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timefmt.h"

#include "people.h"

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

/* A name there are several rows of, of other types, is one option. */
static const char *name_of(const struct tb_table *table, const char *option)
{
	const struct tb_field *field;
	char text[32];

	for (field = table->fields; field->name; field++) {
		tb_field_option(field, text, sizeof(text));
		if (!strcmp(text, option))
			return field->name;
	}
	return option;
}

/* Options of a command that adds a device, and its name: 0 or the exit status */
static int take_options(int argc, char **argv, struct device_given *given)
{
	int option;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option == OPT_SALT_FILE) {
			given->salt_file = optarg;
			continue;
		}
		if (option != OPT_FIELD)
			return CTL_FAILED;
		if (given->count == DEVICE_GIVEN_MAX)
			return ctl_bad("too many options: give each of them once");
		given->names[given->count] = name_of(given->table, ctl_given->name);
		given->values[given->count++] = optarg ?: "true";
	}
	if (optind + 1 != argc)
		return ctl_bad("which one? %s add NAME: see tongbuctl %s --help", argv[0], argv[0]);
	return 0;
}

static int take_one(const struct tb_table *table, void *def, const char *name, const char *value)
{
	const struct tb_field *field;
	struct tb_error err;
	char option[32], chip[TONGBU_NAME_LEN];

	if (tb_field_find(table, def, name, &field, &err))
		return ctl_bad("%s", err.text);
	tb_field_option(field, option, sizeof(option));
	/* On record is what stays. */
	if (field->attr == TONGBU_A_GPIO_CHIP && tb_chip_is_number(value)) {
		if (tb_chip_device(value, chip, &err))
			return ctl_bad("--%s %s: %s", option, value, err.text);
		value = chip;
	}
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

static int add(const struct tb_table *table, const void *def, const char *name)
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
 * device_add() - tongbuctl source|output|reflex add: add one, and tell its number
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int device_add(int argc, char **argv)
{
	const struct device_kind *kind = device_kind(argv[0]);
	struct device_given given = { .table = kind->table, .salt_file = "/var/lib/tongbu/salt" };
	int status = take_options(argc, argv, &given);
	void *def = status ? NULL : calloc(1, kind->table->size);

	if (!status)
		status = def ? kind->take(&given, argv[optind], def) : ctl_bad("out of memory");
	if (!status)
		status = add(kind->table, def, argv[optind]);
	free(def);
	return status;
}

/* The one NAME of a command, or NULL after saying what is wrong */
static const char *one_name(int argc, char **argv, const char *word)
{
	if (ctl_option(argc, argv) != -1)
		return NULL;
	if (optind + 1 == argc)
		return argv[optind];
	ctl_bad("which one? %s %s NAME: see tongbuctl %s list", argv[0], word, argv[0]);
	return NULL;
}

/**
 * device_remove() - tongbuctl source|output|reflex remove; programs are told, people see the
 * prompt
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int device_remove(int argc, char **argv)
{
	const struct tb_table *table = device_kind(argv[0])->table;
	const char *name = one_name(argc, argv, "remove");
	struct tb_kernel *kernel;
	struct tb_error err;
	int ret, status = name ? device_open(&kernel) : CTL_FAILED;

	if (status)
		return status;
	ret = tb_kernel_del(kernel, table, 0, name, &err);
	tb_kernel_close(kernel);
	if (ret)
		return ctl_refused(&err);
	return ctl.json ? ctl_print(json_pack("{s:s}", "name", name)) : CTL_OK;
}

static int get_list(const struct tb_table *table, struct tb_list *list)
{
	struct tb_kernel *kernel;
	struct tb_error err;
	int ret, status = device_open(&kernel);

	if (status)
		return status;
	ret = tb_kernel_list(kernel, table, list, &err);
	tb_kernel_close(kernel);
	return ret ? ctl_failed(&err) : 0;
}

static int get_one(const struct tb_table *table, const char *name, void *def)
{
	struct tb_list list;
	const void *item;
	int status = get_list(table, &list);

	if (status)
		return status;
	item = tb_table_item(table, list.items, list.count, name);
	if (item)
		memcpy(def, item, table->size);
	free(list.items);
	return item ? 0 :
		      ctl_bad("there is no %s %s: tongbuctl %s list shows those there are",
			      table->what, name, table->what);
}

static bool is_moment(const struct tb_table *table, const char *name)
{
	const struct tb_field *field;

	for (field = table->fields; field->name; field++)
		if (field->kind == TB_FIELD_MOMENT && !strcmp(field->name, name))
			return true;
	return false;
}

/* One field a line; what is empty or not known is left out */
static void print_field(const struct tb_table *table, const char *name, const json_t *value)
{
	char time[TB_TIME_SIZE], *text;
	const json_t *item;
	uint64_t moment;
	size_t i;

	if (json_is_null(value) || (json_is_array(value) && !json_array_size(value)))
		return;
	printf("%-14s", name);
	if (is_moment(table, name) && !tb_time_parse(json_string_value(value), 0, &moment, NULL)) {
		printf(" %s", tb_time_text(moment, time));
	} else if (json_is_string(value)) {
		putchar(' ');
		people_put(json_string_value(value));
	} else if (json_is_array(value) && json_is_string(json_array_get(value, 0))) {
		json_array_foreach((json_t *)value, i, item) {
			putchar(' ');
			people_put(json_string_value(item));
		}
	} else {
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		printf(" %s", text ?: "?");
		free(text);
	}
	putchar('\n');
}

/**
 * device_show() - tongbuctl source|output|reflex show: all that is set of one, and its state
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int device_show(int argc, char **argv)
{
	const struct device_kind *kind = device_kind(argv[0]);
	const struct tb_table *table = kind->table;
	const char *name = one_name(argc, argv, "show"), *key;
	void *def = name ? calloc(1, table->size) : NULL;
	int status = def ? get_one(table, name, def) : CTL_FAILED;
	json_t *fields, *value;

	if (status) {
		free(def);
		return status;
	}
	fields = tb_fields_json(table, def);
	if (!ctl.json) {
		ctl_zone();
		json_object_foreach(fields, key, value)
			print_field(table, key, value);
	}
	if (kind->more)
		kind->more(def, fields);
	free(def);
	if (ctl.json)
		return ctl_print(fields);
	json_decref(fields);
	return CTL_OK;
}

/**
 * device_list() - tongbuctl source|output|reflex list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int device_list(int argc, char **argv)
{
	const struct device_kind *kind = device_kind(argv[0]);
	const struct tb_table *table = kind->table;
	int status = ctl_nothing(argc, argv);
	json_t *rows = NULL;
	struct tb_list list;
	const char *def;
	size_t i;

	if (!status)
		status = get_list(table, &list);
	if (status)
		return status;
	ctl_pager();
	if (!ctl.json)
		rows = json_array();
	for (i = 0; i < list.count && !status; i++) {
		def = (const char *)list.items + i * table->size;
		if (ctl.json)
			status = ctl_print(tb_fields_json(table, def));
		else
			json_array_append_new(rows, kind->row(def));
	}
	free(list.items);
	if (!ctl.json)
		people_table(kind->columns, rows, 0, "");
	json_decref(rows);
	return status;
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
