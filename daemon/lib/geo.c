// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers come from many programs: in metres of a survey's grid, with latitude
 * first, with rings left open. A place taken from such a file lies somewhere else, so
 * each is refused, with what is wrong and how it is put right.
 */
#include "geo.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What turns a file of another system into degrees of this one */
#define CONVERT "convert it to WGS 84, e.g. ogr2ogr -t_srs EPSG:4326 OUT.geojson IN"

/* What spans nothing yet */
#define NO_BOX                     \
	{                          \
		180, -180, 90, -90 \
	}

/* Arrays around a position */
static int depth_of(const char *type)
{
	static const struct {
		const char *type;
		int depth;
	} types[] = {
		{ "Point", 0 },		  { "MultiPoint", 1 }, { "LineString", 1 },
		{ "MultiLineString", 2 }, { "Polygon", 2 },    { "MultiPolygon", 3 },
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i].type, type))
			return types[i].depth;
	return -1;
}

static double lon_of(const json_t *position)
{
	return json_number_value(json_array_get(position, 0));
}

static double lat_of(const json_t *position)
{
	return json_number_value(json_array_get(position, 1));
}

static void widen(struct tb_geo_box *box, const json_t *position)
{
	box->west = fmin(box->west, lon_of(position));
	box->east = fmax(box->east, lon_of(position));
	box->south = fmin(box->south, lat_of(position));
	box->north = fmax(box->north, lat_of(position));
}

static int check_position(const json_t *position, struct tb_geo_box *box, struct tb_error *err)
{
	const json_t *first = json_array_get(position, 0), *second = json_array_get(position, 1);
	double lon = json_number_value(first), lat = json_number_value(second);

	if (!json_is_number(first) || !json_is_number(second))
		return tb_error_set(err, -EINVAL,
				    "a position must be [longitude, latitude], two numbers");
	if (fabs(lat) > 90 && fabs(lat) <= 180 && fabs(lon) <= 90)
		return tb_error_set(err, -EINVAL,
				    "[%g, %g]: no latitude is %g; longitude comes first: swap the two",
				    lon, lat, lat);
	if (fabs(lon) > 180 && fabs(lon) <= 360 && fabs(lat) <= 90)
		return tb_error_set(err, -EINVAL,
				    "[%g, %g]: longitude goes from -180 to 180: what crosses the 180th meridian is cut there into two (RFC 7946, 3.1.9)",
				    lon, lat);
	if (fabs(lon) > 180 || fabs(lat) > 90)
		return tb_error_set(err, -EINVAL,
				    "[%.1f, %.1f] are no degrees: metres of a grid? " CONVERT, lon,
				    lat);
	widen(box, position);
	return 0;
}

/* Positions one after another: of a line, or of a ring */
static int check_path(const json_t *path, struct tb_error *err)
{
	const json_t *at, *before = NULL;
	size_t i;

	json_array_foreach((json_t *)path, i, at) {
		if (before && fabs(lon_of(at) - lon_of(before)) > 180)
			return tb_error_set(err, -EINVAL,
					    "it crosses the 180th meridian: cut it there into two parts"
					    " (RFC 7946, 3.1.9)");
		before = at;
	}
	return 0;
}

/* Of the same longitude and latitude, 120 or 120.0, whatever the height */
static bool is_same(const json_t *a, const json_t *b)
{
	return lon_of(a) == lon_of(b) && lat_of(a) == lat_of(b);
}

static bool has_area(const json_t *ring)
{
	const json_t *first = json_array_get(ring, 0), *at;
	double lon = 0, lat = 0, x, y;
	size_t i;

	json_array_foreach((json_t *)ring, i, at) {
		x = lon_of(at) - lon_of(first);
		y = lat_of(at) - lat_of(first);
		if (fabs(lon * y - lat * x) > 0)
			return true;
		/* The first that is another gives the line. */
		if (!(fabs(lon) > 0) && !(fabs(lat) > 0)) {
			lon = x;
			lat = y;
		}
	}
	return false;
}

static int check_ring(const json_t *ring, struct tb_error *err)
{
	size_t count = json_array_size(ring);

	if (count < 4)
		return tb_error_set(err, -EINVAL,
				    "a ring has %zu positions: it needs four at least", count);
	if (!is_same(json_array_get(ring, 0), json_array_get(ring, count - 1)))
		return tb_error_set(err, -EINVAL,
				    "a ring is not closed: repeat its first position at its end");
	if (!has_area(ring))
		return tb_error_set(err, -EINVAL,
				    "a ring has no area: its positions are on a line");
	return 0;
}

/* What lies outside the outer ring is no hole in it, and would be taken for more of it. */
static int check_holes(const json_t *rings, struct tb_error *err)
{
	struct tb_geo_box outer = NO_BOX, box;
	const json_t *ring, *at;
	size_t i, j;

	json_array_foreach((json_t *)rings, i, ring) {
		box = outer;
		json_array_foreach((json_t *)ring, j, at)
			widen(&box, at);
		if (i && (box.west < outer.west || box.east > outer.east ||
			  box.south < outer.south || box.north > outer.north))
			return tb_error_set(err, -EINVAL,
					    "a hole is outside its ring: the outer ring comes first,"
					    " and parts that lie apart make a MultiPolygon");
		outer = box;
	}
	return 0;
}

static int check_coordinates(const json_t *json, int depth, bool rings, struct tb_geo_box *box,
			     struct tb_error *err)
{
	const json_t *item;
	size_t i;
	int ret = 0;

	if (depth == 0)
		return check_position(json, box, err);
	if (!json_array_size(json))
		return tb_error_set(err, -EINVAL, "it has no coordinates");
	json_array_foreach((json_t *)json, i, item) {
		ret = check_coordinates(item, depth - 1, rings, box, err);
		if (ret)
			return ret;
	}
	if (depth == 1)
		ret = check_path(json, err);
	if (!ret && depth == 1 && rings)
		ret = check_ring(json, err);
	if (!ret && depth == 2 && rings)
		ret = check_holes(json, err);
	return ret;
}

/**
 * tb_geo_check() - is this a geometry, in degrees, longitude first?
 * @geometry: of any type of RFC 7946 but a collection
 * @box: set to what it spans
 * @err: told what is wrong, and what to do about it
 *
 * The order of the two is only seen where one is no latitude; a ring must be closed; what
 * crosses the 180th meridian must be cut there (3.1.9).
 *
 * Return: 0 or -EINVAL.
 */
int tb_geo_check(const json_t *geometry, struct tb_geo_box *box, struct tb_error *err)
{
	const char *type = json_string_value(json_object_get(geometry, "type")) ?: "";
	int depth = depth_of(type);

	*box = (struct tb_geo_box)NO_BOX;
	if (depth < 0)
		return tb_error_set(err, -EINVAL, "GeoJSON has no geometry of type '%.32s' here",
				    type);
	return check_coordinates(json_object_get(geometry, "coordinates"), depth,
				 strstr(type, "Polygon"), box, err);
}

/**
 * tb_geo_check_area() - the same of what must be a Polygon or MultiPolygon
 * @area: the geometry
 * @box: set to what it spans
 * @err: told what is wrong, and what to do about it
 *
 * Return: 0 or -EINVAL.
 */
int tb_geo_check_area(const json_t *area, struct tb_geo_box *box, struct tb_error *err)
{
	const char *type = json_string_value(json_object_get(area, "type")) ?: "";

	if (!strstr(type, "Polygon"))
		return tb_error_set(err, -EINVAL, "it must be a GeoJSON Polygon or MultiPolygon");
	return tb_geo_check(area, box, err);
}

/**
 * tb_geo_check_crs() - does it say that it is in another system?
 * @object: the file's outermost object, a feature, or a geometry
 * @err: told which
 *
 * The member crs went with RFC 7946; files of 2008's GeoJSON have it still. CGCS2000 in degrees
 * (EPSG:4490) is WGS 84 within centimetres; EPSG:4979 is WGS 84 with heights.
 *
 * Return: 0 or -EINVAL.
 */
int tb_geo_check_crs(const json_t *object, struct tb_error *err)
{
	const json_t *crs = json_object_get(object, "crs");
	const json_t *properties = json_object_get(crs, "properties");
	const char *name = json_string_value(json_object_get(properties, "name"));
	json_int_t number = json_integer_value(json_object_get(properties, "code"));
	char by_number[32];
	const char *code;

	if (!crs || json_is_null(crs))
		return 0;
	snprintf(by_number, sizeof(by_number), "EPSG:%lld", (long long)number);
	if (!name)
		name = json_string_value(crs)				      ?:
			       number					      ? by_number :
		       json_string_value(json_object_get(properties, "href")) ?:
										"without a name";
	/* urn:ogc:def:crs:EPSG::4326, EPSG:4326, http://www.opengis.net/def/crs/EPSG/0/4326 */
	for (code = name + strlen(name); code > name && !strchr(":/", code[-1]); code--)
		;
	if (!strcmp(code, "CRS84") || !strcmp(code, "4326") || !strcmp(code, "4490") ||
	    !strcmp(code, "4979"))
		return 0;
	return tb_error_set(err, -EINVAL, "it is in the system %.80s: " CONVERT, name);
}

/* Does the polygon, an outer ring and holes, have the point? By crossings of a ray */
static bool polygon_has(const json_t *rings, double lon, double lat)
{
	bool inside = false;
	size_t i, j, k;
	json_t *ring;

	json_array_foreach((json_t *)rings, i, ring) {
		size_t count = json_array_size(ring);

		for (j = 0, k = count - 1; j < count; k = j++) {
			const json_t *a = json_array_get(ring, j), *b = json_array_get(ring, k);
			double ax = json_number_value(json_array_get(a, 0));
			double ay = json_number_value(json_array_get(a, 1));
			double bx = json_number_value(json_array_get(b, 0));
			double by = json_number_value(json_array_get(b, 1));

			if ((ay > lat) != (by > lat) &&
			    lon < (bx - ax) * (lat - ay) / (by - ay) + ax)
				inside = !inside;
		}
	}
	return inside;
}

/**
 * tb_geo_has() - does the area have the point?
 * @area: a Polygon or MultiPolygon that was checked; what lies in a hole is outside
 * @lon: degrees
 * @lat: degrees
 *
 * Return: whether it has.
 */
bool tb_geo_has(const json_t *area, double lon, double lat)
{
	const char *type = json_string_value(json_object_get(area, "type"));
	const json_t *list = json_object_get(area, "coordinates"), *part;
	size_t i;

	if (!type || strcmp(type, "MultiPolygon") != 0)
		return polygon_has(list, lon, lat);
	json_array_foreach((json_t *)list, i, part)
		if (polygon_has(part, lon, lat))
			return true;
	return false;
}
