/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A station of its own for each test: the module freshly loaded, a chain, a
 * reader; people to act as.
 */
#ifndef TONGBU_SELFTEST_STATION_H
#define TONGBU_SELFTEST_STATION_H

#include <linux/tongbu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lines.h"
#include "record_log.h"
#include "supervisor.h"
#include "tongbu_nl.h"

/* No heartbeat within a test, so that every record is one the test caused */
#define STATION_QUIET "heartbeat=3600000"

/**
 * struct station - what a test works with
 * @supervisor: whose chain it is
 * @nl: socket of the reader; owns the chain after station_attach()
 * @log: what it has read
 */
struct station {
	struct supervisor supervisor;
	struct tongbu_nl nl;
	struct record_log log;
};

/**
 * struct line - a source to be
 * @name: its name
 * @line: offset in %STATION_CHIP
 * @edges: enum tongbu_edges, or 0 to leave it out
 * @flags: enum tongbu_source_flag
 * @debounce: us
 * @type: enum tongbu_source_type, or 0 to leave it out
 * @silent: ms
 * @rate: events a second
 * @interval: ms
 */
struct line {
	const char *name;
	uint32_t line;
	uint8_t edges;
	uint32_t flags;
	uint32_t debounce;
	uint8_t type;
	uint32_t silent;
	uint32_t rate;
	uint32_t interval;
};

/**
 * struct source_state - how a source fares, as SOURCE_GET tells
 * @state: enum tongbu_source_state
 * @last: CLOCK_BOOTTIME of its last event, ns; 0 for none
 * @sealed: its records
 * @lost: its losses
 */
struct source_state {
	uint32_t state;
	uint64_t last;
	uint64_t sealed;
	uint64_t lost;
};

/**
 * struct outcome - what somebody's submission came to
 * @err: 0 or a negative errno
 * @text: the kernel's words if refused
 * @attr: attribute at fault, or 0
 * @pid: the process that submitted
 * @chain: its chain, from the receipt
 * @seq: number of the record
 * @tag: its tag
 * @realtime: its time
 */
struct outcome {
	int err;
	char text[256];
	int attr;
	pid_t pid;
	uint8_t chain[TONGBU_CHAIN_LEN];
	uint64_t seq;
	uint8_t tag[TONGBU_TAG_LEN];
	uint64_t realtime;
};

int station_load(const char *params);
int station_unload(void);
int station_end(void);
int station_unload_soon(void);

int station_prepare(struct station *station, const char *params);
int station_open(struct station *station, const char *params);
void station_close(struct station *station);
int station_start(struct station *station, const uint8_t *pubkey, size_t len);
int station_attach(struct station *station);
int station_read(struct station *station);
int station_ack(struct station *station);

int station_arm(struct station *station, const struct line *line);
int station_disarm(struct station *station, const char *name);
int station_source(struct station *station, uint32_t id, struct source_state *state);
const struct record *station_await(struct station *station, uint16_t kind, uint32_t source,
				   size_t nth);
uint64_t station_events(struct station *station);
uint64_t station_boottime(void);
uint64_t station_realtime(void);
void station_sleep_ms(long ms);
int station_put(const char *path, int flags, const char *value);
int station_probe(const char *group, const char *function, const char *args);

int station_submit(struct tongbu_nl *nl, uint8_t format, const void *data, size_t len,
		   struct outcome *outcome);
int station_submit_as(const char *user, uint8_t format, const void *data, size_t len,
		      struct outcome *outcome);
int station_submit_by(uid_t uid, struct outcome *outcome);
int station_become(const char *user);
int station_run_as(const char *user, int (*work)(void *arg), void *arg);
void *station_shared(size_t size);
uid_t station_uid(const char *user);
gid_t station_group(void);

#endif /* TONGBU_SELFTEST_STATION_H */
