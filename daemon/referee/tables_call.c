// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tables.lua asks most often: whether an expression holds, and a text with its names
 * filled in. Where it looks names up is a table, or a function that is told the name.
 */
#include <ctype.h>
#include <string.h>

#include <lauxlib.h>

#include "engine.h"
#include "luajson.h"

/* Work for each, as instructions */
#define WORK 10

/* What @from, at argument 2, has under the name on top, in the name's place */
static void look_up(lua_State *L)
{
	if (lua_isfunction(L, 2)) {
		lua_pushvalue(L, 2);
		lua_insert(L, -2);
		lua_call(L, 1, 1);
	} else {
		lua_gettable(L, 2);
	}
}

/* Pushes what a table that can only be read has behind it, else the table itself */
static void push_behind(lua_State *L, int table)
{
	tb_lua_fill(L, table);
	if (luaL_getmetafield(L, table, "__index") == LUA_TTABLE)
		return;
	lua_settop(L, table);
	lua_pushvalue(L, table);
}

/* Is the value on top there? A table is if anything is in it. */
static bool is_there(lua_State *L)
{
	int value = lua_gettop(L);
	bool any;

	if (!lua_istable(L, value))
		return lua_toboolean(L, value);
	push_behind(L, value);
	lua_pushnil(L);
	any = lua_next(L, -2);
	lua_settop(L, value);
	return any;
}

static bool contains(lua_State *L, int list, int wanted)
{
	lua_Integer i = 1;
	bool found = false;

	while (!found && lua_geti(L, list, i++) != LUA_TNIL) {
		found = lua_rawequal(L, -1, wanted);
		lua_pop(L, 1);
	}
	if (!found)
		lua_pop(L, 1);
	return found;
}

/* Does any of the term's values fit? The term is at @term, what it is about at @value. */
static bool any_fits(lua_State *L, int term, int value, bool inside)
{
	lua_Integer i;
	bool fits = false;

	for (i = 3; !fits && lua_rawgeti(L, term, i) != LUA_TNIL; i++) {
		fits = inside ? contains(L, value, lua_gettop(L)) : lua_rawequal(L, value, -1);
		lua_pop(L, 1);
	}
	lua_settop(L, value);
	return fits;
}

static bool compares(lua_State *L, int term, int value, const char *op)
{
	bool holds;

	lua_rawgeti(L, term, 3);
	if (*op == '<')
		holds = lua_compare(L, value, -1, op[1] ? LUA_OPLE : LUA_OPLT);
	else
		holds = lua_compare(L, -1, value, op[1] ? LUA_OPLE : LUA_OPLT);
	lua_settop(L, value);
	return holds;
}

/* One term of an expression: name, operator, values. What is not known holds in no comparison. */
static bool meets(lua_State *L, int term)
{
	int value = term + 2;
	const char *op;

	lua_rawgeti(L, term, 2);
	op = lua_tostring(L, -1) ?: "";
	lua_rawgeti(L, term, 1);
	look_up(L);
	if (tb_lua_is_null(L, value)) {
		lua_settop(L, value - 1);
		lua_pushnil(L);
	}
	if (!strcmp(op, "yes"))
		return is_there(L);
	if (!strcmp(op, "no"))
		return !is_there(L);
	if (lua_isnil(L, value))
		return *op == '!';
	if (*op == '<' || *op == '>')
		return compares(L, term, value, op);
	return any_fits(L, term, value, *op == '~') != (*op == '!');
}

/* holds(expression, values): do all its terms? */
static int holds(lua_State *L)
{
	lua_Integer i, count;
	bool good = true;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 2);
	count = (lua_Integer)lua_rawlen(L, 1);
	tb_sandbox_charge(L, (size_t)count * WORK);
	for (i = 1; good && i <= count; i++) {
		lua_rawgeti(L, 1, i);
		good = lua_istable(L, 3) && meets(L, 3);
		lua_settop(L, 2);
	}
	lua_pushboolean(L, good);
	return 1;
}

static const char *add_name(lua_State *L, luaL_Buffer *out, const char *name)
{
	size_t len = 0;

	while (isalnum((unsigned char)name[len]) || name[len] == '_')
		len++;
	if (!len || name[len] != '}') {
		luaL_addchar(out, '{');
		return name;
	}
	lua_pushlstring(L, name, len);
	look_up(L);
	if (lua_istable(L, -1)) {
		lua_pushvalue(L, 3);
		lua_gettable(L, -2);
		if (lua_isnil(L, -1))
			lua_pop(L, 1);
		else
			lua_replace(L, -2);
	}
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		lua_pushlstring(L, name - 1, len + 2);
	} else if (lua_type(L, -1) <= LUA_TSTRING) {
		luaL_tolstring(L, -1, NULL);
		lua_replace(L, -2);
	} else {
		lua_pushstring(L, luaL_typename(L, -1));
		lua_replace(L, -2);
	}
	luaL_addvalue(out);
	return name + len + 1;
}

/* fill(text, args, language): the text, each {name} in it replaced where args has it */
static int fill(lua_State *L)
{
	const char *text = luaL_checkstring(L, 1), *brace;
	luaL_Buffer out;

	luaL_checkstring(L, 3);
	lua_settop(L, 3);
	brace = strchr(text, '{');
	if (!brace) {
		lua_pushvalue(L, 1);
		return 1;
	}
	tb_sandbox_charge(L, strlen(text));
	luaL_buffinit(L, &out);
	for (; brace; brace = strchr(text, '{')) {
		luaL_addlstring(&out, text, (size_t)(brace - text));
		text = add_name(L, &out, brace + 1);
	}
	luaL_addstring(&out, text);
	luaL_pushresult(&out);
	return 1;
}

/* copy(table): another with the same in it */
static int copy(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	push_behind(L, 1);
	lua_createtable(L, 0, 16);
	lua_pushnil(L);
	while (lua_next(L, 2)) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_rawset(L, 3);
	}
	return 1;
}

/**
 * tb_tables_call() - push the functions of this file, for tables.lua
 * @L: the Lua state
 */
void tb_tables_call(lua_State *L)
{
	static const luaL_Reg functions[] = {
		{ "holds", holds },
		{ "fill", fill },
		{ "copy", copy },
		{ NULL, NULL },
	};

	luaL_newlib(L, functions);
}
