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
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "checkpoint.h"
#include "ledger_log.h"
#include "ledger_tree.h"

static struct tb_error err;

static void must(int ret)
{
	if (!ret)
		return;
	fprintf(stderr, "%s\n", err.text);
	exit(1);
}

static char *beside(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		exit(1);
	return path;
}

static const uint8_t chain[TONGBU_CHAIN_LEN] = { 7 };

/* Behind what an act or a genesis has to have stands the word. */
static size_t make_record(uint64_t seq, const char *word, uint8_t bytes[TONGBU_RECORD_MAX])
{
	struct tongbu_header h = { .seq = htole64(seq), .version = TONGBU_RECORD_VERSION };
	struct tongbu_genesis genesis = { 0 };
	char text[64];
	size_t fixed = seq ? sizeof(struct tongbu_act) : sizeof(genesis);
	size_t len = fixed + (size_t)snprintf(text, sizeof(text), "%s %" PRIu64, word, seq);

	memcpy(genesis.chain, chain, sizeof(chain));
	h.kind = htole16(seq ? TONGBU_KIND_ACT : TONGBU_KIND_GENESIS);
	h.length = htole16((uint16_t)len);
	memset(bytes, 0, TONGBU_RECORD_MIN + len);
	memcpy(bytes, &h, sizeof(h));
	if (!seq)
		memcpy(bytes + TONGBU_HEADER_LEN, &genesis, sizeof(genesis));
	memcpy(bytes + TONGBU_HEADER_LEN + fixed, text, len - fixed);
	return TONGBU_RECORD_MIN + len;
}

static void grow(struct tb_ledger *ledger, uint64_t entries, const char *word)
{
	uint8_t bytes[TONGBU_RECORD_MAX];
	uint64_t seq = tb_tree_size(tb_ledger_tree(ledger));
	size_t len;

	if (!seq)
		must(tb_ledger_add_chain(ledger, chain, 0, bytes, make_record(0, word, bytes),
					 &err));
	for (; seq < entries; seq++) {
		len = make_record(seq, word, bytes);
		must(tb_ledger_append(ledger, bytes, len, &err));
	}
	if (tb_ledger_pending(ledger))
		must(tb_ledger_commit(ledger, &err));
}

static void send(struct tb_batch *batch)
{
	uint8_t *bytes;
	uint32_t big;
	size_t len;

	must(tb_batch_write(batch, &bytes, &len, &err));
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
	must(tb_log_open(path, "/nowhere", &log, &err));
	do {
		batch = (struct tb_batch){ .first = from, .sent = sent };
		batch.proof.is_old = true;
		batch.proof.checkpoint = *checkpoint;
		must(tb_log_seek(log, from, &err));
		for (; batch.count < per && from < to; from++) {
			must(tb_log_next(log, &bytes, &batch.len[batch.count], &err));
			batch.entry[batch.count] = bytes ? malloc(batch.len[batch.count]) : NULL;
			if (!batch.entry[batch.count])
				exit(1);
			memcpy((void *)batch.entry[batch.count], bytes, batch.len[batch.count]);
			batch.count++;
		}
		batch.proof.number = from;
		if (from <= checkpoint->size)
			must(tb_log_growth(log, from, checkpoint->size, &batch.proof.proof, &err));
		send(&batch);
		for (i = 0; i < batch.count; i++)
			free((void *)batch.entry[i]);
	} while (from < to);
	tb_log_close(log);
}

int main(int argc, char **argv)
{
	struct tb_config *config = tb_config_new();
	struct tb_ledger *ledger;
	struct tb_signer *signer;
	sd_event *event;
	char *key, *path;
	uint64_t entries;
	FILE *file;

	if (argc < 6 || !config || sd_event_new(&event) < 0)
		return 2;
	entries = strtoull(argv[2], NULL, 10);
	free(config->ledger);
	config->ledger = beside(argv[1], "ledger.db");
	config->log_key = beside(argv[1], "log.pem");
	free(config->station);
	config->station = strdup("river-07");
	must(tb_ledger_open(config->ledger, &ledger, &err));
	grow(ledger, entries, argv[3]);
	must(tb_signer_new(event, config, ledger, &signer, &err));
	must(tb_signer_now(signer, entries, &err));
	key = tb_vkey_text(tb_signer_key(signer));
	path = beside(argv[1], "vkey");
	file = fopen(path, "w");
	if (!key || !file || fputs(key, file) < 0 || fclose(file))
		return 1;
	send_all(config->ledger, tb_signer_last(signer), strtoull(argv[4], NULL, 10),
		 argc > 7 ? strtoull(argv[7], NULL, 10) : UINT64_MAX, strtoul(argv[5], NULL, 10),
		 argc > 6 ? strtoull(argv[6], NULL, 10) : (uint64_t)time(NULL));
	free(key);
	free(path);
	tb_signer_free(signer);
	tb_ledger_close(ledger);
	tb_config_free(config);
	sd_event_unref(event);
	return fflush(stdout) ? 1 : 0;
}
