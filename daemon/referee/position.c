// SPDX-License-Identifier: GPL-2.0-only
/* Where the fold stands, which clocks run, and whether two states are equal. */
#include <errno.h>
#include <string.h>

#include "engine.h"

/**
 * tb_referee_last() - the last row of the ledger that was folded
 * @referee: the referee
 *
 * Return: its id, or -1.
 */
int64_t tb_referee_last(struct tb_referee *referee)
{
	return tb_db_number(referee->db, -1, "SELECT last FROM fold", "");
}

/**
 * tb_referee_set_last() - so far was folded
 * @referee: the referee
 * @last: id of the row
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_set_last(struct tb_referee *referee, int64_t last, struct tb_error *err)
{
	tb_db_do(referee->db,
		 "INSERT INTO fold (id, last) VALUES (1, ?) ON CONFLICT DO UPDATE SET"
		 " last = excluded.last",
		 "i", last);
	return tb_db_failed(referee->db, err);
}

/**
 * tb_referee_hash() - which text of a pack is in force
 * @referee: the referee
 * @name: the pack
 * @hash: set to it
 *
 * Return: whether any is.
 */
bool tb_referee_hash(struct tb_referee *referee, const char *name, char hash[65])
{
	const struct tb_pack *pack = tb_pack_find(referee, name);

	if (pack)
		memcpy(hash, pack->hash, 65);
	return pack;
}

/**
 * tb_referee_folder_hash() - which text of a pack the directory has
 * @referee: the referee
 * @name: the pack
 * @hash: set to it
 * @err: told what is wrong with it
 *
 * It is loaded on trial, and kept so that it can be put in force.
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_folder_hash(struct tb_referee *referee, const char *name, char hash[65],
			   struct tb_error *err)
{
	struct tb_pack *pack;
	int ret = tb_pack_load(referee, name, NULL, &pack, err);

	if (ret)
		return ret;
	memcpy(hash, pack->hash, 65);
	tb_pack_free(pack);
	return 0;
}

/**
 * tb_referee_running() - does a clock run?
 * @referee: the referee
 * @id: number of the clock
 * @due: set to when it is due, seconds since 1970
 * @warn: set to when it warns, or -1
 *
 * Return: 1 if it does, else 0.
 */
int tb_referee_running(struct tb_referee *referee, int64_t id, int64_t *due, int64_t *warn)
{
	sqlite3_stmt *stmt;

	stmt = tb_db_ask(referee->db,
			 "SELECT due, ifnull(warn, -1) FROM clock WHERE id = ? AND state = 'running'",
			 "i", id);
	if (!tb_db_row(referee->db, stmt))
		return 0;
	*due = sqlite3_column_int64(stmt, 0);
	*warn = sqlite3_column_int64(stmt, 1);
	tb_db_end(stmt);
	return 1;
}

/**
 * tb_referee_each_running() - go through all clocks that run
 * @referee: the referee
 * @each: called with number, when it is due, when it warns or -1; anything but 0
 *	ends it
 * @userdata: for @each
 *
 * Return: 0, or what @each returned.
 */
int tb_referee_each_running(struct tb_referee *referee,
			    int (*each)(int64_t id, int64_t due, int64_t warn, void *userdata),
			    void *userdata)
{
	sqlite3_stmt *stmt;
	int ret = 0;

	stmt = tb_db_ask(referee->db,
			 "SELECT id, due, ifnull(warn, -1) FROM clock WHERE state = 'running'"
			 " ORDER BY id",
			 "");
	while (!ret && tb_db_row(referee->db, stmt))
		ret = each(sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
			   sqlite3_column_int64(stmt, 2), userdata);
	if (ret)
		tb_db_end(stmt);
	return ret;
}

/**
 * tb_referee_snapshot() - copy a state that may be in use
 * @path: file of the state
 * @copy: file to be made
 * @last: set to the last row of the ledger that was folded into it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_snapshot(const char *path, const char *copy, int64_t *last, struct tb_error *err)
{
	sqlite3 *from = NULL;
	struct tb_db *to;
	sqlite3_backup *backup;
	int ret;

	ret = tb_db_open(copy, "", &to, err);
	if (ret)
		return ret;
	if (sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		ret = tb_error_set(err, -EIO,
				   "state %s cannot be opened: %s: check that packs are configured, and run it as root",
				   path, sqlite3_errmsg(from));
	} else {
		backup = sqlite3_backup_init(tb_db_handle(to), "main", from, "main");
		if (!backup || sqlite3_backup_step(backup, -1) != SQLITE_DONE)
			ret = tb_error_set(err, -EIO, "state %s cannot be copied: %s", path,
					   sqlite3_errmsg(tb_db_handle(to)));
		sqlite3_backup_finish(backup);
	}
	if (!ret) {
		*last = tb_db_number(to, -1, "SELECT last FROM fold", "");
		ret = tb_db_failed(to, err);
	}
	sqlite3_close(from);
	tb_db_close(to);
	return ret;
}

static int compare_table(sqlite3 *db, const char *table, json_t *differences)
{
	static const char sql[] =
		"SELECT (SELECT count(*) FROM (SELECT * FROM main.\"%w\" EXCEPT SELECT * FROM"
		" other.\"%w\")), (SELECT count(*) FROM (SELECT * FROM other.\"%w\" EXCEPT"
		" SELECT * FROM main.\"%w\"))";
	char *text = sqlite3_mprintf(sql, table, table, table, table);
	sqlite3_stmt *stmt = NULL;
	int rc = SQLITE_NOMEM;

	if (text)
		rc = sqlite3_prepare_v2(db, text, -1, &stmt, NULL);
	sqlite3_free(text);
	if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		if (sqlite3_column_int64(stmt, 0) || sqlite3_column_int64(stmt, 1))
			json_object_set_new(differences, table,
					    json_pack("[I, I]",
						      (json_int_t)sqlite3_column_int64(stmt, 0),
						      (json_int_t)sqlite3_column_int64(stmt, 1)));
	} else {
		/* A table that is not in both is different. */
		json_object_set_new(differences, table, json_pack("[i, i]", -1, -1));
	}
	sqlite3_finalize(stmt);
	return rc;
}

/**
 * tb_referee_compare() - is another state the same?
 * @referee: the referee
 * @path: file of the other state
 * @differences: set to an object: for each table that differs, rows only here and
 *	rows only there; the caller's
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_referee_compare(struct tb_referee *referee, const char *path, json_t **differences,
		       struct tb_error *err)
{
	static const char *const tables[] = { "fold",  "pack",	 "store",    "matter",	"side",
					      "owner", "link",	 "timeline", "finding", "task",
					      "clock", "notice", "points",   "office",	"actor",
					      "role",  "place",	 "duty",     "holiday" };
	size_t i;

	tb_db_do(referee->db, "ATTACH DATABASE ? AS other", "t", path);
	*differences = json_object();
	if (tb_db_failed(referee->db, err) || !*differences)
		return -EIO;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		compare_table(tb_db_handle(referee->db), tables[i], *differences);
	tb_db_do(referee->db, "DETACH DATABASE other", "");
	return tb_db_failed(referee->db, err);
}
