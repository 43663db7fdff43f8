/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ed25519 keys that sign checkpoints, a station's or a hub's: made once, kept in a file
 * that nobody else reads, and never leaving it.
 */
#ifndef TONGBU_SIGN_KEY_H
#define TONGBU_SIGN_KEY_H

#include "note.h"

int tb_sign_key_load(const char *what, const char *path, EVP_PKEY **private, bool *made,
		     struct tb_error *err);
int tb_sign_key_public(const EVP_PKEY *private, uint8_t public[TB_VKEY_LEN], struct tb_error *err);

#endif /* TONGBU_SIGN_KEY_H */
