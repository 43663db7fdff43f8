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

/* Which word of a command, with as many arguments? */
static bool asks(int argc, char **argv, const char *word, int arguments)
{
	return optind < argc && !strcmp(argv[optind], word) && optind + 1 + arguments == argc;
}

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

static void source_row(const void *item)
{
	char where[TONGBU_DEVICE_LEN + 16], what[32], state[32], level[8];
	const struct tb_source_def *def = item;

	source_where(def, where, sizeof(where));
	source_what(def, what, sizeof(what));
	device_state(def->state, state, sizeof(state));
	snprintf(level, sizeof(level), def->level == TONGBU_LEVEL_UNKNOWN ? "-" : "%u", def->level);
	printf("%4u  %-16s %-8s %-24s %-12s %-12s %5s %10" PRIu64 " %8" PRIu64 "\n", def->id,
	       def->name, tb_source_type_name(def->type) ?: "?", where, what, state, level,
	       def->sealed, def->lost);
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

static int source_add(struct device_given *given, const char *name)
{
	struct tb_source_def def = { .type = TONGBU_SOURCE_GPIO };
	const struct tb_field *field;
	struct tb_error err;
	int status = 0;
	size_t i;

	/* What there is besides depends on the type: that first */
	for (i = 0; i < given->count; i++)
		if (!strcmp(given->names[i], "type") &&
		    !tb_field_find(given->table, &def, "type", &field, &err) &&
		    tb_field_take(field, &def, given->values[i], &err))
			return ctl_bad("--type %s: %s", given->values[i], err.text);
	tb_source_def_init(&def, def.type);
	status = device_take(given, name, &def);
	if (!status && tb_source_fault(&def, &err))
		status = ctl_bad("%s", err.text);
	if (!status)
		status = take_salt(&def, given->salt_file);
	return status ?: device_add(given->table, &def, name);
}

static void print_text(const char *text)
{
	tb_text_put((const uint8_t *)text, strlen(text), stdout);
}

/* One field a line; what is empty or not known is left out */
static void print_field(const char *name, const json_t *value)
{
	const json_t *item;
	char *text;
	size_t i;

	if (json_is_null(value) || (json_is_array(value) && !json_array_size(value)))
		return;
	printf("%-14s", name);
	if (json_is_string(value)) {
		putchar(' ');
		print_text(json_string_value(value));
	} else if (json_is_array(value) && json_is_string(json_array_get(value, 0))) {
		json_array_foreach((json_t *)value, i, item) {
			putchar(' ');
			print_text(json_string_value(item));
		}
	} else {
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		printf(" %s", text ?: "?");
		free(text);
	}
	putchar('\n');
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
			print_text(unit);
		}
		printf(", %s",
		       tb_time_format((uint64_t)json_integer_value(json_object_get(state, "time")) *
					      TB_NSEC_PER_SEC,
				      when));
	} else {
		fputs(" not read yet", stdout);
	}
	if (json_object_get(state, "silent"))
		fputs(", SILENT", stdout);
	if (why) {
		fputs("; cannot be read now: ", stdout);
		print_text(why);
	}
	putchar('\n');
}

static int source_show(const char *name)
{
	json_t *fields, *measures, *measure, *field, *value;
	struct tb_source_def def;
	const char *key;
	size_t i;
	int status = device_get(&tb_source_table, name, &def);

	if (status)
		return status;
	fields = tb_fields_json(&tb_source_table, &def);
	measures = ctl_measures();
	measure = json_object_get(measures, name);
	if (ctl.json) {
		json_object_set(fields, "values", json_object_get(measure, "values"));
		json_object_set(fields, "value_state", json_object_get(measure, "state"));
		json_decref(measures);
		return ctl_print(fields);
	}
	json_object_foreach(fields, key, field)
		print_field(key, field);
	if (def.serial.echoes && def.type == TONGBU_SOURCE_SERIAL)
		puts("The adapter echoes what is sent: its echoes are left out.");
	json_array_foreach(json_object_get(measure, "values"), i, value)
		print_value(value,
			    json_object_get(json_object_get(measure, "state"),
					    json_string_value(json_object_get(value, "name"))));
	json_decref(measures);
	json_decref(fields);
	return CTL_OK;
}

/**
 * cmd_source() - tongbuctl source
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_source(int argc, char **argv)
{
	struct device_given given = { .table = &tb_source_table,
				      .salt_file = "/var/lib/tongbu/salt" };
	int status = device_options(argc, argv, &given);

	if (status)
		return status;
	if (asks(argc, argv, "add", 1))
		return source_add(&given, argv[optind + 1]);
	if (asks(argc, argv, "del", 1))
		return device_del(given.table, argv[optind + 1]);
	if (asks(argc, argv, "list", 0))
		return device_list(given.table,
				   "  ID  NAME             TYPE     WHERE                    WHAT         "
				   "STATE        LEVEL     SEALED     LOST",
				   source_row);
	if (asks(argc, argv, "show", 1))
		return source_show(argv[optind + 1]);
	return ctl_bad("source add NAME, del NAME, show NAME or list: see tongbuctl source --help");
}

static void output_row(const void *item)
{
	char line[TONGBU_NAME_LEN + 16], state[32];
	const struct tb_output_def *def = item;

	snprintf(line, sizeof(line), "%s:%u%s", def->chip, def->line,
		 def->flags & TONGBU_OUTPUT_ACTIVE_LOW ? " low" : "");
	device_state(def->state, state, sizeof(state));
	printf("%4u  %-16s %-24s %-8s %5u %5u %10" PRIu64 "\n", def->id, def->name, line, state,
	       def->safe, def->value, def->changes);
}

static int output_set(const char *name, const char *value)
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

static int output_add(const struct device_given *given, const char *name)
{
	struct tb_output_def def;
	struct tb_error err;
	int status;

	tb_output_def_init(&def);
	status = device_take(given, name, &def);
	if (!status && tb_output_fault(&def, &err))
		status = ctl_bad("%s", err.text);
	return status ?: device_add(given->table, &def, name);
}

/**
 * cmd_output() - tongbuctl output
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_output(int argc, char **argv)
{
	struct device_given given = { .table = &tb_output_table };
	int status = device_options(argc, argv, &given);

	if (status)
		return status;
	if (asks(argc, argv, "set", 2))
		return output_set(argv[optind + 1], argv[optind + 2]);
	if (asks(argc, argv, "add", 1))
		return output_add(&given, argv[optind + 1]);
	if (asks(argc, argv, "del", 1))
		return device_del(given.table, argv[optind + 1]);
	if (asks(argc, argv, "list", 0))
		return device_list(given.table,
				   "  ID  NAME             LINE                     STATE     SAFE VALUE"
				   "    CHANGES",
				   output_row);
	return ctl_bad("output set NAME 0|1, add NAME, del NAME or list: see tongbuctl output --help");
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

static void reflex_row(const void *item)
{
	char when[2 * TONGBU_NAME_LEN + 40];
	const struct tb_reflex_def *def = item;

	say_when(def, when, sizeof(when));
	printf("%4u  %-16s %-32s %-8s %-16s %10" PRIu64 " %10" PRIu64 "\n", def->id, def->name,
	       when, tb_action_name(def->action) ?: "?", def->output, def->fired, def->rested);
}

static int reflex_add(const struct device_given *given, const char *name)
{
	struct tb_reflex_def def;
	struct tb_error err;
	int status;

	tb_reflex_def_init(&def);
	status = device_take(given, name, &def);
	if (!status && tb_reflex_fault(&def, &err))
		status = ctl_bad("%s", err.text);
	return status ?: device_add(given->table, &def, name);
}

/**
 * cmd_reflex() - tongbuctl reflex
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_reflex(int argc, char **argv)
{
	struct device_given given = { .table = &tb_reflex_table };
	int status = device_options(argc, argv, &given);

	if (status)
		return status;
	if (asks(argc, argv, "add", 1))
		return reflex_add(&given, argv[optind + 1]);
	if (asks(argc, argv, "del", 1))
		return device_del(given.table, argv[optind + 1]);
	if (asks(argc, argv, "list", 0))
		return device_list(given.table,
				   "  ID  NAME             WHEN                             ACTION   "
				   "OUTPUT                FIRED     RESTED",
				   reflex_row);
	return ctl_bad("reflex add NAME, del NAME or list: see tongbuctl reflex --help");
}
