/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the raw records of sources are to be read, as the last act on it says: part of
 * the state, so that values follow from the records alone.
 */
#ifndef TONGBU_MEASURES_H
#define TONGBU_MEASURES_H

#include "engine.h"

bool tb_measures_set(struct tb_referee *r, const char *source, const char *framing,
		     const json_t *values, char *why, size_t size);
json_t *tb_measures_read(struct tb_referee *r, const struct tb_event *event);

#endif /* TONGBU_MEASURES_H */
