/* SPDX-License-Identifier: GPL-2.0-only */
/* What the station signs of its log: at the latest a second after a commit. */
#ifndef TONGBU_CHECKPOINT_H
#define TONGBU_CHECKPOINT_H

#include <systemd/sd-event.h>

#include "config.h"
#include "ledger.h"
#include "note.h"

struct tb_signer;

int tb_signer_new(sd_event *event, const struct tb_config *config, struct tb_ledger *ledger,
		  struct tb_signer **signer, struct tb_error *err);
void tb_signer_free(struct tb_signer *signer);
void tb_signer_due(struct tb_signer *signer);
int tb_signer_now(struct tb_signer *signer, uint64_t size, struct tb_error *err);
const struct tb_checkpoint *tb_signer_last(const struct tb_signer *signer);
const struct tb_vkey *tb_signer_key(const struct tb_signer *signer);
const char *tb_signer_trouble(const struct tb_signer *signer);

#endif /* TONGBU_CHECKPOINT_H */
