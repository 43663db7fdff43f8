/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_HEADS_H
#define TONGBU_HEADS_H

#include "engine.h"

/* Columns of a matter's row in memory */
enum tb_head {
	TB_HEAD_ID,
	TB_HEAD_KIND,
	TB_HEAD_STAGE,
	TB_HEAD_OFFICE,
	TB_HEAD_KEY,
	TB_HEAD_PLACE,
	TB_HEAD_RECORD,
	TB_HEAD_OPENED,
	TB_HEAD_CLOSED,
	TB_HEAD_TITLE,
	TB_HEAD_COLUMNS,
};

json_t *tb_head_get(struct tb_referee *r, const char *id);
void tb_head_set(struct tb_referee *r, const char *id, enum tb_head column, json_t *value);
json_t *tb_open_get(struct tb_referee *r, const char *kind, const char *key);
void tb_open_closed(struct tb_referee *r, const json_t *head);
json_t *tb_data_get(struct tb_referee *r, const char *id);
json_t *tb_sides_get(struct tb_referee *r, const char *id);
void tb_sides_add(struct tb_referee *r, const char *id, const char *office);
void tb_head_new(struct tb_referee *r, json_t *head, json_t *data);

#endif /* TONGBU_HEADS_H */
