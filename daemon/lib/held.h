/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is held elsewhere of a log: checkpoints, who signed them, and by what policy that
 * counts (tlog-policy of C2SP):
 *
 *	log VKEY [URL]
 *	witness NAME VKEY [URL]
 *	group NAME all|any|N NAME...
 *	quorum NAME|none
 */
#ifndef TONGBU_HELD_H
#define TONGBU_HELD_H

#include <stdio.h>

#include <jansson.h>

#include "note.h"
#include "record.h"

/* What others signed of a station's log, beside its ledger */
#define TB_HELD_FILE "held"

/* Logs in a policy; witnesses and groups in it */
#define TB_POLICY_MAX 64

/**
 * struct tb_cosigner - a witness that signed
 * @name: of its key
 * @time: when, s since 1970, as it says
 */
struct tb_cosigner {
	char name[TB_NOTE_NAME_SIZE];
	uint64_t time;
};

/**
 * struct tb_held - a checkpoint somebody kept
 * @checkpoint: the checkpoint
 * @by: witnesses of the policy that signed it
 * @by_count: how many
 * @agrees: the records that were verified are its log's, as far as it goes
 * @last: the last of them
 */
struct tb_held {
	struct tb_checkpoint checkpoint;
	struct tb_cosigner by[TB_POLICY_MAX];
	size_t by_count;
	bool agrees;
	struct tb_receipt last;
};

struct tb_policy;

int tb_policy_load(const char *path, struct tb_policy **policy, struct tb_error *err);
int tb_policy_parse(const char *text, struct tb_policy **policy, struct tb_error *err);
int tb_policy_judge(const struct tb_policy *policy, struct tb_held *held, struct tb_error *err);
const struct tb_vkey *tb_policy_key(const struct tb_policy *policy, size_t index);
void tb_policy_free(struct tb_policy *policy);

int tb_text_load(const char *path, char **text, struct tb_error *err);
json_t *tb_held_json(const struct tb_held *held);
void tb_held_text(const struct tb_held *held, FILE *out);
void tb_held_free(struct tb_held *held, size_t count);

#endif /* TONGBU_HELD_H */
