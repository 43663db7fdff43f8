// SPDX-License-Identifier: GPL-2.0-only
/* Settings of one kind and another; what cannot be has file, line and a reason. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "chip.h"
#include "config_priv.h"

/**
 * tb_get_string() - a string of any length
 * @l: the file
 * @setting: the setting
 * @value: set to a copy; what was there is freed
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_string(const struct tb_loading *l, const config_setting_t *setting, char **value)
{
	const char *text = config_setting_get_string(setting);
	char *copy;

	if (!text || !*text)
		return tb_fault(l, setting, "%s must be a string, and not an empty one",
				config_setting_name(setting));
	copy = strdup(text);
	if (!copy)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	free(*value);
	*value = copy;
	return 0;
}

/**
 * tb_get_strings() - a list of strings, none of them empty
 * @l: the file
 * @list: the setting
 * @example: such a list, for people
 * @values: set to copies, the caller's, also after a failure
 * @count: set to how many
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_strings(const struct tb_loading *l, const config_setting_t *list, const char *example,
		   char ***values, size_t *count)
{
	const char *name = config_setting_name(list), *text;
	int i, length;

	if (!config_setting_is_array(list) && !config_setting_is_list(list))
		return tb_fault(l, list, "%s stand in brackets: %s", name, example);
	length = config_setting_length(list);
	*values = calloc(length ? (size_t)length : 1, sizeof(**values));
	if (!*values)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	for (i = 0; i < length; i++) {
		text = config_setting_get_string_elem(list, i);
		if (!text || !*text)
			return tb_fault(l, list, "%s are named by strings: %s", name, example);
		(*values)[i] = strdup(text);
		if (!(*values)[i])
			return tb_error_set(l->err, -ENOMEM, "out of memory");
		++*count;
	}
	return 0;
}

/**
 * tb_get_number() - a whole number
 * @l: the file
 * @setting: the setting
 * @min: the least
 * @max: the most
 * @value: set to it
 *
 * Return: 0 or -EINVAL.
 */
int tb_get_number(const struct tb_loading *l, const config_setting_t *setting, uint32_t min,
		  uint32_t max, uint32_t *value)
{
	long long number = config_setting_get_int64(setting);

	if (!config_setting_is_number(setting) ||
	    config_setting_type(setting) == CONFIG_TYPE_FLOAT || number < min || number > max)
		return tb_fault(l, setting, "%s must be a number from %u to %u",
				config_setting_name(setting), min, max);
	*value = (uint32_t)number;
	return 0;
}

/**
 * tb_get_word() - a number that has a word
 * @l: the file
 * @setting: the setting
 * @name_of: gives the words
 * @value: set to the number
 *
 * Return: 0 or -EINVAL.
 */
int tb_get_word(const struct tb_loading *l, const config_setting_t *setting,
		const char *(*name_of)(unsigned int number), uint8_t *value)
{
	const char *text = config_setting_get_string(setting);
	int number = text ? tb_word_number(name_of, text) : -EINVAL;
	char known[128] = "";
	unsigned int i;

	if (number >= 0) {
		*value = (uint8_t)number;
		return 0;
	}
	for (i = 0; i < 16; i++)
		if (name_of(i))
			snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s\"%s\"",
				 *known ? ", " : "", name_of(i));
	return tb_fault(l, setting, "%s must be one of %s", config_setting_name(setting), known);
}

/* What is not of the kind a field has becomes what it cannot be. */
static const char *as_text(const config_setting_t *setting, const struct tb_field *field,
			   char number[32])
{
	bool is_number = config_setting_type(setting) == CONFIG_TYPE_INT ||
			 config_setting_type(setting) == CONFIG_TYPE_INT64;
	const char *text = config_setting_get_string(setting);

	if (is_number)
		snprintf(number, 32, "%lld", config_setting_get_int64(setting));
	switch (field->kind) {
	case TB_FIELD_NUMBER:
		return is_number ? number : "";
	case TB_FIELD_WORD:
		/* A word may be a number, "0". */
		return is_number ? number : text && !strchr("0123456789", *text) ? text : "";
	default:
		return text ?: "";
	}
}

/* What stands in a file is of the next start as well. */
static int refuse_number(const struct tb_loading *l, const config_setting_t *setting,
			 const char *text)
{
	char device[TONGBU_NAME_LEN];
	struct tb_error why;

	if (tb_chip_device(text, device, &why))
		return tb_fault(l, setting, "%s", why.text);
	return tb_fault(l, setting,
			"%s may be another chip after the next start: its device is %s, name that",
			text, device);
}

/**
 * tb_get_field() - a setting that a table has
 * @l: the file
 * @setting: the setting
 * @table: the table
 * @def: the item it is of
 *
 * Return: 0 or -EINVAL.
 */
int tb_get_field(const struct tb_loading *l, const config_setting_t *setting,
		 const struct tb_table *table, void *def)
{
	const char *name = config_setting_name(setting), *text;
	const struct tb_field *field;
	struct tb_error why;
	char number[32];

	if (tb_field_find(table, def, name, &field, &why))
		return tb_fault(l, setting, "%s", why.text);
	text = as_text(setting, field, number);
	if (field->kind == TB_FIELD_FLAG) {
		if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
			return tb_fault(l, setting, "%s must be true or false", name);
		text = config_setting_get_bool(setting) ? "true" : "false";
	}
	if (field->attr == TONGBU_A_GPIO_CHIP && text && tb_chip_is_number(text))
		return refuse_number(l, setting, text);
	return tb_field_take(field, def, text, &why) ? tb_fault(l, setting, "%s", why.text) : 0;
}

/**
 * tb_get_list() - a list of groups in braces
 * @l: the file
 * @list: the list
 * @word: what one of them is, "source"
 * @size: bytes of an item
 * @items: set to an array of them, the caller's to free even after a failure
 * @count: set to how many were read
 * @get: reads a group into an item
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_list(const struct tb_loading *l, const config_setting_t *list, const char *word,
		size_t size, void **items, size_t *count,
		int (*get)(const struct tb_loading *l, const config_setting_t *group, void *item))
{
	const config_setting_t *group;
	size_t wanted;
	int ret;

	if (!config_setting_is_list(list))
		return tb_fault(l, list, "%s stand in parentheses: ( { ... }, { ... } )",
				config_setting_name(list));
	wanted = (size_t)config_setting_length(list);
	*items = calloc(wanted ? wanted : 1, size);
	if (!*items)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	for (*count = 0; *count < wanted; (*count)++) {
		group = config_setting_get_elem(list, (unsigned int)*count);
		if (!config_setting_is_group(group))
			return tb_fault(l, group, "a %s stands in braces: { name = ...; }", word);
		ret = get(l, group, (char *)*items + *count * size);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * tb_get_devices() - a list of sources, outputs or reflexes, each with a name of its own
 * @l: the file
 * @list: the list
 * @table: their table
 * @items: set to an array of them, the caller's to free even after a failure
 * @count: set to how many were read
 * @get: reads a group into an item
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_devices(const struct tb_loading *l, const config_setting_t *list,
		   const struct tb_table *table, void **items, size_t *count,
		   int (*get)(const struct tb_loading *l, const config_setting_t *group,
			      void *item))
{
	int ret = tb_get_list(l, list, table->what, table->size, items, count, get);
	const char *item = *items, *name;
	size_t i;

	for (i = 0; i < *count && !ret; i++, item += table->size) {
		name = tb_table_name(table, item);
		if (tb_table_item(table, *items, i, name))
			ret = tb_fault(l, config_setting_get_elem(list, (unsigned int)i),
				       "there are two %ss named %s", table->what, name);
	}
	return ret;
}
