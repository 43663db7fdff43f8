// SPDX-License-Identifier: GPL-2.0-only
#include "people.h"
#include "timefmt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "zone.h"

static bool chinese(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *value;
	size_t i;

	/* The first that is set says it, as for all programs. */
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value && *value)
			return !strncmp(value, "zh", 2);
	}
	return false;
}

/**
 * people_say() - words in the user's language
 * @en: in English
 * @zh: in Chinese
 *
 * Return: one of them.
 */
const char *people_say(const char *en, const char *zh)
{
	return chinese() ? zh : en;
}

/**
 * people_text() - a text of the state in the user's language
 * @text: text, or one for each language
 *
 * Return: it, @text's own; "" if there is none.
 */
const char *people_text(const json_t *text)
{
	const char *found;

	if (!json_is_object(text))
		return json_string_value(text) ?: "";
	found = json_string_value(json_object_get(text, people_say("en", "zh"))) ?:
			json_string_value(json_object_get(text, people_say("zh", "en")));
	return found ?: "";
}

/**
 * people_word() - a word of the state's own in the user's language
 * @word: such as a level
 *
 * Return: it; @word if it has no other.
 */
const char *people_word(const char *word)
{
	static const char *const words[][2] = {
		{ "info", "提示" },	 { "warn", "注意" },	   { "fault", "违规" },
		{ "running", "计时中" }, { "paused", "暂停计时" }, { "waiting", "待确认" },
		{ "overdue", "已逾期" }, { "met", "已办结" },	   { "late", "逾期办结" },
		{ "stopped", "已停止" }, { "owner", "承办" },	   { "side", "参与" },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i][0]))
			return people_say(word, words[i][1]);
	return word;
}

/* Its rule, once an answer has told it: summer and winter may differ */
static struct tb_zone station_zone;

/**
 * people_time() - a time as a clock at the station shows it
 * @seconds: since 1970
 * @zone: the zone, seconds east of UTC, as people_zone() tells it
 * @text: where to
 *
 * Return: @text.
 */
char *people_time(json_int_t seconds, int zone, char text[PEOPLE_TIME_SIZE])
{
	char full[TB_TIME_SIZE];

	if (seconds < 0 || seconds > PEOPLE_SECONDS_MAX) {
		snprintf(text, PEOPLE_TIME_SIZE, "?");
		return text;
	}
	tb_time_zone(*station_zone.rule ? tb_zone_offset(&station_zone, seconds) : zone);
	tb_time_text((uint64_t)seconds * TB_NSEC_PER_SEC, full);
	snprintf(text, PEOPLE_TIME_SIZE, "%.10s %.5s%s", full, full + 11, full + 29);
	return text;
}

/**
 * people_call() - ask the referee one thing
 * @method: name of the method
 * @parameters: an object; taken over
 * @reply: set to the answer, the caller's
 *
 * Return: 0 or an exit status, after saying why.
 */
int people_call(const char *method, json_t *parameters, json_t **reply)
{
	struct tb_error err;
	struct tb_rpc *rpc;
	int ret;

	if (!parameters)
		return ctl_bad("out of memory");
	if (ctl_connect_referee(&rpc, &err)) {
		json_decref(parameters);
		return ctl_failed(&err);
	}
	ret = tb_rpc_call(rpc, method, parameters, reply, &err);
	tb_rpc_close(rpc);
	if (ret == -ENOENT)
		return ctl_refused(&err);
	return ret ? ctl_failed(&err) : 0;
}

/**
 * people_progress() - how far a state that is made anew has come
 * @remaking: as the referee tells it
 * @text: where to
 *
 * Return: @text.
 */
char *people_progress(const json_t *remaking, char text[PEOPLE_PROGRESS_SIZE])
{
	json_int_t records = json_integer_value(json_object_get(remaking, "records"));
	json_int_t of = json_integer_value(json_object_get(remaking, "of"));
	const json_t *left = json_object_get(remaking, "seconds_left");
	json_int_t seconds = json_integer_value(left);
	int len = snprintf(text, PEOPLE_PROGRESS_SIZE,
			   people_say("%lld of %lld records", "%lld／%lld条记录"), records, of);

	if (left && len > 0)
		snprintf(text + len, PEOPLE_PROGRESS_SIZE - (size_t)len,
			 seconds < 120 ? people_say(", about %lld s left", "，约剩%lld秒") :
					 people_say(", about %lld min left", "，约剩%lld分钟"),
			 seconds < 120 ? seconds : (seconds + 30) / 60);
	return text;
}

/* From which state an answer is, where not from the last */
static void say_which(const json_t *reply)
{
	const json_t *remaking = json_object_get(reply, "remaking");
	const char *trouble = json_string_value(json_object_get(reply, "trouble"));
	char progress[PEOPLE_PROGRESS_SIZE];

	if (trouble)
		fprintf(stderr, "tongbuctl: %s: %s\n",
			people_say("this is not the last state, packs stopped",
				   "以下并非最新状态，归并已停"),
			trouble);
	if (json_is_object(remaking))
		fprintf(stderr, "tongbuctl: %s: %s\n",
			json_is_true(json_object_get(remaking, "old_answers")) ?
				people_say("this is the state before, a new one is being made",
					   "以下为原状态，新状态重建中") :
				people_say("this is not all yet, the state is being made anew",
					   "以下尚不完整，状态重建中"),
			people_progress(remaking, progress));
}

/**
 * people_ask() - ask about the state
 * @what: which list
 * @filter: what of it; taken over
 * @reply: set to the answer, the caller's
 *
 * Return: 0 or an exit status, after saying why.
 */
int people_ask(const char *what, json_t *filter, json_t **reply)
{
	int status;

	status = people_call("Query", json_pack("{s:s, s:o}", "what", what, "filter", filter),
			     reply);
	if (status)
		return status;
	say_which(*reply);
	return 0;
}

/**
 * people_zone() - the station's time zone
 * @reply: an answer about the state
 *
 * Return: seconds east of UTC; 0 with --utc.
 */
int people_zone(const json_t *reply)
{
	const char *rule = json_string_value(json_object_get(reply, "rule"));

	tb_zone_rule(ctl.utc || !rule ? "" : rule, &station_zone);
	return ctl.utc ? 0 : (int)json_integer_value(json_object_get(reply, "zone"));
}

/**
 * people_unlisted() - years whose days off nobody has told, and how many deadlines wait for them
 * @status: what the referee says of itself
 * @text: told
 * @size: room there
 *
 * Return: whether there are any.
 */
bool people_unlisted(const json_t *status, char *text, size_t size)
{
	const char *year;
	json_t *count;
	size_t len = 0;

	*text = 0;
	json_object_foreach(json_object_get(status, "unlisted"), year, count) {
		if (len < size)
			len += (size_t)snprintf(text + len, size - len,
						"%scalendar missing %s (%lld deadlines)",
						len ? ", " : "", year,
						(long long)json_integer_value(count));
	}
	return *text;
}
