// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ledger that was not closed cleanly is looked through before it is written. What
 * SQLite finds in a write-ahead log it takes for the file's own: a ledger that was
 * restored from a backup beside the log of a later one becomes neither of the two.
 */
#include "ledger_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "ledger.h"
#include "ledger_salvage.h"
#include "log.h"

static char *beside(const char *path, const char *suffix)
{
	char *name;

	return asprintf(&name, "%s%s", path, suffix) < 0 ? NULL : name;
}

static int64_t size_of(const char *path, const char *suffix)
{
	char *name = beside(path, suffix);
	int64_t size = 0;
	struct stat st;

	if (name && !stat(name, &st))
		size = st.st_size;
	free(name);
	return size;
}

/**
 * tb_ledger_is_unclean() - was a ledger left open?
 * @path: its file, which nobody has open
 *
 * Return: whether there is a write-ahead log with something in it.
 */
bool tb_ledger_is_unclean(const char *path)
{
	return size_of(path, "-wal") > 0;
}

/**
 * tb_ledger_check() - look a ledger through
 * @db: the ledger, open
 * @path: its file
 * @err: told what is wrong with it
 *
 * Takes as long as reading the file does.
 *
 * Return: 0; also for what is no database, which is for others to say. -EBADMSG if it
 * is damaged.
 */
int tb_ledger_check(sqlite3 *db, const char *path, struct tb_error *err)
{
	const char *found = NULL;
	sqlite3_stmt *stmt;
	int ret = 0;

	if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL) != SQLITE_OK) {
		if (sqlite3_errcode(db) != SQLITE_CORRUPT)
			return 0;
		found = sqlite3_errmsg(db);
	} else if (sqlite3_step(stmt) == SQLITE_ROW) {
		found = (const char *)sqlite3_column_text(stmt, 0);
	} else {
		found = sqlite3_errmsg(db);
	}
	if (!found || strcmp(found, "ok") != 0)
		ret = tb_error_set(err, -EBADMSG,
				   "ledger %s is damaged (%.160s): a backup that was restored beside an older %s-wal is; tongbud --repair sets that log aside, and keeps what can be read of a file that is damaged itself",
				   path, found ? strdupa(found) : "out of memory",
				   strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
	sqlite3_finalize(stmt);
	return ret;
}

static int is_sound(const char *path, struct tb_error *err)
{
	sqlite3 *db;
	int ret;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		ret = tb_error_set(err, -EIO, "ledger %s: %s", path, sqlite3_errmsg(db));
	else
		ret = tb_ledger_check(db, path, err);
	sqlite3_close(db);
	return ret;
}

/* To @aside, or back from there */
static int move_log(const char *path, const char *aside, bool back, struct tb_error *err)
{
	char *log = beside(path, "-wal"), *index = beside(path, "-shm");
	const char *from = back ? aside : log, *to = back ? log : aside;
	int ret = 0;

	if (!log || !index)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	else if (rename(from, to))
		ret = tb_error_set(err, -errno, "%s cannot be renamed to %s: %s", from, to,
				   strerror(errno));
	/* Made anew from the log, if there is one. */
	else
		unlink(index);
	free(log);
	free(index);
	return ret;
}

static int sound_without_log(const char *path, const char *aside, int64_t bytes,
			     struct tb_error *err)
{
	const struct tb_ledger_tail *tail;
	struct tb_ledger *ledger;
	int ret = is_sound(path, err);

	if (!ret)
		ret = tb_ledger_open(path, &ledger, err);
	if (ret)
		return ret;
	tail = tb_ledger_tail(ledger);
	tb_log_notice("ledger %s: its write-ahead log, %lld bytes, did not belong to it and is set aside as %s; without it the ledger is whole: %llu records in %llu chains, the next of the last chain is %llu",
		      path, (long long)bytes, aside, (unsigned long long)tail->records,
		      (unsigned long long)tail->chains, (unsigned long long)tail->next);
	tb_ledger_close(ledger);
	return 0;
}

/* If the file is damaged without its log as well, the log is the file's own. */
static int without_log(const char *path, int64_t bytes, struct tb_error *err)
{
	char aside[4096];
	int ret;

	snprintf(aside, sizeof(aside), "%s-wal.damaged-%lld", path, (long long)time(NULL));
	ret = move_log(path, aside, false, err) ?: sound_without_log(path, aside, bytes, err);
	if (ret == -EBADMSG)
		ret = move_log(path, aside, true, err) ?: -EBADMSG;
	return ret;
}

static int salvage(const char *path, struct tb_error *err)
{
	int lock, ret = tb_ledger_lock(path, &lock, err);

	if (!ret)
		ret = tb_ledger_salvage(path, err);
	if (lock >= 0)
		close(lock);
	return ret;
}

/**
 * tb_ledger_repair() - set aside what damages a ledger, if something does
 * @path: its file
 * @err: told what went wrong
 *
 * That is a write-ahead log that is not its own; or the file itself, and then what can be
 * read of it takes its place. Nothing is deleted. What was done is logged.
 *
 * Return: 0; -ENOENT without a ledger; -EBUSY if a tongbud writes it; or another
 * negative errno.
 */
int tb_ledger_repair(const char *path, struct tb_error *err)
{
	int64_t bytes = size_of(path, "-wal");
	struct tb_ledger *ledger;
	int lock, ret;

	if (access(path, F_OK))
		return tb_error_set(err, -errno, "ledger %s: %s", path, strerror(errno));
	/* First, since opening it for writing writes it */
	ret = tb_ledger_lock(path, &lock, err) ?: is_sound(path, err);
	if (lock >= 0)
		close(lock);
	if (!ret)
		ret = tb_ledger_open(path, &ledger, err);
	if (!ret) {
		tb_ledger_close(ledger);
		tb_log_notice("ledger %s is whole: nothing is to be repaired", path);
		return 0;
	}
	if (ret == -EBADMSG && bytes)
		ret = without_log(path, bytes, err);
	return ret == -EBADMSG ? salvage(path, err) : ret;
}
