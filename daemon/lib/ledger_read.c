// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the ledger while it is written. A cursor does a bounded piece of work
 * at each call, so that one long question never holds up the daemon.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "ledger_read.h"
#include "names.h"

/* Rows looked at in one call at the most */
#define ROWS_A_CALL 8192

/**
 * struct tb_reading - the reading side
 * @db: the database, read-only
 * @chain_of: finds the id of a chain by its number
 * @no: number of the chain last asked for, or 0
 * @chain: its id
 */
struct tb_reading {
	sqlite3 *db;
	sqlite3_stmt *chain_of;
	sqlite3_int64 no;
	uint8_t chain[TONGBU_CHAIN_LEN];
};

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
	uint8_t chain[TONGBU_CHAIN_LEN];
};

static int sql_error(struct tb_reading *reading, struct tb_error *err)
{
	return tb_error_set(err, -EIO, "the ledger cannot be read: %s",
			    sqlite3_errmsg(reading->db));
}

/**
 * tb_reading_open() - open a ledger for reading
 * @path: the file
 * @reading: set to it; tb_reading_close() closes it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_reading_open(const char *path, struct tb_reading **reading, struct tb_error *err)
{
	struct tb_reading *r = calloc(1, sizeof(*r));

	if (!r)
		return tb_error_set(err, -ENOMEM, "out of memory");
	if (sqlite3_open_v2(path, &r->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		tb_error_set(err, -EIO, "ledger %s: %s", path, sqlite3_errmsg(r->db));
		tb_reading_close(r);
		return -EIO;
	}
	*reading = r;
	return 0;
}

/**
 * tb_reading_close() - close it; no cursor is left
 * @reading: what tb_reading_open() gave, or NULL
 */
void tb_reading_close(struct tb_reading *reading)
{
	if (!reading)
		return;
	sqlite3_finalize(reading->chain_of);
	sqlite3_close(reading->db);
	free(reading);
}

/**
 * tb_reading_chains() - which chains are in the ledger, in order
 * @reading: the ledger
 * @chains: set to them; the caller frees it
 * @count: set to how many
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_reading_chains(struct tb_reading *reading, struct tb_ledger_chain **chains, size_t *count,
		      struct tb_error *err)
{
	struct tb_ledger_chain *list = NULL, *more;
	sqlite3_stmt *stmt;
	size_t n = 0;
	int rc;

	if (sqlite3_prepare_v2(reading->db,
			       "SELECT id, first_seq, (SELECT max(r.id) FROM record r"
			       " WHERE r.id >= no << 40 AND r.id < (no + 1) << 40)"
			       " FROM chain ORDER BY no",
			       -1, &stmt, NULL) != SQLITE_OK)
		return sql_error(reading, err);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		more = reallocarray(list, n + 1, sizeof(*list));
		if (!more || sqlite3_column_bytes(stmt, 0) != TONGBU_CHAIN_LEN)
			break;
		list = more;
		memset(&list[n], 0, sizeof(list[n]));
		memcpy(list[n].id, sqlite3_column_blob(stmt, 0), TONGBU_CHAIN_LEN);
		list[n].first = (uint64_t)sqlite3_column_int64(stmt, 1);
		list[n].empty = sqlite3_column_type(stmt, 2) == SQLITE_NULL;
		list[n].last = (uint64_t)sqlite3_column_int64(stmt, 2) & TB_LEDGER_SEQ_MAX;
		n++;
	}
	sqlite3_finalize(stmt);
	if (rc != SQLITE_DONE) {
		free(list);
		return sql_error(reading, err);
	}
	*chains = list;
	*count = n;
	return 0;
}

/**
 * tb_reading_genesis() - record 0 of a chain
 * @reading: the ledger
 * @id: the chain's id
 * @genesis: set to the record; the caller frees it
 * @len: set to its bytes
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if there is no such chain; or another negative errno.
 */
int tb_reading_genesis(struct tb_reading *reading, const uint8_t id[TONGBU_CHAIN_LEN],
		       uint8_t **genesis, size_t *len, struct tb_error *err)
{
	sqlite3_stmt *stmt;
	int rc, ret = 0;

	if (sqlite3_prepare_v2(reading->db, "SELECT genesis FROM chain WHERE id = ?", -1, &stmt,
			       NULL) != SQLITE_OK)
		return sql_error(reading, err);
	sqlite3_bind_blob(stmt, 1, id, TONGBU_CHAIN_LEN, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		*len = (size_t)sqlite3_column_bytes(stmt, 0);
		*genesis = malloc(*len);
		if (*genesis)
			memcpy(*genesis, sqlite3_column_blob(stmt, 0), *len);
		else
			ret = tb_error_set(err, -ENOMEM, "out of memory");
	} else if (rc == SQLITE_DONE) {
		ret = tb_error_set(err, -ENOENT, "there is no such chain in the ledger");
	} else {
		ret = sql_error(reading, err);
	}
	sqlite3_finalize(stmt);
	return ret;
}

/* Records do not say of which chain they are: their rows do. */
static int row_chain(struct tb_reading *reading, sqlite3_int64 id, struct tb_error *err)
{
	sqlite3_int64 no = id >> TB_LEDGER_SEQ_BITS;
	int ret = 0;

	if (no == reading->no)
		return 0;
	if (!reading->chain_of &&
	    sqlite3_prepare_v2(reading->db, "SELECT id FROM chain WHERE no = ?", -1,
			       &reading->chain_of, NULL) != SQLITE_OK)
		return sql_error(reading, err);
	sqlite3_bind_int64(reading->chain_of, 1, no);
	if (sqlite3_step(reading->chain_of) == SQLITE_ROW &&
	    sqlite3_column_bytes(reading->chain_of, 0) == TONGBU_CHAIN_LEN) {
		memcpy(reading->chain, sqlite3_column_blob(reading->chain_of, 0), TONGBU_CHAIN_LEN);
		reading->no = no;
	} else {
		ret = tb_error_set(err, -EBADMSG, "row %lld of the ledger is of no chain", id);
	}
	sqlite3_reset(reading->chain_of);
	return ret;
}

static int row_record(struct tb_reading *reading, sqlite3_stmt *stmt, struct tb_record *rec,
		      struct tb_error *err)
{
	int ret = row_chain(reading, sqlite3_column_int64(stmt, 0), err);

	if (ret)
		return ret;
	if (!tb_record_parse(sqlite3_column_blob(stmt, 1), (size_t)sqlite3_column_bytes(stmt, 1),
			     reading->chain, rec))
		return 0;
	return tb_error_set(err, -EBADMSG, "row %lld of the ledger is no record",
			    sqlite3_column_int64(stmt, 0));
}

/**
 * tb_reading_names() - learn what the sources are called
 * @reading: the ledger
 * @after: id of the last row taken in, 0 at first; updated
 * @names: what learns it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_reading_names(struct tb_reading *reading, uint64_t *after, struct tb_names *names,
		     struct tb_error *err)
{
	struct tb_record rec;
	sqlite3_stmt *stmt;
	int rc, ret = 0;

	if (sqlite3_prepare_v2(reading->db,
			       "SELECT r.id, r.bytes FROM armed JOIN record r ON"
			       " r.id = armed.record WHERE armed.record > ? ORDER BY armed.record",
			       -1, &stmt, NULL) != SQLITE_OK)
		return sql_error(reading, err);
	sqlite3_bind_int64(stmt, 1, (sqlite3_int64)*after);
	while (!ret && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		ret = row_record(reading, stmt, &rec, err);
		if (!ret && tb_names_learn(names, &rec))
			ret = tb_error_set(err, -ENOMEM, "out of memory");
		*after = (uint64_t)sqlite3_column_int64(stmt, 0);
	}
	if (!ret && rc != SQLITE_DONE)
		ret = sql_error(reading, err);
	sqlite3_finalize(stmt);
	return ret;
}

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
		return sql_error(reading, err);
	if (query->has_chain)
		sqlite3_bind_blob(stmt, 1, query->chain, TONGBU_CHAIN_LEN, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	*no = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE)
		return tb_error_set(err, -ENOENT, "there is no such chain in the ledger");
	return rc == SQLITE_ROW ? 0 : sql_error(reading, err);
}

static int set_range(struct tb_cursor *cursor, struct tb_error *err)
{
	const struct tb_query *query = &cursor->query;
	uint64_t to = query->to < TB_LEDGER_SEQ_MAX ? query->to : TB_LEDGER_SEQ_MAX;
	sqlite3_int64 no = 0;
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
		ret = sql_error(reading, err);
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

/* Where do the newest so many begin? Found by walking back, a piece at a time. */
static int find_begin(struct tb_cursor *cursor, struct tb_error *err)
{
	sqlite3_stmt *stmt = cursor->backward;
	struct tb_record rec;
	int rows = 0, rc = SQLITE_DONE, ret = 0;

	sqlite3_bind_int64(stmt, 1, cursor->next);
	sqlite3_bind_int64(stmt, 2, cursor->first);
	sqlite3_bind_int64(stmt, 3, ROWS_A_CALL);
	while (!ret && cursor->to_find && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		ret = row_record(cursor->reading, stmt, &rec, err);
		if (!ret && wanted(&cursor->query, &rec) && !for_others(&cursor->query, &rec))
			cursor->to_find--;
		cursor->next = sqlite3_column_int64(stmt, 0) - 1;
		rows++;
	}
	sqlite3_reset(stmt);
	if (!ret && rc != SQLITE_ROW && rc != SQLITE_DONE)
		ret = sql_error(cursor->reading, err);
	if (ret)
		return ret;
	if (rows < ROWS_A_CALL)
		cursor->to_find = 0;
	if (!cursor->to_find)
		cursor->next = rows ? cursor->next + 1 : cursor->first;
	return 0;
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
	sqlite3_stmt *stmt = cursor->forward;
	struct tb_record rec;
	int rows = 0, rc, ret = 0;

	*len = 0;
	*end = false;
	if (cursor->to_find)
		return find_begin(cursor, err);

	sqlite3_bind_int64(stmt, 1, cursor->next);
	sqlite3_bind_int64(stmt, 2, cursor->last);
	sqlite3_bind_int64(stmt, 3, ROWS_A_CALL);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		ret = row_record(cursor->reading, stmt, &rec, err);
		if (ret)
			break;
		if (!wanted(&cursor->query, &rec)) {
			/* looked at, and passed over */
		} else if (for_others(&cursor->query, &rec)) {
			cursor->withheld++;
		} else {
			if (rec.size > room - *len ||
			    (*len && memcmp(cursor->chain, rec.chain, TONGBU_CHAIN_LEN)))
				break;
			memcpy(cursor->chain, rec.chain, TONGBU_CHAIN_LEN);
			memcpy(buf + *len, rec.bytes, rec.size);
			*len += rec.size;
		}
		cursor->next = sqlite3_column_int64(stmt, 0) + 1;
		rows++;
	}
	sqlite3_reset(stmt);
	if (!ret && rc != SQLITE_ROW && rc != SQLITE_DONE)
		ret = sql_error(cursor->reading, err);
	*end = !ret && rc == SQLITE_DONE && rows < ROWS_A_CALL;
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
	sqlite3_finalize(cursor->forward);
	sqlite3_finalize(cursor->backward);
	free(cursor->query.kinds);
	for (i = 0; cursor->query.sources && i < cursor->query.source_count; i++)
		free(cursor->query.sources[i]);
	free(cursor->query.sources);
	free(cursor->query.uids);
	free(cursor);
}
