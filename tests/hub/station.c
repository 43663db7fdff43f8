// SPDX-License-Identifier: GPL-2.0-only
#include "station.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive.h"

/* Records in one transaction of the ledger */
#define COMMIT 4096

struct tb_error station_err;

/**
 * station_must() - end the program if something failed
 * @ret: 0, or what it returned, and station_err says why
 */
void station_must(int ret)
{
	if (!ret)
		return;
	fprintf(stderr, "%s\n", station_err.text);
	exit(1);
}

static char *beside(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		exit(1);
	return path;
}

static void write_key(const char *folder, const struct tb_vkey *key)
{
	char *text = tb_vkey_text(key), *path = beside(folder, "vkey");
	FILE *file = fopen(path, "w");

	if (!text || !file || fputs(text, file) < 0 || fclose(file))
		exit(1);
	free(text);
	free(path);
}

/**
 * station_open() - open a station's ledger, or make it; its public key is beside it, vkey
 * @station: filled in
 * @event: an event loop, which need not run
 * @folder: where the ledger is, ledger.db, and the key, log.pem
 * @name: what the station is called
 */
void station_open(struct station *station, sd_event *event, const char *folder, const char *name)
{
	struct tb_config *config = tb_config_new();

	if (!config)
		exit(1);
	free(config->ledger);
	config->ledger = beside(folder, "ledger.db");
	config->log_key = beside(folder, "log.pem");
	free(config->archive);
	config->archive = beside(folder, "archive");
	free(config->station);
	config->station = strdup(name);
	*station = (struct station){ .config = config, .chain = { 7 } };
	station_must(tb_ledger_open(config->ledger, &station->ledger, &station_err));
	station_must(tb_signer_new(event, config, station->ledger, &station->signer, &station_err));
	write_key(folder, tb_signer_key(station->signer));
}

/**
 * station_size() - entries that it has
 * @station: the station
 */
uint64_t station_size(const struct station *station)
{
	return tb_tree_size(tb_ledger_tree(station->ledger));
}

/* Behind what an act or a genesis has to have stands the word. */
static size_t make_record(const struct station *station, uint64_t seq, const char *word,
			  uint8_t bytes[TONGBU_RECORD_MAX])
{
	struct tongbu_header h = { .seq = htole64(seq), .version = TONGBU_RECORD_VERSION };
	struct tongbu_genesis genesis = { 0 };
	char text[256];
	size_t fixed = seq ? sizeof(struct tongbu_act) : sizeof(genesis);
	size_t len = fixed + (size_t)snprintf(text, sizeof(text), "%s %" PRIu64, word, seq);

	memcpy(genesis.chain, station->chain, sizeof(genesis.chain));
	h.kind = htole16(seq ? TONGBU_KIND_ACT : TONGBU_KIND_GENESIS);
	h.length = htole16((uint16_t)len);
	memset(bytes, 0, TONGBU_RECORD_MIN + len);
	memcpy(bytes, &h, sizeof(h));
	if (!seq)
		memcpy(bytes + TONGBU_HEADER_LEN, &genesis, sizeof(genesis));
	memcpy(bytes + TONGBU_HEADER_LEN + fixed, text, len - fixed);
	return TONGBU_RECORD_MIN + len;
}

/**
 * station_grow() - have it have so many entries, and sign
 * @station: the station
 * @entries: how many at the least
 * @word: what the new ones say
 */
void station_grow(struct station *station, uint64_t entries, const char *word)
{
	struct tb_ledger *ledger = station->ledger;
	uint8_t bytes[TONGBU_RECORD_MAX];
	uint64_t seq;
	size_t len;

	for (seq = station_size(station); seq < entries; seq++) {
		len = make_record(station, seq - station->first, word, bytes);
		if (seq == station->first)
			station_must(tb_ledger_add_chain(ledger, station->chain, 0, bytes, len,
							 &station_err));
		station_must(tb_ledger_append(ledger, bytes, len, &station_err));
		if (tb_ledger_pending(ledger) >= COMMIT)
			station_must(tb_ledger_commit(ledger, &station_err));
	}
	if (tb_ledger_pending(ledger))
		station_must(tb_ledger_commit(ledger, &station_err));
	station_must(tb_signer_now(station->signer, entries, &station_err));
}

/**
 * station_chain() - its next record begins a chain
 * @station: the station
 */
void station_chain(struct station *station)
{
	station->first = station_size(station);
	station->chain[0]++;
}

/**
 * station_archive() - move all chains that ended into bundles, as `tongbuctl archive` does
 * @station: the station
 *
 * Return: how many.
 */
unsigned int station_archive(struct station *station)
{
	const struct tb_config *config = station->config;
	struct tb_moving *moving;
	struct tb_moved moved;
	unsigned int count = 0;

	station_must(tb_moving_out(station->ledger, config->station, config->archive, UINT64_MAX,
				   false, &moving, &station_err));
	do {
		station_must(tb_moving_step(moving, &moved, &station_err));
		count += !strcmp(moved.step, "moved");
	} while (strcmp(moved.step, "end"));
	tb_moving_free(moving);
	return count;
}

/**
 * station_close() - be done with it
 * @station: the station
 */
void station_close(struct station *station)
{
	tb_signer_free(station->signer);
	tb_ledger_close(station->ledger);
	tb_config_free(station->config);
	*station = (struct station){ 0 };
}
