/* SPDX-License-Identifier: GPL-2.0-only */
/* How much room the ledger takes, and whether there will be enough: said ahead of time. */
#ifndef TONGBU_ROOM_H
#define TONGBU_ROOM_H

#include <systemd/sd-event.h>

#include "config.h"

struct tb_room;

int tb_room_new(sd_event *event, const struct tb_config *config, struct tb_room **room);
json_t *tb_room_json(struct tb_room *room);
void tb_room_free(struct tb_room *room);

#endif /* TONGBU_ROOM_H */
