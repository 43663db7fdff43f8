// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions about the state. They are put together from the parts in view.c; what
 * people ask for is bound, never part of the text.
 */
#include "query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "view.h"

#define VALUES_MAX (TB_VIEW_FILTERS + 3)
/* Of what belongs to one matter or one record */
#define PARTS_MAX 100000

/* The viewer's own office and all below it */
#define OWN                                                                         \
	"WITH RECURSIVE own(id) AS (SELECT office FROM actor WHERE uid = ?1 UNION " \
	"SELECT office.id FROM office JOIN own ON office.parent = own.id) "

/**
 * struct value - one value to be bound
 * @type: t text, i number
 * @text: the text
 * @number: the number
 */
struct value {
	char type;
	const char *text;
	int64_t number;
};

/**
 * struct asking - a question as it is put together
 * @db: SQLite's handle
 * @view: about what
 * @viewer: who asks
 * @all: sees all
 * @sql: its text so far
 * @values: what is to be bound
 * @count: how many
 */
struct asking {
	sqlite3 *db;
	const struct tb_view *view;
	int64_t viewer;
	bool all;
	char sql[8192];
	struct value values[VALUES_MAX];
	int count;
};

static void add(struct asking *a, const char *text)
{
	size_t len = strlen(a->sql);

	snprintf(a->sql + len, sizeof(a->sql) - len, "%s", text);
}

static void bind_number(struct asking *a, int64_t number)
{
	a->values[a->count++] = (struct value){ .type = 'i', .number = number };
}

static void bind_text(struct asking *a, const char *text)
{
	a->values[a->count++] = (struct value){ .type = 't', .text = text };
}

static int bind_value(struct asking *a, char type, const char *name, const json_t *value,
		      struct tb_error *err)
{
	if (type == 't' && json_is_string(value))
		bind_text(a, json_string_value(value));
	else if (type == 'i' && json_is_integer(value))
		bind_number(a, json_integer_value(value));
	else
		return tb_error_set(err, -EINVAL, "%s: it must be %s", name,
				    type == 't' ? "text" : "a whole number");
	return 0;
}

static int add_filter(struct asking *a, const struct tb_view_filter *filter, const json_t *value,
		      struct tb_error *err)
{
	if (filter->type == 'b' && !json_is_boolean(value))
		return tb_error_set(err, -EINVAL, "%s: it must be true or false", filter->name);
	add(a, filter->type == 'b' && json_is_false(value) ? " AND NOT " : " AND ");
	add(a, filter->sql);
	return filter->type == 'b' ? 0 : bind_value(a, filter->type, filter->name, value, err);
}

static int add_named(struct asking *a, const char *name, const json_t *value, struct tb_error *err)
{
	const struct tb_view_filter *filter;

	for (filter = a->view->filters; filter->name; filter++)
		if (!strcmp(filter->name, name))
			return add_filter(a, filter, value, err);
	return tb_error_set(err, -EINVAL, "%s has no filter %s", a->view->name, name);
}

/* Return: how many rows are wanted, or a negative errno. */
static int64_t add_filters(struct asking *a, const json_t *filter, struct tb_error *err)
{
	int64_t limit = TB_ROWS;
	const char *name;
	json_t *value;
	int ret = 0;

	json_object_foreach((json_t *)filter, name, value) {
		if (json_is_null(value))
			continue;
		if (!strcmp(name, "limit")) {
			limit = json_is_integer(value) ? json_integer_value(value) : 0;
			if (limit < 1 || limit > TB_ROWS_MAX)
				ret = tb_error_set(err, -EINVAL, "limit: it must be 1 to %d",
						   TB_ROWS_MAX);
		} else if (!strcmp(name, "after")) {
			add(a, " AND ");
			add(a, a->view->after);
			ret = bind_value(a, a->view->after_type, name, value, err);
		} else {
			ret = add_named(a, name, value, err);
		}
		if (ret)
			return ret;
	}
	return limit;
}

static json_t *decoded(const char *text)
{
	json_t *json = text ? json_loads(text, JSON_DECODE_ANY, NULL) : json_null();

	/* What is no JSON after all is told as it is. */
	return json ?: json_string(text);
}

static json_t *column_json(sqlite3_stmt *stmt, int column, bool decode)
{
	const char *text;

	switch (sqlite3_column_type(stmt, column)) {
	case SQLITE_INTEGER:
		return json_integer(sqlite3_column_int64(stmt, column));
	case SQLITE_FLOAT:
		return json_real(sqlite3_column_double(stmt, column));
	case SQLITE_TEXT:
		text = (const char *)sqlite3_column_text(stmt, column);
		return decode ? decoded(text) : json_string(text);
	default:
		return json_null();
	}
}

static json_t *row_json(sqlite3_stmt *stmt)
{
	int i, count = sqlite3_column_count(stmt);
	json_t *row = json_object();
	const char *name;
	char key[64];
	size_t len;
	bool decode;

	for (i = 0; i < count; i++) {
		name = sqlite3_column_name(stmt, i);
		len = strlen(name);
		decode = len > 2 && !strcmp(name + len - 2, "{}");
		snprintf(key, sizeof(key), "%.*s", (int)(decode ? len - 2 : len), name);
		json_object_set_new(row, key, column_json(stmt, i, decode));
	}
	return row;
}

static int run(struct asking *a, json_t **rows, struct tb_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int i, rc;

	*rows = NULL;
	rc = sqlite3_prepare_v2(a->db, a->sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		sqlite3_bind_int64(stmt, 1, a->viewer);
	for (i = 0; rc == SQLITE_OK && i < a->count; i++) {
		if (a->values[i].type == 't')
			rc = sqlite3_bind_text(stmt, i + 2, a->values[i].text, -1, SQLITE_STATIC);
		else
			rc = sqlite3_bind_int64(stmt, i + 2, a->values[i].number);
	}
	if (rc == SQLITE_OK) {
		*rows = json_array();
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			json_array_append_new(*rows, row_json(stmt));
	}
	sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE && *rows)
		return 0;
	json_decref(*rows);
	*rows = NULL;
	return tb_error_set(err, -EIO, "state: %s", sqlite3_errmsg(a->db));
}

static void begin(struct asking *a, struct tb_referee *r, const struct tb_view *view,
		  int64_t viewer, bool all)
{
	a->db = tb_db_handle(r->db);
	a->view = view;
	a->viewer = viewer;
	a->all = all;
	a->count = 0;
	a->sql[0] = '\0';
	add(a, OWN "SELECT ");
	add(a, view->columns);
	add(a, " FROM ");
	add(a, view->from);
	add(a, " WHERE ");
	add(a, all || !view->see ? "1" : view->see);
}

static int end(struct asking *a, int64_t limit, json_t **rows, struct tb_error *err)
{
	add(a, " ORDER BY ");
	add(a, a->view->order);
	add(a, " LIMIT ?");
	bind_number(a, limit);
	return run(a, rows, err);
}

/* All rows of a list that belong to something, as a member of a row */
static int add_part(struct tb_referee *r, json_t *row, const char *key, const char *what,
		    const char *by, const char *value, int64_t viewer, bool all,
		    struct tb_error *err)
{
	json_t *text = json_string(value), *rows;
	struct asking a;
	int ret;

	begin(&a, r, tb_view_find(what), viewer, all);
	ret = add_named(&a, by, text, err);
	if (!ret)
		ret = end(&a, PARTS_MAX, &rows, err);
	if (!ret)
		json_object_set_new(row, key, rows);
	json_decref(text);
	return ret;
}

/* Whoever may see a matter sees all that belongs to it. */
static int add_matter_parts(struct tb_referee *r, json_t *row, struct tb_error *err)
{
	static const char *const parts[][2] = {
		{ "timeline", ".timeline" }, { "owners", ".owners" },	 { "sides", ".sides" },
		{ "links", ".links" },	     { "findings", "findings" }, { "clocks", "clocks" },
		{ "tasks", "tasks" },	     { "notices", "notices" },
	};
	const char *id = json_string_value(json_object_get(row, "id"));
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(parts) / sizeof(parts[0]); i++)
		ret = add_part(r, row, parts[i][0], parts[i][1], "matter", id, TB_NO_UID, true,
			       err);
	return ret;
}

static int ask(struct tb_referee *r, const char *what, const json_t *filter, int64_t viewer,
	       bool all, json_t **rows, struct tb_error *err)
{
	const struct tb_view *view = *what == '.' ? NULL : tb_view_find(what);
	struct asking a;
	int64_t limit;

	if (!view)
		return tb_error_set(err, -EINVAL, "there is no list %.64s", what);
	begin(&a, r, view, viewer, all);
	limit = add_filters(&a, filter, err);
	return limit < 0 ? (int)limit : end(&a, limit, rows, err);
}

static int ask_matter(struct tb_referee *r, const json_t *filter, int64_t viewer, bool all,
		      json_t **rows, struct tb_error *err)
{
	const char *id = json_string_value(json_object_get(filter, "id"));
	int ret;

	if (!id)
		return tb_error_set(err, -EINVAL, "give the id of a matter");
	ret = ask(r, "matter", filter, viewer, all, rows, err);
	if (ret)
		return ret;
	/* Who may not see it learns no more than who asks for one that is not there. */
	if (!json_array_size(*rows))
		ret = tb_error_set(err, -ENOENT, "there is no matter %.96s that you may see", id);
	else
		ret = add_matter_parts(r, json_array_get(*rows, 0), err);
	if (ret) {
		json_decref(*rows);
		*rows = NULL;
	}
	return ret;
}

/* What came of one record, as far as the viewer may see it */
static int ask_record(struct tb_referee *r, const json_t *filter, int64_t viewer, bool all,
		      json_t **rows, struct tb_error *err)
{
	static const char *const parts[] = { "matters", "findings", "clocks",
					     "tasks",	"notices",  "points" };
	const char *id = json_string_value(json_object_get(filter, "record"));
	json_t *row;
	size_t i;
	int ret = 0;

	if (!id)
		return tb_error_set(err, -EINVAL, "give the id of a record, as 7f3a91c2:17");
	row = json_pack("{s:s}", "record", id);
	for (i = 0; !ret && i < sizeof(parts) / sizeof(parts[0]); i++)
		ret = add_part(r, row, parts[i], parts[i], "record", id, viewer, all, err);
	if (ret)
		json_decref(row);
	else
		*rows = json_pack("[o]", row);
	return ret;
}

/* The acts that the viewer may do now: about a matter that may be seen, or of a pack about none */
static int ask_offers(struct tb_referee *r, const json_t *filter, int64_t viewer, bool all,
		      json_t **rows, struct tb_error *err)
{
	const char *matter = json_string_value(json_object_get(filter, "matter"));
	const char *pack = json_string_value(json_object_get(filter, "pack"));
	json_t *found = NULL, *named;
	int ret = 0;

	if (!matter == !pack)
		return tb_error_set(err, -EINVAL, "name a matter or a pack");
	if (matter) {
		named = json_pack("{s:s}", "id", matter);
		ret = ask(r, "matter", named, viewer, all, &found, err);
		json_decref(named);
		pack = json_string_value(json_object_get(json_array_get(found, 0), "pack"));
		if (!ret && !pack)
			ret = tb_error_set(err, -ENOENT,
					   "there is no matter %.96s that you may see", matter);
	}
	if (!ret)
		ret = tb_referee_offered(r, pack, matter, viewer, rows, err);
	json_decref(found);
	return ret;
}

/**
 * tb_referee_whole() - all rows of a list
 * @r: the referee
 * @what: the list; also those that nobody may ask for, as duties
 * @open: only what is open, in a list that knows it
 * @viewer: who asks
 * @all: sees all
 * @rows: set to an array, the caller's
 * @err: told what went wrong
 *
 * Return: 0; -EINVAL if there is no such list; -EIO if the state cannot be read.
 */
int tb_referee_whole(struct tb_referee *r, const char *what, bool open, int64_t viewer, bool all,
		     json_t **rows, struct tb_error *err)
{
	const struct tb_view *view = tb_view_find(what);
	struct asking a;

	if (!view)
		return tb_error_set(err, -EINVAL, "there is no list %.32s", what);
	begin(&a, r, view, viewer, all);
	if (open && add_named(&a, "open", json_true(), err))
		return -EINVAL;
	return end(&a, PARTS_MAX, rows, err);
}

/**
 * tb_referee_query() - what does the state hold?
 * @referee: the referee
 * @what: matters, matter, clocks, findings, tasks, notices, places, offices,
 *	actors, points, packs, acts, reports, exports, kinds, offers, or record for what came of one record
 * @filter: an object of what is asked for, or NULL
 * @viewer: who asks
 * @sees_all: who asks may see all, by another office than an actor's
 * @rows: set to an array, the caller's
 * @err: told what went wrong
 *
 * Of matters a viewer sees those of which a side is the viewer's office or one
 * below it; admins, supervisors and auditors see all. What all actors may see is seen by
 * nobody who is none.
 *
 * Return: 0; -ENOENT if there is none such to be seen; -EINVAL if the question makes
 * no sense; -EIO if the state cannot be read.
 */
int tb_referee_query(struct tb_referee *referee, const char *what, const json_t *filter,
		     int64_t viewer, bool sees_all, json_t **rows, struct tb_error *err)
{
	bool all = sees_all || tb_seen_all(referee, viewer);

	*rows = NULL;
	if (filter && !json_is_object(filter))
		return tb_error_set(err, -EINVAL, "filter: it must be an object");
	if (!strcmp(what, "matter"))
		return ask_matter(referee, filter, viewer, all, rows, err);
	if (!strcmp(what, "record"))
		return ask_record(referee, filter, viewer, all, rows, err);
	if (!strcmp(what, "offers"))
		return ask_offers(referee, filter, viewer, all, rows, err);
	if (!strcmp(what, "acts") || !strcmp(what, "reports") || !strcmp(what, "kinds") ||
	    !strcmp(what, "exports"))
		return tb_referee_declared(referee, what, filter, rows, err);
	if (!strcmp(what, "points") && !json_object_get(filter, "account"))
		what = "balances";
	return ask(referee, what, filter, viewer, all, rows, err);
}
