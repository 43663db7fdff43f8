// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hub that runs. What comes is taken in groups, and acknowledged when it is held. If
 * PostgreSQL is away, or not safe, the group waits: it is taken from the beginning when it
 * is back, and what was held of it without an answer is known again.
 *
 * Of several hubs on one database one takes, who has the lock; the others wait for it.
 */
#include "serve.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

/* Between tries, s */
#define AGAIN_S 1
/* A group that waits is kept from coming again */
#define HOUR 3600

/**
 * struct serving - a hub that runs
 * @hub: the hub; its connection is NULL while there is none
 * @config: its configuration
 * @queue: what comes, or NULL
 * @active: it has the lock
 * @hour: when there were tables for the coming month last, in hours
 * @said: what was logged last, so as not to repeat it
 */
struct serving {
	struct hub *hub;
	const struct hub_config *config;
	struct hub_queue *queue;
	bool active;
	time_t hour;
	char said[sizeof(((struct tb_error *)0)->text)];
};

static void say(struct serving *serving, const char *level, const char *text)
{
	sd_notifyf(0, "WATCHDOG=1\nSTATUS=%s", text);
	if (!strcmp(serving->said, text))
		return;
	snprintf(serving->said, sizeof(serving->said), "%s", text);
	tb_log(level, "%s", text);
}

/**
 * hub_answer() - what a station is told
 * @part: how it stands, after its group was held; or NULL if that is not known
 * @refused: why what it sent was refused, or NULL for what @part says
 *
 * Return: JSON, as batch.h has it.
 */
json_t *hub_answer(const struct hub_part *part, const char *refused)
{
	json_t *again = part && part->station.damaged >= 0 ?
				json_integer(part->station.damaged * TB_BLOCK) :
				json_null();

	return json_pack("{s:I, s:s?, s:s?, s:b, s:o}", "next",
			 (json_int_t)(part ? part->station.tree.size : 0), "note",
			 part ? part->note : NULL, "refused",
			 refused ?: (part ? part->refused : NULL), "mended", part && part->mended,
			 "again", again);
}

static void hang_up(struct serving *serving)
{
	PQfinish(serving->hub->db);
	serving->hub->db = NULL;
	serving->active = false;
}

/* Return: 0 if this hub has the database and the lock. */
static int be_active(struct serving *serving, struct tb_error *err)
{
	time_t hour = time(NULL) / HOUR;
	int ret = 0;

	if (!serving->hub->db)
		ret = hub_store_open(serving->config->database, &serving->hub->db, err);
	if (!ret && !serving->active) {
		ret = hub_store_lock(serving->hub->db, serving->config->bus.shard, &serving->active,
				     err);
		if (!ret && !serving->active)
			ret = tb_error_set(err, -EBUSY,
					   "another tongbu-hub receives records; this one waits to take over");
	} else if (!ret && serving->hour != hour) {
		ret = hub_store_months(serving->hub->db, err);
	}
	if (!ret)
		serving->hour = hour;
	else if (ret != -EBUSY)
		hang_up(serving);
	return ret;
}

/* The log's name, as the subject has it; who may send in whose name NATS says */
static const char *name_of(natsMsg *message)
{
	const char *point = strrchr(natsMsg_GetSubject(message), '.');

	return point ? point + 1 : "";
}

/* Return: 0; 1 if it was refused, and that was answered; or what loses the group. */
static int take(struct serving *serving, struct hub_group *group, natsMsg *message,
		struct tb_error *err)
{
	static struct tb_batch batch;
	char name[TB_SUBJECT_SIZE];
	struct hub_part *part;
	int ret = tb_batch_read((const uint8_t *)natsMsg_GetData(message),
				(size_t)natsMsg_GetDataLength(message), &batch, err);

	if (!ret && strcmp(tb_batch_subject(batch.proof.checkpoint.origin, name), name_of(message)))
		ret = tb_error_set(err, -EINVAL, "the checkpoint is of another log, %s",
				   batch.proof.checkpoint.origin);
	ret = ret ?: hub_take(group, &batch, &part, err);
	if (!ret && part->refused)
		tb_log_paced("%s of station %s: refused, and kept as evidence: tongbu-hub refused",
			     part->refused, part->station.key.name);
	tb_batch_clear(&batch);
	if (!hub_is_refusal(ret))
		return ret;
	tb_log_paced("refused: %s", err->text);
	hub_queue_answer(serving->queue, name_of(message), hub_answer(NULL, err->text));
	return 1;
}

static void answer_all(struct serving *serving, const struct hub_group *group)
{
	char name[TB_SUBJECT_SIZE];
	size_t i;

	for (i = 0; i < group->count; i++)
		hub_queue_answer(serving->queue,
				 tb_batch_subject(group->part[i].station.key.name, name),
				 hub_answer(&group->part[i], NULL));
}

static int take_group(struct serving *serving, natsMsg **messages, size_t count,
		      struct tb_error *err)
{
	struct hub_group *group;
	int ret = hub_group_begin(serving->hub, &group, err);
	size_t i;

	if (ret)
		return ret;
	for (i = 0; i < count && ret >= 0; i++)
		ret = take(serving, group, messages[i], err);
	if (ret >= 0)
		ret = hub_group_commit(group, err);
	if (!ret) {
		for (i = 0; i < count; i++)
			hub_queue_say(serving->queue, messages[i], "+ACK");
		answer_all(serving, group);
	}
	hub_group_end(group);
	return ret;
}

/*
 * One after another: what PostgreSQL cannot take is answered, and the others go on.
 * Return: 0, or what it waits for.
 */
static int take_each(struct serving *serving, natsMsg **messages, size_t count,
		     struct tb_error *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < count && (!ret || ret == -EIO); i++) {
		ret = take_group(serving, messages + i, 1, err);
		if (ret != -EIO && ret != -EBADMSG)
			continue;
		tb_log_paced("refused: %s", err->text);
		hub_queue_answer(serving->queue, name_of(messages[i]), hub_answer(NULL, err->text));
		hub_queue_say(serving->queue, messages[i], "+ACK");
		ret = 0;
	}
	return ret;
}

/* Messages that came are held, however long that takes; or this hub ends without an answer. */
static void hold(struct serving *serving, natsMsg **messages, size_t count)
{
	struct tb_error err;
	size_t i;
	int ret;

	while (!tb_bus_stopping) {
		ret = be_active(serving, &err);
		ret = ret ?: take_group(serving, messages, count, &err);
		if (ret == -EIO || ret == -EBADMSG)
			ret = take_each(serving, messages, count, &err);
		if (!ret)
			return;
		say(serving, SD_ERR, err.text);
		/* What can be wrong with a connection is over with another one. */
		if (ret != -EBUSY && ret != -EPERM)
			hang_up(serving);
		for (i = 0; i < count; i++)
			hub_queue_say(serving->queue, messages[i], "+WPI");
		sleep(AGAIN_S);
	}
}

static void turn(struct serving *serving)
{
	static natsMsg *messages[HUB_GROUP_MAX];
	size_t count = 0, i;
	struct tb_error err;
	int ret = be_active(serving, &err);

	if (!ret && !serving->queue)
		ret = hub_queue_open(serving->config, &serving->queue, &err);
	if (!ret)
		ret = hub_queue_next(serving->queue, messages, HUB_GROUP_MAX, &count, &err);
	if (ret == -ECONNRESET) {
		hub_queue_close(serving->queue);
		serving->queue = NULL;
	}
	if (ret) {
		say(serving, ret == -EBUSY ? SD_NOTICE : SD_WARNING, err.text);
		sleep(AGAIN_S);
		return;
	}
	if (count)
		hold(serving, messages, count);
	for (i = 0; i < count; i++)
		natsMsg_Destroy(messages[i]);
	say(serving, SD_NOTICE, "receives records");
}

/**
 * hub_serve() - take what comes, until a signal says to stop
 * @hub: the hub, with its key and no connection
 * @config: its configuration
 * @err: told what went wrong
 *
 * Return: 0, or a negative errno if it cannot go on.
 */
int hub_serve(struct hub *hub, const struct hub_config *config, struct tb_error *err)
{
	struct serving serving = { .hub = hub, .config = config };

	(void)err;
	tb_bus_signals();
	sd_notify(0, "READY=1");
	while (!tb_bus_stopping)
		turn(&serving);
	sd_notify(0, "STOPPING=1");
	hub_queue_close(serving.queue);
	return 0;
}
