// SPDX-License-Identifier: GPL-2.0-only
/*
 * CSV with a header, as spreadsheets write it: with commas, semicolons or tabs, lines
 * ended by LF, CR or both. Places are named by line and column, which is that of a cell.
 */
#include "places_priv.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct rows - a text in cells
 * @at: what comes next
 * @between: what stands between two cells
 * @mark: the decimal mark of the numbers so far, 0 if none had one
 * @lines: the line @at is on
 */
struct rows {
	char *at;
	char between;
	char mark;
	unsigned long lines;
};

/**
 * struct cell - one of them
 * @text: what is in it
 * @why: what is wrong with it, or NULL
 * @quoted: it stood in quotes
 * @last: the last of its row
 */
struct cell {
	char *text;
	const char *why;
	bool quoted;
	bool last;
};

/* What is most often between names that have none of it themselves */
static char separator_of(const char *header)
{
	static const char marks[] = ",;\t";
	size_t counts[3] = { 0 }, i, best = 0;
	bool quoted = false;

	for (; *header && *header != '\n' && *header != '\r'; header++) {
		quoted ^= *header == '"';
		for (i = 0; i < 3; i++)
			counts[i] += !quoted && *header == marks[i];
	}
	for (i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return marks[best];
}

static struct cell next_cell(struct rows *rows)
{
	char *in = rows->at, *out = rows->at;
	struct cell cell = { .text = rows->at, .quoted = *in == '"' };
	bool open = cell.quoted, is_end;

	for (in += open; *in; in++) {
		if (open && in[0] == '"' && in[1] != '"') {
			open = false;
			continue;
		}
		if (open && in[0] == '"')
			in++;
		is_end = *in == '\n' || *in == '\r';
		if (!open && (*in == rows->between || is_end))
			break;
		if (!open && cell.quoted)
			cell.why =
				"text stands behind a closing quote: write a quote within as \"\"";
		/* A line ended by two bytes is one. */
		rows->lines += *in == '\n' || (*in == '\r' && in[1] != '\n');
		*out++ = *in;
	}
	cell.last = *in != rows->between || !*in;
	if (cell.last && *in) {
		rows->lines++;
		in += in[0] == '\r' && in[1] == '\n';
	}
	rows->at = *in ? in + 1 : in;
	*out = '\0';
	if (open)
		cell.why = "a quote is not closed";
	return cell;
}

/*
 * A decimal number as people and programs write it: with a sign, leading zeros, nothing
 * before the mark, an exponent; with a comma for the mark where that separates no cells.
 */
static json_t *number_of(const char *cell, char between)
{
	const char *at = cell + (*cell == '-' || *cell == '+');
	const char *comma = strchr(cell, ',');
	char text[64], *end;
	size_t digits;
	double value;

	if (comma && (between == ',' || strchr(cell, '.') || strchr(comma + 1, ',')))
		return NULL;
	if (snprintf(text, sizeof(text), "%s", cell) >= (int)sizeof(text))
		return NULL;
	if (comma)
		text[comma - cell] = '.';
	digits = strspn(at, "0123456789.,");
	at += digits;
	if (!digits || (*at && *at != 'e' && *at != 'E') ||
	    strspn(text, "0123456789.,eE+-") < strlen(text))
		return NULL;
	errno = 0;
	value = strtod(text, &end);
	if (*end || errno || value != value)
		return NULL;
	if (!strpbrk(text, ".eE") && strlen(text) < 16)
		return json_integer((json_int_t)value);
	return json_real(value);
}

/*
 * In data, what looks like a number need not be one: 007 and 1E5 are names of things as
 * well. Only what a program would write for a number is taken for it.
 */
static json_t *data_of(const char *cell)
{
	json_t *value = NULL;

	if (strchr("{[", *cell) || !strcmp(cell, "true") || !strcmp(cell, "false") ||
	    !cell[strspn(cell, "-0123456789.")])
		value = json_loads(cell, JSON_DECODE_ANY, NULL);
	return value ? value : json_string(cell);
}

/* What databases write for no value */
static bool is_nothing(const struct cell *cell)
{
	return !cell->quoted &&
	       (!*cell->text || !strcasecmp(cell->text, "null") || !strcmp(cell->text, "\\N"));
}

/* In one file, 12,5 and 1.234 are not both decimal: one of the marks is for thousands. */
static bool is_other_mark(struct rows *rows, const char *cell)
{
	const char *mark = strpbrk(cell, ".,");

	if (!mark)
		return false;
	if (!rows->mark)
		rows->mark = *mark;
	return *mark != rows->mark;
}

static int add_cell(struct reading *r, json_t *place, const char *name, const struct cell *cell,
		    struct rows *rows)
{
	json_t *value, *data;

	if (cell->why)
		return place_bad(r, "", cell->why);
	if (is_nothing(cell))
		return 0;
	if (!strncmp(name, "data.", 5)) {
		data = json_object_get(place, "data");
		if (!data) {
			data = json_object();
			json_object_set_new(place, "data", data);
		}
		value = cell->quoted && !strchr("{[", *cell->text) ? json_string(cell->text) :
								     data_of(cell->text);
		return json_object_set_new(data, name + 5, value);
	}
	switch (place_type_of(name)) {
	case 'n':
		value = number_of(cell->text, rows->between);
		if (!value)
			return place_bad(r, name, "it must be a number, such as 12.5");
		if (is_other_mark(rows, cell->text)) {
			json_decref(value);
			return place_bad(r, name,
					 "numbers before have another decimal mark: write all alike");
		}
		break;
	case 'o':
		value = json_loads(cell->text, 0, NULL);
		if (!value)
			return place_bad(r, name, "it must be JSON");
		break;
	default:
		value = json_string(cell->text);
	}
	return json_object_set_new(place, name, value);
}

/* Blank lines before the header, and that with which spreadsheets name their separator */
static void find_header(struct rows *rows)
{
	char *at = rows->at;
	bool named;

	for (;;) {
		named = !strncmp(at, "sep=", 4) && at[4] && strchr(",;\t", at[4]) &&
			strchr("\r\n", at[5]);
		if (named)
			rows->between = at[4];
		at += named ? 5 : strspn(at, " ");
		if (*at != '\r' && *at != '\n')
			break;
		at += 1 + (at[0] == '\r' && at[1] == '\n');
		rows->lines++;
		rows->at = at;
	}
	if (!rows->between)
		rows->between = separator_of(rows->at);
}

/* Blanks around a name are none of it. */
static char *trimmed(char *text)
{
	size_t len;

	text += strspn(text, " ");
	for (len = strlen(text); len && text[len - 1] == ' '; len--)
		text[len - 1] = '\0';
	return text;
}

/* "data", or "data.depth" */
static bool is_data(const char *name)
{
	return !strncmp(name, "data", 4) && (!name[4] || name[4] == '.');
}

static int read_header(struct reading *r, struct rows *rows, const char **names)
{
	struct cell cell = { .last = false };
	size_t i;

	for (r->count = 0; !cell.last; r->count++) {
		cell = next_cell(rows);
		r->column = r->count + 1;
		if (cell.why)
			return place_bad(r, "", cell.why);
		cell.text = trimmed(cell.text);
		if (!*cell.text)
			return place_bad(r, "", "this column has no name in the header");
		if (r->count == PLACES_COLUMNS_MAX)
			return place_bad(r, "", "there are too many columns");
		if (!strcmp(cell.text, "type"))
			memcpy(cell.text, "kind", 5);
		if (!place_type_of(cell.text) && (strncmp(cell.text, "data.", 5) || !cell.text[5]))
			return place_bad(r, cell.text, "a place has no such column");
		for (i = 0; i < r->count; i++)
			if (!strcmp(names[i], cell.text))
				return place_bad(r, cell.text,
						 "there is a column of that name before");
			else if (is_data(names[i]) && is_data(cell.text) &&
				 (!names[i][4] || !cell.text[4]))
				return place_bad(r, cell.text,
						 "data as a whole and parts of it: give one of the two");
		names[r->count] = cell.text;
	}
	r->names = names;
	return 0;
}

static int read_row(struct reading *r, struct rows *rows)
{
	struct cell cell = { .last = false };
	json_t *place = json_object();
	bool empty = false;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && !empty && !cell.last; i++) {
		cell = next_cell(rows);
		r->column = i + 1;
		/* A line with nothing on it is none. */
		empty = i == 0 && cell.last && !cell.why && !*cell.text;
		if (!empty && i >= r->count)
			ret = place_bad(r, "", "it has more cells than the header");
		else if (!empty)
			ret = add_cell(r, place, r->names[i], &cell, rows);
	}
	if (!ret && !empty && i != r->count)
		ret = place_bad(r, "", "it has fewer cells than the header");
	r->column = 1;
	if (!ret && !empty)
		return place_add(r, place);
	json_decref(place);
	return ret;
}

/**
 * places_read_csv() - read places out of CSV
 * @r: gets them
 * @text: the file; changed
 *
 * Return: 0 or -EINVAL.
 */
int places_read_csv(struct reading *r, char *text)
{
	struct rows rows = { .at = text, .lines = 1 };
	const char *names[PLACES_COLUMNS_MAX];
	int ret;

	find_header(&rows);
	/* Of a file with nothing in it another tells. */
	if (!*rows.at)
		return 0;
	r->line = rows.lines;
	ret = read_header(r, &rows, names);
	while (!ret && *rows.at) {
		r->line = rows.lines;
		ret = read_row(r, &rows);
	}
	r->names = NULL;
	return ret;
}
