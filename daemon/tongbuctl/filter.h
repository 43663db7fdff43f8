/* SPDX-License-Identifier: GPL-2.0-only */
/* Which records, or rows, are wanted. */
#ifndef TONGBU_FILTER_H
#define TONGBU_FILTER_H

#include "ctl.h"

int filter_option(json_t *query, int option);
int filter_time(json_t *query, const char *key, const char *text);
int filter_number(json_t *query, const char *key, const char *text);

#endif /* TONGBU_FILTER_H */
