// SPDX-License-Identifier: GPL-2.0-only
/* What several commands ask of the daemon. */
#include <errno.h>

#include "ctl.h"
#include "hex.h"
#include "record.h"

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
 * ctl_names() - learn what sources, outputs and reflexes are called
 * @rpc: the connection
 * @names: what learns it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_names(struct tb_rpc *rpc, struct tb_names *names, struct tb_error *err)
{
	uint8_t chain[TONGBU_CHAIN_LEN];
	const char *id, *word, *name;
	json_int_t number;
	json_t *reply, *entry;
	int ret, what;
	size_t i;

	ret = tb_rpc_call(rpc, "GetNames", NULL, &reply, err);
	if (ret)
		return ret;
	json_array_foreach(json_object_get(reply, "names"), i, entry)
		if (!json_unpack(entry, "{s:s, s:s, s:I, s:s}", "chain", &id, "what", &word,
				 "number", &number, "name", &name) &&
		    !tb_hex_decode(id, chain, sizeof(chain))) {
			what = tb_word_number(tb_named_word, word);
			if (what >= 0)
				tb_names_add(names, chain, (enum tb_named)what, (uint32_t)number,
					     name);
		}
	json_decref(reply);
	return 0;
}
