// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers come from many programs: in metres of a survey's grid, with latitude
 * first, with rings left open. A place taken from such a file lies somewhere else, so
 * each is refused, with what is wrong and how it is put right.
 */
#include "geo.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What turns a file of another system into degrees of this one */
#define CONVERT "convert it to WGS 84, e.g. ogr2ogr -t_srs EPSG:4326 OUT.geojson IN"

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
	box->west = fmin(box->west, lon);
	box->east = fmax(box->east, lon);
	box->south = fmin(box->south, lat);
	box->north = fmax(box->north, lat);
	return 0;
}

/* Positions one after another: of a line, or of a ring */
static int check_path(const json_t *path, struct tb_error *err)
{
	const json_t *at, *before = NULL;
	size_t i;

	json_array_foreach((json_t *)path, i, at) {
		if (before && fabs(json_number_value(json_array_get(at, 0)) -
				   json_number_value(json_array_get(before, 0))) > 180)
			return tb_error_set(err, -EINVAL,
					    "it crosses the 180th meridian: cut it there into two parts"
					    " (RFC 7946, 3.1.9)");
		before = at;
	}
	return 0;
}

static int check_ring(const json_t *ring, struct tb_error *err)
{
	size_t count = json_array_size(ring);

	if (count < 4)
		return tb_error_set(err, -EINVAL,
				    "a ring has %zu positions: it needs four at least", count);
	if (!json_equal(json_array_get(ring, 0), json_array_get(ring, count - 1)))
		return tb_error_set(err, -EINVAL,
				    "a ring is not closed: repeat its first position at its end");
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

	*box = (struct tb_geo_box){ 180, -180, 90, -90 };
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
 * tb_geo_check_crs() - does the file say that it is in another system?
 * @collection: its outermost object
 * @err: told which
 *
 * The member crs went with RFC 7946; files of 2008's GeoJSON have it still. CGCS2000 in degrees
 * (EPSG:4490) is WGS 84 within centimetres.
 *
 * Return: 0 or -EINVAL.
 */
int tb_geo_check_crs(const json_t *collection, struct tb_error *err)
{
	const json_t *crs = json_object_get(collection, "crs");
	const json_t *properties = json_object_get(crs, "properties");
	const char *name = json_string_value(json_object_get(properties, "name"));
	const char *code;

	if (!crs || json_is_null(crs))
		return 0;
	if (!name)
		name = json_string_value(json_object_get(properties, "href")) ?: "without a name";
	/* urn:ogc:def:crs:EPSG::4326, EPSG:4326, http://www.opengis.net/def/crs/EPSG/0/4326 */
	for (code = name + strlen(name); code > name && !strchr(":/", code[-1]); code--)
		;
	if (!strcmp(code, "CRS84") || !strcmp(code, "4326") || !strcmp(code, "4490"))
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
