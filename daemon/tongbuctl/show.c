// SPDX-License-Identifier: GPL-2.0-only
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "measure.h"
#include "timefmt.h"

/* How sources are to be read, by name; of what is said now, since when */
static json_t *measures;

static const char *colour_of(const struct tb_record *rec)
{
	switch (rec->kind) {
	case TONGBU_KIND_LOST:
	case TONGBU_KIND_REFUSED:
	case TONGBU_KIND_STORM:
	case TONGBU_KIND_SILENT:
	case TONGBU_KIND_GONE:
	case TONGBU_KIND_REFLEX:
		return "\033[31m";
	case TONGBU_KIND_CLOCK:
		return "\033[33m";
	case TONGBU_KIND_EDGE:
	case TONGBU_KIND_KEY:
	case TONGBU_KIND_CODE:
	case TONGBU_KIND_FRAME:
	case TONGBU_KIND_COUNT:
		return "\033[32m";
	case TONGBU_KIND_ACT:
		return "\033[36m";
	default:
		return "\033[2m";
	}
}

/**
 * show_measures() - show values, too, from here on
 * @all: how sources are to be read, as the daemon's GetMeasures tells; taken over
 */
void show_measures(json_t *all)
{
	json_decref(measures);
	measures = all;
}

/* What is in force now was not always: of older records nothing is said. */
static json_t *values_of(const struct tb_record *rec, const struct tb_names *names,
			 const json_t **measure)
{
	const char *name = tb_names_find(names, rec->chain, rec->source);

	if ((rec->kind != TONGBU_KIND_FRAME && rec->kind != TONGBU_KIND_COUNT) || !name)
		return NULL;
	*measure = json_object_get(measures, name);
	if (!*measure || (json_int_t)(rec->realtime / TB_NSEC_PER_SEC) <
				 json_integer_value(json_object_get(*measure, "time")))
		return NULL;
	return tb_measure_read(json_object_get(*measure, "values"), rec, NULL);
}

static void print_values(json_t *values, const json_t *measure)
{
	json_t *units = tb_measure_units(json_object_get(measure, "values"));
	const char *name, *unit;
	void *at;

	for (at = json_object_iter(values); at; at = json_object_iter_next(values, at)) {
		name = json_object_iter_key(at);
		unit = json_string_value(json_object_get(units, name));
		printf("  %s %.9g", name, json_number_value(json_object_iter_value(at)));
		if (unit) {
			putchar(' ');
			tb_text_put((const uint8_t *)unit, strlen(unit), stdout);
		}
	}
	json_decref(units);
}

/* A record for programs, and the values that are read in it, if any are */
static int print_json(const struct tb_record *rec, const struct tb_names *names, json_t *values,
		      const json_t *measure)
{
	char text[TB_RECORD_JSON_SIZE];
	size_t len = tb_record_json(rec, names, text);
	json_t *more;
	char *tail;

	if (!values)
		return puts(text) < 0 ? ctl_bad("the answer could not be written") : CTL_OK;
	more = json_pack("{s:O, s:o*}", "values", values, "units",
			 tb_measure_units(json_object_get(measure, "values")));
	/* Values have nine decimals: 0.2 is 0.2, and not what a double makes of it. */
	tail = json_dumps(more, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(more);
	if (!tail)
		return ctl_bad("out of memory");
	printf("%.*s,%s\n", (int)len - 1, text, tail + 1);
	free(tail);
	return CTL_OK;
}

/**
 * show_record() - show a record
 * @rec: the record
 * @names: what the sources are called; learns from @rec
 *
 * Return: 0 or an exit status.
 */
int show_record(const struct tb_record *rec, struct tb_names *names)
{
	const json_t *measure = NULL;
	bool colour = tb_colour();
	json_t *values;

	tb_names_learn(names, rec);
	values = values_of(rec, names, &measure);
	if (ctl.json) {
		int status = print_json(rec, names, values, measure);

		json_decref(values);
		return status;
	}
	if (colour)
		fputs(colour_of(rec), stdout);
	tb_record_text(rec, names, stdout);
	if (values)
		print_values(values, measure);
	json_decref(values);
	fputs(colour ? "\033[0m\n" : "\n", stdout);
	return 0;
}

/**
 * show_records() - show records
 * @chain: id of their chain, until a record 0 among them names another
 * @records: whole records, back to back
 * @len: their bytes
 * @names: what the sources are called; learns from them
 *
 * Return: 0 or an exit status.
 */
int show_records(const uint8_t *chain, const uint8_t *records, size_t len, struct tb_names *names)
{
	struct tb_record rec;
	int status = 0;

	for (; len && !status; records += rec.size, len -= rec.size) {
		if (tb_record_frame(records, len, chain, &rec))
			return ctl_bad("bytes among the records are no record");
		chain = rec.chain;
		status = show_record(&rec, names);
	}
	return status;
}
