// SPDX-License-Identifier: GPL-2.0-only
/* What is asked over a serial line, and what is to be read in what comes. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"
#include "measure.h"

/* What the act says beside them takes less than 140 bytes with any name */
#define VALUES_MAX (TONGBU_ACT_MAX - 140)

static int get_poll(const struct tb_loading *l, const config_setting_t *group, void *item)
{
	struct tongbu_poll *poll = item;
	const config_setting_t *setting;
	uint32_t number = 0;
	const char *name;
	int i, ret = 0;

	for (i = 0; i < config_setting_length(group) && !ret; i++) {
		setting = config_setting_get_elem(group, (unsigned int)i);
		name = config_setting_name(setting);
		if (!strcmp(name, "unit")) {
			ret = tb_get_number(l, setting, 1, 247, &number);
			poll->unit = (uint8_t)number;
		} else if (!strcmp(name, "function")) {
			ret = tb_get_word(l, setting, tb_function_name, &poll->function);
		} else if (!strcmp(name, "address")) {
			ret = tb_get_number(l, setting, 0, UINT16_MAX, &number);
			poll->address = htole16((uint16_t)number);
		} else if (!strcmp(name, "count")) {
			ret = tb_get_number(l, setting, 1, 2000, &number);
			poll->count = htole16((uint16_t)number);
		} else {
			ret = tb_fault(l, setting, "a poll has no setting %s: see tongbu.conf(5)",
				       name);
		}
	}
	if (ret)
		return ret;
	if (!poll->unit || !poll->function || !poll->count)
		return tb_fault(l, group, "a poll needs unit, function and count");
	if (poll->function > 2 && le16toh(poll->count) > 125)
		return tb_fault(l, group,
				"count of a poll for registers must be a number from 1 to 125");
	return 0;
}

/**
 * tb_get_polls() - what is asked of Modbus slaves
 * @l: the file
 * @list: the list of polls
 * @serial: what they are added to
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_polls(const struct tb_loading *l, const config_setting_t *list,
		 struct tb_serial_def *serial)
{
	void *polls = NULL;
	size_t count = 0;
	int ret;

	ret = tb_get_list(l, list, "poll", sizeof(serial->polls[0]), &polls, &count, get_poll);
	if (!ret && (!count || count > TONGBU_POLLS_MAX))
		ret = tb_fault(l, list, "there must be 1 to %d polls", TONGBU_POLLS_MAX);
	if (!ret) {
		memcpy(serial->polls, polls, count * sizeof(serial->polls[0]));
		serial->poll_count = count;
	}
	free(polls);
	return ret;
}

/* As JSON, word by word; what it means is for measure.c to say */
static json_t *setting_json(const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return json_integer(config_setting_get_int64(setting));
	case CONFIG_TYPE_FLOAT:
		return json_real(config_setting_get_float(setting));
	case CONFIG_TYPE_STRING:
		return json_string(config_setting_get_string(setting));
	default:
		return NULL;
	}
}

/* A register is named by its address; in an answer it has a place. */
static int place_register(const struct tb_loading *l, const config_setting_t *group,
			  const struct tb_serial_def *serial, json_t *value)
{
	json_int_t address = json_integer_value(json_object_get(value, "register"));
	json_int_t poll = json_integer_value(json_object_get(value, "poll"));
	const struct tongbu_poll *asked;

	if (!json_is_integer(json_object_get(value, "register")))
		return tb_fault(l, group, "a value of a Modbus source needs register");
	if (poll < 0 || (size_t)poll >= serial->poll_count)
		return tb_fault(l, group, "there is no poll %lld: they count from 0",
				(long long)poll);
	asked = &serial->polls[poll];
	if (address < le16toh(asked->address) ||
	    address >= le16toh(asked->address) + le16toh(asked->count))
		return tb_fault(l, group, "poll %lld does not ask for register %lld",
				(long long)poll, (long long)address);
	json_object_del(value, "register");
	json_object_set_new(value, "poll", json_integer(poll));
	json_object_set_new(value, "index", json_integer(address - le16toh(asked->address)));
	return 0;
}

static int get_value(const struct tb_loading *l, const config_setting_t *group,
		     const struct tb_source_def *def, json_t *list)
{
	const config_setting_t *setting;
	json_t *fields = json_object(), *said;
	int i, ret = 0;

	if (!config_setting_is_group(group))
		ret = tb_fault(l, group, "a value stands in braces: { name = ...; }");
	for (i = 0; !ret && i < config_setting_length(group); i++) {
		setting = config_setting_get_elem(group, (unsigned int)i);
		said = setting_json(setting);
		if (!said)
			ret = tb_fault(l, setting, "%s must be a string or a number",
				       config_setting_name(setting));
		else
			json_object_set_new(fields, config_setting_name(setting), said);
	}
	if (!ret && def->type == TONGBU_SOURCE_SERIAL &&
	    def->serial.framing == TONGBU_FRAMING_MODBUS)
		ret = place_register(l, group, &def->serial, fields);
	if (ret)
		json_decref(fields);
	else
		json_array_append_new(list, fields);
	return ret;
}

/**
 * tb_get_values() - what is to be read in what a source tells
 * @l: the file
 * @list: the list of values
 * @def: the source
 * @values: set to them
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_values(const struct tb_loading *l, const config_setting_t *list,
		  const struct tb_source_def *def, json_t **values)
{
	char why[200];
	int i, ret = 0;
	size_t size;

	if (!config_setting_is_list(list))
		return tb_fault(l, list, "values stand in parentheses: ( { ... }, { ... } )");
	*values = json_array();
	for (i = 0; !ret && i < config_setting_length(list); i++)
		ret = get_value(l, config_setting_get_elem(list, (unsigned int)i), def, *values);
	if (ret)
		return ret;
	if (!tb_measure_check(def->type == TONGBU_SOURCE_COUNTER ? 0 : def->serial.framing, *values,
			      why, sizeof(why)))
		return tb_fault(l, list, "%s", why);
	size = json_dumpb(*values, NULL, 0, JSON_COMPACT);
	if (size > VALUES_MAX)
		return tb_fault(l, list,
				"values take %zu bytes on record, more than %d: make two sources of it, or names shorter",
				size, VALUES_MAX);
	return 0;
}
