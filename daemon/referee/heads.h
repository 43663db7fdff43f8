/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_HEADS_H
#define TONGBU_HEADS_H

#include "engine.h"

json_t *tb_head_get(struct tb_referee *r, const char *id);
void tb_head_set(struct tb_referee *r, const char *id, const char *name, json_t *value);
json_t *tb_sides_get(struct tb_referee *r, const char *id);
void tb_sides_changed(struct tb_referee *r, const char *id);
json_t *tb_looks_get(struct tb_referee *r, const char *id);
void tb_looks_set(struct tb_referee *r, const char *id, const char *office, int64_t task);
void tb_looks_changed(struct tb_referee *r, const char *id);

#endif /* TONGBU_HEADS_H */
