/* SPDX-License-Identifier: GPL-2.0-only */
/* What effects are expected to be: docs/packs.md, "try". */
#ifndef TONGBU_EXPECT_H
#define TONGBU_EXPECT_H

#include <jansson.h>
#include <stdbool.h>

#include "error.h"

int tb_expect_check(const json_t *wanted, struct tb_error *err);
bool tb_expect_met(const json_t *wanted, const json_t *effects);

#endif /* TONGBU_EXPECT_H */
