// SPDX-License-Identifier: GPL-2.0-only
/* The socket: who may knock, and who may ask. */
#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "log.h"
#include "server_priv.h"
#include "timefmt.h"

#define CONNECTIONS_MAX 64
/* Of one user who is not root */
#define CONNECTIONS_USER 16
#define GROUPS_MAX	 1024
/* How long one may rest when another needs its place, ms */
#define PATIENCE 10000U

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

/* Said to who is turned away, as far as it goes: nothing is waited for. */
static void tell(const struct tb_server *server, int fd, const char *reason)
{
	char text[512];
	int len;

	len = snprintf(text, sizeof(text),
		       "{\"error\":\"%s.Busy\",\"parameters\":{\"reason\":\"%s\"}}",
		       server->service->interface, reason);
	if (len > 0 && (size_t)len < sizeof(text))
		(void)!send(fd, text, (size_t)len + 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A flood of one user's connections must not keep the others out. */
static bool has_share(const struct tb_server *server, uid_t uid)
{
	const struct tb_conn *conn;
	unsigned int count = 0;

	LIST_FOREACH(conn, &server->list, link)
	count += conn->uid == uid;
	return !uid || count < CONNECTIONS_USER;
}

/*
 * The one that rests longest: nothing is asked on it, or what was answered is not taken.
 * Who waits for records that are to come does not rest.
 */
static struct tb_conn *resting(const struct tb_server *server)
{
	uint64_t patience = (server->service->patience ?: PATIENCE) * (TB_NSEC_PER_SEC / 1000);
	uint64_t now = tb_time_monotonic();
	struct tb_conn *conn, *found = NULL;

	LIST_FOREACH(conn, &server->list, link)
	{
		if ((conn->stream && conn->idle && !conn->out) || now - conn->moved < patience)
			continue;
		if (!found || conn->moved < found->moved)
			found = conn;
	}
	return found;
}

/* Room for one more, if need be that of one that rests */
static bool has_room(struct tb_server *server)
{
	struct tb_conn *conn;

	if (server->connections < CONNECTIONS_MAX)
		return true;
	conn = resting(server);
	if (!conn)
		return false;
	tb_log_paced("a connection of uid %u was idle while others waited: it was closed",
		     conn->uid);
	if (!conn->out)
		tell(server, sd_event_source_get_io_fd(conn->io),
		     "closed, because it was idle while others waited: ask again");
	tb_conn_free(conn);
	return true;
}

static int take(struct tb_server *server, int fd)
{
	socklen_t size = sizeof(struct ucred);
	struct ucred peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return -errno;
	if (!has_share(server, peer.uid)) {
		tb_log_paced("uid %u has too many connections: one was turned away", peer.uid);
		tell(server, fd, "you have too many connections: close some");
		return -EUSERS;
	}
	if (!has_room(server)) {
		tb_log_paced("all connections are taken: one of uid %u was turned away", peer.uid);
		tell(server, fd, "all connections are taken: try again");
		return -EUSERS;
	}
	return tb_conn_new(server, fd, peer.uid, peer_allowed(server, fd, &peer));
}

static int on_connect(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct tb_server *server = userdata;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source, (void)revents;
	if (peer >= 0 && take(server, peer))
		close(peer);
	return 0;
}

/* Who may ask must be able to knock, whatever the umask. */
static int make_folder(const char *path)
{
	char *copy = strdup(path), *folder;
	int ret = 0;

	if (!copy)
		return -ENOMEM;
	folder = dirname(copy);
	if (!mkdir(folder, 0755))
		ret = chmod(folder, 0755) ? -errno : 0;
	else if (errno != EEXIST)
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
 * @event: the event loop
 * @service: who answers, and where; kept
 * @server: set to the server; tb_server_free() ends it
 * @err: told what went wrong
 *
 * Takes the socket that systemd hands over, if it does.
 *
 * Return: 0 or a negative errno.
 */
int tb_server_start(sd_event *event, const struct tb_service *service, struct tb_server **server,
		    struct tb_error *err)
{
	const struct group *group = service->group ? getgrnam(service->group) : NULL;
	struct tb_server *s = calloc(1, sizeof(*s));
	int fd, ret;

	if (!s)
		return tb_error_set(err, -ENOMEM, "out of memory");
	LIST_INIT(&s->list);
	s->event = event;
	s->service = service;
	s->gid = group ? group->gr_gid : (gid_t)-1;
	if (service->group && !group)
		tb_log_warning("there is no group %s: only root may ask", service->group);
	fd = get_socket(service->socket, err);
	if (fd < 0) {
		free(s);
		return fd;
	}
	ret = sd_event_add_io(event, &s->io, fd, EPOLLIN, on_connect, s);
	if (ret >= 0)
		ret = sd_event_source_set_priority(s->io, TB_SERVER_PRIORITY);
	if (ret < 0) {
		sd_event_source_disable_unref(s->io);
		close(fd);
		free(s);
		return tb_error_set(err, ret, "event loop: %s", strerror(-ret));
	}
	sd_event_source_set_io_fd_own(s->io, true);
	*server = s;
	return 0;
}

/**
 * tb_server_wake() - there is something new: streams that wait go on
 * @server: the server
 */
void tb_server_wake(struct tb_server *server)
{
	struct tb_conn *conn;

	LIST_FOREACH(conn, &server->list, link)
	{
		if (!conn->stream || !conn->idle)
			continue;
		conn->idle = false;
		tb_conn_watch(conn);
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
		tb_conn_free(conn); /* NOLINT(clang-analyzer-unix.Malloc) */
	sd_event_source_disable_unref(server->io);
	free(server);
}
