// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl pack: the tables of packs, checked and shown. */
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "state.h"
#include "tables.h"

/**
 * struct asked - what is asked for
 * @packs: directory with packs
 * @table: which table
 * @kind: conditions of that kind of matter alone; NULL: all
 * @day: as of which day, as 2026-11-23
 * @markdown: as a table for a page
 * @generate: print the examples that are missing
 */
struct asked {
	const char *packs;
	const char *table;
	const char *kind;
	char day[11];
	bool markdown;
	bool generate;
};

static int ask(const struct asked *asked, const char *name, const char *what, json_t **answer,
	       struct tb_error *err)
{
	json_t *args = json_pack("{s:s, s:s, s:s*, s:i}", "day", asked->day, "table", asked->table,
				 "kind", asked->kind, "most", TONGBU_ACT_MAX);
	int ret = tb_tables_ask(asked->packs, name, what, args, answer, err);

	json_decref(args);
	return ret;
}

static void print_found(const char *name, const json_t *answer, const struct asked *asked)
{
	json_t *line;
	size_t i;

	json_array_foreach(json_object_get(answer, "found"), i, line)
		if (!asked->generate)
			printf("%s/%s\n", name, json_string_value(line));
	json_array_foreach(json_object_get(answer, "made"), i, line)
		if (asked->generate)
			printf("%s\n", json_string_value(line));
}

/* One pack; counts what was found */
static int check_pack(const struct asked *asked, const char *name, size_t *found)
{
	struct tb_error err;
	json_t *answer;
	size_t count;

	if (ask(asked, name, "check", &answer, &err)) {
		printf("%s: %s\n", name, err.text);
		++*found;
		return CTL_OK;
	}
	count = json_array_size(json_object_get(answer, "found"));
	*found += count;
	if (ctl.json)
		ctl_print(json_pack("{s:s, s:O}", "pack", name, "found",
				    json_object_get(answer, "found")));
	else
		print_found(name, answer, asked);
	if (!ctl.json && !asked->generate && !count)
		printf("%s: clean: %lld acts, %lld conditions\n", name,
		       (long long)json_integer_value(json_object_get(answer, "acts")),
		       (long long)json_integer_value(json_object_get(answer, "conditions")));
	json_decref(answer);
	return CTL_OK;
}

static int is_pack(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

static int check_all(const struct asked *asked, size_t *found)
{
	struct dirent **entries;
	int i, count = scandir(asked->packs, &entries, is_pack, alphasort);

	if (count < 0)
		return ctl_bad("%s: %s: name a directory with packs, or of one", asked->packs,
			       strerror(errno));
	for (i = 0; i < count; i++) {
		check_pack(asked, entries[i]->d_name, found);
		free(entries[i]);
	}
	free(entries);
	return CTL_OK;
}

/* A directory with packs, or that of one */
static int check(struct asked *asked, const char *folder)
{
	char path[PATH_MAX], real[PATH_MAX], parent[PATH_MAX];
	size_t found = 0;
	int status;

	if (folder)
		asked->packs = folder;
	snprintf(path, sizeof(path), "%s/pack.lua", asked->packs);
	if (access(path, R_OK)) {
		status = check_all(asked, &found);
	} else {
		if (!realpath(asked->packs, real))
			return ctl_bad("%s: %s", asked->packs, strerror(errno));
		snprintf(parent, sizeof(parent), "%s", real);
		asked->packs = dirname(parent);
		status = check_pack(asked, basename(real), &found);
	}
	return status ?: found ? CTL_NO : CTL_OK;
}

static const char *cell(const json_t *row, size_t i)
{
	return json_string_value(json_array_get(row, i)) ?: "";
}

static void print_markdown(const json_t *columns, const json_t *rows)
{
	size_t i, k, count = json_array_size(columns);
	const char *at;
	json_t *row;

	for (k = 0; k < count; k++)
		printf("| %s ", cell(columns, k));
	printf("|\n");
	for (k = 0; k < count; k++)
		printf("|---");
	printf("|\n");
	json_array_foreach((json_t *)rows, i, row) {
		for (k = 0; k < count; k++) {
			printf("| ");
			for (at = cell(row, k); *at; at++)
				printf(*at == '|' ? "\\|" : "%c", *at);
			printf(" ");
		}
		printf("|\n");
	}
}

#define PAGE 100

/* Length of what may not be parted: a word, or a sign of Chinese, which is two wide; its width */
static size_t piece(const char *text, size_t *width)
{
	size_t len = 0;

	*width = 2;
	if ((*text & 0xe0) == 0xe0) {
		for (len = 1; (text[len] & 0xc0) == 0x80; len++)
			;
		return len;
	}
	for (*width = 0; text[len] && text[len] != ' ' && (text[len] & 0xe0) != 0xe0; len++)
		*width += (text[len] & 0xc0) != 0x80;
	return len;
}

static size_t width_of(const char *text)
{
	size_t all = 0, width;

	while (*text) {
		text += piece(text, &width);
		all += width;
		for (; *text == ' '; text++)
			all++;
	}
	return all;
}

/*
 * A cell behind its name: in the line that stands at @used if there is room for it, else over as
 * many lines as it takes. Where the line stands then.
 */
static size_t print_cell(const char *name, const char *text, size_t used)
{
	size_t len, width, space = 0;

	if (used && used + 5 + width_of(name) + width_of(text) <= PAGE) {
		printf("   %s: ", name);
		used += 5 + width_of(name);
	} else {
		printf("%s  %s: ", used ? "\n" : "", name);
		used = 4 + width_of(name);
	}
	while (*text) {
		len = piece(text, &width);
		if (used + space + width > PAGE) {
			printf("\n      ");
			used = 6;
			space = 0;
		}
		printf("%*s%.*s", (int)space, "", (int)len, text);
		used += space + width;
		text += len;
		for (space = 0; *text == ' '; text++)
			space++;
	}
	return used;
}

/* What is short stands in the first line of a row */
static bool is_short(const char *column)
{
	return !strcmp(column, "level") || !strcmp(column, "from") || !strcmp(column, "until") ||
	       !strcmp(column, "mark");
}

/* A row a paragraph: what a page has room for */
static void print_rows(const json_t *columns, const json_t *rows)
{
	size_t i, k, used, count = json_array_size(columns);
	json_t *row;

	json_array_foreach((json_t *)rows, i, row) {
		printf("%s%s", i ? "\n" : "", cell(row, 0));
		for (k = 1; k < count; k++)
			if (*cell(row, k) && is_short(cell(columns, k)))
				printf("   %s: %s", cell(columns, k), cell(row, k));
		printf("\n");
		for (k = 1, used = 0; k < count; k++)
			if (*cell(row, k) && !is_short(cell(columns, k)))
				used = print_cell(cell(columns, k), cell(row, k), used);
		if (used)
			printf("\n");
	}
}

static int print_json(const json_t *columns, const json_t *rows)
{
	size_t i, k;
	json_t *row, *object;

	json_array_foreach((json_t *)rows, i, row) {
		object = json_object();
		for (k = 0; k < json_array_size(columns); k++)
			json_object_set(object, cell(columns, k), json_array_get(row, k));
		if (ctl_print(object))
			return CTL_FAILED;
	}
	return CTL_OK;
}

static int show(const struct asked *asked, const char *name)
{
	json_t *answer, *columns, *rows;
	struct tb_error err;
	int status = CTL_OK;

	if (ask(asked, name, "show", &answer, &err))
		return ctl_bad("%s", err.text);
	columns = json_object_get(answer, "columns");
	rows = json_object_get(answer, "rows");
	if (!columns)
		status =
			ctl_bad("there is no table %s: acts, conditions, law, texts, facts, clocks,"
				" sides or examples",
				asked->table);
	else if (asked->kind && !json_array_size(rows))
		status = ctl_bad("no condition of %s is about a %s: see pack show %s", name,
				 asked->kind, name);
	else if (ctl.json)
		status = print_json(columns, rows);
	else if (asked->markdown)
		print_markdown(columns, rows);
	else
		print_rows(columns, rows);
	json_decref(answer);
	return status;
}

static int take_option(struct asked *asked, int option)
{
	struct tm tm = { 0 };
	const char *end;

	switch (option) {
	case OPT_TABLE:
		asked->table = optarg;
		return 0;
	case OPT_KIND:
		asked->kind = optarg;
		return 0;
	case OPT_AS_OF:
		end = strptime(optarg, "%Y-%m-%d", &tm);
		if (!end || *end || strlen(optarg) != 10)
			return ctl_bad("--as-of %s: a day is written as 2026-11-23", optarg);
		snprintf(asked->day, sizeof(asked->day), "%s", optarg);
		return 0;
	case OPT_PACKS_DIR:
		asked->packs = optarg;
		return 0;
	case OPT_MARKDOWN:
		asked->markdown = true;
		return 0;
	case OPT_GENERATE:
		asked->generate = true;
		return 0;
	default:
		return CTL_FAILED;
	}
}

static int begin(struct asked *asked, int argc, char **argv)
{
	time_t now = time(NULL);
	int option, status = 0;
	struct tm tm;

	asked->packs = getenv("TONGBU_PACKS") ?: TB_PACKS_DIR;
	asked->table = "conditions";
	strftime(asked->day, sizeof(asked->day), "%Y-%m-%d", localtime_r(&now, &tm));
	while (!status && (option = ctl_option(argc, argv)) != -1)
		status = take_option(asked, option);
	return status;
}

/**
 * pack_check() - tongbuctl pack check
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status: 1 if anything was found.
 */
int pack_check(int argc, char **argv)
{
	struct asked asked = { 0 };
	int status = begin(&asked, argc, argv);

	if (!status && argc - optind > 1)
		status = ctl_bad("pack check takes one DIR: see tongbuctl pack --help");
	return status ?: check(&asked, optind < argc ? argv[optind] : NULL);
}

/**
 * pack_show() - tongbuctl pack show
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int pack_show(int argc, char **argv)
{
	struct asked asked = { 0 };
	int status = begin(&asked, argc, argv);

	if (!status && argc - optind != 1)
		status = ctl_bad("which pack? pack show NAME: see tongbuctl pack --help");
	return status ?: show(&asked, argv[optind]);
}
