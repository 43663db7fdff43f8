// SPDX-License-Identifier: GPL-2.0-only
/* date.*, data(), include() and sha256(): the calendar, and the pack's own files. */
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "blobs.h"
#include "engine.h"
#include "luajson.h"

/**
 * tb_api_day() - an argument that is a date
 * @L: the Lua state
 * @index: where it is
 *
 * Return: the day.
 */
int64_t tb_api_day(lua_State *L, int index)
{
	int64_t day;

	if (tb_date_parse(luaL_checkstring(L, index), &day))
		luaL_error(L, "%s is no date", lua_tostring(L, index));
	return day;
}

/**
 * tb_api_push_day() - push a date
 * @L: the Lua state
 * @day: the day
 *
 * Return: 1, the number of values.
 */
int tb_api_push_day(lua_State *L, int64_t day)
{
	char text[TB_DATE_SIZE];

	/* The years 0 to 9999 */
	if (day < -719528 || day > 2932896)
		return luaL_error(L, "the date is out of all bounds");
	lua_pushstring(L, tb_date_format(day, text));
	return 1;
}

static int date_add(lua_State *L)
{
	int64_t day = tb_api_day(L, 1), years, months, days;

	luaL_checktype(L, 2, LUA_TTABLE);
	years = tb_api_integer(L, 2, "years", 0);
	months = tb_api_integer(L, 2, "months", 0);
	days = tb_api_integer(L, 2, "days", 0);
	if (llabs(years) > 10000 || llabs(months) > 120000 || llabs(days) > 4000000)
		return luaL_error(L, "the date is out of all bounds");
	return tb_api_push_day(L, tb_date_add(day, years, months, days));
}

static int date_days(lua_State *L)
{
	lua_pushinteger(L, tb_api_day(L, 2) - tb_api_day(L, 1));
	return 1;
}

static int date_months(lua_State *L)
{
	lua_pushinteger(L, tb_date_months(tb_api_day(L, 1), tb_api_day(L, 2)));
	return 1;
}

static int date_working(lua_State *L)
{
	int64_t day = tb_api_day(L, 1), count = luaL_checkinteger(L, 2);
	bool missing = false;

	if (count < 0 || count > 10000)
		return luaL_error(L, "0 to 10000 working days");
	day = tb_calendar_working(tb_sandbox_referee(L)->calendar, day, count, &missing);
	tb_api_push_day(L, day);
	lua_pushboolean(L, missing);
	return 2;
}

static int date_of(lua_State *L)
{
	return tb_api_push_day(L, tb_zone_date(tb_sandbox_referee(L), luaL_checkinteger(L, 1)));
}

static int date_weekday(lua_State *L)
{
	lua_pushinteger(L, tb_date_weekday(tb_api_day(L, 1)));
	return 1;
}

static int date_compare(lua_State *L)
{
	int64_t a = tb_api_day(L, 1), b = tb_api_day(L, 2);

	lua_pushinteger(L, (a > b) - (a < b));
	return 1;
}

/* The clock of the day at the station: "HH:MM" */
static int date_clock(lua_State *L)
{
	int64_t utc = luaL_checkinteger(L, 1);
	int64_t time = utc + tb_zone_at(tb_sandbox_referee(L), utc);
	int64_t minute = (time - (time / TB_DAY - (time % TB_DAY < 0)) * TB_DAY) / 60;
	char text[8];

	snprintf(text, sizeof(text), "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
	lua_pushstring(L, text);
	return 1;
}

/* The second at which the day after begins at the station */
static int date_midnight(lua_State *L)
{
	lua_pushinteger(L, tb_zone_day_end(tb_sandbox_referee(L), tb_api_day(L, 1)) + 1);
	return 1;
}

/* A file of the pack: pushed, as a string */
static bool push_file(lua_State *L, const char *name)
{
	bool found;

	lua_getfield(L, LUA_REGISTRYINDEX, "files");
	lua_getfield(L, -1, name);
	found = lua_isstring(L, -1);
	lua_remove(L, -2);
	return found;
}

/* A table of comma-separated values: its rows, by id where they have one */
static json_t *read_table(lua_State *L, const char *name, const char *text, size_t len)
{
	json_t *rows, *by_id;
	char why[128];

	rows = tb_csv_rows(text, len, why, sizeof(why));
	if (!rows) {
		luaL_error(L, "%s: %s", name, why);
		return NULL;
	}
	by_id = tb_csv_by_id(rows);
	if (!by_id)
		return rows;
	json_decref(rows);
	return by_id;
}

static json_t *read_json(lua_State *L, const char *name, const char *text, size_t len)
{
	json_error_t why;
	json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);

	if (!json)
		luaL_error(L, "%s:%d: %s", name, why.line, why.text);
	return json;
}

static int get_data(lua_State *L)
{
	const char *base = luaL_checkstring(L, 1), *text;
	char name[128];
	json_t *json;
	size_t len;
	bool table;

	luaL_getsubtable(L, LUA_REGISTRYINDEX, "data");
	if (lua_getfield(L, -1, base) != LUA_TNIL)
		return 1;
	lua_pop(L, 1);
	snprintf(name, sizeof(name), "data/%s.csv", base);
	table = push_file(L, name);
	if (!table) {
		lua_pop(L, 1);
		snprintf(name, sizeof(name), "data/%s.json", base);
		if (!push_file(L, name))
			return luaL_error(L, "the pack has no %s, nor is it a .csv", name);
	}
	text = lua_tolstring(L, -1, &len);
	json = table ? read_table(L, name, text, len) : read_json(L, name, text, len);
	tb_lua_push_frozen(L, json);
	json_decref(json);
	lua_pushvalue(L, -1);
	lua_setfield(L, -4, base);
	return 1;
}

static int include_file(lua_State *L)
{
	char name[128];

	snprintf(name, sizeof(name), "%s.lua", luaL_checkstring(L, 1));
	luaL_getsubtable(L, LUA_REGISTRYINDEX, "included");
	if (lua_getfield(L, -1, name) != LUA_TNIL)
		return 1;
	lua_pop(L, 1);
	if (!push_file(L, name))
		return luaL_error(L, "the pack has no %s", name);
	if (!tb_sandbox_read(L, name, lua_tostring(L, -1), lua_rawlen(L, -1)))
		return lua_error(L);
	lua_call(L, 1, 1);
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		lua_pushboolean(L, 1);
	}
	lua_pushvalue(L, -1);
	lua_setfield(L, -4, name);
	return 1;
}

static int lua_sha256(lua_State *L)
{
	char hash[65];
	size_t len;
	const char *text = luaL_checklstring(L, 1, &len);

	tb_sandbox_charge(L, len);
	if (tb_blob_hash(text, len, hash))
		return luaL_error(L, "sha256: out of memory");
	lua_pushstring(L, hash);
	return 1;
}

/**
 * tb_api_date() - add date, data, include and sha256
 * @L: the Lua state, the globals on top
 */
void tb_api_date(lua_State *L)
{
	static const luaL_Reg dates[] = {
		{ "add", date_add },
		{ "days", date_days },
		{ "months", date_months },
		{ "working", date_working },
		{ "of", date_of },
		{ "weekday", date_weekday },
		{ "compare", date_compare },
		{ "clock", date_clock },
		{ "midnight", date_midnight },
		{ NULL, NULL },
	};

	luaL_newlib(L, dates);
	lua_setfield(L, -2, "date");
	lua_pushcfunction(L, lua_sha256);
	lua_setfield(L, -2, "sha256");
	lua_pushcfunction(L, get_data);
	lua_setfield(L, -2, "data");
	lua_pushcfunction(L, include_file);
	lua_setfield(L, -2, "include");
}
