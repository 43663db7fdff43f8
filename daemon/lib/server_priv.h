/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the server share. */
#ifndef TONGBU_SERVER_PRIV_H
#define TONGBU_SERVER_PRIV_H

#include <sys/queue.h>

#include "server.h"

/* Of a usual question */
#define TB_REQUEST_MAX (64UL * 1024)

/**
 * struct tb_conn - one connection
 * @link: in the server's list
 * @server: whose
 * @io: watches the socket, and closes it
 * @uid: the peer's user
 * @allowed: the peer may ask
 * @in: what was read and not yet understood
 * @in_len: bytes of it
 * @in_room: bytes it can have
 * @in_seen: bytes of it that have no end of a request
 * @large: it holds more than others may
 * @out: what is to be sent
 * @out_len: bytes of it
 * @out_at: bytes of it that were sent
 * @stream: answer under way, or NULL
 * @ops: of @stream
 * @idle: the stream waits
 * @waiting: there may be whole requests in @in, to be answered next time
 * @last: hang up when all is sent
 * @moved: when bytes last came or went, CLOCK_MONOTONIC, ns
 */
struct tb_conn {
	LIST_ENTRY(tb_conn) link;
	struct tb_server *server;
	sd_event_source *io;
	uid_t uid;
	bool allowed;
	char *in;
	size_t in_len;
	size_t in_room;
	size_t in_seen;
	bool large;
	char *out;
	size_t out_len;
	size_t out_at;
	void *stream;
	const struct tb_stream_ops *ops;
	bool idle;
	bool waiting;
	bool last;
	uint64_t moved;
};

LIST_HEAD(tb_conn_list, tb_conn);

/**
 * struct tb_server - the socket and its connections
 * @event: the event loop
 * @service: who answers
 * @io: watches the socket, and closes it
 * @gid: group whose members may ask, or -1
 * @connections: how many
 * @list: the connections
 */
struct tb_server {
	sd_event *event;
	const struct tb_service *service;
	sd_event_source *io;
	gid_t gid;
	unsigned int connections;
	struct tb_conn_list list;
};

/* conn.c */
int tb_conn_new(struct tb_server *server, int fd, uid_t uid, bool allowed);
void tb_conn_free(struct tb_conn *conn);
int tb_conn_watch(struct tb_conn *conn);

/* service.c */
bool tb_service_too_many(const char *text, size_t len);
int tb_service_call(struct tb_conn *conn, const char *text, size_t len);

#endif /* TONGBU_SERVER_PRIV_H */
