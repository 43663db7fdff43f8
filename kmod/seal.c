// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sealing, on the kernel's own BLAKE2s (RFC 7693), X25519 (RFC 7748) and
 * ChaCha20-Poly1305 (RFC 8439).
 */
#include "seal.h"

#include <crypto/chacha20poly1305.h>
#include <crypto/curve25519.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "compat.h"

static const u8 ratchet_label[TONGBU_LABEL_LEN] = TONGBU_RATCHET_LABEL;
static const u8 envelope_label[TONGBU_LABEL_LEN] = TONGBU_ENVELOPE_LABEL;

/**
 * tb_seal_tag() - compute the tag of a record
 * @tag: where the tag goes
 * @key: the record's key
 * @record: header and payload, back to back
 * @len: their length, bytes
 *
 * BLAKE2s-256 in its keyed mode (RFC 7693, section 2.9).
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_seal_tag(u8 tag[TONGBU_TAG_LEN], const u8 key[TONGBU_KEY_LEN],
		 const void *record, size_t len)
{
	tb_blake2s(key, TONGBU_KEY_LEN, record, len, tag, TONGBU_TAG_LEN);
}

/**
 * tb_seal_ratchet() - replace a key by its successor
 * @key: the key; holds the next one on return, nothing keeps the old
 *
 * One unkeyed BLAKE2s-256 over label and key, 64 bytes: a single compression
 * where the keyed mode would take two. The input is of fixed length, so there
 * is nothing to extend; the key is 32 uniformly random bytes, so the output
 * tells nothing of it; and keyed and unkeyed BLAKE2s differ in their parameter
 * block, so no tag can ever equal a key by construction.
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_seal_ratchet(u8 key[TONGBU_KEY_LEN])
{
	u8 block[TONGBU_LABEL_LEN + TONGBU_KEY_LEN];

	memcpy(block, ratchet_label, TONGBU_LABEL_LEN);
	memcpy(block + TONGBU_LABEL_LEN, key, TONGBU_KEY_LEN);
	tb_blake2s(NULL, 0, block, sizeof(block), key, TONGBU_KEY_LEN);
	memzero_explicit(block, sizeof(block));
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
	struct blake2s_ctx state;
	int err = -EKEYREJECTED;

	BUILD_BUG_ON(sizeof(*header) != TONGBU_HEADER_LEN);
	BUILD_BUG_ON(CLEAR + TONGBU_KEY_LEN + CHACHA20POLY1305_AUTHTAG_SIZE !=
		     sizeof(*genesis));

	if (!curve25519_generate_public(genesis->ephemeral, ephemeral_secret))
		goto out;
	if (!curve25519(shared, ephemeral_secret, genesis->supervisor))
		goto out;

	blake2s_init_key(&state, TONGBU_KEY_LEN, shared, TONGBU_KEY_LEN);
	blake2s_update(&state, envelope_label, TONGBU_LABEL_LEN);
	blake2s_update(&state, genesis->supervisor, TONGBU_KEY_LEN);
	blake2s_update(&state, genesis->ephemeral, TONGBU_KEY_LEN);
	blake2s_update(&state, header->chain, TONGBU_CHAIN_LEN);
	blake2s_final(&state, wrap_key);

	memcpy(ad, header, TONGBU_HEADER_LEN);
	memcpy(ad + TONGBU_HEADER_LEN, genesis, CLEAR);
	chacha20poly1305_encrypt(genesis->wrapped, key0, TONGBU_KEY_LEN,
				 ad, sizeof(ad), 0, wrap_key);
	err = 0;
out:
	memzero_explicit(shared, sizeof(shared));
	memzero_explicit(wrap_key, sizeof(wrap_key));
	memzero_explicit(&state, sizeof(state));
	return err;
}
