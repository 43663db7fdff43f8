// SPDX-License-Identifier: GPL-2.0-only
#include "witness.h"

#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A witness answers at once, with a few lines. */
#define PATIENCE_S 30
#define ANSWER_MAX 65536

/**
 * struct place - where a witness is
 * @host: as HTTP names it, port and all
 * @path: before /add-checkpoint
 * @address: its socket's
 * @len: bytes of @address
 */
struct place {
	char host[256];
	char path[256];
	struct sockaddr_storage address;
	socklen_t len;
};

static int on_loopback(struct place *place, const struct tb_error *why, struct tb_error *err)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
	struct addrinfo *found;
	char host[256], *name = host, *port;

	snprintf(host, sizeof(host), "%s", place->host);
	port = strrchr(host, ':');
	if (!port || strchr(port, ']')) {
		port = NULL;
	} else {
		*port++ = '\0';
	}
	if (*name == '[' && name[strlen(name) - 1] == ']') {
		name[strlen(name) - 1] = '\0';
		name++;
	}
	if ((strncmp(name, "127.", 4) && strcmp(name, "::1")) ||
	    getaddrinfo(name, port ?: "80", &hints, &found)) {
		if (err)
			*err = *why;
		return -EINVAL;
	}
	memcpy(&place->address, found->ai_addr, found->ai_addrlen);
	place->len = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

static int find(const char *url, struct place *place, struct tb_error *err)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&place->address;
	struct tb_error why;
	size_t len;

	tb_error_set(&why, -EINVAL,
		     "witness %s: it is http://127.0.0.1:PORT/..., or unix:/path of a socket; give one that is elsewhere a proxy with TLS on loopback",
		     url);
	if (!strncmp(url, "unix:/", 6) && strlen(url + 5) < sizeof(un->sun_path)) {
		un->sun_family = AF_UNIX;
		memcpy(un->sun_path, url + 5, strlen(url + 5) + 1);
		place->len = (socklen_t)sizeof(*un);
		snprintf(place->host, sizeof(place->host), "localhost");
		return 0;
	}
	len = strncmp(url, "http://", 7) ? 0 : strcspn(url + 7, "/");
	if (!len || len >= sizeof(place->host) || strlen(url + 7 + len) >= sizeof(place->path) ||
	    strpbrk(url, " \r\n")) {
		if (err)
			*err = why;
		return -EINVAL;
	}
	memcpy(place->host, url + 7, len);
	snprintf(place->path, sizeof(place->path), "%s", url + 7 + len);
	len = strlen(place->path);
	if (len && place->path[len - 1] == '/')
		place->path[len - 1] = '\0';
	return on_loopback(place, &why, err);
}

static FILE *reach(const char *url, const struct place *place, struct tb_error *err)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), code;
	FILE *stream = NULL;

	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) &&
	    !connect(fd, (const struct sockaddr *)&place->address, place->len))
		stream = fdopen(fd, "r+");
	if (stream)
		return stream;
	code = errno;
	if (fd >= 0)
		close(fd);
	tb_error_set(err, -code, "witness %s cannot be reached: %s", url, strerror(code));
	return NULL;
}

static char *read_all(FILE *stream)
{
	char *text = malloc(ANSWER_MAX + 1);
	size_t len = 0;

	if (!text)
		return NULL;
	len = fread(text, 1, ANSWER_MAX, stream);
	text[len] = '\0';
	return text;
}

/**
 * tb_witness_post() - hand a witness a checkpoint, with the proof that it goes on
 * @url: where it is, without add-checkpoint
 * @body: what is asked, as 'tongbuctl proof consistency' prints
 * @status: set to the status of HTTP
 * @answer: set to what it says, the caller's
 * @err: told what went wrong
 *
 * Return: 0; -EINVAL for a place that is none; -EHOSTUNREACH; -EPROTO if the answer is
 * no HTTP; or -ENOMEM.
 */
int tb_witness_post(const char *url, const char *body, int *status, char **answer,
		    struct tb_error *err)
{
	struct place place = { 0 };
	char *text, *begin;
	FILE *stream;
	int ret;

	ret = find(url, &place, err);
	if (ret)
		return ret;
	stream = reach(url, &place, err);
	if (!stream)
		return -EHOSTUNREACH;
	/* The older version has an answer end where the connection does. */
	fprintf(stream,
		"POST %s/add-checkpoint HTTP/1.0\r\nHost: %s\r\nContent-Type: text/plain\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		place.path, place.host, strlen(body), body);
	fflush(stream);
	text = read_all(stream);
	fclose(stream);
	begin = text ? strstr(text, "\r\n\r\n") : NULL;
	if (!begin || sscanf(text, "HTTP/1.%*1[01] %3d", status) != 1) {
		free(text);
		return tb_error_set(err, -EPROTO, "witness %s: its answer is no HTTP", url);
	}
	*answer = strdup(begin + 4);
	free(text);
	return *answer ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}
