/* SPDX-License-Identifier: GPL-2.0-only */
/* How long events of hardware wait until they are sealed. */
#ifndef TONGBU_LATENCY_H
#define TONGBU_LATENCY_H

#include <linux/types.h>

void tb_latency_init(void);
void tb_latency_exit(void);
void tb_latency_add(u16 kind, u64 delay);

#endif /* TONGBU_LATENCY_H */
