// SPDX-License-Identifier: GPL-2.0-only
#include "measures.h"

#include <stdlib.h>
#include <string.h>

#include "measure.h"

/* %TB_MEASURE_COUNT, enum tongbu_framing, or a negative errno */
static int framing_of(const char *word)
{
	return !strcmp(word, "count") ? TB_MEASURE_COUNT : tb_word_number(tb_framing_name, word);
}

/**
 * tb_measures_set() - from here on a source is to be read so
 * @r: the referee, in an act
 * @source: name of the source
 * @framing: "count", or the word for enum tongbu_framing
 * @values: the description; empty for none
 * @why: told why it cannot be
 * @size: bytes of @why
 *
 * Return: true if it can.
 */
bool tb_measures_set(struct tb_referee *r, const char *source, const char *framing,
		     const json_t *values, char *why, size_t size)
{
	int number = framing_of(framing);
	json_t *measure;
	char *text;

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
	measure = json_pack("{s:s, s:O, s:s, s:I}", "framing", framing, "values", values, "record",
			    r->event->record, "time", (json_int_t)r->event->time);
	text = json_dumps(measure, JSON_COMPACT | JSON_SORT_KEYS);
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
 * Return: an object of sources' names and what tb_referee_measure() gives of each,
 * the caller's.
 */
json_t *tb_referee_measures(struct tb_referee *referee)
{
	json_t *all = json_object();
	sqlite3_stmt *stmt;

	stmt = tb_db_ask(referee->db,
			 "SELECT substr(key, 9), value FROM store WHERE pack = 'engine' AND"
			 " key >= 'measure/' AND key < 'measure0'",
			 "");
	while (tb_db_row(referee->db, stmt))
		json_object_set_new(all, tb_db_text(stmt, 0) ?: "",
				    json_loads(tb_db_text(stmt, 1) ?: "", 0, NULL));
	return all;
}

/**
 * tb_measures_read() - the values in the record that is folded
 * @r: the referee
 * @event: the record; without the bytes of one, it has the values itself
 *
 * Return: an object with values and units, the caller's; NULL if there are none.
 */
json_t *tb_measures_read(struct tb_referee *r, const struct tb_event *event)
{
	json_t *measure, *values;
	json_t *fields = NULL;

	if (!event->rec)
		return NULL;
	measure = tb_referee_measure(r, event->source);
	if (!measure)
		return NULL;
	values = tb_measure_read(json_object_get(measure, "values"), event->rec);
	if (values)
		fields = json_pack("{s:o, s:o}", "values", values, "units",
				   tb_measure_units(json_object_get(measure, "values")));
	json_decref(measure);
	return fields;
}
