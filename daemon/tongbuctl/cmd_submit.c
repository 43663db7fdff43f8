// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl submit: from the person to the kernel, with nobody between. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "hex.h"
#include "submit.h"
#include "timefmt.h"

#define WAIT_STEP_NS 20000000L
#define WAIT_STEPS   1500

/**
 * struct act - what is to be submitted
 * @format: enum tongbu_act_format
 * @data: it; the caller's to free
 * @len: its bytes
 */
struct act {
	unsigned int format;
	uint8_t *data;
	size_t len;
};

/**
 * submit_wait() - wait until a record is durable in the ledger
 * @kernel: the socket
 * @receipt: the record's
 * @err: told why it is not
 *
 * Return: 0; -ETIMEDOUT if it is not after half a minute; or another negative
 * errno.
 */
int submit_wait(struct tb_kernel *kernel, const struct tb_receipt *receipt, struct tb_error *err)
{
	struct timespec step = { .tv_nsec = WAIT_STEP_NS };
	struct tb_kernel_info info;
	int i, ret;

	for (i = 0; i < WAIT_STEPS; i++) {
		ret = tb_kernel_info(kernel, &info, err);
		if (ret)
			return ret;
		/* What the daemon has acknowledged is on the disk. */
		if (memcmp(info.chain, receipt->chain, TONGBU_CHAIN_LEN))
			return tb_error_set(err, -ESTALE,
					    "the chain ended while waiting: look for record %" PRIu64
					    " with tongbuctl log",
					    receipt->seq);
		if (info.acked > receipt->seq)
			return 0;
		nanosleep(&step, NULL);
	}
	return tb_error_set(err, -ETIMEDOUT,
			    "record %" PRIu64
			    " is sealed, but not yet durable: does tongbud run? see tongbuctl doctor",
			    receipt->seq);
}

static int read_file(const char *path, struct act *act)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	/* More than fits a record: then the kernel says how much too long it is. */
	size_t room = UINT16_MAX;
	bool bad;

	if (!file)
		return ctl_bad("%s: %s", path, strerror(errno));
	act->data = malloc(room);
	act->len = act->data ? fread(act->data, 1, room, file) : 0;
	bad = !act->data || ferror(file);
	if (file != stdin)
		fclose(file);
	/* Half of what was to be said is something else. */
	if (bad)
		return ctl_bad("%s cannot be read", path);
	/* A last line's end is no part of what is said. */
	if (act->len && act->data[act->len - 1] == '\n')
		act->len--;
	return 0;
}

static int set_json(const char *text, struct act *act)
{
	json_error_t why;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);

	if (!json)
		return ctl_bad("--json-data: %s at column %d", why.text, why.column);
	if (!json_is_object(json)) {
		json_decref(json);
		return ctl_bad("--json-data: one JSON object is wanted, in braces");
	}
	act->format = TONGBU_ACT_JSON;
	act->data = (uint8_t *)json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!act->data)
		return ctl_bad("out of memory");
	act->len = strlen((char *)act->data);
	return 0;
}

static int set_text(const char *text, struct act *act)
{
	act->format = TONGBU_ACT_TEXT;
	act->data = (uint8_t *)strdup(text);
	act->len = strlen(text);
	return act->data ? 0 : ctl_bad("out of memory");
}

static int set_mark(const char *text, struct act *act)
{
	act->format = TONGBU_ACT_MARK;
	act->data = malloc(TONGBU_ACT_MAX);
	if (!act->data)
		return ctl_bad("out of memory");
	if (tb_hex_decode_upto(text, act->data, TONGBU_ACT_MAX, &act->len))
		return ctl_bad("--mark: hexadecimal digits are wanted, for at most %d bytes",
			       TONGBU_ACT_MAX);
	return 0;
}

static int show_receipt(const struct tb_receipt *receipt)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], tag[TB_HEX_SIZE(TONGBU_TAG_LEN)];
	char time[TB_TIME_SIZE];

	if (ctl.json)
		return ctl_print(tb_receipt_json(receipt));
	ctl_zone();
	printf("record %" PRIu64 " of chain %s at %s\ntag %s\n", receipt->seq,
	       tb_hex_encode(chain, receipt->chain, TONGBU_CHAIN_LEN),
	       tb_time_text(receipt->realtime, time),
	       tb_hex_encode(tag, receipt->tag, TONGBU_TAG_LEN));
	return CTL_OK;
}

static int save_receipt(FILE *file, const struct tb_receipt *receipt)
{
	json_t *json = tb_receipt_json(receipt);
	int bad;

	bad = !json || json_dumpf(json, file, JSON_COMPACT) || fputc('\n', file) == EOF ||
	      fflush(file) || fsync(fileno(file));
	json_decref(json);
	return bad ? ctl_bad("the receipt could not be written; it is: record %" PRIu64,
			     receipt->seq) :
		     0;
}

static int submit(const struct act *act, bool wait, FILE *receipt_file)
{
	struct tb_receipt receipt;
	struct tb_kernel *kernel;
	struct tb_error err;
	int status = CTL_OK;

	if (tb_kernel_open(&kernel, &err)) {
		ctl_bad("%s", err.text);
		return err.code == -ENOENT ? CTL_NO_MODULE : CTL_FAILED;
	}
	if (tb_kernel_submit(kernel, act->format, act->data, act->len, &receipt, &err)) {
		status = ctl_refused(&err);
	} else {
		status = show_receipt(&receipt);
		if (receipt_file && save_receipt(receipt_file, &receipt))
			status = CTL_FAILED;
		if (wait && submit_wait(kernel, &receipt, &err))
			status = ctl_failed(&err);
	}
	tb_kernel_close(kernel);
	return status;
}

/* Made before anything is submitted: then nothing is without its receipt. */
static int submit_with_receipt(const struct act *act, bool wait, const char *path)
{
	FILE *file;
	int status;

	if (!path)
		return submit(act, wait, NULL);
	file = fopen(path, "wxe");
	if (!file)
		return ctl_bad("receipt %s: %s", path, strerror(errno));
	status = submit(act, wait, file);
	/* Nothing was written if it was refused. */
	if (!ftell(file))
		unlink(path);
	fclose(file);
	return status;
}

/**
 * struct asked - what was asked for
 * @act: what to submit
 * @given: something to submit was given
 * @wait: --wait
 * @receipt: --receipt
 */
struct asked {
	struct act act;
	bool given;
	bool wait;
	const char *receipt;
};

static int take_option(struct asked *asked, int option)
{
	if (option == OPT_WAIT) {
		asked->wait = true;
		return 0;
	}
	if (option == OPT_RECEIPT) {
		asked->receipt = optarg;
		return 0;
	}
	if (option == '?')
		return CTL_FAILED;
	if (asked->given)
		return ctl_bad("one thing at a time: TEXT, --json-data, --file or --mark");
	asked->given = true;
	switch (option) {
	case OPT_JSON_DATA:
		return set_json(optarg, &asked->act);
	case OPT_FILE:
		return read_file(optarg, &asked->act);
	default:
		return set_mark(optarg, &asked->act);
	}
}

/**
 * cmd_submit() - tongbuctl submit
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_submit(int argc, char **argv)
{
	struct asked asked = { 0 };
	int option, status = 0;

	while (!status && (option = ctl_option(argc, argv)) != -1)
		status = take_option(&asked, option);
	if (!status && optind + !asked.given != argc)
		status =
			ctl_bad("one TEXT (in quotes), --json-data, --file or --mark: see tongbuctl submit --help");
	if (!status && !asked.given)
		status = set_text(argv[optind], &asked.act);
	if (!status)
		status = submit_with_receipt(&asked.act, asked.wait, asked.receipt);
	free(asked.act.data);
	return status;
}
