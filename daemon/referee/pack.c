// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packs from a directory, or from what was kept of them. The name of a text is the
 * SHA-256 of its archive: for each file in order of its name, the name, its length and
 * its bytes. The archive itself is kept as a blob under that hash, so that what was in
 * force stays to be had.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "blobs.h"
#include "engine.h"
#include "luajson.h"

/* Ends of the names of the files that are a pack's text */
static bool is_text(const char *name)
{
	size_t len = strlen(name);

	return *name != '.' &&
	       ((len > 4 && (!strcmp(name + len - 4, ".lua") || !strcmp(name + len - 4, ".csv"))) ||
		(len > 5 && !strcmp(name + len - 5, ".json")));
}

static int text_only(const struct dirent *entry)
{
	return is_text(entry->d_name);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_files(FILE *archive, const char *folder, const char *prefix, struct tb_error *err)
{
	struct dirent **entries;
	char path[4096], *bytes;
	int i, count, ret = 0;
	size_t len;

	count = scandir(folder, &entries, text_only, by_bytes);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (!ret)
			ret = tb_file_read(path, &bytes, &len, err);
		if (!ret) {
			fprintf(archive, "%s%s\n%zu\n", prefix, entries[i]->d_name, len);
			fwrite(bytes, 1, len, archive);
			free(bytes);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return ret;
}

static int make_archive(const char *folder, char **bytes, size_t *len, struct tb_error *err)
{
	FILE *archive;
	char data[4096];
	int ret;

	*bytes = NULL;
	archive = open_memstream(bytes, len);
	if (!archive)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = add_files(archive, folder, "", err);
	snprintf(data, sizeof(data), "%s/data", folder);
	if (!ret)
		ret = add_files(archive, data, "data/", err);
	if (fclose(archive) && !ret)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	if (!ret && !*len)
		ret = tb_error_set(err, -ENOENT, "there is no pack in %s", folder);
	if (ret)
		free(*bytes);
	return ret;
}

/* Files of the archive into the registry's table "files" */
static int unpack(struct tb_pack *pack, const char *bytes, size_t len, struct tb_error *err)
{
	const char *end = bytes + len, *newline;
	lua_State *L = pack->L;
	char *after;
	size_t size;

	lua_newtable(L);
	while (bytes < end) {
		newline = memchr(bytes, '\n', (size_t)(end - bytes));
		if (!newline)
			break;
		lua_pushlstring(L, bytes, (size_t)(newline - bytes));
		size = strtoull(newline + 1, &after, 10);
		if (*after != '\n' || size > (size_t)(end - after - 1))
			break;
		lua_pushlstring(L, after + 1, size);
		lua_settable(L, -3);
		bytes = after + 1 + size;
	}
	lua_setfield(L, LUA_REGISTRYINDEX, "files");
	if (bytes < end)
		return tb_error_set(err, -EBADMSG, "pack %s: its archive is damaged", pack->name);
	return 0;
}

static int declare(struct tb_pack *pack, struct tb_error *err)
{
	lua_State *L = pack->L;
	const char *text, *name;
	size_t len;
	int ret;

	lua_getfield(L, LUA_REGISTRYINDEX, "files");
	lua_getfield(L, -1, "pack.lua");
	text = lua_tolstring(L, -1, &len);
	if (!text)
		return tb_error_set(err, -ENOENT, "pack %s has no pack.lua", pack->name);
	ret = tb_sandbox_load(pack, "pack.lua", text, len, err);
	if (ret)
		return ret;
	if (!lua_istable(L, -1))
		return tb_error_set(err, -EINVAL, "pack %s: pack.lua does not return a table",
				    pack->name);
	lua_getfield(L, -1, "name");
	name = lua_tostring(L, -1);
	if (!name || strcmp(name, pack->name))
		return tb_error_set(err, -EINVAL, "pack %s: pack.lua says its name is %s",
				    pack->name, name ?: "nothing");
	lua_pop(L, 1);
	ret = tb_tables_compile(pack, err);
	if (ret)
		return ret;
	lua_setfield(L, LUA_REGISTRYINDEX, "pack");
	lua_settop(L, 0);
	return 0;
}

static int from_archive(struct tb_pack *pack, const char *bytes, size_t len, struct tb_error *err)
{
	int ret;

	pack->L = tb_sandbox_new(pack);
	if (!pack->L)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = unpack(pack, bytes, len, err);
	return ret ?: declare(pack, err);
}

static int get_archive(struct tb_referee *r, const char *name, const char *hash, char **bytes,
		       size_t *len, struct tb_error *err)
{
	char folder[4096];

	if (hash && !tb_blob_read(r->options.kept, hash, bytes, len, NULL))
		return 0;
	snprintf(folder, sizeof(folder), "%s/%s", r->options.packs, name);
	return make_archive(folder, bytes, len, err);
}

static bool good_name(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name) &&
	       strlen(name) < 32;
}

static struct tb_pack *new_pack(struct tb_referee *r, const char *name)
{
	struct tb_pack *pack = calloc(1, sizeof(*pack));

	if (!pack)
		return NULL;
	pack->referee = r;
	pack->name = strdup(name);
	if (pack->name)
		return pack;
	free(pack);
	return NULL;
}

/**
 * tb_pack_load() - load a pack
 * @r: the referee
 * @name: its name
 * @hash: which text of it; NULL for the one in the directory
 * @pack: set to it; tb_pack_free() frees it
 * @err: told what is wrong
 *
 * Return: 0; -ENOENT if there is no such pack or text; or another negative errno.
 */
int tb_pack_load(struct tb_referee *r, const char *name, const char *hash, struct tb_pack **pack,
		 struct tb_error *err)
{
	struct tb_pack *p;
	char *bytes;
	size_t len;
	int ret;

	if (!good_name(name))
		return tb_error_set(err, -EINVAL, "%.64s is no name of a pack", name);
	ret = get_archive(r, name, hash, &bytes, &len, err);
	if (ret)
		return ret;
	p = new_pack(r, name);
	if (!p) {
		free(bytes);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	ret = r->options.kept ? tb_blob_write(r->options.kept, bytes, len, p->hash, err) :
				tb_blob_hash(bytes, len, p->hash);
	if (!ret && hash && strcmp(hash, p->hash))
		ret = tb_error_set(err, -ENOENT,
				   "the text %.16s.. of pack %s is not there: the one there is %.16s..",
				   hash, name, p->hash);
	if (!ret)
		ret = from_archive(p, bytes, len, err);
	free(bytes);
	if (ret)
		tb_pack_free(p);
	else
		*pack = p;
	return ret;
}

/**
 * tb_pack_free() - be done with a pack
 * @pack: the pack, or NULL
 */
void tb_pack_free(struct tb_pack *pack)
{
	if (!pack)
		return;
	if (pack->L)
		lua_close(pack->L);
	tb_pool_forget(&pack->pool);
	free(pack->name);
	free(pack);
}

/**
 * tb_pack_hash() - the hash of the text in a directory
 * @folder: the directory
 * @hash: set to it
 * @err: told what is wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_pack_hash(const char *folder, char hash[65], struct tb_error *err)
{
	char *bytes;
	size_t len;
	int ret;

	ret = make_archive(folder, &bytes, &len, err);
	if (ret)
		return ret;
	ret = tb_blob_hash(bytes, len, hash);
	free(bytes);
	return ret;
}

/**
 * tb_pack_find() - a pack that is in force
 * @r: the referee
 * @name: its name
 *
 * Return: the pack, or NULL.
 */
struct tb_pack *tb_pack_find(struct tb_referee *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->pack_count; i++)
		if (!strcmp(r->packs[i]->name, name))
			return r->packs[i];
	return NULL;
}

/**
 * tb_pack_json() - data of a pack
 * @pack: the pack
 * @file: which of its files, "data/law.json"
 *
 * Return: the data, the caller's; NULL if there is no such file, or it is no JSON.
 */
json_t *tb_pack_json(struct tb_pack *pack, const char *file)
{
	lua_State *L = pack->L;
	json_t *json = NULL;

	lua_getfield(L, LUA_REGISTRYINDEX, "files");
	lua_getfield(L, -1, file);
	if (lua_isstring(L, -1))
		json = json_loadb(lua_tostring(L, -1), lua_rawlen(L, -1), JSON_REJECT_DUPLICATES,
				  NULL);
	lua_pop(L, 2);
	return json;
}
