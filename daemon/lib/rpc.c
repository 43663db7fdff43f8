// SPDX-License-Identifier: GPL-2.0-only
#include "rpc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/**
 * struct tb_rpc - a connection to the daemon
 * @path: where it listens
 * @out: for requests
 * @in: for replies
 * @line: the last reply, as getdelim() keeps it
 * @size: room of @line
 */
struct tb_rpc {
	char *path;
	FILE *out;
	FILE *in;
	char *line;
	size_t size;
};

static int open_socket(const char *path, struct tb_error *err)
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
				    "tongbud does not run (socket %s): start it with 'systemctl start tongbud'",
				    path);
	return tb_error_set(err, -code, "tongbud's socket %s: %s", path, strerror(code));
}

/**
 * tb_rpc_connect() - reach the daemon
 * @path: its socket
 * @rpc: set to the connection; tb_rpc_close() closes it
 * @err: told what went wrong
 *
 * Return: 0; -ECONNREFUSED if it does not run; or another negative errno.
 */
int tb_rpc_connect(const char *path, struct tb_rpc **rpc, struct tb_error *err)
{
	struct tb_rpc *r;
	int fd, copy;

	fd = open_socket(path, err);
	if (fd < 0)
		return fd;
	r = calloc(1, sizeof(*r));
	copy = dup(fd);
	if (r && copy >= 0) {
		r->in = fdopen(fd, "r");
		r->out = fdopen(copy, "w");
		r->path = strdup(path);
	}
	if (!r || !r->in || !r->out || !r->path) {
		if (!r || !r->in)
			close(fd);
		if ((!r || !r->out) && copy >= 0)
			close(copy);
		tb_rpc_close(r);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	*rpc = r;
	return 0;
}

static int send_call(struct tb_rpc *rpc, const char *method, json_t *parameters, bool more,
		     struct tb_error *err)
{
	char name[128];
	json_t *call;
	int ret = 0;

	snprintf(name, sizeof(name), "org.tongbu.Station.%s", method);
	call = json_pack("{s:s, s:o}", "method", name, "parameters",
			 parameters ? parameters : json_object());
	if (call && more)
		json_object_set_new(call, "more", json_true());
	if (!call)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	else if (json_dumpf(call, rpc->out, JSON_COMPACT) || fputc('\0', rpc->out) == EOF ||
		 fflush(rpc->out))
		ret = tb_error_set(err, -EPIPE, "tongbud closed the connection");
	json_decref(call);
	return ret;
}

static int error_code(const char *name)
{
	static const struct {
		const char *name;
		int code;
	} known[] = {
		{ "org.tongbu.Station.Denied", -EACCES },
		{ "org.tongbu.Station.NotFound", -ENOENT },
		{ "org.tongbu.Station.Invalid", -EINVAL },
		{ "org.tongbu.Station.Erased", -EKEYREVOKED },
		{ "org.varlink.service.InvalidParameter", -EINVAL },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(name, known[i].name))
			return known[i].code;
	return -EIO;
}

static int read_reply(struct tb_rpc *rpc, json_t **reply, struct tb_error *err)
{
	const char *error = NULL, *reason = NULL;
	json_t *json;
	ssize_t len;
	int ret;

	len = getdelim(&rpc->line, &rpc->size, '\0', rpc->in);
	if (len <= 0 || rpc->line[len - 1])
		return tb_error_set(err, -EPIPE, "tongbud closed the connection: see its log");
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
 * Return: 0; -EACCES, -ENOENT, -EINVAL, -EIO as the daemon says; or another
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
	return *reply ? 0 : tb_error_set(err, -EPROTO, "tongbud's answer is empty");
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
	if (rpc->out)
		fclose(rpc->out);
	free(rpc->path);
	free(rpc->line);
	free(rpc);
}
