// SPDX-License-Identifier: GPL-2.0-only
#include "asked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people.h"

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
		return ctl_bad("%s: what is asked for is given as KEY=VALUE", argument);
	snprintf(key, sizeof(key), "%.*s", (int)(value - argument), argument);
	json = json_loads(value + 1, JSON_DECODE_ANY, NULL);
	if (!json)
		json = json_string(value + 1);
	return json_object_set_new(query, key, json) ? ctl_bad("%s: this is not UTF-8", argument) :
						       0;
}

/**
 * asked_query() - what is asked for: --from, --to, KEY=VALUE behind the name; -o
 * @query: an object that gets it
 * @argc: number of arguments
 * @argv: the arguments; optind is left at the name
 * @out: set to the file of -o; NULL where there is no such option
 *
 * Return: 0 or an exit status, after saying why.
 */
int asked_query(json_t *query, int argc, char **argv, const char **out)
{
	const char *name;
	int option, i, status = 0;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (out && option == TB_OPT_OUT) {
			*out = optarg;
			continue;
		}
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

/**
 * asked_name() - the whole name: "audit" is sentence.audit, as long as no other pack has one
 * @what: what it is the name of: report or export
 * @name: what was given
 * @full: set to it, the caller's, also where this fails
 *
 * Return: 0 or an exit status, after saying why.
 */
int asked_name(const char *what, const char *name, char **full)
{
	char said[400] = "", list[16];
	json_t *reply, *row;
	int status;
	size_t i;

	*full = strdup(name);
	if (!*full)
		return ctl_bad("out of memory");
	if (strchr(name, '.'))
		return 0;
	snprintf(list, sizeof(list), "%ss", what);
	status = people_ask(list, json_pack("{s:s}", "kind", name), &reply);
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
		status = ctl_bad("there is no %s %s: see tongbuctl %s list", what, name, what);
	}
	json_decref(reply);
	return status;
}
