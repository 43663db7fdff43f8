// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is Lua's own but not fit for a fold: table.sort, which takes the time of day to
 * choose where it begins, and table.move, which runs without counting. And tables
 * that take no change, for the libraries themselves.
 */
#include "engine.h"

/**
 * struct sorting - a table.sort() under way
 * @L: the Lua state
 * @from: where the items are, a Lua table
 * @to: where they go, another
 */
struct sorting {
	lua_State *L;
	int from;
	int to;
};

/* Is the second item on the stack to come before the first? Both are popped. */
static bool second_first(lua_State *L)
{
	bool before;

	if (lua_isnoneornil(L, 2)) {
		before = lua_compare(L, -1, -2, LUA_OPLT);
		lua_pop(L, 2);
		return before;
	}
	lua_pushvalue(L, 2);
	lua_insert(L, -3);
	lua_insert(L, -2);
	lua_call(L, 2, 1);
	before = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return before;
}

static void take(struct sorting *s, lua_Integer from, lua_Integer to)
{
	lua_rawgeti(s->L, s->from, from);
	lua_rawseti(s->L, s->to, to);
}

/* Items a to b and b to c, each in order, become one; equal ones stay as they were. */
static void merge(struct sorting *s, lua_Integer a, lua_Integer b, lua_Integer c)
{
	lua_Integer i = a, j = b, to;

	for (to = a; to < c; to++) {
		if (i < b && j < c) {
			lua_rawgeti(s->L, s->from, i);
			lua_rawgeti(s->L, s->from, j);
		}
		if (i < b && (j >= c || !second_first(s->L)))
			take(s, i++, to);
		else
			take(s, j++, to);
	}
}

static int sort(lua_State *L)
{
	lua_Integer count, i, width;
	struct sorting s = { .L = L, .from = 3, .to = 4 };
	int other;

	luaL_checktype(L, 1, LUA_TTABLE);
	if (!lua_isnoneornil(L, 2))
		luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	count = luaL_len(L, 1);
	if (count > 1000000)
		return luaL_error(L, "table.sort: too many items");
	lua_createtable(L, (int)count, 0);
	lua_createtable(L, (int)count, 0);
	for (i = 1; i <= count; i++) {
		lua_geti(L, 1, i);
		lua_rawseti(L, s.from, i);
	}
	for (width = 1; width < count; width *= 2) {
		tb_sandbox_charge(L, (size_t)count * 4);
		for (i = 1; i <= count; i += 2 * width)
			merge(&s, i, i + width < count + 1 ? i + width : count + 1,
			      i + 2 * width < count + 1 ? i + 2 * width : count + 1);
		other = s.from;
		s.from = s.to;
		s.to = other;
	}
	for (i = 1; i <= count; i++) {
		lua_rawgeti(L, s.from, i);
		lua_seti(L, 1, i);
	}
	return 0;
}

/* table.move(a, from, to, at [, b]) */
static int move(lua_State *L)
{
	lua_Integer from = luaL_checkinteger(L, 2), to = luaL_checkinteger(L, 3);
	lua_Integer at = luaL_checkinteger(L, 4), i, count;
	int target = lua_isnoneornil(L, 5) ? 1 : 5;

	luaL_checktype(L, 1, LUA_TTABLE);
	luaL_checktype(L, target, LUA_TTABLE);
	lua_settop(L, 5);
	lua_pushvalue(L, target);
	if (to < from)
		return 1;
	if ((from <= 0 && to > LUA_MAXINTEGER + from - 1) || to - from >= 1000000 ||
	    at > LUA_MAXINTEGER - 1000000)
		return luaL_error(L, "table.move: too many items");
	count = to - from + 1;
	tb_sandbox_charge(L, (size_t)count * 2);
	/* Backwards where what is to be read would be written over */
	for (i = 0; i < count; i++) {
		lua_Integer k = target == 1 && at > from ? count - 1 - i : i;

		lua_geti(L, 1, from + k);
		lua_seti(L, target, at + k);
	}
	return 1;
}

static int refuse_write(lua_State *L)
{
	return luaL_error(L, "a library cannot be changed");
}

/* The table on top becomes one that can be read, and called if it could be. */
static void freeze(lua_State *L)
{
	lua_newtable(L);
	lua_createtable(L, 0, 4);
	if (luaL_getmetafield(L, -3, "__call") != LUA_TNIL)
		lua_setfield(L, -2, "__call");
	lua_pushvalue(L, -3);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, refuse_write);
	lua_setfield(L, -2, "__newindex");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_remove(L, -2);
}

/**
 * tb_sandbox_table() - put our own functions into the library table
 * @L: the Lua state, the library on top
 */
void tb_sandbox_table(lua_State *L)
{
	lua_pushcfunction(L, sort);
	lua_setfield(L, -2, "sort");
	lua_pushcfunction(L, move);
	lua_setfield(L, -2, "move");
}

/**
 * tb_sandbox_freeze() - make all libraries such that they cannot be changed
 * @L: the Lua state, the globals on top
 */
void tb_sandbox_freeze(lua_State *L)
{
	lua_pushnil(L);
	while (lua_next(L, -2)) {
		if (!lua_istable(L, -1)) {
			lua_pop(L, 1);
			continue;
		}
		freeze(L);
		/* A field that is there may be set while they are gone through. */
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_settable(L, -4);
	}
}
