// SPDX-License-Identifier: GPL-2.0-only
/*
 * GPX 1.1 and 1.0: a waypoint is a place at a point; a route or a track is one along a line.
 * Its name is the id, its type the kind, and its description, where there is one, the name.
 */
#include <errno.h>
#include <expat.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "places_priv.h"

#ifndef TB_EXPAT_64
#define XML_GetCurrentLineNumber64   XML_GetCurrentLineNumber
#define XML_GetCurrentColumnNumber64 XML_GetCurrentColumnNumber
#endif

/* More of one text than any place takes */
#define TEXT_MAX  1024
#define DEPTH_MAX 64

/**
 * struct gpx - a file being read
 * @r: the reading
 * @parser: expat's
 * @depth: elements around
 * @item: depth of the waypoint, route or track it is in; 0 for none
 * @place: made of that
 * @lines: positions of its segments so far
 * @text: what stands in the element it is in
 * @len: bytes of that
 * @ret: 0, or -EINVAL after saying why
 */
struct gpx {
	struct reading *r;
	XML_Parser parser;
	int depth;
	int item;
	json_t *place;
	json_t *lines;
	char text[TEXT_MAX];
	size_t len;
	int ret;
};

static void bad(struct gpx *gpx, const char *what, const char *why)
{
	gpx->r->line = (unsigned long)XML_GetCurrentLineNumber64(gpx->parser);
	gpx->r->column = (unsigned long)XML_GetCurrentColumnNumber64(gpx->parser) + 1;
	gpx->ret = place_bad(gpx->r, what, why);
	XML_StopParser(gpx->parser, XML_FALSE);
}

/* Without the prefix of a namespace */
static const char *plain(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static bool is_one_of(const char *name, const char *a, const char *b, const char *c)
{
	return !strcmp(name, a) || (b && !strcmp(name, b)) || (c && !strcmp(name, c));
}

/* Decimals have a point in GPX, whatever they have in the user's country. */
static double plain_number(const char *text, char **end)
{
	static locale_t plain_locale;

	if (!plain_locale)
		plain_locale = newlocale(LC_ALL_MASK, "C", NULL);
	return strtod_l(text, end, plain_locale);
}

static json_t *degrees(struct gpx *gpx, const char **attributes, const char *name)
{
	double value;
	char *end;

	for (; *attributes; attributes += 2) {
		if (strcmp(*attributes, name) != 0)
			continue;
		value = plain_number(attributes[1], &end);
		if (end != attributes[1] && !*end && isfinite(value))
			return json_real(value);
	}
	bad(gpx, name, "it must be a number of degrees");
	return json_null();
}

static json_t *position(struct gpx *gpx, const char **attributes)
{
	return json_pack("[o, o]", degrees(gpx, attributes, "lon"),
			 degrees(gpx, attributes, "lat"));
}

static void begin_item(struct gpx *gpx, const char *name, const char **attributes)
{
	gpx->item = gpx->depth;
	gpx->r->feature++;
	gpx->place = json_object();
	gpx->lines = json_array();
	if (!strcmp(name, "wpt"))
		json_object_set_new(gpx->place, "data",
				    json_pack("{s:{s:s, s:o}}", "geometry", "type", "Point",
					      "coordinates", position(gpx, attributes)));
}

static void XMLCALL on_start(void *userdata, const char *name, const char **attributes)
{
	struct gpx *gpx = userdata;

	name = plain(name);
	gpx->depth++;
	gpx->len = 0;
	gpx->text[0] = '\0';
	if (gpx->depth > DEPTH_MAX)
		bad(gpx, name, "elements are nested too deep");
	else if (gpx->depth == 1 && strcmp(name, "gpx") != 0)
		bad(gpx, name, "this XML is no GPX");
	else if (!gpx->item && is_one_of(name, "wpt", "rte", "trk"))
		begin_item(gpx, name, attributes);
	else if (gpx->item && is_one_of(name, "trkseg", NULL, NULL))
		json_array_append_new(gpx->lines, json_array());
	else if (gpx->item && is_one_of(name, "rtept", "trkpt", NULL)) {
		/* Those of a route stand in no segment. */
		if (!json_array_size(gpx->lines))
			json_array_append_new(gpx->lines, json_array());
		json_array_append_new(json_array_get(gpx->lines, json_array_size(gpx->lines) - 1),
				      position(gpx, attributes));
	}
}

static void XMLCALL on_text(void *userdata, const char *text, int len)
{
	struct gpx *gpx = userdata;

	if (gpx->depth != gpx->item + 1 || !gpx->item)
		return;
	if (gpx->len + (size_t)len >= sizeof(gpx->text)) {
		bad(gpx, "", "a text that is too long");
		return;
	}
	memcpy(gpx->text + gpx->len, text, (size_t)len);
	gpx->len += (size_t)len;
	gpx->text[gpx->len] = '\0';
}

/* The text of an element of the item itself, without blanks around */
static void take_text(struct gpx *gpx, const char *name)
{
	char *text = gpx->text + strspn(gpx->text, " \t\r\n");
	size_t len = strlen(text);

	while (len && strchr(" \t\r\n", text[len - 1]))
		text[--len] = '\0';
	if (!len)
		return;
	if (!strcmp(name, "name"))
		json_object_set_new(gpx->place, "id", json_string(text));
	else if (!strcmp(name, "type"))
		json_object_set_new(gpx->place, "kind", json_string(text));
	else if (!strcmp(name, "desc"))
		json_object_set_new(gpx->place, "name", json_string(text));
}

/* Segments of one position are no lines. */
static void take_lines(struct gpx *gpx)
{
	size_t i;

	for (i = json_array_size(gpx->lines); i--;)
		if (json_array_size(json_array_get(gpx->lines, i)) < 2)
			json_array_remove(gpx->lines, i);
	if (json_array_size(gpx->lines) == 1)
		json_object_set_new(gpx->place, "data",
				    json_pack("{s:{s:s, s:O}}", "geometry", "type", "LineString",
					      "coordinates", json_array_get(gpx->lines, 0)));
	else if (json_array_size(gpx->lines))
		json_object_set_new(gpx->place, "data",
				    json_pack("{s:{s:s, s:O}}", "geometry", "type",
					      "MultiLineString", "coordinates", gpx->lines));
}

static void end_item(struct gpx *gpx)
{
	json_t *place = gpx->place, *id = json_object_get(place, "id");

	take_lines(gpx);
	json_decref(gpx->lines);
	gpx->item = 0;
	gpx->place = gpx->lines = NULL;
	gpx->r->line = (unsigned long)XML_GetCurrentLineNumber64(gpx->parser);
	if (!id || !json_object_get(place, "kind")) {
		json_decref(place);
		bad(gpx, id ? "type" : "name",
		    id ? "it is missing: it says what kind of place this is" :
			 "it is missing: it is the id of the place");
		return;
	}
	if (!json_object_get(place, "name"))
		json_object_set(place, "name", id);
	gpx->ret = place_add(gpx->r, place);
	if (gpx->ret)
		XML_StopParser(gpx->parser, XML_FALSE);
}

static void XMLCALL on_end(void *userdata, const char *name)
{
	struct gpx *gpx = userdata;

	if (gpx->item && gpx->depth == gpx->item)
		end_item(gpx);
	else if (gpx->item && gpx->depth == gpx->item + 1)
		take_text(gpx, plain(name));
	gpx->depth--;
}

/* GPX has none; entities that make much of little come by one. */
static void XMLCALL on_doctype(void *userdata, const char *name, const char *system,
			       const char *public, int internal)
{
	(void)name, (void)system, (void)public, (void)internal;
	bad(userdata, "DOCTYPE", "GPX has none: take it out");
}

/**
 * places_read_gpx() - read places of GPX
 * @r: gets them
 * @text: the file in UTF-8, whatever it says itself of its encoding
 *
 * Return: 0 or -EINVAL.
 */
int places_read_gpx(struct reading *r, const char *text)
{
	struct gpx gpx = { .r = r, .parser = XML_ParserCreate("UTF-8") };

	if (!gpx.parser)
		return tb_error_set(r->err, -ENOMEM, "out of memory");
	XML_SetUserData(gpx.parser, &gpx);
	XML_SetElementHandler(gpx.parser, on_start, on_end);
	XML_SetCharacterDataHandler(gpx.parser, on_text);
	XML_SetStartDoctypeDeclHandler(gpx.parser, on_doctype);
	if (XML_Parse(gpx.parser, text, (int)strlen(text), 1) == XML_STATUS_ERROR && !gpx.ret)
		bad(&gpx, "", XML_ErrorString(XML_GetErrorCode(gpx.parser)));
	XML_ParserFree(gpx.parser);
	json_decref(gpx.place);
	json_decref(gpx.lines);
	return gpx.ret;
}
