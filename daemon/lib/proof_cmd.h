/* SPDX-License-Identifier: GPL-2.0-only */
/* What tb_verify_command() does with checkpoints, receipts and proofs. */
#ifndef TONGBU_PROOF_CMD_H
#define TONGBU_PROOF_CMD_H

#include <stdbool.h>

#include "held.h"

bool tb_is_proof_file(const char *path);
int tb_proof_command(const char *path, const struct tb_policy *policy, const struct tb_held *held,
		     size_t held_count, bool json);
int tb_held_add(struct tb_held **held, size_t *count, const char *path);
int tb_held_judge(struct tb_held *held, size_t count, const struct tb_policy *policy);

#endif /* TONGBU_PROOF_CMD_H */
