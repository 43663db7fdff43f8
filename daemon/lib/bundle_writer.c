// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing a bundle. The records are counted as they pass, so that no bundle is made
 * that does not hold what its manifest says.
 */
#include "bundle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "hex.h"
#include "json.h"
#include "outfile.h"
#include "record.h"
#include "timefmt.h"

/**
 * struct tb_bundle_writer - a bundle in the making
 * @out: the file
 * @chains: what the manifest says
 * @count: how many chains
 * @at: the chain whose records are due
 * @next: number of the record due
 */
struct tb_bundle_writer {
	struct tb_outfile out;
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
		line = tb_json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return line;
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
		else if (tb_bundle_goes_on(chains, i) && chains[i].first <= chains[i - 1].last + 1)
			return tb_error_set(err, -EINVAL,
					    "the range from %" PRIu64
					    " leaves no gap behind the one before it",
					    chains[i].first);
	w = calloc(1, sizeof(*w));
	line = manifest_line(station, created, chains, count);
	if (!w || !line)
		goto err_memory;
	w->chains = calloc(count, sizeof(*chains));
	if (!w->chains)
		goto err_memory;
	memcpy(w->chains, chains, count * sizeof(*chains));
	w->count = count;

	ret = tb_outfile_open(&w->out, path, err);
	if (!ret && fprintf(w->out.file, "%s\n", line) < 0)
		ret = tb_error_set(err, -errno, "cannot write %s: %m", path);
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
		w->next = w->at < w->count && tb_bundle_goes_on(w->chains, w->at) ?
				  w->chains[w->at].first :
				  0;
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
 * Due are, for each chain, record 0 and then its ranges.
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
	if (len && fwrite(records, len, 1, writer->out.file) != 1)
		return tb_error_set(err, -errno, "cannot write %s: %m", writer->out.path);
	return 0;
}

/**
 * tb_bundle_writer_flush() - have on the disk what was added, without giving it its name
 * @writer: the writer
 * @err: told why not, or NULL
 *
 * Return: 0 or a negative errno.
 */
int tb_bundle_writer_flush(struct tb_bundle_writer *writer, struct tb_error *err)
{
	if (!fflush(writer->out.file) && !fdatasync(fileno(writer->out.file)))
		return 0;
	return tb_error_set(err, -errno, "cannot write %s: %m", writer->out.path);
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

	if (writer->at != writer->count)
		return tb_error_set(err, -EINVAL, "record %" PRIu64 " of chain %s is still to come",
				    writer->next,
				    tb_hex_encode(id, writer->chains[writer->at].id,
						  TONGBU_CHAIN_LEN));
	return tb_outfile_commit(&writer->out, err);
}

/**
 * tb_bundle_writer_free() - be done with writing
 * @writer: the writer, or NULL; if it was not committed, nothing is left of it
 */
void tb_bundle_writer_free(struct tb_bundle_writer *writer)
{
	if (!writer)
		return;
	tb_outfile_close(&writer->out);
	free(writer->chains);
	free(writer);
}
