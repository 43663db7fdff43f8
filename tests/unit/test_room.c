// SPDX-License-Identifier: GPL-2.0-only
/* The room that a ledger is meant to have: a warning ahead of full, and beyond it. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "room.h"

#define MIB (1024 * 1024)

static struct tb_config *config;
static struct tb_room *room;
static sd_event *event;

static int make(void **state)
{
	if (scratch_make(state) || sd_event_new(&event) < 0)
		return -1;
	config = tb_config_new();
	free(config->ledger);
	config->ledger = strdup(scratch_path("l.db"));
	scratch_write("l.db", "", 0);
	return tb_room_new(event, config, &room);
}

static int unmake(void **state)
{
	tb_room_free(room);
	tb_config_free(config);
	sd_event_unref(event);
	return scratch_remove(state);
}

static void resize(const char *name, off_t bytes)
{
	scratch_write(name, "", 0);
	assert_int_equal(truncate(scratch_path(name), bytes), 0);
}

/* Return: whether the budget is warned of, whatever the disk has; it says @words. */
static bool warns(const char *words)
{
	json_t *json = tb_room_json(room);
	const char *warning = json_string_value(json_object_get(json, "warning"));
	bool given = warning && strstr(warning, "meant to have");

	if (given && words)
		assert_contains(warning, words);
	json_decref(json);
	return given;
}

static void ahead_of_full(void **state)
{
	(void)state;
	config->ledger_budget = 100;
	resize("l.db", 79 * MIB);
	assert_false(warns(NULL));
	resize("l.db", 80 * MIB);
	assert_true(warns("80 of the 100 MiB"));
	assert_true(warns("tongbuctl archive"));
	/* More than it is meant to have is a warning as well, and no more than that. */
	resize("l.db", 120 * MIB);
	assert_true(warns("120 of the 100 MiB"));
	config->ledger_budget = 200;
	assert_false(warns(NULL));
}

static void its_log_counts(void **state)
{
	(void)state;
	config->ledger_budget = 100;
	resize("l.db", 50 * MIB);
	resize("l.db-wal", 31 * MIB);
	assert_true(warns("81 of the 100 MiB"));
	resize("l.db-wal", 0);
	assert_false(warns(NULL));
}

static void what_is_told(void **state)
{
	json_t *json;

	(void)state;
	config->ledger_budget = 3;
	resize("l.db", 2 * MIB);
	json = tb_room_json(room);
	assert_int_equal(json_integer_value(json_object_get(json, "bytes")), 2 * MIB);
	assert_int_equal(json_integer_value(json_object_get(json, "budget")), 3 * MIB);
	assert_true(json_integer_value(json_object_get(json, "free")) > 0);
	json_decref(json);
}

/* Without being asked: the log has it when the event loop comes to it. */
static void the_log_is_told(void **state)
{
	char said[512] = "";
	int was = dup(STDERR_FILENO);
	FILE *file = tmpfile();

	(void)state;
	config->ledger_budget = 1;
	resize("l.db", 2 * MIB);
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	sd_event_run(event, 10000000);
	fflush(stderr);
	dup2(was, STDERR_FILENO);
	close(was);
	rewind(file);
	assert_non_null(fgets(said, sizeof(said), file));
	fclose(file);
	assert_contains(said, "2 of the 1 MiB");
	assert_contains(said, scratch_path("l.db"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ahead_of_full),
		TEST(its_log_counts),
		TEST(what_is_told),
		TEST(the_log_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
