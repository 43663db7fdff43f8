/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The referee: folds records through packs into state. Records go in; state and
 * effects come out, and nothing else has a part in it. docs/packs.md has the rules
 * as those who write them see them.
 *
 * engine.c folds; state.c keeps; pack.c loads, sandbox.c confines, schema.c checks
 * what people submit; api_*.c is what packs call.
 */
#ifndef TONGBU_REFEREE_H
#define TONGBU_REFEREE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "error.h"
#include "record.h"
#include "zone.h"

struct tb_referee;

enum tb_event_kind {
	TB_EVENT_TIME,
	TB_EVENT_ACT,
	TB_EVENT_EDGE,
	TB_EVENT_LOST,
	TB_EVENT_DEVICE,
	TB_EVENT_DUE,
	TB_EVENT_READER,
};

#define TB_NO_UID (-1)

/**
 * struct tb_event - one record, as packs see it
 * @kind: what it is
 * @record: its id, "7f3a91c2:17"
 * @time: CLOCK_REALTIME, seconds since 1970
 * @uid: who, or %TB_NO_UID
 * @act: what was submitted, or NULL
 * @source: name of the source, or NULL
 * @level: level of the line
 * @missed: an edge before it was missed
 * @line: of a serial port which modem line it was, dcd, cts, dsr or ri; else NULL
 * @count: events lost
 * @clock: id of the clock that is due: twice its number, and one more for the
 *	warning
 * @synced: the clock was synchronised
 * @word: of a device: what packs have a function for, "silent"
 * @fields: of a device: what else it tells, or NULL
 * @rec: of a device: the record, if it is to be read by a description; borrowed
 */
struct tb_event {
	enum tb_event_kind kind;
	const char *record;
	int64_t time;
	int64_t uid;
	json_t *act;
	const char *source;
	int level;
	bool missed;
	const char *line;
	uint64_t count;
	uint64_t clock;
	bool synced;
	const char *word;
	json_t *fields;
	const struct tb_record *rec;
};

/**
 * struct tb_referee_options - how a referee is to be
 * @state: file of the state; "" for one that is gone afterwards
 * @packs: directory with the packs
 * @kept: directory in which texts of packs are kept by their hash, or NULL
 * @blobs: directory with blobs, or NULL
 * @zone: the station's time zone, seconds east of UTC, until a record names another
 * @rule: the zone, where no record will name it; without a rule as @zone says
 * @now: whatever text of a pack a record names, take the one in the directory
 * @effect: told of each effect as it becomes part of the state, or NULL; borrows
 *	the object
 * @effects: names of those it wants to hear of, ended by NULL; or NULL for all
 * @userdata: for @effect
 */
struct tb_referee_options {
	const char *state;
	const char *packs;
	const char *kept;
	const char *blobs;
	int zone;
	struct tb_zone rule;
	bool now;
	void (*effect)(const json_t *effect, void *userdata);
	const char *const *effects;
	void *userdata;
};

bool tb_state_outdated(const char *path);
int tb_referee_open(const struct tb_referee_options *options, struct tb_referee **referee,
		    struct tb_error *err);
void tb_referee_close(struct tb_referee *referee);
void tb_referee_listen(struct tb_referee *referee, bool listen);
int tb_referee_use(struct tb_referee *referee, const char *name, struct tb_error *err);
int tb_referee_fold(struct tb_referee *referee, const struct tb_event *event, struct tb_error *err);
int tb_referee_begin(struct tb_referee *referee, struct tb_error *err);
int tb_referee_commit(struct tb_referee *referee, struct tb_error *err);
int64_t tb_referee_last(struct tb_referee *referee);
int tb_referee_set_last(struct tb_referee *referee, int64_t last, struct tb_error *err);
bool tb_referee_hash(struct tb_referee *referee, const char *name, char hash[65]);
int tb_referee_folder_hash(struct tb_referee *referee, const char *name, char hash[65],
			   struct tb_error *err);
int tb_referee_running(struct tb_referee *referee, int64_t id, int64_t *due, int64_t *warn);
int tb_referee_each_running(struct tb_referee *referee,
			    int (*each)(int64_t id, int64_t due, int64_t warn, void *userdata),
			    void *userdata);
int tb_referee_each_order(struct tb_referee *referee,
			  int (*each)(const char *output, int64_t value, const char *record,
				      void *userdata),
			  void *userdata);
const struct tb_zone *tb_referee_zone(const struct tb_referee *referee);
json_t *tb_referee_readers(struct tb_referee *referee);
json_t *tb_referee_measure(struct tb_referee *referee, const char *source);
json_t *tb_referee_measures(struct tb_referee *referee);
int tb_referee_snapshot(const char *path, const char *copy, int64_t *last, struct tb_error *err);
int tb_referee_compare(struct tb_referee *referee, const char *path, json_t **differences,
		       struct tb_error *err);
bool tb_referee_next_due(struct tb_referee *referee, int64_t *time, uint64_t *clock);
json_t *tb_referee_unlisted(struct tb_referee *r);
int tb_referee_report(struct tb_referee *referee, const char *pack, const char *report,
		      const json_t *query, int64_t viewer, bool sees_all, json_t **rows,
		      struct tb_error *err);

#endif /* TONGBU_REFEREE_H */
