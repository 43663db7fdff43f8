// SPDX-License-Identifier: GPL-2.0-only
/*
 * One reply is made when the one before it has been taken: somebody who asks for
 * the whole ledger and reads slowly costs one buffer. Requests on a connection
 * are answered one after another, one in each turn.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "json.h"
#include "server_priv.h"
#include "timefmt.h"

/* Connections that hold a large question or answer at a time, of all and of one user
 * who is not root
 */
#define LARGE_COUNT 8
#define LARGE_USER  2

static void end_stream(struct tb_conn *conn)
{
	if (conn->stream)
		conn->ops->close(conn->stream);
	conn->stream = NULL;
}

/**
 * tb_conn_free() - hang up
 * @conn: the connection
 */
void tb_conn_free(struct tb_conn *conn)
{
	LIST_REMOVE(conn, link);
	conn->server->connections--;
	sd_event_source_disable_unref(conn->io);
	end_stream(conn);
	free(conn->in);
	free(conn->out);
	free(conn);
}

static int send_object(struct tb_conn *conn, json_t *object)
{
	char *text = object ? tb_json_dumps(object, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) + 1 : 0;
	char *more;

	json_decref(object);
	if (!text)
		return -ENOMEM;
	more = realloc(conn->out, conn->out_len + len);
	if (!more) {
		free(text);
		return -ENOMEM;
	}
	memcpy(more + conn->out_len, text, len);
	conn->out = more;
	conn->out_len += len;
	free(text);
	return 0;
}

/**
 * tb_conn_reply() - answer
 * @conn: who asked
 * @parameters: the answer; taken over; NULL stands for no memory
 * @continues: more answers to the same question follow
 *
 * Return: 0 or -ENOMEM.
 */
int tb_conn_reply(struct tb_conn *conn, json_t *parameters, bool continues)
{
	json_t *reply;

	if (!parameters)
		return -ENOMEM;
	reply = json_pack("{s:o}", "parameters", parameters);
	if (reply && continues)
		json_object_set_new(reply, "continues", json_true());
	return send_object(conn, reply);
}

/**
 * tb_conn_refuse() - do not answer, and say why
 * @conn: who asked
 * @error: name of the error, with that of its interface if it is not the service's own
 * @key: name of its parameter
 * @text: what it says
 *
 * Return: 0 or -ENOMEM.
 */
int tb_conn_refuse(struct tb_conn *conn, const char *error, const char *key, const char *text)
{
	char name[128];

	if (!strchr(error, '.'))
		snprintf(name, sizeof(name), "%s.%s", conn->server->service->interface, error);
	else
		snprintf(name, sizeof(name), "%s", error);
	return send_object(conn,
			   json_pack("{s:s, s:{s:s}}", "error", name, "parameters", key, text));
}

/**
 * tb_conn_failed() - do not answer, since something went wrong
 * @conn: who asked
 * @err: what; its number chooses the error's name
 *
 * Return: 0 or -ENOMEM.
 */
int tb_conn_failed(struct tb_conn *conn, const struct tb_error *err)
{
	const char *name = "Failed";

	if (err->code == -ENOENT)
		name = "NotFound";
	else if (err->code == -EINVAL)
		name = "Invalid";
	else if (err->code == -EKEYREVOKED)
		name = "Erased";
	else if (err->code == -EACCES)
		name = "Denied";
	return tb_conn_refuse(conn, name, "reason", err->text);
}

/**
 * tb_conn_denied() - do not answer, since this peer may not ask that
 * @conn: who asked
 * @fmt: who may, as for printf()
 *
 * Return: 0 or -ENOMEM.
 */
int tb_conn_denied(struct tb_conn *conn, const char *fmt, ...)
{
	char reason[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	return tb_conn_refuse(conn, "Denied", "reason", reason);
}

/**
 * tb_conn_invalid() - do not answer: a parameter is wrong or missing
 * @conn: who asked
 * @parameter: its name
 *
 * Return: 0 or -ENOMEM.
 */
int tb_conn_invalid(struct tb_conn *conn, const char *parameter)
{
	return tb_conn_refuse(conn, TB_SERVICE ".InvalidParameter", "parameter", parameter);
}

/**
 * tb_conn_stream() - answer in pieces
 * @conn: who asked
 * @ops: how the pieces are made; kept
 * @stream: for @ops; taken over
 */
void tb_conn_stream(struct tb_conn *conn, const struct tb_stream_ops *ops, void *stream)
{
	conn->ops = ops;
	conn->stream = stream;
	conn->idle = false;
}

/**
 * tb_conn_uid() - who asks
 * @conn: the connection
 *
 * Return: the peer's uid, as the kernel has it.
 */
uid_t tb_conn_uid(const struct tb_conn *conn)
{
	return conn->uid;
}

/**
 * tb_conn_is_root() - does root ask, or the daemon's own user?
 * @conn: the connection
 *
 * Return: whether.
 */
bool tb_conn_is_root(const struct tb_conn *conn)
{
	return !conn->uid || conn->uid == geteuid();
}

/**
 * tb_conn_large() - may this connection hold a large question or answer?
 * @conn: the connection
 *
 * It may until what it holds is small again.
 *
 * Return: 0, or -EBUSY if too many do so now.
 */
int tb_conn_large(struct tb_conn *conn)
{
	const struct tb_conn *other;
	unsigned int all = 0, own = 0;

	if (conn->large)
		return 0;
	LIST_FOREACH(other, &conn->server->list, link)
	{
		all += other->large;
		own += other->large && other->uid == conn->uid;
	}
	if (!conn->allowed || all >= LARGE_COUNT || (conn->uid && own >= LARGE_USER))
		return -EBUSY;
	conn->large = true;
	return 0;
}

/* Of a request that does not fit: more room, if the peer may have it */
static int grow_in(struct tb_conn *conn)
{
	size_t most = conn->server->service->large;
	size_t room = conn->in_room < most / 2 ? 2 * conn->in_room : most;
	char *more;

	if (conn->in_room >= most)
		return -EMSGSIZE;
	/* What no question has is not waited for to its end. */
	if (tb_service_too_many(conn->in, conn->in_len)) {
		conn->last = true;
		conn->in_len = 0;
		return tb_conn_invalid(conn, "too many values");
	}
	if (tb_conn_large(conn)) {
		tb_log_paced("uid %u asks for too much at a time: a request was refused",
			     conn->uid);
		return -EMSGSIZE;
	}
	more = realloc(conn->in, room);
	if (!more)
		return -ENOMEM;
	conn->in = more;
	conn->in_room = room;
	return 0;
}

/* What was large is given back. */
static void settle(struct tb_conn *conn)
{
	char *less;

	if (!conn->large || conn->out || conn->in_len >= TB_REQUEST_MAX)
		return;
	less = realloc(conn->in, TB_REQUEST_MAX);
	if (less) {
		conn->in = less;
		conn->in_room = TB_REQUEST_MAX;
		conn->large = false;
	}
}

static int write_out(struct tb_conn *conn)
{
	ssize_t len;

	while (conn->out_at < conn->out_len) {
		len = send(sd_event_source_get_io_fd(conn->io), conn->out + conn->out_at,
			   conn->out_len - conn->out_at, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (len < 0)
			return errno == EAGAIN ? 0 : -errno;
		conn->out_at += (size_t)len;
		conn->moved = tb_time_monotonic();
	}
	free(conn->out);
	conn->out = NULL;
	conn->out_len = 0;
	conn->out_at = 0;
	return 0;
}

/* One request, if one is complete */
static int handle_request(struct tb_conn *conn)
{
	char *nul = conn->in_len > conn->in_seen ?
			    memchr(conn->in + conn->in_seen, '\0', conn->in_len - conn->in_seen) :
			    NULL;
	size_t at;
	int ret;

	conn->in_seen = conn->in_len;
	conn->waiting = false;
	if (!nul)
		return conn->in_len == conn->in_room ? grow_in(conn) : 0;
	at = (size_t)(nul - conn->in) + 1;
	ret = tb_service_call(conn, conn->in, at - 1);
	conn->in_len -= at;
	conn->in_seen = 0;
	memmove(conn->in, conn->in + at, conn->in_len);
	conn->waiting = conn->in_len;
	return ret;
}

static int next_piece(struct tb_conn *conn)
{
	int ret = conn->ops->next(conn, conn->stream);

	if (ret < 0)
		return ret;
	conn->idle = ret == TB_NEXT_WAIT;
	if (ret == TB_NEXT_END) {
		end_stream(conn);
		conn->waiting = conn->in_len;
	}
	return 0;
}

static int read_in(struct tb_conn *conn, int fd)
{
	ssize_t len;

	if (conn->in_len == conn->in_room)
		return 0;
	len = recv(fd, conn->in + conn->in_len, conn->in_room - conn->in_len, MSG_DONTWAIT);
	if (len < 0)
		return errno == EAGAIN ? 0 : -errno;
	conn->in_len += (size_t)len;
	conn->moved = tb_time_monotonic();
	return len ? 0 : -EPIPE;
}

/**
 * tb_conn_watch() - wait for what is to come next on a connection
 * @conn: the connection
 *
 * Return: 0 or a negative errno.
 */
int tb_conn_watch(struct tb_conn *conn)
{
	uint32_t events = conn->in_len < conn->in_room ? EPOLLIN : 0;

	if (conn->out || (conn->stream ? !conn->idle : conn->waiting))
		events |= EPOLLOUT;
	return sd_event_source_set_io_events(conn->io, events);
}

/* What was sent before is taken first; then one more piece of work */
static int take_turn(struct tb_conn *conn)
{
	int ret = write_out(conn);

	if (ret || conn->out)
		return ret;
	if (conn->last)
		return -ESHUTDOWN;
	if (!conn->stream)
		ret = handle_request(conn);
	else if (!conn->idle)
		ret = next_piece(conn);
	return ret ?: write_out(conn);
}

static int on_conn(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct tb_conn *conn = userdata;
	int ret = 0;

	(void)source;
	/* Who is gone while there is no room for more words wants no answer. */
	if ((revents & EPOLLHUP) && !(revents & EPOLLIN))
		ret = -EPIPE;
	else if (revents & (EPOLLIN | EPOLLHUP | EPOLLERR))
		ret = read_in(conn, fd);
	if (!ret)
		ret = take_turn(conn);
	settle(conn);
	if (!ret)
		ret = tb_conn_watch(conn);
	if (ret < 0)
		tb_conn_free(conn);
	return 0;
}

/**
 * tb_conn_new() - take a connection
 * @server: the server
 * @fd: the socket; taken over, if it succeeds
 * @uid: the peer's user
 * @allowed: the peer may ask
 *
 * Return: 0 or a negative errno.
 */
int tb_conn_new(struct tb_server *server, int fd, uid_t uid, bool allowed)
{
	struct tb_conn *conn = calloc(1, sizeof(*conn));
	int ret;

	if (!conn)
		return -ENOMEM;
	conn->server = server;
	conn->uid = uid;
	conn->allowed = allowed;
	conn->moved = tb_time_monotonic();
	conn->in_room = TB_REQUEST_MAX;
	conn->in = malloc(conn->in_room);
	ret = conn->in ? sd_event_add_io(server->event, &conn->io, fd, EPOLLIN, on_conn, conn) :
			 -ENOMEM;
	if (ret >= 0)
		ret = sd_event_source_set_priority(conn->io, TB_SERVER_PRIORITY);
	if (ret < 0) {
		sd_event_source_disable_unref(conn->io);
		free(conn->in);
		free(conn);
		return ret;
	}
	sd_event_source_set_io_fd_own(conn->io, true);
	LIST_INSERT_HEAD(&server->list, conn, link);
	server->connections++;
	return 0;
}
