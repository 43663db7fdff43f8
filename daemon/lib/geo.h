/* SPDX-License-Identifier: GPL-2.0-only */
/* GeoJSON geometries (RFC 7946): whether one is sound, what it spans, what it holds. */
#ifndef TONGBU_GEO_H
#define TONGBU_GEO_H

#include <jansson.h>
#include <stdbool.h>

#include "error.h"

/**
 * struct tb_geo_box - the extent of a geometry, in degrees
 * @west: least longitude
 * @east: greatest longitude
 * @south: least latitude
 * @north: greatest latitude
 */
struct tb_geo_box {
	double west;
	double east;
	double south;
	double north;
};

int tb_geo_check(const json_t *geometry, struct tb_geo_box *box, struct tb_error *err);
int tb_geo_check_area(const json_t *area, struct tb_geo_box *box, struct tb_error *err);
int tb_geo_check_crs(const json_t *object, struct tb_error *err);
bool tb_geo_has(const json_t *area, double lon, double lat);

#endif /* TONGBU_GEO_H */
