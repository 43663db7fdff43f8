/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the ledger to a hub. The ledger is the queue: what the hub has not got yet is read
 * there, as often as it takes, so nothing is kept here but where the hub stands.
 */
#ifndef TONGBU_UPLINK_H
#define TONGBU_UPLINK_H

#include "batch.h"
#include "bus.h"
#include "ledger_log.h"

/**
 * struct uplink - how it stands between this station and its hub
 * @config: the configuration
 * @bus: the connection to NATS; NULL if there is none
 * @answers: what the hub says comes by it
 * @log: the ledger's log; NULL if it is not open
 * @last: the newest checkpoint of the station; without a note if there is none
 * @records: subject of entries
 * @told: subject of answers
 * @batch: what is sent next, its records in @room
 * @room: bytes of those
 * @held: entries that the hub signed for
 * @next: entries that it says it has
 * @sent: entries that were sent
 * @heard: it said how much it has, since the connection stands
 * @heard_at: when it last said anything; this and all times below are of CLOCK_MONOTONIC, ns
 * @went_on_at: when it last had more than before, or was sent the same again
 * @asked_at: when it was last asked
 * @patience: ns until it is asked again
 * @waits_since: when the first entry came that was not sent yet, or 0
 * @again_at: when damaged entries were last sent once more, or 0
 * @paused_until: nothing is sent before that: the hub refused
 * @pause: ns of that pause
 * @quiet_until: nothing is sent before that: no more bytes a second are allowed
 * @reach_at: when to try to connect
 * @reach_wait: ns until the try after that
 * @down_since: since when there is no server, or 0
 * @trouble: what is in the way, or empty
 */
struct uplink {
	const struct tb_config *config;
	struct tb_bus *bus;
	natsSubscription *answers;
	struct tb_log_reading *log;
	struct tb_checkpoint last;
	char records[sizeof(TB_SUBJECT_RECORDS) + TB_SUBJECT_SIZE + 4];
	char told[sizeof(TB_SUBJECT_ANSWERS) + TB_SUBJECT_SIZE];
	struct tb_batch batch;
	uint8_t room[TB_BATCH_MAX_BYTES];
	uint64_t held;
	uint64_t next;
	uint64_t sent;
	bool heard;
	uint64_t heard_at;
	uint64_t went_on_at;
	uint64_t asked_at;
	uint64_t patience;
	uint64_t waits_since;
	uint64_t again_at;
	uint64_t paused_until;
	uint64_t pause;
	uint64_t quiet_until;
	uint64_t reach_at;
	uint64_t reach_wait;
	uint64_t down_since;
	char trouble[sizeof(((struct tb_error *)0)->text)];
};

/* One turn */
void uplink_answered(struct uplink *up, const char *text, size_t len);
void uplink_send(struct uplink *up);
int uplink_look(struct uplink *up, struct tb_error *err);

/* What is kept for people and programs */
void uplink_held_load(struct uplink *up);
int uplink_held_store(struct uplink *up, const char *note, struct tb_error *err);
void uplink_trouble(struct uplink *up, const char *text);

#endif /* TONGBU_UPLINK_H */
