// SPDX-License-Identifier: GPL-2.0-only
/* Fields of acts: what is taken, what is not, and what people are told then */
#include "fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* An office, an actor, a place and a matter that fields can name */
#define WORLD                                                                        \
	"{'time':'2026-01-05T09:00:00+08:00','office':{'id':'o','name':'Office'}}\n" \
	"{'actor':{'uid':7,'name':'A','office':'o','roles':[]}}\n"                   \
	"{'place':{'id':'p','kind':'k','name':'Place','office':'o'}}\n"              \
	"{'uid':7,'act':{'pack':'a','kind':'open'}}\n{'uid':7,'act':{'pack':'b','kind':'open'}}\n"

static const char opens[] =
	"open = { run = function(e) matter.open{kind = 'm'} end } },\n"
	"matters = { m = { first = 'open', stages = { open = { to = {} } } } } }\n";

/* The pack a, whose act has @fields */
static void write_pack(const char *fields)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "return { name = 'a', acts = { run = { fields = { %s },\n"
		 "run = function(e) store.set('data', e.data) finding{rule = 'ran', text = 'x'}\n"
		 "end }, check = { run = function(e) local d = store.get('data') %s end }, %s",
		 fields, "finding{rule = 'data', text = d.text or '', law = d}", opens);
	fold_write("a", "pack.lua", text);
	snprintf(text, sizeof(text), "return { name = 'b', acts = { %s", opens);
	fold_write("b", "pack.lua", text);
}

static void expect_of(const char *members, const char *expected)
{
	char lines[2048];

	snprintf(lines, sizeof(lines),
		 WORLD "{'uid':7,'act':{'pack':'a','kind':'run'%s%s}}\n{'expect':{'finding':%s}}\n",
		 *members ? "," : "", members, expected);
	fold_expect("a b", lines);
}

static void taken(const char *members)
{
	expect_of(members, "{'rule':'ran'}");
}

static void refused(const char *members, const char *text)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "{'rule':'engine.refused','level':'warn','text':'%s'}",
		 text);
	expect_of(members, expected);
}

/* The field x of type @type takes @value, or else says @why */
static void one(const char *type, const char *value, const char *why)
{
	char fields[256], member[512];

	snprintf(fields, sizeof(fields), "x = { %s }", type);
	write_pack(fields);
	snprintf(member, sizeof(member), "'x':%s", value);
	if (why)
		refused(member, why);
	else
		taken(member);
}

static void texts(void **state)
{
	(void)state;
	one("'string'", "'abc'", NULL);
	one("'string'", "''", NULL);
	one("'string'", "5", "field x must be a text");
	one("'string'", "['a']", "field x must be a text");
	/* Characters, not bytes */
	one("'string', max = 2", "'检查'", NULL);
	one("'string', max = 2", "'检查了'", "field x has 3 characters, more than 2");
	one("'string', min = 2", "'检'", "field x has 1 character, less than 2");
	one("'string', pattern = '^%d+$'", "'123'", NULL);
	one("'string', pattern = '^%d+$'", "'12a'", "field x does not have the required form");
}

static void numbers(void **state)
{
	(void)state;
	one("'number', min = 0, max = 10", "0", NULL);
	one("'number', min = 0, max = 10", "10", NULL);
	one("'number', min = 0, max = 10", "2.5", NULL);
	one("'number', min = 0, max = 10", "10.01", "field x is more than 10");
	one("'number', min = 0, max = 10", "-0.01", "field x is less than 0");
	one("'number'", "'5'", "field x must be a number");
	one("'number'", "true", "field x must be a number");
	one("'integer'", "5", NULL);
	one("'integer'", "5.0", "field x must be a whole number");
	one("'integer'", "5.5", "field x must be a whole number");
	one("'integer', max = 3", "4", "field x is more than 3");
	one("'boolean'", "true", NULL);
	one("'boolean'", "false", NULL);
	one("'boolean'", "1", "field x must be true or false");
	one("'boolean'", "'true'", "field x must be true or false");
}

static void choices(void **state)
{
	(void)state;
	one("'enum', values = { 'a', 'b' }", "'b'", NULL);
	one("'enum', values = { 'a', 'b' }", "'c'", "field x must be one of a, b");
	one("'enum', values = { 'a', 'b' }", "1", "field x must be one of a, b");
	one("'enum', values = { 'a', 'b' }", "''", "field x must be one of a, b");
}

static void times(void **state)
{
	(void)state;
	one("'date'", "'2026-11-23'", NULL);
	one("'date'", "'2024-02-29'", NULL);
	one("'date'", "'2026-02-29'", "field x must be a date");
	one("'date'", "'23.11.2026'", "field x must be a date");
	one("'date'", "20261123", "field x must be a date");
	one("'time'", "'2026-11-23T10:00:00Z'", NULL);
	one("'time'", "'2026-11-23T10:00:00+08:00'", NULL);
	one("'time'", "'now'", "field x must be a time");
	one("'time'", "'2026-11-23'", "field x must be a time");
	one("'time'", "'2026-11-23T25:00:00Z'", "field x must be a time");
	one("'time'", "5", "field x must be a time");
}

static void references(void **state)
{
	(void)state;
	one("'matter'", "'a-1'", NULL);
	one("'matter'", "'a-2'", "field x names matter a-2, which does not exist");
	/* Of this pack */
	one("'matter'", "'b-1'", "field x names matter b-1, which does not exist");
	one("'matter'", "1", "field x must be the id of a matter");
	one("'place'", "'p'", NULL);
	one("'place'", "'q'", "field x names place q, which does not exist");
	one("'office'", "'o'", NULL);
	one("'office'", "'q'", "field x names office q, which does not exist");
	one("'uid'", "7", NULL);
	one("'uid'", "8", "field x names user 8, who is not an actor");
	one("'uid'", "-1", "field x must be a user id");
	one("'uid'", "'7'", "field x must be a user id");
	one("'subject'", "'S-a1'", NULL);
	one("'subject'", "'S-'", "field x must be a pseudonym");
	one("'subject'", "'Wang'", "field x must be a pseudonym");
	one("'subject'", "'S-123456789012345678901234567890123'", "field x must be a pseudonym");
	one("'blob'", "'" HASH "'", NULL);
	one("'blob'", "'0123'", "field x must be the SHA-256 of a blob");
	one("'blob'", "'0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef'",
	    "field x must be the SHA-256 of a blob");
}

static void lists(void **state)
{
	(void)state;
	one("'list', of = { 'integer' }, max = 2", "[1,2]", NULL);
	one("'list', of = { 'integer' }, max = 2", "[]", NULL);
	one("'list', of = { 'integer' }, max = 2", "[1,2,3]",
	    "field x has a length of 3, more than 2");
	one("'list', of = { 'integer' }", "[1,'b']", "field x[2] must be a whole number");
	one("'list', of = { 'integer' }", "[null]", "field x[1] must be a whole number");
	one("'list', of = { 'integer' }", "{}", "field x must be a list");
	one("'list', of = { 'list', of = { 'boolean' } }", "[[true],[true,0]]",
	    "field x[2][2] must be true or false");
	one("'list'", "[1,'a',{}]", NULL);
}

static void objects(void **state)
{
	static const char nested[] =
		"'object', fields = { angle = { 'number', required = true, max = 90 },\n"
		"parts = { 'list', of = { 'object', fields = { no = { 'integer' } } } } }";

	(void)state;
	one(nested, "{'angle':30}", NULL);
	one(nested, "{'angle':30,'parts':[{'no':1},{}]}", NULL);
	one(nested, "{'angle':91}", "field x.angle is more than 90");
	one(nested, "{}", "field x.angle is missing");
	one(nested, "{'angle':30,'wrong':1}", "field x.wrong is not a field of this act");
	one(nested, "{'angle':30,'parts':[{},{'no':'a'}]}",
	    "field x.parts[2].no must be a whole number");
	one(nested, "{'angle':30,'parts':[{'na':1}]}", "field x.parts[1].na is not a field");
	one(nested, "[]", "field x must be an object");
	one("'object'", "{'whatever':1}", NULL);
	one("'any'", "{'whatever':[1]}", NULL);
}

static void missing_and_unknown(void **state)
{
	(void)state;
	write_pack("a = { 'string', required = true }, b = { 'string' }");
	taken("'a':'x'");
	taken("'a':'x','b':null");
	refused("", "field a is missing");
	refused("'a':null", "field a is missing");
	refused("'a':'x','c':1", "field c is not a field of this act");
	refused("'a':'x','':1", "is not a field of this act");
	/* Of several faults always the same one is told. */
	write_pack("d = { 'string', required = true }, c = { 'string', required = true },\n"
		   "b = { 'string', required = true }, z = { 'string', required = true }");
	refused("", "field b is missing");
	write_pack("");
	taken("");
	refused("'a':1", "field a is not a field of this act");
}

static void defaults(void **state)
{
	(void)state;
	write_pack("n = { 'integer', default = 5 }, t = { 'string', default = 'd' },\n"
		   "l = { 'list', default = { 1, 2 } }, f = { 'boolean', default = false },\n"
		   "o = { 'object', fields = { deep = { 'integer', default = 3 } } }");
	fold_expect("a b", WORLD
		    "{'uid':7,'act':{'pack':'a','kind':'run','o':{}}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'check'}}\n"
		    "{'expect':{'finding':{'rule':'data','law':{'n':5,'t':'d','l':[1,2],"
		    "'f':false,'o':{'deep':3}}}}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'run','n':6,'t':null,'f':true}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'check'}}\n"
		    "{'expect':{'finding':{'rule':'data','law':{'n':6,'t':'d','f':true}}}}\n");
}

/* A declaration that makes no sense is a refusal and no more. */
static void bad_declarations(void **state)
{
	(void)state;
	one("'colour'", "1", "field x has a type that does not exist: colour");
	one("", "1", "field x has a type that does not exist");
	one("'enum'", "'a'", "field x must be one of");
	one("'string', pattern = '['", "'a'", "field x does not have the required form");
	write_pack("[{}] = { 'string' }");
	refused("", "a key is a table");
	write_pack("[1] = { 'string' }");
	taken("");
}

static void who_may(void **state)
{
	static const char pack[] =
		"return { name = 'a', acts = {\n"
		"all = {}, none = { roles = {} }, some = { roles = { 'r', 's' } },\n"
		"public = { roles = 'public', run = function(e)\n"
		"  finding{rule = e.actor and 'actor' or 'stranger', text = 'x'} end } } }";

	(void)state;
	fold_write("a", "pack.lua", pack);
	fold_expect("a",
		    "{'time':'2026-01-05T09:00:00Z','office':{'id':'o','name':'Office'}}\n"
		    "{'actor':{'uid':7,'name':'A','office':'o','roles':['a.s']}}\n"
		    "{'actor':{'uid':8,'name':'A','office':'o','roles':['b.s']}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'some'}}\n{'expect':{'none':'finding'}}\n"
		    "{'uid':8,'act':{'pack':'a','kind':'some'}}\n"
		    "{'expect':{'finding':{'text':'this needs the role a.r or a.s'}}}\n"
		    "{'uid':8,'act':{'pack':'a','kind':'all'}}\n{'expect':{'none':'finding'}}\n"
		    "{'uid':8,'act':{'pack':'a','kind':'none'}}\n{'expect':{'none':'finding'}}\n"
		    "{'uid':9,'act':{'pack':'a','kind':'all'}}\n"
		    "{'expect':{'finding':{'text':'user 9 is not an actor'}}}\n"
		    "{'uid':9,'act':{'pack':'a','kind':'public'}}\n"
		    "{'expect':{'finding':{'rule':'stranger'}}}\n"
		    "{'uid':8,'act':{'pack':'a','kind':'public'}}\n"
		    "{'expect':{'finding':{'rule':'actor'}}}\n"
		    "{'uid':8,'act':{'pack':'a','kind':'other'}}\n"
		    "{'expect':{'finding':{'text':'the pack a has no act other'}}}\n"
		    "{'uid':8,'act':{'pack':'a'}}\n"
		    "{'expect':{'finding':{'text':'the act has no kind'}}}\n"
		    "{'uid':8,'act':{'pack':'c','kind':'x'}}\n"
		    "{'expect':{'finding':{'text':'there is no pack c in force'}}}\n"
		    "{'uid':8,'act':{'note':'of no pack'}}\n{'expect':{'none':'finding'}}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLD_TEST(texts),      FOLD_TEST(numbers),
		FOLD_TEST(choices),    FOLD_TEST(times),
		FOLD_TEST(references), FOLD_TEST(lists),
		FOLD_TEST(objects),    FOLD_TEST(missing_and_unknown),
		FOLD_TEST(defaults),   FOLD_TEST(bad_declarations),
		FOLD_TEST(who_may),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
