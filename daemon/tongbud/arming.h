/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configured sources, outputs and reflexes, armed in the kernel. Those that
 * somebody armed by hand are left alone.
 */
#ifndef TONGBU_ARMING_H
#define TONGBU_ARMING_H

#include <systemd/sd-event.h>

#include "config.h"
#include "kernel.h"

struct tb_arming;

int tb_arming_new(sd_event *event, struct tb_kernel *kernel, struct tb_arming **arming);
void tb_arming_apply(struct tb_arming *arming, const struct tb_devices *devices);
void tb_arming_free(struct tb_arming *arming);

#endif /* TONGBU_ARMING_H */
