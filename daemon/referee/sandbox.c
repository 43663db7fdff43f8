// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lua, with nothing in it that could reach out of the fold, and nothing that
 * could differ from one run to the next: no clock, no chance, no address, and
 * tables in order. Memory and instructions are bounded.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#include "engine.h"
#include "luajson.h"

#define STEPS	 10000000UL
#define TOO_MUCH "more than 10 million instructions"
#define TEXT_MAX (1024 * 1024)
/* Matching costs at most the subject's length to the power of repetitions */
#define PATTERN_MAX 1e9

/**
 * tb_sandbox_pack() - whose Lua state is it?
 * @L: the Lua state
 *
 * Return: the pack.
 */
struct tb_pack *tb_sandbox_pack(lua_State *L)
{
	struct tb_pack **pack = lua_getextraspace(L);

	return *pack;
}

/**
 * tb_sandbox_referee() - whose Lua state is it?
 * @L: the Lua state
 *
 * Return: the referee.
 */
struct tb_referee *tb_sandbox_referee(lua_State *L)
{
	return tb_sandbox_pack(L)->referee;
}

/**
 * tb_sandbox_writes() - refuse to change anything where only reading is due
 * @L: the Lua state
 */
void tb_sandbox_writes(lua_State *L)
{
	if (tb_sandbox_referee(L)->reading || !tb_sandbox_referee(L)->event)
		luaL_error(L, "nothing can be changed here");
}

/**
 * tb_sandbox_charge() - a call has done work
 * @L: the Lua state
 * @count: how much, as instructions
 *
 * Once there was too much, it fails each time, and so does the call: pcall() cannot keep it going.
 */
void tb_sandbox_charge(lua_State *L, size_t count)
{
	struct tb_pack *pack = tb_sandbox_pack(L);

	pack->steps -= (int64_t)(count < STEPS ? count : STEPS);
	if (pack->bounded && pack->steps <= 0) {
		pack->steps = 0;
		luaL_error(L, TOO_MUCH);
	}
}

static int compare_keys(const void *a, const void *b, void *arg)
{
	lua_State *L = arg;
	int x = *(const int *)a, y = *(const int *)b;
	bool tx = lua_type(L, x) == LUA_TSTRING, ty = lua_type(L, y) == LUA_TSTRING;

	if (tx != ty)
		return tx ? 1 : -1;
	if (lua_compare(L, x, y, LUA_OPLT))
		return -1;
	return lua_compare(L, y, x, LUA_OPLT);
}

/* next() of the sorted keys in upvalue 1; the state is upvalue 2 */
static int next_pair(lua_State *L)
{
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2)) + 1;

	lua_pushinteger(L, i);
	lua_replace(L, lua_upvalueindex(2));
	if (lua_rawgeti(L, lua_upvalueindex(1), i) == LUA_TNIL)
		return 1;
	lua_pushvalue(L, -1);
	lua_gettable(L, 1);
	return 2;
}

static int sorted_pairs(lua_State *L)
{
	int table, *keys, count = 0, first, i;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	table = 1;
	tb_lua_fill(L, 1);
	/* What can only be read shows what is behind it. */
	if (lua_getmetatable(L, 1)) {
		if (lua_getfield(L, -1, "__index") == LUA_TTABLE)
			table = lua_gettop(L);
	}
	first = lua_gettop(L) + 1;
	lua_pushnil(L);
	while (lua_next(L, table)) {
		int type = lua_type(L, -2);

		lua_pop(L, 1);
		if (type != LUA_TSTRING && type != LUA_TNUMBER)
			return luaL_error(L, "pairs: a key is a %s", lua_typename(L, type));
		luaL_checkstack(L, 4, "pairs: too many keys");
		lua_pushvalue(L, -1);
		count++;
	}
	tb_sandbox_charge(L, (size_t)count * 10);
	keys = lua_newuserdatauv(L, sizeof(int) * (size_t)(count + 1), 0);
	for (i = 0; i < count; i++)
		keys[i] = first + i;
	qsort_r(keys, (size_t)count, sizeof(int), compare_keys, L);
	lua_createtable(L, count, 0);
	for (i = 0; i < count; i++) {
		lua_pushvalue(L, keys[i]);
		lua_rawseti(L, -2, i + 1);
	}
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, next_pair, 2);
	lua_pushvalue(L, 1);
	return 2;
}

static int plain_tostring(lua_State *L)
{
	luaL_checkany(L, 1);
	switch (lua_type(L, 1)) {
	case LUA_TSTRING:
	case LUA_TNUMBER:
	case LUA_TBOOLEAN:
	case LUA_TNIL:
		luaL_tolstring(L, 1, NULL);
		break;
	default:
		lua_pushstring(L, tb_lua_is_null(L, 1) ? "null" : luaL_typename(L, 1));
		break;
	}
	return 1;
}

/* Calls the library's own function, upvalue 1, with all arguments */
static int call_original(lua_State *L)
{
	int args = lua_gettop(L);

	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, args, LUA_MULTRET);
	return lua_gettop(L);
}

static int safe_format(lua_State *L)
{
	const char *format = luaL_checkstring(L, 1), *c;
	int i, args = lua_gettop(L);

	for (c = strchr(format, '%'); c; c = strchr(c + 2, '%')) {
		if (!c[1])
			break;
		if (c[strspn(c + 1, "-+ #0123456789.") + 1] == 'p')
			return luaL_error(L, "string.format has no %%p here");
	}
	for (i = 2; i <= args; i++) {
		if (lua_type(L, i) <= LUA_TSTRING && !lua_islightuserdata(L, i))
			continue;
		lua_pushcfunction(L, plain_tostring);
		lua_pushvalue(L, i);
		lua_call(L, 1, 1);
		lua_replace(L, i);
	}
	return call_original(L);
}

static int safe_rep(lua_State *L)
{
	size_t len, sep = 0;
	lua_Integer n = luaL_checkinteger(L, 2);

	luaL_checklstring(L, 1, &len);
	luaL_optlstring(L, 3, "", &sep);
	/* Nothing, many times, is work as well. */
	if (n > 0 && (double)(len + sep ?: 1) * (double)n > TEXT_MAX)
		return luaL_error(L, "string.rep makes 1 MiB at the most");
	return call_original(L);
}

/* How often the pattern may go through the text, for each place it may begin at */
static int repeats_of(const char *pattern, size_t len)
{
	bool in_set = false;
	int repeats = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		/* %b looks for an end, and %1 compares a text that may be long. */
		if (pattern[i] == '%')
			repeats += i + 1 < len && strchr("b123456789", pattern[i + 1]) &&
				   pattern[i + 1];
		if (pattern[i] == '%')
			i++;
		else if (pattern[i] == '[')
			in_set = true;
		else if (pattern[i] == ']')
			in_set = false;
		else if (!in_set && pattern[i] && strchr("*+-?", pattern[i]))
			repeats++;
	}
	return repeats;
}

static int match(lua_State *L, bool plain)
{
	size_t len, pattern_len;
	const char *pattern;
	double cost;

	luaL_checklstring(L, 1, &len);
	pattern = luaL_checklstring(L, 2, &pattern_len);
	cost = pow((double)len + 1, (plain ? 0 : repeats_of(pattern, pattern_len)) + 1) *
	       (double)pattern_len;
	if (cost > PATTERN_MAX)
		return luaL_error(L, "the pattern is too costly for a text that long");
	/* Seldom is it as much as it could be. */
	tb_sandbox_charge(L, (size_t)(cost / 100));
	return call_original(L);
}

static int safe_find(lua_State *L)
{
	return match(L, lua_toboolean(L, 4));
}

static int safe_match(lua_State *L)
{
	return match(L, false);
}

static void wrap(lua_State *L, const char *name, lua_CFunction function)
{
	lua_getfield(L, -1, name);
	lua_pushcclosure(L, function, 1);
	lua_setfield(L, -2, name);
}

static void drop(lua_State *L, const char *const *names)
{
	for (; *names; names++) {
		lua_pushnil(L);
		lua_setfield(L, -2, *names);
	}
}

static void open_libraries(lua_State *L)
{
	static const luaL_Reg libraries[] = {
		{ LUA_GNAME, luaopen_base },	    { LUA_TABLIBNAME, luaopen_table },
		{ LUA_STRLIBNAME, luaopen_string }, { LUA_MATHLIBNAME, luaopen_math },
		{ LUA_UTF8LIBNAME, luaopen_utf8 },
	};
	static const char *const of_base[] = {
		"_G",		"collectgarbage", "dofile",   "getmetatable", "load",	"loadfile",
		"next",		"print",	  "rawequal", "rawget",	      "rawlen", "rawset",
		"setmetatable", "warn",		  "xpcall",   NULL,
	};
	static const char *const of_math[] = { "random", "randomseed", NULL };
	static const char *const of_string[] = { "dump", NULL };
	size_t i;

	for (i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		luaL_requiref(L, libraries[i].name, libraries[i].func, 1);
		lua_pop(L, 1);
	}
	lua_pushglobaltable(L);
	drop(L, of_base);
	lua_pushcfunction(L, sorted_pairs);
	lua_setfield(L, -2, "pairs");
	lua_pushcfunction(L, plain_tostring);
	lua_setfield(L, -2, "tostring");
	lua_getfield(L, -1, LUA_MATHLIBNAME);
	drop(L, of_math);
	lua_pop(L, 1);
	lua_getfield(L, -1, LUA_STRLIBNAME);
	drop(L, of_string);
	wrap(L, "format", safe_format);
	wrap(L, "rep", safe_rep);
	wrap(L, "find", safe_find);
	wrap(L, "match", safe_match);
	wrap(L, "gmatch", safe_match);
	wrap(L, "gsub", safe_match);
	lua_pop(L, 1);
	lua_getfield(L, -1, LUA_TABLIBNAME);
	tb_sandbox_table(L);
	lua_pop(L, 2);
}

static int build(lua_State *L)
{
	open_libraries(L);
	lua_pushglobaltable(L);
	tb_api_matter(L);
	tb_api_finding(L);
	tb_api_clock(L);
	tb_api_notice(L);
	tb_api_world(L);
	tb_api_date(L);
	tb_api_deadline(L);
	tb_api_law(L);
	tb_tables_open(L);
	if (!strcmp(tb_sandbox_pack(L)->name, TB_BASE))
		tb_api_base(L);
	tb_sandbox_freeze(L);
	return 0;
}

/**
 * tb_sandbox_new() - a Lua state for a pack
 * @pack: the pack, with name and referee
 *
 * Return: the state, to be closed with lua_close(); NULL without memory.
 */
lua_State *tb_sandbox_new(struct tb_pack *pack)
{
	lua_State *L = lua_newstate(tb_sandbox_allocate, pack);
	struct tb_pack **extra;

	if (!L)
		return NULL;
	extra = lua_getextraspace(L);
	*extra = pack;
	lua_pushcfunction(L, build);
	if (lua_pcall(L, 0, 0, 0) == LUA_OK)
		return L;
	lua_close(L);
	tb_pool_forget(&pack->pool);
	return NULL;
}

/**
 * tb_sandbox_locale() - from here on texts and numbers are those of no country
 *
 * Return: the locale before, for uselocale().
 */
locale_t tb_sandbox_locale(void)
{
	static locale_t plain;

	if (!plain)
		plain = newlocale(LC_ALL_MASK, "C", NULL);
	return uselocale(plain);
}

static int add_traceback(lua_State *L)
{
	const char *text = lua_tostring(L, 1);

	luaL_traceback(L, L, text ?: "an error that is no text", 1);
	return 1;
}

/**
 * tb_sandbox_call() - call into a pack, within its bounds
 * @pack: the pack; function and arguments are on its stack
 * @args: how many arguments
 * @results: how many results
 * @why: told why it failed, with a traceback
 * @size: room there
 *
 * Return: 0, or -1 if it failed; then there is nothing on the stack.
 */
int tb_sandbox_call(struct tb_pack *pack, int args, int results, char *why, size_t size)
{
	struct tb_pack *outer = pack->referee->pack;
	lua_State *L = pack->L;
	int handler = lua_gettop(L) - args, rc;
	const char *text = "";
	locale_t locale;

	lua_pushcfunction(L, add_traceback);
	lua_insert(L, handler);
	pack->steps = STEPS;
	pack->bounded = true;
	pack->referee->pack = pack;
	locale = tb_sandbox_locale();
	rc = lua_pcall(L, args, results, handler);
	uselocale(locale);
	pack->bounded = false;
	pack->referee->pack = outer;
	lua_remove(L, handler);
	if (rc == LUA_OK && pack->steps > 0)
		return 0;
	if (rc != LUA_OK)
		text = lua_tostring(L, -1) ?: "not enough memory";
	/* Whatever the pack made of that error, it stays one. */
	snprintf(why, size, "%s%s", pack->steps > 0 || strstr(text, TOO_MUCH) ? "" : TOO_MUCH "; ",
		 text);
	lua_settop(L, handler - 1);
	return -1;
}

/* Files see globals through a table that takes no new ones. */
static int no_globals(lua_State *L)
{
	return luaL_error(L, "global %s: globals cannot be set, say local",
			  lua_tostring(L, 2) ?: "?");
}

/**
 * tb_sandbox_environment() - what the files of a pack see as their globals
 * @L: the Lua state; it is pushed
 */
void tb_sandbox_environment(lua_State *L)
{
	lua_newtable(L);
	lua_createtable(L, 0, 3);
	lua_pushglobaltable(L);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, no_globals);
	lua_setfield(L, -2, "__newindex");
	lua_setmetatable(L, -2);
}

/**
 * tb_sandbox_load() - run a file of a pack
 * @pack: the pack
 * @file: its name, for messages
 * @text: what is in it
 * @len: bytes of it
 * @err: told what is wrong with it
 *
 * Return: 0, with what it returned on the stack; or -EINVAL.
 */
int tb_sandbox_load(struct tb_pack *pack, const char *file, const char *text, size_t len,
		    struct tb_error *err)
{
	bool reading = pack->referee->reading;
	lua_State *L = pack->L;
	char why[400];
	int failed;

	if (!tb_sandbox_read(L, file, text, len)) {
		tb_error_set(err, -EINVAL, "pack %s: %s", pack->name, lua_tostring(L, -1));
		lua_pop(L, 1);
		return -EINVAL;
	}
	/* Even where an act puts it in force, to load it is no effect. */
	pack->referee->reading = true;
	failed = tb_sandbox_call(pack, 1, 1, why, sizeof(why));
	pack->referee->reading = reading;
	return failed ? tb_error_set(err, -EINVAL, "pack %s: %s", pack->name, why) : 0;
}
