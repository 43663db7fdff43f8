/* SPDX-License-Identifier: GPL-2.0-only */
/* GPIO chips by the number they have now. */
#ifndef TB_CHIP_H
#define TB_CHIP_H

#include <stdbool.h>
#include <linux/tongbu.h>

#include "error.h"

bool tb_chip_is_number(const char *name);
int tb_chip_device(const char *number, char device[TONGBU_NAME_LEN], struct tb_error *err);

#endif /* TB_CHIP_H */
