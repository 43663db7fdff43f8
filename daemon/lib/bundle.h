/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bundle: records packed into one file, to be verified far from the station.
 *
 *	one line of JSON, the manifest | "\n" | records, back to back
 *
 * For each range the manifest names: record 0 of its chain, unless the range
 * before it is of the same chain; then records first to last (record 0 once if
 * first is 0). The manifest is a packing list: it is not sealed and proves
 * nothing. docs/bundle-format.md has the details.
 *
 * A bundle may come from anybody and be of any size. It is read through windows
 * of a fixed size; what is kept of it in memory is the list of its ranges.
 */
#ifndef TONGBU_BUNDLE_H
#define TONGBU_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/tongbu.h>

#include "error.h"
#include "record.h"

#define TB_BUNDLE_VERSION 2
/* A longer first line is no manifest, nor one with more values in it */
#define TB_BUNDLE_LINE_MAX   (1024 * 1024)
#define TB_BUNDLE_VALUES_MAX 65536

/**
 * struct tb_bundle_chain - a range of one chain
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
 * @chains: the ranges, in the order the chains ran; of one chain there may be
 *	several behind each other, with a gap between
 * @chain_count: how many
 * @records_len: bytes of the records, back to back
 * @records_offset: where in the file they begin
 * @memory: the records, if they are in the caller's memory, or NULL
 * @fd: the file, or -1
 */
struct tb_bundle {
	char *station;
	char *created;
	struct tb_bundle_chain *chains;
	size_t chain_count;
	uint64_t records_len;
	uint64_t records_offset;
	const uint8_t *memory;
	int fd;
};

int tb_bundle_open(const char *path, struct tb_bundle **bundle, struct tb_error *err);
int tb_bundle_open_memory(const void *buf, size_t len, struct tb_bundle **bundle,
			  struct tb_error *err);
void tb_bundle_close(struct tb_bundle *bundle);
bool tb_bundle_goes_on(const struct tb_bundle_chain *chains, size_t part);

/**
 * struct tb_ranges - which records there are, as a bundle can hold them
 * @list: the ranges, to be freed by the caller
 * @count: how many
 */
struct tb_ranges {
	struct tb_bundle_chain *list;
	size_t count;
};

int tb_ranges_begin(struct tb_ranges *ranges, const struct tb_bundle_chain *from);
int tb_ranges_add(struct tb_ranges *ranges, const struct tb_record *rec);
void tb_ranges_end(struct tb_ranges *ranges);

/**
 * struct tb_window - what is in memory of a bundle's records
 * @bundle: the bundle
 * @bytes: the memory, or NULL if all of the bundle is in the caller's
 * @start: which byte of the records its first is
 * @len: bytes that are in it
 * @error: what went wrong in reading, a negative errno, or 0
 */
struct tb_window {
	const struct tb_bundle *bundle;
	uint8_t *bytes;
	uint64_t start;
	size_t len;
	int error;
};

int tb_window_open(struct tb_window *window, const struct tb_bundle *bundle);
const uint8_t *tb_window_at(struct tb_window *window, uint64_t at, size_t *len);
int tb_window_frame(struct tb_window *window, uint64_t at, const uint8_t *chain,
		    struct tb_record *rec);
int tb_window_error(const struct tb_window *window, struct tb_error *err);
void tb_window_close(struct tb_window *window);

/*
 * Writing: the ranges are said first, then come all their records in
 * that order, in pieces of any number of whole records. The file appears under
 * its name when tb_bundle_writer_commit() succeeds, and not before.
 */
struct tb_bundle_writer;

int tb_bundle_writer_new(const char *path, const char *station, uint64_t created,
			 const struct tb_bundle_chain *chains, size_t count,
			 struct tb_bundle_writer **writer, struct tb_error *err);
int tb_bundle_writer_add(struct tb_bundle_writer *writer, const void *records, size_t len,
			 struct tb_error *err);
int tb_bundle_writer_flush(struct tb_bundle_writer *writer, struct tb_error *err);
int tb_bundle_writer_commit(struct tb_bundle_writer *writer, struct tb_error *err);
void tb_bundle_writer_free(struct tb_bundle_writer *writer);

#endif /* TONGBU_BUNDLE_H */
