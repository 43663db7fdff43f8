// SPDX-License-Identifier: GPL-2.0-only
#include "rows.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jsontext.h"

#define BUCKETS	 1024
#define KEPT_MAX 4096

/**
 * struct row - one value
 * @next: in the bucket
 * @also: the next of those this call changed
 * @now: the value; NULL if there is none
 * @before: what it was before this call, where @changed
 * @changed: by this call
 * @fresh: not in memory before this call, so what was read may be undone as well
 * @later: the next of those that are fresh
 * @dirty: the table has another value
 * @table: which
 * @hash: of table, pack and key
 * @pack: of which pack
 * @key: its key, or the matter's id
 */
struct row {
	struct row *next;
	struct row *also;
	struct row *later;
	json_t *now;
	json_t *before;
	bool changed;
	bool fresh;
	bool dirty;
	enum tb_rows_table table;
	uint32_t hash;
	const char *pack;
	char key[];
};

/**
 * struct tb_rows - values in memory
 * @db: the state
 * @buckets: rows by a hash of their key
 * @changed: those this call changed
 * @fresh: those this call brought into memory
 * @count: how many rows
 * @packs: names of packs, each once, so that rows share them
 */
struct tb_rows {
	struct tb_db *db;
	struct row *buckets[BUCKETS];
	struct row *changed;
	struct row *fresh;
	size_t count;
	char *packs[64];
};

/**
 * tb_row_new() - a row in memory
 * @types: a letter for each column: t a text, NULL for none; i a whole number; o data, taken over,
 *	NULL for none
 *
 * Return: the row, the caller's.
 */
json_t *tb_row_new(const char *types, ...)
{
	json_t *row = json_array(), *value;
	const char *text;
	va_list args;

	va_start(args, types);
	for (; *types; types++) {
		if (*types == 'i') {
			value = json_integer(va_arg(args, int64_t));
		} else if (*types == 'o') {
			value = va_arg(args, json_t *);
		} else {
			text = va_arg(args, const char *);
			value = text ? json_string_nocheck(text) : NULL;
		}
		json_array_append_new(row, value ?: json_null());
	}
	va_end(args);
	return row;
}

/**
 * tb_rows_new() - values in memory
 * @db: the state
 *
 * Return: they; tb_rows_free() frees them. NULL without memory.
 */
struct tb_rows *tb_rows_new(struct tb_db *db)
{
	struct tb_rows *rows = calloc(1, sizeof(*rows));

	if (rows)
		rows->db = db;
	return rows;
}

static void drop(struct row *row)
{
	json_decref(row->now);
	json_decref(row->before);
	free(row);
}

static void clear(struct tb_rows *rows)
{
	struct row *row;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		while ((row = rows->buckets[i])) {
			rows->buckets[i] = row->next;
			drop(row);
		}
	rows->changed = NULL;
	rows->fresh = NULL;
	rows->count = 0;
}

/**
 * tb_rows_free() - be done with them; what was not flushed is lost
 * @rows: they, or NULL
 */
void tb_rows_free(struct tb_rows *rows)
{
	size_t i;

	if (!rows)
		return;
	clear(rows);
	for (i = 0; i < sizeof(rows->packs) / sizeof(rows->packs[0]); i++)
		free(rows->packs[i]);
	free(rows);
}

static uint32_t hash_of(enum tb_rows_table table, const char *pack, const char *key)
{
	uint32_t hash = 2166136261u + table;

	for (; *pack; pack++)
		hash = (hash ^ (uint8_t)*pack) * 16777619u;
	for (; *key; key++)
		hash = (hash ^ (uint8_t)*key) * 16777619u;
	return hash ^ hash >> 15;
}

static struct row *find(struct tb_rows *rows, uint32_t hash, enum tb_rows_table table,
			const char *pack, const char *key)
{
	struct row *row = rows->buckets[hash % BUCKETS];

	while (row && (row->hash != hash || row->table != table || strcmp(row->key, key) != 0 ||
		       strcmp(row->pack, pack) != 0))
		row = row->next;
	return row;
}

static const char *shared_name(struct tb_rows *rows, const char *pack)
{
	size_t i;

	for (i = 0; i < sizeof(rows->packs) / sizeof(rows->packs[0]); i++) {
		if (!rows->packs[i])
			rows->packs[i] = strdup(pack);
		if (!rows->packs[i] || !strcmp(rows->packs[i], pack))
			return rows->packs[i];
	}
	return NULL;
}

static struct row *add(struct tb_rows *rows, uint32_t hash, enum tb_rows_table table,
		       const char *pack, const char *key)
{
	size_t len = strlen(key) + 1;
	struct row *row = calloc(1, sizeof(*row) + len);

	if (!row)
		abort();
	row->pack = shared_name(rows, pack);
	if (!row->pack)
		abort();
	memcpy(row->key, key, len);
	row->table = table;
	row->hash = hash;
	row->next = rows->buckets[hash % BUCKETS];
	rows->buckets[hash % BUCKETS] = row;
	row->fresh = true;
	row->later = rows->fresh;
	rows->fresh = row;
	rows->count++;
	return row;
}

/**
 * tb_rows_key() - the key by which a row of a matter is added to its table and changed
 * @id: the matter, "market-17"
 *
 * Return: the key: its number, and behind that a hash of its pack's name.
 */
uint64_t tb_rows_key(const char *id)
{
	const char *dash = strrchr(id, '-');
	uint32_t hash = 2166136261u;
	const char *c;

	for (c = id; dash && c < dash; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	return (uint64_t)hash << 32 | (dash ? (uint32_t)strtoul(dash + 1, NULL, 10) : 0);
}

/**
 * tb_rows_get() - a value, if it is in memory
 * @rows: they
 * @table: which table
 * @pack: of which pack
 * @key: its key, or the matter's id
 * @value: set to it, borrowed, not to be changed; NULL if there is none
 *
 * Return: whether it is in memory; if not, the table has it or nobody.
 */
bool tb_rows_get(struct tb_rows *rows, enum tb_rows_table table, const char *pack, const char *key,
		 json_t **value)
{
	struct row *row = find(rows, hash_of(table, pack, key), table, pack, key);

	*value = row ? row->now : NULL;
	return row;
}

/**
 * tb_rows_know() - the table's value was read
 * @rows: they
 * @table: which table
 * @pack: of which pack
 * @key: its key, or the matter's id; it is not in memory
 * @value: the value, taken over; NULL if the table has none
 */
void tb_rows_know(struct tb_rows *rows, enum tb_rows_table table, const char *pack, const char *key,
		  json_t *value)
{
	add(rows, hash_of(table, pack, key), table, pack, key)->now = value;
}

/**
 * tb_rows_put() - change a value
 * @rows: they
 * @table: which table
 * @pack: of which pack
 * @key: its key, or the matter's id; it is in memory
 * @value: the value, taken over, not to be changed any more; NULL takes it out
 */
void tb_rows_put(struct tb_rows *rows, enum tb_rows_table table, const char *pack, const char *key,
		 json_t *value)
{
	struct row *row = find(rows, hash_of(table, pack, key), table, pack, key);

	if (!row)
		row = add(rows, hash_of(table, pack, key), table, pack, key);
	if (row->changed) {
		json_decref(row->now);
	} else {
		row->before = row->now;
		row->changed = true;
		row->also = rows->changed;
		rows->changed = row;
	}
	row->now = value;
}

/**
 * tb_rows_keep() - what this call changed stands
 * @rows: they
 */
void tb_rows_keep(struct tb_rows *rows)
{
	struct row *row;

	while ((row = rows->changed)) {
		rows->changed = row->also;
		json_decref(row->before);
		row->before = NULL;
		row->changed = false;
		row->dirty = true;
	}
	while ((row = rows->fresh)) {
		rows->fresh = row->later;
		row->fresh = false;
	}
}

static void take_out(struct tb_rows *rows, struct row *row)
{
	struct row **at = &rows->buckets[row->hash % BUCKETS];

	while (*at != row)
		at = &(*at)->next;
	*at = row->next;
	rows->count--;
	drop(row);
}

/**
 * tb_rows_undo() - what this call changed is as it was
 * @rows: they
 */
void tb_rows_undo(struct tb_rows *rows)
{
	struct row *row;

	while ((row = rows->changed)) {
		rows->changed = row->also;
		json_decref(row->now);
		row->now = row->before;
		row->before = NULL;
		row->changed = false;
	}
	/* A matter that was opened and read is gone from the tables, too. */
	while ((row = rows->fresh)) {
		rows->fresh = row->later;
		take_out(rows, row);
	}
}

static void write_row(struct tb_rows *rows, const struct row *row)
{
	char *text = tb_json_text(row->now);

	if (row->table == TB_ROWS_MATTER)
		tb_db_change(rows->db, tb_rows_key(row->key), "l-",
			     "UPDATE matter SET data = ? WHERE id = ?", "tt", text, row->key);
	else if (text)
		tb_db_do(rows->db,
			 "INSERT INTO store (pack, key, value) VALUES (?, ?, ?)"
			 " ON CONFLICT DO UPDATE SET value = excluded.value",
			 "ttt", row->pack, row->key, text);
	else
		tb_db_do(rows->db, "DELETE FROM store WHERE pack = ? AND key = ?", "tt", row->pack,
			 row->key);
	free(text);
}

/**
 * tb_rows_write() - write what the tables have otherwise, for a question to them
 * @rows: they
 *
 * Nothing is clean by that: an undo of the tables may follow.
 */
void tb_rows_write(struct tb_rows *rows)
{
	struct row *row;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		for (row = rows->buckets[i]; row; row = row->next)
			if ((row->dirty || row->changed) && row->table <= TB_ROWS_STORE)
				write_row(rows, row);
}

/**
 * tb_rows_flush() - write what the tables have otherwise, outside of any call
 * @rows: they
 */
void tb_rows_flush(struct tb_rows *rows)
{
	struct row *row;
	size_t i;

	tb_rows_write(rows);
	tb_rows_keep(rows);
	for (i = 0; i < BUCKETS; i++)
		for (row = rows->buckets[i]; row; row = row->next)
			row->dirty = false;
	if (rows->count > KEPT_MAX)
		clear(rows);
}
