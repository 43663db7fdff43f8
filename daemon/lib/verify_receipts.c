// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receipts held elsewhere: for each, the bundle must have the record it is for, and
 * its tag must be the same. A receipt nobody could compare proves nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "verify_priv.h"

static int compare(const uint8_t *chain, uint64_t seq, const struct tb_receipt *receipt)
{
	int order = memcmp(chain, receipt->chain, TONGBU_CHAIN_LEN);

	return order ?: (seq > receipt->seq) - (seq < receipt->seq);
}

static int in_order(const void *a, const void *b)
{
	const struct tb_receipt *receipt = a;

	return compare(receipt->chain, receipt->seq, b);
}

/**
 * tb_walk_receipts_begin() - make ready for comparing receipts
 * @walk: the walk, at its begin
 *
 * Return: 0 or -ENOMEM.
 */
int tb_walk_receipts_begin(struct tb_walk *walk)
{
	size_t count = walk->options->receipt_count;

	if (!count)
		return 0;
	walk->receipts = calloc(count, sizeof(*walk->receipts));
	walk->met = calloc(count, sizeof(*walk->met));
	if (!walk->receipts || !walk->met)
		return -ENOMEM;
	memcpy(walk->receipts, walk->options->receipts, count * sizeof(*walk->receipts));
	qsort(walk->receipts, count, sizeof(*walk->receipts), in_order);
	return 0;
}

/* The first receipt that is not before this record */
static size_t find(const struct tb_walk *walk, const uint8_t *chain, uint64_t seq)
{
	size_t low = 0, high = walk->options->receipt_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(chain, seq, &walk->receipts[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * tb_walk_receipts() - compare the receipts for a record
 * @walk: the walk, at that record
 * @rec: the record
 *
 * Return: 0, or 1 for a verdict.
 */
int tb_walk_receipts(struct tb_walk *walk, const struct tb_record *rec)
{
	const uint8_t *chain = walk->bundle->chains[walk->part].id;
	size_t i;

	if (!walk->receipts)
		return 0;
	for (i = find(walk, chain, rec->seq);
	     i < walk->options->receipt_count && !compare(chain, rec->seq, &walk->receipts[i]);
	     i++) {
		if (CRYPTO_memcmp(walk->receipts[i].tag, rec->tag, TONGBU_TAG_LEN))
			return tb_walk_bad(walk, TB_ALTERED,
					   "a receipt held elsewhere names another tag for this record");
		walk->met[i] = true;
		walk->result->receipts++;
	}
	return 0;
}

/**
 * tb_walk_receipts_end() - was there a record for each receipt of the chain?
 * @walk: the walk, behind the chain's last record
 *
 * Return: 0, or 1 for a verdict.
 */
int tb_walk_receipts_end(struct tb_walk *walk)
{
	const uint8_t *chain = walk->bundle->chains[walk->part].id;
	const struct tb_receipt *receipt;
	size_t i;
	int ret;

	if (!walk->receipts)
		return 0;
	for (i = find(walk, chain, 0); i < walk->options->receipt_count; i++) {
		receipt = &walk->receipts[i];
		if (memcmp(chain, receipt->chain, TONGBU_CHAIN_LEN))
			break;
		if (walk->met[i])
			continue;
		if (receipt->seq >= walk->seq)
			return tb_walk_bad(walk, TB_CUT,
					   "the bundle ends before record %" PRIu64
					   ", for which there is a receipt",
					   receipt->seq);
		ret = tb_walk_bad(walk, TB_MISSING,
				  "there is a receipt for record %" PRIu64
				  ", which is not in the bundle: export a longer range",
				  receipt->seq);
		walk->result->bad.seq = receipt->seq;
		return ret;
	}
	return 0;
}

/**
 * tb_walk_receipts_left() - is a receipt of a chain that is not there?
 * @walk: the walk, at its end
 *
 * Return: 0, or 1 for a verdict.
 */
int tb_walk_receipts_left(struct tb_walk *walk)
{
	size_t i;
	int ret;

	for (i = 0; walk->receipts && i < walk->options->receipt_count; i++) {
		if (walk->met[i])
			continue;
		ret = tb_walk_bad(walk, TB_MISSING,
				  "there is a receipt of a chain that is not in the bundle");
		memcpy(walk->result->bad.chain, walk->receipts[i].chain, TONGBU_CHAIN_LEN);
		walk->result->bad.seq = walk->receipts[i].seq;
		return ret;
	}
	return 0;
}
