// SPDX-License-Identifier: GPL-2.0-only
/* The answers: org.tongbu.Referee. What the records came to. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "export.h"
#include "hex.h"
#include "house.h"
#include "generated/referee_interface.h"
#include "query.h"
#include "timefmt.h"

/* A blob in base64, and what stands around it */
#define LARGE_MAX (12UL * 1024 * 1024)

/* The referee, or NULL after telling why there is none */
static struct tb_referee *referee_of(struct tb_house *house, struct tb_error *err)
{
	struct tb_referee *referee = tb_fold_referee(house->fold);
	const char *trouble = tb_fold_trouble(house->fold);

	if (!referee && house->fold)
		tb_error_set(err, -EIO, "the state cannot be read now: %s",
			     trouble ? trouble : "it is being opened");
	else if (!referee)
		tb_error_set(err, -ENOENT,
			     "no packs are configured: name some in tongbu.conf, as packs = ( \"market\" );");
	return referee;
}

/* The chain the fold has come to, and the number of its last record that is folded */
static json_t *position(const struct tb_house *house)
{
	char text[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	uint8_t chain[TONGBU_CHAIN_LEN];
	json_int_t last = tb_fold_position(house->fold, chain);

	return json_pack("{s:s, s:I}", "chain", tb_hex_encode(text, chain, sizeof(chain)),
			 "position", last);
}

static int get_status(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters)
{
	const struct tb_house *house = userdata;
	const struct tb_config *config = house->config;
	char started[TB_TIME_SIZE];
	json_t *status, *packs = json_array();
	size_t i;

	(void)call, (void)parameters;
	for (i = 0; i < config->pack_count; i++)
		json_array_append_new(packs, json_string(config->packs[i]));
	status = json_pack("{s:s, s:i, s:s, s:i, s:s, s:o, s:b, s:s?}", "version", TONGBU_VERSION,
			   "pid", (int)getpid(), "started", tb_time_format(house->started, started),
			   "zone", config->zone, "state", config->state, "packs", packs,
			   "caught_up", !config->pack_count || tb_fold_caught_up(house->fold),
			   "trouble", tb_fold_trouble(house->fold));
	json_object_set_new(status, "remaking", tb_fold_remaking(house->fold) ?: json_null());
	if (tb_fold_referee(house->fold))
		json_object_set_new(status, "unlisted",
				    tb_referee_unlisted(tb_fold_referee(house->fold)));
	json_object_update_new(status, position(house));
	return tb_conn_reply(conn, json_pack("{s:o}", "status", status), false);
}

static int query(void *userdata, struct tb_conn *conn, const json_t *call, const json_t *parameters)
{
	const char *what = json_string_value(json_object_get(parameters, "what"));
	const json_t *filter = json_object_get(parameters, "filter");
	struct tb_house *house = userdata;
	struct tb_referee *referee;
	json_t *rows, *reply;
	struct tb_error err;

	(void)call;
	if (!what)
		return tb_conn_invalid(conn, "what");
	referee = referee_of(house, &err);
	if (!referee || tb_referee_query(referee, what, json_is_null(filter) ? NULL : filter,
					 tb_conn_uid(conn), tb_conn_is_root(conn), &rows, &err))
		return tb_conn_failed(conn, &err);
	if (!strcmp(what, "matter"))
		tb_answer_mark_erased(house, rows);
	reply = json_pack("{s:o, s:i, s:s, s:s*}", "rows", rows, "zone", house->config->zone,
			  "rule", house->config->rule.rule, "trouble",
			  tb_fold_trouble(house->fold));
	json_object_set_new(reply, "remaking", tb_fold_remaking(house->fold) ?: json_null());
	json_object_update_new(reply, position(house));
	return tb_conn_reply(conn, reply, false);
}

/* A report or an export of a pack, @what names it; what came of it, or NULL after saying why */
static json_t *of_pack(struct tb_house *house, struct tb_conn *conn, const json_t *parameters,
		       const char *what,
		       int (*make)(struct tb_referee *referee, const char *pack, const char *name,
				   const json_t *query, int64_t viewer, bool sees_all,
				   json_t **made, struct tb_error *err),
		       int *ret)
{
	const char *pack = json_string_value(json_object_get(parameters, "pack"));
	const char *name = json_string_value(json_object_get(parameters, what));
	json_t *asked = json_object_get(parameters, "query"), *made = NULL;
	struct tb_referee *referee;
	struct tb_error err;

	if (!pack || !name || (asked && !json_is_null(asked) && !json_is_object(asked))) {
		*ret = tb_conn_invalid(conn, !pack ? "pack" : !name ? what : "query");
		return NULL;
	}
	referee = referee_of(house, &err);
	asked = json_is_object(asked) ? json_incref(asked) : json_object();
	if (!referee || make(referee, pack, name, asked, tb_conn_uid(conn), tb_conn_is_root(conn),
			     &made, &err)) {
		*ret = tb_conn_failed(conn, &err);
		made = NULL;
	}
	json_decref(asked);
	return made;
}

static int report(void *userdata, struct tb_conn *conn, const json_t *call,
		  const json_t *parameters)
{
	struct tb_house *house = userdata;
	json_t *rows;
	int ret = 0;

	(void)call;
	rows = of_pack(house, conn, parameters, "report", tb_referee_report, &ret);
	if (!rows)
		return ret;
	return tb_conn_reply(conn,
			     json_pack("{s:o, s:i, s:s}", "rows", rows, "zone", house->config->zone,
				       "rule", house->config->rule.rule),
			     false);
}

static int export(void *userdata, struct tb_conn *conn, const json_t *call,
		  const json_t *parameters)
{
	json_t *made;
	int ret = 0;

	(void)call;
	made = of_pack(userdata, conn, parameters, "export", tb_referee_export, &ret);
	return made ? tb_conn_reply(conn, made, false) : ret;
}

static int get_measures(void *userdata, struct tb_conn *conn, const json_t *call,
			const json_t *parameters)
{
	const struct tb_house *house = userdata;
	struct tb_referee *referee = tb_fold_referee(house->fold);

	(void)call, (void)parameters;
	return tb_conn_reply(conn,
			     json_pack("{s:o}", "measures",
				       referee ? tb_referee_measures(referee) : json_object()),
			     false);
}

static const struct tb_method methods[] = {
	{ "GetStatus", get_status },
	{ "Query", query },
	{ "Report", report },
	{ "Export", export },
	{ "GetMeasures", get_measures },
	{ "PutBlob", tb_answer_put_blob },
	{ "GetBlob", tb_answer_get_blob },
	{ "EraseSubject", tb_answer_erase_subject },
	{ NULL, NULL },
};

/**
 * tb_answers_service() - what may be asked of a referee
 * @house: the house, configured; kept
 * @service: set to it
 */
void tb_answers_service(struct tb_house *house, struct tb_service *service)
{
	*service = (struct tb_service){
		.program = "tongbu-referee",
		.interface = TB_REFEREE,
		.description = referee_interface_text,
		.methods = methods,
		.socket = house->config->referee_socket,
		.group = house->copy ? NULL : house->config->group,
		.large = LARGE_MAX,
		.userdata = house,
	};
}
