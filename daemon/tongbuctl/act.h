/* SPDX-License-Identifier: GPL-2.0-only */
/* Acts of packs: from words on the command line to the record and what came of it. */
#ifndef TONGBU_ACT_H
#define TONGBU_ACT_H

#include "ctl.h"

/**
 * struct act_options - how an act is submitted
 * @data: --json-data, or NULL
 * @wait: until it is known what came of it
 */
struct act_options {
	const char *data;
	bool wait;
};

bool act_waits(void);
int act_options(struct act_options *options, int argc, char **argv);
json_t *act_new(const char *pack, const char *kind);
json_t *act_fields(const char *pack, const char *kind);
int act_fill(json_t *act, const json_t *fields, const char *data, int argc, char **argv);
int act_submit(json_t *act, bool wait);

/* outcome.c */
int outcome_show(const json_t *row, int zone);

#endif /* TONGBU_ACT_H */
