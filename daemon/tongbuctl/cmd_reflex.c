// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl reflex: straight to the kernel, which records who changed what. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"

static const char *level_word(unsigned int level)
{
	static const char *const words[] = { "0", "1", [TONGBU_LEVEL_ANY] = "any" };

	return level < sizeof(words) / sizeof(words[0]) ? words[level] : NULL;
}

static json_t *level_json(unsigned int level)
{
	return level == TONGBU_LEVEL_ANY ? json_string("any") : json_integer((json_int_t)level);
}

static json_t *reflex_json(const struct tb_reflex_def *def)
{
	return json_pack("{s:I, s:s, s:s, s:o, s:s, s:s, s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:I,"
			 " s:b, s:o, s:o}",
			 "id", (json_int_t)def->id, "name", def->name, "source", def->source,
			 "second", *def->second ? json_string(def->second) : json_null(), "output",
			 def->output, "when", tb_condition_name(def->condition) ?: "?", "level",
			 level_json(def->level), "action", tb_action_name(def->action) ?: "?",
			 "hold_ms", (json_int_t)def->hold, "count", (json_int_t)def->count,
			 "within_ms", (json_int_t)def->within, "length_ms", (json_int_t)def->length,
			 "period_ms", (json_int_t)def->period, "cooldown_ms",
			 (json_int_t)def->cooldown, "configured",
			 !!(def->flags & TONGBU_REFLEX_CONFIGURED), "fired",
			 tb_json_u64(def->fired), "rested", tb_json_u64(def->rested));
}

/* "flood=1 held 500 ms" */
static void say_when(const struct tb_reflex_def *def, char *text, size_t size)
{
	switch (def->condition) {
	case TONGBU_WHEN_HELD:
		snprintf(text, size, "%s=%s held %u ms", def->source, level_word(def->level) ?: "?",
			 def->hold);
		break;
	case TONGBU_WHEN_COUNT:
		snprintf(text, size, "%s %u in %u ms", def->source, def->count, def->within);
		break;
	case TONGBU_WHEN_BOTH:
		snprintf(text, size, "%s=%s=%s", def->source, def->second,
			 level_word(def->level) ?: "?");
		break;
	default:
		snprintf(text, size, "%s=%s", def->source, level_word(def->level) ?: "?");
		break;
	}
}

static int reflex_list(struct tb_kernel *kernel)
{
	char when[2 * TONGBU_NAME_LEN + 40];
	struct tb_reflex_def *list;
	int status = CTL_OK;
	struct tb_error err;
	size_t count, i;

	if (tb_kernel_reflex_list(kernel, &list, &count, &err))
		return ctl_failed(&err);
	if (!ctl.json)
		printf("%4s  %-16s %-32s %-8s %-16s %10s %10s\n", "ID", "NAME", "WHEN", "ACTION",
		       "OUTPUT", "FIRED", "RESTED");
	for (i = 0; i < count && !status; i++) {
		const struct tb_reflex_def *def = &list[i];

		if (ctl.json) {
			status = ctl_print(reflex_json(def));
			continue;
		}
		say_when(def, when, sizeof(when));
		printf("%4u  %-16s %-32s %-8s %-16s %10" PRIu64 " %10" PRIu64 "\n", def->id,
		       def->name, when, tb_action_name(def->action) ?: "?", def->output, def->fired,
		       def->rested);
	}
	free(list);
	return status;
}

static int reflex_add(struct tb_kernel *kernel, struct tb_reflex_def *def)
{
	struct tb_error err;

	if (tb_kernel_reflex_add(kernel, def, &def->id, &err))
		return ctl_refused(&err);
	return device_added("reflex", def->name, def->id);
}

static int reflex_del(struct tb_kernel *kernel, const char *name)
{
	struct tb_error err;

	if (tb_kernel_reflex_del(kernel, 0, name, &err))
		return ctl_refused(&err);
	return device_removed(name);
}

#define AT(field) offsetof(struct tb_reflex_def, field)

static const struct device_field fields[] = {
	{ "source", DEVICE_TEXT, AT(source), 0, TONGBU_NAME_LEN, NULL },
	{ "second", DEVICE_TEXT, AT(second), 0, TONGBU_NAME_LEN, NULL },
	{ "output", DEVICE_TEXT, AT(output), 0, TONGBU_NAME_LEN, NULL },
	{ "when", DEVICE_WORD, AT(condition), 0, 0, tb_condition_name },
	{ "level", DEVICE_WORD, AT(level), 0, 0, level_word },
	{ "hold", DEVICE_U32, AT(hold), 1, UINT32_MAX, NULL },
	{ "count", DEVICE_U32, AT(count), 1, 64, NULL },
	{ "within", DEVICE_U32, AT(within), 1, UINT32_MAX, NULL },
	{ "action", DEVICE_WORD, AT(action), 0, 0, tb_action_name },
	{ "length", DEVICE_U32, AT(length), 0, UINT32_MAX, NULL },
	{ "period", DEVICE_U32, AT(period), 1, UINT32_MAX, NULL },
	{ "cooldown", DEVICE_U32, AT(cooldown), 0, UINT32_MAX, NULL },
	{ NULL, DEVICE_OTHER, 0, 0, 0, NULL },
};

/**
 * cmd_reflex() - tongbuctl reflex
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_reflex(int argc, char **argv)
{
	struct tb_reflex_def def = { .condition = TONGBU_WHEN_EDGE,
				     .level = 1,
				     .action = TONGBU_DO_SET };
	struct tb_kernel *kernel;
	const char *what;
	int more, status;
	size_t index;

	while ((more = device_option(argc, argv, fields, &index)) > 0) {
		status = device_take(&fields[index], &def);
		if (status)
			return status;
	}
	if (more)
		return CTL_FAILED;
	what = optind < argc ? argv[optind] : "";
	if (!strcmp(what, "add") && optind + 2 == argc) {
		if (!*def.source || !*def.output)
			return ctl_bad("reflex add needs --source and --output: tongbuctl source list and output list show them");
		status = device_name("name", argv[optind + 1], def.name);
		if (status)
			return status;
	} else if (!(!strcmp(what, "del") && optind + 2 == argc) &&
		   !(!strcmp(what, "list") && optind + 1 == argc)) {
		return ctl_bad("reflex add NAME, del NAME or list: see tongbuctl reflex --help");
	}
	status = device_open(&kernel);
	if (status)
		return status;
	if (!strcmp(what, "add"))
		status = reflex_add(kernel, &def);
	else if (!strcmp(what, "del"))
		status = reflex_del(kernel, argv[optind + 1]);
	else
		status = reflex_list(kernel);
	tb_kernel_close(kernel);
	return status;
}
