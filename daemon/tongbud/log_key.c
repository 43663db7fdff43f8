// SPDX-License-Identifier: GPL-2.0-only
#include "log_key.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "hex.h"
#include "log.h"
#include "sign_key.h"

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
	char *origin;
	int ret = tb_sign_key_public(private, public, err);

	if (ret)
		return ret;
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
	bool made;
	int ret = tb_sign_key_load("log_key", config->log_key, private, &made, err);

	if (!ret && made)
		tb_log_notice("log_key %s made: a log begins", config->log_key);
	return ret ?: name_key(config, *private, key, err);
}
