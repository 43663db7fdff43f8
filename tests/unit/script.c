// SPDX-License-Identifier: GPL-2.0-only
#include "script.h"

#include <stdio.h>
#include <string.h>

static const char head[] =
	"local function refuses(text, f, ...)\n"
	"  local well, why = pcall(f, ...)\n"
	"  assert(not well and string.find(why, text, 1, true), why or 'it went well')\n"
	"end\n"
	"local function same(a, b)\n"
	"  if a ~= b then error(tostring(a) .. ' is not ' .. tostring(b), 2) end\n"
	"end\n"
	"local function open(key) return matter.open{ kind = 'm', key = key, title = 'M' } end\n";

static const char tail[] =
	"matters = { m = { first = 'new', stages = { new = { to = { 'next', 'closed' } },\n"
	"    next = { to = { 'closed' } }, closed = { final = true } } },\n"
	"  endless = { stages = { new = {} } } },\n"
	"clocks = { days = { days = 2, warn = 1, extend = { days = 3, times = 1 } },\n"
	"  working = { working_days = 2 }, month = { months = 1 }, hours = { hours = 3 },\n"
	"  minutes = { minutes = 5 }, seconds = { seconds = 30 }, none = {},\n"
	"  lawful = { law = 'row' }, split = { law = 'split' }, lost = { law = 'nowhere' },\n"
	"  quiet = { days = 2, warn = 1, quiet = true },\n"
	"  told = { days = 1, due = function(e, c)\n"
	"    finding{ rule = 'told', level = 'info', matter = c.matter, text = c.name .. ' ' .. c.date }\n"
	"  end } } }\n";

/**
 * script_pack() - write the pack
 * @body: what the act does
 */
void script_pack(const char *body)
{
	char text[8192];

	snprintf(text, sizeof(text),
		 "%s return { name = 'a', roles = { hand = '', head = '' }, acts = {\n"
		 "run = { fields = { n = { 'integer', default = 0 } }, run = function(e)\n%s\nend },\n"
		 "headed = { roles = { 'head' }, run = function() end } },\n%s",
		 head, body, tail);
	fold_write("a", "pack.lua", text);
	fold_write("a", "data/law.json",
		   "{\"row\":{\"days\":4,\"warn\":2,\"extend\":{\"days\":1,\"times\":2},"
		   "\"source\":\"Art. 1\",\"mark\":\"R\",\"from\":\"2020-01-01\"}}");
}

static void expect(const char *lines, const char *expected)
{
	char all[8192];

	snprintf(all, sizeof(all), SCRIPT_WORLD SCRIPT_ACT "%s%s{'expect':%s}\n", lines,
		 *lines ? "\n" : "", expected);
	fold_expect("a", all);
}

/**
 * script_runs() - it ends as it should: nothing is found
 * @body: what the act does; it asserts by itself what it wants to
 */
void script_runs(const char *body)
{
	script_causes(body, "{'none':'finding'}");
}

/**
 * script_causes() - these effects come of it
 * @body: what the act does
 * @effects: as `expect` takes them
 */
void script_causes(const char *body, const char *effects)
{
	script_pack(body);
	expect("", effects);
}

static void stopped(const char *body, const char *rule, const char *why)
{
	char text[1024];

	/* What it did before that is undone. */
	snprintf(text, sizeof(text), "store.set('before', true) %s", body);
	script_pack(text);
	snprintf(text, sizeof(text), "{'finding':{'rule':'%s','text':'%s'}}", rule, why);
	expect("", text);
	script_then("same(store.get('before'), nil)",
		    "{'expect':{'none':{'rule':'engine.failed'}}}\n");
}

/**
 * script_refused() - the act is refused, and leaves nothing
 * @body: what the act does
 * @why: a part of what the finding says
 */
void script_refused(const char *body, const char *why)
{
	stopped(body, "engine.refused", why);
}

/**
 * script_fails() - the pack has failed, and leaves nothing
 * @body: what the act does
 * @why: a part of what the finding says
 */
void script_fails(const char *body, const char *why)
{
	stopped(body, "engine.failed", why);
}

/**
 * script_then() - what comes after it
 * @body: what the act does
 * @lines: lines that follow it, with what is expected
 */
void script_then(const char *body, const char *lines)
{
	char all[8192];

	script_pack(body);
	snprintf(all, sizeof(all), SCRIPT_WORLD SCRIPT_ACT "%s", lines);
	fold_expect("a", all);
}
