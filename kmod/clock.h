/* SPDX-License-Identifier: GPL-2.0-only */
/* Steps of the realtime clock, noticed when they happen. */
#ifndef TONGBU_CLOCK_H
#define TONGBU_CLOCK_H

void tb_clock_init(void);
void tb_clock_exit(void);

#endif /* TONGBU_CLOCK_H */
