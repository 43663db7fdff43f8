// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl witness: have somebody else sign how the station's log stands. What he signed
 * last is kept in a file, which is also what the next question begins from.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "held.h"
#include "json.h"
#include "tlog_proof.h"
#include "witness.h"

/**
 * struct asking - a question to a witness
 * @url: where it is
 * @path: file of what it signed last
 * @policy: whose signatures count
 * @old: entries of the log then, or 0
 */
struct asking {
	const char *url;
	const char *path;
	struct tb_policy *policy;
	uint64_t old;
};

/* Return: the exit status. */
static int look_back(struct asking *asking)
{
	struct tb_checkpoint last;
	struct tb_error err;
	char *text = NULL;
	int ret;

	if (access(asking->path, F_OK) && errno == ENOENT)
		return 0;
	ret = tb_text_load(asking->path, &text, &err);
	if (ret || !text)
		return ctl_failed(&err);
	ret = tb_checkpoint_parse(text, &last, &err);
	free(text);
	if (ret)
		return ctl_bad("%s: %s", asking->path, err.text);
	asking->old = last.size;
	tb_checkpoint_clear(&last);
	return 0;
}

/* The station tells from then on that it is held; what the witness signed is safe anyway. */
static void hand_in(const char *note)
{
	struct tb_error err;
	struct tb_rpc *rpc;
	json_t *reply;
	int ret = ctl_connect(&rpc, &err);

	if (!ret) {
		ret = tb_rpc_call(rpc, "KeepCheckpoint", json_pack("{s:s}", "checkpoint", note),
				  &reply, &err);
		tb_rpc_close(rpc);
	}
	if (ret)
		fprintf(stderr, "tongbuctl: the station does not tell that it is held: %s\n",
			err.text);
	else
		json_decref(reply);
}

static int take_signature(const struct asking *asking, const char *note, const char *lines)
{
	struct tb_held held = { 0 };
	struct tb_error err;
	char *text;
	int status;

	if (asprintf(&text, "%s%s", note, lines) < 0)
		return ctl_bad("out of memory");
	if (tb_checkpoint_parse(text, &held.checkpoint, &err) ||
	    tb_policy_judge(asking->policy, &held, &err))
		status =
			ctl_bad("what witness %s signed does not count: %s", asking->url, err.text);
	else
		status = ctl_put(text, asking->path);
	if (!status)
		hand_in(text);
	if (!status && ctl.json)
		status = ctl_print(tb_held_json(&held));
	else if (!status) {
		printf("%s: the log %s with %" PRIu64 " entries\n", asking->path,
		       held.checkpoint.origin, held.checkpoint.size);
		tb_held_text(&held, stdout);
	}
	tb_checkpoint_clear(&held.checkpoint);
	free(text);
	return status;
}

/* Return: the exit status, or -EAGAIN if another question is to be asked. */
static int take_answer(struct asking *asking, const char *note, int code, const char *answer,
		       bool again)
{
	uint64_t size;

	if (code == 200)
		return take_signature(asking, note, answer);
	if (code == 409 && !again && tb_note_number(answer, strcspn(answer, "\n"), &size)) {
		asking->old = size;
		return -EAGAIN;
	}
	return ctl_bad("witness %s refuses, %d: %.200s", asking->url, code,
		       *answer ? answer : "it does not say why");
}

static int ask(struct asking *asking, bool again)
{
	struct tb_tlog_proof proof = { 0 };
	struct tb_error err;
	char *body, *answer;
	int code, status;

	status = ctl_ask_proof("ProveGrowth", json_pack("{s:o}", "old", tb_json_u64(asking->old)),
			       &proof);
	body = status ? NULL : tb_tlog_proof_text(&proof);
	if (!status && !body)
		status = ctl_bad("out of memory");
	if (!status && tb_witness_post(asking->url, body, &code, &answer, &err))
		status = ctl_bad("%s", err.text);
	else if (!status) {
		status = take_answer(asking, proof.checkpoint.note, code, answer, again);
		free(answer);
	}
	free(body);
	tb_tlog_proof_clear(&proof);
	return status == -EAGAIN ? ask(asking, true) : status;
}

/**
 * cmd_witness() - tongbuctl witness
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_witness(int argc, char **argv)
{
	struct asking asking = { 0 };
	const char *policy = NULL;
	struct tb_error err;
	int option, status;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option != TB_OPT_POLICY)
			return CTL_FAILED;
		policy = optarg;
	}
	if (optind + 2 != argc)
		return ctl_bad("which witness, and where is kept what it signs? witness URL FILE: see --help");
	if (!policy)
		return ctl_bad("whose signature counts? give the keys of log and witness: --policy FILE");
	asking.url = argv[optind];
	asking.path = argv[optind + 1];
	if (tb_policy_load(policy, &asking.policy, &err))
		return ctl_bad("%s", err.text);
	status = look_back(&asking) ?: ask(&asking, false);
	tb_policy_free(asking.policy);
	return status;
}
