// SPDX-License-Identifier: GPL-2.0-only
/* Columns that stand below each other, also with Chinese in them. */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "people.h"

/* The next character; 0 at the end */
static uint32_t next_char(const char **at)
{
	const uint8_t *bytes = (const uint8_t *)*at;
	uint32_t c;

	if (**at)
		*at += tb_char_next(bytes, strnlen(*at, 4), &c);
	else
		c = 0;
	return c;
}

/* Columns of a character, whatever charset the terminal has */
static size_t width_of_char(uint32_t c)
{
	static locale_t utf8;
	locale_t was;
	int width;

	if (c == TB_CHAR_NONE || tb_char_unseen(c))
		return 1;
	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!utf8)
		return 1;
	was = uselocale(utf8);
	width = wcwidth((wchar_t)c);
	uselocale(was);
	return width < 0 ? 1 : (size_t)width;
}

static size_t width_of(const char *text)
{
	size_t width = 0;
	uint32_t c;

	while ((c = next_char(&text)))
		width += width_of_char(c);
	return width;
}

/* What does not fit ends in an ellipsis. */
static char *cut(char *text, size_t width)
{
	const char *at = text;
	size_t has = 0, keep = 0;
	char *shorter;
	uint32_t c;

	if (width_of(text) <= width)
		return text;
	while ((c = next_char(&at))) {
		has += width_of_char(c);
		if (has + 1 > width)
			break;
		keep = (size_t)(at - text);
	}
	if (asprintf(&shorter, "%.*s\u2026", (int)keep, text) < 0)
		shorter = NULL;
	free(text);
	return shorter;
}

/**
 * people_write() - write somebody's text
 * @out: where to
 * @text: the text
 */
void people_write(FILE *out, const char *text)
{
	const char *at = text;
	uint32_t c;

	while ((c = next_char(&at))) {
		if (c == TB_CHAR_NONE || tb_char_unseen(c))
			fputc(c == '\n' || c == '\t' ? ' ' : '?', out);
		else
			fwrite(text, 1, (size_t)(at - text), out);
		text = at;
	}
}

/**
 * people_put() - print somebody's text
 * @text: the text
 */
void people_put(const char *text)
{
	people_write(stdout, text);
}

static void put_padded(const char *text, size_t width)
{
	size_t has = width_of(text);

	people_put(text);
	for (; has < width; has++)
		putchar(' ');
}

/**
 * people_colour() - does a word stand out?
 * @word: a level or a state
 *
 * Return: what makes a terminal show it, or NULL.
 */
const char *people_colour(const char *word)
{
	if (!tb_colour())
		return NULL;
	if (!strcmp(word, "fault") || !strcmp(word, "overdue"))
		return "\033[31m";
	return strcmp(word, "warn") ? NULL : "\033[33m";
}

static char *plain_cell(const json_t *value)
{
	char number[40];

	switch (json_typeof(value)) {
	case JSON_STRING:
		return strdup(json_string_value(value));
	case JSON_INTEGER:
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		return strdup(number);
	case JSON_REAL:
		snprintf(number, sizeof(number), "%.10g", json_real_value(value));
		return strdup(number);
	case JSON_NULL:
		return strdup("");
	case JSON_TRUE:
		return strdup(people_say("yes", "是"));
	case JSON_FALSE:
		return strdup(people_say("no", "否"));
	default:
		return json_dumps(value, JSON_COMPACT);
	}
}

static bool has_language(const json_t *value)
{
	return json_is_string(json_object_get(value, "en")) ||
	       json_is_string(json_object_get(value, "zh"));
}

/**
 * people_cell() - a value as people read it
 * @value: it, or NULL
 * @type: as in struct people_column
 * @zone: the station's time zone
 *
 * Return: text, the caller's to free; NULL without memory.
 */
char *people_cell(const json_t *value, char type, int zone)
{
	char time[PEOPLE_TIME_SIZE];

	if (!value)
		return strdup("");
	if (type == 'T' && json_is_integer(value))
		return strdup(people_time(json_integer_value(value), zone, time));
	if (type == 'w' && json_is_string(value))
		return strdup(people_word(json_string_value(value)));
	if (has_language(value))
		return strdup(people_text(value));
	return plain_cell(value);
}

static bool is_empty(const json_t *value)
{
	return !value || json_is_null(value) ||
	       (json_is_string(value) && !json_string_length(value));
}

/* "office_name|office": the first that says anything */
static const json_t *value_of(const json_t *row, const char *key)
{
	const json_t *value = NULL;
	char name[64];
	size_t len;

	for (; is_empty(value) && *key; key += len + (key[len] == '|')) {
		len = strcspn(key, "|");
		snprintf(name, sizeof(name), "%.*s", (int)len, key);
		value = json_object_get(row, name);
	}
	return value;
}

static void put_cell(const struct people_column *column, const json_t *value, size_t width,
		     bool last, int zone)
{
	const char *word = json_string_value(value), *colour = NULL;
	char *text = people_cell(value, column->type, zone);
	size_t has;

	if (text && width)
		text = cut(text, width);
	has = text ? width_of(text) : 0;

	if (column->type == 'w' && word)
		colour = people_colour(word);
	if (colour)
		fputs(colour, stdout);
	/* Numbers stand at the right. */
	for (; column->type == 'n' && has < width; has++)
		putchar(' ');
	put_padded(text ?: "", column->type == 'n' || last ? 0 : width);
	if (colour)
		fputs("\033[0m", stdout);
	free(text);
}

static size_t column_width(const struct people_column *column, const json_t *rows, int zone)
{
	size_t i, width = width_of(people_say(column->en, column->zh)), has;
	json_t *row;
	char *text;

	json_array_foreach((json_t *)rows, i, row) {
		text = people_cell(value_of(row, column->key), column->type, zone);
		has = text ? width_of(text) : 0;
		width = has > width ? has : width;
		free(text);
	}
	return width;
}

static void put_row(const struct people_column *columns, const size_t *widths, const json_t *row,
		    int zone, const char *indent)
{
	size_t i;
	bool last;

	fputs(indent, stdout);
	for (i = 0; columns[i].en; i++) {
		/* Nothing stands behind the last one. */
		last = !columns[i + 1].en;
		if (row)
			put_cell(&columns[i], value_of(row, columns[i].key), widths[i], last, zone);
		else
			put_padded(people_say(columns[i].en, columns[i].zh), last ? 0 : widths[i]);
		fputs(last ? "\n" : "  ", stdout);
	}
}

/* The widest give way until all fits, but none below this. */
#define NARROWEST 12

static void fit(const struct people_column *columns, size_t *widths, size_t count, size_t room)
{
	size_t i, total, widest;

	for (;;) {
		widest = count;
		total = 2 * (count - 1);
		for (i = 0; i < count; i++) {
			total += widths[i];
			if (columns[i].type == 't' && widths[i] > NARROWEST &&
			    (widest == count || widths[i] > widths[widest]))
				widest = i;
		}
		if (total <= room || widest == count)
			return;
		widths[widest]--;
	}
}

/**
 * people_table() - print rows in columns, cut to the terminal if it is one
 * @columns: the columns, closed by one without a heading
 * @rows: the rows
 * @zone: the station's time zone
 * @indent: what stands before each line
 */
void people_table(const struct people_column *columns, const json_t *rows, int zone,
		  const char *indent)
{
	size_t i, count = 0, *widths;
	json_t *row;

	while (columns[count].en)
		count++;
	widths = calloc(count + 1, sizeof(*widths));
	if (!widths)
		return;
	for (i = 0; i < count; i++)
		widths[i] = column_width(&columns[i], rows, zone);
	if (tb_columns() && count)
		fit(columns, widths, count, tb_columns() - strlen(indent));
	if (tb_colour())
		fputs("\033[1m", stdout);
	put_row(columns, widths, NULL, zone, indent);
	if (tb_colour())
		fputs("\033[0m", stdout);
	json_array_foreach((json_t *)rows, i, row)
		put_row(columns, widths, row, zone, indent);
	free(widths);
}
