// SPDX-License-Identifier: GPL-2.0-only
/* What the packs in force declare: their acts, reports and kinds of matter, for people. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "export.h"
#include "luajson.h"
#include "query.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void take_field(lua_State *L, json_t *row, const char *name)
{
	json_t *value = NULL;

	/* A function, say, is nothing to be told. */
	if (lua_getfield(L, -1, name) != LUA_TNIL)
		value = tb_lua_to_json(L, lua_gettop(L));
	if (value)
		json_object_set_new(row, name, value);
	lua_pop(L, 1);
}

/* Names of the members of the table on top of the stack, in order */
static const char **names_of(lua_State *L, size_t *count)
{
	const char **names = NULL, **more;

	*count = 0;
	lua_pushnil(L);
	while (lua_next(L, -2)) {
		lua_pop(L, 1);
		if (lua_type(L, -1) != LUA_TSTRING)
			continue;
		more = reallocarray(names, *count + 1, sizeof(*names));
		if (!more)
			continue;
		names = more;
		names[(*count)++] = lua_tostring(L, -1);
	}
	if (names)
		qsort(names, *count, sizeof(*names), by_text);
	return names;
}

static void take_fields(lua_State *L, json_t *row);

/* One field: { "number", unit = "mm", ... } is on top of the stack. */
static json_t *field_json(lua_State *L)
{
	static const char *const words[] = { "doc", "unit", "required", "default",
					     "min", "max",  "values",	"pattern" };
	json_t *field = json_object();
	size_t i;

	lua_rawgeti(L, -1, 1);
	json_object_set_new(field, "type", json_string(lua_tostring(L, -1) ?: "any"));
	lua_pop(L, 1);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		take_field(L, field, words[i]);
	if (lua_getfield(L, -1, "of") == LUA_TTABLE)
		json_object_set_new(field, "of", field_json(L));
	lua_pop(L, 1);
	take_fields(L, field);
	return field;
}

/* The fields of what is on top of the stack */
static void take_fields(lua_State *L, json_t *row)
{
	const char **names = NULL;
	size_t i, count = 0;
	json_t *fields;

	if (!lua_checkstack(L, 8))
		return;
	if (lua_getfield(L, -1, "fields") == LUA_TTABLE) {
		names = names_of(L, &count);
		fields = json_object();
		for (i = 0; i < count; i++) {
			if (lua_getfield(L, -1, names[i]) == LUA_TTABLE)
				json_object_set_new(fields, names[i], field_json(L));
			lua_pop(L, 1);
		}
		json_object_set_new(row, "fields", fields);
		free(names);
	}
	lua_pop(L, 1);
}

/* The declaration is on top of the stack. */
static json_t *declared(lua_State *L, const char *pack, const char *name)
{
	json_t *row =
		json_pack("{s:s++, s:s, s:s}", "id", pack, ".", name, "pack", pack, "kind", name);

	if (!row)
		return NULL;
	take_field(L, row, "doc");
	take_field(L, row, "roles");
	take_field(L, row, "columns");
	take_field(L, row, "notice");
	take_fields(L, row);
	return row;
}

/* A kind of matter is on top of the stack. */
static void take_kind(lua_State *L, json_t *row, const json_t *pack)
{
	take_field(L, row, "title");
	take_field(L, row, "first");
	take_field(L, row, "stages");
	json_object_set(row, "pack_title", json_object_get(pack, "title"));
}

static void add_pack(struct tb_pack *pack, const char *what, const char *kind, json_t *rows)
{
	json_t *own = json_object(), *row;
	lua_State *L = pack->L;
	const char **names = NULL;
	size_t i, count = 0;

	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	take_field(L, own, "title");
	if (lua_getfield(L, -1, what) == LUA_TTABLE)
		names = names_of(L, &count);
	for (i = 0; i < count; i++) {
		if (kind && strcmp(kind, names[i]))
			continue;
		if (lua_getfield(L, -1, names[i]) == LUA_TTABLE) {
			row = declared(L, pack->name, names[i]);
			if (!strcmp(what, "matters"))
				take_kind(L, row, own);
			json_array_append_new(rows, row);
		}
		lua_pop(L, 1);
	}
	free(names);
	json_decref(own);
	lua_settop(L, 0);
}

/**
 * tb_referee_declared() - what do packs declare?
 * @r: the referee
 * @what: acts, reports, exports or kinds
 * @filter: an object with pack and kind, each only if it is to be that one; or NULL
 * @rows: set to an array, the caller's
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_declared(struct tb_referee *r, const char *what, const json_t *filter, json_t **rows,
			struct tb_error *err)
{
	const char *pack = NULL, *kind = NULL;
	json_error_t why;
	size_t i;

	if (filter &&
	    json_unpack_ex((json_t *)filter, &why, 0, "{s?s, s?s !}", "pack", &pack, "kind", &kind))
		return tb_error_set(err, -EINVAL, "%s: the only filters are pack and kind", what);
	*rows = json_array();
	if (!strcmp(what, "kinds"))
		what = "matters";
	for (i = 0; i < r->pack_count; i++)
		if (pack && strcmp(r->packs[i]->name, pack))
			continue;
		else if (!strcmp(what, "exports"))
			tb_export_declared(r->packs[i], kind, *rows);
		else
			add_pack(r->packs[i], what, kind, *rows);
	return *rows ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

/**
 * tb_referee_offered() - the acts that somebody may do now, as they are declared
 * @r: the referee
 * @pack: their pack
 * @matter: about which matter of it; NULL for acts about none
 * @uid: who
 * @rows: set to an array, the caller's
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_offered(struct tb_referee *r, const char *pack, const char *matter, int64_t uid,
		       json_t **rows, struct tb_error *err)
{
	struct tb_pack *p = tb_pack_find(r, pack);
	json_t *offers, *offer, *one;
	size_t i;
	int ret;

	if (!p)
		return tb_error_set(err, -ENOENT, "there is no pack %s in force", pack);
	ret = tb_tables_offered(p, matter, uid, &offers, err);
	*rows = json_array();
	json_array_foreach(offers, i, offer) {
		one = json_array();
		add_pack(p, "acts", json_string_value(json_object_get(offer, "act")), one);
		json_object_update(json_array_get(one, 0), offer);
		json_array_extend(*rows, one);
		json_decref(one);
	}
	json_decref(offers);
	if (!ret)
		return 0;
	json_decref(*rows);
	*rows = NULL;
	return ret;
}
