// SPDX-License-Identifier: GPL-2.0-only
/* What came of a record, as the person who made it wants to know it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "people.h"

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

static bool is_refusal(const json_t *finding)
{
	return !strcmp(text_of(finding, "rule"), "engine.refused") ||
	       !strcmp(text_of(finding, "rule"), "engine.failed");
}

/* Of the first finding that says the act came to nothing, or NULL */
static const json_t *refusal_of(const json_t *row)
{
	json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(row, "findings"), i, finding)
		if (is_refusal(finding))
			return finding;
	return NULL;
}

static void put_label(const char *word, const char *colour)
{
	if (colour)
		fputs(colour, stdout);
	people_put(word);
	if (colour)
		fputs("\033[0m", stdout);
}

static void show_matters(const json_t *row)
{
	const char *record = text_of(row, "record");
	json_t *matter;
	size_t i;

	json_array_foreach(json_object_get(row, "matters"), i, matter) {
		if (!strcmp(text_of(matter, "record"), record))
			put_label(people_say("opened ", "立案 "), NULL);
		people_put(text_of(matter, "id"));
		fputs("  ", stdout);
		people_put(text_of(matter, "kind"));
		fputs(people_say(", stage ", "，阶段 "), stdout);
		people_put(text_of(matter, "stage"));
		if (*people_text(json_object_get(matter, "title"))) {
			fputs("  ", stdout);
			people_put(people_text(json_object_get(matter, "title")));
		}
		putchar('\n');
	}
}

static void show_findings(const json_t *row)
{
	json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(row, "findings"), i, finding) {
		put_label(people_word(text_of(finding, "level")),
			  people_colour(text_of(finding, "level")));
		fputs("  ", stdout);
		people_put(text_of(finding, "rule"));
		fputs(": ", stdout);
		people_put(people_text(json_object_get(finding, "text")));
		if (*text_of(finding, "matter")) {
			fputs("  (", stdout);
			people_put(text_of(finding, "matter"));
			putchar(')');
		}
		putchar('\n');
	}
}

static void show_clocks(const json_t *row, int zone)
{
	char time[PEOPLE_TIME_SIZE];
	json_t *clock;
	size_t i;

	json_array_foreach(json_object_get(row, "clocks"), i, clock) {
		fputs(people_say("clock ", "期限 "), stdout);
		people_put(text_of(clock, "name"));
		printf(people_say(" until %s  (", " 至 %s  （"),
		       people_time(json_integer_value(json_object_get(clock, "due")), zone, time));
		people_put(text_of(clock, "matter"));
		puts(people_say(")", "）"));
	}
}

static void show_tasks(const json_t *row)
{
	json_t *task;
	size_t i;

	json_array_foreach(json_object_get(row, "tasks"), i, task) {
		fputs(people_say("task for ", "待办 "), stdout);
		people_put(*text_of(task, "name")	 ? text_of(task, "name") :
			   *text_of(task, "office_name") ? text_of(task, "office_name") :
							   text_of(task, "office"));
		fputs(": ", stdout);
		people_put(people_text(json_object_get(task, "text")));
		putchar('\n');
	}
}

static void show_notices(const json_t *row)
{
	const char *title;
	json_t *notice;
	size_t i;

	json_array_foreach(json_object_get(row, "notices"), i, notice) {
		fputs(people_say("notice ", "公告 "), stdout);
		printf("%" JSON_INTEGER_FORMAT "  ",
		       json_integer_value(json_object_get(notice, "id")));
		title = people_text(json_object_get(notice, "title"));
		people_put(*title ? title : people_text(json_object_get(notice, "text")));
		putchar('\n');
	}
}

static void show_points(const json_t *row)
{
	json_t *line;
	size_t i;

	json_array_foreach(json_object_get(row, "points"), i, line) {
		fputs(people_say("points of ", "积分 "), stdout);
		people_put(text_of(line, "account"));
		printf(": %+" JSON_INTEGER_FORMAT ", %s %" JSON_INTEGER_FORMAT "\n",
		       json_integer_value(json_object_get(line, "points")),
		       people_say("now", "结余"),
		       json_integer_value(json_object_get(line, "balance")));
	}
}

/**
 * outcome_show() - tell what came of a record
 * @row: Query's row for it
 * @zone: the station's time zone
 *
 * Return: %CTL_NO if the act was refused, else %CTL_OK or another exit status.
 */
int outcome_show(const json_t *row, int zone)
{
	const json_t *refusal = refusal_of(row);
	int status;

	if (ctl.json) {
		status = ctl_print(json_incref((json_t *)row));
		return status ? status : refusal ? CTL_NO : CTL_OK;
	}
	/* The refusal goes where errors go, so that nobody takes it for done. */
	if (refusal) {
		fflush(stdout);
		fprintf(stderr, "tongbuctl: %s: ", people_say("refused", "已拒绝"));
		people_write(stderr, people_text(json_object_get(refusal, "text")));
		fputc('\n', stderr);
		return CTL_NO;
	}
	show_matters(row);
	show_findings(row);
	show_clocks(row, zone);
	show_tasks(row);
	show_notices(row);
	show_points(row);
	return CTL_OK;
}
