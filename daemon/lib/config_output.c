// SPDX-License-Identifier: GPL-2.0-only
/* The outputs and reflexes of the configuration. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"

static int get_output_setting(const struct tb_loading *l, const config_setting_t *setting,
			      struct tb_output_def *def)
{
	const char *name = config_setting_name(setting);
	uint32_t safe = 0;
	int ret;

	if (!strcmp(name, "name"))
		return tb_get_name(l, setting, def->name);
	if (!strcmp(name, "chip"))
		return tb_get_text(l, setting, def->chip, sizeof(def->chip));
	if (!strcmp(name, "line"))
		return tb_get_number(l, setting, 0, UINT16_MAX, &def->line);
	if (!strcmp(name, "active_low"))
		return tb_get_flag(l, setting, TONGBU_OUTPUT_ACTIVE_LOW, &def->flags);
	if (!strcmp(name, "away_ms"))
		return tb_get_number(l, setting, 0, UINT32_MAX, &def->away);
	if (!strcmp(name, "safe")) {
		ret = tb_get_number(l, setting, 0, 1, &safe);
		def->safe = (uint8_t)safe;
		return ret;
	}
	return tb_fault(l, setting, "an output has no setting %s: see tongbu.conf(5)", name);
}

static int get_output(const struct tb_loading *l, const config_setting_t *group, void *item)
{
	struct tb_output_def *def = item;
	int i, ret;

	def->flags = TONGBU_OUTPUT_CONFIGURED;
	for (i = 0; i < config_setting_length(group); i++) {
		ret = get_output_setting(l, config_setting_get_elem(group, (unsigned int)i), def);
		if (ret)
			return ret;
	}
	if (!*def->name || !*def->chip || !config_setting_get_member(group, "line"))
		return tb_fault(l, group, "an output needs name, chip and line");
	return 0;
}

static const char *output_name(const void *item)
{
	return ((const struct tb_output_def *)item)->name;
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
	int ret;

	ret = tb_get_list(l, list, "output", sizeof(*devices->outputs), &items,
			  &devices->output_count, get_output);
	devices->outputs = items;
	return ret   ?:
		       tb_get_twice(l, list, "output", output_name, items,
				    sizeof(*devices->outputs), devices->output_count);
}

static int get_level(const struct tb_loading *l, const config_setting_t *setting, uint8_t *level)
{
	const char *word = config_setting_get_string(setting);
	uint32_t number = 0;

	if (word && !strcmp(word, "any"))
		number = TONGBU_LEVEL_ANY;
	else if (word || tb_get_number(l, setting, 0, 1, &number))
		return tb_fault(l, setting, "level must be 0, 1 or \"any\"");
	*level = (uint8_t)number;
	return 0;
}

/* The numbers a reflex has, and where they go */
static const struct {
	const char *name;
	size_t at;
	uint32_t max;
} numbers[] = {
	{ "hold_ms", offsetof(struct tb_reflex_def, hold), UINT32_MAX },
	{ "count", offsetof(struct tb_reflex_def, count), 64 },
	{ "within_ms", offsetof(struct tb_reflex_def, within), UINT32_MAX },
	{ "length_ms", offsetof(struct tb_reflex_def, length), UINT32_MAX },
	{ "period_ms", offsetof(struct tb_reflex_def, period), UINT32_MAX },
	{ "cooldown_ms", offsetof(struct tb_reflex_def, cooldown), UINT32_MAX },
};

static int get_reflex_setting(const struct tb_loading *l, const config_setting_t *setting,
			      struct tb_reflex_def *def)
{
	const char *name = config_setting_name(setting);
	size_t i;

	if (!strcmp(name, "name"))
		return tb_get_name(l, setting, def->name);
	if (!strcmp(name, "source"))
		return tb_get_name(l, setting, def->source);
	if (!strcmp(name, "second"))
		return tb_get_name(l, setting, def->second);
	if (!strcmp(name, "output"))
		return tb_get_name(l, setting, def->output);
	if (!strcmp(name, "when"))
		return tb_get_word(l, setting, tb_condition_name, &def->condition);
	if (!strcmp(name, "level"))
		return get_level(l, setting, &def->level);
	if (!strcmp(name, "action"))
		return tb_get_word(l, setting, tb_action_name, &def->action);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strcmp(numbers[i].name, name))
			return tb_get_number(l, setting, 0, numbers[i].max,
					     (uint32_t *)((char *)def + numbers[i].at));
	return tb_fault(l, setting, "a reflex has no setting %s: see tongbu.conf(5)", name);
}

/* What the kernel would refuse when it is armed, where the file can be mended */
static int check_reflex(const struct tb_loading *l, const config_setting_t *group,
			const struct tb_reflex_def *def)
{
	if (!*def->name || !*def->source || !*def->output)
		return tb_fault(l, group, "a reflex needs name, source and output");
	if ((def->condition == TONGBU_WHEN_BOTH) != !!*def->second)
		return tb_fault(l, group, "when = \"both\" and second go together");
	if ((def->condition == TONGBU_WHEN_HELD) != !!def->hold)
		return tb_fault(l, group, "when = \"held\" and hold_ms go together");
	if ((def->condition == TONGBU_WHEN_COUNT) != (def->count && def->within) ||
	    !def->count != !def->within)
		return tb_fault(l, group, "when = \"count\", count and within_ms go together");
	if (def->action == TONGBU_DO_PULSE && !def->length)
		return tb_fault(l, group, "action = \"pulse\" needs length_ms");
	if ((def->action == TONGBU_DO_BLINK) != !!def->period)
		return tb_fault(l, group, "action = \"blink\" and period_ms go together");
	if (def->length && def->action != TONGBU_DO_PULSE && def->action != TONGBU_DO_BLINK)
		return tb_fault(l, group, "length_ms is for action = \"pulse\" or \"blink\"");
	return 0;
}

static int get_reflex(const struct tb_loading *l, const config_setting_t *group, void *item)
{
	struct tb_reflex_def *def = item;
	int i, ret;

	def->flags = TONGBU_REFLEX_CONFIGURED;
	def->condition = TONGBU_WHEN_EDGE;
	def->action = TONGBU_DO_SET;
	def->level = 1;
	for (i = 0; i < config_setting_length(group); i++) {
		ret = get_reflex_setting(l, config_setting_get_elem(group, (unsigned int)i), def);
		if (ret)
			return ret;
	}
	return check_reflex(l, group, def);
}

static const char *reflex_name(const void *item)
{
	return ((const struct tb_reflex_def *)item)->name;
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
	int ret;

	ret = tb_get_list(l, list, "reflex", sizeof(*devices->reflexes), &items,
			  &devices->reflex_count, get_reflex);
	devices->reflexes = items;
	return ret   ?:
		       tb_get_twice(l, list, "reflex", reflex_name, items,
				    sizeof(*devices->reflexes), devices->reflex_count);
}

static bool has_source(const struct tb_devices *devices, const char *name)
{
	size_t i;

	for (i = 0; i < devices->source_count; i++)
		if (!strcmp(devices->sources[i].name, name))
			return true;
	return false;
}

static bool has_output(const struct tb_devices *devices, const char *name)
{
	size_t i;

	for (i = 0; i < devices->output_count; i++)
		if (!strcmp(devices->outputs[i].name, name))
			return true;
	return false;
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
		if (!has_output(devices, def->output))
			return tb_fault(l, group, "reflex %s: there is no output %s", def->name,
					def->output);
	}
	return 0;
}
