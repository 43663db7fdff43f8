// SPDX-License-Identifier: GPL-2.0-only
/*
 * A clock comes due: whoever owes is warned, then told on. Where the day is in doubt
 * nobody is: the clock waits until the doubt is settled.
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "dossier.h"
#include "engine.h"

/* The owner of a matter, or "" */
static void owner_of(struct tb_referee *r, const char *matter, char *office, size_t size)
{
	sqlite3_stmt *stmt =
		tb_db_ask(r->db, "SELECT office FROM matter WHERE id = ?", "t", matter);

	snprintf(office, size, "%s", tb_db_row(r->db, stmt) ? tb_db_text(stmt, 0) ?: "" : "");
	tb_db_end(stmt);
}

/* Of the task that says a clock is soon due, its key */
#define SOON "soon:%lld"

static void warn(struct tb_referee *r, int64_t id, const char *name, const char *matter)
{
	char *text = tb_state_text("soon due: ", "即将到期：", name);
	char office[128], key[32];

	tb_db_do(r->db, "UPDATE clock SET warn = NULL WHERE id = ?", "i", id);
	owner_of(r, matter, office, sizeof(office));
	tb_state_effect(r, "warn", tb_clock_json(id, name, matter, r->event->time));
	snprintf(key, sizeof(key), SOON, (long long)id);
	tb_state_task(r, matter, *office ? office : NULL, TB_NO_UID, text, key);
	free(text);
}

/**
 * tb_due_unwarn() - a clock is met, overdue or stopped: nothing is soon due any more
 * @r: the referee, in an event
 * @matter: its matter
 * @id: its number
 */
void tb_due_unwarn(struct tb_referee *r, const char *matter, int64_t id)
{
	char key[32];
	int64_t task;

	snprintf(key, sizeof(key), SOON, (long long)id);
	task = tb_tasks_find(r, matter, key);
	if (!task)
		return;
	tb_tasks_done(r, task);
	tb_state_effect(r, "done", json_pack("{s:I}", "task", (json_int_t)task));
}

static void overdue(struct tb_referee *r, int64_t id, const char *name, const char *matter,
		    const char *law)
{
	char *text = tb_state_text("overdue: ", "已逾期：", name);
	char office[128], above[128], rule[96];

	tb_db_do(r->db, "UPDATE clock SET state = 'overdue', warn = NULL WHERE id = ?", "i", id);
	tb_due_unwarn(r, matter, id);
	snprintf(rule, sizeof(rule), "clock.%s", name);
	tb_state_finding(r, r->pack->name, rule, "fault", text, law, matter);
	owner_of(r, matter, office, sizeof(office));
	if (*office) {
		tb_state_above(r, office, above, sizeof(above));
		tb_state_task(r, matter, above, TB_NO_UID, text, NULL);
	}
	free(text);
}

/* Why a clock that is due may not be: its own doubt, or that of the time it is now */
static const char *why_wait(const struct tb_referee *r, const char *doubt)
{
	if (!strcmp(doubt, "calendar"))
		return doubt;
	/* What was begun and is due by the same clock has that clock's measure. */
	if (!strcmp(doubt, "unsynced"))
		return r->event->synced ? doubt : NULL;
	return r->event->synced ? NULL : "now";
}

static void wait_for(struct tb_referee *r, int64_t id, const char *name, const char *matter,
		     const char *why)
{
	static const struct {
		const char *why, *en, *zh;
	} words[] = {
		{ "calendar",
		  "due, but the list of days off of its year is missing: enter it (base, act calendar): ",
		  "期限将届而缺少该年放假安排，请录入（base calendar）：" },
		{ "unsynced",
		  "due, but it began while the machine's clock was not synchronised: say from when it counts (base, act clock-rebase): ",
		  "期限将届而起算时本机时钟未同步，请指定起算日（base clock-rebase）：" },
		{ "now",
		  "due by the machine's clock, which is not synchronised: waiting until it is: ",
		  "按本机时钟已到期，但本机时钟未同步，待同步后再计：" },
	};
	char office[128], *text = NULL;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].why, why))
			text = tb_state_text(words[i].en, words[i].zh, name);
	tb_db_do(r->db, "UPDATE clock SET state = 'waiting', doubt = ?, warn = NULL WHERE id = ?",
		 "ti", why, id);
	r->asleep = r->asleep || !strcmp(why, "now");
	tb_state_finding(r, r->pack->name, "clock.uncertain", "warn", text, NULL, matter);
	owner_of(r, matter, office, sizeof(office));
	tb_state_task(r, matter, *office ? office : NULL, TB_NO_UID, text, NULL);
	tb_state_effect(r, "waiting",
			json_pack("{s:I, s:s, s:s, s:I, s:s}", "id", (json_int_t)id, "clock", name,
				  "matter", matter, "due", (json_int_t)r->event->time, "doubt",
				  why));
	free(text);
}

/**
 * tb_clock_wake() - the time is known again: what waited for that goes on
 * @r: the referee, in an event whose time is known
 *
 * What is due is due now.
 */
void tb_clock_wake(struct tb_referee *r)
{
	char name[64], matter[96];
	sqlite3_stmt *stmt;
	int64_t id, due;

	for (;;) {
		stmt = tb_db_ask(r->db,
				 "SELECT id, name, matter, due FROM clock WHERE state = 'waiting' AND"
				 " doubt = 'now' ORDER BY id LIMIT 1",
				 "");
		if (!tb_db_row(r->db, stmt))
			break;
		id = sqlite3_column_int64(stmt, 0);
		snprintf(name, sizeof(name), "%s", tb_db_text(stmt, 1));
		snprintf(matter, sizeof(matter), "%s", tb_db_text(stmt, 2));
		due = sqlite3_column_int64(stmt, 3);
		tb_db_end(stmt);
		tb_db_do(r->db, "UPDATE clock SET state = 'running', doubt = NULL WHERE id = ?",
			 "i", id);
		tb_clocks_changed(r, matter);
		tb_state_effect(r, "clock", tb_clock_json(id, name, matter, due));
	}
	r->asleep = false;
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
	tb_state_effect(r, "ended", tb_clock_json(id, name, matter, r->event->time));
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
	stmt = tb_db_ask(r->db, "SELECT " TB_CLOCK " FROM clock WHERE id = ?", "i", id);
	if (tb_db_row(r->db, stmt))
		tb_clock_push(L, stmt);
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
	char pack[64], name[64], matter[96], doubt[16];
	sqlite3_stmt *stmt;
	char *text = NULL;
	const char *why;
	bool warning = id & 1;

	stmt = tb_db_ask(r->db,
			 "SELECT pack, name, matter, law, due, warn, ifnull(doubt, '') FROM clock WHERE id = ? AND"
			 " state = 'running'",
			 "i", (int64_t)(id / 2));
	if (!tb_db_row(r->db, stmt))
		return tb_db_failed(r->db, err);
	snprintf(pack, sizeof(pack), "%s", tb_db_text(stmt, 0));
	snprintf(name, sizeof(name), "%s", tb_db_text(stmt, 1));
	snprintf(matter, sizeof(matter), "%s", tb_db_text(stmt, 2));
	snprintf(doubt, sizeof(doubt), "%s", tb_db_text(stmt, 6));
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
	why = warning ? NULL : why_wait(r, doubt);
	tb_clocks_changed(r, matter);
	if (why) {
		wait_for(r, (int64_t)(id / 2), name, matter, why);
		free(text);
		return tb_db_failed(r->db, err);
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

static void add_soon(struct tb_soon *soon, int64_t time, uint64_t clock)
{
	if (!soon->known || time >= soon->until)
		return;
	if (soon->count == TB_SOON) {
		soon->known = false;
		return;
	}
	soon->times[soon->count] = time;
	soon->clocks[soon->count++] = clock;
}

static void drop_soon(struct tb_soon *soon, size_t i)
{
	soon->count--;
	soon->times[i] = soon->times[soon->count];
	soon->clocks[i] = soon->clocks[soon->count];
}

/**
 * tb_due_started() - a clock runs
 * @r: the referee, in a call
 * @id: its number
 * @due: when it is due
 * @warn: when its warning is; INT64_MAX for never
 */
void tb_due_started(struct tb_referee *r, int64_t id, int64_t due, int64_t warn)
{
	add_soon(&r->soon, due, (uint64_t)id * 2);
	if (warn != INT64_MAX)
		add_soon(&r->soon, warn, (uint64_t)id * 2 + 1);
}

/**
 * tb_due_ended() - a clock runs no more
 * @r: the referee, in a call
 * @id: its number
 */
void tb_due_ended(struct tb_referee *r, int64_t id)
{
	struct tb_soon *soon = &r->soon;
	size_t i = 0;

	while (i < soon->count)
		if (soon->clocks[i] / 2 == (uint64_t)id)
			drop_soon(soon, i);
		else
			i++;
}

/* The next ones, half of those there is room for at the most; of the last time some may be missing */
static void look_ahead(struct tb_referee *r)
{
	/* Two questions: as one they would be sorted in a table of their own. */
	static const char *const sql[] = {
		"SELECT due, id * 2 FROM clock WHERE state = 'running' ORDER BY due, id LIMIT 16",
		"SELECT warn, id * 2 + 1 FROM clock WHERE state = 'running' AND warn IS NOT NULL"
		" ORDER BY warn, id LIMIT 16",
	};
	struct tb_soon *soon = &r->soon;
	size_t i, n;

	*soon = (struct tb_soon){ .known = true, .until = INT64_MAX };
	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		sqlite3_stmt *stmt = tb_db_ask(r->db, sql[i], "");
		int64_t last = 0;

		for (n = 0; tb_db_row(r->db, stmt); n++) {
			last = sqlite3_column_int64(stmt, 0);
			soon->times[soon->count] = last;
			soon->clocks[soon->count++] = (uint64_t)sqlite3_column_int64(stmt, 1);
		}
		if (n == 16 && last < soon->until)
			soon->until = last;
	}
}

static bool first_of(const struct tb_soon *soon, int64_t *time, uint64_t *clock)
{
	bool found = false;
	size_t i;

	for (i = 0; i < soon->count; i++) {
		if (found && (soon->times[i] > *time ||
			      (soon->times[i] == *time && soon->clocks[i] > *clock)))
			continue;
		*time = soon->times[i];
		*clock = soon->clocks[i];
		found = true;
	}
	return found;
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
	struct tb_soon *soon = &r->soon;
	bool found = soon->known && first_of(soon, time, clock);

	if (soon->known && (found ? *time < soon->until : soon->until == INT64_MAX))
		return found;
	look_ahead(r);
	found = first_of(soon, time, clock);
	/* All at one time: they are looked for again when the first of them is over. */
	if (found && *time >= soon->until)
		soon->known = false;
	return found;
}
