// SPDX-License-Identifier: GPL-2.0-only
/* What tongbuctl is answered, by whomever listens on the daemon's socket */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "rpc.h"

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static int listening = -1;

static void away(void)
{
	unlink(address.sun_path);
}

static void begin(void)
{
	snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/tongbu-fuzz-%d", getpid());
	listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listening < 0 || bind(listening, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listening, 8))
		abort();
	atexit(away);
}

static int take(const json_t *parameters, void *userdata)
{
	size_t *count = userdata;

	*count += json_object_size(parameters);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tb_error err;
	struct tb_rpc *rpc;
	size_t count = 0;
	json_t *reply;
	int fd;

	if (listening < 0)
		begin();
	/* As much as a socket takes without a reader */
	if (len > 65536 || tb_rpc_connect(&tb_peer_station, address.sun_path, &rpc, &err))
		return 0;
	fd = accept(listening, NULL, NULL);
	if (fd < 0 || send(fd, data, len, MSG_NOSIGNAL) != (ssize_t)len)
		abort();
	shutdown(fd, SHUT_WR);
	if (!tb_rpc_call(rpc, "GetStatus", NULL, &reply, &err))
		json_decref(reply);
	tb_rpc_call_more(rpc, "Read", NULL, take, &count, &err);
	tb_rpc_close(rpc);
	close(fd);
	return 0;
}
