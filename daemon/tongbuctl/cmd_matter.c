// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl matter: what is under way, one matter from its first record to its last. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "people.h"
#include "state.h"

static const struct people_column list_columns[] = {
	{ "matter", "事项", "id", 't' },
	{ "opened", "开始", "opened", 'T' },
	{ "kind", "类别", "kind", 't' },
	{ "stage", "阶段", "stage", 't' },
	{ "office", "承办", "office_name|office", 't' },
	{ "due", "到期", "due", 'T' },
	{ "overdue", "逾期", "overdue", 'n' },
	{ "title", "名称", "title|key", 't' },
	{ 0 },
};

static const struct people_list matters = { "matters", list_columns, true, false, false };

/**
 * matter_list() - tongbuctl matter list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int matter_list(int argc, char **argv)
{
	return people_list(&matters, argc, argv);
}

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

static void put_heading(const char *en, const char *zh)
{
	bool bold = tb_colour();

	printf("\n%s%s%s\n", bold ? "\033[1m" : "", people_say(en, zh), bold ? "\033[0m" : "");
}

/* "station (The station)" */
static void put_named(const char *label, const json_t *row, const char *id, const char *name)
{
	if (!*text_of(row, id))
		return;
	printf("  %s ", label);
	people_put(text_of(row, id));
	if (*text_of(row, name)) {
		fputs("  ", stdout);
		people_put(text_of(row, name));
	}
	putchar('\n');
}

static void put_time(const char *label, const json_t *row, const char *key, int zone)
{
	const json_t *value = json_object_get(row, key);
	char time[PEOPLE_TIME_SIZE];

	if (json_is_integer(value))
		printf("  %s %s\n", label, people_time(json_integer_value(value), zone, time));
}

/* Behind what names a blob or a person whose key was destroyed */
static void put_erased(const json_t *erased, const json_t *value, const char *text)
{
	const char *name;
	json_t *item;
	size_t i;

	json_array_foreach((json_t *)erased, i, item) {
		name = json_string_value(item) ?: "";
		if (json_is_string(value) && !strcmp(json_string_value(value), name))
			fputs(people_say("  (erased)", "（已清除）"), stdout);
		else if (!json_is_string(value) && strstr(text, name))
			printf(people_say("  (erased: %.12s)", "（已清除：%.12s）"), name);
	}
}

static void put_key(const json_t *row)
{
	const json_t *key = json_object_get(row, "key");

	if (!json_string_length(key))
		return;
	printf("  %s ", people_say("key    ", "编号"));
	people_put(json_string_value(key));
	put_erased(json_object_get(row, "erased"), key, "");
	putchar('\n');
}

static void show_head(const json_t *row, int zone)
{
	bool bold = tb_colour();

	fputs(bold ? "\033[1m" : "", stdout);
	people_put(text_of(row, "id"));
	fputs("  ", stdout);
	people_put(text_of(row, "kind"));
	fputs(people_say(", stage ", "，阶段 "), stdout);
	people_put(text_of(row, "stage"));
	fputs("  ", stdout);
	people_put(people_text(json_object_get(row, "title")));
	puts(bold ? "\033[0m" : "");
	put_named(people_say("office ", "承办"), row, "office", "office_name");
	put_named(people_say("place  ", "地点"), row, "place", "place_name");
	put_key(row);
	put_time(people_say("opened ", "开始"), row, "opened", zone);
	put_time(people_say("closed ", "办结"), row, "closed", zone);
	put_time(people_say("due    ", "到期"), row, "due", zone);
}

static void show_data(const json_t *data, const json_t *erased)
{
	const char *name;
	json_t *value;
	char *text;

	if (!json_object_size(data))
		return;
	put_heading("Data", "数据");
	json_object_foreach((json_t *)data, name, value) {
		text = people_cell(value, 't', 0);
		fputs("  ", stdout);
		people_put(name);
		fputs(": ", stdout);
		people_put(text ?: "");
		put_erased(erased, value, text ?: "");
		putchar('\n');
		free(text);
	}
}

static void show_part(const json_t *row, const char *key, const char *en, const char *zh,
		      const struct people_column *columns, int zone)
{
	const json_t *rows = json_object_get(row, key);

	if (!json_array_size(rows))
		return;
	put_heading(en, zh);
	people_table(columns, rows, zone, "  ");
}

static void put_mark(const char *word)
{
	const char *colour = people_colour(word);

	printf("    %s%s%s  ", colour ? colour : "", people_word(word), colour ? "\033[0m" : "");
}

static void put_finding(const json_t *finding)
{
	const char *mark = people_text(json_object_get(json_object_get(finding, "law"), "source"));

	put_mark(text_of(finding, "level"));
	people_put(text_of(finding, "rule"));
	fputs(": ", stdout);
	people_put(people_text(json_object_get(finding, "text")));
	if (*mark) {
		fputs("  [", stdout);
		people_put(mark);
		putchar(']');
	}
	if (!json_is_null(json_object_get(finding, "resolved")))
		fputs(people_say("  (resolved)", "（已解决）"), stdout);
	putchar('\n');
}

/* What the rules said to a record stands under it. */
static void put_findings(const json_t *row, const char *record)
{
	const json_t *findings = json_object_get(row, "findings");
	size_t i = json_array_size(findings);
	json_t *finding;

	/* The list has the newest first. */
	while (i--) {
		finding = json_array_get(findings, i);
		if (!strcmp(text_of(finding, "record"), record))
			put_finding(finding);
	}
}

static void show_timeline(const json_t *row, int zone)
{
	const json_t *lines = json_object_get(row, "timeline");
	const json_t *next;
	char time[PEOPLE_TIME_SIZE];
	const char *record;
	json_t *line, *uid;
	size_t i;

	put_heading("Timeline", "经过");
	json_array_foreach((json_t *)lines, i, line) {
		record = text_of(line, "record");
		uid = json_object_get(line, "uid");
		printf("  %s  ",
		       people_time(json_integer_value(json_object_get(line, "time")), zone, time));
		people_put(record);
		fputs("  ", stdout);
		if (*text_of(line, "name"))
			people_put(text_of(line, "name"));
		else if (json_is_integer(uid))
			printf("uid %" JSON_INTEGER_FORMAT, json_integer_value(uid));
		else
			fputs(people_say("the station", "本站"), stdout);
		fputs("  ", stdout);
		people_put(people_text(json_object_get(line, "text")));
		putchar('\n');
		next = json_array_get(lines, i + 1);
		if (!next || strcmp(text_of(next, "record"), record))
			put_findings(row, record);
	}
}

static void show_matter(const json_t *row, int zone)
{
	static const struct people_column owners[] = {
		{ "since", "自", "time", 'T' },
		{ "office", "单位", "office_name|office", 't' },
		{ "record", "记录", "record", 't' },
		{ "reason", "事由", "reason", 't' },
		{ 0 },
	};
	static const struct people_column sides[] = {
		{ "office", "单位", "office_name|office", 't' },
		{ "as", "角色", "how", 'w' },
		{ "record", "记录", "record", 't' },
		{ 0 },
	};
	static const struct people_column links[] = {
		{ "matter", "事项", "matter", 't' },
		{ "how", "关系", "how", 't' },
		{ 0 },
	};
	static const struct people_column clocks[] = {
		{ "due", "到期", "due", 'T' },	     { "state", "状态", "state", 'w' },
		{ "clock", "期限", "name", 't' },    { "extended", "延长", "extended", 'n' },
		{ "record", "记录", "record", 't' }, { 0 },
	};
	static const struct people_column tasks[] = {
		{ "since", "自", "time", 'T' },
		{ "for", "由", "name|uid|office_name|office", 't' },
		{ "done by", "办结记录", "done", 't' },
		{ "what to do", "待办", "text", 't' },
		{ 0 },
	};
	static const struct people_column notices[] = {
		{ "no", "编号", "id", 'n' },
		{ "time", "时间", "time", 'T' },
		{ "kind", "类别", "kind", 't' },
		{ "text", "内容", "title|text", 't' },
		{ 0 },
	};

	show_head(row, zone);
	show_data(json_object_get(row, "data"), json_object_get(row, "erased"));
	/* One owner from the first on is in the head. */
	if (json_array_size(json_object_get(row, "owners")) > 1)
		show_part(row, "owners", "Owners", "承办单位", owners, zone);
	if (json_array_size(json_object_get(row, "sides")) > 1)
		show_part(row, "sides", "Sides", "各方", sides, zone);
	show_part(row, "links", "Links", "关联事项", links, zone);
	show_part(row, "clocks", "Clocks", "期限", clocks, zone);
	show_part(row, "tasks", "Tasks", "待办", tasks, zone);
	show_part(row, "notices", "Notices", "公告", notices, zone);
	show_timeline(row, zone);
}

/**
 * matter_show() - tongbuctl matter show
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int matter_show(int argc, char **argv)
{
	json_t *reply, *row;
	int status;

	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	if (optind + 1 != argc)
		return ctl_bad("which one? matter show ID: see tongbuctl matter list");
	status = people_ask("matter", json_pack("{s:s}", "id", argv[optind]), &reply);
	if (status)
		return status;
	row = json_array_get(json_object_get(reply, "rows"), 0);
	if (ctl.json)
		status = ctl_print(json_incref(row));
	else
		show_matter(row, people_zone(reply));
	json_decref(reply);
	return status;
}

/* The pack is in the matter's id: "market-12" */
static json_t *act_on(const char *id, const char *kind)
{
	const char *dash = strrchr(id, '-');
	char pack[64];

	if (!dash || dash == id || dash - id >= (ptrdiff_t)sizeof(pack))
		return NULL;
	snprintf(pack, sizeof(pack), "%.*s", (int)(dash - id), id);
	return act_new(pack, kind);
}

/*
 * Packs call the field by what the matter is. Of the act's fields of type matter take
 * the first that is required; "matter" if there is none such, or nobody to ask.
 */
static const char *field_name(json_t *fields)
{
	const char *name, *found = NULL;
	json_t *field;
	bool must, sure = false;

	if (json_object_get(fields, "matter"))
		return "matter";
	json_object_foreach(fields, name, field) {
		must = json_is_true(json_object_get(field, "required"));
		if (strcmp(text_of(field, "type"), "matter") || (found && (sure || !must)))
			continue;
		found = name;
		sure = must;
	}
	return found ? found : "matter";
}

/**
 * matter_act() - tongbuctl matter act
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int matter_act(int argc, char **argv)
{
	struct act_options options;
	json_t *act, *fields;
	const char *id;
	int status = act_options(&options, argc, argv);

	if (status)
		return status;
	if (argc - optind < 2)
		return ctl_bad("matter act ID KIND FIELD=VALUE...: see tongbuctl matter --help");
	id = argv[optind];
	act = act_on(id, argv[optind + 1]);
	if (!act)
		return ctl_bad("%s is no matter's id, such as market-12", id);
	fields = act_fields(text_of(act, "pack"), text_of(act, "kind"));
	json_object_set_new(act, field_name(fields), json_string(id));
	status = act_fill(act, fields, options.data, argc - optind - 2, argv + optind + 2);
	json_decref(fields);
	if (!status)
		return act_submit(act, options.wait);
	json_decref(act);
	return status;
}
