// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree against what others published of it, and, for all small sizes, against the
 * definition of RFC 6962 written down as it stands there.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "merkle.h"

#define MOST 70U

static uint8_t leaves[MOST][TB_HASH_LEN];

/* MTH(D[n]), 2.1 */
static void naive_root(size_t start, size_t n, uint8_t hash[TB_HASH_LEN])
{
	uint8_t left[TB_HASH_LEN], right[TB_HASH_LEN];
	size_t k = 1;

	if (n == 1) {
		memcpy(hash, leaves[start], TB_HASH_LEN);
		return;
	}
	while (2 * k < n)
		k *= 2;
	naive_root(start, k, left);
	naive_root(start + k, n - k, right);
	tb_merkle_node(left, right, hash);
}

static int naive_fetch(unsigned int level, uint64_t index, uint8_t hash[TB_HASH_LEN],
		       void *userdata)
{
	const size_t *size = userdata;

	/* Only what is whole may be asked for. */
	assert_true(((index + 1) << level) <= *size);
	naive_root(index << level, 1U << level, hash);
	return 0;
}

static void expect_hash(const uint8_t hash[TB_HASH_LEN], const char *expected)
{
	char hex[TB_HEX_SIZE(TB_HASH_LEN)];

	assert_string_equal(tb_hex_encode(hex, hash, TB_HASH_LEN), expected);
}

/* The eight inputs and roots that implementations of Certificate Transparency share */
static void published(void **state)
{
	static const char *const inputs[] = { "",
					      "00",
					      "10",
					      "2021",
					      "3031",
					      "40414243",
					      "5051525354555657",
					      "606162636465666768696a6b6c6d6e6f" };
	static const char *const roots[] = {
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
	};
	struct tb_frontier tree = { 0 };
	uint8_t bytes[16], hash[TB_HASH_LEN];
	size_t i, len;

	(void)state;
	tb_frontier_root(&tree, hash);
	expect_hash(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (i = 0; i < ARRAY_SIZE(inputs); i++) {
		assert_int_equal(tb_hex_decode_upto(inputs[i], bytes, sizeof(bytes), &len), 0);
		tb_merkle_leaf(bytes, len, hash);
		tb_frontier_add(&tree, hash, NULL, NULL);
		tb_frontier_root(&tree, hash);
		expect_hash(hash, roots[i]);
	}
}

static void grows_as_defined(void **state)
{
	uint8_t grown[TB_HASH_LEN], fetched[TB_HASH_LEN], naive[TB_HASH_LEN];
	struct tb_frontier tree = { 0 };
	size_t size;

	(void)state;
	for (size = 1; size <= MOST; size++) {
		tb_frontier_add(&tree, leaves[size - 1], NULL, NULL);
		tb_frontier_root(&tree, grown);
		naive_root(0, size, naive);
		assert_memory_equal(grown, naive, TB_HASH_LEN);
		assert_int_equal(tb_merkle_root(size, naive_fetch, &size, fetched), 0);
		assert_memory_equal(fetched, naive, TB_HASH_LEN);
	}
}

/* A proof holds, and does not with any one thing changed. */
static void try_inclusion(size_t index, size_t size, const uint8_t root[TB_HASH_LEN])
{
	struct tb_proof proof;
	size_t i;

	assert_int_equal(tb_merkle_inclusion(index, size, naive_fetch, &size, &proof), 0);
	assert_true(tb_merkle_included(leaves[index], index, size, &proof, root));
	assert_false(tb_merkle_included(leaves[index], index, size, &proof, leaves[MOST - 1]) &&
		     size > 1);
	if (size > 1)
		assert_false(tb_merkle_included(leaves[index], (index + 1) % size, size, &proof,
						root));
	assert_false(tb_merkle_included(leaves[index], size, size, &proof, root));
	for (i = 0; i < proof.count; i++) {
		proof.hash[i][7] ^= 1;
		assert_false(tb_merkle_included(leaves[index], index, size, &proof, root));
		proof.hash[i][7] ^= 1;
	}
	proof.count++;
	assert_false(tb_merkle_included(leaves[index], index, size, &proof, root));
	if (size > 1) {
		proof.count -= 2;
		assert_false(tb_merkle_included(leaves[index], index, size, &proof, root));
	}
}

static void inclusion(void **state)
{
	uint8_t root[TB_HASH_LEN];
	struct tb_proof proof;
	size_t size, index;

	(void)state;
	for (size = 1; size < MOST; size++) {
		naive_root(0, size, root);
		for (index = 0; index < size; index++)
			try_inclusion(index, size, root);
		assert_int_equal(tb_merkle_inclusion(size, size, naive_fetch, &size, &proof),
				 -ERANGE);
	}
}

static void try_consistency(size_t old, size_t size)
{
	uint8_t was[TB_HASH_LEN], is[TB_HASH_LEN];
	struct tb_proof proof;
	size_t i;

	naive_root(0, old, was);
	naive_root(0, size, is);
	assert_int_equal(tb_merkle_consistency(old, size, naive_fetch, &size, &proof), 0);
	assert_true(tb_merkle_consistent(old, was, size, is, &proof));
	was[3] ^= 1;
	assert_false(tb_merkle_consistent(old, was, size, is, &proof));
	was[3] ^= 1;
	is[3] ^= 1;
	assert_false(tb_merkle_consistent(old, was, size, is, &proof));
	is[3] ^= 1;
	for (i = 0; i < proof.count; i++) {
		proof.hash[i][7] ^= 1;
		assert_false(tb_merkle_consistent(old, was, size, is, &proof));
		proof.hash[i][7] ^= 1;
	}
	proof.count++;
	assert_false(tb_merkle_consistent(old, was, size, is, &proof));
}

static void consistency(void **state)
{
	uint8_t empty[TB_HASH_LEN], root[TB_HASH_LEN];
	struct tb_frontier none = { 0 };
	struct tb_proof proof;
	size_t old, size;

	(void)state;
	for (size = 1; size < MOST; size++)
		for (old = 1; old <= size; old++)
			try_consistency(old, size);
	tb_frontier_root(&none, empty);
	naive_root(0, 5, root);
	size = 5;
	assert_int_equal(tb_merkle_consistency(0, 5, naive_fetch, &size, &proof), 0);
	assert_true(tb_merkle_consistent(0, empty, 5, root, &proof));
	assert_false(tb_merkle_consistent(0, root, 5, root, &proof));
	assert_int_equal(tb_merkle_consistency(6, 5, naive_fetch, &size, &proof), -ERANGE);
	assert_false(tb_merkle_consistent(6, root, 5, root, &proof));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(published),
		cmocka_unit_test(grows_as_defined),
		cmocka_unit_test(inclusion),
		cmocka_unit_test(consistency),
	};
	size_t i;

	for (i = 0; i < MOST; i++)
		tb_merkle_leaf(&i, sizeof(i), leaves[i]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
