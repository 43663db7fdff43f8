// SPDX-License-Identifier: GPL-2.0-only
/* The station signs what is durable, and never that it took something back. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "chain_maker.h"
#include "checkpoint.h"
#include "ledger_tree.h"

static struct tb_key supervisor;
static struct chain *chain;
static struct tb_config *config;
static struct tb_ledger *ledger;
static struct tb_signer *signer;
static sd_event *event;
static struct tb_error err;

static void start(void)
{
	assert_done(tb_ledger_open(config->ledger, &ledger, &err), err);
	assert_done(tb_signer_new(event, config, ledger, &signer, &err), err);
}

static void stop(void)
{
	tb_signer_free(signer);
	tb_ledger_close(ledger);
}

static void append(size_t from, size_t end)
{
	assert_done(tb_ledger_append(ledger, chain->bytes + chain->at[from],
				     chain->at[end] - chain->at[from], &err),
		    err);
	assert_done(tb_ledger_commit(ledger, &err), err);
	tb_signer_due(signer);
}

static void start_with(size_t records)
{
	start();
	assert_done(tb_ledger_add_chain(ledger, chain->id, 0, chain->bytes, chain_size(chain, 0),
					&err),
		    err);
	append(0, records);
}

static void sql(const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(config->ledger, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void signs_by_itself(void **state)
{
	uint64_t time;

	(void)state;
	start_with(10);
	while (!tb_signer_last(signer) || tb_signer_last(signer)->size < 10)
		assert_true(sd_event_run(event, 10000000) >= 0);
	assert_int_equal(tb_checkpoint_signed(tb_signer_last(signer), tb_signer_key(signer), &time,
					      &err),
			 1);
	stop();
}

static void the_key_is_made_once(void **state)
{
	struct tb_vkey key;
	struct stat st;

	(void)state;
	start_with(3);
	key = *tb_signer_key(signer);
	assert_int_equal(stat(config->log_key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	stop();
	start();
	assert_memory_equal(&key, tb_signer_key(signer), sizeof(key));
	stop();
	/* Records go on without it. */
	chmod(config->log_key, 0640);
	start();
	assert_contains(tb_signer_trouble(signer), "chmod 600");
	append(3, 5);
	tb_signer_due(signer);
	assert_int_equal(tb_signer_now(signer, 1, &err), -EINVAL);
	assert_null(tb_signer_last(signer));
	stop();
	chmod(config->log_key, 0600);
	start();
	assert_null(tb_signer_trouble(signer));
	assert_memory_equal(&key, tb_signer_key(signer), sizeof(key));
	assert_int_equal(tb_tree_size(tb_ledger_tree(ledger)), 5);
	stop();
}

static void names_of_logs(void **state)
{
	(void)state;
	free(config->station);
	config->station = strdup("river 07+a\xe6\xb2\xb3");
	start();
	assert_int_equal(strncmp(tb_signer_key(signer)->name, "river-07-a", 10), 0);
	stop();
	config->log_origin = strdup("example.org/river/7");
	start();
	assert_string_equal(tb_signer_key(signer)->name, "example.org/river/7");
	stop();
}

static void the_end_is_signed(void **state)
{
	(void)state;
	start_with(10);
	stop();
	start();
	assert_int_equal(tb_signer_last(signer)->size, 10);
	append(10, 20);
	assert_done(tb_signer_now(signer, 20, &err), err);
	assert_int_equal(tb_signer_last(signer)->size, 20);
	stop();
}

static void a_cut_ledger_is_not_signed(void **state)
{
	(void)state;
	start_with(20);
	stop();
	sql("DELETE FROM record WHERE id & 0xffffffffff >= 15; DELETE FROM log_hash WHERE id >= 15;");
	start();
	assert_contains(tb_signer_trouble(signer), "does not go on");
	append(15, 30);
	assert_int_equal(tb_signer_now(signer, 1, &err), -EUCLEAN);
	assert_null(tb_signer_last(signer));
	stop();
	/* Nor when it has grown over what was signed. The bytes are others: a real station's
	 * would be, since its keys are.
	 */
	sql("UPDATE record SET bytes = zeroblob(64) WHERE id & 0xffffffffff = 16;"
	    "DELETE FROM log_hash WHERE id >= 15; DELETE FROM log_run WHERE entry >= 15;");
	start();
	assert_int_equal(tb_tree_size(tb_ledger_tree(ledger)), 30);
	assert_contains(tb_signer_trouble(signer), "does not go on");
	stop();
	/* Another key: another log */
	unlink(config->log_key);
	start();
	assert_null(tb_signer_trouble(signer));
	assert_done(tb_signer_now(signer, 30, &err), err);
	stop();
}

static void a_spoilt_checkpoint_is_made_anew(void **state)
{
	(void)state;
	start_with(5);
	stop();
	scratch_write("checkpoint", "half of a", 9);
	start();
	assert_null(tb_signer_trouble(signer));
	assert_done(tb_signer_now(signer, 5, &err), err);
	stop();
}

static int setup(void **state)
{
	if (scratch_make(state) || sd_event_new(&event) < 0 || tb_key_new(&supervisor, &err))
		return -1;
	chain = chain_new(1, &supervisor, NULL);
	chain_fill(chain, 50);
	config = tb_config_new();
	free(config->ledger);
	config->ledger = strdup(scratch_path("l.db"));
	config->log_key = strdup(scratch_path("log.pem"));
	return 0;
}

static int teardown(void **state)
{
	tb_config_free(config);
	chain_free(chain);
	sd_event_unref(event);
	return scratch_remove(state);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(signs_by_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(the_key_is_made_once, setup, teardown),
		cmocka_unit_test_setup_teardown(names_of_logs, setup, teardown),
		cmocka_unit_test_setup_teardown(the_end_is_signed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_cut_ledger_is_not_signed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_spoilt_checkpoint_is_made_anew, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
