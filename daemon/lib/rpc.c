// SPDX-License-Identifier: GPL-2.0-only
#include "rpc.h"

#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

const struct tb_peer tb_peer_station = { "tongbud", "org.tongbu.Station" };
const struct tb_peer tb_peer_referee = { "tongbu-referee", "org.tongbu.Referee" };

/**
 * struct tb_rpc - a connection to a daemon
 * @peer: which one
 * @path: where it listens
 * @in: for replies
 * @line: the last reply, as getdelim() keeps it
 * @size: room of @line
 */
struct tb_rpc {
	const struct tb_peer *peer;
	char *path;
	FILE *in;
	char *line;
	size_t size;
};

/**
 * tb_rpc_socket() - a socket that is connected to a daemon
 * @peer: which one
 * @path: where it listens
 * @err: told what went wrong
 *
 * Return: the socket, the caller's; -ECONNREFUSED if the daemon does not run; or
 * another negative errno.
 */
int tb_rpc_socket(const struct tb_peer *peer, const char *path, struct tb_error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, code;

	if (strlen(path) >= sizeof(address.sun_path))
		return tb_error_set(err, -ENAMETOOLONG, "socket %s: the path is too long", path);
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return tb_error_set(err, -errno, "socket: %m");
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	code = errno;
	close(fd);
	if (code == ENOENT || code == ECONNREFUSED)
		return tb_error_set(err, -ECONNREFUSED,
				    "%s does not run (socket %s): start it with 'systemctl start %s'",
				    peer->program, path, peer->program);
	return tb_error_set(err, -code, "socket %s of %s: %s", path, peer->program, strerror(code));
}

/**
 * tb_rpc_connect() - reach a daemon
 * @peer: which one
 * @path: its socket
 * @rpc: set to the connection; tb_rpc_close() closes it
 * @err: told what went wrong
 *
 * Return: 0; -ECONNREFUSED if it does not run; or another negative errno.
 */
int tb_rpc_connect(const struct tb_peer *peer, const char *path, struct tb_rpc **rpc,
		   struct tb_error *err)
{
	struct tb_rpc *r;
	int fd;

	fd = tb_rpc_socket(peer, path, err);
	if (fd < 0)
		return fd;
	r = calloc(1, sizeof(*r));
	if (r) {
		r->peer = peer;
		r->in = fdopen(fd, "r");
		r->path = strdup(path);
	}
	if (!r || !r->in || !r->path) {
		if (!r || !r->in)
			close(fd);
		tb_rpc_close(r);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	*rpc = r;
	return 0;
}

/**
 * tb_rpc_limit() - do not wait for ever
 * @rpc: the connection
 * @seconds: how long for the next piece of an answer
 */
void tb_rpc_limit(struct tb_rpc *rpc, unsigned int seconds)
{
	struct timeval limit = { .tv_sec = seconds };

	setsockopt(fileno(rpc->in), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fileno(rpc->in), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/**
 * tb_rpc_text() - a question as it is sent
 * @peer: who is asked
 * @method: name of the method, without that of the interface
 * @parameters: an object; taken over; or NULL
 * @more: several answers are wanted
 * @len: set to its bytes, with the NUL that ends it
 *
 * Return: it, the caller's to free; NULL if there is no memory.
 */
char *tb_rpc_text(const struct tb_peer *peer, const char *method, json_t *parameters, bool more,
		  size_t *len)
{
	char name[128], *text;
	json_t *call;

	snprintf(name, sizeof(name), "%s.%s", peer->interface, method);
	call = json_pack("{s:s, s:o}", "method", name, "parameters",
			 parameters ? parameters : json_object());
	if (call && more)
		json_object_set_new(call, "more", json_true());
	text = call ? tb_json_dumps(call, JSON_COMPACT) : NULL;
	json_decref(call);
	*len = text ? strlen(text) + 1 : 0;
	return text;
}

static int send_call(struct tb_rpc *rpc, const char *method, json_t *parameters, bool more,
		     struct tb_error *err)
{
	size_t len, at = 0;
	char *text = tb_rpc_text(rpc->peer, method, parameters, more, &len);
	ssize_t sent = 0;

	if (!text)
		return tb_error_set(err, -ENOMEM, "out of memory");
	while (at < len && sent >= 0) {
		sent = send(fileno(rpc->in), text + at, len - at, MSG_NOSIGNAL);
		if (sent > 0)
			at += (size_t)sent;
	}
	free(text);
	/* Who hung up before all was sent may have said why. */
	if (sent >= 0 || errno == EPIPE || errno == ECONNRESET)
		return 0;
	return tb_error_set(err, -ETIMEDOUT, "%s takes no questions: %m", rpc->peer->program);
}

static int error_code(const char *name)
{
	static const struct {
		const char *name;
		int code;
	} known[] = {
		{ ".Denied", -EACCES },
		{ ".NotFound", -ENOENT },
		{ ".Invalid", -EINVAL },
		{ ".Erased", -EKEYREVOKED },
		{ ".Busy", -EBUSY },
		{ ".OtherChain", -ESTALE },
		{ ".InvalidParameter", -EINVAL },
	};
	const char *last = strrchr(name, '.');
	size_t i;

	for (i = 0; last && i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(last, known[i].name))
			return known[i].code;
	return -EIO;
}

static int read_reply(struct tb_rpc *rpc, json_t **reply, struct tb_error *err)
{
	const char *error = NULL, *reason = NULL;
	json_t *json;
	ssize_t len;
	int ret;

	*reply = NULL;
	errno = 0;
	len = getdelim(&rpc->line, &rpc->size, '\0', rpc->in);
	if (len <= 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return tb_error_set(err, -ETIMEDOUT, "%s does not answer: see its log",
				    rpc->peer->program);
	if (len <= 0 || rpc->line[len - 1])
		return tb_error_set(err, -EPIPE, "%s closed the connection: see its log",
				    rpc->peer->program);
	json = json_loadb(rpc->line, (size_t)len - 1, 0, NULL);
	if (!json || !json_is_object(json)) {
		json_decref(json);
		return tb_error_set(err, -EPROTO, "what listens on %s does not speak Varlink",
				    rpc->path);
	}
	if (json_unpack(json, "{s:s, s?{s?s}}", "error", &error, "parameters", "reason", &reason)) {
		*reply = json;
		return 0;
	}
	ret = tb_error_set(err, error_code(error), "%s", reason ? reason : error);
	json_decref(json);
	return ret;
}

/**
 * tb_rpc_call() - ask, and get one answer
 * @rpc: the connection
 * @method: name of the method, without that of the interface
 * @parameters: an object; taken over; or NULL
 * @reply: set to the answer's parameters, the caller's
 * @err: told what went wrong
 *
 * Return: 0; -EACCES, -ENOENT, -EINVAL, -EIO -EBUSY as the daemon says; or another
 * negative errno.
 */
int tb_rpc_call(struct tb_rpc *rpc, const char *method, json_t *parameters, json_t **reply,
		struct tb_error *err)
{
	json_t *json;
	int ret;

	ret = send_call(rpc, method, parameters, false, err);
	if (!ret)
		ret = read_reply(rpc, &json, err);
	if (ret)
		return ret;
	*reply = json_incref(json_object_get(json, "parameters"));
	json_decref(json);
	return *reply ? 0 :
			tb_error_set(err, -EPROTO, "the answer of %s is empty", rpc->peer->program);
}

/**
 * tb_rpc_call_more() - ask, and get answers until they end
 * @rpc: the connection
 * @method: name of the method, without that of the interface
 * @parameters: an object; taken over; or NULL
 * @answer: told of each answer; anything but 0 ends the call, and the
 *	connection is of no more use
 * @userdata: for @answer
 * @err: told what went wrong, unless @answer ended it
 *
 * Return: 0; what @answer returned; or as for tb_rpc_call().
 */
int tb_rpc_call_more(struct tb_rpc *rpc, const char *method, json_t *parameters,
		     int (*answer)(const json_t *parameters, void *userdata), void *userdata,
		     struct tb_error *err)
{
	bool continues = true;
	json_t *json;
	int ret;

	ret = send_call(rpc, method, parameters, true, err);
	while (!ret && continues) {
		ret = read_reply(rpc, &json, err);
		if (ret)
			break;
		continues = json_is_true(json_object_get(json, "continues"));
		ret = answer(json_object_get(json, "parameters"), userdata);
		json_decref(json);
	}
	return ret;
}

/**
 * tb_rpc_close() - be done with a connection
 * @rpc: the connection, or NULL
 */
void tb_rpc_close(struct tb_rpc *rpc)
{
	if (!rpc)
		return;
	if (rpc->in)
		fclose(rpc->in);
	free(rpc->path);
	free(rpc->line);
	free(rpc);
}
