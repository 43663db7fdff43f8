// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "document.h"
#include "engine.h"
#include "export.h"
#include "hex.h"
#include "query.h"

#define PACKS TEST_VECTORS "/../../daemon/packs"

enum { ADMIN = 1000, NORTH = 1001, SOUTH = 1002, AUDITOR = 1003, STRANGER = 1999 };

static struct tb_referee *referee;
static unsigned int records;

static void fold(int64_t uid, const char *act)
{
	json_t *json = json_loads(act, 0, NULL);
	struct tb_error err;
	char id[32];
	struct tb_event event = {
		.kind = TB_EVENT_ACT,
		.record = id,
		.time = 1767576600 + records * 60,
		.uid = uid,
		.act = json,
		.synced = true,
	};

	assert_non_null(json);
	snprintf(id, sizeof(id), "0badcafe:%u", records++);
	assert_done(tb_referee_fold(referee, &event, &err), err);
	json_decref(json);
}

static void actor(int64_t uid, const char *office, const char *role)
{
	char act[200];

	snprintf(act, sizeof(act),
		 "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":%d,\"name\":\"U%d\",\"office\":\"%s\","
		 "\"roles\":[\"%s\"]}",
		 (int)uid, (int)uid, office, role);
	fold(ADMIN, act);
}

static int make_state(void **state)
{
	struct tb_referee_options options = { .packs = PACKS, .zone = 8 * 3600 };
	static const char *const offices[] = { "bureau", "north", "south" };
	struct tb_error err;
	char act[200];
	size_t i;

	if (scratch_make(state))
		return -1;
	options.state = scratch_path("state.db");
	records = 0;
	assert_done(tb_referee_open(&options, &referee, &err), err);
	assert_done(tb_referee_use(referee, "control", &err), err);
	for (i = 0; i < 3; i++) {
		snprintf(act, sizeof(act),
			 "{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"%s\",\"name\":\"%s\",\"type\":\"%s\"%s}",
			 offices[i], offices[i], offices[i], i ? ",\"parent\":\"bureau\"" : "");
		fold(ADMIN, act);
	}
	actor(ADMIN, "bureau", "admin");
	actor(AUDITOR, "bureau", "control.auditor");
	actor(NORTH, "north", "control.head");
	actor(SOUTH, "south", "control.head");
	fold(AUDITOR,
	     "{\"pack\":\"control\",\"kind\":\"audit\",\"no\":\"A-1\",\"title\":\"An audit\","
	     "\"office\":\"north\"}");
	fold(AUDITOR,
	     "{\"pack\":\"control\",\"kind\":\"finding\",\"audit\":\"control-1\",\"code\":"
	     "\"contract.unapproved\",\"office\":\"north\",\"text\":\"two contracts\",\"risk\":"
	     "\"high\",\"evidence\":[]}");
	return 0;
}

static int remove_state(void **state)
{
	tb_referee_close(referee);
	referee = NULL;
	return scratch_remove(state);
}

/* What an export holds, as JSON; NULL where it is refused as expected */
static json_t *export_of(const char *name, int64_t viewer, bool sees_all, int expected,
			 int *withheld)
{
	json_t *query = json_object(), *reply = NULL, *document = NULL;
	const char *dot = strchr(name, '.');
	struct tb_error err = { 0 };
	uint8_t *bytes;
	char pack[16];
	size_t len;

	snprintf(pack, sizeof(pack), "%.*s", (int)(dot - name), name);
	assert_int_equal(tb_referee_export(referee, pack, dot + 1, query, viewer, sees_all, &reply,
					   &err),
			 expected);
	json_decref(query);
	if (expected)
		return NULL;
	if (withheld)
		*withheld = (int)json_integer_value(json_object_get(reply, "withheld"));
	assert_int_equal(tb_base64_decode(json_string_value(json_object_get(reply, "bytes")),
					  &bytes, &len),
			 0);
	document = json_loadb((char *)bytes, len, 0, NULL);
	free(bytes);
	json_decref(reply);
	return document;
}

static size_t items_of(int64_t viewer, bool sees_all)
{
	json_t *plan = export_of("control.poam", viewer, sees_all, 0, NULL);
	size_t count;

	assert_non_null(plan);
	count = json_array_size(json_object_get(json_object_get(plan,
								"plan-of-action-and-milestones"),
						"poam-items"));
	json_decref(plan);
	return count;
}

static void an_export_has_what_one_may_see(void **state)
{
	(void)state;
	assert_int_equal(items_of(NORTH, false), 1);
	assert_int_equal(items_of(AUDITOR, false), 1);
	assert_int_equal(items_of(ADMIN, false), 1);
	assert_int_equal(items_of(TB_NO_UID, true), 1);
	/* A role of the pack, and no part in the finding: there is nothing to plan. */
	export_of("control.poam", SOUTH, false, -EINVAL, NULL);
	/* What one saw is not what the next one sees. */
	assert_int_equal(items_of(NORTH, false), 1);
}

static void exports_are_for_those_they_name(void **state)
{
	(void)state;
	export_of("control.poam", STRANGER, false, -EACCES, NULL);
	export_of("control.poam", TB_NO_UID, false, -EACCES, NULL);
	export_of("base.places", STRANGER, false, -EACCES, NULL);
	export_of("base.clocks", STRANGER, false, -EACCES, NULL);
	export_of("base.roster", TB_NO_UID, false, -EACCES, NULL);
	json_decref(export_of("base.places", SOUTH, false, 0, NULL));
	/* No JSON, and yet an answer */
	assert_null(export_of("base.public", STRANGER, false, 0, NULL));
	export_of("control.nothing", ADMIN, false, -ENOENT, NULL);
	export_of("market.anything", ADMIN, false, -ENOENT, NULL);
}

static size_t clocks_of(int64_t viewer)
{
	json_t *query = json_object(), *reply;
	struct tb_error err;
	uint8_t *bytes;
	size_t len, count = 0;
	const char *at;

	assert_done(tb_referee_export(referee, "base", "clocks", query, viewer, false, &reply,
				      &err),
		    err);
	json_decref(query);
	assert_int_equal(tb_base64_decode(json_string_value(json_object_get(reply, "bytes")),
					  &bytes, &len),
			 0);
	json_decref(reply);
	for (at = (char *)bytes;
	     (at = memmem(at, len - (size_t)(at - (char *)bytes), "BEGIN:VEVENT", 12)); at++)
		count++;
	free(bytes);
	return count;
}

static void lists_are_held_to_it_too(void **state)
{
	(void)state;
	assert_true(clocks_of(NORTH) > 0);
	assert_int_equal(clocks_of(AUDITOR), clocks_of(NORTH));
	assert_int_equal(clocks_of(SOUTH), 0);
}

static void personal_data_stays(void **state)
{
	json_t *all;
	char *text;
	int withheld;

	(void)state;
	/* A register is a blob, and a blob's texts are looked at by nobody before. */
	tb_db_do(referee->db, "INSERT INTO place (id, kind, name, data) VALUES (?, ?, ?, ?)",
		 "tttt", "P-1", "village", "call 138 0571 2345",
		 "{\"keeper\":\"浙A12345\",\"depth\":3}");
	all = export_of("base.places", NORTH, false, 0, &withheld);
	assert_non_null(all);
	assert_int_equal(withheld, 2);
	text = json_dumps(all, 0);
	assert_null(strstr(text, "0571"));
	assert_null(strstr(text, "12345"));
	assert_non_null(strstr(text, "withheld"));
	assert_non_null(strstr(text, "depth"));
	free(text);
	json_decref(all);
}

static void documents(void **state)
{
	static const struct {
		const char *document;
		const char *expected;
	} cases[] = {
		{ "{\"kind\":\"json\",\"body\":{\"a\":{\"[]\":true},\"b\":[]}}",
		  "{\n \"a\": [],\n \"b\": []\n}\n" },
		{ "{\"kind\":\"xml\",\"body\":{\"name\":\"a\",\"attributes\":{\"b\":\"\\\"<\"},\"text\":\"&>\\u0001\"}}",
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"&quot;&lt;\">&amp;&gt;</a>\n" },
		{ "{\"kind\":\"csv\",\"body\":{\"columns\":[\"a\",\"b\"],\"rows\":[{\"a\":\"x,\\\"y\\\"\",\"b\":1}]}}",
		  "\xef\xbb\xbf"
		  "a,b\r\n\"x,\"\"y\"\"\",1\r\n" },
		{ "{\"kind\":\"lines\",\"body\":[\"0123456789012345678901234567890123456789012345678901234567890123456789012\\u5b57\"]}",
		  "0123456789012345678901234567890123456789012345678901234567890123456789012\r\n \xe5\xad\x97\r\n" },
	};
	struct tb_error err;
	json_t *document;
	char *bytes;
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		document = json_loads(cases[i].document, 0, NULL);
		assert_non_null(document);
		assert_done(tb_document_write(document, &bytes, &len, &err), err);
		assert_string_equal(bytes, cases[i].expected);
		assert_int_equal(strlen(bytes), len);
		free(bytes);
		json_decref(document);
	}
	document = json_loads("{\"kind\":\"nonsense\"}", 0, NULL);
	assert_int_equal(tb_document_write(document, &bytes, &len, &err), -EINVAL);
	assert_contains(err.text, "nonsense");
	json_decref(document);
}

#define in_state(test) cmocka_unit_test_setup_teardown(test, make_state, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_state(an_export_has_what_one_may_see),
		in_state(exports_are_for_those_they_name),
		in_state(lists_are_held_to_it_too),
		in_state(personal_data_stays),
		cmocka_unit_test(documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
