/* SPDX-License-Identifier: GPL-2.0-only */
/* A hub that takes what comes by NATS, and its configuration: see tongbu-hub(8). */
#ifndef TONGBU_HUB_SERVE_H
#define TONGBU_HUB_SERVE_H

#include <jansson.h>

#include "bus.h"
#include "take.h"

#define HUB_CONFIG_PATH "/etc/tongbu-hub/hub.conf"

/**
 * struct hub_config - what the file says
 * @database: the database, as libpq has it
 * @key: file of the hub's key
 * @name: what the hub is called in what it signs, or NULL
 * @witness: what it is called as a witness of other logs, or NULL
 * @witness_key: file of the key for that
 * @bus: how NATS is reached
 * @replicas: servers of NATS that each message is on
 * @queue: MiB that wait in NATS at the most
 */
struct hub_config {
	char *database;
	char *key;
	char *name;
	char *witness;
	char *witness_key;
	struct tb_bus_config bus;
	uint32_t replicas;
	uint32_t queue;
};

int hub_config_load(const char *path, bool must, struct hub_config *config, struct tb_error *err);
int hub_config_instead(struct hub_config *config, const char *database, const char *key,
		       const char *name, struct tb_error *err);
void hub_config_clear(struct hub_config *config);

struct hub_queue;

int hub_queue_open(const struct hub_config *config, struct hub_queue **queue, struct tb_error *err);
void hub_queue_close(struct hub_queue *queue);
int hub_queue_next(struct hub_queue *queue, natsMsg **messages, size_t max, size_t *count,
		   struct tb_error *err);
void hub_queue_say(struct hub_queue *queue, natsMsg *message, const char *word);
void hub_queue_answer(struct hub_queue *queue, const char *name, json_t *answer);

json_t *hub_answer(const struct hub_part *part, const char *refused);
int hub_serve(struct hub *hub, const struct hub_config *config, struct tb_error *err);

#endif /* TONGBU_HUB_SERVE_H */
