/* SPDX-License-Identifier: GPL-2.0-only */
/* Two chains, one after the other, of one supervisor: what most tests of ledgers begin with. */
#ifndef TONGBU_PAIR_H
#define TONGBU_PAIR_H

#include "chain_maker.h"
#include "ledger.h"

extern struct tb_key supervisor;
extern struct chain *first, *second;

int pair_make(size_t records, size_t more);
int pair_free(void **state);
struct tb_ledger *open_ledger(void);

#endif /* TONGBU_PAIR_H */
