// SPDX-License-Identifier: GPL-2.0-only
/* The sources of the configuration, of all types. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"

/* They are read when all else is; of which types there are is told here. */
static int check_values(const struct tb_loading *l, const config_setting_t *setting,
			const struct tb_source_def *def)
{
	if (def->type == TONGBU_SOURCE_COUNTER || def->type == TONGBU_SOURCE_SERIAL)
		return 0;
	return tb_fault(l, setting, "a source of type %s has no setting values: see tongbu.conf(5)",
			tb_source_type_name(def->type));
}

static int get_source(const struct tb_loading *l, const config_setting_t *group, void *item)
{
	const config_setting_t *type = config_setting_get_member(group, "type"), *setting;
	struct tb_source_def *def = item;
	struct tb_error why;
	const char *name;
	int i, ret = 0;

	def->type = TONGBU_SOURCE_GPIO;
	/* What there is besides depends on it. */
	if (type)
		ret = tb_get_field(l, type, &tb_source_table, def);
	tb_source_def_init(def, def->type);
	def->flags = TONGBU_SOURCE_CONFIGURED;
	for (i = 0; !ret && i < config_setting_length(group); i++) {
		setting = config_setting_get_elem(group, (unsigned int)i);
		name = config_setting_name(setting);
		if (!strcmp(name, "values"))
			ret = check_values(l, setting, def);
		else if (!strcmp(name, "polls") && def->type == TONGBU_SOURCE_SERIAL)
			ret = tb_get_polls(l, setting, &def->serial);
		else
			ret = tb_get_field(l, setting, &tb_source_table, def);
	}
	if (ret)
		return ret;
	return tb_source_fault(def, &why) ? tb_fault(l, group, "%s", why.text) : 0;
}

/**
 * tb_get_sources() - the sources
 * @l: the file
 * @list: their list
 * @devices: what they are added to
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_sources(const struct tb_loading *l, const config_setting_t *list,
		   struct tb_devices *devices)
{
	const config_setting_t *values;
	void *items = NULL;
	size_t count = 0, i;
	int ret;

	ret = tb_get_devices(l, list, &tb_source_table, &items, &count, get_source);
	devices->sources = items;
	if (ret)
		return ret;
	devices->values = calloc(count ? count : 1, sizeof(json_t *));
	if (!devices->values)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	devices->source_count = count;
	for (i = 0; i < count && !ret; i++) {
		values = config_setting_get_member(config_setting_get_elem(list, (unsigned int)i),
						   "values");
		if (values)
			ret = tb_get_values(l, values, &devices->sources[i], &devices->values[i]);
	}
	return ret;
}
