// SPDX-License-Identifier: GPL-2.0-only
/*
 * The law as of a day. A row of data/law.json is one text, or a list of texts of which
 * each says from when it holds, and until when, that day included.
 */
#include <string.h>

#include "engine.h"

/* What the row on top says under @name, if it is a date */
static bool bound(lua_State *L, const char *name, int64_t *day)
{
	bool found;

	lua_getfield(L, -1, name);
	found = lua_type(L, -1) == LUA_TSTRING && !tb_date_parse(lua_tostring(L, -1), day);
	lua_pop(L, 1);
	return found;
}

/* Does the text on top hold on @day? @gap: how many days it is away, where it does not */
static bool holds(lua_State *L, int64_t day, int64_t *gap)
{
	int64_t limit;

	*gap = 0;
	if (bound(L, "from", &limit) && day < limit)
		*gap = limit - day;
	else if (bound(L, "until", &limit) && day > limit)
		*gap = day - limit;
	return !*gap;
}

/**
 * tb_law_push() - push the text of a row that holds on a day
 * @L: the Lua state of a pack
 * @name: the row
 * @day: the day
 * @nearest: where none holds, push the nearest: a deadline must end somewhere
 *
 * Return: whether there is one; nil is pushed if not.
 */
bool tb_law_push(lua_State *L, const char *name, int64_t day, bool nearest)
{
	int64_t gap, least = INT64_MAX;
	lua_Integer i, count, best = 0;

	lua_getglobal(L, "data");
	lua_pushliteral(L, "law");
	lua_call(L, 1, 1);
	lua_getfield(L, -1, name);
	lua_replace(L, -2);
	if (!lua_istable(L, -1)) {
		lua_pop(L, 1);
		lua_pushnil(L);
		return false;
	}
	count = luaL_len(L, -1);
	if (!count) {
		if (holds(L, day, &gap) || nearest)
			return true;
		lua_pop(L, 1);
		lua_pushnil(L);
		return false;
	}
	for (i = 1; i <= count; i++) {
		lua_geti(L, -1, i);
		if ((holds(L, day, &gap) || nearest) && gap <= least) {
			least = gap;
			best = i;
		}
		lua_pop(L, 1);
	}
	if (best)
		lua_geti(L, -1, best);
	else
		lua_pushnil(L);
	lua_replace(L, -2);
	return best != 0;
}

/* law.at(day).NAME */
static int row_at(lua_State *L)
{
	tb_law_push(L, luaL_checkstring(L, 2), lua_tointeger(L, lua_upvalueindex(1)), false);
	return 1;
}

static int law_at(lua_State *L)
{
	int64_t day = tb_api_day(L, 1);

	lua_newtable(L);
	lua_createtable(L, 0, 2);
	lua_pushinteger(L, day);
	lua_pushcclosure(L, row_at, 1);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	return 1;
}

/**
 * tb_api_law() - add law
 * @L: the Lua state, the globals on top
 */
void tb_api_law(lua_State *L)
{
	static const luaL_Reg functions[] = { { "at", law_at }, { NULL, NULL } };

	luaL_newlib(L, functions);
	lua_setfield(L, -2, "law");
}
