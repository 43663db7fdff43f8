// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ask the kernel directly, whether or not a daemon runs:
 *
 *	probe acked	number below which all records are acknowledged
 *	probe attach	try to own the chain
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel.h"

int main(int argc, char **argv)
{
	struct tb_kernel_info info;
	struct tb_kernel *kernel;
	struct tb_error err;
	int ret;

	if (argc != 2 || (strcmp(argv[1], "acked") && strcmp(argv[1], "attach"))) {
		fputs("usage: probe acked|attach\n", stderr);
		return 2;
	}
	ret = tb_kernel_open(&kernel, &err);
	if (!ret && !strcmp(argv[1], "acked")) {
		ret = tb_kernel_info(kernel, &info, &err);
		if (!ret)
			printf("%" PRIu64 "\n", info.acked);
	} else if (!ret) {
		ret = tb_kernel_attach(kernel, &err);
	}
	if (ret)
		fprintf(stderr, "probe: %s\n", err.text);
	tb_kernel_close(kernel);
	return ret ? 1 : 0;
}
