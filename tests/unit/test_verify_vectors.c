// SPDX-License-Identifier: GPL-2.0-only
/* The verifier against the bundles whose verdicts are published. */
#include "unit.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "key.h"
#include "verify.h"

#define MOST_RECEIPTS 4
#define MOST_CASES    512

/**
 * struct one - one bundle, looked at in one way
 * @vector: the bundle, and what is to be said of it
 * @keyed: with the key
 * @name: what the test is called
 */
struct one {
	const json_t *vector;
	bool keyed;
	char name[128];
};

static void read_options(const json_t *vector, struct tb_verify_options *options,
			 struct tb_receipt *receipts, uint8_t *challenge)
{
	const json_t *list = json_object_get(vector, "receipts");
	const char *text = json_string_value(json_object_get(vector, "challenge"));
	struct tb_error err = { 0 };
	size_t i;

	assert_true(json_array_size(list) <= MOST_RECEIPTS);
	for (i = 0; i < json_array_size(list); i++)
		assert_done(tb_receipt_parse(json_string_value(json_array_get(list, i)),
					     &receipts[i], &err),
			    err);
	options->receipts = receipts;
	options->receipt_count = i;
	if (!text)
		return;
	options->challenge = challenge;
	assert_int_equal(tb_hex_decode_upto(text, challenge, TONGBU_ACT_MAX,
					    &options->challenge_len),
			 0);
}

static void check_good(const json_t *wanted, const struct tb_verify_result *result)
{
	uint8_t chain[TONGBU_CHAIN_LEN], tag[TONGBU_TAG_LEN];

	if (json_is_null(wanted)) {
		assert_false(result->has_good);
		return;
	}
	vectors_fixed(wanted, "chain", chain, sizeof(chain));
	vectors_fixed(wanted, "tag", tag, sizeof(tag));
	assert_true(result->has_good);
	assert_memory_equal(result->good.chain, chain, sizeof(chain));
	/* Of two records with one number the first passes without a key, true or not. */
	if (result->keyed)
		assert_memory_equal(result->good.tag, tag, sizeof(tag));
	assert_int_equal(result->good.seq, json_integer_value(json_object_get(wanted, "seq")));
}

static void check_result(const json_t *wanted, const struct tb_verify_result *result)
{
	const char *word = tb_verdict_name(result->verdict, result->keyed);
	uint8_t chain[TONGBU_CHAIN_LEN];

	if (json_is_true(json_object_get(wanted, "ok"))) {
		assert_string_equal(word, result->keyed ? "verified" : "consistent");
		return;
	}
	assert_string_equal(word, json_string_value(json_object_get(wanted, "verdict")));
	vectors_fixed(wanted, "chain", chain, sizeof(chain));
	assert_memory_equal(result->bad.chain, chain, sizeof(chain));
	assert_int_equal(result->bad.seq, json_integer_value(json_object_get(wanted, "seq")));
	assert_int_equal(result->bad.index, json_integer_value(json_object_get(wanted, "index")));
	assert_int_equal(result->bad.offset, json_integer_value(json_object_get(wanted, "offset")));
	check_good(json_object_get(wanted, "last_good"), result);
}

static void check_vector(void **state)
{
	const struct one *one = *state;
	uint8_t private[TONGBU_KEY_LEN], challenge[TONGBU_ACT_MAX];
	struct tb_receipt receipts[MOST_RECEIPTS];
	struct tb_verify_options options = { 0 };
	struct tb_verify_result result;
	struct tb_error err = { 0 };
	struct tb_bundle *bundle;
	struct bytes bytes;
	struct tb_key key;
	int ret;

	read_options(one->vector, &options, receipts, challenge);
	vectors_fixed(one->vector, "private", private, sizeof(private));
	assert_done(tb_key_from_private(&key, private, &err), err);
	options.key = one->keyed ? &key : NULL;

	bytes = vectors_bytes(one->vector, "bundle");
	assert_done(tb_bundle_open_memory(bytes.data, bytes.len, &bundle, &err), err);
	ret = tb_verify(bundle, &options, &result, &err);
	tb_bundle_close(bundle);
	free(bytes.data);
	tb_verify_clear(&result);
	assert_done(ret, err);
	assert_int_equal(result.keyed, one->keyed);
	check_result(json_object_get(one->vector, one->keyed ? "with_key" : "without_key"),
		     &result);
}

/* Each bundle is a test of its own, once with the key and once without. */
static size_t add_file(const json_t *file, struct one *ones, struct CMUnitTest *tests)
{
	size_t i, at = 0;
	json_t *vector;

	json_array_foreach(json_object_get(file, "cases"), i, vector) {
		for (unsigned int keyed = 0; keyed < 2; keyed++, at++) {
			ones[at] = (struct one){ .vector = vector, .keyed = keyed };
			snprintf(ones[at].name, sizeof(ones[at].name), "%s, %s key",
				 json_string_value(json_object_get(vector, "name")),
				 keyed ? "with" : "without");
			tests[at] = (struct CMUnitTest){ .name = ones[at].name,
							 .test_func = check_vector,
							 .initial_state = &ones[at] };
		}
	}
	return at;
}

int main(void)
{
	static struct one ones[MOST_CASES];
	static struct CMUnitTest tests[MOST_CASES];
	json_t *good = vectors_load("bundles-good"), *bad = vectors_load("bundles-bad");
	size_t count;
	int failed;

	if (2 * (json_array_size(json_object_get(good, "cases")) +
		 json_array_size(json_object_get(bad, "cases"))) >
	    MOST_CASES)
		return 1;
	count = add_file(good, ones, tests);
	count += add_file(bad, ones + count, tests + count);
	failed = _cmocka_run_group_tests("verify-vectors", tests, count, NULL, NULL);
	json_decref(good);
	json_decref(bad);
	return failed || !count;
}
