/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the ledger through the referee: what is durable is folded, in order, once;
 * clocks that packs start are armed in the kernel.
 */
#ifndef TONGBU_FOLD_H
#define TONGBU_FOLD_H

#include <systemd/sd-event.h>

#include "config.h"
#include "error.h"
#include "kernel.h"
#include "ledger.h"
#include "referee.h"

struct tb_fold;

int tb_fold_start(sd_event *event, const struct tb_config *config, struct tb_kernel *kernel,
		  struct tb_reading *reading, const struct tb_names *names, struct tb_fold **fold,
		  struct tb_error *err);
void tb_fold_configured(struct tb_fold *fold);
void tb_fold_wake(struct tb_fold *fold);
int64_t tb_fold_last(const struct tb_fold *fold);
struct tb_referee *tb_fold_referee(struct tb_fold *fold);
const char *tb_fold_trouble(const struct tb_fold *fold);
void tb_fold_free(struct tb_fold *fold);

#endif /* TONGBU_FOLD_H */
