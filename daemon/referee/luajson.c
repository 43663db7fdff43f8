// SPDX-License-Identifier: GPL-2.0-only
#include "luajson.h"

#include <math.h>
#include <stdbool.h>

#include <lauxlib.h>

#define DEPTH 32

/* Its address is null's */
static char null_value;

/**
 * tb_lua_push_null() - push null
 * @L: the Lua state
 */
void tb_lua_push_null(lua_State *L)
{
	lua_pushlightuserdata(L, &null_value);
}

/**
 * tb_lua_is_null() - is it null?
 * @L: the Lua state
 * @index: where it is on the stack
 *
 * Return: whether it is.
 */
int tb_lua_is_null(lua_State *L, int index)
{
	return lua_touserdata(L, index) == &null_value;
}

static int refuse_write(lua_State *L)
{
	return luaL_error(L, "this table cannot be changed");
}

static int frozen_len(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)lua_rawlen(L, lua_upvalueindex(1)));
	return 1;
}

/**
 * tb_lua_is_frozen() - is it data that cannot be changed?
 * @L: the Lua state
 * @index: where it is on the stack
 *
 * Return: whether it is a table out of tb_lua_push_frozen(), the same at all times.
 */
bool tb_lua_is_frozen(lua_State *L, int index)
{
	bool frozen;

	if (!lua_istable(L, index) || !lua_getmetatable(L, index))
		return false;
	lua_getfield(L, -1, "__newindex");
	frozen = lua_tocfunction(L, -1) == refuse_write;
	lua_pop(L, 2);
	return frozen;
}

/* The table on top becomes one that can be read only. */
static void freeze(lua_State *L)
{
	lua_newtable(L);
	lua_createtable(L, 0, 4);
	lua_pushvalue(L, -3);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, refuse_write);
	lua_setfield(L, -2, "__newindex");
	lua_pushvalue(L, -3);
	lua_pushcclosure(L, frozen_len, 1);
	lua_setfield(L, -2, "__len");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_remove(L, -2);
}

static void push(lua_State *L, const json_t *json, bool frozen)
{
	const char *key;
	json_t *value;
	size_t i;

	luaL_checkstack(L, 8, "data is nested too deep");
	switch (json ? json_typeof(json) : JSON_NULL) {
	case JSON_OBJECT:
		lua_createtable(L, 0, (int)json_object_size(json));
		json_object_foreach((json_t *)json, key, value) {
			push(L, value, frozen);
			lua_setfield(L, -2, key);
		}
		break;
	case JSON_ARRAY:
		lua_createtable(L, (int)json_array_size(json), 0);
		json_array_foreach((json_t *)json, i, value) {
			push(L, value, frozen);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		break;
	case JSON_STRING:
		lua_pushlstring(L, json_string_value(json), json_string_length(json));
		return;
	case JSON_INTEGER:
		lua_pushinteger(L, json_integer_value(json));
		return;
	case JSON_REAL:
		lua_pushnumber(L, json_real_value(json));
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		lua_pushboolean(L, json_is_true(json));
		return;
	case JSON_NULL:
		tb_lua_push_null(L);
		return;
	}
	if (frozen)
		freeze(L);
}

/**
 * tb_lua_push_json() - push data
 * @L: the Lua state
 * @json: the data; NULL is null
 */
void tb_lua_push_json(lua_State *L, const json_t *json)
{
	push(L, json, false);
}

/**
 * tb_lua_push_frozen() - push data that cannot be changed
 * @L: the Lua state
 * @json: the data
 */
void tb_lua_push_frozen(lua_State *L, const json_t *json)
{
	push(L, json, true);
}

/**
 * tb_lua_fill() - a table whose values are made when asked for gets all of them
 * @L: the Lua state
 * @index: where it is on the stack; any other value is left alone
 */
void tb_lua_fill(lua_State *L, int index)
{
	int type;

	index = lua_absindex(L, index);
	type = luaL_getmetafield(L, index, "__fill");
	if (type == LUA_TNIL)
		return;
	lua_pushvalue(L, index);
	lua_call(L, 1, 0);
}

static bool is_ascii(const char *text, size_t len)
{
	unsigned char all = 0;
	size_t i;

	for (i = 0; i < len; i++)
		all |= (unsigned char)text[i];
	return all < 0x80;
}

/* Of an object, by what is on the stack at @name; json_object_set_new() looks at each byte twice. */
static bool set_member(lua_State *L, int name, json_t *json, json_t *value)
{
	size_t len;
	const char *text = lua_tolstring(L, name, &len);

	return !(is_ascii(text, len) ? json_object_set_new_nocheck(json, text, value) :
				       json_object_set_new(json, text, value));
}

static json_t *take(lua_State *L, int index, int depth);

/* Tables without names are lists, and the empty table is an object. */
static json_t *take_table(lua_State *L, int index, int depth)
{
	lua_Integer i, len = luaL_len(L, index);
	json_t *json = len ? json_array() : json_object(), *value;
	int top = lua_gettop(L);
	bool good = true;

	for (i = 1; good && i <= len; i++) {
		lua_geti(L, index, i);
		value = take(L, lua_gettop(L), depth);
		good = value && !json_array_append_new(json, value);
		lua_pop(L, 1);
	}
	lua_pushnil(L);
	while (good && !len && lua_next(L, index)) {
		value = NULL;
		if (lua_type(L, -2) == LUA_TSTRING)
			value = take(L, lua_gettop(L), depth);
		good = value && set_member(L, -2, json, value);
		lua_pop(L, 1);
	}
	lua_settop(L, top);
	if (good)
		return json;
	json_decref(json);
	return NULL;
}

static json_t *take(lua_State *L, int index, int depth)
{
	lua_Number number;
	const char *text;
	json_t *json;
	size_t len;

	if (depth > DEPTH || !lua_checkstack(L, 8))
		return NULL;
	switch (lua_type(L, index)) {
	case LUA_TNIL:
		return json_null();
	case LUA_TLIGHTUSERDATA:
		return tb_lua_is_null(L, index) ? json_null() : NULL;
	case LUA_TBOOLEAN:
		return json_boolean(lua_toboolean(L, index));
	case LUA_TSTRING:
		text = lua_tolstring(L, index, &len);
		return is_ascii(text, len) ? json_stringn_nocheck(text, len) :
					     json_stringn(text, len);
	case LUA_TNUMBER:
		if (lua_isinteger(L, index))
			return json_integer(lua_tointeger(L, index));
		number = lua_tonumber(L, index);
		return isfinite(number) ? json_real(number) : NULL;
	case LUA_TTABLE:
		tb_lua_fill(L, index);
		/* A table that can only be read shows what is behind it. */
		if (lua_getmetatable(L, index)) {
			lua_getfield(L, -1, "__index");
			json = lua_istable(L, -1) ? take_table(L, lua_gettop(L), depth + 1) : NULL;
			lua_pop(L, 2);
			return json;
		}
		return take_table(L, index, depth + 1);
	default:
		return NULL;
	}
}

/**
 * tb_lua_to_json() - plain data out of Lua
 * @L: the Lua state
 * @index: where it is on the stack
 *
 * Return: the data, the caller's; NULL if it is not plain (functions, cycles,
 * infinite numbers, text that is not UTF-8), or there is no memory.
 */
json_t *tb_lua_to_json(lua_State *L, int index)
{
	return take(L, lua_absindex(L, index), 0);
}
