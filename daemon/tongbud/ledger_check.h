/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a ledger is whole, and setting aside what makes it not so. */
#ifndef TONGBU_LEDGER_CHECK_H
#define TONGBU_LEDGER_CHECK_H

#include <stdbool.h>

#include "error.h"

struct sqlite3;

bool tb_ledger_is_unclean(const char *path);
int tb_ledger_check(struct sqlite3 *db, const char *path, struct tb_error *err);
int tb_ledger_repair(const char *path, struct tb_error *err);

#endif /* TONGBU_LEDGER_CHECK_H */
