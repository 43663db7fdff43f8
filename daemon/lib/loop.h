/* SPDX-License-Identifier: GPL-2.0-only */
/* The event loop of a daemon: the signals that end it or make it read again, and systemd. */
#ifndef TONGBU_LOOP_H
#define TONGBU_LOOP_H

#include <systemd/sd-event.h>

int tb_loop_new(sd_event **event, void (*reload)(void *userdata), void *userdata);
int tb_loop_run(sd_event *event);

#endif /* TONGBU_LOOP_H */
