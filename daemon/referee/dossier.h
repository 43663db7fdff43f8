/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_DOSSIER_H
#define TONGBU_DOSSIER_H

#include "engine.h"

/* Columns of a clock in memory */
enum tb_clock_column {
	TB_CLOCK_ID,
	TB_CLOCK_PACK,
	TB_CLOCK_NAME,
	TB_CLOCK_KEY,
	TB_CLOCK_STARTED,
	TB_CLOCK_DUE,
	TB_CLOCK_EXTENDED,
	TB_CLOCK_STATE,
	TB_CLOCK_DOUBT,
	TB_CLOCK_COLUMNS,
};

/* And of a task */
enum tb_task_column {
	TB_TASK_ID,
	TB_TASK_PACK,
	TB_TASK_OFFICE,
	TB_TASK_ACTOR,
	TB_TASK_TEXT,
	TB_TASK_KEY,
	TB_TASK_TIME,
	TB_TASK_COLUMNS,
};

json_t *tb_clocks_get(struct tb_referee *r, const char *matter);
json_t *tb_clocks_last(struct tb_referee *r, const char *matter, const char *name, const char *key,
		       const char *states);
void tb_clocks_add(struct tb_referee *r, const char *matter, json_t *clock);
void tb_clocks_state(struct tb_referee *r, const char *matter, int64_t id, const char *state);
void tb_clocks_changed(struct tb_referee *r, const char *matter);
json_t *tb_tasks_get(struct tb_referee *r, const char *matter);
int64_t tb_tasks_find(struct tb_referee *r, const char *matter, const char *key);
void tb_tasks_add(struct tb_referee *r, const char *matter, json_t *task);
void tb_tasks_done(struct tb_referee *r, int64_t id);
void tb_tasks_none(struct tb_referee *r, const char *matter);
void tb_dossier_new(struct tb_referee *r, const char *matter);

#endif /* TONGBU_DOSSIER_H */
