/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sources, outputs and reflexes are called. Records name them by number; the
 * records of arming them that pass by say which name the number has in their chain.
 */
#ifndef TONGBU_NAMES_H
#define TONGBU_NAMES_H

#include <stdint.h>

#include <jansson.h>
#include <linux/tongbu.h>

struct tb_names;
struct tb_record;

/**
 * enum tb_named - what has names; each counts its own numbers
 * @TB_NAMED_SOURCE: a source
 * @TB_NAMED_OUTPUT: an output
 * @TB_NAMED_REFLEX: a reflex
 */
enum tb_named {
	TB_NAMED_SOURCE,
	TB_NAMED_OUTPUT,
	TB_NAMED_REFLEX,
};

struct tb_names *tb_names_new(void);
void tb_names_free(struct tb_names *names);
int tb_names_learn(struct tb_names *names, const struct tb_record *rec);
int tb_names_add(struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN], enum tb_named what,
		 uint32_t number, const char *name);
const char *tb_names_find(const struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN],
			  uint32_t source);
const char *tb_names_find_of(const struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN],
			     enum tb_named what, uint32_t number);
const char *tb_named_word(unsigned int what);
int tb_names_each(const struct tb_names *names,
		  int (*each)(const uint8_t *chain, enum tb_named what, uint32_t number,
			      const char *name, void *userdata),
		  void *userdata);
int tb_names_read(struct tb_names *names, const json_t *list);

#endif /* TONGBU_NAMES_H */
