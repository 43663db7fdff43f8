// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batches from standard input, each behind its length, into NATS: what many uplinks would
 * send, as fast as it goes.
 *
 *	tongbu-hub-publish URL KEY <batches
 *
 * What is printed is how many they were, when JetStream has them all.
 */
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "bus.h"

static uint8_t bytes[TB_BATCH_MAX_BYTES];
static struct tb_batch batch;
static struct tb_error err;

static void must(int ret, const char *what)
{
	if (!ret)
		return;
	fprintf(stderr, "%s: %s\n", what, ret < 0 ? err.text : natsStatus_GetText((natsStatus)ret));
	exit(1);
}

static void publish(jsCtx *js, size_t len)
{
	char name[TB_SUBJECT_SIZE], subject[sizeof(TB_SUBJECT_RECORDS) + 2 + TB_SUBJECT_SIZE];
	natsStatus status;

	must(tb_batch_read(bytes, len, &batch, &err), "batch");
	snprintf(subject, sizeof(subject), "%s0.%s", TB_SUBJECT_RECORDS,
		 tb_batch_subject(batch.proof.checkpoint.origin, name));
	tb_batch_clear(&batch);
	do
		status = js_PublishAsync(js, subject, bytes, (int)len, NULL);
	while (status == NATS_TIMEOUT);
	must((int)status, subject);
}

int main(int argc, char **argv)
{
	struct tb_bus_config config = { 0 };
	struct tb_bus *bus;
	jsOptions options;
	uint64_t count = 0;
	uint32_t big;
	jsCtx *js;

	if (argc != 3)
		return 2;
	config.servers = argv + 1;
	config.server_count = 1;
	config.key = argv[2];
	must(tb_bus_open(&config, "publish", &bus, &err), "NATS");
	jsOptions_Init(&options);
	options.PublishAsync.MaxPending = 256;
	must((int)natsConnection_JetStream(&js, tb_bus_nats(bus), &options), "JetStream");
	for (; fread(&big, sizeof(big), 1, stdin) == 1; count++) {
		size_t len = be32toh(big);

		if (len > sizeof(bytes) || fread(bytes, 1, len, stdin) != len)
			return 1;
		publish(js, len);
	}
	must((int)js_PublishAsyncComplete(js, NULL), "JetStream");
	printf("%" PRIu64 "\n", count);
	jsCtx_Destroy(js);
	tb_bus_close(bus);
	return 0;
}
