// SPDX-License-Identifier: GPL-2.0-only
/* Batches of entries: what a hub is sent by whoever may write to its queue. */
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tb_batch batch;
	struct tb_error err;
	uint8_t *again;
	size_t len;

	/* What was read is written as it came. */
	if (!tb_batch_read(data, size, &batch, &err)) {
		if (tb_batch_write(&batch, &again, &len, &err) || len != size ||
		    memcmp(again, data, size) != 0)
			abort();
		free(again);
	}
	tb_batch_clear(&batch);
	return 0;
}
