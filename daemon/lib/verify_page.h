/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A verification as a page that can be filed: one file of HTML, well-formed as XML too, with
 * no script and nothing from outside, which its own policy forbids besides. It has a
 * picture of the chains over time.
 */
#ifndef TONGBU_VERIFY_PAGE_H
#define TONGBU_VERIFY_PAGE_H

#include "verify.h"

/**
 * struct tb_verify_page - what goes on the page
 * @path: the bundle's name, as it was given
 * @bundle: the bundle
 * @result: the result
 * @key: the supervisor's key it was verified with, or NULL
 * @policy: whose signatures counted, or NULL
 * @held: the checkpoints it was held against
 * @held_count: how many
 */
struct tb_verify_page {
	const char *path;
	const struct tb_bundle *bundle;
	const struct tb_verify_result *result;
	const struct tb_key *key;
	const struct tb_policy *policy;
	const struct tb_held *held;
	size_t held_count;
};

int tb_verify_page_write(const struct tb_verify_page *page, const char *path, struct tb_error *err);
void tb_page_text(const char *text, FILE *out);
void tb_verify_picture(const struct tb_verify_result *result, FILE *out);

#endif /* TONGBU_VERIFY_PAGE_H */
