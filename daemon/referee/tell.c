// SPDX-License-Identifier: GPL-2.0-only
#include "tell.h"

#include <errno.h>
#include <stdlib.h>

#include "hex.h"
#include "log.h"
#include "rpc.h"

/* People wait as long as tongbud does */
#define LIMIT_SECONDS 2
/* As many clocks as tongbud takes in one question */
#define CLOCKS_MAX 256

/**
 * struct tb_tell - a connection to tongbud, made when it is wanted
 * @socket: where tongbud listens; the caller's
 * @rpc: the connection, or NULL
 */
struct tb_tell {
	const char *socket;
	struct tb_rpc *rpc;
};

/**
 * tb_tell_new() - make ready to ask
 * @socket: where tongbud listens; kept
 *
 * Return: it; NULL if there is no memory.
 */
struct tb_tell *tb_tell_new(const char *socket)
{
	struct tb_tell *tell = calloc(1, sizeof(*tell));

	if (tell)
		tell->socket = socket;
	return tell;
}

static int call(struct tb_tell *tell, const char *method, json_t *parameters, json_t **reply,
		struct tb_error *err)
{
	int ret = 0;

	if (!parameters)
		return tb_error_set(err, -ENOMEM, "out of memory");
	if (!tell->rpc) {
		ret = tb_rpc_connect(&tb_peer_station, tell->socket, &tell->rpc, err);
		if (ret) {
			json_decref(parameters);
			return ret;
		}
		tb_rpc_limit(tell->rpc, LIMIT_SECONDS);
	}
	ret = tb_rpc_call(tell->rpc, method, parameters, reply, err);
	/* A late answer must not be taken for one to the next question. */
	if (ret == -EPIPE || ret == -ETIMEDOUT || ret == -EPROTO) {
		tb_rpc_close(tell->rpc);
		tell->rpc = NULL;
	}
	return ret;
}

/**
 * tb_tell_armed() - which clocks are armed?
 * @tell: the connection
 * @armed: set to them; the caller unrefs @armed->clocks
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_tell_armed(struct tb_tell *tell, struct tb_armed *armed, struct tb_error *err)
{
	json_t *reply = NULL, *clocks;
	json_int_t head;
	const char *id;
	int ret;

	ret = call(tell, "GetClocks", json_object(), &reply, err);
	if (ret)
		return ret;
	if (json_unpack(reply, "{s:o, s:s, s:I}", "clocks", &clocks, "chain", &id, "head", &head) ||
	    tb_hex_decode(id, armed->chain, sizeof(armed->chain))) {
		ret = tb_error_set(err, -EPROTO, "tongbud's answer cannot be read");
	} else {
		armed->clocks = json_incref(clocks);
		armed->head = head;
	}
	json_decref(reply);
	return ret;
}

static int tell_some(struct tb_tell *tell, json_t *some, struct tb_error *err)
{
	json_t *reply = NULL, *failed;
	size_t i;
	int ret;

	ret = call(tell, "ArmClocks", json_pack("{s:O}", "clocks", some), &reply, err);
	if (ret)
		return ret;
	json_array_foreach(json_object_get(reply, "failed"), i, failed)
		ret = tb_error_set(err, -EIO, "clock %lld could not be set: %s",
				   (long long)json_integer_value(json_object_get(failed, "id")),
				   json_string_value(json_object_get(failed, "reason")) ?: "");
	json_decref(reply);
	return ret;
}

/**
 * tb_tell_clocks() - arm clocks, and cancel them
 * @tell: the connection
 * @clocks: an array of what ArmClocks takes
 * @err: told what went wrong last; the others are as they should be
 *
 * Return: 0 or a negative errno.
 */
int tb_tell_clocks(struct tb_tell *tell, const json_t *clocks, struct tb_error *err)
{
	size_t at = 0, count = json_array_size(clocks);
	json_t *some = json_array();
	int ret = 0, failed = 0;

	while (at < count && ret != -ENOMEM && (!ret || ret == -EIO)) {
		json_array_append(some, json_array_get(clocks, at++));
		if (at % CLOCKS_MAX && at < count)
			continue;
		ret = tell_some(tell, some, err);
		failed = ret ?: failed;
		json_array_clear(some);
	}
	json_decref(some);
	return failed;
}

/**
 * tb_tell_output() - set an output
 * @tell: the connection
 * @output: its name
 * @value: on or off
 * @record: id of the record that says so
 * @err: told what went wrong
 *
 * Return: 0, also if that record's chain has ended; or a negative errno.
 */
int tb_tell_output(struct tb_tell *tell, const char *output, bool value, const char *record,
		   struct tb_error *err)
{
	json_t *reply = NULL;
	int ret;

	ret = call(tell, "SetOutput",
		   json_pack("{s:s, s:b, s:s}", "output", output, "value", value, "record", record),
		   &reply, err);
	if (!ret)
		json_decref(reply);
	return ret == -ESTALE ? 0 : ret;
}

/**
 * tb_tell_force() - put on record what is in force
 * @tell: the connection
 * @act: what PutInForce takes; taken over
 * @record: set to the number of the record
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_tell_force(struct tb_tell *tell, json_t *act, int64_t *record, struct tb_error *err)
{
	json_t *reply = NULL;
	int ret;

	ret = call(tell, "PutInForce", json_pack("{s:o}", "act", act), &reply, err);
	if (ret)
		return ret;
	*record = json_integer_value(json_object_get(reply, "record"));
	json_decref(reply);
	return 0;
}

/**
 * tb_tell_readers() - say who may read all records
 * @tell: the connection
 * @uids: what SetReaders takes
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_tell_readers(struct tb_tell *tell, json_t *uids, struct tb_error *err)
{
	json_t *reply = NULL;
	int ret;

	ret = call(tell, "SetReaders", json_pack("{s:O}", "uids", uids), &reply, err);
	if (!ret)
		json_decref(reply);
	return ret;
}

/**
 * tb_tell_free() - ask no more
 * @tell: the connection, or NULL
 */
void tb_tell_free(struct tb_tell *tell)
{
	if (!tell)
		return;
	tb_rpc_close(tell->rpc);
	free(tell);
}
