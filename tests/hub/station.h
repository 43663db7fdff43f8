/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A station's ledger, made and grown for tests of the hub. The records are of words; ledger,
 * log and signatures are those of a station. What fails ends the program.
 */
#ifndef TONGBU_TEST_STATION_H
#define TONGBU_TEST_STATION_H

#include "checkpoint.h"
#include "ledger_log.h"
#include "ledger_tree.h"

/**
 * struct station - a ledger, and who signs for it
 * @config: where it is
 * @ledger: the ledger
 * @signer: who signs
 * @first: entries before the chain that goes on
 * @chain: that
 */
struct station {
	struct tb_config *config;
	struct tb_ledger *ledger;
	struct tb_signer *signer;
	uint64_t first;
	uint8_t chain[TONGBU_CHAIN_LEN];
};

extern struct tb_error station_err;

void station_must(int ret);
void station_open(struct station *station, sd_event *event, const char *folder, const char *name);
uint64_t station_size(const struct station *station);
void station_grow(struct station *station, uint64_t entries, const char *word);
void station_chain(struct station *station);
unsigned int station_archive(struct station *station);
void station_close(struct station *station);

#endif /* TONGBU_TEST_STATION_H */
