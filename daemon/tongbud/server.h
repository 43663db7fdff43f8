/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions, answered over a UNIX socket: org.tongbu.Station.varlink is the
 * interface. server.c keeps the connections, methods.c knows the answers.
 */
#ifndef TONGBU_SERVER_H
#define TONGBU_SERVER_H

#include <jansson.h>

#include "error.h"
#include "ledger.h"
#include "station.h"

struct tb_server;
struct tb_conn;

int tb_server_start(struct tb_station *station, struct tb_server **server, struct tb_error *err);
void tb_server_wake(struct tb_server *server);
void tb_server_free(struct tb_server *server);

int tb_conn_reply(struct tb_conn *conn, json_t *parameters, bool continues);
int tb_conn_refuse(struct tb_conn *conn, const char *error, const char *key, const char *text);
void tb_conn_stream(struct tb_conn *conn, struct tb_cursor *cursor, bool follow);

uid_t tb_conn_uid(const struct tb_conn *conn);
int tb_conn_large(struct tb_conn *conn);

int tb_method_call(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		   bool allowed);

#endif /* TONGBU_SERVER_H */
