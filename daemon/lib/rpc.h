/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions to the daemons: the Varlink protocol over a UNIX socket, JSON objects
 * each closed by a NUL. The interfaces are daemon/tongbud/org.tongbu.Station.varlink
 * and daemon/referee/org.tongbu.Referee.varlink.
 */
#ifndef TONGBU_RPC_H
#define TONGBU_RPC_H

#include <stdbool.h>

#include <jansson.h>

#include "error.h"

#define TB_SOCKET_PATH	       "/run/tongbu/socket"
#define TB_REFEREE_SOCKET_PATH "/run/tongbu-referee/socket"

/**
 * struct tb_peer - who can be asked
 * @program: name of the program, and of its unit
 * @interface: name of its interface
 */
struct tb_peer {
	const char *program;
	const char *interface;
};

extern const struct tb_peer tb_peer_station;
extern const struct tb_peer tb_peer_referee;

struct tb_rpc;

int tb_rpc_socket(const struct tb_peer *peer, const char *path, struct tb_error *err);
char *tb_rpc_text(const struct tb_peer *peer, const char *method, json_t *parameters, bool more,
		  size_t *len);
int tb_rpc_connect(const struct tb_peer *peer, const char *path, struct tb_rpc **rpc,
		   struct tb_error *err);
void tb_rpc_limit(struct tb_rpc *rpc, unsigned int seconds);
int tb_rpc_call(struct tb_rpc *rpc, const char *method, json_t *parameters, json_t **reply,
		struct tb_error *err);
int tb_rpc_call_more(struct tb_rpc *rpc, const char *method, json_t *parameters,
		     int (*answer)(const json_t *parameters, void *userdata), void *userdata,
		     struct tb_error *err);
void tb_rpc_close(struct tb_rpc *rpc);

#endif /* TONGBU_RPC_H */
