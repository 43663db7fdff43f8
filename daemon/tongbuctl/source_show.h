/* SPDX-License-Identifier: GPL-2.0-only */
/* What a source is, for programs and for people. */
#ifndef TONGBU_CTL_SOURCE_SHOW_H
#define TONGBU_CTL_SOURCE_SHOW_H

#include "kernel.h"

json_t *source_json(const struct tb_source_def *def);
void source_where(const struct tb_source_def *def, char *text, size_t size);
void source_what(const struct tb_source_def *def, char *text, size_t size);

#endif /* TONGBU_CTL_SOURCE_SHOW_H */
