// SPDX-License-Identifier: GPL-2.0-only
/* The ledger takes records in order, keeps them, and gives them back. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "ledger_check.h"
#include "pair.h"

#define RECORDS 50U

static struct tb_error err;

static void add_chain(struct tb_ledger *ledger, const struct chain *chain, uint64_t from)
{
	assert_done(tb_ledger_add_chain(ledger, chain->id, from, chain->bytes, chain_size(chain, 0),
					&err),
		    err);
}

static int append(struct tb_ledger *ledger, const struct chain *chain, size_t from, size_t end)
{
	return tb_ledger_append(ledger, chain->bytes + chain->at[from],
				chain->at[end] - chain->at[from], &err);
}

static void commit(struct tb_ledger *ledger)
{
	assert_done(tb_ledger_commit(ledger, &err), err);
	assert_int_equal(tb_ledger_pending(ledger), 0);
}

static void expect_tail(const struct tb_ledger *ledger, uint64_t chains, uint64_t records,
			uint64_t next)
{
	const struct tb_ledger_tail *tail = tb_ledger_tail(ledger);

	assert_int_equal(tail->chains, chains);
	assert_int_equal(tail->records, records);
	assert_int_equal(tail->chain_no, chains);
	assert_int_equal(tail->next, next);
}

static void empty(void **state)
{
	struct tb_ledger *ledger = open_ledger();
	uint64_t found = 9;

	(void)state;
	expect_tail(ledger, 0, 0, 0);
	assert_false(tb_ledger_tail(ledger)->has_last);
	assert_done(tb_ledger_find_chain(ledger, first->id, &found, &err), err);
	assert_int_equal(found, 0);
	commit(ledger);
	tb_ledger_close(ledger);
	ledger = open_ledger();
	expect_tail(ledger, 0, 0, 0);
	tb_ledger_close(ledger);
	tb_ledger_close(NULL);
}

static void one_writer_only(void **state)
{
	struct tb_ledger *ledger = open_ledger(), *other = NULL;

	(void)state;
	assert_int_equal(tb_ledger_open(scratch_path("l.db"), &other, &err), -EBUSY);
	assert_contains(err.text, "in use by another tongbud");
	assert_contains(err.text, scratch_path("l.db"));
	assert_null(other);
	/* The first one is none the worse for it. */
	add_chain(ledger, first, 0);
	assert_done(append(ledger, first, 0, 2), err);
	commit(ledger);
	tb_ledger_close(ledger);
	assert_done(tb_ledger_open(scratch_path("l.db"), &other, &err), err);
	tb_ledger_close(other);
}

static void append_in_order(void **state)
{
	struct tb_ledger *ledger = open_ledger();
	struct tb_receipt last = chain_receipt(first, 9);
	uint64_t found;

	(void)state;
	add_chain(ledger, first, 0);
	expect_tail(ledger, 0, 0, 0);
	assert_done(append(ledger, first, 0, 4), err);
	assert_done(append(ledger, first, 4, 4), err);
	assert_done(append(ledger, first, 4, 10), err);
	assert_true(tb_ledger_pending(ledger) >= first->at[10]);
	expect_tail(ledger, 0, 0, 0);
	commit(ledger);
	expect_tail(ledger, 1, 10, 10);
	assert_true(tb_ledger_tail(ledger)->has_last);
	assert_memory_equal(&tb_ledger_tail(ledger)->last, &last, sizeof(last));
	assert_done(tb_ledger_find_chain(ledger, first->id, &found, &err), err);
	assert_int_equal(found, 1);
	assert_done(tb_ledger_find_chain(ledger, second->id, &found, &err), err);
	assert_int_equal(found, 0);
	tb_ledger_close(ledger);
}

static void wrong_number(void **state)
{
	struct tb_ledger *ledger = open_ledger();

	(void)state;
	add_chain(ledger, first, 0);
	assert_int_equal(append(ledger, first, 1, 2), -EBADMSG);
	assert_contains(err.text, "record 1 where 0 is next");
	tb_ledger_rollback(ledger);
	add_chain(ledger, first, 0);
	assert_done(append(ledger, first, 0, 5), err);
	commit(ledger);
	assert_int_equal(append(ledger, first, 6, 7), -EBADMSG);
	assert_contains(err.text, "record 6 where 5 is next");
	tb_ledger_rollback(ledger);
	assert_int_equal(append(ledger, first, 4, 5), -EBADMSG);
	tb_ledger_rollback(ledger);
	expect_tail(ledger, 1, 5, 5);
	assert_done(append(ledger, first, 5, 6), err);
	commit(ledger);
	expect_tail(ledger, 1, 6, 6);
	tb_ledger_close(ledger);
}

static void wrong_chain(void **state)
{
	struct tb_ledger *ledger = open_ledger();

	(void)state;
	add_chain(ledger, first, 0);
	assert_int_equal(append(ledger, second, 0, 1), -EBADMSG);
	assert_contains(err.text, "handed over a record of chain");
	tb_ledger_rollback(ledger);
	expect_tail(ledger, 0, 0, 0);
	/* Nor is there any chain to begin with. */
	assert_int_equal(append(ledger, first, 0, 1), -EBADMSG);
	tb_ledger_rollback(ledger);
	tb_ledger_close(ledger);
}

static void no_records(void **state)
{
	struct tb_ledger *ledger = open_ledger();
	uint8_t bytes[TONGBU_RECORD_MAX];

	(void)state;
	add_chain(ledger, first, 0);
	assert_done(append(ledger, first, 0, 3), err);
	commit(ledger);
	assert_int_equal(tb_ledger_append(ledger, first->bytes + first->at[3], 50, &err), -EBADMSG);
	assert_contains(err.text, "no record, after number 2");
	tb_ledger_rollback(ledger);
	memcpy(bytes, first->bytes + first->at[3], chain_size(first, 3));
	bytes[offsetof(struct tongbu_header, version)] = TONGBU_RECORD_VERSION + 1;
	assert_int_equal(tb_ledger_append(ledger, bytes, chain_size(first, 3), &err), -EBADMSG);
	tb_ledger_rollback(ledger);
	expect_tail(ledger, 1, 3, 3);
	tb_ledger_close(ledger);
}

static void rollback(void **state)
{
	struct tb_ledger *ledger = open_ledger();

	(void)state;
	add_chain(ledger, first, 0);
	assert_done(append(ledger, first, 0, 5), err);
	commit(ledger);
	assert_done(append(ledger, first, 5, 10), err);
	tb_ledger_rollback(ledger);
	assert_int_equal(tb_ledger_pending(ledger), 0);
	expect_tail(ledger, 1, 5, 5);
	assert_done(append(ledger, first, 5, 8), err);
	commit(ledger);
	expect_tail(ledger, 1, 8, 8);
	add_chain(ledger, second, 0);
	tb_ledger_rollback(ledger);
	expect_tail(ledger, 1, 8, 8);
	/* Closed without a commit: as if it had not been */
	assert_done(append(ledger, first, 8, 12), err);
	tb_ledger_close(ledger);
	ledger = open_ledger();
	expect_tail(ledger, 1, 8, 8);
	tb_ledger_close(ledger);
}

static void reopen(void **state)
{
	struct tb_ledger *ledger;
	struct tb_receipt last;
	size_t at;

	(void)state;
	for (at = 0; at < 20; at += 4) {
		ledger = open_ledger();
		if (!at)
			add_chain(ledger, first, 0);
		else
			expect_tail(ledger, 1, at, at);
		assert_done(append(ledger, first, at, at + 4), err);
		commit(ledger);
		tb_ledger_close(ledger);
	}
	ledger = open_ledger();
	last = chain_receipt(first, 19);
	assert_memory_equal(&tb_ledger_tail(ledger)->last, &last, sizeof(last));
	tb_ledger_close(ledger);
}

static void two_chains(void **state)
{
	struct tb_ledger *ledger = open_ledger();

	(void)state;
	add_chain(ledger, first, 0);
	assert_done(append(ledger, first, 0, RECORDS), err);
	add_chain(ledger, second, 0);
	assert_done(append(ledger, second, 0, 7), err);
	commit(ledger);
	expect_tail(ledger, 2, RECORDS + 7, 7);
	assert_int_equal(append(ledger, first, 0, 1), -EBADMSG);
	tb_ledger_rollback(ledger);
	/* A chain comes once. */
	assert_true(tb_ledger_add_chain(ledger, first->id, 0, first->bytes, chain_size(first, 0),
					&err) < 0);
	tb_ledger_rollback(ledger);
	tb_ledger_close(ledger);
	ledger = open_ledger();
	expect_tail(ledger, 2, RECORDS + 7, 7);
	assert_memory_equal(tb_ledger_tail(ledger)->last.chain, second->id, TONGBU_CHAIN_LEN);
	tb_ledger_close(ledger);
}

/* A chain the ledger meets late, and one of which nothing has come yet */
static void chain_from_the_middle(void **state)
{
	struct tb_ledger *ledger = open_ledger();

	(void)state;
	add_chain(ledger, first, 20);
	assert_int_equal(append(ledger, first, 0, 1), -EBADMSG);
	tb_ledger_rollback(ledger);
	add_chain(ledger, first, 20);
	assert_done(append(ledger, first, 20, 30), err);
	commit(ledger);
	expect_tail(ledger, 1, 10, 30);
	add_chain(ledger, second, 5);
	commit(ledger);
	tb_ledger_close(ledger);
	ledger = open_ledger();
	expect_tail(ledger, 2, 10, 5);
	assert_false(tb_ledger_tail(ledger)->has_last);
	assert_memory_equal(tb_ledger_tail(ledger)->last.chain, second->id, TONGBU_CHAIN_LEN);
	tb_ledger_close(ledger);
}

static void skip_to(void **state)
{
	struct tb_ledger *ledger = open_ledger();

	(void)state;
	add_chain(ledger, first, 0);
	assert_done(append(ledger, first, 0, 10), err);
	commit(ledger);
	tb_ledger_skip_to(ledger, 15);
	assert_int_equal(append(ledger, first, 10, 11), -EBADMSG);
	tb_ledger_rollback(ledger);
	assert_done(append(ledger, first, 15, 20), err);
	commit(ledger);
	assert_int_equal(tb_ledger_tail(ledger)->next, 20);
	tb_ledger_close(ledger);
	ledger = open_ledger();
	assert_int_equal(tb_ledger_tail(ledger)->next, 20);
	tb_ledger_close(ledger);
}

static void sql(const char *file, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(scratch_path(file), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void foreign_files(void **state)
{
	struct tb_ledger *ledger = NULL;

	(void)state;
	sql("l.db", "CREATE TABLE photo (id INTEGER PRIMARY KEY)");
	assert_int_equal(tb_ledger_open(scratch_path("l.db"), &ledger, &err), -EINVAL);
	assert_contains(err.text, "some other program's database");
	assert_null(ledger);
	/* Nothing was put into it. */
	sql("l.db", "CREATE TABLE chain (x); CREATE TABLE record (x)");

	scratch_write("text", "this is a letter, not a database, and it is long enough\n", 56);
	assert_int_equal(tb_ledger_open(scratch_path("text"), &ledger, &err), -EINVAL);
	assert_contains(err.text, "is not a ledger");

	assert_true(tb_ledger_open(scratch_path("no/such"), &ledger, &err) < 0);
	assert_contains(err.text, "no/such");
}

static void newer_format(void **state)
{
	struct tb_ledger *ledger = open_ledger();

	(void)state;
	tb_ledger_close(ledger);
	sql("l.db", "PRAGMA user_version = 2");
	assert_int_equal(tb_ledger_open(scratch_path("l.db"), &ledger, &err), -EINVAL);
	assert_contains(err.text, "has format 2");
}

static void copy_file(const char *from, const char *to)
{
	char command[1024];

	snprintf(command, sizeof(command), "cp %s %s", strdupa(scratch_path(from)),
		 strdupa(scratch_path(to)));
	assert_int_equal(system(command), 0);
}

/* Issue F 8: a backup that is put back while the log of what came later is still there */
static void f8_restored_beside_a_stale_log(void **state)
{
	struct chain *chain = chain_new(3, &supervisor, NULL);
	struct tb_ledger *ledger;
	const struct tb_ledger_tail *tail;
	size_t at;

	(void)state;
	chain_fill(chain, 3000);
	ledger = open_ledger();
	add_chain(ledger, chain, 0);
	assert_done(append(ledger, chain, 0, 400), err);
	commit(ledger);
	tb_ledger_close(ledger);
	copy_file("l.db", "backup");
	/* Checkpoints come between these, so that the log has the last of them alone. */
	ledger = open_ledger();
	for (at = 400; at < 3000; at += 100) {
		assert_done(append(ledger, chain, at, at + 100), err);
		commit(ledger);
		if (at == 2000)
			sql("l.db", "PRAGMA wal_checkpoint(RESTART)");
	}
	copy_file("l.db-wal", "stale");
	tb_ledger_close(ledger);
	copy_file("backup", "l.db");
	copy_file("stale", "l.db-wal");

	assert_int_equal(tb_ledger_open(scratch_path("l.db"), &ledger, &err), -EBADMSG);
	assert_contains(err.text, "is damaged");
	assert_contains(err.text, "tongbud --repair");
	assert_done(tb_ledger_repair(scratch_path("l.db"), &err), err);
	ledger = open_ledger();
	tail = tb_ledger_tail(ledger);
	assert_int_equal(tail->records, 400);
	assert_int_equal(tail->next, 400);
	assert_done(append(ledger, chain, 400, 500), err);
	commit(ledger);
	tb_ledger_close(ledger);
	/* What is whole is left alone. */
	assert_done(tb_ledger_repair(scratch_path("l.db"), &err), err);
	chain_free(chain);
}

static void last_record_spoilt(void **state)
{
	struct tb_ledger *ledger = open_ledger();

	(void)state;
	add_chain(ledger, first, 0);
	assert_done(append(ledger, first, 0, 3), err);
	commit(ledger);
	tb_ledger_close(ledger);
	sql("l.db", "UPDATE record SET bytes = x'00' WHERE id = (SELECT max(id) FROM record)");
	assert_int_equal(tb_ledger_open(scratch_path("l.db"), &ledger, &err), -EBADMSG);
	assert_contains(err.text, "last record cannot be read");
}

static int make(void **state)
{
	(void)state;
	return pair_make(RECORDS, 20);
}

#define LEDGER_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LEDGER_TEST(empty),
		LEDGER_TEST(one_writer_only),
		LEDGER_TEST(append_in_order),
		LEDGER_TEST(wrong_number),
		LEDGER_TEST(wrong_chain),
		LEDGER_TEST(no_records),
		LEDGER_TEST(rollback),
		LEDGER_TEST(reopen),
		LEDGER_TEST(two_chains),
		LEDGER_TEST(chain_from_the_middle),
		LEDGER_TEST(skip_to),
		LEDGER_TEST(foreign_files),
		LEDGER_TEST(newer_format),
		LEDGER_TEST(last_record_spoilt),
		LEDGER_TEST(f8_restored_beside_a_stale_log),
	};

	return cmocka_run_group_tests_name("ledger", tests, make, pair_free);
}
