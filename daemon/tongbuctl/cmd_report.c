// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl report: what a pack counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asked.h"
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
	status = asked_query(query, argc, argv, NULL);
	if (!status && optind == argc)
		status = ctl_bad("which one? report [PACK.]NAME: see tongbuctl report list");
	if (status) {
		json_decref(query);
		return status;
	}
	status = asked_name("report", argv[optind], &pack);
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
