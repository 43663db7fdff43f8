// SPDX-License-Identifier: GPL-2.0-only
/*
 * clock.*: deadlines. A clock is started by a record, ends at what its rule says, and
 * cannot be edited: extended only within the rule's bound, with a reason.
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "engine.h"
#include "luajson.h"

/* Leaves on the stack: the declaration, and the row of the law it names or nil */
static void push_rule(lua_State *L, const char *name)
{
	const char *law;

	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	lua_getfield(L, -1, "clocks");
	if (lua_istable(L, -1))
		lua_getfield(L, -1, name);
	else
		lua_pushnil(L);
	lua_replace(L, -3);
	lua_pop(L, 1);
	if (!lua_istable(L, -1))
		luaL_error(L, "the pack declares no clock %s", name);
	law = tb_api_field(L, -1, "law");
	if (!law) {
		lua_pop(L, 1);
		lua_pushnil(L);
		return;
	}
	lua_getglobal(L, "data");
	lua_pushliteral(L, "law");
	lua_call(L, 1, 1);
	lua_getfield(L, -1, law);
	if (!lua_istable(L, -1))
		luaL_error(L, "clock %s: data/law.json has no row %s", name, law);
	lua_replace(L, -3);
	lua_pop(L, 1);
}

/* A number of the rule: the declaration's own, or else the law's */
static int64_t rule_number(lua_State *L, int rule, const char *name)
{
	int64_t number = tb_api_integer(L, rule, name, -1);

	if (number < 0 && lua_istable(L, rule + 1))
		number = tb_api_integer(L, rule + 1, name, -1);
	return number;
}

/* Where the units of @rule lead from a day or a time; -1 if it has none */
static int64_t add_units(lua_State *L, int rule, int64_t day, int64_t time)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = { { "hours", 3600 }, { "minutes", 60 }, { "seconds", 1 } };
	struct tb_referee *r = tb_sandbox_referee(L);
	int64_t n;
	size_t i;

	n = rule_number(L, rule, "days");
	if (n >= 0)
		return tb_date_end(day + n, r->options.zone);
	n = rule_number(L, rule, "working_days");
	if (n >= 0 && n <= 10000)
		return tb_date_end(tb_date_working(r->db, day, n), r->options.zone);
	n = rule_number(L, rule, "months");
	if (n >= 0)
		return tb_date_end(tb_date_add(day, 0, n, 0), r->options.zone);
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		n = rule_number(L, rule, units[i].name);
		if (n >= 0)
			return time + n * units[i].seconds;
	}
	return -1;
}

static json_t *clock_json(int64_t id, const char *name, const char *matter, int64_t due)
{
	return json_pack("{s:I, s:s, s:s, s:I}", "id", (json_int_t)id, "clock", name, "matter",
			 matter, "due", (json_int_t)due);
}

static int64_t running(struct tb_referee *r, const char *name, const char *matter, const char *key)
{
	return tb_db_number(r->db, 0,
			    "SELECT id FROM clock WHERE matter = ? AND name = ? AND key = ? AND"
			    " pack = ? AND state = 'running'",
			    "tttt", matter, name, key, r->pack->name);
}

static int clock_start(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *matter = luaL_checkstring(L, 2);
	const char *key = "", *from = NULL, *law;
	int64_t day, due, id, warn;
	char date[TB_DATE_SIZE];
	int rule;

	tb_sandbox_writes(L);
	day = tb_date_of(r->event->time, r->options.zone);
	if (lua_istable(L, 3)) {
		from = tb_api_field(L, 3, "from");
		key = tb_api_field(L, 3, "key") ?: "";
	}
	if (from && tb_date_parse(from, &day))
		return luaL_error(L, "clock.start: %s is no date", from);
	if (running(r, name, matter, key))
		return tb_api_refuse(L, "clock %s runs already in matter %s", name, matter);
	push_rule(L, name);
	rule = lua_gettop(L) - 1;
	due = add_units(L, rule, day, r->event->time);
	if (due < 0)
		return luaL_error(L,
				  "clock %s has neither days, working_days, months, hours, minutes nor seconds",
				  name);
	warn = rule_number(L, rule, "warn");
	law = NULL;
	if (lua_istable(L, rule + 1)) {
		lua_createtable(L, 0, 1);
		lua_pushvalue(L, rule + 1);
		lua_setfield(L, -2, "law");
		law = tb_api_json(L, lua_gettop(L), "law");
	}
	tb_db_do(r->db,
		 "INSERT INTO clock (pack, name, matter, key, started, due, warn, extended, state,"
		 " law, record) VALUES (?, ?, ?, ?, ?, ?, nullif(?, -1), 0, 'running', ?, ?)",
		 "tttttiitt", r->pack->name, name, matter, key, tb_date_format(day, date), due,
		 warn < 0 ? (int64_t)-1 : due - warn * TB_DAY, law, r->event->record);
	id = tb_db_last(r->db);
	tb_state_touch(r, matter, NULL);
	tb_state_effect(r, "clock", clock_json(id, name, matter, due));
	lua_pushinteger(L, due);
	return 1;
}

/* What was owed is done after all: the finding stays, nobody owes it any more. */
static void met_late(struct tb_referee *r, const char *name, const char *matter, const char *key)
{
	int64_t id = tb_db_number(r->db, 0,
				  "SELECT max(id) FROM clock WHERE matter = ? AND name = ? AND"
				  " key = ? AND pack = ? AND state = 'overdue'",
				  "tttt", matter, name, key, r->pack->name);

	if (!id)
		return;
	tb_db_do(r->db, "UPDATE clock SET state = 'late' WHERE id = ?", "i", id);
	tb_state_effect(r, "late", clock_json(id, name, matter, r->event->time));
}

static int clock_stop(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *matter = luaL_checkstring(L, 2);
	int64_t id;

	tb_sandbox_writes(L);
	id = running(r, name, matter, luaL_optstring(L, 3, ""));
	if (id) {
		tb_db_do(r->db, "UPDATE clock SET state = 'met' WHERE id = ?", "i", id);
		tb_state_effect(r, "met", clock_json(id, name, matter, r->event->time));
	} else {
		met_late(r, name, matter, luaL_optstring(L, 3, ""));
	}
	lua_pushboolean(L, id != 0);
	return 1;
}

static int clock_extend(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	const char *name = luaL_checkstring(L, 1), *matter = luaL_checkstring(L, 2);
	const char *reason = luaL_optstring(L, 3, "");
	int64_t id, due, extended, times;
	int rule;

	tb_sandbox_writes(L);
	id = running(r, name, matter, luaL_optstring(L, 4, ""));
	if (!id)
		return tb_api_refuse(L, "no clock %s runs in matter %s", name, matter);
	if (!*reason)
		return tb_api_refuse(L, "an extension of clock %s needs a reason", name);
	push_rule(L, name);
	/* The extension is a rule of its own, within the declaration or the law. */
	lua_getfield(L, -2, "extend");
	if (!lua_istable(L, -1) && lua_istable(L, -2)) {
		lua_pop(L, 1);
		lua_getfield(L, -1, "extend");
	}
	if (!lua_istable(L, -1))
		return tb_api_refuse(L, "clock %s cannot be extended", name);
	rule = lua_gettop(L);
	lua_pushnil(L);
	times = tb_api_integer(L, rule, "times", 1);
	extended = tb_db_number(r->db, 0, "SELECT extended FROM clock WHERE id = ?", "i", id);
	if (extended >= times)
		return tb_api_refuse(L, "clock %s was extended %d times: its rule allows no more",
				     name, (int)extended);
	due = tb_db_number(r->db, 0, "SELECT due FROM clock WHERE id = ?", "i", id);
	due = add_units(L, rule, tb_date_of(due, r->options.zone), due);
	if (due < 0)
		return luaL_error(L, "clock %s: its extension has no unit", name);
	tb_db_do(r->db,
		 "UPDATE clock SET warn = CASE WHEN warn IS NULL THEN NULL ELSE warn + ?1 - due END,"
		 " due = ?1, extended = extended + 1 WHERE id = ?2",
		 "ii", due, id);
	tb_state_touch(r, matter, NULL);
	tb_state_effect(r, "extend", clock_json(id, name, matter, due));
	lua_pushinteger(L, due);
	return 1;
}

static void push_clock(lua_State *L, sqlite3_stmt *stmt)
{
	char date[TB_DATE_SIZE];

	lua_createtable(L, 0, 8);
	tb_api_column(L, stmt, 0, "id");
	tb_api_column(L, stmt, 1, "name");
	tb_api_column(L, stmt, 2, "matter");
	tb_api_column(L, stmt, 3, "key");
	tb_api_column(L, stmt, 4, "started");
	tb_api_column(L, stmt, 5, "due");
	tb_api_column(L, stmt, 6, "extended");
	tb_api_column(L, stmt, 7, "state");
	lua_pushstring(L, tb_date_format(tb_date_of(sqlite3_column_int64(stmt, 5),
						    tb_sandbox_referee(L)->options.zone),
					 date));
	lua_setfield(L, -2, "date");
}

#define CLOCK "id, name, matter, key, started, due, extended, state"

static int clock_get(lua_State *L)
{
	struct tb_referee *r = tb_sandbox_referee(L);
	sqlite3_stmt *stmt;

	if (!tb_seen_matter(r, luaL_checkstring(L, 2)))
		return 0;
	stmt = tb_db_ask(r->db,
			 "SELECT " CLOCK " FROM clock WHERE matter = ? AND name = ? AND key = ? AND"
			 " pack = ? ORDER BY id DESC LIMIT 1",
			 "tttt", luaL_checkstring(L, 2), luaL_checkstring(L, 1),
			 luaL_optstring(L, 3, ""), r->pack->name);
	if (!tb_db_row(r->db, stmt))
		return 0;
	push_clock(L, stmt);
	tb_db_end(stmt);
	return 1;
}

/**
 * tb_clock_stop_all() - a matter is closed: its clocks stop
 * @r: the referee, in an event
 * @matter: the matter
 */
void tb_clock_stop_all(struct tb_referee *r, const char *matter)
{
	tb_db_do(r->db, "UPDATE clock SET state = 'stopped' WHERE matter = ? AND state = 'running'",
		 "t", matter);
}

/* The owner of a matter, or "" */
static void owner_of(struct tb_referee *r, const char *matter, char *office, size_t size)
{
	sqlite3_stmt *stmt =
		tb_db_ask(r->db, "SELECT office FROM matter WHERE id = ?", "t", matter);

	snprintf(office, size, "%s", tb_db_row(r->db, stmt) ? tb_db_text(stmt, 0) ?: "" : "");
	tb_db_end(stmt);
}

static char *clock_text(const char *en, const char *zh, const char *name)
{
	json_t *json = json_pack("{s:s+, s:s+}", "en", en, name, "zh", zh, name);
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);

	json_decref(json);
	return text;
}

static void warn(struct tb_referee *r, int64_t id, const char *name, const char *matter)
{
	char *text = clock_text("soon due: ", "即将到期：", name);
	char office[128];

	tb_db_do(r->db, "UPDATE clock SET warn = NULL WHERE id = ?", "i", id);
	owner_of(r, matter, office, sizeof(office));
	tb_state_effect(r, "warn", clock_json(id, name, matter, r->event->time));
	tb_state_task(r, matter, *office ? office : NULL, TB_NO_UID, text, NULL);
	free(text);
}

static void overdue(struct tb_referee *r, int64_t id, const char *name, const char *matter,
		    const char *law)
{
	char *text = clock_text("overdue: ", "已逾期：", name);
	char office[128], above[128], rule[96];

	tb_db_do(r->db, "UPDATE clock SET state = 'overdue', warn = NULL WHERE id = ?", "i", id);
	snprintf(rule, sizeof(rule), "clock.%s", name);
	tb_state_finding(r, r->pack->name, rule, "fault", text, law, matter);
	owner_of(r, matter, office, sizeof(office));
	if (*office) {
		tb_state_above(r, office, above, sizeof(above));
		tb_state_task(r, matter, above, TB_NO_UID, text, NULL);
	}
	free(text);
}

/* The end of a term that nobody owes anything at, such as a notice's */
static bool is_quiet(struct tb_referee *r, const char *name)
{
	lua_State *L = r->pack->L;
	bool quiet = false;

	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	if (lua_getfield(L, -1, "clocks") == LUA_TTABLE && lua_getfield(L, -1, name) == LUA_TTABLE)
		quiet = tb_api_is(L, lua_gettop(L), "quiet");
	lua_settop(L, 0);
	return quiet;
}

static void end_quietly(struct tb_referee *r, int64_t id, const char *name, const char *matter,
			bool warning)
{
	if (warning) {
		tb_db_do(r->db, "UPDATE clock SET warn = NULL WHERE id = ?", "i", id);
		return;
	}
	tb_db_do(r->db, "UPDATE clock SET state = 'ended', warn = NULL WHERE id = ?", "i", id);
	tb_state_effect(r, "ended", clock_json(id, name, matter, r->event->time));
}

static void push_due_function(struct tb_referee *r, const char *name, int64_t id)
{
	lua_State *L = r->pack->L;
	sqlite3_stmt *stmt;

	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	lua_getfield(L, -1, "clocks");
	if (lua_istable(L, -1))
		lua_getfield(L, -1, name);
	else
		lua_pushnil(L);
	if (lua_istable(L, -1))
		lua_getfield(L, -1, "due");
	else
		lua_pushnil(L);
	lua_replace(L, -4);
	lua_pop(L, 2);
	stmt = tb_db_ask(r->db, "SELECT " CLOCK " FROM clock WHERE id = ?", "i", id);
	if (tb_db_row(r->db, stmt))
		push_clock(L, stmt);
	else
		lua_pushnil(L);
	tb_db_end(stmt);
}

/**
 * tb_clock_fire() - a clock, or its warning, is due
 * @r: the referee, in an event
 * @id: twice the number of the clock, and one more for the warning
 * @err: told what went wrong
 *
 * What was stopped, or has been due, stays as it is.
 *
 * Return: 0; 1 if the pack's own function and the clock are on its stack, to be
 * called with the event between them; or a negative errno.
 */
int tb_clock_fire(struct tb_referee *r, uint64_t id, struct tb_error *err)
{
	char pack[64], name[64], matter[96];
	sqlite3_stmt *stmt;
	char *text = NULL;
	bool warning = id & 1;

	stmt = tb_db_ask(r->db,
			 "SELECT pack, name, matter, law, due, warn FROM clock WHERE id = ? AND"
			 " state = 'running'",
			 "i", (int64_t)(id / 2));
	if (!tb_db_row(r->db, stmt))
		return tb_db_failed(r->db, err);
	snprintf(pack, sizeof(pack), "%s", tb_db_text(stmt, 0));
	snprintf(name, sizeof(name), "%s", tb_db_text(stmt, 1));
	snprintf(matter, sizeof(matter), "%s", tb_db_text(stmt, 2));
	if (tb_db_text(stmt, 3))
		text = strdup(tb_db_text(stmt, 3));
	/* Extended meanwhile: then it comes again. */
	if ((warning && sqlite3_column_type(stmt, 5) == SQLITE_NULL) ||
	    sqlite3_column_int64(stmt, warning ? 5 : 4) > r->event->time)
		*pack = '\0';
	tb_db_end(stmt);
	r->pack = *pack ? tb_pack_find(r, pack) : NULL;
	if (!r->pack) {
		free(text);
		return 0;
	}
	if (is_quiet(r, name))
		end_quietly(r, (int64_t)(id / 2), name, matter, warning);
	else if (warning)
		warn(r, (int64_t)(id / 2), name, matter);
	else
		overdue(r, (int64_t)(id / 2), name, matter, text);
	free(text);
	if (warning || tb_db_failed(r->db, err))
		return tb_db_failed(r->db, err);
	push_due_function(r, name, (int64_t)(id / 2));
	return 1;
}

/**
 * tb_referee_next_due() - which clock is due next?
 * @r: the referee
 * @time: set to when, seconds since 1970
 * @clock: set to its id, as in struct tb_event
 *
 * Return: whether there is one.
 */
bool tb_referee_next_due(struct tb_referee *r, int64_t *time, uint64_t *clock)
{
	/* Two questions: as one they would be sorted in a table of their own. */
	static const char *const sql[] = {
		"SELECT due, id * 2 FROM clock WHERE state = 'running' ORDER BY due, id LIMIT 1",
		"SELECT warn, id * 2 + 1 FROM clock WHERE state = 'running' AND warn IS NOT NULL"
		" ORDER BY warn, id LIMIT 1",
	};
	bool found = false;
	size_t i;

	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		sqlite3_stmt *stmt = tb_db_ask(r->db, sql[i], "");
		int64_t at;
		uint64_t id;

		if (!tb_db_row(r->db, stmt))
			continue;
		at = sqlite3_column_int64(stmt, 0);
		id = (uint64_t)sqlite3_column_int64(stmt, 1);
		tb_db_end(stmt);
		if (found && (at > *time || (at == *time && id > *clock)))
			continue;
		*time = at;
		*clock = id;
		found = true;
	}
	return found;
}

/**
 * tb_api_clock() - add clock
 * @L: the Lua state, the globals on top
 */
void tb_api_clock(lua_State *L)
{
	static const luaL_Reg functions[] = {
		{ "start", clock_start }, { "stop", clock_stop }, { "extend", clock_extend },
		{ "get", clock_get },	  { NULL, NULL },
	};

	luaL_newlib(L, functions);
	lua_setfield(L, -2, "clock");
}
