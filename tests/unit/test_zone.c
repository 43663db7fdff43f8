// SPDX-License-Identifier: GPL-2.0-only
/* Issue F 13: time zones by name, and the rules that stand in records. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "fold.h"
#include "zone.h"

#define NOW 1767225600 /* 2026-01-01 */

/* As Python's zoneinfo has it */
static const struct {
	const char *name;
	int64_t time;
	int offset;
} known[] = {
	{ "Asia/Shanghai", 1767225600, 28800 },	    { "Asia/Shanghai", 1774745999, 28800 },
	{ "Asia/Shanghai", 1774746000, 28800 },	    { "Asia/Shanghai", 1782864000, 28800 },
	{ "Asia/Shanghai", 1792889999, 28800 },	    { "Asia/Shanghai", 1792890000, 28800 },
	{ "Asia/Shanghai", 1798761600, 28800 },	    { "Asia/Shanghai", 1775404799, 28800 },
	{ "Asia/Shanghai", 1793548799, 28800 },	    { "Europe/Berlin", 1767225600, 3600 },
	{ "Europe/Berlin", 1774745999, 3600 },	    { "Europe/Berlin", 1774746000, 7200 },
	{ "Europe/Berlin", 1782864000, 7200 },	    { "Europe/Berlin", 1792889999, 7200 },
	{ "Europe/Berlin", 1792890000, 3600 },	    { "Europe/Berlin", 1798761600, 3600 },
	{ "Europe/Berlin", 1775404799, 7200 },	    { "Europe/Berlin", 1793548799, 3600 },
	{ "America/New_York", 1767225600, -18000 }, { "America/New_York", 1774745999, -14400 },
	{ "America/New_York", 1774746000, -14400 }, { "America/New_York", 1782864000, -14400 },
	{ "America/New_York", 1792889999, -14400 }, { "America/New_York", 1792890000, -14400 },
	{ "America/New_York", 1798761600, -18000 }, { "America/New_York", 1775404799, -14400 },
	{ "America/New_York", 1793548799, -18000 }, { "Australia/Sydney", 1767225600, 39600 },
	{ "Australia/Sydney", 1774745999, 39600 },  { "Australia/Sydney", 1774746000, 39600 },
	{ "Australia/Sydney", 1782864000, 36000 },  { "Australia/Sydney", 1792889999, 39600 },
	{ "Australia/Sydney", 1792890000, 39600 },  { "Australia/Sydney", 1798761600, 39600 },
	{ "Australia/Sydney", 1775404799, 36000 },  { "Australia/Sydney", 1793548799, 39600 },
	{ "Asia/Kathmandu", 1767225600, 20700 },    { "Asia/Kathmandu", 1774745999, 20700 },
	{ "Asia/Kathmandu", 1774746000, 20700 },    { "Asia/Kathmandu", 1782864000, 20700 },
	{ "Asia/Kathmandu", 1792889999, 20700 },    { "Asia/Kathmandu", 1792890000, 20700 },
	{ "Asia/Kathmandu", 1798761600, 20700 },    { "Asia/Kathmandu", 1775404799, 20700 },
	{ "Asia/Kathmandu", 1793548799, 20700 },    { "America/St_Johns", 1767225600, -12600 },
	{ "America/St_Johns", 1774745999, -9000 },  { "America/St_Johns", 1774746000, -9000 },
	{ "America/St_Johns", 1782864000, -9000 },  { "America/St_Johns", 1792889999, -9000 },
	{ "America/St_Johns", 1792890000, -9000 },  { "America/St_Johns", 1798761600, -12600 },
	{ "America/St_Johns", 1775404799, -9000 },  { "America/St_Johns", 1793548799, -12600 },
	{ "Europe/Dublin", 1767225600, 0 },	    { "Europe/Dublin", 1774745999, 0 },
	{ "Europe/Dublin", 1774746000, 3600 },	    { "Europe/Dublin", 1782864000, 3600 },
	{ "Europe/Dublin", 1792889999, 3600 },	    { "Europe/Dublin", 1792890000, 0 },
	{ "Europe/Dublin", 1798761600, 0 },	    { "Europe/Dublin", 1775404799, 3600 },
	{ "Europe/Dublin", 1793548799, 0 },
};

static void zones_by_name(void **state)
{
	struct tb_error err;
	struct tb_zone zone, again;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_done(tb_zone_find(known[i].name, NOW, &zone, &err), err);
		assert_string_equal(zone.name, known[i].name);
		if (tb_zone_offset(&zone, known[i].time) != known[i].offset)
			fail_msg("%s at %lld: %d", known[i].name, (long long)known[i].time,
				 tb_zone_offset(&zone, known[i].time));
		/* What is put on record is enough. */
		assert_int_equal(tb_zone_rule(zone.rule, &again), 0);
		assert_int_equal(tb_zone_offset(&again, known[i].time), known[i].offset);
	}
	assert_done(tb_zone_find("-03:30", NOW, &zone, &err), err);
	assert_int_equal(tb_zone_offset(&zone, NOW), -12600);
	assert_string_equal(zone.name, "");
}

static void what_is_none(void **state)
{
	static const char *const names[] = {
		"",	  "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Asia",
		"+15:00", "+8",		  "zone1970.tab",     "localtime",   "posixrules",
		"UTC+8",  "GMT+8",	  "Asia/Beijing",     "CST-8",	     "Asia/Shanghai "
	};
	static const char *const rules[] = { "",
					     "CET",
					     "CET-1CEST",
					     "CET-1CEST,M13.5.0,M10.5.0",
					     "CET-1CEST,M3.5.0,M10.5.0x",
					     "<CET-1",
					     "C-1",
					     "+8:0:" };
	struct tb_error err = { 0 };
	struct tb_zone zone;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(tb_zone_find(names[i], NOW, &zone, &err), -EINVAL);
		assert_contains(err.text, "is no time zone: give it as +08:00, or by name");
	}
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (tb_zone_rule(rules[i], &zone) != -EINVAL)
			fail_msg("%s is taken", rules[i]);
	/* Ramadan: no rule foresees it. */
	assert_int_equal(tb_zone_find("Africa/Casablanca", NOW, &zone, &err), -ERANGE);
	assert_contains(err.text, "give the distance from UTC");
}

/* The record has the rule: whoever folds it has the same days. */
static void the_record_says_the_zone(void **state)
{
	(void)state;
	fold_write("a", "pack.lua",
		   "return { name = 'a', acts = { run = { roles = 'public', run = function(e)\n"
		   "  finding { rule = 'day', text = e.date .. ' ' .. date.clock(e.time) .. ' '\n"
		   "    .. date.midnight(e.date) } end } } }\n");
	fold_expect("a",
		    "{'time':'2026-07-01T22:30:00Z','uid':7,'act':{'pack':'a','kind':'run'}}\n"
		    "{'expect':{'finding':{'text':'2026-07-02 06:30 1783008000'}}}\n"
		    "{'uid':0,'act':{'pack':'base','kind':'zone','name':'Europe/Berlin','rule':'CET-1CEST,M3.5.0,M10.5.0/3'}}\n"
		    "{'time':'2026-07-01T22:30:00Z','uid':7,'act':{'pack':'a','kind':'run'}}\n"
		    "{'expect':{'finding':{'text':'2026-07-02 00:30 1783029600'}}}\n"
		    "{'time':'2026-12-01T22:30:00Z','uid':7,'act':{'pack':'a','kind':'run'}}\n"
		    "{'expect':{'finding':{'text':'2026-12-01 23:30 1796166000'}}}\n"
		    "{'uid':0,'act':{'pack':'base','kind':'zone','name':'x','rule':'CET'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused'}}}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_by_name),
		cmocka_unit_test(what_is_none),
		FOLD_TEST(the_record_says_the_zone),
	};

	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
