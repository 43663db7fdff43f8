/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the referee share. */
#ifndef TONGBU_ENGINE_H
#define TONGBU_ENGINE_H

#include <locale.h>

#include <lauxlib.h>
#include <lua.h>

#include "calendar.h"
#include "db.h"
#include "deadline.h"
#include "memo.h"
#include "pool.h"
#include "referee.h"
#include "rows.h"

#define TB_PACKS_MAX 32
#define TB_BASE	     "base"
#define TB_ENGINE    "engine"

/**
 * struct tb_pack - one text of one pack, loaded
 * @name: its name
 * @hash: SHA-256 of its files, hexadecimal
 * @L: its Lua state; the declaration is in the registry under "pack"
 * @pool: small pieces of its memory
 * @used: bytes of memory it has
 * @steps: instructions this call has left
 * @bounded: a call is under way, and its bounds hold
 * @referee: whose
 */
struct tb_pack {
	char *name;
	char hash[65];
	lua_State *L;
	struct tb_pool pool;
	size_t used;
	int64_t steps;
	bool bounded;
	struct tb_referee *referee;
};

/* Actors known at a time */
#define TB_ACTORS_KNOWN 256

/**
 * struct tb_known_actor - who a user is
 * @uid: the user
 * @set: known at all
 * @actor: as packs see it; NULL for nobody
 * @reading: the how manieth time an actor was read that was
 */
struct tb_known_actor {
	int64_t uid;
	bool set;
	json_t *actor;
	int64_t reading;
};

/* Tasks of which the matter is known at a time */
#define TB_TASKS_KNOWN 64

/**
 * struct tb_task_of - whose a task is
 * @id: its number
 * @matter: its matter, or ""
 */
struct tb_task_of {
	int64_t id;
	char matter[96];
};

/* Clocks that are due next, known at a time */
#define TB_SOON 64

/**
 * struct tb_soon - clocks that are due next, in no order
 * @known: it is so
 * @until: all before this time are there
 * @count: how many
 * @times: when each is due
 * @clocks: their ids, as in struct tb_event
 */
struct tb_soon {
	bool known;
	int64_t until;
	size_t count;
	int64_t times[TB_SOON];
	uint64_t clocks[TB_SOON];
};

/**
 * struct tb_referee - a referee
 * @options: how it is to be
 * @db: the state
 * @packs: packs in force, base first, then by name
 * @pack_count: how many
 * @event: the record that is folded
 * @pack: the pack that folds it
 * @actor: office of the actor, or ""
 * @refusal: JSON of why the act is refused, or NULL; stays for all of the act
 * @memo: texts of the state read lately
 * @rows: data of matters and values of the store, in memory
 * @actors: who acted lately
 * @readings: how often an actor was read from the state
 * @tasks: tasks of late, by their number
 * @soon: clocks that are due next
 * @deaf: nobody wants to hear of effects now
 * @calendar: which days are worked
 * @asleep: a clock may wait for a record whose time is known
 * @touched: matters this event has a line in already, each closed by a newline
 * @overflown: there are more of them
 * @stands: bytes of @touched from before this call
 * @effects: what came of it so far in this pack, told when it stands
 * @reading: a report runs: nothing may change
 * @own: the offices whose matters it may read, as names; NULL for all
 * @zone: the station's, as the last record of it says
 */
struct tb_referee {
	struct tb_referee_options options;
	struct tb_db *db;
	struct tb_pack *packs[TB_PACKS_MAX];
	size_t pack_count;
	const struct tb_event *event;
	struct tb_pack *pack;
	char actor[128];
	char *refusal;
	struct tb_memo *memo;
	struct tb_rows *rows;
	struct tb_known_actor actors[TB_ACTORS_KNOWN];
	int64_t readings;
	struct tb_task_of tasks[TB_TASKS_KNOWN];
	struct tb_soon soon;
	bool deaf;
	struct tb_calendar *calendar;
	bool asleep;
	char touched[1024];
	bool overflown;
	size_t stands;
	json_t *effects;
	bool reading;
	json_t *own;
	struct tb_zone zone;
};

/* zones.c */
void tb_zone_load(struct tb_referee *r);
int tb_zone_set(struct tb_referee *r, const char *name, const char *rule);
int tb_zone_at(const struct tb_referee *r, int64_t time);
int64_t tb_zone_date(const struct tb_referee *r, int64_t time);
int64_t tb_zone_day_end(const struct tb_referee *r, int64_t day);

/* engine.c */
int tb_referee_force(struct tb_referee *r, const char *name, const char *hash,
		     struct tb_error *err);

/* state.c */
extern const char tb_state_schema[];
bool tb_state_heard(const struct tb_referee *r, const char *effect);
void tb_state_tell(struct tb_referee *r, const char *effect, json_t *fields);

/* Tells of an effect, once it stands; its fields are not made where nobody listens. */
#define tb_state_effect(r, effect, fields)                \
	do {                                              \
		if (tb_state_heard(r, effect))            \
			tb_state_tell(r, effect, fields); \
	} while (0)

int64_t tb_state_finding(struct tb_referee *r, const char *pack, const char *rule,
			 const char *level, const char *text, const char *law, const char *matter);
int64_t tb_state_task(struct tb_referee *r, const char *matter, const char *office, int64_t uid,
		      const char *text, const char *key);
void tb_state_touch(struct tb_referee *r, const char *matter, const char *text);
bool tb_state_above(struct tb_referee *r, const char *office, char *above, size_t size);
char *tb_state_plain(const char *text);
char *tb_state_text(const char *en, const char *zh, const char *name);

/* api_world.c */
const json_t *tb_actor(struct tb_referee *r, int64_t uid);
void tb_actors_forget(struct tb_referee *r);

/* roles.c */
bool tb_roles_may(struct tb_referee *r, char *why, size_t size);

/* seen.c */
bool tb_seen_all(struct tb_referee *r, int64_t viewer);
bool tb_seen_role(struct tb_referee *r, const char *pack, int64_t viewer);
void tb_seen_begin(struct tb_referee *r, int64_t viewer);
void tb_seen_end(struct tb_referee *r);
bool tb_seen_office(const struct tb_referee *r, const char *office);
bool tb_seen_matter(struct tb_referee *r, const char *matter);

/* pack.c */
int tb_pack_load(struct tb_referee *r, const char *name, const char *hash, struct tb_pack **pack,
		 struct tb_error *err);
void tb_pack_free(struct tb_pack *pack);
int tb_pack_hash(const char *folder, char hash[65], struct tb_error *err);
struct tb_pack *tb_pack_find(struct tb_referee *r, const char *name);
json_t *tb_pack_json(struct tb_pack *pack, const char *file);

/* sandbox.c */
lua_State *tb_sandbox_new(struct tb_pack *pack);
int tb_sandbox_call(struct tb_pack *pack, int args, int results, char *why, size_t size);
int tb_sandbox_load(struct tb_pack *pack, const char *file, const char *text, size_t len,
		    struct tb_error *err);
void tb_sandbox_environment(lua_State *L);
struct tb_pack *tb_sandbox_pack(lua_State *L);
struct tb_referee *tb_sandbox_referee(lua_State *L);
void tb_sandbox_writes(lua_State *L);
void tb_sandbox_charge(lua_State *L, size_t count);
locale_t tb_sandbox_locale(void);

/* sandbox_steps.c */
bool tb_sandbox_read(lua_State *L, const char *file, const char *text, size_t len);

/* sandbox_memory.c */
void *tb_sandbox_allocate(void *userdata, void *ptr, size_t old, size_t size);

/* sandbox_table.c */
void tb_sandbox_table(lua_State *L);
void tb_sandbox_freeze(lua_State *L);

/* tables.c */
void tb_tables_open(lua_State *L);
int tb_tables_compile(struct tb_pack *pack, struct tb_error *err);
int tb_tables_offered(struct tb_pack *pack, const char *matter, int64_t uid, json_t **offers,
		      struct tb_error *err);

/* tables_call.c */
void tb_tables_call(lua_State *L);

/* schema.c */
json_t *tb_schema_check(struct tb_pack *pack, json_t *act, char *why, size_t size);

/* clocks.c */
#define TB_CLOCK "id, name, matter, key, started, due, extended, state, doubt"

void tb_clock_push(lua_State *L, sqlite3_stmt *stmt);
json_t *tb_clock_json(int64_t id, const char *name, const char *matter, int64_t due);
void tb_clock_stop_all(struct tb_referee *r, const char *matter);

/* clock_rule.c */
void tb_clock_rule(lua_State *L, const char *name, int64_t day);
int64_t tb_clock_number(lua_State *L, int rule, const char *name);
bool tb_clock_extension(lua_State *L, int rule);
struct tb_due tb_clock_end(lua_State *L, const char *name, int rule, int64_t day, int64_t time,
			   int64_t extended);
void tb_clock_derive(struct tb_referee *r, int64_t id, const char *en, const char *zh);
void tb_clock_derive_all(struct tb_referee *r, const char *pack, const char *en, const char *zh);

/* clock_due.c */
void tb_due_started(struct tb_referee *r, int64_t id, int64_t due, int64_t warn);
void tb_due_ended(struct tb_referee *r, int64_t id);
void tb_due_unwarn(struct tb_referee *r, const char *matter, int64_t id);
int tb_clock_fire(struct tb_referee *r, uint64_t id, struct tb_error *err);
void tb_clock_wake(struct tb_referee *r);

/* law.c */
bool tb_law_push(lua_State *L, const char *name, int64_t day, bool nearest);

/* api_*.c: each adds its functions to the globals on top of the stack */
void tb_api_matter(lua_State *L);
void tb_api_finding(lua_State *L);
void tb_api_clock(lua_State *L);
void tb_api_notice(lua_State *L);
void tb_api_world(lua_State *L);
void tb_api_date(lua_State *L);
void tb_api_deadline(lua_State *L);
void tb_api_law(lua_State *L);
void tb_api_base(lua_State *L);

/* What api_*.c have in common; api.c */
int tb_api_actor(lua_State *L, int64_t uid);
int tb_api_refuse(lua_State *L, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void tb_api_callable(lua_State *L, const char *name, const luaL_Reg *functions, lua_CFunction call);
const char *tb_api_field(lua_State *L, int table, const char *name);
int64_t tb_api_integer(lua_State *L, int table, const char *name, int64_t otherwise);
const char *tb_api_json(lua_State *L, int table, const char *name);
const char *tb_api_text(lua_State *L, int index);
void tb_api_push_text(lua_State *L, const char *text);
bool tb_api_zero(const json_t *json);
int64_t tb_api_day(lua_State *L, int index);
int tb_api_push_day(lua_State *L, int64_t day);
bool tb_api_is(lua_State *L, int table, const char *name);
void tb_api_column(lua_State *L, sqlite3_stmt *stmt, int column, const char *name);
void tb_api_column_json(lua_State *L, sqlite3_stmt *stmt, int column, const char *name);

#endif /* TONGBU_ENGINE_H */
