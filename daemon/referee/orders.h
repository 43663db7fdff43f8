/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What packs want outputs to be, until a record says that it was done. Part of the
 * state: who folds the ledger again finds the same orders open, and none that was
 * carried out.
 */
#ifndef TONGBU_ORDERS_H
#define TONGBU_ORDERS_H

#include "engine.h"

void tb_orders_put(struct tb_referee *r, const char *output, int64_t value);
void tb_orders_done(struct tb_referee *r, const struct tb_event *event);

#endif /* TONGBU_ORDERS_H */
