/* SPDX-License-Identifier: GPL-2.0-only */
/* The key a station signs its log with: made once, and never leaving it. */
#ifndef TONGBU_LOG_KEY_H
#define TONGBU_LOG_KEY_H

#include "config.h"
#include "note.h"

int tb_log_key_load(const struct tb_config *config, EVP_PKEY **private, struct tb_vkey *key,
		    struct tb_error *err);

#endif /* TONGBU_LOG_KEY_H */
