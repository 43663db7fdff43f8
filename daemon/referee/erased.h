/* SPDX-License-Identifier: GPL-2.0-only */
/* Which names in data lead to what was erased. */
#ifndef TONGBU_ERASED_H
#define TONGBU_ERASED_H

#include <jansson.h>

#include "subjects.h"

json_t *tb_erased_of(struct tb_subjects *subjects, const json_t *row);

#endif /* TONGBU_ERASED_H */
