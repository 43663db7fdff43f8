// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl verify: at the supervisor's, with neither module nor daemon. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle.h"
#include "ctl.h"
#include "hex.h"
#include "verify.h"

/**
 * struct asked - what was asked for
 * @key: --key
 * @receipts: of all --receipt
 * @receipt_count: how many
 * @challenge: --challenge
 * @challenge_len: its bytes
 * @has_challenge: it was given
 */
struct asked {
	const char *key;
	struct tb_receipt *receipts;
	size_t receipt_count;
	uint8_t challenge[TONGBU_ACT_MAX];
	size_t challenge_len;
	bool has_challenge;
};

static int take_receipt(struct asked *asked, const char *path, const char *line)
{
	struct tb_receipt *more;
	struct tb_error err;

	more = reallocarray(asked->receipts, asked->receipt_count + 1, sizeof(*more));
	if (!more)
		return ctl_bad("out of memory");
	asked->receipts = more;
	if (tb_receipt_parse(line, &more[asked->receipt_count], &err))
		return ctl_bad("receipt %s: %s", path, err.text);
	asked->receipt_count++;
	return 0;
}

static int take_receipts(struct asked *asked, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t room = 0, before = asked->receipt_count;
	char *line = NULL;
	int status = 0;

	if (!file)
		return ctl_bad("receipt %s: %s", path, strerror(errno));
	while (!status && getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			status = take_receipt(asked, path, line);
	}
	free(line);
	fclose(file);
	if (!status && asked->receipt_count == before)
		status = ctl_bad("receipt %s is empty", path);
	return status;
}

static int take_option(struct asked *asked, int option)
{
	switch (option) {
	case 'k':
		asked->key = optarg;
		return 0;
	case 'r':
		return take_receipts(asked, optarg);
	case 'c':
		if (tb_hex_decode_upto(optarg, asked->challenge, sizeof(asked->challenge),
				       &asked->challenge_len) ||
		    !asked->challenge_len)
			return ctl_bad("--challenge %s: hexadecimal digits are wanted", optarg);
		asked->has_challenge = true;
		return 0;
	default:
		return CTL_FAILED;
	}
}

static void show_progress(size_t done, size_t total, void *userdata)
{
	(void)userdata;
	fprintf(stderr, "\rverifying: %3zu %%", total ? done * 100 / total : 100);
	if (done == total)
		fputs("\r\033[K", stderr);
}

static int report(const struct tb_verify_result *result)
{
	int status = result->verdict == TB_VERIFIED ? CTL_OK : CTL_NO;

	if (ctl.json)
		return ctl_print(tb_verify_json(result)) ?: status;
	if (ctl_colour())
		fputs(status ? "\033[31m" : "\033[32m", stdout);
	tb_verify_text(result, stdout);
	if (ctl_colour())
		fputs("\033[0m", stdout);
	return status;
}

static int verify(const char *path, const struct asked *asked, const struct tb_key *key)
{
	struct tb_verify_options options = {
		.key = key,
		.receipts = asked->receipts,
		.receipt_count = asked->receipt_count,
		.challenge = asked->has_challenge ? asked->challenge : NULL,
		.challenge_len = asked->challenge_len,
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL,
	};
	struct tb_verify_result result;
	struct tb_bundle *bundle;
	struct tb_error err;
	int ret;

	if (tb_bundle_open(path, &bundle, &err))
		return ctl_bad("%s", err.text);
	ret = tb_verify(bundle, &options, &result, &err);
	tb_bundle_close(bundle);
	if (options.progress && result.records >= 65536)
		fputs("\r\033[K", stderr);
	return ret ? ctl_bad("%s", err.text) : report(&result);
}

static int verify_with_key(const char *path, const struct asked *asked)
{
	struct tb_error err;
	struct tb_key key;
	int status;

	if (!asked->key)
		return verify(path, asked, NULL);
	if (tb_key_load_private(asked->key, &key, &err))
		return ctl_bad("%s", err.text);
	status = verify(path, asked, &key);
	tb_key_wipe(&key);
	return status;
}

/**
 * cmd_verify() - tongbuctl verify
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status: 0 verified, 1 not, 2 could not.
 */
int cmd_verify(int argc, char **argv)
{
	static const struct option options[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "receipt", required_argument, NULL, 'r' },
		{ "challenge", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	struct asked asked = { 0 };
	int option, status = 0;

	while (!status && (option = ctl_option(argc, argv, "k:", options)) != -1)
		status = take_option(&asked, option);
	if (!status && optind + 1 != argc)
		status = ctl_bad("which bundle? verify FILE: see tongbuctl verify --help");
	if (!status)
		status = verify_with_key(argv[optind], &asked);
	free(asked.receipts);
	return status;
}
