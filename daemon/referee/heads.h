/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_HEADS_H
#define TONGBU_HEADS_H

#include "engine.h"

json_t *tb_head_get(struct tb_referee *r, const char *id);
void tb_head_set(struct tb_referee *r, const char *id, const char *name, json_t *value);
json_t *tb_data_get(struct tb_referee *r, const char *id);
json_t *tb_sides_get(struct tb_referee *r, const char *id);
void tb_sides_add(struct tb_referee *r, const char *id, const char *office);
void tb_head_new(struct tb_referee *r, json_t *head, json_t *data);

#endif /* TONGBU_HEADS_H */
