// SPDX-License-Identifier: GPL-2.0-only
/* Archive and Restore: chains moved out of the ledger, and back, for root alone. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "hex.h"
#include "log.h"
#include "methods.h"

/**
 * struct carrying - chains on their way, and who asked
 * @station: whose
 * @moving: they
 * @uid: who asked
 */
struct carrying {
	struct tb_station *station;
	struct tb_moving *moving;
	uid_t uid;
};

static void close_carrying(void *stream)
{
	struct carrying *c = stream;

	tb_moving_free(c->moving);
	c->station->moving = false;
	free(c);
}

static int tell(struct tb_conn *conn, const struct tb_moved *moved, bool end)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	if (!strcmp(moved->step, "end"))
		return tb_conn_reply(conn, json_pack("{s:s}", "step", moved->step), false);
	return tb_conn_reply(conn,
			     json_pack("{s:s, s:s, s:s, s:I, s:I}", "step", moved->step, "chain",
				       tb_hex_encode(id, moved->chain, TONGBU_CHAIN_LEN), "file",
				       moved->file, "done", (json_int_t)moved->done, "of",
				       (json_int_t)moved->of),
			     !end);
}

/* Sealed before a row is removed: and with it, what the bundle has to be */
static int put_on_record(const struct carrying *c, const struct tb_moved *moved,
			 struct tb_error *err)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], hash[TB_HEX_SIZE(TB_ARCHIVED_HASH)], text[512];
	struct tb_receipt receipt;

	snprintf(text, sizeof(text),
		 "archive: user %u has %llu records of chain %s %s the ledger; they are in %s, SHA-256 %s",
		 (unsigned int)c->uid, (unsigned long long)moved->of,
		 tb_hex_encode(id, moved->chain, TONGBU_CHAIN_LEN),
		 !strcmp(moved->step, "remove") ? "removed from" : "put back into", moved->file,
		 tb_hex_encode(hash, moved->hash, TB_ARCHIVED_HASH));
	return tb_kernel_submit(c->station->kernel, TONGBU_ACT_TEXT, text, strlen(text), &receipt,
				err);
}

static bool is_due(const struct tb_moved *moved)
{
	return !moved->done && (!strcmp(moved->step, "remove") || !strcmp(moved->step, "restore"));
}

static int next_piece(struct tb_conn *conn, void *stream)
{
	struct carrying *c = stream;
	struct tb_moved moved;
	struct tb_error err;
	bool end;
	int ret;

	ret = tb_moving_step(c->moving, &moved, &err);
	if (!ret && is_due(&moved))
		ret = put_on_record(c, &moved, &err);
	if (ret) {
		tb_log_error("%s", err.text);
		return tb_conn_failed(conn, &err) ?: TB_NEXT_END;
	}
	end = !strcmp(moved.step, "end") || !strcmp(moved.step, "restored");
	return tell(conn, &moved, end) ?: end ? TB_NEXT_END : TB_NEXT_MORE;
}

static const struct tb_stream_ops carrying_ops = {
	.next = next_piece,
	.close = close_carrying,
};

/* Return: 1 if it may begin, 0 if that was refused, or a negative errno. */
static int may(const struct tb_station *station, struct tb_conn *conn, const json_t *call)
{
	if (!tb_conn_is_root(conn))
		return tb_conn_denied(conn, "only root may move chains out of the ledger, or back");
	if (!json_is_true(json_object_get(call, "more")))
		return tb_conn_refuse(conn, "Invalid", "reason",
				      "it answers in pieces: call it with \"more\"");
	if (station->moving)
		return tb_conn_refuse(conn, "Failed", "reason",
				      "chains are being moved already: wait until that has ended");
	return 1;
}

static int begin(struct tb_station *station, struct tb_conn *conn, struct tb_moving *moving)
{
	struct carrying *c = malloc(sizeof(*c));

	if (!c) {
		tb_moving_free(moving);
		return -ENOMEM;
	}
	*c = (struct carrying){ station, moving, tb_conn_uid(conn) };
	station->moving = true;
	tb_conn_stream(conn, &carrying_ops, c);
	return 0;
}

/**
 * tb_method_archive() - Archive
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or a negative errno.
 */
int tb_method_archive(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters)
{
	const json_t *before = json_object_get(parameters, "before");
	struct tb_station *station = userdata;
	struct tb_moving *moving;
	struct tb_error err;
	int ret = may(station, conn, call);

	if (ret <= 0)
		return ret;
	if (!json_is_integer(before) || json_integer_value(before) < 0)
		return tb_conn_invalid(conn, "before");
	if (tb_moving_out(station->ledger, station->config->station, station->config->archive,
			  (uint64_t)json_integer_value(before),
			  json_is_true(json_object_get(parameters, "dry")), &moving, &err))
		return tb_conn_failed(conn, &err);
	return begin(station, conn, moving);
}

/**
 * tb_method_restore() - Restore
 * @userdata: the station
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or a negative errno.
 */
int tb_method_restore(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters)
{
	const char *id = json_string_value(json_object_get(parameters, "chain"));
	struct tb_station *station = userdata;
	uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_moving *moving;
	struct tb_error err;
	int ret = may(station, conn, call);

	if (ret <= 0)
		return ret;
	if (!id || tb_hex_decode(id, chain, sizeof(chain)))
		return tb_conn_invalid(conn, "chain");
	if (tb_moving_back(station->ledger, station->config->archive, chain, &moving, &err))
		return tb_conn_failed(conn, &err);
	return begin(station, conn, moving);
}
