// SPDX-License-Identifier: GPL-2.0-only
#include "merkle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

/*
 * Looking an algorithm up takes longer than hashing a record, so it is done once. A
 * libcrypto that has no SHA-256, or no memory for it at the start, is none to go on with.
 */
static void digest(uint8_t prefix, const void *a, size_t a_len, const void *b, size_t b_len,
		   uint8_t hash[TB_HASH_LEN])
{
	static EVP_MD_CTX *ctx;
	static EVP_MD *md;

	if (!ctx) {
		md = EVP_MD_fetch(NULL, "SHA256", NULL);
		ctx = EVP_MD_CTX_new();
	}
	if (!ctx || !md || !EVP_DigestInit_ex2(ctx, md, NULL) ||
	    !EVP_DigestUpdate(ctx, &prefix, 1) || !EVP_DigestUpdate(ctx, a, a_len) ||
	    !EVP_DigestUpdate(ctx, b, b_len) || !EVP_DigestFinal_ex(ctx, hash, NULL))
		abort();
}

/**
 * tb_merkle_leaf() - hash of an entry
 * @entry: its bytes
 * @len: how many
 * @hash: set to it
 *
 * Context: one thread, as everything here.
 */
void tb_merkle_leaf(const void *entry, size_t len, uint8_t hash[TB_HASH_LEN])
{
	digest(0, entry, len, NULL, 0, hash);
}

/**
 * tb_merkle_node() - hash of two subtrees
 * @left: root of the one before
 * @right: root of the one behind
 * @hash: set to it; may be one of the two
 */
void tb_merkle_node(const uint8_t left[TB_HASH_LEN], const uint8_t right[TB_HASH_LEN],
		    uint8_t hash[TB_HASH_LEN])
{
	digest(1, left, TB_HASH_LEN, right, TB_HASH_LEN, hash);
}

static void empty_root(uint8_t root[TB_HASH_LEN])
{
	if (!EVP_Digest("", 0, root, NULL, EVP_sha256(), NULL))
		abort();
}

/**
 * tb_frontier_add() - add an entry
 * @frontier: the tree; all zero is the empty one
 * @leaf: hash of the entry
 * @made: told of each subtree of two entries or more that is whole now, the small ones
 *	first; or NULL
 * @userdata: for @made
 *
 * Return: level of the largest subtree that is whole now.
 */
unsigned int tb_frontier_add(struct tb_frontier *frontier, const uint8_t leaf[TB_HASH_LEN],
			     void (*made)(unsigned int level, uint64_t index,
					  const uint8_t hash[TB_HASH_LEN], void *userdata),
			     void *userdata)
{
	uint8_t hash[TB_HASH_LEN];
	unsigned int level;

	memcpy(hash, leaf, TB_HASH_LEN);
	for (level = 0; frontier->size >> level & 1; level++) {
		tb_merkle_node(frontier->hash[level], hash, hash);
		if (made)
			made(level + 1, frontier->size >> (level + 1), hash, userdata);
	}
	memcpy(frontier->hash[level], hash, TB_HASH_LEN);
	frontier->size++;
	return level;
}

/**
 * tb_frontier_root() - root of the tree as it is
 * @frontier: the tree
 * @root: set to it
 */
void tb_frontier_root(const struct tb_frontier *frontier, uint8_t root[TB_HASH_LEN])
{
	bool begun = false;
	unsigned int level;

	if (!frontier->size)
		empty_root(root);
	for (level = 0; frontier->size >> level; level++) {
		if (!(frontier->size >> level & 1))
			continue;
		if (begun)
			tb_merkle_node(frontier->hash[level], root, root);
		else
			memcpy(root, frontier->hash[level], TB_HASH_LEN);
		begun = true;
	}
}

/**
 * tb_merkle_tile() - root of a whole subtree, of those that are kept
 * @level: it has 2^level entries
 * @index: which of those, from 0
 * @get: gives those that are kept: 128 of them at the most
 * @userdata: for @get
 * @hash: set to it
 *
 * Return: 0; -EBADMSG if any is missing; or what @get said.
 */
int tb_merkle_tile(unsigned int level, uint64_t index, tb_tile_get get, void *userdata,
		   uint8_t hash[TB_HASH_LEN])
{
	unsigned int shift = level % TB_TILE_BITS;
	struct tb_frontier part = { 0 };
	int ret = get(level / TB_TILE_BITS, index << shift, 1ULL << shift, &part, userdata);

	if (ret || part.size != 1ULL << shift)
		return ret ?: -EBADMSG;
	tb_frontier_root(&part, hash);
	return 0;
}

/**
 * struct walk - a way through the tree
 * @fetch: gives whole subtrees
 * @userdata: for @fetch
 * @proof: what is beside the way
 */
struct walk {
	tb_merkle_fetch fetch;
	void *userdata;
	struct tb_proof *proof;
};

/* The largest power of two below @n, which is over 1: as a number of bits */
static unsigned int split(uint64_t n)
{
	return 63U - (unsigned int)__builtin_clzll(n - 1);
}

/* MTH of RFC 6962: @start is a multiple of the power of two that is @n or above it */
static int range_root(const struct walk *walk, uint64_t start, uint64_t n, uint8_t *hash)
{
	uint8_t right[TB_HASH_LEN];
	unsigned int bits;
	int ret;

	if (!(n & (n - 1))) {
		bits = (unsigned int)__builtin_ctzll(n);
		return walk->fetch(bits, start >> bits, hash, walk->userdata);
	}
	bits = split(n);
	ret = walk->fetch(bits, start >> bits, hash, walk->userdata);
	ret = ret ?: range_root(walk, start + (1ULL << bits), n - (1ULL << bits), right);
	if (!ret)
		tb_merkle_node(hash, right, hash);
	return ret;
}

static int put(const struct walk *walk, uint64_t start, uint64_t n)
{
	return range_root(walk, start, n, walk->proof->hash[walk->proof->count++]);
}

/**
 * tb_merkle_root() - root of the first entries of a tree
 * @size: how many
 * @fetch: gives whole subtrees
 * @userdata: for @fetch
 * @root: set to it
 *
 * Return: 0 or what @fetch said.
 */
int tb_merkle_root(uint64_t size, tb_merkle_fetch fetch, void *userdata, uint8_t root[TB_HASH_LEN])
{
	struct walk walk = { .fetch = fetch, .userdata = userdata };

	if (size)
		return range_root(&walk, 0, size, root);
	empty_root(root);
	return 0;
}

/* PATH of RFC 6962 */
static int path(const struct walk *walk, uint64_t index, uint64_t start, uint64_t n)
{
	uint64_t left;
	int ret;

	if (n == 1)
		return 0;
	left = 1ULL << split(n);
	if (index < left)
		return path(walk, index, start, left) ?: put(walk, start + left, n - left);
	ret = path(walk, index - left, start + left, n - left);
	return ret ?: put(walk, start, left);
}

/**
 * tb_merkle_inclusion() - prove that an entry is in a tree
 * @index: number of the entry, from 0
 * @size: entries of the tree
 * @fetch: gives whole subtrees
 * @userdata: for @fetch
 * @proof: set to the proof
 *
 * Return: 0; -ERANGE if there is no such entry; or what @fetch said.
 */
int tb_merkle_inclusion(uint64_t index, uint64_t size, tb_merkle_fetch fetch, void *userdata,
			struct tb_proof *proof)
{
	struct walk walk = { .fetch = fetch, .userdata = userdata, .proof = proof };

	proof->count = 0;
	return index < size ? path(&walk, index, 0, size) : -ERANGE;
}

/* SUBPROOF of RFC 6962; @known: its root is that of the old tree */
static int subproof(const struct walk *walk, uint64_t old, uint64_t start, uint64_t n, bool known)
{
	uint64_t left;
	int ret;

	if (old == n)
		return known ? 0 : put(walk, start, n);
	left = 1ULL << split(n);
	if (old <= left)
		return subproof(walk, old, start, left, known) ?: put(walk, start + left, n - left);
	ret = subproof(walk, old - left, start + left, n - left, false);
	return ret ?: put(walk, start, left);
}

/**
 * tb_merkle_consistency() - prove that a tree goes on from what it was
 * @old: entries it had
 * @size: entries it has
 * @fetch: gives whole subtrees
 * @userdata: for @fetch
 * @proof: set to the proof; empty if @old is 0 or @size
 *
 * Return: 0; -ERANGE if @old is more than @size; or what @fetch said.
 */
int tb_merkle_consistency(uint64_t old, uint64_t size, tb_merkle_fetch fetch, void *userdata,
			  struct tb_proof *proof)
{
	struct walk walk = { .fetch = fetch, .userdata = userdata, .proof = proof };

	proof->count = 0;
	if (old > size)
		return -ERANGE;
	return old && old < size ? subproof(&walk, old, 0, size, true) : 0;
}

/**
 * tb_merkle_included() - does a proof hold? RFC 9162, 2.1.3.2
 * @leaf: hash of the entry
 * @index: its number, from 0
 * @size: entries of the tree
 * @proof: the proof
 * @root: root of the tree
 *
 * Return: whether the entry is in that tree, at that number.
 */
bool tb_merkle_included(const uint8_t leaf[TB_HASH_LEN], uint64_t index, uint64_t size,
			const struct tb_proof *proof, const uint8_t root[TB_HASH_LEN])
{
	uint8_t hash[TB_HASH_LEN];
	uint64_t fn = index, sn = size - 1;
	size_t i;

	if (index >= size)
		return false;
	memcpy(hash, leaf, TB_HASH_LEN);
	for (i = 0; i < proof->count; i++) {
		if (!sn)
			return false;
		if (fn & 1 || fn == sn) {
			tb_merkle_node(proof->hash[i], hash, hash);
			for (; !(fn & 1) && fn; fn >>= 1)
				sn >>= 1;
		} else {
			tb_merkle_node(hash, proof->hash[i], hash);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return !sn && !memcmp(hash, root, TB_HASH_LEN);
}

/**
 * tb_merkle_consistent() - does a proof hold? RFC 9162, 2.1.4.2
 * @old: entries of the older tree
 * @old_root: its root
 * @size: entries of the newer tree
 * @root: its root
 * @proof: the proof
 *
 * Return: whether the newer tree goes on from the older one.
 */
bool tb_merkle_consistent(uint64_t old, const uint8_t old_root[TB_HASH_LEN], uint64_t size,
			  const uint8_t root[TB_HASH_LEN], const struct tb_proof *proof)
{
	uint8_t was[TB_HASH_LEN], is[TB_HASH_LEN];
	uint64_t fn = old - 1, sn = size - 1;
	size_t i = 0;

	if (!old) {
		empty_root(was);
		return !proof->count && !memcmp(was, old_root, TB_HASH_LEN) &&
		       (size || !memcmp(was, root, TB_HASH_LEN));
	}
	if (old > size)
		return false;
	if (old == size)
		return !proof->count && !memcmp(old_root, root, TB_HASH_LEN);
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	/* An old tree that is one whole subtree is not repeated in the proof. */
	if (old & (old - 1) && !proof->count)
		return false;
	memcpy(was, old & (old - 1) ? proof->hash[i++] : old_root, TB_HASH_LEN);
	memcpy(is, was, TB_HASH_LEN);
	for (; i < proof->count; i++) {
		if (!sn)
			return false;
		if (fn & 1 || fn == sn) {
			tb_merkle_node(proof->hash[i], was, was);
			tb_merkle_node(proof->hash[i], is, is);
			for (; !(fn & 1) && fn; fn >>= 1)
				sn >>= 1;
		} else {
			tb_merkle_node(is, proof->hash[i], is);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return !sn && !memcmp(was, old_root, TB_HASH_LEN) && !memcmp(is, root, TB_HASH_LEN);
}
