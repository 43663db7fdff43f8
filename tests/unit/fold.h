/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packs that a test writes, and records folded through them. Records are lines of
 * JSON as `tongbuctl try` takes them, with ' for ", and say by "expect" what must
 * come of them.
 */
#ifndef TONGBU_TEST_FOLD_H
#define TONGBU_TEST_FOLD_H

#include "referee.h"
#include "unit.h"

/* East of UTC: China */
#define FOLD_ZONE 28800

int fold_make(void **state);
int fold_remove(void **state);
const char *fold_path(const char *name);
void fold_write(const char *pack, const char *file, const char *text);
void fold_write_bytes(const char *pack, const char *file, const void *text, size_t len);
int fold_try(const char *packs, const char *lines, char **out, struct tb_error *err);
void fold_expect(const char *packs, const char *lines);
struct tb_referee *fold_open(const char *state, bool now);
void fold_act(struct tb_referee *r, const char *record, int64_t time, int64_t uid, const char *act);
json_t *fold_json(const char *text);

#define FOLD_TEST(test) cmocka_unit_test_setup_teardown(test, fold_make, fold_remove)

#endif /* TONGBU_TEST_FOLD_H */
