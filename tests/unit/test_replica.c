// SPDX-License-Identifier: GPL-2.0-only
/* A replica: from a ledger and from a bundle of it comes the same state, byte for byte. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "archive.h"
#include "chain_maker.h"
#include "fold.h"
#include "house.h"
#include "ledger.h"

static struct tb_key supervisor;
static struct chain *chains[2];
static struct tb_error err;

static void say(struct chain *chain, const char *act)
{
	chain_act(chain, TONGBU_ACT_JSON, act, strlen(act));
}

static int make(void **state)
{
	if (fold_make(state))
		return -1;
	if (tb_key_new(&supervisor, &err))
		return -1;
	chains[0] = chain_new(1, &supervisor, NULL);
	chain_source(chains[0], TONGBU_SOURCE_FIRST, "water");
	say(chains[0], "{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"town\",\"name\":\"Town\"}");
	chain_edge(chains[0], TONGBU_SOURCE_FIRST, 1);
	say(chains[0], "{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"\",\"name\":\"None\"}");
	chains[1] = chain_new(2, &supervisor, chains[0]);
	say(chains[1], "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":1000,\"name\":\"Li\","
		       "\"office\":\"town\",\"roles\":[\"admin\"]}");
	chain_heartbeat(chains[1]);
	return 0;
}

static int unmake(void **state)
{
	chain_free(chains[0]);
	chain_free(chains[1]);
	return fold_remove(state);
}

static void write_ledger(const char *path)
{
	struct tb_ledger *ledger;
	size_t i;

	assert_done(tb_ledger_open(path, &ledger, &err), err);
	for (i = 0; i < ARRAY_SIZE(chains); i++)
		chain_keep(ledger, chains[i], 0, chains[i]->count);
	tb_ledger_close(ledger);
}

static void write_bundle(const char *path)
{
	const struct tb_bundle_chain parts[] = {
		chain_part(chains[0], 0, chains[0]->count - 1),
		chain_part(chains[1], 0, chains[1]->count - 1),
	};
	struct tb_bundle_writer *writer;
	size_t i;

	assert_done(tb_bundle_writer_new(path, "s", 0, parts, 2, &writer, &err), err);
	for (i = 0; i < ARRAY_SIZE(chains); i++)
		assert_done(tb_bundle_writer_add(writer, chains[i]->bytes, chains[i]->len, &err),
			    err);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
}

static int fold(const char *copy, const char *state)
{
	const struct tb_replica_options options = {
		.copy = copy,
		.state = state,
		.packs_dir = fold_path("packs"),
	};
	struct tb_house house = { 0 };
	int ret = tb_house_replica(&house, &options, &err);

	tb_house_stop(&house);
	return ret;
}

static int add_row(void *out, int count, char **values, char **names)
{
	int i;

	(void)names;
	for (i = 0; i < count; i++)
		fprintf(out, "%s|", values[i] ? values[i] : "");
	fputc('\n', out);
	return 0;
}

/* Each table in order, each row in order */
static char *dump(const char *path)
{
	char *text, *table, **tables;
	sqlite3 *db;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int i, rows;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_get_table(db,
					   "SELECT name FROM sqlite_master WHERE type = 'table'"
					   " ORDER BY name",
					   &tables, &rows, NULL, NULL),
			 SQLITE_OK);
	for (i = 1; i <= rows; i++) {
		fprintf(out, "%s\n", tables[i]);
		table = sqlite3_mprintf("SELECT * FROM \"%w\" ORDER BY 1, 2", tables[i]);
		assert_int_equal(sqlite3_exec(db, table, add_row, out, NULL), SQLITE_OK);
		sqlite3_free(table);
	}
	sqlite3_free_table(tables);
	sqlite3_close(db);
	fclose(out);
	return text;
}

static void G12_ledger_and_bundle_give_one_state(void **state)
{
	char *from_ledger, *from_bundle;

	(void)state;
	write_ledger(fold_path("l.db"));
	write_bundle(fold_path("b.tongbu"));
	assert_done(fold(fold_path("l.db"), fold_path("one.db")), err);
	assert_done(fold(fold_path("b.tongbu"), fold_path("two.db")), err);
	from_ledger = dump(fold_path("one.db"));
	from_bundle = dump(fold_path("two.db"));
	assert_string_equal(from_ledger, from_bundle);
	assert_contains(from_ledger, "town|Town|");
	assert_contains(from_ledger, "1000|Li|town|");
	assert_contains(from_ledger, "engine.refused");
	free(from_ledger);
	free(from_bundle);
}

/* A chain that was archived is folded from its bundle; without that, from nowhere. */
static void G12_an_archived_chain_is_folded_too(void **state)
{
	struct tb_ledger *ledger;
	struct tb_moving *moving;
	struct tb_moved moved;
	char *whole, *apart, folder[256], bundle[384];

	(void)state;
	snprintf(folder, sizeof(folder), "%s", fold_path("archive"));
	write_ledger(fold_path("l.db"));
	assert_done(fold(fold_path("l.db"), fold_path("one.db")), err);
	assert_done(tb_ledger_open(fold_path("l.db"), &ledger, &err), err);
	assert_done(tb_moving_out(ledger, "s", folder, UINT64_MAX, false, &moving, &err), err);
	do {
		assert_done(tb_moving_step(moving, &moved, &err), err);
		if (!strcmp(moved.step, "moved"))
			snprintf(bundle, sizeof(bundle), "%s/%s", folder, moved.file);
	} while (strcmp(moved.step, "end") != 0);
	tb_moving_free(moving);
	tb_ledger_close(ledger);
	assert_done(fold(fold_path("l.db"), fold_path("two.db")), err);
	whole = dump(fold_path("one.db"));
	apart = dump(fold_path("two.db"));
	assert_string_equal(whole, apart);
	assert_contains(apart, "town|Town|");
	free(whole);
	free(apart);
	unlink(bundle);
	rmdir(folder);
	assert_int_equal(fold(fold_path("l.db"), fold_path("two.db")), -ENOENT);
	assert_contains(err.text, strrchr(bundle, '/') + 1);
}

static void what_is_no_copy(void **state)
{
	FILE *file = fopen(fold_path("none"), "w");

	(void)state;
	fputs("nothing\n", file);
	fclose(file);
	assert_int_not_equal(fold(fold_path("none"), fold_path("one.db")), 0);
	assert_int_not_equal(fold(fold_path("missing"), fold_path("one.db")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(G12_ledger_and_bundle_give_one_state, make, unmake),
		cmocka_unit_test_setup_teardown(G12_an_archived_chain_is_folded_too, make, unmake),
		cmocka_unit_test_setup_teardown(what_is_no_copy, make, unmake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
