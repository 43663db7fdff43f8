// SPDX-License-Identifier: GPL-2.0-only
/* Memory of a pack's Lua, out of its own pool. All of it is bounded. */
#include "engine.h"

#define MEMORY_MAX (64UL * 1024 * 1024)
#define BIG	   (64UL * 1024)

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
			tb_pool_give(&pack->pool, ptr, old);
		return NULL;
	}
	/* Outside of calls nothing would catch the error. */
	if (size > old && pack->bounded && pack->used + (size - old) > MEMORY_MAX)
		return NULL;
	/* Copying much is work that no instruction stands for. */
	if (size > BIG)
		pack->steps -= (int64_t)(size / BIG * 1000);
	out = ptr ? tb_pool_resize(&pack->pool, ptr, old, size) : tb_pool_take(&pack->pool, size);
	if (out)
		pack->used = pack->used - old + size;
	return out;
}
