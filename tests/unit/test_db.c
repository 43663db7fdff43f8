// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of the state's tables wait in memory: what is asked sees them, a call that is undone
 * leaves none, and a row that is changed before it is written is written once. Data as text.
 */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "jsontext.h"
#include "unit.h"

#define SCHEMA                                                                \
	"CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, state TEXT);" \
	" CREATE TABLE other (id INTEGER PRIMARY KEY, name TEXT);"            \
	" CREATE TABLE log (name TEXT);"                                      \
	" CREATE TRIGGER added AFTER INSERT ON thing BEGIN"                   \
	" INSERT INTO log VALUES ('insert ' || new.state); END;"              \
	" CREATE TRIGGER changed AFTER UPDATE ON thing BEGIN"                 \
	" INSERT INTO log VALUES ('update ' || new.state); END"

static struct tb_db *open_db(void)
{
	struct tb_db *db = NULL;
	struct tb_error err;

	assert_done(tb_db_open("", SCHEMA, &db, &err), err);
	return db;
}

static void add(struct tb_db *db, int64_t id)
{
	tb_db_add(db, (uint64_t)id, "INSERT INTO thing (id, name, state) VALUES (?, ?, ?)", "itt",
		  id, "n", "new");
}

static void set(struct tb_db *db, int64_t id, const char *to)
{
	tb_db_change(db, (uint64_t)id, "c-", "UPDATE thing SET state = ? WHERE id = ?", "ti", to,
		     id);
}

static int64_t count(struct tb_db *db, const char *state)
{
	return tb_db_number(db, -1, "SELECT count(*) FROM thing WHERE state = ?", "t", state);
}

static int64_t logged(struct tb_db *db, const char *what)
{
	tb_db_settle(db);
	return tb_db_number(db, -1, "SELECT count(*) FROM log WHERE name = ?", "t", what);
}

static void end(struct tb_db *db)
{
	struct tb_error err;

	tb_db_commit(db);
	assert_done(tb_db_failed(db, &err), err);
	tb_db_close(db);
}

static void written_once(void **state)
{
	struct tb_db *db = open_db();

	(void)state;
	tb_db_begin(db);
	tb_db_call(db);
	add(db, 1);
	add(db, 513);
	tb_db_keep(db);
	tb_db_call(db);
	set(db, 1, "old");
	tb_db_keep(db);
	assert_int_equal(logged(db, "insert old"), 1);
	assert_int_equal(logged(db, "insert new"), 1);
	assert_int_equal(logged(db, "update old"), 0);
	/* Now it is in its table. */
	set(db, 1, "older");
	assert_int_equal(count(db, "older"), 1);
	assert_int_equal(logged(db, "update older"), 1);
	end(db);
}

static void undone(void **state)
{
	struct tb_db *db = open_db();

	(void)state;
	tb_db_begin(db);
	tb_db_call(db);
	add(db, 1);
	tb_db_keep(db);
	tb_db_call(db);
	set(db, 1, "wrong");
	add(db, 2);
	set(db, 2, "wrong");
	tb_db_undo(db);
	/* The same numbers again, and what was forgotten is in nobody's way. */
	tb_db_call(db);
	add(db, 2);
	set(db, 1, "right");
	tb_db_keep(db);
	assert_int_equal(count(db, "right"), 1);
	assert_int_equal(count(db, "new"), 1);
	assert_int_equal(count(db, "wrong"), 0);
	end(db);
}

/* What is asked within a call sees what the call changed, and that is undone as well. */
static void asked_and_undone(void **state)
{
	struct tb_db *db = open_db();

	(void)state;
	tb_db_begin(db);
	tb_db_call(db);
	add(db, 1);
	tb_db_do(db, "INSERT INTO other (id, name) VALUES (?, ?)", "it", (int64_t)1, "stays");
	tb_db_keep(db);
	tb_db_call(db);
	set(db, 1, "wrong");
	add(db, 2);
	assert_int_equal(count(db, "wrong"), 1);
	assert_int_equal(count(db, "new"), 1);
	set(db, 2, "wrong");
	tb_db_do(db, "INSERT INTO other (id, name) VALUES (?, ?)", "it", (int64_t)2, "goes");
	assert_int_equal(count(db, "wrong"), 2);
	tb_db_undo(db);
	assert_int_equal(count(db, "wrong"), 0);
	assert_int_equal(count(db, "new"), 1);
	assert_int_equal(tb_db_number(db, -1, "SELECT count(*) FROM other WHERE name = 'stays'",
				      ""),
			 1);
	assert_int_equal(tb_db_number(db, -1, "SELECT count(*) FROM other", ""), 1);
	end(db);
}

/* Outside of a transaction a call stands or falls as well. */
static void alone(void **state)
{
	struct tb_db *db = open_db();
	struct tb_error err;

	(void)state;
	tb_db_call(db);
	add(db, 1);
	assert_int_equal(count(db, "new"), 1);
	add(db, 2);
	tb_db_undo(db);
	assert_int_equal(count(db, "new"), 0);
	tb_db_call(db);
	add(db, 1);
	set(db, 1, "kept");
	tb_db_keep(db);
	assert_int_equal(count(db, "kept"), 1);
	assert_true(sqlite3_get_autocommit(tb_db_handle(db)));
	assert_done(tb_db_failed(db, &err), err);
	tb_db_close(db);
}

static void other_tables(void **state)
{
	struct tb_db *db = open_db();

	(void)state;
	tb_db_begin(db);
	tb_db_call(db);
	add(db, 1);
	/* It depends on a table that changed in the same call, and on it as it is now. */
	tb_db_do(db, "INSERT INTO other (id, name) SELECT id, state FROM thing", "");
	set(db, 1, "later");
	tb_db_keep(db);
	assert_int_equal(tb_db_number(db, -1, "SELECT count(*) FROM other WHERE name = 'new'", ""),
			 1);
	assert_int_equal(count(db, "later"), 1);
	end(db);
}

static void numbers(void **state)
{
	static const char highest[] = "SELECT max(id) FROM thing WHERE '' = ?";
	struct tb_db *db = open_db();

	(void)state;
	tb_db_begin(db);
	tb_db_call(db);
	assert_int_equal(tb_db_next(db, highest, ""), 1);
	add(db, 1);
	tb_db_keep(db);
	tb_db_call(db);
	assert_int_equal(tb_db_next(db, highest, ""), 2);
	assert_int_equal(tb_db_next(db, highest, ""), 3);
	tb_db_undo(db);
	tb_db_call(db);
	assert_int_equal(tb_db_next(db, highest, ""), 2);
	tb_db_keep(db);
	end(db);
}

/* As jansson writes it, member by member */
static void text(void **state)
{
	static const char *const texts[] = {
		"{\"z\":1,\"a\":{\"y\":[],\"b\":{}},\"\":null}",
		"[1.5,-0.1,1e300,-9223372036854775808,true,false,null]",
		"\"quote \\\" back \\\\ line \\n tab \\t bell \\u0007 slash / 是\"",
		"{\"\\u0001\":\"\\u001f\\u007f\"}",
	};
	json_t *json, *many = json_object();
	char *is, *wanted, name[16];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		json = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		assert_non_null(json);
		is = tb_json_text(json);
		wanted = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
		assert_string_equal(is, wanted);
		free(is);
		free(wanted);
		json_decref(json);
	}
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%zu", i * 37 % 100);
		json_object_set_new(many, name, json_integer((json_int_t)i));
	}
	is = tb_json_text(many);
	wanted = json_dumps(many, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(is, wanted);
	free(is);
	free(wanted);
	json_decref(many);
	assert_null(tb_json_text(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_once),
		cmocka_unit_test(undone),
		cmocka_unit_test(asked_and_undone),
		cmocka_unit_test(alone),
		cmocka_unit_test(other_tables),
		cmocka_unit_test(numbers),
		cmocka_unit_test(text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
