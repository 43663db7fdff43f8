// SPDX-License-Identifier: GPL-2.0-only
/* Chains moved out of the ledger into bundles, and back: nothing is lost, whenever it ends. */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "archive.h"
#include "chain_maker.h"
#include "ledger_salvage.h"
#include "ledger_tree.h"
#include "verify.h"

/* More than one piece of work */
#define MANY  3500U
#define FEW   30U
#define STEPS 200

static struct tb_key supervisor;
static struct chain *chains[3];
static struct tb_ledger *ledger;
static struct tb_error err;

static void open_ledger(void)
{
	assert_done(tb_ledger_open(scratch_path("l.db"), &ledger, &err), err);
}

static int make(void **state)
{
	size_t i;

	if (scratch_make(state) || tb_key_new(&supervisor, &err))
		return -1;
	chains[0] = chain_new(1, &supervisor, NULL);
	chain_fill(chains[0], MANY);
	chains[1] = chain_new(2, &supervisor, chains[0]);
	chain_fill(chains[1], FEW);
	chains[2] = chain_new(3, &supervisor, chains[1]);
	chain_fill(chains[2], FEW);
	open_ledger();
	for (i = 0; i < ARRAY_SIZE(chains); i++)
		chain_keep(ledger, chains[i], 0, chains[i]->count);
	return 0;
}

static int unmake(void **state)
{
	const char *folder = scratch_path("archive");
	struct dirent *entry;
	DIR *dir = opendir(folder);
	size_t i;

	tb_ledger_close(ledger);
	ledger = NULL;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(folder);
	for (i = 0; i < ARRAY_SIZE(chains); i++)
		chain_free(chains[i]);
	return scratch_remove(state);
}

static struct tb_moving *out(uint64_t before, bool dry)
{
	struct tb_moving *moving;

	assert_done(tb_moving_out(ledger, "unit", scratch_path("archive"), before, dry, &moving,
				  &err),
		    err);
	return moving;
}

/* So many steps, or to the end. Return: how many chains it came through; or an error. */
static int go(struct tb_moving *moving, unsigned int steps)
{
	struct tb_moved moved;
	int ret, through = 0;

	for (; steps; steps--) {
		ret = tb_moving_step(moving, &moved, &err);
		if (ret) {
			through = ret;
			break;
		}
		through += !strcmp(moved.step, "moved") || !strcmp(moved.step, "would");
		if (!strcmp(moved.step, "end") || !strcmp(moved.step, "restored"))
			break;
	}
	tb_moving_free(moving);
	return through;
}

static int back(const struct chain *chain, unsigned int steps)
{
	struct tb_moving *moving;
	int ret = tb_moving_back(ledger, scratch_path("archive"), chain->id, &moving, &err);

	return ret ?: go(moving, steps);
}

/* All records there are from a position on, in @buf, which has room for them */
static int read_from(uint64_t after, bool archived, uint8_t *buf, size_t *len)
{
	struct tb_query query = TB_QUERY_ALL;
	struct tb_reading *reading;
	struct tb_cursor *cursor;
	bool end = false;
	size_t got;
	int ret;

	query.after = after;
	query.archived = archived;
	*len = 0;
	assert_done(tb_reading_open(scratch_path("l.db"), &reading, &err), err);
	assert_done(tb_cursor_open(reading, &query, &cursor, &err), err);
	do {
		ret = tb_cursor_next(cursor, buf + *len, 65536, &got, &end, &err);
		*len += ret ? 0 : got;
	} while (!ret && !end);
	tb_cursor_close(cursor);
	tb_reading_close(reading);
	return ret;
}

/* What was sealed, and nothing else, once, in order */
static void expect_all(void)
{
	size_t i, len, at = 0, room = 0;
	uint8_t *buf;

	for (i = 0; i < ARRAY_SIZE(chains); i++)
		room += chains[i]->len;
	buf = malloc(room + 65536);
	assert_done(read_from(0, true, buf, &len), err);
	assert_int_equal(len, room);
	for (i = 0; i < ARRAY_SIZE(chains); i++, at += chains[i - 1]->len)
		assert_memory_equal(buf + at, chains[i]->bytes, chains[i]->len);
	free(buf);
}

static int64_t count(const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(tb_ledger_db(ledger), sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static void verify_bundle(const struct chain *chain, int no)
{
	struct tb_receipt receipts[] = { chain_receipt(chain, 1),
					 chain_receipt(chain, chain->count - 1) };
	struct tb_verify_options options = { .key = &supervisor,
					     .receipts = receipts,
					     .receipt_count = 2 };
	struct tb_verify_result result;
	struct tb_bundle *bundle;
	char name[128], *end = name + sprintf(name, "archive/%06d-", no);
	size_t i;

	for (i = 0; i < TONGBU_CHAIN_LEN; i++)
		end += sprintf(end, "%02x", chain->id[i]);
	strcpy(end, ".bundle");
	assert_done(tb_bundle_open(scratch_path(name), &bundle, &err), err);
	assert_done(tb_verify(bundle, &options, &result, &err), err);
	assert_int_equal(result.verdict, TB_VERIFIED);
	assert_int_equal(result.records, chain->count);
	tb_verify_clear(&result);
	tb_bundle_close(bundle);
}

static void moved_and_read_as_before(void **state)
{
	struct tb_ledger_chain *list;
	struct tb_reading *reading;
	int64_t pages = count("PRAGMA page_count");
	size_t n, len;
	uint8_t *buf;

	(void)state;
	assert_int_equal(go(out(UINT64_MAX, true), STEPS), 2);
	assert_int_equal(count("SELECT count(*) FROM archived"), 0);
	assert_int_equal(access(scratch_path("archive"), F_OK), -1);
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	verify_bundle(chains[0], 1);
	verify_bundle(chains[1], 2);
	expect_all();
	/* Names of three sources, and the last record, of each; the last chain */
	assert_int_equal(count("SELECT count(*) FROM record"), 2 * 4 + FEW);
	assert_int_equal(count("SELECT count(*) FROM chain WHERE length(genesis) > 0"), 3);
	/* What is left of them are the hashes of the log. */
	assert_true(count("PRAGMA page_count") < pages * 2 / 3);
	assert_int_equal(count("PRAGMA freelist_count"), 0);

	/* Who does not ask for them has what is in the ledger. */
	buf = malloc(chains[0]->len);
	assert_done(read_from(0, false, buf, &len), err);
	assert_int_equal(len, chains[2]->len);
	assert_memory_equal(buf, chains[2]->bytes, len);
	free(buf);

	assert_done(tb_reading_open(scratch_path("l.db"), &reading, &err), err);
	assert_done(tb_reading_chains(reading, &list, &n, &err), err);
	assert_int_equal(n, 3);
	assert_contains(list[0].archived, "000001-");
	assert_int_equal(list[0].last, MANY - 1);
	assert_string_equal(list[2].archived, "");
	free(list);
	tb_reading_close(reading);
	/* As many records, and it goes on where it was. */
	tb_ledger_close(ledger);
	open_ledger();
	assert_int_equal(tb_ledger_tail(ledger)->records, MANY + 2 * FEW);
	assert_int_equal(tb_ledger_tail(ledger)->next, FEW);
	/* There is no more to move. */
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 0);
}

static void expect_log(const uint8_t root[TB_HASH_LEN])
{
	struct tb_record rec = chain_record(chains[0], 1711);
	uint8_t now[TB_HASH_LEN], leaf[TB_HASH_LEN];
	struct tb_proof proof = { 0 };
	uint64_t entry, size;

	tb_tree_root(tb_ledger_tree(ledger), now);
	assert_memory_equal(root, now, TB_HASH_LEN);
	size = tb_tree_size(tb_ledger_tree(ledger));
	assert_int_equal(size, MANY + 2 * FEW);
	assert_done(tb_tree_find(tb_ledger_tree(ledger), 1LL << TB_LEDGER_SEQ_BITS | 1711, &entry,
				 &err),
		    err);
	assert_done(tb_tree_inclusion(tb_ledger_tree(ledger), entry, size, &proof, &err), err);
	tb_merkle_leaf(rec.bytes, rec.size, leaf);
	assert_true(tb_merkle_included(leaf, entry, size, &proof, root));
}

/* The log over the records has them as before. */
static void proofs_hold(void **state)
{
	uint8_t root[TB_HASH_LEN];

	(void)state;
	tb_tree_root(tb_ledger_tree(ledger), root);
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	tb_ledger_close(ledger);
	open_ledger();
	expect_log(root);
}

/*
 * tongbud --repair makes a ledger of what can be read: bundles are of it as before, and so
 * is the log, also when their records are back, and with them the log of records of which
 * it has the hash alone.
 */
static void kept_by_a_repair(void **state)
{
	uint8_t root[TB_HASH_LEN];

	(void)state;
	tb_tree_root(tb_ledger_tree(ledger), root);
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	assert_int_equal(sqlite3_exec(tb_ledger_db(ledger),
				      "DELETE FROM record WHERE id = (3 << 40) + 2", NULL, NULL,
				      NULL),
			 SQLITE_OK);
	tb_ledger_close(ledger);
	assert_done(tb_ledger_salvage(scratch_path("l.db"), &err), err);
	open_ledger();
	assert_int_equal(count("SELECT count(*) FROM archived WHERE done"), 2);
	expect_log(root);
	assert_done(back(chains[1], STEPS), err);
	assert_done(back(chains[0], STEPS), err);
	expect_log(root);
	assert_int_equal(count("SELECT count(*) FROM record"), MANY + 2 * FEW - 1);
}

/* Repaired, all of it can be read as before. */
static void read_after_a_repair(void **state)
{
	(void)state;
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	tb_ledger_close(ledger);
	assert_done(tb_ledger_salvage(scratch_path("l.db"), &err), err);
	open_ledger();
	expect_all();
	assert_done(back(chains[1], STEPS), err);
	expect_all();
}

/* In order: what is behind one that did not end before waits, whenever it ended itself. */
static void only_what_ended_before(void **state)
{
	struct tb_record one = chain_record(chains[0], MANY - 1);
	struct tb_record two = chain_record(chains[1], FEW - 1);

	(void)state;
	assert_true(two.realtime < one.realtime);
	assert_int_equal(go(out(one.realtime, false), STEPS), 0);
	assert_int_equal(count("SELECT count(*) FROM archived"), 0);
	assert_int_equal(go(out(one.realtime + 1, false), STEPS), 2);
	expect_all();
}

static void put_back_from_the_last_on(void **state)
{
	(void)state;
	assert_int_equal(back(chains[0], STEPS), -ENOENT);
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	assert_int_equal(back(chains[0], STEPS), -EINVAL);
	assert_contains(err.text, "from the last one on");
	assert_done(back(chains[1], STEPS), err);
	assert_int_equal(count("SELECT count(*) FROM archived"), 1);
	expect_all();
	assert_done(back(chains[0], STEPS), err);
	expect_all();
	assert_int_equal(count("SELECT count(*) FROM record"), MANY + 2 * FEW);
	assert_int_equal(count("SELECT count(*) FROM archived"), 0);
}

/* Begun by a process that ends after so many steps, without a word to SQLite */
static void break_off(bool home, unsigned int steps)
{
	int status;
	pid_t pid;

	tb_ledger_close(ledger);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		open_ledger();
		if (home)
			_exit(back(chains[0], steps) ? 1 : 0);
		go(out(UINT64_MAX, false), steps);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	open_ledger();
}

static void broken_off_after_each_step(void **state)
{
	unsigned int steps;

	(void)state;
	/* Until so many are enough */
	for (steps = 1; count("SELECT count(*) FROM archived WHERE done") < 2; steps++) {
		break_off(false, steps);
		expect_all();
		assert_true(steps < STEPS);
	}
	assert_true(steps > 5);
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 0);
	assert_int_equal(count("SELECT count(*) FROM record"), 2 * 4 + FEW);
	assert_done(back(chains[1], STEPS), err);
	for (steps = 1; count("SELECT count(*) FROM archived"); steps++) {
		break_off(true, steps);
		expect_all();
		assert_true(steps < STEPS);
	}
	assert_int_equal(count("SELECT count(*) FROM record"), MANY + 2 * FEW);
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	expect_all();
}

static void there_and_back(void)
{
	open_ledger();
	for (;;) {
		go(out(UINT64_MAX, false), STEPS);
		if (back(chains[1], STEPS) || back(chains[0], STEPS))
			_exit(1);
	}
}

/* At any moment, not between steps alone */
static void killed_at_any_moment(void **state)
{
	struct timespec while_it_does = { 0 };
	unsigned int round;
	int status;
	pid_t pid;

	(void)state;
	srandom(4711);
	for (round = 0; round < 15; round++) {
		tb_ledger_close(ledger);
		pid = fork();
		assert_true(pid >= 0);
		if (!pid)
			there_and_back();
		while_it_does.tv_nsec = random() % 200 * 1000000L;
		nanosleep(&while_it_does, NULL);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		open_ledger();
		expect_all();
	}
	assert_true(go(out(UINT64_MAX, false), STEPS) >= 0);
	expect_all();
	verify_bundle(chains[0], 1);
	assert_int_equal(count("SELECT count(*) FROM record"), 2 * 4 + FEW);
}

static const char *bundle_file(int no)
{
	static char name[2 * TB_ARCHIVED_SIZE];
	char sql[64];
	sqlite3_stmt *stmt;

	sprintf(sql, "SELECT file FROM archived WHERE no = %d", no);
	assert_int_equal(sqlite3_prepare_v2(tb_ledger_db(ledger), sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	snprintf(name, sizeof(name), "archive/%s", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return name;
}

static void a_bundle_that_is_missing(void **state)
{
	uint8_t *buf = malloc(chains[0]->len + 2 * 65536);
	size_t len;

	(void)state;
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	rename(scratch_path(bundle_file(2)), scratch_path("aside"));
	assert_int_equal(read_from(0, true, buf, &len), -ENOENT);
	assert_contains(err.text, bundle_file(2) + strlen("archive/"));
	assert_contains(err.text, "put it back there");
	/* What comes before it was told, what comes behind it is. */
	assert_int_equal(len, chains[0]->len);
	assert_done(read_from(3ULL << TB_LEDGER_SEQ_BITS, true, buf, &len), err);
	assert_int_equal(len, chains[2]->len);
	assert_int_equal(back(chains[1], STEPS), -ENOENT);
	assert_contains(err.text, "put it back there");
	rename(scratch_path("aside"), scratch_path(bundle_file(2)));
	expect_all();
	free(buf);
}

static void a_bundle_that_was_changed(void **state)
{
	uint8_t *buf = malloc(chains[0]->len + 2 * 65536);
	size_t len;
	FILE *file;

	(void)state;
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	file = fopen(scratch_path(bundle_file(2)), "r+");
	fseek(file, -1, SEEK_END);
	fputc(0x55, file);
	fclose(file);
	assert_int_equal(back(chains[1], STEPS), -EBADMSG);
	assert_contains(err.text, "is not as it was written");
	assert_int_equal(count("SELECT count(*) FROM archived"), 2);
	file = fopen(scratch_path(bundle_file(2)), "a");
	fputc(0, file);
	fclose(file);
	assert_int_equal(read_from(2ULL << TB_LEDGER_SEQ_BITS, true, buf, &len), -EBADMSG);
	assert_contains(err.text, "it has not the bytes it had");
	free(buf);
}

/* Nothing is removed for a bundle that cannot be written. */
static void no_room_for_a_bundle(void **state)
{
	(void)state;
	scratch_write("archive", "x", 1);
	assert_true(go(out(UINT64_MAX, false), STEPS) < 0);
	unlink(scratch_path("archive"));
	expect_all();
	assert_int_equal(count("SELECT count(*) FROM archived"), 0);
}

/* A ledger with holes: single records between them can be in no bundle, and stay. */
static void holes(void **state)
{
	size_t before, after;
	uint8_t *was = malloc(chains[0]->len + 3 * 65536), *is = malloc(chains[0]->len + 3 * 65536);

	(void)state;
	assert_int_equal(sqlite3_exec(tb_ledger_db(ledger),
				      "DELETE FROM record WHERE id >> 40 = 1 AND id & 0xffffff IN"
				      " (0, 1, 20, 21, 40, 42, 44, 3000)",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_done(read_from(0, true, was, &before), err);
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	assert_done(read_from(0, true, is, &after), err);
	assert_int_equal(before, after);
	assert_memory_equal(was, is, before);
	assert_int_equal(back(chains[1], STEPS), 0);
	assert_int_equal(back(chains[0], STEPS), 0);
	assert_done(read_from(0, false, is, &after), err);
	assert_int_equal(before, after);
	assert_memory_equal(was, is, before);
	free(was);
	free(is);
}

/* From a number within an archived chain on, as who was interrupted asks */
static void begun_in_the_middle(void **state)
{
	uint8_t *buf = malloc(chains[0]->len + 3 * 65536);
	size_t len, from;

	(void)state;
	assert_int_equal(go(out(UINT64_MAX, false), STEPS), 2);
	for (from = 0; from < MANY; from += 777) {
		assert_done(read_from(1ULL << TB_LEDGER_SEQ_BITS | from, true, buf, &len), err);
		assert_int_equal(len, chains[0]->len - chains[0]->at[from] + chains[1]->len +
					      chains[2]->len);
		assert_memory_equal(buf, chains[0]->bytes + chains[0]->at[from],
				    chains[0]->len - chains[0]->at[from]);
	}
	free(buf);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(moved_and_read_as_before),	  TEST(proofs_hold),
		TEST(kept_by_a_repair),		  TEST(read_after_a_repair),
		TEST(only_what_ended_before),	  TEST(put_back_from_the_last_on),
		TEST(broken_off_after_each_step), TEST(killed_at_any_moment),
		TEST(a_bundle_that_is_missing),	  TEST(a_bundle_that_was_changed),
		TEST(no_room_for_a_bundle),	  TEST(holes),
		TEST(begun_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
