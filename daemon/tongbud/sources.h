/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configured sources, armed in the kernel. Those that somebody armed by hand
 * are left alone.
 */
#ifndef TONGBU_SOURCES_H
#define TONGBU_SOURCES_H

#include <systemd/sd-event.h>

#include "config.h"
#include "kernel.h"

struct tb_sources;

int tb_sources_new(sd_event *event, struct tb_kernel *kernel, struct tb_sources **sources);
void tb_sources_apply(struct tb_sources *sources, const struct tb_config *config);
void tb_sources_free(struct tb_sources *sources);

#endif /* TONGBU_SOURCES_H */
