// SPDX-License-Identifier: GPL-2.0-only
#include "take.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/**
 * struct taking - a batch on its way
 * @hub: the hub
 * @batch: what came
 * @station: whose it is, as the tables have it
 * @tree: its tree, with what came
 * @records: rows for the new entries
 * @nodes: rows for the subtrees that are whole now
 */
struct taking {
	struct hub *hub;
	const struct tb_batch *batch;
	struct hub_station station;
	struct tb_frontier tree;
	struct hub_copy records;
	struct hub_copy nodes;
};

static void keep(unsigned int level, uint64_t index, const uint8_t hash[TB_HASH_LEN],
		 void *userdata)
{
	struct taking *taking = userdata;

	if (level % TB_TILE_BITS)
		return;
	hub_copy_row(&taking->nodes, 4);
	hub_copy_number(&taking->nodes, (uint64_t)taking->station.id, 4);
	hub_copy_number(&taking->nodes, level / TB_TILE_BITS, 2);
	hub_copy_number(&taking->nodes, index, 8);
	hub_copy_bytes(&taking->nodes, hash, TB_HASH_LEN);
}

/* What goes on from what is held; what is held already was compared. */
static void fold(struct taking *taking)
{
	const struct tb_batch *batch = taking->batch;
	size_t i = (size_t)(taking->tree.size - batch->first);
	uint8_t leaf[TB_HASH_LEN];

	for (; i < batch->count; i++) {
		hub_copy_row(&taking->records, 3);
		hub_copy_number(&taking->records, (uint64_t)taking->station.id, 4);
		hub_copy_number(&taking->records, taking->tree.size, 8);
		hub_copy_bytes(&taking->records, batch->entry[i], batch->len[i]);
		tb_merkle_leaf(batch->entry[i], batch->len[i], leaf);
		tb_frontier_add(&taking->tree, leaf, keep, taking);
	}
}

static int exec_row(PGconn *db, const char *sql, const struct hub_station *station, uint64_t number,
		    struct tb_error *err)
{
	char text[2][24];
	const char *const values[] = { text[0], text[1] };
	PGresult *result;
	int ret;

	snprintf(text[0], sizeof(text[0]), "%d", station->id);
	snprintf(text[1], sizeof(text[1]), "%" PRIu64, number);
	ret = hub_query(db, sql, 2, values, &result, err);
	if (!ret)
		PQclear(result);
	return ret;
}

static int replace(struct taking *taking, size_t i, struct tb_error *err)
{
	char text[2][24];
	const char *values[] = { text[0], text[1], (const char *)taking->batch->entry[i] };
	const int lengths[] = { 0, 0, (int)taking->batch->len[i] }, formats[] = { 0, 0, 1 };
	PGresult *result;
	bool done;

	snprintf(text[0], sizeof(text[0]), "%d", taking->station.id);
	snprintf(text[1], sizeof(text[1]), "%" PRIu64, taking->batch->first + i);
	result =
		PQexecParams(taking->hub->db,
			     "UPDATE tongbu.record SET bytes = $3 WHERE station = $1 AND entry = $2",
			     3, NULL, values, lengths, formats, 0);
	done = PQresultStatus(result) == PGRES_COMMAND_OK && !strcmp(PQcmdTuples(result), "1");
	PQclear(result);
	return done ? 0 : tb_error_set(err, -EIO, "PostgreSQL: a record cannot be replaced");
}

/* Where entry I of the batch is held: 1 the same, 0 other bytes, or a negative errno */
static int same(struct taking *taking, size_t i, struct tb_error *err)
{
	char text[2][24];
	const char *const values[] = { text[0], text[1] };
	PGresult *result;
	bool is_same;

	snprintf(text[0], sizeof(text[0]), "%d", taking->station.id);
	snprintf(text[1], sizeof(text[1]), "%" PRIu64, taking->batch->first + i);
	result = PQexecParams(taking->hub->db,
			      "SELECT bytes FROM tongbu.record WHERE station = $1 AND entry = $2",
			      2, NULL, values, NULL, NULL, 1);
	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		PQclear(result);
		return tb_error_set(err, -EIO, "PostgreSQL: a record cannot be read");
	}
	is_same = PQntuples(result) == 1 &&
		  (size_t)PQgetlength(result, 0, 0) == taking->batch->len[i] &&
		  !memcmp(PQgetvalue(result, 0, 0), taking->batch->entry[i], taking->batch->len[i]);
	PQclear(result);
	return is_same;
}

/*
 * Entries that are held already come again: the answer was lost, or they are wanted
 * because they were damaged here. The tree tells which of two is the right one.
 */
static int compare(struct taking *taking, struct hub_answer *answer, struct tb_error *err)
{
	const struct tb_batch *batch = taking->batch;
	uint64_t entry, block;
	bool good;
	size_t i;
	int ret;

	for (i = 0; i < batch->count && batch->first + i < taking->station.tree.size; i++) {
		ret = same(taking, i, err);
		if (ret < 0)
			return ret;
		if (ret)
			continue;
		answer->mended = true;
		ret = replace(taking, i, err);
		if (ret)
			return ret;
	}
	for (entry = batch->first; answer->mended && entry < batch->first + i;
	     entry = (block + 1) << TB_TILE_BITS) {
		block = entry >> TB_TILE_BITS;
		ret = hub_block_good(taking->hub->db, &taking->station, block, &good, err);
		if (ret)
			return ret;
		if (!good) {
			answer->evidence = "changed";
			return 0;
		}
		ret = exec_row(taking->hub->db,
			       "DELETE FROM tongbu.damaged WHERE station = $1 AND block = $2",
			       &taking->station, block, err);
		if (ret)
			return ret;
	}
	return 0;
}

/* Does what the station signed agree with what is held, and with what came? */
static int judge(struct taking *taking, struct hub_answer *answer, struct tb_error *err)
{
	const struct tb_checkpoint *checkpoint = &taking->batch->proof.checkpoint;
	uint64_t end = taking->batch->first + taking->batch->count;
	uint8_t root[TB_HASH_LEN];
	int ret;

	if (checkpoint->size <= taking->station.tree.size) {
		ret = hub_root_at(taking->hub->db, &taking->station, checkpoint->size, root, err);
		if (!ret && memcmp(root, checkpoint->root, TB_HASH_LEN))
			answer->evidence = "fork";
		else if (!ret && checkpoint->size < taking->station.size &&
			 taking->batch->sent > taking->station.sent)
			answer->evidence = "rollback";
		return ret;
	}
	if (end == taking->tree.size) {
		tb_frontier_root(&taking->tree, root);
		ret = 0;
	} else {
		ret = hub_root_at(taking->hub->db, &taking->station, end, root, err);
	}
	if (!ret && !tb_merkle_consistent(end, root, checkpoint->size, checkpoint->root,
					  &taking->batch->proof.proof))
		answer->evidence = "wrong root";
	return ret;
}

static char *frontier_text(const struct tb_frontier *tree)
{
	char *text = malloc(3 + 2UL * TB_HASH_LEN * TB_PROOF_MAX), *at = text;
	int level, i;

	if (!text)
		return NULL;
	at += sprintf(at, "\\x");
	for (level = 62; level >= 0; level--)
		for (i = 0; tree->size >> level & 1 && i < TB_HASH_LEN; i++)
			at += sprintf(at, "%02x", tree->hash[level][i]);
	return text;
}

/* The checkpoint of exactly what is held is cosigned, in the transaction that holds it. */
static char *cosign(const struct taking *taking)
{
	const struct tb_checkpoint *checkpoint = &taking->batch->proof.checkpoint;
	char *line, *note;

	if (checkpoint->size != taking->tree.size || checkpoint->size <= taking->station.size)
		return NULL;
	line = tb_checkpoint_cosign(checkpoint, &taking->hub->key, taking->hub->private,
				    (uint64_t)time(NULL));
	if (!line || asprintf(&note, "%s%s", checkpoint->note, line) < 0)
		note = NULL;
	free(line);
	return note;
}

static int write_station(struct taking *taking, const char *note, struct tb_error *err)
{
	const struct tb_batch *batch = taking->batch;
	char id[16], next[24], old[24], sent[24], size[24], *frontier;
	const char *const values[] = { id,   next, old, frontier = frontier_text(&taking->tree),
				       sent, note, size };
	PGresult *result = NULL;
	int ret;

	snprintf(id, sizeof(id), "%d", taking->station.id);
	snprintf(next, sizeof(next), "%" PRIu64, taking->tree.size);
	snprintf(old, sizeof(old), "%" PRIu64, taking->station.tree.size);
	snprintf(sent, sizeof(sent), "%" PRIu64, batch->sent);
	snprintf(size, sizeof(size), "%" PRIu64, note ? taking->tree.size : taking->station.size);
	ret = frontier ?
		      hub_query(taking->hub->db,
				"UPDATE tongbu.station SET next = $2, frontier = $4, seen_at = now(),"
				" sent = greatest(sent, $5::bigint), note = coalesce($6, note),"
				" held_at = CASE WHEN $6 IS NULL THEN held_at ELSE now() END,"
				" size = $7 WHERE id = $1 AND next = $3",
				7, values, &result, err) :
		      tb_error_set(err, -ENOMEM, "out of memory");
	free(frontier);
	if (ret)
		return ret;
	if (strcmp(PQcmdTuples(result), "1"))
		ret = tb_error_set(err, -EAGAIN, "another hub was faster with station %s",
				   taking->station.key.name);
	PQclear(result);
	return ret;
}

static int hold(struct taking *taking, struct hub_answer *answer, struct tb_error *err)
{
	char *note = cosign(taking);
	PGconn *db = taking->hub->db;
	int ret;

	ret = hub_copy_run(db, "tongbu.record (station, entry, bytes)", &taking->records, err);
	ret = ret   ?:
		      hub_copy_run(db, "tongbu.tree (station, base, index, hash)", &taking->nodes,
				   err);
	ret = ret ?: write_station(taking, note, err);
	/* From here on it is held. */
	ret = ret ?: hub_exec(db, "COMMIT", err);
	if (ret) {
		free(note);
		return ret;
	}
	answer->next = taking->tree.size;
	answer->note = note ?: (taking->station.note ? strdup(taking->station.note) : NULL);
	return 0;
}

static int write_evidence(struct taking *taking, const char *kind, struct tb_error *err)
{
	char id[16], entry[24], root[2 * TB_HASH_LEN + 3] = "\\x";
	char *proof = tb_tlog_proof_text(&taking->batch->proof);
	const char *const values[] = { id, kind, entry, taking->station.note, proof, root };
	PGresult *result = NULL;
	int ret, i;

	snprintf(id, sizeof(id), "%d", taking->station.id);
	snprintf(entry, sizeof(entry), "%" PRIu64, taking->batch->first);
	for (i = 0; i < TB_HASH_LEN; i++)
		sprintf(root + 2 + 2 * i, "%02x", taking->batch->proof.checkpoint.root[i]);
	ret = proof ? hub_query(taking->hub->db,
				"INSERT INTO tongbu.evidence (station, kind, entry, held, proof, root)"
				" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (station, kind, root)"
				" DO UPDATE SET times = evidence.times + 1, last_at = now()",
				6, values, &result, err) :
		      tb_error_set(err, -ENOMEM, "out of memory");
	free(proof);
	if (!ret)
		PQclear(result);
	return ret;
}

static int look(struct taking *taking, struct hub_answer *answer, struct tb_error *err)
{
	const struct tb_batch *batch = taking->batch;
	const struct tb_checkpoint *checkpoint = &batch->proof.checkpoint;
	uint64_t stamp;
	int ret = hub_station_load(taking->hub->db, checkpoint->origin, &taking->station, err);

	if (ret)
		return ret;
	ret = tb_checkpoint_signed(checkpoint, &taking->station.key, &stamp, err);
	if (ret != 1)
		return ret   ?:
			       tb_error_set(err, -EKEYREJECTED,
					    "a checkpoint of %s is not signed by its key",
					    checkpoint->origin);
	taking->tree = taking->station.tree;
	ret = compare(taking, answer, err);
	if (ret || answer->evidence)
		return ret;
	if (batch->first <= taking->tree.size && batch->first + batch->count > taking->tree.size)
		fold(taking);
	/* A gap is no lie: what is between was lost on the way, and will be sent. */
	if (batch->first > taking->station.tree.size && checkpoint->size > taking->tree.size)
		return 0;
	return judge(taking, answer, err);
}

/**
 * hub_take() - take what a station sent
 * @hub: the hub, which has the lock
 * @batch: what came
 * @answer: filled in; its note is the caller's to free
 * @err: told what went wrong
 *
 * Return: 0, be it taken or refused with evidence; -ENOENT for a station that is not
 * registered, -EKEYREJECTED if the checkpoint is not the station's: nothing is kept of
 * those; -EPERM if PostgreSQL is not safe; -ECONNRESET, -EIO, -EAGAIN: it may be tried again.
 */
int hub_take(struct hub *hub, const struct tb_batch *batch, struct hub_answer *answer,
	     struct tb_error *err)
{
	struct taking taking = { .hub = hub, .batch = batch };
	int ret = hub_store_safe(hub->db, err) ?: hub_exec(hub->db, "BEGIN", err);

	*answer = (struct hub_answer){ 0 };
	if (ret)
		return ret;
	ret = look(&taking, answer, err);
	if (!ret && !answer->evidence)
		ret = hold(&taking, answer, err);
	if (ret || answer->evidence)
		hub_exec(hub->db, "ROLLBACK", NULL);
	if (!ret && answer->evidence) {
		answer->mended = false;
		answer->next = taking.station.tree.size;
		answer->note = taking.station.note ? strdup(taking.station.note) : NULL;
		ret = write_evidence(&taking, answer->evidence, err);
	}
	hub_station_clear(&taking.station);
	free(taking.records.bytes);
	free(taking.nodes.bytes);
	return ret;
}

/**
 * hub_scrub() - reread what is held of a station, and compare it to the tree
 * @db: the connection
 * @origin: the station's log
 * @blocks: set to how many times 256 entries were read
 * @bad: set to how many of those are not as they were; they are noted in tongbu.damaged
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_scrub(PGconn *db, const char *origin, uint64_t *blocks, uint64_t *bad, struct tb_error *err)
{
	struct hub_station station;
	int ret = hub_station_load(db, origin, &station, err);
	bool good;

	*bad = 0;
	for (*blocks = 0; !ret && *blocks << TB_TILE_BITS < station.tree.size; ++*blocks) {
		ret = hub_block_good(db, &station, *blocks, &good, err);
		if (ret || good)
			continue;
		++*bad;
		ret = exec_row(db,
			       "INSERT INTO tongbu.damaged (station, block) VALUES ($1, $2)"
			       " ON CONFLICT DO NOTHING",
			       &station, *blocks, err);
	}
	hub_station_clear(&station);
	return ret;
}
