// SPDX-License-Identifier: GPL-2.0-only
/* place.*, office.*, actor.*: where, which unit, who; and the acts of base that set them */
#include "script.h"

static void places(void **state)
{
	(void)state;
	script_runs("local p = place.get('road')\n"
		    "same(p.kind, 'road') same(p.office, 'low') same(p.road, 'G1') same(p.from_km, 0.0) same(p.to_km, 100.0)\n"
		    "same(p.area, false) same(place.get('lake').data.deep, true) same(place.get('lake').area, true)\n"
		    "same(place.get('isles').parent, 'lake') same(place.get('x'), nil) same(place.get(nil), nil)\n"
		    "local function ids(q)\n"
		    "  local out = {} for i, one in ipairs(place.find(q)) do out[i] = one.id end\n"
		    "  return table.concat(out, ' ')\n"
		    "end\n"
		    "same(ids{}, 'bridge isles lake road') same(ids{ kind = 'road' }, 'bridge road')\n"
		    "same(ids{ kind = 'road', office = 'low' }, 'road') same(ids{ office = 'mid' }, 'lake')\n"
		    "same(ids{ name = 'Isles' }, 'isles') same(ids{ kind = 'x' }, '')");
	script_fails("place.find('road')", "table expected");
}

/* The smallest part of the road; both ends belong to it */
static void kilometres(void **state)
{
	(void)state;
	script_runs("same(place.at('G1', 0).id, 'road') same(place.at('G1', 39.9).id, 'road') same(place.at('G1', 40).id, 'bridge')\n"
		    "same(place.at('G1', 41).id, 'bridge') same(place.at('G1', 41.1).id, 'road') same(place.at('G1', 100).id, 'road')\n"
		    "same(place.at('G1', 100.1), nil) same(place.at('G2', 1), nil)");
	script_fails("place.at('G1')", "number expected");
}

/* A polygon with a hole, and one of two parts within it */
static void areas(void **state)
{
	(void)state;
	script_runs("same(place.covering(3, 3).id, 'lake') same(place.covering(1.5, 1.5).id, 'isles')\n"
		    "same(place.covering(8.4, 8.6).id, 'lake') same(place.covering(8.6, 8.5).id, 'isles')\n"
		    "same(place.covering(5, 5), nil) same(place.covering(11, 5), nil) same(place.covering(-1, 5), nil)\n"
		    "same(place.covering(1.5, 1.5, 'lake').id, 'lake') same(place.covering(3, 3, 'isle'), nil)\n"
		    "same(place.inside('lake', 3, 3), true) same(place.inside('lake', 5, 5), false)\n"
		    "same(place.inside('isles', 8.6, 8.5), true) same(place.inside('isles', 3, 3), false)\n"
		    "same(place.inside('road', 3, 3), nil) same(place.inside('x', 3, 3), nil)");
}

static void offices(void **state)
{
	(void)state;
	script_runs("local o = office.get('low')\n"
		    "same(o.name, 'Low') same(o.parent, 'mid') same(o.kind, 'k') same(o.data.n, 3) same(office.get('mid').owns[1], 'm')\n"
		    "same(office.get('x'), nil) same(office.get(nil), nil) same(office.get('top').parent, nil)\n"
		    "same(#office.find{}, 4) same(office.find{ kind = 'k' }[1].id, 'low') same(office.find{ parent = 'top' }[1].id, 'mid')\n"
		    "same(#office.find{ parent = 'other' }, 0) same(office.seen('other'), true)");
}

/* To the owner of the place, or who above it claims the kind; nothing is ownerless */
static void routes(void **state)
{
	(void)state;
	script_runs("same(office.route('road', 'm'), 'mid') same(office.route('road', 'z'), 'low') same(office.route('isles', 'z'), 'mid')\n"
		    "same(office.route('bridge', 'm'), 'other') same(office.route(nil, 'x'), 'other') same(office.route(nil, 'z'), 'other')\n"
		    "same(office.route('nowhere', 'm'), 'mid')");
	script_fails("office.route('road')", "string expected");
}

/* By day from Monday to Friday, by night each day until the morning */
static void duties(void **state)
{
	(void)state;
	script_runs("local monday = e.time - 9 * 3600\n"
		    "local function on(day, hour, minute)\n"
		    "  local list = office.duty('low', monday + day * 86400 + hour * 3600 + (minute or 0) * 60)\n"
		    "  return table.concat(list, ' ')\n"
		    "end\n"
		    "same(on(0, 8), '7') same(on(0, 17, 59), '7') same(on(0, 18), '8') same(on(0, 23, 59), '8')\n"
		    "same(on(1, 0), '8') same(on(1, 7, 59), '8') same(on(1, 8), '7')\n"
		    "same(on(5, 12), '') same(on(5, 18), '8') same(on(6, 7), '8') same(on(4, 12), '7')\n"
		    "same(table.concat(office.duty('low'), ' '), '7') same(#office.duty('top'), 0)");
}

static void actors(void **state)
{
	(void)state;
	script_runs("same(e.uid, 7) same(e.actor.office, 'low') same(e.actor.roles['a.hand'], true) same(e.actor.roles['a.head'], nil)\n"
		    "local a = actor.get(8) same(a.name, 'Eight') same(a.uid, 8) same(a.roles['a.head'], true)\n"
		    "same(actor.get(4711), nil) same(actor.get(nil), nil)\n"
		    "same(table.concat(actor.find{}, ' '), '1 7 8 9') same(table.concat(actor.find{ office = 'low' }, ' '), '7')\n"
		    "same(table.concat(actor.find{ role = 'a.hand' }, ' '), '7 8') same(#actor.find{ role = 'a.head', office = 'low' }, 0)");
	/* A role that was taken away, and a person who left */
	script_then("same(#actor.find{ role = 'a.hand' }, e.data.n == 0 and 2 or 0)",
		    "{'actor':{'uid':8,'name':'Eight','office':'mid','roles':['a.head']}}\n"
		    "{'uid':1,'act':{'pack':'base','kind':'actor-end','uid':7}}\n"
		    "{'uid':8,'act':{'pack':'a','kind':'run','n':1}}\n{'expect':{'none':'finding'}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'not an actor'}}}\n");
}

static void founding(void **state)
{
	(void)state;
	script_then("",
		    "{'uid':7,'act':{'pack':'base','kind':'office','id':'new','name':'New'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'admin'}}}\n"
		    "{'office':{'id':'top','name':'Top','parent':'low'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'would be above itself'}}}\n"
		    "{'office':{'id':'new','name':'New','parent':'nowhere'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'names office nowhere, which does not exist'}}}\n"
		    "{'place':{'id':'p','kind':'road','name':'P','road':'G1','from_km':5,'to_km':4}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'the lower one first'}}}\n"
		    "{'place':{'id':'p','kind':'lake','name':'P','area':{'type':'Polygon','coordinates':[]}}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'no coordinates'}}}\n"
		    "{'uid':1,'act':{'pack':'base','kind':'actor-end','uid':1}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused'}}}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLD_TEST(places), FOLD_TEST(kilometres), FOLD_TEST(areas),  FOLD_TEST(offices),
		FOLD_TEST(routes), FOLD_TEST(duties),	  FOLD_TEST(actors), FOLD_TEST(founding),
	};

	return cmocka_run_group_tests_name("engine_world", tests, NULL, NULL);
}
