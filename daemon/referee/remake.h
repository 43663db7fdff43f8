/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state made anew, beside the one there is: people are answered from the old one
 * until the new one has all there is; then it takes its place.
 */
#ifndef TONGBU_REMAKE_H
#define TONGBU_REMAKE_H

#include <linux/tongbu.h>

#include "config.h"
#include "referee.h"

struct tb_remake;

void tb_remake_remove(const char *path);
bool tb_remake_due(const struct tb_config *config, bool wanted);
struct tb_remake *tb_remake_new(const struct tb_config *config, bool wanted);
const char *tb_remake_path(const struct tb_remake *remake);
struct tb_referee *tb_remake_old(const struct tb_remake *remake);
void tb_remake_chains(struct tb_remake *remake, const json_t *chains);
void tb_remake_came(struct tb_remake *remake, const uint8_t chain[TONGBU_CHAIN_LEN], uint64_t seq);
json_t *tb_remake_progress(const struct tb_remake *remake);
int tb_remake_swap(struct tb_remake *remake, struct tb_error *err);
void tb_remake_free(struct tb_remake *remake);

#endif /* TONGBU_REMAKE_H */
