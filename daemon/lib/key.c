// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys and the files they are kept in. A private key is written once, readable
 * by its owner alone, and never over anything that is there.
 */
#include "key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "hex.h"

static int from_pkey(struct tb_key *key, EVP_PKEY *pkey, bool private)
{
	size_t len = TONGBU_KEY_LEN;

	memset(key, 0, sizeof(*key));
	if (!EVP_PKEY_is_a(pkey, "X25519") ||
	    !EVP_PKEY_get_raw_public_key(pkey, key->public, &len) || len != TONGBU_KEY_LEN)
		return -EINVAL;
	if (private) {
		if (!EVP_PKEY_get_raw_private_key(pkey, key->private, &len) ||
		    len != TONGBU_KEY_LEN)
			return -EINVAL;
		key->has_private = true;
	}
	return 0;
}

/**
 * tb_key_new() - draw a pair
 * @key: filled in; to be wiped by the caller
 * @err: told why not, or NULL
 *
 * Return: 0 or -EIO.
 */
int tb_key_new(struct tb_key *key, struct tb_error *err)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	int ret = -EIO;

	if (pkey)
		ret = from_pkey(key, pkey, true);
	EVP_PKEY_free(pkey);
	if (ret)
		return tb_error_set(err, -EIO, "libcrypto could not make an X25519 key: %s",
				    ERR_reason_error_string(ERR_get_error()) ?: "no reason given");
	return 0;
}

/**
 * tb_key_from_private() - the pair a private key belongs to
 * @key: filled in; to be wiped by the caller
 * @private: the private key
 * @err: told why not, or NULL
 *
 * Return: 0 or -EIO.
 */
int tb_key_from_private(struct tb_key *key, const uint8_t private[TONGBU_KEY_LEN],
			struct tb_error *err)
{
	EVP_PKEY *pkey =
		EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, private, TONGBU_KEY_LEN);
	int ret = -EIO;

	if (pkey)
		ret = from_pkey(key, pkey, true);
	EVP_PKEY_free(pkey);
	if (ret)
		return tb_error_set(err, -EIO, "libcrypto does not take the X25519 key: %s",
				    ERR_reason_error_string(ERR_get_error()) ?: "no reason given");
	return 0;
}

/* A file under a passphrase: this program asks for none */
static int no_passphrase(char *buf, int size, int writing, void *data)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

static int load(const char *path, struct tb_key *key, bool private_only, struct tb_error *err)
{
	EVP_PKEY *pkey = NULL;
	bool private = true;
	FILE *file;
	int ret;

	memset(key, 0, sizeof(*key));
	file = fopen(path, "re");
	if (!file)
		return tb_error_set(err, -errno, "cannot read key %s: %m", path);
	pkey = PEM_read_PrivateKey(file, NULL, no_passphrase, NULL);
	if (!pkey) {
		private = false;
		rewind(file);
		pkey = PEM_read_PUBKEY(file, NULL, no_passphrase, NULL);
	}
	ERR_clear_error();
	fclose(file);

	if (!pkey)
		return tb_error_set(err, -EINVAL,
				    "%s holds no key in PEM that can be read without a passphrase: make one with 'tongbuctl key new'",
				    path);
	ret = from_pkey(key, pkey, private);
	EVP_PKEY_free(pkey);
	if (ret)
		return tb_error_set(err, -EINVAL,
				    "the key in %s is not an X25519 key: make one with 'tongbuctl key new'",
				    path);
	if (private_only && !private)
		return tb_error_set(err, -EINVAL,
				    "%s holds the public key only: give the supervisor's private key",
				    path);
	return 0;
}

/**
 * tb_key_load() - read a key, private or public
 * @path: a PEM file
 * @key: filled in; to be wiped by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if the file holds no X25519 key; or what opening it said.
 */
int tb_key_load(const char *path, struct tb_key *key, struct tb_error *err)
{
	return load(path, key, false, err);
}

/**
 * tb_key_load_private() - read a private key
 * @path: a PEM file
 * @key: filled in, both halves; to be wiped by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if the file holds no private X25519 key; or what opening
 * it said.
 */
int tb_key_load_private(const char *path, struct tb_key *key, struct tb_error *err)
{
	return load(path, key, true, err);
}

/**
 * tb_key_load_public() - read a public key
 * @path: a PEM file; one with the private key will do
 * @key: filled in, the public half alone
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if the file holds no X25519 key; or what opening it said.
 */
int tb_key_load_public(const char *path, struct tb_key *key, struct tb_error *err)
{
	int ret = load(path, key, false, err);

	OPENSSL_cleanse(key->private, sizeof(key->private));
	key->has_private = false;
	return ret;
}

static int write_new(const char *path, mode_t mode, BIO *text, struct tb_error *err)
{
	char *data;
	long len = BIO_get_mem_data(text, &data);
	ssize_t done;
	int fd, ret;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0 && errno == EEXIST)
		return tb_error_set(err, -EEXIST,
				    "%s exists and is not overwritten: give another name, or remove it",
				    path);
	if (fd < 0)
		return tb_error_set(err, -errno, "cannot create %s: %m", path);
	done = write(fd, data, (size_t)len);
	if (done != len || fsync(fd)) {
		ret = done >= 0 && done != len ? -ENOSPC : -errno;
		close(fd);
		unlink(path);
		return tb_error_set(err, ret, "cannot write %s: %s", path, strerror(-ret));
	}
	if (close(fd))
		return tb_error_set(err, -errno, "cannot write %s: %m", path);
	return 0;
}

static int save(const char *path, const struct tb_key *key, bool private, struct tb_error *err)
{
	EVP_PKEY *pkey;
	BIO *text;
	int ok, ret;

	pkey = private ? EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, key->private,
							 TONGBU_KEY_LEN) :
			 EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, key->public,
							TONGBU_KEY_LEN);
	text = BIO_new(private ? BIO_s_secmem() : BIO_s_mem());
	ok = pkey && text &&
	     (private ? PEM_write_bio_PrivateKey(text, pkey, NULL, NULL, 0, NULL, NULL) :
			PEM_write_bio_PUBKEY(text, pkey));
	if (ok)
		ret = write_new(path, private ? 0600 : 0644, text, err);
	else
		ret = tb_error_set(err, -EIO, "libcrypto could not write the key for %s as PEM: %s",
				   path,
				   ERR_reason_error_string(ERR_get_error()) ?: "no reason given");
	BIO_free(text);
	EVP_PKEY_free(pkey);
	return ret;
}

/**
 * tb_key_save_private() - write the private key to a new file, mode 0600
 * @path: the file, which must not exist
 * @key: the pair
 * @err: told why not, or NULL
 *
 * Return: 0; -EEXIST if something is there; -EINVAL without a private half; or
 * what writing said.
 */
int tb_key_save_private(const char *path, const struct tb_key *key, struct tb_error *err)
{
	if (!key->has_private)
		return tb_error_set(err, -EINVAL, "there is no private key to write to %s", path);
	return save(path, key, true, err);
}

/**
 * tb_key_save_public() - write the public key to a new file, mode 0644
 * @path: the file, which must not exist
 * @key: the pair, or the public half
 * @err: told why not, or NULL
 *
 * Return: 0; -EEXIST if something is there; or what writing said.
 */
int tb_key_save_public(const char *path, const struct tb_key *key, struct tb_error *err)
{
	return save(path, key, false, err);
}

/**
 * tb_key_fingerprint() - a public key, short enough to compare by eye
 * @public: the key
 * @text: where to
 *
 * The first 16 bytes of BLAKE2s-256 of the 32 raw bytes.
 *
 * Return: @text, 32 hexadecimal digits; empty if libcrypto failed.
 */
char *tb_key_fingerprint(const uint8_t public[TONGBU_KEY_LEN], char text[TB_FINGERPRINT_SIZE])
{
	uint8_t digest[32];

	*text = '\0';
	if (EVP_Q_digest(NULL, "BLAKE2S-256", NULL, public, TONGBU_KEY_LEN, digest, NULL))
		tb_hex_encode(text, digest, 16);
	return text;
}

/**
 * tb_key_wipe() - leave nothing of a key in memory
 * @key: the key; all zero on return
 */
void tb_key_wipe(struct tb_key *key)
{
	OPENSSL_cleanse(key, sizeof(*key));
}
