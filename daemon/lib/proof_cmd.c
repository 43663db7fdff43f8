// SPDX-License-Identifier: GPL-2.0-only
/* Verify receipts and proofs of the log: with public keys alone. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disclosure.h"
#include "hex.h"
#include "proof_cmd.h"
#include "record.h"
#include "term.h"
#include "timefmt.h"
#include "tlog_proof.h"
#include "verify_cmd.h"

/* As far as its first line is there */
static bool is_disclosure(const char *text)
{
	return !strncmp(text, TB_DISCLOSURE_HEADER, strlen(TB_DISCLOSURE_HEADER));
}

/**
 * tb_is_proof_file() - is a file a receipt or a proof, and no bundle?
 * @path: the file
 *
 * Context: what is no regular file is not read.
 * Return: whether it begins as one.
 */
bool tb_is_proof_file(const char *path)
{
	char text[sizeof(TB_TLOG_PROOF_HEADER)] = "";
	struct stat st;
	FILE *file;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return false;
	file = fopen(path, "re");
	if (!file)
		return false;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return tb_is_tlog_proof(text) || is_disclosure(text);
}

static int refuse(const char *path, const char *why, bool json)
{
	if (json)
		return tb_command_print(json_pack("{s:b, s:s}", "ok", 0, "detail", why)) ?:
											   TB_EXIT_NO;
	printf("NOT verified: %s: %s\n", path, why);
	return TB_EXIT_NO;
}

static json_t *record_json(const struct tb_record *rec)
{
	char tag[TB_HEX_SIZE(TONGBU_TAG_LEN)], time[TB_TIME_SIZE];
	struct tongbu_act act;
	const uint8_t *data;
	json_t *json;
	size_t len;

	json = json_pack("{s:o, s:s, s:i, s:o, s:s}", "seq", tb_json_u64(rec->seq), "time",
			 tb_time_format(rec->realtime, time), "kind", (int)rec->kind, "uid",
			 tb_json_u64(rec->uid), "tag",
			 tb_hex_encode(tag, rec->tag, TONGBU_TAG_LEN));
	if (json && rec->kind == TONGBU_KIND_ACT && !tb_record_act(rec, &act, &data, &len) &&
	    act.format != TONGBU_ACT_MARK)
		json_object_set_new(json, "text", json_stringn((const char *)data, len));
	return json;
}

static void put_record(const struct tb_record *rec)
{
	char tag[TB_HEX_SIZE(TONGBU_TAG_LEN)], time[TB_TIME_SIZE];
	struct tongbu_act act;
	const uint8_t *data;
	size_t len;

	printf("  record %" PRIu64 " of its chain, of %s, by user %" PRIu32 "\n  tag %s\n",
	       rec->seq, tb_time_format(rec->realtime, time), rec->uid,
	       tb_hex_encode(tag, rec->tag, TONGBU_TAG_LEN));
	if (rec->kind != TONGBU_KIND_ACT || tb_record_act(rec, &act, &data, &len) ||
	    act.format == TONGBU_ACT_MARK)
		return;
	fputs("  ", stdout);
	tb_text_put(data, len, stdout);
	putchar('\n');
}

static int report_record(const struct tb_tlog_proof *proof, const struct tb_held *held, bool json)
{
	static const uint8_t no_chain[TONGBU_CHAIN_LEN];
	struct tb_record rec;
	bool parsed = !tb_record_parse(proof->extra, proof->extra_len, no_chain, &rec);
	json_t *answer;

	if (json) {
		answer = json_pack("{s:b, s:o, s:o}", "ok", 1, "entry", tb_json_u64(proof->number),
				   "held", tb_held_json(held));
		if (parsed)
			json_object_set_new(answer, "record", record_json(&rec));
		return tb_command_print(answer);
	}
	printf("verified: entry %" PRIu64 " of the log %s, as it was with %" PRIu64 " entries\n",
	       proof->number, held->checkpoint.origin, held->checkpoint.size);
	if (parsed)
		put_record(&rec);
	tb_held_text(held, stdout);
	return TB_EXIT_OK;
}

static int verify_record(const char *path, const struct tb_tlog_proof *proof,
			 const struct tb_held *held, bool json)
{
	uint8_t leaf[TB_HASH_LEN];

	if (!proof->extra)
		return tb_command_bad("%s has no record in it: hold the bundle that has the record against it, by --checkpoint %s",
				      path, path);
	tb_merkle_leaf(proof->extra, proof->extra_len, leaf);
	if (!tb_merkle_included(leaf, proof->number, held->checkpoint.size, &proof->proof,
				held->checkpoint.root))
		return refuse(path, "the record in it is not that entry of the log", json);
	return report_record(proof, held, json);
}

static int verify_growth(const char *path, const struct tb_tlog_proof *proof,
			 const struct tb_held *held, const struct tb_held *old, bool json)
{
	if (old->checkpoint.size != proof->number)
		return tb_command_bad("%s goes from %" PRIu64
				      " entries on, and the checkpoint that was kept has %" PRIu64,
				      path, proof->number, old->checkpoint.size);
	if (!tb_merkle_consistent(proof->number, old->checkpoint.root, held->checkpoint.size,
				  held->checkpoint.root, &proof->proof) ||
	    strcmp(old->checkpoint.origin, held->checkpoint.origin))
		return refuse(path, "the log does not go on from the checkpoint that was kept",
			      json);
	if (json)
		return tb_command_print(json_pack("{s:b, s:o, s:o}", "ok", 1, "old",
						  tb_json_u64(proof->number), "held",
						  tb_held_json(held)));
	printf("verified: the log %s goes on, from %" PRIu64 " entries to %" PRIu64 "\n",
	       held->checkpoint.origin, proof->number, held->checkpoint.size);
	tb_held_text(held, stdout);
	return TB_EXIT_OK;
}

/* Programs are told of so many entries; of all that there are, the number. */
#define LISTED 4096

/* Each record is the log's by then, whatever comes of what stands behind it. */
static int tell(const struct tb_tlog_proof *proof, void *userdata)
{
	static const uint8_t no_chain[TONGBU_CHAIN_LEN];
	json_t *list = userdata, *one;
	struct tb_record rec;
	bool parsed = !tb_record_parse(proof->extra, proof->extra_len, no_chain, &rec);

	if (list && json_array_size(list) < LISTED) {
		one = json_pack("{s:o}", "entry", tb_json_u64(proof->number));
		if (parsed)
			json_object_set_new(one, "record", record_json(&rec));
		json_array_append_new(list, one);
	}
	if (list)
		return 0;
	printf("entry %" PRIu64 " of the log:\n", proof->number);
	if (parsed)
		put_record(&rec);
	return 0;
}

static int report_disclosure(const char *path, const struct tb_disclosure *said, json_t *list)
{
	uint64_t size = said->held.checkpoint.size;

	if (list && *said->why)
		return tb_command_print(json_pack("{s:b, s:o, s:s}", "ok", 0, "bad", tb_json_u64(said->bad), "detail", said->why)) ?:
			       TB_EXIT_NO;
	if (*said->why) {
		printf("NOT verified: %s: entry %" PRIu64 ": %s\n", path, said->bad, said->why);
		return TB_EXIT_NO;
	}
	if (list)
		return tb_command_print(json_pack("{s:b, s:o, s:O, s:o}", "ok", 1, "records",
						  tb_json_u64(said->records), "entries", list,
						  "held", tb_held_json(&said->held)));
	printf("verified: %" PRIu64 " records of the log %s, as it was with %" PRIu64
	       " entries; of the others there are hashes\n",
	       said->records, said->held.checkpoint.origin, size);
	tb_held_text(&said->held, stdout);
	return TB_EXIT_OK;
}

static int verify_disclosure(const char *path, const struct tb_policy *policy, bool json)
{
	json_t *list = json ? json_array() : NULL;
	FILE *file = fopen(path, "re");
	struct tb_disclosure said;
	struct tb_error err;
	int status;

	if (!file)
		return tb_command_bad("%s: %s", path, strerror(errno));
	if (tb_disclosure_verify(file, policy, tell, list, &said, &err))
		status = tb_command_bad("%s: %s", path, err.text);
	else
		status = report_disclosure(path, &said, list);
	tb_checkpoint_clear(&said.held.checkpoint);
	json_decref(list);
	fclose(file);
	return status;
}

static bool is_disclosure_file(const char *path)
{
	char text[sizeof(TB_DISCLOSURE_HEADER)] = "";
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return is_disclosure(text);
}

/**
 * tb_proof_command() - verify a receipt or a proof
 * @path: its file
 * @policy: whose signatures count
 * @held: checkpoints that were kept
 * @held_count: how many
 * @json: answer for programs
 *
 * Return: exit status: 0 verified, 1 not, 2 could not.
 */
int tb_proof_command(const char *path, const struct tb_policy *policy, const struct tb_held *held,
		     size_t held_count, bool json)
{
	struct tb_held now = { 0 };
	struct tb_tlog_proof proof;
	struct tb_error err;
	char *text;
	int ret, status;

	if (!policy)
		return tb_command_bad("whose log is it? give its key: --policy FILE");
	if (is_disclosure_file(path))
		return verify_disclosure(path, policy, json);
	if (tb_text_load(path, &text, &err))
		return tb_command_bad("%s", err.text);
	ret = tb_tlog_proof_parse(text, &proof, &err);
	free(text);
	now.checkpoint = proof.checkpoint;
	if (ret)
		status = tb_command_bad("%s: %s", path, err.text);
	else if (tb_policy_judge(policy, &now, &err))
		status = refuse(path, err.text, json);
	else if (!proof.is_old)
		status = verify_record(path, &proof, &now, json);
	else if (held_count != 1)
		status =
			tb_command_bad("%s proves that a log goes on from a checkpoint: give that one by --checkpoint",
				       path);
	else
		status = verify_growth(path, &proof, &now, held, json);
	tb_tlog_proof_clear(&proof);
	return status;
}

static int take_checkpoint(const char *text, struct tb_checkpoint *checkpoint, struct tb_error *err)
{
	struct tb_tlog_proof proof;
	int ret;

	if (!tb_is_tlog_proof(text))
		return tb_checkpoint_parse(text, checkpoint, err);
	ret = tb_tlog_proof_parse(text, &proof, err);
	if (!ret) {
		*checkpoint = proof.checkpoint;
		proof.checkpoint.note = NULL;
	}
	tb_tlog_proof_clear(&proof);
	return ret;
}

/**
 * tb_held_add() - take a checkpoint that was kept, or that of a receipt
 * @held: the list, in order of size
 * @count: how many are in it
 * @path: its file
 *
 * Return: 0 or the exit status.
 */
int tb_held_add(struct tb_held **held, size_t *count, const char *path)
{
	struct tb_held *more = reallocarray(*held, *count + 1, sizeof(*more)), next = { 0 };
	struct tb_error err;
	char *text;
	size_t at;
	int ret;

	if (!more)
		return tb_command_bad("out of memory");
	*held = more;
	if (tb_text_load(path, &text, &err))
		return tb_command_bad("%s", err.text);
	ret = take_checkpoint(text, &next.checkpoint, &err);
	free(text);
	if (ret)
		return tb_command_bad("%s: %s", path, err.text);
	for (at = *count; at && more[at - 1].checkpoint.size > next.checkpoint.size; at--)
		more[at] = more[at - 1];
	more[at] = next;
	++*count;
	return 0;
}

/**
 * tb_held_judge() - do they count?
 * @held: checkpoints
 * @count: how many
 * @policy: whose signatures count, or NULL if nobody said
 *
 * Return: 0 or the exit status.
 */
int tb_held_judge(struct tb_held *held, size_t count, const struct tb_policy *policy)
{
	struct tb_error err;
	size_t i;

	if (count && !policy)
		return tb_command_bad("who signed the checkpoints? give the log's key: --policy FILE");
	for (i = 0; i < count; i++) {
		if (tb_policy_judge(policy, &held[i], &err))
			return tb_command_bad("%s", err.text);
		if (strcmp(held[i].checkpoint.origin, held[0].checkpoint.origin))
			return tb_command_bad("the checkpoints are of two logs, %s and %s: verify one after the other",
					      held[0].checkpoint.origin, held[i].checkpoint.origin);
	}
	return 0;
}
