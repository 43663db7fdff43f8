// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of a pack's Lua: what is small comes out of pieces cut beforehand and goes back
 * to them, since a record makes and drops some hundred. All of it is bounded.
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define MEMORY_MAX (64UL * 1024 * 1024)
#define BIG	   (64UL * 1024)
#define GRAIN	   16UL
#define SMALL_MAX  (GRAIN * TB_POOL_SIZES)
#define CHUNK	   (32UL * 1024)

/* A piece nobody has, or the head of a chunk */
struct piece {
	struct piece *next;
};

/* Pieces of a size are numbered by it, from 0. */
static size_t size_no(size_t size)
{
	return (size - 1) / GRAIN;
}

static void *take_piece(struct tb_pool *pool, size_t size)
{
	struct piece **list = &pool->pieces[size_no(size)], *piece = *list;
	size_t room = (size_no(size) + 1) * GRAIN;

	if (piece) {
		*list = piece->next;
		return piece;
	}
	if (pool->left < room) {
		piece = malloc(CHUNK);
		if (!piece)
			return NULL;
		piece->next = pool->chunks;
		pool->chunks = piece;
		pool->at = (char *)piece + GRAIN;
		pool->left = CHUNK - GRAIN;
	}
	piece = (struct piece *)pool->at;
	pool->at += room;
	pool->left -= room;
	return piece;
}

static void give_back(struct tb_pool *pool, void *ptr, size_t size)
{
	struct piece *piece = ptr;

	if (size > SMALL_MAX) {
		free(ptr);
		return;
	}
	piece->next = pool->pieces[size_no(size)];
	pool->pieces[size_no(size)] = piece;
}

static void *resize(struct tb_pool *pool, void *ptr, size_t old, size_t size)
{
	void *out;

	if (ptr && old > SMALL_MAX && size > SMALL_MAX)
		return realloc(ptr, size);
	if (ptr && old <= SMALL_MAX && size <= SMALL_MAX && size_no(old) == size_no(size))
		return ptr;
	out = size > SMALL_MAX ? malloc(size) : take_piece(pool, size);
	if (out && ptr) {
		memcpy(out, ptr, old < size ? old : size);
		give_back(pool, ptr, old);
	}
	return out;
}

/**
 * tb_sandbox_allocate() - memory of a pack, as Lua asks for it
 * @userdata: the pack
 * @ptr: what there is, or NULL
 * @old: its bytes
 * @size: bytes wanted; 0 gives it back
 *
 * Return: the memory, or NULL.
 */
void *tb_sandbox_allocate(void *userdata, void *ptr, size_t old, size_t size)
{
	struct tb_pack *pack = userdata;
	void *out;

	/* Without memory before, it is the kind of what is made. */
	if (!ptr)
		old = 0;
	if (!size) {
		pack->used -= old;
		if (ptr)
			give_back(&pack->pool, ptr, old);
		return NULL;
	}
	/* Outside of calls nothing would catch the error. */
	if (size > old && pack->bounded && pack->used + (size - old) > MEMORY_MAX)
		return NULL;
	/* Copying much is work that no instruction stands for. */
	if (size > BIG)
		pack->steps -= (int)(size / BIG);
	out = resize(&pack->pool, ptr, old, size);
	if (out)
		pack->used = pack->used - old + size;
	return out;
}

/**
 * tb_sandbox_forget() - give all pieces back, once Lua is closed
 * @pack: whose
 */
void tb_sandbox_forget(struct tb_pack *pack)
{
	struct piece *chunk;

	while ((chunk = pack->pool.chunks)) {
		pack->pool.chunks = chunk->next;
		free(chunk);
	}
	memset(&pack->pool, 0, sizeof(pack->pool));
}
