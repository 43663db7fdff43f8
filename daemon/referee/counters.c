// SPDX-License-Identifier: GPL-2.0-only
#include "counters.h"

#include <stdio.h>
#include <string.h>

/**
 * tb_counters_find() - the highest number, if it is known
 * @counters: all of them
 * @sql: a string literal: asks for it
 * @key: for which part of the table
 *
 * Return: it, to be raised; NULL if it has to be asked for.
 */
int64_t *tb_counters_find(struct tb_counters *counters, const char *sql, const char *key)
{
	size_t i;

	for (i = 0; i < counters->count; i++)
		if (counters->all[i].sql == sql && !strcmp(counters->all[i].key, key))
			return &counters->all[i].now;
	return NULL;
}

/**
 * tb_counters_add() - the highest number was asked for
 * @counters: all of them
 * @sql: a string literal: asks for it
 * @key: for which part of the table
 * @now: it
 *
 * Return: it, to be raised.
 */
int64_t *tb_counters_add(struct tb_counters *counters, const char *sql, const char *key,
			 int64_t now)
{
	struct tb_counter *c;

	/* Too many parts: the first is asked for again when it is its turn. */
	if (counters->count < TB_COUNTERS)
		counters->count++;
	else
		memmove(counters->all, counters->all + 1,
			(TB_COUNTERS - 1) * sizeof(counters->all[0]));
	c = &counters->all[counters->count - 1];
	*c = (struct tb_counter){ .sql = sql, .now = now, .before = now };
	snprintf(c->key, sizeof(c->key), "%s", key);
	return &c->now;
}

/**
 * tb_counters_call() - a call begins, which may be undone
 * @counters: all of them
 */
void tb_counters_call(struct tb_counters *counters)
{
	size_t i;

	for (i = 0; i < counters->count; i++)
		counters->all[i].before = counters->all[i].now;
}

/**
 * tb_counters_undo() - the call has changed nothing
 * @counters: all of them
 */
void tb_counters_undo(struct tb_counters *counters)
{
	size_t i;

	for (i = 0; i < counters->count; i++)
		counters->all[i].now = counters->all[i].before;
}
