// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl backup: a copy of the ledger as it is at one moment, while records come. A
 * reader holds up no writer in write-ahead mode; all of it is one transaction, so that
 * the copy has no half of a commit in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "config.h"
#include "ctl.h"

/* A new file, for whoever may read the ledger */
static int make(const char *path, const char *ledger)
{
	struct stat st;
	int fd;

	if (stat(ledger, &st))
		return ctl_bad("ledger %s: %s", ledger, strerror(errno));
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return ctl_bad("%s: %s", path,
			       errno == EEXIST ? "it is there already: name another file" :
						 strerror(errno));
	close(fd);
	return 0;
}

static int copy(const char *path, const char *ledger, sqlite3 *to)
{
	sqlite3 *from = NULL;
	sqlite3_backup *backup;
	int rc;

	if (sqlite3_open_v2(ledger, &from, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		rc = ctl_bad("ledger %s: %s", ledger, sqlite3_errmsg(from));
	else
		rc = 0;
	if (rc) {
		sqlite3_close(from);
		return rc;
	}
	backup = sqlite3_backup_init(to, "main", from, "main");
	rc = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(to);
	sqlite3_backup_finish(backup);
	sqlite3_close(from);
	if (rc != SQLITE_DONE)
		return ctl_bad("%s: %s", path, sqlite3_errstr(rc));
	/* One file, as it is carried away */
	rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : ctl_bad("%s: %s", path, sqlite3_errmsg(to));
}

/* What was copied is looked at: pages as SQLite knows them, and how many records */
static int check(const char *path, sqlite3 *to, int64_t *records)
{
	sqlite3_stmt *stmt;
	int status = 0;

	if (sqlite3_prepare_v2(to, "PRAGMA quick_check(1)", -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW ||
	    strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") != 0)
		status = ctl_bad("%s: the copy is damaged, and so may the ledger be", path);
	sqlite3_finalize(stmt);
	if (status)
		return status;
	*records = -1;
	if (sqlite3_prepare_v2(to, "SELECT count(*) FROM record", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		*records = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return *records < 0 ? ctl_bad("%s: %s", path, sqlite3_errmsg(to)) : 0;
}

static int backup(const char *path, const char *ledger)
{
	sqlite3 *to = NULL;
	int64_t records = 0;
	int status = make(path, ledger);

	if (status)
		return status;
	if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		status = ctl_bad("%s: %s", path, sqlite3_errmsg(to));
	if (!status)
		status = copy(path, ledger, to);
	if (!status)
		status = check(path, to, &records);
	sqlite3_close(to);
	if (status) {
		unlink(path);
		return status;
	}
	if (ctl.json)
		return ctl_print(json_pack("{s:s, s:s, s:I}", "file", path, "ledger", ledger,
					   "records", (json_int_t)records));
	printf("%s has %" PRId64 " records of %s\n", path, records, ledger);
	return CTL_OK;
}

/**
 * cmd_backup() - tongbuctl backup
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_backup(int argc, char **argv)
{
	const char *path = TB_CONFIG_PATH;
	struct tb_config *config;
	struct tb_error err;
	int option, status;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option != OPT_CONFIG)
			return CTL_FAILED;
		path = optarg;
	}
	if (optind + 1 != argc)
		return ctl_bad("where to? backup FILE: see tongbuctl backup --help");
	if (tb_config_load(path, &config, &err))
		return ctl_failed(&err);
	status = backup(argv[optind], config->ledger);
	tb_config_free(config);
	return status;
}
