// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known answers, tried at every load: a kernel whose primitives give anything
 * else would seal records that nobody can verify, so the module then refuses.
 * The same vectors hold the verifiers in userspace to account.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "seal.h"
#include "selftest_vectors.h"

static bool ratchet_is_right(void)
{
	u8 key[TONGBU_KEY_LEN];

	memcpy(key, tb_kat_ratchet_key, sizeof(key));
	tb_seal_ratchet(key);
	if (memcmp(key, tb_kat_ratchet_next, sizeof(key)))
		return false;
	tb_seal_ratchet(key);
	tb_seal_ratchet(key);
	return !memcmp(key, tb_kat_ratchet_third, sizeof(key));
}

static bool tag_is_right(const u8 *key, const u8 *record, size_t len, const u8 *expected)
{
	u8 tag[TONGBU_TAG_LEN];

	tb_seal_tag(tag, key, record, len);
	return !memcmp(tag, expected, sizeof(tag));
}

/* Record 0, from the envelope to the tag */
static int check_genesis(void)
{
	struct {
		struct tongbu_header header;
		struct tongbu_genesis genesis;
	} *record;
	int err = -EBADMSG;

	record = kzalloc(sizeof(*record), GFP_KERNEL);
	if (!record)
		return -ENOMEM;
	memcpy(&record->header, tb_kat_genesis_header, sizeof(record->header));
	memcpy(&record->genesis, tb_kat_genesis_clear, sizeof(tb_kat_genesis_clear));
	memset(record->genesis.ephemeral, 0, sizeof(record->genesis.ephemeral));

	if (!tb_seal_wrap(&record->genesis, &record->header, tb_kat_ephemeral_secret,
			  tb_kat_key0) &&
	    !memcmp(record->genesis.supervisor, tb_kat_supervisor, sizeof(tb_kat_supervisor)) &&
	    !memcmp(&record->genesis, tb_kat_genesis_clear, sizeof(tb_kat_genesis_clear)) &&
	    !memcmp(record->genesis.wrapped, tb_kat_wrapped, sizeof(tb_kat_wrapped)) &&
	    tag_is_right(tb_kat_key0, (const u8 *)record, sizeof(*record), tb_kat_genesis_tag))
		err = 0;
	kfree(record);
	return err;
}

/**
 * tb_selftest() - try the sealing against known answers
 *
 * Context: process, sleeps.
 * Return: 0; -EBADMSG if an answer is wrong; -ENOMEM if one could not be tried.
 */
int tb_selftest(void)
{
	if (ratchet_is_right() &&
	    tag_is_right(tb_kat_bare_key, tb_kat_bare_sealed, sizeof(tb_kat_bare_sealed),
			 tb_kat_bare_tag) &&
	    tag_is_right(tb_kat_full_key, tb_kat_full_sealed, sizeof(tb_kat_full_sealed),
			 tb_kat_full_tag))
		return check_genesis();
	return -EBADMSG;
}
