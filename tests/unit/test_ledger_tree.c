// SPDX-License-Identifier: GPL-2.0-only
/* The log of a ledger: what is in it, what stays in it, and what it can prove. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "ledger_tree.h"
#include "pair.h"

/* More than two subtrees that are kept */
#define RECORDS 600U

static struct tb_error err;

/* Two chains, of the second a hole in the middle: entries count on over it. */
static struct tb_ledger *filled(void)
{
	struct tb_ledger *ledger = open_ledger();

	chain_keep(ledger, first, 0, 100);
	chain_keep(ledger, first, 100, RECORDS);
	chain_keep(ledger, second, 0, 10);
	tb_ledger_skip_to(ledger, 20);
	chain_keep(ledger, second, 20, 30);
	return ledger;
}

static void expected_root(uint8_t root[TB_HASH_LEN])
{
	struct tb_frontier tree = { 0 };
	uint8_t leaf[TB_HASH_LEN];
	size_t i;

	for (i = 0; i < RECORDS; i++) {
		tb_merkle_leaf(first->bytes + first->at[i], chain_size(first, i), leaf);
		tb_frontier_add(&tree, leaf, NULL, NULL);
	}
	for (i = 0; i < 30; i += i == 9 ? 11 : 1) {
		tb_merkle_leaf(second->bytes + second->at[i], chain_size(second, i), leaf);
		tb_frontier_add(&tree, leaf, NULL, NULL);
	}
	tb_frontier_root(&tree, root);
}

static void expect_log(struct tb_ledger *ledger)
{
	uint8_t root[TB_HASH_LEN], expected[TB_HASH_LEN];
	struct tb_tree *tree = tb_ledger_tree(ledger);

	assert_int_equal(tb_tree_size(tree), RECORDS + 20);
	expected_root(expected);
	tb_tree_root(tree, root);
	assert_memory_equal(root, expected, TB_HASH_LEN);
	assert_done(tb_tree_root_at(tree, RECORDS + 20, root, &err), err);
	assert_memory_equal(root, expected, TB_HASH_LEN);
}

static void sql(const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(scratch_path("l.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void is_over_all_records(void **state)
{
	struct tb_ledger *ledger = filled();

	(void)state;
	expect_log(ledger);
	tb_ledger_close(ledger);
	ledger = open_ledger();
	expect_log(ledger);
	tb_ledger_close(ledger);
}

static void keeps_what_is_durable(void **state)
{
	struct tb_ledger *ledger = filled();

	(void)state;
	assert_done(tb_ledger_append(ledger, second->bytes + second->at[30],
				     second->at[40] - second->at[30], &err),
		    err);
	expect_log(ledger);
	tb_ledger_rollback(ledger);
	expect_log(ledger);
	chain_keep(ledger, second, 30, 31);
	assert_int_equal(tb_tree_size(tb_ledger_tree(ledger)), RECORDS + 21);
	tb_ledger_close(ledger);
}

static void is_made_of_an_older_ledger(void **state)
{
	struct tb_ledger *ledger = filled();

	(void)state;
	tb_ledger_close(ledger);
	sql("DROP TABLE log_hash; DROP TABLE log_run;");
	ledger = open_ledger();
	expect_log(ledger);
	tb_ledger_close(ledger);
	/* An older tongbud ran for a while, and knew of no log. */
	sql("DELETE FROM log_hash WHERE id & 0xffffffffffffff >= 500 OR id >> 56 > 0 AND"
	    " (id & 0xffffffffffffff) > 0; DELETE FROM log_run WHERE entry >= 500;");
	ledger = open_ledger();
	expect_log(ledger);
	tb_ledger_close(ledger);
}

static void try_prove(struct tb_tree *tree, int64_t row, const struct chain *chain, size_t seq)
{
	uint8_t leaf[TB_HASH_LEN], root[TB_HASH_LEN];
	uint64_t entry, size = tb_tree_size(tree);
	struct tb_proof proof;

	tb_tree_root(tree, root);
	assert_done(tb_tree_find(tree, row, &entry, &err), err);
	assert_done(tb_tree_inclusion(tree, entry, size, &proof, &err), err);
	tb_merkle_leaf(chain->bytes + chain->at[seq], chain_size(chain, seq), leaf);
	assert_true(tb_merkle_included(leaf, entry, size, &proof, root));
}

static void try_all(struct tb_tree *tree)
{
	const int64_t one = 1LL << TB_LEDGER_SEQ_BITS;
	uint64_t entry;
	int64_t i;

	for (i = 0; i < RECORDS; i++)
		try_prove(tree, one + i, first, (size_t)i);
	for (i = 0; i < 30; i += i == 9 ? 11 : 1)
		try_prove(tree, 2 * one + i, second, (size_t)i);
	assert_int_equal(tb_tree_find(tree, 2 * one + 10, &entry, &err), -ENOENT);
	assert_int_equal(tb_tree_find(tree, 2 * one + 30, &entry, &err), -ENOENT);
	assert_int_equal(tb_tree_find(tree, one + RECORDS, &entry, &err), -ENOENT);
	assert_int_equal(tb_tree_find(tree, 3 * one, &entry, &err), -ENOENT);
	assert_int_equal(tb_tree_find(tree, 7, &entry, &err), -ENOENT);
}

static void proves_each_record(void **state)
{
	struct tb_ledger *ledger = filled();

	(void)state;
	try_all(tb_ledger_tree(ledger));
	tb_ledger_close(ledger);
	/* Records may be moved away: their hashes stay. */
	sql("DELETE FROM record WHERE id >> 40 = 1 AND id & 0xffffffffff < 590;");
	ledger = open_ledger();
	expect_log(ledger);
	try_all(tb_ledger_tree(ledger));
	tb_ledger_close(ledger);
}

static void proves_growth(void **state)
{
	static const uint64_t sizes[] = { 1, 2, 255, 256, 257, 511, 512, 600, 619, 620 };
	struct tb_ledger *ledger = filled();
	struct tb_tree *tree = tb_ledger_tree(ledger);
	uint8_t was[TB_HASH_LEN], is[TB_HASH_LEN];
	struct tb_proof proof;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		for (j = i; j < ARRAY_SIZE(sizes); j++) {
			assert_done(tb_tree_root_at(tree, sizes[i], was, &err), err);
			assert_done(tb_tree_root_at(tree, sizes[j], is, &err), err);
			assert_done(tb_tree_consistency(tree, sizes[i], sizes[j], &proof, &err),
				    err);
			assert_true(tb_merkle_consistent(sizes[i], was, sizes[j], is, &proof));
		}
	assert_int_equal(tb_tree_consistency(tree, 1, 621, &proof, &err), -ERANGE);
	assert_int_equal(tb_tree_consistency(tree, 621, 620, &proof, &err), -ERANGE);
	assert_int_equal(tb_tree_inclusion(tree, 620, 620, &proof, &err), -ERANGE);
	tb_ledger_close(ledger);
}

static void missing_hashes_are_said(void **state)
{
	struct tb_ledger *ledger = filled();

	(void)state;
	tb_ledger_close(ledger);
	sql("DELETE FROM log_hash WHERE id = 617;");
	assert_int_equal(tb_ledger_open(scratch_path("l.db"), &ledger, &err), -EBADMSG);
	assert_contains(err.text, "restore it from a backup");
}

static int setup(void **state)
{
	return scratch_make(state) ?: pair_make(RECORDS, 50);
}

static int teardown(void **state)
{
	pair_free(state);
	return scratch_remove(state);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_over_all_records, setup, teardown),
		cmocka_unit_test_setup_teardown(keeps_what_is_durable, setup, teardown),
		cmocka_unit_test_setup_teardown(is_made_of_an_older_ledger, setup, teardown),
		cmocka_unit_test_setup_teardown(proves_each_record, setup, teardown),
		cmocka_unit_test_setup_teardown(proves_growth, setup, teardown),
		cmocka_unit_test_setup_teardown(missing_hashes_are_said, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
