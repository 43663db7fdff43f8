/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What packs want of the world, which tongbud does: clocks armed, outputs set, and on
 * record which texts of packs are in force and how sources are read.
 */
#ifndef TONGBU_WISHES_H
#define TONGBU_WISHES_H

#include <systemd/sd-event.h>

#include "config.h"
#include "referee.h"

struct tb_wishes;

int tb_wishes_new(sd_event *event, const struct tb_config *config, struct tb_wishes **wishes,
		  struct tb_error *err);
void tb_wishes_note(struct tb_wishes *wishes, const json_t *effect);
void tb_wishes_forget(struct tb_wishes *wishes);
void tb_wishes_tell(struct tb_wishes *wishes, struct tb_referee *referee,
		    const uint8_t chain[TONGBU_CHAIN_LEN], int64_t last);
const char *tb_wishes_trouble(const struct tb_wishes *wishes);
void tb_wishes_free(struct tb_wishes *wishes);

#endif /* TONGBU_WISHES_H */
