// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a number is left out, a range ends. The record behind the gap ties the next one:
 * its tag binds what nobody has, and is what those behind it are held to. So it is in no
 * range itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"

static int add(struct tb_ranges *ranges, const struct tb_bundle_chain *range)
{
	struct tb_bundle_chain *more;

	more = reallocarray(ranges->list, ranges->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	ranges->list = more;
	more[ranges->count++] = *range;
	return 0;
}

/**
 * tb_ranges_begin() - go on with a chain
 * @ranges: the ranges; all zero at first
 * @from: its id, the number of the record that is due first, and, if that is neither 0 nor
 *	1, the tag of the one before it
 *
 * Return: 0 or -ENOMEM.
 */
int tb_ranges_begin(struct tb_ranges *ranges, const struct tb_bundle_chain *from)
{
	struct tb_bundle_chain range = *from;

	range.last = range.first - 1;
	return add(ranges, &range);
}

/**
 * tb_ranges_add() - the chain's next record that is there
 * @ranges: the ranges
 * @rec: the record
 *
 * Return: 0 or -ENOMEM.
 */
int tb_ranges_add(struct tb_ranges *ranges, const struct tb_record *rec)
{
	struct tb_bundle_chain *range = &ranges->list[ranges->count - 1], next;

	if (rec->seq == range->last + 1) {
		range->last++;
		return 0;
	}
	next = (struct tb_bundle_chain){ .first = rec->seq + 1, .last = rec->seq };
	memcpy(next.id, range->id, TONGBU_CHAIN_LEN);
	memcpy(next.before, rec->tag, TONGBU_TAG_LEN);
	/* One of a single record, or of none, has nothing that could be held to it. */
	if (range->last + 1 != range->first)
		return add(ranges, &next);
	*range = next;
	return 0;
}

/**
 * tb_ranges_end() - the chain has no more records
 * @ranges: the ranges
 */
void tb_ranges_end(struct tb_ranges *ranges)
{
	const struct tb_bundle_chain *range = &ranges->list[ranges->count - 1];

	if (range->last + 1 == range->first)
		ranges->count--;
}
