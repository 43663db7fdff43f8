// SPDX-License-Identifier: GPL-2.0-only
/* The answers: org.varlink.service, and org.tongbu.Station. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hex.h"
#include "interface.h"
#include "methods.h"
#include "server.h"
#include "timefmt.h"

#define SERVICE TB_SERVICE
#define STATION TB_STATION

/* Kinds, users or sources in one question: each row is compared with all */
#define LIST_MAX 1024

/**
 * struct method - one method
 * @name: its name, with that of its interface
 * @open: anybody may call it
 * @call: does it
 */
struct method {
	const char *name;
	bool open;
	int (*call)(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters);
};

/**
 * tb_method_refuse() - do not answer, and say why
 * @conn: who asked
 * @err: the failure
 *
 * Return: 0 or -ENOMEM.
 */
int tb_method_refuse(struct tb_conn *conn, const struct tb_error *err)
{
	const char *name = STATION ".Failed";

	if (err->code == -ENOENT)
		name = STATION ".NotFound";
	else if (err->code == -EINVAL)
		name = STATION ".Invalid";
	else if (err->code == -EKEYREVOKED)
		name = STATION ".Erased";
	return tb_conn_refuse(conn, name, "reason", err->text);
}

static int get_info(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters)
{
	(void)station, (void)call, (void)parameters;
	return tb_conn_reply(conn,
			     json_pack("{s:s, s:s, s:s, s:s, s:[s, s]}", "vendor", "Tongbu",
				       "product", "tongbud", "version", TONGBU_VERSION, "url", "",
				       "interfaces", SERVICE, STATION),
			     false);
}

static int get_interface(struct tb_station *station, struct tb_conn *conn, const json_t *call,
			 const json_t *parameters)
{
	const char *name = json_string_value(json_object_get(parameters, "interface"));

	(void)station, (void)call;
	if (!name || strcmp(name, STATION))
		return tb_conn_refuse(conn, SERVICE ".InvalidParameter", "parameter", "interface");
	return tb_conn_reply(conn, json_pack("{s:s}", "description", station_interface), false);
}

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

	return json_pack("{s:s, s:o, s:o, s:o}", "path", station->config->ledger, "chains",
			 tb_json_u64(tail->chains), "records", tb_json_u64(tail->records), "next",
			 tb_json_u64(tail->next));
}

static int get_status(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters)
{
	const char *trouble = tb_feed_trouble(station->feed);
	struct tb_kernel_info info;
	char started[TB_TIME_SIZE];
	struct tb_error err;

	(void)call, (void)parameters;
	if (tb_kernel_info(station->kernel, &info, &err))
		return tb_method_refuse(conn, &err);
	return tb_conn_reply(conn,
			     json_pack("{s:{s:s, s:s, s:b, s:i, s:s, s:s?, s:o, s:o}}", "status",
				       "station", station->config->station, "version",
				       TONGBU_VERSION, "ready", 1, "pid", (int)getpid(), "started",
				       tb_time_format(station->started, started), "trouble",
				       trouble, "ledger", ledger_json(station), "kernel",
				       kernel_json(&info)),
			     false);
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
		json = json_pack("{s:s, s:o, s:o, s:s}", "chain",
				 tb_hex_encode(id, chain->id, TONGBU_CHAIN_LEN), "first",
				 tb_json_u64(chain->first), "last", tb_json_u64(chain->last),
				 "genesis", text);
	free(genesis);
	free(text);
	return json;
}

static int get_chains(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters)
{
	struct tb_ledger_chain *chains;
	json_t *chain, *list = json_array();
	struct tb_error err;
	size_t count, i;

	(void)call, (void)parameters;
	if (tb_reading_chains(station->reading, &chains, &count, &err)) {
		json_decref(list);
		return tb_method_refuse(conn, &err);
	}
	for (i = 0; i < count; i++) {
		if (chains[i].empty)
			continue;
		/* Rather no list than one that lacks a chain */
		chain = chain_json(station, &chains[i], &err);
		if (json_array_append_new(list, chain)) {
			free(chains);
			json_decref(list);
			return tb_method_refuse(conn, &err);
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

static int get_names(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		     const json_t *parameters)
{
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

static int read_records(struct tb_station *station, struct tb_conn *conn, const json_t *call,
			const json_t *parameters)
{
	struct tb_query query = TB_QUERY_ALL;
	struct tb_cursor *cursor;
	const char *wrong;
	struct tb_error err;
	int ret;

	if (!json_is_true(json_object_get(call, "more")))
		return tb_conn_refuse(conn, STATION ".Invalid", "reason",
				      "Read answers in pieces: call it with \"more\"");
	query.names = station->names;
	if (get_query(parameters, &query, &wrong))
		ret = tb_conn_refuse(conn, SERVICE ".InvalidParameter", "parameter", wrong);
	else if (tb_cursor_open(station->reading, &query, &cursor, &err))
		ret = tb_method_refuse(conn, &err);
	else {
		tb_conn_stream(conn, cursor, json_is_true(json_object_get(parameters, "follow")));
		ret = 0;
	}
	free(query.kinds);
	free(query.uids);
	free(query.sources);
	return ret;
}

static const struct method methods[] = {
	{ SERVICE ".GetInfo", true, get_info },
	{ SERVICE ".GetInterfaceDescription", true, get_interface },
	{ STATION ".GetStatus", false, get_status },
	{ STATION ".GetChains", false, get_chains },
	{ STATION ".GetNames", false, get_names },
	{ STATION ".GetMeasures", false, tb_method_measures },
	{ STATION ".Read", false, read_records },
	{ STATION ".Query", false, tb_method_query },
	{ STATION ".Report", false, tb_method_report },
	{ STATION ".PutBlob", false, tb_method_put_blob },
	{ STATION ".GetBlob", false, tb_method_get_blob },
	{ STATION ".EraseSubject", false, tb_method_erase_subject },
};

/**
 * tb_method_call() - answer one question
 * @station: what is asked about
 * @conn: who asks
 * @call: the question, an object with "method"
 * @allowed: the asker may ask about the station
 *
 * Return: 0, if it was answered or refused; a negative errno to hang up.
 */
int tb_method_call(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		   bool allowed)
{
	const char *name = json_string_value(json_object_get(call, "method"));
	const json_t *parameters = json_object_get(call, "parameters");
	char reason[256];
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(name, methods[i].name))
			continue;
		if (allowed || methods[i].open)
			return methods[i].call(station, conn, call, parameters);
		snprintf(reason, sizeof(reason),
			 "only root and members of the group %s may ask: usermod -a -G %s USER",
			 station->config->group, station->config->group);
		return tb_conn_refuse(conn, STATION ".Denied", "reason", reason);
	}
	return tb_conn_refuse(conn, SERVICE ".MethodNotFound", "method", name);
}
