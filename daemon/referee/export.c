// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exports: what packs give away in formats of others. A row of data/exports.csv says which
 * format, who may, and which lists it is made of; the pack's Lua makes rows of them, what
 * looks like personal data is taken out, and formats.lua makes the document.
 */
#include "export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "csv.h"
#include "document.h"
#include "engine.h"
#include "hex.h"
#include "luajson.h"
#include "personal.h"
#include "query.h"

#include "generated/formats.h"
#include "generated/formats_road.h"

/* What stands where a text was left out */
#define WITHHELD "[withheld: looks like personal data / 疑似个人信息，不予导出]"

static const struct {
	const char *format;
	const char *media;
	const char *suffix;
} formats[] = {
	{ "geojson", "application/geo+json", "geojson" },
	{ "gpx", "application/gpx+xml", "gpx" },
	{ "icalendar", "text/calendar", "ics" },
	{ "cap", "application/cap+xml", "cap" },
	{ "wzdx", "application/geo+json", "geojson" },
	{ "cifs", "application/xml", "xml" },
	{ "oscal-poam", "application/oscal+json", "json" },
	{ "csv", "application/zip", "zip" },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static const char *word_of(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name)) ?: "";
}

/* The rows of data/exports.csv; an empty list if it is not there */
static json_t *table_of(struct tb_pack *pack)
{
	lua_State *L = pack->L;
	json_t *rows = NULL;
	char why[200];
	size_t len;
	const char *text;

	lua_getfield(L, LUA_REGISTRYINDEX, "files");
	lua_getfield(L, -1, "data/exports.csv");
	text = lua_tolstring(L, -1, &len);
	if (text)
		rows = tb_csv_rows(text, len, why, sizeof(why));
	lua_pop(L, 2);
	return rows ?: json_array();
}

static size_t format_of(const json_t *row)
{
	size_t i;

	for (i = 0; i < FORMATS; i++)
		if (!strcmp(word_of(row, "format"), formats[i].format))
			break;
	return i;
}

/**
 * tb_export_declared() - which exports does a pack declare?
 * @pack: the pack
 * @name: only that one; or NULL
 * @rows: they are added to it, as objects with id, pack, kind, format, media, who and doc
 */
void tb_export_declared(struct tb_pack *pack, const char *name, json_t *rows)
{
	json_t *table = table_of(pack), *row;
	const char *id;
	size_t i, format;

	json_array_foreach(table, i, row) {
		id = word_of(row, "id");
		format = format_of(row);
		if (format < FORMATS && (!name || !strcmp(name, id)))
			json_array_append_new(rows,
					      json_pack("{s:s++, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}}",
							"id", pack->name, ".", id, "pack",
							pack->name, "kind", id, "format",
							formats[format].format, "media",
							formats[format].media, "who",
							*word_of(row, "who") ? word_of(row, "who") :
									       "role",
							"doc", "en", word_of(row, "en"), "zh",
							word_of(row, "zh")));
	}
	json_decref(table);
}

/* The row of an export, the caller's; NULL if there is none */
static json_t *find_row(struct tb_pack *pack, const char *name)
{
	json_t *table = table_of(pack), *row, *found = NULL;
	size_t i;

	json_array_foreach(table, i, row)
		if (!strcmp(word_of(row, "id"), name) && format_of(row) < FORMATS)
			found = json_incref(row);
	json_decref(table);
	return found;
}

static bool has_role(struct tb_referee *r, const char *pack, const char *role, size_t len,
		     int64_t viewer)
{
	return tb_db_number(r->db, 0,
			    "SELECT 1 FROM role WHERE uid = ?1 AND role = ?2 || '.' ||"
			    " substr(?3, 1, ?4)",
			    "itti", viewer, pack, role, (int64_t)len);
}

/* public: whoever may ask; actor; else any role of the pack, or one of those named */
static bool may(struct tb_referee *r, const char *pack, const json_t *row, int64_t viewer)
{
	const char *who = word_of(row, "who");
	size_t len;

	if (!strcmp(who, "public"))
		return true;
	if (!strcmp(who, "actor"))
		return !json_is_null(tb_actor(r, viewer)) && tb_actor(r, viewer);
	if (!*who)
		return tb_seen_role(r, pack, viewer);
	for (; *who; who += len + strspn(who + len, " ")) {
		len = strcspn(who, " ");
		if (has_role(r, pack, who, len, viewer))
			return true;
	}
	return false;
}

/* In Lua what is not there is no member at all. */
static void drop_nulls(json_t *rows)
{
	const char *key;
	json_t *row, *value;
	size_t i;
	void *next;

	json_array_foreach(rows, i, row)
		json_object_foreach_safe(row, next, key, value)
			if (json_is_null(value))
				json_object_del(row, key);
}

/* The lists that its row names, as far as the viewer may see them */
static int gather(struct tb_referee *r, const json_t *row, int64_t viewer, bool all, json_t **given,
		  struct tb_error *err)
{
	const char *lists = word_of(row, "lists");
	json_t *rows;
	char name[32], *only;
	size_t len;
	int ret;

	*given = json_object();
	for (; *lists; lists += len + strspn(lists + len, " ")) {
		len = strcspn(lists, " ");
		snprintf(name, sizeof(name), "%.*s", (int)len, lists);
		only = strchr(name, ':');
		if (only)
			*only = '\0';
		ret = tb_referee_whole(r, name, only, viewer, all, &rows, err);
		if (ret) {
			json_decref(*given);
			return ret;
		}
		drop_nulls(rows);
		json_object_set_new(*given, name, rows);
	}
	return 0;
}

/* Calls what is on the stack, in reading; its answer as data, NULL if it failed */
static json_t *call(struct tb_pack *p, int args, const char *name, struct tb_error *err)
{
	struct tb_referee *r = p->referee;
	json_t *answer = NULL;
	char why[480];

	r->reading = true;
	r->pack = p;
	/* What is behind the first line is where in Lua. */
	if (tb_sandbox_call(p, args, 1, why, sizeof(why)))
		tb_error_set(err, -EINVAL, "export %s: %.*s", name, (int)strcspn(why, "\n"), why);
	else if (!(answer = tb_lua_to_json(p->L, -1)))
		tb_error_set(err, -EINVAL, "export %s gives no plain data", name);
	r->reading = false;
	lua_settop(p->L, 0);
	return answer;
}

/* What the pack makes of the lists and of what is asked for */
static json_t *rows_of(struct tb_pack *p, const char *name, const json_t *query,
		       const json_t *given, struct tb_error *err)
{
	lua_State *L = p->L;
	json_t *rows;

	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	if (lua_getfield(L, -1, "exports") != LUA_TTABLE ||
	    lua_getfield(L, -1, name) != LUA_TFUNCTION) {
		lua_settop(L, 0);
		tb_error_set(err, -EINVAL, "the pack %s has no Lua for its export %s", p->name,
			     name);
		return NULL;
	}
	tb_lua_push_json(L, query);
	tb_lua_push_json(L, given);
	lua_pushinteger(L, (lua_Integer)time(NULL));
	rows = call(p, 3, name, err);
	/* In Lua a list without items is a table like any other. */
	if (json_is_object(rows) && !json_object_size(rows)) {
		json_decref(rows);
		rows = json_array();
	}
	return rows;
}

/* Takes out texts that look like personal data; returns how many */
static int withhold(json_t *value)
{
	int count = 0;
	const char *key;
	json_t *item;
	size_t i;
	void *next;

	json_object_foreach_safe(value, next, key, item) {
		if (json_is_string(item) && tb_personal_find(json_string_value(item))) {
			json_object_set_new(value, key, json_string(WITHHELD));
			count++;
		} else {
			count += withhold(item);
		}
	}
	json_array_foreach(value, i, item) {
		if (json_is_string(item) && tb_personal_find(json_string_value(item))) {
			json_array_set_new(value, i, json_string(WITHHELD));
			count++;
		} else {
			count += withhold(item);
		}
	}
	return count;
}

static bool load(lua_State *L, const char *text, size_t len, const char *name, struct tb_error *err)
{
	if (!luaL_loadbufferx(L, text, len, name, "t"))
		return true;
	tb_error_set(err, -EINVAL, "%s", lua_tostring(L, -1));
	lua_settop(L, 0);
	return false;
}

static json_t *document_of(struct tb_pack *p, const json_t *row, const json_t *rows,
			   const json_t *query, const json_t *given, struct tb_error *err)
{
	json_t *about = json_pack("{s:s, s:s, s:I, s:O, s:O*, s:{s:s, s:s}}", "format",
				  word_of(row, "format"), "pack", p->name, "now",
				  (json_int_t)time(NULL), "query", query, "places",
				  json_object_get(given, "places"), "title", "en",
				  word_of(row, "en"), "zh", word_of(row, "zh"));
	lua_State *L = p->L;

	if (!load(L, formats_text, sizeof(formats_text) - 1, "@formats.lua", err) ||
	    !load(L, formats_road_text, sizeof(formats_road_text) - 1, "@formats_road.lua", err)) {
		json_decref(about);
		return NULL;
	}
	tb_lua_push_json(L, rows);
	tb_lua_push_json(L, about);
	json_decref(about);
	return call(p, 3, word_of(row, "id"), err);
}

static int answer(struct tb_pack *p, const json_t *row, const json_t *document, int withheld,
		  json_t **reply, struct tb_error *err)
{
	size_t format = format_of(row), len;
	bool zip = !strcmp(word_of(document, "kind"), "zip");
	char *bytes, *text;
	int ret;

	ret = tb_document_write(document, &bytes, &len, err);
	if (ret)
		return ret;
	text = tb_base64_encode(bytes, len);
	free(bytes);
	*reply = json_pack("{s:s++++, s:s, s:s, s:i}", "name", p->name, ".", word_of(row, "id"),
			   ".", zip ? "zip" : formats[format].suffix, "media",
			   zip ? "application/zip" : formats[format].media, "bytes", text ?: "",
			   "withheld", withheld);
	free(text);
	return *reply ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

static int make(struct tb_pack *p, const json_t *row, const json_t *query, const json_t *given,
		json_t **reply, struct tb_error *err)
{
	json_t *rows = rows_of(p, word_of(row, "id"), query, given, err), *document;
	int withheld, ret;

	if (!rows)
		return -EINVAL;
	withheld = withhold(rows);
	document = document_of(p, row, rows, query, given, err);
	json_decref(rows);
	if (!document)
		return -EINVAL;
	ret = answer(p, row, document, withheld, reply, err);
	json_decref(document);
	return ret;
}

/**
 * tb_referee_export() - what a pack gives away in a format of others
 * @referee: the referee
 * @pack: the pack
 * @name: its export
 * @query: what is asked: from, to and what else the export knows
 * @viewer: who asks
 * @sees_all: who asks may see all, by another office than an actor's
 * @reply: set to an object of name, media, bytes (base64) and withheld; the caller's
 * @err: told what went wrong
 *
 * Who may is in the pack's exports.csv. An export has what the asker may see, as a report
 * has; one that is "open" or public has what it is of of all offices. Texts that look like
 * personal data are left out, by the same filter that acts have to pass; withheld says
 * how many.
 *
 * Return: 0; -ENOENT if there is no such pack or export; -EACCES if it is not for the
 * viewer; -EINVAL if it failed.
 */
int tb_referee_export(struct tb_referee *referee, const char *pack, const char *name,
		      const json_t *query, int64_t viewer, bool sees_all, json_t **reply,
		      struct tb_error *err)
{
	bool all = sees_all || tb_seen_all(referee, viewer), open;
	struct tb_pack *p = tb_pack_find(referee, pack);
	json_t *row, *given;
	int ret;

	if (!p)
		return tb_error_set(err, -ENOENT, "there is no pack %.64s in force", pack);
	row = find_row(p, name);
	if (!row)
		return tb_error_set(err, -ENOENT, "the pack %s has no export %.64s", pack, name);
	if (!all && !may(referee, pack, row, viewer)) {
		json_decref(row);
		return tb_error_set(err, -EACCES,
				    "the export %s.%s is for others: tongbuctl export list says for whom",
				    pack, name);
	}
	open = all || !strcmp(word_of(row, "who"), "public") || *word_of(row, "open");
	if (!open)
		tb_seen_begin(referee, viewer);
	ret = gather(referee, row, viewer, open, &given, err);
	if (!ret) {
		ret = make(p, row, query, given, reply, err);
		json_decref(given);
	}
	tb_seen_end(referee);
	json_decref(row);
	return ret;
}
