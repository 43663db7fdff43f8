// SPDX-License-Identifier: GPL-2.0-only
/* A configuration, as an admin may have left it */
#include "fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	int fd = memfd_create("conf", MFD_CLOEXEC);
	struct tb_config *config;
	struct tb_error err;
	char path[64];

	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!tb_config_load(path, &config, &err))
		tb_config_free(config);
	close(fd);
	return 0;
}
