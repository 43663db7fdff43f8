// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sealing on OpenSSL: BLAKE2s (EVP_MD "BLAKE2S-256"), X25519, ChaCha20-Poly1305. Looking an algorithm up
 * costs more than running it, so it is done once.
 */
#include "seal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#define CLEAR_LEN    offsetof(struct tongbu_genesis, wrapped)
#define AEAD_TAG_LEN 16

static const uint8_t ratchet_label[TONGBU_LABEL_LEN] = TONGBU_RATCHET_LABEL;
static const uint8_t envelope_label[TONGBU_LABEL_LEN] = TONGBU_ENVELOPE_LABEL;

struct tb_seal {
	EVP_MD *md;
	EVP_MD_CTX *md_ctx;
};

/**
 * struct part - some of the bytes that are hashed
 * @bytes: where they are
 * @len: how many
 */
struct part {
	const void *bytes;
	size_t len;
};

/**
 * tb_seal_new() - make ready for sealing
 * @seal: set to the new context, to be freed by the caller
 * @err: told why not, or NULL
 *
 * Return: 0, or -EIO if this libcrypto lacks an algorithm.
 */
int tb_seal_new(struct tb_seal **seal, struct tb_error *err)
{
	struct tb_seal *s = calloc(1, sizeof(*s));

	if (!s)
		return tb_error_set(err, -ENOMEM, "out of memory");
	s->md = EVP_MD_fetch(NULL, "BLAKE2S-256", NULL);
	s->md_ctx = EVP_MD_CTX_new();
	if (!s->md || !s->md_ctx) {
		tb_seal_free(s);
		return tb_error_set(err, -EIO,
				    "this libcrypto has no BLAKE2s: install OpenSSL 3 with its default provider");
	}
	*seal = s;
	return 0;
}

/**
 * tb_seal_free() - be done with sealing
 * @seal: the context, or NULL
 */
void tb_seal_free(struct tb_seal *seal)
{
	if (!seal)
		return;
	EVP_MD_CTX_free(seal->md_ctx);
	EVP_MD_free(seal->md);
	free(seal);
}

static int hash(struct tb_seal *seal, const struct part *parts, size_t count, uint8_t *out)
{
	size_t i;

	if (!EVP_DigestInit_ex2(seal->md_ctx, seal->md, NULL))
		return -EIO;
	for (i = 0; i < count; i++)
		if (!EVP_DigestUpdate(seal->md_ctx, parts[i].bytes, parts[i].len))
			return -EIO;
	return EVP_DigestFinal_ex(seal->md_ctx, out, NULL) ? 0 : -EIO;
}

/**
 * tb_seal_tag() - compute the tag of a record
 * @seal: the context
 * @key: the record's key
 * @before: tag of the record before it; zeros for record 0
 * @sealed: header and payload, back to back
 * @len: their length, bytes; at least %TONGBU_HEADER_LEN
 * @tag: where the tag goes
 *
 * Return: 0, or -EIO if libcrypto failed.
 */
int tb_seal_tag(struct tb_seal *seal, const uint8_t key[TONGBU_KEY_LEN],
		const uint8_t before[TONGBU_TAG_LEN], const void *sealed, size_t len,
		uint8_t tag[TONGBU_TAG_LEN])
{
	uint8_t digest[TONGBU_TAG_LEN];
	struct part body = { (const uint8_t *)sealed + TONGBU_HEADER_LEN, len - TONGBU_HEADER_LEN };
	struct part parts[] = {
		{ key, TONGBU_KEY_LEN },
		{ before, TONGBU_TAG_LEN },
		{ sealed, TONGBU_HEADER_LEN },
		body,
	};

	if (body.len > TONGBU_BODY_MAX) {
		if (hash(seal, &body, 1, digest))
			return -EIO;
		parts[3] = (struct part){ digest, sizeof(digest) };
	}
	return hash(seal, parts, 4, tag);
}

/**
 * tb_seal_check() - is this record as it was sealed?
 * @seal: the context
 * @key: the key of the record's number
 * @before: tag of the record before it; zeros for record 0
 * @rec: the record
 *
 * Return: 1 if it is, 0 if it is not, -EIO if libcrypto failed.
 */
int tb_seal_check(struct tb_seal *seal, const uint8_t key[TONGBU_KEY_LEN],
		  const uint8_t before[TONGBU_TAG_LEN], const struct tb_record *rec)
{
	uint8_t tag[TONGBU_TAG_LEN];
	int ret;

	ret = tb_seal_tag(seal, key, before, rec->bytes, tb_record_sealed_len(rec), tag);
	return ret ?: !CRYPTO_memcmp(tag, rec->tag, sizeof(tag));
}

/**
 * tb_seal_ratchet() - replace a key by a later one
 * @seal: the context
 * @key: the key; holds the later one on return
 * @steps: how many records later
 *
 * Return: 0, or -EIO if libcrypto failed.
 */
int tb_seal_ratchet(struct tb_seal *seal, uint8_t key[TONGBU_KEY_LEN], uint64_t steps)
{
	uint8_t block[TONGBU_LABEL_LEN + TONGBU_KEY_LEN];
	const struct part whole = { block, sizeof(block) };
	int ret = 0;

	memcpy(block, ratchet_label, TONGBU_LABEL_LEN);
	memcpy(block + TONGBU_LABEL_LEN, key, TONGBU_KEY_LEN);
	for (; steps && !ret; steps--)
		ret = hash(seal, &whole, 1, block + TONGBU_LABEL_LEN);
	memcpy(key, block + TONGBU_LABEL_LEN, TONGBU_KEY_LEN);
	OPENSSL_cleanse(block, sizeof(block));
	return ret;
}

/* X25519; libcrypto refuses a shared secret of all zeros by itself */
static int agree(const struct tb_key *key, const uint8_t *ephemeral, uint8_t *shared)
{
	EVP_PKEY *ours, *theirs;
	EVP_PKEY_CTX *ctx = NULL;
	size_t len = TONGBU_KEY_LEN;
	int ret = -EKEYREJECTED;

	ours = EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, key->private, TONGBU_KEY_LEN);
	theirs = EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, ephemeral, TONGBU_KEY_LEN);
	if (ours)
		ctx = EVP_PKEY_CTX_new_from_pkey(NULL, ours, NULL);
	if (ctx && theirs && EVP_PKEY_derive_init(ctx) > 0 &&
	    EVP_PKEY_derive_set_peer(ctx, theirs) > 0 && EVP_PKEY_derive(ctx, shared, &len) > 0 &&
	    len == TONGBU_KEY_LEN)
		ret = 0;
	ERR_clear_error();
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(theirs);
	EVP_PKEY_free(ours);
	return ret;
}

static int wrap_key(struct tb_seal *seal, const uint8_t *shared,
		    const struct tongbu_genesis *genesis, uint8_t *key)
{
	const struct part parts[] = {
		{ shared, TONGBU_KEY_LEN },
		{ envelope_label, TONGBU_LABEL_LEN },
		{ genesis->supervisor, TONGBU_KEY_LEN },
		{ genesis->ephemeral, TONGBU_KEY_LEN },
		{ genesis->chain, TONGBU_CHAIN_LEN },
	};

	return hash(seal, parts, sizeof(parts) / sizeof(parts[0]), key);
}

static int unwrap(const uint8_t *key, const struct tongbu_genesis *genesis, const uint8_t *header,
		  uint8_t *key0)
{
	static const uint8_t nonce[12];
	uint8_t tag[AEAD_TAG_LEN];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len, ret = -EKEYREJECTED;

	if (!ctx)
		return -ENOMEM;
	memcpy(tag, genesis->wrapped + TONGBU_KEY_LEN, sizeof(tag));
	if (EVP_DecryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, nonce) &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG_LEN, tag) &&
	    EVP_DecryptUpdate(ctx, NULL, &len, header, TONGBU_HEADER_LEN) &&
	    EVP_DecryptUpdate(ctx, NULL, &len, (const uint8_t *)genesis, CLEAR_LEN) &&
	    EVP_DecryptUpdate(ctx, key0, &len, genesis->wrapped, TONGBU_KEY_LEN) &&
	    EVP_DecryptFinal_ex(ctx, key0 + len, &len))
		ret = 0;
	else
		OPENSSL_cleanse(key0, TONGBU_KEY_LEN);
	ERR_clear_error();
	EVP_CIPHER_CTX_free(ctx);
	return ret;
}

/**
 * tb_envelope_open() - take the first key of a chain out of record 0
 * @seal: the context
 * @key: the supervisor's pair
 * @genesis: record 0
 * @key0: where the first key goes; to be wiped by the caller
 *
 * The envelope is bound to the header of record 0 and to all of its payload:
 * if it opens, these are what the kernel sealed. It is opened as one to @key,
 * even if the record names another: if that works, the name was changed.
 *
 * Return: 0; -EBADMSG if @genesis is no record 0; -ENOKEY if it names another
 * supervisor, and @key does not open it; -EKEYREJECTED if it names this one and
 * still does not open: it was altered; -EUCLEAN if it names another, but opens;
 * @key0 is then good; -EIO or -ENOMEM if libcrypto failed.
 */
int tb_envelope_open(struct tb_seal *seal, const struct tb_key *key,
		     const struct tb_record *genesis, uint8_t key0[TONGBU_KEY_LEN])
{
	uint8_t shared[TONGBU_KEY_LEN], wrapping[TONGBU_KEY_LEN];
	struct tongbu_genesis g;
	bool ours;
	int ret;

	if (genesis->kind != TONGBU_KIND_GENESIS || tb_record_payload(genesis, &g, sizeof(g)))
		return -EBADMSG;
	ours = !memcmp(g.supervisor, key->public, TONGBU_KEY_LEN);
	memcpy(g.supervisor, key->public, TONGBU_KEY_LEN);

	ret = agree(key, g.ephemeral, shared);
	if (!ret)
		ret = wrap_key(seal, shared, &g, wrapping);
	if (!ret)
		ret = unwrap(wrapping, &g, genesis->bytes, key0);
	OPENSSL_cleanse(shared, sizeof(shared));
	OPENSSL_cleanse(wrapping, sizeof(wrapping));
	if (!ours && !ret)
		return -EUCLEAN;
	if (!ours && ret == -EKEYREJECTED)
		return -ENOKEY;
	return ret;
}
