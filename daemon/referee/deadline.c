// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules by which a time ends, each in one place. A period: Criminal Procedure Law,
 * Art. 105 (the day it begins is not counted; a last day that is off moves on; custody
 * never gets longer) and Interpretation, 202(1). A term of sentence: 202(2), by the day
 * before, custody credited where the term begins.
 */
#include "deadline.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"

static const struct {
	const char *name;
	enum tb_unit unit;
	int64_t each;
} units[] = {
	{ "days", TB_DAYS, 1 },	       { "working_days", TB_WORKING_DAYS, 1 },
	{ "months", TB_MONTHS, 1 },    { "years", TB_MONTHS, 12 },
	{ "hours", TB_SECONDS, 3600 }, { "minutes", TB_SECONDS, 60 },
	{ "seconds", TB_SECONDS, 1 },
};

static bool says(lua_State *L, int table, const char *name, bool wanted)
{
	bool found;

	if (!lua_istable(L, table))
		return false;
	lua_getfield(L, table, name);
	found = lua_isboolean(L, -1) && lua_toboolean(L, -1) == wanted;
	lua_pop(L, 1);
	return found;
}

/**
 * tb_period_take() - add to a period what a rule says
 * @L: the Lua state
 * @rule: where a table is with days, working_days, months, years, hours, minutes or
 *	seconds
 * @law: where the row of the law is that has what @rule does not say; 0 for none
 * @period: gets one span more
 *
 * Whether the end rolls is settled by the first: it does, unless it says roll = false or
 * custody = true.
 *
 * Return: whether the rule has a unit, and there is room.
 */
bool tb_period_take(lua_State *L, int rule, int law, struct tb_period *period)
{
	int64_t n;
	size_t i;

	if (period->count == TB_SPANS_MAX)
		return false;
	if (!period->count)
		period->roll =
			!says(L, rule, "roll", false) && !says(L, rule, "custody", true) &&
			(!law || (!says(L, law, "roll", false) && !says(L, law, "custody", true)));
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		n = tb_api_integer(L, rule, units[i].name, -1);
		if (n < 0 && law && lua_istable(L, law))
			n = tb_api_integer(L, law, units[i].name, -1);
		if (n < 0)
			continue;
		if (n > 1000000)
			luaL_error(L, "%s: more than 1000000", units[i].name);
		if (units[i].unit == TB_WORKING_DAYS && n > 10000)
			luaL_error(L, "0 to 10000 working days");
		period->spans[period->count].unit = units[i].unit;
		period->spans[period->count++].n = n * units[i].each;
		return true;
	}
	return false;
}

/* The first day from @day on that is worked */
static int64_t rolled(struct tb_calendar *calendar, int64_t day, bool *missing)
{
	bool unknown = false;

	/* A day of an unknown year that is worked by the week is taken to be. */
	if (tb_calendar_works(calendar, day, &unknown))
		return day;
	*missing = *missing || unknown;
	do
		day++;
	while (!tb_calendar_works(calendar, day, missing));
	return day;
}

/**
 * tb_period_end() - when a period ends
 * @r: the referee
 * @period: it, with a span at least
 * @day: the day it begins, not counted
 * @time: the time it begins, for what is counted in seconds
 *
 * An extension goes on where the law's count stands, not where a day off has moved the
 * end to; spans of one unit are counted as one.
 *
 * Return: the end: of days and months the last second of the day at the station.
 */
struct tb_due tb_period_end(struct tb_referee *r, const struct tb_period *period, int64_t day,
			    int64_t time)
{
	struct tb_due due = { .at = time };
	int64_t first = day, sum = 0;
	bool roll = period->roll, some = false;
	unsigned int i;

	for (i = 0; i < period->count; i++) {
		enum tb_unit unit = period->spans[i].unit;

		if (unit == TB_SECONDS) {
			due.at += period->spans[i].n;
			first = day = tb_zone_date(r, due.at);
			sum = 0;
			roll = false;
			continue;
		}
		if (!i || period->spans[i - 1].unit != unit) {
			first = day;
			sum = 0;
		}
		sum += period->spans[i].n;
		some = some || period->spans[i].n;
		if (unit == TB_DAYS)
			day = first + sum;
		else if (unit == TB_MONTHS)
			day = tb_date_period(first, sum);
		else
			day = tb_calendar_working(r->calendar, first, sum, &due.missing);
		roll = period->roll && (unit != TB_WORKING_DAYS || !sum);
		due.at = tb_zone_day_end(r, day);
	}
	/* A day that was named is that day. */
	if (roll && some) {
		day = rolled(r->calendar, day, &due.missing);
		due.at = tb_zone_day_end(r, day);
	}
	return due;
}

/* deadline(day, row): the date, and whether a year's list is missing for it */
static int lua_deadline(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	struct tb_period period = { 0 };
	int64_t day = tb_api_day(L, 1);
	struct tb_due due;

	luaL_checktype(L, 2, LUA_TTABLE);
	if (!tb_period_take(L, 2, 0, &period))
		return luaL_error(L,
				  "deadline: the row has neither days, working_days, months nor years");
	if (period.spans[0].unit == TB_SECONDS)
		return luaL_error(L, "deadline: a row in hours, minutes or seconds ends at no day");
	due = tb_period_end(r, &period, day, 0);
	tb_api_push_day(L, tb_zone_date(r, due.at));
	lua_pushboolean(L, due.missing);
	return 2;
}

/*
 * term_end(start, term): the last day of a sentence of term.years, term.months and
 * term.days that runs from start, term.custody_days before it credited,
 * term.custody_each days (1, of surveillance 2) for each. Credited where it begins: as
 * if it had begun so much earlier.
 */
static int lua_term_end(lua_State *L)
{
	int64_t day = tb_api_day(L, 1), years, months, days, custody, each;

	luaL_checktype(L, 2, LUA_TTABLE);
	years = tb_api_integer(L, 2, "years", 0);
	months = tb_api_integer(L, 2, "months", 0);
	days = tb_api_integer(L, 2, "days", 0);
	custody = tb_api_integer(L, 2, "custody_days", 0);
	each = tb_api_integer(L, 2, "custody_each", 1);
	if (years < 0 || months < 0 || days < 0 || custody < 0 || each < 0 || years > 1000 ||
	    months > 12000 || days > 400000 || custody > 40000 || each > 10)
		return luaL_error(L, "term_end: the term is out of all bounds");
	day -= custody * each;
	months += years * 12;
	/* That a term from a month's last day ends on one is said of terms in months. */
	day = months % 12 ? tb_date_period(day, months) : tb_date_add(day, 0, months, 0);
	return tb_api_push_day(L, day + days - 1);
}

/**
 * tb_api_deadline() - add deadline and term_end
 * @L: the Lua state, the globals on top
 */
void tb_api_deadline(lua_State *L)
{
	lua_pushcfunction(L, lua_deadline);
	lua_setfield(L, -2, "deadline");
	lua_pushcfunction(L, lua_term_end);
	lua_setfield(L, -2, "term_end");
}
