/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Merkle tree of RFC 6962 over entries in order. A root stands for all of them; few
 * hashes prove that an entry is under a root, or that one tree goes on from another.
 *
 *	leaf  SHA-256(00 | entry)
 *	node  SHA-256(01 | left | right)
 */
#ifndef TONGBU_MERKLE_H
#define TONGBU_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TB_HASH_LEN 32
/* Sizes are below 2^63: so many hashes are enough for any proof */
#define TB_PROOF_MAX 64
/* Of a tree that is kept, the roots of subtrees of 2^8, 2^16, ... entries are */
#define TB_TILE_BITS 8

/**
 * struct tb_proof - hashes beside a way through the tree
 * @hash: they, from the leaves up
 * @count: how many
 */
struct tb_proof {
	uint8_t hash[TB_PROOF_MAX][TB_HASH_LEN];
	size_t count;
};

/**
 * struct tb_frontier - a tree that grows: the roots of its whole subtrees
 * @size: entries
 * @hash: root of the subtree of 2^n entries, if bit n of @size is set
 */
struct tb_frontier {
	uint64_t size;
	uint8_t hash[TB_PROOF_MAX][TB_HASH_LEN];
};

/**
 * typedef tb_merkle_fetch - root of a whole subtree
 * @level: it has 2^level entries
 * @index: which of those, from 0
 * @hash: set to it
 * @userdata: the caller's
 *
 * Return: 0 or a negative errno.
 */
typedef int (*tb_merkle_fetch)(unsigned int level, uint64_t index, uint8_t hash[TB_HASH_LEN],
			       void *userdata);

/**
 * typedef tb_tile_get - roots of subtrees that are kept
 * @base: they have 2^(8 * @base) entries
 * @first: the first of them
 * @count: how many
 * @part: each is added to it, in order; what is missing is not
 * @userdata: the caller's
 *
 * Return: 0 or a negative errno.
 */
typedef int (*tb_tile_get)(unsigned int base, uint64_t first, uint64_t count,
			   struct tb_frontier *part, void *userdata);

void tb_merkle_leaf(const void *entry, size_t len, uint8_t hash[TB_HASH_LEN]);
void tb_merkle_node(const uint8_t left[TB_HASH_LEN], const uint8_t right[TB_HASH_LEN],
		    uint8_t hash[TB_HASH_LEN]);

unsigned int tb_frontier_add(struct tb_frontier *frontier, const uint8_t leaf[TB_HASH_LEN],
			     void (*made)(unsigned int level, uint64_t index,
					  const uint8_t hash[TB_HASH_LEN], void *userdata),
			     void *userdata);
void tb_frontier_root(const struct tb_frontier *frontier, uint8_t root[TB_HASH_LEN]);

int tb_merkle_tile(unsigned int level, uint64_t index, tb_tile_get get, void *userdata,
		   uint8_t hash[TB_HASH_LEN]);
int tb_merkle_root(uint64_t size, tb_merkle_fetch fetch, void *userdata, uint8_t root[TB_HASH_LEN]);
int tb_merkle_inclusion(uint64_t index, uint64_t size, tb_merkle_fetch fetch, void *userdata,
			struct tb_proof *proof);
int tb_merkle_consistency(uint64_t old, uint64_t size, tb_merkle_fetch fetch, void *userdata,
			  struct tb_proof *proof);

bool tb_merkle_included(const uint8_t leaf[TB_HASH_LEN], uint64_t index, uint64_t size,
			const struct tb_proof *proof, const uint8_t root[TB_HASH_LEN]);
bool tb_merkle_consistent(uint64_t old, const uint8_t old_root[TB_HASH_LEN], uint64_t size,
			  const uint8_t root[TB_HASH_LEN], const struct tb_proof *proof);

#endif /* TONGBU_MERKLE_H */
