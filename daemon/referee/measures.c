// SPDX-License-Identifier: GPL-2.0-only
#include "measures.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "measure.h"

#define NSEC_PER_MSEC 1000000ULL

/* %TB_MEASURE_COUNT, enum tongbu_framing, or a negative errno */
static int framing_of(const char *word)
{
	return !strcmp(word, "count") ? TB_MEASURE_COUNT : tb_word_number(tb_framing_name, word);
}

/* How the values of a source fare, by name: {"7f3a91c2": {"level": {...}}} of the chain
 * that runs. Of each there is "boot" and "time", when it was told last, "value" what it
 * was, "why" if it could not be read since, "told" if people were told of that, and
 * "silent" if it is.
 */
static void watch_key(const char *source, char *key, size_t size)
{
	snprintf(key, size, "watch/%s", source);
}

static json_t *watch_of(struct tb_referee *r, const char *key)
{
	json_t *watch = NULL;
	sqlite3_stmt *stmt;

	if (tb_rows_get(r->rows, TB_ROWS_STORE, TB_ENGINE, key, &watch))
		return watch;
	stmt = tb_db_ask(r->db, "SELECT value FROM store WHERE pack = ? AND key = ?", "tt",
			 TB_ENGINE, key);
	if (tb_db_row(r->db, stmt)) {
		watch = json_loads(tb_db_text(stmt, 0) ?: "", 0, NULL);
		tb_db_end(stmt);
	}
	tb_rows_know(r->rows, TB_ROWS_STORE, TB_ENGINE, key, watch);
	return watch;
}

static void drop_watch(struct tb_referee *r, const char *source)
{
	char key[TONGBU_NAME_LEN + 8];

	watch_key(source, key, sizeof(key));
	if (watch_of(r, key))
		tb_rows_put(r->rows, TB_ROWS_STORE, TB_ENGINE, key, NULL);
}

/**
 * tb_measures_set() - from here on a source is to be read so
 * @r: the referee, in an act
 * @source: name of the source
 * @framing: "count", or the word for enum tongbu_framing
 * @values: the description; empty for none
 * @silent: longest time a value may not be told, ms, where its description says nothing
 *	else; 0 for any
 * @why: told why it cannot be
 * @size: bytes of @why
 *
 * Return: true if it can.
 */
bool tb_measures_set(struct tb_referee *r, const char *source, const char *framing,
		     const json_t *values, int64_t silent, char *why, size_t size)
{
	int number = framing_of(framing);
	json_t *measure;
	char *text;

	drop_watch(r, source);
	if (number < 0) {
		snprintf(why, size, "there is no framing %.40s", framing);
		return false;
	}
	/* In Lua an empty list is a table like any other. */
	if (!json_array_size(values)) {
		tb_db_do(r->db, "DELETE FROM store WHERE pack = 'engine' AND key = 'measure/' || ?",
			 "t", source);
		return true;
	}
	if (!tb_measure_check((unsigned int)number, values, why, size))
		return false;
	measure = json_pack("{s:s, s:O, s:s, s:I, s:I}", "framing", framing, "values", values,
			    "record", r->event->record, "time", (json_int_t)r->event->time,
			    "silent", (json_int_t)silent);
	text = tb_json_dumps(measure, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(measure);
	tb_db_do(r->db,
		 "INSERT INTO store (pack, key, value) VALUES ('engine', 'measure/' || ?, ?)"
		 " ON CONFLICT DO UPDATE SET value = excluded.value",
		 "tt", source, text);
	free(text);
	return true;
}

/**
 * tb_referee_measure() - how a source is to be read, as of now
 * @referee: the referee
 * @source: name of the source
 *
 * Return: an object with framing, values, record and time, the caller's; NULL if
 * nothing is said of it.
 */
json_t *tb_referee_measure(struct tb_referee *referee, const char *source)
{
	json_t *measure = NULL;
	sqlite3_stmt *stmt;

	stmt = tb_db_ask(referee->db,
			 "SELECT value FROM store WHERE pack = 'engine' AND key = 'measure/' || ?",
			 "t", source);
	if (tb_db_row(referee->db, stmt)) {
		measure = json_loads(tb_db_text(stmt, 0) ?: "", 0, NULL);
		tb_db_end(stmt);
	}
	return measure;
}

/**
 * tb_referee_measures() - how all sources are to be read, as of now
 * @referee: the referee
 *
 * Return: an object of sources' names and what tb_referee_measure() gives of each, and
 * how its values fare as "state", the caller's.
 */
json_t *tb_referee_measures(struct tb_referee *referee)
{
	json_t *all = json_object(), *measure, *watch;
	sqlite3_stmt *stmt;

	stmt = tb_db_ask(referee->db,
			 "SELECT substr(m.key, 9), m.value, w.value FROM store m LEFT JOIN store w"
			 " ON w.pack = 'engine' AND w.key = 'watch/' || substr(m.key, 9)"
			 " WHERE m.pack = 'engine' AND m.key >= 'measure/' AND m.key < 'measure0'",
			 "");
	while (tb_db_row(referee->db, stmt)) {
		measure = json_loads(tb_db_text(stmt, 1) ?: "", 0, NULL);
		watch = json_loads(tb_db_text(stmt, 2) ?: "{}", 0, NULL);
		json_object_set(measure, "state", json_object_get(watch, "values"));
		json_object_set_new(all, tb_db_text(stmt, 0) ?: "", measure);
		json_decref(watch);
	}
	return all;
}

static json_int_t limit_of(const json_t *measure, const json_t *value)
{
	const json_t *own = json_object_get(value, "silent_ms");

	return json_integer_value(own ?: json_object_get(measure, "silent"));
}

static json_t *change_of(const char *name, const json_t *now, json_int_t ms)
{
	return json_pack("{s:s, s:I, s:O*}", "value", name, "seconds", (json_int_t)(ms / 1000),
			 "why", json_object_get(now, "why"));
}

/* Once, until it was silent and is there again */
static void tell_unread(struct tb_referee *r, const char *source, const char *name, json_t *now)
{
	const char *why = json_string_value(json_object_get(now, "why"));
	char en[256], zh[256], *text;

	if (json_object_get(now, "told"))
		return;
	snprintf(en, sizeof(en), "%.31s of source %.31s cannot be read: ", name, source);
	snprintf(zh, sizeof(zh), "信号源%.31s的%.31s无法读取：", source, name);
	text = tb_state_text(en, zh, why);
	tb_state_finding(r, TB_ENGINE, "measure.unread", "warn", text, NULL, NULL);
	free(text);
	json_object_set_new(now, "told", json_true());
}

/* Bad frames are counted, and what they lead to is silence. */
static bool is_worth_telling(const struct tb_event *event)
{
	struct tongbu_frame frame;

	return !tb_record_payload(event->rec, &frame, sizeof(frame)) &&
	       (frame.status == TONGBU_FRAME_GOOD || frame.status == TONGBU_FRAME_EXCEPTION);
}

static void watch_value(struct tb_referee *r, const struct tb_event *event, json_int_t limit,
			const char *name, json_t *now, const json_t *read, const json_t *why,
			struct tb_measured_event *measured)
{
	json_int_t boot = (json_int_t)(event->rec->boottime / NSEC_PER_MSEC);
	json_int_t ms = boot - json_integer_value(json_object_get(now, "boot"));

	if (read) {
		if (json_object_get(now, "silent")) {
			json_array_append_new(measured->restored, change_of(name, NULL, ms));
			json_object_del(now, "told");
		}
		json_object_del(now, "silent");
		json_object_del(now, "why");
		json_object_set_new(now, "boot", json_integer(boot));
		json_object_set_new(now, "time", json_integer(event->time));
		json_object_set(now, "value", (json_t *)read);
		return;
	}
	if (why) {
		json_object_set(now, "why", (json_t *)why);
		if (is_worth_telling(event))
			tell_unread(r, event->source, name, now);
	}
	if (limit && ms >= limit && !json_object_get(now, "silent")) {
		json_object_set_new(now, "silent", json_true());
		json_array_append_new(measured->silent, change_of(name, now, ms));
	}
}

/* From the first record of a chain on each value may be waited for so long. */
static json_t *begin_value(const struct tb_event *event, json_t *states, const char *name)
{
	json_t *now = json_object_get(states, name);

	if (now)
		return now;
	now = json_pack("{s:I}", "boot", (json_int_t)(event->rec->boottime / NSEC_PER_MSEC));
	json_object_set_new(states, name, now);
	return now;
}

static void watch(struct tb_referee *r, const struct tb_event *event, const json_t *measure,
		  const json_t *read, const json_t *unread, struct tb_measured_event *measured)
{
	json_t *old, *all, *states, *value, *now;
	char key[TONGBU_NAME_LEN + 8], chain[9];
	void *at;
	size_t i;

	watch_key(event->source, key, sizeof(key));
	snprintf(chain, sizeof(chain), "%s", event->record);
	old = watch_of(r, key);
	states = json_deep_copy(json_object_get(old, "values"));
	if (!states)
		states = json_object();
	/* Another chain has another CLOCK_BOOTTIME. */
	if (strcmp(json_string_value(json_object_get(old, "chain")) ?: "", chain) != 0)
		for (at = json_object_iter(states); at; at = json_object_iter_next(states, at))
			json_object_set_new(json_object_iter_value(at), "boot",
					    json_integer((json_int_t)(event->rec->boottime /
								      NSEC_PER_MSEC)));
	json_array_foreach(json_object_get(measure, "values"), i, value) {
		const char *name = json_string_value(json_object_get(value, "name"));

		now = begin_value(event, states, name);
		watch_value(r, event, limit_of(measure, value), name, now,
			    json_object_get(read, name), json_object_get(unread, name), measured);
	}
	all = json_pack("{s:s, s:o}", "chain", chain, "values", states);
	tb_rows_put(r->rows, TB_ROWS_STORE, TB_ENGINE, key, all);
	tb_rows_keep(r->rows);
}

/**
 * tb_measures_take() - the values in the record that is folded
 * @r: the referee
 * @event: the record; without the bytes of one, it has the values itself
 * @measured: set to what it comes to; tb_measures_drop() frees it
 *
 * Return: whether there is anything.
 */
bool tb_measures_take(struct tb_referee *r, const struct tb_event *event,
		      struct tb_measured_event *measured)
{
	json_t *measure, *values, *unread;

	if (!event->rec)
		return false;
	measure = tb_referee_measure(r, event->source);
	if (!measure)
		return false;
	*measured = (struct tb_measured_event){ .silent = json_array(), .restored = json_array() };
	values = tb_measure_read(json_object_get(measure, "values"), event->rec, &unread);
	if (event->rec->kind == TONGBU_KIND_FRAME)
		watch(r, event, measure, values, unread, measured);
	if (values)
		measured->fields = json_pack("{s:o, s:o}", "values", values, "units",
					     tb_measure_units(json_object_get(measure, "values")));
	json_decref(unread);
	json_decref(measure);
	return true;
}

/**
 * tb_measures_drop() - be done with it
 * @measured: what tb_measures_take() set
 */
void tb_measures_drop(struct tb_measured_event *measured)
{
	json_decref(measured->fields);
	json_decref(measured->silent);
	json_decref(measured->restored);
}
