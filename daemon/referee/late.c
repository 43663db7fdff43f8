// SPDX-License-Identifier: GPL-2.0-only
/*
 * A matter as packs see it. Of what it holds only that is made in Lua which is asked for: most acts
 * look at its stage and at a few of its data. A pack may change what it gets: then it is all made
 * before, as it is for pairs().
 */
#include "late.h"

#include <string.h>

#include "heads.h"
#include "luajson.h"

/* Columns of its row that nearly every act asks for; the rest comes late */
#define AT_ONCE TB_HEAD_KEY

/* Names of the columns of its row, and behind them what it holds besides */
static const char *const names[] = { "id",     "kind",	 "stage",  "office", "key",  "place",
				     "record", "opened", "closed", "title",  "data", "offices" };

#define NAMES (sizeof(names) / sizeof(names[0]))

/*
 * Their addresses are keys under which a table has what is behind it: of a matter its struct late;
 * of an object in its data that as well, which keeps the object in memory, the object itself, and
 * of what is in it the tables there are already.
 */
static char of_late, of_json, of_tables;
/* And of what gives back what a struct late has, of an object's and of a matter's metatable */
static char is_late, is_object, is_matter;

/**
 * struct late - what is behind a matter: nothing there is changed in place
 * @head: its row
 * @data: its data
 * @sides: its sides
 */
struct late {
	json_t *head;
	json_t *data;
	json_t *sides;
};

static void push_object(lua_State *L, int late, json_t *json);

static int late_forget(lua_State *L)
{
	struct late *l = lua_touserdata(L, 1);

	json_decref(l->head);
	json_decref(l->data);
	json_decref(l->sides);
	memset(l, 0, sizeof(*l));
	return 0;
}

/* Gives what is on top the metatable kept under an address, which is made when it is first asked for. */
static void set_metatable(lua_State *L, const void *address, const luaL_Reg *functions)
{
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, address) != LUA_TTABLE) {
		lua_pop(L, 1);
		lua_newtable(L);
		luaL_setfuncs(L, functions, 0);
		lua_pushvalue(L, -1);
		lua_rawsetp(L, LUA_REGISTRYINDEX, address);
	}
	lua_setmetatable(L, -2);
}

/* A value of an object or a list; @late: where on the stack the struct late is */
static void push_value(lua_State *L, int late, json_t *json)
{
	json_t *item;
	size_t i;

	luaL_checkstack(L, 8, "data is nested too deep");
	if (json_is_object(json)) {
		push_object(L, late, json);
	} else if (json_is_array(json)) {
		lua_createtable(L, (int)json_array_size(json), 0);
		json_array_foreach(json, i, item) {
			push_value(L, late, item);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
	} else {
		tb_lua_push_json(L, json);
	}
}

/* Pushes what is in the object at 1 under @name; no table is made twice. */
static void push_member(lua_State *L, const char *name, json_t *value)
{
	int top = lua_gettop(L);

	if (!json_is_object(value) && !json_is_array(value)) {
		tb_lua_push_json(L, value);
		return;
	}
	if (lua_rawgetp(L, 1, &of_tables) != LUA_TTABLE) {
		lua_newtable(L);
		lua_pushvalue(L, -1);
		lua_rawsetp(L, 1, &of_tables);
		lua_replace(L, top + 1);
	}
	if (lua_getfield(L, top + 1, name) == LUA_TNIL) {
		lua_rawgetp(L, 1, &of_late);
		push_value(L, top + 3, value);
		lua_pushvalue(L, -1);
		lua_setfield(L, top + 1, name);
	}
	lua_replace(L, top + 1);
	lua_settop(L, top + 1);
}

static json_t *json_of(lua_State *L)
{
	json_t *json = lua_rawgetp(L, 1, &of_json) == LUA_TLIGHTUSERDATA ? lua_touserdata(L, -1) :
									   NULL;

	lua_pop(L, 1);
	return json;
}

/* object.NAME */
static int object_index(lua_State *L)
{
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;
	json_t *value = name ? json_object_get(json_of(L), name) : NULL;

	/* No name has a zero byte in it. */
	if (!value || strlen(name) != lua_rawlen(L, 2))
		return 0;
	push_member(L, name, value);
	return 1;
}

static int object_fill(lua_State *L)
{
	json_t *json = json_of(L), *value;
	const char *name;

	lua_settop(L, 1);
	lua_pushnil(L);
	lua_setmetatable(L, 1);
	json_object_foreach(json, name, value) {
		push_member(L, name, value);
		lua_setfield(L, 1, name);
	}
	lua_pushnil(L);
	lua_rawsetp(L, 1, &of_json);
	lua_pushnil(L);
	lua_rawsetp(L, 1, &of_late);
	lua_pushnil(L);
	lua_rawsetp(L, 1, &of_tables);
	return 0;
}

/* object.NAME = VALUE: from here on it is a table as any other. */
static int object_set(lua_State *L)
{
	lua_pushcfunction(L, object_fill);
	lua_pushvalue(L, 1);
	lua_call(L, 1, 0);
	lua_rawset(L, 1);
	return 0;
}

static void push_object(lua_State *L, int late, json_t *json)
{
	static const luaL_Reg of_object[] = { { "__index", object_index },
					      { "__newindex", object_set },
					      { "__fill", object_fill },
					      { NULL, NULL } };

	lua_createtable(L, 0, 2);
	lua_pushlightuserdata(L, json);
	lua_rawsetp(L, -2, &of_json);
	lua_pushvalue(L, late);
	lua_rawsetp(L, -2, &of_late);
	set_metatable(L, &is_object, of_object);
}

static const struct late *late_at(lua_State *L, int matter)
{
	const struct late *l = NULL;

	if (lua_rawgetp(L, matter, &of_late) == LUA_TUSERDATA)
		l = lua_touserdata(L, -1);
	lua_pop(L, 1);
	return l;
}

/* Sets what a matter, at 1, has under the name with that number */
static void make(lua_State *L, const struct late *l, size_t name)
{
	json_t *value;

	if (name < TB_HEAD_COLUMNS)
		value = tb_row_has(l->head, name) ? json_array_get(l->head, name) : NULL;
	else
		value = name == TB_HEAD_COLUMNS ? l->data : l->sides;
	if (!value)
		return;
	if (name == TB_HEAD_COLUMNS) {
		lua_rawgetp(L, 1, &of_late);
		push_value(L, lua_gettop(L), value);
		lua_replace(L, -2);
	} else {
		tb_lua_push_json(L, value);
	}
	lua_pushstring(L, names[name]);
	lua_insert(L, -2);
	lua_rawset(L, 1);
}

/* matter.NAME, where it has none yet */
static int late_index(lua_State *L)
{
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
	const struct late *l = late_at(L, 1);
	size_t i = AT_ONCE;

	while (i < NAMES && (names[i][0] != name[0] || strcmp(names[i], name) != 0))
		i++;
	if (!l || i == NAMES)
		return 0;
	make(L, l, i);
	lua_settop(L, 2);
	lua_rawget(L, 1);
	return 1;
}

static int late_fill(lua_State *L)
{
	const struct late *l = late_at(L, 1);
	size_t i;

	lua_settop(L, 1);
	for (i = AT_ONCE; l && i < NAMES; i++) {
		if (lua_getfield(L, 1, names[i]) == LUA_TNIL)
			make(L, l, i);
		lua_settop(L, 1);
	}
	lua_pushnil(L);
	lua_setmetatable(L, 1);
	lua_pushnil(L);
	lua_rawsetp(L, 1, &of_late);
	return 0;
}

/**
 * tb_late_push() - push a matter of this pack
 * @L: the Lua state, in an event
 * @head: its row as tb_head_get() gives it
 */
void tb_late_push(lua_State *L, json_t *head)
{
	static const luaL_Reg of_behind[] = { { "__gc", late_forget }, { NULL, NULL } };
	static const luaL_Reg of_matter[] = { { "__index", late_index },
					      { "__fill", late_fill },
					      { NULL, NULL } };
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *id = tb_row_text(head, TB_HEAD_ID);
	struct late *l;
	size_t i;

	lua_createtable(L, 0, 8);
	for (i = 0; i < AT_ONCE; i++) {
		if (!tb_row_has(head, i))
			continue;
		tb_lua_push_json(L, json_array_get(head, i));
		lua_setfield(L, -2, names[i]);
	}
	l = lua_newuserdatauv(L, sizeof(*l), 0);
	memset(l, 0, sizeof(*l));
	set_metatable(L, &is_late, of_behind);
	l->head = json_incref(head);
	l->data = json_incref(tb_data_get(r, id));
	l->sides = json_incref(tb_sides_get(r, id));
	lua_rawsetp(L, -2, &of_late);
	set_metatable(L, &is_matter, of_matter);
}

/**
 * tb_late_current() - is what was made of a matter as the matter still stands?
 * @L: the Lua state, in an event; the matter's id is argument 1, what was made of it 2
 * @head: its row as tb_head_get() gives it
 *
 * Return: whether it is; then it is on top of the stack.
 */
bool tb_late_current(lua_State *L, const json_t *head)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *id = lua_tostring(L, 1);
	const struct late *l;

	if (!lua_istable(L, 2))
		return false;
	l = late_at(L, 2);
	lua_settop(L, 2);
	return l && l->head == head && l->data == tb_data_get(r, id) &&
	       l->sides == tb_sides_get(r, id);
}
