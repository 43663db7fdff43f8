/* SPDX-License-Identifier: GPL-2.0-only */
/* The station's configuration, /etc/tongbu/tongbu.conf: see tongbu.conf(5). */
#ifndef TONGBU_CONFIG_H
#define TONGBU_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "kernel.h"
#include "note.h"
#include "zone.h"

#define TB_CONFIG_PATH "/etc/tongbu/tongbu.conf"

/**
 * struct tb_devices - what the station records and sets
 * @sources: the sources, each with %TONGBU_SOURCE_CONFIGURED
 * @values: what is to be read in what each of them tells, JSON as measure.h has it,
 *	or NULL
 * @source_count: how many
 * @outputs: the outputs, each with %TONGBU_OUTPUT_CONFIGURED
 * @output_count: how many
 * @reflexes: the reflexes, each with %TONGBU_REFLEX_CONFIGURED
 * @reflex_count: how many
 * @salt_file: file of the salt that codes are hashed with
 */
struct tb_devices {
	struct tb_source_def *sources;
	json_t **values;
	size_t source_count;
	struct tb_output_def *outputs;
	size_t output_count;
	struct tb_reflex_def *reflexes;
	size_t reflex_count;
	char *salt_file;
};

/**
 * struct tb_bus_config - how NATS is reached
 * @servers: addresses of its servers; NULL if it is not
 * @server_count: how many
 * @ca: file with the certificates that theirs are signed by, or NULL for the system's
 * @tls_name: name that their certificates bear, or NULL for that of the first address
 * @key: file of the key that says to them who this is
 * @shard: which hub of several
 */
struct tb_bus_config {
	char **servers;
	size_t server_count;
	char *ca;
	char *tls_name;
	char *key;
	uint32_t shard;
};

/**
 * struct tb_uplink_config - where records are held besides
 * @bus: by which servers they get there
 * @hub: the hub's public key; without a name if records go nowhere
 * @held: file of the last checkpoint that the hub signed, with its signature
 * @batch: entries in one message at the most
 * @interval: s that a few entries wait for others
 * @rate: KiB a second that may be sent; 0 for any
 */
struct tb_uplink_config {
	struct tb_bus_config bus;
	struct tb_vkey hub;
	char *held;
	uint32_t batch;
	uint32_t interval;
	uint32_t rate;
};

/**
 * struct tb_config - what the file says
 * @station: name of the station
 * @supervisor_key: file with the supervisor's public key
 * @ledger: file of the ledger
 * @ledger_budget: room it is meant to have, MiB; 0 for what the disk has
 * @archive: directory with the bundles of archived chains
 * @log_key: file of the key the log is signed with
 * @log_origin: name of the log, or NULL to make one of station and key
 * @log_policy: file of the policy by which signatures of others count, or NULL
 * @socket: path of tongbud's socket
 * @referee_socket: path of the referee's
 * @referee_user: name of the user whose referee may arm clocks and set outputs
 * @group: name of the group that may ask questions
 * @packs: names of the packs to fold through
 * @pack_count: how many
 * @packs_dir: directory with the packs
 * @state: file of the state
 * @kept: directory in which texts of packs are kept
 * @blobs: directory with blobs
 * @zone: the station's time zone, seconds east of UTC, now
 * @rule: the zone
 * @devices: sources, outputs, reflexes
 * @uplink: where records are held besides
 */
struct tb_config {
	char *station;
	char *supervisor_key;
	char *ledger;
	uint64_t ledger_budget;
	char *archive;
	char *log_key;
	char *log_origin;
	char *log_policy;
	char *socket;
	char *referee_socket;
	char *referee_user;
	char *group;
	char **packs;
	size_t pack_count;
	char *packs_dir;
	char *state;
	char *kept;
	char *blobs;
	int zone;
	struct tb_zone rule;
	struct tb_devices devices;
	struct tb_uplink_config uplink;
};

struct tb_config *tb_config_new(void);
int tb_config_load(const char *path, struct tb_config **config, struct tb_error *err);
char *tb_beside(const char *path, const char *name);
void tb_config_swap_devices(struct tb_config *a, struct tb_config *b);
void tb_config_swap_packs(struct tb_config *a, struct tb_config *b);
void tb_config_free(struct tb_config *config);

#endif /* TONGBU_CONFIG_H */
