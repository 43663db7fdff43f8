// SPDX-License-Identifier: GPL-2.0-only
/* finding(), task(), refuse(): what people are told, and what they have to do. */
#include <string.h>

#include <lauxlib.h>

#include "dossier.h"
#include "engine.h"
#include "luajson.h"

static int refuse(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *text = tb_api_text(L, 1);

	if (!r->refusal)
		r->refusal = strdup(text);
	return luaL_error(L, "refused: %s", text);
}

static int add_finding(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *rule, *level, *text, *law, *matter;

	tb_sandbox_writes(L);
	/* Called as finding{...}: the table finding itself comes first. */
	luaL_checktype(L, 2, LUA_TTABLE);
	rule = tb_api_field(L, 2, "rule");
	level = tb_api_field(L, 2, "level") ?: "warn";
	matter = tb_api_field(L, 2, "matter");
	law = tb_api_json(L, 2, "law");
	if (!rule)
		return luaL_error(L, "a finding has a rule");
	if (strcmp(level, "info") && strcmp(level, "warn") && strcmp(level, "fault"))
		return luaL_error(L, "level is info, warn or fault, not %s", level);
	lua_getfield(L, 2, "text");
	text = tb_api_text(L, -1);
	lua_pushinteger(L, tb_state_finding(r, r->pack->name, rule, level, text, law, matter));
	return 1;
}

static int finding_resolve(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	lua_Integer id = luaL_checkinteger(L, 1);
	const char *text = lua_isnoneornil(L, 2) ? "\"\"" : tb_api_text(L, 2);

	tb_sandbox_writes(L);
	tb_db_do(r->db,
		 "UPDATE finding SET resolved = ? WHERE id = ? AND pack = ? AND resolved IS NULL",
		 "tit", text, (int64_t)id, r->pack->name);
	tb_state_effect(r, "resolve", json_pack("{s:I}", "finding", (json_int_t)id));
	return 0;
}

/* Of the list of @count rows on top those of matters that may be seen */
static int keep_seen(lua_State *L, lua_Integer count)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	lua_Integer i, kept = 0;
	bool seen;

	if (!r->own)
		return 1;
	for (i = 1; i <= count; i++) {
		lua_rawgeti(L, -1, i);
		lua_getfield(L, -1, "matter");
		seen = tb_seen_matter(r, lua_tostring(L, -1));
		lua_pop(L, 1);
		if (seen)
			lua_rawseti(L, -2, ++kept);
		else
			lua_pop(L, 1);
	}
	for (; kept < count; kept++) {
		lua_pushnil(L);
		lua_rawseti(L, -2, kept + 1);
	}
	return 1;
}

static int finding_find(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *rule, *matter;
	sqlite3_stmt *stmt;
	lua_Integer n = 0;
	int64_t open;

	luaL_checktype(L, 1, LUA_TTABLE);
	rule = tb_api_field(L, 1, "rule");
	matter = tb_api_field(L, 1, "matter");
	open = tb_api_is(L, 1, "open");
	lua_newtable(L);
	/* By its index, where the matter is known */
	stmt = tb_db_ask(r->db,
			 matter ?
				 "SELECT id, rule, level, text, matter, record, time, uid FROM finding WHERE"
				 " pack = ?1 AND (?2 IS NULL OR rule = ?2) AND matter = ?3 AND"
				 " (?4 = 0 OR resolved IS NULL) ORDER BY id" :
				 "SELECT id, rule, level, text, matter, record, time, uid FROM finding WHERE"
				 " pack = ?1 AND (?2 IS NULL OR rule = ?2) AND (?3 IS NULL OR matter = ?3) AND"
				 " (?4 = 0 OR resolved IS NULL) ORDER BY id",
			 "ttti", r->pack->name, rule, matter, open);
	while (tb_db_row(r->db, stmt)) {
		lua_createtable(L, 0, 8);
		tb_api_column(L, stmt, 0, "id");
		tb_api_column(L, stmt, 1, "rule");
		tb_api_column(L, stmt, 2, "level");
		tb_api_column_json(L, stmt, 3, "text");
		tb_api_column(L, stmt, 4, "matter");
		tb_api_column(L, stmt, 5, "record");
		tb_api_column(L, stmt, 6, "time");
		tb_api_column(L, stmt, 7, "uid");
		lua_rawseti(L, -2, ++n);
	}
	return keep_seen(L, n);
}

static int add_task(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *matter, *office, *key, *text;
	int64_t uid;

	tb_sandbox_writes(L);
	luaL_checktype(L, 2, LUA_TTABLE);
	matter = tb_api_field(L, 2, "matter");
	office = tb_api_field(L, 2, "office");
	key = tb_api_field(L, 2, "key");
	uid = tb_api_integer(L, 2, "actor", TB_NO_UID);
	lua_getfield(L, 2, "text");
	text = tb_api_text(L, -1);
	lua_pushinteger(L, tb_state_task(r, matter, office, uid, text, key));
	return 1;
}

static int task_done(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	int64_t id = luaL_checkinteger(L, 1);

	tb_sandbox_writes(L);
	tb_tasks_done(r, id);
	tb_state_effect(r, "done", json_pack("{s:I}", "task", (json_int_t)id));
	return 0;
}

/* Of this pack's open tasks in a matter those with a key, if one is given */
static int find_open(lua_State *L, const char *matter, const char *key)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	static const char *const names[] = { "id", NULL, "office", "actor", "text", "key", "time" };
	const char *own;
	lua_Integer n = 0;
	json_t *task, *value;
	size_t i, column;

	json_array_foreach(tb_tasks_get(r, matter), i, task) {
		own = tb_row_text(task, TB_TASK_KEY);
		if (strcmp(tb_row_text(task, TB_TASK_PACK), r->pack->name) != 0 ||
		    (key && (!own || strcmp(own, key) != 0)))
			continue;
		lua_createtable(L, 0, 8);
		lua_pushstring(L, matter);
		lua_setfield(L, -2, "matter");
		json_array_foreach(task, column, value) {
			if (!names[column] || json_is_null(value))
				continue;
			if (column == TB_TASK_TEXT)
				tb_api_push_text(L, json_string_value(value));
			else
				tb_lua_push_json(L, value);
			lua_setfield(L, -2, names[column]);
		}
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

static int task_find(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *matter, *key;
	sqlite3_stmt *stmt;
	lua_Integer n = 0;
	int64_t open;

	luaL_checktype(L, 1, LUA_TTABLE);
	matter = tb_api_field(L, 1, "matter");
	key = tb_api_field(L, 1, "key");
	open = tb_api_is(L, 1, "open");
	lua_newtable(L);
	if (matter && open && r->event && !r->reading)
		return find_open(L, matter, key);
	stmt = tb_db_ask(r->db,
			 matter && open ?
				 "SELECT id, matter, office, uid, text, key, time FROM task WHERE pack = ?1 AND"
				 " matter = ?2 AND (?3 IS NULL OR key = ?3) AND ?4 AND done IS NULL ORDER BY id" :
				 "SELECT id, matter, office, uid, text, key, time FROM task WHERE pack = ?1 AND"
				 " (?2 IS NULL OR matter = ?2) AND (?3 IS NULL OR key = ?3) AND"
				 " (?4 = 0 OR done IS NULL) ORDER BY id",
			 "ttti", r->pack->name, matter, key, open);
	while (tb_db_row(r->db, stmt)) {
		lua_createtable(L, 0, 8);
		tb_api_column(L, stmt, 0, "id");
		tb_api_column(L, stmt, 1, "matter");
		tb_api_column(L, stmt, 2, "office");
		tb_api_column(L, stmt, 3, "actor");
		tb_api_column_json(L, stmt, 4, "text");
		tb_api_column(L, stmt, 5, "key");
		tb_api_column(L, stmt, 6, "time");
		lua_rawseti(L, -2, ++n);
	}
	return keep_seen(L, n);
}

/**
 * tb_api_finding() - add finding, task and refuse
 * @L: the Lua state, the globals on top
 */
void tb_api_finding(lua_State *L)
{
	static const luaL_Reg findings[] = {
		{ "resolve", finding_resolve },
		{ "find", finding_find },
		{ NULL, NULL },
	};
	static const luaL_Reg tasks[] = {
		{ "done", task_done },
		{ "find", task_find },
		{ NULL, NULL },
	};

	tb_api_callable(L, "finding", findings, add_finding);
	tb_api_callable(L, "task", tasks, add_task);
	lua_pushcfunction(L, refuse);
	lua_setfield(L, -2, "refuse");
}
