/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of places, in three forms, into the one that the pack base takes. */
#ifndef TONGBU_PLACES_H
#define TONGBU_PLACES_H

#include <jansson.h>

#include "error.h"

int places_read(char *text, json_t **places, struct tb_error *err);

#endif /* TONGBU_PLACES_H */
