// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known answers, tried at every load: a kernel whose primitives give anything
 * else would seal records that nobody can verify, so the module then refuses.
 * The same vectors hold the verifiers in userspace to account.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "blake2s.h"
#include "seal.h"
#include "selftest_vectors.h"

static bool hash_is_right(void)
{
	u8 data[255], digest[TB_BLAKE2S_LEN];
	struct tb_blake2s all;
	unsigned int len;

	tb_blake2s_init(&all);
	for (len = 0; len <= sizeof(data); len++) {
		tb_blake2s(digest, data, len / 3, data + len / 3, len - len / 3);
		tb_blake2s_update(&all, digest, sizeof(digest));
		if (len < sizeof(data))
			data[len] = len;
	}
	tb_blake2s_final(&all, digest);
	tb_blake2s_wipe(&all);
	return !memcmp(digest, tb_kat_every_length, sizeof(digest));
}

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

static bool tag_is_right(const u8 *key, const u8 *before, const u8 *record, size_t len,
			 const u8 *expected)
{
	const u8 *body = record + TONGBU_HEADER_LEN;
	u8 digest[TONGBU_TAG_LEN];
	struct tb_seal seal;
	bool right;

	memcpy(seal.key, key, sizeof(seal.key));
	memcpy(seal.tag, before, sizeof(seal.tag));
	len -= TONGBU_HEADER_LEN;
	if (len > TONGBU_BODY_MAX) {
		tb_blake2s(digest, body, len, NULL, 0);
		body = digest;
		len = sizeof(digest);
	}
	tb_seal_record(&seal, (const struct tongbu_header *)record, body, len);
	right = !memcmp(seal.tag, expected, sizeof(seal.tag));
	memzero_explicit(&seal, sizeof(seal));
	return right;
}

/* Record 0, from the envelope to the tag */
static int check_genesis(void)
{
	static const u8 none[TONGBU_TAG_LEN];
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
	    tag_is_right(tb_kat_key0, none, (const u8 *)record, sizeof(*record),
			 tb_kat_genesis_tag))
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
	if (hash_is_right() && ratchet_is_right() &&
	    tag_is_right(tb_kat_bare_key, tb_kat_bare_before, tb_kat_bare_sealed,
			 sizeof(tb_kat_bare_sealed), tb_kat_bare_tag) &&
	    tag_is_right(tb_kat_full_key, tb_kat_full_before, tb_kat_full_sealed,
			 sizeof(tb_kat_full_sealed), tb_kat_full_tag) &&
	    tag_is_right(tb_kat_long_key, tb_kat_long_before, tb_kat_long_sealed,
			 sizeof(tb_kat_long_sealed), tb_kat_long_tag))
		return check_genesis();
	return -EBADMSG;
}
