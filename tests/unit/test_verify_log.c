// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no seal can show: records taken back, and others sealed in their place, by whoever
 * has the station. A checkpoint that somebody else kept does.
 */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain_maker.h"
#include "verify.h"

#define CUT_AT 30U
#define HELD   3

static struct tb_key supervisor;
static struct chain *true_one, *begun_again;
static struct packed file;
static struct tb_error err;

/* Checkpoints of the true log: at 10, 25 and 50 */
static struct tb_held held[HELD];
static const struct tb_verify_options options = {
	.key = &supervisor,
	.held = held,
	.held_count = HELD,
};

static void set_held(void)
{
	static const uint64_t sizes[HELD] = { 10, 25, 50 };
	struct tb_frontier tree = { 0 };
	uint8_t leaf[TB_HASH_LEN];
	size_t i, at = 0;

	memset(held, 0, sizeof(held));
	for (i = 0; at < HELD; i++) {
		tb_merkle_leaf(true_one->bytes + true_one->at[i], chain_size(true_one, i), leaf);
		tb_frontier_add(&tree, leaf, NULL, NULL);
		if (tree.size != sizes[at])
			continue;
		held[at].checkpoint.size = tree.size;
		tb_frontier_root(&tree, held[at++].checkpoint.root);
	}
}

static struct tb_verify_result verify(const struct tb_verify_options *with)
{
	struct tb_verify_result result;

	assert_done(packed_verify(&file, with, &result, &err), err);
	return result;
}

static void pack_true(size_t count)
{
	struct tb_bundle_chain part = chain_part(true_one, 0, count - 1);

	packed_begin(&file, &part, 1);
	packed_add_range(&file, true_one, 0, count);
}

static void pack_rolled_back(size_t count)
{
	struct tb_bundle_chain parts[] = { chain_part(true_one, 0, CUT_AT - 1),
					   chain_part(begun_again, 0, count - 1) };

	packed_begin(&file, parts, 2);
	packed_add_range(&file, true_one, 0, CUT_AT);
	packed_add_range(&file, begun_again, 0, count);
}

static void the_true_log_agrees(void **state)
{
	struct tb_verify_result result;

	(void)state;
	pack_true(60);
	result = verify(&options);
	assert_int_equal(result.verdict, TB_VERIFIED);
	assert_true(held[0].agrees && held[1].agrees && held[2].agrees);
	assert_int_equal(held[2].last.seq, 49);
	tb_verify_clear(&result);
	pack_true(50);
	result = verify(&options);
	assert_int_equal(result.verdict, TB_VERIFIED);
	tb_verify_clear(&result);
}

static void a_rollback_verifies_by_itself(void **state)
{
	const struct tb_verify_options alone = { .key = &supervisor };
	struct tb_verify_result result;

	(void)state;
	pack_rolled_back(40);
	result = verify(&alone);
	assert_int_equal(result.verdict, TB_VERIFIED);
	assert_true(result.from_start);
	tb_verify_clear(&result);
}

static void a_rollback_is_found(void **state)
{
	struct tb_verify_result result;

	(void)state;
	pack_rolled_back(40);
	result = verify(&options);
	assert_int_equal(result.verdict, TB_ALTERED);
	assert_true(held[0].agrees && held[1].agrees && !held[2].agrees);
	assert_contains(result.bad.detail, "behind the first 25 records");
	tb_verify_clear(&result);
	/* Without the supervisor's key too: the log has no secret. */
	result = verify(&(struct tb_verify_options){
		.no_key = true, .held = held, .held_count = HELD });
	assert_int_equal(result.verdict, TB_ALTERED);
	tb_verify_clear(&result);
}

static void an_end_cut_off_is_found(void **state)
{
	struct tb_verify_result result;

	(void)state;
	pack_rolled_back(19);
	result = verify(&options);
	assert_int_equal(result.verdict, TB_CUT);
	assert_contains(result.bad.detail, "has 49 entries of the log");
	tb_verify_clear(&result);
}

static void a_part_cannot_be_compared(void **state)
{
	struct tb_bundle_chain part = chain_part(true_one, 5, 59);
	struct tb_verify_result result;

	(void)state;
	packed_begin(&file, &part, 1);
	packed_add_range(&file, true_one, 0, 1);
	packed_add_range(&file, true_one, 5, 60);
	assert_int_equal(packed_verify(&file, &options, &result, &err), -EINVAL);
	assert_contains(err.text, "begins where the log does");
}

#define LOG "station.example/7+795d94f7+AaRejF31xYN0i/GUibTJto1S5zbA5d14hUl7gHYgsBZF"
#define HUB "hub.example/mirror+2ac46552+BImCuJHv6NSNGJhUgRRbjYBIXEML5UrVKH6e68b7InA3"
#define SIGNED                                                                               \
	"station.example/7\n5\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Ns=\n\n"             \
	"\xe2\x80\x94 station.example/7 eV2U92Z/8vY5vCE8xKTs23YpiPr8pjlfBahUZext05Qo3DfXZnd" \
	"QjHz8CHPKmPhPGqsAaFo9sg0LmfWORzj7ujF3+gg=\n"
#define COSIGNED                                                                             \
	SIGNED "\xe2\x80\x94 hub.example/mirror KsRlUgAAAABlU/EAn8M3SgzsOioVUtuqXO1RCsJWwAU" \
	       "Sz5vZIkEnDxw5CMkctO7UKd3j4+C790jjUXNjo5qiewRA4Pztg3RJ8PPfBA==\n"

static int judge(const char *text, const char *note, size_t *by)
{
	struct tb_policy *policy;
	struct tb_held one = { 0 };
	int ret;

	assert_done(tb_policy_parse(text, &policy, &err), err);
	assert_done(tb_checkpoint_parse(note, &one.checkpoint, &err), err);
	ret = tb_policy_judge(policy, &one, &err);
	*by = one.by_count;
	if (one.by_count)
		assert_int_equal(one.by[0].time, 1700000000);
	tb_checkpoint_clear(&one.checkpoint);
	tb_policy_free(policy);
	return ret;
}

/* A key that no test signs with, its line made here */
static char *stranger(void)
{
	struct tb_vkey key;
	uint8_t public[TB_VKEY_LEN];

	memset(public, 7, sizeof(public));
	assert_done(tb_vkey_set(&key, "other.example/w", TB_VKEY_WITNESS, public, &err), err);
	return tb_vkey_text(&key);
}

static void policies(void **state)
{
	char *other = stranger(), *text;
	size_t by;

	(void)state;
	assert_int_equal(judge(LOG "\n", SIGNED, &by), 0);
	assert_int_equal(judge("log " LOG "\nquorum none\n", COSIGNED, &by), 0);
	assert_int_equal(by, 0);
	assert_int_equal(judge("# ours\nlog " LOG " https://station.example\n\twitness hub " HUB
			       "\n\nquorum hub # one will do\n",
			       COSIGNED, &by),
			 0);
	assert_int_equal(by, 1);
	assert_int_equal(judge("log " LOG "\nwitness hub " HUB "\nquorum hub\n", SIGNED, &by),
			 -EKEYREJECTED);
	assert_contains(err.text, "lacks signatures of witnesses");
	assert_true(asprintf(&text,
			     "log " LOG "\nwitness a " HUB "\nwitness b %s\n"
			     "group g any a b\ngroup h 2 a b\ngroup i all g a\nquorum i\n",
			     other) > 0);
	assert_int_equal(judge(text, COSIGNED, &by), 0);
	text[strlen(text) - 2] = 'h';
	assert_int_equal(judge(text, COSIGNED, &by), -EKEYREJECTED);
	free(text);
	free(other);
}

static void no_policies(void **state)
{
	static const char *const none[] = {
		"",
		"quorum none\n",
		"log " LOG "\n",
		HUB "\n",
		"log " HUB "\nquorum none\n",
		"log " LOG "\nlog " LOG "\nquorum none\n",
		"log " LOG "\nquorum hub\n",
		"log " LOG "\nquorum none\nquorum none\n",
		"log " LOG "\nwitness none " HUB "\nquorum none\n",
		"log " LOG "\nwitness a " HUB "\nwitness b " HUB "\nquorum none\n",
		"log " LOG "\nwitness a " HUB "\ngroup g 2 a\nquorum g\n",
		"log " LOG "\nwitness a " HUB "\ngroup g 0 a\nquorum g\n",
		"log " LOG "\nwitness a " HUB "\ngroup g all a a\nquorum g\n",
		"log " LOG "\nwitness a " HUB "\ngroup g all\nquorum g\n",
		"log " LOG "\nwitness a " HUB "\ngroup g\nquorum g\n",
		"log " LOG "\ngroup g any b\nwitness b " HUB "\nquorum g\n",
		"log " LOG "\nfriend a\nquorum none\n",
	};
	struct tb_policy *policy;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(none); i++)
		if (tb_policy_parse(none[i], &policy, &err) != -EINVAL)
			fail_msg("taken: %s", none[i]);
}

static int begin(void **state)
{
	set_held();
	return state ? 0 : -1;
}

static int setup(void **state)
{
	(void)state;
	if (tb_key_new(&supervisor, &err))
		return -1;
	true_one = chain_new(1, &supervisor, NULL);
	chain_fill(true_one, CUT_AT);
	begun_again = chain_new(2, &supervisor, true_one);
	chain_fill(begun_again, 60);
	chain_fill(true_one, 60);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	chain_free(true_one);
	chain_free(begun_again);
	packed_free(&file);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_true_log_agrees, begin),
		cmocka_unit_test_setup(a_rollback_verifies_by_itself, begin),
		cmocka_unit_test_setup(a_rollback_is_found, begin),
		cmocka_unit_test_setup(an_end_cut_off_is_found, begin),
		cmocka_unit_test_setup(a_part_cannot_be_compared, begin),
		cmocka_unit_test(policies),
		cmocka_unit_test(no_policies),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
