// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl clock, finding, task, notice, office, points, pack: lists of the state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "people.h"
#include "state.h"
#include "timefmt.h"

/*
 * All that any list can be asked for, in the words of Query: t text, T time, n number,
 * b yes, a what names a row, A open or not.
 */
static const struct {
	const char *name;
	char type;
} filters[] = {
	{ "since", 'T' },   { "until", 'T' }, { "limit", 'n' }, { "after", 'a' },
	{ "overdue", 'b' }, { "mine", 'b' },  { "all", 'A' },
};

static int set_time(json_t *filter, const char *name)
{
	struct tb_error err;
	uint64_t time;

	ctl_zone();
	if (tb_time_parse(optarg, tb_time_now(), &time, &err))
		return ctl_failed(&err);
	json_object_set_new(filter, name, json_integer((json_int_t)(time / TB_NSEC_PER_SEC)));
	return 0;
}

static int take_option(const struct people_list *list, json_t *filter, int option)
{
	const char *name = ctl_given->name;
	char type = 't';
	size_t i;

	if (option != OPT_FILTER)
		return CTL_FAILED;
	for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (!strcmp(filters[i].name, name))
			type = filters[i].type;
	if (type == 'a')
		type = list->number ? 'n' : 't';
	switch (type) {
	case 'b':
		json_object_set_new(filter, name, json_true());
		return 0;
	case 'A':
		json_object_set_new(filter, "open", json_null());
		return 0;
	case 'T':
		return set_time(filter, name);
	case 'n':
		return filter_number(filter, name, optarg);
	default:
		if (!json_object_set_new(filter, name, json_string(optarg)))
			return 0;
		return ctl_bad("--%s: this is not UTF-8", name);
	}
}

static int take_options(const struct people_list *list, json_t *filter, int argc, char **argv)
{
	int option, status = 0;

	if (list->open)
		json_object_set_new(filter, "open", json_true());
	while (!status && (option = ctl_option(argc, argv)) != -1)
		status = option == '?' ? CTL_FAILED : take_option(list, filter, option);
	return status;
}

/* Who got as many as he asked for may have missed some. */
static void tell_rest(const json_t *rows, json_int_t limit)
{
	const json_t *last = json_array_get(rows, json_array_size(rows) - 1), *id;
	char *text;

	if (limit < 1 || (json_int_t)json_array_size(rows) < limit)
		return;
	id = json_object_get(last, "id") ?: json_object_get(last, "uid");
	text = people_cell(id, 't', 0);
	fflush(stdout);
	fprintf(stderr,
		people_say("tongbuctl: there may be more: --after=%s\n",
			   "tongbuctl：可能还有更多：--after=%s\n"),
		text ? text : "");
	free(text);
}

static int show_list(const struct people_list *list, const json_t *reply, json_int_t limit)
{
	const json_t *rows = json_object_get(reply, "rows");
	json_t *row;
	int status = 0;
	size_t i;

	if (ctl.json) {
		json_array_foreach((json_t *)rows, i, row)
			if (!status)
				status = ctl_print(json_incref(row));
	} else if (json_array_size(rows)) {
		people_table(list->columns, rows, people_zone(reply), "");
	} else {
		puts(people_say("none", "无"));
	}
	tell_rest(rows, limit);
	return status;
}

static int ask_and_show(const struct people_list *list, json_t *filter)
{
	json_int_t limit = json_integer_value(json_object_get(filter, "limit"));
	json_t *reply;
	int status;

	if (!limit && !list->whole)
		limit = 100;
	status = people_ask(list->what, filter, &reply);
	if (status)
		return status;
	status = show_list(list, reply, limit);
	json_decref(reply);
	return status;
}

/**
 * people_list() - a list of the state, by the options on the command line
 * @list: which
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int people_list(const struct people_list *list, int argc, char **argv)
{
	json_t *filter = json_object();
	int status = take_options(list, filter, argc, argv);

	if (!status && optind < argc)
		status = ctl_bad("%s takes no argument %s", argv[0], argv[optind]);
	if (!status)
		return ask_and_show(list, filter);
	json_decref(filter);
	return status;
}

static const struct people_column clock_columns[] = {
	{ "due", "到期", "due", 'T' },
	{ "state", "状态", "state", 'w' },
	{ "clock", "期限", "name", 't' },
	{ "matter", "事项", "matter", 't' },
	{ "title", "名称", "matter_title|matter_kind", 't' },
	{ "no", "编号", "id", 'n' },
	{ 0 },
};

static const struct people_column finding_columns[] = {
	{ "no", "编号", "id", 'n' },	   { "time", "时间", "time", 'T' },
	{ "level", "程度", "level", 'w' }, { "pack", "规则包", "pack", 't' },
	{ "rule", "规则", "rule", 't' },   { "matter", "事项", "matter", 't' },
	{ "text", "内容", "text", 't' },   { 0 },
};

static const struct people_column task_columns[] = {
	{ "no", "编号", "id", 'n' },
	{ "since", "自", "time", 'T' },
	{ "for", "由", "name|uid|office_name|office", 't' },
	{ "matter", "事项", "matter", 't' },
	{ "what to do", "待办", "text", 't' },
	{ 0 },
};

static const struct people_column notice_columns[] = {
	{ "no", "编号", "id", 'n' },
	{ "from", "起", "from|time", 'T' },
	{ "to", "止", "to", 'T' },
	{ "kind", "类别", "kind", 't' },
	{ "place", "地点", "place", 't' },
	{ "text", "内容", "title|text", 't' },
	{ 0 },
};

static const struct people_column office_columns[] = {
	{ "office", "单位", "id", 't' },     { "name", "名称", "name", 't' },
	{ "above", "上级", "parent", 't' },  { "kind", "类别", "kind", 't' },
	{ "people", "人数", "actors", 'n' }, { 0 },
};

static const struct people_column balance_columns[] = {
	{ "account", "账户", "account", 't' },
	{ "points", "积分", "points", 'n' },
	{ "lines", "笔数", "lines", 'n' },
	{ "pack", "规则包", "pack", 't' },
	{ 0 },
};

static const struct people_column points_columns[] = {
	{ "no", "编号", "id", 'n' },	       { "points", "积分", "points", 'n' },
	{ "balance", "结余", "balance", 'n' }, { "record", "记录", "record", 't' },
	{ "reason", "事由", "reason", 't' },   { 0 },
};

static const struct people_column pack_columns[] = {
	{ "pack", "规则包", "name", 't' },
	{ "since record", "自记录", "record", 't' },
	{ "text (SHA-256)", "文本（SHA-256）", "hash", 't' },
	{ 0 },
};

static const struct people_list clocks = { "clocks", clock_columns, true, true, false };
static const struct people_list findings = { "findings", finding_columns, true, true, false };
static const struct people_list tasks = { "tasks", task_columns, true, true, false };
static const struct people_list notices = { "notices", notice_columns, true, true, false };
static const struct people_list offices = { "offices", office_columns, false, false, false };
static const struct people_list balances = { "points", balance_columns, false, false, false };
static const struct people_list account = { "points", points_columns, false, true, false };
static const struct people_list packs = { "packs", pack_columns, true, true, false };

/**
 * clock_list() - tongbuctl clock list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int clock_list(int argc, char **argv)
{
	return people_list(&clocks, argc, argv);
}

/**
 * finding_list() - tongbuctl finding list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int finding_list(int argc, char **argv)
{
	return people_list(&findings, argc, argv);
}

/**
 * task_list() - tongbuctl task list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int task_list(int argc, char **argv)
{
	return people_list(&tasks, argc, argv);
}

/**
 * notice_list() - tongbuctl notice list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int notice_list(int argc, char **argv)
{
	return people_list(&notices, argc, argv);
}

/**
 * office_list() - tongbuctl office list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int office_list(int argc, char **argv)
{
	return people_list(&offices, argc, argv);
}

/**
 * pack_list() - tongbuctl pack list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int pack_list(int argc, char **argv)
{
	return people_list(&packs, argc, argv);
}

/* What was taken for a text names a row by its number */
static int number_after(json_t *filter)
{
	const char *text = json_string_value(json_object_get(filter, "after"));

	return text ? filter_number(filter, "after", strdupa(text)) : 0;
}

/**
 * cmd_points() - tongbuctl points
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_points(int argc, char **argv)
{
	json_t *filter = json_object();
	int status;

	/* The lines of an account are named by numbers, accounts are not: --after is either. */
	status = take_options(&balances, filter, argc, argv);
	if (!status && optind < argc)
		status = json_object_set_new(filter, "account", json_string(argv[optind])) ?
				 ctl_bad("the account is not UTF-8") :
				 number_after(filter);
	if (!status && optind + 1 < argc)
		status = ctl_bad("points takes one ACCOUNT: see tongbuctl points --help");
	if (!status)
		return ask_and_show(optind < argc ? &account : &balances, filter);
	json_decref(filter);
	return status;
}
