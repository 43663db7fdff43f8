// SPDX-License-Identifier: GPL-2.0-only
/* A bundle from a stranger: verified with the vectors' key, and without one. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "verify.h"

/* tests/fuzz/run.sh gives the supervisor's key of the vectors. */
static const struct tb_key *supervisor(void)
{
	static struct tb_key key;
	const char *text = getenv("FUZZ_KEY");
	uint8_t private[TONGBU_KEY_LEN];

	if (!key.has_private && text && !tb_hex_decode(text, private, sizeof(private)))
		tb_key_from_private(&key, private, NULL);
	return key.has_private ? &key : NULL;
}

static void verify(const struct tb_bundle *bundle, const struct tb_key *key)
{
	/* A receipt of the first record, and bounds that a short run can reach */
	struct tb_receipt receipt = { 0 };
	struct tb_verify_options options = { .key = key,
					     .receipts = &receipt,
					     .receipt_count = 1,
					     .challenge = receipt.tag,
					     .challenge_len = 16,
					     .reach = 256,
					     .range_reach = 256 };
	struct tb_verify_result result;
	struct tb_error err;

	memcpy(receipt.chain, bundle->chains[0].id, TONGBU_CHAIN_LEN);
	receipt.seq = bundle->chains[0].first;
	for (options.receipt_count = 0; options.receipt_count < 2; options.receipt_count++) {
		if (tb_verify(bundle, &options, &result, &err))
			continue;
		tb_verify_text(&result, nowhere());
		json_decref(tb_verify_json(&result));
		tb_verify_clear(&result);
		options.challenge = NULL;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tb_bundle *bundle;
	struct tb_error err;

	if (tb_bundle_open_memory(data, len, &bundle, &err))
		return 0;
	verify(bundle, NULL);
	verify(bundle, supervisor());
	tb_bundle_close(bundle);
	return 0;
}
