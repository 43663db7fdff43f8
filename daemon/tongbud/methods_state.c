// SPDX-License-Identifier: GPL-2.0-only
/* What the records came to: questions about the state. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "methods.h"
#include "query.h"

/* The referee, or NULL after telling that there is none */
static struct tb_referee *referee_of(struct tb_station *station, struct tb_error *err)
{
	struct tb_referee *referee = tb_fold_referee(station->fold);

	if (!referee)
		tb_error_set(err, -ENOENT,
			     "this station folds no packs: name some in tongbu.conf, as packs = ( \"market\" );");
	return referee;
}

static bool is_root(const struct tb_conn *conn)
{
	uid_t uid = tb_conn_uid(conn);

	return !uid || uid == geteuid();
}

/* Number of the last record of the last chain that is folded; -1 if none of it is */
static json_int_t position(const struct tb_station *station)
{
	const struct tb_ledger_tail *tail = tb_ledger_tail(station->ledger);
	int64_t last = tb_fold_last(station->fold);

	if (last < 0 || (uint64_t)last >> TB_LEDGER_SEQ_BITS != tail->chain_no)
		return -1;
	return last & (json_int_t)TB_LEDGER_SEQ_MAX;
}

/**
 * tb_method_query() - Query
 * @station: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_query(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters)
{
	const char *what = json_string_value(json_object_get(parameters, "what"));
	const json_t *filter = json_object_get(parameters, "filter");
	struct tb_referee *referee;
	struct tb_error err;
	json_t *rows;

	(void)call;
	if (!what)
		return tb_conn_refuse(conn, TB_SERVICE ".InvalidParameter", "parameter", "what");
	referee = referee_of(station, &err);
	if (!referee || tb_referee_query(referee, what, json_is_null(filter) ? NULL : filter,
					 tb_conn_uid(conn), is_root(conn), &rows, &err))
		return tb_method_refuse(conn, &err);
	if (!strcmp(what, "matter"))
		tb_method_mark_erased(station, rows);
	return tb_conn_reply(conn,
			     json_pack("{s:o, s:i, s:I, s:s*}", "rows", rows, "zone",
				       station->config->zone, "position", position(station),
				       "trouble", tb_fold_trouble(station->fold)),
			     false);
}

/**
 * tb_method_report() - Report
 * @station: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_report(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		     const json_t *parameters)
{
	const char *pack = json_string_value(json_object_get(parameters, "pack"));
	const char *report = json_string_value(json_object_get(parameters, "report"));
	json_t *query = json_object_get(parameters, "query"), *rows;
	struct tb_referee *referee;
	struct tb_error err;
	int ret;

	(void)call;
	if (!pack || !report || (query && !json_is_null(query) && !json_is_object(query)))
		return tb_conn_refuse(conn, TB_SERVICE ".InvalidParameter", "parameter",
				      !pack   ? "pack" :
				      !report ? "report" :
						"query");
	referee = referee_of(station, &err);
	if (!referee)
		return tb_method_refuse(conn, &err);
	query = json_is_object(query) ? json_incref(query) : json_object();
	ret = tb_referee_report(referee, pack, report, query, tb_conn_uid(conn), is_root(conn),
				&rows, &err);
	json_decref(query);
	if (ret == -EACCES)
		return tb_conn_refuse(conn, TB_STATION ".Denied", "reason", err.text);
	if (ret)
		return tb_method_refuse(conn, &err);
	return tb_conn_reply(conn,
			     json_pack("{s:o, s:i}", "rows", rows, "zone", station->config->zone),
			     false);
}

/**
 * tb_method_measures() - how sources are to be read, as of now
 * @station: the station
 * @conn: who asks
 * @call: the call
 * @parameters: none
 *
 * Return: 0 or a negative errno.
 */
int tb_method_measures(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		       const json_t *parameters)
{
	struct tb_referee *referee = tb_fold_referee(station->fold);

	(void)call, (void)parameters;
	return tb_conn_reply(conn,
			     json_pack("{s:o}", "measures",
				       referee ? tb_referee_measures(referee) : json_object()),
			     false);
}
