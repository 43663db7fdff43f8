/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bundle: records packed into one file, to be verified far from the station.
 *
 *	one line of JSON, the manifest | "\n" | records, back to back
 *
 * For each chain the manifest names: record 0, then records first to last
 * (record 0 once if first is 0). The manifest is a packing list: it is not
 * sealed and proves nothing. docs/bundle-format.md has the details.
 */
#ifndef TONGBU_BUNDLE_H
#define TONGBU_BUNDLE_H

#include <stddef.h>
#include <stdint.h>

#include <linux/tongbu.h>

#include "error.h"

#define TB_BUNDLE_VERSION 2
/* A longer first line is no manifest */
#define TB_BUNDLE_LINE_MAX (16 * 1024 * 1024)

/**
 * struct tb_bundle_chain - one chain's part of a bundle
 * @id: its id
 * @first: number of the first record of the range
 * @last: number of the last
 * @before: tag of the record before the first, if that is neither 0 nor 1: the
 *	first one's tag binds it
 */
struct tb_bundle_chain {
	uint8_t id[TONGBU_CHAIN_LEN];
	uint64_t first;
	uint64_t last;
	uint8_t before[TONGBU_TAG_LEN];
};

/**
 * struct tb_bundle - a bundle, opened for reading
 * @station: name of the station, as the manifest has it
 * @created: when it was packed, as the manifest has it
 * @chains: the chains, in the order they ran
 * @chain_count: how many
 * @records: the records, back to back
 * @records_len: their bytes
 * @records_offset: where in the file they begin
 * @map: the whole file, or NULL if the caller's memory is used
 * @map_len: its bytes
 */
struct tb_bundle {
	char *station;
	char *created;
	struct tb_bundle_chain *chains;
	size_t chain_count;
	const uint8_t *records;
	size_t records_len;
	size_t records_offset;
	void *map;
	size_t map_len;
};

int tb_bundle_open(const char *path, struct tb_bundle **bundle, struct tb_error *err);
int tb_bundle_open_memory(const void *buf, size_t len, struct tb_bundle **bundle,
			  struct tb_error *err);
void tb_bundle_close(struct tb_bundle *bundle);

/*
 * Writing: the chains and ranges are said first, then come all their records in
 * that order, in pieces of any number of whole records. The file appears under
 * its name when tb_bundle_writer_commit() succeeds, and not before.
 */
struct tb_bundle_writer;

int tb_bundle_writer_new(const char *path, const char *station, uint64_t created,
			 const struct tb_bundle_chain *chains, size_t count,
			 struct tb_bundle_writer **writer, struct tb_error *err);
int tb_bundle_writer_add(struct tb_bundle_writer *writer, const void *records, size_t len,
			 struct tb_error *err);
int tb_bundle_writer_commit(struct tb_bundle_writer *writer, struct tb_error *err);
void tb_bundle_writer_free(struct tb_bundle_writer *writer);

#endif /* TONGBU_BUNDLE_H */
