/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes of the tables that wait: statements with their values, one behind the other. */
#ifndef TONGBU_WAITING_H
#define TONGBU_WAITING_H

#include <stdarg.h>
#include <stddef.h>

#include <sqlite3.h>

/**
 * struct tb_waiting - changes that wait
 * @bytes: they
 * @len: bytes of them
 * @room: bytes there
 */
struct tb_waiting {
	char *bytes;
	size_t len;
	size_t room;
};

void tb_waiting_add(struct tb_waiting *w, sqlite3_stmt *stmt, const char *types, va_list args);
sqlite3_stmt *tb_waiting_bind(const struct tb_waiting *w, size_t *at);

#endif /* TONGBU_WAITING_H */
