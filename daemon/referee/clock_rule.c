// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a clock's rule says, and clocks derived from it again: nothing of an end is kept
 * that a list of days off, a row or a day of beginning could change behind it.
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "dossier.h"
#include "engine.h"

/**
 * tb_clock_rule() - push what a clock is declared as
 * @L: the Lua state
 * @name: the clock
 * @day: the day it begins: the law is that day's
 *
 * Leaves on the stack the declaration, and the row of the law it names or nil.
 */
void tb_clock_rule(lua_State *L, const char *name, int64_t day)
{
	const char *law;

	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	lua_getfield(L, -1, "clocks");
	if (lua_istable(L, -1))
		lua_getfield(L, -1, name);
	else
		lua_pushnil(L);
	lua_replace(L, -3);
	lua_pop(L, 1);
	if (!lua_istable(L, -1))
		luaL_error(L, "the pack declares no clock %s", name);
	law = tb_api_field(L, -1, "law");
	if (!law) {
		lua_pop(L, 1);
		lua_pushnil(L);
		return;
	}
	if (!tb_law_push(L, law, day, true))
		luaL_error(L, "clock %s: data/law.json has no row %s", name, law);
	lua_remove(L, -2);
}

/**
 * tb_clock_number() - a number of a clock's rule
 * @L: the Lua state
 * @rule: where the declaration is; the row of the law is above it
 * @name: which
 *
 * Return: the declaration's own, or else the law's; -1 for none.
 */
int64_t tb_clock_number(lua_State *L, int rule, const char *name)
{
	int64_t number = tb_api_integer(L, rule, name, -1);

	if (number < 0 && lua_istable(L, rule + 1))
		number = tb_api_integer(L, rule + 1, name, -1);
	return number;
}

/**
 * tb_clock_extension() - push by how much a clock may be extended
 * @L: the Lua state
 * @rule: where the declaration is; the row of the law is above it
 *
 * Return: whether it may; nothing is pushed if not.
 */
bool tb_clock_extension(lua_State *L, int rule)
{
	int at;

	for (at = rule; at <= rule + 1; at++) {
		if (lua_istable(L, at) && lua_getfield(L, at, "extend") == LUA_TTABLE)
			return true;
		lua_settop(L, rule + 1);
	}
	return false;
}

/**
 * tb_clock_end() - when a clock ends by its rule
 * @L: the Lua state
 * @name: the clock
 * @rule: where its declaration is; the row of the law is above it, and on top
 * @day: the day it begins
 * @time: the time it begins
 * @extended: how often it was extended
 *
 * Return: the end.
 */
struct tb_due tb_clock_end(lua_State *L, const char *name, int rule, int64_t day, int64_t time,
			   int64_t extended)
{
	struct tb_period period = { 0 };

	if (!tb_period_take(L, rule, rule + 1, &period))
		luaL_error(L,
			   "clock %s has neither days, working_days, months, years, hours, minutes nor seconds",
			   name);
	if (extended && tb_clock_extension(L, rule))
		while (extended-- > 0)
			if (!tb_period_take(L, rule + 2, 0, &period))
				luaL_error(L, "clock %s: its extension has no unit", name);
	lua_settop(L, rule + 1);
	return tb_period_end(tb_sandbox_referee(L), &period, day, time);
}

/**
 * struct derived - a clock derived again
 * @name: its name
 * @day: the day it began
 * @began: the time
 * @extended: how often it was extended
 * @due: when it ends now
 */
struct derived {
	char name[64];
	int64_t day, began, extended;
	struct tb_due due;
};

static int derive(lua_State *L)
{
	struct derived *d = lua_touserdata(L, 1);

	tb_clock_rule(L, d->name, d->day);
	d->due = tb_clock_end(L, d->name, lua_gettop(L) - 1, d->day, d->began, d->extended);
	return 0;
}

/* The finding that it is overdue does not hold any more; it stays on record. */
static void take_back(struct tb_referee *r, const char *pack, const char *name, const char *matter,
		      const char *text)
{
	tb_db_do(r->db,
		 "UPDATE finding SET resolved = ?1 WHERE id = (SELECT max(id) FROM finding WHERE"
		 " matter = ?2 AND pack = ?3 AND rule = 'clock.' || ?4 AND resolved IS NULL)",
		 "tttt", text, matter, pack, name);
}

/**
 * tb_clock_derive() - find out again when a clock is due
 * @r: the referee, in an event
 * @id: number of the clock, one that runs, waits or is overdue
 * @en: why, for its matter's timeline; the clock's name comes behind it
 * @zh: the same
 *
 * A clock whose pack declares it no more stays as it is. Where its doubt is "settled", a
 * person has said from when it counts.
 */
void tb_clock_derive(struct tb_referee *r, int64_t id, const char *en, const char *zh)
{
	char pack_name[64], matter[96], state[16], doubt[16], was_text[TB_DATE_SIZE],
		is[TB_DATE_SIZE];
	char en_all[400], zh_all[400], *text;
	struct derived d = { 0 };
	const char *now;
	struct tb_pack *pack;
	sqlite3_stmt *stmt;
	int64_t was;
	bool failed;

	stmt = tb_db_ask(r->db,
			 "SELECT pack, name, matter, started, began, extended, due, state,"
			 " ifnull(doubt, '') FROM clock WHERE id = ?",
			 "i", id);
	if (!tb_db_row(r->db, stmt))
		return;
	snprintf(pack_name, sizeof(pack_name), "%s", tb_db_text(stmt, 0));
	snprintf(d.name, sizeof(d.name), "%s", tb_db_text(stmt, 1));
	snprintf(matter, sizeof(matter), "%s", tb_db_text(stmt, 2));
	failed = tb_date_parse(tb_db_text(stmt, 3), &d.day);
	d.began = sqlite3_column_int64(stmt, 4);
	d.extended = sqlite3_column_int64(stmt, 5);
	was = sqlite3_column_int64(stmt, 6);
	snprintf(state, sizeof(state), "%s", tb_db_text(stmt, 7));
	snprintf(doubt, sizeof(doubt), "%s", tb_db_text(stmt, 8));
	tb_db_end(stmt);
	tb_clocks_changed(r, matter);
	pack = tb_pack_find(r, pack_name);
	if (failed || !pack)
		return;
	lua_pushcfunction(pack->L, derive);
	lua_pushlightuserdata(pack->L, &d);
	failed = lua_pcall(pack->L, 1, 0, 0) != LUA_OK;
	if (failed) {
		lua_pop(pack->L, 1);
		return;
	}
	now = doubt;
	if (d.due.missing)
		now = "calendar";
	else if (!strcmp(doubt, "calendar") || !strcmp(doubt, "settled"))
		now = "";
	if (d.due.at == was && !strcmp(now, doubt))
		return;
	/* What was overdue and is due later is owed as before. */
	if (!strcmp(state, "overdue") && d.due.at <= r->event->time)
		return;
	snprintf(en_all, sizeof(en_all), "%s: due %s, before %s: clock ", en,
		 tb_date_format(tb_zone_date(r, d.due.at), is),
		 tb_date_format(tb_zone_date(r, was), was_text));
	snprintf(zh_all, sizeof(zh_all), "%s：期限%s，原%s：", zh, is, was_text);
	text = tb_state_text(en_all, zh_all, d.name);
	if (!strcmp(state, "overdue"))
		take_back(r, pack_name, d.name, matter, text);
	tb_db_do(r->db,
		 "UPDATE clock SET warn = CASE WHEN warn IS NULL THEN NULL ELSE warn + ?1 - due END,"
		 " due = ?1, state = 'running', doubt = nullif(?2, '') WHERE id = ?3",
		 "iti", d.due.at, now, id);
	tb_state_touch(r, matter, text);
	tb_state_effect(r, "derived",
			json_pack("{s:I, s:s, s:s, s:I, s:I, s:s*}", "id", (json_int_t)id, "clock",
				  d.name, "matter", matter, "due", (json_int_t)d.due.at, "was",
				  (json_int_t)was, "doubt", *now ? now : NULL));
	free(text);
}

/**
 * tb_clock_derive_all() - find out again when clocks are due
 * @r: the referee, in an event
 * @pack: those of this pack; NULL for all
 * @en: why, as for tb_clock_derive()
 * @zh: the same
 */
void tb_clock_derive_all(struct tb_referee *r, const char *pack, const char *en, const char *zh)
{
	int64_t id = 0;

	for (;;) {
		id = tb_db_number(r->db, 0,
				  "SELECT min(id) FROM clock WHERE id > ?1 AND (?2 IS NULL OR pack = ?2)"
				  " AND (state IN ('running', 'waiting') OR (state = 'overdue' AND EXISTS"
				  " (SELECT 1 FROM matter WHERE matter.id = clock.matter AND closed IS"
				  " NULL)))",
				  "it", id, pack);
		if (!id)
			return;
		tb_clock_derive(r, id, en, zh);
	}
}

/**
 * tb_referee_unlisted() - deadlines whose days off nobody has told yet
 * @r: the referee
 *
 * Return: an object, the caller's: how many run or wait, by the year they end in; empty
 * where none is in doubt.
 */
json_t *tb_referee_unlisted(struct tb_referee *r)
{
	json_t *years = json_object();
	sqlite3_stmt *stmt;

	stmt = tb_db_ask(r->db,
			 "SELECT strftime('%Y', due + ?, 'unixepoch') AS year, count(*) FROM clock"
			 " WHERE doubt = 'calendar' AND state IN ('running', 'waiting')"
			 " GROUP BY year ORDER BY year",
			 "i", (int64_t)r->options.zone);
	while (tb_db_row(r->db, stmt))
		json_object_set_new(years, tb_db_text(stmt, 0),
				    json_integer(sqlite3_column_int64(stmt, 1)));
	tb_db_end(stmt);
	return years;
}
