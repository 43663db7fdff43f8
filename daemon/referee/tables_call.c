// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tables.lua asks most often: whether an expression holds, and a text with its names
 * filled in. Where it looks names up is a table, or a function that is told the name.
 */
#include <ctype.h>
#include <string.h>

#include <lauxlib.h>

#include "dossier.h"
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

/* Do all terms of the expression on top hold? It is taken off. */
static bool all_meet(lua_State *L)
{
	int expression = lua_gettop(L);
	lua_Integer i, count;
	bool good = true;

	luaL_checktype(L, expression, LUA_TTABLE);
	count = (lua_Integer)lua_rawlen(L, expression);
	tb_sandbox_charge(L, (size_t)count * WORK);
	for (i = 1; good && i <= count; i++) {
		lua_rawgeti(L, expression, i);
		good = lua_istable(L, -1) && meets(L, expression + 1);
		lua_settop(L, expression);
	}
	lua_settop(L, expression - 1);
	return good;
}

/* holds(expression, values): do all its terms? */
static int holds(lua_State *L)
{
	lua_settop(L, 2);
	lua_pushvalue(L, 1);
	lua_pushboolean(L, all_meet(L));
	return 1;
}

/* Does the condition on top speak of this case? All of its when holds, and no unless. */
static bool speaks(lua_State *L)
{
	int condition = lua_gettop(L);
	lua_Integer i;
	bool does;

	lua_getfield(L, condition, "when");
	does = all_meet(L);
	lua_getfield(L, condition, "unless");
	for (i = 1; does && lua_rawgeti(L, condition + 1, i) != LUA_TNIL; i++)
		does = !all_meet(L);
	lua_settop(L, condition);
	return does;
}

/* speaking(conditions, values, n): the number of the next one behind n that speaks of the case */
static int speaking(lua_State *L)
{
	lua_Integer n = luaL_checkinteger(L, 3), count;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 3);
	count = (lua_Integer)lua_rawlen(L, 1);
	while (++n <= count) {
		lua_rawgeti(L, 1, n);
		if (speaks(L)) {
			lua_pushinteger(L, n);
			return 1;
		}
		lua_settop(L, 3);
	}
	return 0;
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

/* contains(list, value) */
static int list_contains(lua_State *L)
{
	lua_settop(L, 2);
	lua_pushboolean(L, !lua_isnil(L, 1) && contains(L, 1, 2));
	return 1;
}

/* The text at @at, each {name} in it replaced where the values at 2 have it: pushed */
static void fill(lua_State *L, int at)
{
	const char *text = luaL_checkstring(L, at), *brace = strchr(text, '{');
	luaL_Buffer out;

	if (!brace) {
		lua_pushvalue(L, at);
		return;
	}
	tb_sandbox_charge(L, strlen(text));
	luaL_buffinit(L, &out);
	for (; brace; brace = strchr(text, '{')) {
		luaL_addlstring(&out, text, (size_t)(brace - text));
		text = add_name(L, &out, brace + 1);
	}
	luaL_addstring(&out, text);
	luaL_pushresult(&out);
}

/* text(row, values): in both languages, each {name} in it replaced where values has it */
static int text(lua_State *L)
{
	static const char *const languages[] = { "en", "zh" };
	size_t i;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 2);
	if (lua_isnil(L, 2)) {
		lua_newtable(L);
		lua_replace(L, 2);
	}
	/* add_name() looks for the language at 3. */
	lua_pushnil(L);
	lua_createtable(L, 0, 2);
	for (i = 0; i < 2; i++) {
		lua_pushstring(L, languages[i]);
		lua_replace(L, 3);
		lua_getfield(L, 1, languages[i]);
		fill(L, 5);
		lua_setfield(L, 4, languages[i]);
		lua_settop(L, 4);
	}
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

/* done(matter, key): no task of this pack with that key is open in the matter any more */
static int done(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *matter = luaL_checkstring(L, 1), *key = luaL_checkstring(L, 2), *own;
	json_t *tasks, *task;
	int64_t id;
	size_t i;

	tb_sandbox_writes(L);
	/* The list stays as it is, another takes its place. */
	tasks = json_incref(tb_tasks_get(r, matter));
	json_array_foreach(tasks, i, task) {
		own = tb_row_text(task, TB_TASK_KEY);
		if (!own || strcmp(own, key) != 0 ||
		    strcmp(tb_row_text(task, TB_TASK_PACK), r->pack->name) != 0)
			continue;
		id = tb_row_number(task, TB_TASK_ID);
		tb_tasks_done(r, id);
		tb_state_effect(r, "done", json_pack("{s:I}", "task", (json_int_t)id));
	}
	json_decref(tasks);
	return 0;
}

/**
 * tb_tables_call() - push the functions of this file, for tables.lua
 * @L: the Lua state
 */
void tb_tables_call(lua_State *L)
{
	static const luaL_Reg functions[] = {
		{ "holds", holds },	  { "contains", list_contains },
		{ "speaking", speaking }, { "text", text },
		{ "copy", copy },	  { "done", done },
		{ NULL, NULL },
	};

	luaL_newlib(L, functions);
}
