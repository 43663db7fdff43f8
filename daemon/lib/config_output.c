// SPDX-License-Identifier: GPL-2.0-only
/* The outputs and reflexes of the configuration. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"

/* All settings of a group, and then whether they go together */
static int get_fields(const struct tb_loading *l, const config_setting_t *group,
		      const struct tb_table *table, void *def)
{
	int i, ret = 0;

	for (i = 0; !ret && i < config_setting_length(group); i++)
		ret = tb_get_field(l, config_setting_get_elem(group, (unsigned int)i), table, def);
	return ret;
}

static int get_output(const struct tb_loading *l, const config_setting_t *group, void *item)
{
	struct tb_output_def *def = item;
	struct tb_error why;
	int ret;

	tb_output_def_init(def);
	def->flags = TONGBU_OUTPUT_CONFIGURED;
	ret = get_fields(l, group, &tb_output_table, def);
	if (!ret && tb_output_fault(def, &why))
		ret = tb_fault(l, group, "%s", why.text);
	return ret;
}

/**
 * tb_get_outputs() - the outputs
 * @l: the file
 * @list: their list
 * @devices: what they are added to
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_outputs(const struct tb_loading *l, const config_setting_t *list,
		   struct tb_devices *devices)
{
	void *items = NULL;
	int ret = tb_get_devices(l, list, &tb_output_table, &items, &devices->output_count,
				 get_output);

	devices->outputs = items;
	return ret;
}

static int get_reflex(const struct tb_loading *l, const config_setting_t *group, void *item)
{
	struct tb_reflex_def *def = item;
	struct tb_error why;
	int ret;

	tb_reflex_def_init(def);
	def->flags = TONGBU_REFLEX_CONFIGURED;
	ret = get_fields(l, group, &tb_reflex_table, def);
	if (!ret && tb_reflex_fault(def, &why))
		ret = tb_fault(l, group, "%s", why.text);
	return ret;
}

/**
 * tb_get_reflexes() - the reflexes
 * @l: the file
 * @list: their list
 * @devices: what they are added to
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_reflexes(const struct tb_loading *l, const config_setting_t *list,
		    struct tb_devices *devices)
{
	void *items = NULL;
	int ret = tb_get_devices(l, list, &tb_reflex_table, &items, &devices->reflex_count,
				 get_reflex);

	devices->reflexes = items;
	return ret;
}

static bool has_source(const struct tb_devices *devices, const char *name)
{
	return tb_table_item(&tb_source_table, devices->sources, devices->source_count, name);
}

/**
 * tb_check_reflexes() - is there all that reflexes name?
 * @l: the file
 * @root: the whole of it
 * @devices: what was read
 *
 * Return: 0 or -EINVAL.
 */
int tb_check_reflexes(const struct tb_loading *l, const config_setting_t *root,
		      const struct tb_devices *devices)
{
	const config_setting_t *list = config_setting_get_member(root, "reflexes"), *group;
	const struct tb_reflex_def *def;
	size_t i;

	for (i = 0; i < devices->reflex_count; i++) {
		def = &devices->reflexes[i];
		group = config_setting_get_elem(list, (unsigned int)i);
		if (!has_source(devices, def->source))
			return tb_fault(l, group, "reflex %s: there is no source %s", def->name,
					def->source);
		if (*def->second && !has_source(devices, def->second))
			return tb_fault(l, group, "reflex %s: there is no source %s", def->name,
					def->second);
		if (!tb_table_item(&tb_output_table, devices->outputs, devices->output_count,
				   def->output))
			return tb_fault(l, group, "reflex %s: there is no output %s", def->name,
					def->output);
	}
	return 0;
}
