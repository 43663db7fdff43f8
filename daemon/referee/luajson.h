/* SPDX-License-Identifier: GPL-2.0-only */
/* Plain data between Lua and JSON. null is a light userdata, store.null in Lua. */
#ifndef TONGBU_LUAJSON_H
#define TONGBU_LUAJSON_H

#include <stdbool.h>

#include <jansson.h>
#include <lua.h>

void tb_lua_push_json(lua_State *L, const json_t *json);
void tb_lua_push_frozen(lua_State *L, const json_t *json);
json_t *tb_lua_to_json(lua_State *L, int index);
void tb_lua_push_null(lua_State *L);
int tb_lua_is_null(lua_State *L, int index);
void tb_lua_fill(lua_State *L, int index);
bool tb_lua_is_frozen(lua_State *L, int index);

#endif /* TONGBU_LUAJSON_H */
