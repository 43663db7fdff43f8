// SPDX-License-Identifier: GPL-2.0-only
/* Reports: what packs count, of what the one who asks may see. */
#include <errno.h>
#include <string.h>

#include "engine.h"
#include "luajson.h"

/* In Lua a list without items is a table like any other. */
static json_t *take_rows(lua_State *L)
{
	json_t *rows = tb_lua_to_json(L, -1);

	if (!json_is_object(rows) || json_object_size(rows))
		return rows;
	json_decref(rows);
	return json_array();
}

/* Leaves the report's function on the stack; sets whether it is for all of the pack */
static bool push_report(lua_State *L, const char *report, bool *open)
{
	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	if (lua_getfield(L, -1, "reports") != LUA_TTABLE ||
	    lua_getfield(L, -1, report) != LUA_TTABLE) {
		lua_settop(L, 0);
		return false;
	}
	*open = tb_api_is(L, lua_gettop(L), "open");
	if (lua_getfield(L, -1, "run") == LUA_TFUNCTION)
		return true;
	lua_settop(L, 0);
	return false;
}

static int run(struct tb_pack *p, const char *report, const json_t *query, json_t **rows,
	       struct tb_error *err)
{
	struct tb_referee *r = p->referee;
	char why[480];

	tb_lua_push_json(p->L, query);
	r->reading = true;
	r->pack = p;
	*rows = NULL;
	if (tb_sandbox_call(p, 1, 1, why, sizeof(why)))
		tb_error_set(err, -EINVAL, "report %s: %s", report, why);
	else if (!(*rows = take_rows(p->L)))
		tb_error_set(err, -EINVAL, "report %s gives no plain data", report);
	r->reading = false;
	return *rows ? 0 : -EINVAL;
}

/**
 * tb_referee_report() - run a report of a pack
 * @referee: the referee
 * @pack: the pack
 * @report: its report
 * @query: what is asked
 * @viewer: who asks
 * @sees_all: who asks may see all, by another office than an actor's
 * @rows: set to the rows, the caller's
 * @err: told what went wrong
 *
 * Reports are for those who have a role of the pack, and count what they may see;
 * admins, supervisors and auditors see all of all packs. A report that is "open" counts over all
 * offices for whoever has a role.
 *
 * Return: 0; -ENOENT if there is no such pack or report; -EACCES if it is not for
 * the viewer; -EINVAL if it failed.
 */
int tb_referee_report(struct tb_referee *referee, const char *pack, const char *report,
		      const json_t *query, int64_t viewer, bool sees_all, json_t **rows,
		      struct tb_error *err)
{
	struct tb_pack *p = tb_pack_find(referee, pack);
	bool all = sees_all || tb_seen_all(referee, viewer), open;
	int ret;

	if (!p)
		return tb_error_set(err, -ENOENT, "there is no pack %s in force", pack);
	if (!all && !tb_seen_role(referee, pack, viewer))
		return tb_error_set(err, -EACCES,
				    "only people with a role of pack %s, admins, supervisors and auditors may read its reports",
				    pack);
	if (!push_report(p->L, report, &open))
		return tb_error_set(err, -ENOENT, "the pack %s has no report %s", pack, report);
	if (!all && !open)
		tb_seen_begin(referee, viewer);
	ret = run(p, report, query, rows, err);
	tb_seen_end(referee);
	lua_settop(p->L, 0);
	return ret;
}
