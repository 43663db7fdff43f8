// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the ledger while it is written. A cursor does a bounded piece of work
 * at each call, so that one long question never holds up the daemon.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ledger_priv.h"
#include "names.h"

/* Rows looked at in one call at the most */
#define ROWS_A_CALL 8192

/**
 * struct tb_cursor - a question under way
 * @reading: whose
 * @query: the question
 * @forward: rows after one, in order
 * @backward: rows before one, in reverse order
 * @next: id of the next row to look at
 * @last: id of the last row wanted
 * @first: id of the first row wanted, while looking for where to begin
 * @to_find: newest rows still to be found before it is known where to begin
 * @withheld: rows that would be told, were they not what others submitted
 * @archived: the archived chain it is in, or NULL
 * @chain: of the records last told
 */
struct tb_cursor {
	struct tb_reading *reading;
	struct tb_query query;
	sqlite3_stmt *forward;
	sqlite3_stmt *backward;
	sqlite3_int64 next;
	sqlite3_int64 last;
	sqlite3_int64 first;
	uint64_t to_find;
	uint64_t withheld;
	struct tb_archived_reading *archived;
	uint8_t chain[TONGBU_CHAIN_LEN];
};

static int copy_names(char ***to, char **from, size_t count)
{
	size_t i;

	*to = NULL;
	if (!count)
		return 0;
	*to = calloc(count, sizeof(**to));
	if (!*to)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		(*to)[i] = strdup(from[i]);
		if (!(*to)[i])
			return -ENOMEM;
	}
	return 0;
}

static int copy_list(uint32_t **to, const uint32_t *from, size_t count)
{
	*to = NULL;
	if (!count)
		return 0;
	*to = malloc(count * sizeof(**to));
	if (!*to)
		return -ENOMEM;
	memcpy(*to, from, count * sizeof(**to));
	return 0;
}

static int chain_number(struct tb_reading *reading, const struct tb_query *query, sqlite3_int64 *no,
			struct tb_error *err)
{
	sqlite3_stmt *stmt;
	int rc;

	if (sqlite3_prepare_v2(reading->db,
			       query->has_chain ? "SELECT no FROM chain WHERE id = ?" :
						  "SELECT ifnull(max(no), 0) FROM chain",
			       -1, &stmt, NULL) != SQLITE_OK)
		return tb_reading_failed(reading, err);
	if (query->has_chain)
		sqlite3_bind_blob(stmt, 1, query->chain, TONGBU_CHAIN_LEN, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	*no = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE)
		return tb_error_set(err, -ENOENT, "there is no such chain in the ledger");
	return rc == SQLITE_ROW ? 0 : tb_reading_failed(reading, err);
}

static int set_range(struct tb_cursor *cursor, struct tb_error *err)
{
	const struct tb_query *query = &cursor->query;
	uint64_t to = query->to < TB_LEDGER_SEQ_MAX ? query->to : TB_LEDGER_SEQ_MAX;
	sqlite3_int64 no = 0, archived;
	int ret;

	cursor->first = (sqlite3_int64)query->after;
	cursor->last = query->before ? (sqlite3_int64)query->before - 1 : INT64_MAX;
	if (!query->has_chain && !query->from && query->to == UINT64_MAX)
		return 0;
	ret = chain_number(cursor->reading, query, &no, err);
	if (ret)
		return ret;
	if (query->from > TB_LEDGER_SEQ_MAX)
		return tb_error_set(err, -EINVAL, "no record has a number as high as %llu",
				    (unsigned long long)query->from);
	ret = tb_reading_last_archived(cursor->reading, &archived, err);
	if (ret)
		return ret;
	if (query->limit && archived && no <= archived)
		return tb_error_set(err, -EINVAL,
				    "this chain is archived: ask for its records by their numbers, not for the newest so many");
	cursor->first = no << TB_LEDGER_SEQ_BITS | (sqlite3_int64)query->from;
	cursor->last = no << TB_LEDGER_SEQ_BITS | (sqlite3_int64)to;
	return 0;
}

/**
 * tb_cursor_open() - ask for records
 * @reading: the ledger
 * @query: which; copied
 * @cursor: set to the question under way; tb_cursor_close() ends it
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if there is no such chain; or another negative errno.
 */
int tb_cursor_open(struct tb_reading *reading, const struct tb_query *query,
		   struct tb_cursor **cursor, struct tb_error *err)
{
	struct tb_cursor *c = calloc(1, sizeof(*c));
	int ret;

	if (!c)
		return tb_error_set(err, -ENOMEM, "out of memory");
	c->reading = reading;
	c->query = *query;
	ret = copy_list(&c->query.kinds, query->kinds, query->kind_count);
	ret = copy_names(&c->query.sources, query->sources, query->source_count) ?: ret;
	ret = copy_list(&c->query.uids, query->uids, query->uid_count) ?: ret;
	if (ret) {
		tb_error_set(err, ret, "out of memory");
		goto err_close;
	}
	ret = set_range(c, err);
	if (ret)
		goto err_close;
	if (sqlite3_prepare_v2(reading->db,
			       "SELECT id, bytes FROM record WHERE id >= ? AND id <= ?"
			       " ORDER BY id LIMIT ?",
			       -1, &c->forward, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(reading->db,
			       "SELECT id, bytes FROM record WHERE id <= ? AND id >= ?"
			       " ORDER BY id DESC LIMIT ?",
			       -1, &c->backward, NULL) != SQLITE_OK) {
		ret = tb_reading_failed(reading, err);
		goto err_close;
	}
	c->to_find = query->limit;
	c->next = query->limit ? c->last : c->first;
	*cursor = c;
	return 0;

err_close:
	tb_cursor_close(c);
	return ret;
}

static bool listed(const uint32_t *list, size_t count, uint32_t value)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (list[i] == value)
			return true;
	return !count;
}

static bool named(const struct tb_query *query, const struct tb_record *rec)
{
	const char *name;
	size_t i;

	if (!query->source_count)
		return true;
	name = tb_names_find(query->names, rec->chain, rec->source);
	for (i = 0; name && i < query->source_count; i++)
		if (!strcmp(query->sources[i], name))
			return true;
	return false;
}

static bool wanted(const struct tb_query *query, const struct tb_record *rec)
{
	return rec->realtime >= query->since && rec->realtime <= query->until &&
	       listed(query->kinds, query->kind_count, rec->kind) &&
	       listed(query->uids, query->uid_count, rec->uid) && named(query, rec);
}

/* What others submitted is not for everybody. */
static bool for_others(const struct tb_query *query, const struct tb_record *rec)
{
	return query->own_acts && rec->kind == TONGBU_KIND_ACT && rec->uid != query->self;
}

/* Return: false if there is no room for it. */
static bool take(struct tb_cursor *cursor, const struct tb_record *rec, uint8_t *buf, size_t room,
		 size_t *len)
{
	if (!wanted(&cursor->query, rec))
		return true;
	if (for_others(&cursor->query, rec)) {
		cursor->withheld++;
		return true;
	}
	if (rec->size > room - *len ||
	    (*len && memcmp(cursor->chain, rec->chain, TONGBU_CHAIN_LEN)))
		return false;
	memcpy(cursor->chain, rec->chain, TONGBU_CHAIN_LEN);
	memcpy(buf + *len, rec->bytes, rec->size);
	*len += rec->size;
	return true;
}

/* Where do the newest so many begin? Found by walking back, a piece at a time. */
static int find_begin(struct tb_cursor *cursor, sqlite3_int64 first, struct tb_error *err)
{
	sqlite3_stmt *stmt = cursor->backward;
	struct tb_record rec;
	int rows = 0, rc = SQLITE_DONE, ret = 0;

	sqlite3_bind_int64(stmt, 1, cursor->next);
	sqlite3_bind_int64(stmt, 2, first);
	sqlite3_bind_int64(stmt, 3, ROWS_A_CALL);
	while (!ret && cursor->to_find && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		ret = tb_reading_row(cursor->reading, stmt, &rec, err);
		if (!ret && wanted(&cursor->query, &rec) && !for_others(&cursor->query, &rec))
			cursor->to_find--;
		cursor->next = sqlite3_column_int64(stmt, 0) - 1;
		rows++;
	}
	sqlite3_reset(stmt);
	if (!ret && rc != SQLITE_ROW && rc != SQLITE_DONE)
		ret = tb_reading_failed(cursor->reading, err);
	if (ret)
		return ret;
	if (rows < ROWS_A_CALL)
		cursor->to_find = 0;
	if (!cursor->to_find)
		cursor->next = rows ? cursor->next + 1 : first;
	return 0;
}

static int next_rows(struct tb_cursor *cursor, uint8_t *buf, size_t room, size_t *len, bool *end,
		     struct tb_error *err)
{
	sqlite3_stmt *stmt = cursor->forward;
	struct tb_record rec;
	int rows = 0, rc, ret = 0;

	sqlite3_bind_int64(stmt, 1, cursor->next);
	sqlite3_bind_int64(stmt, 2, cursor->last);
	sqlite3_bind_int64(stmt, 3, ROWS_A_CALL);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		ret = tb_reading_row(cursor->reading, stmt, &rec, err);
		if (ret || !take(cursor, &rec, buf, room, len))
			break;
		cursor->next = sqlite3_column_int64(stmt, 0) + 1;
		rows++;
	}
	sqlite3_reset(stmt);
	if (!ret && rc != SQLITE_ROW && rc != SQLITE_DONE)
		ret = tb_reading_failed(cursor->reading, err);
	*end = !ret && rc == SQLITE_DONE && rows < ROWS_A_CALL;
	return ret;
}

static void leave_archived(struct tb_cursor *cursor)
{
	tb_archived_close(cursor->archived);
	cursor->archived = NULL;
}

static int next_of_chain(struct tb_cursor *cursor, sqlite3_int64 no, uint8_t *buf, size_t room,
			 size_t *len, bool *found, struct tb_error *err)
{
	struct tb_record rec;
	int i, ret = 0;

	*found = true;
	for (i = 0; i < ROWS_A_CALL; i++) {
		ret = tb_archived_next(cursor->archived, cursor->next, found, &rec, err);
		if (ret || !*found)
			break;
		if ((no << TB_LEDGER_SEQ_BITS | (sqlite3_int64)rec.seq) > cursor->last) {
			*found = false;
			break;
		}
		if (!take(cursor, &rec, buf, room, len))
			break;
		cursor->next = (no << TB_LEDGER_SEQ_BITS | (sqlite3_int64)rec.seq) + 1;
	}
	return ret == -EAGAIN ? 0 : ret;
}

static int next_archived(struct tb_cursor *cursor, uint8_t *buf, size_t room, size_t *len,
			 bool *end, struct tb_error *err)
{
	sqlite3_int64 no = cursor->next >> TB_LEDGER_SEQ_BITS;
	bool found;
	int ret = 0;

	/* Numbers of chains begin at 1. */
	no = no ? no : 1;
	if (tb_archived_no(cursor->archived) != no) {
		leave_archived(cursor);
		ret = tb_archived_open(cursor->reading, no, &cursor->archived, err);
	}
	if (ret)
		return ret;
	ret = next_of_chain(cursor, no, buf, room, len, &found, err);
	tb_archived_rest(cursor->archived);
	/* What was told is told before the position leaves the chain. */
	if (ret || found || *len)
		return ret;
	leave_archived(cursor);
	cursor->next = (no + 1) << TB_LEDGER_SEQ_BITS;
	*end = cursor->next > cursor->last;
	return 0;
}

static int next_piece(struct tb_cursor *cursor, uint8_t *buf, size_t room, size_t *len, bool *end,
		      struct tb_error *err)
{
	sqlite3_int64 archived, first;
	int ret = tb_reading_last_archived(cursor->reading, &archived, err);

	if (ret)
		return ret;
	/* The first row that was not archived */
	first = archived ? (archived + 1) << TB_LEDGER_SEQ_BITS : 0;
	if (cursor->to_find)
		return find_begin(cursor, cursor->first > first ? cursor->first : first, err);
	if (cursor->next < first && cursor->query.archived)
		return next_archived(cursor, buf, room, len, end, err);
	if (cursor->next < first)
		cursor->next = first;
	return next_rows(cursor, buf, room, len, end, err);
}

/**
 * tb_cursor_next() - do a piece of work
 * @cursor: the question
 * @buf: where whole records of one chain go, back to back; tb_cursor_chain() tells
 *	which
 * @room: bytes there are, at least %TONGBU_RECORD_MAX
 * @len: set to the bytes put there; may be 0 without being the end
 * @end: set to whether all there is now has been told; asking again later tells
 *	what came since
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_cursor_next(struct tb_cursor *cursor, uint8_t *buf, size_t room, size_t *len, bool *end,
		   struct tb_error *err)
{
	sqlite3 *db = cursor->reading->db;
	int ret;

	*len = 0;
	*end = false;
	/* What is archived and what is not: as of one moment, also for other processes */
	if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return tb_reading_failed(cursor->reading, err);
	ret = next_piece(cursor, buf, room, len, end, err);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	return ret;
}

/**
 * tb_cursor_withheld() - how many records were kept back until now?
 * @cursor: the question
 *
 * Return: how many that were asked for others submitted (@own_acts of the query).
 */
uint64_t tb_cursor_withheld(const struct tb_cursor *cursor)
{
	return cursor->withheld;
}

/**
 * tb_cursor_chain() - of which chain were the records last told?
 * @cursor: the question
 *
 * Return: the chain's id, the cursor's own.
 */
const uint8_t *tb_cursor_chain(const struct tb_cursor *cursor)
{
	return cursor->chain;
}

/**
 * tb_cursor_position() - how far a question has come
 * @cursor: the question
 *
 * Return: id of the last row that was looked at.
 */
int64_t tb_cursor_position(const struct tb_cursor *cursor)
{
	return cursor->next - 1;
}

/**
 * tb_cursor_close() - end a question
 * @cursor: the question, or NULL
 */
void tb_cursor_close(struct tb_cursor *cursor)
{
	size_t i;

	if (!cursor)
		return;
	leave_archived(cursor);
	sqlite3_finalize(cursor->forward);
	sqlite3_finalize(cursor->backward);
	free(cursor->query.kinds);
	for (i = 0; cursor->query.sources && i < cursor->query.source_count; i++)
		free(cursor->query.sources[i]);
	free(cursor->query.sources);
	free(cursor->query.uids);
	free(cursor);
}
