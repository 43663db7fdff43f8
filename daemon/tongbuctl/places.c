// SPDX-License-Identifier: GPL-2.0-only
/*
 * One JSON object a line; CSV with a header; a GeoJSON FeatureCollection; or GPX. Each
 * place is looked at here, so that the line that is wrong is named before anything
 * is submitted; the fold looks at all of it again.
 */
#include "places.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo.h"
#include "places_priv.h"
#include "term.h"

/* Where in a line the field begins: its cell of CSV, its name in JSON */
static unsigned long column_of(const struct reading *r, const char *field)
{
	char name[80];
	const char *at, *end;
	size_t i;

	for (i = 0; i < r->count && r->names; i++)
		if (!strcmp(r->names[i], field))
			return i + 1;
	if (r->names || !r->text || !*field)
		return r->column;
	snprintf(name, sizeof(name), "\"%.70s\"", field);
	at = strstr(r->text, name);
	end = strchrnul(r->text, '\n');
	return r->column + (at && at < end ? (unsigned long)(at - r->text) : 0);
}

/**
 * place_bad() - say what is wrong, and where
 * @r: the reading
 * @what: the field or id; may be empty
 * @why: what is wrong with it; may be empty
 *
 * Return: -EINVAL.
 */
int place_bad(struct reading *r, const char *what, const char *why)
{
	char feature[32] = "";

	if (r->feature)
		snprintf(feature, sizeof(feature), "feature %lu: ", r->feature);
	return tb_error_set(r->err, -EINVAL, "line %lu, column %lu: %s%.80s%s%.320s", r->line,
			    column_of(r, what), feature, what, *what && *why ? ": " : "", why);
}

/**
 * place_type_of() - what a field of a place is
 * @name: the field
 *
 * Return: t for text, n for a number that is not negative, o for an object, 0 if a place
 * has no such field.
 */
char place_type_of(const char *name)
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
	switch (place_type_of(name)) {
	case 't':
		if (json_is_string(value) && json_string_length(value))
			return 0;
		return place_bad(r, name, "it must be text");
	case 'n':
		if (json_is_number(value) && json_number_value(value) >= 0)
			return 0;
		return place_bad(r, name, "it must be a number, not below 0");
	case 'o':
		return json_is_object(value) ? 0 : place_bad(r, name, "it must be an object");
	default:
		return place_bad(r, name, "a place has no such field");
	}
}

static int check_geometry(struct reading *r, const json_t *place)
{
	const json_t *area = json_object_get(place, "area");
	const json_t *point = json_object_get(json_object_get(place, "data"), "geometry");
	struct tb_geo_box box;
	struct tb_error err;

	if (area && tb_geo_check_area(area, &box, &err))
		return place_bad(r, "area", err.text);
	/* Data may be anything; what came as a geometry of GeoJSON is one. */
	if (r->feature && point && tb_geo_check(point, &box, &err))
		return place_bad(r, "geometry", err.text);
	return 0;
}

static int check_road(struct reading *r, const json_t *place)
{
	const json_t *from = json_object_get(place, "from_km");
	const json_t *to = json_object_get(place, "to_km");

	if (json_object_get(place, "road") &&
	    (!from || !to || json_number_value(from) > json_number_value(to)))
		return place_bad(r, "road", "it needs from_km and to_km, the lower one first");
	return 0;
}

/* Also the wide one between Chinese characters, and what does not break */
static bool is_blank(uint32_t c)
{
	return c == ' ' || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x202f || c == 0x205f;
}

static int check_id(struct reading *r, const json_t *place)
{
	const char *id = json_string_value(json_object_get(place, "id"));
	const json_t *before = json_object_get(r->seen, id);
	char why[96];
	uint32_t c;
	size_t at, run;

	if (strlen(id) > 64)
		return place_bad(r, "id", "it has more than 64 bytes");
	/* Nobody could tell it from the same without. */
	for (at = 0; id[at]; at += run) {
		run = tb_char_next((const uint8_t *)id + at, strlen(id + at), &c);
		if (tb_char_unseen(c))
			return place_bad(r, "id",
					 "it has a character that shows nothing: write it anew");
		if (is_blank(c) && (!at || !id[at + run]))
			return place_bad(r, "id", "it begins or ends with a blank: take it away");
	}
	if (before) {
		snprintf(why, sizeof(why), "line %lld has it already",
			 (long long)json_integer_value(before));
		return place_bad(r, id, why);
	}
	json_object_set_new(r->seen, id, json_integer((json_int_t)r->line));
	return 0;
}

/* Registers number their places (RFC 7946, 3.2); a place is called by a text. */
static void name_by_number(json_t *place)
{
	json_t *id = json_object_get(place, "id");
	double number = json_number_value(id);
	char *text;

	/* 1, 1.0 and 1e0 are one number. */
	if (json_is_real(id) && number > -1e15 && number < 1e15 &&
	    number == (double)(int64_t)number)
		json_object_set_new(place, "id", json_integer((json_int_t)number));
	id = json_object_get(place, "id");
	text = json_is_number(id) ? json_dumps(id, JSON_ENCODE_ANY) : NULL;

	if (text)
		json_object_set_new(place, "id", json_string(text));
	free(text);
}

/**
 * place_add() - look at one place and keep it
 * @r: gets it
 * @place: the place, taken over
 *
 * Return: 0 or -EINVAL.
 */
int place_add(struct reading *r, json_t *place)
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
	name_by_number(place);
	json_object_foreach(place, name, value)
		if (!ret)
			ret = check_field(r, name, value);
	for (i = 0; !ret && i < sizeof(required) / sizeof(required[0]); i++)
		if (!json_object_get(place, required[i]))
			ret = place_bad(r, required[i], "it is missing");
	if (!ret)
		ret = check_geometry(r, place);
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
	char *next, *end;
	json_error_t why;
	json_t *place;
	int ret = 0;

	for (; !ret && *text; text = next) {
		end = text + strcspn(text, "\r\n");
		next = end + (*end ? 1 : 0) + (end[0] == '\r' && end[1] == '\n');
		*end = '\0';
		r->line++;
		r->column = 1;
		r->text = text;
		if (!text[strspn(text, " \t")])
			continue;
		place = json_loads(text, JSON_REJECT_DUPLICATES, &why);
		if (!json_is_object(place)) {
			r->column = !place && why.column > 0 ? (unsigned long)why.column : 1;
			ret = place_bad(r, "", place ? "it must be one JSON object" : why.text);
			json_decref(place);
		} else {
			ret = place_add(r, place);
		}
	}
	return ret;
}

static json_t *of_feature(const json_t *feature)
{
	json_t *geometry = json_object_get(feature, "geometry"), *place = json_object();
	json_t *data = json_object(), *value, *said;
	const char *name, *type;

	json_object_foreach(json_object_get(feature, "properties"), name, value) {
		if (json_is_null(value))
			continue;
		/* What a place does not have itself is data about it. */
		json_object_set(place_type_of(name) || !strcmp(name, "type") ? place : data, name,
				value);
	}
	value = json_object_get(feature, "id");
	if (value && !json_is_null(value) && !json_object_get(place, "id"))
		json_object_set(place, "id", value);
	type = json_string_value(json_object_get(geometry, "type")) ?: "";
	if (strstr(type, "Polygon"))
		json_object_set(place, "area", geometry);
	else if (json_is_object(geometry))
		json_object_set(data, "geometry", geometry);
	said = json_object_get(place, "data");
	if (json_object_size(data) && (!said || json_is_object(said))) {
		json_object_update_missing(data, said);
		json_object_set(place, "data", data);
	}
	json_decref(data);
	return place;
}

/* What would be lost or taken for something else, if it were not looked at here */
static int add_feature(struct reading *r, const json_t *feature)
{
	const json_t *geometry = json_object_get(feature, "geometry");
	const json_t *properties = json_object_get(feature, "properties");
	const json_t *data = json_object_get(properties, "data");
	const char *type = json_string_value(json_object_get(feature, "type")) ?: "", *name;
	struct tb_error err;
	json_t *value;

	if (strcmp(type, "Feature") != 0)
		return place_bad(r, "type", "it must be a Feature");
	if (geometry && !json_is_object(geometry) && !json_is_null(geometry))
		return place_bad(r, "geometry", "it must be an object of GeoJSON, or null");
	if (tb_geo_check_crs(feature, &err) || tb_geo_check_crs(geometry, &err))
		return place_bad(r, "crs", err.text);
	if (json_is_object(geometry) &&
	    (json_object_get(properties, "geometry") || json_object_get(data, "geometry")))
		return place_bad(r, "geometry", "it is among the properties as well");
	if (json_is_object(geometry) && json_object_get(properties, "area"))
		return place_bad(r, "area", "the geometry is the area: call this otherwise");
	json_object_foreach((json_t *)data, name, value)
		if (json_object_get(properties, name) && !place_type_of(name))
			return place_bad(r, name, "it is in data as well");
	return place_add(r, of_feature(feature));
}

/* Behind the object that begins at @at */
static const char *behind(const char *at)
{
	bool quoted = false;
	int depth = 0;

	for (; *at; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (quoted)
			at += *at == '\\' && at[1];
		else if (*at == '{' || *at == '[')
			depth++;
		else if ((*at == '}' || *at == ']') && --depth == 0)
			return at + 1;
	}
	return at;
}

/*
 * The library that reads JSON keeps no places, and whoever mends a file of ten thousand
 * features needs to know where.
 */
static void go_to(struct reading *r, const char *at)
{
	for (; r->text < at; r->text++) {
		r->column++;
		if (*r->text == '\n') {
			r->line++;
			r->column = 1;
		}
	}
}

static int read_features(struct reading *r, const json_t *collection, const char *text)
{
	const char *at = strstr(text, "\"features\"");
	struct tb_error err;
	json_t *feature;
	int ret = 0;
	size_t i;

	r->line = 1;
	r->text = text;
	if (tb_geo_check_crs(collection, &err))
		return place_bad(r, "crs", err.text);
	at += strcspn(at, "[");
	json_array_foreach(json_object_get(collection, "features"), i, feature) {
		at += strcspn(at, "{");
		go_to(r, at);
		r->feature++;
		ret = add_feature(r, feature);
		if (ret)
			break;
		at = behind(at);
	}
	return ret;
}

/* A file of one alone */
static int read_feature(struct reading *r, const json_t *feature, const char *text)
{
	r->line = 1;
	r->text = text;
	r->feature = 1;
	return add_feature(r, feature);
}

/**
 * places_read() - read places
 * @text: the file in UTF-8, closed by a NUL; changed
 * @places: set to an array of them, the caller's
 * @err: told what is wrong, and in which line and column
 *
 * Return: 0 or -EINVAL.
 */
int places_read(char *text, json_t **places, struct tb_error *err)
{
	struct reading r = {
		.places = json_array(), .seen = json_object(), .column = 1, .err = err
	};
	bool is_json = text[strspn(text, " \t\r\n")] == '{';
	json_error_t why = { .line = 0 };
	const char *type;
	json_t *whole = is_json ? json_loads(text, JSON_REJECT_DUPLICATES, &why) : NULL;
	int ret;

	type = json_string_value(json_object_get(whole, "type")) ?: "";
	if (json_is_array(json_object_get(whole, "features"))) {
		ret = read_features(&r, whole, text);
	} else if (!strcmp(type, "Feature")) {
		ret = read_feature(&r, whole, text);
	} else if (json_is_array(json_object_get(whole, "coordinates"))) {
		r.line = 1;
		ret = place_bad(&r, "",
				"this is a geometry alone: give it as a Feature, with id, kind and name in its properties");
	} else if (is_json && !whole && strstr(text, "\"FeatureCollection\"")) {
		r.line = (unsigned long)why.line;
		r.column = (unsigned long)why.column;
		ret = place_bad(&r, "", why.text);
	} else if (is_json) {
		ret = read_lines(&r, text);
	} else if (text[strspn(text, " \t\r\n")] == '<') {
		ret = places_read_gpx(&r, text);
	} else if (text[strspn(text, " \t\r\n")] == '[') {
		r.line = 1;
		ret = place_bad(&r, "",
				"this is a list of JSON: give one object a line, or a FeatureCollection");
	} else {
		ret = places_read_csv(&r, text);
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
