// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bundle against checkpoints that somebody else kept. The log's tree is made again of
 * the bundle's records, and where it has as many entries as a checkpoint says, it must
 * have that root.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "timefmt.h"
#include "verify_priv.h"

/**
 * tb_walk_log() - a record is as it was sealed: is it the log's?
 * @walk: the walk, at that record
 * @rec: the record
 *
 * Return: 0 or 1.
 */
int tb_walk_log(struct tb_walk *walk, const struct tb_record *rec)
{
	const struct tb_verify_options *options = walk->options;
	const struct tb_bundle_chain *part = &walk->bundle->chains[walk->part];
	uint8_t hash[TB_HASH_LEN];
	struct tb_held *held;

	/* Record 0 may be there for its key alone; behind a gap numbers are not known. */
	if (!options->held_count || rec->seq < part->first || walk->result->gap_count)
		return 0;
	tb_merkle_leaf(rec->bytes, rec->size, hash);
	tb_frontier_add(&walk->log, hash, NULL, NULL);
	for (; walk->held < options->held_count; walk->held++) {
		held = &options->held[walk->held];
		if (held->checkpoint.size > walk->log.size)
			break;
		tb_frontier_root(&walk->log, hash);
		if (memcmp(hash, held->checkpoint.root, TB_HASH_LEN))
			return tb_walk_bad(walk, TB_ALTERED,
					   "the first %" PRIu64
					   " entries of the log are not those of the checkpoint that was kept: behind the first %" PRIu64
					   " records were changed, put in or taken away, and others sealed in their place",
					   walk->log.size, walk->agreed);
		held->agrees = true;
		walk->agreed = walk->log.size;
		tb_receipt_of(rec, &held->last);
	}
	return 0;
}

/**
 * tb_walk_log_note() - keep how far the chains are held by what agreed
 * @walk: the walk, behind a good record that its result has
 */
void tb_walk_log_note(struct tb_walk *walk)
{
	struct tb_verify_chain *chain;
	size_t i;

	for (i = 0; walk->noted < walk->held && i < walk->result->each_count; i++) {
		chain = &walk->result->each[i];
		if (chain->held && chain->held_seq == chain->last)
			continue;
		chain->held = walk->noted + 1;
		chain->held_seq = chain->last;
	}
	walk->noted = walk->held;
}

/**
 * tb_walk_log_begin() - can the bundle be compared with the log?
 * @walk: the walk, behind the first record
 * @err: told why not
 *
 * Return: 0 or -EINVAL.
 */
int tb_walk_log_begin(struct tb_walk *walk, struct tb_error *err)
{
	if (!walk->options->held_count || walk->part ||
	    (walk->result->from_start && !walk->bundle->chains[0].first))
		return 0;
	return tb_error_set(err, -EINVAL,
			    "a bundle can be held against checkpoints if it begins where the log does: export it without --chain and --from");
}

/**
 * tb_walk_log_end() - does the bundle go as far as what was kept?
 * @walk: the walk, at the end
 *
 * Return: 0 or 1.
 */
int tb_walk_log_end(struct tb_walk *walk)
{
	if (walk->held == walk->options->held_count || walk->result->gap_count)
		return 0;
	return tb_walk_bad(walk, TB_CUT,
			   "the bundle has %" PRIu64
			   " entries of the log, and a checkpoint that was kept has %" PRIu64,
			   walk->log.size, walk->options->held[walk->held].checkpoint.size);
}

/**
 * tb_held_json() - a checkpoint that was kept, for programs
 * @held: the checkpoint
 *
 * Return: an object of the caller's; NULL without memory.
 */
json_t *tb_held_json(const struct tb_held *held)
{
	char root[TB_HEX_SIZE(TB_HASH_LEN)], time[TB_TIME_SIZE];
	json_t *by = json_array();
	size_t i;

	for (i = 0; i < held->by_count; i++)
		json_array_append_new(by,
				      json_pack("{s:s, s:s}", "name", held->by[i].name, "since",
						tb_time_format(held->by[i].time * TB_NSEC_PER_SEC,
							       time)));
	return json_pack("{s:s, s:o, s:s, s:o}", "origin", held->checkpoint.origin, "size",
			 tb_json_u64(held->checkpoint.size), "root",
			 tb_hex_encode(root, held->checkpoint.root, TB_HASH_LEN), "by", by);
}

/**
 * tb_held_text() - who holds it, since when, for people
 * @held: the checkpoint
 * @out: where to
 */
void tb_held_text(const struct tb_held *held, FILE *out)
{
	char time[TB_TIME_SIZE];
	size_t i;

	for (i = 0; i < held->by_count; i++)
		fprintf(out, "  held by %s since %s\n", held->by[i].name,
			tb_time_format(held->by[i].time * TB_NSEC_PER_SEC, time));
	if (!held->by_count)
		fputs("  no witness signed it: it shows as much as you know of where it was kept\n",
		      out);
}

/**
 * tb_held_free() - be done with checkpoints
 * @held: they, or NULL
 * @count: how many
 */
void tb_held_free(struct tb_held *held, size_t count)
{
	while (count)
		tb_checkpoint_clear(&held[--count].checkpoint);
	free(held);
}
