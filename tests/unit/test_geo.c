// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <string.h>

#include "geo.h"

static int check(const char *text, struct tb_geo_box *box, struct tb_error *err)
{
	json_t *json = json_loads(text, 0, NULL);
	int ret;

	assert_non_null(json);
	ret = tb_geo_check(json, box, err);
	json_decref(json);
	return ret;
}

static void sound_geometries_have_an_extent(void **state)
{
	static const char *const sound[] = {
		"{\"type\":\"Point\",\"coordinates\":[-180,90,4.5]}",
		"{\"type\":\"LineString\",\"coordinates\":[[-180,90],[-1,0]]}",
		"{\"type\":\"MultiPoint\",\"coordinates\":[[-180,0],[0,90]]}",
		"{\"type\":\"Polygon\",\"coordinates\":[[[-180,0],[0,0],[0,90],[-180,0]]]}",
	};
	struct tb_geo_box box;
	struct tb_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sound); i++) {
		assert_done(check(sound[i], &box, &err), err);
		assert_float_equal(box.west, -180, 0);
		assert_float_equal(box.north, 90, 0);
	}
}

static void what_is_none_is_refused(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} wrong[] = {
		{ "{}", "no geometry of type" },
		{ "{\"type\":\"GeometryCollection\",\"geometries\":[]}", "no geometry of type" },
		{ "{\"type\":\"Point\",\"coordinates\":[]}", "two numbers" },
		{ "{\"type\":\"Point\",\"coordinates\":[1]}", "two numbers" },
		{ "{\"type\":\"Point\",\"coordinates\":[\"1\",2]}", "two numbers" },
		{ "{\"type\":\"Point\",\"coordinates\":[180.001,2]}", "180th meridian" },
		{ "{\"type\":\"Point\",\"coordinates\":[360.001,2]}", "no degrees" },
		{ "{\"type\":\"Point\",\"coordinates\":[30,91]}", "longitude comes first" },
		{ "{\"type\":\"Point\",\"coordinates\":[120,91]}", "no degrees" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[]}", "no coordinates" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[]]}", "no coordinates" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[1,2],[3,4]]}", "two numbers" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1]]]}",
		  "not closed" },
		{ "{\"type\":\"LineString\",\"coordinates\":[[179,0],[-179,0]]}",
		  "180th meridian" },
	};
	struct tb_geo_box box;
	struct tb_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (!check(wrong[i].text, &box, &err))
			fail_msg("%s is taken", wrong[i].text);
		assert_contains(err.text, wrong[i].why);
	}
}

static void a_hole_is_outside(void **state)
{
	json_t *area =
		json_loads("{\"type\":\"MultiPolygon\",\"coordinates\":["
			   "[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[3,3],[6,3],[6,6],[3,6],[3,3]]],"
			   "[[[20,0],[21,0],[21,1],[20,1],[20,0]]]]}",
			   0, NULL);

	(void)state;
	assert_true(tb_geo_has(area, 1, 1));
	assert_false(tb_geo_has(area, 4, 4));
	assert_true(tb_geo_has(area, 20.5, 0.5));
	assert_false(tb_geo_has(area, 15, 0.5));
	json_decref(area);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_geometries_have_an_extent),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(a_hole_is_outside),
	};

	return cmocka_run_group_tests_name("geo", tests, NULL, NULL);
}
