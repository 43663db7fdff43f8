// SPDX-License-Identifier: GPL-2.0-only
/* What people are told and counted: finding, task, refuse, notice, points, store, output */
#include "script.h"

static void findings(void **state)
{
	(void)state;
	script_causes("local id = open()\n"
		      "local n = finding{ rule = 'r', level = 'fault', text = { en = 'E', zh = '中' }, matter = id,\n"
		      "law = data('law').row }\n"
		      "same(n, 2) same(finding{ rule = 's', text = 'x' }, 3)\n"
		      "local f = finding.find{ matter = id }[1]\n"
		      "same(f.id, 2) same(f.rule, 'r') same(f.level, 'fault') same(f.text.zh, '中')\n"
		      "same(f.record, e.record) same(f.time, e.time) same(f.uid, 7)\n"
		      "same(#finding.find{}, 2) same(#finding.find{ rule = 's' }, 1) same(finding.find{ rule = 's' }[1].level, 'warn')\n"
		      "finding.resolve(2, 'done') same(#finding.find{ matter = id, open = true }, 0)\n"
		      "same(#finding.find{ open = true }, 1) same(#finding.find{}, 2)\n",
		      "{'finding':{'id':2,'rule':'r','level':'fault','matter':'a-1','law':{'source':'Art. 1'}},"
		      "'resolve':{'finding':2}}");
	script_fails("finding{ text = 'x' }", "a finding has a rule");
	script_fails("finding{ rule = 'r', level = 'bad', text = 'x' }",
		     "level is info, warn or fault, not bad");
	script_fails("finding{ rule = 'r' }", "a text is wanted");
	script_fails("finding('r')", "table expected");
}

static void tasks(void **state)
{
	(void)state;
	script_causes("local id = open()\n"
		      "local n = task{ matter = id, office = 'mid', text = 'look', key = 'k' }\n"
		      /* One open task of a matter and key; then another. */
		      "same(task{ matter = id, office = 'mid', text = 'look again', key = 'k' }, n)\n"
		      "same(#task.find{ matter = id, key = 'k', open = true }, 1)\n"
		      "local t = task.find{ key = 'k' }[1]\n"
		      "same(t.office, 'mid') same(t.text, 'look') same(t.time, e.time) same(t.actor, nil)\n"
		      "task.done(n) same(#task.find{ matter = id, open = true }, 0) same(#task.find{ matter = id }, 1)\n"
		      "assert(task{ matter = id, actor = 8, text = 'look', key = 'k' } > n)\n"
		      "same(task.find{ matter = id, open = true }[1].actor, 8)\n",
		      "{'task':{'matter':'a-1','office':'mid','text':'look','key':'k'},'done':{'task':1},'none':'finding'}");
	script_fails("task{ matter = open() }", "a text is wanted");
	script_fails("task{ text = 'x', actor = 'Eight' }", "actor must be a whole number");
}

static void refusals(void **state)
{
	(void)state;
	script_refused("refuse('not now')", "not now");
	script_refused("refuse{ en = 'not now', zh = '稍后' }", "稍后");
	/* Who catches it does not undo it. */
	script_refused("pcall(refuse, 'not now') finding{ rule = 'r', text = 'x' }", "not now");
	script_refused("pcall(refuse, 'first') refuse('second')", "first");
	script_fails("refuse()", "a text is wanted");
	script_then("",
		    "{'uid':7,'act':{'pack':'a','kind':'headed'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'this needs the role a.head'}}}\n"
		    "{'uid':8,'act':{'pack':'a','kind':'headed'}}\n{'expect':{'none':'finding'}}\n"
		    "{'uid':4711,'act':{'pack':'a','kind':'run'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'user 4711 is not an actor'}}}\n"
		    "{'uid':7,'act':{'pack':'a','kind':'dance'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'has no act dance'}}}\n"
		    "{'uid':7,'act':{'pack':'z','kind':'run'}}\n"
		    "{'expect':{'finding':{'rule':'engine.refused','text':'no pack z in force'}}}\n");
}

static void notices(void **state)
{
	(void)state;
	script_causes("local n = notice{ kind = 'k', title = 'T', text = { en = 'E', zh = '中' }, place = 'lake',\n"
		      "group = 'low', key = 'x', from = e.time, to = e.time + 60 }\n"
		      "local f = notice.find{ key = 'x' }[1]\n"
		      "same(f.id, n) same(f.kind, 'k') same(f.title, 'T') same(f.text.zh, '中') same(f.place, 'lake')\n"
		      "same(f.group, 'low') same(f.from, e.time) same(f.to, e.time + 60) same(f.cancelled, false)\n"
		      "local m = notice{ kind = 'l', text = 'again', refers = n } same(notice.find{ kind = 'l' }[1].refers, n)\n"
		      "notice.cancel(n, 'replaced') same(#notice.find{ key = 'x', open = true }, 0)\n"
		      "same(notice.find{ key = 'x' }[1].cancelled, true) same(#notice.find{ open = true }, 1) same(#notice.find{}, 2)",
		      "{'notice':{'id':1,'kind':'k','place':'lake','group':'low','key':'x'},'cancel':{'notice':1},'none':'finding'}");
	script_refused("notice{ kind = 'k', text = 'x', from = 10, to = 9 }",
		       "would end before it begins");
	script_refused("notice{ kind = 'k', text = 'x', refers = 5 }",
		       "there is no notice 5 to refer to");
	script_refused("notice.cancel(5)", "there is no notice 5 in force");
	script_refused("local n = notice{ kind = 'k', text = 'x' } notice.cancel(n) notice.cancel(n)",
		       "no notice 1 in force");
	script_fails("notice{ text = 'x' }", "a notice has a kind");
	script_fails("notice{ kind = 'k' }", "a text is wanted");
}

static void counted(void **state)
{
	(void)state;
	script_causes("same(points.balance('S-1'), 0) same(points.add('S-1', 10, 'report', 'r-1'), 10)\n"
		      "same(points.add('S-1', -10, 'cup'), 0) same(points.balance('S-1'), 0) same(points.add('S-2', 3, 'x'), 3)",
		      "{'points':{'account':'S-1','n':-10,'balance':0,'reason':'cup'},'none':'finding'}");
	script_refused("points.add('S-1', 10, 'r') points.add('S-1', -11, 'cup')",
		       "S-1 has 10, that is less than 11");
	script_refused("points.add('S-1', -1, 'cup')", "S-1 has 0, that is less than 1");
	script_refused("points.add('S-1', 5, 'r', 'k') points.add('S-2', 5, 'r', 'k')",
		       "points for k were given already");
	script_fails("points.add('S-1', 0.5, 'r')", "no integer representation");
}

static void stored(void **state)
{
	(void)state;
	script_runs("same(store.get('a'), nil) store.set('a', 1) store.set('ab', { x = { 1, 2 } }) store.set('b', 'text')\n"
		    "same(store.get('a'), 1) same(store.get('ab').x[2], 2) same(store.get('b'), 'text')\n"
		    "same(table.concat(store.keys('a'), ' '), 'a ab') same(#store.keys(), 3) same(#store.keys('z'), 0)\n"
		    "store.set('a', 2) same(store.get('a'), 2) store.set('a', nil) same(store.get('a'), nil)\n"
		    "store.set('b', store.null) same(store.get('b'), nil) store.set('f', false) same(store.get('f'), false)\n"
		    /* What was got is a copy. */
		    "store.get('ab').x[2] = 9 same(store.get('ab').x[2], 2)");
	script_fails("store.set('a', open)", "no plain data");
	/* Each pack has its own. */
	fold_write("b", "pack.lua",
		   "return { name = 'b', acts = { run = { run = function() assert(#store.keys() == 0)\n"
		   "finding{ rule = 'alone', text = 'x' } end } } }");
	script_pack("store.set('a', 1)");
	fold_expect("a b", SCRIPT_WORLD SCRIPT_ACT "{'uid':7,'act':{'pack':'b','kind':'run'}}\n"
						   "{'expect':{'finding':{'rule':'alone'}}}\n");
}

static void outputs(void **state)
{
	(void)state;
	script_causes("output.set('beacon', true)",
		      "{'output':{'output':'beacon','value':1},'none':'finding'}");
	script_causes("output.set('siren', 0)", "{'output':{'output':'siren','value':0}}");
	script_fails("output.set('beacon', 'on')", "number expected");
	script_fails("output.set()", "string expected");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLD_TEST(findings), FOLD_TEST(tasks),	FOLD_TEST(refusals), FOLD_TEST(notices),
		FOLD_TEST(counted),  FOLD_TEST(stored), FOLD_TEST(outputs),
	};

	return cmocka_run_group_tests_name("engine_told", tests, NULL, NULL);
}
