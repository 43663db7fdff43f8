// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tree of names by chain and source number, on libc's tsearch(3).
 */
#include "names.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

struct named {
	uint8_t chain[TONGBU_CHAIN_LEN];
	uint32_t source;
	char name[TONGBU_NAME_LEN];
};

struct tb_names {
	void *root;
};

static int compare(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return memcmp(x->chain, y->chain, TONGBU_CHAIN_LEN);
}

/**
 * tb_names_new() - a table that knows no names yet
 *
 * Return: the table, or NULL without memory.
 */
struct tb_names *tb_names_new(void)
{
	return calloc(1, sizeof(struct tb_names));
}

/**
 * tb_names_free() - forget all
 * @names: the table, or NULL
 */
void tb_names_free(struct tb_names *names)
{
	if (!names)
		return;
	tdestroy(names->root, free);
	free(names);
}

/**
 * tb_names_add() - say what a source is called
 * @names: the table
 * @chain: the chain
 * @source: number of the source in that chain
 * @name: its name; cut to what fits a record
 *
 * Return: 0 or -ENOMEM.
 */
int tb_names_add(struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN], uint32_t source,
		 const char *name)
{
	struct named *entry, **found;

	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	memcpy(entry->chain, chain, TONGBU_CHAIN_LEN);
	entry->source = source;
	found = tsearch(entry, &names->root, compare);
	if (!found) {
		free(entry);
		return -ENOMEM;
	}
	if (*found != entry)
		free(entry);
	strncpy((*found)->name, name, TONGBU_NAME_LEN - 1);
	return 0;
}

/**
 * tb_names_learn() - take the name out of a record, if it holds one
 * @names: the table
 * @rec: any record
 *
 * Return: 0 or -ENOMEM.
 */
int tb_names_learn(struct tb_names *names, const struct tb_record *rec)
{
	struct tongbu_source source;

	if (rec->kind != TONGBU_KIND_SOURCE_ADD || tb_record_payload(rec, &source, sizeof(source)))
		return 0;
	source.name[TONGBU_NAME_LEN - 1] = '\0';
	return tb_names_add(names, rec->chain, rec->source, (const char *)source.name);
}

/**
 * tb_names_find() - what is this source called?
 * @names: the table, or NULL
 * @chain: the chain
 * @source: number of the source in that chain
 *
 * Return: its name, the table's own, until more is learned of it; "recorder",
 * "people" and "clocks" for the sources that are no devices; NULL if not known. The
 * name is as the record had it: it may hold any bytes.
 */
const char *tb_names_find(const struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN],
			  uint32_t source)
{
	struct named key = { .source = source };
	struct named **found;

	if (source == TONGBU_SOURCE_RECORDER)
		return "recorder";
	if (source == TONGBU_SOURCE_PEOPLE)
		return "people";
	if (source == TONGBU_SOURCE_CLOCKS)
		return "clocks";
	if (!names)
		return NULL;
	memcpy(key.chain, chain, TONGBU_CHAIN_LEN);
	found = tfind(&key, &names->root, compare);
	return found ? (*found)->name : NULL;
}

struct visit {
	int (*each)(const uint8_t *chain, uint32_t source, const char *name, void *userdata);
	void *userdata;
	int ret;
};

static void visit_node(const void *node, VISIT which, void *closure)
{
	const struct named *entry = *(struct named *const *)node;
	struct visit *visit = closure;

	if ((which == postorder || which == leaf) && !visit->ret)
		visit->ret = visit->each(entry->chain, entry->source, entry->name, visit->userdata);
}

/**
 * tb_names_each() - go through all names, in order of chain id and number
 * @names: the table
 * @each: called with each; anything but 0 ends it
 * @userdata: for @each
 *
 * Return: 0, or what @each returned.
 */
int tb_names_each(const struct tb_names *names,
		  int (*each)(const uint8_t *chain, uint32_t source, const char *name,
			      void *userdata),
		  void *userdata)
{
	struct visit visit = { .each = each, .userdata = userdata };

	twalk_r(names->root, visit_node, &visit);
	return visit.ret;
}
