/* SPDX-License-Identifier: GPL-2.0-only */
/* What reports and exports are asked by: their name, a period, and KEY=VALUE. */
#ifndef TONGBU_ASKED_H
#define TONGBU_ASKED_H

#include "ctl.h"

int asked_query(json_t *query, int argc, char **argv, const char **out);
int asked_name(const char *what, const char *name, char **full);

#endif /* TONGBU_ASKED_H */
