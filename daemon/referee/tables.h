/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of a pack, looked at from outside: what is wrong with them, what they say. */
#ifndef TONGBU_TABLES_H
#define TONGBU_TABLES_H

#include <jansson.h>

#include "error.h"

int tb_tables_ask(const char *packs, const char *name, const char *what, const json_t *args,
		  json_t **answer, struct tb_error *err);

#endif /* TONGBU_TABLES_H */
