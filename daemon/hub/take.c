// SPDX-License-Identifier: GPL-2.0-only
/* One batch: does it go on, and belong to what the station signed? */
#include "take.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

/**
 * struct taking - a batch on its way
 * @group: what it is part of
 * @part: the station's part in that
 * @batch: what came
 * @tree: the station's tree, with what came
 * @refused: why not, in a word that stands in tongbu.evidence; or NULL
 * @mended: damaged entries were replaced
 * @partly: what was replaced is not all that is damaged of a block: it cannot be judged
 * @records: bytes of the group's rows before those of this batch
 * @nodes: the same of its subtrees
 */
struct taking {
	struct hub_group *group;
	struct hub_part *part;
	const struct tb_batch *batch;
	struct tb_frontier tree;
	const char *refused;
	bool mended;
	bool partly;
	size_t records;
	size_t nodes;
};

static void keep(unsigned int level, uint64_t index, const uint8_t hash[TB_HASH_LEN],
		 void *userdata)
{
	struct taking *taking = userdata;
	struct hub_copy *nodes = &taking->group->nodes;

	if (level % TB_TILE_BITS)
		return;
	hub_copy_row(nodes, 4);
	hub_copy_number(nodes, (uint64_t)taking->part->station.id, 4);
	hub_copy_number(nodes, level / TB_TILE_BITS, 2);
	hub_copy_number(nodes, index, 8);
	hub_copy_bytes(nodes, hash, TB_HASH_LEN);
}

/* What goes on from what is held; what is held already was compared. */
static void fold(struct taking *taking)
{
	const struct tb_batch *batch = taking->batch;
	struct hub_copy *records = &taking->group->records;
	size_t i = (size_t)(taking->tree.size - batch->first);
	uint8_t leaf[TB_HASH_LEN];

	taking->records = records->len;
	taking->nodes = taking->group->nodes.len;
	for (; i < batch->count; i++) {
		hub_copy_row(records, 3);
		hub_copy_number(records, (uint64_t)taking->part->station.id, 4);
		hub_copy_number(records, taking->tree.size, 8);
		hub_copy_bytes(records, batch->entry[i], batch->len[i]);
		tb_merkle_leaf(batch->entry[i], batch->len[i], leaf);
		tb_frontier_add(&taking->tree, leaf, keep, taking);
	}
}

static int replace(struct taking *taking, size_t i, struct tb_error *err)
{
	static const char *const sql[] = {
		"UPDATE tongbu.record SET bytes = $3 WHERE station = $1 AND entry = $2",
		"INSERT INTO tongbu.record (station, entry, bytes) VALUES ($1, $2, $3)",
	};
	char text[2][24];
	const char *values[] = { text[0], text[1], (const char *)taking->batch->entry[i] };
	const int lengths[] = { 0, 0, (int)taking->batch->len[i] }, formats[] = { 0, 0, 1 };
	PGresult *result;
	bool done = false;
	size_t k;

	snprintf(text[0], sizeof(text[0]), "%d", taking->part->station.id);
	snprintf(text[1], sizeof(text[1]), "%" PRIu64, taking->batch->first + i);
	for (k = 0; k < 2 && !done; k++) {
		result = PQexecParams(taking->group->hub->db, sql[k], 3, NULL, values, lengths,
				      formats, 0);
		done = PQresultStatus(result) == PGRES_COMMAND_OK &&
		       !strcmp(PQcmdTuples(result), "1");
		PQclear(result);
	}
	return done ? 0 : hub_failed(taking->group->hub->db, err);
}

/* How many entries of the batch are held; those with other bytes are replaced. */
static int replace_others(struct taking *taking, size_t count, struct tb_error *err)
{
	const struct tb_batch *batch = taking->batch;
	char text[3][24];
	const char *const values[] = { text[0], text[1], text[2] };
	PGconn *db = taking->group->hub->db;
	PGresult *result;
	int ret = 0, row = 0;
	uint64_t entry;
	size_t i;

	snprintf(text[0], sizeof(text[0]), "%d", taking->part->station.id);
	snprintf(text[1], sizeof(text[1]), "%" PRIu64, batch->first);
	snprintf(text[2], sizeof(text[2]), "%" PRIu64, batch->first + count);
	result = PQexecParams(db,
			      "SELECT entry, bytes FROM tongbu.record WHERE station = $1"
			      " AND entry >= $2 AND entry < $3 ORDER BY entry",
			      3, NULL, values, NULL, NULL, 1);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		ret = hub_failed(db, err);
	for (i = 0; i < count && !ret; i++) {
		bool same = false;

		if (row < PQntuples(result)) {
			memcpy(&entry, PQgetvalue(result, row, 0), sizeof(entry));
			if (be64toh(entry) == batch->first + i) {
				same = (size_t)PQgetlength(result, row, 1) == batch->len[i] &&
				       !memcmp(PQgetvalue(result, row, 1), batch->entry[i],
					       batch->len[i]);
				row++;
			}
		}
		if (!same) {
			taking->mended = true;
			ret = replace(taking, i, err);
		}
	}
	PQclear(result);
	return ret;
}

/* Is all that can be of a block in the batch? */
static bool covers(const struct tb_batch *batch, uint64_t block)
{
	uint64_t first = block * TB_BLOCK;

	return batch->first <= first && batch->first + batch->count >= first + TB_BLOCK;
}

/* Are the blocks right with what was replaced? */
static int prove(struct taking *taking, size_t count, struct tb_error *err)
{
	const struct tb_batch *batch = taking->batch;
	PGconn *db = taking->group->hub->db;
	uint64_t entry, block;
	bool good;
	int ret = 0;

	for (entry = batch->first; !ret && !taking->refused && entry < batch->first + count;
	     entry = (block + 1) << TB_TILE_BITS) {
		block = entry >> TB_TILE_BITS;
		ret = hub_block_good(db, &taking->part->station, block, &good, err);
		if (ret)
			break;
		if (good)
			ret = hub_exec_row(db,
					   "DELETE FROM tongbu.damaged WHERE station = $1 AND block = $2",
					   &taking->part->station, block, err);
		else if ((int64_t)block == taking->part->station.damaged && !covers(batch, block))
			taking->partly = true;
		else
			taking->refused = "changed";
	}
	return ret;
}

/*
 * Entries that are held already come again: the answer was lost, or they are wanted
 * because they were damaged here. The tree tells which of two is the right one.
 */
static int compare(struct taking *taking, struct tb_error *err)
{
	const struct tb_batch *batch = taking->batch;
	PGconn *db = taking->group->hub->db;
	uint64_t held = taking->part->station.tree.size;
	size_t count = batch->count;
	int ret;

	if (!count || batch->first >= held)
		return 0;
	if (count > held - batch->first)
		count = (size_t)(held - batch->first);
	ret = hub_group_flush(taking->group, err);
	ret = ret ?: hub_exec(db, "SAVEPOINT batch", err);
	ret = ret ?: replace_others(taking, count, err);
	if (!ret && taking->mended)
		ret = prove(taking, count, err);
	if (!ret && (taking->refused || taking->partly)) {
		taking->mended = false;
		ret = hub_exec(db, "ROLLBACK TO batch", err);
	}
	return ret ?: hub_exec(db, "RELEASE batch", err);
}

/* Does what the station signed agree with what is held, and with what came? */
static int judge(struct taking *taking, struct tb_error *err)
{
	const struct tb_checkpoint *checkpoint = &taking->batch->proof.checkpoint;
	const struct hub_part *part = taking->part;
	uint64_t end = taking->batch->first + taking->batch->count;
	uint64_t known = part->last.note ? part->last.size : part->station.size;
	PGconn *db = taking->group->hub->db;
	uint8_t root[TB_HASH_LEN];
	int ret = 0;

	if (checkpoint->size <= part->station.tree.size) {
		if (checkpoint->size < part->station.tree.size)
			ret = hub_group_flush(taking->group, err);
		ret = ret ?: hub_root_at(db, &part->station, checkpoint->size, root, err);
		if (!ret && memcmp(root, checkpoint->root, TB_HASH_LEN))
			taking->refused = "fork";
		else if (!ret && checkpoint->size < known && taking->batch->sent > part->sent)
			taking->refused = "rollback";
		return ret;
	}
	if (end == taking->tree.size) {
		tb_frontier_root(&taking->tree, root);
	} else {
		ret = hub_group_flush(taking->group, err) ?:
			      hub_root_at(db, &part->station, end, root, err);
	}
	if (!ret && !tb_merkle_consistent(end, root, checkpoint->size, checkpoint->root,
					  &taking->batch->proof.proof))
		taking->refused = "wrong root";
	return ret;
}

static int write_evidence(struct taking *taking, struct tb_error *err)
{
	char id[16], entry[24], root[2 * TB_HASH_LEN + 3] = "\\x";
	char *proof = tb_tlog_proof_text(&taking->batch->proof);
	const char *const values[] = { id,    taking->refused,
				       entry, taking->part->station.note,
				       proof, root };
	PGresult *result = NULL;
	int ret, i;

	snprintf(id, sizeof(id), "%d", taking->part->station.id);
	snprintf(entry, sizeof(entry), "%" PRIu64, taking->batch->first);
	for (i = 0; i < TB_HASH_LEN; i++)
		sprintf(root + 2 + 2 * i, "%02x", taking->batch->proof.checkpoint.root[i]);
	ret = proof ? hub_query(taking->group->hub->db,
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

/* One signature goes for all batches that come with it. */
static int check_signature(struct taking *taking, struct tb_error *err)
{
	const struct tb_checkpoint *checkpoint = &taking->batch->proof.checkpoint;
	struct hub_part *part = taking->part;
	uint64_t stamp;
	int ret;

	if (part->checked && !strcmp(part->checked, checkpoint->note))
		return 0;
	ret = tb_checkpoint_signed(checkpoint, &part->station.key, &stamp, err);
	if (ret != 1)
		return ret   ?:
			       tb_error_set(err, -EKEYREJECTED,
					    "a checkpoint of %s is not signed by its key",
					    checkpoint->origin);
	free(part->checked);
	part->checked = strdup(checkpoint->note);
	return part->checked ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

static int look(struct taking *taking, struct tb_error *err)
{
	const struct tb_batch *batch = taking->batch;
	const struct tb_checkpoint *checkpoint = &batch->proof.checkpoint;
	uint64_t held = taking->part->station.tree.size;
	int ret = check_signature(taking, err);

	ret = ret ?: compare(taking, err);
	if (ret || taking->refused)
		return ret;
	if (batch->first <= held && batch->first + batch->count > held)
		fold(taking);
	/* A gap is no lie: what is between was lost on the way, and will be sent. */
	if (batch->first > held && checkpoint->size > taking->tree.size)
		return 0;
	return judge(taking, err);
}

/* It is the station's from now on. */
static int accept_batch(struct taking *taking, struct tb_error *err)
{
	const struct tb_batch *batch = taking->batch;
	const struct tb_checkpoint *checkpoint = &batch->proof.checkpoint;
	struct hub_part *part = taking->part;

	part->station.tree = taking->tree;
	part->mended = part->mended || taking->mended;
	if (batch->sent > part->sent)
		part->sent = batch->sent;
	if (checkpoint->size != taking->tree.size)
		return 0;
	tb_checkpoint_clear(&part->last);
	return tb_checkpoint_parse(checkpoint->note, &part->last, err);
}

/**
 * hub_take() - take a batch into a group
 * @group: the group
 * @batch: what came; it is not needed afterwards
 * @part: set to the station's part in the group, which says whether it was refused
 * @err: told what went wrong
 *
 * Return: 0, be it taken or refused with evidence; what hub_is_refusal() knows: nothing is
 * kept of it, and the group goes on; -ECONNRESET, -EIO: the group is lost, and may be
 * tried again.
 */
int hub_take(struct hub_group *group, const struct tb_batch *batch, struct hub_part **part,
	     struct tb_error *err)
{
	struct taking taking = { .group = group, .batch = batch };
	int ret = hub_group_part(group, batch->proof.checkpoint.origin, part, err);

	if (ret)
		return ret;
	taking.part = *part;
	taking.tree = taking.part->station.tree;
	ret = look(&taking, err);
	if (!ret && !taking.refused)
		return accept_batch(&taking, err);
	/* What was folded goes again; nothing is flushed behind it. */
	if (taking.tree.size != taking.part->station.tree.size) {
		group->records.len = taking.records;
		group->nodes.len = taking.nodes;
	}
	if (ret)
		return ret;
	taking.part->refused = taking.refused;
	return write_evidence(&taking, err);
}

/**
 * hub_is_refusal() - is it what came that is wrong, or the hub?
 * @code: what hub_take() or tb_batch_read() returned
 *
 * Return: whether a station is to be told so.
 */
bool hub_is_refusal(int code)
{
	return code == -EINVAL || code == -ENOENT || code == -EKEYREJECTED;
}
