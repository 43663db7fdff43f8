// SPDX-License-Identifier: GPL-2.0-only
/*
 * A station's ledger, made and grown, and what it sends to a hub. The records are of
 * words; ledger, log, signatures and proofs are those of a station.
 *
 *	tongbu-hub-batches DIRECTORY ENTRIES WORD FROM PER [SENT [TO]]
 *
 * makes the ledger have so many entries, signs, and prints the batches from an entry on, up
 * to one, each behind its length; or one without entries, if there are none.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "station.h"

static void send(struct tb_batch *batch)
{
	uint8_t *bytes;
	uint32_t big;
	size_t len;

	station_must(tb_batch_write(batch, &bytes, &len, &station_err));
	big = htobe32((uint32_t)len);
	fwrite(&big, sizeof(big), 1, stdout);
	fwrite(bytes, len, 1, stdout);
	free(bytes);
}

static void send_all(const char *path, const struct tb_checkpoint *checkpoint, uint64_t from,
		     uint64_t to, size_t per, uint64_t sent)
{
	static struct tb_batch batch;
	struct tb_log_reading *log;
	const uint8_t *bytes;
	size_t i;

	if (to > checkpoint->size)
		to = checkpoint->size;
	station_must(tb_log_open(path, "/nowhere", &log, &station_err));
	do {
		batch = (struct tb_batch){ .first = from, .sent = sent };
		batch.proof.is_old = true;
		batch.proof.checkpoint = *checkpoint;
		station_must(tb_log_seek(log, from, &station_err));
		for (; batch.count < per && from < to; from++) {
			station_must(tb_log_next(log, &bytes, &batch.len[batch.count],
						 &station_err));
			batch.entry[batch.count] = bytes ? malloc(batch.len[batch.count]) : NULL;
			if (!batch.entry[batch.count])
				exit(1);
			memcpy((void *)batch.entry[batch.count], bytes, batch.len[batch.count]);
			batch.count++;
		}
		batch.proof.number = from;
		if (from <= checkpoint->size)
			station_must(tb_log_growth(log, from, checkpoint->size, &batch.proof.proof,
						   &station_err));
		send(&batch);
		for (i = 0; i < batch.count; i++)
			free((void *)batch.entry[i]);
	} while (from < to);
	tb_log_close(log);
}

int main(int argc, char **argv)
{
	struct station station;
	sd_event *event;

	if (argc < 6 || sd_event_new(&event) < 0)
		return 2;
	station_open(&station, event, argv[1], getenv("STATION") ?: "river-07");
	station_grow(&station, strtoull(argv[2], NULL, 10), argv[3]);
	send_all(station.config->ledger, tb_signer_last(station.signer),
		 strtoull(argv[4], NULL, 10), argc > 7 ? strtoull(argv[7], NULL, 10) : UINT64_MAX,
		 strtoul(argv[5], NULL, 10),
		 argc > 6 ? strtoull(argv[6], NULL, 10) : (uint64_t)time(NULL));
	station_close(&station);
	sd_event_unref(event);
	return fflush(stdout) ? 1 : 0;
}
