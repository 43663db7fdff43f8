/* SPDX-License-Identifier: GPL-2.0-only */
/* Records on standard output, for people or programs. */
#ifndef TONGBU_SHOW_H
#define TONGBU_SHOW_H

#include "names.h"
#include "record.h"

void show_measures(json_t *all);
int show_record(const struct tb_record *rec, struct tb_names *names);
int show_records(const uint8_t *chain, const uint8_t *records, size_t len, struct tb_names *names);

#endif /* TONGBU_SHOW_H */
