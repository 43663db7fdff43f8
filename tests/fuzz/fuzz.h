/* SPDX-License-Identifier: GPL-2.0-only */
/* What each target has: one function that must stand whatever bytes it is given. */
#ifndef TONGBU_FUZZ_H
#define TONGBU_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A stream to be written to and forgotten */
static inline FILE *nowhere(void)
{
	static FILE *file;

	if (!file)
		file = fopen("/dev/null", "we");
	return file;
}

#endif /* TONGBU_FUZZ_H */
