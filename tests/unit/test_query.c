// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "query.h"

#define PACKS TEST_VECTORS "/../../daemon/packs"

/* County above station and store; the other county beside it */
enum {
	ADMIN = 1000,
	INSPECTOR = 1001,
	SECOND = 1002,
	ABOVE = 1003,
	STORE = 1004,
	OTHER = 1005,
	SUPERVISOR = 1006,
	NOBODY = 1999,
};

static struct tb_referee *referee;
static unsigned int records;
static int64_t begun;

static void fold(int64_t uid, const char *act)
{
	json_t *json = json_loads(act, 0, NULL);
	struct tb_error err;
	char id[32];
	struct tb_event event = {
		.kind = TB_EVENT_ACT,
		.record = id,
		.time = begun + records * 60,
		.uid = uid,
		.act = json,
		.synced = true,
	};

	assert_non_null(json);
	snprintf(id, sizeof(id), "0badcafe:%u", records++);
	assert_done(tb_referee_fold(referee, &event, &err), err);
	json_decref(json);
}

static void pass(int64_t time)
{
	struct tb_event event = { .kind = TB_EVENT_DUE, .uid = TB_NO_UID, .synced = true };
	struct tb_error err;
	char id[32];

	event.record = id;
	while (tb_referee_next_due(referee, &event.time, &event.clock) && event.time <= time) {
		snprintf(id, sizeof(id), "0badcafe:%u", records++);
		assert_done(tb_referee_fold(referee, &event, &err), err);
	}
}

static void office(const char *id, const char *parent)
{
	char act[200];

	snprintf(act, sizeof(act),
		 "{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"%s\",\"name\":\"The %s\"%s%s%s}",
		 id, id, parent ? ",\"parent\":\"" : "", parent ? parent : "", parent ? "\"" : "");
	fold(ADMIN, act);
}

static void actor(int64_t uid, const char *at, const char *role)
{
	char act[200];

	snprintf(act, sizeof(act),
		 "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":%d,\"name\":\"U%d\",\"office\":\"%s\","
		 "\"roles\":[\"%s\"]}",
		 (int)uid, (int)uid, at, role);
	fold(ADMIN, act);
}

#define MEASURES                                                                               \
	"\"tip_angle\":59,\"edges\":\"single\",\"hilt\":true,\"guard\":false,\"blood_groove\"" \
	":false,\"folding\":false,\"spring\":false,\"self_lock\":false,\"sharpened\":true}"

static int make_state(void **state)
{
	struct tb_referee_options options = { .packs = PACKS, .zone = 8 * 3600 };
	struct tb_error err;

	if (scratch_make(state))
		return -1;
	options.state = scratch_path("state.db");
	records = 0;
	begun = 1767576600;
	assert_done(tb_referee_open(&options, &referee, &err), err);
	assert_done(tb_referee_use(referee, "market", &err), err);
	office("county", NULL);
	office("station", "county");
	office("store", "county");
	office("elsewhere", NULL);
	actor(ADMIN, "county", "admin");
	actor(INSPECTOR, "station", "market.inspector");
	actor(SECOND, "station", "market.inspector");
	actor(ABOVE, "county", "market.officer");
	actor(STORE, "store", "market.keeper");
	actor(OTHER, "elsewhere", "market.inspector");
	actor(SUPERVISOR, "elsewhere", "supervisor");
	fold(ADMIN, "{\"pack\":\"base\",\"kind\":\"place\",\"id\":\"M-1\",\"type\":\"market\","
		    "\"name\":\"Village market\",\"office\":\"station\"}");
	fold(INSPECTOR, "{\"pack\":\"market\",\"kind\":\"round\",\"place\":\"M-1\",\"second\":1002,"
			"\"basis\":\"tip\"}");
	fold(INSPECTOR, "{\"pack\":\"market\",\"kind\":\"stall\",\"round\":\"market-1\",\"stall\":"
			"\"3\",\"knives\":2}");
	fold(INSPECTOR, "{\"pack\":\"market\",\"kind\":\"item\",\"round\":\"market-1\",\"stall\":"
			"\"3\",\"no\":\"1\",\"blade\":151," MEASURES);
	fold(INSPECTOR, "{\"pack\":\"market\",\"kind\":\"item\",\"round\":\"market-1\",\"stall\":"
			"\"3\",\"no\":\"2\",\"blade\":150," MEASURES);
	/* Refused, so without a matter */
	fold(INSPECTOR, "{\"pack\":\"market\",\"kind\":\"nonsense\"}");
	return 0;
}

static int remove_state(void **state)
{
	tb_referee_close(referee);
	referee = NULL;
	return scratch_remove(state);
}

static json_t *rows_of(const char *what, const char *filter, int64_t viewer)
{
	json_t *json = filter ? json_loads(filter, 0, NULL) : NULL, *rows;
	struct tb_error err;

	assert_true(!filter || json);
	assert_done(tb_referee_query(referee, what, json, viewer, viewer == 0, &rows, &err), err);
	json_decref(json);
	return rows;
}

static size_t count(const char *what, const char *filter, int64_t viewer)
{
	json_t *rows = rows_of(what, filter, viewer);
	size_t n = json_array_size(rows);

	json_decref(rows);
	return n;
}

static void refused(int code, const char *words, const char *what, const char *filter,
		    int64_t viewer)
{
	json_t *json = json_loads(filter, 0, NULL), *rows;
	struct tb_error err;

	assert_non_null(json);
	assert_int_equal(tb_referee_query(referee, what, json, viewer, false, &rows, &err), code);
	assert_null(rows);
	assert_contains(err.text, words);
	json_decref(json);
}

/* A round and two knives, of the station */
static void matters_by_office(void **state)
{
	(void)state;
	assert_int_equal(count("matters", NULL, INSPECTOR), 3);
	assert_int_equal(count("matters", NULL, SECOND), 3);
	assert_int_equal(count("matters", NULL, ABOVE), 3);
	assert_int_equal(count("matters", NULL, ADMIN), 3);
	assert_int_equal(count("matters", NULL, SUPERVISOR), 3);
	assert_int_equal(count("matters", NULL, 0), 3);
	assert_int_equal(count("matters", NULL, STORE), 0);
	assert_int_equal(count("matters", NULL, OTHER), 0);
	assert_int_equal(count("matters", NULL, NOBODY), 0);
}

static void parts_go_with_their_matter(void **state)
{
	static const char *const lists[] = { "clocks", "findings", "tasks" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		assert_int_equal(count(lists[i], "{\"matter\":\"market-3\"}", OTHER), 0);
		assert_int_equal(count(lists[i], "{\"matter\":\"market-3\"}", STORE), 0);
		assert_int_equal(count(lists[i], "{\"matter\":\"market-3\"}", NOBODY), 0);
		assert_int_equal(count(lists[i], "{\"matter\":\"market-3\"}", INSPECTOR),
				 count(lists[i], "{\"matter\":\"market-3\"}", 0));
	}
	assert_true(count("clocks", "{\"matter\":\"market-3\"}", ABOVE) > 0);
	assert_true(count("findings", "{\"matter\":\"market-3\",\"rule\":\"boundary\"}", ABOVE) ==
		    1);
}

/* What was refused is seen by whose act it was, and by those above */
static void findings_without_matter(void **state)
{
	const char *filter = "{\"rule\":\"engine.refused\"}";

	(void)state;
	assert_int_equal(count("findings", filter, INSPECTOR), 1);
	assert_int_equal(count("findings", filter, SECOND), 1);
	assert_int_equal(count("findings", filter, ABOVE), 1);
	assert_int_equal(count("findings", filter, SUPERVISOR), 1);
	assert_int_equal(count("findings", filter, STORE), 0);
	assert_int_equal(count("findings", filter, OTHER), 0);
	fold(NOBODY, "{\"pack\":\"market\",\"kind\":\"item\"}");
	assert_int_equal(count("findings", filter, NOBODY), 1);
	assert_int_equal(count("findings", filter, INSPECTOR), 1);
	assert_int_equal(count("findings", filter, 0), 2);
}

static void public_to_actors(void **state)
{
	(void)state;
	assert_int_equal(count("places", NULL, OTHER), 1);
	assert_int_equal(count("places", "{\"kind\":\"river\"}", OTHER), 0);
	assert_int_equal(count("offices", NULL, STORE), 4);
	assert_int_equal(count("offices", "{\"office\":\"county\"}", STORE), 2);
	assert_int_equal(count("actors", "{\"office\":\"station\"}", OTHER), 2);
	assert_true(count("notices", NULL, OTHER) > 0);
	assert_int_equal(count("places", NULL, NOBODY), 0);
	assert_int_equal(count("offices", NULL, NOBODY), 0);
	assert_int_equal(count("notices", NULL, NOBODY), 0);
	assert_int_equal(count("packs", NULL, NOBODY), 1);
	assert_int_equal(count("points", NULL, OTHER), 0);
	assert_int_equal(count("points", "{\"account\":\"a\"}", OTHER), 0);
}

static void one_matter(void **state)
{
	json_t *rows = rows_of("matter", "{\"id\":\"market-3\"}", ABOVE);
	json_t *row = json_array_get(rows, 0), *line;

	(void)state;
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(json_string_value(json_object_get(row, "stage")), "referred");
	assert_true(json_is_object(json_object_get(row, "data")));
	assert_string_equal(json_string_value(json_object_get(row, "place_name")),
			    "Village market");
	line = json_array_get(json_object_get(row, "timeline"), 0);
	assert_string_equal(json_string_value(json_object_get(line, "text")), "item");
	assert_string_equal(json_string_value(json_object_get(line, "name")), "U1001");
	assert_contains(json_string_value(json_object_get(line, "record")), "0badcafe:");
	assert_int_equal(json_array_size(json_object_get(row, "owners")), 1);
	assert_int_equal(json_array_size(json_object_get(row, "sides")), 1);
	assert_true(json_array_size(json_object_get(row, "findings")) > 0);
	assert_true(json_array_size(json_object_get(row, "clocks")) > 0);
	assert_true(json_array_size(json_object_get(row, "notices")) > 0);
	assert_true(json_is_array(json_object_get(row, "links")));
	assert_true(json_is_array(json_object_get(row, "tasks")));
	json_decref(rows);
	refused(-ENOENT, "no matter market-3 that you may see", "matter", "{\"id\":\"market-3\"}",
		OTHER);
	refused(-ENOENT, "no matter market-9 that you may see", "matter", "{\"id\":\"market-9\"}",
		ABOVE);
	refused(-EINVAL, "give the id of a matter", "matter", "{}", ABOVE);
}

/* Shared with another side, it is that side's too, and of who is above */
static void shared(void **state)
{
	(void)state;
	fold(INSPECTOR, "{\"pack\":\"market\",\"kind\":\"explain\",\"item\":\"market-2\","
			"\"language\":\"zh\",\"understood\":true}");
	fold(ABOVE, "{\"pack\":\"market\",\"kind\":\"decide\",\"item\":\"market-2\",\"outcome\":"
		    "\"handover\",\"to\":\"store\",\"reason\":\"too long\"}");
	assert_int_equal(count("matters", NULL, STORE), 1);
	assert_int_equal(count("matter", "{\"id\":\"market-2\"}", STORE), 1);
	assert_int_equal(count("matters", NULL, OTHER), 0);
	refused(-ENOENT, "market-3", "matter", "{\"id\":\"market-3\"}", STORE);
}

static void filters(void **state)
{
	(void)state;
	assert_int_equal(count("matters", "{\"kind\":\"item\"}", 0), 2);
	assert_int_equal(count("matters", "{\"kind\":\"item\",\"stage\":\"referred\"}", 0), 1);
	assert_int_equal(count("matters", "{\"pack\":\"ecology\"}", 0), 0);
	assert_int_equal(count("matters", "{\"office\":\"station\",\"open\":true}", 0), 3);
	assert_int_equal(count("matters", "{\"open\":false}", 0), 0);
	assert_int_equal(count("matters", "{\"since\":1767576600,\"until\":1900000000}", 0), 3);
	assert_int_equal(count("matters", "{\"until\":1767576600}", 0), 0);
	assert_int_equal(count("findings", "{\"level\":\"warn\",\"rule\":\"clause.4\"}", 0), 1);
	/* Data, not SQL */
	assert_int_equal(count("matters", "{\"kind\":\"item' OR 1 --\"}", 0), 0);
	refused(-EINVAL, "matters has no filter level", "matters", "{\"level\":\"warn\"}", ADMIN);
	refused(-EINVAL, "kind: it must be text", "matters", "{\"kind\":1}", ADMIN);
	refused(-EINVAL, "open: it must be true or false", "matters", "{\"open\":1}", ADMIN);
	refused(-EINVAL, "since: it must be a whole number", "matters", "{\"since\":\"x\"}", ADMIN);
	refused(-EINVAL, "limit: it must be 1 to", "matters", "{\"limit\":0}", ADMIN);
	refused(-EINVAL, "limit: it must be 1 to", "matters", "{\"limit\":1000000}", ADMIN);
	refused(-EINVAL, "there is no list sqlite_master", "sqlite_master", "{}", ADMIN);
	refused(-EINVAL, "there is no list .timeline", ".timeline", "{}", ADMIN);
	refused(-EINVAL, "must be an object", "matters", "[]", ADMIN);
}

/* Newest first, each once */
static void pages(void **state)
{
	char filter[100] = "{\"limit\":1}";
	const char *ids[] = { "market-3", "market-2", "market-1" }, *id;
	json_t *rows;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		rows = rows_of("matters", filter, INSPECTOR);
		assert_int_equal(json_array_size(rows), 1);
		id = json_string_value(json_object_get(json_array_get(rows, 0), "id"));
		assert_string_equal(id, ids[i]);
		snprintf(filter, sizeof(filter), "{\"limit\":1,\"after\":\"%s\"}", ids[i]);
		json_decref(rows);
	}
	assert_int_equal(count("matters", filter, INSPECTOR), 0);
	assert_int_equal(count("offices", "{\"after\":\"county\"}", 0), 3);
	assert_int_equal(count("actors", "{\"after\":1005}", 0), 1);
}

static void overdue(void **state)
{
	(void)state;
	assert_int_equal(count("matters", "{\"overdue\":true}", INSPECTOR), 0);
	pass(1767576600 + 60 * 86400);
	assert_true(count("matters", "{\"overdue\":true}", INSPECTOR) > 0);
	assert_true(count("clocks", "{\"overdue\":true,\"open\":true}", INSPECTOR) > 0);
	assert_int_equal(count("clocks", "{\"overdue\":true}", OTHER), 0);
	/* It went to the office above, whose task it is now. */
	assert_true(count("tasks", "{\"mine\":true,\"open\":true}", ABOVE) > 0);
	assert_int_equal(count("tasks", "{\"mine\":true}", STORE), 0);
	assert_int_equal(count("tasks", "{\"mine\":true}", NOBODY), 0);
}

static void what_came_of_a_record(void **state)
{
	json_t *rows, *row;
	char filter[100];

	(void)state;
	rows = rows_of("matter", "{\"id\":\"market-3\"}", INSPECTOR);
	snprintf(filter, sizeof(filter), "{\"record\":\"%s\"}",
		 json_string_value(json_object_get(json_array_get(rows, 0), "record")));
	json_decref(rows);
	rows = rows_of("record", filter, INSPECTOR);
	row = json_array_get(rows, 0);
	assert_true(json_array_size(json_object_get(row, "matters")) > 0);
	assert_true(json_array_size(json_object_get(row, "findings")) > 0);
	assert_true(json_array_size(json_object_get(row, "clocks")) > 0);
	json_decref(rows);
	rows = rows_of("record", filter, OTHER);
	row = json_array_get(rows, 0);
	assert_int_equal(json_array_size(json_object_get(row, "matters")), 0);
	assert_int_equal(json_array_size(json_object_get(row, "findings")), 0);
	json_decref(rows);
	refused(-EINVAL, "give the id of a record", "record", "{}", ADMIN);
}

/* Rows of a report of market, as a user sees them; or what it says */
static json_t *report_of(const char *report, int64_t viewer, bool sees_all, int expected)
{
	json_t *query = json_object(), *rows = NULL;
	struct tb_error err = { 0 };

	assert_int_equal(tb_referee_report(referee, "market", report, query, viewer, sees_all,
					   &rows, &err),
			 expected);
	json_decref(query);
	if (expected)
		assert_contains(err.text, report[0] == 'n' ? "no report" : "supervisors");
	return rows;
}

static size_t rounds_of(int64_t viewer, bool sees_all)
{
	json_t *rows = report_of("rounds", viewer, sees_all, 0);
	size_t n = json_array_size(rows);

	json_decref(rows);
	return n;
}

static void reports_count_what_one_may_see(void **state)
{
	json_t *rows, *class;
	size_t i, knives = 0;

	(void)state;
	assert_int_equal(rounds_of(INSPECTOR, false), 1);
	assert_int_equal(rounds_of(ABOVE, false), 1);
	assert_int_equal(rounds_of(ADMIN, false), 1);
	assert_int_equal(rounds_of(SUPERVISOR, false), 1);
	assert_int_equal(rounds_of(TB_NO_UID, true), 1);
	/* They have a role of it, and no part in the round */
	assert_int_equal(rounds_of(STORE, false), 0);
	assert_int_equal(rounds_of(OTHER, false), 0);
	report_of("rounds", NOBODY, false, -EACCES);
	report_of("rounds", TB_NO_UID, false, -EACCES);
	report_of("nonsense", SUPERVISOR, false, -ENOENT);
	rows = report_of("classes", OTHER, false, 0);
	json_array_foreach(rows, i, class)
		knives += (size_t)json_integer_value(json_object_get(class, "knives"));
	assert_int_equal(knives, 0);
	json_decref(rows);
	/* What one saw is not what the next one sees. */
	assert_int_equal(rounds_of(INSPECTOR, false), 1);
}

static void acts_and_reports(void **state)
{
	json_t *rows = rows_of("acts", "{\"pack\":\"market\",\"kind\":\"item\"}", NOBODY), *row,
	       *field;

	(void)state;
	assert_int_equal(json_array_size(rows), 1);
	row = json_array_get(rows, 0);
	assert_string_equal(json_string_value(json_object_get(row, "id")), "market.item");
	assert_string_equal(json_string_value(json_array_get(json_object_get(row, "roles"), 0)),
			    "inspector");
	field = json_object_get(json_object_get(row, "fields"), "blade");
	assert_string_equal(json_string_value(json_object_get(field, "unit")), "mm");
	json_decref(rows);
	assert_true(count("acts", NULL, NOBODY) > count("acts", "{\"pack\":\"base\"}", NOBODY));
	rows = rows_of("reports", "{\"kind\":\"rounds\"}", NOBODY);
	row = json_array_get(rows, 0);
	assert_string_equal(json_string_value(json_array_get(json_object_get(row, "columns"), 0)),
			    "round");
	json_decref(rows);
	rows = rows_of("kinds", "{\"pack\":\"market\",\"kind\":\"round\"}", NOBODY);
	row = json_array_get(rows, 0);
	assert_string_equal(json_string_value(json_object_get(row, "first")), "open");
	row = json_object_get(row, "stages");
	assert_true(json_is_true(json_object_get(json_object_get(row, "closed"), "final")));
	json_decref(rows);
	refused(-EINVAL, "pack and kind", "acts", "{\"open\":true}", NOBODY);
}

/* Of the offers the one of that kind, or NULL */
static const json_t *offer_of(const json_t *rows, const char *kind)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (!strcmp(json_string_value(json_object_get(row, "kind")), kind))
			return row;
	return NULL;
}

static void offers(void **state)
{
	json_t *rows = rows_of("offers", "{\"matter\":\"market-2\"}", INSPECTOR);
	const json_t *explain = offer_of(rows, "explain");

	(void)state;
	assert_non_null(explain);
	assert_string_equal(json_string_value(json_object_get(explain, "field")), "item");
	assert_string_equal(json_string_value(json_object_get(explain, "value")), "market-2");
	assert_null(json_object_get(explain, "barred"));
	assert_non_null(json_object_get(json_object_get(explain, "fields"), "item"));
	/* Another role, another stage */
	assert_null(offer_of(rows, "decide"));
	assert_null(offer_of(rows, "receive"));
	json_decref(rows);
	/* Decided on only when it was explained */
	rows = rows_of("offers", "{\"matter\":\"market-2\"}", ABOVE);
	assert_non_null(json_object_get(offer_of(rows, "decide"), "barred"));
	json_decref(rows);
	rows = rows_of("offers", "{\"pack\":\"market\"}", INSPECTOR);
	assert_non_null(offer_of(rows, "round"));
	assert_null(offer_of(rows, "explain"));
	json_decref(rows);
	/* Who may not see a matter is not told what could be done about it. */
	refused(-ENOENT, "that you may see", "offers", "{\"matter\":\"market-2\"}", OTHER);
	refused(-EINVAL, "a matter or a pack", "offers", "{}", INSPECTOR);
	refused(-ENOENT, "no pack none", "offers", "{\"pack\":\"none\"}", INSPECTOR);
}

/* Ten working days of a review that reach into a year nobody has told the days off of */
static void years_without_list(void **state)
{
	json_t *years = tb_referee_unlisted(referee);

	(void)state;
	assert_int_equal(json_object_size(years), 0);
	json_decref(years);
	begun = 1798419600; /* 2026-12-28 */
	fold(NOBODY,
	     "{\"pack\":\"market\",\"kind\":\"object\",\"item\":\"market-2\",\"text\":\"mine\"}");
	years = tb_referee_unlisted(referee);
	assert_int_equal(json_integer_value(json_object_get(years, "2027")), 1);
	json_decref(years);
	fold(ADMIN,
	     "{\"pack\":\"base\",\"kind\":\"calendar\",\"year\":2027,\"off\":[\"2027-01-01\"],"
	     "\"source\":\"a notice\"}");
	years = tb_referee_unlisted(referee);
	assert_int_equal(json_object_size(years), 0);
	json_decref(years);
}

#define in_state(test) cmocka_unit_test_setup_teardown(test, make_state, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_state(matters_by_office),
		in_state(parts_go_with_their_matter),
		in_state(findings_without_matter),
		in_state(public_to_actors),
		in_state(one_matter),
		in_state(shared),
		in_state(filters),
		in_state(pages),
		in_state(overdue),
		in_state(what_came_of_a_record),
		in_state(acts_and_reports),
		in_state(offers),
		in_state(reports_count_what_one_may_see),
		in_state(years_without_list),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
