// SPDX-License-Identifier: GPL-2.0-only
#include "log_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "hex.h"
#include "log.h"
#include "outfile.h"

static int draw(const char *path, EVP_PKEY **private, struct tb_error *err)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	struct tb_outfile out = { 0 };
	int ret;

	if (!key)
		return tb_error_set(err, -EIO, "libcrypto could not make an Ed25519 key");
	ret = tb_outfile_open(&out, path, err);
	if (!ret && (fchmod(fileno(out.file), 0600) ||
		     !PEM_write_PrivateKey(out.file, key, NULL, NULL, 0, NULL, NULL)))
		ret = tb_error_set(err, -EIO, "log_key %s cannot be written", path);
	ret = ret ?: tb_outfile_commit(&out, err);
	tb_outfile_close(&out);
	if (ret) {
		EVP_PKEY_free(key);
		return ret;
	}
	tb_log_notice("log_key %s made: a log begins", path);
	*private = key;
	return 0;
}

static int load(FILE *file, const char *path, EVP_PKEY **private, struct tb_error *err)
{
	struct stat st;

	if (fstat(fileno(file), &st))
		return tb_error_set(err, -errno, "log_key %s: %s", path, strerror(errno));
	if (st.st_mode & 077)
		return tb_error_set(err, -EINVAL, "log_key %s can be read by others: chmod 600 it",
				    path);
	*private = PEM_read_PrivateKey(file, NULL, NULL, (void *)"");
	if (*private && EVP_PKEY_is_a(*private, "ED25519"))
		return 0;
	EVP_PKEY_free(*private);
	*private = NULL;
	return tb_error_set(err, -EINVAL,
			    "log_key %s holds no private Ed25519 key in PEM, without a passphrase: move it away, and a new log begins",
			    path);
}

/* A name that no other log has, though it be the station's second */
static char *origin_of(const char *station, const uint8_t public[TB_VKEY_LEN])
{
	uint8_t hash[TB_HASH_LEN];
	char hex[TB_HEX_SIZE(4)], *origin, *c;

	if (!EVP_Digest(public, TB_VKEY_LEN, hash, NULL, EVP_sha256(), NULL) ||
	    asprintf(&origin, "%.200s/%s", station, tb_hex_encode(hex, hash, 4)) < 0)
		return NULL;
	for (c = origin; *c; c++)
		if (*c <= ' ' || *c == '+' || *c == 0x7f)
			*c = '-';
	return origin;
}

static int name_key(const struct tb_config *config, const EVP_PKEY *private, struct tb_vkey *key,
		    struct tb_error *err)
{
	uint8_t public[TB_VKEY_LEN];
	size_t len = sizeof(public);
	char *origin;
	int ret;

	if (EVP_PKEY_get_raw_public_key(private, public, &len) != 1)
		return tb_error_set(err, -EIO, "libcrypto failed");
	origin = config->log_origin ? strdup(config->log_origin) :
				      origin_of(config->station, public);
	ret = origin ? tb_vkey_set(key, origin, TB_VKEY_LOG, public, err) :
		       tb_error_set(err, -ENOMEM, "out of memory");
	free(origin);
	return ret;
}

/**
 * tb_log_key_load() - the station's key, and what its log is called
 * @config: says where it is; it is made if there is none
 * @private: set to it, the caller's
 * @key: set to its public half, named after the log
 * @err: told what went wrong
 *
 * Return: 0; -EINVAL if the file or the name is none; or another negative errno.
 */
int tb_log_key_load(const struct tb_config *config, EVP_PKEY **private, struct tb_vkey *key,
		    struct tb_error *err)
{
	FILE *file = fopen(config->log_key, "re");
	int ret;

	if (file) {
		ret = load(file, config->log_key, private, err);
		fclose(file);
	} else if (errno == ENOENT) {
		ret = draw(config->log_key, private, err);
	} else {
		ret = tb_error_set(err, -errno, "log_key %s cannot be read: %s", config->log_key,
				   strerror(errno));
	}
	return ret ?: name_key(config, *private, key, err);
}
