// SPDX-License-Identifier: GPL-2.0-only
/* What the functions packs call have in common. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "engine.h"
#include "jsontext.h"
#include "luajson.h"
#include "out.h"

/**
 * tb_api_refuse() - refuse the act that is folded
 * @L: the Lua state
 * @fmt: why, as for printf()
 *
 * Does not return.
 *
 * Return: nothing.
 */
int tb_api_refuse(lua_State *L, const char *fmt, ...)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* Kept aside: a pack that catches the error does not undo the refusal. */
	if (!r->refusal)
		r->refusal = tb_state_plain(text);
	return luaL_error(L, "refused: %s", text);
}

/**
 * tb_api_field() - a text in a table of arguments
 * @L: the Lua state
 * @table: where the table is
 * @name: which field
 *
 * The text stays on the stack.
 *
 * Return: the text, as long as it does; NULL if there is none.
 */
const char *tb_api_field(lua_State *L, int table, const char *name)
{
	lua_getfield(L, table, name);
	if (lua_isnil(L, -1) || tb_lua_is_null(L, -1))
		return NULL;
	if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
		luaL_error(L, "%s must be a text, not a %s", name, luaL_typename(L, -1));
	return lua_tostring(L, -1);
}

/**
 * tb_api_integer() - a whole number in a table of arguments
 * @L: the Lua state
 * @table: where the table is
 * @name: which field
 * @otherwise: the number if there is none
 *
 * Return: the number.
 */
int64_t tb_api_integer(lua_State *L, int table, const char *name, int64_t otherwise)
{
	int whole = 1;

	lua_getfield(L, table, name);
	if (!lua_isnil(L, -1) && !tb_lua_is_null(L, -1))
		otherwise = lua_tointegerx(L, -1, &whole);
	if (!whole)
		luaL_error(L, "%s must be a whole number", name);
	lua_pop(L, 1);
	return otherwise;
}

/* What cannot change is written once: a row of the law, say. Nothing is pushed if not. */
static const char *push_written(lua_State *L, int index)
{
	luaL_getsubtable(L, LUA_REGISTRYINDEX, "written");
	lua_pushvalue(L, index);
	if (lua_rawget(L, -2) == LUA_TSTRING) {
		lua_remove(L, -2);
		return lua_tostring(L, -1);
	}
	lua_pop(L, 2);
	return NULL;
}

/* Of the table at @index the text on top */
static void keep_written(lua_State *L, int index)
{
	luaL_getsubtable(L, LUA_REGISTRYINDEX, "written");
	lua_pushvalue(L, index);
	lua_pushvalue(L, -3);
	lua_rawset(L, -3);
	lua_pop(L, 1);
}

/* A text whose JSON is the text itself, but for escapes: UTF-8 without a zero byte */
static const char *plain_text(lua_State *L, int index, size_t *len)
{
	const char *text = lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, len) : NULL;

	return text && strlen(text) == *len && tb_text_is_utf8((const uint8_t *)text, *len) ? text :
											      NULL;
}

/* A table with a text in both languages and nothing else, written as JSON; NULL for others */
static char *write_pair(lua_State *L, int index)
{
	const char *en = NULL, *zh = NULL, *name, **which;
	size_t en_len = 0, zh_len = 0;
	int count = 0, top = lua_gettop(L);

	if (!lua_istable(L, index) || lua_getmetatable(L, index)) {
		lua_settop(L, top);
		return NULL;
	}
	for (lua_pushnil(L); lua_next(L, index) && ++count < 3; lua_pop(L, 1)) {
		name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
		which = !strcmp(name, "en") ? &en : &zh;
		if (which == &zh && strcmp(name, "zh") != 0)
			break;
		*which = plain_text(L, -1, which == &en ? &en_len : &zh_len);
	}
	lua_settop(L, top);
	return count == 2 && en && zh ? tb_json_pair(en, en_len, zh, zh_len) : NULL;
}

/* On the stack a string of JSON; NULL for nil */
static const char *push_dump(lua_State *L, int index)
{
	bool frozen = tb_lua_is_frozen(L, index);
	const char *written;
	json_t *json;
	char *text;

	if (lua_isnil(L, index)) {
		lua_pushnil(L);
		return NULL;
	}
	written = frozen ? push_written(L, index) : NULL;
	if (written)
		return written;
	text = write_pair(L, index);
	if (!text) {
		json = tb_lua_to_json(L, index);
		text = tb_json_text(json);
		json_decref(json);
	}
	if (!text)
		luaL_error(L, "this is no plain data: tables of texts, numbers and true or false");
	lua_pushstring(L, text);
	free(text);
	if (frozen)
		keep_written(L, index);
	return lua_tostring(L, -1);
}

/**
 * tb_api_json() - data in a table of arguments
 * @L: the Lua state
 * @table: where the table is
 * @name: which field
 *
 * Return: it as JSON, as long as it stays on the stack; NULL if there is none.
 */
const char *tb_api_json(lua_State *L, int table, const char *name)
{
	lua_getfield(L, table, name);
	return push_dump(L, lua_gettop(L));
}

/**
 * tb_api_text() - an argument that people will read: text, or texts by language
 * @L: the Lua state
 * @index: where it is
 *
 * Return: it as JSON, as long as it stays on the stack.
 */
const char *tb_api_text(lua_State *L, int index)
{
	index = lua_absindex(L, index);
	if (lua_type(L, index) != LUA_TSTRING && lua_type(L, index) != LUA_TTABLE)
		luaL_error(L, "a text is wanted, or { en = , zh = }");
	return push_dump(L, index);
}

/**
 * tb_api_is() - a yes or no in a table of arguments
 * @L: the Lua state
 * @table: where the table is
 * @name: which field
 *
 * Return: whether it is set and true.
 */
bool tb_api_is(lua_State *L, int table, const char *name)
{
	bool set;

	lua_getfield(L, table, name);
	set = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return set;
}

/**
 * tb_api_zero() - has a text in it a zero byte?
 * @json: data
 *
 * Return: whether one has: written as text, it would not be read again.
 */
bool tb_api_zero(const json_t *json)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(json))
		return strlen(json_string_value(json)) != json_string_length(json);
	json_object_foreach((json_t *)json, key, item)
		if (tb_api_zero(item))
			return true;
	json_array_foreach((json_t *)json, i, item)
		if (tb_api_zero(item))
			return true;
	return false;
}

/**
 * tb_api_push_text() - push data that stands as JSON in a text
 * @L: the Lua state
 * @text: the text; NULL, or no JSON, is nil
 */
void tb_api_push_text(lua_State *L, const char *text)
{
	json_t *json = text ? tb_memo_read(tb_sandbox_referee(L)->memo, text) : NULL;

	if (json)
		tb_lua_push_json(L, json);
	else
		lua_pushnil(L);
	json_decref(json);
}

/**
 * tb_api_column() - a column into a field of the table on top
 * @L: the Lua state
 * @stmt: the statement, on a row
 * @column: which column
 * @name: which field; NULL in the database leaves it out
 */
void tb_api_column(lua_State *L, sqlite3_stmt *stmt, int column, const char *name)
{
	switch (sqlite3_column_type(stmt, column)) {
	case SQLITE_INTEGER:
		lua_pushinteger(L, sqlite3_column_int64(stmt, column));
		break;
	case SQLITE_FLOAT:
		lua_pushnumber(L, sqlite3_column_double(stmt, column));
		break;
	case SQLITE_TEXT:
		lua_pushstring(L, tb_db_text(stmt, column));
		break;
	default:
		return;
	}
	lua_setfield(L, -2, name);
}

/**
 * tb_api_column_json() - a column that holds JSON into a field of the table on top
 * @L: the Lua state
 * @stmt: the statement, on a row
 * @column: which column
 * @name: which field
 */
void tb_api_column_json(lua_State *L, sqlite3_stmt *stmt, int column, const char *name)
{
	tb_api_push_text(L, tb_db_text(stmt, column));
	lua_setfield(L, -2, name);
}

/**
 * tb_api_callable() - add a table of functions that can be called itself
 * @L: the Lua state, the globals on top
 * @name: its name
 * @functions: its functions
 * @call: what calling it does; the table is the first argument
 */
void tb_api_callable(lua_State *L, const char *name, const luaL_Reg *functions, lua_CFunction call)
{
	lua_newtable(L);
	luaL_setfuncs(L, functions, 0);
	lua_createtable(L, 0, 2);
	lua_pushcfunction(L, call);
	lua_setfield(L, -2, "__call");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_setfield(L, -2, name);
}
