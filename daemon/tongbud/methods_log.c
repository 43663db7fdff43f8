// SPDX-License-Identifier: GPL-2.0-only
/* Answers about the log: what is signed of it, by whom, and proofs: hashes alone. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "elsewhere.h"
#include "hex.h"
#include "ledger_tree.h"
#include "methods.h"
#include "tlog_proof.h"

/**
 * tb_method_log_json() - how the log stands, for GetStatus
 * @station: the station
 *
 * Return: an object of the caller's; NULL without memory.
 */
json_t *tb_method_log_json(const struct tb_station *station)
{
	const struct tb_checkpoint *last = tb_signer_last(station->signer);
	const char *trouble = tb_signer_trouble(station->signer);
	struct tb_held held;
	struct tb_error err;
	json_t *elsewhere = NULL, *json;
	char *uplink = tb_elsewhere_trouble(station);
	int ret = tb_elsewhere_load(station, &held, &err);

	if (!ret) {
		elsewhere = tb_held_json(&held);
		tb_checkpoint_clear(&held.checkpoint);
	} else if (ret != -ENOENT && !trouble) {
		trouble = err.text;
	}
	json = json_pack("{s:s, s:o, s:o, s:s?, s:o?, s:s?}", "origin",
			 tb_signer_key(station->signer)->name, "entries",
			 tb_json_u64(tb_tree_size(tb_ledger_tree(station->ledger))), "signed",
			 tb_json_u64(last ? last->size : 0), "trouble", trouble, "held", elsewhere,
			 "uplink", uplink);
	free(uplink);
	return json;
}

/**
 * tb_method_checkpoint() - GetCheckpoint
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_checkpoint(void *userdata, struct tb_conn *conn, const json_t *call,
			 const json_t *parameters)
{
	const struct tb_station *station = userdata;
	struct tb_error err;
	char *key;
	int ret;

	(void)call, (void)parameters;
	if (tb_signer_now(station->signer, tb_tree_size(tb_ledger_tree(station->ledger)), &err))
		return tb_conn_failed(conn, &err);
	key = tb_vkey_text(tb_signer_key(station->signer));
	if (!key)
		return -ENOMEM;
	ret = tb_conn_reply(conn,
			    json_pack("{s:s, s:s}", "checkpoint",
				      tb_signer_last(station->signer)->note, "key", key),
			    false);
	free(key);
	return ret;
}

static int reply_proof(struct tb_conn *conn, const struct tb_tlog_proof *proof)
{
	char *text = tb_tlog_proof_text(proof);
	int ret;

	if (!text)
		return -ENOMEM;
	ret = tb_conn_reply(conn, json_pack("{s:s}", "proof", text), false);
	free(text);
	return ret;
}

static int row_of(const struct tb_station *station, const json_t *chain, uint64_t seq, int64_t *row,
		  struct tb_error *err)
{
	uint64_t no = tb_ledger_tail(station->ledger)->chain_no;
	uint8_t id[TONGBU_CHAIN_LEN];
	int ret = 0;

	if (json_is_string(chain)) {
		if (tb_hex_decode(json_string_value(chain), id, sizeof(id)))
			return tb_error_set(err, -EINVAL, "an id of a chain has 32 digits");
		ret = tb_ledger_find_chain(station->ledger, id, &no, err);
		if (!ret && !no)
			ret = tb_error_set(err, -ENOENT, "there is no such chain in the ledger");
	}
	*row = (int64_t)(no << TB_LEDGER_SEQ_BITS | seq);
	return ret;
}

/* What the proof is to lead to: what was asked for, which must be this log's; else what
 * others signed; else, if the entry is not in that yet, what the station signed last.
 */
static int checkpoint_for(struct tb_station *station, const char *asked, uint64_t entry,
			  struct tb_checkpoint *checkpoint, struct tb_error *err)
{
	struct tb_held held;
	int ret = 0;

	if (asked)
		ret = tb_elsewhere_own(station, asked, checkpoint, err);
	else if (!tb_elsewhere_load(station, &held, err))
		*checkpoint = held.checkpoint;
	if (ret || (checkpoint->note && checkpoint->size > entry))
		return ret;
	if (asked)
		return tb_error_set(err, -ENOENT,
				    "entry %" PRIu64 " is not in the checkpoint of %" PRIu64
				    " entries",
				    entry, checkpoint->size);
	tb_checkpoint_clear(checkpoint);
	ret = tb_signer_now(station->signer, entry + 1, err);
	return ret ?: tb_checkpoint_parse(tb_signer_last(station->signer)->note, checkpoint, err);
}

static int prove(struct tb_station *station, int64_t row, const char *asked,
		 struct tb_tlog_proof *proof, struct tb_error *err)
{
	struct tb_tree *tree = tb_ledger_tree(station->ledger);
	int ret = tb_tree_find(tree, row, &proof->number, err);

	ret = ret ?: checkpoint_for(station, asked, proof->number, &proof->checkpoint, err);
	return ret   ?:
		       tb_tree_inclusion(tree, proof->number, proof->checkpoint.size, &proof->proof,
					 err);
}

/**
 * tb_method_prove() - ProveRecord
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_prove(void *userdata, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters)
{
	const json_t *seq = json_object_get(parameters, "seq");
	struct tb_station *station = userdata;
	struct tb_tlog_proof proof = { 0 };
	struct tb_error err;
	int64_t row = 0;
	int ret;

	(void)call;
	if (!json_is_integer(seq) || json_integer_value(seq) < 0 ||
	    json_integer_value(seq) > (json_int_t)TB_LEDGER_SEQ_MAX)
		return tb_conn_invalid(conn, "seq");
	ret = row_of(station, json_object_get(parameters, "chain"),
		     (uint64_t)json_integer_value(seq), &row, &err);
	if (ret == -EINVAL)
		return tb_conn_invalid(conn, "chain");
	ret = ret   ?:
		      prove(station, row,
			    json_string_value(json_object_get(parameters, "checkpoint")), &proof,
			    &err);
	ret = ret ? tb_conn_failed(conn, &err) : reply_proof(conn, &proof);
	tb_tlog_proof_clear(&proof);
	return ret;
}

/**
 * tb_method_prove_old() - ProveGrowth
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_prove_old(void *userdata, struct tb_conn *conn, const json_t *call,
			const json_t *parameters)
{
	const json_t *old = json_object_get(parameters, "old");
	struct tb_station *station = userdata;
	struct tb_tlog_proof proof = { .is_old = true };
	struct tb_tree *tree = tb_ledger_tree(station->ledger);
	struct tb_error err;
	int ret;

	(void)call;
	if (!json_is_integer(old) || json_integer_value(old) < 0)
		return tb_conn_invalid(conn, "old");
	proof.number = (uint64_t)json_integer_value(old);
	ret = tb_signer_now(station->signer, tb_tree_size(tree), &err);
	if (!ret) {
		proof.checkpoint = *tb_signer_last(station->signer);
		ret = tb_tree_consistency(tree, proof.number, proof.checkpoint.size, &proof.proof,
					  &err);
	}
	return ret ? tb_conn_failed(conn, &err) : reply_proof(conn, &proof);
}

/* Where a policy says whose signatures count, they speak for themselves. */
static bool may_keep(const struct tb_station *station, const struct tb_conn *conn)
{
	return station->config->log_policy || tb_conn_is_root(conn) ||
	       tb_conn_uid(conn) == geteuid();
}

/**
 * tb_method_keep() - KeepCheckpoint
 * @userdata: the station
 * @conn: who hands it in
 * @call: the call
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_keep(void *userdata, struct tb_conn *conn, const json_t *call,
		   const json_t *parameters)
{
	const char *note = json_string_value(json_object_get(parameters, "checkpoint"));
	const struct tb_station *station = userdata;
	struct tb_error err;

	(void)call;
	if (!note)
		return tb_conn_invalid(conn, "checkpoint");
	if (!may_keep(station, conn))
		return tb_conn_denied(conn,
				      "what others signed is handed in by root, as no log_policy in tongbu.conf says whose signatures count");
	if (tb_elsewhere_keep(station, note, &err))
		return tb_conn_failed(conn, &err);
	return tb_conn_reply(conn, tb_method_log_json(station), false);
}
