/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may read what everybody submitted. Roles are what records came to: the referee
 * knows them, and says who has one that reads all. It stands in a file beside the
 * ledger, so that it is known without the referee.
 */
#ifndef TONGBU_READERS_H
#define TONGBU_READERS_H

#include <stdbool.h>
#include <sys/types.h>

#include <jansson.h>

#include "config.h"
#include "error.h"

struct tb_readers;

int tb_readers_open(const struct tb_config *config, struct tb_readers **readers,
		    struct tb_error *err);
int tb_readers_set(struct tb_readers *readers, const json_t *uids, struct tb_error *err);
bool tb_readers_may(const struct tb_readers *readers, uid_t uid);
const char *tb_readers_why_not(const struct tb_readers *readers);
void tb_readers_close(struct tb_readers *readers);

#endif /* TONGBU_READERS_H */
