/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_EXPORT_H
#define TONGBU_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "error.h"

struct tb_pack;
struct tb_referee;

void tb_export_declared(struct tb_pack *pack, const char *name, json_t *rows);
int tb_referee_export(struct tb_referee *referee, const char *pack, const char *name,
		      const json_t *query, int64_t viewer, bool sees_all, json_t **reply,
		      struct tb_error *err);

#endif /* TONGBU_EXPORT_H */
