// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages out of JetStream. The stream and its consumer are made if they are missing, as
 * after a loss of all servers: stations send again what is not held.
 *
 * Messages are pulled by hand. natsSubscription_Fetch() of libnats 3.4 writes behind its
 * array if messages of an earlier pull are still there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "serve.h"

#define CONSUMER "hub"
/* A message that was not acknowledged comes again after so long, ns */
#define ACK_WAIT 30000000000LL
/* A pull ends by itself after so long */
#define PULL_NS 10000000000LL
/* So many turns without a message, and it is looked after whether there is a stream */
#define QUIET 24
/* So long nothing has to come before a turn ends, ms */
#define WAIT_MS 500
/* So long the servers have to make a stream, ms */
#define MAKE_MS 15000

/**
 * struct hub_queue - what waits for this hub
 * @bus: the connection
 * @pulled: messages come by it
 * @inbox: its subject
 * @pull: where to ask for them
 * @wanted: how many are still to come of those that were asked for
 * @quiet: turns without a message
 * @config: the hub's configuration
 * @stream: name of the stream
 */
struct hub_queue {
	struct tb_bus *bus;
	natsSubscription *pulled;
	natsInbox *inbox;
	char pull[128];
	size_t wanted;
	unsigned int quiet;
	const struct hub_config *config;
	char stream[32];
};

static int make_stream(jsCtx *js, const struct hub_config *config, const char *stream,
		       struct tb_error *err)
{
	char subject[64];
	const char *subjects[] = { subject };
	jsStreamConfig wanted;
	jsStreamInfo *is = NULL;
	jsErrCode code = 0;
	natsStatus status;

	snprintf(subject, sizeof(subject), "%s%" PRIu32 ".*", TB_SUBJECT_RECORDS,
		 config->bus.shard);
	jsStreamConfig_Init(&wanted);
	wanted.Name = stream;
	wanted.Subjects = subjects;
	wanted.SubjectsLen = 1;
	wanted.Retention = js_WorkQueuePolicy;
	wanted.Storage = js_FileStorage;
	wanted.Discard = js_DiscardNew;
	wanted.MaxBytes = (int64_t)config->queue << 20;
	wanted.Replicas = config->replicas;
	status = js_GetStreamInfo(&is, js, stream, NULL, &code);
	if (status == NATS_NOT_FOUND)
		status = js_AddStream(NULL, js, &wanted, NULL, &code);
	/* Its room would be counted twice if it were made again as it is. */
	else if (status == NATS_OK && (is->Config->MaxBytes != wanted.MaxBytes ||
				       is->Config->Replicas != wanted.Replicas))
		status = js_UpdateStream(NULL, js, &wanted, NULL, &code);
	jsStreamInfo_Destroy(is);
	return status == NATS_OK ?
		       0 :
		       tb_error_set(err, -EAGAIN, "JetStream did not create the stream %s: %s (%d)",
				    stream, nats_GetLastError(NULL) ?: natsStatus_GetText(status),
				    (int)code);
}

static int make_consumer(jsCtx *js, const char *stream, struct tb_error *err)
{
	jsConsumerConfig wanted;
	jsErrCode code = 0;
	natsStatus status;

	jsConsumerConfig_Init(&wanted);
	wanted.Durable = CONSUMER;
	wanted.AckPolicy = js_AckExplicit;
	wanted.AckWait = ACK_WAIT;
	wanted.MaxAckPending = 16 * HUB_GROUP_MAX;
	status = js_AddConsumer(NULL, js, stream, &wanted, NULL, &code);
	return status == NATS_OK ?
		       0 :
		       tb_error_set(err, -EAGAIN,
				    "JetStream did not create a consumer of %s: %s (%d)", stream,
				    nats_GetLastError(NULL) ?: natsStatus_GetText(status),
				    (int)code);
}

static int make(struct hub_queue *queue, struct tb_error *err)
{
	jsCtx *js = NULL;
	jsOptions options;
	int ret;

	jsOptions_Init(&options);
	options.Wait = MAKE_MS;
	if (natsConnection_JetStream(&js, tb_bus_nats(queue->bus), &options) != NATS_OK)
		return tb_error_set(err, -ENOMEM, "JetStream: %s",
				    nats_GetLastError(NULL) ?: "no reason given");
	ret = make_stream(js, queue->config, queue->stream, err) ?:
		      make_consumer(js, queue->stream, err);
	jsCtx_Destroy(js);
	return ret;
}

static int subscribe(struct hub_queue *queue, struct tb_error *err)
{
	natsStatus status = natsInbox_Create(&queue->inbox);

	if (status == NATS_OK)
		status = natsConnection_SubscribeSync(&queue->pulled, tb_bus_nats(queue->bus),
						      queue->inbox);
	if (status == NATS_OK)
		status = natsSubscription_SetPendingLimits(queue->pulled, -1, -1);
	return status == NATS_OK ?
		       0 :
		       tb_error_set(err, -EAGAIN, "NATS: %s", natsStatus_GetText(status));
}

/**
 * hub_queue_open() - connect, and have a stream to take from
 * @config: the hub's configuration
 * @queue: set to it; hub_queue_close() ends it
 * @err: told what went wrong
 *
 * Return: 0; or a negative errno: it may be tried again.
 */
int hub_queue_open(const struct hub_config *config, struct hub_queue **queue, struct tb_error *err)
{
	struct hub_queue *q = calloc(1, sizeof(*q));
	int ret;

	if (!q)
		return tb_error_set(err, -ENOMEM, "out of memory");
	q->config = config;
	snprintf(q->stream, sizeof(q->stream), "TONGBU-%" PRIu32, config->bus.shard);
	snprintf(q->pull, sizeof(q->pull), "$JS.API.CONSUMER.MSG.NEXT.%s." CONSUMER, q->stream);
	ret = tb_bus_open(&config->bus, config->name, &q->bus, err);
	ret = ret ?: make(q, err);
	ret = ret ?: subscribe(q, err);
	if (ret)
		hub_queue_close(q);
	else
		*queue = q;
	return ret;
}

/**
 * hub_queue_close() - be done with it
 * @queue: the queue, or NULL; its messages were destroyed before
 */
void hub_queue_close(struct hub_queue *queue)
{
	if (!queue)
		return;
	natsSubscription_Destroy(queue->pulled);
	natsInbox_Destroy(queue->inbox);
	tb_bus_close(queue->bus);
	free(queue);
}

static natsStatus ask(struct hub_queue *queue)
{
	char body[80];
	natsStatus status;

	if (queue->wanted > HUB_GROUP_MAX)
		return NATS_OK;
	snprintf(body, sizeof(body), "{\"batch\":%d,\"expires\":%lld}", 2 * HUB_GROUP_MAX, PULL_NS);
	status = natsConnection_PublishRequest(tb_bus_nats(queue->bus), queue->pull, queue->inbox,
					       body, (int)strlen(body));
	if (status == NATS_OK)
		queue->wanted += 2UL * HUB_GROUP_MAX;
	return status;
}

/*
 * Is it of JetStream itself? Then it ends a pull, with so many that do not come; 503 says
 * that there is no such consumer.
 */
static bool is_control(struct hub_queue *queue, natsMsg *message)
{
	const char *status = NULL, *left = NULL;
	size_t less;

	if (natsMsg_GetDataLength(message) ||
	    natsMsgHeader_Get(message, "Status", &status) != NATS_OK)
		return false;
	less = natsMsgHeader_Get(message, "Nats-Pending-Messages", &left) == NATS_OK ?
		       strtoul(left, NULL, 10) :
		       queue->wanted;
	queue->wanted -= less < queue->wanted ? less : queue->wanted;
	if (!strcmp(status, "503"))
		queue->quiet = QUIET;
	return true;
}

/**
 * hub_queue_next() - messages that came
 * @queue: the queue
 * @messages: set to them; each is to be said a word, and destroyed
 * @max: how many at the most
 * @count: set to how many: 0 if none came for a while
 * @err: told what went wrong
 *
 * Return: 0; -ECONNRESET if it is to be opened anew; or another negative errno.
 */
int hub_queue_next(struct hub_queue *queue, natsMsg **messages, size_t max, size_t *count,
		   struct tb_error *err)
{
	natsMsg *message = NULL;
	natsStatus status;
	int ret;

	*count = 0;
	queue->quiet++;
	if (!tb_bus_is_up(queue->bus))
		return tb_error_set(err, -ECONNRESET, "NATS: %s", tb_bus_why(queue->bus));
	if (queue->quiet >= QUIET) {
		queue->quiet = 0;
		queue->wanted = 0;
		ret = make(queue, err);
		if (ret)
			return ret;
	}
	status = ask(queue);
	while (status == NATS_OK && *count < max) {
		status = natsSubscription_NextMsg(&message, queue->pulled, *count ? 2 : WAIT_MS);
		if (status != NATS_OK)
			break;
		if (is_control(queue, message)) {
			natsMsg_Destroy(message);
			if (!*count && queue->quiet < QUIET)
				status = ask(queue);
		} else {
			queue->quiet = 0;
			queue->wanted -= queue->wanted > 0;
			messages[(*count)++] = message;
		}
	}
	if (status == NATS_OK || status == NATS_TIMEOUT)
		return 0;
	return *count ? 0 : tb_error_set(err, -ECONNRESET, "NATS: %s", natsStatus_GetText(status));
}

/**
 * hub_queue_say() - what becomes of a message
 * @queue: the queue
 * @message: the message
 * @word: "+ACK", it is done; "+TERM", it is never to come again; "+WPI", it takes longer
 */
void hub_queue_say(struct hub_queue *queue, natsMsg *message, const char *word)
{
	const char *reply = natsMsg_GetReply(message);

	/* If it is lost, the message comes again, and is known. */
	if (reply)
		natsConnection_PublishString(tb_bus_nats(queue->bus), reply, word);
}

/**
 * hub_queue_answer() - tell a station
 * @queue: the queue
 * @name: the log's name, as tb_batch_subject() has it
 * @answer: what; its reference is taken
 */
void hub_queue_answer(struct hub_queue *queue, const char *name, json_t *answer)
{
	char subject[sizeof(TB_SUBJECT_ANSWERS) + TB_SUBJECT_SIZE];
	char *text = json_dumps(answer, JSON_COMPACT);

	snprintf(subject, sizeof(subject), "%s%s", TB_SUBJECT_ANSWERS, name);
	/* If it is lost, the station asks. */
	if (text)
		natsConnection_PublishString(tb_bus_nats(queue->bus), subject, text);
	free(text);
	json_decref(answer);
}
