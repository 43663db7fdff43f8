/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of a copy, in order: a ledger's file, or a bundle. */
#ifndef TONGBU_COPY_H
#define TONGBU_COPY_H

#include <stdint.h>

#include "error.h"
#include "record.h"

int tb_copy_each(const char *path, const char *archive,
		 int (*each)(const struct tb_record *rec, int64_t position, void *userdata),
		 void *userdata, struct tb_error *err);

#endif /* TONGBU_COPY_H */
