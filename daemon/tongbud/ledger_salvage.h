/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_LEDGER_SALVAGE_H
#define TONGBU_LEDGER_SALVAGE_H

#include "error.h"

int tb_ledger_salvage(const char *path, struct tb_error *err);

#endif /* TONGBU_LEDGER_SALVAGE_H */
