/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_PERSONAL_H
#define TONGBU_PERSONAL_H

#include <stddef.h>

enum tb_personal { TB_PERSONAL_NONE, TB_PERSONAL_NUMBER, TB_PERSONAL_PLATE };

enum tb_personal tb_personal_find(const char *text);

#endif /* TONGBU_PERSONAL_H */
