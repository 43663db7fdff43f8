// SPDX-License-Identifier: GPL-2.0-only
#include "copy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "ledger_read.h"

#define CHUNK (256 * 1024)

/**
 * struct visit - a copy being read
 * @each: told of each record
 * @userdata: for @each
 * @err: told what went wrong
 */
struct visit {
	int (*each)(const struct tb_record *rec, int64_t position, void *userdata);
	void *userdata;
	struct tb_error *err;
};

/* All of one chain, of which @position is the last */
static int visit_chunk(const struct visit *v, const uint8_t *chain, const uint8_t *bytes,
		       size_t len, int64_t position)
{
	struct tb_record rec;
	int ret = 0;

	for (; !ret && len; bytes += rec.size, len -= rec.size) {
		if (tb_record_parse(bytes, len, chain, &rec))
			return tb_error_set(v->err, -EBADMSG,
					    "the ledger has something that is not a record: verify it");
		ret = v->each(&rec, (position & ~(int64_t)TB_LEDGER_SEQ_MAX) | (int64_t)rec.seq,
			      v->userdata);
	}
	return ret;
}

static int visit_ledger(const struct visit *v, const char *path, const char *archive)
{
	struct tb_query query = TB_QUERY_ALL;
	struct tb_reading *reading = NULL;
	struct tb_cursor *cursor = NULL;
	uint8_t *chunk = malloc(CHUNK);
	bool end = false;
	size_t len;
	int ret;

	if (!chunk)
		return tb_error_set(v->err, -ENOMEM, "out of memory");
	query.archived = true;
	ret = tb_reading_open(path, &reading, v->err);
	if (!ret && archive && tb_reading_archive(reading, archive))
		ret = tb_error_set(v->err, -ENOMEM, "out of memory");
	if (!ret)
		ret = tb_cursor_open(reading, &query, &cursor, v->err);
	while (!ret && !end) {
		ret = tb_cursor_next(cursor, chunk, CHUNK, &len, &end, v->err);
		if (!ret)
			ret = visit_chunk(v, tb_cursor_chain(cursor), chunk, len,
					  tb_cursor_position(cursor));
	}
	tb_cursor_close(cursor);
	tb_reading_close(reading);
	free(chunk);
	return ret;
}

/**
 * struct place - where the reading of a bundle stands
 * @window: what is in memory of it
 * @at: byte of the records that is next
 * @no: number of the chain, as a ledger would count
 */
struct place {
	struct tb_window window;
	uint64_t at;
	int64_t no;
};

static int visit_range(const struct visit *v, struct place *place,
		       const struct tb_bundle_chain *range, bool genesis)
{
	struct tb_record rec;
	uint64_t seq = range->first;
	int ret;

	/* Record 0 stands before a range that begins later, for the verifier. */
	genesis = genesis && range->first;
	while (genesis || seq <= range->last) {
		if (tb_window_frame(&place->window, place->at, range->id, &rec) ||
		    tb_record_parse(rec.bytes, rec.size, range->id, &rec))
			return tb_window_error(&place->window, v->err) ?:
				       tb_error_set(v->err, -EBADMSG,
						    "the bundle is cut off in its records: check it with tongbu-verify");
		place->at += rec.size;
		if (genesis) {
			genesis = false;
			continue;
		}
		if (rec.seq != seq++)
			return tb_error_set(v->err, -EBADMSG,
					    "record %llu of the bundle is out of order: check it with tongbu-verify",
					    (unsigned long long)rec.seq);
		ret = v->each(&rec, place->no << TB_LEDGER_SEQ_BITS | (int64_t)rec.seq,
			      v->userdata);
		if (ret)
			return ret;
	}
	return 0;
}

static int visit_bundle(const struct visit *v, const char *path)
{
	struct place place = { 0 };
	struct tb_bundle *bundle;
	bool goes_on;
	size_t i;
	int ret;

	ret = tb_bundle_open(path, &bundle, v->err);
	if (ret)
		return ret;
	ret = tb_window_open(&place.window, bundle);
	if (ret)
		tb_error_set(v->err, ret, "out of memory");
	for (i = 0; !ret && i < bundle->chain_count; i++) {
		goes_on = tb_bundle_goes_on(bundle->chains, i);
		place.no += !goes_on;
		ret = visit_range(v, &place, &bundle->chains[i], !goes_on);
	}
	tb_window_close(&place.window);
	tb_bundle_close(bundle);
	return ret;
}

static bool is_sqlite(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)] = "";
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	if (fread(head, 1, sizeof(head), file) != sizeof(head))
		head[0] = '\0';
	fclose(file);
	return !memcmp(head, magic, sizeof(magic));
}

/**
 * tb_copy_each() - go through the records of a copy
 * @path: file of a ledger or a bundle
 * @archive: directory with the bundles of a ledger's archived chains; NULL if it is
 *	"archive", beside the file
 * @each: told of each, in order, with what a ledger calls it; anything but 0 ends it
 * @userdata: for @each
 * @err: told what went wrong, unless @each ended it
 *
 * Nothing is verified: that is tongbu-verify's.
 *
 * Return: 0, what @each returned, or a negative errno.
 */
int tb_copy_each(const char *path, const char *archive,
		 int (*each)(const struct tb_record *rec, int64_t position, void *userdata),
		 void *userdata, struct tb_error *err)
{
	const struct visit v = { each, userdata, err };

	return is_sqlite(path) ? visit_ledger(&v, path, archive) : visit_bundle(&v, path);
}
