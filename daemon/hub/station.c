// SPDX-License-Identifier: GPL-2.0-only
/* Stations: registered by their keys, and how far each is held. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

#define DAMAGED(station) "(SELECT min(block) FROM tongbu.damaged WHERE station = " station ")"

/**
 * hub_key_add() - take in the key of a log
 * @db: the connection
 * @sql: puts $1, its name, and $2, the key, into their table, unless they are there
 * @what: what has that name, for @err
 * @key: the key
 * @err: told what went wrong
 *
 * Return: 0; -EEXIST if there is one of that name; or another negative errno.
 */
int hub_key_add(PGconn *db, const char *sql, const char *what, const struct tb_vkey *key,
		struct tb_error *err)
{
	char *text = tb_vkey_text(key);
	const char *const values[] = { key->name, text };
	PGresult *result;
	int ret;

	if (!text)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = hub_query(db, sql, 2, values, &result, err);
	free(text);
	if (ret)
		return ret;
	if (strcmp(PQcmdTuples(result), "1"))
		ret = tb_error_set(err, -EEXIST, "there is a %s %s already", what, key->name);
	PQclear(result);
	return ret;
}

/**
 * hub_station_add() - register a station
 * @db: the connection
 * @key: the key of its log
 * @err: told what went wrong
 *
 * Return: 0; -EEXIST if there is one of that name; or another negative errno.
 */
int hub_station_add(PGconn *db, const struct tb_vkey *key, struct tb_error *err)
{
	return hub_key_add(db,
			   "INSERT INTO tongbu.station (origin, vkey) VALUES ($1, $2)"
			   " ON CONFLICT DO NOTHING",
			   "station", key, err);
}

static int read_frontier(const char *hex, struct tb_frontier *tree)
{
	size_t len;
	unsigned char *bytes = PQunescapeBytea((const unsigned char *)hex, &len);
	size_t at = 0;
	int level;

	for (level = 62; bytes && level >= 0; level--) {
		if (!(tree->size >> level & 1))
			continue;
		if (at + TB_HASH_LEN > len)
			break;
		memcpy(tree->hash[level], bytes + at, TB_HASH_LEN);
		at += TB_HASH_LEN;
	}
	PQfreemem(bytes);
	return bytes && at == len && level < 0 ? 0 : -EBADMSG;
}

static int read_row(const PGresult *result, struct hub_station *station, struct tb_error *err)
{
	int ret = tb_vkey_parse(PQgetvalue(result, 0, 1), &station->key, err);

	if (ret)
		return ret;
	station->id = atoi(PQgetvalue(result, 0, 0));
	station->tree.size = strtoull(PQgetvalue(result, 0, 2), NULL, 10);
	station->size = strtoull(PQgetvalue(result, 0, 4), NULL, 10);
	station->sent = strtoull(PQgetvalue(result, 0, 6), NULL, 10);
	if (read_frontier(PQgetvalue(result, 0, 3), &station->tree))
		return tb_error_set(err, -EBADMSG,
				    "the row of station %s in PostgreSQL is damaged: restore it from a backup",
				    station->key.name);
	station->damaged = PQgetisnull(result, 0, 7) ? -1 : atoll(PQgetvalue(result, 0, 7));
	if (PQgetisnull(result, 0, 5))
		return 0;
	station->note = strdup(PQgetvalue(result, 0, 5));
	return station->note ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

/**
 * hub_station_load() - how far is a station held?
 * @db: the connection; in a transaction the row is the transaction's until its end
 * @origin: the station's log
 * @station: filled in, to be cleared by the caller, also after a failure
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if it is not registered; or another negative errno.
 */
int hub_station_load(PGconn *db, const char *origin, struct hub_station *station,
		     struct tb_error *err)
{
	PGresult *result;
	int ret;

	*station = (struct hub_station){ 0 };
	ret = hub_query(db,
			"SELECT id, vkey, next, frontier, size, note, sent, " DAMAGED("s.id") " FROM tongbu.station s WHERE origin = $1 FOR UPDATE",
			1, &origin, &result, err);
	if (ret)
		return ret;
	ret = PQntuples(result) ?
		      read_row(result, station, err) :
		      tb_error_set(err, -ENOENT,
				   "there is no station %.80s: tongbu-hub station add KEY registers it",
				   origin);
	PQclear(result);
	return ret;
}

/**
 * hub_station_damaged() - see again what is damaged of it, once something was mended
 * @db: the connection
 * @station: the station; its @damaged is set
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_station_damaged(PGconn *db, struct hub_station *station, struct tb_error *err)
{
	char id[16];
	const char *const values[] = { id };
	PGresult *result;
	int ret;

	snprintf(id, sizeof(id), "%d", station->id);
	ret = hub_query(db, "SELECT " DAMAGED("$1"), 1, values, &result, err);
	if (ret)
		return ret;
	station->damaged = PQgetisnull(result, 0, 0) ? -1 : atoll(PQgetvalue(result, 0, 0));
	PQclear(result);
	return 0;
}

/**
 * hub_station_clear() - be done with a station
 * @station: the station
 */
void hub_station_clear(struct hub_station *station)
{
	free(station->note);
	station->note = NULL;
}
