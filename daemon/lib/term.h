/* SPDX-License-Identifier: GPL-2.0-only */
/* Where answers go: a terminal, or something else. */
#ifndef TONGBU_TERM_H
#define TONGBU_TERM_H

#include <stdbool.h>

bool tb_colour(void);

#endif /* TONGBU_TERM_H */
