// SPDX-License-Identifier: GPL-2.0-only
/* What a pack cannot do, whatever its text says */
#include "fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An office for 7, where matters are opened */
#define OFFICE                                                                  \
	"{'time':'2026-01-05T08:00:00+08:00','office':{'id':'o','name':'O'}}\n" \
	"{'actor':{'uid':7,'name':'A','office':'o','roles':['admin']}}\n"
#define ACT "{'time':'2026-01-05T09:00:00+08:00','uid':7,'act':{'pack':'a','kind':'run'}}\n"

/* The pack a, whose act runs @body after @head was read */
static void write_pack(const char *head, const char *body)
{
	char text[4096];

	snprintf(text, sizeof(text),
		 "%s\nreturn { name = 'a',\n"
		 "acts = { run = { roles = 'public', run = function(e)\n%s\nend },\n"
		 "  well = { roles = 'public', run = function(e)\n"
		 "    finding{rule = 'well', text = 'well'} end } },\n"
		 "matters = { m = { first = 'open', stages = { open = { to = {'closed'} },\n"
		 "  closed = { final = true } } } },\n"
		 "on = { edge = function(e) finding{rule = 'edge-a', text = 'e'} end } }\n",
		 head, body);
	fold_write("a", "pack.lua", text);
}

/* The body ends as it should; it asserts by itself what it wants to. */
static void assert_runs(const char *body)
{
	write_pack("", body);
	fold_expect("a", ACT "{'expect':{'none':'finding'}}\n");
}

/* The body fails, saying @text, and the pack works at the next record. */
static void assert_fails(const char *body, const char *text)
{
	char lines[1024];

	write_pack("", body);
	snprintf(lines, sizeof(lines),
		 ACT "{'expect':{'finding':{'rule':'engine.failed','level':'fault','text':'%s'}}}\n"
		     "{'uid':7,'act':{'pack':'a','kind':'well'}}\n"
		     "{'expect':{'finding':{'rule':'well'}}}\n"
		     "{'expect':{'none':{'rule':'engine.failed'}}}\n",
		 text);
	fold_expect("a", lines);
}

/* The pack does not load, for a reason that has @text in it. */
static void assert_no_pack(const char *text)
{
	struct tb_error err = { 0 };
	char *out;

	assert_true(fold_try("a", ACT, &out, &err) < 0);
	assert_contains(err.text, text);
	free(out);
}

static void endless(void **state)
{
	(void)state;
	assert_fails("while true do end", "more than 10 million instructions");
	assert_fails("repeat local x = 1 until false", "more than 10 million instructions");
	assert_fails("local function f() return f() end f()", "more than 10 million instructions");
	assert_fails("for i = 1, math.huge do end", "million");
	assert_fails("table.sort({1, 2, 3}, function() while true do end end)", "million");
	assert_fails("string.gsub('x', '.', function() while true do end end)", "million");
}

/* Where what counts is put into the text, and where it might not be */
static void endless_in_odd_words(void **state)
{
	static const char *const bodies[] = {
		"::a:: goto a",
		"do local n = 0 ::a:: n = n + 1 if n > 0 then goto a end end",
		"repeat until (function() return false end)()",
		"repeat repeat until true until false",
		"while (function() while false do end return true end)() do end",
		"for _ in function() return 1 end do end",
		"local s = [==[ ]] ]=] do ]==] while true do end",
		"local s = 'it\\'s \"' local t = \"\\\\\" while true do end",
		"local t = {[1]={1}} local u = t[t[1][1]] while true do end",
		"-- [[ a comment\rwhile true do end",
		"--[=[ ]] ]=] while true do end",
		"local f = function(a, --[[)]] ...) return a(a) end f(f)",
		"local t = { a = {} } function t.a:b() return self:b() end t.a:b()",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_fails(bodies[i], "million");
}

/* A pack cannot do without it by having the name itself. */
static void own_count(void **state)
{
	(void)state;
	write_pack("local _step_ = function() end", "while true do end");
	assert_no_pack("without the name _step_");
	write_pack("", "local _step_ while true do end");
	assert_no_pack("without the name _step_");
	assert_runs("local _step, step_, s = 1, 2, '_step_' assert(#s == 6)");
}

static void endless_within_pcall(void **state)
{
	(void)state;
	assert_fails("while true do pcall(function() while true do end end) end", "million");
	assert_fails("local function f() pcall(f) while true do end end f()", "million");
	assert_fails("pcall(function() while true do end end) error('after')", "million");
	assert_fails("pcall(function() while true do end end)", "million");
}

/* Loops in C that count no instruction */
static void endless_in_c(void **state)
{
	(void)state;
	assert_fails("table.move({}, 1, math.maxinteger - 1, 2)", "table.move");
	assert_fails("local s = string.rep('', math.maxinteger)", "string.rep");
	assert_fails("local t = {} for i = 1, 100000 do t[i] = i end\n"
		     "for i = 1, 100000 do for k in pairs(t) do break end end",
		     "million");
	assert_fails("local s = string.rep('x', 1000000)\n"
		     "for i = 1, 1000000 do local u = s:upper() end",
		     "million");
	assert_fails("local t = {} for i = 1, 100000 do t[i] = i % 7 end\n"
		     "for i = 1, 100000 do table.sort(t) end",
		     "million");
	assert_fails("for i = 1, 1000000 do string.find(string.rep('a', 2000), '(.-)b') end",
		     "million");
}

static void endless_while_loading(void **state)
{
	(void)state;
	write_pack("while true do end", "");
	assert_no_pack("million");
}

static void memory_without_end(void **state)
{
	(void)state;
	assert_fails("local t = {} while true do t[#t + 1] = {} end", "memory");
	assert_fails("local s = 'x' while true do s = s .. s end", "memory");
	assert_fails("local t = {} for i = 1, 1000 do t[i] = string.rep(i .. ' ', 100000) end",
		     "memory");
	assert_fails("local t = {} for i = 1, 1000 do t[i] = string.rep('x', 1000000) .. i end\n",
		     "memory");
	assert_fails("string.format('%99s', ('x'):rep(1000000)):rep(2)", "1 MiB");
}

/* What stays in use after a failure must not bring the fold down. */
static void memory_kept(void **state)
{
	(void)state;
	write_pack("local kept = {}", "if #kept > 0 then kept = nil kept = {} return end\n"
				      "while true do kept[#kept + 1] = {} end");
	fold_expect("a", ACT "{'expect':{'finding':{'rule':'engine.failed','text':'memory'}}}\n"
			     "{'edge':{'source':'s','level':1}}\n"
			     "{'uid':7,'act':{'pack':'a','kind':'run'}}\n"
			     "{'expect':{'none':'finding'}}\n"
			     "{'edge':{'source':'s','level':1}}\n"
			     "{'expect':{'finding':{'rule':'edge-a'}}}\n");
}

static void deep(void **state)
{
	(void)state;
	assert_fails("local function f(n) return 1 + f(n + 1) end f(1)", "stack overflow");
	assert_fails("local function f(s) return (s:gsub('.', f)) end f('x')", "stack overflow");
	assert_fails("local t = {} local u = t for i = 1, 1000 do u.t = {} u = u.t end\n"
		     "store.set('x', t)",
		     "no plain data");
	assert_fails("local t = {} t.t = t store.set('x', t)", "no plain data");
	assert_fails("return string.find(('('):rep(300), ('%('):rep(40) .. ('('):rep(40))",
		     "too many captures");
}

static void costly(void **state)
{
	(void)state;
	assert_fails("string.rep('x', 10000000)", "1 MiB");
	assert_fails("string.rep('x', 1, 'y') string.rep('x', 1000000, 'yy')", "1 MiB");
	assert_fails("('x'):rep(2000000)", "1 MiB");
	assert_fails("string.find(('a'):rep(50000), '.-.-.-.-b')", "too costly");
	assert_fails("string.gsub(('a'):rep(50000), 'a*a*a*b', '')", "too costly");
	assert_fails("string.match(('('):rep(1000000), '%b()')", "too costly");
	assert_fails("string.match(('a'):rep(100000), '(.-)%1x')", "too costly");
	assert_fails("for x in string.gmatch(('a'):rep(50000), '[a]*[a]*[a]*[a]*b') do end",
		     "too costly");
	assert_fails("string.find(('a'):rep(1000000), ('a'):rep(500000) .. 'b', 1, true)",
		     "too costly");
	assert_runs("assert(string.find('2026-11-23', '^%d%d%d%d%-%d%d%-%d%d$'))");
	assert_runs("assert(string.find(('x'):rep(3000) .. 'a-b-c+d*e', 'a-b-c+d*e', 1, true))");
	assert_runs("assert(#string.gsub(('a b '):rep(200), '%s+', '_') == 800)");
}

static void absent(void **state)
{
	(void)state;
	assert_runs("for _, name in ipairs{'os', 'io', 'require', 'package', 'load', 'loadfile',\n"
		    "  'loadstring', 'dofile', 'debug', 'getmetatable', 'setmetatable', 'rawset',\n"
		    "  'rawget', 'rawequal', 'rawlen', 'next', 'collectgarbage', 'print', 'warn',\n"
		    "  'xpcall', 'coroutine', 'module', 'set', '_G'} do\n"
		    "  if _ENV[name] ~= nil then error(name) end\n"
		    "end\n"
		    "assert(not math.random and not math.randomseed and not string.dump)");
	assert_fails("os.time()", "(global");
	assert_fails("print('x')", "(global");
}

static void present(void **state)
{
	(void)state;
	assert_runs("assert(select('#', 1, 2) == 2 and tonumber('0x10') == 16)\n"
		    "assert(type(e) == 'table' and math.floor(1.5) == 1)\n"
		    "assert(utf8.len('天') == 1 and ('abc'):upper() == 'ABC')\n"
		    "assert(('%d %s %5.1f %%'):format(3, 'x', 2.25) == '3 x   2.2 %')\n"
		    "assert(table.concat({1, 2}, ',') == '1,2')\n"
		    "local t = table.move({1, 2, 3}, 2, 3, 1) assert(t[1] == 2 and t[2] == 3)\n"
		    "t = table.move({1, 2, 3}, 1, 3, 2) assert(t[2] == 1 and t[4] == 3)\n"
		    "t = {} for i = 1, 1000 do t[i] = i % 10 end table.sort(t)\n"
		    "for i = 2, 1000 do assert(t[i - 1] <= t[i]) end\n"
		    "table.sort(t, function(a, b) return a > b end)\n"
		    "for i = 2, 1000 do assert(t[i - 1] >= t[i]) end\n"
		    "assert(not pcall(table.sort, {1, 'x', 2}))");
}

/* Neither addresses nor seeds: the same in each run */
static void no_addresses(void **state)
{
	(void)state;
	assert_fails("string.format('%p', {})", "%p");
	assert_fails("string.format('%-20p', {})", "%p");
	assert_fails("string.format('%%%p', {})", "%p");
	assert_runs("assert(tostring({}) == 'table' and tostring(print) == 'nil')\n"
		    "assert(tostring(pairs) == 'function' and tostring(store.null) == 'null')\n"
		    "assert(string.format('%s %s', {}, pairs) == 'table function')\n"
		    "assert(string.format('%10s', {}) == '     table')\n"
		    "assert(string.format('%%p') == '%p')\n"
		    "assert(tostring(1.5) == '1.5' and tostring(nil) == 'nil')");
	/* Nor in a traceback, or where a table is an error */
	write_pack("", "local t = {} t[{}] = 1 error(tostring(t) .. tostring(pairs))");
	fold_expect("a", ACT "{'expect':{'finding':{'text':'tablefunction'}}}\n"
			     "{'expect':{'none':{'text':'0x'}}}\n");
}

static void pairs_in_order(void **state)
{
	(void)state;
	assert_runs("local t, seen = {}, {}\n"
		    "for i = 200, 1, -1 do t['k' .. i] = i t[i * 3] = i t[-i] = i end\n"
		    "for k in pairs(t) do seen[#seen + 1] = k end\n"
		    "assert(#seen == 600)\n"
		    "for i = 2, #seen do\n"
		    "  local a, b = seen[i - 1], seen[i]\n"
		    "  assert(type(a) == type(b) and a < b or\n"
		    "    type(a) == 'number' and type(b) == 'string')\n"
		    "end");
	/* A key may go meanwhile, and a nested loop is one of its own. */
	assert_runs("local t, n = {a = 1, b = 2, c = 3}, 0\n"
		    "for k in pairs(t) do t[k] = nil for _ in pairs(t) do n = n + 1 end end\n"
		    "assert(n >= 2)");
	assert_fails("for k in pairs{[{}] = 1} do end", "a key is a table");
}

/* Equal elements stay in order, so that the order is the same each time. */
static void sort_is_stable(void **state)
{
	(void)state;
	assert_runs("local t = {}\n"
		    "for i = 1, 3000 do t[i] = {n = (i * 7919) % 13, i = i} end\n"
		    "table.sort(t, function(a, b) return a.n < b.n end)\n"
		    "for i = 2, #t do local a, b = t[i - 1], t[i]\n"
		    "  assert(a.n < b.n or a.n == b.n and a.i < b.i) end");
}

static void no_globals(void **state)
{
	(void)state;
	assert_fails("counter = 1", "globals cannot be set");
	assert_fails("_ENV.counter = 1", "globals cannot be set");
	assert_fails("pairs = 1", "globals cannot be set");
	assert_fails("function helper() end", "globals cannot be set");
	assert_fails("_G.pairs = 1", "(global");
	write_pack("counter = 1", "");
	assert_no_pack("globals cannot be set");
}

static void libraries_stay(void **state)
{
	(void)state;
	assert_fails("string.rep = 1", "cannot be changed");
	assert_fails("string.counter = 1", "cannot be changed");
	assert_fails("math.counter = 1", "cannot be changed");
	assert_fails("table.insert(table, 1)", "cannot be changed");
	assert_fails("matter.open = nil", "cannot be changed");
	assert_fails("finding.find = nil", "cannot be changed");
	assert_fails("finding.counter = 1", "cannot be changed");
	assert_fails("store.null = 1", "cannot be changed");
	assert_fails("table.move({1}, 1, 1, 1, string)", "cannot be changed");
	assert_runs("assert(matter.find and not finding.x and #finding.find{} == 0)");
}

/* What all texts have in common cannot be had. */
static void string_metatable(void **state)
{
	(void)state;
	assert_fails("local s = 'x' s.rep = 1", "attempt to index");
	assert_fails("getmetatable('').__index = {}", "getmetatable");
	assert_runs("assert(('x').dump == nil and ('x').__index == nil)\n"
		    "assert(not pcall(function() return ('x'):rep(10000000) end))");
}

static void frozen_data(void **state)
{
	static const char *const bodies[] = {
		"data('t').x = 1",
		"data('t').a = 2",
		"data('t').list[1] = 2",
		"data('t').deep.x = 2",
		"table.insert(data('t').list, 3)",
		"table.remove(data('t').list)",
		"table.sort(data('t').list)",
		"table.move({9}, 1, 1, 1, data('t').list)",
	};
	size_t i;

	(void)state;
	fold_write("a", "data/t.json", "{\"a\": 1, \"list\": [3, 1, 2], \"deep\": {\"x\": 1}}");
	for (i = 0; i < ARRAY_SIZE(bodies); i++)
		assert_fails(bodies[i], "cannot be changed");
	assert_runs("local t, n = data('t'), 0 assert(#t.list == 3 and t.deep.x == 1)\n"
		    "for i, v in ipairs(t.list) do n = n + v end\n"
		    "for k, v in pairs(t.deep) do n = n + v end assert(n == 7)\n"
		    "assert(data('t') == t) store.set('copy', t)\n"
		    "assert(store.get('copy').list[1] == 3)");
	assert_fails("data('none')", "the pack has no data/none.json");
	assert_fails("data('../t')", "the pack has no");
	assert_fails("include('../../base/pack')", "the pack has no");
	fold_write("a", "data/bad.json", "{");
	assert_fails("data('bad')", "data/bad.json");
}

static void included(void **state)
{
	(void)state;
	fold_write("a", "more.lua",
		   "local n = 0 return { up = function() n = n + 1 return n end }");
	fold_write("a", "nothing.lua", "local x = 1");
	fold_write("a", "broken.lua", "return {");
	fold_write("a", "sets.lua", "x = 1");
	assert_runs("assert(include('more').up() == 1) assert(include('more').up() == 2)\n"
		    "assert(include('nothing') == true)");
	assert_fails("include('broken')", "a/broken.lua:1");
	assert_fails("include('sets')", "globals cannot be set");
}

static void bytecode(void **state)
{
	static const char code[] = "\x1bLua\x54\x00\x19\x93\r\n\x1a\n";

	(void)state;
	fold_write_bytes("a", "pack.lua", code, sizeof(code));
	assert_no_pack("is text without a zero byte");
	write_pack("", "include('code')");
	fold_write_bytes("a", "code.lua", code, sizeof(code));
	fold_expect("a", ACT "{'expect':{'finding':{'text':'is text without a zero byte'}}}\n");
}

static void bad_packs(void **state)
{
	(void)state;
	fold_write("a", "pack.lua", "return 1");
	assert_no_pack("does not return a table");
	fold_write("a", "pack.lua", "return { name = 'b' }");
	assert_no_pack("says its name is b");
	fold_write("a", "pack.lua", "return {");
	assert_no_pack("a/pack.lua:1");
	fold_write("a", "pack.lua", "matter.open{kind = 'm'} return { name = 'a' }");
	assert_no_pack("nothing can be changed here");
	fold_write("a", "pack.lua", "refuse('no')");
	assert_no_pack("no");
}

static void strange_errors(void **state)
{
	(void)state;
	assert_fails("error({code = 1})", "an error that is no text");
	assert_fails("error()", "an error that is no text");
	assert_fails("error(store.null)", "an error that is no text");
	assert_fails("error('plain', 0)", "plain");
	assert_fails("local x = nil; x.y = 1", "attempt to index");
	assert_fails("finding(1)", "table expected");
	assert_fails("finding{rule = 'x'}", "a text is wanted");
	assert_fails("matter.open(nil)", "table expected");
	assert_fails("matter.open{kind = 'none'}", "no matter of kind none");
	assert_fails("store.set('x', pairs)", "no plain data");
	assert_fails("store.set('x', 0/0)", "no plain data");
	assert_fails("store.set('x', '\\xff')", "no plain data");
}

static void refusal_stays(void **state)
{
	(void)state;
	write_pack("", "pcall(refuse, 'not so') finding{rule = 'x', text = 'x'}");
	fold_expect("a", ACT "{'expect':{'finding':{'rule':'engine.refused','level':'warn',"
			     "'text':'not so'}}}\n"
			     "{'expect':{'none':{'rule':'x'}}}\n"
			     "{'expect':{'none':{'rule':'engine.failed'}}}\n");
	/* The first refusal is the one that is told. */
	write_pack("", "pcall(refuse, 'first') refuse('second')");
	fold_expect("a", ACT "{'expect':{'finding':{'rule':'engine.refused','text':'first'}}}\n");
	/* Of one act, not of the next */
	write_pack("", "refuse{en = 'no', zh = '不'}");
	fold_expect("a", ACT "{'expect':{'finding':{'rule':'engine.refused','text':'不'}}}\n"
			     "{'uid':7,'act':{'pack':'a','kind':'well'}}\n"
			     "{'expect':{'finding':{'rule':'well'}}}\n"
			     "{'expect':{'none':{'rule':'engine.refused'}}}\n");
}

#define EFFECTS                                                        \
	"local id = matter.open{kind = 'm', title = 't', key = 'k'}\n" \
	"store.set('s', 1) points.add('p', 5, 'r')\n"                  \
	"notice{kind = 'n', text = 'x'} task{text = 'x'}\n"            \
	"finding{rule = 'x', text = 'x'} output.set('horn', 1)\n"

static void undone(void **state)
{
	static const char *const ends[] = { "error('late')", "refuse('late')",
					    "while true do end" };
	char body[1024], lines[2048];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		snprintf(body, sizeof(body),
			 "if e.data.check then\n"
			 "assert(not store.get('s') and points.balance('p') == 0)\n"
			 "assert(#matter.find{} == 0 and #notice.find{} == 0 and #task.find{} == 0)\n"
			 "assert(#finding.find{rule = 'x'} == 0)\n"
			 "assert(matter.open{kind = 'm', key = 'k'} == 'a-1') return end\n" EFFECTS
			 "%s",
			 ends[i]);
		write_pack("", "");
		snprintf(lines, sizeof(lines),
			 "return { name = 'a', matters = { m = { first = 'o', stages = { o = {} } } },\n"
			 "acts = { run = { roles = 'public', fields = { check = { 'boolean' } },\n"
			 "run = function(e) %s end } } }",
			 body);
		fold_write("a", "pack.lua", lines);
		fold_expect("a",
			    OFFICE ACT "{'expect':{'none':'matter'}}\n"
				       "{'expect':{'none':'notice'}}\n"
				       "{'expect':{'none':'output'}}\n"
				       "{'expect':{'none':'points'}}\n"
				       "{'expect':{'none':{'rule':'x'}}}\n"
				       "{'uid':7,'act':{'pack':'a','kind':'run','check':true}}\n"
				       "{'expect':{'matter':{'matter':'a-1'},'none':'finding'}}\n");
	}
}

static void others_unharmed(void **state)
{
	static const char edge[] = "return { name = '%s', on = { edge = function(e)\n"
				   "finding{rule = 'edge', text = 'seen'} end } }";
	char text[256];

	(void)state;
	fold_write("a", "pack.lua",
		   "return { name = 'a', on = { edge = function(e)\n"
		   "finding{rule = 'edge', text = 'seen'} while true do end end } }");
	snprintf(text, sizeof(text), edge, "b");
	fold_write("b", "pack.lua", text);
	snprintf(text, sizeof(text), edge, "c");
	fold_write("c", "pack.lua", text);
	fold_expect("c a b", "{'time':'2026-01-05T09:00:00Z','edge':{'source':'s','level':1}}\n"
			     "{'expect':{'finding':{'pack':'a','rule':'engine.failed'}}}\n"
			     "{'expect':{'none':{'pack':'a','rule':'edge'}}}\n"
			     "{'expect':{'finding':{'pack':'b','rule':'edge'}}}\n"
			     "{'expect':{'finding':{'pack':'c','rule':'edge'}}}\n");
}

/* One pack has nothing of another's. */
static void apart(void **state)
{
	(void)state;
	write_pack("", "matter.open{kind = 'm'} store.set('x', 1) points.add('p', 1, 'r', 'k')\n"
		       "finding{rule = 'f', text = 't'}");
	fold_write("b", "pack.lua",
		   "return { name = 'b', acts = { run = { roles = 'public', run = function(e)\n"
		   "assert(not matter.get('a-1') and not store.get('x'))\n"
		   "assert(points.balance('p') == 0) points.add('p', 1, 'r', 'k')\n"
		   "assert(#finding.find{} == 0 and #matter.find{} == 0)\n"
		   "assert(not pcall(matter.set, 'a-1', {x = 1}))\n"
		   "end } } }");
	fold_expect("a b", OFFICE ACT
		    "{'expect':{'matter':{'matter':'a-1'}}}\n"
		    "{'uid':7,'act':{'pack':'b','kind':'run'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'no matter a-1'}}}\n");
}

/* A report changes nothing. */
static void reports_read(void **state)
{
	static const char lines[] =
		"{'time':'2026-01-05T09:00:00Z','report':{'pack':'a','name':'good','query':{'n':2}}}\n"
		"{'expect':{'report':{'rows':[{'n':4}]}}}\n"
		"{'report':{'pack':'a','name':'empty'}}\n"
		"{'expect':{'report':{'rows':[]}}}\n";
	static const char bad[] = "{'report':{'pack':'a','name':'bad'}}\n";
	struct tb_error err = { 0 };
	char *out;

	(void)state;
	fold_write("a", "pack.lua",
		   "return { name = 'a', reports = {\n"
		   "good = { run = function(q) return {{n = q.n * 2}} end },\n"
		   "empty = { run = function(q) return {} end },\n"
		   "bad = { run = function(q) store.set('x', 1) return {} end } } }");
	fold_expect("a", lines);
	assert_true(fold_try("a", bad, &out, &err) < 0);
	assert_contains(err.text, "nothing can be changed here");
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLD_TEST(endless),
		FOLD_TEST(endless_in_odd_words),
		FOLD_TEST(own_count),
		FOLD_TEST(endless_within_pcall),
		FOLD_TEST(endless_in_c),
		FOLD_TEST(endless_while_loading),
		FOLD_TEST(memory_without_end),
		FOLD_TEST(memory_kept),
		FOLD_TEST(deep),
		FOLD_TEST(costly),
		FOLD_TEST(absent),
		FOLD_TEST(present),
		FOLD_TEST(no_addresses),
		FOLD_TEST(pairs_in_order),
		FOLD_TEST(sort_is_stable),
		FOLD_TEST(no_globals),
		FOLD_TEST(libraries_stay),
		FOLD_TEST(string_metatable),
		FOLD_TEST(frozen_data),
		FOLD_TEST(included),
		FOLD_TEST(bytecode),
		FOLD_TEST(bad_packs),
		FOLD_TEST(strange_errors),
		FOLD_TEST(refusal_stays),
		FOLD_TEST(undone),
		FOLD_TEST(others_unharmed),
		FOLD_TEST(apart),
		FOLD_TEST(reports_read),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
