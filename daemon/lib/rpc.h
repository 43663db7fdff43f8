/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls to the daemon: the Varlink protocol over a UNIX socket, JSON objects
 * each closed by a NUL. daemon/tongbud/org.tongbu.Station.varlink is the
 * interface.
 */
#ifndef TONGBU_RPC_H
#define TONGBU_RPC_H

#include <stdbool.h>

#include <jansson.h>

#include "error.h"

#define TB_SOCKET_PATH "/run/tongbu/socket"

struct tb_rpc;

int tb_rpc_connect(const char *path, struct tb_rpc **rpc, struct tb_error *err);
int tb_rpc_call(struct tb_rpc *rpc, const char *method, json_t *parameters, json_t **reply,
		struct tb_error *err);
int tb_rpc_call_more(struct tb_rpc *rpc, const char *method, json_t *parameters,
		     int (*answer)(const json_t *parameters, void *userdata), void *userdata,
		     struct tb_error *err);
void tb_rpc_close(struct tb_rpc *rpc);

#endif /* TONGBU_RPC_H */
