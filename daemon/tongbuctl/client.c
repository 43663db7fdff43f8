// SPDX-License-Identifier: GPL-2.0-only
/* What several commands ask of the daemon. */
#include <errno.h>

#include "ctl.h"
#include "hex.h"

/**
 * ctl_connect() - reach the daemon
 * @rpc: set to the connection
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_connect(struct tb_rpc **rpc, struct tb_error *err)
{
	return tb_rpc_connect(ctl.socket, rpc, err);
}

/**
 * ctl_names() - learn what the sources are called
 * @rpc: the connection
 * @names: what learns it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_names(struct tb_rpc *rpc, struct tb_names *names, struct tb_error *err)
{
	uint8_t chain[TONGBU_CHAIN_LEN];
	const char *id, *name;
	json_int_t source;
	json_t *reply, *entry;
	size_t i;
	int ret;

	ret = tb_rpc_call(rpc, "GetSourceNames", NULL, &reply, err);
	if (ret)
		return ret;
	json_array_foreach(json_object_get(reply, "names"), i, entry)
		if (!json_unpack(entry, "{s:s, s:I, s:s}", "chain", &id, "source", &source, "name",
				 &name) &&
		    !tb_hex_decode(id, chain, sizeof(chain)))
			tb_names_add(names, chain, (uint32_t)source, name);
	json_decref(reply);
	return 0;
}
