// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comma-separated values (RFC 4180), UTF-8. The first line names the columns; a name with
 * a dot, clause.en, makes an object of its parts; an empty cell is no member; whole and
 * decimal numbers are numbers; a line that begins with # is for people.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"

#define COLUMNS 32

/**
 * struct csv - one table being read
 * @at: where
 * @end: of the text
 * @line: number of the line, for messages
 * @cell: the cell read last, its quotes gone
 * @text: room for one, as much as all there is
 */
struct csv {
	const char *at;
	const char *end;
	int line;
	json_t *cell;
	char *text;
};

static json_t *value_of(const char *text, size_t len)
{
	size_t digits = strspn(text, "0123456789");
	json_int_t whole;
	double real;
	char *after;

	if (len == digits + (*text == '-') + (*text == '-' ? strspn(text + 1, "0123456789") : 0) &&
	    len < 18) {
		whole = strtoll(text, &after, 10);
		if (!*after)
			return json_integer(whole);
	}
	if (len < 18 && strspn(text, "-.0123456789") == len && strchr(text, '.')) {
		real = strtod(text, &after);
		if (!*after)
			return json_real(real);
	}
	return json_stringn(text, len);
}

/* Reads a cell; returns what stands behind it: a comma, a newline, or 0 at the end. */
static int read_cell(struct csv *csv)
{
	bool quoted = csv->at < csv->end && *csv->at == '"', inside = quoted;
	size_t len = 0;
	int c;

	json_decref(csv->cell);
	csv->cell = NULL;
	csv->at += quoted;
	for (; csv->at < csv->end; csv->at++) {
		c = (unsigned char)*csv->at;
		if (inside && c == '"') {
			/* A quote within quotes is doubled. */
			if (csv->at + 1 == csv->end || csv->at[1] != '"') {
				inside = false;
				continue;
			}
			csv->at++;
		} else if (!inside && (c == ',' || c == '\n')) {
			break;
		} else if (!inside && c == '\r') {
			continue;
		}
		csv->line += c == '\n';
		csv->text[len++] = (char)c;
	}
	csv->text[len] = '\0';
	c = csv->at < csv->end ? *csv->at++ : 0;
	if (len)
		csv->cell = quoted ? json_stringn(csv->text, len) : value_of(csv->text, len);
	return inside || (len && !csv->cell) ? -1 : c;
}

/* row["clause.en"] is row["clause"]["en"] */
static void set_member(json_t *row, const char *name, json_t *value)
{
	const char *dot = strchr(name, '.');
	char outer[64];
	json_t *inner;

	if (!dot) {
		json_object_set(row, name, value);
		return;
	}
	snprintf(outer, sizeof(outer), "%.*s", (int)(dot - name), name);
	inner = json_object_get(row, outer);
	if (!inner) {
		inner = json_object();
		json_object_set_new(row, outer, inner);
	}
	json_object_set(inner, dot + 1, value);
}

/* Lines without a cell, and those for people, are none. */
static void skip_lines(struct csv *csv)
{
	const char *newline;

	while (csv->at < csv->end && strchr("#\n\r", *csv->at)) {
		newline = memchr(csv->at, '\n', (size_t)(csv->end - csv->at));
		csv->at = newline ? newline + 1 : csv->end;
		csv->line++;
	}
}

static int read_line(struct csv *csv, json_t *names, json_t *row, char *why, size_t size)
{
	size_t i = 0;
	int c;

	do {
		c = read_cell(csv);
		if (c < 0) {
			snprintf(why, size, "line %d: a quote has no end, or a cell is no UTF-8",
				 csv->line);
			return -1;
		}
		if (!row) {
			json_array_append_new(names,
					      csv->cell ? json_incref(csv->cell) : json_string(""));
		} else if (i >= json_array_size(names)) {
			snprintf(why, size, "line %d: more cells than the first line has columns",
				 csv->line);
			return -1;
		} else if (csv->cell) {
			set_member(row, json_string_value(json_array_get(names, i)) ?: "",
				   csv->cell);
		}
		i++;
	} while (c == ',' && i <= COLUMNS);
	if (i > COLUMNS) {
		snprintf(why, size, "line %d: more than %d columns", csv->line, COLUMNS);
		return -1;
	}
	return 0;
}

/**
 * tb_csv_rows() - the rows of a table
 * @text: the table
 * @len: bytes of it
 * @why: told what is wrong with it, with the number of the line
 * @size: room there
 *
 * Each row has the number of its line as the member "line".
 *
 * Return: an array of objects, the caller's; NULL if it is no such table.
 */
json_t *tb_csv_rows(const char *text, size_t len, char *why, size_t size)
{
	struct csv csv = { .at = text, .end = text + len, .line = 1, .text = malloc(len + 1) };
	json_t *rows = json_array(), *names = json_array(), *row;
	int line, ret;

	if (!csv.text)
		abort();

	skip_lines(&csv);
	ret = read_line(&csv, names, NULL, why, size);
	for (csv.line++, skip_lines(&csv); !ret && csv.at < csv.end; csv.line++, skip_lines(&csv)) {
		row = json_object();
		line = csv.line;
		ret = read_line(&csv, names, row, why, size);
		json_object_set_new(row, "line", json_integer(line));
		json_array_append_new(rows, row);
	}
	json_decref(csv.cell);
	free(csv.text);
	json_decref(names);
	if (!ret)
		return rows;
	json_decref(rows);
	return NULL;
}

/*
 * A figure and its unit: months = 9; an extension is of the same unit or of extend_unit,
 * once or as often as times says. roll = no is false.
 */
static void spell_out(json_t *row)
{
	const char *unit = json_string_value(json_object_get(row, "unit"));
	const char *other = json_string_value(json_object_get(row, "extend_unit"));
	const char *roll = json_string_value(json_object_get(row, "roll"));
	json_t *extend = json_object_get(row, "extend");
	json_int_t times = json_integer_value(json_object_get(row, "times"));

	if (roll && !strcmp(roll, "no"))
		json_object_set_new(row, "roll", json_false());
	/* A column of that name stays what it is: above all the id. */
	if (!unit || json_object_get(row, unit))
		return;
	json_object_set(row, unit, json_object_get(row, "figure"));
	if (json_is_integer(extend))
		json_object_set_new(row, "extend",
				    json_pack("{s:O, s:I}", other ? other : unit, extend, "times",
					      times ? times : (json_int_t)1));
}

/**
 * tb_csv_by_id() - rows by what stands in their column id
 * @rows: the rows
 *
 * Rows with the same id are versions of one, in their order: then it is a list.
 *
 * Return: an object, the caller's; NULL if the first row has no id.
 */
json_t *tb_csv_by_id(const json_t *rows)
{
	json_t *all, *row, *before;
	const char *id;
	size_t i;

	if (!json_object_get(json_array_get(rows, 0), "id"))
		return NULL;
	all = json_object();
	json_array_foreach((json_t *)rows, i, row) {
		id = json_string_value(json_object_get(row, "id"));
		if (!id)
			continue;
		spell_out(row);
		before = json_object_get(all, id);
		if (json_is_array(before))
			json_array_append(before, row);
		else if (before)
			json_object_set_new(all, id, json_pack("[O, O]", before, row));
		else
			json_object_set(all, id, row);
	}
	return all;
}
