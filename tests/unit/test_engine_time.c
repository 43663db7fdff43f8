// SPDX-License-Identifier: GPL-2.0-only
/* Time is the engine's: deadlines, terms, rows as of a day, clocks derived again */
#include "script.h"

static const char ends_of_periods[] =
	"local function ends(from, row, to, unknown)\n"
	"  local day, missing = deadline(from, row) same(day, to) same(missing, unknown or false)\n"
	"end\n"
	/* Criminal Procedure Law, 105: not the first day; a last day off moves on. */
	"ends('2025-09-01', { days = 10 }, '2025-09-11') ends('2025-09-20', { days = 11 }, '2025-10-09')\n"
	"ends('2025-09-10', { days = 10 }, '2025-09-22') ends('2025-09-18', { days = 10 }, '2025-09-28')\n"
	"ends('2025-12-31', { days = 1 }, '2026-01-04')\n"
	/* Custody never gets longer, and some rows say that they do not move. */
	"ends('2025-09-20', { days = 11, custody = true }, '2025-10-01')\n"
	"ends('2025-09-10', { days = 10, roll = false }, '2025-09-20')\n"
	/* A day that was named is that day. */
	"ends('2025-10-01', { days = 0 }, '2025-10-01')\n"
	/* Interpretation, 202(1) */
	"ends('2025-01-31', { months = 1 }, '2025-02-28') ends('2025-02-28', { months = 1 }, '2025-03-31')\n"
	"ends('2025-08-20', { months = 2 }, '2025-10-20') ends('2025-10-15', { years = 1 }, '2026-10-15')\n"
	/* Working days, and weekend days that are worked */
	"ends('2025-09-26', { working_days = 1 }, '2025-09-28') ends('2025-09-30', { working_days = 1 }, '2025-10-09')\n"
	"ends('2025-10-10', { working_days = 1 }, '2025-10-11') ends('2025-01-24', { working_days = 3 }, '2025-02-05')\n"
	/* Of 2027 only days fixed by statute are known. */
	"ends('2026-12-30', { working_days = 1 }, '2026-12-31') ends('2026-12-31', { working_days = 1 }, '2027-01-04', true)\n"
	"ends('2027-03-01', { days = 1 }, '2027-03-02') ends('2027-03-01', { days = 5 }, '2027-03-08', true)\n"
	"ends('2027-02-01', { days = 4 }, '2027-02-09', true)\n"
	"refuses('neither days', deadline, '2025-01-01', {}) refuses('at no day', deadline, '2025-01-01', { hours = 1 })\n"
	"refuses('10000 working days', deadline, '2025-01-01', { working_days = 10001 })\n";

static void deadlines(void **state)
{
	(void)state;
	script_pack(ends_of_periods);
	fold_expect("a",
		    "{'time':'2025-01-02T09:00:00+08:00','office':{'id':'o','name':'O'}}\n"
		    "{'actor':{'uid':7,'name':'Seven','office':'o','roles':['a.hand']}}\n" SCRIPT_ACT
		    "{'expect':{'none':'finding'}}\n");
}

/* Interpretation, 202(2): the day before; custody once, where the term begins */
static void terms(void **state)
{
	(void)state;
	script_runs("same(term_end('2025-03-15', { months = 7 }), '2025-10-14')\n"
		    "same(term_end('2025-01-31', { months = 1 }), '2025-02-27')\n"
		    "same(term_end('2025-01-30', { months = 1 }), '2025-02-27')\n"
		    "same(term_end('2025-02-28', { months = 1 }), '2025-03-30')\n"
		    "same(term_end('2025-02-28', { years = 3 }), '2028-02-27')\n"
		    "same(term_end('2025-02-28', { months = 36 }), '2028-02-27')\n"
		    "same(term_end('2024-02-29', { years = 1 }), '2025-02-27')\n"
		    "same(term_end('2005-05-21', { months = 7, custody_days = 200 }), '2005-06-01')\n"
		    "same(term_end('2025-05-11', { months = 6, custody_days = 10, custody_each = 2 }), '2025-10-20')\n"
		    "same(term_end('2025-05-11', { days = 15 }), '2025-05-25')\n"
		    "refuses('out of all bounds', term_end, '2025-01-01', { months = -1 })\n");
}

static void rows(void **state)
{
	(void)state;
	script_pack("local a, b, c = law.at('2025-12-31'), law.at('2026-01-01'), law.at('2026-12-31')\n"
		    "same(a.split.days, 5) same(b.split.days, 7) same(c.split, nil) same(a.nowhere, nil)\n"
		    "same(law.at('2012-12-31').split, nil) same(b.row.days, 4) same(law.at('2019-12-31').row, nil)\n"
		    "local id = open() clock.start('split', id, { from = '2025-12-29' })\n"
		    "same(clock.get('split', id).date, '2026-01-05')\n"
		    "clock.start('split', id, { from = '2026-01-05', key = 'new' })\n"
		    "same(clock.get('split', id, 'new').date, '2026-01-12')\n");
	fold_write("a", "data/law.json",
		   "{\"row\":{\"days\":4,\"from\":\"2020-01-01\"},\"split\":["
		   "{\"days\":5,\"from\":\"2013-01-01\",\"until\":\"2025-12-31\"},"
		   "{\"days\":7,\"from\":\"2026-01-01\",\"until\":\"2026-12-30\"}]}");
	fold_expect("a", SCRIPT_WORLD SCRIPT_ACT "{'expect':{'none':'finding'}}\n");
}

/* The list of a year is entered when a clock runs, waits, or has been found overdue. */
static void lists_entered_late(void **state)
{
	(void)state;
	script_then("clock.start('working', open())",
		    "{'holiday':{'date':'2026-01-07','working':false}}\n"
		    "{'expect':{'derived':{'clock':'working','matter':'a-1','due':1767974399,'was':1767887999}}}\n"
		    "{'time':'2026-01-09T10:00:00+08:00'}\n{'expect':{'none':{'rule':'clock.working'}}}\n"
		    "{'time':'2026-01-10T00:00:00+08:00'}\n{'expect':{'finding':{'rule':'clock.working'}}}\n"
		    /* It was overdue by a list that had a day too few. */
		    "{'holiday':{'date':'2026-01-09','working':false}}\n"
		    "{'expect':{'derived':{'clock':'working','due':1768233599}}}\n"
		    "{'time':'2026-01-13T00:00:00+08:00'}\n{'expect':{'finding':{'rule':'clock.working'}}}\n");
	script_then("if e.data.n == 0 then clock.start('days', open(), { from = '2027-03-04' }) else\n"
		    "same(clock.get('days', 'a-1').doubt, nil) same(clock.stop('days', 'a-1'), true) end",
		    "{'expect':{'clock':{'clock':'days','doubt':'calendar'}}}\n"
		    "{'time':'2027-03-12T09:00:00+08:00'}\n"
		    "{'expect':{'waiting':{'clock':'days','doubt':'calendar'},'finding':{'rule':'clock.uncertain','level':'warn'}}}\n"
		    "{'expect':{'none':{'rule':'clock.days'}}}\n"
		    "{'uid':1,'act':{'pack':'base','kind':'calendar','year':2027,'off':['2027-01-01',['2027-03-08','2027-03-12']],"
		    "'working':[],'source':'a notice'}}\n"
		    "{'expect':{'derived':{'clock':'days','due':1805126399}}}\n"
		    "{'time':'2027-03-15T09:00:00+08:00','uid':7,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'expect':{'met':{},'none':'finding'}}\n");
	script_then("",
		    "{'uid':1,'act':{'pack':'base','kind':'calendar','year':2027,'off':[['2027-12-31','2028-01-02']],"
		    "'source':'a notice'}}\n{'expect':{'finding':{'rule':'engine.refused','text':'does not lie in 2027'}}}\n");
}

/* The program's list of the year is set aside, and that is said. */
static void own_list(void **state)
{
	(void)state;
	fold_write("a", "pack.lua", "return { name = 'a' }");
	fold_expect("a", "{'time':'2026-01-05T09:00:00+08:00','office':{'id':'o','name':'O'}}\n"
			 "{'actor':{'uid':1,'name':'Admin','office':'o','roles':['admin']}}\n"
			 "{'holiday':{'date':'2026-03-03'}}\n"
			 "{'expect':{'finding':{'rule':'calendar.own','text':'2026'}}}\n"
			 "{'holiday':{'date':'2026-03-04'}}\n{'expect':{'none':'finding'}}\n"
			 "{'holiday':{'date':'2027-03-04'}}\n{'expect':{'none':'finding'}}\n");
}

#define REBASE(from)                                                                       \
	"{'uid':1,'act':{'pack':'base','kind':'clock-rebase','clock':1,'from':'" from "'," \
	"'reason':'the log of the day'}}\n"

/* What began by a clock that nobody had set waits for a person. */
static void f7_begun_at_no_known_time(void **state)
{
	static const char start[] =
		"if e.data.n == 0 then clock.start('days', open()) else same(clock.get('days', 'a-1').doubt, 'unsynced') end";

	(void)state;
	script_then(start,
		    "{'time':'2026-01-05T10:00:00+08:00','synced':false,'uid':7,'act':{'pack':'a','kind':'run'}}\n"
		    "{'expect':{'clock':{'clock':'days','doubt':'unsynced','matter':'a-2'}}}\n"
		    "{'time':'2026-01-08T00:00:00+08:00'}\n"
		    "{'expect':{'finding':{'rule':'clock.days','matter':'a-1'}}}\n"
		    "{'expect':{'waiting':{'matter':'a-2','doubt':'unsynced'}}}\n"
		    "{'expect':{'task':{'matter':'a-2','text':'clock-rebase'}}}\n" REBASE("2026-01-07") "{'expect':{'finding':{'rule':'engine.refused','text':'no clock 1 is running'}}}\n"
													"{'uid':7,'act':{'pack':'base','kind':'clock-rebase','clock':2,'from':'2026-01-07','reason':'mine'}}\n"
													"{'expect':{'finding':{'rule':'engine.refused','text':'admin'}}}\n"
													"{'uid':1,'act':{'pack':'base','kind':'clock-rebase','clock':2,'from':'2026-01-09','reason':'later'}}\n"
													"{'expect':{'finding':{'rule':'engine.refused','text':'is in the future'}}}\n"
													"{'uid':1,'act':{'pack':'base','kind':'clock-rebase','clock':2,'from':'2026-01-07','reason':'the log of the day'}}\n"
													"{'expect':{'derived':{'id':2,'due':1767974399}}}\n"
													"{'time':'2026-01-10T00:00:00+08:00'}\n{'expect':{'finding':{'rule':'clock.days','matter':'a-2'}}}\n");
	script_then("clock.start('days', open())",
		    REBASE("2026-01-04") "{'expect':{'finding':{'rule':'engine.refused','text':'began at a known time'}}}\n");
	/* A day that a person wrote down does not depend on the machine's clock. */
	script_then("clock.start('days', open(), { from = '2026-01-02' })",
		    "{'synced':false,'uid':7,'act':{'pack':'a','kind':'run'}}\n"
		    "{'expect':{'clock':{'clock':'days','due':1767628799,'matter':'a-2'}}}\n"
		    "{'time':'2026-01-08T00:00:00+08:00'}\n{'expect':{'finding':{'rule':'clock.days','matter':'a-2'}}}\n");
	/* Begun and due by one clock that nobody set: it measures well enough. */
	script_then("if e.data.n == 1 then clock.start('days', open()) end",
		    "{'synced':false,'uid':7,'act':{'pack':'a','kind':'run','n':1}}\n"
		    "{'time':'2026-01-08T00:00:00+08:00','synced':false}\n"
		    "{'expect':{'finding':{'rule':'clock.days','matter':'a-1'}}}\n");
}

/* The machine wakes up in some other year: nothing falls due until the time is known. */
static void f7_due_at_no_known_time(void **state)
{
	(void)state;
	script_then("if e.data.n == 0 then clock.start('days', open()) end",
		    "{'time':'2036-01-01T00:00:00+08:00','synced':false}\n"
		    "{'expect':{'waiting':{'clock':'days','doubt':'now'},'none':{'rule':'clock.days'}}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'run','n':1}}\n{'expect':{'clock':{'clock':'days'}}}\n"
		    "{'time':'2036-01-01T00:01:00+08:00'}\n{'expect':{'finding':{'rule':'clock.days'}}}\n");
}

/* A sentence was changed: the pack says from when it counts. */
static void rebased(void **state)
{
	(void)state;
	script_causes("local id = open() clock.start('month', id) same(clock.get('month', id).date, '2026-02-05')\n"
		      "clock.rebase('month', id, { from = '2026-01-12', reason = 'retrial' })\n"
		      "same(clock.get('month', id).date, '2026-02-12') same(clock.get('month', id).started, '2026-01-12')\n"
		      "refuses('needs a reason', clock.rebase, 'month', id, { from = '2026-01-12' })\n",
		      "{'derived':{'clock':'month','matter':'a-1','due':1770911999}}");
}

/* What the law does not count: due at no time, and later by as much */
static void paused(void **state)
{
	(void)state;
	script_then("if e.data.n == 0 then local id = open() clock.start('days', id) clock.pause('days', id)\n"
		    "same(clock.get('days', id).state, 'paused')\n"
		    "else clock.rebase('days', 'a-1', { from = e.date, reason = 'an opinion' })\n"
		    "same(clock.get('days', 'a-1').state, 'running') end",
		    "{'expect':{'paused':{'clock':'days','matter':'a-1'}}}\n"
		    "{'time':'2036-01-01T00:00:00+08:00'}\n{'expect':{'none':{'rule':'clock.days'}}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'run','n':1}}\n{'expect':{'derived':{'clock':'days'},'none':{'rule':'clock.days'}}}\n"
		    "{'time':'2037-01-01T00:00:00+08:00'}\n{'expect':{'finding':{'rule':'clock.days'}}}\n");
}

/* Extended, it is counted on from the law's day, not from where a day off moved it. */
static void extended_over_a_weekend(void **state)
{
	(void)state;
	script_runs("local id = open() clock.start('lawful', id, { from = '2026-01-06' })\n"
		    "same(clock.get('lawful', id).date, '2026-01-12') clock.extend('lawful', id, 'r')\n"
		    "same(clock.get('lawful', id).date, '2026-01-12') clock.extend('lawful', id, 'r')\n"
		    "same(clock.get('lawful', id).date, '2026-01-12')\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLD_TEST(deadlines),
		FOLD_TEST(terms),
		FOLD_TEST(rows),
		FOLD_TEST(lists_entered_late),
		FOLD_TEST(own_list),
		FOLD_TEST(f7_begun_at_no_known_time),
		FOLD_TEST(f7_due_at_no_known_time),
		FOLD_TEST(rebased),
		FOLD_TEST(paused),
		FOLD_TEST(extended_over_a_weekend),
	};

	return cmocka_run_group_tests_name("engine_time", tests, NULL, NULL);
}
