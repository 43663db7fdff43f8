// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "engine.h"

/* Has an actor the role on top of the stack, by its name or with the pack's before it? */
static bool has_role(lua_State *L, const json_t *roles, const char *pack)
{
	const char *role = lua_tostring(L, -1) ?: "";
	size_t len = strlen(pack), more = strlen(role);
	char full[128];

	if (json_object_get(roles, role))
		return true;
	if (len + more + 2 > sizeof(full))
		return false;
	memcpy(full, pack, len);
	full[len] = '.';
	memcpy(full + len + 1, role, more);
	full[len + 1 + more] = '\0';
	return json_object_get(roles, full);
}

/* Names the roles of the list on top of the stack, one of which it takes */
static void want_role(lua_State *L, const char *pack, char *why, size_t size)
{
	lua_Integer i, count = luaL_len(L, -1);
	size_t used = (size_t)snprintf(why, size, "this needs the role ");

	for (i = 1; i <= count && used < size; i++) {
		lua_geti(L, -1, i);
		used += (size_t)snprintf(why + used, size - used, "%s%s.%s", i > 1 ? " or " : "",
					 pack, lua_tostring(L, -1) ?: "");
		lua_pop(L, 1);
	}
}

/**
 * tb_roles_may() - may who acts do it, by the roles the act takes?
 * @r: the referee, in an act; the act's declaration is on top of the pack's stack
 * @why: told why not
 * @size: room there
 *
 * Return: whether it may be done.
 */
bool tb_roles_may(struct tb_referee *r, char *why, size_t size)
{
	const json_t *roles = json_object_get(tb_actor(r, r->event->uid), "roles");
	bool allowed = false, open = false;
	lua_State *L = r->pack->L;
	lua_Integer i, count;

	lua_getfield(L, -1, "roles");
	open = lua_isstring(L, -1) && !strcmp(lua_tostring(L, -1), "public");
	count = lua_istable(L, -1) ? luaL_len(L, -1) : 0;
	for (i = 1; i <= count && *r->actor && !allowed; i++) {
		lua_geti(L, -1, i);
		allowed = has_role(L, roles, r->pack->name);
		lua_pop(L, 1);
	}
	if (!open && !*r->actor)
		snprintf(why, size,
			 "user %lld is not an actor: an admin must enter the user with the act actor of the pack base",
			 (long long)r->event->uid);
	else if (count && !allowed)
		want_role(L, r->pack->name, why, size);
	lua_pop(L, 1);
	return open || (*r->actor && (!count || allowed));
}
