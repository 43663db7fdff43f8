// SPDX-License-Identifier: GPL-2.0-only
#include "filter.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "record.h"
#include "timefmt.h"

static int append(json_t *query, const char *key, json_t *value)
{
	json_t *list = json_object_get(query, key);

	if (!list) {
		list = json_array();
		json_object_set_new(query, key, list);
	}
	return json_array_append_new(list, value) ? ctl_bad("out of memory") : 0;
}

/**
 * filter_time() - want records of a time
 * @query: parameters of Read
 * @key: which of them
 * @text: the time
 *
 * Return: 0 or an exit status.
 */
int filter_time(json_t *query, const char *key, const char *text)
{
	struct tb_error err;
	uint64_t time;

	ctl_zone();
	if (tb_time_parse(text, tb_time_now(), &time, &err))
		return ctl_failed(&err);
	json_object_set_new(query, key, tb_json_u64(time));
	return 0;
}

/**
 * filter_number() - want records of a number
 * @query: parameters of Read
 * @key: which of them
 * @text: the number
 *
 * Return: 0 or an exit status.
 */
int filter_number(json_t *query, const char *key, const char *text)
{
	uint64_t number;

	if (!ctl_number(text, INT64_MAX, &number))
		return ctl_bad("--%s %s: it must be a number", key, text);
	json_object_set_new(query, key, tb_json_u64(number));
	return 0;
}

static int add_kind(json_t *query, const char *name)
{
	char known[256] = "";
	unsigned int i;
	int kind = tb_kind_from_name(name);

	if (kind >= 0)
		return append(query, "kinds", json_integer(kind));
	for (i = 0; tb_kind_list(i); i++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
			 i ? ", " : "", tb_kind_list(i));
	return ctl_bad("--kind %s: it must be one of %s", name, known);
}

static int add_uid(json_t *query, const char *name)
{
	const struct passwd *user = getpwnam(name);
	uint64_t uid;

	if (user)
		return append(query, "uids", json_integer(user->pw_uid));
	if (ctl_number(name, UINT32_MAX, &uid))
		return append(query, "uids", json_integer((json_int_t)uid));
	return ctl_bad("--uid %s: there is no such user here; give the number", name);
}

/**
 * filter_option() - take an option that says which records
 * @query: parameters of Read
 * @option: the option; its argument is in optarg
 *
 * Return: 0 or an exit status.
 */
int filter_option(json_t *query, int option)
{
	switch (option) {
	case OPT_SINCE:
		return filter_time(query, "since", optarg);
	case OPT_SOURCE:
		return append(query, "sources", json_string(optarg));
	case OPT_KIND:
		return add_kind(query, optarg);
	case OPT_UID:
		return add_uid(query, optarg);
	default:
		return CTL_FAILED;
	}
}
