// SPDX-License-Identifier: GPL-2.0-only
/*
 * clock.*: deadlines. A clock is started by a record, ends at what its rule says, and
 * cannot be edited: extended only within the rule's bound, with a reason.
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "dossier.h"
#include "engine.h"
#include "luajson.h"

/**
 * tb_clock_json() - fields of an effect that has to do with a clock
 * @id: its number
 * @name: its name
 * @matter: its matter
 * @due: when it is due, or what happened
 *
 * Return: an object, the caller's.
 */
json_t *tb_clock_json(int64_t id, const char *name, const char *matter, int64_t due)
{
	return json_pack("{s:I, s:s, s:s, s:I}", "id", (json_int_t)id, "clock", name, "matter",
			 matter, "due", (json_int_t)due);
}

static int64_t id_of(const json_t *clock)
{
	return tb_row_number(clock, TB_CLOCK_ID);
}

static int64_t running(struct tb_referee *r, const char *name, const char *matter, const char *key)
{
	return id_of(tb_clocks_last(r, matter, name, key, "rw"));
}

/* The record's own date is worth what the machine's clock is. */
static const char *doubt_of(const struct tb_referee *r, const struct tb_due *due, int64_t day)
{
	if (due->missing)
		return "calendar";
	return !r->event->synced && day == tb_zone_date(r, r->event->time) ? "unsynced" : NULL;
}

static json_t *doubted(json_t *effect, const char *doubt)
{
	if (doubt)
		json_object_set_new(effect, "doubt", json_string(doubt));
	return effect;
}

static void note_doubt(struct tb_referee *r, const char *name, const char *matter,
		       const char *doubt)
{
	char *text;

	if (!doubt)
		return;
	if (!strcmp(doubt, "calendar"))
		text = tb_state_text("the list of days off of that year is missing, so the last day is not certain: clock ",
				     "缺少该年放假安排，期限日期未定：", name);
	else
		text = tb_state_text("the machine's clock was not synchronised when it began: clock ",
				     "起算时本机时钟未同步：", name);
	tb_state_touch(r, matter, text);
	free(text);
}

static int clock_start(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *matter = luaL_checkstring(L, 2);
	const char *key = "", *from = NULL, *law, *doubt;
	char date[TB_DATE_SIZE];
	int64_t day, id, warn;
	struct tb_due due;
	int rule;

	tb_sandbox_writes(L);
	day = tb_zone_date(r, r->event->time);
	if (lua_istable(L, 3)) {
		from = tb_api_field(L, 3, "from");
		key = tb_api_field(L, 3, "key") ?: "";
	}
	if (from && tb_date_parse(from, &day))
		return luaL_error(L, "clock.start: %s is no date", from);
	if (tb_clocks_last(r, matter, name, key, "rwp"))
		return tb_api_refuse(L, "clock %s is running in matter %s already", name, matter);
	tb_clock_rule(L, name, day);
	rule = lua_gettop(L) - 1;
	due = tb_clock_end(L, name, rule, day, r->event->time, 0);
	doubt = doubt_of(r, &due, day);
	warn = tb_clock_number(L, rule, "warn");
	law = NULL;
	if (lua_istable(L, rule + 1)) {
		lua_createtable(L, 0, 1);
		lua_pushvalue(L, rule + 1);
		lua_setfield(L, -2, "law");
		law = tb_api_json(L, lua_gettop(L), "law");
	}
	id = tb_db_next(r->db, "SELECT max(id) FROM clock WHERE '' = ?", "");
	tb_db_add(r->db, (uint64_t)id,
		  "INSERT INTO clock (id, pack, name, matter, key, started, began, due, warn, extended,"
		  " state, doubt, law, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, -1), 0,"
		  " ?, ?, ?, ?)",
		  "itttttiiitttt", id, r->pack->name, name, matter, key, tb_date_format(day, date),
		  r->event->time, due.at, warn < 0 ? (int64_t)-1 : due.at - warn * TB_DAY,
		  "running", doubt, law, r->event->record);
	tb_due_started(r, id, due.at, warn < 0 ? INT64_MAX : due.at - warn * TB_DAY);
	tb_clocks_add(r, matter,
		      tb_row_new("ittttiitt", id, r->pack->name, name, key, date, due.at,
				 (int64_t)0, "running", doubt));
	tb_state_touch(r, matter, NULL);
	note_doubt(r, name, matter, doubt);
	tb_state_effect(r, "clock", doubted(tb_clock_json(id, name, matter, due.at), doubt));
	lua_pushinteger(L, due.at);
	lua_pushstring(L, date);
	tb_api_push_day(L, tb_zone_date(r, due.at));
	return 3;
}

/* What was owed is done after all: the finding stays, nobody owes it any more. */
static void met_late(struct tb_referee *r, const char *name, const char *matter, const char *key)
{
	int64_t id = id_of(tb_clocks_last(r, matter, name, key, "o"));

	if (!id)
		return;
	tb_clocks_state(r, matter, id, "late");
	tb_state_effect(r, "late", tb_clock_json(id, name, matter, r->event->time));
}

static int clock_stop(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *matter = luaL_checkstring(L, 2);
	int64_t id;

	tb_sandbox_writes(L);
	id = id_of(tb_clocks_last(r, matter, name, luaL_optstring(L, 3, ""), "rwp"));
	if (id) {
		tb_clocks_state(r, matter, id, "met");
		tb_state_effect(r, "met", tb_clock_json(id, name, matter, r->event->time));
	} else {
		met_late(r, name, matter, luaL_optstring(L, 3, ""));
	}
	lua_pushboolean(L, id != 0);
	return 1;
}

static int clock_extend(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *matter = luaL_checkstring(L, 2);
	const char *reason = luaL_optstring(L, 3, "");
	int64_t id, day, began, extended, times;
	int rule;
	sqlite3_stmt *stmt;
	struct tb_due due;

	tb_sandbox_writes(L);
	id = running(r, name, matter, luaL_optstring(L, 4, ""));
	if (!id)
		return tb_api_refuse(L, "no clock %s is running in matter %s", name, matter);
	if (!*reason)
		return tb_api_refuse(L, "an extension of clock %s needs a reason", name);
	stmt = tb_db_ask(r->db, "SELECT started, began, extended FROM clock WHERE id = ?", "i", id);
	if (!tb_db_row(r->db, stmt) || tb_date_parse(tb_db_text(stmt, 0), &day))
		return luaL_error(L, "clock %s cannot be read", name);
	began = sqlite3_column_int64(stmt, 1);
	extended = sqlite3_column_int64(stmt, 2);
	tb_db_end(stmt);
	tb_clock_rule(L, name, day);
	rule = lua_gettop(L) - 1;
	if (!tb_clock_extension(L, rule))
		return tb_api_refuse(L, "clock %s cannot be extended", name);
	times = tb_api_integer(L, lua_gettop(L), "times", 1);
	if (extended >= times)
		return tb_api_refuse(L, "clock %s was extended %d times: its rule allows no more",
				     name, (int)extended);
	lua_settop(L, rule + 1);
	due = tb_clock_end(L, name, rule, day, began, extended + 1);
	tb_db_do(r->db,
		 "UPDATE clock SET warn = CASE WHEN warn IS NULL THEN NULL ELSE warn + ?1 - due END,"
		 " due = ?1, extended = extended + 1, state = 'running',"
		 " doubt = CASE WHEN ?2 THEN 'calendar' WHEN doubt = 'calendar' THEN NULL ELSE doubt"
		 " END WHERE id = ?3",
		 "iii", due.at, (int64_t)due.missing, id);
	tb_clocks_changed(r, matter);
	tb_state_touch(r, matter, NULL);
	tb_state_effect(r, "extend", tb_clock_json(id, name, matter, due.at));
	lua_pushinteger(L, due.at);
	return 1;
}

/* Time that the law does not count begins: it is due at no time, until rebased. */
static int clock_pause(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *matter = luaL_checkstring(L, 2);
	int64_t id;
	char *text;

	tb_sandbox_writes(L);
	id = running(r, name, matter, luaL_optstring(L, 3, ""));
	if (!id)
		return tb_api_refuse(L, "no clock %s is running in matter %s", name, matter);
	tb_clocks_state(r, matter, id, "paused");
	text = tb_state_text("paused: clock ", "期限暂停计算：", name);
	tb_state_touch(r, matter, text);
	free(text);
	tb_state_effect(r, "paused", tb_clock_json(id, name, matter, r->event->time));
	return 0;
}

/*
 * The day it counts from has changed: a sentence was, an earlier day was mistaken, or it
 * goes on after a pause.
 */
static int clock_rebase(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *matter = luaL_checkstring(L, 2), *from, *reason;
	char en[256], zh[256];
	int64_t id, day;

	tb_sandbox_writes(L);
	luaL_checktype(L, 3, LUA_TTABLE);
	id = id_of(tb_clocks_last(r, matter, name, tb_api_field(L, 3, "key") ?: "", "rwp"));
	from = tb_api_field(L, 3, "from");
	reason = tb_api_field(L, 3, "reason");
	if (!id)
		return tb_api_refuse(L, "no clock %s is running in matter %s", name, matter);
	if (!from || tb_date_parse(from, &day))
		return luaL_error(L, "clock.rebase: %s is no date", from ?: "from");
	if (!reason || !*reason)
		return luaL_error(L, "clock.rebase: clock %s needs a reason", name);
	tb_db_do(r->db,
		 "UPDATE clock SET started = ?, doubt = 'settled',"
		 " state = replace(state, 'paused', 'running') WHERE id = ?",
		 "ti", from, id);
	snprintf(en, sizeof(en), "counted from %s: %.180s: clock ", from, reason);
	snprintf(zh, sizeof(zh), "改自%s起算（%.180s）：", from, reason);
	tb_clock_derive(r, id, en, zh);
	lua_pushinteger(L, tb_db_number(r->db, 0, "SELECT due FROM clock WHERE id = ?", "i", id));
	return 1;
}

/**
 * tb_clock_push() - push a clock as packs see it
 * @L: the Lua state
 * @stmt: on a row of %TB_CLOCK
 */
void tb_clock_push(lua_State *L, sqlite3_stmt *stmt)
{
	char date[TB_DATE_SIZE];

	lua_createtable(L, 0, 10);
	tb_api_column(L, stmt, 0, "id");
	tb_api_column(L, stmt, 1, "name");
	tb_api_column(L, stmt, 2, "matter");
	tb_api_column(L, stmt, 3, "key");
	tb_api_column(L, stmt, 4, "started");
	tb_api_column(L, stmt, 5, "due");
	tb_api_column(L, stmt, 6, "extended");
	tb_api_column(L, stmt, 7, "state");
	tb_api_column(L, stmt, 8, "doubt");
	lua_pushstring(L, tb_date_format(tb_zone_date(tb_sandbox_referee(L),
						      sqlite3_column_int64(stmt, 5)),
					 date));
	lua_setfield(L, -2, "date");
}

/* As tb_clock_push(), from memory */
static int push_known(lua_State *L, const char *matter, json_t *known)
{
	static const char *const names[] = { "id",  NULL,	"name",	 "key",	 "started",
					     "due", "extended", "state", "doubt" };
	struct tb_referee *r = tb_sandbox_referee(L);
	char date[TB_DATE_SIZE];
	json_t *value;
	size_t i;

	if (!known)
		return 0;
	lua_createtable(L, 0, 11);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = json_array_get(known, i);
		if (!names[i] || json_is_null(value))
			continue;
		tb_lua_push_json(L, value);
		lua_setfield(L, -2, names[i]);
	}
	lua_pushstring(L, matter);
	lua_setfield(L, -2, "matter");
	lua_pushstring(L,
		       tb_date_format(tb_zone_date(r, tb_row_number(known, TB_CLOCK_DUE)), date));
	lua_setfield(L, -2, "date");
	return 1;
}

static int clock_get(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	sqlite3_stmt *stmt;

	if (r->event && !r->reading)
		return push_known(L, luaL_checkstring(L, 2),
				  tb_clocks_last(r, luaL_checkstring(L, 2), luaL_checkstring(L, 1),
						 luaL_optstring(L, 3, ""), NULL));

	if (!tb_seen_matter(r, luaL_checkstring(L, 2)))
		return 0;
	stmt = tb_db_ask(r->db,
			 "SELECT " TB_CLOCK
			 " FROM clock WHERE matter = ? AND name = ? AND key = ? AND"
			 " pack = ? ORDER BY id DESC LIMIT 1",
			 "tttt", luaL_checkstring(L, 2), luaL_checkstring(L, 1),
			 luaL_optstring(L, 3, ""), r->pack->name);
	if (!tb_db_row(r->db, stmt))
		return 0;
	tb_clock_push(L, stmt);
	tb_db_end(stmt);
	return 1;
}

/**
 * tb_clock_stop_all() - a matter is closed: its clocks stop
 * @r: the referee, in an event
 * @matter: the matter
 */
void tb_clock_stop_all(struct tb_referee *r, const char *matter)
{
	tb_clocks_state(r, matter, 0, "stopped");
}

/**
 * tb_api_clock() - add clock
 * @L: the Lua state, the globals on top
 */
void tb_api_clock(lua_State *L)
{
	static const luaL_Reg functions[] = {
		{ "start", clock_start }, { "stop", clock_stop },     { "extend", clock_extend },
		{ "get", clock_get },	  { "rebase", clock_rebase }, { "pause", clock_pause },
		{ NULL, NULL },
	};

	luaL_newlib(L, functions);
	lua_setfield(L, -2, "clock");
}
