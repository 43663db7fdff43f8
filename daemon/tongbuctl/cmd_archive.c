// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl archive: chains that ended are moved out of the ledger into bundles, and back.
 * tongbud does it, and puts on record for whom.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle.h"
#include "ctl.h"
#include "filter.h"
#include "hex.h"

/**
 * struct moving - chains on their way
 * @rpc: the connection to tongbud
 * @dry: nothing is to be moved
 * @chains: how many are through
 * @err: what went wrong
 */
struct moving {
	struct tb_rpc *rpc;
	bool dry;
	unsigned int chains;
	struct tb_error err;
};

static void show_progress(const char *step, json_int_t done, json_int_t of)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%s: %lld of %lld records", step, (long long)done,
			(long long)of);
}

static int show_chain(const char *chain, const char *file, const char *step, json_int_t records)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	if (ctl.json)
		return ctl_print(json_pack("{s:s, s:s, s:I, s:s}", "chain", chain, "file", file,
					   "records", records, "step", step));
	printf("%s  %lld records %s %s\n", chain, (long long)records,
	       !strcmp(step, "would") ? "would be moved into" :
	       !strcmp(step, "moved") ? "are in" :
					"are in the ledger again, as they are in",
	       file);
	return 0;
}

static int take_piece(const json_t *parameters, void *userdata)
{
	struct moving *m = userdata;
	const char *step, *chain, *file;
	json_int_t done, of;

	if (json_unpack((json_t *)parameters, "{s:s, s:s, s:s, s:I, s:I}", "step", &step, "chain",
			&chain, "file", &file, "done", &done, "of", &of))
		return 0;
	if (strcmp(step, "would") != 0 && strcmp(step, "moved") != 0 &&
	    strcmp(step, "restored") != 0) {
		show_progress(step, done, of);
		return 0;
	}
	m->chains++;
	return show_chain(chain, file, step, of);
}

static int ask(struct moving *m, const char *method, json_t *parameters)
{
	return tb_rpc_call_more(m->rpc, method, parameters, take_piece, m, &m->err);
}

static int move_out(struct moving *m, json_t *before)
{
	int ret = ask(m, "Archive", json_pack("{s:O, s:b}", "before", before, "dry", m->dry));

	if (!ret && !m->chains && !ctl.json)
		puts("no chain ended before then that is still in the ledger");
	return ret;
}

static int move_back(struct moving *m, const char *what)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_bundle *bundle;
	int ret;

	if (tb_hex_decode(what, chain, sizeof(chain))) {
		ret = tb_bundle_open(what, &bundle, &m->err);
		if (ret)
			return ret;
		memcpy(chain, bundle->chains[0].id, sizeof(chain));
		tb_bundle_close(bundle);
	}
	tb_hex_encode(id, chain, sizeof(chain));
	return ask(m, "Restore", json_pack("{s:s}", "chain", id));
}

static int archive(struct moving *m, json_t *before, const char *restore)
{
	int ret = ctl_connect(&m->rpc, &m->err);

	if (ret)
		return ctl_failed(&m->err);
	ret = restore ? move_back(m, restore) : move_out(m, before);
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	tb_rpc_close(m->rpc);
	return ret ? ctl_failed(&m->err) : CTL_OK;
}

/**
 * cmd_archive() - tongbuctl archive
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_archive(int argc, char **argv)
{
	json_t *query = json_object(), *before;
	struct moving m = { 0 };
	const char *restore = NULL;
	int option, status = 0;

	while (!status && (option = ctl_option(argc, argv)) != -1) {
		switch (option) {
		case OPT_BEFORE:
			status = filter_time(query, "before", optarg);
			break;
		case OPT_DRY_RUN:
			m.dry = true;
			break;
		case OPT_RESTORE:
			restore = optarg;
			break;
		default:
			status = CTL_FAILED;
		}
	}
	before = json_object_get(query, "before");
	if (!status && optind < argc)
		status = ctl_bad("archive takes no argument %s: see tongbuctl archive --help",
				 argv[optind]);
	else if (!status && (!before == !restore || (restore && m.dry)))
		status =
			ctl_bad("archive --before DATE [--dry-run], or archive --restore FILE: see tongbuctl archive --help");
	if (!status)
		status = archive(&m, before, restore);
	json_decref(query);
	return status;
}
