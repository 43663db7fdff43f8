/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts of JSON that were read lately. */
#ifndef TONGBU_MEMO_H
#define TONGBU_MEMO_H

#include <jansson.h>

struct tb_memo;

struct tb_memo *tb_memo_new(void);
void tb_memo_free(struct tb_memo *memo);
void tb_memo_put(struct tb_memo *memo, const char *text, json_t *json);
json_t *tb_memo_read(struct tb_memo *memo, const char *text);

#endif /* TONGBU_MEMO_H */
