// SPDX-License-Identifier: GPL-2.0-only
/* A group of batches: one transaction, at whose end each station is cosigned once. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "take.h"

/**
 * hub_group_begin() - begin a group
 * @hub: the hub, which has the lock
 * @group: set to it; hub_group_end() ends it
 * @err: told what went wrong
 *
 * Return: 0; -EPERM if PostgreSQL is not safe; or another negative errno.
 */
int hub_group_begin(struct hub *hub, struct hub_group **group, struct tb_error *err)
{
	struct hub_group *g = calloc(1, sizeof(*g));
	int ret;

	if (!g)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = hub_store_safe(hub->db, err) ?: hub_exec(hub->db, "BEGIN", err);
	if (ret) {
		free(g);
		return ret;
	}
	g->hub = hub;
	*group = g;
	return 0;
}

/**
 * hub_group_part() - a station's part in a group
 * @group: the group
 * @origin: its log
 * @part: set to it; the group's own
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT for a station that is not registered; or another negative errno.
 */
int hub_group_part(struct hub_group *group, const char *origin, struct hub_part **part,
		   struct tb_error *err)
{
	struct hub_part *p;
	size_t i;
	int ret;

	for (i = 0; i < group->count; i++) {
		*part = &group->part[i];
		if (!strcmp((*part)->station.key.name, origin))
			return 0;
	}
	if (group->count == HUB_GROUP_MAX)
		return tb_error_set(err, -E2BIG, "more than %d stations in a group", HUB_GROUP_MAX);
	p = &group->part[group->count];
	ret = hub_station_load(group->hub->db, origin, &p->station, err);
	if (ret) {
		hub_station_clear(&p->station);
		memset(p, 0, sizeof(*p));
		return ret;
	}
	p->was = p->station.tree.size;
	p->sent = p->station.sent;
	group->count++;
	*part = p;
	return 0;
}

/**
 * hub_group_flush() - have PostgreSQL see the rows that wait
 * @group: the group
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_group_flush(struct hub_group *group, struct tb_error *err)
{
	PGconn *db = group->hub->db;

	return hub_copy_run(db, "tongbu.record (station, entry, bytes)", &group->records, err) ?:
		       hub_copy_run(db, "tongbu.tree (station, base, index, hash)", &group->nodes,
				    err);
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
static int cosign(const struct hub *hub, struct hub_part *part, struct tb_error *err)
{
	char *line;

	if (!part->last.note || part->last.size != part->station.tree.size ||
	    part->last.size <= part->station.size)
		return 0;
	line = tb_checkpoint_cosign(&part->last, &hub->key, hub->private, (uint64_t)time(NULL));
	if (!line || asprintf(&part->note, "%s%s", part->last.note, line) < 0)
		part->note = NULL;
	free(line);
	return part->note ? 0 : tb_error_set(err, -EIO, "libcrypto could not cosign a checkpoint");
}

static int write_station(PGconn *db, struct hub_part *part, struct tb_error *err)
{
	struct hub_station *station = &part->station;
	char id[16], next[24], old[24], sent[24], size[24];
	char *frontier = frontier_text(&station->tree);
	const char *const values[] = { id, next, old, frontier, sent, part->note, size };
	PGresult *result = NULL;
	int ret;

	snprintf(id, sizeof(id), "%d", station->id);
	snprintf(next, sizeof(next), "%" PRIu64, station->tree.size);
	snprintf(old, sizeof(old), "%" PRIu64, part->was);
	snprintf(sent, sizeof(sent), "%" PRIu64, part->sent);
	snprintf(size, sizeof(size), "%" PRIu64, part->note ? station->tree.size : station->size);
	ret = frontier ?
		      hub_query(db,
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
		ret = tb_error_set(err, -EAGAIN,
				   "another tongbu-hub has just stored records of station %s",
				   station->key.name);
	PQclear(result);
	return ret;
}

/**
 * hub_group_commit() - hold what was taken
 * @group: the group; what its stations are to be told is in its parts then
 * @err: told what went wrong
 *
 * Return: 0; -ECONNRESET, -EIO, -EAGAIN: nothing is held that is known of, and the same
 * batches may be taken again.
 */
int hub_group_commit(struct hub_group *group, struct tb_error *err)
{
	int ret = hub_group_flush(group, err);
	size_t i;

	for (i = 0; i < group->count && !ret; i++) {
		struct hub_part *part = &group->part[i];

		ret = cosign(group->hub, part, err) ?: write_station(group->hub->db, part, err);
		if (!ret && part->mended)
			ret = hub_station_damaged(group->hub->db, &part->station, err);
	}
	/* From here on it is held. */
	ret = ret ?: hub_exec(group->hub->db, "COMMIT", err);
	for (i = 0; i < group->count && !ret; i++) {
		struct hub_part *part = &group->part[i];

		if (!part->note) {
			part->note = part->station.note;
			part->station.note = NULL;
		}
	}
	return ret;
}

/**
 * hub_group_end() - be done with a group; what was not committed is as if it never was
 * @group: the group, or NULL
 */
void hub_group_end(struct hub_group *group)
{
	size_t i;

	if (!group)
		return;
	if (PQtransactionStatus(group->hub->db) != PQTRANS_IDLE)
		hub_exec(group->hub->db, "ROLLBACK", NULL);
	for (i = 0; i < group->count; i++) {
		hub_station_clear(&group->part[i].station);
		tb_checkpoint_clear(&group->part[i].last);
		free(group->part[i].checked);
		free(group->part[i].note);
	}
	free(group->records.bytes);
	free(group->nodes.bytes);
	free(group);
}
