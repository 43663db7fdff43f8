// SPDX-License-Identifier: GPL-2.0-only
#include "pair.h"

/* Whose the chains are */
struct tb_key supervisor;
/* The chains: the second goes on from the first */
struct chain *first, *second;

/**
 * pair_make() - make both chains
 * @records: records of the first
 * @more: records of the second
 *
 * Return: 0, or -1 as cmocka wants it.
 */
int pair_make(size_t records, size_t more)
{
	if (tb_key_new(&supervisor, NULL))
		return -1;
	first = chain_new(1, &supervisor, NULL);
	chain_fill(first, records);
	second = chain_new(2, &supervisor, first);
	chain_fill(second, more);
	return 0;
}

/**
 * pair_free() - a teardown: be done with both
 * @state: not used
 *
 * Return: 0.
 */
int pair_free(void **state)
{
	(void)state;
	chain_free(first);
	chain_free(second);
	return 0;
}

/**
 * open_ledger() - open the ledger of the test's folder; it is made if there is none
 *
 * Return: the ledger, to be closed by tb_ledger_close().
 */
struct tb_ledger *open_ledger(void)
{
	struct tb_ledger *ledger;
	struct tb_error err;

	assert_done(tb_ledger_open(scratch_path("l.db"), &ledger, &err), err);
	return ledger;
}
