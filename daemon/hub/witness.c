// SPDX-License-Identifier: GPL-2.0-only
#include "witness.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

/* A checkpoint, and a proof with as many hashes as there can be */
#define BODY_MAX  (TB_NOTE_MAX + 64 * TB_PROOF_MAX)
#define TYPE_TEXT "text/plain; charset=utf-8"
#define TYPE_SIZE "text/x.tlog.size"

/**
 * struct witnessing - a log, and what came of it
 * @hub: the witness, its key among it
 * @proof: what came
 * @key: the log's key
 * @size: entries it was signed for last
 * @root: root of those
 * @note: that checkpoint, or NULL
 */
struct witnessing {
	struct hub *hub;
	struct tb_tlog_proof proof;
	struct tb_vkey key;
	uint64_t size;
	uint8_t root[TB_HASH_LEN];
	char *note;
};

static int say(FILE *out, int status, const char *type, const char *text)
{
	static const struct {
		int status;
		const char *words;
	} known[] = {
		{ 200, "OK" },	      { 400, "Bad Request" }, { 403, "Forbidden" },
		{ 404, "Not Found" }, { 409, "Conflict" },    { 422, "Unprocessable Entity" },
	};
	const char *words = "Service Unavailable";
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].status == status)
			words = known[i].words;
	fprintf(out, "Status: %d %s\r\nContent-Type: %s\r\n\r\n%s", status, words, type, text);
	return 0;
}

static int refuse(FILE *out, int status, const char *why)
{
	char line[sizeof(((struct tb_error *)0)->text) + 2];

	snprintf(line, sizeof(line), "%s\n", why);
	return say(out, status, TYPE_TEXT, line);
}

/**
 * hub_witness_add() - be a witness of a log
 * @db: the connection
 * @key: the log's key
 * @err: told what went wrong
 *
 * Return: 0; -EEXIST if there is one of that name; or another negative errno.
 */
int hub_witness_add(PGconn *db, const struct tb_vkey *key, struct tb_error *err)
{
	return hub_key_add(db,
			   "INSERT INTO tongbu.witnessed (origin, vkey) VALUES ($1, $2)"
			   " ON CONFLICT DO NOTHING",
			   "log", key, err);
}

static int read_row(struct witnessing *w, const PGresult *result, struct tb_error *err)
{
	unsigned char *root;
	size_t len;
	int ret = tb_vkey_parse(PQgetvalue(result, 0, 0), &w->key, err);

	if (ret)
		return ret;
	w->size = strtoull(PQgetvalue(result, 0, 1), NULL, 10);
	if (PQgetisnull(result, 0, 2))
		return 0;
	root = PQunescapeBytea((const unsigned char *)PQgetvalue(result, 0, 2), &len);
	if (root && len == TB_HASH_LEN)
		memcpy(w->root, root, TB_HASH_LEN);
	else
		ret = tb_error_set(err, -EBADMSG, "the row of log %s in PostgreSQL is damaged",
				   w->key.name);
	PQfreemem(root);
	w->note = strdup(PQgetvalue(result, 0, 3));
	return ret ?: w->note ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

/* The row is the transaction's until its end. Return: 0; -ENOENT without such a log. */
static int load(struct witnessing *w, struct tb_error *err)
{
	const char *origin = w->proof.checkpoint.origin;
	PGresult *result;
	int ret = hub_query(w->hub->db,
			    "SELECT vkey, size, root, note FROM tongbu.witnessed"
			    " WHERE origin = $1 FOR UPDATE",
			    1, &origin, &result, err);

	if (ret)
		return ret;
	ret = PQntuples(result) ?
		      read_row(w, result, err) :
		      tb_error_set(err, -ENOENT, "this witness knows no log %.80s", origin);
	PQclear(result);
	return ret;
}

static void hex(char text[2 * TB_HASH_LEN + 3], const uint8_t hash[TB_HASH_LEN])
{
	int i;

	strcpy(text, "\\x");
	for (i = 0; i < TB_HASH_LEN; i++)
		sprintf(text + 2 + 2 * i, "%02x", hash[i]);
}

/* Signed and stored, in that order: nothing was given out if it fails. */
static int cosign(struct witnessing *w, char **line, struct tb_error *err)
{
	const struct tb_checkpoint *checkpoint = &w->proof.checkpoint;
	char size[24], root[2 * TB_HASH_LEN + 3], *note = NULL;
	const char *values[] = { checkpoint->origin, size, root, NULL };
	PGresult *result = NULL;
	int ret = 0;

	*line = tb_checkpoint_cosign(checkpoint, &w->hub->key, w->hub->private,
				     (uint64_t)time(NULL));
	if (!*line || asprintf(&note, "%s%s", checkpoint->note, *line) < 0)
		ret = tb_error_set(err, -EIO, "libcrypto could not cosign a checkpoint");
	snprintf(size, sizeof(size), "%" PRIu64, checkpoint->size);
	hex(root, checkpoint->root);
	values[3] = note;
	ret = ret   ?:
		      hub_query(w->hub->db,
				"UPDATE tongbu.witnessed SET size = $2, root = $3, note = $4,"
				" held_at = now() WHERE origin = $1",
				4, values, &result, err);
	PQclear(result);
	free(note);
	return ret ?: hub_exec(w->hub->db, "COMMIT", err);
}

/* As many entries as were signed for, and others: who has the log's key can judge it. */
static int keep_fork(struct witnessing *w, struct tb_error *err)
{
	const struct tb_checkpoint *checkpoint = &w->proof.checkpoint;
	char root[2 * TB_HASH_LEN + 3];
	const char *const values[] = { checkpoint->origin, w->note, checkpoint->note, root };
	PGresult *result = NULL;
	int ret;

	hex(root, checkpoint->root);
	ret = hub_query(w->hub->db,
			"INSERT INTO tongbu.witnessed_fork (origin, held, came, root)"
			" VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			4, values, &result, err);
	PQclear(result);
	return ret ?: hub_exec(w->hub->db, "COMMIT", err);
}

static bool goes_on(const struct witnessing *w)
{
	const struct tb_checkpoint *checkpoint = &w->proof.checkpoint;
	struct tb_frontier none = { 0 };
	uint8_t empty[TB_HASH_LEN];

	tb_frontier_root(&none, empty);
	if (!checkpoint->size && memcmp(checkpoint->root, empty, TB_HASH_LEN))
		return false;
	if (w->size == checkpoint->size && w->note)
		return !w->proof.proof.count && !memcmp(w->root, checkpoint->root, TB_HASH_LEN);
	if (!w->size)
		return !w->proof.proof.count;
	return tb_merkle_consistent(w->size, w->root, checkpoint->size, checkpoint->root,
				    &w->proof.proof);
}

static int judge(struct witnessing *w, FILE *out, struct tb_error *err)
{
	const struct tb_checkpoint *checkpoint = &w->proof.checkpoint;
	char size[32], *line = NULL;
	uint64_t stamp;
	int ret = tb_checkpoint_signed(checkpoint, &w->key, &stamp, err);

	if (ret == -EINVAL)
		return refuse(out, 400, err->text);
	if (ret != 1)
		return refuse(out, 403, "the checkpoint is not signed by the log's key");
	if (w->proof.number > checkpoint->size)
		return refuse(out, 400, "old is more than the checkpoint's size");
	if (w->proof.number != w->size) {
		snprintf(size, sizeof(size), "%" PRIu64 "\n", w->size);
		return say(out, 409, TYPE_SIZE, size);
	}
	if (goes_on(w)) {
		ret = cosign(w, &line, err);
		if (!ret)
			say(out, 200, TYPE_TEXT, line);
		free(line);
		return ret;
	}
	if (w->note && checkpoint->size == w->size &&
	    memcmp(w->root, checkpoint->root, TB_HASH_LEN))
		ret = keep_fork(w, err);
	else
		ret = 0;
	return ret ?: refuse(out, 422, "the log does not go on from what was signed last");
}

static int add_checkpoint(struct hub *hub, const char *body, FILE *out, struct tb_error *err)
{
	struct witnessing w = { .hub = hub };
	int ret = tb_is_tlog_proof(body) ?
			  tb_tlog_proof_parse(body, &w.proof, err) :
			  tb_error_set(err, -EINVAL, "a request begins with 'old N'");

	if (!ret && !w.proof.is_old)
		ret = tb_error_set(err, -EINVAL, "a request begins with 'old N'");
	if (ret == -EINVAL) {
		refuse(out, 400, err->text);
		tb_tlog_proof_clear(&w.proof);
		return 0;
	}
	ret = ret ?: hub_store_safe(hub->db, err) ?: hub_exec(hub->db, "BEGIN", err);
	ret = ret ?: load(&w, err);
	if (!ret)
		ret = judge(&w, out, err);
	else if (ret == -ENOENT)
		ret = refuse(out, 404, err->text);
	if (PQtransactionStatus(hub->db) != PQTRANS_IDLE)
		hub_exec(hub->db, "ROLLBACK", NULL);
	tb_tlog_proof_clear(&w.proof);
	free(w.note);
	return ret;
}

/* What was signed last, for whoever watches: /SHA-256 of the origin/checkpoint */
static int show_checkpoint(struct hub *hub, const char *path, FILE *out, struct tb_error *err)
{
	char name[TB_SUBJECT_SIZE] = "";
	const char *const values[] = { name };
	PGresult *result;
	int end = 0, ret;

	if (sscanf(path, "/%64[0-9a-f]/checkpoint%n", name, &end) != 1 || !end || path[end])
		return refuse(out, 404,
			      "there is /add-checkpoint, and /SHA-256 of a log/checkpoint");
	ret = hub_query(hub->db,
			"SELECT note FROM tongbu.witnessed WHERE note IS NOT NULL"
			" AND encode(sha256(convert_to(origin, 'UTF8')), 'hex') = $1",
			1, values, &result, err);
	if (ret)
		return ret;
	ret = PQntuples(result) ? say(out, 200, TYPE_TEXT, PQgetvalue(result, 0, 0)) :
				  refuse(out, 404, "no checkpoint of such a log was signed");
	PQclear(result);
	return ret;
}

/**
 * hub_witness_answer() - answer a request
 * @hub: the witness, with its own key
 * @request: what came
 * @out: where the answer goes, as CGI has it
 * @err: told what went wrong
 *
 * Return: 0, also if what came was refused; or a negative errno, and nothing was answered.
 */
int hub_witness_answer(struct hub *hub, const struct hub_request *request, FILE *out,
		       struct tb_error *err)
{
	if (!strcmp(request->method, "POST") && !strcmp(request->path, "/add-checkpoint"))
		return add_checkpoint(hub, request->body, out, err);
	if (!strcmp(request->method, "GET") || !strcmp(request->method, "HEAD"))
		return show_checkpoint(hub, request->path, out, err);
	return refuse(out, 404, "there is POST /add-checkpoint here");
}

/**
 * hub_witness_cgi() - answer the request that a server of HTTP hands over
 * @hub: the witness, with its own key and no connection, which is the caller's to end
 * @database: as libpq has it
 * @err: told what went wrong
 *
 * The request is in the environment and on standard input, the answer goes to standard
 * output.
 *
 * Return: 0; or a negative errno: then 503 was answered.
 */
int hub_witness_cgi(struct hub *hub, const char *database, struct tb_error *err)
{
	static char body[BODY_MAX + 2];
	const char *length = getenv("CONTENT_LENGTH");
	struct hub_request request = {
		.method = getenv("REQUEST_METHOD") ?: "",
		.path = getenv("PATH_INFO") ?: "",
		.body = body,
	};
	size_t wanted = length ? strtoul(length, NULL, 10) : 0;
	size_t len = fread(body, 1, wanted <= BODY_MAX ? wanted : 0, stdin);
	int ret;

	if (wanted > BODY_MAX || len != wanted || memchr(body, '\0', len))
		return refuse(stdout, 400, "this is no checkpoint with its proof");
	ret = hub_store_open(database, &hub->db, err) ?:
		      hub_witness_answer(hub, &request, stdout, err);
	if (ret)
		refuse(stdout, 503, "this witness cannot sign now");
	return ret;
}
