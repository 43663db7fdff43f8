// SPDX-License-Identifier: GPL-2.0-only
/* What others signed is kept and told, if it is of this ledger and counts. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <sqlite3.h>

#include "chain_maker.h"
#include "elsewhere.h"
#include "sign_key.h"

/* Who signs: a witness of each name */
enum who {
	HUB,
	DISTRICT,
};

static const char *const names[] = { "hub.example/m", "district.example/w" };

static struct tb_station station;
static struct tb_key supervisor;
static struct chain *chain;
static EVP_PKEY *private[2];
static struct tb_vkey keys[2];
static struct tb_held held;
static struct tb_error err;

static void start(void)
{
	assert_done(tb_ledger_open(station.config->ledger, &station.ledger, &err), err);
	assert_done(tb_signer_new(station.event, station.config, station.ledger, &station.signer,
				  &err),
		    err);
}

static void stop(void)
{
	tb_signer_free(station.signer);
	tb_ledger_close(station.ledger);
}

static void append(size_t from, size_t end)
{
	if (!from)
		assert_done(tb_ledger_add_chain(station.ledger, chain->id, 0, chain->bytes,
						chain_size(chain, 0), &err),
			    err);
	assert_done(tb_ledger_append(station.ledger, chain->bytes + chain->at[from],
				     chain->at[end] - chain->at[from], &err),
		    err);
	assert_done(tb_ledger_commit(station.ledger, &err), err);
	assert_done(tb_signer_now(station.signer, end, &err), err);
}

/* The last checkpoint, signed by one of them besides; the caller's */
static char *signed_by(enum who who, uint64_t time)
{
	const struct tb_checkpoint *last = tb_signer_last(station.signer);
	char *line = tb_checkpoint_cosign(last, &keys[who], private[who], time), *note;

	assert_non_null(line);
	assert_true(asprintf(&note, "%s%s", last->note, line) > 0);
	free(line);
	return note;
}

static int keep(char *note)
{
	int ret = tb_elsewhere_keep(&station, note, &err);

	free(note);
	return ret;
}

static int load(void)
{
	tb_checkpoint_clear(&held.checkpoint);
	return tb_elsewhere_load(&station, &held, &err);
}

static void the_largest_is_kept(void **state)
{
	char *first;

	(void)state;
	start();
	append(0, 10);
	assert_int_equal(load(), -ENOENT);
	assert_int_equal(keep(signed_by(HUB, 1000)), 0);
	assert_done(load(), err);
	assert_int_equal(held.checkpoint.size, 10);
	assert_int_equal(held.by_count, 1);
	assert_string_equal(held.by[0].name, names[HUB]);
	assert_int_equal(held.by[0].time, 1000);
	/* Of the same size: both */
	assert_int_equal(keep(signed_by(DISTRICT, 1001)), 0);
	assert_done(load(), err);
	assert_int_equal(held.by_count, 2);
	/* The same one again: once, and as it says now */
	assert_int_equal(keep(signed_by(HUB, 1002)), 0);
	assert_done(load(), err);
	assert_int_equal(held.by_count, 2);
	assert_int_equal(held.by[0].time, 1002);
	first = signed_by(HUB, 1003);
	append(10, 20);
	assert_int_equal(keep(signed_by(DISTRICT, 1004)), 0);
	assert_int_equal(keep(first), 0);
	assert_done(load(), err);
	assert_int_equal(held.checkpoint.size, 20);
	assert_int_equal(held.by_count, 1);
	stop();
	start();
	assert_done(load(), err);
	assert_int_equal(held.checkpoint.size, 20);
	stop();
}

static void what_is_no_proof_is_not_kept(void **state)
{
	char *note;

	(void)state;
	start();
	append(0, 10);
	assert_int_equal(keep(strdup(tb_signer_last(station.signer)->note)), -EKEYREJECTED);
	assert_contains(err.text, "no witness signed");
	assert_int_equal(keep(strdup("garbage")), -EINVAL);
	/* Another log's; and one that this log's key did not sign */
	note = signed_by(HUB, 1000);
	note[0] = note[0] == 'x' ? 'y' : 'x';
	assert_int_equal(keep(note), -EKEYREJECTED);
	note = signed_by(HUB, 1000);
	strchr(note, '\n')[1] = '9';
	assert_int_equal(keep(note), -EKEYREJECTED);
	assert_int_equal(load(), -ENOENT);
	stop();
}

static void a_policy_has_the_word(void **state)
{
	char *key = tb_vkey_text(&keys[HUB]), *log, *text, *note, *at;

	(void)state;
	start();
	append(0, 10);
	/* Handed in when nobody said whose signatures count */
	assert_int_equal(keep(signed_by(DISTRICT, 1000)), 0);
	log = tb_vkey_text(tb_signer_key(station.signer));
	assert_true(asprintf(&text, "log %s\nwitness hub %s\nquorum hub\n", log, key) > 0);
	scratch_write("policy", text, strlen(text));
	station.config->log_policy = strdup(scratch_path("policy"));
	assert_int_equal(load(), -EKEYREJECTED);
	assert_int_equal(keep(signed_by(DISTRICT, 1001)), -EKEYREJECTED);
	assert_int_equal(keep(signed_by(HUB, 1002)), 0);
	assert_done(load(), err);
	assert_string_equal(held.by[0].name, names[HUB]);
	/* A signature that is not good */
	note = signed_by(HUB, 1003);
	at = strrchr(note, ' ') + 20;
	*at = *at == 'A' ? 'B' : 'A';
	assert_int_equal(keep(note), -EKEYREJECTED);
	stop();
	free(text);
	free(log);
	free(key);
}

static void it_shows_that_the_end_was_taken_back(void **state)
{
	sqlite3 *db;

	(void)state;
	start();
	append(0, 20);
	assert_int_equal(keep(signed_by(HUB, 1000)), 0);
	stop();
	/* Root takes the end, and what the station signed; and forgets the other */
	assert_int_equal(sqlite3_open(station.config->ledger, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "DELETE FROM record WHERE id & 0xffffffffff >= 15; DELETE FROM log_hash WHERE id >= 15;",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	unlink(scratch_path("checkpoint"));
	start();
	assert_contains(tb_signer_trouble(station.signer), "does not go on");
	assert_int_equal(load(), -EUCLEAN);
	stop();
}

static void the_hub_has_a_file_of_its_own(void **state)
{
	struct tb_uplink_config *uplink = &station.config->uplink;
	char *note, *trouble;

	(void)state;
	start();
	append(0, 10);
	assert_int_equal(keep(signed_by(DISTRICT, 1000)), 0);
	uplink->hub = keys[HUB];
	free(uplink->held);
	uplink->held = strdup(scratch_path("hub-held"));
	assert_done(load(), err);
	assert_string_equal(held.by[0].name, names[DISTRICT]);
	append(10, 20);
	note = signed_by(HUB, 1001);
	scratch_write("hub-held", note, strlen(note));
	free(note);
	assert_done(load(), err);
	assert_int_equal(held.checkpoint.size, 20);
	assert_string_equal(held.by[0].name, names[HUB]);
	append(20, 30);
	/* Another's signature in the hub's file does not count; nor does it hide the other's. */
	note = signed_by(DISTRICT, 1002);
	scratch_write("hub-held", note, strlen(note));
	free(note);
	assert_done(load(), err);
	assert_int_equal(held.checkpoint.size, 10);
	assert_null(tb_elsewhere_trouble(&station));
	scratch_write("trouble", "no hub is reached\n", 18);
	trouble = tb_elsewhere_trouble(&station);
	assert_string_equal(trouble, "no hub is reached");
	free(trouble);
	stop();
}

static int setup(void **state)
{
	uint8_t public[TB_VKEY_LEN];
	char path[32];
	bool made;
	size_t i;

	station = (struct tb_station){ 0 };
	if (scratch_make(state) || sd_event_new(&station.event) < 0 ||
	    tb_key_new(&supervisor, &err))
		return -1;
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "w%zu.pem", i);
		if (tb_sign_key_load("key", scratch_path(path), &private[i], &made, &err) ||
		    tb_sign_key_public(private[i], public, &err) ||
		    tb_vkey_set(&keys[i], names[i], TB_VKEY_WITNESS, public, &err))
			return -1;
	}
	chain = chain_new(1, &supervisor, NULL);
	chain_fill(chain, 50);
	station.config = tb_config_new();
	free(station.config->ledger);
	station.config->ledger = strdup(scratch_path("l.db"));
	station.config->log_key = strdup(scratch_path("log.pem"));
	return 0;
}

static int teardown(void **state)
{
	tb_checkpoint_clear(&held.checkpoint);
	EVP_PKEY_free(private[0]);
	EVP_PKEY_free(private[1]);
	tb_config_free(station.config);
	chain_free(chain);
	sd_event_unref(station.event);
	return scratch_remove(state);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_largest_is_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_proof_is_not_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(a_policy_has_the_word, setup, teardown),
		cmocka_unit_test_setup_teardown(the_hub_has_a_file_of_its_own, setup, teardown),
		cmocka_unit_test_setup_teardown(it_shows_that_the_end_was_taken_back, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
