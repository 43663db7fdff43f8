/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions to tongbud that are short and answered at once, or not at all. */
#ifndef TONGBU_TELL_H
#define TONGBU_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <linux/tongbu.h>

#include "error.h"

struct tb_tell;

/**
 * struct tb_armed - the kernel's clocks
 * @clocks: ids of those that are armed and not due yet; an array
 * @chain: the chain that runs
 * @head: number of its next record, as of then
 */
struct tb_armed {
	json_t *clocks;
	uint8_t chain[TONGBU_CHAIN_LEN];
	int64_t head;
};

struct tb_tell *tb_tell_new(const char *socket);
int tb_tell_armed(struct tb_tell *tell, struct tb_armed *armed, struct tb_error *err);
int tb_tell_clocks(struct tb_tell *tell, const json_t *clocks, struct tb_error *err);
int tb_tell_output(struct tb_tell *tell, const char *output, bool value, const char *record,
		   struct tb_error *err);
int tb_tell_readers(struct tb_tell *tell, json_t *uids, struct tb_error *err);
int tb_tell_force(struct tb_tell *tell, json_t *act, int64_t *record, struct tb_error *err);
void tb_tell_free(struct tb_tell *tell);

#endif /* TONGBU_TELL_H */
