/* SPDX-License-Identifier: GPL-2.0-only */
/* The lines of a simulated chip: moved, and pulled out with it. */
#ifndef TONGBU_SELFTEST_LINES_H
#define TONGBU_SELFTEST_LINES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct station;

/* The simulated chip the guest comes with */
#define STATION_CHIP  "station"
#define STATION_LINES 8

int station_pull(uint32_t line, bool up);
int station_pull_and_wait(struct station *station, uint32_t line, bool up);
int station_pull_and_see(struct station *station, uint32_t id, uint32_t line, bool up);
int station_pull_and_hear(struct station *station, uint32_t id, uint32_t line, bool up);
int station_chip(char name[64]);
int station_plug(bool in);
void station_unplugged(void);
pid_t station_keep_pulling(struct station *station, uint32_t count);
void station_stop_pulling(pid_t child);

#endif /* TONGBU_SELFTEST_LINES_H */
