// SPDX-License-Identifier: GPL-2.0-only
/* Bundles of several ranges, and what is between them; files that change while they are read. */
#include "unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pair.h"
#include "verify.h"

static struct packed file;

static struct tb_verify_result verify(const struct tb_verify_options *options)
{
	struct tb_verify_result result;
	struct tb_error err = { 0 };

	assert_done(packed_verify(&file, options, &result, &err), err);
	return result;
}

/* What one range may cost, many together may not cost more than. */
static void ranges_too_far_together(void **state)
{
	struct tb_verify_options options = { .key = &supervisor, .range_reach = 20 };
	struct tb_bundle_chain parts[] = { chain_part(first, 12, 12), chain_part(first, 22, 22) };
	struct tb_verify_result result;
	struct tb_error err = { 0 };

	(void)state;
	packed_begin(&file, parts, 2);
	packed_add_range(&file, first, 0, 1);
	packed_add_range(&file, first, 12, 13);
	packed_add_range(&file, first, 22, 23);
	assert_done(packed_verify(&file, &options, &result, &err), err);
	tb_verify_clear(&result);
	parts[1] = chain_part(first, 23, 23);
	packed_begin(&file, parts, 2);
	packed_add_range(&file, first, 0, 1);
	packed_add_range(&file, first, 12, 13);
	packed_add_range(&file, first, 23, 24);
	assert_int_equal(packed_verify(&file, &options, &result, &err), -ERANGE);
}

static void gaps_are_named(void **state)
{
	struct tb_bundle_chain parts[] = { chain_part(first, 0, 9), chain_part(first, 15, 20),
					   chain_part(first, 40, first->count - 1),
					   chain_part(second, 3, second->count - 1) };
	const struct tb_verify_options options = { .key = &supervisor };
	struct tb_verify_options with_receipt = options;
	struct tb_verify_result result;
	struct tb_receipt receipt;
	char *text;
	size_t len;
	FILE *out;

	(void)state;
	packed_begin(&file, parts, ARRAY_SIZE(parts));
	packed_add_range(&file, first, 0, 10);
	packed_add_range(&file, first, 15, 21);
	packed_add_range(&file, first, 40, first->count);
	packed_add_range(&file, second, 0, 1);
	packed_add_range(&file, second, 3, second->count);
	result = verify(&options);
	assert_int_equal(result.verdict, TB_MISSING);
	assert_false(result.ok);
	assert_true(result.walked);
	assert_int_equal(result.bad.seq, 10);
	assert_int_equal(result.good.seq, 9);
	assert_int_equal(result.records, 16 + first->count - 40 + second->count - 2);
	assert_int_equal(result.gap_count, 3);
	assert_int_equal(result.gaps[0].first, 10);
	assert_int_equal(result.gaps[0].last, 14);
	assert_int_equal(result.gaps[1].first, 21);
	assert_int_equal(result.gaps[1].last, 39);
	assert_memory_equal(result.gaps[2].chain, second->id, TONGBU_CHAIN_LEN);
	assert_int_equal(result.gaps[2].last, 2);
	out = open_memstream(&text, &len);
	tb_verify_text(&result, out);
	fclose(out);
	assert_contains(text, "NOT verified: missing");
	assert_contains(text, "as they were sealed, 3 gaps");
	assert_contains(text, "gap: records 21 to 39 of chain");
	free(text);
	tb_verify_clear(&result);

	/* A receipt for what is in a gap is not compared, and that is said. */
	receipt = chain_receipt(first, 30);
	with_receipt.receipts = &receipt;
	with_receipt.receipt_count = 1;
	result = verify(&with_receipt);
	assert_int_equal(result.verdict, TB_MISSING);
	assert_int_equal(result.bad.seq, 30);
	assert_false(result.walked);
	tb_verify_clear(&result);

	/* What is behind a gap is judged all the same. */
	file.bytes[file.start + first->at[10] + first->at[17] - first->at[15] + TONGBU_HEADER_LEN] ^=
		1;
	result = verify(&options);
	assert_int_equal(result.verdict, TB_ALTERED);
	assert_int_equal(result.bad.seq, 17);
	tb_verify_clear(&result);
}

/* The file loses its end between being opened and being read. */
static void shorter_while_it_is_read(void **state)
{
	const struct tb_verify_options options = { .key = &supervisor };
	struct tb_verify_result result;
	struct tb_error err = { 0 };
	struct tb_bundle_chain part = chain_part(first, 0, first->count - 1);
	struct tb_bundle *bundle;

	scratch_make(state);
	packed_begin(&file, &part, 1);
	packed_add_range(&file, first, 0, first->count);
	scratch_write("b", file.bytes, file.len);
	assert_done(tb_bundle_open(scratch_path("b"), &bundle, &err), err);
	assert_done(tb_verify(bundle, &options, &result, &err), err);
	assert_int_equal(result.verdict, TB_VERIFIED);
	tb_verify_clear(&result);
	assert_int_equal(truncate(scratch_path("b"), (off_t)(file.start + first->at[20])), 0);
	assert_int_equal(tb_verify(bundle, &options, &result, &err), -ESTALE);
	assert_contains(err.text, "became shorter");
	tb_bundle_close(bundle);
	scratch_remove(state);
}

static int make(void **state)
{
	(void)state;
	return pair_make(60, 20);
}

static int clear(void **state)
{
	packed_free(&file);
	return pair_free(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_too_far_together),
		cmocka_unit_test(gaps_are_named),
		cmocka_unit_test(shorter_while_it_is_read),
	};

	return cmocka_run_group_tests_name("verify-gaps", tests, make, clear);
}
