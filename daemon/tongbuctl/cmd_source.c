// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl source: straight to the kernel, which records who changed what. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "kernel.h"

static int open_kernel(struct tb_kernel **kernel)
{
	struct tb_error err;
	int ret = tb_kernel_open(kernel, &err);

	if (!ret)
		return 0;
	ctl_bad("%s", err.text);
	return ret == -ENOENT ? CTL_NO_MODULE : CTL_FAILED;
}

static int set_name(const char *what, const char *text, char *name)
{
	if (!*text || strlen(text) >= TONGBU_NAME_LEN)
		return ctl_bad("%s: a %s has 1 to %d bytes", text, what, TONGBU_NAME_LEN - 1);
	memcpy(name, text, strlen(text) + 1);
	return 0;
}

static int set_word(const char *what, const char *text, const char *(*word)(unsigned int),
		    unsigned int first, unsigned int last, uint8_t *value)
{
	char known[128] = "";
	unsigned int i;

	for (i = first; i <= last; i++) {
		if (!strcmp(word(i), text)) {
			*value = (uint8_t)i;
			return 0;
		}
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
			 i == first ? "" : ", ", word(i));
	}
	return ctl_bad("--%s %s: it must be one of %s", what, text, known);
}

static int set_number(const char *what, const char *text, uint32_t max, uint32_t *value)
{
	uint64_t number;

	if (!ctl_number(text, max, &number))
		return ctl_bad("--%s %s: it must be a number from 0 to %u", what, text, max);
	*value = (uint32_t)number;
	return 0;
}

static json_t *source_json(const struct tb_source_def *def)
{
	return json_pack("{s:I, s:s, s:s, s:I, s:s, s:s, s:b, s:I, s:b, s:i, s:o, s:o}", "id",
			 (json_int_t)def->id, "name", def->name, "chip", def->chip, "line",
			 (json_int_t)def->line, "edges", tb_edges_name(def->edges) ?: "?", "bias",
			 tb_bias_name(def->bias) ?: "?", "active_low",
			 !!(def->flags & TONGBU_SOURCE_ACTIVE_LOW), "debounce_us",
			 (json_int_t)def->debounce, "configured",
			 !!(def->flags & TONGBU_SOURCE_CONFIGURED), "level", def->level, "sealed",
			 tb_json_u64(def->sealed), "lost", tb_json_u64(def->lost));
}

static int source_list(struct tb_kernel *kernel)
{
	struct tb_source_def *list;
	struct tb_error err;
	size_t count, i;
	int status = CTL_OK;

	if (tb_kernel_source_list(kernel, &list, &count, &err))
		return ctl_failed(&err);
	if (!ctl.json)
		printf("%4s  %-16s %-24s %-8s %-9s %5s %10s %8s\n", "ID", "NAME", "LINE", "EDGES",
		       "BIAS", "LEVEL", "SEALED", "LOST");
	for (i = 0; i < count && !status; i++) {
		const struct tb_source_def *def = &list[i];
		char line[TONGBU_NAME_LEN + 16];

		if (ctl.json) {
			status = ctl_print(source_json(def));
			continue;
		}
		snprintf(line, sizeof(line), "%s:%u%s", def->chip, def->line,
			 def->flags & TONGBU_SOURCE_ACTIVE_LOW ? " low" : "");
		printf("%4u  %-16s %-24s %-8s %-9s %5u %10" PRIu64 " %8" PRIu64 "\n", def->id,
		       def->name, line, tb_edges_name(def->edges) ?: "?",
		       tb_bias_name(def->bias) ?: "?", def->level, def->sealed, def->lost);
	}
	free(list);
	return status;
}

static int source_add(struct tb_kernel *kernel, struct tb_source_def *def)
{
	struct tb_error err;

	if (tb_kernel_source_add(kernel, def, &def->id, &err))
		return ctl_refused(&err);
	if (ctl.json)
		return ctl_print(json_pack("{s:s, s:I}", "name", def->name, "id",
					   (json_int_t)def->id));
	printf("%s is source %u\n", def->name, def->id);
	return CTL_OK;
}

static int source_del(struct tb_kernel *kernel, const char *name)
{
	struct tb_error err;

	if (tb_kernel_source_del(kernel, 0, name, &err))
		return ctl_refused(&err);
	return ctl.json ? ctl_print(json_pack("{s:s}", "name", name)) : CTL_OK;
}

/**
 * struct asked - what was asked for
 * @def: the source
 * @has_chip: --chip was given
 * @has_line: --line was given
 */
struct asked {
	struct tb_source_def def;
	bool has_chip;
	bool has_line;
};

enum {
	OPT_CHIP = CTL_OPTION(0),
	OPT_LINE,
	OPT_EDGES,
	OPT_BIAS,
	OPT_ACTIVE_LOW,
	OPT_DEBOUNCE,
};

static int take_option(struct asked *asked, int option)
{
	struct tb_source_def *def = &asked->def;

	switch (option) {
	case OPT_CHIP:
		asked->has_chip = true;
		return set_name("label", optarg, def->chip);
	case OPT_LINE:
		asked->has_line = true;
		return set_number("line", optarg, UINT16_MAX, &def->line);
	case OPT_EDGES:
		return set_word("edges", optarg, tb_edges_name, TONGBU_EDGE_RISING,
				TONGBU_EDGE_BOTH, &def->edges);
	case OPT_BIAS:
		return set_word("bias", optarg, tb_bias_name, TONGBU_BIAS_AS_IS,
				TONGBU_BIAS_PULL_DOWN, &def->bias);
	case OPT_ACTIVE_LOW:
		def->flags |= TONGBU_SOURCE_ACTIVE_LOW;
		return 0;
	case OPT_DEBOUNCE:
		return set_number("debounce", optarg, 10000000, &def->debounce);
	default:
		return CTL_FAILED;
	}
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
	static const struct option options[] = {
		{ "chip", required_argument, NULL, OPT_CHIP },
		{ "line", required_argument, NULL, OPT_LINE },
		{ "edges", required_argument, NULL, OPT_EDGES },
		{ "bias", required_argument, NULL, OPT_BIAS },
		{ "active-low", no_argument, NULL, OPT_ACTIVE_LOW },
		{ "debounce", required_argument, NULL, OPT_DEBOUNCE },
		{ NULL, 0, NULL, 0 },
	};
	struct asked asked = { .def.edges = TONGBU_EDGE_BOTH };
	struct tb_kernel *kernel;
	const char *what;
	int option, status;

	while ((option = ctl_option(argc, argv, "", options)) != -1) {
		status = take_option(&asked, option);
		if (status)
			return status;
	}
	what = optind < argc ? argv[optind] : "";
	if (!strcmp(what, "add") && optind + 2 == argc) {
		if (!asked.has_chip || !asked.has_line)
			return ctl_bad("source add needs --chip and --line: gpiodetect and gpioinfo show them");
		status = set_name("name", argv[optind + 1], asked.def.name);
		if (status)
			return status;
	} else if (!(!strcmp(what, "del") && optind + 2 == argc) &&
		   !(!strcmp(what, "list") && optind + 1 == argc)) {
		return ctl_bad("source add NAME, del NAME or list: see tongbuctl source --help");
	}
	status = open_kernel(&kernel);
	if (status)
		return status;
	if (!strcmp(what, "add"))
		status = source_add(kernel, &asked.def);
	else if (!strcmp(what, "del"))
		status = source_del(kernel, argv[optind + 1]);
	else
		status = source_list(kernel);
	tb_kernel_close(kernel);
	return status;
}
