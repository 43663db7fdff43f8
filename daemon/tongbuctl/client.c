// SPDX-License-Identifier: GPL-2.0-only
/* What several commands ask of the daemons. */
#include <errno.h>

#include "ctl.h"

/**
 * ctl_connect() - reach tongbud, which has the records
 * @rpc: set to the connection
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_connect(struct tb_rpc **rpc, struct tb_error *err)
{
	return tb_rpc_connect(&tb_peer_station, ctl.socket, rpc, err);
}

/**
 * ctl_connect_referee() - reach the referee, which has what they came to
 * @rpc: set to the connection
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_connect_referee(struct tb_rpc **rpc, struct tb_error *err)
{
	return tb_rpc_connect(&tb_peer_referee, ctl.referee, rpc, err);
}

/**
 * ctl_measures() - how sources are read, and how their values fare
 *
 * That is the referee's to say; without it nothing is said of it, after two seconds
 * at the latest.
 *
 * Return: the referee's answer to GetMeasures, the caller's, or NULL.
 */
json_t *ctl_measures(void)
{
	json_t *reply, *measures = NULL;
	struct tb_rpc *referee;

	if (ctl_connect_referee(&referee, NULL))
		return NULL;
	tb_rpc_limit(referee, 2);
	if (!tb_rpc_call(referee, "GetMeasures", NULL, &reply, NULL)) {
		measures = json_incref(json_object_get(reply, "measures"));
		json_decref(reply);
	}
	tb_rpc_close(referee);
	return measures;
}

/**
 * ctl_referee_status() - how does the referee fare?
 * @status: set to what it says, the caller's
 * @err: told why it says nothing
 *
 * Return: 0 or a negative errno.
 */
int ctl_referee_status(json_t **status, struct tb_error *err)
{
	struct tb_rpc *rpc;
	json_t *reply;
	int ret;

	ret = ctl_connect_referee(&rpc, err);
	if (ret)
		return ret;
	/* A referee that is busy for long is one that rests. */
	tb_rpc_limit(rpc, 10);
	ret = tb_rpc_call(rpc, "GetStatus", NULL, &reply, err);
	tb_rpc_close(rpc);
	if (ret)
		return ret;
	*status = json_incref(json_object_get(reply, "status"));
	json_decref(reply);
	return 0;
}

/**
 * ctl_names() - learn what sources, outputs and reflexes are called
 * @rpc: the connection
 * @names: what learns it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_names(struct tb_rpc *rpc, struct tb_names *names, struct tb_error *err)
{
	json_t *reply;
	int ret;

	ret = tb_rpc_call(rpc, "GetNames", NULL, &reply, err);
	if (ret)
		return ret;
	if (tb_names_read(names, json_object_get(reply, "names")))
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	json_decref(reply);
	return ret;
}
