/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small pieces of memory, cut beforehand: a record makes and drops some hundred, and what
 * gives a piece back knows its size. One thread has a pool.
 */
#ifndef TONGBU_POOL_H
#define TONGBU_POOL_H

#include <stddef.h>

/* Sizes of small pieces, 16 bytes each more */
#define TB_POOL_SIZES 32

/**
 * struct tb_pool - small pieces of memory
 * @pieces: those nobody has, by size
 * @chunks: what they were cut from
 * @at: where the next is cut from
 * @left: bytes there
 */
struct tb_pool {
	struct piece *pieces[TB_POOL_SIZES];
	struct piece *chunks;
	char *at;
	size_t left;
};

void *tb_pool_take(struct tb_pool *pool, size_t size);
void tb_pool_give(struct tb_pool *pool, void *ptr, size_t size);
void *tb_pool_resize(struct tb_pool *pool, void *ptr, size_t old, size_t size);
void tb_pool_forget(struct tb_pool *pool);
void tb_pool_everywhere(void);

#endif /* TONGBU_POOL_H */
