// SPDX-License-Identifier: GPL-2.0-only
/*
 * One reply is made when the one before it has been taken: somebody who asks for
 * the whole ledger and reads slowly costs one buffer. Requests on a connection
 * are answered one after another.
 */
#include "server.h"

#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "hex.h"
#include "log.h"

#define CONNECTIONS_MAX 64
/* Of one user who is not root */
#define CONNECTIONS_USER 16
#define REQUEST_MAX	 (64UL * 1024)
/* Of who may ask: a blob in base64, and what stands around it */
#define LARGE_MAX (12UL * 1024 * 1024)
/* Connections that hold so much at a time, of all and of one user who is not root */
#define LARGE_COUNT 8
#define LARGE_USER  2
#define CHUNK	    (48 * 1024)
#define GROUPS_MAX  1024
/* Requests in a row before others on the event loop have their turn */
#define REQUESTS 64

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
 * @cursor: records still to be sent, or NULL
 * @follow: go on when there are no more for now
 * @idle: there are no more for now
 * @waiting: there may be whole requests in @in, to be answered next time
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
	struct tb_cursor *cursor;
	bool follow;
	bool idle;
	bool waiting;
};

LIST_HEAD(conn_list, tb_conn);

/**
 * struct tb_server - the socket and its connections
 * @station: what is asked about
 * @io: watches the socket, and closes it
 * @gid: group whose members may ask, or -1
 * @connections: how many
 * @list: the connections
 */
struct tb_server {
	struct tb_station *station;
	sd_event_source *io;
	gid_t gid;
	unsigned int connections;
	struct conn_list list;
};

static void conn_free(struct tb_conn *conn)
{
	LIST_REMOVE(conn, link);
	conn->server->connections--;
	sd_event_source_disable_unref(conn->io);
	tb_cursor_close(conn->cursor);
	free(conn->in);
	free(conn->out);
	free(conn);
}

static int send_object(struct tb_conn *conn, json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
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
 * @error: name of the error, with that of its interface
 * @key: name of its parameter
 * @text: what it says
 *
 * Return: 0 or -ENOMEM.
 */
int tb_conn_refuse(struct tb_conn *conn, const char *error, const char *key, const char *text)
{
	return send_object(conn,
			   json_pack("{s:s, s:{s:s}}", "error", error, "parameters", key, text));
}

/**
 * tb_conn_stream() - answer with records
 * @conn: who asked
 * @cursor: the records; taken over
 * @follow: send also those that come later
 */
void tb_conn_stream(struct tb_conn *conn, struct tb_cursor *cursor, bool follow)
{
	conn->cursor = cursor;
	conn->follow = follow;
	conn->idle = false;
}

static int send_records(struct tb_conn *conn, const uint8_t *chain, const uint8_t *records,
			size_t len, bool continues)
{
	char *text = tb_base64_encode(records, len), id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	const char *of = len ? tb_hex_encode(id, chain, TONGBU_CHAIN_LEN) : NULL;
	int ret;

	if (!text)
		return -ENOMEM;
	ret = tb_conn_reply(conn, json_pack("{s:s*, s:s}", "chain", of, "records", text),
			    continues);
	free(text);
	return ret;
}

static int next_records(struct tb_conn *conn)
{
	static uint8_t chunk[CHUNK];
	uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_error err;
	size_t len;
	bool end;
	int ret;

	ret = tb_cursor_next(conn->cursor, chunk, sizeof(chunk), &len, &end, &err);
	if (ret) {
		tb_log_error("%s", err.text);
		tb_cursor_close(conn->cursor);
		conn->cursor = NULL;
		return tb_conn_refuse(conn, "org.tongbu.Station.Failed", "reason", err.text);
	}
	conn->idle = end && conn->follow;
	memcpy(chain, tb_cursor_chain(conn->cursor), TONGBU_CHAIN_LEN);
	if (end && !conn->follow) {
		tb_cursor_close(conn->cursor);
		conn->cursor = NULL;
		return send_records(conn, chain, chunk, len, false);
	}
	return len ? send_records(conn, chain, chunk, len, true) : 0;
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
 * tb_conn_large() - may this connection hold a blob?
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
	size_t room = conn->in_room < LARGE_MAX / 2 ? 2 * conn->in_room : LARGE_MAX;
	char *more;

	if (conn->in_room == LARGE_MAX)
		return -EMSGSIZE;
	if (tb_conn_large(conn)) {
		tb_log_warning("uid %u asks for too much at a time: one was turned away",
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

	if (!conn->large || conn->out || conn->in_len >= REQUEST_MAX)
		return;
	less = realloc(conn->in, REQUEST_MAX);
	if (less) {
		conn->in = less;
		conn->in_room = REQUEST_MAX;
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
	}
	free(conn->out);
	conn->out = NULL;
	conn->out_len = 0;
	conn->out_at = 0;
	return 0;
}

static int handle_request(struct tb_conn *conn, const char *text, size_t len)
{
	json_t *call = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	int ret;

	if (!call || !json_is_string(json_object_get(call, "method")))
		ret = -EPROTO;
	else
		ret = tb_method_call(conn->server->station, conn, call, conn->allowed);
	json_decref(call);
	return ret;
}

/* Requests that are complete, as long as the answer to the last one is sent */
static int handle_requests(struct tb_conn *conn)
{
	size_t at = 0;
	bool part = false;
	char *nul;
	int i, ret = 0;

	for (i = 0; i < REQUESTS && !ret && !conn->cursor && !conn->out; i++) {
		nul = conn->in_len > conn->in_seen ?
			      memchr(conn->in + conn->in_seen, '\0', conn->in_len - conn->in_seen) :
			      NULL;
		part = !nul;
		conn->in_seen = conn->in_len;
		if (part)
			break;
		ret = handle_request(conn, conn->in + at, (size_t)(nul - conn->in) - at);
		at = (size_t)(nul - conn->in) + 1;
		conn->in_seen = at;
		if (!ret)
			ret = write_out(conn);
	}
	conn->waiting = i == REQUESTS;
	conn->in_len -= at;
	conn->in_seen -= at;
	memmove(conn->in, conn->in + at, conn->in_len);
	return !ret && part && conn->in_len == conn->in_room ? grow_in(conn) : ret;
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
	return len ? 0 : -EPIPE;
}

static int watch_for(struct tb_conn *conn)
{
	uint32_t events = conn->in_len < conn->in_room ? EPOLLIN : 0;

	if (conn->out || conn->waiting || (conn->cursor && !conn->idle))
		events |= EPOLLOUT;
	return sd_event_source_set_io_events(conn->io, events);
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
		ret = write_out(conn);
	if (!ret && !conn->out && conn->cursor && !conn->idle) {
		ret = next_records(conn);
		if (!ret)
			ret = write_out(conn);
	}
	if (!ret)
		ret = handle_requests(conn);
	settle(conn);
	if (!ret)
		ret = watch_for(conn);
	if (ret < 0)
		conn_free(conn);
	return 0;
}

/* Groups of the peer as it was when it connected: the kernel's word */
static bool peer_allowed(const struct tb_server *server, int fd, const struct ucred *peer)
{
	gid_t groups[GROUPS_MAX];
	socklen_t size = sizeof(groups);
	size_t i;

	if (!peer->uid || peer->uid == geteuid())
		return true;
	if (server->gid == (gid_t)-1)
		return false;
	if (peer->gid == server->gid)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size))
		return false;
	for (i = 0; i < size / sizeof(*groups); i++)
		if (groups[i] == server->gid)
			return true;
	return false;
}

/* A flood of one user's connections must not keep the others out. */
static bool has_room(const struct tb_server *server, uid_t uid)
{
	const struct tb_conn *conn;
	unsigned int count = 0;

	LIST_FOREACH(conn, &server->list, link)
	count += conn->uid == uid;
	return server->connections < CONNECTIONS_MAX && (!uid || count < CONNECTIONS_USER);
}

static int conn_new(struct tb_server *server, int fd)
{
	socklen_t size = sizeof(struct ucred);
	struct tb_conn *conn;
	struct ucred peer;
	int ret;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return -errno;
	if (!has_room(server, peer.uid)) {
		tb_log_warning("uid %u has too many connections: one was turned away", peer.uid);
		return -EUSERS;
	}
	conn = calloc(1, sizeof(*conn));
	if (!conn)
		return -ENOMEM;
	conn->server = server;
	conn->uid = peer.uid;
	conn->allowed = peer_allowed(server, fd, &peer);
	conn->in_room = REQUEST_MAX;
	conn->in = malloc(conn->in_room);
	ret = conn->in ? sd_event_add_io(server->station->event, &conn->io, fd, EPOLLIN, on_conn,
					 conn) :
			 -ENOMEM;
	if (ret < 0) {
		free(conn->in);
		free(conn);
		return ret;
	}
	sd_event_source_set_io_fd_own(conn->io, true);
	LIST_INSERT_HEAD(&server->list, conn, link);
	server->connections++;
	return 0;
}

static int on_connect(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct tb_server *server = userdata;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source, (void)revents;
	if (peer >= 0 && conn_new(server, peer))
		close(peer);
	return 0;
}

static int make_folder(const char *path)
{
	char *copy = strdup(path);
	int ret = 0;

	if (!copy)
		return -ENOMEM;
	if (mkdir(dirname(copy), 0755) && errno != EEXIST)
		ret = -errno;
	free(copy);
	return ret;
}

static int listen_on(const char *path, struct tb_error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(address.sun_path))
		return tb_error_set(err, -EINVAL, "socket %s: the path is too long", path);
	strcpy(address.sun_path, path);
	ret = make_folder(path);
	if (ret)
		return tb_error_set(err, ret, "socket %s: its directory cannot be made: %s", path,
				    strerror(-ret));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return tb_error_set(err, -errno, "socket: %m");
	/* Whoever holds the ledger's lock is the only daemon: what is there is stale. */
	unlink(path);
	/* Anybody may knock; who may ask is decided by credentials. */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || chmod(path, 0666) ||
	    listen(fd, SOMAXCONN)) {
		ret = tb_error_set(err, -errno, "socket %s: %m", path);
		close(fd);
		return ret;
	}
	return fd;
}

static int get_socket(const char *path, struct tb_error *err)
{
	int fd = SD_LISTEN_FDS_START;

	if (sd_listen_fds(1) == 1 && sd_is_socket_unix(fd, SOCK_STREAM, 1, NULL, 0) > 0)
		return fd;
	return listen_on(path, err);
}

/**
 * tb_server_start() - begin to answer questions
 * @station: what is asked about; kept
 * @server: set to the server; tb_server_free() ends it
 * @err: told what went wrong
 *
 * Takes the socket that systemd hands over, if it does.
 *
 * Return: 0 or a negative errno.
 */
int tb_server_start(struct tb_station *station, struct tb_server **server, struct tb_error *err)
{
	const struct group *group = getgrnam(station->config->group);
	struct tb_server *s = calloc(1, sizeof(*s));
	int fd, ret;

	if (!s)
		return tb_error_set(err, -ENOMEM, "out of memory");
	LIST_INIT(&s->list);
	s->station = station;
	s->gid = group ? group->gr_gid : (gid_t)-1;
	if (!group)
		tb_log_warning("there is no group %s: only root may ask", station->config->group);
	fd = get_socket(station->config->socket, err);
	if (fd < 0) {
		free(s);
		return fd;
	}
	ret = sd_event_add_io(station->event, &s->io, fd, EPOLLIN, on_connect, s);
	if (ret < 0) {
		close(fd);
		free(s);
		return tb_error_set(err, ret, "event loop: %s", strerror(-ret));
	}
	sd_event_source_set_io_fd_own(s->io, true);
	*server = s;
	return 0;
}

/**
 * tb_server_wake() - there are new records: tell those who follow
 * @server: the server
 */
void tb_server_wake(struct tb_server *server)
{
	struct tb_conn *conn;

	LIST_FOREACH(conn, &server->list, link)
	{
		if (!conn->cursor || !conn->idle)
			continue;
		conn->idle = false;
		watch_for(conn);
	}
}

/**
 * tb_server_free() - close all connections and the socket
 * @server: the server, or NULL
 */
void tb_server_free(struct tb_server *server)
{
	struct tb_conn *conn;

	if (!server)
		return;
	while ((conn = LIST_FIRST(&server->list)))
		/* Unlinked by a macro the analyzer cannot follow */
		conn_free(conn); /* NOLINT(clang-analyzer-unix.Malloc) */
	sd_event_source_disable_unref(server->io);
	free(server);
}
