// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the referee may want of the kernel: clocks, outputs, and that it goes on record
 * which texts of packs are in force and how sources are read; and who may read what
 * people submitted. Nobody else may, but root.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "methods.h"

/* Clocks in one question: each is a question to the kernel, and the feed waits */
#define CLOCKS_MAX 256

/**
 * tb_method_is_referee() - does root ask, or the referee?
 * @station: the station
 * @conn: who asks
 *
 * Return: whether.
 */
bool tb_method_is_referee(const struct tb_station *station, const struct tb_conn *conn)
{
	return tb_conn_is_root(conn) || tb_conn_uid(conn) == station->referee_uid;
}

static int refuse(const struct tb_station *station, struct tb_conn *conn)
{
	return tb_conn_denied(conn, "only root and the user %s may order that",
			      station->config->referee_user);
}

/**
 * tb_method_clocks() - GetClocks
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_clocks(void *userdata, struct tb_conn *conn, const json_t *call,
		     const json_t *parameters)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	struct tb_station *station = userdata;
	struct tb_kernel_info info;
	struct tb_clock_def *clocks;
	struct tb_error err;
	size_t count, i;
	json_t *list;

	(void)call, (void)parameters;
	if (!tb_method_is_referee(station, conn))
		return refuse(station, conn);
	if (tb_kernel_clock_list(station->kernel, &clocks, &count, &err))
		return tb_conn_failed(conn, &err);
	list = json_array();
	for (i = 0; i < count; i++)
		if (clocks[i].seq == UINT64_MAX)
			json_array_append_new(list, json_integer((json_int_t)clocks[i].id));
	free(clocks);
	/* Behind the list: what was ordered before it is sealed below this head. */
	if (tb_kernel_info(station->kernel, &info, &err)) {
		json_decref(list);
		return tb_conn_failed(conn, &err);
	}
	return tb_conn_reply(conn,
			     json_pack("{s:o, s:s, s:I}", "clocks", list, "chain",
				       tb_hex_encode(chain, info.chain, TONGBU_CHAIN_LEN), "head",
				       (json_int_t)info.head),
			     false);
}

static int set_clock(struct tb_station *station, const json_t *clock, json_t *failed)
{
	const json_t *id = json_object_get(clock, "id"), *time = json_object_get(clock, "time");
	struct tb_error err;
	int ret;

	if (!json_is_integer(id) || json_integer_value(id) < 0 ||
	    (time && !json_is_null(time) &&
	     (!json_is_integer(time) || json_integer_value(time) < 0)))
		return -EINVAL;
	if (json_is_integer(time))
		ret = tb_kernel_clock_arm(station->kernel, (uint64_t)json_integer_value(id),
					  (uint64_t)json_integer_value(time), &err);
	else
		ret = tb_kernel_clock_cancel(station->kernel, (uint64_t)json_integer_value(id),
					     &err);
	/* It is so already. */
	if (ret && ret != -EALREADY && ret != -ENOENT)
		json_array_append_new(failed, json_pack("{s:I, s:s}", "id", json_integer_value(id),
							"reason", err.text));
	return 0;
}

/**
 * tb_method_arm() - ArmClocks
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_arm(void *userdata, struct tb_conn *conn, const json_t *call,
		  const json_t *parameters)
{
	json_t *clocks = json_object_get(parameters, "clocks"), *clock, *failed;
	struct tb_station *station = userdata;
	int ret = 0;
	size_t i;

	(void)call;
	if (!tb_method_is_referee(station, conn))
		return refuse(station, conn);
	if (!json_is_array(clocks) || json_array_size(clocks) > CLOCKS_MAX)
		return tb_conn_invalid(conn, "clocks");
	failed = json_array();
	json_array_foreach(clocks, i, clock) {
		ret = set_clock(station, clock, failed);
		if (ret)
			break;
	}
	if (!ret)
		return tb_conn_reply(conn, json_pack("{s:o}", "failed", failed), false);
	json_decref(failed);
	return tb_conn_invalid(conn, "clocks");
}

/*
 * An order is carried out in the chain in which it was given alone: when the machine
 * was off, its outputs were safe, and what was true before need not be so any more.
 */
static int check_chain(struct tb_station *station, const char *record, uint64_t *seq,
		       struct tb_error *err)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	const char *colon = strchr(record, ':');
	struct tb_kernel_info info;
	int ret;

	ret = tb_kernel_info(station->kernel, &info, err);
	if (ret)
		return ret;
	tb_hex_encode(chain, info.chain, TONGBU_CHAIN_LEN);
	if (!colon || colon - record != 8 || strncmp(chain, record, 8) != 0)
		return tb_error_set(err, -ENOENT, "record %.40s is not of the chain that runs",
				    record);
	*seq = strtoull(colon + 1, NULL, 10);
	return 0;
}

/**
 * tb_method_output() - SetOutput
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_output(void *userdata, struct tb_conn *conn, const json_t *call,
		     const json_t *parameters)
{
	const char *output = json_string_value(json_object_get(parameters, "output"));
	const char *record = json_string_value(json_object_get(parameters, "record"));
	const json_t *value = json_object_get(parameters, "value");
	struct tb_station *station = userdata;
	struct tb_error err;
	uint64_t seq = 0;

	(void)call;
	if (!tb_method_is_referee(station, conn))
		return refuse(station, conn);
	if (!output || !record || !json_is_boolean(value))
		return tb_conn_invalid(conn, !output ? "output" : !record ? "record" : "value");
	if (check_chain(station, record, &seq, &err))
		return tb_conn_refuse(conn, err.code == -ENOENT ? "OtherChain" : "Failed", "reason",
				      err.text);
	if (tb_kernel_output_set(station->kernel, output, json_is_true(value), seq, &err))
		return tb_conn_refuse(conn, "Failed", "reason", err.text);
	return tb_conn_reply(conn, json_object(), false);
}

/* What the base pack believes who keeps the ledger; all else is said by people. */
static bool is_in_force(const json_t *act)
{
	const char *pack = json_string_value(json_object_get(act, "pack"));
	const char *kind = json_string_value(json_object_get(act, "kind"));

	return pack && kind && !strcmp(pack, "base") &&
	       (!strcmp(kind, "pack") || !strcmp(kind, "measure") || !strcmp(kind, "zone"));
}

/**
 * tb_method_force() - PutInForce
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_force(void *userdata, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters)
{
	const json_t *act = json_object_get(parameters, "act");
	struct tb_station *station = userdata;
	struct tb_receipt receipt;
	struct tb_error err;
	char *text;
	int ret;

	(void)call;
	if (!tb_method_is_referee(station, conn))
		return refuse(station, conn);
	if (!is_in_force(act))
		return tb_conn_invalid(conn, "act");
	text = json_dumps(act, JSON_COMPACT);
	if (!text)
		return -ENOMEM;
	ret = tb_kernel_submit(station->kernel, TONGBU_ACT_JSON, text, strlen(text), &receipt,
			       &err);
	free(text);
	if (ret)
		return tb_conn_refuse(conn, "Failed", "reason", err.text);
	return tb_conn_reply(conn, json_pack("{s:I}", "record", (json_int_t)receipt.seq), false);
}

/**
 * tb_method_readers() - SetReaders
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_readers(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters)
{
	struct tb_station *station = userdata;
	struct tb_error err;
	int ret;

	(void)call;
	if (!tb_method_is_referee(station, conn))
		return refuse(station, conn);
	ret = tb_readers_set(station->readers, json_object_get(parameters, "uids"), &err);
	if (ret == -EINVAL)
		return tb_conn_invalid(conn, "uids");
	if (ret)
		return tb_conn_refuse(conn, "Failed", "reason", err.text);
	return tb_conn_reply(conn, json_object(), false);
}
