// SPDX-License-Identifier: GPL-2.0-only
/* What packs are given: lines of records and acts, folded through the pack base */
#include "fuzz.h"

#include <stdlib.h>

#include "try.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct tb_try_options options = { .packs = getenv("FUZZ_PACKS"), .zone = 28800 };
	struct tb_try_result result;
	struct tb_error err;
	FILE *in;

	if (!len)
		return 0;
	in = fmemopen((void *)data, len, "r");
	if (!in)
		return 0;
	tb_try(in, nowhere(), &options, &result, &err);
	fclose(in);
	return 0;
}
