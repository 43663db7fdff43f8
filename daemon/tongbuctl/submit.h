/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting until what was put on record is durable. */
#ifndef TONGBU_SUBMIT_H
#define TONGBU_SUBMIT_H

#include "kernel.h"

int submit_wait(struct tb_kernel *kernel, const struct tb_receipt *receipt, struct tb_error *err);

#endif /* TONGBU_SUBMIT_H */
