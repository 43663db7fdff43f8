// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is signed of the station's log, and proofs: to be kept elsewhere, where nobody at
 * the station can change them. Those who keep them need no more than the log's public key.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "hex.h"
#include "json.h"
#include "outfile.h"
#include "tlog_proof.h"

/* A receipt fits into a QR code with room to spare. */
#define RECEIPT_MAX 2048

/**
 * struct asked - what was asked for
 * @chain: --chain, or NULL
 * @out: --out, or NULL
 * @vkey: --vkey
 * @number: the argument
 */
struct asked {
	const char *chain;
	const char *out;
	bool vkey;
	uint64_t number;
};

static int take_options(int argc, char **argv, struct asked *asked, const char *what)
{
	uint8_t id[TONGBU_CHAIN_LEN];
	int option;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option == OPT_CHAIN)
			asked->chain = optarg;
		else if (option == TB_OPT_OUT)
			asked->out = optarg;
		else if (option == OPT_VKEY)
			asked->vkey = true;
		else
			return CTL_FAILED;
	}
	if (asked->chain && tb_hex_decode(asked->chain, id, sizeof(id)))
		return ctl_bad("--chain %s: an id of a chain has %d hexadecimal digits",
			       asked->chain, 2 * TONGBU_CHAIN_LEN);
	if (!what)
		return optind < argc ?
			       ctl_bad("%s: there is no argument here: see --help", argv[optind]) :
			       0;
	if (optind + 1 != argc || !ctl_number(argv[optind], INT64_MAX, &asked->number))
		return ctl_bad("give one %s, a number: see --help", what);
	return 0;
}

/**
 * ctl_ask() - ask the station something
 * @method: what
 * @parameters: of what, or NULL; taken over
 * @reply: set to the answer, the caller's
 *
 * Return: 0 or the exit status.
 */
int ctl_ask(const char *method, json_t *parameters, json_t **reply)
{
	struct tb_error err;
	struct tb_rpc *rpc;
	int ret = ctl_connect(&rpc, &err);

	if (ret) {
		json_decref(parameters);
		return ctl_failed(&err);
	}
	ret = tb_rpc_call(rpc, method, parameters, reply, &err);
	tb_rpc_close(rpc);
	return ret ? ctl_failed(&err) : 0;
}

/**
 * ctl_put() - write a text to standard output, or to a file, whole or not at all
 * @text: the text
 * @path: the file, or NULL
 *
 * Return: exit status.
 */
int ctl_put(const char *text, const char *path)
{
	struct tb_outfile out;
	struct tb_error err;
	int ret;

	if (!path) {
		fputs(text, stdout);
		return CTL_OK;
	}
	ret = tb_outfile_open(&out, path, &err);
	if (!ret) {
		fputs(text, out.file);
		ret = tb_outfile_commit(&out, &err);
	}
	tb_outfile_close(&out);
	return ret ? ctl_failed(&err) : CTL_OK;
}

static int put_checkpoint(const struct asked *asked, const char *note, const char *key)
{
	char root[TB_HEX_SIZE(TB_HASH_LEN)], *line;
	struct tb_checkpoint checkpoint;
	struct tb_error err;
	int status;

	if (asked->vkey) {
		if (asprintf(&line, "%s\n", key) < 0)
			return ctl_bad("out of memory");
		status = ctl_put(line, asked->out);
		free(line);
		return status;
	}
	if (asked->out || !ctl.json)
		return ctl_put(note, asked->out);
	if (tb_checkpoint_parse(note, &checkpoint, &err))
		return ctl_failed(&err);
	tb_hex_encode(root, checkpoint.root, TB_HASH_LEN);
	status = ctl_print(json_pack("{s:s, s:o, s:s, s:s, s:s}", "origin", checkpoint.origin,
				     "size", tb_json_u64(checkpoint.size), "root", root, "key", key,
				     "checkpoint", note));
	tb_checkpoint_clear(&checkpoint);
	return status;
}

/**
 * cmd_checkpoint() - tongbuctl checkpoint
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_checkpoint(int argc, char **argv)
{
	struct asked asked = { 0 };
	const char *note, *key;
	json_t *reply;
	int status = take_options(argc, argv, &asked, NULL) ?:
							      ctl_ask("GetCheckpoint", NULL, &reply);

	if (status)
		return status;
	if (json_unpack(reply, "{s:s, s:s}", "checkpoint", &note, "key", &key))
		status = ctl_unread("tongbud");
	else
		status = put_checkpoint(&asked, note, key);
	json_decref(reply);
	return status;
}

static int put_proof(const struct asked *asked, const struct tb_tlog_proof *proof)
{
	char *text = tb_tlog_proof_text(proof);
	int status;

	if (!text)
		return ctl_bad("out of memory");
	if (!asked->out && ctl.json)
		status =
			ctl_print(json_pack("{s:o, s:o, s:b, s:s}", proof->is_old ? "old" : "entry",
					    tb_json_u64(proof->number), "size",
					    tb_json_u64(proof->checkpoint.size), "has_record",
					    proof->extra != NULL, "proof", text));
	else
		status = ctl_put(text, asked->out);
	free(text);
	return status;
}

/**
 * ctl_ask_proof() - ask the station for a proof
 * @method: which
 * @parameters: of what; taken over
 * @proof: filled in, to be cleared by the caller
 *
 * Return: 0 or the exit status.
 */
int ctl_ask_proof(const char *method, json_t *parameters, struct tb_tlog_proof *proof)
{
	struct tb_error err;
	const char *text;
	json_t *reply;
	int status = ctl_ask(method, parameters, &reply);

	if (status)
		return status;
	text = json_string_value(json_object_get(reply, "proof"));
	if (!text)
		status = ctl_unread("tongbud");
	else if (tb_tlog_proof_parse(text, proof, &err))
		status = ctl_failed(&err);
	json_decref(reply);
	return status;
}

static json_t *which(const struct asked *asked)
{
	return json_pack("{s:o, s:s*}", "seq", tb_json_u64(asked->number), "chain", asked->chain);
}

/**
 * proof_inclusion() - tongbuctl proof inclusion
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int proof_inclusion(int argc, char **argv)
{
	struct tb_tlog_proof proof = { 0 };
	struct asked asked = { 0 };
	int status = take_options(argc, argv, &asked, "SEQ") ?:
			     ctl_ask_proof("ProveRecord", which(&asked), &proof);

	if (!status)
		status = put_proof(&asked, &proof);
	tb_tlog_proof_clear(&proof);
	return status;
}

/**
 * proof_consistency() - tongbuctl proof consistency
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int proof_consistency(int argc, char **argv)
{
	struct tb_tlog_proof proof = { 0 };
	struct asked asked = { 0 };
	int status = take_options(argc, argv, &asked, "OLD");

	if (!status)
		status = ctl_ask_proof("ProveGrowth",
				       json_pack("{s:o}", "old", tb_json_u64(asked.number)),
				       &proof);
	if (!status)
		status = put_proof(&asked, &proof);
	tb_tlog_proof_clear(&proof);
	return status;
}

/**
 * struct found - a record that was asked for
 * @bytes: the record, or NULL
 * @len: its bytes
 * @withheld: it is there, but somebody else's
 */
struct found {
	uint8_t *bytes;
	size_t len;
	bool withheld;
};

static int take_record(const json_t *parameters, void *userdata)
{
	const char *text = json_string_value(json_object_get(parameters, "records"));
	struct found *found = userdata;

	if (json_integer_value(json_object_get(parameters, "withheld")))
		found->withheld = true;
	return text && *text && !found->bytes ? tb_base64_decode(text, &found->bytes, &found->len) :
						0;
}

/**
 * ctl_ask_record() - have a record of the station's
 * @chain: id of its chain, or NULL for the last one
 * @seq: its number there
 * @bytes: set to the record, the caller's
 * @len: set to its bytes
 *
 * Return: 0 or the exit status.
 */
int ctl_ask_record(const char *chain, uint64_t seq, uint8_t **bytes, size_t *len)
{
	struct found found = { 0 };
	struct tb_error err;
	struct tb_rpc *rpc;
	json_t *parameters;
	int ret = ctl_connect(&rpc, &err);

	if (ret)
		return ctl_failed(&err);
	parameters = json_pack("{s:o, s:o, s:s*}", "from", tb_json_u64(seq), "to", tb_json_u64(seq),
			       "chain", chain);
	ret = tb_rpc_call_more(rpc, "Read", parameters, take_record, &found, &err);
	tb_rpc_close(rpc);
	if (ret)
		return ctl_failed(&err);
	*bytes = found.bytes;
	*len = found.len;
	if (found.bytes)
		return 0;
	if (found.withheld)
		return ctl_bad("record %" PRIu64
			       " is somebody else's: it is for whoever submitted it, and for roles that see all records",
			       seq);
	return ctl_bad("there is no record %" PRIu64 ": see tongbuctl log", seq);
}

/* The record comes with it, if that leaves it small enough. */
static int put_receipt(const struct asked *asked, struct tb_tlog_proof *proof)
{
	char *text = tb_tlog_proof_text(proof);

	if (text && strlen(text) > RECEIPT_MAX) {
		free(proof->extra);
		proof->extra = NULL;
	}
	free(text);
	return put_proof(asked, proof);
}

/**
 * cmd_receipt() - tongbuctl receipt
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_receipt(int argc, char **argv)
{
	struct tb_tlog_proof proof = { 0 };
	struct asked asked = { 0 };
	uint8_t *bytes = NULL;
	size_t len = 0;
	int status = take_options(argc, argv, &asked, "SEQ") ?:
			     ctl_ask_record(asked.chain, asked.number, &bytes, &len);

	status = status ?: ctl_ask_proof("ProveRecord", which(&asked), &proof);
	if (!status) {
		proof.extra = bytes;
		proof.extra_len = len;
		bytes = NULL;
		status = put_receipt(&asked, &proof);
	}
	tb_tlog_proof_clear(&proof);
	free(bytes);
	return status;
}
