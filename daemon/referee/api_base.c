// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the pack base alone may do: set offices, actors, places, duties, holidays,
 * and which text of a pack is in force.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blobs.h"
#include "engine.h"
#include "geo.h"
#include "json.h"
#include "luajson.h"
#include "measures.h"

static int set_office(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *id = tb_api_field(L, 1, "id"), *parent = tb_api_field(L, 1, "parent");
	char at[128], above[128];
	int steps;

	tb_sandbox_writes(L);
	if (parent && !tb_db_number(r->db, 0, "SELECT 1 FROM office WHERE id = ?", "t", parent))
		return tb_api_refuse(L, "there is no office %s, the parent of %s: enter it first",
				     parent, id);
	/* A tree: nobody is above himself. */
	snprintf(at, sizeof(at), "%s", parent ?: "");
	for (steps = 0; *at; steps++) {
		if (!strcmp(at, id) || steps > 64)
			return tb_api_refuse(L, "office %s would be above itself", id);
		if (!tb_state_above(r, at, above, sizeof(above)))
			break;
		snprintf(at, sizeof(at), "%s", above);
	}
	tb_db_do(r->db,
		 "INSERT INTO office (id, name, parent, kind, owns, data) VALUES (?, ?, ?, ?, ?, ?)"
		 " ON CONFLICT DO UPDATE SET name = excluded.name, parent = excluded.parent,"
		 " kind = excluded.kind, owns = excluded.owns, data = excluded.data",
		 "tttttt", id, tb_api_field(L, 1, "name") ?: id, parent, tb_api_field(L, 1, "kind"),
		 tb_api_json(L, 1, "owns"), tb_api_json(L, 1, "data"));
	tb_state_effect(r, "office", json_pack("{s:s}", "office", id));
	return 0;
}

static int set_actor(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	int64_t uid = tb_api_integer(L, 1, "uid", TB_NO_UID);
	const char *office = tb_api_field(L, 1, "office");

	tb_sandbox_writes(L);
	if (!office || !tb_db_number(r->db, 0, "SELECT 1 FROM office WHERE id = ?", "t", office))
		return tb_api_refuse(L, "there is no office %s", office ?: "");
	tb_db_do(r->db,
		 "INSERT INTO actor (uid, name, office, roles) VALUES (?, ?, ?, ?)"
		 " ON CONFLICT DO UPDATE SET name = excluded.name, office = excluded.office,"
		 " roles = excluded.roles",
		 "ittt", uid, tb_api_field(L, 1, "name") ?: "", office,
		 tb_api_json(L, 1, "roles") ?: "[]");
	tb_db_do(r->db, "DELETE FROM role WHERE uid = ?", "i", uid);
	tb_db_do(r->db,
		 "INSERT OR IGNORE INTO role SELECT value, uid FROM actor, json_each(actor.roles)"
		 " WHERE uid = ?",
		 "i", uid);
	tb_actors_forget(r);
	tb_state_effect(r, "actor",
			json_pack("{s:I, s:s}", "uid", (json_int_t)uid, "office", office));
	return 0;
}

static int end_actor(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	int64_t uid = luaL_checkinteger(L, 1);

	tb_sandbox_writes(L);
	tb_db_do(r->db, "DELETE FROM actor WHERE uid = ?", "i", uid);
	tb_db_do(r->db, "DELETE FROM role WHERE uid = ?", "i", uid);
	tb_actors_forget(r);
	return 0;
}

static int count_role(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);

	lua_pushinteger(L, tb_db_number(r->db, 0, "SELECT count(*) FROM role WHERE role = ?", "t",
					luaL_checkstring(L, 1)));
	return 1;
}

static const char *text_of(const json_t *place, const char *name)
{
	return json_string_value(json_object_get(place, name));
}

/* A row of one place; NULL, or why it is none */
static const char *put_place(struct tb_referee *r, const json_t *place)
{
	const json_t *area = json_object_get(place, "area");
	const json_t *from = json_object_get(place, "from_km"),
		     *to = json_object_get(place, "to_km");
	/* SQLite takes what is no number for NULL. */
	struct tb_geo_box box = { NAN, NAN, NAN, NAN };
	const char *id = text_of(place, "id"), *office = text_of(place, "office");
	char *area_text = NULL, *data = NULL;
	static char why[320];
	struct tb_error err;

	if (!id || !*id || !text_of(place, "kind") || !text_of(place, "name"))
		return "a place needs id, kind and name";
	if (office && !tb_db_number(r->db, 0, "SELECT 1 FROM office WHERE id = ?", "t", office)) {
		snprintf(why, sizeof(why), "there is no office %s", office);
		return why;
	}
	if (text_of(place, "road") && (!json_is_number(from) || !json_is_number(to) ||
				       json_number_value(from) > json_number_value(to)))
		return "a part of a road needs from_km and to_km, the lower one first";
	if (json_is_object(area)) {
		if (tb_geo_check_area(area, &box, &err)) {
			snprintf(why, sizeof(why), "area: %.280s", err.text);
			return why;
		}
		area_text = tb_json_dumps(area, JSON_COMPACT | JSON_SORT_KEYS);
	}
	if (json_is_object(json_object_get(place, "data")))
		data = tb_json_dumps(json_object_get(place, "data"), JSON_COMPACT | JSON_SORT_KEYS);
	tb_db_do(r->db,
		 "INSERT OR REPLACE INTO place (id, kind, name, office, parent, road, from_km, to_km,"
		 " river, length_km, area, west, east, south, north, data) VALUES"
		 " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		 "ttttttddtdtddddt", id, text_of(place, "kind"), text_of(place, "name"), office,
		 text_of(place, "parent"), text_of(place, "road"),
		 from ? json_number_value(from) : NAN, to ? json_number_value(to) : NAN,
		 text_of(place, "river"), json_number_value(json_object_get(place, "length_km")),
		 area_text, box.west, box.east, box.south, box.north, data);
	free(area_text);
	free(data);
	return NULL;
}

static int set_place(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	json_t *place = tb_lua_to_json(L, 1);
	const char *why;

	tb_sandbox_writes(L);
	why = place ? put_place(r, place) : "this is no plain data";
	json_decref(place);
	return why ? tb_api_refuse(L, "%s", why) : 0;
}

/* A file of places, one a line; all of them, or none */
static int set_places(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	lua_Integer count = luaL_checkinteger(L, 2), line = 0;
	const char *hash = luaL_checkstring(L, 1), *why = NULL;
	struct tb_error err;
	json_error_t where;
	char *text, *at, *next;
	json_t *place;
	char id[65];
	size_t len;

	tb_sandbox_writes(L);
	if (tb_blob_read(r->options.blobs, hash, &text, &len, &err))
		return tb_api_refuse(L, "%s", err.text);
	for (at = text; !why && at && at < text + len; at = next) {
		next = memchr(at, '\n', len - (size_t)(at - text));
		if (next)
			*next++ = '\0';
		line++;
		place = json_loads(at, JSON_REJECT_DUPLICATES, &where);
		why = place ? put_place(r, place) : where.text;
		/* Who wrote another file knows the place by its name. */
		snprintf(id, sizeof(id), "%s", text_of(place, "id") ?: "");
		json_decref(place);
	}
	if (why)
		lua_pushfstring(L, "line %I: %s%s%s", line, id, *id ? ": " : "", why);
	else if (line != count)
		lua_pushfstring(L, "the file has %I lines, not %I", line, count);
	free(text);
	return why || line != count ? tb_api_refuse(L, "%s", lua_tostring(L, -1)) : 0;
}

static int set_duty(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);

	tb_sandbox_writes(L);
	tb_db_do(r->db,
		 "INSERT INTO duty (office, uid, days, since, until, record) VALUES"
		 " (?, ?, ?, ?, ?, ?)",
		 "titttt", tb_api_field(L, 1, "office"), tb_api_integer(L, 1, "uid", TB_NO_UID),
		 tb_api_json(L, 1, "days") ?: "[]", tb_api_field(L, 1, "from"),
		 tb_api_field(L, 1, "to"), r->event->record);
	return 0;
}

static void put_day(struct tb_referee *r, int64_t day, bool working, const char *name)
{
	char date[TB_DATE_SIZE];

	tb_db_do(r->db,
		 "INSERT INTO holiday (date, working, name) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
		 " SET working = excluded.working, name = excluded.name",
		 "tit", tb_date_format(day, date), (int64_t)working, name);
}

static void calendar_changed(struct tb_referee *r, int year)
{
	char en[64], zh[64];

	tb_calendar_forget(r->calendar);
	snprintf(en, sizeof(en), "days off of %d entered", year);
	snprintf(zh, sizeof(zh), "录入%d年放假安排", year);
	tb_clock_derive_all(r, NULL, en, zh);
}

/* Is this the station's first day of a year of which the program has the list? */
static bool sets_list_aside(struct tb_referee *r, int year)
{
	char like[16];

	snprintf(like, sizeof(like), "%d-%%", year);
	return tb_calendar_shipped(r->calendar, year) &&
	       !tb_db_number(r->db, 0, "SELECT count(*) FROM holiday WHERE date LIKE ?", "t", like);
}

static int set_holiday(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *date = tb_api_field(L, 1, "date");
	char year_text[16], *text;
	int64_t day;
	int year;

	tb_sandbox_writes(L);
	if (!date || tb_date_parse(date, &day))
		return luaL_error(L, "%s is no date", date ?: "");
	year = tb_date_year(day);
	if (sets_list_aside(r, year)) {
		snprintf(year_text, sizeof(year_text), "%d", year);
		text = tb_state_text("from here on the station's own list of days off counts for the year, not the one that came with the program; enter all of it (act calendar): ",
				     "自此该年放假安排以本站录入为准，不再采用随程序附带的安排，请完整录入（calendar）：",
				     year_text);
		tb_state_finding(r, TB_BASE, "calendar.own", "warn", text, NULL, NULL);
		free(text);
	}
	put_day(r, day, tb_api_is(L, 1, "working"), tb_api_field(L, 1, "name"));
	calendar_changed(r, year);
	return 0;
}

/* Days of a list: a date each, or the first and the last of several */
static void put_days(lua_State *L, const char *name, int year, bool working)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *from, *to, *source = tb_api_field(L, 1, "source");
	lua_Integer i, count;
	int64_t day, last;

	lua_getfield(L, 1, name);
	count = lua_istable(L, -1) ? luaL_len(L, -1) : 0;
	for (i = 1; i <= count; i++) {
		lua_geti(L, -1, i);
		if (lua_istable(L, -1)) {
			lua_geti(L, -1, 1);
			lua_geti(L, -2, 2);
		} else {
			lua_pushvalue(L, -1);
			lua_pushvalue(L, -1);
		}
		from = lua_tostring(L, -2);
		to = lua_tostring(L, -1);
		if (!from || !to || tb_date_parse(from, &day) || tb_date_parse(to, &last) ||
		    last < day || tb_date_year(day) != year || tb_date_year(last) != year)
			tb_api_refuse(L, "%s: %s to %s does not lie in %d", name, from ?: "?",
				      to ?: "?", year);
		else
			for (; day <= last; day++)
				put_day(r, day, working, source);
		lua_pop(L, 3);
	}
	lua_pop(L, 1);
}

static int set_calendar(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	int year = (int)tb_api_integer(L, 1, "year", 0);
	char like[16];

	tb_sandbox_writes(L);
	snprintf(like, sizeof(like), "%d-%%", year);
	tb_db_do(r->db, "DELETE FROM holiday WHERE date LIKE ?", "t", like);
	put_days(L, "off", year, false);
	put_days(L, "working", year, true);
	calendar_changed(r, year);
	return 0;
}

/* A clock that began by a time nobody knew: from when it counts, says a person. */
static int set_clock(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	int64_t id = luaL_checkinteger(L, 1), day = tb_api_day(L, 2);
	const char *reason = luaL_checkstring(L, 3);
	char en[400], zh[400], date[TB_DATE_SIZE];

	tb_sandbox_writes(L);
	if (!tb_db_number(r->db, 0,
			  "SELECT 1 FROM clock WHERE id = ? AND state IN ('running', 'waiting')",
			  "i", id))
		return tb_api_refuse(L, "no clock %lld is running", (long long)id);
	if (!tb_db_number(r->db, 0, "SELECT 1 FROM clock WHERE id = ? AND doubt = 'unsynced'", "i",
			  id))
		return tb_api_refuse(L, "clock %lld began at a known time: it stays as it is",
				     (long long)id);
	if (day > tb_zone_date(r, r->event->time))
		return tb_api_refuse(L, "%s is in the future: give a day that has come",
				     lua_tostring(L, 2));
	tb_db_do(r->db,
		 "UPDATE clock SET doubt = 'settled', began = began + (julianday(?1) -"
		 " julianday(started)) * 86400, started = ?1 WHERE id = ?2",
		 "ti", tb_date_format(day, date), id);
	snprintf(en, sizeof(en), "counted from %s, says user %lld: %.250s", date,
		 (long long)r->event->uid, reason);
	snprintf(zh, sizeof(zh), "用户%lld指定自%s起算：%.250s", (long long)r->event->uid, date,
		 reason);
	tb_clock_derive(r, id, en, zh);
	return 0;
}

static int use_pack(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *hash = luaL_checkstring(L, 2);
	struct tb_error err;

	tb_sandbox_writes(L);
	if (!strcmp(name, TB_BASE))
		return tb_api_refuse(L,
				     "the pack base is part of the program: it cannot be replaced");
	if (tb_referee_force(r, name, hash, &err))
		return tb_api_refuse(L, "%s", err.text);
	tb_clock_derive_all(r, name, "another version of the rules is in force", "规则文本已更换");
	return 0;
}

static int set_zone(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *rule = luaL_checkstring(L, 2);

	tb_sandbox_writes(L);
	return tb_zone_set(r, name, rule) ? tb_api_refuse(L, "%s is no rule of a time zone", rule) :
					    0;
}

static int set_measure(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *source = luaL_checkstring(L, 1), *framing = luaL_checkstring(L, 2);
	json_t *values = tb_lua_to_json(L, 3);
	char why[200] = "";
	bool done;

	tb_sandbox_writes(L);
	done = tb_measures_set(r, source, framing, values, luaL_optinteger(L, 4, 0), why,
			       sizeof(why));
	json_decref(values);
	return done ? 0 : tb_api_refuse(L, "%s", why);
}

static int get_reader(lua_State *L)
{
	lua_pushinteger(L, tb_db_number(tb_sandbox_referee(L)->db, TB_NO_UID,
					"SELECT value FROM store WHERE pack = 'engine' AND"
					" key = 'reader'",
					""));
	return 1;
}

/**
 * tb_api_base() - add set, for the pack base
 * @L: the Lua state, the globals on top
 */
void tb_api_base(lua_State *L)
{
	static const luaL_Reg functions[] = {
		{ "office", set_office },
		{ "actor", set_actor },
		{ "actor_end", end_actor },
		{ "role_count", count_role },
		{ "place", set_place },
		{ "places", set_places },
		{ "duty", set_duty },
		{ "holiday", set_holiday },
		{ "calendar", set_calendar },
		{ "clock", set_clock },
		{ "pack", use_pack },
		{ "measure", set_measure },
		{ "zone", set_zone },
		{ "reader", get_reader },
		{ NULL, NULL },
	};

	luaL_newlib(L, functions);
	lua_setfield(L, -2, "set");
}
