/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A witness for logs of others, as tlog-witness of C2SP has it: it holds no entries, and
 * signs that a log goes on from what it signed last. A server of HTTP runs it, by CGI/1.1.
 */
#ifndef TONGBU_HUB_WITNESS_H
#define TONGBU_HUB_WITNESS_H

#include <stdio.h>

#include "take.h"

/**
 * struct hub_request - what came by HTTP
 * @method: "POST" or "GET"
 * @path: behind the prefix, "/add-checkpoint"
 * @body: what came with it, as text
 */
struct hub_request {
	const char *method;
	const char *path;
	const char *body;
};

int hub_witness_add(PGconn *db, const struct tb_vkey *key, struct tb_error *err);
int hub_witness_answer(struct hub *hub, const struct hub_request *request, FILE *out,
		       struct tb_error *err);
int hub_witness_cgi(struct hub *hub, const char *database, struct tb_error *err);

#endif /* TONGBU_HUB_WITNESS_H */
