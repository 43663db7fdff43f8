/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answering side of Varlink: questions over a UNIX socket, JSON objects each
 * closed by a NUL. server.c has the socket and who may ask, conn.c one connection,
 * service.c finds the method. rpc.h is the asking side.
 *
 * One turn of the event loop is one question, or one piece of a stream, of one
 * connection; all of it comes behind what the daemon is for (%TB_SERVER_PRIORITY).
 */
#ifndef TONGBU_SERVER_H
#define TONGBU_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

#include <jansson.h>
#include <systemd/sd-event.h>

#include "error.h"

#define TB_SERVICE "org.varlink.service"
/* Behind all sources of events that are not given another one */
#define TB_SERVER_PRIORITY (SD_EVENT_PRIORITY_NORMAL + 50)

struct tb_conn;
struct tb_server;

/**
 * struct tb_method - one method
 * @name: its name, without that of the interface
 * @call: answers or refuses; returns 0, or a negative errno to hang up
 */
struct tb_method {
	const char *name;
	int (*call)(void *userdata, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters);
};

/**
 * struct tb_service - who answers
 * @program: its name
 * @interface: name of the interface
 * @description: the interface's text
 * @methods: what may be asked, closed by one without a name
 * @socket: path of the socket
 * @group: name of the group whose members may ask, or NULL: then root and the
 *	program's own user alone
 * @large: bytes a question may have, if more than the usual; 0 if none
 * @patience: ms that a connection may rest when another one needs its place; 0 for
 *	what is usual
 * @userdata: for @methods
 */
struct tb_service {
	const char *program;
	const char *interface;
	const char *description;
	const struct tb_method *methods;
	const char *socket;
	const char *group;
	size_t large;
	unsigned int patience;
	void *userdata;
};

/**
 * enum tb_next - what a stream did
 * @TB_NEXT_MORE: it goes on at once
 * @TB_NEXT_WAIT: it goes on after tb_server_wake()
 * @TB_NEXT_END: it has ended
 */
enum tb_next {
	TB_NEXT_MORE,
	TB_NEXT_WAIT,
	TB_NEXT_END,
};

/**
 * struct tb_stream_ops - an answer in pieces
 * @next: make the next piece, with tb_conn_reply(), or none; enum tb_next or a
 *	negative errno to hang up
 * @close: end it
 */
struct tb_stream_ops {
	int (*next)(struct tb_conn *conn, void *stream);
	void (*close)(void *stream);
};

int tb_server_start(sd_event *event, const struct tb_service *service, struct tb_server **server,
		    struct tb_error *err);
void tb_server_wake(struct tb_server *server);
void tb_server_free(struct tb_server *server);

int tb_conn_reply(struct tb_conn *conn, json_t *parameters, bool continues);
int tb_conn_refuse(struct tb_conn *conn, const char *error, const char *key, const char *text);
int tb_conn_failed(struct tb_conn *conn, const struct tb_error *err);
int tb_conn_denied(struct tb_conn *conn, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int tb_conn_invalid(struct tb_conn *conn, const char *parameter);
void tb_conn_stream(struct tb_conn *conn, const struct tb_stream_ops *ops, void *stream);
uid_t tb_conn_uid(const struct tb_conn *conn);
bool tb_conn_is_root(const struct tb_conn *conn);
int tb_conn_large(struct tb_conn *conn);

#endif /* TONGBU_SERVER_H */
