/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_EVENT_H
#define TONGBU_EVENT_H

#include "names.h"
#include "referee.h"

/* "7f3a91c2:18446744073709551615" and the closing NUL */
#define TB_EVENT_ID_SIZE 32

char *tb_event_id(const struct tb_record *rec, char id[TB_EVENT_ID_SIZE]);
void tb_event_of(const struct tb_record *rec, const struct tb_names *names,
		 char id[TB_EVENT_ID_SIZE], struct tb_event *event);
void tb_event_clear(struct tb_event *event);
int tb_event_fold(struct tb_referee *referee, struct tb_names *names, const struct tb_record *rec,
		  struct tb_error *err);

#endif /* TONGBU_EVENT_H */
