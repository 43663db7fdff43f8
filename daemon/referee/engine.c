// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fold: one record after another, each through all packs that care for it. What
 * a pack does at one record stands as a whole or not at all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "luajson.h"
#include "measures.h"
#include "orders.h"

static int by_name(const void *a, const void *b)
{
	const struct tb_pack *const *x = a, *const *y = b;
	bool base_x = !strcmp((*x)->name, TB_BASE), base_y = !strcmp((*y)->name, TB_BASE);

	if (base_x != base_y)
		return base_x ? -1 : 1;
	return strcmp((*x)->name, (*y)->name);
}

static int put_pack(struct tb_referee *r, const char *name, const char *hash, struct tb_error *err)
{
	struct tb_pack *pack;
	size_t i;
	int ret;

	ret = tb_pack_load(r, name, hash, &pack, err);
	if (ret)
		return ret;
	for (i = 0; i < r->pack_count; i++) {
		if (strcmp(r->packs[i]->name, name))
			continue;
		tb_pack_free(r->packs[i]);
		r->packs[i] = pack;
		return 0;
	}
	if (r->pack_count == TB_PACKS_MAX) {
		tb_pack_free(pack);
		return tb_error_set(err, -ENOSPC, "more than %d packs", TB_PACKS_MAX);
	}
	r->packs[r->pack_count++] = pack;
	qsort(r->packs, r->pack_count, sizeof(r->packs[0]), by_name); /* NOLINT: of pointers */
	return 0;
}

/* Which days are off: the lists come with the program, as the pack base does. */
static int load_calendar(struct tb_referee *r, struct tb_error *err)
{
	json_t *shipped = tb_pack_json(tb_pack_find(r, TB_BASE), "data/calendar.json");

	tb_calendar_free(r->calendar);
	r->calendar = tb_calendar_new(shipped, r->db);
	json_decref(shipped);
	r->asleep = true;
	return r->calendar ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

/* The packs that were in force when the state was left */
static int load_packs(struct tb_referee *r, struct tb_error *err)
{
	char name[64], hash[80];
	sqlite3_stmt *stmt;
	int64_t no = 0;
	int ret;

	ret = put_pack(r, TB_BASE, NULL, err);
	if (!ret)
		ret = load_calendar(r, err);
	while (!ret) {
		stmt = tb_db_ask(r->db,
				 "SELECT no, name, hash FROM pack WHERE no > ? AND no = (SELECT max(no)"
				 " FROM pack p WHERE p.name = pack.name) ORDER BY no LIMIT 1",
				 "i", no);
		if (!tb_db_row(r->db, stmt))
			break;
		no = sqlite3_column_int64(stmt, 0);
		snprintf(name, sizeof(name), "%s", tb_db_text(stmt, 1));
		snprintf(hash, sizeof(hash), "%s", tb_db_text(stmt, 2));
		tb_db_end(stmt);
		ret = put_pack(r, name, hash, err);
	}
	return ret ?: tb_db_failed(r->db, err);
}

/**
 * tb_referee_open() - open a referee
 * @options: how it is to be; the strings are the caller's and stay
 * @referee: set to it; tb_referee_close() closes it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_open(const struct tb_referee_options *options, struct tb_referee **referee,
		    struct tb_error *err)
{
	struct tb_referee *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return tb_error_set(err, -ENOMEM, "out of memory");
	r->options = *options;
	r->effects = json_array();
	r->memo = tb_memo_new();
	ret = tb_db_open(options->state, tb_state_schema, &r->db, err);
	if (!ret) {
		r->calendar = tb_calendar_new(NULL, r->db);
		r->rows = tb_rows_new(r->db);
		tb_zone_load(r);
		ret = load_packs(r, err);
	}
	if (ret)
		tb_referee_close(r);
	else
		*referee = r;
	return ret;
}

/**
 * tb_referee_close() - close a referee
 * @referee: the referee, or NULL
 */
void tb_referee_close(struct tb_referee *referee)
{
	size_t i;

	if (!referee)
		return;
	for (i = 0; i < referee->pack_count; i++)
		tb_pack_free(referee->packs[i]);
	tb_db_close(referee->db);
	json_decref(referee->effects);
	tb_memo_free(referee->memo);
	tb_actors_forget(referee);
	tb_calendar_free(referee->calendar);
	tb_rows_free(referee->rows);
	free(referee->refusal);
	free(referee);
}

/**
 * tb_referee_force() - put a text of a pack in force
 * @r: the referee, in an event or before the first
 * @name: the pack's name
 * @hash: which text; NULL for the one in the directory
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_force(struct tb_referee *r, const char *name, const char *hash, struct tb_error *err)
{
	int ret = put_pack(r, name, r->options.now ? NULL : hash, err);

	if (ret)
		return ret;
	tb_db_do(r->db,
		 "INSERT INTO pack (no, name, hash, record) VALUES"
		 " ((SELECT ifnull(max(no), 0) + 1 FROM pack), ?, ?, ?)",
		 "ttt", name, tb_pack_find(r, name)->hash, r->event ? r->event->record : "");
	tb_state_effect(r, "pack",
			json_pack("{s:s, s:s}", "name", name, "hash", tb_pack_find(r, name)->hash));
	return tb_db_failed(r->db, err);
}

/**
 * tb_referee_use() - put the text of a pack that is in the directory in force
 * @referee: the referee
 * @name: the pack's name
 * @err: told what went wrong
 *
 * For folds that have no record to say so.
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_use(struct tb_referee *referee, const char *name, struct tb_error *err)
{
	return tb_referee_force(referee, name, NULL, err);
}

/**
 * tb_referee_listen() - does anybody want to hear of effects from here on?
 * @referee: the referee
 * @listen: whether somebody does; at first so
 */
void tb_referee_listen(struct tb_referee *referee, bool listen)
{
	referee->deaf = !listen;
}

static void tell_effects(struct tb_referee *r)
{
	json_t *effect;
	size_t i;

	json_array_foreach(r->effects, i, effect)
		r->options.effect(effect, r->options.userdata);
	json_array_clear(r->effects);
}

/* What fails or is refused leaves nothing but a finding that says so. */
static void undo(struct tb_referee *r, size_t effects, const char *rule, const char *level,
		 const char *text)
{
	tb_db_undo(r->db);
	tb_rows_undo(r->rows);
	tb_calendar_forget(r->calendar);
	tb_actors_forget(r);
	memset(r->tasks, 0, sizeof(r->tasks));
	r->soon.known = false;
	r->touched[r->stands] = '\0';
	while (json_array_size(r->effects) > effects)
		json_array_remove(r->effects, json_array_size(r->effects) - 1);
	tb_state_finding(r, r->pack ? r->pack->name : TB_ENGINE, rule, level, text, NULL, NULL);
}

/* The failure of a pack, as JSON, the caller's to free */
static void undo_plain(struct tb_referee *r, size_t effects, const char *rule, const char *level,
		       const char *text)
{
	char *plain = tb_state_plain(text);

	undo(r, effects, rule, level, plain);
	free(plain);
}

static void forget_refusal(struct tb_referee *r)
{
	free(r->refusal);
	r->refusal = NULL;
}

/* What was changed before stands, whatever becomes of the call. */
static void begin_call(struct tb_referee *r)
{
	tb_rows_keep(r->rows);
	tb_db_call(r->db);
	r->stands = strlen(r->touched);
}

/* Calls into the pack; what fails or is refused is undone. */
static void call_and_judge(struct tb_referee *r, int args)
{
	size_t before = json_array_size(r->effects);
	lua_State *L = r->pack->L;
	char why[1500] = "";
	bool failed;

	forget_refusal(r);
	begin_call(r);
	failed = tb_sandbox_call(r->pack, args, 0, why, sizeof(why));
	if (r->refusal)
		undo(r, before, "engine.refused", "warn", r->refusal);
	else if (failed)
		undo_plain(r, before, "engine.failed", "fault", why);
	else
		tb_db_keep(r->db);
	tb_rows_keep(r->rows);
	forget_refusal(r);
	lua_settop(L, 0);
}

static void push_event(struct tb_referee *r, json_t *fields)
{
	const struct tb_event *e = r->event;
	lua_State *L = r->pack->L;
	char date[TB_DATE_SIZE];
	const char *name;
	json_t *field;

	lua_createtable(L, 0, 12);
	lua_pushinteger(L, e->time);
	lua_setfield(L, -2, "time");
	lua_pushstring(L, tb_date_format(tb_zone_date(r, e->time), date));
	lua_setfield(L, -2, "date");
	lua_pushstring(L, e->record);
	lua_setfield(L, -2, "record");
	lua_pushboolean(L, e->synced);
	lua_setfield(L, -2, "synced");
	if (e->uid != TB_NO_UID) {
		lua_pushinteger(L, e->uid);
		lua_setfield(L, -2, "uid");
		if (tb_api_actor(L, e->uid))
			lua_setfield(L, -2, "actor");
	}
	if (fields) {
		tb_lua_push_json(L, fields);
		lua_setfield(L, -2, "data");
	}
	if (e->source) {
		lua_pushstring(L, e->source);
		lua_setfield(L, -2, "source");
	}
	if (e->kind == TB_EVENT_DEVICE) {
		json_object_foreach(e->fields, name, field) {
			tb_lua_push_json(L, field);
			lua_setfield(L, -2, name);
		}
	} else if (e->source) {
		lua_pushinteger(L, e->level);
		lua_setfield(L, -2, "level");
		lua_pushboolean(L, e->missed);
		lua_setfield(L, -2, "missed");
		lua_pushinteger(L, (lua_Integer)e->count);
		lua_setfield(L, -2, "count");
		lua_pushstring(L, e->line);
		lua_setfield(L, -2, "line");
	}
}

/* Calls what is on the pack's stack, with the event on top of it */
static void guarded(struct tb_referee *r, const char *kind)
{
	lua_pushstring(r->pack->L, kind);
	lua_setfield(r->pack->L, -2, "kind");
	call_and_judge(r, 1);
}

static void refuse_act(struct tb_referee *r, const char *why)
{
	begin_call(r);
	if (*why == '{')
		undo(r, json_array_size(r->effects), "engine.refused", "warn", why);
	else
		undo_plain(r, json_array_size(r->effects), "engine.refused", "warn", why);
}

static void load_actor_office(struct tb_referee *r)
{
	const json_t *actor = tb_actor(r, r->event->uid);

	snprintf(r->actor, sizeof(r->actor), "%s",
		 json_string_value(json_object_get(actor, "office")) ?: "");
}

static void fold_known_act(struct tb_referee *r, const char *kind)
{
	lua_State *L = r->pack->L;
	char why[700] = "";
	json_t *fields;

	lua_getfield(L, LUA_REGISTRYINDEX, "pack");
	lua_getfield(L, -1, "acts");
	if (lua_istable(L, -1))
		lua_getfield(L, -1, kind);
	if (!lua_istable(L, -1) || lua_gettop(L) < 3) {
		snprintf(why, sizeof(why), "the pack %s has no act %s", r->pack->name, kind);
		refuse_act(r, why);
		lua_settop(L, 0);
		return;
	}
	fields = tb_roles_may(r, why, sizeof(why)) ?
			 tb_schema_check(r->pack, r->event->act, why, sizeof(why)) :
			 NULL;
	if (!fields) {
		refuse_act(r, why);
		lua_settop(L, 0);
		return;
	}
	lua_getfield(L, -1, "run");
	if (lua_isnil(L, -1)) {
		lua_settop(L, 0);
	} else {
		push_event(r, fields);
		guarded(r, kind);
	}
	json_decref(fields);
}

static void fold_act(struct tb_referee *r)
{
	json_t *act = r->event->act;
	const char *name = json_string_value(json_object_get(act, "pack"));
	const char *kind = json_string_value(json_object_get(act, "kind"));
	char why[256];

	/* What names no pack is a note, and stays one. */
	if (!name)
		return;
	r->pack = tb_pack_find(r, name);
	load_actor_office(r);
	if (!r->pack) {
		snprintf(why, sizeof(why), "there is no pack %.100s in force", name);
		refuse_act(r, why);
	} else if (!kind) {
		refuse_act(r, "the act has no kind");
	} else {
		fold_known_act(r, kind);
	}
}

/* All packs that have a function for it */
static void fold_on(struct tb_referee *r, const char *kind)
{
	lua_State *L;
	size_t i;

	*r->actor = '\0';
	for (i = 0; i < r->pack_count; i++) {
		r->pack = r->packs[i];
		L = r->pack->L;
		lua_getfield(L, LUA_REGISTRYINDEX, "pack");
		lua_getfield(L, -1, "on");
		if (lua_istable(L, -1) && lua_getfield(L, -1, kind) == LUA_TFUNCTION) {
			push_event(r, NULL);
			guarded(r, kind);
		}
		lua_settop(L, 0);
	}
}

static void fold_as(struct tb_referee *r, const char *word, json_t *fields)
{
	const struct tb_event *event = r->event;
	struct tb_event other = *event;

	other.word = word;
	other.fields = fields;
	r->event = &other;
	fold_on(r, word);
	r->event = event;
}

/* What is in a record by a description is another event, behind the record's own. */
static void fold_measured(struct tb_referee *r)
{
	struct tb_measured_event measured;
	json_t *change;
	size_t i;

	if (!tb_measures_take(r, r->event, &measured))
		return;
	json_array_foreach(measured.restored, i, change)
		fold_as(r, "restored", change);
	if (measured.fields)
		fold_as(r, "measure", measured.fields);
	json_array_foreach(measured.silent, i, change)
		fold_as(r, "silent", change);
	tb_measures_drop(&measured);
}

static void fold_device(struct tb_referee *r)
{
	if (!strcmp(r->event->word, "output"))
		tb_orders_done(r, r->event);
	if (strcmp(r->event->word, "frame") != 0)
		fold_on(r, r->event->word);
	fold_measured(r);
}

static int fold_due(struct tb_referee *r, struct tb_error *err)
{
	lua_State *L;
	int ret;

	*r->actor = '\0';
	ret = tb_clock_fire(r, r->event->clock, err);
	if (ret <= 0)
		return ret;
	L = r->pack->L;
	if (lua_isnil(L, -2)) {
		lua_settop(L, 0);
		return 0;
	}
	/* due(e, clock): the event goes between */
	push_event(r, NULL);
	lua_pushvalue(L, -2);
	lua_setfield(L, -2, "clock");
	lua_insert(L, -2);
	lua_pushliteral(L, "due");
	lua_setfield(L, -3, "kind");
	call_and_judge(r, 2);
	return 0;
}

/**
 * tb_referee_fold() - take in one record
 * @referee: the referee
 * @event: the record
 * @err: told why it could not
 *
 * What a record does wrong becomes a finding; a failure is one of the state.
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_fold(struct tb_referee *referee, const struct tb_event *event, struct tb_error *err)
{
	struct tb_referee *r = referee;
	locale_t locale = tb_sandbox_locale();
	int ret = 0;

	r->event = event;
	r->pack = NULL;
	*r->touched = '\0';
	r->stands = 0;
	r->overflown = false;
	if (r->asleep && event->synced)
		tb_clock_wake(r);
	switch (event->kind) {
	case TB_EVENT_ACT:
		fold_act(r);
		break;
	case TB_EVENT_EDGE:
		fold_on(r, "edge");
		break;
	case TB_EVENT_LOST:
		fold_on(r, "lost");
		break;
	case TB_EVENT_DEVICE:
		fold_device(r);
		break;
	case TB_EVENT_DUE:
		ret = fold_due(r, err);
		break;
	case TB_EVENT_READER:
		/* Who keeps the ledger may say which texts of packs are in force. */
		tb_db_do(r->db,
			 "INSERT INTO store (pack, key, value) VALUES ('engine', 'reader', ?)"
			 " ON CONFLICT DO UPDATE SET value = excluded.value",
			 "i", event->uid);
		break;
	case TB_EVENT_TIME:
		break;
	}
	r->event = NULL;
	uselocale(locale);
	if (!tb_db_begun(r->db))
		tb_rows_flush(r->rows);
	if (r->options.effect)
		tell_effects(r);
	return ret ?: tb_db_failed(r->db, err);
}

/**
 * tb_referee_begin() - begin a piece of the fold that stands or falls together
 * @referee: the referee
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_begin(struct tb_referee *referee, struct tb_error *err)
{
	tb_db_begin(referee->db);
	return tb_db_failed(referee->db, err);
}

/**
 * tb_referee_commit() - keep a piece of the fold
 * @referee: the referee
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_commit(struct tb_referee *referee, struct tb_error *err)
{
	tb_rows_flush(referee->rows);
	tb_db_commit(referee->db);
	return tb_db_failed(referee->db, err);
}
