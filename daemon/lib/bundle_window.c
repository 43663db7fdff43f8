// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of a bundle in a window of fixed size, which moves over the file. A
 * file can be made shorter while it is looked at, by whoever has it: then this
 * is an error, told once, and there are no more records.
 */
#include "bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WINDOW_SIZE (256 * 1024)

/**
 * tb_window_open() - look at a bundle's records
 * @window: the window, to be closed by the caller
 * @bundle: the bundle, which must stay open
 *
 * Return: 0 or -ENOMEM.
 */
int tb_window_open(struct tb_window *window, const struct tb_bundle *bundle)
{
	*window = (struct tb_window){ .bundle = bundle };
	if (bundle->memory)
		return 0;
	window->bytes = malloc(WINDOW_SIZE);
	return window->bytes ? 0 : -ENOMEM;
}

/**
 * tb_window_close() - be done with looking
 * @window: the window; all zero will do
 */
void tb_window_close(struct tb_window *window)
{
	free(window->bytes);
	memset(window, 0, sizeof(*window));
}

/* Make @at the first byte in the window */
static void move(struct tb_window *window, uint64_t at)
{
	uint64_t left = window->bundle->records_len - at;
	size_t want = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
	ssize_t got;

	window->start = at;
	window->len = 0;
	while (!window->error && window->len < want) {
		got = pread(window->bundle->fd, window->bytes + window->len, want - window->len,
			    (off_t)(window->bundle->records_offset + at + window->len));
		if (got > 0)
			window->len += (size_t)got;
		else if (!got)
			window->error = -ESTALE;
		else if (errno != EINTR)
			window->error = -errno;
	}
}

/**
 * tb_window_at() - what stands at a place
 * @window: the window
 * @at: which byte of the records, at most their length
 * @len: set to how many bytes there are: a whole record, or all that is left
 *
 * Return: the bytes, until the window is used again.
 */
const uint8_t *tb_window_at(struct tb_window *window, uint64_t at, size_t *len)
{
	uint64_t left = window->bundle->records_len - at;

	*len = left < TONGBU_RECORD_MAX ? (size_t)left : TONGBU_RECORD_MAX;
	if (window->bundle->memory)
		return window->bundle->memory + at;
	if (at < window->start || at + *len > window->start + window->len)
		move(window, at);
	if (*len > window->start + window->len - at)
		*len = (size_t)(window->start + window->len - at);
	return window->bytes + (at - window->start);
}

/**
 * tb_window_frame() - find the parts of the record at a place
 * @window: the window
 * @at: which byte of the records it begins at
 * @chain: id of the chain it is from
 * @rec: filled in; valid until the window is used again
 *
 * Return: as tb_record_frame(); -ENODATA behind the last.
 */
int tb_window_frame(struct tb_window *window, uint64_t at, const uint8_t *chain,
		    struct tb_record *rec)
{
	const uint8_t *bytes;
	size_t len;

	if (at >= window->bundle->records_len)
		return -ENODATA;
	bytes = tb_window_at(window, at, &len);
	return tb_record_frame(bytes, len, chain, rec);
}

/**
 * tb_window_error() - could all be read?
 * @window: the window
 * @err: told why not, or NULL
 *
 * Return: 0, or what went wrong first.
 */
int tb_window_error(const struct tb_window *window, struct tb_error *err)
{
	if (window->error == -ESTALE)
		return tb_error_set(err, window->error,
				    "the file became shorter while it was read: copy it, and try again");
	if (window->error)
		return tb_error_set(err, window->error, "the bundle cannot be read: %s",
				    strerror(-window->error));
	return 0;
}
