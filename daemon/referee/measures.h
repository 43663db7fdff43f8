/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the raw records of sources are to be read, as the last act on it says: part of
 * the state, so that values follow from the records alone. So does their silence: a
 * source that speaks and yet tells no value is silent as far as that value goes.
 */
#ifndef TONGBU_MEASURES_H
#define TONGBU_MEASURES_H

#include "engine.h"

/**
 * struct tb_measured_event - what a record of a source comes to
 * @fields: values and units, as packs see them; NULL if there are none
 * @silent: values that fell silent by it, objects as packs see them
 * @restored: values that are there again by it, likewise
 */
struct tb_measured_event {
	json_t *fields;
	json_t *silent;
	json_t *restored;
};

bool tb_measures_set(struct tb_referee *r, const char *source, const char *framing,
		     const json_t *values, int64_t silent, char *why, size_t size);
bool tb_measures_take(struct tb_referee *r, const struct tb_event *event,
		      struct tb_measured_event *measured);
void tb_measures_drop(struct tb_measured_event *measured);

#endif /* TONGBU_MEASURES_H */
