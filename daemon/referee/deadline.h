/* SPDX-License-Identifier: GPL-2.0-only */
/* When a period ends, and a term of sentence. */
#ifndef TONGBU_DEADLINE_H
#define TONGBU_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include <lua.h>

struct tb_referee;

#define TB_SPANS_MAX 32

enum tb_unit { TB_DAYS, TB_WORKING_DAYS, TB_MONTHS, TB_SECONDS };

/**
 * struct tb_period - how long something may take
 * @spans: a number of a unit each: the period itself, then its extensions
 * @count: how many
 * @roll: its last day, where that is a day off, is the first working day behind it
 */
struct tb_period {
	struct {
		enum tb_unit unit;
		int64_t n;
	} spans[TB_SPANS_MAX];
	unsigned int count;
	bool roll;
};

/**
 * struct tb_due - when it ends
 * @at: seconds since 1970
 * @missing: the list of a year is not known on which this depends
 */
struct tb_due {
	int64_t at;
	bool missing;
};

bool tb_period_take(lua_State *L, int rule, int law, struct tb_period *period);
struct tb_due tb_period_end(struct tb_referee *r, const struct tb_period *period, int64_t day,
			    int64_t time);

#endif /* TONGBU_DEADLINE_H */
