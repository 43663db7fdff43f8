/* SPDX-License-Identifier: GPL-2.0-only */
/* Heartbeats: so that silence is seen, and a cut tail with it. */
#ifndef TONGBU_HEARTBEAT_H
#define TONGBU_HEARTBEAT_H

#include <linux/types.h>

void tb_heartbeat_init(u32 interval_ms);
void tb_heartbeat_exit(void);
u32 tb_heartbeat_interval(void);

#endif /* TONGBU_HEARTBEAT_H */
