// SPDX-License-Identifier: GPL-2.0-only
#include "store.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generated/hub_schema.h"
#include "generated/hub_schema_2.h"
#include "generated/hub_schema_3.h"

/* "tbhb" in PostgreSQL's space of advisory locks, and the shard: one hub takes, others wait */
#define LOCK "1952606306"
/* The same, of one number: who makes the tables, or changes them to a newer version */
#define LOCK_TABLES "1952606306"

/**
 * hub_failed() - say what PostgreSQL says
 * @db: the connection
 * @err: told
 *
 * Return: -ECONNRESET without a connection; else -EIO.
 */
int hub_failed(PGconn *db, struct tb_error *err)
{
	int code = PQstatus(db) == CONNECTION_BAD ? -ECONNRESET : -EIO;
	char text[400];
	size_t len;

	/* One line, and without its end */
	snprintf(text, sizeof(text), "%s", PQerrorMessage(db));
	len = strcspn(text, "\n");
	text[len] = '\0';
	tb_error_set(err, code, "PostgreSQL: %s", text);
	return code;
}

/**
 * hub_exec() - run SQL that gives no rows
 * @db: the connection
 * @sql: one statement or more
 * @err: told what went wrong
 *
 * Return: 0; -ECONNRESET without a connection; or -EIO.
 */
int hub_exec(PGconn *db, const char *sql, struct tb_error *err)
{
	PGresult *result = PQexec(db, sql);
	ExecStatusType status = PQresultStatus(result);

	PQclear(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? 0 : hub_failed(db, err);
}

/**
 * hub_query() - ask
 * @db: the connection
 * @sql: one statement, with $1 and on
 * @count: how many values
 * @values: for those, as text
 * @result: set to the answer, the caller's to clear; to NULL if there is none
 * @err: told what went wrong
 *
 * Return: 0; -ECONNRESET without a connection; or -EIO.
 */
int hub_query(PGconn *db, const char *sql, int count, const char *const *values, PGresult **result,
	      struct tb_error *err)
{
	PGresult *r = PQexecParams(db, sql, count, NULL, values, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(r);

	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
		*result = r;
		return 0;
	}
	PQclear(r);
	*result = NULL;
	return hub_failed(db, err);
}

/**
 * hub_exec_row() - run SQL about something of a station
 * @db: the connection
 * @sql: one statement, with $1 for the station's number and $2
 * @station: the station
 * @number: for $2
 * @err: told what went wrong
 *
 * Return: 0; -ECONNRESET without a connection; or -EIO.
 */
int hub_exec_row(PGconn *db, const char *sql, const struct hub_station *station, uint64_t number,
		 struct tb_error *err)
{
	char text[2][24];
	const char *const values[] = { text[0], text[1] };
	PGresult *result;
	int ret;

	snprintf(text[0], sizeof(text[0]), "%d", station->id);
	snprintf(text[1], sizeof(text[1]), "%" PRIu64, number);
	ret = hub_query(db, sql, 2, values, &result, err);
	if (!ret)
		PQclear(result);
	return ret;
}

static void be_quiet(void *userdata, const char *text)
{
	(void)userdata, (void)text;
}

/* What makes each version of the tables out of the one before */
static const char *const steps[] = { hub_schema_text, hub_schema_2_text, hub_schema_3_text };
#define VERSION ((int)(sizeof(steps) / sizeof(steps[0])))

static int number(PGconn *db, const char *sql, int *value, struct tb_error *err)
{
	PGresult *result;
	int ret = hub_query(db, sql, 0, NULL, &result, err);

	if (ret)
		return ret;
	*value = atoi(PQgetvalue(result, 0, 0));
	PQclear(result);
	return 0;
}

static int get_version(PGconn *db, int *version, struct tb_error *err)
{
	int ret =
		number(db, "SELECT (to_regclass('tongbu.version') IS NOT NULL)::int", version, err);

	if (!ret && *version)
		ret = number(db, "SELECT max(version) FROM tongbu.version", version, err);
	return ret;
}

static int advance(PGconn *db, int version, struct tb_error *err)
{
	struct tb_error why;
	int ret = 0, was = version;

	for (; !ret && version < VERSION; version++)
		ret = hub_exec(db, steps[version], &why);
	return ret ? tb_error_set(err, ret,
				  "the tables are of version %d, and cannot be made %d: run tongbu-hub once as their owner. %.300s",
				  was, VERSION, why.text) :
		     0;
}

/* In one transaction, of one program at a time */
static int migrate(PGconn *db, struct tb_error *err)
{
	int version, ret = get_version(db, &version, err);

	if (!ret && version < VERSION) {
		/* What another made meanwhile is seen by a transaction that begins behind the lock. */
		ret = hub_exec(db, "SELECT pg_advisory_lock(" LOCK_TABLES ")", err) ?:
			      hub_exec(db, "BEGIN", err)			    ?:
			      get_version(db, &version, err);
		if (!ret && version < VERSION)
			ret = advance(db, version, err);
		ret = ret ?: hub_exec(db, "COMMIT", err);
		/* Of a failure the connection ends, and both with it. */
		ret = ret ?: hub_exec(db, "SELECT pg_advisory_unlock(" LOCK_TABLES ")", err);
	}
	if (!ret && version > VERSION)
		ret = tb_error_set(err, -EINVAL,
				   "the database is of version %d, this tongbu-hub knows %d: use the newer program",
				   version, VERSION);
	return ret;
}

/**
 * hub_store_open() - connect, and make the tables if there are none
 * @database: as libpq has it: "host=/run/postgresql dbname=tongbu"
 * @db: set to the connection; PQfinish() ends it
 * @err: told what went wrong
 *
 * Return: 0; -ECONNREFUSED if there is no server; or another negative errno.
 */
int hub_store_open(const char *database, PGconn **db, struct tb_error *err)
{
	PGconn *d = PQconnectdb(database);
	int ret;

	if (PQstatus(d) != CONNECTION_OK) {
		hub_failed(d, err);
		PQfinish(d);
		return -ECONNREFUSED;
	}
	PQsetNoticeProcessor(d, be_quiet, NULL);
	ret = hub_exec(d, "SET synchronous_commit = on; SET bytea_output = 'hex'", err);
	ret = ret ?: migrate(d, err);
	if (ret)
		PQfinish(d);
	else
		*db = d;
	return ret;
}

/**
 * hub_store_safe() - would what is committed survive a crash?
 * @db: the connection
 * @err: told which setting is in the way
 *
 * Return: 0; -EPERM if it would not; or another negative errno.
 */
int hub_store_safe(PGconn *db, struct tb_error *err)
{
	PGresult *result;
	int ret =
		hub_query(db,
			  "SELECT name, setting FROM pg_settings WHERE setting IN ('off', 'local')"
			  " AND name IN ('fsync', 'full_page_writes', 'synchronous_commit')",
			  0, NULL, &result, err);

	if (ret)
		return ret;
	if (PQntuples(result))
		ret = tb_error_set(err, -EPERM,
				   "PostgreSQL has %s = %s: what it holds would not survive a crash, so nothing is cosigned; set it to on",
				   PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1));
	PQclear(result);
	return ret;
}

/**
 * hub_store_months() - have tables for what comes this month, and the next
 * @db: the connection
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_store_months(PGconn *db, struct tb_error *err)
{
	return hub_exec(db,
			"SELECT tongbu.make_month(current_date),"
			" tongbu.make_month((current_date + interval '1 month')::date)",
			err);
}

/**
 * hub_store_lock() - be the hub that takes
 * @db: the connection; the lock ends with it
 * @shard: of the stations of this shard
 * @got: set to whether; another one has it if not
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_store_lock(PGconn *db, uint32_t shard, bool *got, struct tb_error *err)
{
	char text[16];
	const char *const values[] = { text };
	PGresult *result;
	int ret;

	snprintf(text, sizeof(text), "%" PRIu32, shard);
	ret = hub_query(db, "SELECT pg_try_advisory_lock(" LOCK ", $1)", 1, values, &result, err);
	if (ret)
		return ret;
	*got = *PQgetvalue(result, 0, 0) == 't';
	PQclear(result);
	return *got ? hub_store_months(db, err) : 0;
}

static void put(struct hub_copy *copy, const void *bytes, size_t len)
{
	uint8_t *more;

	if (copy->len + len > copy->room) {
		copy->room = 2 * copy->room + len + 4096;
		more = realloc(copy->bytes, copy->room);
		copy->failed = copy->failed || !more;
		if (!more)
			copy->room = copy->len;
		else
			copy->bytes = more;
	}
	if (copy->failed || !len)
		return;
	memcpy(copy->bytes + copy->len, bytes, len);
	copy->len += len;
}

static void put_number(struct hub_copy *copy, uint64_t number, size_t size)
{
	uint64_t big = htobe64(number);

	put(copy, (uint8_t *)&big + sizeof(big) - size, size);
}

/**
 * hub_copy_row() - begin a row
 * @copy: the rows
 * @fields: how many it has
 */
void hub_copy_row(struct hub_copy *copy, unsigned int fields)
{
	static const uint8_t head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

	if (!copy->len)
		put(copy, head, sizeof(head));
	put_number(copy, fields, 2);
}

/**
 * hub_copy_number() - a number of a row
 * @copy: the rows
 * @number: the number
 * @size: bytes the column has: 2, 4 or 8
 */
void hub_copy_number(struct hub_copy *copy, uint64_t number, size_t size)
{
	put_number(copy, size, 4);
	put_number(copy, number, size);
}

/**
 * hub_copy_bytes() - bytes of a row
 * @copy: the rows
 * @bytes: they
 * @len: how many
 */
void hub_copy_bytes(struct hub_copy *copy, const void *bytes, size_t len)
{
	put_number(copy, len, 4);
	put(copy, bytes, len);
}

/**
 * hub_copy_run() - hand the rows over
 * @db: the connection, in a transaction
 * @table: table and columns
 * @copy: the rows; empty afterwards
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_copy_run(PGconn *db, const char *table, struct hub_copy *copy, struct tb_error *err)
{
	PGresult *result;
	char sql[128];
	bool done;

	if (!copy->len && !copy->failed)
		return 0;
	put_number(copy, UINT16_MAX, 2);
	if (copy->failed)
		return tb_error_set(err, -ENOMEM, "out of memory");
	snprintf(sql, sizeof(sql), "COPY %s FROM STDIN BINARY", table);
	result = PQexec(db, sql);
	done = PQresultStatus(result) == PGRES_COPY_IN;
	PQclear(result);
	done = done && PQputCopyData(db, (const char *)copy->bytes, (int)copy->len) == 1 &&
	       PQputCopyEnd(db, NULL) == 1;
	copy->len = 0;
	if (!done)
		return hub_failed(db, err);
	while ((result = PQgetResult(db))) {
		done = done && PQresultStatus(result) == PGRES_COMMAND_OK;
		PQclear(result);
	}
	return done ? 0 : hub_failed(db, err);
}

/**
 * struct getting - subtrees, out of the tables
 * @db: the connection
 * @station: whose
 * @err: told what went wrong
 */
struct getting {
	PGconn *db;
	const struct hub_station *station;
	struct tb_error *err;
};

static int get(unsigned int base, uint64_t first, uint64_t count, struct tb_frontier *part,
	       void *userdata)
{
	static const char records[] =
		"SELECT bytes FROM tongbu.record WHERE station = $1 AND entry >= $2"
		" AND entry < $2::bigint + $3::bigint ORDER BY entry";
	static const char tree[] =
		"SELECT hash FROM tongbu.tree WHERE station = $1 AND index >= $2"
		" AND index < $2::bigint + $3::bigint AND base = $4 ORDER BY index";
	struct getting *getting = userdata;
	char text[4][24];
	const char *const values[] = { text[0], text[1], text[2], text[3] };
	uint8_t leaf[TB_HASH_LEN];
	PGresult *result;
	int i;

	snprintf(text[0], sizeof(text[0]), "%d", getting->station->id);
	snprintf(text[1], sizeof(text[1]), "%" PRIu64, first);
	snprintf(text[2], sizeof(text[2]), "%" PRIu64, count);
	snprintf(text[3], sizeof(text[3]), "%u", base);
	result = PQexecParams(getting->db, base ? tree : records, base ? 4 : 3, NULL, values, NULL,
			      NULL, 1);
	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		PQclear(result);
		return hub_failed(getting->db, getting->err);
	}
	for (i = 0; i < PQntuples(result); i++) {
		if (base && PQgetlength(result, i, 0) != TB_HASH_LEN)
			break;
		if (base)
			memcpy(leaf, PQgetvalue(result, i, 0), TB_HASH_LEN);
		else
			tb_merkle_leaf(PQgetvalue(result, i, 0), (size_t)PQgetlength(result, i, 0),
				       leaf);
		tb_frontier_add(part, leaf, NULL, NULL);
	}
	PQclear(result);
	return 0;
}

static int fetch(unsigned int level, uint64_t index, uint8_t hash[TB_HASH_LEN], void *userdata)
{
	return tb_merkle_tile(level, index, get, userdata, hash);
}

static int missing(int ret, const struct hub_station *station, struct tb_error *err)
{
	return ret == -EBADMSG ? tb_error_set(err, ret, "entries of %s are missing in PostgreSQL",
					      station->key.name) :
				 ret;
}

/**
 * hub_root_at() - root of a station's log as it was
 * @db: the connection
 * @station: the station
 * @size: entries it had; at most those that are held
 * @root: set to it
 * @err: told what went wrong
 *
 * Return: 0; -EBADMSG if entries are missing; or another negative errno.
 */
int hub_root_at(PGconn *db, const struct hub_station *station, uint64_t size,
		uint8_t root[TB_HASH_LEN], struct tb_error *err)
{
	struct getting getting = { .db = db, .station = station, .err = err };

	if (size == station->tree.size) {
		tb_frontier_root(&station->tree, root);
		return 0;
	}
	return missing(tb_merkle_root(size, fetch, &getting, root), station, err);
}

/**
 * hub_block_good() - are 256 records those that the tree was made of?
 * @db: the connection
 * @station: the station
 * @block: which 256; the last may have less
 * @good: set to whether
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_block_good(PGconn *db, const struct hub_station *station, uint64_t block, bool *good,
		   struct tb_error *err)
{
	struct getting getting = { .db = db, .station = station, .err = err };
	uint8_t is[TB_HASH_LEN], was[TB_HASH_LEN];
	struct tb_frontier part = { 0 };
	uint64_t first = block << TB_TILE_BITS;
	int ret;

	if (station->tree.size - first >= 1U << TB_TILE_BITS) {
		ret = get(0, first, 1U << TB_TILE_BITS, &part, &getting) ?:
			      tb_merkle_tile(TB_TILE_BITS, block, get, &getting, was);
		tb_frontier_root(&part, is);
	} else {
		/* Of those behind the last whole one there is the frontier alone. */
		ret = tb_merkle_root(station->tree.size, fetch, &getting, is);
		tb_frontier_root(&station->tree, was);
	}
	*good = !ret && !memcmp(is, was, TB_HASH_LEN);
	return ret == -EBADMSG ? 0 : ret;
}
