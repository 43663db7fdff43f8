// SPDX-License-Identifier: GPL-2.0-only
#include "try.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "json.h"
#include "jsonread.h"
#include "kernel.h"
#include "referee.h"
#include "timefmt.h"

/* Records that share a transaction of the state */
#define PIECE 1000

/**
 * struct trying - a try under way
 * @options: how
 * @referee: folds
 * @out: where effects go
 * @result: counts
 * @err: told what went wrong
 * @effects: what the last line caused
 * @record: id of the last record
 * @time: time of the last record
 * @synced: the machine's clock is, by the line
 * @open: records in the transaction
 * @most: bytes an act of this line has at the most
 * @admin: who the short forms are by
 */
struct trying {
	const struct tb_try_options *options;
	struct tb_referee *referee;
	FILE *out;
	struct tb_try_result *result;
	struct tb_error *err;
	json_t *effects;
	char record[32];
	int64_t time;
	bool synced;
	unsigned int open;
	size_t most;
	int64_t admin;
};

static void on_effect(const json_t *effect, void *userdata)
{
	struct trying *t = userdata;

	json_array_append(t->effects, (json_t *)effect);
	if (t->options->quiet)
		return;
	json_dumpf(effect, t->out, JSON_COMPACT);
	fputc('\n', t->out);
}

static int bad_line(struct trying *t, const char *fmt, const char *what)
{
	char text[400];

	snprintf(text, sizeof(text), fmt, what);
	return tb_error_set(t->err, -EINVAL, "line %lu: %s", t->result->lines, text);
}

static int fold(struct trying *t, struct tb_event *event)
{
	int ret = 0;

	snprintf(t->record, sizeof(t->record), "try:%lu", t->result->records++);
	event->record = t->record;
	if (!t->open++)
		ret = tb_referee_begin(t->referee, t->err);
	if (!ret)
		ret = tb_referee_fold(t->referee, event, t->err);
	if (!ret && t->open >= PIECE) {
		t->open = 0;
		ret = tb_referee_commit(t->referee, t->err);
	}
	return ret;
}

/* Time passes: what is due until then is due, in order. */
static int pass(struct trying *t, int64_t time)
{
	struct tb_event event = { .kind = TB_EVENT_DUE, .uid = TB_NO_UID, .synced = t->synced };
	int ret = 0;

	if (time < t->time)
		return bad_line(t, "%s", "the time is before that of the line above");
	while (!ret && tb_referee_next_due(t->referee, &event.time, &event.clock) &&
	       event.time < time) {
		/* Started with a date in the past: due at once */
		if (event.time < t->time)
			event.time = t->time;
		ret = fold(t, &event);
	}
	t->time = time;
	return ret;
}

static int fold_edge(struct trying *t, const json_t *edge)
{
	struct tb_event event = {
		.kind = TB_EVENT_EDGE, .time = t->time, .uid = TB_NO_UID, .synced = t->synced
	};
	json_error_t why;
	int missed = 0;

	if (json_unpack_ex((json_t *)edge, &why, 0, "{s:s, s:i, s?b, s?s !}", "source",
			   &event.source, "level", &event.level, "missed", &missed, "line",
			   &event.line))
		return bad_line(t, "edge takes source, level, missed and line: %.200s", why.text);
	if (event.level != 0 && event.level != 1)
		return bad_line(t, "%s", "level of edge must be 0 or 1");
	event.missed = missed;
	return fold(t, &event);
}

static int fold_lost(struct trying *t, const json_t *lost)
{
	struct tb_event event = {
		.kind = TB_EVENT_LOST, .time = t->time, .uid = TB_NO_UID, .synced = t->synced
	};
	json_error_t why;
	json_int_t count;

	if (json_unpack_ex((json_t *)lost, &why, 0, "{s:s, s:I !}", "source", &event.source,
			   "count", &count))
		return bad_line(t, "lost takes source and count: %.200s", why.text);
	if (count < 1)
		return bad_line(t, "%s", "count of lost must be 1 or more");
	event.count = (uint64_t)count;
	return fold(t, &event);
}

/**
 * struct told - what a device can tell
 * @word: the word for it
 * @source: what packs see as its source; NULL for one that is named
 * @fields: names, each behind the letter of its type: t text, i whole number, n
 *	number, b true or false, o object; a capital letter: it must be there
 */
struct told {
	const char *word;
	const char *source;
	const char *fields[7];
};

static const struct told tolds[] = {
	{ "measure", NULL, { "Tsource", "Ovalues", "ounits" } },
	{ "count", NULL, { "Tsource", "Icount", "itotal", "ninterval" } },
	{ "code", NULL, { "Tsource", "tcode", "thash", "tended" } },
	{ "key", NULL, { "Tsource", "Ikey", "Bdown" } },
	{ "silent", NULL, { "Tsource", "iseconds", "tvalue", "twhy" } },
	{ "restored", NULL, { "Tsource", "iseconds", "tvalue" } },
	{ "gone", NULL, { "Tsource", "twhy", "ilevel" } },
	{ "back", NULL, { "Tsource", "ilevel" } },
	{ "storm", NULL, { "Tsource", "Bover", "icount" } },
	{ "output", "outputs", { "Toutput", "Ivalue", "Tcause", "tbecause", "ierror" } },
	{ "reflex", "reflexes", { "Treflex", "Toutput", "Ivalue", "tbecause", "iafter", "ierror" } },
};

static const struct told *told_of(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(tolds) / sizeof(tolds[0]); i++)
		if (!strcmp(tolds[i].word, word))
			return &tolds[i];
	return NULL;
}

static bool is_type(const json_t *value, char type)
{
	switch (type | 0x20) {
	case 't':
		return json_is_string(value);
	case 'i':
		return json_is_integer(value);
	case 'n':
		return json_is_number(value);
	case 'b':
		return json_is_boolean(value);
	default:
		return json_is_object(value);
	}
}

/* Is all there that must be, of the right type, and nothing else? */
static int check_told(struct trying *t, const struct told *told, json_t *fields)
{
	const char *const *field;
	char text[100];
	const char *key;
	json_t *value;

	for (field = told->fields; *field; field++) {
		value = json_object_get(fields, *field + 1);
		snprintf(text, sizeof(text), "%s of %s", *field + 1, told->word);
		if (!value && **field < 'a')
			return bad_line(t, "%s is missing", text);
		if (value && !is_type(value, **field))
			return bad_line(t, "%s has the wrong type", text);
	}
	json_object_foreach(fields, key, value) {
		for (field = told->fields; *field && strcmp(*field + 1, key); field++)
			;
		snprintf(text, sizeof(text), "%.60s is not a field of %s", key, told->word);
		if (!*field)
			return bad_line(t, "%s", text);
	}
	return 0;
}

/* {"measure":{"source":"water","values":{"level":3.2}}} and its kind: as packs see it */
static int fold_device(struct trying *t, const struct told *told, json_t *fields)
{
	struct tb_event event = { .kind = TB_EVENT_DEVICE,
				  .time = t->time,
				  .uid = TB_NO_UID,
				  .synced = t->synced,
				  .word = told->word };
	int ret;

	if (!json_is_object(fields))
		return bad_line(t, "%s is an object", told->word);
	ret = check_told(t, told, fields);
	if (ret)
		return ret;
	event.source = told->source ?: json_string_value(json_object_get(fields, "source"));
	event.fields = json_copy(fields);
	json_object_del(event.fields, "source");
	ret = fold(t, &event);
	json_decref(event.fields);
	return ret;
}

static int fold_act(struct trying *t, json_t *act, int64_t uid)
{
	struct tb_event event = {
		.kind = TB_EVENT_ACT, .time = t->time, .uid = uid, .act = act, .synced = t->synced
	};
	struct tb_error err;
	char *text;
	int ret;

	if (!json_is_object(act))
		return bad_line(t, "%s", "act is an object");
	if (t->most <= TONGBU_ACT_MAX)
		return fold(t, &event);
	text = tb_json_dumps(act, JSON_COMPACT);
	ret = text ? tb_act_fits(text, strlen(text), &err) : -ENOMEM;
	free(text);
	if (ret)
		return bad_line(t, "%.390s", ret == -EMSGSIZE ? err.text : "out of memory");
	return fold(t, &event);
}

/*
 * {"report":{"pack":...,"name":...,"query":{...}}}: its rows are an effect. With
 * "viewer", a uid, they are what that user may see.
 */
static int run_report(struct trying *t, const json_t *report)
{
	const char *pack, *name;
	json_t *query = NULL, *rows, *effect;
	json_int_t viewer = TB_NO_UID;
	struct tb_error err;
	json_error_t why;
	int ret;

	if (json_unpack_ex((json_t *)report, &why, 0, "{s:s, s:s, s?o, s?I !}", "pack", &pack,
			   "name", &name, "query", &query, "viewer", &viewer))
		return bad_line(t, "report takes pack, name, query and viewer: %.200s", why.text);
	if (query && !json_is_object(query))
		return bad_line(t, "%s", "query of report is an object");
	query = query ? json_incref(query) : json_object();
	ret = tb_referee_report(t->referee, pack, name, query, viewer, viewer == TB_NO_UID, &rows,
				&err);
	json_decref(query);
	if (ret == -EACCES)
		effect = json_pack("{s:s, s:s, s:s, s:s}", "effect", "denied", "pack", pack, "name",
				   name, "text", err.text);
	else if (ret)
		return bad_line(t, "%.380s", err.text);
	else
		effect = json_pack("{s:s, s:s, s:s, s:i, s:o}", "effect", "report", "pack", pack,
				   "name", name, "count", (int)json_array_size(rows), "rows", rows);
	on_effect(effect, t);
	json_decref(effect);
	return 0;
}

static bool is_admin(const json_t *actor)
{
	json_t *role;
	size_t i;

	json_array_foreach(json_object_get(actor, "roles"), i, role)
		if (!strcmp(json_string_value(role) ?: "", "admin"))
			return true;
	return false;
}

/* {"office":{...}} is short for an act of base, by the last admin so named. */
static int fold_short(struct trying *t, const json_t *line)
{
	static const char *const kinds[] = { "office", "actor", "place", "duty", "holiday" };
	json_t *fields, *act;
	size_t i;
	int ret;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		fields = json_object_get(line, kinds[i]);
		if (!fields)
			continue;
		if (!json_is_object(fields))
			return bad_line(t, "%s is an object", kinds[i]);
		act = json_pack("{s:s, s:s}", "pack", "base", "kind", kinds[i]);
		json_object_update_missing(act, fields);
		/* An act has its own kind: that of an office or place is its type. */
		if (json_object_get(fields, "kind"))
			json_object_set(act, "type", json_object_get(fields, "kind"));
		ret = fold_act(t, act, t->admin);
		if (!strcmp(kinds[i], "actor") && is_admin(fields))
			t->admin = json_integer_value(json_object_get(fields, "uid"));
		json_decref(act);
		return ret;
	}
	return 0;
}

/* {"expect":{...}}: was it caused by the line above? If not, it is said what was. */
static int expect(struct trying *t, const json_t *wanted)
{
	struct tb_error err;

	if (tb_expect_check(wanted, &err))
		return bad_line(t, "%.380s", err.text);
	if (tb_expect_met(wanted, t->effects)) {
		t->result->expected++;
		return 0;
	}
	t->result->missed++;
	fprintf(t->out, "{\"line\":%lu,\"missed\":", t->result->lines);
	json_dumpf(wanted, t->out, JSON_COMPACT);
	fprintf(t->out, ",\"caused\":");
	json_dumpf(t->effects, t->out, JSON_COMPACT);
	fprintf(t->out, "}\n");
	return 0;
}

static bool is_part(const char *key)
{
	static const char *const known[] = { "time",   "uid",	 "act",	    "edge",  "lost",
					     "office", "actor",	 "place",   "duty",  "holiday",
					     "expect", "report", "comment", "synced" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i], key))
			return true;
	return told_of(key);
}

static int fold_line(struct trying *t, json_t *line)
{
	const char *time_text = json_string_value(json_object_get(line, "time"));
	json_t *uid = json_object_get(line, "uid"), *part;
	uint64_t time;
	const char *key;
	size_t i;
	int ret = 0;

	json_object_foreach(line, key, part) {
		if (!is_part(key))
			return bad_line(t, "%.100s is not a field of a line", key);
	}
	if (uid && (!json_is_integer(uid) || json_integer_value(uid) < 0 ||
		    json_integer_value(uid) >= UINT32_MAX))
		return bad_line(t, "%s", "uid must be a whole number from 0 to 4294967294");
	if (json_object_get(line, "time") && !time_text)
		return bad_line(t, "%s", "time must be a text, as 2026-11-23T10:00:00+08:00");
	part = json_object_get(line, "expect");
	if (part)
		return expect(t, part);
	json_array_clear(t->effects);
	part = json_object_get(line, "synced");
	if (part && !json_is_boolean(part))
		return bad_line(t, "%s", "synced must be true or false");
	t->synced = !json_is_false(part);
	if (time_text) {
		if (tb_time_parse(time_text, 0, &time, NULL))
			return bad_line(t, "%.100s is not a time", time_text);
		ret = pass(t, (int64_t)(time / TB_NSEC_PER_SEC));
	}
	part = json_object_get(line, "act");
	if (!ret && part)
		ret = fold_act(t, part, uid ? json_integer_value(uid) : TB_NO_UID);
	/* Most lines are a time, a person and an act. */
	if (ret ||
	    json_object_size(line) == (size_t)(time_text != NULL) + (uid != NULL) + (part != NULL))
		return ret;
	part = json_object_get(line, "edge");
	if (!ret && part)
		ret = fold_edge(t, part);
	part = json_object_get(line, "lost");
	if (!ret && part)
		ret = fold_lost(t, part);
	for (i = 0; !ret && i < sizeof(tolds) / sizeof(tolds[0]); i++) {
		part = json_object_get(line, tolds[i].word);
		if (part)
			ret = fold_device(t, &tolds[i], part);
	}
	part = json_object_get(line, "report");
	if (!ret && part)
		ret = run_report(t, part);
	return ret ?: fold_short(t, line);
}

/**
 * struct lines - lines of a file
 * @ahead: the next is read already: not where somebody may be typing
 * @text: of the line, and of the next
 * @room: of each
 * @len: of each; less than 1 at the end
 * @no: number of each
 */
struct lines {
	bool ahead;
	char *text[2];
	size_t room[2];
	ssize_t len[2];
	unsigned long no[2];
};

/* The next line that is one, into the place of the one behind */
static void look_ahead(struct lines *l, FILE *in)
{
	do {
		l->len[1] = getline(&l->text[1], &l->room[1], in);
		l->no[1]++;
	} while (l->len[1] > 0 &&
		 (l->text[1][strspn(l->text[1], " \t\r\n")] == '\0' || *l->text[1] == '#'));
}

static bool step(struct lines *l, FILE *in)
{
	char *text = l->text[0];
	size_t room = l->room[0];

	if (!l->ahead || !l->no[1])
		look_ahead(l, in);
	l->text[0] = l->text[1];
	l->room[0] = l->room[1];
	l->len[0] = l->len[1];
	l->no[0] = l->no[1];
	l->text[1] = text;
	l->room[1] = room;
	l->len[1] = 0;
	if (l->ahead && l->len[0] > 0)
		look_ahead(l, in);
	return l->len[0] > 0;
}

/*
 * An act as it would be submitted is no longer than its line, but for numbers written out, and
 * what is added to a short form.
 */
static size_t most_of(const char *line)
{
	size_t most = 64;
	bool digit = false;
	const char *c;

	for (c = line; *c; c++, most++) {
		if (digit && (*c == '.' || *c == 'e' || *c == 'E'))
			most += 25;
		digit = *c >= '0' && *c <= '9';
	}
	return most;
}

static int read_lines(struct trying *t, FILE *in)
{
	struct lines l = { .ahead = t->options->quiet };
	json_error_t why;
	json_t *line;
	int ret = 0;

	while (!ret && step(&l, in)) {
		t->result->lines = l.no[0];
		/* Effects are of use if they are printed, or expected by what follows. */
		tb_referee_listen(t->referee,
				  !t->options->quiet ||
					  (l.len[1] > 0 && strstr(l.text[1], "\"expect\"")));
		t->most = most_of(l.text[0]);
		line = tb_json_read(l.text[0], (size_t)l.len[0], JSON_REJECT_DUPLICATES, &why);
		if (!line || !json_is_object(line))
			ret = bad_line(t, "%.200s", line ? "a line is an object" : why.text);
		else
			ret = fold_line(t, line);
		json_decref(line);
	}
	free(l.text[0]);
	free(l.text[1]);
	return ret;
}

/**
 * tb_try() - fold given records in memory
 * @in: lines of JSON
 * @out: where effects go, lines of JSON
 * @options: how
 * @result: counts
 * @err: told what went wrong
 *
 * Return: 0, even if an expectation was not met; -EINVAL for a line that is none; or
 * another negative errno.
 */
int tb_try(FILE *in, FILE *out, const struct tb_try_options *options, struct tb_try_result *result,
	   struct tb_error *err)
{
	struct trying t = { .options = options,
			    .out = out,
			    .result = result,
			    .err = err,
			    .effects = json_array() };
	struct tb_referee_options referee = {
		.state = "",
		.packs = options->packs,
		.blobs = options->blobs,
		.zone = options->zone,
		.rule = options->rule,
		.effect = on_effect,
		.userdata = &t,
	};
	size_t i;
	int ret;

	memset(result, 0, sizeof(*result));
	ret = tb_referee_open(&referee, &t.referee, err);
	for (i = 0; !ret && i < options->name_count; i++)
		ret = tb_referee_use(t.referee, options->names[i], err);
	if (!ret)
		ret = read_lines(&t, in);
	if (!ret && t.open)
		ret = tb_referee_commit(t.referee, err);
	tb_referee_close(t.referee);
	json_decref(t.effects);
	return ret;
}
