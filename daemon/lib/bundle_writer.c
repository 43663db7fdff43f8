// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing a bundle: into a temporary file beside the place it is to have,
 * flushed to the disk, then renamed. The records are counted as they pass, so
 * that no bundle is made that does not hold what its manifest says.
 */
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "hex.h"
#include "record.h"
#include "timefmt.h"

/**
 * struct tb_bundle_writer - a bundle in the making
 * @path: name it is to have
 * @temp: name it has until then
 * @file: that file
 * @chains: what the manifest says
 * @count: how many chains
 * @at: the chain whose records are due
 * @next: number of the record due
 */
struct tb_bundle_writer {
	char *path;
	char *temp;
	FILE *file;
	struct tb_bundle_chain *chains;
	size_t count;
	size_t at;
	uint64_t next;
};

static json_t *manifest_part(const struct tb_bundle_chain *part)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], before[TB_HEX_SIZE(TONGBU_TAG_LEN)];

	tb_hex_encode(before, part->before, TONGBU_TAG_LEN);
	return json_pack("{s:s, s:o, s:o, s:s*}", "chain",
			 tb_hex_encode(id, part->id, TONGBU_CHAIN_LEN), "first",
			 tb_json_u64(part->first), "last", tb_json_u64(part->last), "before",
			 part->first > 1 ? before : NULL);
}

static char *manifest_line(const char *station, uint64_t created,
			   const struct tb_bundle_chain *chains, size_t count)
{
	json_t *json, *list = json_array();
	char time[TB_TIME_SIZE];
	char *line = NULL;
	size_t i;

	/* clang-format off: a name and its value on each line */
	for (i = 0; i < count; i++)
		json_array_append_new(list, manifest_part(&chains[i]));
	json = json_pack("{s:s, s:i, s:s, s:s, s:o}", "bundle", "tongbu", "version",
			 TB_BUNDLE_VERSION, "station", station, "created",
			 tb_time_format(created, time), "chains", list);
	/* clang-format on */
	if (json && json_array_size(list) == count)
		line = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return line;
}

static int begin(struct tb_bundle_writer *w, const char *line, struct tb_error *err)
{
	mode_t mask;
	int fd;

	if (asprintf(&w->temp, "%s.XXXXXX", w->path) < 0) {
		w->temp = NULL;
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	fd = mkostemp(w->temp, O_CLOEXEC);
	if (fd < 0) {
		int ret = tb_error_set(err, -errno, "cannot create %s: %m", w->temp);

		free(w->temp);
		w->temp = NULL;
		return ret;
	}
	/* As open(2) would have made it: a bundle is to be handed on */
	mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
	w->file = fdopen(fd, "w");
	if (!w->file) {
		close(fd);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	if (fprintf(w->file, "%s\n", line) < 0)
		return tb_error_set(err, -errno, "cannot write %s: %m", w->temp);
	return 0;
}

/**
 * tb_bundle_writer_new() - begin a bundle
 * @path: name it is to have; what is there is replaced on commit
 * @station: name of the station
 * @created: when it is packed, ns since 1970
 * @chains: chains and ranges, in the order they ran
 * @count: how many
 * @writer: set to the writer, to be freed by the caller
 * @err: told why not, or NULL
 *
 * Context: changes the process's umask for a moment.
 * Return: 0; -EINVAL if there is no chain or a range is none; -ENOMEM; or what
 * creating the file said.
 */
int tb_bundle_writer_new(const char *path, const char *station, uint64_t created,
			 const struct tb_bundle_chain *chains, size_t count,
			 struct tb_bundle_writer **writer, struct tb_error *err)
{
	struct tb_bundle_writer *w;
	char *line;
	size_t i;
	int ret;

	if (!count)
		return tb_error_set(err, -EINVAL, "there is no chain to put into %s", path);
	for (i = 0; i < count; i++)
		if (chains[i].last < chains[i].first || chains[i].last > INT64_MAX)
			return tb_error_set(err, -EINVAL,
					    "there are no records from %" PRIu64 " to %" PRIu64,
					    chains[i].first, chains[i].last);
	w = calloc(1, sizeof(*w));
	line = manifest_line(station, created, chains, count);
	if (!w || !line)
		goto err_memory;
	w->path = strdup(path);
	w->chains = calloc(count, sizeof(*chains));
	if (!w->path || !w->chains)
		goto err_memory;
	memcpy(w->chains, chains, count * sizeof(*chains));
	w->count = count;

	ret = begin(w, line, err);
	free(line);
	if (ret)
		tb_bundle_writer_free(w);
	else
		*writer = w;
	return ret;

err_memory:
	free(line);
	tb_bundle_writer_free(w);
	return tb_error_set(err, -ENOMEM, "out of memory, or the station's name is not UTF-8");
}

static void step(struct tb_bundle_writer *w)
{
	const struct tb_bundle_chain *chain = &w->chains[w->at];

	if (!w->next && chain->first) {
		w->next = chain->first;
	} else if (w->next < chain->last) {
		w->next++;
	} else {
		w->at++;
		w->next = 0;
	}
}

static const uint8_t *due_chain(const struct tb_bundle_writer *w)
{
	return w->at < w->count ? w->chains[w->at].id : NULL;
}

static int expect(const struct tb_bundle_writer *w, const struct tb_record *rec,
		  struct tb_error *err)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	if (w->at == w->count)
		return tb_error_set(err, -EINVAL, "record %" PRIu64 " comes after the last",
				    rec->seq);
	if (rec->seq != w->next || memcmp(rec->chain, due_chain(w), TONGBU_CHAIN_LEN))
		return tb_error_set(err, -EINVAL,
				    "record %" PRIu64 " comes where record %" PRIu64
				    " of chain %s was due",
				    rec->seq, w->next,
				    tb_hex_encode(id, w->chains[w->at].id, TONGBU_CHAIN_LEN));
	return 0;
}

/**
 * tb_bundle_writer_add() - add records
 * @writer: the writer
 * @records: whole records, back to back, the next that are due
 * @len: their bytes
 * @err: told why not, or NULL
 *
 * Due are, for each chain, record 0 and then its range.
 *
 * Return: 0; -EINVAL if other records were due, or these are none; or what
 * writing said. After an error the bundle cannot be finished.
 */
int tb_bundle_writer_add(struct tb_bundle_writer *writer, const void *records, size_t len,
			 struct tb_error *err)
{
	const uint8_t *at = records;
	struct tb_record rec;
	size_t left;
	int ret;

	for (left = len; left; left -= rec.size, at += rec.size) {
		if (tb_record_frame(at, left, due_chain(writer), &rec))
			return tb_error_set(err, -EINVAL,
					    "the bytes where record %" PRIu64
					    " was due are no record",
					    writer->next);
		ret = expect(writer, &rec, err);
		if (ret)
			return ret;
		step(writer);
	}
	if (len && fwrite(records, len, 1, writer->file) != 1)
		return tb_error_set(err, -errno, "cannot write %s: %m", writer->temp);
	return 0;
}

static int sync_folder(const char *path)
{
	char *copy = strdup(path);
	int fd, ret = 0;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return -errno;
	if (fsync(fd))
		ret = -errno;
	close(fd);
	return ret;
}

/**
 * tb_bundle_writer_commit() - finish a bundle and give it its name
 * @writer: the writer; still to be freed
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if records are still due; or what writing said.
 */
int tb_bundle_writer_commit(struct tb_bundle_writer *writer, struct tb_error *err)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	int ret;

	if (writer->at != writer->count)
		return tb_error_set(err, -EINVAL, "record %" PRIu64 " of chain %s is still to come",
				    writer->next,
				    tb_hex_encode(id, writer->chains[writer->at].id,
						  TONGBU_CHAIN_LEN));
	if (fflush(writer->file) || fsync(fileno(writer->file)))
		return tb_error_set(err, -errno, "cannot write %s: %m", writer->temp);
	if (rename(writer->temp, writer->path))
		return tb_error_set(err, -errno, "cannot rename %s to %s: %m", writer->temp,
				    writer->path);
	free(writer->temp);
	writer->temp = NULL;
	ret = sync_folder(writer->path);
	if (ret)
		return tb_error_set(err, ret, "cannot flush the folder of %s: %s", writer->path,
				    strerror(-ret));
	return 0;
}

/**
 * tb_bundle_writer_free() - be done with writing
 * @writer: the writer, or NULL; if it was not committed, nothing is left of it
 */
void tb_bundle_writer_free(struct tb_bundle_writer *writer)
{
	if (!writer)
		return;
	if (writer->file)
		fclose(writer->file);
	if (writer->temp)
		unlink(writer->temp);
	free(writer->temp);
	free(writer->path);
	free(writer->chains);
	free(writer);
}
