// SPDX-License-Identifier: GPL-2.0-only
/* A ledger whose own file is damaged: what can still be read is kept, and so is the file. */
#include "unit.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "ledger_check.h"
#include "pair.h"

#define RECORDS 2000U
#define SECOND	300U
#define PAGE	4096L

static struct tb_error err;

/* Both chains, and all in the file itself */
static void make_ledger(void)
{
	struct tb_ledger *ledger = open_ledger();

	chain_keep(ledger, first, 0, RECORDS);
	chain_keep(ledger, second, 0, SECOND);
	tb_ledger_close(ledger);
}

static void shell(const char *fmt, const char *a, const char *b)
{
	char command[1024];

	snprintf(command, sizeof(command), fmt, strdupa(scratch_path(a)), strdupa(scratch_path(b)));
	assert_int_equal(system(command), 0);
}

static long pages(void)
{
	FILE *file = fopen(scratch_path("l.db"), "r");
	long size;

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	fclose(file);
	return size / PAGE;
}

/* Pages from @from on are overwritten */
static void overwrite(long from, long count)
{
	FILE *file = fopen(scratch_path("l.db"), "r+");
	long i;

	assert_non_null(file);
	fseek(file, from * PAGE, SEEK_SET);
	for (i = 0; i < count * PAGE; i++)
		fputc(0xa5, file);
	fclose(file);
	shell("cp %s %s", "l.db", "as-it-was");
}

static int64_t ask(const char *statement)
{
	sqlite3_stmt *stmt;
	int64_t value = -1;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(scratch_path("l.db"), &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, statement, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

/* The one file set aside is the damaged one, byte for byte; gone when this returns */
static void expect_aside(void)
{
	glob_t found;

	assert_int_equal(glob(scratch_path("l.db.damaged-*[0-9]"), 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 1);
	shell("cmp -s %s.damaged-*[0-9] %s", "l.db", "as-it-was");
	unlink(found.gl_pathv[0]);
	globfree(&found);
}

static int64_t count(int no)
{
	char statement[100];

	snprintf(statement, sizeof(statement), "SELECT count(*) FROM record WHERE id >> 40 = %d",
		 no);
	return ask(statement);
}

static void repaired(void)
{
	assert_done(tb_ledger_repair(scratch_path("l.db"), &err), err);
	assert_int_equal(ask("SELECT 1 FROM pragma_quick_check WHERE quick_check = 'ok'"), 1);
	expect_aside();
}

/* Each page but those that tell where all is, in turn */
static void any_page(void **state)
{
	long page, last, root = 0;
	int64_t kept, least = RECORDS;
	struct tb_ledger *ledger;
	int lost = 0;

	(void)state;
	make_ledger();
	last = pages();
	root = (long)ask("SELECT rootpage FROM sqlite_schema WHERE name = 'record'");
	shell("cp %s %s", "l.db", "whole");
	for (page = 1; page<last; page += page> 40 ? 7 : 1) {
		if (page == root - 1)
			continue;
		shell("cp %s %s", "whole", "l.db");
		overwrite(page, 1);
		repaired();
		kept = count(1) + count(2);
		lost += kept < RECORDS + SECOND;
		least = kept < least ? kept : least;
		/* The next record is that which was next, unless it was the end that went. */
		ledger = open_ledger();
		assert_true(tb_ledger_tail(ledger)->has_last);
		tb_ledger_close(ledger);
	}
	assert_true(lost > 10);
	/* A page has some forty of them, and one of those above it some hundred pages. */
	assert_true(least > 0);
}

static void in_the_middle(void **state)
{
	struct tb_ledger *ledger;
	int64_t kept;

	(void)state;
	make_ledger();
	overwrite(pages() / 2, 2);
	repaired();
	kept = count(1);
	assert_true(kept > RECORDS * 3 / 4 && kept < RECORDS);
	assert_int_equal(count(2), SECOND);
	assert_int_equal(ask("SELECT max(id) & 0xffffffffff FROM record WHERE id >> 40 = 1"),
			 RECORDS - 1);
	assert_int_equal(ask("SELECT min(id) & 0xffffffffff FROM record"), 0);
	ledger = open_ledger();
	assert_int_equal(tb_ledger_tail(ledger)->next, SECOND);
	chain_keep(ledger, second, SECOND, SECOND + 10);
	tb_ledger_close(ledger);
	/* What is whole is left alone. */
	assert_done(tb_ledger_repair(scratch_path("l.db"), &err), err);
	assert_int_equal(count(2), SECOND + 10);
}

/* What was written last stands in the log alone. */
static void with_its_log(void **state)
{
	struct tb_ledger *ledger;

	(void)state;
	make_ledger();
	ledger = open_ledger();
	chain_keep(ledger, second, SECOND, SECOND + 20);
	shell("cp %s-wal %s", "l.db", "log");
	shell("cp %s %s", "l.db", "main");
	tb_ledger_close(ledger);
	shell("cp %s %s", "main", "l.db");
	shell("cp %s %s-wal", "log", "l.db");
	overwrite(pages() / 2, 2);
	repaired();
	assert_int_equal(count(2), SECOND + 20);
	assert_true(count(1) < RECORDS);
}

static void last_record(void **state)
{
	(void)state;
	make_ledger();
	ask("UPDATE record SET bytes = x'00' WHERE id = (SELECT max(id) FROM record)");
	shell("cp %s %s", "l.db", "as-it-was");
	repaired();
	assert_int_equal(count(1), RECORDS);
	assert_int_equal(count(2), SECOND - 1);
}

/* Then all stays where it is. */
static void nothing_readable(void **state)
{
	(void)state;
	make_ledger();
	overwrite(1, pages() - 1);
	assert_true(tb_ledger_repair(scratch_path("l.db"), &err) < 0);
	assert_contains(err.text, "restore it from a backup");
	shell("cmp -s %s %s", "l.db", "as-it-was");
	assert_int_equal(access(scratch_path("l.db.repaired"), F_OK), -1);
}

static int make(void **state)
{
	(void)state;
	return pair_make(RECORDS, SECOND + 30);
}

#define SALVAGE_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SALVAGE_TEST(in_the_middle),	SALVAGE_TEST(any_page),
		SALVAGE_TEST(with_its_log),	SALVAGE_TEST(last_record),
		SALVAGE_TEST(nothing_readable),
	};

	return cmocka_run_group_tests_name("ledger salvage", tests, make, pair_free);
}
