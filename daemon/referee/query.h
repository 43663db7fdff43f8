/* SPDX-License-Identifier: GPL-2.0-only */
/* What the state holds, for people: who may see what, by offices. */
#ifndef TONGBU_QUERY_H
#define TONGBU_QUERY_H

#include "referee.h"

/* Rows unless a limit is given, and the most of them */
#define TB_ROWS	    100
#define TB_ROWS_MAX 1000

int tb_referee_query(struct tb_referee *referee, const char *what, const json_t *filter,
		     int64_t viewer, bool sees_all, json_t **rows, struct tb_error *err);
int tb_referee_whole(struct tb_referee *r, const char *what, bool open, int64_t viewer, bool all,
		     json_t **rows, struct tb_error *err);
int tb_referee_declared(struct tb_referee *r, const char *what, const json_t *filter, json_t **rows,
			struct tb_error *err);
int tb_referee_offered(struct tb_referee *r, const char *pack, const char *matter, int64_t uid,
		       json_t **rows, struct tb_error *err);

#endif /* TONGBU_QUERY_H */
