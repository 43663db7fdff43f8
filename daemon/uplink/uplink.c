// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is sent, and when. The hub says how many entries it has; from there on they are
 * sent, some batches ahead of its answers. If it does not get further, what is behind that
 * is sent again: a message that was lost costs a few of them twice, which the hub knows.
 *
 * NATS is never asked whether it took something. If nothing comes back, the hub is asked
 * with a batch without entries, ever more rarely: its queue is not filled while it is away.
 */
#include "uplink.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "held.h"
#include "log.h"
#include "timefmt.h"

/* Batches that may be on their way */
#define WINDOW 64
/* Of a batch's bytes, what is left for head and proof */
#define HEAD_MAX     (4096 + TB_NOTE_MAX)

#define PATIENCE     (5 * TB_NSEC_PER_SEC)
#define PATIENCE_MAX (300 * TB_NSEC_PER_SEC)
#define AGAIN	     (3 * TB_NSEC_PER_SEC)
#define IDLE	     (600 * TB_NSEC_PER_SEC)
#define PAUSE	     (10 * TB_NSEC_PER_SEC)
#define PAUSE_MAX    (600 * TB_NSEC_PER_SEC)

static int name_subjects(struct uplink *up, struct tb_error *err)
{
	char name[TB_SUBJECT_SIZE];

	if (up->records[0])
		return strstr(up->records, tb_batch_subject(up->last.origin, name)) ?
			       0 :
			       tb_error_set(err, -EUCLEAN,
					    "the station has another log now, %s: restart tongbu-uplink",
					    up->last.origin);
	tb_batch_subject(up->last.origin, name);
	snprintf(up->records, sizeof(up->records), "%s%u.%s", TB_SUBJECT_RECORDS,
		 up->config->uplink.bus.shard, name);
	snprintf(up->told, sizeof(up->told), "%s%s", TB_SUBJECT_ANSWERS, name);
	return 0;
}

/**
 * uplink_look() - see what the station signed last
 * @up: the uplink; its ledger is opened if it was not
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if nothing was signed yet; or another negative errno.
 */
int uplink_look(struct uplink *up, struct tb_error *err)
{
	char *path = tb_beside(up->config->ledger, "checkpoint"), *text = NULL;
	struct tb_checkpoint checkpoint = { 0 };
	bool first = !up->log;
	int ret = path ? tb_text_load(path, &text, err) :
			 tb_error_set(err, -ENOMEM, "out of memory");

	free(path);
	if (text && up->last.note && !strcmp(up->last.note, text)) {
		free(text);
		text = NULL;
	}
	if (!ret && text) {
		ret = tb_checkpoint_parse(text, &checkpoint, err);
		if (!ret) {
			tb_checkpoint_clear(&up->last);
			up->last = checkpoint;
			ret = name_subjects(up, err);
		}
	}
	free(text);
	if (!ret && !up->log)
		ret = tb_log_open(up->config->ledger, up->config->archive, &up->log, err);
	if (!ret && first)
		uplink_held_load(up);
	return ret;
}

static void free_batch(struct tb_batch *batch)
{
	/* The checkpoint is the uplink's own. */
	batch->proof.checkpoint = (struct tb_checkpoint){ 0 };
	tb_batch_clear(batch);
}

/* Entries from @from on, as many as go into a batch; their bytes are copied. */
static int fill(struct uplink *up, uint64_t from, size_t count, struct tb_error *err)
{
	struct tb_batch *batch = &up->batch;
	const uint8_t *bytes;
	size_t used = 0, len;
	int ret = count ? tb_log_seek(up->log, from, err) : 0;

	batch->first = from;
	batch->sent = tb_time_now();
	batch->count = 0;
	while (!ret && batch->count < count) {
		ret = tb_log_next(up->log, &bytes, &len, err);
		if (!ret && !bytes)
			ret = tb_error_set(err, -EBADMSG,
					   "the ledger has fewer entries than were signed: it was cut, or restored from a backup");
		if (ret || !bytes || used + len + HEAD_MAX + 2 * count > sizeof(up->room))
			break;
		memcpy(up->room + used, bytes, len);
		batch->entry[batch->count] = up->room + used;
		batch->len[batch->count++] = len;
		used += len;
	}
	batch->proof = (struct tb_tlog_proof){ .is_old = true,
					       .number = from + batch->count,
					       .checkpoint = up->last };
	return ret   ?:
		       tb_log_growth(up->log, batch->proof.number, up->last.size,
				     &batch->proof.proof, err);
}

/* Return: bytes that were sent, or a negative errno. */
static int send_batch(struct uplink *up, uint64_t from, size_t count, struct tb_error *err)
{
	uint8_t *bytes = NULL;
	natsStatus status;
	size_t len = 0;
	int ret = fill(up, from, count, err);

	ret = ret ?: tb_batch_write(&up->batch, &bytes, &len, err);
	if (!ret) {
		status = natsConnection_Publish(tb_bus_nats(up->bus), up->records, bytes, (int)len);
		if (status != NATS_OK)
			ret = tb_error_set(err, -EIO, "NATS did not accept a message: %s",
					   natsStatus_GetText(status));
	}
	free(bytes);
	free_batch(&up->batch);
	return ret ?: (int)len;
}

/* The proof with it goes on from what the hub is known to have: it can judge that too. */
static void ask(struct uplink *up, uint64_t now)
{
	struct tb_error err;
	uint64_t from = up->next < up->last.size ? up->next : up->last.size;
	int ret = send_batch(up, from, 0, &err);

	up->asked_at = now;
	if (ret < 0)
		uplink_trouble(up, err.text);
}

/* So many bytes were sent: for how long is that enough? */
static void be_quiet(struct uplink *up, int bytes, uint64_t now)
{
	if (up->config->uplink.rate)
		up->quiet_until = now + (uint64_t)bytes * (uint64_t)TB_NSEC_PER_SEC /
						(1024ULL * up->config->uplink.rate);
}

static bool is_time(struct uplink *up, uint64_t now)
{
	uint64_t left = up->last.size - up->sent;

	if (now < up->paused_until || now < up->quiet_until)
		return false;
	if (!left || up->sent - up->next >= (uint64_t)WINDOW * up->config->uplink.batch)
		return false;
	if (left >= up->config->uplink.batch)
		return true;
	if (!up->waits_since)
		up->waits_since = now;
	return now - up->waits_since >= up->config->uplink.interval * TB_NSEC_PER_SEC;
}

static void send_some(struct uplink *up, uint64_t now)
{
	struct tb_error err;
	size_t count;
	int ret;

	while (is_time(up, now)) {
		count = up->config->uplink.batch;
		if (count > up->last.size - up->sent)
			count = (size_t)(up->last.size - up->sent);
		ret = send_batch(up, up->sent, count, &err);
		if (ret < 0) {
			uplink_trouble(up, err.text);
			up->paused_until = now + PAUSE;
			return;
		}
		if (up->sent == up->next)
			up->heard_at = up->asked_at = now;
		up->sent = up->batch.first + up->batch.count;
		up->waits_since = 0;
		be_quiet(up, ret, now);
	}
}

/**
 * uplink_send() - send what is due
 * @up: the uplink, connected, its ledger open and something signed
 */
void uplink_send(struct uplink *up)
{
	uint64_t now = tb_time_monotonic(), patience = up->sent > up->next ? up->patience : IDLE;

	if (!up->heard)
		patience = up->patience;
	if (!up->asked_at || (now - up->heard_at >= patience && now - up->asked_at >= patience &&
			      now >= up->paused_until)) {
		if (up->asked_at)
			up->patience = up->patience * 2 > PATIENCE_MAX ? PATIENCE_MAX :
									 up->patience * 2;
		if (up->asked_at && patience != IDLE)
			uplink_trouble(up,
				       "the hub does not answer: check that tongbu-hub is running");
		ask(up, now);
	}
	if (up->heard)
		send_some(up, now);
}

static void refused(struct uplink *up, const char *why, uint64_t now)
{
	char text[sizeof(up->trouble)];

	snprintf(text, sizeof(text), "the hub refused what was sent: %s", why);
	uplink_trouble(up, text);
	up->pause = up->pause ? up->pause * 2 : PAUSE;
	if (up->pause > PAUSE_MAX)
		up->pause = PAUSE_MAX;
	up->paused_until = now + up->pause;
	up->sent = up->next;
}

static void goes_on(struct uplink *up, uint64_t next, uint64_t now)
{
	bool more = next > up->next || !up->heard;

	if (more || next < up->next)
		up->went_on_at = now;
	if (next > up->sent || !up->heard || next < up->next)
		up->sent = next;
	/* It has no more than before: something was lost on the way. */
	if (!more && up->sent > next && now - up->went_on_at >= AGAIN) {
		up->sent = next;
		up->went_on_at = now;
	}
	up->next = next;
}

/* Damaged at the hub: it has the tree, and knows them if they come once more. */
static void send_again(struct uplink *up, uint64_t first, uint64_t now)
{
	uint64_t end = first + TB_BLOCK < up->next ? first + TB_BLOCK : up->next;
	struct tb_error err;
	int ret = 0, bytes = 0;

	if (up->again_at && now - up->again_at < AGAIN)
		return;
	up->again_at = now;
	/* Large ones do not all go into one message. */
	for (; first < end && ret >= 0; first += up->batch.count, bytes += ret)
		ret = send_batch(up, first, (size_t)(end - first), &err);
	if (ret < 0)
		uplink_trouble(up, err.text);
	else
		be_quiet(up, bytes, now);
}

/* The ledger is not that of which the hub has entries: the hub is shown, so that it knows. */
static void disagrees(struct uplink *up, uint64_t next, const struct tb_error *why, uint64_t now)
{
	bool first = now >= up->paused_until;

	uplink_trouble(up, why->text);
	if (!first)
		return;
	up->paused_until = now + PAUSE_MAX;
	up->next = next;
	ask(up, now);
}

/**
 * uplink_answered() - the hub said something
 * @up: the uplink, its ledger open
 * @text: JSON, as batch.h has it
 * @len: its bytes
 */
void uplink_answered(struct uplink *up, const char *text, size_t len)
{
	json_t *answer = json_loadb(text, len, 0, NULL);
	const char *why = json_string_value(json_object_get(answer, "refused"));
	const char *note = json_string_value(json_object_get(answer, "note"));
	json_t *next = json_object_get(answer, "next"), *again = json_object_get(answer, "again");
	uint64_t now = tb_time_monotonic();
	struct tb_error err;
	int ret;

	if (!json_is_integer(next) || json_integer_value(next) < 0) {
		tb_log_paced("%s", "a message that is not an answer of the hub was ignored");
		json_decref(answer);
		return;
	}
	up->heard_at = now;
	up->patience = PATIENCE;
	/* It may be of a checkpoint that was signed a moment ago. */
	ret = uplink_look(up, &err);
	if (!ret && note)
		ret = uplink_held_store(up, note, &err);
	if (!ret && (uint64_t)json_integer_value(next) > up->last.size)
		ret = tb_error_set(&err, -EUCLEAN,
				   "the hub has %" JSON_INTEGER_FORMAT
				   " entries, and the station signed for %" PRIu64
				   ": the ledger was cut, or restored from a backup",
				   json_integer_value(next), up->last.size);
	if (ret == -EUCLEAN || ret == -EBADMSG) {
		disagrees(up, (uint64_t)json_integer_value(next), &err, now);
	} else if (ret) {
		uplink_trouble(up, err.text);
		up->paused_until = now + PAUSE_MAX;
	} else if (why) {
		refused(up, why, now);
	} else {
		uplink_trouble(up, NULL);
		up->paused_until = up->pause = 0;
		goes_on(up, (uint64_t)json_integer_value(next), now);
		up->heard = true;
		if (json_is_integer(again) && json_integer_value(again) >= 0)
			send_again(up, (uint64_t)json_integer_value(again), now);
	}
	json_decref(answer);
}
