// SPDX-License-Identifier: GPL-2.0-only
/* place.*, office.*, actor.*: where, which unit, who. All of it set by acts of base. */
#include <string.h>

#include "engine.h"
#include "geo.h"
#include "luajson.h"

#define PLACE "id, kind, name, office, parent, road, from_km, to_km, river, length_km, data, area"

static void push_place(lua_State *L, sqlite3_stmt *stmt)
{
	static const char *const names[] = { "id",   "kind",	"name",	 "office", "parent",
					     "road", "from_km", "to_km", "river",  "length_km" };
	int i;

	lua_createtable(L, 0, 12);
	for (i = 0; i < 10; i++)
		tb_api_column(L, stmt, i, names[i]);
	tb_api_column_json(L, stmt, 10, "data");
	lua_pushboolean(L, sqlite3_column_type(stmt, 11) != SQLITE_NULL);
	lua_setfield(L, -2, "area");
}

static int push_one_place(lua_State *L, struct tb_referee *r, sqlite3_stmt *stmt)
{
	if (!tb_db_row(r->db, stmt))
		return 0;
	push_place(L, stmt);
	tb_db_end(stmt);
	return 1;
}

static int place_get(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);

	if (lua_isnoneornil(L, 1))
		return 0;
	return push_one_place(L, r,
			      tb_db_ask(r->db, "SELECT " PLACE " FROM place WHERE id = ?", "t",
					luaL_checkstring(L, 1)));
}

static int place_find(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *kind, *office, *name;
	sqlite3_stmt *stmt;
	lua_Integer n = 0;

	luaL_checktype(L, 1, LUA_TTABLE);
	kind = tb_api_field(L, 1, "kind");
	office = tb_api_field(L, 1, "office");
	name = tb_api_field(L, 1, "name");
	lua_newtable(L);
	/* By its index, where the kind is known */
	stmt = tb_db_ask(r->db,
			 kind ? "SELECT " PLACE " FROM place WHERE kind = ?1 AND"
				" (?2 IS NULL OR office = ?2) AND (?3 IS NULL OR name = ?3) ORDER BY id" :
				"SELECT " PLACE " FROM place WHERE (?1 IS NULL OR kind = ?1) AND"
				" (?2 IS NULL OR office = ?2) AND (?3 IS NULL OR name = ?3) ORDER BY id",
			 "ttt", kind, office, name);
	while (tb_db_row(r->db, stmt)) {
		push_place(L, stmt);
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

static int place_at(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);

	return push_one_place(L, r,
			      tb_db_ask(r->db,
					"SELECT " PLACE
					" FROM place WHERE road = ?1 AND from_km <= ?2 AND"
					" to_km >= ?2 ORDER BY to_km - from_km, id LIMIT 1",
					"td", luaL_checkstring(L, 1), luaL_checknumber(L, 2)));
}

/* All segments that have it, the smallest first: two that overlap have both */
static int place_all(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	sqlite3_stmt *stmt;
	lua_Integer n = 0;

	lua_newtable(L);
	stmt = tb_db_ask(r->db,
			 "SELECT " PLACE
			 " FROM place WHERE road = ?1 AND from_km <= ?2 AND to_km >= ?2"
			 " ORDER BY to_km - from_km, id",
			 "td", luaL_checkstring(L, 1), luaL_checknumber(L, 2));
	while (tb_db_row(r->db, stmt)) {
		push_place(L, stmt);
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

static bool area_has(const char *text, double lon, double lat)
{
	json_t *area = text ? json_loads(text, 0, NULL) : NULL;
	bool has = tb_geo_has(area, lon, lat);

	json_decref(area);
	return has;
}

static int place_covering(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	double lon = luaL_checknumber(L, 1), lat = luaL_checknumber(L, 2);
	const char *kind = luaL_optstring(L, 3, NULL);
	sqlite3_stmt *stmt;

	stmt = tb_db_ask(r->db,
			 "SELECT " PLACE
			 " FROM place WHERE west <= ?1 AND east >= ?1 AND south <= ?2"
			 " AND north >= ?2 AND (?3 IS NULL OR kind = ?3)"
			 " ORDER BY (east - west) * (north - south), id",
			 "ddt", lon, lat, kind);
	while (tb_db_row(r->db, stmt)) {
		if (!area_has(tb_db_text(stmt, 11), lon, lat))
			continue;
		push_place(L, stmt);
		tb_db_end(stmt);
		return 1;
	}
	return 0;
}

/* Is the point in this place? Nothing, if the place has no area */
static int place_inside(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	double lon = luaL_checknumber(L, 2), lat = luaL_checknumber(L, 3);
	sqlite3_stmt *stmt;

	stmt = tb_db_ask(r->db, "SELECT area FROM place WHERE id = ? AND area IS NOT NULL", "t",
			 luaL_checkstring(L, 1));
	if (!tb_db_row(r->db, stmt))
		return 0;
	lua_pushboolean(L, area_has(tb_db_text(stmt, 0), lon, lat));
	tb_db_end(stmt);
	return 1;
}

static void push_office(lua_State *L, sqlite3_stmt *stmt)
{
	lua_createtable(L, 0, 6);
	tb_api_column(L, stmt, 0, "id");
	tb_api_column(L, stmt, 1, "name");
	tb_api_column(L, stmt, 2, "parent");
	tb_api_column(L, stmt, 3, "kind");
	tb_api_column_json(L, stmt, 4, "owns");
	tb_api_column_json(L, stmt, 5, "data");
}

#define OFFICE "id, name, parent, kind, owns, data"

static int office_get(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	sqlite3_stmt *stmt;

	if (lua_isnoneornil(L, 1))
		return 0;
	stmt = tb_db_ask(r->db, "SELECT " OFFICE " FROM office WHERE id = ?", "t",
			 luaL_checkstring(L, 1));
	if (!tb_db_row(r->db, stmt))
		return 0;
	push_office(L, stmt);
	tb_db_end(stmt);
	return 1;
}

static int office_find(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *kind, *parent;
	sqlite3_stmt *stmt;
	lua_Integer n = 0;

	luaL_checktype(L, 1, LUA_TTABLE);
	kind = tb_api_field(L, 1, "kind");
	parent = tb_api_field(L, 1, "parent");
	lua_newtable(L);
	stmt = tb_db_ask(r->db,
			 "SELECT " OFFICE " FROM office WHERE (?1 IS NULL OR kind = ?1) AND"
			 " (?2 IS NULL OR parent = ?2) ORDER BY id",
			 "tt", kind, parent);
	while (tb_db_row(r->db, stmt)) {
		push_office(L, stmt);
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* Is @kind in the list that @owns holds as JSON? */
static bool owns_kind(const char *owns, const char *kind)
{
	json_t *list = owns ? json_loads(owns, 0, NULL) : NULL, *item;
	bool found = false;
	size_t i;

	json_array_foreach(list, i, item)
		found = found || !strcmp(json_string_value(item) ?: "", kind);
	json_decref(list);
	return found;
}

/* The office itself, the next one above that owns the kind, or the topmost */
static void climb(struct tb_referee *r, char *office, size_t size, const char *kind)
{
	char start[128], above[128];
	sqlite3_stmt *stmt;
	int steps;
	bool owns;

	snprintf(start, sizeof(start), "%s", office);
	for (steps = 0; steps < 64; steps++) {
		stmt = tb_db_ask(r->db, "SELECT owns FROM office WHERE id = ?", "t", office);
		owns = tb_db_row(r->db, stmt) && owns_kind(tb_db_text(stmt, 0), kind);
		tb_db_end(stmt);
		if (owns)
			return;
		if (!tb_state_above(r, office, above, sizeof(above)))
			break;
		snprintf(office, size, "%s", above);
	}
	/* Nobody claims it: whoever has the place has it. */
	snprintf(office, size, "%s", start);
}

static int office_route(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *kind = luaL_checkstring(L, 2);
	char place[128], office[128] = "";
	sqlite3_stmt *stmt;
	int steps;

	snprintf(place, sizeof(place), "%s", luaL_optstring(L, 1, ""));
	for (steps = 0; steps < 64 && *place && !*office; steps++) {
		stmt = tb_db_ask(r->db, "SELECT office, parent FROM place WHERE id = ?", "t",
				 place);
		*place = '\0';
		if (tb_db_row(r->db, stmt)) {
			snprintf(office, sizeof(office), "%s", tb_db_text(stmt, 0) ?: "");
			snprintf(place, sizeof(place), "%s", tb_db_text(stmt, 1) ?: "");
		}
		tb_db_end(stmt);
	}
	if (!*office) {
		/* Of no place: any office that owns the kind, else the first at the top */
		stmt = tb_db_ask(r->db,
				 "SELECT id FROM office WHERE parent IS NULL OR EXISTS (SELECT 1 FROM"
				 " json_each(ifnull(owns, '[]')) WHERE value = ?1) ORDER BY NOT EXISTS"
				 " (SELECT 1 FROM json_each(ifnull(owns, '[]')) WHERE value = ?1), id"
				 " LIMIT 1",
				 "t", kind);
		if (tb_db_row(r->db, stmt))
			snprintf(office, sizeof(office), "%s", tb_db_text(stmt, 0));
		tb_db_end(stmt);
	}
	if (!*office)
		return 0;
	climb(r, office, sizeof(office), kind);
	lua_pushstring(L, office);
	return 1;
}

/* In a report: may the one who asks see what is of this office? */
static int office_seen(lua_State *L)
{
	lua_pushboolean(L, tb_seen_office(tb_sandbox_referee(L), luaL_optstring(L, 1, NULL)));
	return 1;
}

/* Minutes of "08:00"; hours go on behind midnight, as in "30:00" */
static int minutes_of(const char *clock)
{
	return (int)strtol(clock, NULL, 10) * 60 + (int)strtol(clock + 3, NULL, 10);
}

/* Has the duty this day, on which it begins? */
static bool has_day(const json_t *days, int64_t day)
{
	bool has = !json_array_size(days);
	char date[TB_DATE_SIZE];
	json_t *item;
	size_t i;

	tb_date_format(day, date);
	json_array_foreach((json_t *)days, i, item)
		has = has ||
		      (json_is_integer(item) ? json_integer_value(item) == tb_date_weekday(day) :
					       !strcmp(json_string_value(item) ?: "", date));
	return has;
}

static bool on_duty(const char *days, const char *since, const char *until, int64_t today,
		    int minute)
{
	int from = minutes_of(since), to = minutes_of(until), back;
	json_t *list = json_loads(days, 0, NULL);
	bool on = false;

	if (to < from)
		to += 24 * 60;
	/* After midnight it is still the duty of the day before. */
	for (back = 0; back < 2; back++, minute += 24 * 60)
		on = on || (minute >= from && minute < to && has_day(list, today - back));
	json_decref(list);
	return on;
}

static int office_duty(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *office = luaL_checkstring(L, 1);
	int64_t time = luaL_optinteger(L, 2, r->event ? r->event->time : 0);
	int64_t day = tb_zone_date(r, time);
	int minute = (int)((time + tb_zone_at(r, time) - day * TB_DAY) / 60);
	sqlite3_stmt *stmt;
	lua_Integer n = 0;

	lua_newtable(L);
	stmt = tb_db_ask(r->db,
			 "SELECT uid, days, since, until FROM duty WHERE office = ? ORDER BY no",
			 "t", office);
	while (tb_db_row(r->db, stmt)) {
		if (!on_duty(tb_db_text(stmt, 1), tb_db_text(stmt, 2), tb_db_text(stmt, 3), day,
			     minute))
			continue;
		lua_pushinteger(L, sqlite3_column_int64(stmt, 0));
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* An actor as packs see it; NULL if there is none */
static json_t *read_actor(struct tb_referee *r, int64_t uid)
{
	json_t *actor, *roles, *role, *named = json_object();
	sqlite3_stmt *stmt;
	size_t i;

	stmt = tb_db_ask(r->db, "SELECT name, office, roles FROM actor WHERE uid = ?", "i", uid);
	if (!tb_db_row(r->db, stmt)) {
		json_decref(named);
		return NULL;
	}
	roles = tb_memo_read(r->memo, tb_db_text(stmt, 2));
	json_array_foreach(roles, i, role)
		json_object_set_new(named, json_string_value(role) ?: "?", json_true());
	json_decref(roles);
	actor = json_pack("{s:I, s:s, s:s, s:o}", "uid", (json_int_t)uid, "name",
			  tb_db_text(stmt, 0), "office", tb_db_text(stmt, 1), "roles", named);
	tb_db_end(stmt);
	return actor;
}

/**
 * tb_actor() - who is a user?
 * @r: the referee
 * @uid: the user
 *
 * Return: uid, name, office and roles, each true by its name; the referee's, until an
 * actor changes; NULL if the user is no actor.
 */
const json_t *tb_actor(struct tb_referee *r, int64_t uid)
{
	struct tb_known_actor *known = &r->actors[(uint64_t)uid % TB_ACTORS_KNOWN];

	if (!known->set || known->uid != uid) {
		json_decref(known->actor);
		known->actor = read_actor(r, uid);
		known->reading = ++r->readings;
		known->uid = uid;
		known->set = true;
	}
	return known->actor;
}

/**
 * tb_actors_forget() - actors have changed, or what changed them was undone
 * @r: the referee
 */
void tb_actors_forget(struct tb_referee *r)
{
	size_t i;

	for (i = 0; i < TB_ACTORS_KNOWN; i++)
		json_decref(r->actors[i].actor);
	memset(r->actors, 0, sizeof(r->actors));
}

/**
 * tb_api_actor() - push an actor, as a table that can be read only
 * @L: the Lua state
 * @uid: the user
 *
 * Return: 1 with the actor on the stack; 0 with nothing, if there is none.
 */
int tb_api_actor(lua_State *L, int64_t uid)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const struct tb_known_actor *known = &r->actors[(uint64_t)uid % TB_ACTORS_KNOWN];
	lua_Integer at = (known - r->actors) * 2;

	if (!tb_actor(r, uid))
		return 0;
	/* What cannot be changed is made once, and is the same for all records. */
	luaL_getsubtable(L, LUA_REGISTRYINDEX, "actors");
	lua_rawgeti(L, -1, at + 1);
	if (lua_tointeger(L, -1) != known->reading) {
		lua_pushinteger(L, known->reading);
		lua_rawseti(L, -3, at + 1);
		tb_lua_push_frozen(L, known->actor);
		lua_rawseti(L, -3, at + 2);
	}
	lua_pop(L, 1);
	lua_rawgeti(L, -1, at + 2);
	lua_remove(L, -2);
	return 1;
}

static int actor_get(lua_State *L)
{
	return lua_isnoneornil(L, 1) ? 0 : tb_api_actor(L, luaL_checkinteger(L, 1));
}

static int actor_find(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *office, *role;
	sqlite3_stmt *stmt;
	lua_Integer n = 0;

	luaL_checktype(L, 1, LUA_TTABLE);
	office = tb_api_field(L, 1, "office");
	role = tb_api_field(L, 1, "role");
	lua_newtable(L);
	stmt = tb_db_ask(r->db,
			 "SELECT uid FROM actor WHERE (?1 IS NULL OR office = ?1) AND (?2 IS NULL OR"
			 " EXISTS (SELECT 1 FROM role WHERE role.role = ?2 AND role.uid = actor.uid))"
			 " ORDER BY uid",
			 "tt", office, role);
	while (tb_db_row(r->db, stmt)) {
		lua_pushinteger(L, sqlite3_column_int64(stmt, 0));
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/**
 * tb_api_world() - add place, office and actor
 * @L: the Lua state, the globals on top
 */
void tb_api_world(lua_State *L)
{
	static const luaL_Reg places[] = {
		{ "get", place_get },
		{ "find", place_find },
		{ "at", place_at },
		{ "covering", place_covering },
		{ "inside", place_inside },
		{ "all", place_all },
		{ NULL, NULL },
	};
	static const luaL_Reg offices[] = {
		{ "get", office_get },	 { "find", office_find }, { "route", office_route },
		{ "duty", office_duty }, { "seen", office_seen }, { NULL, NULL },
	};
	static const luaL_Reg actors[] = {
		{ "get", actor_get },
		{ "find", actor_find },
		{ NULL, NULL },
	};

	luaL_newlib(L, places);
	lua_setfield(L, -2, "place");
	luaL_newlib(L, offices);
	lua_setfield(L, -2, "office");
	luaL_newlib(L, actors);
	lua_setfield(L, -2, "actor");
}
