/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The supervisor's X25519 pair, in PEM files: the private key as PKCS #8, the
 * public key as SubjectPublicKeyInfo, as openssl(1) writes and reads them. The
 * private one may be under a passphrase.
 */
#ifndef TONGBU_KEY_H
#define TONGBU_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/tongbu.h>

#include "error.h"

/* 32 hexadecimal digits and the closing NUL */
#define TB_FINGERPRINT_SIZE 33

/* A passphrase and the closing NUL */
#define TB_PASSPHRASE_SIZE 1024

/**
 * struct tb_key - a pair, or its public half
 * @public: X25519 public key
 * @private: X25519 private key; zero unless @has_private
 * @has_private: whether the private half is here
 */
struct tb_key {
	uint8_t public[TONGBU_KEY_LEN];
	uint8_t private[TONGBU_KEY_LEN];
	bool has_private;
};

int tb_key_new(struct tb_key *key, struct tb_error *err);
int tb_key_from_private(struct tb_key *key, const uint8_t private[TONGBU_KEY_LEN],
			struct tb_error *err);
int tb_key_load(const char *path, const char *passphrase_file, struct tb_key *key,
		struct tb_error *err);
int tb_key_load_private(const char *path, const char *passphrase_file, struct tb_key *key,
			struct tb_error *err);
int tb_key_load_public(const char *path, struct tb_key *key, struct tb_error *err);
int tb_passphrase_read(const char *path, char text[TB_PASSPHRASE_SIZE], struct tb_error *err);
int tb_passphrase_new(char text[TB_PASSPHRASE_SIZE], struct tb_error *err);
int tb_key_save_private(const char *path, const struct tb_key *key, const char *passphrase,
			struct tb_error *err);
int tb_key_save_public(const char *path, const struct tb_key *key, struct tb_error *err);
char *tb_key_fingerprint(const uint8_t public[TONGBU_KEY_LEN], char text[TB_FINGERPRINT_SIZE]);
void tb_key_wipe(struct tb_key *key);

#endif /* TONGBU_KEY_H */
