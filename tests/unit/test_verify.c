// SPDX-License-Identifier: GPL-2.0-only
/* What a verifier is told beside the bundle: keys, receipts, challenges, links. */
#include "unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain_maker.h"
#include "verify.h"

#define RECORDS 60U

static struct tb_key supervisor, stranger;
static struct chain *first, *second, *third;
static struct packed file;

static const uint8_t challenge[16] = "river-07, today";

static int run(const struct tb_verify_options *options, struct tb_verify_result *result,
	       struct tb_error *err)
{
	int ret = packed_verify(&file, options, result, err);

	/* Its lists are looked at by other tests. */
	if (!ret)
		tb_verify_clear(result);
	return ret;
}

static struct tb_verify_result verify(const struct tb_verify_options *options)
{
	struct tb_verify_result result;
	struct tb_error err = { 0 };

	assert_done(run(options, &result, &err), err);
	return result;
}

static void expect_of(const struct tb_verify_options *options, enum tb_verdict verdict,
		      const struct chain *chain, uint64_t seq)
{
	struct tb_verify_result result = verify(options);

	tb_verify_clear(&result);
	if (result.verdict != verdict)
		fail_msg("should be %s, is %s: %s", tb_verdict_name(verdict, true),
			 tb_verdict_name(result.verdict, true), result.bad.detail);
	if (verdict == TB_VERIFIED)
		return;
	assert_int_equal(result.bad.seq, seq);
	assert_memory_equal(result.bad.chain, chain->id, TONGBU_CHAIN_LEN);
}

/* With the key and without it */
static void expect(enum tb_verdict verdict, const struct chain *chain, uint64_t seq)
{
	struct tb_verify_options options = { .key = &supervisor };

	expect_of(&options, verdict, chain, seq);
	options.key = NULL;
	expect_of(&options, verdict, chain, seq);
}

static void pack_first(uint64_t from, uint64_t to)
{
	struct tb_bundle_chain part = chain_part(first, from, to);

	packed_begin(&file, &part, 1);
	packed_add_range(&file, first, 0, 1);
	packed_add_range(&file, first, from ? (size_t)from : 1, (size_t)to + 1);
}

static void pack_parts(const struct chain *const *chains, size_t count)
{
	struct tb_bundle_chain parts[4];
	size_t i;

	for (i = 0; i < count; i++)
		parts[i] = chain_part(chains[i], 0, chains[i]->count - 1);
	packed_begin(&file, parts, count);
	for (i = 0; i < count; i++)
		packed_add_range(&file, chains[i], 0, chains[i]->count);
}

static void wrong_key(void **state)
{
	struct tb_verify_options options = { .key = &stranger };
	struct tb_verify_result result;

	(void)state;
	pack_first(0, RECORDS - 1);
	expect_of(&options, TB_ENVELOPE, first, 0);
	result = verify(&options);
	assert_false(result.has_good);
	assert_int_equal(result.records, 0);
}

static void receipts_agree(void **state)
{
	struct tb_receipt receipts[RECORDS];
	struct tb_verify_options options = { .receipts = receipts, .receipt_count = RECORDS };
	size_t i;

	(void)state;
	pack_first(0, RECORDS - 1);
	for (i = 0; i < RECORDS; i++)
		receipts[i] = chain_receipt(first, i);
	assert_int_equal(verify(&options).receipts, RECORDS);
	options.key = &supervisor;
	assert_int_equal(verify(&options).receipts, RECORDS);
	expect_of(&options, TB_VERIFIED, first, 0);
}

static void receipt_disagrees(void **state)
{
	struct tb_receipt receipt;
	struct tb_verify_options options = { .receipts = &receipt, .receipt_count = 1 };
	size_t i;

	(void)state;
	pack_first(0, RECORDS - 1);
	for (i = 0; i < RECORDS; i++) {
		receipt = chain_receipt(first, i);
		receipt.tag[i % TONGBU_TAG_LEN] ^= 0x01;
		options.key = NULL;
		expect_of(&options, TB_ALTERED, first, i);
		options.key = &supervisor;
		expect_of(&options, TB_ALTERED, first, i);
	}
}

static void receipt_beyond_the_end(void **state)
{
	struct tb_receipt receipt = chain_receipt(first, RECORDS - 1);
	struct tb_verify_options options = { .receipts = &receipt, .receipt_count = 1 };

	(void)state;
	pack_first(0, 41);
	expect_of(&options, TB_CUT, first, 42);
	options.key = &supervisor;
	expect_of(&options, TB_CUT, first, 42);
}

static void receipt_before_the_range(void **state)
{
	struct tb_receipt receipt = chain_receipt(first, 5);
	struct tb_verify_options options = { .receipts = &receipt, .receipt_count = 1 };

	(void)state;
	pack_first(10, 20);
	expect_of(&options, TB_MISSING, first, 5);
	memset(receipt.tag, 0, sizeof(receipt.tag));
	options.key = &supervisor;
	expect_of(&options, TB_MISSING, first, 5);
	/* Record 0 stands before every range. */
	receipt = chain_receipt(first, 0);
	expect_of(&options, TB_VERIFIED, first, 0);
	assert_int_equal(verify(&options).receipts, 1);
}

static void receipt_of_another_chain(void **state)
{
	struct tb_receipt receipt = chain_receipt(second, 3);
	struct tb_verify_options options = { .receipts = &receipt,
					     .receipt_count = 1,
					     .key = &supervisor };

	(void)state;
	pack_first(0, RECORDS - 1);
	expect_of(&options, TB_MISSING, second, 3);
}

static void challenge_at_the_end(void **state)
{
	struct tb_verify_options options = { .key = &supervisor,
					     .challenge = challenge,
					     .challenge_len = sizeof(challenge) };
	struct tb_verify_result result;

	(void)state;
	pack_first(0, RECORDS);
	expect_of(&options, TB_VERIFIED, first, 0);
	result = verify(&options);
	assert_true(result.end_marked);
	assert_int_equal(result.mark_len, sizeof(challenge));
	assert_memory_equal(result.mark, challenge, sizeof(challenge));
	options.challenge_len--;
	expect_of(&options, TB_CUT, first, RECORDS + 1);
}

static void challenge_not_at_the_end(void **state)
{
	struct tb_verify_options options = { .challenge = challenge,
					     .challenge_len = sizeof(challenge) };

	(void)state;
	pack_first(0, RECORDS - 1);
	expect_of(&options, TB_CUT, first, RECORDS);
	options.key = &supervisor;
	expect_of(&options, TB_CUT, first, RECORDS);
	assert_false(verify(&options).end_marked);
	/* It is there, but more follows: that is no end. */
	pack_first(0, RECORDS + 1);
	expect_of(&options, TB_CUT, first, RECORDS + 2);
}

static void range(void **state)
{
	uint64_t from;

	(void)state;
	for (from = 0; from < RECORDS; from++) {
		pack_first(from, RECORDS - 1);
		expect(TB_VERIFIED, first, 0);
	}
}

static void range_altered(void **state)
{
	struct tb_verify_options options = { .key = &supervisor };
	size_t i;

	(void)state;
	for (i = 20; i < 40; i++) {
		pack_first(20, 39);
		file.bytes[file.start + chain_size(first, 0) + first->at[i] - first->at[20] +
			   TONGBU_HEADER_LEN] ^= 1;
		expect_of(&options, TB_ALTERED, first, i);
	}
}

/* Records that are there, called by the numbers of others */
static void range_doctored(void **state)
{
	struct tb_bundle_chain part = chain_part(first, 21, 30);

	(void)state;
	packed_begin(&file, &part, 1);
	packed_add_range(&file, first, 0, 1);
	packed_add_range(&file, first, 20, 31);
	expect(TB_INSERTED, first, 21);
}

static void range_too_far(void **state)
{
	struct tb_verify_options options = { .key = &supervisor, .range_reach = 20 };
	struct tb_verify_result result;
	struct tb_error err = { 0 };

	(void)state;
	pack_first(21, RECORDS - 1);
	assert_done(run(&options, &result, &err), err);
	pack_first(22, RECORDS - 1);
	assert_int_equal(run(&options, &result, &err), -ERANGE);
	assert_contains(err.text, "22");
	assert_contains(err.text, "--reach");
}

static void without_key_only_if_asked(void **state)
{
	struct tb_verify_options options = { 0 };
	struct tb_verify_result result;
	char *text;
	size_t len;
	FILE *out;

	(void)state;
	pack_first(0, RECORDS - 1);
	result = verify(&options);
	assert_int_equal(result.verdict, TB_VERIFIED);
	assert_false(result.ok);
	options.no_key = true;
	result = verify(&options);
	assert_true(result.ok);
	out = open_memstream(&text, &len);
	tb_verify_text(&result, out);
	fclose(out);
	assert_contains(text, "structure only: ");
	free(text);
}

static void from_start(void **state)
{
	const struct tb_verify_options options = { .key = &supervisor };
	const struct chain *last[] = { second };

	(void)state;
	pack_first(0, 10);
	assert_true(verify(&options).from_start);
	pack_first(2, 10);
	assert_false(verify(&options).from_start);
	pack_parts(last, 1);
	assert_false(verify(&options).from_start);
}

static void two_chains(void **state)
{
	const struct tb_verify_options options = { .key = &supervisor };
	const struct chain *chains[] = { first, second };
	struct tb_verify_result result;

	(void)state;
	pack_parts(chains, 2);
	expect(TB_VERIFIED, first, 0);
	result = verify(&options);
	assert_int_equal(result.chains, 2);
	assert_int_equal(result.records, first->count + second->count);
	assert_true(result.from_start);
}

static void second_chain_begins_late(void **state)
{
	struct tb_bundle_chain parts[] = { chain_part(first, 0, first->count - 1),
					   chain_part(second, 1, second->count - 1) };

	(void)state;
	packed_begin(&file, parts, 2);
	packed_add_range(&file, first, 0, first->count);
	packed_add_range(&file, second, 0, second->count);
	expect(TB_VERIFIED, first, 0);
	parts[1] = chain_part(second, 2, second->count - 1);
	packed_begin(&file, parts, 2);
	packed_add_range(&file, first, 0, first->count);
	packed_add_range(&file, second, 0, 1);
	packed_add_range(&file, second, 2, second->count);
	expect(TB_MISSING, second, 1);
}

static void three_chains_and_one_missing(void **state)
{
	const struct chain *all[] = { first, second, third };
	const struct chain *without[] = { first, third };

	(void)state;
	pack_parts(all, 3);
	expect(TB_VERIFIED, first, 0);
	pack_parts(without, 2);
	expect(TB_MISSING, third, 0);
}

static void chains_the_wrong_way_round(void **state)
{
	const struct chain *chains[] = { second, first };

	(void)state;
	pack_parts(chains, 2);
	expect(TB_MISSING, first, 0);
}

static void first_chain_ends_early(void **state)
{
	struct tb_bundle_chain parts[] = { chain_part(first, 0, 30),
					   chain_part(second, 0, second->count - 1) };

	(void)state;
	packed_begin(&file, parts, 2);
	packed_add_range(&file, first, 0, 31);
	packed_add_range(&file, second, 0, second->count);
	expect(TB_MISSING, first, 31);
	parts[0].last = first->count - 1;
	packed_begin(&file, parts, 2);
	packed_add_range(&file, first, 0, 31);
	packed_add_range(&file, second, 0, second->count);
	expect(TB_CUT, first, 31);
}

/* Without a key, only the next chain's word contradicts a last record. */
static void last_of_the_first_chain_altered(void **state)
{
	const struct chain *chains[] = { first, second };

	(void)state;
	pack_parts(chains, 2);
	file.bytes[file.start + first->len - 1] ^= 1;
	expect(TB_ALTERED, first, first->count - 1);
}

static void progress_cb(const char *what, uint64_t done, uint64_t total, void *userdata)
{
	unsigned int *calls = userdata;

	assert_string_equal(what, "verifying");
	assert_true(done && done <= total);
	++*calls;
}

static void report(void **state)
{
	const struct tb_verify_options options = { .key = &supervisor };
	struct tb_verify_result result;
	char *text;
	size_t len;
	json_t *json;
	FILE *out;

	(void)state;
	pack_first(0, RECORDS);
	file.bytes[file.start + first->at[7] + TONGBU_HEADER_LEN] ^= 1;
	result = verify(&options);
	json = tb_verify_json(&result);
	assert_string_equal(json_string_value(json_object_get(json, "verdict")), "altered");
	assert_true(json_is_false(json_object_get(json, "ok")));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "bad"), "seq")),
			 7);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "last_good"),
							    "seq")),
			 6);
	json_decref(json);
	out = open_memstream(&text, &len);
	tb_verify_text(&result, out);
	fclose(out);
	assert_contains(text, "NOT verified: altered");
	assert_contains(text, "first bad: record 7 ");
	assert_contains(text, "last good: record 6 ");
	free(text);

	pack_first(0, RECORDS);
	result = verify(&options);
	json = tb_verify_json(&result);
	assert_string_equal(json_string_value(json_object_get(json, "verdict")), "verified");
	assert_null(json_object_get(json, "bad"));
	assert_non_null(json_object_get(json, "mark"));
	json_decref(json);
	out = open_memstream(&text, &len);
	tb_verify_text(&result, out);
	fclose(out);
	assert_contains(text, "verified: 61 records in 1 chain,");
	free(text);
}

static void progress(void **state)
{
	unsigned int calls = 0;
	struct tb_verify_options options = { .key = &supervisor,
					     .progress = progress_cb,
					     .userdata = &calls };
	struct chain *chain = chain_new(9, &supervisor, NULL);
	struct tb_bundle_chain part;
	size_t i;

	(void)state;
	chain_source(chain, 16, "water");
	for (i = 0; i < 70000; i++)
		chain_edge(chain, 16, i & 1);
	part = chain_part(chain, 0, chain->count - 1);
	packed_begin(&file, &part, 1);
	packed_add_range(&file, chain, 0, chain->count);
	expect_of(&options, TB_VERIFIED, chain, 0);
	assert_int_equal(calls, 1);
	chain_free(chain);
}

/* Sealed by a station whose numbers make no sense: not tampering, yet not good */
static void source_numbers(void **state)
{
	struct chain *chain = chain_new(10, &supervisor, NULL);
	struct tb_verify_options options = { .key = &supervisor };
	struct tb_bundle_chain part;

	(void)state;
	chain_source(chain, 16, "water");
	chain_edge(chain, 16, 1);
	chain->next[16]++;
	chain_edge(chain, 16, 0);
	part = chain_part(chain, 0, chain->count - 1);
	packed_begin(&file, &part, 1);
	packed_add_range(&file, chain, 0, chain->count);
	expect_of(&options, TB_MALFORMED, chain, 3);
	options.key = NULL;
	expect_of(&options, TB_MISSING, chain, 3);
	chain_free(chain);
}

static int make(void **state)
{
	(void)state;
	if (tb_key_new(&supervisor, NULL) || tb_key_new(&stranger, NULL))
		return -1;
	first = chain_new(1, &supervisor, NULL);
	chain_fill(first, RECORDS);
	chain_act(first, TONGBU_ACT_MARK, challenge, sizeof(challenge));
	chain_heartbeat(first);
	second = chain_new(2, &supervisor, first);
	chain_fill(second, 20);
	third = chain_new(3, &supervisor, second);
	chain_fill(third, 20);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	chain_free(first);
	chain_free(second);
	chain_free(third);
	packed_free(&file);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_key),
		cmocka_unit_test(receipts_agree),
		cmocka_unit_test(receipt_disagrees),
		cmocka_unit_test(receipt_beyond_the_end),
		cmocka_unit_test(receipt_before_the_range),
		cmocka_unit_test(receipt_of_another_chain),
		cmocka_unit_test(challenge_at_the_end),
		cmocka_unit_test(challenge_not_at_the_end),
		cmocka_unit_test(range),
		cmocka_unit_test(range_altered),
		cmocka_unit_test(range_doctored),
		cmocka_unit_test(range_too_far),
		cmocka_unit_test(without_key_only_if_asked),
		cmocka_unit_test(from_start),
		cmocka_unit_test(two_chains),
		cmocka_unit_test(second_chain_begins_late),
		cmocka_unit_test(three_chains_and_one_missing),
		cmocka_unit_test(chains_the_wrong_way_round),
		cmocka_unit_test(first_chain_ends_early),
		cmocka_unit_test(last_of_the_first_chain_altered),
		cmocka_unit_test(report),
		cmocka_unit_test(progress),
		cmocka_unit_test(source_numbers),
	};

	return cmocka_run_group_tests_name("verify", tests, make, clear);
}
