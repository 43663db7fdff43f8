// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sealing, on BLAKE2s of the module's own (RFC 7693), and on the kernel's X25519
 * (RFC 7748) and ChaCha20-Poly1305 (RFC 8439) where a chain begins.
 */
#include "seal.h"

#include <crypto/chacha20poly1305.h>
#include <crypto/curve25519.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "blake2s.h"

static const u8 ratchet_label[TONGBU_LABEL_LEN] = TONGBU_RATCHET_LABEL;
static const u8 envelope_label[TONGBU_LABEL_LEN] = TONGBU_ENVELOPE_LABEL;

/* A hash whose first block is these two. Copies of a known length take no loop. */
static __always_inline void begin_with(struct tb_blake2s *hash, const u8 *one,
				       const u8 *other)
{
	tb_blake2s_init(hash);
	memcpy(hash->block, one, TB_BLAKE2S_BLOCK / 2);
	memcpy(hash->block + TB_BLAKE2S_BLOCK / 2, other, TB_BLAKE2S_BLOCK / 2);
	hash->count = TB_BLAKE2S_BLOCK;
}

/* By a hash that the caller wipes */
static void ratchet(struct tb_blake2s *hash, u8 key[TONGBU_KEY_LEN])
{
	BUILD_BUG_ON(TONGBU_LABEL_LEN + TONGBU_KEY_LEN != TB_BLAKE2S_BLOCK);
	begin_with(hash, ratchet_label, key);
	tb_blake2s_compress(hash, ~0U);
	tb_blake2s_give(hash, key);
}

/**
 * tb_seal_record() - seal a record, and be ready for the next
 * @seal: key and tag before; holds the record's tag and the next key on return
 * @header: the record's header
 * @body: its payload, or the digest of a long one
 * @body_len: bytes of @body, at most %TONGBU_BODY_MAX
 *
 * The key is the first thing hashed and known to nobody; BLAKE2s cannot be
 * extended, so nothing more is needed to make it a code of authenticity.
 *
 * Context: any, hard interrupts included; does not sleep. At most three
 * compressions, and one for the next key.
 */
void __tb_clean tb_seal_record(struct tb_seal *seal, const struct tongbu_header *header,
			       const void *body, size_t body_len)
{
	struct tb_blake2s hash;

	begin_with(&hash, seal->key, seal->tag);
	tb_blake2s_compress(&hash, 0);
	memcpy(hash.block, header, sizeof(*header));
	hash.fill = sizeof(*header);
	tb_blake2s_update(&hash, body, body_len);
	tb_blake2s_final(&hash, seal->tag);
	ratchet(&hash, seal->key);
	tb_blake2s_wipe(&hash);
}

/**
 * tb_seal_ratchet() - replace a key by its successor
 * @key: the key; holds the next one on return, nothing keeps the old
 *
 * Label and key fill one block: a single compression. No tag is ever made of as
 * few bytes, so none can equal a key by construction.
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void __tb_clean tb_seal_ratchet(u8 key[TONGBU_KEY_LEN])
{
	struct tb_blake2s hash;

	ratchet(&hash, key);
	tb_blake2s_wipe(&hash);
}

/**
 * tb_seal_wrap() - put the first key of a chain into its envelope
 * @genesis: payload of record 0, whole but for the ephemeral key and the
 *	wrapped key, which are filled in
 * @header: header of record 0 as it will be sealed
 * @ephemeral_secret: X25519 secret drawn for this envelope, clamped; the
 *	caller wipes it
 * @key0: the chain's first key; the caller wipes it
 *
 * The envelope is bound to the header and to every other byte of @genesis as
 * associated data. Its key serves once, hence the zero nonce.
 *
 * Context: process; the FPU may be used, so not with interrupts off for long.
 * Return: 0, or -EKEYREJECTED if the supervisor's key is a point of low order,
 * with which anybody could open the envelope.
 */
int tb_seal_wrap(struct tongbu_genesis *genesis,
		 const struct tongbu_header *header,
		 const u8 ephemeral_secret[TONGBU_KEY_LEN],
		 const u8 key0[TONGBU_KEY_LEN])
{
	enum { CLEAR = offsetof(struct tongbu_genesis, wrapped) };
	u8 shared[TONGBU_KEY_LEN], wrap_key[TONGBU_KEY_LEN];
	u8 ad[TONGBU_HEADER_LEN + CLEAR];
	struct tb_blake2s hash;
	int err = -EKEYREJECTED;

	BUILD_BUG_ON(sizeof(*header) != TONGBU_HEADER_LEN);
	BUILD_BUG_ON(CLEAR + TONGBU_KEY_LEN + CHACHA20POLY1305_AUTHTAG_SIZE !=
		     sizeof(*genesis));

	if (!curve25519_generate_public(genesis->ephemeral, ephemeral_secret))
		goto out;
	if (!curve25519(shared, ephemeral_secret, genesis->supervisor))
		goto out;

	tb_blake2s_init(&hash);
	tb_blake2s_update(&hash, shared, TONGBU_KEY_LEN);
	tb_blake2s_update(&hash, envelope_label, TONGBU_LABEL_LEN);
	tb_blake2s_update(&hash, genesis->supervisor, TONGBU_KEY_LEN);
	tb_blake2s_update(&hash, genesis->ephemeral, TONGBU_KEY_LEN);
	tb_blake2s_update(&hash, genesis->chain, TONGBU_CHAIN_LEN);
	tb_blake2s_final(&hash, wrap_key);
	tb_blake2s_wipe(&hash);

	memcpy(ad, header, TONGBU_HEADER_LEN);
	memcpy(ad + TONGBU_HEADER_LEN, genesis, CLEAR);
	chacha20poly1305_encrypt(genesis->wrapped, key0, TONGBU_KEY_LEN,
				 ad, sizeof(ad), 0, wrap_key);
	err = 0;
out:
	memzero_explicit(shared, sizeof(shared));
	memzero_explicit(wrap_key, sizeof(wrap_key));
	return err;
}
