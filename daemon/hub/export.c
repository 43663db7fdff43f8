// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is held of a station, as a bundle: for who verifies it, and for a referee that folds
 * it again. Nothing leaves that is not what the tree was made of.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "hex.h"
#include "take.h"
#include "timefmt.h"

#define PAGE 4096

/**
 * struct walk - going through what is held of a station
 * @db: the connection
 * @station: the station
 * @each: told of each record, with its entry; a negative errno ends it
 * @userdata: for @each
 * @chain: id of the chain it is in
 * @tree: the tree over what was met
 * @err: told what went wrong
 */
struct walk {
	PGconn *db;
	struct hub_station station;
	int (*each)(const struct tb_record *rec, uint64_t entry, void *userdata);
	void *userdata;
	uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_frontier tree;
	struct tb_error *err;
};

static int walk_one(struct walk *walk, const uint8_t *bytes, size_t len)
{
	bool first = len > TONGBU_HEADER_LEN && !memcmp(bytes, (uint8_t[8]){ 0 }, 8);
	uint8_t leaf[TB_HASH_LEN];
	struct tb_record rec;

	tb_merkle_leaf(bytes, len, leaf);
	tb_frontier_add(&walk->tree, leaf, NULL, NULL);
	if (tb_record_parse(bytes, len, first ? NULL : walk->chain, &rec) || rec.size != len)
		return tb_error_set(walk->err, -EBADMSG,
				    "entry %" PRIu64 " of %s is no record of a chain",
				    walk->tree.size - 1, walk->station.key.name);
	memcpy(walk->chain, rec.chain, TONGBU_CHAIN_LEN);
	return walk->each(&rec, walk->tree.size - 1, walk->userdata);
}

/* Return: 0; 1 at the end; or what went wrong. */
static int walk_page(struct walk *walk)
{
	char text[3][24];
	const char *const values[] = { text[0], text[1], text[2] };
	PGresult *result;
	uint64_t count;
	int i, ret = 0;

	snprintf(text[0], sizeof(text[0]), "%d", walk->station.id);
	snprintf(text[1], sizeof(text[1]), "%" PRIu64, walk->tree.size);
	count = walk->station.tree.size - walk->tree.size;
	count = count < PAGE ? count : PAGE;
	snprintf(text[2], sizeof(text[2]), "%" PRIu64, count);
	result = PQexecParams(walk->db,
			      "SELECT bytes FROM tongbu.record WHERE station = $1 AND entry >= $2"
			      " AND entry < $2::bigint + $3::bigint ORDER BY entry",
			      3, NULL, values, NULL, NULL, 1);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		ret = hub_failed(walk->db, walk->err);
	for (i = 0; !ret && i < PQntuples(result); i++)
		ret = walk_one(walk, (const uint8_t *)PQgetvalue(result, i, 0),
			       (size_t)PQgetlength(result, i, 0));
	if (!ret && i < PAGE)
		ret = 1;
	PQclear(result);
	return ret;
}

static int walk_all(struct walk *walk)
{
	uint8_t is[TB_HASH_LEN], was[TB_HASH_LEN];
	int ret;

	walk->tree = (struct tb_frontier){ 0 };
	while (!(ret = walk_page(walk)))
		;
	if (ret < 0)
		return ret;
	tb_frontier_root(&walk->tree, is);
	tb_frontier_root(&walk->station.tree, was);
	return memcmp(is, was, TB_HASH_LEN) || walk->tree.size != walk->station.tree.size ?
		       tb_error_set(walk->err, -EBADMSG,
				    "the records held of %s were changed or damaged: tongbu-hub scrub says where",
				    walk->station.key.name) :
		       0;
}

/* Entries that are held stay as they are, whatever comes meanwhile: none is waited for. */
static int walk_begin(struct walk *walk, const char *origin)
{
	struct tb_error err;
	int ret = hub_exec(walk->db, "BEGIN", walk->err) ?:
			  hub_station_load(walk->db, origin, &walk->station, walk->err);

	hub_exec(walk->db, "ROLLBACK", &err);
	if (!ret && !walk->station.tree.size)
		ret = tb_error_set(walk->err, -ENOENT, "nothing of %s is held yet", origin);
	return ret;
}

static int add_range(const struct tb_record *rec, uint64_t entry, void *userdata)
{
	struct tb_bundle_chain begin = { 0 };
	struct tb_ranges *ranges = userdata;

	(void)entry;
	memcpy(begin.id, rec->chain, TONGBU_CHAIN_LEN);
	if (rec->kind == TONGBU_KIND_GENESIS && ranges->count)
		tb_ranges_end(ranges);
	if (rec->kind == TONGBU_KIND_GENESIS && tb_ranges_begin(ranges, &begin))
		return -ENOMEM;
	return tb_ranges_add(ranges, rec);
}

/**
 * struct packing - records on their way into a bundle
 * @writer: the bundle
 * @ranges: what goes into it
 * @at: the range that is due
 * @err: told what went wrong
 */
struct packing {
	struct tb_bundle_writer *writer;
	struct tb_ranges ranges;
	size_t at;
	struct tb_error *err;
};

/* A record that only ties what stands behind a gap is in no range. */
static int pack(const struct tb_record *rec, uint64_t entry, void *userdata)
{
	struct packing *packing = userdata;
	const struct tb_bundle_chain *range = &packing->ranges.list[packing->at];

	(void)entry;
	if (packing->at == packing->ranges.count || rec->seq < range->first ||
	    memcmp(rec->chain, range->id, TONGBU_CHAIN_LEN))
		return 0;
	packing->at += rec->seq == range->last;
	return tb_bundle_writer_add(packing->writer, rec->bytes, rec->size, packing->err);
}

/**
 * hub_export() - write what is held of a station as a bundle
 * @db: the connection
 * @origin: the station's log
 * @path: the bundle's file
 * @err: told what went wrong
 *
 * Return: 0; -EBADMSG if what is held is not what it was; or another negative errno.
 */
int hub_export(PGconn *db, const char *origin, const char *path, struct tb_error *err)
{
	struct packing packing = { .err = err };
	struct walk walk = { .db = db, .each = add_range, .userdata = &packing.ranges, .err = err };
	int ret = walk_begin(&walk, origin) ?: walk_all(&walk);

	if (!ret) {
		tb_ranges_end(&packing.ranges);
		ret = tb_bundle_writer_new(path, origin, tb_time_now(), packing.ranges.list,
					   packing.ranges.count, &packing.writer, err);
	}
	walk.each = pack;
	walk.userdata = &packing;
	ret = ret ?: walk_all(&walk);
	ret = ret ?: tb_bundle_writer_commit(packing.writer, err);
	tb_bundle_writer_free(packing.writer);
	free(packing.ranges.list);
	hub_station_clear(&walk.station);
	return ret;
}

/**
 * struct comparing - a bundle beside what is held
 * @window: what is in memory of it
 * @at: byte of its records that is next
 * @differs: where to tell the first record that differs
 */
struct comparing {
	struct tb_window window;
	uint64_t at;
	struct hub_difference *differs;
};

/* Behind the first difference it goes on to the end: is what is held what it was? */
static int compare(const struct tb_record *rec, uint64_t entry, void *userdata)
{
	struct comparing *c = userdata;
	const uint8_t *bytes;
	size_t len;

	if (c->differs->found)
		return 0;
	bytes = tb_window_at(&c->window, c->at, &len);

	c->differs->entries = entry;
	c->at += rec->size;
	if (len >= rec->size && !memcmp(bytes, rec->bytes, rec->size)) {
		c->differs->entries++;
		return 0;
	}
	c->differs->found = true;
	c->differs->ended = !len;
	c->differs->seq = rec->seq;
	memcpy(c->differs->chain, rec->chain, TONGBU_CHAIN_LEN);
	return 0;
}

/**
 * hub_compare() - does a bundle of a station's have the records that are held?
 * @db: the connection
 * @origin: the station's log
 * @path: the bundle; it begins with the ledger's first record
 * @differs: told the first record that differs; more behind what is held does not
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_compare(PGconn *db, const char *origin, const char *path, struct hub_difference *differs,
		struct tb_error *err)
{
	struct comparing c = { .differs = differs };
	struct walk walk = { .db = db, .each = compare, .userdata = &c, .err = err };
	struct tb_bundle *bundle;
	int ret = tb_bundle_open(path, &bundle, err);

	memset(differs, 0, sizeof(*differs));
	if (ret)
		return ret;
	ret = tb_window_open(&c.window, bundle);
	if (ret)
		tb_error_set(err, ret, "out of memory");
	ret = ret ?: walk_begin(&walk, origin) ?: walk_all(&walk);
	if (tb_window_error(&c.window, err))
		ret = -EIO;
	hub_station_clear(&walk.station);
	tb_window_close(&c.window);
	tb_bundle_close(bundle);
	return ret < 0 ? ret : 0;
}
