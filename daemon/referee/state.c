// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state: tables that hold what the records and the packs give, and nothing
 * else; deleted, they are the same again after a fold. Numbers within a table rise by
 * one, as SQLite gives them where nothing is deleted, so that they do not depend on
 * when they were made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier.h"
#include "engine.h"
#include "heads.h"
#include "jsontext.h"

/* Another user_version with each change of the tables, or of what the same records make of them */
const char tb_state_schema[] =
	"PRAGMA user_version = 4;"
	" PRAGMA journal_mode = MEMORY; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
	" PRAGMA cache_size = -16384;"
	"CREATE TABLE IF NOT EXISTS fold (id INTEGER PRIMARY KEY CHECK (id = 1),"
	" last INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS pack (no INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	" hash TEXT NOT NULL, record TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS store (pack TEXT, key TEXT, value TEXT NOT NULL,"
	" PRIMARY KEY (pack, key)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS matter (id TEXT PRIMARY KEY, pack TEXT NOT NULL,"
	" no INTEGER NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, stage TEXT NOT NULL,"
	" office TEXT, key TEXT, place TEXT, record TEXT NOT NULL, opened INTEGER NOT NULL,"
	" closed INTEGER, data TEXT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS matter_no ON matter (pack, no);"
	"CREATE INDEX IF NOT EXISTS matter_key ON matter (pack, kind, key, no);"
	"CREATE INDEX IF NOT EXISTS matter_open_key ON matter (pack, kind, key, no)"
	" WHERE closed IS NULL;"
	"CREATE INDEX IF NOT EXISTS matter_open ON matter (pack, kind, no) WHERE closed IS NULL;"
	"CREATE TABLE IF NOT EXISTS side (matter TEXT, office TEXT, how TEXT NOT NULL,"
	" record TEXT NOT NULL, PRIMARY KEY (matter, office)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS owner (no INTEGER PRIMARY KEY, matter TEXT NOT NULL,"
	" office TEXT, reason TEXT, record TEXT NOT NULL, time INTEGER NOT NULL);"
	"CREATE INDEX IF NOT EXISTS owner_matter ON owner (matter);"
	"CREATE TABLE IF NOT EXISTS link (matter TEXT, other TEXT, how TEXT NOT NULL,"
	" record TEXT NOT NULL, PRIMARY KEY (matter, other, how)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS timeline (no INTEGER PRIMARY KEY, matter TEXT NOT NULL,"
	" record TEXT NOT NULL, time INTEGER NOT NULL, uid INTEGER, text TEXT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS timeline_matter ON timeline (matter, no);"
	"CREATE TABLE IF NOT EXISTS finding (id INTEGER PRIMARY KEY, pack TEXT NOT NULL,"
	" rule TEXT NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL, law TEXT, matter TEXT,"
	" uid INTEGER, record TEXT NOT NULL, time INTEGER NOT NULL, resolved TEXT);"
	"CREATE INDEX IF NOT EXISTS finding_matter ON finding (matter);"
	"CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, pack TEXT NOT NULL, matter TEXT,"
	" office TEXT, uid INTEGER, text TEXT NOT NULL, key TEXT, record TEXT NOT NULL,"
	" time INTEGER NOT NULL, done TEXT);"
	"CREATE INDEX IF NOT EXISTS task_open ON task (matter, key) WHERE done IS NULL;"
	"CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY, pack TEXT NOT NULL,"
	" name TEXT NOT NULL, matter TEXT NOT NULL, key TEXT NOT NULL, started TEXT NOT NULL,"
	" began INTEGER NOT NULL, due INTEGER NOT NULL, warn INTEGER, extended INTEGER NOT NULL,"
	" state TEXT NOT NULL, doubt TEXT, law TEXT, record TEXT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS clock_due ON clock (due) WHERE state = 'running';"
	"CREATE INDEX IF NOT EXISTS clock_warn ON clock (warn) WHERE state = 'running';"
	"CREATE INDEX IF NOT EXISTS clock_waiting ON clock (id) WHERE state = 'waiting';"
	"CREATE INDEX IF NOT EXISTS clock_matter ON clock (matter, name, key);"
	"CREATE TABLE IF NOT EXISTS notice (id INTEGER PRIMARY KEY, pack TEXT NOT NULL,"
	" kind TEXT NOT NULL, title TEXT, text TEXT NOT NULL, place TEXT, grp TEXT, key TEXT,"
	" since INTEGER, until INTEGER, refers INTEGER, record TEXT NOT NULL,"
	" time INTEGER NOT NULL, cancelled TEXT);"
	"CREATE INDEX IF NOT EXISTS notice_key ON notice (pack, key);"
	"CREATE TABLE IF NOT EXISTS points (no INTEGER PRIMARY KEY, pack TEXT NOT NULL,"
	" account TEXT NOT NULL, n INTEGER NOT NULL, reason TEXT NOT NULL, key TEXT,"
	" record TEXT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS points_account ON points (pack, account);"
	"CREATE UNIQUE INDEX IF NOT EXISTS points_key ON points (pack, key) WHERE key IS NOT NULL;"
	"CREATE TABLE IF NOT EXISTS office (id TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT,"
	" kind TEXT, owns TEXT, data TEXT);"
	"CREATE INDEX IF NOT EXISTS office_parent ON office (parent);"
	"CREATE TABLE IF NOT EXISTS actor (uid INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	" office TEXT NOT NULL, roles TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS role (role TEXT, uid INTEGER, PRIMARY KEY (role, uid))"
	" WITHOUT ROWID;"
	"INSERT OR IGNORE INTO role SELECT value, uid FROM actor, json_each(actor.roles);"
	"CREATE TABLE IF NOT EXISTS place (id TEXT PRIMARY KEY, kind TEXT NOT NULL,"
	" name TEXT NOT NULL, office TEXT, parent TEXT, road TEXT, from_km REAL, to_km REAL,"
	" river TEXT, length_km REAL, area TEXT, west REAL, east REAL, south REAL, north REAL,"
	" data TEXT);"
	"CREATE INDEX IF NOT EXISTS place_kind ON place (kind, office);"
	"CREATE INDEX IF NOT EXISTS place_road ON place (road, from_km) WHERE road IS NOT NULL;"
	"CREATE INDEX IF NOT EXISTS place_west ON place (west, east) WHERE west IS NOT NULL;"
	"CREATE TABLE IF NOT EXISTS duty (no INTEGER PRIMARY KEY, office TEXT NOT NULL,"
	" uid INTEGER NOT NULL, days TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,"
	" record TEXT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS duty_office ON duty (office);"
	"CREATE TABLE IF NOT EXISTS holiday (date TEXT PRIMARY KEY, working INTEGER NOT NULL,"
	" name TEXT);";

/**
 * tb_state_outdated() - was a state made by a program with other tables?
 * @path: its file
 *
 * Return: true if so; false if it fits, is not there or is no database.
 */
bool tb_state_outdated(const char *path)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	bool outdated = false;
	char now[32];

	if (!sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) &&
	    !sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL) &&
	    sqlite3_step(stmt) == SQLITE_ROW) {
		snprintf(now, sizeof(now), "PRAGMA user_version = %d;",
			 sqlite3_column_int(stmt, 0));
		outdated = strncmp(tb_state_schema, now, strlen(now)) != 0;
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return outdated;
}

/**
 * tb_state_heard() - does anybody listen to an effect?
 * @r: the referee
 * @effect: what it is
 *
 * Return: whether somebody does.
 */
bool tb_state_heard(const struct tb_referee *r, const char *effect)
{
	const char *const *name = r->options.effects;

	if (!r->options.effect || r->deaf)
		return false;
	while (name && *name && strcmp(*name, effect) != 0)
		name++;
	return !name || *name;
}

/**
 * tb_state_tell() - tell of an effect, once it stands
 * @r: the referee
 * @effect: what it is, one that somebody listens to
 * @fields: the rest; taken over
 */
void tb_state_tell(struct tb_referee *r, const char *effect, json_t *fields)
{
	json_t *json;

	if (!fields)
		return;
	json = json_pack("{s:s, s:s, s:s*}", "record", r->event ? r->event->record : "", "effect",
			 effect, "pack", r->pack ? r->pack->name : NULL);
	json_object_update(json, fields);
	json_decref(fields);
	json_array_append_new(r->effects, json);
}

/**
 * tb_state_plain() - a text for people as it is stored: JSON
 * @text: plain text
 *
 * Return: it as a JSON string, the caller's to free, or NULL.
 */
char *tb_state_plain(const char *text)
{
	json_t *json = json_string(text) ?: json_string("(not UTF-8)");
	char *out = tb_json_text(json);

	json_decref(json);
	return out;
}

/**
 * tb_state_text() - a text for people in both languages, as it is stored
 * @en: English
 * @zh: Chinese
 * @name: what comes behind both
 *
 * Return: it as JSON, the caller's to free, or NULL.
 */
char *tb_state_text(const char *en, const char *zh, const char *name)
{
	json_t *json = json_pack("{s:s+, s:s+}", "en", en, name, "zh", zh, name);
	char *text = tb_json_text(json);

	json_decref(json);
	return text;
}

static json_t *decoded(const char *text)
{
	return text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
}

/**
 * tb_state_finding() - a rule has fired
 * @r: the referee, in an event
 * @pack: whose rule
 * @rule: its name
 * @level: info, warn or fault
 * @text: JSON of what to tell people
 * @law: JSON of the clause, or NULL
 * @matter: which matter it concerns, or NULL
 *
 * Return: number of the finding.
 */
int64_t tb_state_finding(struct tb_referee *r, const char *pack, const char *rule,
			 const char *level, const char *text, const char *law, const char *matter)
{
	const struct tb_event *e = r->event;
	int64_t id;

	id = tb_db_next(r->db, "SELECT max(id) FROM finding WHERE '' = ?", "");
	tb_db_do(r->db,
		 "INSERT INTO finding (id, pack, rule, level, text, law, matter, uid, record, time)"
		 " VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, -1), ?, ?)",
		 "ittttttiti", id, pack, rule, level, text, law, matter, e->uid, e->record,
		 e->time);
	if (matter)
		tb_state_touch(r, matter, NULL);
	tb_state_effect(r, "finding",
			json_pack("{s:I, s:s, s:s, s:s, s:o*, s:o*, s:s*}", "id", (json_int_t)id,
				  "pack", pack, "rule", rule, "level", level, "text", decoded(text),
				  "law", decoded(law), "matter", matter));
	return id;
}

/* Keys of tasks to look at what another side added; behind it the office */
#define SEEN	  "seen:"
#define LOOK_SIZE 133

static void key_of_look(char key[LOOK_SIZE], const char *office)
{
	size_t len = strnlen(office, LOOK_SIZE - sizeof(SEEN));

	memcpy(key + sizeof(SEEN) - 1, office, len);
	key[sizeof(SEEN) - 1 + len] = '\0';
}

/**
 * tb_state_task() - somebody has something to do
 * @r: the referee, in an event
 * @matter: in which matter, or NULL
 * @office: which office, or NULL
 * @uid: which person, or %TB_NO_UID
 * @text: JSON of what
 * @key: one open task of a matter and key, or NULL
 *
 * Return: number of the task.
 */
int64_t tb_state_task(struct tb_referee *r, const char *matter, const char *office, int64_t uid,
		      const char *text, const char *key)
{
	const char *pack = r->pack ? r->pack->name : TB_ENGINE;
	int64_t id = 0;

	if (key && matter)
		id = tb_tasks_find(r, matter, key);
	else if (key)
		id = tb_db_number(r->db, 0,
				  "SELECT id FROM task WHERE matter IS NULL AND key = ? AND done IS NULL",
				  "t", key);
	if (id)
		return id;
	id = tb_db_next(r->db, "SELECT max(id) FROM task WHERE '' = ?", "");
	tb_db_add(r->db, (uint64_t)id,
		  "INSERT INTO task (id, pack, matter, office, uid, text, key, record, time, done)"
		  " VALUES (?, ?, ?, ?, nullif(?, -1), ?, ?, ?, ?, ?)",
		  "itttitttit", id, pack, matter, office, uid, text, key, r->event->record,
		  r->event->time, NULL);
	if (matter)
		tb_tasks_add(r, matter,
			     tb_row_new("ittotti", id, pack, office,
					uid == TB_NO_UID ? NULL : json_integer(uid), text, key,
					r->event->time));
	tb_state_effect(r, "task",
			json_pack("{s:I, s:s*, s:s*, s:o*, s:s*}", "id", (json_int_t)id, "matter",
				  matter, "office", office, "text", decoded(text), "key", key));
	return id;
}

/* Who acts has looked; each other side has to, and has a task that says so. */
static void tell_sides(struct tb_referee *r, const char *matter)
{
	const char *office;
	json_t *sides, *side;
	char key[LOOK_SIZE] = SEEN;
	int64_t look;
	size_t i;

	if (r->event->kind != TB_EVENT_ACT || !*r->actor)
		return;
	sides = json_incref(tb_sides_get(r, matter));
	json_array_foreach(sides, i, side) {
		office = json_string_value(side);
		key_of_look(key, office);
		look = tb_tasks_find(r, matter, key);
		if (!strcmp(office, r->actor) && look) {
			tb_tasks_done(r, look);
		} else if (strcmp(office, r->actor) != 0 && !look) {
			tb_state_task(r, matter, office, TB_NO_UID,
				      "{\"en\":\"look at what another side added\",\"zh\":\"查看另一方新增内容\"}",
				      key);
		}
	}
	json_decref(sides);
}

/* Has this record a line in the matter's timeline? Then it is the last one. */
static bool was_touched(struct tb_referee *r, const char *matter)
{
	size_t len = strlen(matter);
	const char *at;

	for (at = r->touched; *at; at = strchr(at, '\n') + 1)
		if (!strncmp(at, matter, len) && at[len] == '\n')
			return true;
	return r->overflown &&
	       tb_db_number(r->db, 0,
			    "SELECT record = ?2 FROM timeline WHERE matter = ?1 ORDER BY no DESC LIMIT 1",
			    "tt", matter, r->event->record);
}

static void note_touched(struct tb_referee *r, const char *matter)
{
	size_t used = strlen(r->touched), len = strlen(matter);

	if (used + len + 2 > sizeof(r->touched)) {
		r->overflown = true;
		return;
	}
	memcpy(r->touched + used, matter, len);
	memcpy(r->touched + used + len, "\n", 2);
}

/**
 * tb_state_touch() - this record had to do with a matter
 * @r: the referee, in an event
 * @matter: the matter
 * @text: JSON of a line for its timeline, or NULL for the act's kind
 */
void tb_state_touch(struct tb_referee *r, const char *matter, const char *text)
{
	const struct tb_event *e = r->event;
	const char *kind = e->act ? json_string_value(json_object_get(e->act, "kind")) : NULL;
	char *plain = NULL;

	if (!text) {
		if (was_touched(r, matter))
			return;
		plain = tb_state_plain(kind ?: e->source ?: "clock");
		text = plain;
	}
	tb_db_do(r->db,
		 "INSERT INTO timeline (matter, record, time, uid, text) VALUES"
		 " (?, ?, ?, nullif(?, -1), ?)",
		 "ttiit", matter, e->record, e->time, e->uid, text);
	free(plain);
	note_touched(r, matter);
	tell_sides(r, matter);
}

/**
 * tb_state_above() - the office above
 * @r: the referee
 * @office: the office
 * @above: set to the one above; to @office itself if there is none
 * @size: room there
 *
 * Return: whether there is one.
 */
bool tb_state_above(struct tb_referee *r, const char *office, char *above, size_t size)
{
	sqlite3_stmt *stmt =
		tb_db_ask(r->db, "SELECT parent FROM office WHERE id = ?", "t", office);
	bool found = tb_db_row(r->db, stmt) && tb_db_text(stmt, 0);

	snprintf(above, size, "%s", found ? tb_db_text(stmt, 0) : office);
	tb_db_end(stmt);
	return found;
}
