// SPDX-License-Identifier: GPL-2.0-only
/* Questions to the ledger: the answers are what a plain loop would find. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "chain_maker.h"
#include "ledger.h"

#define FIRST  300U
#define SECOND 80U

static struct tb_key supervisor;
static struct chain *chains[2];
static struct tb_ledger *ledger;
static struct tb_reading *reading;
static struct tb_names *names;
static struct tb_error err;

/**
 * struct answer - what came back
 * @recs: the records, their bytes the answer's own
 * @count: how many
 * @bytes: of all of them
 */
struct answer {
	struct tb_record recs[FIRST + SECOND + 16];
	size_t count;
	uint8_t bytes[(FIRST + SECOND + 16) * TONGBU_RECORD_MAX];
};

static struct answer answer;

static int ask(const struct tb_query *query, size_t room)
{
	struct tb_cursor *cursor;
	size_t len = 0, got, at;
	bool end = false;
	int ret;

	answer.count = 0;
	ret = tb_cursor_open(reading, query, &cursor, &err);
	if (ret)
		return ret;
	while (!end) {
		assert_done(tb_cursor_next(cursor, answer.bytes + len, room, &got, &end, &err),
			    err);
		assert_true(got <= room);
		len += got;
		assert_true(len + room <= sizeof(answer.bytes));
	}
	tb_cursor_close(cursor);
	for (at = 0; at < len; at += answer.recs[answer.count++].size)
		answer.recs[answer.count] = parsed(answer.bytes + at, len - at);
	return 0;
}

static bool listed(const uint32_t *list, size_t count, uint32_t value)
{
	while (count--)
		if (*list++ == value)
			return true;
	return false;
}

static bool named(const struct tb_query *q, uint32_t source)
{
	static const char *const known[] = { "water", "door", "pump" };
	const char *name = source == TONGBU_SOURCE_RECORDER ? "recorder" :
			   source == TONGBU_SOURCE_PEOPLE   ? "people" :
							      known[source - TONGBU_SOURCE_FIRST];
	size_t i;

	for (i = 0; i < q->source_count; i++)
		if (!strcmp(q->sources[i], name))
			return true;
	return !q->source_count;
}

static bool wanted(const struct tb_query *q, const struct tb_record *rec, bool last_chain)
{
	bool numbered = q->has_chain || q->from || q->to != UINT64_MAX;

	if (q->has_chain ? memcmp(rec->chain, q->chain, TONGBU_CHAIN_LEN) != 0 :
			   numbered && !last_chain)
		return false;
	return rec->seq >= q->from && rec->seq <= q->to && rec->realtime >= q->since &&
	       rec->realtime <= q->until &&
	       (!q->kind_count || listed(q->kinds, q->kind_count, rec->kind)) &&
	       named(q, rec->source) && (!q->uid_count || listed(q->uids, q->uid_count, rec->uid));
}

/* The same question to the chains themselves; returns how many there are */
static size_t expect(const struct tb_query *query)
{
	const uint8_t *found[FIRST + SECOND];
	size_t count = 0, skip, i, seq;
	struct tb_record rec;

	for (i = 0; i < ARRAY_SIZE(chains); i++)
		for (seq = 0; seq < chains[i]->count; seq++) {
			rec = chain_record(chains[i], seq);
			if (wanted(query, &rec, i == ARRAY_SIZE(chains) - 1))
				found[count++] = rec.bytes;
		}
	skip = query->limit && count > query->limit ? count - query->limit : 0;
	assert_done(ask(query, 4 * TONGBU_RECORD_MAX), err);
	assert_int_equal(answer.count, count - skip);
	for (i = 0; i < answer.count; i++)
		assert_memory_equal(answer.recs[i].bytes, found[skip + i], answer.recs[i].size);
	return answer.count;
}

static void everything(void **state)
{
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	assert_int_equal(expect(&query), FIRST + SECOND);
	/* However little room there is at a time */
	assert_done(ask(&query, TONGBU_RECORD_MAX), err);
	assert_int_equal(answer.count, FIRST + SECOND);
	assert_done(ask(&query, sizeof(answer.bytes) / 2), err);
	assert_int_equal(answer.count, FIRST + SECOND);
}

static void by_chain(void **state)
{
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	query.has_chain = true;
	memcpy(query.chain, chains[0]->id, TONGBU_CHAIN_LEN);
	assert_int_equal(expect(&query), FIRST);
	query.from = 10;
	query.to = 19;
	assert_int_equal(expect(&query), 10);
	query.from = FIRST;
	query.to = UINT64_MAX;
	assert_int_equal(expect(&query), 0);
	memcpy(query.chain, chains[1]->id, TONGBU_CHAIN_LEN);
	query.from = 0;
	assert_int_equal(expect(&query), SECOND);
	query.chain[0] ^= 1;
	assert_int_equal(ask(&query, TONGBU_RECORD_MAX), -ENOENT);
	assert_contains(err.text, "no such chain");
}

static void by_number(void **state)
{
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	query.from = 70;
	assert_int_equal(expect(&query), SECOND - 70);
	query.from = 0;
	query.to = 4;
	assert_int_equal(expect(&query), 5);
	query.from = 5;
	assert_int_equal(expect(&query), 0);
	query.from = UINT64_MAX;
	query.to = UINT64_MAX;
	assert_int_equal(ask(&query, TONGBU_RECORD_MAX), -EINVAL);
}

static void by_kind(void **state)
{
	uint32_t kinds[] = { TONGBU_KIND_ACT, TONGBU_KIND_LOST };
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	query.kinds = kinds;
	query.kind_count = 1;
	assert_true(expect(&query) > 20);
	query.kind_count = 2;
	assert_true(expect(&query) > 40);
	kinds[0] = kinds[1] = 99;
	assert_int_equal(expect(&query), 0);
}

static void by_source(void **state)
{
	char door[] = "door", people[] = "people", none[] = "none";
	char *sources[] = { door, people };
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	query.names = names;
	query.sources = sources;
	query.source_count = 1;
	assert_true(expect(&query) > 50);
	query.source_count = 2;
	assert_true(expect(&query) > 70);
	sources[0] = sources[1] = none;
	assert_int_equal(expect(&query), 0);
}

static void names_are_learned_once(void **state)
{
	struct tb_names *again = tb_names_new();
	uint64_t after = 0, end;

	(void)state;
	assert_done(tb_reading_names(reading, &after, again, &err), err);
	assert_string_equal(tb_names_find(again, chains[0]->id, 16), "water");
	assert_string_equal(tb_names_find(again, chains[1]->id, 18), "pump");
	assert_null(tb_names_find(again, chains[0]->id, 19));
	tb_names_free(again);

	/* What was taken in before is not read again. */
	end = after;
	again = tb_names_new();
	assert_done(tb_reading_names(reading, &after, again, &err), err);
	assert_null(tb_names_find(again, chains[0]->id, 16));
	assert_true(after == end);
	tb_names_free(again);
}

static void by_user(void **state)
{
	uint32_t uids[] = { 1000, 1001 };
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	query.uids = uids;
	query.uid_count = 2;
	assert_true(expect(&query) > 20);
	uids[0] = 1001;
	assert_int_equal(expect(&query), 0);
	uids[0] = TONGBU_UID_NONE;
	assert_true(expect(&query) > 200);
}

/* Who may not read all has everything but what others submitted, and is told how much
 * that is.
 */
static void what_others_submitted(void **state)
{
	uint32_t acts[] = { TONGBU_KIND_ACT };
	struct tb_query query = TB_QUERY_ALL;
	struct tb_cursor *cursor;
	size_t all, len;
	bool end;

	(void)state;
	query.kinds = acts;
	query.kind_count = 1;
	all = expect(&query);
	assert_true(all > 20);
	query.own_acts = true;
	query.self = 1000;
	assert_done(ask(&query, 4 * TONGBU_RECORD_MAX), err);
	assert_int_equal(answer.count, all);
	query.self = 1001;
	query.limit = 7;
	assert_done(ask(&query, 4 * TONGBU_RECORD_MAX), err);
	assert_int_equal(answer.count, 0);
	query.limit = 0;
	query.kind_count = 0;
	assert_done(ask(&query, 4 * TONGBU_RECORD_MAX), err);
	assert_int_equal(answer.count, FIRST + SECOND - all);
	query.kind_count = 1;
	assert_done(tb_cursor_open(reading, &query, &cursor, &err), err);
	do
		assert_done(tb_cursor_next(cursor, answer.bytes, sizeof(answer.bytes), &len, &end,
					   &err),
			    err);
	while (!end);
	assert_int_equal(tb_cursor_withheld(cursor), all);
	tb_cursor_close(cursor);
}

static void by_time(void **state)
{
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	query.since = chain_record(chains[0], 100).realtime;
	assert_true(expect(&query) >= FIRST - 100);
	query.until = chain_record(chains[0], 100).realtime;
	assert_int_equal(expect(&query), 1);
	query.since++;
	query.until++;
	assert_int_equal(expect(&query), 0);
	query.since = 0;
	assert_int_equal(expect(&query), 101 + SECOND);
}

static void the_newest(void **state)
{
	uint32_t kinds[] = { TONGBU_KIND_HEARTBEAT };
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	for (query.limit = 1; query.limit < FIRST + SECOND + 3; query.limit += 7)
		expect(&query);
	query.limit = UINT64_MAX;
	assert_int_equal(expect(&query), FIRST + SECOND);
	query.kinds = kinds;
	query.kind_count = 1;
	for (query.limit = 1; query.limit < 50; query.limit++)
		expect(&query);
	query.limit = 3;
	assert_int_equal(expect(&query), 3);
	query.has_chain = true;
	memcpy(query.chain, chains[0]->id, TONGBU_CHAIN_LEN);
	query.from = 7;
	query.to = 100;
	assert_int_equal(expect(&query), 3);
	query.from = 91;
	assert_int_equal(expect(&query), 1);
}

static void all_at_once(void **state)
{
	uint32_t kinds[] = { TONGBU_KIND_EDGE };
	char water[] = "water", pump[] = "pump";
	char *sources[] = { water, pump };
	uint32_t uids[] = { TONGBU_UID_NONE };
	struct tb_query query = TB_QUERY_ALL;

	(void)state;
	query.kinds = kinds;
	query.sources = sources;
	query.names = names;
	query.uids = uids;
	query.kind_count = query.uid_count = 1;
	query.source_count = 2;
	query.since = chain_record(chains[0], 50).realtime;
	query.until = chain_record(chains[0], 250).realtime;
	query.limit = 11;
	assert_int_equal(expect(&query), 11);
}

/* The lists are the asker's: they may be gone when the answer comes. */
static void question_is_copied(void **state)
{
	uint32_t *kinds = malloc(sizeof(*kinds));
	struct tb_query query = TB_QUERY_ALL;
	struct tb_cursor *cursor;
	bool end = false;
	size_t len, i;

	(void)state;
	*kinds = TONGBU_KIND_GENESIS;
	query.kinds = kinds;
	query.kind_count = 1;
	assert_done(tb_cursor_open(reading, &query, &cursor, &err), err);
	free(kinds);
	/* Each answer is of one chain, and says of which */
	for (i = 0; i < ARRAY_SIZE(chains); i++) {
		assert_false(end);
		assert_done(tb_cursor_next(cursor, answer.bytes, sizeof(answer.bytes), &len, &end,
					   &err),
			    err);
		assert_int_equal(len, chain_size(chains[i], 0));
		assert_memory_equal(tb_cursor_chain(cursor), chains[i]->id, TONGBU_CHAIN_LEN);
	}
	assert_true(end);
	tb_cursor_close(cursor);
	tb_cursor_close(NULL);
}

/* An end is the end of now: what is committed later comes when asked again. */
static void what_comes_later(void **state)
{
	struct tb_query query = TB_QUERY_ALL;
	struct tb_cursor *cursor;
	size_t len, seq = chains[1]->count;
	bool end = false;

	(void)state;
	query.limit = 2;
	assert_done(tb_cursor_open(reading, &query, &cursor, &err), err);
	while (!end)
		assert_done(tb_cursor_next(cursor, answer.bytes, sizeof(answer.bytes), &len, &end,
					   &err),
			    err);
	assert_done(tb_cursor_next(cursor, answer.bytes, sizeof(answer.bytes), &len, &end, &err),
		    err);
	assert_true(end && !len);
	chain_heartbeat(chains[1]);
	assert_done(tb_ledger_append(ledger, chains[1]->bytes + chains[1]->at[seq],
				     chain_size(chains[1], seq), &err),
		    err);
	assert_done(tb_cursor_next(cursor, answer.bytes, sizeof(answer.bytes), &len, &end, &err),
		    err);
	assert_true(end && !len);
	assert_done(tb_ledger_commit(ledger, &err), err);
	assert_done(tb_cursor_next(cursor, answer.bytes, sizeof(answer.bytes), &len, &end, &err),
		    err);
	assert_int_equal(len, chain_size(chains[1], seq));
	assert_memory_equal(answer.bytes, chains[1]->bytes + chains[1]->at[seq], len);
	tb_cursor_close(cursor);
}

static void chains_and_their_record_0(void **state)
{
	struct tb_ledger_chain *list;
	uint8_t *genesis, id[TONGBU_CHAIN_LEN] = { 9 };
	size_t count, len, i;

	(void)state;
	assert_done(tb_reading_chains(reading, &list, &count, &err), err);
	assert_int_equal(count, 2);
	for (i = 0; i < count; i++) {
		assert_memory_equal(list[i].id, chains[i]->id, TONGBU_CHAIN_LEN);
		assert_int_equal(list[i].first, 0);
		assert_int_equal(list[i].last, chains[i]->count - 1);
		assert_false(list[i].empty);
		assert_done(tb_reading_genesis(reading, list[i].id, &genesis, &len, &err), err);
		assert_int_equal(len, chain_size(chains[i], 0));
		assert_memory_equal(genesis, chains[i]->bytes, len);
		free(genesis);
	}
	free(list);
	assert_int_equal(tb_reading_genesis(reading, id, &genesis, &len, &err), -ENOENT);
}

static void no_ledger(void **state)
{
	struct tb_reading *none = NULL;

	(void)state;
	assert_true(tb_reading_open(scratch_path("none.db"), &none, &err) < 0);
	assert_contains(err.text, "none.db");
	assert_null(none);
	tb_reading_close(NULL);
}

static void empty_ledger(void **state)
{
	struct tb_query query = TB_QUERY_ALL;
	struct tb_reading *full = reading;
	struct tb_ledger_chain *list;
	struct tb_ledger *empty;
	size_t count = 9;

	(void)state;
	assert_done(tb_ledger_open(scratch_path("e.db"), &empty, &err), err);
	assert_done(tb_reading_open(scratch_path("e.db"), &reading, &err), err);
	assert_done(ask(&query, TONGBU_RECORD_MAX), err);
	assert_int_equal(answer.count, 0);
	query.limit = 5;
	assert_done(ask(&query, TONGBU_RECORD_MAX), err);
	assert_int_equal(answer.count, 0);
	query.from = 1;
	assert_done(ask(&query, TONGBU_RECORD_MAX), err);
	assert_int_equal(answer.count, 0);
	assert_done(tb_reading_chains(reading, &list, &count, &err), err);
	assert_int_equal(count, 0);
	free(list);
	tb_reading_close(reading);
	tb_ledger_close(empty);
	reading = full;
}

/* More rows than are looked at in one call: the pieces must fit together. */
static void many_rows(void **state)
{
	struct chain *chain = chain_new(7, &supervisor, NULL);
	uint32_t kinds[] = { TONGBU_KIND_HEARTBEAT };
	struct tb_query query = TB_QUERY_ALL;
	struct tb_reading *full = reading;
	struct tb_ledger *big;
	size_t i;

	(void)state;
	chain_source(chain, 16, "water");
	for (i = 0; i < 9; i++)
		chain_heartbeat(chain);
	while (chain->count < 3 * 8192)
		chain_edge(chain, 16, chain->count & 1);
	chain_heartbeat(chain);
	assert_done(tb_ledger_open(scratch_path("big.db"), &big, &err), err);
	chain_keep(big, chain, 0, chain->count);
	assert_done(tb_reading_open(scratch_path("big.db"), &reading, &err), err);
	query.kinds = kinds;
	query.kind_count = 1;
	for (query.limit = 0; query.limit < 13; query.limit++) {
		assert_done(ask(&query, 8 * TONGBU_RECORD_MAX), err);
		assert_int_equal(answer.count, query.limit && query.limit < 10 ? query.limit : 10);
		assert_int_equal(answer.recs[answer.count - 1].seq, chain->count - 1);
	}
	tb_reading_close(reading);
	tb_ledger_close(big);
	chain_free(chain);
	reading = full;
}

static int make(void **state)
{
	size_t i;

	if (scratch_make(state) || tb_key_new(&supervisor, NULL) ||
	    tb_ledger_open(scratch_path("l.db"), &ledger, NULL))
		return -1;
	chains[0] = chain_new(1, &supervisor, NULL);
	chain_fill(chains[0], FIRST);
	chains[1] = chain_new(2, &supervisor, chains[0]);
	chain_fill(chains[1], SECOND);
	for (i = 0; i < ARRAY_SIZE(chains); i++)
		chain_keep(ledger, chains[i], 0, chains[i]->count);
	names = tb_names_new();
	return tb_reading_open(scratch_path("l.db"), &reading, NULL) ||
			       tb_reading_names(reading, &(uint64_t){ 0 }, names, NULL) ?
		       -1 :
		       0;
}

static int clear(void **state)
{
	tb_names_free(names);
	tb_reading_close(reading);
	tb_ledger_close(ledger);
	chain_free(chains[0]);
	chain_free(chains[1]);
	return scratch_remove(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything),
		cmocka_unit_test(by_chain),
		cmocka_unit_test(by_number),
		cmocka_unit_test(by_kind),
		cmocka_unit_test(by_source),
		cmocka_unit_test(names_are_learned_once),
		cmocka_unit_test(by_user),
		cmocka_unit_test(what_others_submitted),
		cmocka_unit_test(by_time),
		cmocka_unit_test(the_newest),
		cmocka_unit_test(all_at_once),
		cmocka_unit_test(question_is_copied),
		cmocka_unit_test(chains_and_their_record_0),
		cmocka_unit_test(no_ledger),
		cmocka_unit_test(empty_ledger),
		cmocka_unit_test(many_rows),
		/* Last: it adds a record */
		cmocka_unit_test(what_comes_later),
	};

	return cmocka_run_group_tests_name("ledger-query", tests, make, clear);
}
