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
	return !tb_window_frame(&walk->ahead, at, rec);
}

static bool in_chain(const struct tb_walk *walk, const struct tb_record *rec)
{
	return !memcmp(rec->chain, walk->bundle->chains[walk->part].id, TONGBU_CHAIN_LEN);
}

/* Is its tag the one its own number in this chain gives? Without key: unknown. */
static bool tag_fits(struct tb_walk *walk, const struct tb_record *rec)
{
	bool later = rec->seq >= walk->seq;
	uint64_t steps = later ? rec->seq - walk->seq : rec->seq;
	uint8_t key[TONGBU_KEY_LEN];
	bool fits;

	if (!in_chain(walk, rec) || steps > walk->options->reach)
		return false;
	memcpy(key, later ? walk->key : walk->key0, sizeof(key));
	fits = !tb_seal_ratchet(walk->seal, key, steps) && tb_seal_check(walk->seal, key, rec) == 1;
	OPENSSL_cleanse(key, sizeof(key));
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
		if (!tb_record_frame(copy, TONGBU_RECORD_MIN + length, &rec) &&
		    tb_seal_check(walk->seal, walk->key, &rec) == 1)
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
	if (tb_record_frame(bytes, left, &rec) == -ENODATA)
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
	bool follows = frame_at(walk, walk->at + rec->size, &next);
	bool successor = follows && in_chain(walk, &next) && next.seq == walk->seq + 1;

	if (follows && is_record(walk, &next, walk->seq))
		return tb_walk_bad(walk, TB_INSERTED,
				   "what stands before record %" PRIu64 " does not belong there",
				   walk->seq);
	if (of_another_chain(walk, rec) && !successor) {
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

	if (tb_window_frame(&walk->here, walk->at, &rec))
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
