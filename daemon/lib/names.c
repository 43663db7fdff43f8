// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tree of names by chain, what they are of, and its number, on libc's tsearch(3).
 */
#include "names.h"

#include <endian.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "record.h"

struct named {
	uint8_t chain[TONGBU_CHAIN_LEN];
	enum tb_named what;
	uint32_t number;
	char name[TONGBU_NAME_LEN];
};

struct tb_names {
	void *root;
};

static int compare(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
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
 * tb_named_word() - the word for what has names
 * @what: enum tb_named, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_named_word(unsigned int what)
{
	static const char *const words[] = {
		[TB_NAMED_SOURCE] = "source",
		[TB_NAMED_OUTPUT] = "output",
		[TB_NAMED_REFLEX] = "reflex",
	};

	return what < sizeof(words) / sizeof(words[0]) ? words[what] : NULL;
}

/**
 * tb_names_add() - say what something is called
 * @names: the table
 * @chain: the chain
 * @what: what it is
 * @number: its number in that chain
 * @name: its name; cut to what fits a record
 *
 * Return: 0 or -ENOMEM.
 */
int tb_names_add(struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN], enum tb_named what,
		 uint32_t number, const char *name)
{
	struct named *entry, **found;
	size_t len;

	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	memcpy(entry->chain, chain, TONGBU_CHAIN_LEN);
	entry->what = what;
	entry->number = number;
	found = tsearch(entry, &names->root, compare);
	if (!found) {
		free(entry);
		return -ENOMEM;
	}
	if (*found != entry)
		free(entry);
	len = strnlen(name, TONGBU_NAME_LEN - 1);
	memcpy((*found)->name, name, len);
	(*found)->name[len] = '\0';
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
	enum tb_named what = TB_NAMED_SOURCE;
	uint32_t number = rec->source;
	char name[TONGBU_NAME_LEN];
	struct tongbu_output output;
	struct tongbu_reflex reflex;

	/* Each of these payloads begins with the name. */
	if (tb_record_payload(rec, name, sizeof(name)))
		return 0;
	name[sizeof(name) - 1] = '\0';
	switch (rec->kind) {
	case TONGBU_KIND_SOURCE_ADD:
		break;
	case TONGBU_KIND_OUTPUT_ADD:
		if (tb_record_payload(rec, &output, sizeof(output)))
			return 0;
		what = TB_NAMED_OUTPUT;
		number = le32toh(output.output);
		break;
	case TONGBU_KIND_REFLEX_ADD:
		if (tb_record_payload(rec, &reflex, sizeof(reflex)))
			return 0;
		what = TB_NAMED_REFLEX;
		number = le32toh(reflex.reflex);
		break;
	default:
		return 0;
	}
	return tb_names_add(names, rec->chain, what, number, name);
}

/**
 * tb_names_find_of() - what is this called?
 * @names: the table, or NULL
 * @chain: the chain
 * @what: what it is
 * @number: its number in that chain
 *
 * Return: its name, the table's own, until more is learned of it; NULL if not
 * known. The name is as the record had it: it may hold any bytes.
 */
const char *tb_names_find_of(const struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN],
			     enum tb_named what, uint32_t number)
{
	struct named key = { .what = what, .number = number };
	struct named **found;

	if (!names)
		return NULL;
	memcpy(key.chain, chain, TONGBU_CHAIN_LEN);
	found = tfind(&key, &names->root, compare);
	return found ? (*found)->name : NULL;
}

/**
 * tb_names_find() - what is this source called?
 * @names: the table, or NULL
 * @chain: the chain
 * @source: number of the source in that chain
 *
 * Return: as tb_names_find_of(), and "recorder", "people", "clocks", "outputs" and
 * "reflexes" for the sources that are no devices.
 */
const char *tb_names_find(const struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN],
			  uint32_t source)
{
	static const char *const own[] = {
		[TONGBU_SOURCE_RECORDER] = "recorder", [TONGBU_SOURCE_PEOPLE] = "people",
		[TONGBU_SOURCE_CLOCKS] = "clocks",     [TONGBU_SOURCE_OUTPUTS] = "outputs",
		[TONGBU_SOURCE_REFLEXES] = "reflexes",
	};

	if (source < sizeof(own) / sizeof(own[0]))
		return own[source];
	return tb_names_find_of(names, chain, TB_NAMED_SOURCE, source);
}

struct visit {
	int (*each)(const uint8_t *chain, enum tb_named what, uint32_t number, const char *name,
		    void *userdata);
	void *userdata;
	int ret;
};

static void visit_node(const void *node, VISIT which, void *closure)
{
	const struct named *entry = *(struct named *const *)node;
	struct visit *visit = closure;

	if ((which == postorder || which == leaf) && !visit->ret)
		visit->ret = visit->each(entry->chain, entry->what, entry->number, entry->name,
					 visit->userdata);
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
		  int (*each)(const uint8_t *chain, enum tb_named what, uint32_t number,
			      const char *name, void *userdata),
		  void *userdata)
{
	struct visit visit = { .each = each, .userdata = userdata };

	twalk_r(names->root, visit_node, &visit);
	return visit.ret;
}

/**
 * tb_names_read() - learn the names that tongbud knows
 * @names: the table
 * @list: what its GetNames tells
 *
 * Return: 0 or -ENOMEM.
 */
int tb_names_read(struct tb_names *names, const json_t *list)
{
	uint8_t chain[TONGBU_CHAIN_LEN];
	const char *id, *word, *name;
	json_int_t number;
	json_t *entry;
	int ret = 0, what;
	size_t i;

	json_array_foreach((json_t *)list, i, entry) {
		if (json_unpack(entry, "{s:s, s:s, s:I, s:s}", "chain", &id, "what", &word,
				"number", &number, "name", &name) ||
		    tb_hex_decode(id, chain, sizeof(chain)))
			continue;
		what = tb_word_number(tb_named_word, word);
		if (!ret && what >= 0)
			ret = tb_names_add(names, chain, (enum tb_named)what, (uint32_t)number,
					   name);
	}
	return ret;
}
