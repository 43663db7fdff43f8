/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealing: the tag of a record, the ratchet between two, the envelope that
 * carries the first key to the supervisor. docs/record-format.md has the bytes.
 */
#ifndef TONGBU_SEAL_H
#define TONGBU_SEAL_H

#include <linux/types.h>
#include <linux/tongbu.h>

void tb_seal_tag(u8 tag[TONGBU_TAG_LEN], const u8 key[TONGBU_KEY_LEN],
		 const void *record, size_t len);
void tb_seal_ratchet(u8 key[TONGBU_KEY_LEN]);
int tb_seal_wrap(struct tongbu_genesis *genesis,
		 const struct tongbu_header *header,
		 const u8 ephemeral_secret[TONGBU_KEY_LEN],
		 const u8 key0[TONGBU_KEY_LEN]);

int tb_selftest(void);

#endif /* TONGBU_SEAL_H */
