/* SPDX-License-Identifier: GPL-2.0-only */
/* A chain for the suites that seal; one at a time, as suites run. */
#ifndef TONGBU_CHAIN_SUITE_H
#define TONGBU_CHAIN_SUITE_H

#include <linux/types.h>

struct tongbu_header;

int chain_suite_begin(u32 capacity);
void chain_suite_end(void);
const struct tongbu_header *chain_suite_record(u64 seq, const void **payload);

#endif /* TONGBU_CHAIN_SUITE_H */
