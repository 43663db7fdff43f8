// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a bundle: the file is mapped, its first line parsed, and the rest left
 * where it is. What the manifest says is checked for sense, not for truth.
 */
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "hex.h"

static int read_chain(const json_t *entry, size_t index, struct tb_bundle_chain *chain,
		      struct tb_error *err)
{
	const char *id, *before = NULL;
	json_int_t first, last;

	if (json_unpack((json_t *)entry, "{s:s, s:I, s:I, s?s}", "chain", &id, "first", &first,
			"last", &last, "before", &before) ||
	    tb_hex_decode(id, chain->id, TONGBU_CHAIN_LEN))
		return tb_error_set(err, -EBADMSG,
				    "the manifest's chain number %zu lacks an id of 32 hexadecimal digits, first or last",
				    index);
	if (first < 0 || last < first)
		return tb_error_set(err, -EBADMSG,
				    "the manifest's chain number %zu goes from %lld to %lld", index,
				    (long long)first, (long long)last);
	if (first > 1 && (!before || tb_hex_decode(before, chain->before, TONGBU_TAG_LEN)))
		return tb_error_set(err, -EBADMSG,
				    "the manifest's chain number %zu begins at record %lld and lacks the tag before it, 64 hexadecimal digits",
				    index, (long long)first);
	chain->first = (uint64_t)first;
	chain->last = (uint64_t)last;
	return 0;
}

static int read_chains(const json_t *list, struct tb_bundle *bundle, struct tb_error *err)
{
	size_t i, count = json_array_size(list);
	int ret;

	if (!count)
		return tb_error_set(err, -EBADMSG, "the manifest names no chains");
	bundle->chains = calloc(count, sizeof(*bundle->chains));
	if (!bundle->chains)
		return tb_error_set(err, -ENOMEM, "out of memory");
	bundle->chain_count = count;
	for (i = 0; i < count; i++) {
		ret = read_chain(json_array_get(list, i), i, &bundle->chains[i], err);
		if (ret)
			return ret;
	}
	return 0;
}

static int read_manifest(const char *line, size_t len, struct tb_bundle *bundle,
			 struct tb_error *err)
{
	const char *magic, *station = "", *created = "";
	json_t *json, *chains;
	json_error_t why;
	int version, ret;

	json = json_loadb(line, len, JSON_REJECT_DUPLICATES, &why);
	if (!json)
		return tb_error_set(err, -EBADMSG,
				    "the first line is no manifest: %s at column %d: is this a bundle?",
				    why.text, why.column);
	if (json_unpack(json, "{s:s, s:i}", "bundle", &magic, "version", &version) ||
	    strcmp(magic, "tongbu"))
		ret = tb_error_set(err, -EBADMSG,
				   "the first line is JSON but no manifest: is this a bundle?");
	else if (version != TB_BUNDLE_VERSION)
		ret = tb_error_set(err, -EBADMSG,
				   "the bundle is of version %d, this program knows version %d: use a newer one",
				   version, TB_BUNDLE_VERSION);
	else if (json_unpack(json, "{s:o, s?s, s?s}", "chains", &chains, "station", &station,
			     "created", &created) ||
		 !json_is_array(chains))
		ret = tb_error_set(err, -EBADMSG, "the manifest has no list of chains");
	else
		ret = read_chains(chains, bundle, err);
	if (!ret) {
		bundle->station = strdup(station);
		bundle->created = strdup(created);
		if (!bundle->station || !bundle->created)
			ret = tb_error_set(err, -ENOMEM, "out of memory");
	}
	json_decref(json);
	return ret;
}

static int read_buffer(const void *buf, size_t len, struct tb_bundle *bundle, struct tb_error *err)
{
	size_t window = len < TB_BUNDLE_LINE_MAX ? len : TB_BUNDLE_LINE_MAX;
	const char *line = buf, *end = len ? memchr(buf, '\n', window) : NULL;

	if (!end)
		return tb_error_set(err, -EBADMSG,
				    "there is no first line with a manifest: is this a bundle?");
	bundle->records_offset = (size_t)(end + 1 - line);
	bundle->records = (const uint8_t *)end + 1;
	bundle->records_len = len - bundle->records_offset;
	return read_manifest(line, (size_t)(end - line), bundle, err);
}

/**
 * tb_bundle_open_memory() - read a bundle that is in memory
 * @buf: the whole bundle; must stay as long as the bundle is used
 * @len: its bytes
 * @bundle: set to the bundle, to be closed by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EBADMSG if it is no bundle; -ENOMEM.
 */
int tb_bundle_open_memory(const void *buf, size_t len, struct tb_bundle **bundle,
			  struct tb_error *err)
{
	struct tb_bundle *b = calloc(1, sizeof(*b));
	int ret;

	if (!b)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = read_buffer(buf, len, b, err);
	if (ret)
		tb_bundle_close(b);
	else
		*bundle = b;
	return ret;
}

static int map_file(const char *path, void **map, size_t *len, struct tb_error *err)
{
	struct stat st;
	int fd, ret = 0;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return tb_error_set(err, -errno, "cannot read bundle %s: %m", path);
	if (fstat(fd, &st))
		ret = tb_error_set(err, -errno, "cannot read bundle %s: %m", path);
	else if (!S_ISREG(st.st_mode))
		ret = tb_error_set(err, -EBADMSG,
				   "%s is no regular file: copy the bundle to one first", path);
	else if (!st.st_size)
		ret = tb_error_set(err, -EBADMSG, "%s is empty: it is no bundle", path);
	if (!ret) {
		*len = (size_t)st.st_size;
		*map = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, fd, 0);
		if (*map == MAP_FAILED)
			ret = tb_error_set(err, -errno, "cannot read bundle %s: %m", path);
		else
			madvise(*map, *len, MADV_SEQUENTIAL);
	}
	close(fd);
	return ret;
}

/**
 * tb_bundle_open() - read a bundle from a file
 * @path: a regular file, not to be made shorter meanwhile
 * @bundle: set to the bundle, to be closed by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EBADMSG if it is no bundle; -ENOMEM; or what opening it said.
 */
int tb_bundle_open(const char *path, struct tb_bundle **bundle, struct tb_error *err)
{
	struct tb_error why = { 0 };
	void *map = NULL;
	size_t len = 0;
	int ret;

	ret = map_file(path, &map, &len, err);
	if (ret)
		return ret;
	ret = tb_bundle_open_memory(map, len, bundle, &why);
	if (ret) {
		munmap(map, len);
		return tb_error_set(err, ret, "%s: %s", path, why.text);
	}
	(*bundle)->map = map;
	(*bundle)->map_len = len;
	return 0;
}

/**
 * tb_bundle_close() - be done with a bundle
 * @bundle: the bundle, or NULL
 */
void tb_bundle_close(struct tb_bundle *bundle)
{
	if (!bundle)
		return;
	if (bundle->map)
		munmap(bundle->map, bundle->map_len);
	free(bundle->chains);
	free(bundle->station);
	free(bundle->created);
	free(bundle);
}
