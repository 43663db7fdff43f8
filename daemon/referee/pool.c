// SPDX-License-Identifier: GPL-2.0-only
#include "pool.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sqlite3.h>

#define GRAIN	  16UL
#define SMALL_MAX (GRAIN * TB_POOL_SIZES)
#define CHUNK	  (32UL * 1024)

/* A piece nobody has, or the head of a chunk */
struct piece {
	struct piece *next;
};

/* Pieces of a size are numbered by it, from 0. */
static size_t size_no(size_t size)
{
	return (size - 1) / GRAIN;
}

/* Another chunk; what is left of the one before is lost, less than a piece. */
static bool cut_from_new(struct tb_pool *pool)
{
	struct piece *chunk = malloc(CHUNK);

	if (!chunk)
		return false;
	chunk->next = pool->chunks;
	pool->chunks = chunk;
	pool->at = (char *)chunk + GRAIN;
	pool->left = CHUNK - GRAIN;
	return true;
}

/**
 * tb_pool_take() - a piece of memory
 * @pool: where from
 * @size: its bytes, not 0
 *
 * Return: the piece, to be given back with its size; NULL without memory.
 */
void *tb_pool_take(struct tb_pool *pool, size_t size)
{
	size_t no = size_no(size), room = (no + 1) * GRAIN;
	struct piece *piece;

	if (size > SMALL_MAX)
		return malloc(size);
	piece = pool->pieces[no];
	if (piece) {
		pool->pieces[no] = piece->next;
		return piece;
	}
	if (pool->left < room && !cut_from_new(pool))
		return NULL;
	piece = (struct piece *)pool->at;
	pool->at += room;
	pool->left -= room;
	return piece;
}

/**
 * tb_pool_give() - give a piece back
 * @pool: where it was taken from
 * @ptr: the piece
 * @size: its bytes
 */
void tb_pool_give(struct tb_pool *pool, void *ptr, size_t size)
{
	struct piece *piece = ptr;

	if (size > SMALL_MAX) {
		free(ptr);
		return;
	}
	piece->next = pool->pieces[size_no(size)];
	pool->pieces[size_no(size)] = piece;
}

/**
 * tb_pool_resize() - a piece of another size with the same in it
 * @pool: where it was taken from
 * @ptr: the piece
 * @old: its bytes
 * @size: bytes wanted, not 0
 *
 * Return: the piece, in the other's place; NULL without memory, and then that stays.
 */
void *tb_pool_resize(struct tb_pool *pool, void *ptr, size_t old, size_t size)
{
	void *out;

	if (old > SMALL_MAX && size > SMALL_MAX)
		return realloc(ptr, size);
	if (old <= SMALL_MAX && size <= SMALL_MAX && size_no(old) == size_no(size))
		return ptr;
	out = tb_pool_take(pool, size);
	if (out) {
		memcpy(out, ptr, old < size ? old : size);
		tb_pool_give(pool, ptr, old);
	}
	return out;
}

/**
 * tb_pool_forget() - give all back that was cut, once nobody has any of it
 * @pool: the pool
 */
void tb_pool_forget(struct tb_pool *pool)
{
	struct piece *chunk;

	while ((chunk = pool->chunks)) {
		pool->chunks = chunk->next;
		free(chunk);
	}
	memset(pool, 0, sizeof(*pool));
}

#ifndef __SANITIZE_ADDRESS__

/* Of jansson and SQLite, which do not know the size: it stands before the piece. */
static struct tb_pool everywhere;

static void *take_sized(size_t size)
{
	size_t *head = tb_pool_take(&everywhere, size + sizeof(*head));

	if (!head)
		return NULL;
	*head = size + sizeof(*head);
	return head + 1;
}

static void give_sized(void *ptr)
{
	size_t *head = ptr;

	if (ptr)
		tb_pool_give(&everywhere, head - 1, head[-1]);
}

static void *sqlite_take(int size)
{
	return take_sized((size_t)size);
}

static int sqlite_size(void *ptr)
{
	return ptr ? (int)(((size_t *)ptr)[-1] - sizeof(size_t)) : 0;
}

static void *sqlite_resize(void *ptr, int size)
{
	size_t *head = (size_t *)ptr - 1, wanted = (size_t)size + sizeof(*head);

	head = tb_pool_resize(&everywhere, head, *head, wanted);
	if (!head)
		return NULL;
	*head = wanted;
	return head + 1;
}

static int sqlite_round(int size)
{
	return (size + 7) & ~7;
}

static int sqlite_begin(void *userdata)
{
	(void)userdata;
	return SQLITE_OK;
}

static void sqlite_end(void *userdata)
{
	(void)userdata;
}

#endif

/**
 * tb_pool_everywhere() - from here on jansson and SQLite have their memory out of a pool
 *
 * For programs that fold: before the first value and the first database. What json_dumps()
 * returns is not for free() then. With a sanitizer it is left to watch over their memory itself.
 */
void tb_pool_everywhere(void)
{
#ifndef __SANITIZE_ADDRESS__
	static const sqlite3_mem_methods methods = { sqlite_take, give_sized,	sqlite_resize,
						     sqlite_size, sqlite_round, sqlite_begin,
						     sqlite_end,  NULL };

	json_set_alloc_funcs(take_sized, give_sized);
	sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
#endif
}
