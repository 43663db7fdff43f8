// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl log and chain: what is in the ledger. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl.h"
#include "filter.h"
#include "hex.h"
#include "kernel.h"
#include "key.h"
#include "show.h"
#include "timefmt.h"

/**
 * struct reading - records on their way to the reader's eyes
 * @names: what the sources are called
 * @status: exit status so far
 * @told: that records are withheld
 */
struct reading {
	struct tb_names *names;
	int status;
	bool told;
};

static int take_records(const json_t *parameters, void *userdata)
{
	const char *text = json_string_value(json_object_get(parameters, "records"));
	const char *id = json_string_value(json_object_get(parameters, "chain"));
	uint8_t *records, chain[TONGBU_CHAIN_LEN];
	struct reading *reading = userdata;
	size_t len;

	if (!text || (id && tb_hex_decode(id, chain, sizeof(chain))) ||
	    tb_base64_decode(text, &records, &len)) {
		reading->status = ctl_unread("tongbud");
		return 1;
	}
	if (json_integer_value(json_object_get(parameters, "withheld")) && !reading->told) {
		reading->told = true;
		fprintf(stderr,
			"tongbuctl: what others submitted is left out: to read it takes the role supervisor, auditor or admin, or root; tongbuctl matter show tells what was done in the matters you may see\n");
	}
	reading->status = show_records(chain, records, id ? len : 0, reading->names);
	free(records);
	/* Who looks on wants to see it now; who is gone needs no more. */
	if (!reading->status && fflush(stdout))
		reading->status = CTL_FAILED;
	return reading->status ? 1 : 0;
}

static int read_records(struct tb_rpc *rpc, json_t *query, struct tb_error *err)
{
	struct reading reading = { .names = tb_names_new() };
	int ret;

	if (!reading.names) {
		json_decref(query);
		return ctl_bad("out of memory");
	}
	ctl_zone();
	ret = ctl_names(rpc, reading.names, err);
	if (!ret) {
		show_measures(ctl_measures());
		ret = tb_rpc_call_more(rpc, "Read", query, take_records, &reading, err);
	} else {
		json_decref(query);
	}
	tb_names_free(reading.names);
	show_measures(NULL);
	return ret < 0 ? ctl_failed(err) : reading.status;
}

static int run_query(json_t *query)
{
	struct tb_rpc *rpc;
	struct tb_error err;
	int status;

	if (ctl_connect(&rpc, &err)) {
		json_decref(query);
		return ctl_failed(&err);
	}
	status = read_records(rpc, query, &err);
	tb_rpc_close(rpc);
	return status;
}

static int set_chain(json_t *query, const char *text)
{
	uint8_t id[TONGBU_CHAIN_LEN];

	if (tb_hex_decode(text, id, sizeof(id)))
		return ctl_bad("--chain %s: an id has 32 hexadecimal digits: see tongbuctl chain list",
			       text);
	json_object_set_new(query, "chain", json_string(text));
	return 0;
}

static int log_option(json_t *query, int option)
{
	switch (option) {
	case OPT_UNTIL:
		return filter_time(query, "until", optarg);
	case OPT_CHAIN:
		return set_chain(query, optarg);
	case OPT_FROM:
		return filter_number(query, "from", optarg);
	case OPT_TO:
		return filter_number(query, "to", optarg);
	case OPT_LIMIT:
		return filter_number(query, "limit", optarg);
	default:
		return filter_option(query, option);
	}
}

/* Where is now? At what will be durable next. */
static int begin_now(json_t *query)
{
	json_t *reply;
	json_int_t next;
	struct tb_rpc *rpc;
	struct tb_error err;
	int ret;

	ret = ctl_connect(&rpc, &err);
	if (ret)
		return ctl_failed(&err);
	ret = tb_rpc_call(rpc, "GetStatus", NULL, &reply, &err);
	tb_rpc_close(rpc);
	if (ret)
		return ctl_failed(&err);
	ret = json_unpack(reply, "{s:{s:{s:I}}}", "status", "ledger", "next", &next) ?
		      ctl_unread("tongbud") :
		      0;
	if (!ret)
		json_object_set_new(query, "from", json_integer(next));
	json_decref(reply);
	return ret;
}

/**
 * cmd_log() - tongbuctl log
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status; with --follow it does not return while the daemon runs.
 */
int cmd_log(int argc, char **argv)
{
	json_t *query = json_object();
	bool follow = false;
	int option, status = 0;

	while (!status && (option = ctl_option(argc, argv)) != -1) {
		if (option == OPT_FOLLOW)
			follow = true;
		else
			status = log_option(query, option);
	}
	if (!status && optind < argc)
		status = ctl_bad("log takes no argument %s", argv[optind]);
	if (!status && follow && !json_object_get(query, "since") &&
	    !json_object_get(query, "limit") && !json_object_get(query, "from"))
		status = begin_now(query);
	if (status) {
		json_decref(query);
		return status;
	}
	if (follow)
		json_object_set_new(query, "follow", json_true());
	else
		ctl_pager();
	return run_query(query);
}

static int show_chain(const json_t *chain)
{
	char fingerprint[TB_FINGERPRINT_SIZE], before[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	char time[TB_TIME_SIZE];
	const char *id, *text, *archived = NULL;
	struct tongbu_genesis g;
	struct tb_record rec;
	json_int_t first, last;
	uint8_t *genesis;
	size_t len;
	int status;

	if (json_unpack((json_t *)chain, "{s:s, s:I, s:I, s:s, s?s}", "chain", &id, "first", &first,
			"last", &last, "genesis", &text, "archived", &archived) ||
	    tb_base64_decode(text, &genesis, &len))
		return ctl_unread("tongbud");
	status = tb_record_parse(genesis, len, NULL, &rec) ||
				 tb_record_payload(&rec, &g, sizeof(g)) ?
			 ctl_bad("record 0 of chain %s cannot be read", id) :
			 0;
	if (!status) {
		ctl_zone();
		tb_time_format(rec.realtime, time);
		tb_key_fingerprint(g.supervisor, fingerprint);
		tb_hex_encode(before, g.prev_chain, TONGBU_CHAIN_LEN);
	}
	free(genesis);
	if (status)
		return status;
	if (ctl.json)
		return ctl_print(json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:s?}", "chain", id,
					   "begun", time, "first", first, "last", last,
					   "supervisor", fingerprint, "before", before, "archived",
					   archived));
	tb_time_text(rec.realtime, time);
	printf("%s  begun %.19s%s  records %lld to %lld  supervisor %s%s%s\n", id, time, time + 29,
	       (long long)first, (long long)last, fingerprint, archived ? "  archived in " : "",
	       archived ?: "");
	return 0;
}

/* The module may go when END is acknowledged; tongbud, the reader, ends then. */
static int wait_for_end(struct tb_kernel *kernel, uint64_t seq, struct tb_error *err)
{
	const struct timespec step = { .tv_nsec = 50000000 };
	struct tb_kernel_info info;
	int i, ret;

	for (i = 0; i < 1200; i++) {
		ret = tb_kernel_info(kernel, &info, err);
		if (ret)
			return ret;
		if (info.acked > seq && !info.owner_pid)
			return 0;
		nanosleep(&step, NULL);
	}
	if (info.acked > seq)
		return tb_error_set(err, -ETIMEDOUT,
				    "the chain has ended, but %s (pid %u) still holds it: stop it",
				    info.owner_comm, info.owner_pid);
	return tb_error_set(err, -ETIMEDOUT,
			    "record %" PRIu64
			    ", the chain's END, is sealed, but nobody has made it durable: start tongbud, and try again",
			    seq);
}

static int end_chain(bool wait)
{
	struct tb_kernel *kernel;
	struct tb_error err;
	uint64_t seq = 0;
	int ret;

	ret = tb_kernel_open(&kernel, &err);
	if (ret)
		return ctl_failed(&err);
	ret = tb_kernel_chain_end(kernel, &seq, &err);
	if (!ret && wait)
		ret = wait_for_end(kernel, seq, &err);
	tb_kernel_close(kernel);
	if (ret)
		return ctl_failed(&err);
	if (ctl.json)
		return ctl_print(json_pack("{s:o}", "seq", tb_json_u64(seq)));
	printf("the chain has ended with record %" PRIu64 "%s\n", seq,
	       wait ? ", and the ledger has it" : "");
	return 0;
}

/**
 * chain_end() - tongbuctl chain end
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int chain_end(int argc, char **argv)
{
	bool wait = true;
	int option;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option != OPT_NO_WAIT)
			return CTL_FAILED;
		wait = false;
	}
	if (optind < argc)
		return ctl_bad("chain end takes no argument %s: it ends the chain that runs",
			       argv[optind]);
	return end_chain(wait);
}

/**
 * chain_list() - tongbuctl chain list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int chain_list(int argc, char **argv)
{
	int status = ctl_nothing(argc, argv);
	json_t *reply, *chain;
	struct tb_rpc *rpc;
	struct tb_error err;
	size_t i;

	if (status)
		return status;
	if (ctl_connect(&rpc, &err))
		return ctl_failed(&err);
	status = tb_rpc_call(rpc, "GetChains", NULL, &reply, &err);
	tb_rpc_close(rpc);
	if (status)
		return ctl_failed(&err);
	ctl_pager();
	json_array_foreach(json_object_get(reply, "chains"), i, chain) {
		status = show_chain(chain);
		if (status)
			break;
	}
	json_decref(reply);
	return status;
}
