// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl source, output and reflex: straight to the kernel, which records who
 * changed what. What can be set is for the tables to say.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "salt.h"
#include "timefmt.h"

static void source_where(const struct tb_source_def *def, char *text, size_t size)
{
	const struct tb_input_def *in = &def->input;

	if (def->type == TONGBU_SOURCE_SERIAL)
		snprintf(text, size, "%s", def->chip);
	else if (def->type != TONGBU_SOURCE_INPUT)
		snprintf(text, size, "%s:%u%s", def->chip, def->line,
			 def->flags & TONGBU_SOURCE_ACTIVE_LOW ? " low" : "");
	else if (*in->device || *in->phys)
		snprintf(text, size, "%s", *in->device ? in->device : in->phys);
	else
		snprintf(text, size, "%04x:%04x", in->vendor, in->product);
}

static void source_what(const struct tb_source_def *def, char *text, size_t size)
{
	if (def->type == TONGBU_SOURCE_SERIAL)
		snprintf(text, size, "%s %u", tb_framing_name(def->serial.framing) ?: "?",
			 def->serial.baud);
	else if (def->type == TONGBU_SOURCE_INPUT)
		snprintf(text, size, "%s", tb_input_mode_name(def->input.mode) ?: "?");
	else
		snprintf(text, size, "%s", tb_edges_name(def->edges) ?: "?");
}

static const struct people_column source_columns[] = {
	{ "id", "号", "id", 'n' },	   { "name", "名称", "name", 't' },
	{ "type", "类型", "type", 't' },   { "where", "位置", "where", 't' },
	{ "what", "内容", "what", 't' },   { "state", "状态", "state", 't' },
	{ "level", "电平", "level", 't' }, { "sealed", "已封存", "sealed", 'n' },
	{ "lost", "丢失", "lost", 'n' },   { 0 },
};

static json_t *source_row(const void *item)
{
	char where[TONGBU_DEVICE_LEN + 16], what[32], state[32], level[8];
	const struct tb_source_def *def = item;

	source_where(def, where, sizeof(where));
	source_what(def, what, sizeof(what));
	device_state(def->state, state, sizeof(state));
	snprintf(level, sizeof(level), def->level == TONGBU_LEVEL_UNKNOWN ? "-" : "%u", def->level);
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "id", (int)def->id,
			 "name", def->name, "type", tb_source_type_name(def->type) ?: "?", "where",
			 where, "what", what, "state", state, "level", level, "sealed",
			 tb_json_u64(def->sealed), "lost", tb_json_u64(def->lost));
}

/* What is hashed needs the salt, as the configured sources have it. */
static int take_salt(struct tb_source_def *def, const char *path)
{
	struct tb_devices devices = { .sources = def,
				      .source_count = 1,
				      .salt_file = (char *)path };
	struct tb_error err;

	return tb_salt_load(&devices, &err) ? ctl_failed(&err) : 0;
}

static int take_source(struct device_given *given, const char *name, void *item)
{
	struct tb_source_def *def = item;
	const struct tb_field *field;
	struct tb_error err;
	int status;
	size_t i;

	/* What there is besides depends on the type: that first */
	def->type = TONGBU_SOURCE_GPIO;
	for (i = 0; i < given->count; i++)
		if (!strcmp(given->names[i], "type") &&
		    !tb_field_find(given->table, def, "type", &field, &err) &&
		    tb_field_take(field, def, given->values[i], &err))
			return ctl_bad("--type %s: %s", given->values[i], err.text);
	tb_source_def_init(def, def->type);
	status = device_take(given, name, def);
	if (!status && tb_source_fault(def, &err))
		status = ctl_bad("%s", err.text);
	return status ?: take_salt(def, given->salt_file);
}

static void print_value(const json_t *value, const json_t *state)
{
	const char *unit = json_string_value(json_object_get(value, "unit"));
	const json_t *last = json_object_get(state, "value");
	const char *why = json_string_value(json_object_get(state, "why"));
	char when[TB_TIME_SIZE];

	printf("value %-8s", json_string_value(json_object_get(value, "name")));
	if (last) {
		printf(" %.9g", json_number_value(last));
		if (unit) {
			putchar(' ');
			people_put(unit);
		}
		printf(", %s",
		       tb_time_text((uint64_t)json_integer_value(json_object_get(state, "time")) *
					    TB_NSEC_PER_SEC,
				    when));
	} else {
		fputs(" not read yet", stdout);
	}
	if (json_object_get(state, "silent"))
		fputs(", SILENT", stdout);
	if (why) {
		fputs("; cannot be read now: ", stdout);
		people_put(why);
	}
	putchar('\n');
}

/* What values were last, with times as programs get them */
static json_t *told_states(const json_t *measure)
{
	json_t *states = json_object_get(measure, "state"), *state, *time;
	const char *name;

	json_object_foreach(states, name, state) {
		time = json_object_get(state, "time");
		if (json_is_integer(time))
			json_object_set_new(state, "time", ctl_time_json(json_integer_value(time)));
	}
	return states;
}

/* Which values are read in it, and what they were last */
static void show_values(const void *item, json_t *fields)
{
	const struct tb_source_def *def = item;
	json_t *measures = ctl_measures(), *measure, *value;
	size_t i;

	measure = json_object_get(measures, def->name);
	if (ctl.json) {
		json_object_set(fields, "values", json_object_get(measure, "values"));
		json_object_set(fields, "value_state", told_states(measure));
		json_decref(measures);
		return;
	}
	if (def->serial.echoes && def->type == TONGBU_SOURCE_SERIAL)
		puts("The adapter echoes what is sent: its echoes are left out.");
	ctl_zone();
	json_array_foreach(json_object_get(measure, "values"), i, value)
		print_value(value,
			    json_object_get(json_object_get(measure, "state"),
					    json_string_value(json_object_get(value, "name"))));
	json_decref(measures);
}

static const struct people_column output_columns[] = {
	{ "id", "号", "id", 'n' },
	{ "name", "名称", "name", 't' },
	{ "line", "线路", "line", 't' },
	{ "state", "状态", "state", 't' },
	{ "safe", "安全值", "safe", 'n' },
	{ "value", "当前值", "value", 'n' },
	{ "changes", "变更", "changes", 'n' },
	{ 0 },
};

static json_t *output_row(const void *item)
{
	char line[TONGBU_NAME_LEN + 16], state[32];
	const struct tb_output_def *def = item;

	snprintf(line, sizeof(line), "%s:%u%s", def->chip, def->line,
		 def->flags & TONGBU_OUTPUT_ACTIVE_LOW ? " low" : "");
	device_state(def->state, state, sizeof(state));
	return json_pack("{s:i, s:s, s:s, s:s, s:i, s:i, s:o}", "id", (int)def->id, "name",
			 def->name, "line", line, "state", state, "safe", (int)def->safe, "value",
			 (int)def->value, "changes", tb_json_u64(def->changes));
}

static int set_output(const char *name, const char *value)
{
	struct tb_kernel *kernel;
	struct tb_error err;
	int ret, status;

	if (strcmp(value, "0") && strcmp(value, "1"))
		return ctl_bad("output set %s %s: it must be 0 or 1", name, value);
	status = device_open(&kernel);
	if (status)
		return status;
	ret = tb_kernel_output_set(kernel, name, *value == '1', TONGBU_SEQ_NONE, &err);
	tb_kernel_close(kernel);
	if (ret)
		return ctl_refused(&err);
	return ctl.json ? ctl_print(json_pack("{s:s, s:i}", "name", name, "value", *value == '1')) :
			  CTL_OK;
}

static int take_output(struct device_given *given, const char *name, void *def)
{
	struct tb_error err;
	int status;

	tb_output_def_init(def);
	status = device_take(given, name, def);
	return status ?: tb_output_fault(def, &err) ? ctl_bad("%s", err.text) : 0;
}

/**
 * output_set() - tongbuctl output set
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int output_set(int argc, char **argv)
{
	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	if (optind + 2 != argc)
		return ctl_bad("which one, to what? output set NAME 0|1: see tongbuctl output list");
	return set_output(argv[optind], argv[optind + 1]);
}

static const char *level_of(const struct tb_reflex_def *def)
{
	return def->level == TONGBU_LEVEL_ANY ? "any" : def->level ? "1" : "0";
}

/* "flood=1 held 500 ms" */
static void say_when(const struct tb_reflex_def *def, char *text, size_t size)
{
	switch (def->condition) {
	case TONGBU_WHEN_HELD:
		snprintf(text, size, "%s=%s held %u ms", def->source, level_of(def), def->hold);
		break;
	case TONGBU_WHEN_COUNT:
		snprintf(text, size, "%s %u in %u ms", def->source, def->count, def->within);
		break;
	case TONGBU_WHEN_BOTH:
		snprintf(text, size, "%s=%s=%s", def->source, def->second, level_of(def));
		break;
	default:
		snprintf(text, size, "%s=%s", def->source, level_of(def));
		break;
	}
}

static const struct people_column reflex_columns[] = {
	{ "id", "号", "id", 'n' },
	{ "name", "名称", "name", 't' },
	{ "when", "条件", "when", 't' },
	{ "action", "动作", "action", 't' },
	{ "output", "输出", "output", 't' },
	{ "fired", "已触发", "fired", 'n' },
	{ "rested", "未触发", "rested", 'n' },
	{ 0 },
};

static json_t *reflex_row(const void *item)
{
	char when[2 * TONGBU_NAME_LEN + 40];
	const struct tb_reflex_def *def = item;

	say_when(def, when, sizeof(when));
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:o, s:o}", "id", (int)def->id, "name",
			 def->name, "when", when, "action", tb_action_name(def->action) ?: "?",
			 "output", def->output, "fired", tb_json_u64(def->fired), "rested",
			 tb_json_u64(def->rested));
}

static int take_reflex(struct device_given *given, const char *name, void *def)
{
	struct tb_error err;
	int status;

	tb_reflex_def_init(def);
	status = device_take(given, name, def);
	return status ?: tb_reflex_fault(def, &err) ? ctl_bad("%s", err.text) : 0;
}

static const struct device_kind kinds[] = {
	{ &tb_source_table, source_columns, source_row, take_source, show_values },
	{ &tb_output_table, output_columns, output_row, take_output, NULL },
	{ &tb_reflex_table, reflex_columns, reflex_row, take_reflex, NULL },
};

/**
 * device_kind() - what a command is about
 * @what: source, output or reflex
 *
 * Return: all there is to know of that kind.
 */
const struct device_kind *device_kind(const char *what)
{
	size_t i = 0;

	while (strcmp(kinds[i].table->what, what) != 0)
		i++;
	return &kinds[i];
}
