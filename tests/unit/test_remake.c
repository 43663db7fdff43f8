// SPDX-License-Identifier: GPL-2.0-only
/* The state made anew: the old one answers until the new one has all there is. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <sqlite3.h>
#include <systemd/sd-event.h>

#include "chain_maker.h"
#include "config.h"
#include "../../daemon/referee/fold.h"
#include "fold.h"
#include "hex.h"
#include "query.h"

/* Records of the chain, and how many of them the first piece has */
#define RECORDS 6
#define FIRST	4

static struct tb_key supervisor;
static struct chain *chain;
static struct tb_config *config;
static sd_event *event;
static struct tb_fold *fold;
static struct tb_error err;
/* tongbud: who reads, and behind which record; -1 for all */
static int reader;
static long long after;

static void say(const char *act)
{
	chain_act(chain, TONGBU_ACT_JSON, act, strlen(act));
}

static void send_json(int fd, json_t *reply)
{
	char *text = json_dumps(reply, JSON_COMPACT);

	assert_int_equal(send(fd, text, strlen(text) + 1, MSG_NOSIGNAL), strlen(text) + 1);
	free(text);
	json_decref(reply);
}

static void answer(int fd, const json_t *call)
{
	const char *method = strrchr(json_string_value(json_object_get(call, "method")), '.') + 1;
	const json_t *behind = json_object_get(json_object_get(call, "parameters"), "after");
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	if (!strcmp(method, "GetNames")) {
		send_json(fd, json_pack("{s:{s:[]}}", "parameters", "names"));
	} else if (!strcmp(method, "GetChains")) {
		send_json(fd, json_pack("{s:{s:[{s:s, s:i, s:i}]}}", "parameters", "chains",
					"chain", tb_hex_encode(id, chain->id, sizeof(chain->id)),
					"first", 0, "last", RECORDS - 1));
	} else {
		assert_string_equal(method, "Read");
		reader = fd;
		after = behind ? (long long)json_integer_value(behind) : -1;
	}
}

static int on_asked(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	char text[8192], *at;
	ssize_t len = recv(fd, text, sizeof(text), MSG_DONTWAIT);
	json_t *call;

	(void)source, (void)events, (void)userdata;
	if (len <= 0) {
		if (fd == reader)
			reader = -1;
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		return 0;
	}
	assert_int_equal(text[len - 1], '\0');
	for (at = text; at < text + len; at += strlen(at) + 1) {
		call = json_loads(at, 0, NULL);
		answer(fd, call);
		json_decref(call);
	}
	return 0;
}

static int on_caller(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	int caller = accept(fd, NULL, NULL);
	sd_event_source *io;

	(void)source, (void)events, (void)userdata;
	assert_true(sd_event_add_io(event, &io, caller, EPOLLIN, on_asked, NULL) >= 0);
	sd_event_source_set_io_fd_own(io, true);
	/* Gone with the event loop */
	assert_true(sd_event_source_set_floating(io, true) >= 0);
	sd_event_source_unref(io);
	return 0;
}

/* Where the fold's link calls; nobody else is answered, and told so at once */
static sd_event_source *listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	sd_event_source *io;

	strcpy(address.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_true(sd_event_add_io(event, &io, fd, EPOLLIN, on_caller, NULL) >= 0);
	sd_event_source_set_io_fd_own(io, true);
	return io;
}

static void send_records(size_t first, size_t end, bool last)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	char *records = tb_base64_encode(chain->bytes + chain->at[first],
					 chain->at[end] - chain->at[first]);

	send_json(reader,
		  json_pack("{s:{s:s, s:s, s:I, s:b}, s:b}", "parameters", "records", records,
			    "chain", tb_hex_encode(id, chain->id, sizeof(chain->id)), "position",
			    (json_int_t)((1LL << 40) | (long long)(end - 1)), "end", last,
			    "continues", 1));
	free(records);
}

static int make(void **state)
{
	if (fold_make(state) || tb_key_new(&supervisor, &err))
		return -1;
	chain = chain_new(1, &supervisor, NULL);
	say("{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"town\",\"name\":\"Town\"}");
	chain_heartbeat(chain);
	chain_heartbeat(chain);
	say("{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"lake\",\"name\":\"Lake\"}");
	chain_heartbeat(chain);
	config = tb_config_new();
	free(config->state);
	config->state = strdup(fold_path("state.db"));
	free(config->packs_dir);
	config->packs_dir = strdup(fold_path("packs"));
	free(config->kept);
	config->kept = strdup(fold_path("kept"));
	free(config->socket);
	config->socket = strdup(fold_path("socket"));
	reader = -1;
	if (sd_event_new(&event) < 0 || chain->count != RECORDS)
		return -1;
	return 0;
}

static int unmake(void **state)
{
	tb_fold_free(fold);
	fold = NULL;
	sd_event_unref(event);
	tb_config_free(config);
	chain_free(chain);
	return fold_remove(state);
}

/* The event loop until tongbud is asked for records */
static void start(bool anew)
{
	sd_event_source *caller = listen_at(config->socket);

	reader = -1;
	assert_done(tb_fold_start(event, config, anew, &fold, &err), err);
	while (reader < 0)
		assert_true(sd_event_run(event, UINT64_MAX) >= 0);
	sd_event_source_disable_unref(caller);
	assert_int_equal(unlink(config->socket), 0);
}

static void until_caught_up(void)
{
	while (!tb_fold_caught_up(fold))
		assert_true(sd_event_run(event, UINT64_MAX) >= 0);
}

static void until_folded(json_int_t records)
{
	json_t *progress = NULL;

	do {
		json_decref(progress);
		assert_true(sd_event_run(event, UINT64_MAX) >= 0);
		progress = tb_fold_remaking(fold);
		assert_non_null(progress);
	} while (json_integer_value(json_object_get(progress, "records")) < records);
	assert_int_equal(json_integer_value(json_object_get(progress, "records")), records);
	assert_int_equal(json_integer_value(json_object_get(progress, "of")), RECORDS);
	json_decref(progress);
}

static void assert_offices(const char *first, size_t count)
{
	json_t *rows;

	assert_done(tb_referee_query(tb_fold_referee(fold), "offices", NULL, 0, true, &rows, &err),
		    err);
	assert_int_equal(json_array_size(rows), count);
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, count - 1),
							      "name")),
			    first);
	json_decref(rows);
}

/* A state of all records, which somebody then changed */
static void make_old(void)
{
	sqlite3 *db;

	start(false);
	assert_null(tb_fold_remaking(fold));
	send_records(0, RECORDS, true);
	until_caught_up();
	assert_offices("Town", 2);
	tb_fold_free(fold);
	fold = NULL;
	assert_int_equal(sqlite3_open(config->state, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE office SET name = 'Mallory' WHERE id = 'town'",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
}

static void assert_old_answers(void)
{
	uint8_t id[TONGBU_CHAIN_LEN];
	json_t *progress = tb_fold_remaking(fold);

	assert_true(json_is_true(json_object_get(progress, "old_answers")));
	json_decref(progress);
	assert_offices("Mallory", 2);
	assert_false(tb_fold_caught_up(fold));
	assert_int_equal(tb_fold_position(fold, id), -1);
}

static void assert_new_stands(void)
{
	uint8_t id[TONGBU_CHAIN_LEN];

	assert_null(tb_fold_remaking(fold));
	assert_offices("Town", 2);
	assert_int_equal(tb_fold_position(fold, id), RECORDS - 1);
	assert_int_not_equal(access(fold_path("state.db.anew"), F_OK), 0);
	assert_int_equal(access(config->state, F_OK), 0);
}

static void the_old_state_answers_until_the_new_one_stands(void **state)
{
	(void)state;
	make_old();
	start(true);
	assert_old_answers();
	send_records(0, FIRST, false);
	until_folded(FIRST);
	assert_old_answers();
	send_records(FIRST, RECORDS, true);
	until_caught_up();
	assert_new_stands();
}

/* A new state is begun beside the old one, and broken off. */
static void interrupt(void)
{
	make_old();
	start(true);
	send_records(0, FIRST, false);
	until_folded(FIRST);
	tb_fold_free(fold);
	fold = NULL;
}

static void one_that_was_interrupted_goes_on(void **state)
{
	(void)state;
	interrupt();
	start(false);
	assert_int_equal(after, (1LL << 40) | (FIRST - 1));
	assert_old_answers();
	send_records(FIRST, RECORDS, true);
	until_caught_up();
	assert_new_stands();
}

static void asked_for_again_it_begins_anew(void **state)
{
	(void)state;
	interrupt();
	start(true);
	assert_int_equal(after, -1);
	send_records(0, RECORDS, true);
	until_caught_up();
	assert_new_stands();
}

static void a_new_one_alone_is_taken(void **state)
{
	(void)state;
	make_old();
	start(true);
	send_records(0, FIRST, false);
	until_folded(FIRST);
	tb_fold_free(fold);
	fold = NULL;
	/* The power went between the removal of the old one and the renaming. */
	assert_int_equal(unlink(config->state), 0);
	start(false);
	assert_int_equal(after, (1LL << 40) | (FIRST - 1));
	send_records(FIRST, RECORDS, true);
	until_caught_up();
	assert_new_stands();
}

static void a_state_of_another_version_does_not_answer(void **state)
{
	json_t *progress;
	sqlite3 *db;

	(void)state;
	make_old();
	assert_int_equal(sqlite3_open(config->state, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 1; DROP TABLE role", NULL, NULL,
				      NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	start(false);
	progress = tb_fold_remaking(fold);
	assert_true(json_is_false(json_object_get(progress, "old_answers")));
	json_decref(progress);
	send_records(0, FIRST, false);
	until_folded(FIRST);
	assert_offices("Town", 1);
	send_records(FIRST, RECORDS, true);
	until_caught_up();
	assert_new_stands();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_old_state_answers_until_the_new_one_stands,
						make, unmake),
		cmocka_unit_test_setup_teardown(one_that_was_interrupted_goes_on, make, unmake),
		cmocka_unit_test_setup_teardown(asked_for_again_it_begins_anew, make, unmake),
		cmocka_unit_test_setup_teardown(a_new_one_alone_is_taken, make, unmake),
		cmocka_unit_test_setup_teardown(a_state_of_another_version_does_not_answer, make,
						unmake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
