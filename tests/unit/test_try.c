// SPDX-License-Identifier: GPL-2.0-only
/* Lines that `tongbuctl try` takes and does not take: what is misspelt is told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"

#define PACK                                                                              \
	"return { name = 'a', on = { edge = function(e)\n"                                \
	"  finding{ rule = 'edge', text = e.source .. ' ' .. (e.line or 'line') } end,\n" \
	"  output = function(e) finding{ rule = 'output', text = e.source } end,\n"       \
	"  reflex = function(e) finding{ rule = 'reflex', text = e.source } end },\n"     \
	"  reports = { none = { columns = {}, run = function() return {} end } } }\n"

static void wrong(const char *line, const char *why)
{
	struct tb_error err = { 0 };
	char *out = NULL;

	assert_int_equal(fold_try("a", line, &out, &err), -EINVAL);
	assert_contains(err.text, "line 1: ");
	assert_contains(err.text, why);
	free(out);
}

static void what_devices_never_tell(void **state)
{
	(void)state;
	fold_write("a", "pack.lua", PACK);
	wrong("{'count':{'source':'x','count':3,'totl':4}}", "totl is not a field of count");
	wrong("{'count':{'source':'x'}}", "count of count is missing");
	wrong("{'measure':{'source':'x','values':5}}", "values of measure has the wrong type");
	wrong("{'measure':{'values':{}}}", "source of measure is missing");
	wrong("{'gone':{'source':'x','time':0}}", "time is not a field of gone");
	wrong("{'output':5}", "output is an object");
	wrong("{'output':{'output':'x','value':'on','cause':'set'}}",
	      "value of output has the wrong type");
	wrong("{'edge':{'source':'x','level':7}}", "level of edge must be 0 or 1");
	wrong("{'edge':{'source':'x','level':1,'lvl':1}}", "lvl");
	wrong("{'lost':{'source':'x','count':-1}}", "count of lost must be 1 or more");
}

static void who_is_nobody(void **state)
{
	(void)state;
	fold_write("a", "pack.lua", PACK);
	wrong("{'uid':-1,'act':{'pack':'a','kind':'x'}}", "uid must be");
	wrong("{'uid':4294967295,'act':{'pack':'a','kind':'x'}}", "uid must be");
	wrong("{'office':5}", "office is an object");
	wrong("{'report':{'pack':'a','name':'none','query':5}}", "query of report is an object");
}

/* Issue F 12: try takes what the station takes, and tells characters and bytes apart. */
static void what_no_record_holds(void **state)
{
	struct tb_error err = { 0 };
	char line[TONGBU_ACT_MAX + 100], text[TONGBU_ACT_MAX];
	char *out = NULL;
	int i;

	(void)state;
	fold_write("a", "pack.lua", PACK);
	/* With what stands around, 7999 bytes */
	for (i = 0; i < 2659; i++)
		memcpy(text + 3 * i, "水", 4);
	snprintf(line, sizeof(line), "{'act':{'kind':'x','text':'%s'}}", text);
	assert_int_equal(fold_try("a", line, &out, &err), 0);
	free(out);
	snprintf(line, sizeof(line), "{'act':{'kind':'x','text':'%s水'}}", text);
	wrong(line, "the act has 2682 characters in 8002 bytes, at most 8000 bytes fit a record");
}

/* What can never be missed holds nothing to anything. */
static void what_is_expected_in_vain(void **state)
{
	(void)state;
	fold_write("a", "pack.lua", PACK);
	wrong("{'expect':5}", "expect is an object");
	wrong("{'expect':{}}", "expect is an object");
	wrong("{'expect':{'none':'fnding'}}", "there is no effect fnding");
	wrong("{'expect':{'none':5}}", "expected of none is an object");
	wrong("{'expect':{'fnding':{}}}", "there is no effect fnding");
	wrong("{'expect':{'finding':5}}", "expected of finding is an object");
}

/* As a station has them: see test_devices.c for the records */
static void as_packs_see_them(void **state)
{
	(void)state;
	fold_write("a", "pack.lua", PACK);
	fold_expect("a", "{'edge':{'source':'x','level':1}}\n"
			 "{'expect':{'finding':{'rule':'edge','text':'x line'}}}\n"
			 "{'edge':{'source':'x','level':0,'line':'cts'}}\n"
			 "{'expect':{'finding':{'rule':'edge','text':'x cts'}}}\n"
			 "{'output':{'output':'beacon','value':1,'cause':'set'}}\n"
			 "{'expect':{'finding':{'rule':'output','text':'outputs'}}}\n"
			 "{'reflex':{'reflex':'warn','output':'beacon','value':1}}\n"
			 "{'expect':{'finding':{'rule':'reflex','text':'reflexes'}}}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLD_TEST(what_devices_never_tell), FOLD_TEST(who_is_nobody),
		FOLD_TEST(what_no_record_holds),    FOLD_TEST(what_is_expected_in_vain),
		FOLD_TEST(as_packs_see_them),
	};

	return cmocka_run_group_tests_name("try", tests, NULL, NULL);
}
