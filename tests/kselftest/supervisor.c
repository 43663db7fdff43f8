// SPDX-License-Identifier: GPL-2.0-only
/*
 * Written from docs/record-format.md over OpenSSL's primitives, apart from both
 * the kernel's code and the verifier's.
 */
#include "supervisor.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "record_log.h"

/* The part of record 0's payload that is in clear, and bound to the envelope */
#define CLEAR_LEN offsetof(struct tongbu_genesis, wrapped)

/* Where the bytes that are hashed are gathered */
struct message {
	uint8_t bytes[2 * TONGBU_KEY_LEN + TONGBU_RECORD_MAX];
	size_t len;
};

static void add(struct message *message, const void *bytes, size_t len)
{
	memcpy(message->bytes + message->len, bytes, len);
	message->len += len;
}

static int hash(const struct message *message, uint8_t out[32])
{
	return EVP_Digest(message->bytes, message->len, out, NULL, EVP_blake2s256(), NULL) ? 0 :
											     -EIO;
}

/**
 * blake2s_after() - BLAKE2s-256 of a secret and what follows it
 * @secret: %TONGBU_KEY_LEN bytes
 * @data: what follows
 * @len: bytes of @data, at most %TONGBU_RECORD_MAX
 * @out: set to the hash
 *
 * Return: 0 or -EIO.
 */
int blake2s_after(const uint8_t *secret, const void *data, size_t len, uint8_t out[32])
{
	struct message message = { .len = 0 };

	add(&message, secret, TONGBU_KEY_LEN);
	add(&message, data, len);
	return hash(&message, out);
}

static int ratchet(uint8_t key[TONGBU_KEY_LEN])
{
	uint8_t block[TONGBU_LABEL_LEN + TONGBU_KEY_LEN] = TONGBU_RATCHET_LABEL;

	memcpy(block + TONGBU_LABEL_LEN, key, TONGBU_KEY_LEN);
	return EVP_Digest(block, sizeof(block), key, NULL, EVP_blake2s256(), NULL) ? 0 : -EIO;
}

/**
 * supervisor_new() - draw a pair
 * @supervisor: filled in
 *
 * Return: 0 or -EIO.
 */
int supervisor_new(struct supervisor *supervisor)
{
	EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	size_t secret = TONGBU_KEY_LEN, pubkey = TONGBU_KEY_LEN;
	int ok = pair && EVP_PKEY_get_raw_private_key(pair, supervisor->secret, &secret) &&
		 EVP_PKEY_get_raw_public_key(pair, supervisor->pubkey, &pubkey);

	EVP_PKEY_free(pair);
	return ok ? 0 : -EIO;
}

static int agree(const struct supervisor *supervisor, const uint8_t *peer_key,
		 uint8_t shared[TONGBU_KEY_LEN])
{
	EVP_PKEY *own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, supervisor->secret,
						     TONGBU_KEY_LEN);
	EVP_PKEY *peer =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, peer_key, TONGBU_KEY_LEN);
	EVP_PKEY_CTX *ctx = own ? EVP_PKEY_CTX_new(own, NULL) : NULL;
	size_t len = TONGBU_KEY_LEN;
	int ok = ctx && peer && EVP_PKEY_derive_init(ctx) > 0 &&
		 EVP_PKEY_derive_set_peer(ctx, peer) > 0 && EVP_PKEY_derive(ctx, shared, &len) > 0;

	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	EVP_PKEY_free(own);
	return ok ? 0 : -EKEYREJECTED;
}

static int unwrap(const uint8_t *wrap_key, const uint8_t *bound, size_t bound_len,
		  const uint8_t *wrapped, uint8_t key[TONGBU_KEY_LEN])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const uint8_t nonce[12] = { 0 };
	uint8_t tag[16], rest[16];
	int ok, len;

	memcpy(tag, wrapped + TONGBU_KEY_LEN, sizeof(tag));
	ok = ctx && EVP_DecryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, wrap_key, nonce) &&
	     EVP_DecryptUpdate(ctx, NULL, &len, bound, (int)bound_len) &&
	     EVP_DecryptUpdate(ctx, key, &len, wrapped, TONGBU_KEY_LEN) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag) &&
	     EVP_DecryptFinal_ex(ctx, rest, &len) > 0;
	EVP_CIPHER_CTX_free(ctx);
	return ok ? 0 : -EBADMSG;
}

/**
 * supervisor_open() - open the envelope of a chain
 * @supervisor: whose chain it is
 * @genesis: record 0
 * @key: set to the key of record 0
 *
 * Return: 0; -EBADMSG if it does not open; -EKEYREJECTED for a low-order point.
 */
int supervisor_open(const struct supervisor *supervisor, const struct record *genesis,
		    uint8_t key[TONGBU_KEY_LEN])
{
	static const uint8_t label[TONGBU_LABEL_LEN] = TONGBU_ENVELOPE_LABEL;
	uint8_t shared[TONGBU_KEY_LEN], wrap_key[TONGBU_KEY_LEN];
	const uint8_t *payload = genesis->payload;
	struct message info = { .len = 0 };
	int err;

	err = agree(supervisor, payload + TONGBU_KEY_LEN, shared);
	add(&info, shared, sizeof(shared));
	add(&info, label, sizeof(label));
	/* Both public keys and the chain's id, as they stand there */
	add(&info, payload, (size_t)2 * TONGBU_KEY_LEN + TONGBU_CHAIN_LEN);
	if (!err)
		err = hash(&info, wrap_key);
	if (!err)
		err = unwrap(wrap_key, genesis->bytes, TONGBU_HEADER_LEN + CLEAR_LEN,
			     payload + CLEAR_LEN, key);
	return err;
}

static int seal(const uint8_t *key, const uint8_t *before, const struct record *record,
		uint8_t tag[TONGBU_TAG_LEN])
{
	struct message message = { .len = 0 };
	uint8_t digest[TONGBU_TAG_LEN];

	add(&message, key, TONGBU_KEY_LEN);
	add(&message, before, TONGBU_TAG_LEN);
	add(&message, record->bytes, TONGBU_HEADER_LEN);
	if (record->length <= TONGBU_BODY_MAX)
		add(&message, record->payload, record->length);
	else if (EVP_Digest(record->payload, record->length, digest, NULL, EVP_blake2s256(), NULL))
		add(&message, digest, sizeof(digest));
	return hash(&message, tag);
}

/**
 * supervisor_verify() - check the tag of every record
 * @supervisor: whose chain it is
 * @log: the chain from record 0 on; @log->wrong says what does not hold
 *
 * Return: true if all hold.
 */
bool supervisor_verify(const struct supervisor *supervisor, struct record_log *log)
{
	uint8_t key[TONGBU_KEY_LEN], tag[TONGBU_TAG_LEN] = { 0 };
	size_t i;

	if (!log->count || supervisor_open(supervisor, &log->record[0], key)) {
		snprintf(log->wrong, sizeof(log->wrong), "the envelope does not open");
		return false;
	}
	for (i = 0; i < log->count; i++) {
		const struct record *record = &log->record[i];

		if (seal(key, tag, record, tag) || memcmp(tag, record->tag, TONGBU_TAG_LEN) ||
		    ratchet(key)) {
			snprintf(log->wrong, sizeof(log->wrong), "the tag of record %zu is wrong",
				 i);
			return false;
		}
	}
	return true;
}
