// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl output: straight to the kernel, which records who set what. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"

static json_t *output_json(const struct tb_output_def *def)
{
	return json_pack("{s:I, s:s, s:s, s:I, s:b, s:b, s:i, s:I, s:i, s:o, s:o}", "id",
			 (json_int_t)def->id, "name", def->name, "chip", def->chip, "line",
			 (json_int_t)def->line, "active_low",
			 !!(def->flags & TONGBU_OUTPUT_ACTIVE_LOW), "configured",
			 !!(def->flags & TONGBU_OUTPUT_CONFIGURED), "safe", def->safe, "away_ms",
			 (json_int_t)def->away, "value", def->value, "state",
			 tb_json_flags(def->state, tb_source_state_name), "changes",
			 tb_json_u64(def->changes));
}

static int output_list(struct tb_kernel *kernel)
{
	char line[TONGBU_NAME_LEN + 16], state[32];
	struct tb_output_def *list;
	int status = CTL_OK;
	struct tb_error err;
	size_t count, i;

	if (tb_kernel_output_list(kernel, &list, &count, &err))
		return ctl_failed(&err);
	if (!ctl.json)
		printf("%4s  %-16s %-24s %-8s %5s %5s %10s\n", "ID", "NAME", "LINE", "STATE",
		       "SAFE", "VALUE", "CHANGES");
	for (i = 0; i < count && !status; i++) {
		const struct tb_output_def *def = &list[i];

		if (ctl.json) {
			status = ctl_print(output_json(def));
			continue;
		}
		snprintf(line, sizeof(line), "%s:%u%s", def->chip, def->line,
			 def->flags & TONGBU_OUTPUT_ACTIVE_LOW ? " low" : "");
		device_state(def->state, state, sizeof(state));
		printf("%4u  %-16s %-24s %-8s %5u %5u %10" PRIu64 "\n", def->id, def->name, line,
		       state, def->safe, def->value, def->changes);
	}
	free(list);
	return status;
}

static int output_add(struct tb_kernel *kernel, struct tb_output_def *def)
{
	struct tb_error err;

	if (tb_kernel_output_add(kernel, def, &def->id, &err))
		return ctl_refused(&err);
	return device_added("output", def->name, def->id);
}

static int output_del(struct tb_kernel *kernel, const char *name)
{
	struct tb_error err;

	if (tb_kernel_output_del(kernel, 0, name, &err))
		return ctl_refused(&err);
	return device_removed(name);
}

static int output_set(struct tb_kernel *kernel, const char *name, bool value)
{
	struct tb_error err;

	if (tb_kernel_output_set(kernel, name, value, TONGBU_SEQ_NONE, &err))
		return ctl_refused(&err);
	return ctl.json ? ctl_print(json_pack("{s:s, s:i}", "name", name, "value", value)) : CTL_OK;
}

#define AT(field) offsetof(struct tb_output_def, field)

static const struct device_field fields[] = {
	{ "chip", DEVICE_TEXT, AT(chip), 0, TONGBU_NAME_LEN, NULL },
	{ "line", DEVICE_U32, AT(line), 0, UINT16_MAX, NULL },
	{ "active-low", DEVICE_FLAG, AT(flags), 0, TONGBU_OUTPUT_ACTIVE_LOW, NULL },
	{ "safe", DEVICE_U8, AT(safe), 0, 1, NULL },
	{ "away", DEVICE_U32, AT(away), 0, UINT32_MAX, NULL },
	{ NULL, DEVICE_OTHER, 0, 0, 0, NULL },
};

/* What was asked for, done: the words are known to be right */
static int run(int argc, char **argv, struct tb_output_def *def, const char *value)
{
	struct tb_kernel *kernel;
	int status;

	status = device_open(&kernel);
	if (status)
		return status;
	if (!strcmp(argv[optind], "add"))
		status = output_add(kernel, def);
	else if (!strcmp(argv[optind], "del"))
		status = output_del(kernel, argv[argc - 1]);
	else if (!strcmp(argv[optind], "set"))
		status = output_set(kernel, argv[optind + 1], *value == '1');
	else
		status = output_list(kernel);
	tb_kernel_close(kernel);
	return status;
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
	struct tb_output_def def = { .flags = 0 };
	const char *what, *value = "";
	bool has_line = false;
	int more, status;
	size_t index;

	while ((more = device_option(argc, argv, fields, &index)) > 0) {
		has_line |= !strcmp(fields[index].option, "line");
		status = device_take(&fields[index], &def);
		if (status)
			return status;
	}
	if (more)
		return CTL_FAILED;
	what = optind < argc ? argv[optind] : "";
	if (!strcmp(what, "set") && optind + 3 == argc) {
		value = argv[optind + 2];
		if (strcmp(value, "0") && strcmp(value, "1"))
			return ctl_bad("output set %s %s: it must be 0 or 1", argv[optind + 1],
				       value);
	} else if (!strcmp(what, "add") && optind + 2 == argc) {
		if (!*def.chip || !has_line)
			return ctl_bad("output add needs --chip and --line: gpiodetect and gpioinfo show them");
		status = device_name("name", argv[optind + 1], def.name);
		if (status)
			return status;
	} else if (!(!strcmp(what, "del") && optind + 2 == argc) &&
		   !(!strcmp(what, "list") && optind + 1 == argc)) {
		return ctl_bad("output set NAME 0|1, add NAME, del NAME or list: see tongbuctl output --help");
	}
	return run(argc, argv, &def, value);
}
