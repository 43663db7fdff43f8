// SPDX-License-Identifier: GPL-2.0-only
/* Verify a bundle: at the supervisor's, with neither module nor daemon. */
#include "verify_cmd.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle.h"
#include "hex.h"
#include "proof_cmd.h"
#include "term.h"
#include "timefmt.h"
#include "verify.h"
#include "verify_page.h"

#define RECEIPTS_MAX	 100000
#define RECEIPT_LINE_MAX 4096

/**
 * tb_command_bad() - say what is wrong with what was asked
 * @fmt: the words, as for printf()
 *
 * Return: %TB_EXIT_FAILED.
 */
int tb_command_bad(const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	/* It may quote somebody's text. */
	fprintf(stderr, "%s: ", program_invocation_short_name);
	if (len >= 0)
		tb_text_put((const uint8_t *)text, (size_t)len, stderr);
	fputc('\n', stderr);
	free(text);
	return TB_EXIT_FAILED;
}

/**
 * tb_command_print() - answer in JSON, one line
 * @json: the answer; taken over; NULL stands for no memory
 *
 * Return: the exit status.
 */
int tb_command_print(json_t *json)
{
	int ret;

	if (!json)
		return tb_command_bad("out of memory");
	ret = json_dumpf(json, stdout, JSON_COMPACT);
	json_decref(json);
	putchar('\n');
	return ret ? tb_command_bad("the answer could not be written") : TB_EXIT_OK;
}

const struct tb_option tb_verify_options[] = {
	{ TB_OPT_KEY, 'k', "key", "FILE", "the supervisor's private key" },
	{ TB_OPT_PASSPHRASE_FILE, 0, "passphrase-file", "FILE",
	  "its first line is the passphrase of the key; without this option it is asked for" },
	{ TB_OPT_NO_KEY, 0, "no-key", NULL,
	  "check the structure alone: that finds damage, but no forgery" },
	{ TB_OPT_RECEIPT, 0, "receipt", "FILE",
	  "receipts, one a line: the bundle must agree with them; may be given more than once" },
	{ TB_OPT_CHECKPOINT, 0, "checkpoint", "FILE",
	  "a checkpoint kept elsewhere, or a receipt with one: the bundle must be of that log; may be given more than once" },
	{ TB_OPT_POLICY, 0, "policy", "FILE",
	  "the log's public key, or a policy that says whose signatures count" },
	{ TB_OPT_CHALLENGE, 0, "challenge", "HEX", "bytes that the last record must hold" },
	{ TB_OPT_PAGE, 0, "page", "FILE",
	  "write the answer as a page too, to be filed: HTML with a picture of the chains over time" },
	{ TB_OPT_REACH, 0, "reach", "N",
	  "most records that may be missing before one that is there (67108864, which takes half a minute)" },
	{ 0 },
};

/**
 * struct asked - what was asked for
 * @key: --key
 * @passphrase_file: --passphrase-file
 * @no_key: --no-key
 * @reach: --reach, or 0
 * @receipts: of all --receipt
 * @receipt_count: how many
 * @held: of all --checkpoint
 * @held_count: how many
 * @policy: --policy, or NULL
 * @page: --page, or NULL
 * @challenge: --challenge
 * @challenge_len: its bytes
 * @has_challenge: it was given
 * @json: answer for programs
 */
struct asked {
	const char *key;
	const char *passphrase_file;
	bool no_key;
	uint64_t reach;
	struct tb_receipt *receipts;
	size_t receipt_count;
	struct tb_held *held;
	size_t held_count;
	struct tb_policy *policy;
	const char *page;
	uint8_t challenge[TONGBU_ACT_MAX];
	size_t challenge_len;
	bool has_challenge;
	bool json;
};

static int take_receipt(struct asked *asked, const char *path, const char *line)
{
	struct tb_receipt *more;
	struct tb_error err;

	if (asked->receipt_count == RECEIPTS_MAX)
		return tb_command_bad("receipt %s: it has more than %d receipts: give fewer at once",
				      path, RECEIPTS_MAX);
	more = reallocarray(asked->receipts, asked->receipt_count + 1, sizeof(*more));
	if (!more)
		return tb_command_bad("out of memory");
	asked->receipts = more;
	if (tb_receipt_parse(line, &more[asked->receipt_count], &err))
		return tb_command_bad("receipt %s: %s", path, err.text);
	asked->receipt_count++;
	return 0;
}

static int take_receipts(struct asked *asked, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t before = asked->receipt_count, end;
	char line[RECEIPT_LINE_MAX];
	int status = 0;

	if (!file)
		return tb_command_bad("receipt %s: %s", path, strerror(errno));
	while (!status && fgets(line, sizeof(line), file)) {
		end = strcspn(line, "\n");
		if (!line[end] && !feof(file))
			status =
				tb_command_bad("receipt %s: a line is longer than %d bytes: it is no receipt",
					       path, RECEIPT_LINE_MAX - 1);
		line[end] = '\0';
		if (*line && !status)
			status = take_receipt(asked, path, line);
	}
	if (!status && ferror(file))
		status = tb_command_bad("receipt %s: %s", path, strerror(errno));
	fclose(file);
	if (!status && asked->receipt_count == before)
		status = tb_command_bad("receipt %s is empty", path);
	return status;
}

static int take_reach(struct asked *asked, const char *text)
{
	char *end;

	errno = 0;
	asked->reach = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || !asked->reach)
		return tb_command_bad("--reach %s: it must be a number of records", text);
	return 0;
}

static int take_policy(struct asked *asked, const char *path)
{
	struct tb_error err;

	if (asked->policy)
		return tb_command_bad("--policy is given twice: a policy may name many");
	return tb_policy_load(path, &asked->policy, &err) ? tb_command_bad("%s", err.text) : 0;
}

static int take_option(struct asked *asked, int option)
{
	switch (option) {
	case TB_OPT_KEY:
		asked->key = optarg;
		return 0;
	case TB_OPT_PASSPHRASE_FILE:
		asked->passphrase_file = optarg;
		return 0;
	case TB_OPT_NO_KEY:
		asked->no_key = true;
		return 0;
	case TB_OPT_REACH:
		return take_reach(asked, optarg);
	case TB_OPT_RECEIPT:
		return take_receipts(asked, optarg);
	case TB_OPT_CHECKPOINT:
		return tb_held_add(&asked->held, &asked->held_count, optarg);
	case TB_OPT_POLICY:
		return take_policy(asked, optarg);
	case TB_OPT_PAGE:
		asked->page = optarg;
		return 0;
	case TB_OPT_CHALLENGE:
		if (tb_hex_decode_upto(optarg, asked->challenge, sizeof(asked->challenge),
				       &asked->challenge_len) ||
		    !asked->challenge_len)
			return tb_command_bad("--challenge %s: hexadecimal digits are wanted",
					      optarg);
		asked->has_challenge = true;
		return 0;
	default:
		return TB_EXIT_FAILED;
	}
}

static void show_progress(const char *what, uint64_t done, uint64_t total, void *userdata)
{
	bool *shown = userdata;

	fprintf(stderr, "\r%s: %3u %%\033[K", what,
		total ? (unsigned int)((double)done * 100 / (double)total) : 100);
	*shown = true;
}

/* The last that agrees: up to there nobody can take anything back unseen. */
static void report_held(const struct asked *asked)
{
	const struct tb_held *held = NULL;
	char time[TB_TIME_SIZE];
	size_t i;

	for (i = 0; i < asked->held_count; i++)
		if (asked->held[i].agrees)
			held = &asked->held[i];
	if (!held)
		return;
	printf("held elsewhere up to record %" PRIu64
	       " of the last chain by then, of %s: entry %" PRIu64 " of the log %s\n",
	       held->last.seq, tb_time_format(held->last.realtime, time), held->checkpoint.size - 1,
	       held->checkpoint.origin);
	tb_held_text(held, stdout);
}

static json_t *report_json(const struct tb_verify_result *result, const struct asked *asked)
{
	json_t *json = tb_verify_json(result), *list = json_array(), *one;
	size_t i;

	for (i = 0; i < asked->held_count; i++) {
		one = tb_held_json(&asked->held[i]);
		json_object_set_new(one, "agrees", json_boolean(asked->held[i].agrees));
		if (asked->held[i].agrees)
			json_object_set_new(one, "last", tb_receipt_json(&asked->held[i].last));
		json_array_append_new(list, one);
	}
	if (json && !tb_verify_each_json(result, asked->held, json) &&
	    !json_object_set(json, "held", list)) {
		json_decref(list);
		return json;
	}
	json_decref(json);
	json_decref(list);
	return NULL;
}

static int report(const struct tb_verify_result *result, const struct asked *asked)
{
	int status = result->ok ? TB_EXIT_OK : TB_EXIT_NO;

	if (asked->json)
		return tb_command_print(report_json(result, asked)) ?: status;
	if (tb_colour())
		fputs(status ? "\033[31m" : "\033[32m", stdout);
	tb_verify_text(result, stdout);
	if (result->walked)
		tb_verify_each_text(result, asked->held, stdout);
	report_held(asked);
	if (tb_colour())
		fputs("\033[0m", stdout);
	if (status && result->verdict == TB_VERIFIED)
		puts("NOT verified: give --key FILE; or --no-key, if numbers and links will do");
	return status;
}

static int verify(const char *path, const struct asked *asked, const struct tb_key *key)
{
	bool shown = false;
	struct tb_verify_options options = {
		.key = key,
		.no_key = asked->no_key,
		.range_reach = asked->reach,
		.receipts = asked->receipts,
		.receipt_count = asked->receipt_count,
		.held = asked->held,
		.held_count = asked->held_count,
		.challenge = asked->has_challenge ? asked->challenge : NULL,
		.challenge_len = asked->challenge_len,
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL,
		.userdata = &shown,
	};
	struct tb_verify_result result;
	struct tb_verify_page page = {
		.path = path,
		.result = &result,
		.key = key,
		.policy = asked->policy,
		.held = asked->held,
		.held_count = asked->held_count,
	};
	struct tb_bundle *bundle;
	struct tb_error err;
	int ret, status;

	if (tb_bundle_open(path, &bundle, &err))
		return tb_command_bad("%s", err.text);
	ret = tb_verify(bundle, &options, &result, &err);
	if (shown)
		fputs("\r\033[K", stderr);
	status = ret ? tb_command_bad("%s", err.text) : report(&result, asked);
	page.bundle = bundle;
	if (!ret && asked->page && tb_verify_page_write(&page, asked->page, &err))
		status = tb_command_bad("%s", err.text);
	if (!ret)
		tb_verify_clear(&result);
	tb_bundle_close(bundle);
	return status;
}

static int verify_with_key(const char *path, const struct asked *asked)
{
	struct tb_error err;
	struct tb_key key;
	int status;

	status = tb_held_judge(asked->held, asked->held_count, asked->policy);
	if (status)
		return status;
	if (tb_is_proof_file(path) && !asked->key && !asked->no_key && asked->page)
		return tb_command_bad("--page is for bundles, and %s is a proof", path);
	if (tb_is_proof_file(path) && !asked->key && !asked->no_key)
		return tb_proof_command(path, asked->policy, asked->held, asked->held_count,
					asked->json);
	if (asked->key && asked->no_key)
		return tb_command_bad("--key and --no-key: give one of them");
	if (!asked->key)
		return verify(path, asked, NULL);
	if (tb_key_load_private(asked->key, asked->passphrase_file, &key, &err))
		return tb_command_bad("%s", err.text);
	status = verify(path, asked, &key);
	tb_key_wipe(&key);
	return status;
}

/**
 * tb_verify_command() - verify a bundle, as asked on a command line
 * @command: what the program says
 * @argc: number of arguments
 * @argv: the arguments, the command's name first
 *
 * Return: exit status: 0 verified, 1 not, 2 could not.
 */
int tb_verify_command(const struct tb_command *command, int argc, char **argv)
{
	struct asked asked = { 0 };
	int option, status = 0;

	while (!status && (option = command->next(argc, argv)) != -1)
		status = take_option(&asked, option);
	asked.json = *command->json;
	if (!status && optind + 1 != argc)
		status = tb_command_bad("which bundle? give one FILE: see --help");
	if (!status)
		status = verify_with_key(argv[optind], &asked);
	free(asked.receipts);
	tb_held_free(asked.held, asked.held_count);
	tb_policy_free(asked.policy);
	return status;
}
