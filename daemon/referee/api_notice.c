// SPDX-License-Identifier: GPL-2.0-only
/* notice(), points.*, store.*, output.*: what is published, counted and kept. */
#include <lauxlib.h>

#include "engine.h"
#include "luajson.h"
#include "orders.h"

static void add_number(json_t *json, const char *name, int64_t number)
{
	if (number >= 0)
		json_object_set_new(json, name, json_integer((json_int_t)number));
}

/* Is there a notice of this pack with that number, in force if @open? Remembered of late. */
static bool has_notice(struct tb_referee *r, int64_t id, bool open)
{
	char key[24];
	json_t *cancelled;

	snprintf(key, sizeof(key), "%lld", (long long)id);
	if (tb_rows_get(r->rows, TB_ROWS_NOTICE, r->pack->name, key, &cancelled))
		return !open || json_is_false(cancelled);
	return tb_db_number(r->db, 0,
			    "SELECT 1 FROM notice WHERE id = ? AND pack = ? AND"
			    " (NOT ? OR cancelled IS NULL)",
			    "iti", id, r->pack->name, (int64_t)open);
}

static void remember_notice(struct tb_referee *r, int64_t id, bool cancelled)
{
	char key[24];

	snprintf(key, sizeof(key), "%lld", (long long)id);
	tb_rows_put(r->rows, TB_ROWS_NOTICE, r->pack->name, key, json_boolean(cancelled));
}

static int add_notice(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *kind, *title = NULL, *text, *place, *group, *key;
	int64_t id, since, until, refers;
	json_t *effect;

	tb_sandbox_writes(L);
	luaL_checktype(L, 2, LUA_TTABLE);
	kind = tb_api_field(L, 2, "kind");
	if (!kind)
		return luaL_error(L, "a notice has a kind");
	place = tb_api_field(L, 2, "place");
	group = tb_api_field(L, 2, "group");
	key = tb_api_field(L, 2, "key");
	since = tb_api_integer(L, 2, "from", -1);
	until = tb_api_integer(L, 2, "to", -1);
	refers = tb_api_integer(L, 2, "refers", -1);
	lua_getfield(L, 2, "title");
	if (!lua_isnil(L, -1))
		title = tb_api_text(L, -1);
	lua_getfield(L, 2, "text");
	text = tb_api_text(L, -1);
	if (since >= 0 && until >= 0 && until < since)
		return tb_api_refuse(L, "the notice would end before it begins");
	if (refers >= 0 && !has_notice(r, refers, false))
		return tb_api_refuse(L, "there is no notice %d to refer to", (int)refers);
	id = tb_db_next(r->db, "SELECT max(id) FROM notice WHERE '' = ?", "");
	tb_db_do(r->db,
		 "INSERT INTO notice (id, pack, kind, title, text, place, grp, key, since, until,"
		 " refers, record, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, -1), nullif(?, -1),"
		 " nullif(?, -1), ?, ?)",
		 "itttttttiiiti", id, r->pack->name, kind, title, text, place, group, key, since,
		 until, refers, r->event->record, r->event->time);
	remember_notice(r, id, false);
	if (tb_state_heard(r, "notice")) {
		effect = json_pack("{s:I, s:s, s:o*, s:o*, s:s*, s:s*, s:s*}", "id", (json_int_t)id,
				   "kind", kind, "title",
				   title ? json_loads(title, JSON_DECODE_ANY, NULL) : NULL, "text",
				   json_loads(text, JSON_DECODE_ANY, NULL), "place", place, "group",
				   group, "key", key);
		add_number(effect, "from", since);
		add_number(effect, "to", until);
		add_number(effect, "refers", refers);
		tb_state_tell(r, "notice", effect);
	}
	lua_pushinteger(L, id);
	return 1;
}

static int notice_cancel(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	int64_t id = luaL_checkinteger(L, 1);
	const char *text = lua_isnoneornil(L, 2) ? "\"\"" : tb_api_text(L, 2);

	tb_sandbox_writes(L);
	if (!has_notice(r, id, true))
		return tb_api_refuse(L, "there is no notice %d in force", (int)id);
	tb_db_do(r->db, "UPDATE notice SET cancelled = ? WHERE id = ?", "ti", text, id);
	remember_notice(r, id, true);
	tb_state_effect(r, "cancel", json_pack("{s:I}", "notice", (json_int_t)id));
	return 0;
}

#define NOTICE                                                                       \
	"SELECT id, kind, title, text, place, grp, key, since, until, refers, time," \
	" cancelled IS NOT NULL FROM notice WHERE pack = ?1 AND (?2 IS NULL OR kind = ?2)"

static int notice_find(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *kind, *key;
	sqlite3_stmt *stmt;
	lua_Integer n = 0;
	int64_t open;

	luaL_checktype(L, 1, LUA_TTABLE);
	kind = tb_api_field(L, 1, "kind");
	key = tb_api_field(L, 1, "key");
	open = tb_api_is(L, 1, "open");
	lua_newtable(L);
	/* By its index, where the key is known */
	stmt = tb_db_ask(r->db,
			 key ? NOTICE
				 " AND key = ?3 AND (?4 = 0 OR cancelled IS NULL) ORDER BY id" :
			       NOTICE
				 " AND (?3 IS NULL OR key = ?3) AND (?4 = 0 OR cancelled IS NULL)"
				 " ORDER BY id",
			 "ttti", r->pack->name, kind, key, open);
	while (tb_db_row(r->db, stmt)) {
		lua_createtable(L, 0, 12);
		tb_api_column(L, stmt, 0, "id");
		tb_api_column(L, stmt, 1, "kind");
		tb_api_column_json(L, stmt, 2, "title");
		tb_api_column_json(L, stmt, 3, "text");
		tb_api_column(L, stmt, 4, "place");
		tb_api_column(L, stmt, 5, "group");
		tb_api_column(L, stmt, 6, "key");
		tb_api_column(L, stmt, 7, "from");
		tb_api_column(L, stmt, 8, "to");
		tb_api_column(L, stmt, 9, "refers");
		tb_api_column(L, stmt, 10, "time");
		lua_pushboolean(L, sqlite3_column_int(stmt, 11));
		lua_setfield(L, -2, "cancelled");
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

static int64_t balance(struct tb_referee *r, const char *account)
{
	return tb_db_number(r->db, 0, "SELECT sum(n) FROM points WHERE pack = ? AND account = ?",
			    "tt", r->pack->name, account);
}

static int points_add(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *account = luaL_checkstring(L, 1), *reason = luaL_checkstring(L, 3);
	const char *key = luaL_optstring(L, 4, NULL);
	int64_t n = luaL_checkinteger(L, 2), now;

	tb_sandbox_writes(L);
	if (key && tb_db_number(r->db, 0, "SELECT 1 FROM points WHERE pack = ? AND key = ?", "tt",
				r->pack->name, key))
		return tb_api_refuse(L, "points for %s were given already", key);
	now = balance(r, account);
	if (n < 0 && now + n < 0)
		return tb_api_refuse(L, "%s has %lld, that is less than %lld", account,
				     (long long)now, (long long)-n);
	tb_db_do(r->db,
		 "INSERT INTO points (pack, account, n, reason, key, record) VALUES"
		 " (?, ?, ?, ?, ?, ?)",
		 "ttittt", r->pack->name, account, n, reason, key, r->event->record);
	tb_state_effect(r, "points",
			json_pack("{s:s, s:I, s:I, s:s}", "account", account, "n", (json_int_t)n,
				  "balance", (json_int_t)now + n, "reason", reason));
	lua_pushinteger(L, now + n);
	return 1;
}

static int points_balance(lua_State *L)
{
	lua_pushinteger(L, balance(tb_sandbox_referee(L), luaL_checkstring(L, 1)));
	return 1;
}

/* The value of a key, borrowed; NULL if there is none */
static json_t *stored(struct tb_referee *r, const char *key)
{
	json_t *value = NULL;
	sqlite3_stmt *stmt;

	if (tb_rows_get(r->rows, TB_ROWS_STORE, r->pack->name, key, &value))
		return value;
	stmt = tb_db_ask(r->db, "SELECT value FROM store WHERE pack = ? AND key = ?", "tt",
			 r->pack->name, key);
	if (tb_db_row(r->db, stmt)) {
		value = tb_memo_read(r->memo, tb_db_text(stmt, 0));
		tb_db_end(stmt);
	}
	tb_rows_know(r->rows, TB_ROWS_STORE, r->pack->name, key, value);
	return value;
}

static int store_get(lua_State *L)
{
	json_t *value = stored(tb_sandbox_referee(L), luaL_checkstring(L, 1));

	if (!value)
		return 0;
	tb_lua_push_json(L, value);
	return 1;
}

static int store_set(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *key = luaL_checkstring(L, 1);
	json_t *value = NULL;

	tb_sandbox_writes(L);
	lua_settop(L, 2);
	if (!lua_isnil(L, 2) && !tb_lua_is_null(L, 2)) {
		value = tb_lua_to_json(L, 2);
		if (!value || tb_api_zero(value)) {
			json_decref(value);
			return luaL_error(L,
					  "store.set: this is no plain data: tables of texts, numbers and true or false");
		}
	}
	stored(r, key);
	tb_rows_put(r->rows, TB_ROWS_STORE, r->pack->name, key, value);
	return 0;
}

static int store_keys(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *prefix = luaL_optstring(L, 1, "");
	sqlite3_stmt *stmt;
	lua_Integer n = 0;

	tb_rows_write(r->rows);
	lua_newtable(L);
	/* No character is above the last of all: behind that nothing begins so. */
	stmt = tb_db_ask(r->db,
			 "SELECT key FROM store WHERE pack = ?1 AND key >= ?2 AND"
			 " key <= ?2 || char(1114111) AND substr(key, 1, length(?2)) = ?2 ORDER BY key",
			 "tt", r->pack->name, prefix);
	while (tb_db_row(r->db, stmt)) {
		lua_pushstring(L, tb_db_text(stmt, 0));
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

static int output_set(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1);
	lua_Integer value;

	tb_sandbox_writes(L);
	lua_settop(L, 2);
	value = lua_isboolean(L, 2) ? lua_toboolean(L, 2) : luaL_checkinteger(L, 2);
	luaL_argcheck(L, value == 0 || value == 1, 2, "an output is 0 or 1");
	tb_orders_put(r, name, value);
	tb_state_effect(r, "output",
			json_pack("{s:s, s:I}", "output", name, "value", (json_int_t)value));
	return 0;
}

/**
 * tb_api_notice() - add notice, points, store and output
 * @L: the Lua state, the globals on top
 */
void tb_api_notice(lua_State *L)
{
	static const luaL_Reg notices[] = {
		{ "cancel", notice_cancel },
		{ "find", notice_find },
		{ NULL, NULL },
	};
	static const luaL_Reg points[] = {
		{ "add", points_add },
		{ "balance", points_balance },
		{ NULL, NULL },
	};
	static const luaL_Reg store[] = {
		{ "get", store_get },
		{ "set", store_set },
		{ "keys", store_keys },
		{ NULL, NULL },
	};
	static const luaL_Reg outputs[] = { { "set", output_set }, { NULL, NULL } };

	tb_api_callable(L, "notice", notices, add_notice);
	luaL_newlib(L, points);
	lua_setfield(L, -2, "points");
	luaL_newlib(L, store);
	tb_lua_push_null(L);
	lua_setfield(L, -2, "null");
	lua_setfield(L, -2, "store");
	luaL_newlib(L, outputs);
	lua_setfield(L, -2, "output");
}
