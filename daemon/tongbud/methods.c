// SPDX-License-Identifier: GPL-2.0-only
/* The answers: org.tongbu.Station. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hex.h"
#include "generated/station_interface.h"
#include "log.h"
#include "methods.h"
#include "timefmt.h"

/* Kinds, users or sources in one question: each row is compared with all */
#define LIST_MAX 1024
/* Records in one piece of an answer, bytes */
#define CHUNK (48 * 1024)

static json_t *kernel_json(const struct tb_kernel_info *info)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "version", info->version, "chain",
			 tb_hex_encode(chain, info->chain, TONGBU_CHAIN_LEN), "head",
			 tb_json_u64(info->head), "acked", tb_json_u64(info->acked), "lost",
			 tb_json_u64(info->lost), "refused", tb_json_u64(info->refused), "waits",
			 tb_json_u64(info->waits), "capacity", (json_int_t)info->capacity, "used",
			 (json_int_t)info->used, "high_water", (json_int_t)info->high_water, "acts",
			 (json_int_t)info->acts, "sources", (json_int_t)info->sources, "outputs",
			 (json_int_t)info->outputs, "reflexes", (json_int_t)info->reflexes,
			 "heartbeat", (json_int_t)info->heartbeat, "submit_rate",
			 (json_int_t)info->submit_rate);
}

static json_t *ledger_json(const struct tb_station *station)
{
	const struct tb_ledger_tail *tail = tb_ledger_tail(station->ledger);

	json_t *ledger = tb_room_json(station->room);

	json_object_update_new(ledger,
			       json_pack("{s:s, s:o, s:o, s:o}", "path", station->config->ledger,
					 "chains", tb_json_u64(tail->chains), "records",
					 tb_json_u64(tail->records), "next",
					 tb_json_u64(tail->next)));
	return ledger;
}

static int get_status(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters)
{
	struct tb_station *station = userdata;
	const char *trouble = tb_feed_trouble(station->feed) ?: tb_reading_damage(station->reading);
	struct tb_kernel_info info;
	char started[TB_TIME_SIZE];
	struct tb_error err;

	(void)call, (void)parameters;
	if (tb_kernel_info(station->kernel, &info, &err))
		return tb_conn_failed(conn, &err);
	return tb_conn_reply(conn,
			     json_pack("{s:{s:s, s:s, s:b, s:i, s:s, s:i, s:s?, s:o, s:o, s:o}}",
				       "status", "station", station->config->station, "version",
				       TONGBU_VERSION, "ready", 1, "pid", (int)getpid(), "started",
				       tb_time_format(station->started, started), "zone",
				       station->config->zone, "trouble", trouble, "ledger",
				       ledger_json(station), "log", tb_method_log_json(station),
				       "kernel", kernel_json(&info)),
			     false);
}

/* A rebuild will ask for it. */
static bool is_missing(const struct tb_station *station, const char *file)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", station->config->archive, file);
	return access(path, R_OK);
}

static json_t *chain_json(struct tb_station *station, const struct tb_ledger_chain *chain,
			  struct tb_error *err)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	json_t *json = NULL;
	uint8_t *genesis;
	char *text;
	size_t len;

	if (tb_reading_genesis(station->reading, chain->id, &genesis, &len, err))
		return NULL;
	tb_error_set(err, -ENOMEM, "out of memory");
	text = tb_base64_encode(genesis, len);
	if (text)
		json = json_pack("{s:s, s:o, s:o, s:s, s:s*}", "chain",
				 tb_hex_encode(id, chain->id, TONGBU_CHAIN_LEN), "first",
				 tb_json_u64(chain->first), "last", tb_json_u64(chain->last),
				 "genesis", text, "archived",
				 *chain->archived ? chain->archived : NULL);
	if (*chain->archived && is_missing(station, chain->archived))
		json_object_set_new(json, "missing", json_true());
	free(genesis);
	free(text);
	return json;
}

static int get_chains(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters)
{
	struct tb_station *station = userdata;
	struct tb_ledger_chain *chains;
	json_t *chain, *list = json_array();
	struct tb_error err;
	size_t count, i;

	(void)call, (void)parameters;
	if (tb_reading_chains(station->reading, &chains, &count, &err)) {
		json_decref(list);
		return tb_conn_failed(conn, &err);
	}
	for (i = 0; i < count; i++) {
		if (chains[i].empty)
			continue;
		/* Rather no list than one that lacks a chain */
		chain = chain_json(station, &chains[i], &err);
		if (json_array_append_new(list, chain)) {
			free(chains);
			json_decref(list);
			return tb_conn_failed(conn, &err);
		}
	}
	free(chains);
	return tb_conn_reply(conn, json_pack("{s:o}", "chains", list), false);
}

static int add_name(const uint8_t *chain, enum tb_named what, uint32_t number, const char *name,
		    void *userdata)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	json_t *entry;

	entry = json_pack("{s:s, s:s, s:I, s:s}", "chain",
			  tb_hex_encode(id, chain, TONGBU_CHAIN_LEN), "what", tb_named_word(what),
			  "number", (json_int_t)number, "name", name);
	/* A name that is not UTF-8 cannot be told this way. */
	if (entry)
		json_array_append_new(userdata, entry);
	return 0;
}

static int get_names(void *userdata, struct tb_conn *conn, const json_t *call,
		     const json_t *parameters)
{
	const struct tb_station *station = userdata;
	json_t *list = json_array();

	(void)call, (void)parameters;
	tb_names_each(station->names, add_name, list);
	return tb_conn_reply(conn, json_pack("{s:o}", "names", list), false);
}

static int get_numbers(const json_t *parameters, const char *key, uint32_t **list, size_t *count)
{
	const json_t *array = json_object_get(parameters, key);
	size_t i;

	if (!array || json_is_null(array) || !json_array_size(array))
		return array && !json_is_null(array) && !json_is_array(array) ? -EINVAL : 0;
	if (json_array_size(array) > LIST_MAX)
		return -EINVAL;
	*list = calloc(json_array_size(array), sizeof(**list));
	if (!*list)
		return -ENOMEM;
	*count = json_array_size(array);
	for (i = 0; i < *count; i++) {
		const json_t *number = json_array_get(array, i);

		if (!json_is_integer(number) || json_integer_value(number) < 0 ||
		    json_integer_value(number) > UINT32_MAX)
			return -EINVAL;
		(*list)[i] = (uint32_t)json_integer_value(number);
	}
	return 0;
}

static int get_words(const json_t *parameters, const char *key, char ***list, size_t *count)
{
	const json_t *array = json_object_get(parameters, key);
	size_t i;

	if (!array || json_is_null(array) || !json_array_size(array))
		return array && !json_is_null(array) && !json_is_array(array) ? -EINVAL : 0;
	if (json_array_size(array) > LIST_MAX)
		return -EINVAL;
	*list = calloc(json_array_size(array), sizeof(**list));
	if (!*list)
		return -ENOMEM;
	*count = json_array_size(array);
	/* Borrowed from the parameters, which outlive the query */
	for (i = 0; i < *count; i++) {
		(*list)[i] = (char *)json_string_value(json_array_get(array, i));
		if (!(*list)[i])
			return -EINVAL;
	}
	return 0;
}

static int get_u64(const json_t *parameters, const char *key, uint64_t *value)
{
	const json_t *number = json_object_get(parameters, key);

	if (!number || json_is_null(number))
		return 0;
	if (!json_is_integer(number) || json_integer_value(number) < 0)
		return -EINVAL;
	*value = (uint64_t)json_integer_value(number);
	return 0;
}

static int get_query(const json_t *parameters, struct tb_query *query, const char **wrong)
{
	const json_t *chain = json_object_get(parameters, "chain");

	*wrong = "chain";
	if (chain && !json_is_null(chain)) {
		if (!json_is_string(chain) ||
		    tb_hex_decode(json_string_value(chain), query->chain, TONGBU_CHAIN_LEN))
			return -EINVAL;
		query->has_chain = true;
	}
	/* Who names a chain wants it wherever it is. */
	query->archived = query->has_chain || json_is_true(json_object_get(parameters, "archived"));
	if (get_u64(parameters, *wrong = "from", &query->from) ||
	    get_u64(parameters, *wrong = "to", &query->to) ||
	    get_u64(parameters, *wrong = "since", &query->since) ||
	    get_u64(parameters, *wrong = "until", &query->until) ||
	    get_u64(parameters, *wrong = "limit", &query->limit) ||
	    get_numbers(parameters, *wrong = "kinds", &query->kinds, &query->kind_count) ||
	    get_numbers(parameters, *wrong = "uids", &query->uids, &query->uid_count) ||
	    get_words(parameters, *wrong = "sources", &query->sources, &query->source_count))
		return -EINVAL;
	return 0;
}

/**
 * struct reading - records on their way to who asked
 * @station: whose
 * @cursor: which
 * @follow: go on when there are no more for now
 * @told: that there are no more for now was told
 */
struct reading {
	struct tb_station *station;
	struct tb_cursor *cursor;
	bool follow;
	bool told;
};

static void close_reading(void *stream)
{
	struct reading *reading = stream;

	tb_cursor_close(reading->cursor);
	free(reading);
}

static int send_records(struct tb_conn *conn, struct reading *reading, const uint8_t *records,
			size_t len, bool end)
{
	char *text = tb_base64_encode(records, len), id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	/* Where there is none, the question has come to the last chain's end. */
	const uint8_t *chain = len ? tb_cursor_chain(reading->cursor) :
				     tb_ledger_tail(reading->station->ledger)->last.chain;
	int ret;

	if (!text)
		return -ENOMEM;
	ret = tb_conn_reply(conn,
			    json_pack("{s:s, s:s, s:I, s:b, s:I}", "records", text, "chain",
				      tb_hex_encode(id, chain, TONGBU_CHAIN_LEN), "position",
				      (json_int_t)tb_cursor_position(reading->cursor), "end", end,
				      "withheld", (json_int_t)tb_cursor_withheld(reading->cursor)),
			    reading->follow || !end);
	free(text);
	return ret;
}

static int next_records(struct tb_conn *conn, void *stream)
{
	static uint8_t chunk[CHUNK];
	struct reading *reading = stream;
	struct tb_error err;
	size_t len;
	bool end;
	int ret;

	ret = tb_cursor_next(reading->cursor, chunk, sizeof(chunk), &len, &end, &err);
	if (ret) {
		tb_log_paced("%s", err.text);
		return tb_conn_failed(conn, &err) ?: TB_NEXT_END;
	}
	/* That there is no more is told once, and again behind each record that comes. */
	if (len || (end && !reading->told))
		ret = send_records(conn, reading, chunk, len, end);
	reading->told = end;
	if (ret || !end)
		return ret ?: TB_NEXT_MORE;
	return reading->follow ? TB_NEXT_WAIT : TB_NEXT_END;
}

static const struct tb_stream_ops reading_ops = {
	.next = next_records,
	.close = close_reading,
};

/* The state of a referee may be ahead, if the ledger was restored from a backup. */
static int check_after(const struct tb_station *station, uint64_t after, struct tb_error *err)
{
	const struct tb_ledger_tail *tail = tb_ledger_tail(station->ledger);
	uint64_t next = tail->chain_no << TB_LEDGER_SEQ_BITS | tail->next;

	if (!after || after < next)
		return 0;
	return tb_error_set(err, -ERANGE, "the ledger ends before position %llu: it is another one",
			    (unsigned long long)after);
}

static int start_reading(struct tb_station *station, struct tb_conn *conn,
			 const struct tb_query *query, bool follow)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	struct tb_error err;
	int ret;

	if (!reading)
		return -ENOMEM;
	reading->station = station;
	reading->follow = follow;
	ret = tb_cursor_open(station->reading, query, &reading->cursor, &err);
	if (ret) {
		free(reading);
		return tb_conn_failed(conn, &err);
	}
	tb_conn_stream(conn, &reading_ops, reading);
	return 0;
}

static int read_records(void *userdata, struct tb_conn *conn, const json_t *call,
			const json_t *parameters)
{
	const json_t *after = json_object_get(parameters, "after");
	struct tb_station *station = userdata;
	struct tb_query query = TB_QUERY_ALL;
	uint64_t position = 0;
	const char *wrong;
	struct tb_error err;
	int ret;

	if (!json_is_true(json_object_get(call, "more")))
		return tb_conn_refuse(conn, "Invalid", "reason",
				      "Read answers in pieces: call it with \"more\"");
	query.names = station->names;
	query.self = tb_conn_uid(conn);
	query.own_acts = !tb_method_is_referee(station, conn) &&
			 !tb_readers_may(station->readers, query.self);
	if (query.own_acts && json_is_true(json_object_get(parameters, "whole")))
		return tb_conn_denied(conn, "all records, those of what others submitted too: %s",
				      tb_readers_why_not(station->readers));
	ret = get_query(parameters, &query, &wrong);
	if (!ret)
		ret = get_u64(parameters, wrong = "after", &position);
	if (ret)
		ret = tb_conn_invalid(conn, wrong);
	else if (check_after(station, position, &err))
		ret = tb_conn_refuse(conn, "Beyond", "reason", err.text);
	else {
		if (json_is_integer(after))
			query.after = position + 1;
		ret = start_reading(station, conn, &query,
				    json_is_true(json_object_get(parameters, "follow")));
	}
	free(query.kinds);
	free(query.uids);
	free(query.sources);
	return ret;
}

static const struct tb_method methods[] = {
	{ "GetStatus", get_status },
	{ "GetChains", get_chains },
	{ "GetNames", get_names },
	{ "Read", read_records },
	{ "GetClocks", tb_method_clocks },
	{ "ArmClocks", tb_method_arm },
	{ "SetOutput", tb_method_output },
	{ "PutInForce", tb_method_force },
	{ "SetReaders", tb_method_readers },
	{ "Archive", tb_method_archive },
	{ "Restore", tb_method_restore },
	{ "GetCheckpoint", tb_method_checkpoint },
	{ "ProveRecord", tb_method_prove },
	{ "ProveGrowth", tb_method_prove_old },
	{ "KeepCheckpoint", tb_method_keep },
	{ NULL, NULL },
};

/**
 * tb_methods_service() - what may be asked of a station
 * @station: the station, configured; kept
 * @service: set to it
 */
void tb_methods_service(struct tb_station *station, struct tb_service *service)
{
	*service = (struct tb_service){
		.program = "tongbud",
		.interface = TB_STATION,
		.description = station_interface_text,
		.methods = methods,
		.socket = station->config->socket,
		.group = station->config->group,
		.userdata = station,
	};
}
