// SPDX-License-Identifier: GPL-2.0-only
/*
 * Something is wrong at one place: what was done there? The bytes around it are
 * evidence: a record sealed under a later key says that those between are
 * missing or moved; one followed by the record that should have been here was
 * put in; one that fits nowhere was altered.
 *
 * With a key a record belongs where its tag checks; without one, where it says.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>

#include "verify_priv.h"

/* The record that begins at a place, until another is looked at */
static bool frame_at(struct tb_walk *walk, uint64_t at, struct tb_record *rec)
{
	return !tb_window_frame(&walk->ahead, at, walk->bundle->chains[walk->part].id, rec);
}

static bool in_chain(const struct tb_walk *walk, const struct tb_record *rec)
{
	return !memcmp(rec->chain, walk->bundle->chains[walk->part].id, TONGBU_CHAIN_LEN);
}

/* Do two records follow each other, the second one's tag being made with @key? */
static bool follows(struct tb_walk *walk, const uint8_t *key, const struct tb_record *first,
		    const struct tb_record *second)
{
	return tb_seal_check(walk->seal, key, first->tag, second) == 1;
}

/* Of the record the walk has come to. A tag binds the record before, which need not be there: the one behind it, made
 * over its tag, then speaks for it. With neither, a later one is taken at its word,
 * unless another claims the same number.
 */
static bool fits_neighbour(struct tb_walk *walk, const uint8_t *key, const uint8_t *next_key,
			   const struct tb_record *rec)
{
	const struct tb_bundle_chain *part = &walk->bundle->chains[walk->part];
	uint64_t at = walk->begin;
	bool alone = rec->seq > walk->seq;
	static const uint8_t none[TONGBU_TAG_LEN];
	struct tb_record other;

	if (!rec->seq || rec->seq == part->first)
		return tb_seal_check(walk->seal, key, rec->seq ? part->before : none, rec) == 1;

	for (; frame_at(walk, at, &other); at += other.size) {
		if (other.seq + 1 == rec->seq && follows(walk, key, &other, rec))
			return true;
		if (other.seq == rec->seq + 1 && follows(walk, next_key, rec, &other))
			return true;
		if (at != walk->at && other.seq + 1 >= rec->seq && other.seq <= rec->seq + 1)
			alone = false;
	}
	return alone;
}

/* Is its tag the one its own number in this chain gives? Without key: unknown. */
static bool tag_fits(struct tb_walk *walk, const struct tb_record *rec)
{
	bool later = rec->seq >= walk->seq;
	uint64_t steps = later ? rec->seq - walk->seq : rec->seq;
	uint8_t key[TONGBU_KEY_LEN], next_key[TONGBU_KEY_LEN];
	bool fits = false;

	if (!in_chain(walk, rec) || steps > walk->options->reach)
		return false;
	memcpy(key, later ? walk->key : walk->key0, sizeof(key));
	if (!tb_seal_ratchet(walk->seal, key, steps)) {
		memcpy(next_key, key, sizeof(key));
		if (rec->seq == walk->seq)
			fits = tb_seal_check(walk->seal, key, walk->tag, rec) == 1;
		else if (!tb_seal_ratchet(walk->seal, next_key, 1))
			fits = fits_neighbour(walk, key, next_key, rec);
	}
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(next_key, sizeof(next_key));
	return fits;
}

static bool is_record(struct tb_walk *walk, const struct tb_record *rec, uint64_t seq)
{
	return rec->seq == seq && in_chain(walk, rec) && (!walk->has_key || tag_fits(walk, rec));
}

/* Does the record that should be here follow somewhere behind this one? */
static bool expected_follows(struct tb_walk *walk, const struct tb_record *rec)
{
	uint64_t at = walk->at + rec->size;
	struct tb_record other;

	for (; frame_at(walk, at, &other); at += other.size)
		if (is_record(walk, &other, walk->seq))
			return true;
	return false;
}

/* Do the same bytes stand somewhere from @at up to @until? */
static bool stands_between(struct tb_walk *walk, const struct tb_record *rec, uint64_t at,
			   uint64_t until)
{
	struct tb_record other;

	for (; at < until && frame_at(walk, at, &other); at += other.size)
		if (other.size == rec->size && !memcmp(other.bytes, rec->bytes, rec->size))
			return true;
	return false;
}

/* A length that was changed hides where the record ends: try them all. */
static bool length_was_changed(struct tb_walk *walk, const uint8_t *bytes, size_t left)
{
	uint8_t copy[TONGBU_RECORD_MAX];
	struct tongbu_header header;
	struct tb_record rec;
	size_t length;

	if (!walk->has_key)
		return false;
	for (length = 0; length <= TONGBU_PAYLOAD_MAX; length++) {
		if (TONGBU_RECORD_MIN + length > left)
			break;
		memcpy(copy, bytes, TONGBU_RECORD_MIN + length);
		memcpy(&header, copy, sizeof(header));
		header.length = htole16((uint16_t)length);
		memcpy(copy, &header, sizeof(header));
		if (!tb_record_frame(copy, TONGBU_RECORD_MIN + length, NULL, &rec) &&
		    tb_seal_check(walk->seal, walk->key, walk->tag, &rec) == 1)
			return true;
	}
	return false;
}

static int why_no_frame(struct tb_walk *walk)
{
	const uint8_t *bytes;
	struct tb_record rec;
	size_t left;

	bytes = tb_window_at(&walk->ahead, walk->at, &left);
	if (!left)
		return tb_walk_bad(walk, TB_CUT, "the file ends before record %" PRIu64, walk->seq);
	if (length_was_changed(walk, bytes, left))
		return tb_walk_bad(walk, TB_ALTERED,
				   "record %" PRIu64
				   " is not as it was sealed: its length was changed",
				   walk->seq);
	if (tb_record_frame(bytes, left, NULL, &rec) == -ENODATA)
		return tb_walk_bad(walk, TB_CUT, "the file ends within record %" PRIu64, walk->seq);
	return tb_walk_bad(walk, TB_MALFORMED,
			   "the bytes where record %" PRIu64 " should be are no record", walk->seq);
}

/* The record belongs to this chain, but not here. */
static int why_elsewhere(struct tb_walk *walk, const struct tb_record *rec)
{
	if (rec->seq < walk->seq)
		return tb_walk_bad(walk, TB_INSERTED,
				   "record %" PRIu64 " stands a second time where record %" PRIu64
				   " should be",
				   rec->seq, walk->seq);
	if (!expected_follows(walk, rec))
		return tb_walk_bad(walk, TB_MISSING,
				   "record %" PRIu64 " is not there: record %" PRIu64
				   " stands in its place",
				   walk->seq, rec->seq);
	if (stands_between(walk, rec, walk->at + rec->size, UINT64_MAX))
		return tb_walk_bad(walk, TB_INSERTED,
				   "a copy of record %" PRIu64 " stands where record %" PRIu64
				   " should be",
				   rec->seq, walk->seq);
	return tb_walk_bad(walk, TB_REORDERED, "record %" PRIu64 " stands before record %" PRIu64,
			   rec->seq, walk->seq);
}

/* Only record 0 says of which. */
static bool of_another_chain(const struct tb_walk *walk, const struct tb_record *rec)
{
	size_t i;

	for (i = 0; i < walk->bundle->chain_count; i++)
		if (!memcmp(rec->chain, walk->bundle->chains[i].id, TONGBU_CHAIN_LEN))
			return !in_chain(walk, rec);
	return false;
}

/* The record belongs nowhere in this chain. */
static int why_stranger(struct tb_walk *walk, const struct tb_record *rec)
{
	struct tb_record next;

	if (frame_at(walk, walk->at + rec->size, &next) && is_record(walk, &next, walk->seq))
		return tb_walk_bad(walk, TB_INSERTED,
				   "what stands before record %" PRIu64 " does not belong there",
				   walk->seq);
	if (of_another_chain(walk, rec)) {
		if (expected_follows(walk, rec))
			return tb_walk_bad(walk, TB_REORDERED,
					   "a record of another chain stands before record %" PRIu64,
					   walk->seq);
		if (walk->at == walk->begin)
			return tb_walk_bad(walk, TB_MISSING,
					   "nothing of the chain is there: another one begins");
		return tb_walk_bad(walk, TB_CUT,
				   "the chain ends before record %" PRIu64 ": another one begins",
				   walk->seq);
	}
	return tb_walk_bad(walk, TB_ALTERED, "record %" PRIu64 " is not as it was sealed",
			   walk->seq);
}

/**
 * tb_walk_why() - what was done at the place the walk has come to?
 * @walk: the walk, where the record that should be next is not
 *
 * Return: 1.
 */
int tb_walk_why(struct tb_walk *walk)
{
	struct tb_record rec, next;
	bool belongs;

	if (tb_window_frame(&walk->here, walk->at, walk->bundle->chains[walk->part].id, &rec))
		return why_no_frame(walk);
	if (walk->has_key)
		belongs = rec.seq != walk->seq && tag_fits(walk, &rec);
	else if (!in_chain(walk, &rec) || rec.seq == walk->seq)
		belongs = false;
	else if (rec.seq < walk->seq)
		belongs = stands_between(walk, &rec, walk->begin, walk->at);
	else
		/* With its successor behind it, it is this one, renumbered. */
		belongs = !(frame_at(walk, walk->at + rec.size, &next) && in_chain(walk, &next) &&
			    next.seq == walk->seq + 1);
	return belongs ? why_elsewhere(walk, &rec) : why_stranger(walk, &rec);
}
