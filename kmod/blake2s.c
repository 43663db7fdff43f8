// SPDX-License-Identifier: GPL-2.0-only
/* See blake2s.h. The names are those of RFC 7693, section 3. */
#include "blake2s.h"

#include <linux/bitops.h>
#include <linux/kconfig.h>
#include <linux/minmax.h>
#include <linux/string.h>

/* Bytes of stack that tb_blake2s_compress() may leave words on: what it does not keep in
 * registers. The test in tests/kunit looks whether it is enough.
 */
#define BURN	(IS_ENABLED(CONFIG_KASAN) ? 512 : 256)

static const u32 iv[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const u8 sigma[10][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

static __always_inline void mix(u32 v[16], int a, int b, int c, int d, __le32 x, __le32 y)
{
	v[a] += v[b] + le32_to_cpu(x);
	v[d] = ror32(v[d] ^ v[a], 16);
	v[c] += v[d];
	v[b] = ror32(v[b] ^ v[c], 12);
	v[a] += v[b] + le32_to_cpu(y);
	v[d] = ror32(v[d] ^ v[a], 8);
	v[c] += v[d];
	v[b] = ror32(v[b] ^ v[c], 7);
}

static __always_inline void mix_all(u32 v[16], const __le32 word[16], const u8 order[16])
{
	mix(v, 0, 4, 8, 12, word[order[0]], word[order[1]]);
	mix(v, 1, 5, 9, 13, word[order[2]], word[order[3]]);
	mix(v, 2, 6, 10, 14, word[order[4]], word[order[5]]);
	mix(v, 3, 7, 11, 15, word[order[6]], word[order[7]]);
	mix(v, 0, 5, 10, 15, word[order[8]], word[order[9]]);
	mix(v, 1, 6, 11, 12, word[order[10]], word[order[11]]);
	mix(v, 2, 7, 8, 13, word[order[12]], word[order[13]]);
	mix(v, 3, 4, 9, 14, word[order[14]], word[order[15]]);
}

/**
 * tb_blake2s_compress() - hash the block that waits
 * @hash: the hash, @count with this block
 * @last: all ones for the last block, else 0
 *
 * State and block by one pointer: with two, compilers need a fifth more instructions.
 * Leaves words on the stack below the caller: see tb_blake2s_wipe().
 *
 * Context: any, hard interrupts included; does not sleep.
 */
noinline __tb_clean void tb_blake2s_compress(struct tb_blake2s *hash, u32 last)
{
	u32 v[16];
	int i;

	/* Else @v stands in memory. */
#pragma GCC unroll 8
	for (i = 0; i < 8; i++) {
		v[i] = hash->h[i];
		v[i + 8] = iv[i];
	}
	v[12] ^= hash->count;
	v[14] ^= last;
	mix_all(v, hash->word, sigma[0]);
	mix_all(v, hash->word, sigma[1]);
	mix_all(v, hash->word, sigma[2]);
	mix_all(v, hash->word, sigma[3]);
	mix_all(v, hash->word, sigma[4]);
	mix_all(v, hash->word, sigma[5]);
	mix_all(v, hash->word, sigma[6]);
	mix_all(v, hash->word, sigma[7]);
	mix_all(v, hash->word, sigma[8]);
	mix_all(v, hash->word, sigma[9]);
#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		hash->h[i] ^= v[i] ^ v[i + 8];
}

/**
 * tb_blake2s_wipe() - wipe a hash, and the stack that it was made on
 * @hash: the hash
 *
 * To be called from the function that all else of the hash was called from, so that
 * it stands on the same stack. Not instrumented: red zones around @space would be
 * words of the stack that nobody wipes.
 *
 * Context: any, hard interrupts included; does not sleep.
 */
noinline __no_sanitize_address __tb_clean void tb_blake2s_wipe(struct tb_blake2s *hash)
{
	u8 space[BURN];

	memzero_explicit(hash, sizeof(*hash));
	memzero_explicit(space, sizeof(space));
}

/**
 * tb_blake2s_init() - begin a hash
 * @hash: the hash
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_blake2s_init(struct tb_blake2s *hash)
{
	memcpy(hash->h, iv, sizeof(iv));
	/* The parameter block: 32 bytes of output, no key, no tree */
	hash->h[0] ^= 0x01010000 | TB_BLAKE2S_LEN;
	hash->count = 0;
	hash->fill = 0;
}

/**
 * tb_blake2s_update() - hash more bytes
 * @hash: the hash
 * @data: the bytes
 * @len: how many; fewer than 4 GiB in all
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_blake2s_update(struct tb_blake2s *hash, const void *data, size_t len)
{
	size_t part;

	for (; len; data += part, len -= part) {
		if (hash->fill == sizeof(hash->block)) {
			hash->count += sizeof(hash->block);
			tb_blake2s_compress(hash, 0);
			hash->fill = 0;
		}
		part = min(len, sizeof(hash->block) - hash->fill);
		memcpy(hash->block + hash->fill, data, part);
		hash->fill += part;
	}
}

/**
 * tb_blake2s_final() - end a hash
 * @hash: the hash; to be wiped
 * @out: where the result goes; may be among the bytes hashed
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void __tb_clean tb_blake2s_final(struct tb_blake2s *hash, u8 out[TB_BLAKE2S_LEN])
{
	hash->count += hash->fill;
	memset(hash->block + hash->fill, 0, sizeof(hash->block) - hash->fill);
	tb_blake2s_compress(hash, ~0U);
	tb_blake2s_give(hash, out);
}

/**
 * tb_blake2s() - hash what comes in two parts
 * @out: where the result goes
 * @data: first part
 * @len: its bytes
 * @more: second part, or NULL
 * @more_len: its bytes
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_blake2s(u8 out[TB_BLAKE2S_LEN], const void *data, size_t len, const void *more,
		size_t more_len)
{
	struct tb_blake2s hash;

	tb_blake2s_init(&hash);
	tb_blake2s_update(&hash, data, len);
	tb_blake2s_update(&hash, more, more_len);
	tb_blake2s_final(&hash, out);
	tb_blake2s_wipe(&hash);
}
