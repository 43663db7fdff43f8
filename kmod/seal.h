/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealing: the tag of a record, the ratchet between two, the envelope that
 * carries the first key to the supervisor. docs/record-format.md has the bytes.
 */
#ifndef TONGBU_SEAL_H
#define TONGBU_SEAL_H

#include <linux/types.h>
#include <linux/tongbu.h>

/**
 * struct tb_seal - what seals the next record
 * @key: its key
 * @tag: the tag of the record before it, zero for record 0
 *
 * In this order they are the first bytes that are hashed.
 */
struct tb_seal {
	u8 key[TONGBU_KEY_LEN];
	u8 tag[TONGBU_TAG_LEN];
};

void tb_seal_record(struct tb_seal *seal, const struct tongbu_header *header,
		    const void *body, size_t body_len);
void tb_seal_ratchet(u8 key[TONGBU_KEY_LEN]);
int tb_seal_wrap(struct tongbu_genesis *genesis,
		 const struct tongbu_header *header,
		 const u8 ephemeral_secret[TONGBU_KEY_LEN],
		 const u8 key0[TONGBU_KEY_LEN]);

int tb_selftest(void);

#endif /* TONGBU_SEAL_H */
