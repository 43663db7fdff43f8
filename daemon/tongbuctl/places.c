// SPDX-License-Identifier: GPL-2.0-only
/*
 * One JSON object a line; CSV with a header; or a GeoJSON FeatureCollection. Each
 * place is looked at here, so that the line that is wrong is named before anything
 * is submitted; the fold looks at all of it again.
 */
#include "places.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 64

/**
 * struct reading - a file as it is read
 * @places: those there are so far
 * @seen: line of each id
 * @line: the line it is at; of GeoJSON, the feature
 * @unit: what is counted: line or feature
 * @err: told what is wrong
 */
struct reading {
	json_t *places;
	json_t *seen;
	unsigned long line;
	const char *unit;
	struct tb_error *err;
};

static int bad(struct reading *r, const char *what, const char *why)
{
	return tb_error_set(r->err, -EINVAL, "%s %lu: %.80s%s%s", r->unit, r->line, what,
			    *what && *why ? ": " : "", why);
}

/* What a place may have: t text, n number that is not negative, o object */
static char type_of(const char *name)
{
	static const struct {
		const char *name;
		char type;
	} fields[] = {
		{ "id", 't' },	   { "kind", 't' }, { "name", 't' },	  { "office", 't' },
		{ "parent", 't' }, { "road", 't' }, { "from_km", 'n' },	  { "to_km", 'n' },
		{ "river", 't' },  { "area", 'o' }, { "length_km", 'n' }, { "data", 'o' },
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!strcmp(fields[i].name, name))
			return fields[i].type;
	return 0;
}

static int check_field(struct reading *r, const char *name, const json_t *value)
{
	switch (type_of(name)) {
	case 't':
		if (json_is_string(value) && json_string_length(value))
			return 0;
		return bad(r, name, "it must be text");
	case 'n':
		if (json_is_number(value) && json_number_value(value) >= 0)
			return 0;
		return bad(r, name, "it must be a number, not below 0");
	case 'o':
		return json_is_object(value) ? 0 : bad(r, name, "it must be an object");
	default:
		return bad(r, name, "a place has no such field");
	}
}

static int check_area(struct reading *r, const json_t *area)
{
	const char *type = json_string_value(json_object_get(area, "type")) ?: "";

	if (!area)
		return 0;
	if (strcmp(type, "Polygon") && strcmp(type, "MultiPolygon"))
		return bad(r, "area", "it must be a GeoJSON Polygon or MultiPolygon");
	if (!json_array_size(json_object_get(area, "coordinates")))
		return bad(r, "area", "it has no coordinates");
	return 0;
}

static int check_road(struct reading *r, const json_t *place)
{
	const json_t *from = json_object_get(place, "from_km");
	const json_t *to = json_object_get(place, "to_km");

	if (json_object_get(place, "road") &&
	    (!from || !to || json_number_value(from) > json_number_value(to)))
		return bad(r, "road", "it needs from_km and to_km, the lower one first");
	return 0;
}

static int check_id(struct reading *r, const json_t *place)
{
	const char *id = json_string_value(json_object_get(place, "id"));
	const json_t *before = json_object_get(r->seen, id);
	char why[96];

	if (strlen(id) > 64)
		return bad(r, "id", "it has more than 64 bytes");
	if (before) {
		snprintf(why, sizeof(why), "%s %lld has it already", r->unit,
			 (long long)json_integer_value(before));
		return bad(r, id, why);
	}
	json_object_set_new(r->seen, id, json_integer((json_int_t)r->line));
	return 0;
}

/* Takes the place over. */
static int add_place(struct reading *r, json_t *place)
{
	static const char *const required[] = { "id", "kind", "name" };
	json_t *value, *type = json_object_get(place, "type");
	const char *name;
	size_t i;
	int ret = 0;

	/* The act place calls it type, since an act has a kind itself. */
	if (type && !json_object_get(place, "kind")) {
		json_object_set(place, "kind", type);
		json_object_del(place, "type");
	}
	json_object_foreach(place, name, value)
		if (!ret)
			ret = check_field(r, name, value);
	for (i = 0; !ret && i < sizeof(required) / sizeof(required[0]); i++)
		if (!json_object_get(place, required[i]))
			ret = bad(r, required[i], "it is missing");
	if (!ret)
		ret = check_area(r, json_object_get(place, "area"));
	if (!ret)
		ret = check_road(r, place);
	if (!ret)
		ret = check_id(r, place);
	if (ret) {
		json_decref(place);
		return ret;
	}
	json_array_append_new(r->places, place);
	return 0;
}

static int read_lines(struct reading *r, char *text)
{
	char *next;
	json_error_t why;
	json_t *place;
	int ret = 0;

	for (; !ret && text && *text; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		r->line++;
		if (!text[strspn(text, " \t\r")])
			continue;
		place = json_loads(text, JSON_REJECT_DUPLICATES, &why);
		if (!json_is_object(place)) {
			ret = bad(r, "", place ? "it must be one JSON object" : why.text);
			json_decref(place);
		} else {
			ret = add_place(r, place);
		}
	}
	return ret;
}

/* Takes the next cell out of the text; sets whether it was the last of its row */
static char *next_cell(char **at, unsigned long *lines, bool *last)
{
	char *in = *at, *out = *at, *cell = *at;
	bool quoted = *in == '"';

	for (in += quoted; *in; in++) {
		if (quoted && in[0] == '"' && in[1] != '"') {
			quoted = false;
			continue;
		}
		if (quoted && in[0] == '"')
			in++;
		else if (!quoted && (*in == ',' || *in == '\n'))
			break;
		*lines += *in == '\n';
		*out++ = *in;
	}
	*last = *in != ',';
	*lines += *in == '\n';
	*at = *in ? in + 1 : in;
	*out = '\0';
	/* What editors of another system leave at the end of a line */
	if (*last && out > cell && out[-1] == '\r')
		out[-1] = '\0';
	return quoted ? NULL : cell;
}

static int add_cell(struct reading *r, json_t *place, const char *name, const char *cell)
{
	json_t *value, *data;
	char type = 'd';

	/* An empty cell is no field. */
	if (!*cell)
		return 0;
	if (strncmp(name, "data.", 5) != 0)
		type = type_of(name);
	value = type == 't' ? json_string(cell) : json_loads(cell, JSON_DECODE_ANY, NULL);
	if (!value)
		value = json_string(cell);
	if (!value)
		return bad(r, name, "this is not UTF-8");
	if (type != 'd')
		return json_object_set_new(place, name, value);
	data = json_object_get(place, "data");
	if (!data) {
		data = json_object();
		json_object_set_new(place, "data", data);
	}
	return json_object_set_new(data, name + 5, value);
}

static int read_header(struct reading *r, char **at, const char **names, size_t *count,
		       unsigned long *lines)
{
	bool last = false;
	char *cell;

	for (*count = 0; !last; (*count)++) {
		cell = next_cell(at, lines, &last);
		if (!cell || *count == COLUMNS_MAX)
			return bad(r, "",
				   cell ? "there are too many columns" : "a quote is not closed");
		if (!strcmp(cell, "type"))
			memcpy(cell, "kind", 5);
		if (!type_of(cell) && (strncmp(cell, "data.", 5) || !cell[5]))
			return bad(r, cell, "a place has no such column");
		names[*count] = cell;
	}
	return 0;
}

static int read_row(struct reading *r, char **at, const char *const *names, size_t count,
		    unsigned long *lines)
{
	json_t *place = json_object();
	bool last = false;
	size_t i;
	char *cell;
	int ret = 0;

	for (i = 0; !ret && !last; i++) {
		cell = next_cell(at, lines, &last);
		if (!cell)
			ret = bad(r, "", "a quote is not closed");
		else if (i == 0 && last && !*cell)
			count = 0;
		else if (i >= count)
			ret = bad(r, "", "it has more cells than the header");
		else
			ret = add_cell(r, place, names[i], cell);
	}
	if (!ret && count && i != count)
		ret = bad(r, "", "it has fewer cells than the header");
	/* A line with nothing on it is none. */
	if (!ret && count)
		return add_place(r, place);
	json_decref(place);
	return ret;
}

static int read_csv(struct reading *r, char *text)
{
	const char *names[COLUMNS_MAX];
	unsigned long lines = 1;
	size_t count;
	int ret;

	r->line = 1;
	ret = read_header(r, &text, names, &count, &lines);
	while (!ret && *text) {
		r->line = lines;
		ret = read_row(r, &text, names, count, &lines);
	}
	return ret;
}

static json_t *of_feature(const json_t *feature)
{
	json_t *geometry = json_object_get(feature, "geometry"), *place = json_object();
	json_t *data = json_object(), *value;
	const char *name, *type;

	json_object_foreach(json_object_get(feature, "properties"), name, value) {
		if (json_is_null(value))
			continue;
		/* What a place does not have itself is data about it. */
		json_object_set(type_of(name) || !strcmp(name, "type") ? place : data, name, value);
	}
	if (json_is_string(json_object_get(feature, "id")) && !json_object_get(place, "id"))
		json_object_set(place, "id", json_object_get(feature, "id"));
	type = json_string_value(json_object_get(geometry, "type")) ?: "";
	if (strstr(type, "Polygon"))
		json_object_set(place, "area", geometry);
	else if (json_is_object(geometry))
		json_object_set(data, "geometry", geometry);
	if (json_object_size(data) && !json_object_get(place, "data"))
		json_object_set(place, "data", data);
	json_decref(data);
	return place;
}

static int read_features(struct reading *r, const json_t *collection)
{
	json_t *feature;
	int ret = 0;
	size_t i;

	r->unit = "feature";
	json_array_foreach(json_object_get(collection, "features"), i, feature) {
		r->line++;
		if (!ret)
			ret = add_place(r, of_feature(feature));
	}
	return ret;
}

/**
 * places_read() - read places
 * @text: the file, closed by a NUL; changed
 * @len: its bytes
 * @places: set to an array of them, the caller's
 * @err: told what is wrong, and in which line
 *
 * Return: 0 or -EINVAL.
 */
int places_read(char *text, size_t len, json_t **places, struct tb_error *err)
{
	struct reading r = {
		.places = json_array(), .seen = json_object(), .unit = "line", .err = err
	};
	json_t *whole = NULL;
	int ret;

	if (strlen(text) != len) {
		ret = tb_error_set(err, -EINVAL, "this is no text: it has a zero byte");
	} else {
		/* A mark that some editors put before UTF-8 */
		text += strncmp(text, "\xef\xbb\xbf", 3) ? 0 : 3;
		whole = json_loads(text, 0, NULL);
		if (json_is_array(json_object_get(whole, "features")))
			ret = read_features(&r, whole);
		else if (text[strspn(text, " \t\r\n")] == '{')
			ret = read_lines(&r, text);
		else
			ret = read_csv(&r, text);
	}
	json_decref(whole);
	json_decref(r.seen);
	if (!ret && !json_array_size(r.places))
		ret = tb_error_set(err, -EINVAL, "there is no place in it");
	if (ret)
		json_decref(r.places);
	else
		*places = r.places;
	return ret;
}
