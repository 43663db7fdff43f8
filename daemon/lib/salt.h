/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The site's salt, that codes of badge readers are hashed with. It is in a file of
 * its own, which no record, backup of the ledger or bundle has: who has it can try
 * all the numbers there are.
 */
#ifndef TONGBU_SALT_H
#define TONGBU_SALT_H

#include "config.h"

int tb_salt_load(struct tb_devices *devices, struct tb_error *err);

#endif /* TONGBU_SALT_H */
