/* SPDX-License-Identifier: GPL-2.0-only */
/* The daemon's parts, together. */
#ifndef TONGBU_STATION_H
#define TONGBU_STATION_H

#include <systemd/sd-event.h>

#include "arming.h"
#include "checkpoint.h"
#include "config.h"
#include "feed.h"
#include "kernel.h"
#include "ledger.h"
#include "names.h"
#include "readers.h"
#include "room.h"
#include "server.h"

/**
 * struct tb_station - one daemon
 * @event: the event loop
 * @config_path: file of the configuration
 * @config: what it says
 * @kernel: the socket that owns the chain
 * @ledger: the ledger, to write
 * @signer: signs how the ledger's log stands
 * @reading: the ledger, to read
 * @names: what the sources are called
 * @names_after: row of the ledger up to which @names knows
 * @feed: records on their way
 * @arming: the configured sources, outputs and reflexes
 * @referee_uid: who may order clocks and outputs, beside root
 * @readers: who may read what everybody submitted
 * @moving: chains are moved out of the ledger, or back
 * @room: how much room the ledger takes
 * @service: what may be asked
 * @server: answers questions
 * @started: CLOCK_REALTIME at which the daemon was ready, ns
 * @failure: why it ends, if it does not end as asked
 */
struct tb_station {
	sd_event *event;
	const char *config_path;
	struct tb_config *config;
	struct tb_kernel *kernel;
	struct tb_ledger *ledger;
	struct tb_signer *signer;
	struct tb_reading *reading;
	struct tb_names *names;
	uint64_t names_after;
	struct tb_feed *feed;
	struct tb_arming *arming;
	uid_t referee_uid;
	struct tb_readers *readers;
	struct tb_room *room;
	bool moving;
	struct tb_service service;
	struct tb_server *server;
	uint64_t started;
	struct tb_error failure;
};

int tb_station_start(struct tb_station *station, sd_event *event, const char *config_path,
		     struct tb_error *err);
void tb_station_reload(struct tb_station *station);
void tb_station_stop(struct tb_station *station);

#endif /* TONGBU_STATION_H */
