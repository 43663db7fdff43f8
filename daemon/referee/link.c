// SPDX-License-Identifier: GPL-2.0-only
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hex.h"
#include "rpc.h"

#define RETRY_USEC 1000000ULL
#define ROOM	   (128UL * 1024)
/* Names of a long life: then the connection is of no use */
#define ROOM_MAX (32UL * 1024 * 1024)

/**
 * struct tb_link - a connection to tongbud
 * @event: the event loop
 * @socket: where tongbud listens; the caller's
 * @ops: who is told
 * @userdata: for @ops
 * @io: watches the socket, and closes it; NULL without a connection
 * @retry: timer
 * @in: what was read and not yet understood
 * @len: bytes of it
 * @room: bytes it can have
 * @answered: of the questions before the one for records, so many were answered
 * @full: a piece is being folded
 */
struct tb_link {
	sd_event *event;
	const char *socket;
	const struct tb_link_ops *ops;
	void *userdata;
	sd_event_source *io;
	sd_event_source *retry;
	char *in;
	size_t len;
	size_t room;
	unsigned int answered;
	bool full;
};

static void hang_up(struct tb_link *link)
{
	link->io = sd_event_source_disable_unref(link->io);
	free(link->in);
	link->in = NULL;
	link->len = 0;
	link->full = false;
	sd_event_source_set_time_relative(link->retry, RETRY_USEC);
	sd_event_source_set_enabled(link->retry, SD_EVENT_ONESHOT);
}

static void lost(struct tb_link *link, const struct tb_error *why)
{
	hang_up(link);
	link->ops->lost(why, link->userdata);
}

static int take_piece(struct tb_link *link, const json_t *parameters, struct tb_error *err)
{
	const char *records, *chain;
	struct tb_piece piece;
	json_int_t position;
	int end;

	if (json_unpack((json_t *)parameters, "{s:s, s:s, s:I, s:b}", "records", &records, "chain",
			&chain, "position", &position, "end", &end) ||
	    tb_hex_decode(chain, piece.chain, sizeof(piece.chain)) ||
	    tb_base64_decode(records, &piece.records, &piece.len))
		return tb_error_set(err, -EPROTO, "tongbud's answer cannot be read");
	piece.position = position;
	piece.end = end;
	link->full = true;
	sd_event_source_set_io_events(link->io, 0);
	link->ops->piece(&piece, link->userdata);
	return 0;
}

static int take_reply(struct tb_link *link, const json_t *reply, struct tb_error *err)
{
	const json_t *parameters = json_object_get(reply, "parameters");
	const char *error = json_string_value(json_object_get(reply, "error"));
	const char *reason = json_string_value(json_object_get(parameters, "reason"));

	if (error)
		return tb_error_set(err, strstr(error, ".Beyond") ? -ERANGE : -EIO, "%s",
				    reason ? reason : error);
	switch (link->answered++) {
	case 0:
		link->ops->names(json_object_get(parameters, "names"), link->userdata);
		return 0;
	case 1:
		link->ops->chains(json_object_get(parameters, "chains"), link->userdata);
		return 0;
	default:
		link->answered = 2;
		return take_piece(link, parameters, err);
	}
}

/* Replies that are complete, until one is a piece */
static int take_replies(struct tb_link *link, struct tb_error *err)
{
	json_t *reply;
	size_t size;
	char *nul;
	int ret = 0;

	while (!ret && link->io && !link->full &&
	       (nul = link->len ? memchr(link->in, '\0', link->len) : NULL)) {
		size = (size_t)(nul - link->in) + 1;
		reply = json_loadb(link->in, size - 1, 0, NULL);
		link->len -= size;
		memmove(link->in, nul + 1, link->len);
		ret = reply ? take_reply(link, reply, err) :
			      tb_error_set(err, -EPROTO,
					   "what listens on %s does not speak Varlink",
					   link->socket);
		json_decref(reply);
	}
	return ret;
}

static int grow(struct tb_link *link, struct tb_error *err)
{
	char *more;

	if (link->room >= ROOM_MAX)
		return tb_error_set(err, -EMSGSIZE, "tongbud's answer is too long");
	more = realloc(link->in, 2 * link->room);
	if (!more)
		return tb_error_set(err, -ENOMEM, "out of memory");
	link->in = more;
	link->room *= 2;
	return 0;
}

static int on_readable(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct tb_link *link = userdata;
	struct tb_error err;
	ssize_t len;
	int ret = 0;

	(void)source;
	/* tongbud is gone while a piece is folded: what it said is finished first. */
	if (link->full && !(revents & EPOLLIN)) {
		sd_event_source_set_enabled(link->io, SD_EVENT_OFF);
		return 0;
	}
	if (link->len == link->room)
		ret = grow(link, &err);
	if (!ret) {
		len = recv(fd, link->in + link->len, link->room - link->len, MSG_DONTWAIT);
		if (len > 0)
			link->len += (size_t)len;
		else if (!len || errno != EAGAIN)
			ret = tb_error_set(&err, -EPIPE, "tongbud closed the connection");
	}
	if (!ret)
		ret = take_replies(link, &err);
	if (ret)
		lost(link, &err);
	return 0;
}

static int say(int fd, const char *method, json_t *parameters, bool more)
{
	size_t len;
	char *text = tb_rpc_text(&tb_peer_station, method, parameters, more, &len);
	int ret;

	/* Few bytes into an empty socket: they fit. */
	ret = text && send(fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len ? 0 : -EPIPE;
	free(text);
	return ret;
}

static int ask(struct tb_link *link, int fd)
{
	int64_t position = link->ops->begin(link->userdata);
	json_t *parameters = json_pack("{s:b, s:b}", "follow", 1, "archived", 1);

	if (position >= 0)
		json_object_set_new(parameters, "after", json_integer(position));
	if (say(fd, "GetNames", NULL, false) || say(fd, "GetChains", NULL, false)) {
		json_decref(parameters);
		return -EPIPE;
	}
	return say(fd, "Read", parameters, true);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct tb_link *link = userdata;
	struct tb_error err;
	int fd;

	(void)source, (void)usec;
	fd = tb_rpc_socket(&tb_peer_station, link->socket, &err);
	if (fd < 0) {
		lost(link, &err);
		return 0;
	}
	link->answered = 0;
	link->room = ROOM;
	link->in = malloc(link->room);
	if (!link->in || ask(link, fd) ||
	    sd_event_add_io(link->event, &link->io, fd, EPOLLIN, on_readable, link) < 0) {
		close(fd);
		tb_error_set(&err, -EPIPE, "tongbud could not be asked for records");
		lost(link, &err);
		return 0;
	}
	sd_event_source_set_io_fd_own(link->io, true);
	return 0;
}

/**
 * tb_link_new() - begin to get records
 * @event: the event loop
 * @socket: where tongbud listens; kept
 * @ops: who is told; kept
 * @userdata: for @ops
 * @link: set to it; tb_link_free() ends it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_link_new(sd_event *event, const char *socket, const struct tb_link_ops *ops, void *userdata,
		struct tb_link **link, struct tb_error *err)
{
	struct tb_link *l = calloc(1, sizeof(*l));
	int ret;

	if (!l)
		return tb_error_set(err, -ENOMEM, "out of memory");
	l->event = event;
	l->socket = socket;
	l->ops = ops;
	l->userdata = userdata;
	ret = sd_event_add_time_relative(event, &l->retry, CLOCK_BOOTTIME, 0, 0, on_retry, l);
	if (ret < 0) {
		free(l);
		return tb_error_set(err, ret, "event loop: %s", strerror(-ret));
	}
	*link = l;
	return 0;
}

/**
 * tb_link_more() - the last piece was taken in
 * @link: the link
 */
void tb_link_more(struct tb_link *link)
{
	struct tb_error err;

	if (!link->io)
		return;
	link->full = false;
	sd_event_source_set_enabled(link->io, SD_EVENT_ON);
	sd_event_source_set_io_events(link->io, EPOLLIN);
	if (take_replies(link, &err))
		lost(link, &err);
}

/**
 * tb_link_again() - hang up, and begin anew behind what @ops->begin says by then
 * @link: the link
 */
void tb_link_again(struct tb_link *link)
{
	hang_up(link);
}

/**
 * tb_link_free() - get no more records
 * @link: the link, or NULL
 */
void tb_link_free(struct tb_link *link)
{
	if (!link)
		return;
	sd_event_source_disable_unref(link->io);
	sd_event_source_disable_unref(link->retry);
	free(link->in);
	free(link);
}
