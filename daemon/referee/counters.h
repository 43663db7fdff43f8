/* SPDX-License-Identifier: GPL-2.0-only */
/* The highest numbers in tables whose changes wait. */
#ifndef TONGBU_COUNTERS_H
#define TONGBU_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#define TB_COUNTERS 64

/**
 * struct tb_counter - the highest number in a table
 * @sql: asks for it
 * @key: for which part of the table
 * @now: it
 * @before: what it was when the call began
 */
struct tb_counter {
	const char *sql;
	char key[64];
	int64_t now;
	int64_t before;
};

/**
 * struct tb_counters - all of them
 * @count: how many
 * @all: they
 */
struct tb_counters {
	size_t count;
	struct tb_counter all[TB_COUNTERS];
};

int64_t *tb_counters_find(struct tb_counters *counters, const char *sql, const char *key);
int64_t *tb_counters_add(struct tb_counters *counters, const char *sql, const char *key,
			 int64_t now);
void tb_counters_call(struct tb_counters *counters);
void tb_counters_undo(struct tb_counters *counters);

#endif /* TONGBU_COUNTERS_H */
