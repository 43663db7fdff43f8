// SPDX-License-Identifier: GPL-2.0-only
/* Columns that stand below each other, also with Chinese in them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_wide(uint32_t c)
{
	return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
	       (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
	       (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
	       (c >= 0x20000 && c <= 0x3fffd);
}

static size_t width_of(const char *text)
{
	size_t width = 0;
	uint32_t c;

	while ((c = next_char(&text)))
		width += is_wide(c) ? 2 : 1;
	return width;
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
		     int zone)
{
	const char *word = json_string_value(value), *colour = NULL;
	char *text = people_cell(value, column->type, zone);
	size_t has = text ? width_of(text) : 0;

	if (column->type == 'w' && word)
		colour = people_colour(word);
	if (colour)
		fputs(colour, stdout);
	/* Numbers stand at the right. */
	for (; column->type == 'n' && has < width; has++)
		putchar(' ');
	put_padded(text ?: "", column->type == 'n' ? 0 : width);
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
			put_cell(&columns[i], value_of(row, columns[i].key),
				 last && columns[i].type != 'n' ? 0 : widths[i], zone);
		else
			put_padded(people_say(columns[i].en, columns[i].zh), last ? 0 : widths[i]);
		fputs(last ? "\n" : "  ", stdout);
	}
}

/**
 * people_table() - print rows in columns
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
	if (tb_colour())
		fputs("\033[1m", stdout);
	put_row(columns, widths, NULL, zone, indent);
	if (tb_colour())
		fputs("\033[0m", stdout);
	json_array_foreach((json_t *)rows, i, row)
		put_row(columns, widths, row, zone, indent);
	free(widths);
}
