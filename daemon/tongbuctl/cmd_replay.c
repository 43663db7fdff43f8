// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl replay: fold the ledger again, beside the state. With the texts of packs
 * that the records name the state must come out the same; with those that stand in
 * the directory now, the first record that they would judge otherwise is named.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "ctl.h"
#include "event.h"
#include "ledger_read.h"
#include "referee.h"

#define CHUNK (256 * 1024)

/**
 * struct side - one fold
 * @referee: folds
 * @effects: what the last record caused
 */
struct side {
	struct tb_referee *referee;
	json_t *effects;
};

/**
 * struct replay - a replay under way
 * @config: where things are
 * @now: compare with the texts of now, rather than with the state
 * @folder: temporary directory
 * @snapshot: copy of the state in it
 * @last: row of the ledger the state had come to
 * @reading: the ledger
 * @names: what the sources are called
 * @then: fold with the texts that were in force
 * @today: fold with the texts of now
 * @records: records folded
 * @differs: id of the first record that is judged otherwise, or empty
 * @err: what went wrong
 */
struct replay {
	struct tb_config *config;
	bool now;
	char folder[64];
	char snapshot[96];
	int64_t last;
	struct tb_reading *reading;
	struct tb_names *names;
	struct side then;
	struct side today;
	unsigned long records;
	char differs[TB_EVENT_ID_SIZE];
	struct tb_error err;
};

static void on_effect(const json_t *effect, void *userdata)
{
	struct side *side = userdata;

	json_array_append(side->effects, (json_t *)effect);
}

static int open_side(struct replay *r, struct side *side, const char *name, bool now)
{
	char state[128];
	struct tb_referee_options options = {
		.state = state,
		.packs = r->config->packs_dir,
		.kept = now ? NULL : r->config->kept,
		.blobs = r->config->blobs,
		.zone = r->config->zone,
		.now = now,
		.effect = r->now ? on_effect : NULL,
		.userdata = side,
	};

	snprintf(state, sizeof(state), "%s/%s", r->folder, name);
	side->effects = json_array();
	return tb_referee_open(&options, &side->referee, &r->err);
}

static int fold_one(struct replay *r, struct side *side, const struct tb_record *rec)
{
	json_array_clear(side->effects);
	return tb_event_fold(side->referee, r->names, rec, &r->err);
}

static int fold_record(struct replay *r, const struct tb_record *rec)
{
	int ret;

	ret = fold_one(r, &r->then, rec);
	if (!ret && r->now) {
		ret = fold_one(r, &r->today, rec);
		if (!ret && !*r->differs && !json_equal(r->then.effects, r->today.effects))
			tb_event_id(rec, r->differs);
	}
	r->records++;
	return ret;
}

static int fold_chunk(struct replay *r, const uint8_t *chain, const uint8_t *bytes, size_t len)
{
	struct tb_record rec;
	int ret;

	ret = tb_referee_begin(r->then.referee, &r->err);
	if (!ret && r->now)
		ret = tb_referee_begin(r->today.referee, &r->err);
	for (; !ret && len; bytes += rec.size, len -= rec.size) {
		if (tb_record_parse(bytes, len, chain, &rec))
			return tb_error_set(&r->err, -EBADMSG,
					    "the ledger has something that is not a record: verify it");
		ret = fold_record(r, &rec);
	}
	if (!ret)
		ret = tb_referee_commit(r->then.referee, &r->err);
	if (!ret && r->now)
		ret = tb_referee_commit(r->today.referee, &r->err);
	return ret;
}

static int fold_ledger(struct replay *r)
{
	struct tb_query query = TB_QUERY_ALL;
	struct tb_cursor *cursor = NULL;
	bool end = false;
	uint8_t *chunk;
	size_t len;
	int ret;

	query.archived = true;
	query.before = (uint64_t)(r->last + 1);
	chunk = malloc(CHUNK);
	if (!chunk)
		return tb_error_set(&r->err, -ENOMEM, "out of memory");
	ret = tb_cursor_open(r->reading, &query, &cursor, &r->err);
	while (!ret && !end) {
		ret = tb_cursor_next(cursor, chunk, CHUNK, &len, &end, &r->err);
		if (!ret && len)
			ret = fold_chunk(r, tb_cursor_chain(cursor), chunk, len);
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\rreplaying: %lu records", r->records);
	}
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	tb_cursor_close(cursor);
	free(chunk);
	return ret ?: tb_referee_set_last(r->then.referee, r->last, &r->err);
}

static int prepare(struct replay *r)
{
	uint64_t after = 0;
	int ret;

	ret = tb_referee_snapshot(r->config->state, r->snapshot, &r->last, &r->err);
	if (!ret)
		ret = tb_reading_open(r->config->ledger, &r->reading, &r->err);
	if (ret)
		return ret;
	r->names = tb_names_new();
	if (!r->names || tb_reading_archive(r->reading, r->config->archive))
		return tb_error_set(&r->err, -ENOMEM, "out of memory");
	ret = tb_reading_names(r->reading, &after, r->names, &r->err);
	if (!ret)
		ret = open_side(r, &r->then, "then.db", false);
	if (!ret && r->now)
		ret = open_side(r, &r->today, "today.db", true);
	return ret;
}

static json_t *pack_hashes(struct replay *r)
{
	char then[65], today[65];
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < r->config->pack_count; i++) {
		then[0] = today[0] = '\0';
		tb_referee_hash(r->then.referee, r->config->packs[i], then);
		tb_referee_hash(r->today.referee, r->config->packs[i], today);
		if (strcmp(then, today))
			json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "pack",
							      r->config->packs[i], "chain", then,
							      "directory", today));
	}
	return list;
}

static int report_now(struct replay *r)
{
	json_t *hashes = pack_hashes(r), *entry;
	bool same = !*r->differs && !json_array_size(hashes);
	size_t i;

	if (ctl.json) {
		ctl_print(json_pack("{s:b, s:I, s:s, s:o}", "equal", same, "records",
				    (json_int_t)r->records, "differs_from", r->differs, "packs",
				    hashes));
		return same ? CTL_OK : CTL_NO;
	}
	json_array_foreach(hashes, i, entry)
		printf("pack %s: the chain names the text %.16s.., the directory has %.16s..\n",
		       json_string_value(json_object_get(entry, "pack")),
		       json_string_value(json_object_get(entry, "chain")),
		       json_string_value(json_object_get(entry, "directory")));
	json_decref(hashes);
	if (*r->differs)
		printf("from record %s on the results would differ\n", r->differs);
	else
		printf("%lu records: the results would be the same\n", r->records);
	return same ? CTL_OK : CTL_NO;
}

static int report_state(struct replay *r)
{
	json_t *differences, *rows;
	const char *table;
	bool same;

	if (tb_referee_compare(r->then.referee, r->snapshot, &differences, &r->err))
		return ctl_failed(&r->err);
	same = !json_object_size(differences);
	if (ctl.json) {
		ctl_print(json_pack("{s:b, s:I, s:o}", "equal", same, "records",
				    (json_int_t)r->records, "tables", differences));
		return same ? CTL_OK : CTL_NO;
	}
	json_object_foreach(differences, table, rows)
		printf("table %s differs: %lld rows only in the replay, %lld only in the state\n",
		       table, (long long)json_integer_value(json_array_get(rows, 0)),
		       (long long)json_integer_value(json_array_get(rows, 1)));
	json_decref(differences);
	if (same)
		printf("equal: %lu records give the state as it is, in every table\n", r->records);
	else
		printf("NOT equal after %lu records: stop tongbu-referee; tongbu-referee --rebuild makes the state anew\n",
		       r->records);
	return same ? CTL_OK : CTL_NO;
}

static void clean_up(struct replay *r)
{
	static const char *const files[] = { "then.db",	 "then.db-wal",	 "then.db-shm",
					     "today.db", "today.db-wal", "today.db-shm",
					     "state.db", "state.db-wal", "state.db-shm" };
	char path[128];
	size_t i;

	tb_referee_close(r->then.referee);
	tb_referee_close(r->today.referee);
	json_decref(r->then.effects);
	json_decref(r->today.effects);
	tb_names_free(r->names);
	tb_reading_close(r->reading);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", r->folder, files[i]);
		unlink(path);
	}
	rmdir(r->folder);
}

static int replay(const char *config, bool now)
{
	struct replay r = { .now = now, .folder = "/tmp/tongbu-replay.XXXXXX" };
	int ret, status;

	if (tb_config_load(config, &r.config, &r.err))
		return ctl_failed(&r.err);
	if (!mkdtemp(r.folder)) {
		tb_config_free(r.config);
		return ctl_bad("%s: %s", r.folder, strerror(errno));
	}
	snprintf(r.snapshot, sizeof(r.snapshot), "%s/state.db", r.folder);
	ret = prepare(&r);
	if (!ret)
		ret = fold_ledger(&r);
	if (ret)
		status = ctl_failed(&r.err);
	else
		status = now ? report_now(&r) : report_state(&r);
	clean_up(&r);
	tb_config_free(r.config);
	return status;
}

/**
 * cmd_replay() - tongbuctl replay
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status: 1 if the results differ.
 */
int cmd_replay(int argc, char **argv)
{
	const char *config = TB_CONFIG_PATH;
	bool now = false;
	int option;

	while ((option = ctl_option(argc, argv)) != -1) {
		switch (option) {
		case OPT_CONFIG:
			config = optarg;
			break;
		case OPT_NOW:
			now = true;
			break;
		default:
			return CTL_FAILED;
		}
	}
	if (optind < argc)
		return ctl_bad("replay takes no argument %s", argv[optind]);
	return replay(config, now);
}
