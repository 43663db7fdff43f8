// SPDX-License-Identifier: GPL-2.0-only
/*
 * A log of tongbud's, in files, for judges that nobody here wrote: records of any bytes
 * go through the tree and the signer that a station has.
 *
 *	make DIRECTORY [serve [WORD]]	the files; or answer questions about the log
 *	make DIRECTORY of BUNDLE	answer questions about a log of the bundle's records
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"
#include "copy.h"
#include "disclosure.h"
#include "ledger_tree.h"
#include "loop.h"
#include "methods.h"
#include "tlog_proof.h"

#define ENTRIES 700U

static const char *folder, *word = "record";

static void must(int ret, const struct tb_error *err)
{
	if (!ret)
		return;
	fprintf(stderr, "%s\n", err->text);
	exit(1);
}

static void put(const char *name, const char *text)
{
	char *path;
	FILE *file;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		exit(1);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file))
		exit(1);
	free(path);
}

static void put_proof(const char *name, const struct tb_tlog_proof *proof)
{
	char *text = tb_tlog_proof_text(proof);

	if (!text)
		exit(1);
	put(name, text);
	free(text);
}

static void add(struct tb_ledger *ledger, unsigned int from, unsigned int to)
{
	static const uint8_t id[TONGBU_CHAIN_LEN] = { 7 };
	struct tb_error err;
	char text[32];
	unsigned int i;

	/* The chain opens the ledger's transaction; its records are words. */
	if (!from)
		must(tb_ledger_add_chain(ledger, id, 0, "begin", 5, &err), &err);
	for (i = from; i < to; i++) {
		snprintf(text, sizeof(text), "%s %u", word, i);
		must(tb_tree_add(tb_ledger_tree(ledger), 1LL << TB_LEDGER_SEQ_BITS | i, text,
				 strlen(text), &err),
		     &err);
	}
	if (from)
		tb_tree_commit(tb_ledger_tree(ledger));
	else
		must(tb_ledger_commit(ledger, &err), &err);
}

static void put_receipts(struct tb_tree *tree, const struct tb_checkpoint *checkpoint)
{
	static const unsigned int which[] = { 0, 1, 255, 256, 400, 511, 512, ENTRIES - 1 };
	struct tb_tlog_proof proof;
	char name[32], text[32];
	struct tb_error err;
	size_t i;

	for (i = 0; i < sizeof(which) / sizeof(which[0]); i++) {
		snprintf(text, sizeof(text), "%s %u", word, which[i]);
		snprintf(name, sizeof(name), "receipt-%u", which[i]);
		proof = (struct tb_tlog_proof){ .number = which[i],
						.extra = (uint8_t *)text,
						.extra_len = strlen(text),
						.checkpoint = *checkpoint };
		must(tb_tree_inclusion(tree, which[i], checkpoint->size, &proof.proof, &err), &err);
		put_proof(name, &proof);
	}
}

/* Some records of the log, of the rest hashes */
static void put_disclosure(struct tb_tree *tree, const struct tb_checkpoint *checkpoint)
{
	static const unsigned int which[] = { 17, 255, 256, 257, 600, ENTRIES - 2 };
	struct tb_disclosure_writer *writer;
	struct tb_tlog_proof proof;
	char text[32], *path;
	struct tb_error err;
	FILE *out;
	size_t i;

	if (asprintf(&path, "%s/disclosure", folder) < 0)
		exit(1);
	out = fopen(path, "w");
	writer = out ? tb_disclosure_begin(out, checkpoint) : NULL;
	free(path);
	for (i = 0; writer && i < sizeof(which) / sizeof(which[0]); i++) {
		snprintf(text, sizeof(text), "%s %u", word, which[i]);
		proof = (struct tb_tlog_proof){ .number = which[i],
						.extra = (uint8_t *)text,
						.extra_len = strlen(text),
						.checkpoint = *checkpoint };
		must(tb_tree_inclusion(tree, which[i], checkpoint->size, &proof.proof, &err), &err);
		if (tb_disclosure_add(writer, &proof))
			exit(1);
	}
	if (!writer || tb_disclosure_end(writer) || fclose(out))
		exit(1);
}

static void reload(void *userdata)
{
	(void)userdata;
}

/* What a station answers about its log takes no kernel. */
static void serve(struct tb_config *config, struct tb_ledger *ledger, struct tb_signer *signer)
{
	struct tb_station station = { .config = config, .ledger = ledger, .signer = signer };
	struct tb_error err;

	station.names = tb_names_new();
	must(tb_reading_open(config->ledger, &station.reading, &err), &err);
	must(tb_readers_open(config, &station.readers, &err), &err);
	free(config->socket);
	if (asprintf(&config->socket, "%s/socket", folder) < 0 ||
	    tb_loop_new(&station.event, reload, NULL))
		exit(1);
	tb_methods_service(&station, &station.service);
	must(tb_server_start(station.event, &station.service, &station.server, &err), &err);
	tb_loop_run(station.event);
	tb_server_free(station.server);
	tb_readers_close(station.readers);
	tb_reading_close(station.reading);
	tb_names_free(station.names);
	sd_event_unref(station.event);
}

static int append(const struct tb_record *rec, int64_t position, void *userdata)
{
	struct tb_ledger *ledger = userdata;
	struct tb_error err;

	(void)position;
	if (rec->kind == TONGBU_KIND_GENESIS)
		must(tb_ledger_add_chain(ledger, rec->chain, 0, rec->bytes, rec->size, &err), &err);
	must(tb_ledger_append(ledger, rec->bytes, rec->size, &err), &err);
	return 0;
}

static void make_files(struct tb_ledger *ledger, struct tb_signer *signer)
{
	struct tb_tlog_proof growth = { .is_old = true, .number = 300 };
	struct tb_error err;

	add(ledger, 0, 300);
	must(tb_signer_now(signer, 300, &err), &err);
	put("kept", tb_signer_last(signer)->note);
	add(ledger, 300, ENTRIES);
	must(tb_signer_now(signer, ENTRIES, &err), &err);
	put("now", tb_signer_last(signer)->note);
	growth.checkpoint = *tb_signer_last(signer);
	must(tb_tree_consistency(tb_ledger_tree(ledger), 300, ENTRIES, &growth.proof, &err), &err);
	put_proof("growth", &growth);
	put_receipts(tb_ledger_tree(ledger), tb_signer_last(signer));
	put_disclosure(tb_ledger_tree(ledger), tb_signer_last(signer));
}

int main(int argc, char **argv)
{
	struct tb_config *config = tb_config_new();
	struct tb_ledger *ledger;
	struct tb_signer *signer;
	struct tb_error err;
	bool of_bundle;
	sd_event *event;
	char *key;

	of_bundle = argc == 4 && !strcmp(argv[2], "of");
	word = argc > 3 && !of_bundle ? argv[3] : word;
	if (argc < 2 || sd_event_new(&event) < 0 || !config)
		return 2;
	folder = argv[1];
	free(config->ledger);
	free(config->station);
	if (asprintf(&config->ledger, "%s/ledger.db", folder) < 0 ||
	    asprintf(&config->log_key, "%s/log.pem", folder) < 0)
		return 2;
	config->station = strdup("river-07");
	/* Some witnesses take logs of certain names alone. */
	if (getenv("ORIGIN"))
		config->log_origin = strdup(getenv("ORIGIN"));
	must(tb_ledger_open(config->ledger, &ledger, &err), &err);
	must(tb_signer_new(event, config, ledger, &signer, &err), &err);
	key = tb_vkey_text(tb_signer_key(signer));
	put("vkey", key);
	if (!of_bundle)
		make_files(ledger, signer);
	else {
		must(tb_copy_each(argv[3], NULL, append, ledger, &err), &err);
		must(tb_ledger_commit(ledger, &err), &err);
	}
	free(key);
	if (argc > 2)
		serve(config, ledger, signer);
	tb_signer_free(signer);
	tb_ledger_close(ledger);
	tb_config_free(config);
	sd_event_unref(event);
	return 0;
}
