// SPDX-License-Identifier: GPL-2.0-only
/*
 * Are the fields of an act what the pack declares? A field too many, too few or of
 * the wrong kind is named, with what it should have been.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "heads.h"
#include "luajson.h"
#include "personal.h"
#include "timefmt.h"

/**
 * struct check - one act being checked
 * @pack: whose declaration
 * @why: told what is wrong
 * @size: room there
 * @fields: the act's fields
 */
struct check {
	struct tb_pack *pack;
	char *why;
	size_t size;
	json_t *fields;
};

static int wrong(struct check *c, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int wrong(struct check *c, const char *path, const char *fmt, ...)
{
	int len = snprintf(c->why, c->size, "field %s ", path);
	va_list args;

	va_start(args, fmt);
	if (len >= 0 && (size_t)len < c->size)
		vsnprintf(c->why + len, c->size - (size_t)len, fmt, args);
	va_end(args);
	return -EINVAL;
}

/* A number of the declaration on top of the stack */
static bool limit(lua_State *L, const char *name, double *value)
{
	bool set;

	lua_getfield(L, -1, name);
	set = lua_isnumber(L, -1);
	if (set)
		*value = lua_tonumber(L, -1);
	lua_pop(L, 1);
	return set;
}

/* @what: with the value in it, if it says so */
static int check_bounds(struct check *c, const char *path, double value, const char *what)
{
	lua_State *L = c->pack->L;
	bool less = false, more;
	char has[40];
	double bound;

	less = limit(L, "min", &bound) && value < bound;
	more = !less && limit(L, "max", &bound) && value > bound;
	if (!less && !more)
		return 0;
	snprintf(has, sizeof(has), what, value, value == 1 ? "" : "s");
	return wrong(c, path, "%s %s than %g", has, less ? "less" : "more", bound);
}

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += (*text & 0xc0) != 0x80;
	return count;
}

static int check_string(struct check *c, const char *path, json_t **value)
{
	lua_State *L = c->pack->L;
	const char *text = json_string_value(*value);
	bool match;
	int ret;

	if (!text)
		return wrong(c, path, "must be a text");
	ret = check_bounds(c, path, (double)characters(text), "has %.0f character%s,");
	if (ret)
		return ret;
	lua_getfield(L, -1, "pattern");
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		return 0;
	}
	lua_getglobal(L, "string");
	lua_getfield(L, -1, "find");
	lua_pushstring(L, text);
	lua_pushvalue(L, -4);
	match = lua_pcall(L, 2, 1, 0) == LUA_OK && !lua_isnil(L, -1);
	lua_pop(L, 3);
	return match ? 0 : wrong(c, path, "does not have the required form");
}

static int check_number(struct check *c, const char *path, json_t **value)
{
	if (!json_is_number(*value))
		return wrong(c, path, "must be a number");
	return check_bounds(c, path, json_number_value(*value), "is");
}

static int check_integer(struct check *c, const char *path, json_t **value)
{
	if (!json_is_integer(*value))
		return wrong(c, path, "must be a whole number");
	return check_bounds(c, path, json_number_value(*value), "is");
}

static int check_boolean(struct check *c, const char *path, json_t **value)
{
	return json_is_boolean(*value) ? 0 : wrong(c, path, "must be true or false");
}

static int check_enum(struct check *c, const char *path, json_t **value)
{
	const char *text = json_string_value(*value);
	lua_State *L = c->pack->L;
	char known[200] = "";
	lua_Integer i, count;
	bool found = false;

	lua_getfield(L, -1, "values");
	count = lua_istable(L, -1) ? luaL_len(L, -1) : 0;
	for (i = 1; i <= count && !found; i++) {
		lua_geti(L, -1, i);
		found = text && lua_isstring(L, -1) && !strcmp(lua_tostring(L, -1), text);
		lua_pop(L, 1);
	}
	for (i = 1; i <= count && !found; i++) {
		lua_geti(L, -1, i);
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
			 i > 1 ? ", " : "", lua_tostring(L, -1) ?: "?");
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
	return found ? 0 : wrong(c, path, "must be one of %s", known);
}

static int check_date(struct check *c, const char *path, json_t **value)
{
	const char *text = json_string_value(*value);
	int64_t day;

	return text && !tb_date_parse(text, &day) ?
		       0 :
		       wrong(c, path, "must be a date as in 2026-11-23");
}

static int check_time(struct check *c, const char *path, json_t **value)
{
	const char *text = json_string_value(*value);
	uint64_t time;

	/* Only what is written out: "now" would be another time at each fold. */
	if (!text || strlen(text) < 20 || tb_time_parse(text, 0, &time, NULL))
		return wrong(c, path, "must be a time as in 2026-11-23T10:00:00Z");
	return 0;
}

static int check_blob(struct check *c, const char *path, json_t **value)
{
	const char *text = json_string_value(*value);

	return text && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64 ?
		       0 :
		       wrong(c, path, "must be the SHA-256 of a blob, 64 hexadecimal digits");
}

static int check_subject(struct check *c, const char *path, json_t **value)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
	const char *text = json_string_value(*value);
	size_t len = text ? strlen(text) : 0;

	return len > 2 && len <= 34 && !strncmp(text, "S-", 2) && strspn(text, allowed) == len ?
		       0 :
		       wrong(c, path, "must be a pseudonym: S- and up to 32 letters and digits");
}

static int check_known(struct check *c, const char *path, json_t **value, const char *what,
		       const char *sql)
{
	const char *text = json_string_value(*value);

	if (!text)
		return wrong(c, path, "must be the id of a %s", what);
	if (tb_db_number(c->pack->referee->db, 0, sql, "tt", text, c->pack->name))
		return 0;
	return wrong(c, path, "names %s %s, which does not exist", what, text);
}

static int check_matter(struct check *c, const char *path, json_t **value)
{
	const char *id = json_string_value(*value);

	if (id && tb_head_get(c->pack->referee, id))
		return 0;
	return check_known(c, path, value, "matter",
			   "SELECT 1 FROM matter WHERE id = ?1 AND pack = ?2");
}

static int check_place(struct check *c, const char *path, json_t **value)
{
	return check_known(c, path, value, "place",
			   "SELECT 1 FROM place WHERE id = ?1 AND ?2 != ''");
}

static int check_office(struct check *c, const char *path, json_t **value)
{
	return check_known(c, path, value, "office",
			   "SELECT 1 FROM office WHERE id = ?1 AND ?2 != ''");
}

static int check_uid(struct check *c, const char *path, json_t **value)
{
	if (!json_is_integer(*value) || json_integer_value(*value) < 0)
		return wrong(c, path, "must be a user id");
	if (!strcmp(c->pack->name, TB_BASE) ||
	    tb_db_number(c->pack->referee->db, 0, "SELECT 1 FROM actor WHERE uid = ?", "i",
			 (int64_t)json_integer_value(*value)))
		return 0;
	return wrong(c, path, "names user %lld, who is not an actor",
		     (long long)json_integer_value(*value));
}

static int check_fields(struct check *c, const char *path, json_t *object);
static int check_value(struct check *c, const char *path, json_t **value);

static int check_list(struct check *c, const char *path, json_t **value)
{
	lua_State *L = c->pack->L;
	char item_path[160];
	json_t *item;
	size_t i;
	int ret;

	if (!json_is_array(*value))
		return wrong(c, path, "must be a list");
	ret = check_bounds(c, path, (double)json_array_size(*value), "has a length of %.0f,");
	lua_getfield(L, -1, "of");
	if (!lua_istable(L, -1)) {
		lua_pop(L, 1);
		return ret;
	}
	for (i = 0; !ret && i < json_array_size(*value); i++) {
		snprintf(item_path, sizeof(item_path), "%.120s[%zu]", path, i + 1);
		item = json_array_get(*value, i);
		ret = check_value(c, item_path, &item);
	}
	lua_pop(L, 1);
	return ret;
}

static int check_object(struct check *c, const char *path, json_t **value)
{
	lua_State *L = c->pack->L;
	int ret;

	if (!json_is_object(*value))
		return wrong(c, path, "must be an object, in braces");
	lua_getfield(L, -1, "fields");
	ret = lua_istable(L, -1) ? check_fields(c, path, *value) : 0;
	lua_pop(L, 1);
	return ret;
}

static int check_any(struct check *c, const char *path, json_t **value)
{
	(void)c, (void)path, (void)value;
	return 0;
}

static const struct {
	const char *name;
	int (*check)(struct check *c, const char *path, json_t **value);
} types[] = {
	{ "string", check_string },   { "number", check_number }, { "integer", check_integer },
	{ "boolean", check_boolean }, { "enum", check_enum },	  { "date", check_date },
	{ "time", check_time },	      { "matter", check_matter }, { "place", check_place },
	{ "office", check_office },   { "uid", check_uid },	  { "subject", check_subject },
	{ "blob", check_blob },	      { "list", check_list },	  { "object", check_object },
	{ "any", check_any },
};

#define TYPES (sizeof(types) / sizeof(types[0]))

/* Which of the types the declaration on top of the stack has */
static size_t type_of(lua_State *L)
{
	const char *type;
	size_t i;

	lua_geti(L, -1, 1);
	type = lua_tostring(L, -1) ?: "";
	for (i = 0; i < TYPES && strcmp(types[i].name, type) != 0; i++)
		;
	lua_pop(L, 1);
	return i;
}

static int check_typed(struct check *c, const char *path, json_t **value, size_t type)
{
	lua_State *L = c->pack->L;

	luaL_checkstack(L, 16, "fields are nested too deep");
	if (type < TYPES)
		return types[type].check(c, path, value);
	lua_geti(L, -1, 1);
	return wrong(c, path, "has a type that does not exist: %s", lua_tostring(L, -1) ?: "");
}

/* The declaration of the field is on top of the stack. */
static int check_value(struct check *c, const char *path, json_t **value)
{
	return check_typed(c, path, value, type_of(c->pack->L));
}

static int check_unknown(struct check *c, const char *path, const json_t *object)
{
	lua_State *L = c->pack->L;
	const char *key;
	json_t *value;
	char full[160];
	bool known;

	json_object_foreach((json_t *)object, key, value) {
		lua_getfield(L, -1, key);
		known = lua_istable(L, -1);
		lua_pop(L, 1);
		if (known)
			continue;
		snprintf(full, sizeof(full), "%.80s%s%.70s", path, *path ? "." : "", key);
		return wrong(c, full, "is not a field of this act");
	}
	return 0;
}

/**
 * struct field - a field that is declared
 * @name: its name, which the declaration keeps
 * @type: which of the types
 * @required: it must be there
 * @fills: it has a default
 */
struct field {
	const char *name;
	size_t type;
	bool required;
	bool fills;
};

/**
 * struct fields - fields that are declared together, looked at once
 * @count: how many
 * @fields: they, in order, so that of two faults the same one is named each time
 */
struct fields {
	size_t count;
	struct field fields[];
};

static bool is_set(lua_State *L, const char *name)
{
	bool set = lua_getfield(L, -1, name) != LUA_TNIL && lua_toboolean(L, -1);

	lua_pop(L, 1);
	return set;
}

/* The declaration of the fields is at @at, and the list of its names on top. */
static struct fields *read_fields(lua_State *L, int at, size_t count)
{
	struct fields *all;
	struct field *f;
	size_t i;

	all = lua_newuserdatauv(L, sizeof(*all) + count * sizeof(all->fields[0]), 0);
	all->count = 0;
	for (i = 1; i <= count; i++) {
		lua_rawgeti(L, -2, (lua_Integer)i);
		f = &all->fields[all->count];
		f->name = lua_tostring(L, -1);
		lua_pushvalue(L, -1);
		if (lua_gettable(L, at) == LUA_TTABLE) {
			f->type = type_of(L);
			f->required = is_set(L, "required");
			f->fills = lua_getfield(L, -1, "default") != LUA_TNIL;
			lua_pop(L, 1);
			all->count++;
		}
		lua_pop(L, 2);
	}
	return all;
}

/* Reads what is declared at @at, by pairs(), whose order is the same each time */
static const struct fields *look_at(lua_State *L, int at)
{
	struct fields *all;
	size_t count = 0;
	int top = lua_gettop(L);

	lua_newtable(L);
	lua_getglobal(L, "pairs");
	lua_pushvalue(L, at);
	lua_call(L, 1, 1);
	for (;;) {
		lua_pushvalue(L, top + 2);
		lua_pushvalue(L, at);
		lua_call(L, 1, 2);
		if (lua_type(L, -2) != LUA_TSTRING)
			break;
		lua_pop(L, 1);
		lua_rawseti(L, top + 1, (lua_Integer)++count);
	}
	lua_settop(L, top + 1);
	all = read_fields(L, at, count);
	luaL_getsubtable(L, LUA_REGISTRYINDEX, "fields");
	lua_pushvalue(L, at);
	lua_pushvalue(L, top + 2);
	lua_rawset(L, -3);
	lua_settop(L, top);
	return all;
}

static const struct fields *fields_of(lua_State *L, int at)
{
	const struct fields *all;

	luaL_getsubtable(L, LUA_REGISTRYINDEX, "fields");
	lua_pushvalue(L, at);
	lua_rawget(L, -2);
	all = lua_touserdata(L, -1);
	lua_pop(L, 2);
	return all ?: look_at(L, at);
}

/* The declaration of the fields is on top of the stack. */
static int check_field(struct check *c, const char *path, json_t *object, const struct field *f)
{
	json_t *value = json_object_get(object, f->name);
	lua_State *L = c->pack->L;
	char inner[160];
	const char *full = f->name;
	int ret;

	if (*path) {
		snprintf(inner, sizeof(inner), "%.80s.%.70s", path, f->name);
		full = inner;
	}
	if (value && !json_is_null(value)) {
		lua_getfield(L, -1, f->name);
		ret = check_typed(c, full, &value, f->type);
		lua_pop(L, 1);
		return ret;
	}
	if (f->required)
		return wrong(c, full, "is missing");
	if (value)
		json_object_del(object, f->name);
	if (!f->fills)
		return 0;
	lua_getfield(L, -1, f->name);
	lua_getfield(L, -1, "default");
	json_object_set_new(object, f->name, tb_lua_to_json(L, -1));
	lua_pop(L, 2);
	return 0;
}

/* The declaration of the fields is on top of the stack. */
static int check_fields(struct check *c, const char *path, json_t *object)
{
	lua_State *L = c->pack->L;
	const struct fields *all;
	size_t i;
	int ret;

	ret = check_unknown(c, path, object);
	if (ret)
		return ret;
	all = fields_of(L, lua_gettop(L));
	for (i = 0; !ret && i < all->count; i++)
		ret = check_field(c, path, object, &all->fields[i]);
	return ret;
}

/* Fails only where a declaration makes no sense; then nothing else is told. */
static int check_all(lua_State *L)
{
	struct check *c = lua_touserdata(L, 1);

	lua_pushboolean(L, !check_fields(c, "", c->fields));
	return 1;
}

/* Names what tb_personal_in() found */
static int check_personal(struct check *c, const char *path, const json_t *value)
{
	enum tb_personal what = TB_PERSONAL_NONE;
	char inner[160];
	const char *key;
	json_t *item;
	size_t i;
	int ret = 0;

	if (json_is_string(value))
		what = tb_personal_find(json_string_value(value));
	json_object_foreach((json_t *)value, key, item) {
		snprintf(inner, sizeof(inner), "%.80s%s%.70s", path, *path ? "." : "", key);
		what = *path ? tb_personal_find(key) : what;
		ret = what ? 0 : check_personal(c, inner, item);
		if (what || ret)
			break;
	}
	json_array_foreach((json_t *)value, i, item) {
		snprintf(inner, sizeof(inner), "%.120s[%zu]", path, i + 1);
		ret = check_personal(c, inner, item);
		if (ret)
			break;
	}
	if (what)
		tb_personal_why(what, path, c->why, c->size);
	return what ? -EINVAL : ret;
}

/* The fields of an act, of which those that hold others may be changed: defaults are filled in. */
static json_t *fields_of_act(const json_t *act)
{
	json_t *fields = json_object(), *value;
	const char *name;

	json_object_foreach((json_t *)act, name, value) {
		if (!strcmp(name, "pack") || !strcmp(name, "kind"))
			continue;
		value = json_is_object(value) || json_is_array(value) ? json_deep_copy(value) :
									json_incref(value);
		json_object_set_new_nocheck(fields, name, value);
	}
	return fields;
}

/**
 * tb_schema_check() - check the fields of an act
 * @pack: the pack; the declaration of the act is on top of its stack
 * @act: what was submitted
 * @why: told what is wrong: plain, or in both languages as JSON, in braces
 * @size: room there
 *
 * Return: the fields, with defaults filled in, the caller's; NULL if they are wrong.
 */
json_t *tb_schema_check(struct tb_pack *pack, json_t *act, char *why, size_t size)
{
	struct check c = { .pack = pack, .why = why, .size = size, .fields = fields_of_act(act) };
	lua_State *L = pack->L;
	bool good;

	lua_pushcfunction(L, check_all);
	lua_pushlightuserdata(L, &c);
	lua_getfield(L, -3, "fields");
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		lua_newtable(L);
	}
	good = lua_pcall(L, 2, 1, 0) == LUA_OK;
	if (!good)
		snprintf(why, size, "%s", lua_tostring(L, -1) ?: "not enough memory");
	good = good && lua_toboolean(L, -1) &&
	       (!tb_personal_in(c.fields, false) || !check_personal(&c, "", c.fields));
	lua_pop(L, 1);
	if (good)
		return c.fields;
	json_decref(c.fields);
	return NULL;
}
