// SPDX-License-Identifier: GPL-2.0-only
/* Checkpoints, receipts, proofs and policies: what anybody may have written. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "held.h"
#include "tlog_proof.h"

/* What was read is written as it stood, but for signatures, which are kept as they are. */
static void try_proof(const char *text)
{
	struct tb_tlog_proof proof;
	struct tb_error err;
	char *again;

	if (!tb_tlog_proof_parse(text, &proof, &err)) {
		again = tb_tlog_proof_text(&proof);
		if (!again || strcmp(again, text) != 0)
			abort();
		free(again);
	}
	tb_tlog_proof_clear(&proof);
}

static void try_policy(char *text)
{
	char *note = strstr(text, "\n\n");
	struct tb_held held = { 0 };
	struct tb_policy *policy;
	struct tb_error err;

	if (note)
		*note = '\0';
	if (tb_policy_parse(text, &policy, &err))
		return;
	if (note && !tb_checkpoint_parse(note + 2, &held.checkpoint, &err))
		tb_policy_judge(policy, &held, &err);
	tb_checkpoint_clear(&held.checkpoint);
	tb_policy_free(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (strlen(text) == size) {
		try_proof(text);
		try_policy(text);
	}
	free(text);
	return 0;
}
