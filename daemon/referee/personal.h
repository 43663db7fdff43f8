/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_PERSONAL_H
#define TONGBU_PERSONAL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum tb_personal { TB_PERSONAL_NONE, TB_PERSONAL_NUMBER, TB_PERSONAL_PLATE };

enum tb_personal tb_personal_find(const char *text);
bool tb_personal_in(const json_t *value, bool named);
void tb_personal_why(enum tb_personal what, const char *path, char *why, size_t size);

#endif /* TONGBU_PERSONAL_H */
