/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sources are called. Records name a source by number; the SOURCE_ADD
 * records that pass by say which name the number has in their chain.
 */
#ifndef TONGBU_NAMES_H
#define TONGBU_NAMES_H

#include <stdint.h>

#include <linux/tongbu.h>

struct tb_names;
struct tb_record;

struct tb_names *tb_names_new(void);
void tb_names_free(struct tb_names *names);
int tb_names_learn(struct tb_names *names, const struct tb_record *rec);
int tb_names_add(struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN], uint32_t source,
		 const char *name);
const char *tb_names_find(const struct tb_names *names, const uint8_t chain[TONGBU_CHAIN_LEN],
			  uint32_t source);
int tb_names_each(const struct tb_names *names,
		  int (*each)(const uint8_t *chain, uint32_t source, const char *name,
			      void *userdata),
		  void *userdata);

#endif /* TONGBU_NAMES_H */
