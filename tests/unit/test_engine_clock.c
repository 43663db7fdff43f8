// SPDX-License-Identifier: GPL-2.0-only
/* clock.*: deadlines by their rule, warned of, escalated, extended within bounds */
#include "script.h"

/* 5 January is a Monday, the 6th a holiday; the station is 8 hours east. */
static void started(void **state)
{
	(void)state;
	script_causes("local id = open()\n"
		      "local function due(name, opts) clock.start(name, id, opts) return clock.get(name, id, opts and opts.key) end\n"
		      "same(due('days').date, '2026-01-07') same(due('working').date, '2026-01-08')\n"
		      "same(due('month').date, '2026-02-05') same(due('lawful').date, '2026-01-09')\n"
		      "same(due('hours').due, e.time + 3 * 3600) same(due('minutes').due, e.time + 300)\n"
		      "same(due('seconds').due, e.time + 30)\n"
		      /* Days end with their last second at the station. */
		      "same(clock.get('days', id).due, 1767801599)\n"
		      "same(due('month', { from = '2026-01-31', key = 'x' }).date, '2026-03-02')\n"
		      "same(due('days', { key = 'y' }).key, 'y') same(clock.get('days', id, 'z'), nil)\n"
		      "same(clock.get('days', 'a-9'), nil) same(clock.get('days', id).extended, 0)\n",
		      "{'clock':{'clock':'days','matter':'a-1','due':1767801599},'none':'finding'}");
	script_refused("local id = open() clock.start('days', id) clock.start('days', id)",
		       "clock days is running in matter a-1 already");
	script_fails("clock.start('nonsense', open())", "declares no clock nonsense");
	script_fails("clock.start('none', open())", "has neither days, working_days, months");
	script_fails("clock.start('lost', open())", "data/law.json has no row nowhere");
	script_fails("clock.start('days', open(), { from = 'tomorrow' })", "tomorrow is no date");
}

static void stopped(void **state)
{
	(void)state;
	script_causes("local id = open() clock.start('days', id)\n"
		      "same(clock.stop('days', id), true) same(clock.get('days', id).state, 'met')\n"
		      "same(clock.stop('days', id), false) same(clock.stop('hours', id), false)\n"
		      "clock.start('days', id) same(clock.get('days', id).state, 'running')",
		      "{'met':{'clock':'days','matter':'a-1'},'none':'finding'}");
	/* Done after all, it is owed no more; the finding stays. */
	script_then("if e.data.n == 0 then clock.start('days', open()) else\n"
		    "same(clock.stop('days', 'a-1'), false) same(clock.get('days', 'a-1').state, 'late')\n"
		    "same(#finding.find{ rule = 'clock.days', open = true }, 1) end",
		    "{'time':'2026-01-08T09:00:00+08:00','uid':7,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'expect':{'late':{'clock':'days','matter':'a-1'}}}\n"
		    "{'expect':{'none':{'rule':'engine.failed'}}}\n");
}

static void extended(void **state)
{
	(void)state;
	script_causes("local id = open() clock.start('days', id)\n"
		      "same(clock.extend('days', id, 'the file is away'), 1768233599)\n"
		      "local c = clock.get('days', id) same(c.date, '2026-01-12') same(c.extended, 1)\n"
		      /* What the declaration does not say is the law's: twice, a day each. */
		      "clock.start('lawful', id) clock.extend('lawful', id, 'r') clock.extend('lawful', id, 'r')\n"
		      "same(clock.get('lawful', id).date, '2026-01-12')",
		      "{'extend':{'clock':'days','matter':'a-1'},'none':'finding'}");
	script_refused("local id = open() clock.start('days', id) clock.extend('days', id, 'r') clock.extend('days', id, 'r')",
		       "extended 1 times: its rule allows no more");
	script_refused("local id = open() clock.start('days', id) clock.extend('days', id)",
		       "an extension of clock days needs a reason");
	script_refused("local id = open() clock.start('hours', id) clock.extend('hours', id, 'r')",
		       "clock hours cannot be extended");
	script_refused("clock.extend('days', open(), 'r')",
		       "no clock days is running in matter a-1");
}

/* A matter that lasts would have ever more such tasks. */
static void warning_ends_with_the_clock(void **state)
{
	(void)state;
	script_then("if e.data.n == 0 then clock.start('days', open()) else clock.stop('days', 'a-1') end",
		    "{'time':'2026-01-07T00:00:00+08:00'}\n"
		    "{'expect':{'warn':{'clock':'days'},'task':{'text':'soon due','key':'soon:1'},'none':'done'}}\n"
		    "{'time':'2026-01-07T09:00:00+08:00','uid':7,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'expect':{'met':{'clock':'days'},'done':{'task':1},'none':'finding'}}\n");
}

static void warned_and_escalated(void **state)
{
	(void)state;
	script_then("clock.start('days', open())",
		    "{'time':'2026-01-06T23:59:59+08:00'}\n{'expect':{'none':'warn'}}\n"
		    "{'time':'2026-01-07T00:00:00+08:00'}\n"
		    "{'expect':{'warn':{'clock':'days'},'task':{'office':'low','text':'soon due'},'none':'finding'}}\n"
		    "{'time':'2026-01-07T23:59:59+08:00'}\n{'expect':{'none':'finding'}}\n"
		    "{'time':'2026-01-08T00:00:00+08:00'}\n"
		    "{'expect':{'finding':{'rule':'clock.days','level':'fault','matter':'a-1','text':'已逾期'},"
		    "'task':{'office':'mid','text':'overdue: days'},'done':{}}}\n"
		    "{'time':'2026-02-08T00:00:00+08:00'}\n{'expect':{'none':'finding'}}\n");
	/* Nobody is above the top: it is told itself. */
	script_then("clock.start('days', matter.open{ kind = 'm', office = 'top' })",
		    "{'time':'2026-01-09T00:00:00+08:00'}\n{'expect':{'task':{'office':'top','text':'overdue'}}}\n");
	/* The law is shown with what it says. */
	script_then("clock.start('lawful', open())",
		    "{'time':'2026-01-10T00:00:00+08:00'}\n"
		    "{'expect':{'finding':{'rule':'clock.lawful','law':{'source':'Art. 1','mark':'R'}}}}\n");
	/* Extended, it warns and is due later; stopped or closed, never. */
	script_then("local id = open() clock.start('days', id) clock.extend('days', id, 'r')",
		    "{'time':'2026-01-09T23:59:59+08:00'}\n{'expect':{'none':'warn'}}\n"
		    "{'time':'2026-01-13T00:00:00+08:00'}\n{'expect':{'warn':{},'finding':{'rule':'clock.days'}}}\n");
	script_then("local id = open() clock.start('days', id) clock.stop('days', id) id = open() clock.start('days', id)\n"
		    "matter.move(id, 'closed')",
		    "{'time':'2027-01-01T00:00:00+08:00'}\n{'expect':{'none':'finding'}}\n{'expect':{'none':'warn'}}\n");
}

static void told(void **state)
{
	(void)state;
	script_then("clock.start('told', open())",
		    "{'time':'2026-01-08T00:00:00+08:00'}\n"
		    "{'expect':{'finding':{'rule':'told','text':'told 2026-01-07'}}}\n"
		    "{'expect':{'finding':{'rule':'clock.told'}}}\n");
	script_then("clock.start('quiet', open())",
		    "{'time':'2027-01-01T00:00:00+08:00'}\n"
		    "{'expect':{'ended':{'clock':'quiet'},'none':'finding'}}\n{'expect':{'none':'task'}}\n"
		    "{'expect':{'none':'warn'}}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLD_TEST(started),  FOLD_TEST(stopped),
		FOLD_TEST(extended), FOLD_TEST(warned_and_escalated),
		FOLD_TEST(told),     FOLD_TEST(warning_ends_with_the_clock),
	};

	return cmocka_run_group_tests_name("engine_clock", tests, NULL, NULL);
}
