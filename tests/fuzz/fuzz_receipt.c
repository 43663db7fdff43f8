// SPDX-License-Identifier: GPL-2.0-only
/* A receipt somebody brings; what is read is written and read again, the same. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tb_receipt receipt, again;
	char *text = strndup((const char *)data, len);
	struct tb_error err;
	json_t *json;

	if (text && !tb_receipt_parse(text, &receipt, &err)) {
		json = tb_receipt_json(&receipt);
		free(text);
		text = json_dumps(json, JSON_COMPACT);
		json_decref(json);
		/* A number over 2^63 - 1 is a string there, and is not read back. */
		if (receipt.seq <= INT64_MAX && receipt.realtime <= INT64_MAX &&
		    (tb_receipt_parse(text, &again, &err) ||
		     memcmp(again.tag, receipt.tag, sizeof(again.tag)) || again.seq != receipt.seq))
			abort();
	}
	free(text);
	return 0;
}
