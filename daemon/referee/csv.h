/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of a pack as comma-separated values (RFC 4180), the form a spreadsheet opens. */
#ifndef TONGBU_CSV_H
#define TONGBU_CSV_H

#include <stddef.h>

#include <jansson.h>

json_t *tb_csv_rows(const char *text, size_t len, char *why, size_t size);
json_t *tb_csv_by_id(const json_t *rows);

#endif /* TONGBU_CSV_H */
