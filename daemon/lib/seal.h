/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealing, as the verifier sees it: compute a tag, step a key, open the
 * envelope of record 0. docs/record-format.md has the bytes.
 *
 * The kernel seals; nothing here can make a chain's first envelope.
 */
#ifndef TONGBU_SEAL_H
#define TONGBU_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include <linux/tongbu.h>

#include "error.h"
#include "key.h"
#include "record.h"

/* Cipher contexts, made once and used for every record; one for each thread */
struct tb_seal;

int tb_seal_new(struct tb_seal **seal, struct tb_error *err);
void tb_seal_free(struct tb_seal *seal);

int tb_seal_tag(struct tb_seal *seal, const uint8_t key[TONGBU_KEY_LEN],
		const uint8_t before[TONGBU_TAG_LEN], const void *sealed, size_t len,
		uint8_t tag[TONGBU_TAG_LEN]);
int tb_seal_check(struct tb_seal *seal, const uint8_t key[TONGBU_KEY_LEN],
		  const uint8_t before[TONGBU_TAG_LEN], const struct tb_record *rec);
int tb_seal_ratchet(struct tb_seal *seal, uint8_t key[TONGBU_KEY_LEN], uint64_t steps);

int tb_envelope_open(struct tb_seal *seal, const struct tb_key *key,
		     const struct tb_record *genesis, uint8_t key0[TONGBU_KEY_LEN]);

#endif /* TONGBU_SEAL_H */
