// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pack as tables. What the engine makes of them is written in Lua, tables.lua, and part of
 * the referee, as lint.lua is, which looks at them from outside; both run in the pack's
 * sandbox, within its bounds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "luajson.h"
#include "tables.h"

#include "generated/lint.h"
#include "generated/tables.h"
#include "generated/tables_acts.h"

/**
 * tb_tables_open() - add the engine's tables to the globals
 * @L: the Lua state, the globals on top
 */
void tb_tables_open(lua_State *L)
{
	if (luaL_loadbufferx(L, tables_text, sizeof(tables_text) - 1, "@tables.lua", "t"))
		lua_error(L);
	tb_tables_call(L);
	lua_pushvalue(L, -1);
	lua_insert(L, -3);
	lua_call(L, 1, 1);
	if (luaL_loadbufferx(L, tables_acts_text, sizeof(tables_acts_text) - 1, "@tables_acts.lua",
			     "t"))
		lua_error(L);
	lua_pushvalue(L, -2);
	lua_pushvalue(L, -4);
	lua_call(L, 2, 0);
	lua_setfield(L, -3, "tables");
	lua_pop(L, 1);
}

static bool has_tables(lua_State *L)
{
	bool has;

	lua_getfield(L, LUA_REGISTRYINDEX, "files");
	has = lua_getfield(L, -1, "data/acts.csv") == LUA_TSTRING;
	lua_pop(L, 2);
	return has;
}

/**
 * tb_tables_compile() - complete the declaration of a pack from its tables
 * @pack: the pack; its declaration is on top of its stack and is replaced
 * @err: told what is wrong with them
 *
 * Return: 0 or -EINVAL.
 */
int tb_tables_compile(struct tb_pack *pack, struct tb_error *err)
{
	bool reading = pack->referee->reading;
	lua_State *L = pack->L;
	char why[400];
	int failed;

	if (!has_tables(L))
		return 0;
	lua_getglobal(L, "tables");
	lua_getfield(L, -1, "compile");
	lua_replace(L, -2);
	lua_insert(L, -2);
	pack->referee->reading = true;
	failed = tb_sandbox_call(pack, 1, 1, why, sizeof(why));
	pack->referee->reading = reading;
	return failed ? tb_error_set(err, -EINVAL, "pack %s: %s", pack->name, why) : 0;
}

/**
 * tb_tables_offered() - which acts may somebody do now?
 * @pack: the pack
 * @matter: about which matter of its; NULL for acts about none
 * @uid: who
 * @offers: set to an array, the caller's: of objects with act; of acts about a matter also the
 *	field that names it with its value, and barred, a text, if the act is one of this stage
 *	and side that this person may not do
 * @err: told what went wrong
 *
 * Return: 0 or -EINVAL.
 */
int tb_tables_offered(struct tb_pack *pack, const char *matter, int64_t uid, json_t **offers,
		      struct tb_error *err)
{
	struct tb_referee *r = pack->referee;
	lua_State *L = pack->L;
	char why[400];

	*offers = json_array();
	if (!has_tables(L))
		return 0;
	lua_getglobal(L, "tables");
	lua_getfield(L, -1, "offered");
	lua_pushstring(L, matter);
	lua_pushinteger(L, uid);
	r->reading = true;
	if (tb_sandbox_call(pack, 2, 1, why, sizeof(why)))
		tb_error_set(err, -EINVAL, "pack %s: %s", pack->name, why);
	else
		why[0] = '\0';
	r->reading = false;
	if (!why[0]) {
		json_decref(*offers);
		*offers = tb_lua_to_json(L, -1);
	}
	lua_settop(L, 0);
	return why[0] ? -EINVAL : 0;
}

static int ask(struct tb_pack *pack, const char *what, const json_t *args, json_t **answer,
	       struct tb_error *err)
{
	lua_State *L = pack->L;
	char why[400];

	/* Base has none: of it the acts are checked alone. */
	if (!has_tables(L) && (strcmp(pack->name, TB_BASE) || strcmp(what, "check")))
		return tb_error_set(err, -ENOENT,
				    "pack %s has no tables: data/acts.csv is not there",
				    pack->name);
	if (luaL_loadbufferx(L, lint_text, sizeof(lint_text) - 1, "@lint.lua", "t"))
		return tb_error_set(err, -EINVAL, "%s", lua_tostring(L, -1));
	if (has_tables(L))
		lua_getglobal(L, "tables");
	else
		lua_pushnil(L);
	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	lua_pushstring(L, what);
	tb_lua_push_json(L, args);
	pack->referee->reading = true;
	if (tb_sandbox_call(pack, 4, 1, why, sizeof(why)))
		return tb_error_set(err, -EINVAL, "pack %s: %s", pack->name, why);
	*answer = tb_lua_to_json(L, -1);
	return *answer ? 0 :
			 tb_error_set(err, -EINVAL, "pack %s: its tables are no data", pack->name);
}

/* Periods end by the days off that come with the pack base, where that stands beside. */
static int take_calendar(struct tb_referee *r, struct tb_error *err)
{
	struct tb_error none = { 0 };
	struct tb_pack *base = NULL;
	json_t *shipped = NULL;

	if (!tb_pack_load(r, TB_BASE, NULL, &base, &none))
		shipped = tb_pack_json(base, "data/calendar.json");
	tb_pack_free(base);
	r->calendar = tb_calendar_new(shipped, r->db);
	json_decref(shipped);
	return r->calendar ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

/**
 * tb_tables_ask() - ask a pack of a directory about its tables
 * @packs: the directory with packs
 * @name: the pack
 * @what: "check", or "show"
 * @args: day, as of which the law is looked at; most, bytes of an act; of show: table
 * @answer: set to what lint.lua answers, the caller's
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if the pack has no tables; or another negative errno.
 */
int tb_tables_ask(const char *packs, const char *name, const char *what, const json_t *args,
		  json_t **answer, struct tb_error *err)
{
	struct tb_referee r = { .options = { .packs = packs } };
	struct tb_pack *pack = NULL;
	int ret;

	ret = tb_db_open("", tb_state_schema, &r.db, err);
	if (!ret)
		ret = take_calendar(&r, err);
	if (!ret)
		ret = tb_pack_load(&r, name, NULL, &pack, err);
	if (!ret)
		ret = ask(pack, what, args, answer, err);
	tb_pack_free(pack);
	tb_calendar_free(r.calendar);
	if (r.db)
		tb_db_close(r.db);
	return ret;
}
