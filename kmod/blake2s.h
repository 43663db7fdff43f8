/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BLAKE2s-256 (RFC 7693) without its keyed mode, in plain C on general
 * registers, for any context. The kernel's own may use SIMD registers, which in
 * a hard interrupt on PREEMPT_RT are somebody else's, and leaves its input on
 * the stack; what is hashed here are keys.
 */
#ifndef TONGBU_BLAKE2S_H
#define TONGBU_BLAKE2S_H

#include <linux/types.h>

#include "compat.h"

#define TB_BLAKE2S_LEN		32
#define TB_BLAKE2S_BLOCK	64

/* A function that returns with nothing of a secret in the registers it used, where
 * the compiler can do that
 */
#if __has_attribute(__zero_call_used_regs__)
#define __tb_clean	__attribute__((__zero_call_used_regs__("used")))
#else
#define __tb_clean
#endif

/**
 * struct tb_blake2s - a hash under way
 * @h: state
 * @count: bytes compressed so far
 * @fill: bytes in @block
 * @block: what waits, since the last block is compressed in another way
 * @word: the same, as it is compressed
 */
struct tb_blake2s {
	u32 h[8];
	u32 count;
	u32 fill;
	union {
		u8 block[TB_BLAKE2S_BLOCK];
		__le32 word[TB_BLAKE2S_BLOCK / 4];
	};
};

/* The state after the last block, as the hash it is. No part of an instrumented function,
 * which would keep words of it on a stack that is not wiped.
 */
static __no_kasan_or_inline void tb_blake2s_give(const struct tb_blake2s *hash,
						 u8 out[TB_BLAKE2S_LEN])
{
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		put_unaligned_le32(hash->h[i], out + 4 * i);
}

void tb_blake2s_init(struct tb_blake2s *hash);
void tb_blake2s_update(struct tb_blake2s *hash, const void *data, size_t len);
void tb_blake2s_compress(struct tb_blake2s *hash, u32 last);
void tb_blake2s_final(struct tb_blake2s *hash, u8 out[TB_BLAKE2S_LEN]);
void tb_blake2s_wipe(struct tb_blake2s *hash);
void tb_blake2s(u8 out[TB_BLAKE2S_LEN], const void *data, size_t len, const void *more,
		size_t more_len);

#endif /* TONGBU_BLAKE2S_H */
