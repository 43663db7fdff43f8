// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl bundle: records packed into a file, for those who verify them. A
 * mark goes on record first and the bundle ends in it: whoever gave the challenge
 * knows that nothing sealed before he gave it was cut off.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "bundle.h"
#include "bundle_show.h"
#include "ctl.h"
#include "filter.h"
#include "hex.h"
#include "submit.h"
#include "timefmt.h"

#define MARK_LEN 16

/**
 * struct asked - what was asked for
 * @chain: --chain
 * @has_chain: it was given
 * @from: --from
 * @to: --to
 * @has_from: it was given
 * @has_to: it was given
 * @mark: --challenge, or random bytes
 * @mark_len: its bytes
 * @has_challenge: it was given
 */
struct asked {
	uint8_t chain[TONGBU_CHAIN_LEN];
	bool has_chain;
	uint64_t from;
	uint64_t to;
	bool has_from;
	bool has_to;
	uint8_t mark[TONGBU_ACT_MAX];
	size_t mark_len;
	bool has_challenge;
};

/**
 * struct export - an export under way
 * @rpc: the connection to the daemon
 * @chains: the daemon's list of them, JSON
 * @parts: what goes into the bundle
 * @count: how many
 * @writer: the bundle
 * @there: the ranges that the ledger has, as they are found
 * @status: what the daemon says of itself, JSON
 * @station: name of the station, in it
 * @created: when it is packed, ns since 1970
 * @archived: chains left out
 * @surveyed: @parts are what the ledger has, gaps left out
 * @total: records there will be
 * @done: records there are
 * @err: what went wrong
 */
struct export
{
	struct tb_rpc *rpc;
	json_t *chains;
	struct tb_bundle_chain *parts;
	size_t count;
	struct tb_bundle_writer *writer;
	struct tb_ranges there;
	json_t *status;
	const char *station;
	uint64_t created;
	size_t archived;
	bool surveyed;
	uint64_t total;
	uint64_t done;
	struct tb_error err;
};

static int set_mark(struct asked *asked, struct tb_receipt *receipt, struct tb_error *err)
{
	struct tb_kernel *kernel;
	int ret;

	if (!asked->has_challenge) {
		asked->mark_len = MARK_LEN;
		if (getrandom(asked->mark, MARK_LEN, 0) != MARK_LEN)
			return tb_error_set(err, -EIO, "the system gave no random bytes");
	}
	ret = tb_kernel_open(&kernel, err);
	if (ret)
		return ret;
	ret = tb_kernel_submit(kernel, TONGBU_ACT_MARK, asked->mark, asked->mark_len, receipt, err);
	if (!ret)
		ret = submit_wait(kernel, receipt, err);
	tb_kernel_close(kernel);
	return ret;
}

static int read_part(const json_t *chain, struct tb_bundle_chain *part)
{
	json_int_t first, last;
	const char *id;

	if (json_unpack((json_t *)chain, "{s:s, s:I, s:I}", "chain", &id, "first", &first, "last",
			&last) ||
	    tb_hex_decode(id, part->id, TONGBU_CHAIN_LEN))
		return -EPROTO;
	part->first = (uint64_t)first;
	part->last = (uint64_t)last;
	return 0;
}

static int cut_part(const struct asked *asked, struct tb_bundle_chain *part, struct tb_error *err)
{
	if ((asked->has_from && asked->from > part->last) ||
	    (asked->has_to && asked->to < part->first) ||
	    (asked->has_from && asked->has_to && asked->to < asked->from))
		return tb_error_set(err, -EINVAL,
				    "the ledger has records %" PRIu64 " to %" PRIu64
				    " of this chain: none of them is asked for",
				    part->first, part->last);
	if (asked->has_from && asked->from > part->first)
		part->first = asked->from;
	if (asked->has_to && asked->to < part->last)
		part->last = asked->to;
	return 0;
}

static int unread(struct export *e)
{
	return tb_error_set(&e->err, -EPROTO, UNREAD, "tongbud");
}

/* All chains, up to the mark; or the one that was asked for */
static int choose_parts(struct export *e, const struct asked *asked, const struct tb_receipt *mark)
{
	bool one = asked->has_chain || asked->has_from || asked->has_to;
	size_t i, count = json_array_size(e->chains);
	struct tb_bundle_chain part;

	e->parts = calloc(count ? count : 1, sizeof(*e->parts));
	if (!e->parts)
		return tb_error_set(&e->err, -ENOMEM, "out of memory");
	for (i = 0; i < count; i++) {
		if (read_part(json_array_get(e->chains, i), &part))
			return unread(e);
		if (asked->has_chain ? memcmp(part.id, asked->chain, TONGBU_CHAIN_LEN) :
				       one && i + 1 < count)
			continue;
		/* Whose records are in a bundle already */
		if (!one && json_object_get(json_array_get(e->chains, i), "archived")) {
			e->archived++;
			continue;
		}
		if (mark && !memcmp(part.id, mark->chain, TONGBU_CHAIN_LEN) &&
		    mark->seq >= part.first && mark->seq < part.last)
			part.last = mark->seq;
		e->parts[e->count++] = part;
	}
	if (!e->count)
		return tb_error_set(&e->err, -ENOENT,
				    "there is no such chain in the ledger: see tongbuctl chain list");
	return one ? cut_part(asked, &e->parts[0], &e->err) : 0;
}

static int add_records(const json_t *parameters, void *userdata)
{
	const char *text = json_string_value(json_object_get(parameters, "records"));
	struct export *e = userdata;
	uint8_t *records;
	size_t len;
	int ret;

	if (!text || tb_base64_decode(text, &records, &len))
		return unread(e);
	ret = tb_bundle_writer_add(e->writer, records, len, &e->err);
	free(records);
	e->done += len;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\rexporting: %" PRIu64 " KiB", e->done / 1024);
	return ret;
}

static int add_genesis(struct export *e, const struct tb_bundle_chain *part)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	const char *text = NULL;
	json_t *chain;
	uint8_t *genesis;
	size_t i, len;
	int ret;

	tb_hex_encode(id, part->id, TONGBU_CHAIN_LEN);
	json_array_foreach(e->chains, i, chain)
		if (!strcmp(json_string_value(json_object_get(chain, "chain")) ?: "", id))
			text = json_string_value(json_object_get(chain, "genesis"));
	if (!text || tb_base64_decode(text, &genesis, &len))
		return unread(e);
	ret = tb_bundle_writer_add(e->writer, genesis, len, &e->err);
	free(genesis);
	return ret;
}

static int read_range(struct export *e, const struct tb_bundle_chain *part, uint64_t from,
		      uint64_t to, int (*take)(const json_t *parameters, void *userdata),
		      void *userdata)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	return tb_rpc_call_more(e->rpc, "Read",
				json_pack("{s:s, s:o, s:o, s:b}", "chain",
					  tb_hex_encode(id, part->id, TONGBU_CHAIN_LEN), "from",
					  tb_json_u64(from), "to", tb_json_u64(to), "whole", 1),
				take, userdata, &e->err);
}

static int add_part(struct export *e, size_t index)
{
	const struct tb_bundle_chain *part = &e->parts[index];
	int ret = part->first && !tb_bundle_goes_on(e->parts, index) ? add_genesis(e, part) : 0;

	return ret ?: read_range(e, part, part->first, part->last, add_records, e);
}

/**
 * struct tie - the search for the tag that a range follows
 * @part: the range
 * @found: it is in @part now
 */
struct tie {
	struct tb_bundle_chain *part;
	bool found;
};

static int take_tag(const json_t *parameters, void *userdata)
{
	const char *text = json_string_value(json_object_get(parameters, "records"));
	struct tie *tie = userdata;
	struct tb_record rec;
	uint8_t *records;
	size_t len;

	if (!text || tb_base64_decode(text, &records, &len))
		return -EPROTO;
	if (!tb_record_frame(records, len, tie->part->id, &rec) &&
	    rec.seq == tie->part->first - 1) {
		memcpy(tie->part->before, rec.tag, TONGBU_TAG_LEN);
		tie->found = true;
	}
	free(records);
	return 0;
}

/* Where the ledger itself begins in the middle, its first record stays out: its tag
 * binds one that nobody has.
 */
static int tie_part(struct export *e, struct tb_bundle_chain *part)
{
	struct tie tie = { .part = part };
	int ret = 0;

	while (!ret && part->first > 1 && !tie.found) {
		ret = read_range(e, part, part->first - 1, part->first - 1, take_tag, &tie);
		if (!ret && !tie.found && ++part->first > part->last)
			ret = tb_error_set(&e->err, -ENOENT,
					   "the ledger has no record before those that are asked for: ask for a longer range");
	}
	return ret;
}

static int get_station(struct export *e)
{
	int ret = tb_rpc_call(e->rpc, "GetStatus", NULL, &e->status, &e->err);

	if (ret)
		return ret;
	if (json_unpack(e->status, "{s:{s:s}}", "status", "station", &e->station))
		e->station = "";
	return 0;
}

static int survey_records(const json_t *parameters, void *userdata)
{
	const char *text = json_string_value(json_object_get(parameters, "records"));
	struct export *e = userdata;
	struct tb_record rec;
	uint8_t *records;
	size_t len, at;
	int ret = 0;

	if (!text || tb_base64_decode(text, &records, &len))
		return unread(e);
	for (at = 0; !ret && at < len; at += rec.size) {
		if (tb_record_frame(records + at, len - at, e->there.list[e->there.count - 1].id,
				    &rec))
			ret = unread(e);
		else if (tb_ranges_add(&e->there, &rec))
			ret = tb_error_set(&e->err, -ENOMEM, "out of memory");
	}
	free(records);
	return ret;
}

/* A ledger restored from a backup may have holes: which ranges are there? */
static int survey(struct export *e)
{
	size_t i;
	int ret;

	e->surveyed = true;
	/* On the old connection the rest of what was asked for is still to come. */
	tb_rpc_close(e->rpc);
	e->rpc = NULL;
	ret = ctl_connect(&e->rpc, &e->err);
	if (ret)
		return ret;
	for (i = 0; !ret && i < e->count; i++) {
		if (tb_ranges_begin(&e->there, &e->parts[i]))
			return tb_error_set(&e->err, -ENOMEM, "out of memory");
		ret = read_range(e, &e->parts[i], e->parts[i].first, e->parts[i].last,
				 survey_records, e);
		tb_ranges_end(&e->there);
	}
	free(e->parts);
	e->parts = e->there.list;
	e->count = e->there.count;
	e->there = (struct tb_ranges){ 0 };
	if (!ret && !e->count)
		ret = tb_error_set(&e->err, -ENOENT, "the ledger has none of these records");
	return ret;
}

static int write_parts(struct export *e, const char *path)
{
	size_t i;
	int ret;

	e->done = 0;
	ret = tb_bundle_writer_new(path, e->station, e->created, e->parts, e->count, &e->writer,
				   &e->err);
	for (i = 0; !ret && i < e->count; i++)
		ret = add_part(e, i);
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	return ret ?: tb_bundle_writer_commit(e->writer, &e->err);
}

static int write_bundle(struct export *e, const char *path)
{
	size_t i;
	int ret;

	for (i = 0; i < e->count; i++) {
		ret = tie_part(e, &e->parts[i]);
		if (ret)
			return ret;
	}
	ret = get_station(e);
	if (ret)
		return ret;
	e->created = tb_time_now();
	ret = write_parts(e, path);
	/* Other records came than those that were due: the ledger has gaps. */
	if (ret == -EINVAL && !e->surveyed) {
		tb_bundle_writer_free(e->writer);
		e->writer = NULL;
		ret = survey(e) ?: write_parts(e, path);
		if (!ret)
			fprintf(stderr,
				"tongbuctl: records are missing in the ledger: the bundle has what is there, in %zu ranges\n",
				e->count);
	}
	return ret;
}

/* Only the chain that runs can end in a challenge: said before it is on record. */
static int check_runs(struct export *e, const struct asked *asked)
{
	struct tb_bundle_chain last = { 0 };
	const json_t *chains;
	json_t *reply;
	int ret;

	ret = tb_rpc_call(e->rpc, "GetChains", NULL, &reply, &e->err);
	if (ret)
		return ret;
	chains = json_object_get(reply, "chains");
	ret = !json_array_size(chains) ||
	      read_part(json_array_get(chains, json_array_size(chains) - 1), &last) ||
	      memcmp(last.id, asked->chain, TONGBU_CHAIN_LEN);
	json_decref(reply);
	return ret ? tb_error_set(&e->err, -EINVAL,
				  "--challenge goes on record in the chain that runs: give that, or leave --chain out") :
		     0;
}

static int take_nothing(const json_t *parameters, void *userdata)
{
	(void)parameters, (void)userdata;
	return 0;
}

/* Who may not read all is told before a mark is on record. */
static int check_may(struct export *e)
{
	return tb_rpc_call_more(e->rpc, "Read",
				json_pack("{s:i, s:i, s:b}", "from", 0, "to", 0, "whole", 1),
				take_nothing, NULL, &e->err);
}

static int export_over(struct export *e, const char *path, struct asked *asked)
{
	struct tb_receipt mark;
	bool marked = !asked->has_to && !asked->has_chain;
	json_t *reply;
	int ret;

	ret = check_may(e);
	if (!ret && asked->has_chain && asked->has_challenge)
		ret = check_runs(e, asked);
	if (ret)
		return ret;
	if (marked || asked->has_challenge) {
		ret = set_mark(asked, &mark, &e->err);
		if (ret && asked->has_challenge)
			return ret;
		if (ret)
			fprintf(stderr, "tongbuctl: the bundle will not end in a mark: %s\n",
				e->err.text);
		marked = !ret;
	}
	ret = tb_rpc_call(e->rpc, "GetChains", NULL, &reply, &e->err);
	if (ret)
		return ret;
	e->chains = json_incref(json_object_get(reply, "chains"));
	json_decref(reply);
	ret = choose_parts(e, asked, marked ? &mark : NULL);
	if (!ret)
		ret = write_bundle(e, path);
	if (!ret && e->archived)
		fprintf(stderr,
			"tongbuctl: %zu archived chains are not in it: each has a bundle of its own, see tongbuctl chain list\n",
			e->archived);
	return ret;
}

static int bundle_export(const char *path, struct asked *asked)
{
	struct export e = { 0 };
	char created[TB_TIME_SIZE];
	int status;

	if (ctl_connect(&e.rpc, &e.err))
		return ctl_failed(&e.err);
	if (export_over(&e, path, asked))
		status = ctl_failed(&e.err);
	else
		status = bundle_report(path, e.parts, e.count, e.station,
				       tb_time_format(e.created, created));
	tb_bundle_writer_free(e.writer);
	json_decref(e.status);
	json_decref(e.chains);
	free(e.parts);
	free(e.there.list);
	tb_rpc_close(e.rpc);
	return status;
}

static int take_option(struct asked *asked, int option)
{
	switch (option) {
	case OPT_CHAIN:
		asked->has_chain = true;
		if (tb_hex_decode(optarg, asked->chain, TONGBU_CHAIN_LEN))
			return ctl_bad("--chain %s: an id has 32 hexadecimal digits: see tongbuctl chain list",
				       optarg);
		return 0;
	case OPT_FROM:
		asked->has_from = true;
		if (!ctl_number(optarg, INT64_MAX, &asked->from))
			return ctl_bad("--from %s: it must be a number", optarg);
		return 0;
	case OPT_TO:
		asked->has_to = true;
		if (!ctl_number(optarg, INT64_MAX, &asked->to))
			return ctl_bad("--to %s: it must be a number", optarg);
		return 0;
	case OPT_CHALLENGE:
		asked->has_challenge = true;
		if (tb_hex_decode_upto(optarg, asked->mark, sizeof(asked->mark),
				       &asked->mark_len) ||
		    !asked->mark_len)
			return ctl_bad("--challenge %s: hexadecimal digits are wanted", optarg);
		return 0;
	default:
		return CTL_FAILED;
	}
}

/**
 * cmd_bundle_export() - tongbuctl bundle export
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_bundle_export(int argc, char **argv)
{
	struct asked asked = { 0 };
	int option, status = 0;

	while (!status && (option = ctl_option(argc, argv)) != -1)
		status = take_option(&asked, option);
	if (status)
		return status;
	/* What the challenge makes is sealed now: it is behind any record there is. */
	if (asked.has_challenge && asked.has_to)
		return ctl_bad("--challenge and --to: a bundle ends in its challenge: leave --to out");
	if (optind + 1 != argc)
		return ctl_bad("bundle export FILE: see tongbuctl bundle --help");
	return bundle_export(argv[optind], &asked);
}

/**
 * cmd_bundle_show() - tongbuctl bundle show
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_bundle_show(int argc, char **argv)
{
	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	if (optind + 1 != argc)
		return ctl_bad("bundle show FILE: see tongbuctl bundle --help");
	ctl_pager();
	return bundle_show(argv[optind]);
}
