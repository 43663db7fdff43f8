// SPDX-License-Identifier: GPL-2.0-only
/* matter.*: each call, and what it refuses */
#include "script.h"

static void opened(void **state)
{
	(void)state;
	script_causes("local id = matter.open{ kind = 'm', title = { en = 'M', zh = '事' }, key = 'k',\n"
		      "place = 'lake', data = { a = 1, b = { 2, 3 } } }\n"
		      "local m = matter.get(id)\n"
		      "same(id, 'a-1') same(m.kind, 'm') same(m.stage, 'new') same(m.office, 'low')\n"
		      "same(m.title.zh, '事') same(m.key, 'k') same(m.place, 'lake') same(m.data.b[2], 3)\n"
		      "same(m.opened, e.time) same(m.closed, nil) same(m.record, e.record)\n"
		      "same(#m.offices, 1) same(m.offices[1], 'low')\n"
		      "same(matter.open{ kind = 'm', office = 'top' }, 'a-2')\n",
		      "{'matter':{'matter':'a-1','kind':'m','stage':'new','office':'low','key':'k',"
		      "'place':'lake'},'none':'finding'}");
	script_refused("open('k') open('k')", "there is an open m for k already");
	script_refused("matter.open{ kind = 'm', office = 'nowhere' }",
		       "there is no office nowhere");
	script_fails("matter.open{ kind = 'x' }", "declares no matter of kind x");
	script_fails("matter.open{ kind = 'endless' }", "has no first stage");
	script_fails("matter.open('m')", "table expected");
	script_fails("matter.open{ kind = 'm', data = { f = open } }", "no plain data");
	script_fails("matter.open{ kind = 'm', title = 5 }", "a text is wanted");
	/* A key is free again when its matter is closed. */
	script_runs("local id = open('k') matter.move(id, 'closed') open('k')");
}

/* Who is of no office leaves no matter behind that is nobody's. */
static void owned(void **state)
{
	(void)state;
	fold_write("a", "pack.lua",
		   "return { name = 'a', matters = { m = { first = 'new', stages = { new = {} } } },\n"
		   "acts = { run = { roles = 'public', fields = { office = { 'office' } }, run = function(e)\n"
		   "matter.open{ kind = 'm', office = e.data.office } end } } }");
	fold_expect("a", SCRIPT_WORLD
		    "{'uid':4711,'act':{'pack':'a','kind':'run'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'a m needs an office'},"
		    "'none':'matter'}}\n"
		    "{'uid':4711,'act':{'pack':'a','kind':'run','office':'mid'}}\n"
		    "{'expect':{'matter':{'matter':'a-1','office':'mid'},'none':'finding'}}\n");
}

static void got_and_found(void **state)
{
	(void)state;
	script_runs("same(matter.get('a-1'), nil) same(matter.get(nil), nil)\n"
		    "local one, two, three = open('k'), open(), matter.open{ kind = 'm', place = 'lake' }\n"
		    "matter.move(two, 'next') matter.move(three, 'closed')\n"
		    "local function ids(q)\n"
		    "  local out = {} for i, m in ipairs(matter.find(q)) do out[i] = m.id end\n"
		    "  return table.concat(out, ' ')\n"
		    "end\n"
		    "same(ids{}, 'a-1 a-2 a-3') same(ids{ kind = 'm' }, 'a-1 a-2 a-3')\n"
		    "same(ids{ open = true }, 'a-1 a-2') same(ids{ kind = 'm', open = true }, 'a-1 a-2')\n"
		    "same(ids{ stage = 'next' }, 'a-2') same(ids{ kind = 'm', stage = 'new' }, 'a-1')\n"
		    "same(ids{ kind = 'm', key = 'k' }, 'a-1') same(ids{ key = 'k' }, 'a-1')\n"
		    "same(ids{ kind = 'm', key = 'k', open = true }, 'a-1') same(ids{ kind = 'x' }, '')\n"
		    "same(ids{ office = 'low' }, 'a-1 a-2 a-3') same(ids{ office = 'top' }, '')\n"
		    "same(ids{ place = 'lake' }, 'a-3') same(#matter.find{ kind = 'm' }[1].offices, 1)\n"
		    "matter.move(one, 'closed') same(ids{ kind = 'm', key = 'k', open = true }, '')\n"
		    /* A copy: what is done to it is not done to the matter. */
		    "local m = matter.get(one) m.data.x = 1 same(matter.get(one).data.x, nil)\n");
	script_fails("matter.find('m')", "table expected");
}

/* What is made when it is asked for is as it was when the matter was. */
static void made_late(void **state)
{
	(void)state;
	script_runs("local id = open('k') local names = {}\n"
		    "for name in pairs(matter.get(id)) do names[#names + 1] = name end\n"
		    "same(table.concat(names, ' '), 'data id key kind office offices opened record stage title')\n"
		    "local before = matter.get(id) matter.set(id, { x = 1 }) matter.share(id, 'other')\n"
		    "matter.move(id, 'next')\n"
		    "same(before.data.x, nil) same(#before.offices, 1) same(before.stage, 'new')\n"
		    "local now = matter.get(id) same(now.stage, 'next') same(now.data.x, 1) same(#now.offices, 2)\n"
		    "now.title = 'T' same(now.title, 'T') same(now.nothing, nil)\n"
		    "store.set('m', matter.get(id)) same(store.get('m').data.x, 1)\n"
		    "same(#store.get('m').offices, 2) same(store.get('m').stage, 'next')\n");
}

/* What a refused act changed is as it was, in memory too. */
static void undone(void **state)
{
	(void)state;
	fold_write("a", "pack.lua",
		   "return { name = 'a', matters = { m = { first = 'new', stages = { new = { to = { 'old' } },\n"
		   "old = { final = true } } } }, acts = {\n"
		   "open = { run = function() matter.open{ kind = 'm' } end },\n"
		   "spoil = { run = function()\n"
		   "  matter.get('a-1') matter.share('a-1', 'mid') matter.set('a-1', { x = 1 }) matter.hand('a-1', 'other')\n"
		   "  matter.move('a-1', 'old') matter.open{ kind = 'm' } matter.get('a-2') refuse('no') end },\n"
		   "look = { run = function()\n"
		   "  local m = matter.get('a-1')\n"
		   "  if m.stage ~= 'new' or m.closed or m.office ~= 'top' or #m.offices ~= 1 or m.data.x then\n"
		   "    error('it is not as it was') end\n"
		   "  if matter.get('a-2') then error('it is there') end\n"
		   "  matter.share('a-1', 'mid') matter.move('a-1', 'old') end } } }");
	fold_expect("a", SCRIPT_WORLD
		    "{'uid':1,'act':{'pack':'a','kind':'open'}}\n"
		    "{'expect':{'matter':{'matter':'a-1'},'none':'finding'}}\n"
		    "{'uid':1,'act':{'pack':'a','kind':'spoil'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused'},'none':'share'}}\n"
		    "{'uid':1,'act':{'pack':'a','kind':'look'}}\n"
		    "{'expect':{'close':{'matter':'a-1'},'task':{'office':'mid','key':'seen:mid'},"
		    "'none':'finding'}}\n");
}

static void data(void **state)
{
	(void)state;
	script_runs("local id = matter.open{ kind = 'm', data = { a = 1, b = 2 } }\n"
		    "matter.set(id, { a = store.null, c = { 'x' }, d = 0.5 })\n"
		    "local d = matter.get(id).data\n"
		    "same(d.a, nil) same(d.b, 2) same(d.c[1], 'x') same(d.d, 0.5)\n"
		    "matter.set(id, {}) same(matter.get(id).data.b, 2)\n"
		    "matter.set(id, { c = { 'y', 'z' } }) same(matter.get(id).data.c[2], 'z')\n");
	script_refused("matter.set('a-9', { a = 1 })", "there is no matter a-9");
	script_fails("matter.set(open(), { f = open })", "no plain data");
	/* Of the data of a text that was read before nobody changes anything. */
	script_runs("local one = matter.open{ kind = 'm', data = { list = { 1 } } }\n"
		    "local two = matter.open{ kind = 'm', data = { list = { 1 } } }\n"
		    "matter.get(one).data.list[1] = 9 same(matter.get(two).data.list[1], 1)\n"
		    "matter.set(one, { more = true }) same(matter.get(two).data.more, nil)\n");
}

static void stages(void **state)
{
	(void)state;
	script_causes("local id = open() clock.start('days', id) task{ matter = id, text = 't', key = 'k' }\n"
		      "matter.move(id, 'next') same(matter.get(id).stage, 'next')\n"
		      "matter.move(id, 'closed') same(matter.get(id).closed, e.time)\n"
		      /* A final stage stops its clocks, and its tasks are done. */
		      "same(clock.get('days', id).state, 'stopped') same(#task.find{ matter = id, open = true }, 0)\n",
		      "{'move':{'matter':'a-1','from':'new','stage':'next'},'close':{'matter':'a-1',"
		      "'from':'next','stage':'closed'},'none':'finding'}");
	script_refused("local id = open() matter.move(id, 'next') matter.move(id, 'next')",
		       "is in stage next, which does not lead to next");
	script_refused("local id = open() matter.move(id, 'closed') matter.move(id, 'next')",
		       "matter a-1 is closed");
	script_refused("matter.move('b-1', 'next')", "there is no matter b-1");
	script_fails("matter.move(open(), 'nowhere')", "has no stage nowhere");
	script_refused("local id = open() matter.move(id, 'closed') matter.share(id, 'top')",
		       "is closed");
	script_refused("local id = open() matter.move(id, 'closed') matter.hand(id, 'top')",
		       "is closed");
}

static void sides(void **state)
{
	(void)state;
	script_causes("local id = open() matter.share(id, 'other') matter.share(id, 'other')\n"
		      "same(table.concat(matter.get(id).offices, ' '), 'low other')",
		      "{'share':{'matter':'a-1','office':'other'},'none':'finding'}");
	script_refused("matter.share(open(), 'nowhere')", "there is no office nowhere");
	/* What one side adds the others are told, once until they have looked. */
	script_then("if e.data.n == 0 then matter.share(open(), 'other') else matter.note('a-1', 'n') end",
		    "{'uid':7,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'expect':{'task':{'matter':'a-1','office':'other','key':'seen:other'}}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'expect':{'none':'task'}}\n"
		    "{'uid':9,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'expect':{'task':{'matter':'a-1','office':'low','key':'seen:low'}}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'expect':{'task':{'matter':'a-1','office':'other','key':'seen:other'}}}\n");
	script_refused("matter.note('a-9', 'n')", "there is no matter a-9");
}

static void handed(void **state)
{
	(void)state;
	script_causes("local id = open() matter.hand(id, 'other', 'theirs')\n"
		      "local m = matter.get(id) same(m.office, 'other')\n"
		      "same(table.concat(m.offices, ' '), 'low other')",
		      "{'hand':{'matter':'a-1','office':'other','reason':'theirs'},'task':{'matter':"
		      "'a-1','office':'other'},'none':'finding'}");
	script_refused("matter.hand(open(), 'nowhere')", "there is no office nowhere");
}

static void linked(void **state)
{
	(void)state;
	script_causes("local one, two = open(), open() matter.link(one, two, 'from') matter.link(two, one, 'from')\n"
		      "local l = matter.links(two) same(#l, 1) same(l[1].matter, one) same(l[1].how, 'from')\n"
		      "same(matter.links(one)[1].matter, two) same(#matter.links('a-9'), 0)\n"
		      "matter.link(one, two) same(matter.links(one)[2].how, 'see')",
		      "{'link':{'matter':'a-1','other':'a-2','how':'from'},'none':'finding'}");
	script_refused("matter.link(open(), 'a-9')", "no matter a-9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLD_TEST(opened),    FOLD_TEST(owned),	 FOLD_TEST(got_and_found), FOLD_TEST(data),
		FOLD_TEST(made_late), FOLD_TEST(undone), FOLD_TEST(stages),	   FOLD_TEST(sides),
		FOLD_TEST(handed),    FOLD_TEST(linked),
	};

	return cmocka_run_group_tests_name("engine_matter", tests, NULL, NULL);
}
