// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a bundle: its first line is parsed, the rest left where it is. What the
 * manifest says is checked for sense, not for truth, and before a parser sees it,
 * for how much memory it could make it take.
 */
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
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

/**
 * tb_bundle_goes_on() - is a range of the chain that the one before it is of?
 * @chains: the ranges
 * @part: which
 *
 * Return: true if it is, and record 0 does not stand before it again.
 */
bool tb_bundle_goes_on(const struct tb_bundle_chain *chains, size_t part)
{
	return part && !memcmp(chains[part].id, chains[part - 1].id, TONGBU_CHAIN_LEN);
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
		if (tb_bundle_goes_on(bundle->chains, i) &&
		    bundle->chains[i].first <= bundle->chains[i - 1].last + 1)
			return tb_error_set(err, -EBADMSG,
					    "the manifest's range number %zu does not leave a gap behind the one before it",
					    i);
	}
	return 0;
}

/*
 * How many values could a parser find in this line? Each has an opening bracket or
 * a comma before it, but for one. Within strings there may be any number: they cost
 * no more than their bytes.
 */
static size_t count_values(const char *line, size_t len)
{
	bool text = false;
	size_t i, count = 1;

	for (i = 0; i < len; i++) {
		if (text && line[i] == '\\')
			i++;
		else if (line[i] == '"')
			text = !text;
		else if (!text && strchr("{[,", line[i]))
			count++;
	}
	return count;
}

static int read_manifest(const char *line, size_t len, struct tb_bundle *bundle,
			 struct tb_error *err)
{
	const char *magic, *station = "", *created = "";
	json_t *json, *chains;
	json_error_t why;
	int version, ret;

	if (count_values(line, len) > TB_BUNDLE_VALUES_MAX)
		return tb_error_set(err, -EBADMSG,
				    "the first line has more than %d values in it: it is no manifest",
				    TB_BUNDLE_VALUES_MAX);
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

/* @len: bytes of @buf, which has the first line whole, or all there may be of it */
static int read_line(const char *buf, size_t len, struct tb_bundle *bundle, struct tb_error *err)
{
	const char *end = len ? memchr(buf, '\n', len) : NULL;

	if (!end)
		return tb_error_set(err, -EBADMSG,
				    "there is no first line with a manifest: is this a bundle?");
	bundle->records_offset = (uint64_t)(end + 1 - buf);
	return read_manifest(buf, (size_t)(end - buf), bundle, err);
}

static struct tb_bundle *new_bundle(void)
{
	struct tb_bundle *bundle = calloc(1, sizeof(*bundle));

	if (bundle)
		bundle->fd = -1;
	return bundle;
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
	struct tb_bundle *b = new_bundle();
	int ret;

	if (!b)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = read_line(buf, len < TB_BUNDLE_LINE_MAX ? len : TB_BUNDLE_LINE_MAX, b, err);
	if (ret) {
		tb_bundle_close(b);
		return ret;
	}
	b->memory = (const uint8_t *)buf + b->records_offset;
	b->records_len = len - b->records_offset;
	*bundle = b;
	return 0;
}

static int write_all(int fd, const uint8_t *bytes, size_t len)
{
	ssize_t done;

	for (; len; bytes += done, len -= (size_t)done) {
		done = write(fd, bytes, len);
		if (done < 0)
			return -errno;
	}
	return 0;
}

/* What can be read but once goes into a file without a name, to be looked at twice. */
static int spool(int from, int *fd, struct tb_error *err)
{
	const char *folder = getenv("TMPDIR");
	bool line = false;
	uint8_t bytes[16384];
	size_t total = 0;
	ssize_t got = 0;
	int ret = 0;

	folder = folder && *folder ? folder : "/var/tmp";
	*fd = open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (*fd < 0)
		return tb_error_set(err, -errno, "cannot keep what comes in %s: %m", folder);
	/* Without a first line it is no bundle, however much of it there may be. */
	while (!ret && (line || total < TB_BUNDLE_LINE_MAX) &&
	       (got = read(from, bytes, sizeof(bytes))) > 0) {
		ret = write_all(*fd, bytes, (size_t)got);
		line = line || memchr(bytes, '\n', (size_t)got);
		total += (size_t)got;
	}
	if (ret)
		tb_error_set(err, ret, "cannot keep what comes in %s: %s", folder, strerror(-ret));
	else if (got < 0)
		ret = tb_error_set(err, -errno, "cannot read it: %m");
	if (ret)
		close(*fd);
	return ret;
}

/* Set to a file that can be read at any place, or to -1 */
static int open_file(const char *path, int *fd, struct tb_error *err)
{
	int from = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	struct stat st;
	int ret;

	*fd = -1;
	if (from < 0 || fstat(from, &st)) {
		ret = tb_error_set(err, -errno, "cannot read it: %m");
	} else if (S_ISDIR(st.st_mode)) {
		ret = tb_error_set(err, -EISDIR, "it is a folder, no bundle");
	} else if (S_ISREG(st.st_mode)) {
		*fd = from == STDIN_FILENO ? fcntl(from, F_DUPFD_CLOEXEC, 3) : from;
		return *fd < 0 ? tb_error_set(err, -errno, "cannot read it: %m") : 0;
	} else {
		ret = spool(from, fd, err);
	}
	if (from > STDIN_FILENO)
		close(from);
	return ret;
}

static int read_file(struct tb_bundle *bundle, struct tb_error *err)
{
	struct stat st;
	ssize_t got;
	char *line;
	int ret;

	line = malloc(TB_BUNDLE_LINE_MAX);
	if (!line)
		return tb_error_set(err, -ENOMEM, "out of memory");
	got = pread(bundle->fd, line, TB_BUNDLE_LINE_MAX, 0);
	if (got < 0 || fstat(bundle->fd, &st)) {
		ret = tb_error_set(err, -errno, "cannot read it: %m");
	} else if (!got) {
		ret = tb_error_set(err, -EBADMSG, "it is empty: it is no bundle");
	} else {
		ret = read_line(line, (size_t)got, bundle, err);
		if (!ret && (uint64_t)st.st_size > bundle->records_offset)
			bundle->records_len = (uint64_t)st.st_size - bundle->records_offset;
	}
	free(line);
	return ret;
}

/**
 * tb_bundle_open() - read a bundle from a file
 * @path: a file; "-" for standard input. What is no regular file is copied into
 *	one without a name first, in $TMPDIR or /var/tmp.
 * @bundle: set to the bundle, to be closed by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EBADMSG if it is no bundle; -ENOMEM; or what reading it said.
 */
int tb_bundle_open(const char *path, struct tb_bundle **bundle, struct tb_error *err)
{
	struct tb_bundle *b = new_bundle();
	struct tb_error why = { 0 };
	int ret;

	if (!b)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = open_file(path, &b->fd, &why) ?: read_file(b, &why);
	if (ret) {
		tb_bundle_close(b);
		return tb_error_set(err, ret, "bundle %s: %s",
				    strcmp(path, "-") ? path : "on standard input", why.text);
	}
	*bundle = b;
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
	if (bundle->fd >= 0)
		close(bundle->fd);
	free(bundle->chains);
	free(bundle->station);
	free(bundle->created);
	free(bundle);
}
