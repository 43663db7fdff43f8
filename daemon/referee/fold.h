/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From tongbud through the referee: what is durable is folded, in order, once. What
 * cannot be folded just now is tried again, and said so.
 */
#ifndef TONGBU_FOLD_H
#define TONGBU_FOLD_H

#include <systemd/sd-event.h>

#include "config.h"
#include "error.h"
#include "referee.h"

struct tb_fold;

int tb_fold_start(sd_event *event, const struct tb_config *config, bool anew, struct tb_fold **fold,
		  struct tb_error *err);
int tb_fold_whole(const struct tb_config *config, const char *path, struct tb_fold **fold,
		  struct tb_error *err);
void tb_fold_configured(struct tb_fold *fold);
struct tb_referee *tb_fold_referee(struct tb_fold *fold);
int64_t tb_fold_position(const struct tb_fold *fold, uint8_t chain[TONGBU_CHAIN_LEN]);
json_t *tb_fold_remaking(const struct tb_fold *fold);
bool tb_fold_caught_up(const struct tb_fold *fold);
const char *tb_fold_trouble(const struct tb_fold *fold);
void tb_fold_free(struct tb_fold *fold);

#endif /* TONGBU_FOLD_H */
