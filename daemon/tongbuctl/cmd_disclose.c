// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl bundle disclose: some records, each with the proof that it is in the log; of
 * the others hashes alone. Those of one matter are what the state says of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disclosure.h"
#include "hex.h"
#include "outfile.h"
#include "people.h"

#define ID_SIZE TB_HEX_SIZE(TONGBU_CHAIN_LEN)

/**
 * struct wanted - a record to be shown
 * @chain: its chain, as the ledger counts them
 * @seq: its number there
 */
struct wanted {
	size_t chain;
	uint64_t seq;
};

/**
 * struct disclose - a disclosure in the making
 * @path: its file
 * @matter: --matter, or NULL
 * @chain: --chain, or NULL
 * @chains: the daemon's list of them
 * @list: records to be shown, in order
 * @count: how many
 * @room: for how many there is room
 */
struct disclose {
	const char *path;
	const char *matter;
	const char *chain;
	json_t *chains;
	struct wanted *list;
	size_t count;
	size_t room;
};

static const char *chain_id(const struct disclose *d, size_t chain)
{
	return json_string_value(json_object_get(json_array_get(d->chains, chain), "chain")) ?: "";
}

/* Return: 0 or the exit status. */
static int want(struct disclose *d, size_t chain, uint64_t seq)
{
	struct wanted *list = d->list;

	if (d->count == d->room) {
		d->room *= 2;
		list = reallocarray(d->list, d->room, sizeof(*list));
		if (!list)
			return ctl_bad("out of memory");
		d->list = list;
	}
	list[d->count++] = (struct wanted){ chain, seq };
	return 0;
}

/* The chain that begins so: all of an id, or what names of records have of it */
static bool find_chain(const struct disclose *d, const char *id, size_t len, size_t *chain)
{
	size_t found = 0, i;

	for (i = 0; i < json_array_size(d->chains); i++)
		if (!strncmp(chain_id(d, i), id, len)) {
			*chain = i;
			found++;
		}
	return found == 1;
}

static int want_range(struct disclose *d, const char *arg, size_t chain)
{
	const json_t *row = json_array_get(d->chains, chain);
	const char *dash = strchr(arg, '-');
	uint64_t from, to, first, last;
	char *begin = strndup(arg, dash ? (size_t)(dash - arg) : strlen(arg));
	bool good = begin && ctl_number(begin, INT64_MAX, &from) &&
		    ctl_number(dash ? dash + 1 : begin, INT64_MAX, &to) && from <= to;
	int status = 0;

	free(begin);
	if (!good)
		return ctl_bad("%s is neither a record's number nor FROM-TO", arg);
	first = (uint64_t)json_integer_value(json_object_get(row, "first"));
	last = (uint64_t)json_integer_value(json_object_get(row, "last"));
	if (from < first || to > last)
		return ctl_bad("%s: the ledger has records %" PRIu64 " to %" PRIu64 " of chain %s",
			       arg, first, last, chain_id(d, chain));
	for (; !status && from <= to; from++)
		status = want(d, chain, from);
	return status;
}

/* "5f2c9a10:4711", as the state names records */
static int want_named(struct disclose *d, const char *name)
{
	size_t len = strcspn(name, ":"), chain;
	uint64_t seq;

	if (!name[len] || !ctl_number(name + len + 1, INT64_MAX, &seq))
		return 0;
	if (!find_chain(d, name, len, &chain))
		return ctl_bad("record %s of the matter is of a chain that the ledger does not have, or has twice: name its records, with --chain",
			       name);
	return want(d, chain, seq);
}

/* All records that are named anywhere in what is known of the matter */
static int want_records(struct disclose *d, json_t *value)
{
	json_t *member;
	const char *key;
	int status = 0;
	size_t i;

	json_array_foreach(value, i, member) {
		if (!status)
			status = want_records(d, member);
	}
	json_object_foreach(value, key, member) {
		if (!status && json_is_string(member) &&
		    (!strcmp(key, "record") || !strcmp(key, "done")))
			status = want_named(d, json_string_value(member));
		else if (!status && strcmp(key, "data"))
			status = want_records(d, member);
	}
	return status;
}

static int want_matter(struct disclose *d)
{
	json_t *reply;
	int status = people_ask("matter", json_pack("{s:s}", "id", d->matter), &reply);

	if (status)
		return status;
	status = want_records(d, json_object_get(reply, "rows"));
	json_decref(reply);
	return status;
}

static int in_order(const void *a, const void *b)
{
	const struct wanted *one = a, *other = b;

	if (one->chain != other->chain)
		return one->chain < other->chain ? -1 : 1;
	return one->seq < other->seq ? -1 : one->seq > other->seq;
}

static int choose(struct disclose *d, int argc, char **argv)
{
	size_t chain = json_array_size(d->chains), i, kept = 0;
	int status = 0;

	if (!chain--)
		return ctl_bad("the ledger has no records yet");
	if (d->chain && !find_chain(d, d->chain, strlen(d->chain), &chain))
		return ctl_bad("--chain %s: there is no such chain in the ledger: see tongbuctl chain list",
			       d->chain);
	while (!status && argc--)
		status = want_range(d, *argv++, chain);
	if (!status && d->matter)
		status = want_matter(d);
	if (status)
		return status;
	if (!d->count)
		return ctl_bad("no record is named");
	qsort(d->list, d->count, sizeof(*d->list), in_order);
	for (i = 1; i < d->count; i++)
		if (in_order(&d->list[kept], &d->list[i]))
			d->list[++kept] = d->list[i];
	d->count = kept + 1;
	return 0;
}

static int ask_proof(const struct disclose *d, const struct wanted *wanted, const char *note,
		     struct tb_tlog_proof *proof)
{
	return ctl_ask_proof("ProveRecord",
			     json_pack("{s:o, s:s, s:s*}", "seq", tb_json_u64(wanted->seq), "chain",
				       chain_id(d, wanted->chain), "checkpoint", note),
			     proof);
}

static int put_one(const struct disclose *d, const struct wanted *wanted,
		   struct tb_disclosure_writer *writer, const char *note)
{
	struct tb_tlog_proof proof = { 0 };
	uint8_t *bytes = NULL;
	size_t len = 0;
	int ret, status;

	status = ctl_ask_record(chain_id(d, wanted->chain), wanted->seq, &bytes, &len) ?:
			 ask_proof(d, wanted, note, &proof);
	if (status) {
		free(bytes);
		return status;
	}
	proof.extra = bytes;
	proof.extra_len = len;
	ret = tb_disclosure_add(writer, &proof);
	tb_tlog_proof_clear(&proof);
	if (ret == -ENOMEM)
		return ctl_bad("out of memory");
	return ret ? ctl_bad("record %" PRIu64
			     " is not what the log has there: tongbuctl doctor may tell why",
			     wanted->seq) :
		     0;
}

static int put_all(const struct disclose *d, const struct tb_checkpoint *checkpoint, FILE *out)
{
	struct tb_disclosure_writer *writer = tb_disclosure_begin(out, checkpoint);
	int status = writer ? 0 : ctl_bad("out of memory"), ret;
	size_t i;

	for (i = 0; !status && i < d->count; i++)
		status = put_one(d, &d->list[i], writer, checkpoint->note);
	ret = tb_disclosure_end(writer);
	return status || !ret ? status : ctl_bad("out of memory");
}

static int report(const struct disclose *d, const struct tb_checkpoint *checkpoint)
{
	if (ctl.json)
		return ctl_print(json_pack("{s:s, s:s, s:o, s:I}", "file", d->path, "origin",
					   checkpoint->origin, "size",
					   tb_json_u64(checkpoint->size), "records",
					   (json_int_t)d->count));
	printf("%s: %zu records of the log %s, as it was with %" PRIu64
	       " entries; of the others there are hashes\n",
	       d->path, d->count, checkpoint->origin, checkpoint->size);
	return CTL_OK;
}

/* All proofs lead to one checkpoint: the one that the last record is in. */
static int disclose(struct disclose *d)
{
	struct tb_tlog_proof last = { 0 };
	struct tb_outfile out = { 0 };
	struct tb_error err;
	int status = ask_proof(d, &d->list[d->count - 1], NULL, &last);

	if (!status && tb_outfile_open(&out, d->path, &err))
		status = ctl_failed(&err);
	status = status ?: put_all(d, &last.checkpoint, out.file);
	if (!status && tb_outfile_commit(&out, &err))
		status = ctl_failed(&err);
	tb_outfile_close(&out);
	status = status ?: report(d, &last.checkpoint);
	tb_tlog_proof_clear(&last);
	return status;
}

/**
 * cmd_bundle_disclose() - tongbuctl bundle disclose
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_bundle_disclose(int argc, char **argv)
{
	struct disclose d = { .room = 64 };
	json_t *reply;
	int option, status;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option == OPT_MATTER)
			d.matter = optarg;
		else if (option == OPT_CHAIN)
			d.chain = optarg;
		else
			return CTL_FAILED;
	}
	if (argc - optind < (d.matter ? 1 : 2))
		return ctl_bad("which records, and into which file? bundle disclose FILE SEQ..., or FILE --matter ID");
	d.path = argv[optind++];
	status = ctl_ask("GetChains", NULL, &reply);
	if (status)
		return status;
	d.chains = json_object_get(reply, "chains");
	d.list = calloc(d.room, sizeof(*d.list));
	status = d.list ? choose(&d, argc - optind, argv + optind) ?: disclose(&d) :
			  ctl_bad("out of memory");
	free(d.list);
	json_decref(reply);
	return status;
}
