/* SPDX-License-Identifier: GPL-2.0-only */
/* Folding given records in memory: what would come of them? docs/packs.md, "try". */
#ifndef TONGBU_TRY_H
#define TONGBU_TRY_H

#include <stdbool.h>
#include <stdio.h>

#include "error.h"
#include "zone.h"

/**
 * struct tb_try_options - how to try
 * @packs: directory with the packs
 * @blobs: directory with blobs the records name, or NULL
 * @names: packs in force from the beginning
 * @name_count: how many
 * @zone: the station's time zone, seconds east of UTC
 * @rule: the zone, or without a rule as @zone says
 * @quiet: print only what was expected and is not so
 */
struct tb_try_options {
	const char *packs;
	const char *blobs;
	char **names;
	size_t name_count;
	int zone;
	struct tb_zone rule;
	bool quiet;
};

/**
 * struct tb_try_result - what came of it
 * @lines: lines read
 * @records: records folded
 * @expected: expectations met
 * @missed: expectations not met
 */
struct tb_try_result {
	unsigned long lines;
	unsigned long records;
	unsigned long expected;
	unsigned long missed;
};

int tb_try(FILE *in, FILE *out, const struct tb_try_options *options, struct tb_try_result *result,
	   struct tb_error *err);

#endif /* TONGBU_TRY_H */
