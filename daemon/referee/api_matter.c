// SPDX-License-Identifier: GPL-2.0-only
/* matter.*: cases, their stages, sides, owners and links. */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "dossier.h"
#include "engine.h"
#include "heads.h"
#include "jsontext.h"
#include "late.h"
#include "luajson.h"

/* Pushes a field of the declaration of a kind of matter; nil if there is none */
static void push_kind(lua_State *L, const char *kind)
{
	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	lua_getfield(L, -1, "matters");
	if (lua_istable(L, -1))
		lua_getfield(L, -1, kind);
	else
		lua_pushnil(L);
	if (!lua_istable(L, -1))
		luaL_error(L, "the pack declares no matter of kind %s", kind);
}

static bool office_exists(struct tb_referee *r, const char *office)
{
	return tb_db_number(r->db, 0, "SELECT 1 FROM office WHERE id = ?", "t", office);
}

static void add_owner(struct tb_referee *r, const char *id, const char *office, const char *reason)
{
	tb_db_do(r->db,
		 "INSERT INTO owner (matter, office, reason, record, time) VALUES (?, ?, ?, ?, ?)",
		 "tttti", id, office, reason, r->event->record, r->event->time);
	if (!office)
		return;
	tb_db_do(r->db,
		 "INSERT INTO side (matter, office, how, record) VALUES (?, ?, 'owner', ?)"
		 " ON CONFLICT DO UPDATE SET how = 'owner'",
		 "ttt", id, office, r->event->record);
	tb_sides_add(r, id, office);
}

static int matter_open(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *kind, *title, *office, *key, *place, *stage;
	const char *pack = r->pack->name;
	json_t *data;
	char *text;
	char id[96];
	int64_t no;

	tb_sandbox_writes(L);
	luaL_checktype(L, 1, LUA_TTABLE);
	kind = tb_api_field(L, 1, "kind") ?: "";
	push_kind(L, kind);
	stage = tb_api_field(L, -1, "first");
	if (!stage)
		return luaL_error(L, "matter %s has no first stage", kind);
	lua_getfield(L, 1, "title");
	title = lua_isnil(L, -1) ? "\"\"" : tb_api_text(L, -1);
	office = tb_api_field(L, 1, "office") ?: (*r->actor ? r->actor : NULL);
	/* Whose is it? Nothing is ownerless. */
	if (!office)
		return tb_api_refuse(L, "a %s needs an office: name one", kind);
	if (!office_exists(r, office))
		return tb_api_refuse(L, "there is no office %s", office);
	key = tb_api_field(L, 1, "key");
	place = tb_api_field(L, 1, "place");
	if (key && json_array_size(tb_open_get(r, kind, key)))
		return tb_api_refuse(L, "there is an open %s for %s already", kind, key);
	no = tb_db_next(r->db, "SELECT max(no) FROM matter WHERE pack = ?", pack);
	snprintf(id, sizeof(id), "%s-%lld", pack, (long long)no);
	lua_getfield(L, 1, "data");
	data = lua_isnil(L, -1) ? json_object() : tb_lua_to_json(L, -1);
	if (!data || tb_api_zero(data)) {
		json_decref(data);
		return luaL_error(L, "matter.open: the data are no plain data");
	}
	text = tb_json_text(data);
	tb_db_add(r->db, tb_rows_key(id),
		  "INSERT INTO matter (id, pack, no, kind, title, stage, office, key, place, record,"
		  " opened, data, closed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		  " nullif(?, -1))",
		  "ttitttttttiti", id, pack, no, kind, title, stage, office, key, place,
		  r->event->record, r->event->time, text, (int64_t)-1);
	free(text);
	add_owner(r, id, office, NULL);
	tb_head_new(r,
		    tb_row_new("tttttttioo", id, kind, stage, office, key, place, r->event->record,
			       r->event->time, NULL, tb_memo_read(r->memo, title)),
		    data);
	tb_dossier_new(r, id);
	tb_state_touch(r, id, NULL);
	tb_state_effect(r, "matter",
			json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s*}", "matter", id, "kind", kind,
				  "stage", stage, "office", office, "key", key, "place", place));
	lua_pushstring(L, id);
	return 1;
}

static void push_sides(lua_State *L, const char *id)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	sqlite3_stmt *stmt;
	lua_Integer n = 0;

	lua_newtable(L);
	stmt = tb_db_ask(r->db, "SELECT office FROM side WHERE matter = ? ORDER BY office", "t",
			 id);
	while (tb_db_row(r->db, stmt)) {
		lua_pushstring(L, tb_db_text(stmt, 0));
		lua_rawseti(L, -2, ++n);
	}
}

#define MATTER "id, kind, title, stage, office, key, place, opened, closed, data, record"

static void push_matter(lua_State *L, sqlite3_stmt *stmt)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	json_t *data;

	lua_createtable(L, 0, 12);
	tb_api_column(L, stmt, 0, "id");
	tb_api_column(L, stmt, 1, "kind");
	tb_api_column_json(L, stmt, 2, "title");
	tb_api_column(L, stmt, 3, "stage");
	tb_api_column(L, stmt, 4, "office");
	tb_api_column(L, stmt, 5, "key");
	tb_api_column(L, stmt, 6, "place");
	tb_api_column(L, stmt, 7, "opened");
	tb_api_column(L, stmt, 8, "closed");
	if (tb_rows_get(r->rows, TB_ROWS_MATTER, r->pack->name, tb_db_text(stmt, 0), &data)) {
		tb_lua_push_json(L, data);
		lua_setfield(L, -2, "data");
	} else {
		tb_api_column_json(L, stmt, 9, "data");
	}
	tb_api_column(L, stmt, 10, "record");
}

static void add_sides(lua_State *L)
{
	lua_getfield(L, -1, "id");
	push_sides(L, lua_tostring(L, -1));
	lua_setfield(L, -3, "offices");
	lua_pop(L, 1);
}

static int matter_get(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	json_t *head;
	sqlite3_stmt *stmt;

	if (lua_isnoneornil(L, 1))
		return 0;
	if (r->event && !r->reading) {
		head = tb_head_get(r, luaL_checkstring(L, 1));
		if (head && tb_late_current(L, head))
			return 1;
		if (head)
			tb_late_push(L, head);
		return head != NULL;
	}
	stmt = tb_db_ask(r->db, "SELECT " MATTER " FROM matter WHERE id = ? AND pack = ?", "tt",
			 luaL_checkstring(L, 1), r->pack->name);
	if (!tb_db_row(r->db, stmt))
		return 0;
	push_matter(L, stmt);
	tb_db_end(stmt);
	if (!tb_seen_matter(r, lua_tostring(L, 1)))
		return 0;
	add_sides(L);
	return 1;
}

/* Of the list of @count matters on top what may be seen, each with its sides */
static int keep_seen(lua_State *L, lua_Integer count)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	lua_Integer i, kept = 0;
	bool seen;

	for (i = 1; i <= count; i++) {
		lua_rawgeti(L, -1, i);
		lua_getfield(L, -1, "id");
		seen = tb_seen_matter(r, lua_tostring(L, -1));
		lua_pop(L, 1);
		if (seen) {
			add_sides(L);
			lua_rawseti(L, -2, ++kept);
		} else {
			lua_pop(L, 1);
		}
	}
	for (; kept < count; kept++) {
		lua_pushnil(L);
		lua_rawseti(L, -2, kept + 1);
	}
	return 1;
}

/* Is a column as is wanted, if anything is? */
static bool fits(const json_t *head, enum tb_head column, const char *wanted)
{
	const char *text = tb_row_text(head, column);

	return !wanted || (text && !strcmp(text, wanted));
}

/* The same as matter_find() from memory: a kind and a key are given, and @wanted else */
static int find_open(lua_State *L, const char *kind, const char *key, const char *const wanted[3])
{
	struct tb_referee *r = tb_sandbox_referee(L);
	json_t *list = tb_open_get(r, kind, key), *id, *head;
	lua_Integer n = 0;
	size_t i;

	lua_createtable(L, (int)json_array_size(list), 0);
	json_array_foreach(list, i, id) {
		head = tb_head_get(r, json_string_value(id));
		if (!head || !fits(head, TB_HEAD_STAGE, wanted[0]) ||
		    !fits(head, TB_HEAD_OFFICE, wanted[1]) || !fits(head, TB_HEAD_PLACE, wanted[2]))
			continue;
		tb_late_push(L, head);
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

static int matter_find(lua_State *L)
{
	static const char sql[] = "SELECT " MATTER
				  " FROM matter WHERE pack = ?1 AND (?2 IS NULL OR kind = ?2) AND"
				  " (?3 IS NULL OR stage = ?3) AND (?4 IS NULL OR office = ?4) AND"
				  " (?5 IS NULL OR key = ?5) AND (?6 = 0 OR closed IS NULL) AND"
				  " (?7 IS NULL OR place = ?7) ORDER BY no";
	/* The same where a key is given: by its index */
	static const char by_key[] =
		"SELECT " MATTER " FROM matter WHERE pack = ?1 AND kind = ?2 AND"
		" (?3 IS NULL OR stage = ?3) AND (?4 IS NULL OR office = ?4) AND key = ?5 AND"
		" (?6 = 0 OR closed IS NULL) AND (?7 IS NULL OR place = ?7) ORDER BY no";
	static const char open_by_key[] =
		"SELECT " MATTER " FROM matter WHERE pack = ?1 AND kind = ?2 AND"
		" (?3 IS NULL OR stage = ?3) AND (?4 IS NULL OR office = ?4) AND key = ?5 AND"
		" ?6 AND closed IS NULL AND (?7 IS NULL OR place = ?7) ORDER BY no";
	static const char open[] = "SELECT " MATTER " FROM matter WHERE pack = ?1 AND kind = ?2 AND"
				   " (?3 IS NULL OR stage = ?3) AND (?4 IS NULL OR office = ?4) AND"
				   " (?5 IS NULL OR key = ?5) AND ?6 AND closed IS NULL AND"
				   " (?7 IS NULL OR place = ?7) ORDER BY no";
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *kind, *stage, *office, *key, *place;
	sqlite3_stmt *stmt;
	lua_Integer n = 0;
	int64_t only_open;

	luaL_checktype(L, 1, LUA_TTABLE);
	kind = tb_api_field(L, 1, "kind");
	stage = tb_api_field(L, 1, "stage");
	office = tb_api_field(L, 1, "office");
	key = tb_api_field(L, 1, "key");
	place = tb_api_field(L, 1, "place");
	only_open = tb_api_is(L, 1, "open");
	if (kind && key && only_open && r->event && !r->reading)
		return find_open(L, kind, key, (const char *const[]){ stage, office, place });
	lua_newtable(L);
	stmt = tb_db_ask(r->db,
			 kind && key && only_open ? open_by_key :
			 kind && key		  ? by_key :
			 kind && only_open	  ? open :
						    sql,
			 "tttttit", r->pack->name, kind, stage, office, key, only_open, place);
	while (tb_db_row(r->db, stmt)) {
		push_matter(L, stmt);
		lua_rawseti(L, -2, ++n);
	}
	return keep_seen(L, n);
}

/* The matter named by argument 1, as it stands: kind, stage and data; it must be open. */
static const char *check_open(lua_State *L, char *kind, char *stage, size_t size)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *id = luaL_checkstring(L, 1);
	const json_t *head;

	tb_sandbox_writes(L);
	head = tb_head_get(r, id);
	if (!head)
		tb_api_refuse(L, "there is no matter %s", id);
	snprintf(kind, size, "%s", tb_row_text(head, TB_HEAD_KIND));
	snprintf(stage, size, "%s", tb_row_text(head, TB_HEAD_STAGE));
	if (tb_row_has(head, TB_HEAD_CLOSED))
		tb_api_refuse(L, "matter %s is closed", id);
	return id;
}

static int matter_set(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	json_t *change, *data, *value;
	const char *id, *key;

	tb_sandbox_writes(L);
	id = luaL_checkstring(L, 1);
	luaL_checktype(L, 2, LUA_TTABLE);
	change = tb_lua_to_json(L, 2);
	if (!change || tb_api_zero(change)) {
		json_decref(change);
		return luaL_error(L, "matter.set: this is no plain data");
	}
	data = tb_data_get(r, id);
	if (!data) {
		json_decref(change);
		return tb_api_refuse(L, "there is no matter %s", id);
	}
	data = json_copy(data);
	json_object_foreach(change, key, value) {
		if (json_is_null(value))
			json_object_del(data, key);
		else
			json_object_set(data, key, value);
	}
	json_decref(change);
	tb_rows_put(r->rows, TB_ROWS_MATTER, r->pack->name, id, data);
	tb_state_touch(r, id, NULL);
	return 0;
}

static bool stage_leads_to(lua_State *L, const char *kind, const char *stage, const char *next)
{
	int top = lua_gettop(L);
	lua_Integer i, count;
	bool found = false;

	push_kind(L, kind);
	lua_getfield(L, -1, "stages");
	lua_getfield(L, -1, stage);
	lua_getfield(L, -1, "to");
	count = lua_istable(L, -1) ? luaL_len(L, -1) : 0;
	for (i = 1; i <= count && !found; i++) {
		lua_geti(L, -1, i);
		found = lua_isstring(L, -1) && !strcmp(lua_tostring(L, -1), next);
		lua_pop(L, 1);
	}
	lua_settop(L, top);
	return found;
}

static bool stage_is_final(lua_State *L, const char *kind, const char *stage)
{
	int top = lua_gettop(L);
	bool final;

	push_kind(L, kind);
	lua_getfield(L, -1, "stages");
	lua_getfield(L, -1, stage);
	if (!lua_istable(L, -1))
		return luaL_error(L, "matter %s has no stage %s", kind, stage);
	final = tb_api_is(L, lua_gettop(L), "final");
	lua_settop(L, top);
	return final;
}

static int matter_move(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	char kind[64], stage[64];
	const char *id = check_open(L, kind, stage, sizeof(kind));
	const char *next = luaL_checkstring(L, 2);
	bool final = stage_is_final(L, kind, next);

	if (!stage_leads_to(L, kind, stage, next))
		return tb_api_refuse(L, "matter %s is in stage %s, which does not lead to %s", id,
				     stage, next);
	tb_head_set(r, id, TB_HEAD_STAGE, json_string(next));
	if (final) {
		tb_db_change(r->db, tb_rows_key(id), "fm-",
			     "UPDATE matter SET stage = ?, closed = ? WHERE id = ?", "tit", next,
			     r->event->time, id);
		tb_head_set(r, id, TB_HEAD_CLOSED, json_integer(r->event->time));
		tb_open_closed(r, tb_head_get(r, id));
		tb_clock_stop_all(r, id);
		tb_tasks_none(r, id);
	} else {
		tb_db_change(r->db, tb_rows_key(id), "f-",
			     "UPDATE matter SET stage = ? WHERE id = ?", "tt", next, id);
	}
	tb_state_touch(r, id, NULL);
	tb_state_effect(r, final ? "close" : "move",
			json_pack("{s:s, s:s, s:s}", "matter", id, "from", stage, "stage", next));
	return 0;
}

/* Of any pack */
static bool exists(struct tb_referee *r, const char *id)
{
	return tb_head_get(r, id) ||
	       tb_db_number(r->db, 0, "SELECT 1 FROM matter WHERE id = ?", "t", id);
}

static int matter_note(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *id = luaL_checkstring(L, 1);

	tb_sandbox_writes(L);
	if (!exists(r, id))
		return tb_api_refuse(L, "there is no matter %s", id);
	tb_state_touch(r, id, tb_api_text(L, 2));
	return 0;
}

static int matter_share(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	char kind[64], stage[64];
	const char *id = check_open(L, kind, stage, sizeof(kind));
	const char *office = luaL_checkstring(L, 2);

	if (!office_exists(r, office))
		return tb_api_refuse(L, "there is no office %s", office);
	tb_db_do(r->db,
		 "INSERT INTO side (matter, office, how, record) VALUES (?, ?, 'side', ?)"
		 " ON CONFLICT DO NOTHING",
		 "ttt", id, office, r->event->record);
	tb_sides_add(r, id, office);
	tb_state_touch(r, id, NULL);
	tb_state_effect(r, "share", json_pack("{s:s, s:s}", "matter", id, "office", office));
	return 0;
}

static int matter_hand(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	char kind[64], stage[64];
	const char *id = check_open(L, kind, stage, sizeof(kind));
	const char *office = luaL_checkstring(L, 2), *reason = luaL_optstring(L, 3, NULL);

	if (!office_exists(r, office))
		return tb_api_refuse(L, "there is no office %s", office);
	tb_db_do(r->db, "UPDATE side SET how = 'side' WHERE matter = ? AND how = 'owner'", "t", id);
	tb_db_do(r->db, "UPDATE matter SET office = ? WHERE id = ?", "tt", office, id);
	tb_head_set(r, id, TB_HEAD_OFFICE, json_string(office));
	add_owner(r, id, office, reason);
	tb_state_touch(r, id, NULL);
	tb_state_task(r, id, office, TB_NO_UID,
		      "{\"en\":\"handed over to you\",\"zh\":\"已移交贵单位\"}", NULL);
	tb_state_effect(r, "hand",
			json_pack("{s:s, s:s, s:s*}", "matter", id, "office", office, "reason",
				  reason));
	return 0;
}

static int matter_link(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *id = luaL_checkstring(L, 1), *other = luaL_checkstring(L, 2);
	const char *how = luaL_optstring(L, 3, "see");

	tb_sandbox_writes(L);
	if (!strcmp(id, other) || !exists(r, id) || !exists(r, other))
		return tb_api_refuse(L, "there is no matter %s or no matter %s", id, other);
	tb_db_do(r->db,
		 "INSERT INTO link (matter, other, how, record) VALUES (?1, ?2, ?3, ?4), (?2, ?1, ?3, ?4)"
		 " ON CONFLICT DO NOTHING",
		 "tttt", id, other, how, r->event->record);
	tb_state_touch(r, id, NULL);
	tb_state_touch(r, other, NULL);
	tb_state_effect(r, "link",
			json_pack("{s:s, s:s, s:s}", "matter", id, "other", other, "how", how));
	return 0;
}

static int matter_links(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	sqlite3_stmt *stmt;
	lua_Integer n = 0;

	lua_newtable(L);
	stmt = tb_db_ask(r->db, "SELECT other, how FROM link WHERE matter = ? ORDER BY other, how",
			 "t", luaL_checkstring(L, 1));
	while (tb_db_row(r->db, stmt)) {
		lua_createtable(L, 0, 2);
		tb_api_column(L, stmt, 0, "matter");
		tb_api_column(L, stmt, 1, "how");
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/**
 * tb_api_matter() - add matter
 * @L: the Lua state, the globals on top
 */
void tb_api_matter(lua_State *L)
{
	static const luaL_Reg functions[] = {
		{ "open", matter_open },   { "get", matter_get },   { "find", matter_find },
		{ "set", matter_set },	   { "move", matter_move }, { "note", matter_note },
		{ "share", matter_share }, { "hand", matter_hand }, { "link", matter_link },
		{ "links", matter_links }, { NULL, NULL },
	};

	luaL_newlib(L, functions);
	lua_setfield(L, -2, "matter");
}
