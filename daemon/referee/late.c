// SPDX-License-Identifier: GPL-2.0-only
/* A matter as packs see it, of which most is made when it is asked for. */
#include "late.h"

#include <string.h>

#include "heads.h"
#include "luajson.h"

/* What of a matter is made when it is asked for: most acts look at its stage alone. */
static const char *const late[] = { "title", "data", "offices" };

/* The rest of its row, by column */
static const char *const at_once[] = { "id",	"kind",	  "stage",  "office", "key",
				       "place", "record", "opened", "closed" };

/**
 * struct late - values as they were when the matter was asked for
 * @values: in the order of their names
 * @head: its row
 */
struct late {
	json_t *values[3];
	json_t *head;
};

static int late_forget(lua_State *L)
{
	struct late *l = lua_touserdata(L, 1);
	size_t i;

	for (i = 0; i < 3; i++) {
		json_decref(l->values[i]);
		l->values[i] = NULL;
	}
	json_decref(l->head);
	l->head = NULL;
	return 0;
}

/* matter.NAME, where it has none yet */
static int late_index(lua_State *L)
{
	const struct late *l = lua_touserdata(L, lua_upvalueindex(1));
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
	size_t i;

	for (i = 0; i < 3; i++) {
		if (!l->values[i] || strcmp(late[i], name) != 0)
			continue;
		tb_lua_push_json(L, l->values[i]);
		lua_pushvalue(L, 2);
		lua_pushvalue(L, -2);
		lua_rawset(L, 1);
		return 1;
	}
	return 0;
}

static int late_fill(lua_State *L)
{
	size_t i;

	for (i = 0; i < 3; i++) {
		lua_getfield(L, 1, late[i]);
		lua_pop(L, 1);
	}
	lua_pushnil(L);
	lua_setmetatable(L, 1);
	return 0;
}

/**
 * tb_late_push() - push a matter of this pack
 * @L: the Lua state, in an event; the matter's id is argument 1
 * @head: its row as tb_head_get() gives it
 */
void tb_late_push(lua_State *L, const json_t *head)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *id = lua_tostring(L, 1);
	struct late *l;
	json_t *value;
	size_t i;

	lua_createtable(L, 0, 13);
	for (i = 0; i < TB_HEAD_TITLE; i++) {
		value = json_array_get(head, i);
		if (json_is_null(value))
			continue;
		tb_lua_push_json(L, value);
		lua_setfield(L, -2, at_once[i]);
	}
	lua_createtable(L, 0, 2);
	l = lua_newuserdatauv(L, sizeof(*l), 0);
	memset(l, 0, sizeof(*l));
	if (luaL_newmetatable(L, "late")) {
		lua_pushcfunction(L, late_forget);
		lua_setfield(L, -2, "__gc");
	}
	lua_setmetatable(L, -2);
	l->values[0] = json_incref(json_array_get(head, TB_HEAD_TITLE));
	l->values[1] = json_incref(tb_data_get(r, id));
	l->values[2] = json_incref(tb_sides_get(r, id));
	l->head = json_incref((json_t *)head);
	lua_pushcclosure(L, late_index, 1);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, late_fill);
	lua_setfield(L, -2, "__fill");
	lua_setmetatable(L, -2);
}

/**
 * tb_late_current() - is what was made of a matter as the matter still stands?
 * @L: the Lua state, in an event; the matter's id is argument 1, what was made of it 2
 * @head: its row as tb_head_get() gives it: nothing there is changed in place
 *
 * Return: whether it is; then it is on top of the stack.
 */
bool tb_late_current(lua_State *L, const json_t *head)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *id = lua_tostring(L, 1);
	const struct late *l = NULL;

	if (!lua_istable(L, 2) || !lua_getmetatable(L, 2))
		return false;
	lua_getfield(L, -1, "__index");
	if (lua_tocfunction(L, -1) == late_index && lua_getupvalue(L, -1, 1))
		l = lua_touserdata(L, -1);
	lua_settop(L, 2);
	return l && l->head == head && l->values[1] == tb_data_get(r, id) &&
	       l->values[2] == tb_sides_get(r, id);
}
