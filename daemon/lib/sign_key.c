// SPDX-License-Identifier: GPL-2.0-only
#include "sign_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "outfile.h"

static int draw(const char *what, const char *path, EVP_PKEY **private, struct tb_error *err)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	struct tb_outfile out = { 0 };
	int ret;

	if (!key)
		return tb_error_set(err, -EIO, "libcrypto could not make an Ed25519 key");
	ret = tb_outfile_open(&out, path, err);
	if (!ret && (fchmod(fileno(out.file), 0600) ||
		     !PEM_write_PrivateKey(out.file, key, NULL, NULL, 0, NULL, NULL)))
		ret = tb_error_set(err, -EIO, "%s %s cannot be written", what, path);
	ret = ret ?: tb_outfile_commit(&out, err);
	tb_outfile_close(&out);
	if (ret) {
		EVP_PKEY_free(key);
		return ret;
	}
	*private = key;
	return 0;
}

static int load(const char *what, FILE *file, const char *path, EVP_PKEY **private,
		struct tb_error *err)
{
	struct stat st;

	if (fstat(fileno(file), &st))
		return tb_error_set(err, -errno, "%s %s: %s", what, path, strerror(errno));
	if (st.st_mode & 077)
		return tb_error_set(err, -EINVAL, "%s %s can be read by others: chmod 600 it", what,
				    path);
	*private = PEM_read_PrivateKey(file, NULL, NULL, (void *)"");
	if (*private && EVP_PKEY_is_a(*private, "ED25519"))
		return 0;
	EVP_PKEY_free(*private);
	*private = NULL;
	return tb_error_set(err, -EINVAL,
			    "%s %s holds no private Ed25519 key in PEM, without a passphrase: move it away, and a new one is made",
			    what, path);
}

/**
 * tb_sign_key_load() - a key that signs
 * @what: what it is called in messages
 * @path: its file; it is made if there is none
 * @private: set to it, the caller's
 * @made: set to whether it was made now
 * @err: told what went wrong
 *
 * Return: 0; -EINVAL if the file holds none; or another negative errno.
 */
int tb_sign_key_load(const char *what, const char *path, EVP_PKEY **private, bool *made,
		     struct tb_error *err)
{
	FILE *file = fopen(path, "re");
	int ret;

	*made = !file && errno == ENOENT;
	if (file) {
		ret = load(what, file, path, private, err);
		fclose(file);
	} else if (*made) {
		ret = draw(what, path, private, err);
	} else {
		ret = tb_error_set(err, -errno, "%s %s cannot be read: %s", what, path,
				   strerror(errno));
	}
	return ret;
}

/**
 * tb_sign_key_public() - its public half
 * @private: the key
 * @public: set to it
 * @err: told what went wrong
 *
 * Return: 0 or -EIO.
 */
int tb_sign_key_public(const EVP_PKEY *private, uint8_t public[TB_VKEY_LEN], struct tb_error *err)
{
	size_t len = TB_VKEY_LEN;

	return EVP_PKEY_get_raw_public_key(private, public, &len) == 1 ?
		       0 :
		       tb_error_set(err, -EIO, "libcrypto failed");
}
