// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl report: what a pack counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people.h"
#include "state.h"

#define COLUMNS_MAX 64

static const struct people_column list_columns[] = {
	{ "report", "报表", "id", 't' },
	{ "what it tells", "说明", "doc", 't' },
	{ 0 },
};

static const struct people_list reports = { "reports", list_columns, false, false, true };

static void add_column(struct people_column *columns, const char *key)
{
	size_t i;

	for (i = 0; columns[i].en; i++)
		if (!strcmp(columns[i].en, key))
			return;
	if (i < COLUMNS_MAX)
		columns[i] = (struct people_column){ key, key, key, 't' };
}

static bool all_numbers(const json_t *rows, const char *key)
{
	const json_t *value;
	json_t *row;
	size_t i;

	json_array_foreach((json_t *)rows, i, row) {
		value = json_object_get(row, key);
		if (value && !json_is_number(value))
			return false;
	}
	return true;
}

/* Those the pack declares, in its order, and what rows have beside them */
static void show_rows(const json_t *declared, const json_t *rows, int zone)
{
	struct people_column columns[COLUMNS_MAX + 1] = { 0 };
	const char *key;
	json_t *row, *value;
	size_t i;

	json_array_foreach((json_t *)declared, i, value)
		if (json_is_string(value))
			add_column(columns, json_string_value(value));
	json_array_foreach((json_t *)rows, i, row)
		json_object_foreach(row, key, value)
			add_column(columns, key);
	for (i = 0; columns[i].en; i++)
		if (all_numbers(rows, columns[i].key))
			columns[i].type = 'n';
	if (json_array_size(rows) && columns[0].en)
		people_table(columns, rows, zone, "");
	else
		puts(people_say("none", "无"));
}

static int show_report(const char *pack, const char *report, json_t *query)
{
	json_t *declared, *reply, *rows, *row;
	int status;
	size_t i;

	status = people_ask("reports", json_pack("{s:s, s:s}", "pack", pack, "kind", report),
			    &declared);
	if (status) {
		json_decref(query);
		return status;
	}
	status = people_call("Report",
			     json_pack("{s:s, s:s, s:o}", "pack", pack, "report", report, "query",
				       query),
			     &reply);
	if (status) {
		json_decref(declared);
		return status;
	}
	rows = json_object_get(reply, "rows");
	if (ctl.json) {
		json_array_foreach(rows, i, row)
			if (!status)
				status = ctl_print(json_incref(row));
	} else {
		row = json_array_get(json_object_get(declared, "rows"), 0);
		show_rows(json_object_get(row, "columns"), rows, people_zone(reply));
	}
	json_decref(reply);
	json_decref(declared);
	return status;
}

static bool is_date(const char *text)
{
	unsigned int year, month, day;
	int end = 0;

	return sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &end) == 3 && end == 10 &&
	       !text[end] && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static int set_value(json_t *query, const char *argument)
{
	const char *value = strchr(argument, '=');
	json_t *json;
	char key[64];

	if (!value || value == argument || value - argument >= (ptrdiff_t)sizeof(key))
		return ctl_bad("%s: what a report takes is given as KEY=VALUE", argument);
	snprintf(key, sizeof(key), "%.*s", (int)(value - argument), argument);
	json = json_loads(value + 1, JSON_DECODE_ANY, NULL);
	if (!json)
		json = json_string(value + 1);
	return json_object_set_new(query, key, json) ? ctl_bad("%s: this is not UTF-8", argument) :
						       0;
}

static int take_query(json_t *query, int argc, char **argv)
{
	const char *name;
	int option, i, status = 0;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option != OPT_FROM && option != OPT_TO)
			return CTL_FAILED;
		name = option == OPT_FROM ? "from" : "to";
		if (!is_date(optarg))
			return ctl_bad("--%s %s: it must be a date, as 2026-11-23", name, optarg);
		json_object_set_new(query, name, json_string(optarg));
	}
	for (i = optind + 1; !status && i < argc; i++)
		status = set_value(query, argv[i]);
	return status;
}

/* "audit" is sentence.audit, as long as no other pack has one. */
static int full_name(const char *name, char **full)
{
	char said[400] = "";
	json_t *reply, *row;
	int status;
	size_t i;

	*full = strdup(name);
	if (!*full)
		return ctl_bad("out of memory");
	if (strchr(name, '.'))
		return 0;
	status = people_ask("reports", json_pack("{s:s}", "kind", name), &reply);
	if (status)
		return status;
	json_array_foreach(json_object_get(reply, "rows"), i, row)
		snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%s", i ? ", " : "",
			 json_string_value(json_object_get(row, "id")) ?: "");
	if (json_array_size(json_object_get(reply, "rows")) == 1) {
		free(*full);
		*full = strdup(said);
		status = *full ? 0 : ctl_bad("out of memory");
	} else if (*said) {
		status = ctl_bad("which one? %s", said);
	} else {
		status = ctl_bad("there is no report %s: see tongbuctl report list", name);
	}
	json_decref(reply);
	return status;
}

/**
 * report_list() - tongbuctl report list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int report_list(int argc, char **argv)
{
	return people_list(&reports, argc, argv);
}

/**
 * cmd_report() - tongbuctl report
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_report(int argc, char **argv)
{
	json_t *query;
	char *pack, *dot;
	int status;

	query = json_object();
	status = take_query(query, argc, argv);
	if (!status && optind == argc)
		status = ctl_bad("which one? report [PACK.]NAME: see tongbuctl report list");
	if (status) {
		json_decref(query);
		return status;
	}
	status = full_name(argv[optind], &pack);
	if (status) {
		json_decref(query);
		free(pack);
		return status;
	}
	dot = strchr(pack, '.');
	*dot = '\0';
	status = show_report(pack, dot + 1, query);
	free(pack);
	return status;
}
