// SPDX-License-Identifier: GPL-2.0-only
#include "bus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "sign_key.h"

/* A server that hangs is noticed within so long, ms */
#define PING_MS	 20000
#define WRITE_MS 20000
/* Between tries to reach one: at first, and after many, ms */
#define WAIT_MS	    1000
#define WAIT_MAX_MS 60000

/* Kinds of keys of NATS: this is a user's. */
#define NKEY_USER (20U << 3)
#define NKEY_LEN  (1 + TB_VKEY_LEN + 2)

/**
 * struct tb_bus - a connection
 * @options: its options
 * @nats: the connection
 * @private: the key that says who this is
 * @nkey: its public half
 */
struct tb_bus {
	natsOptions *options;
	natsConnection *nats;
	EVP_PKEY *private;
	char nkey[TB_NKEY_SIZE];
};

volatile sig_atomic_t tb_bus_stopping;

static void stop(int number)
{
	(void)number;
	tb_bus_stopping = 1;
}

/**
 * tb_bus_signals() - have SIGINT and SIGTERM set tb_bus_stopping
 */
void tb_bus_signals(void)
{
	const struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* CRC-16 of XMODEM, bit by bit */
static unsigned int crc16(const uint8_t *bytes, size_t len)
{
	unsigned int crc = 0;
	size_t i;
	int bit;

	for (i = 0; i < len; i++) {
		crc ^= (unsigned int)bytes[i] << 8;
		for (bit = 0; bit < 8; bit++)
			crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
	}
	return crc;
}

/* Base32 of kind, key and checksum: 35 bytes, so without padding */
static int nkey_of(const EVP_PKEY *private, char nkey[TB_NKEY_SIZE], struct tb_error *err)
{
	uint8_t bytes[NKEY_LEN] = { NKEY_USER };
	unsigned int crc, value;
	size_t i, k, at;
	int ret = tb_sign_key_public(private, bytes + 1, err);

	if (ret)
		return ret;
	crc = crc16(bytes, NKEY_LEN - 2);
	bytes[NKEY_LEN - 2] = (uint8_t)crc;
	bytes[NKEY_LEN - 1] = (uint8_t)(crc >> 8);
	for (i = 0; i < TB_NKEY_SIZE - 1; i++) {
		for (value = 0, k = 0; k < 5; k++) {
			at = 5 * i + k;
			value = value << 1 | ((unsigned int)bytes[at / 8] >> (7 - at % 8) & 1U);
		}
		nkey[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[value];
	}
	nkey[i] = '\0';
	return 0;
}

/**
 * tb_bus_user() - who is this, to servers of NATS?
 * @config: its key among other settings; it is made if there is none
 * @nkey: set to the public key
 * @err: told what went wrong
 *
 * Return: 0; -EINVAL if the file holds no such key; or another negative errno.
 */
int tb_bus_user(const struct tb_bus_config *config, char nkey[TB_NKEY_SIZE], struct tb_error *err)
{
	EVP_PKEY *private = NULL;
	bool made;
	int ret = tb_sign_key_load("key", config->key, &private, &made, err);

	ret = ret ?: nkey_of(private, nkey, err);
	EVP_PKEY_free(private);
	return ret;
}

/*
 * The server wants its nonce signed at every connection; one that lets anybody in has none.
 * The library frees both.
 */
static natsStatus sign(char **complaint, unsigned char **signature, int *len, const char *nonce,
		       void *userdata)
{
	const struct tb_bus *bus = userdata;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t got = 64;
	bool good;

	*signature = malloc(got);
	good = context && *signature &&
	       EVP_DigestSignInit(context, NULL, NULL, NULL, bus->private) == 1 &&
	       EVP_DigestSign(context, *signature, &got, (const unsigned char *)(nonce ?: ""),
			      strlen(nonce ?: "")) == 1;
	EVP_MD_CTX_free(context);
	*len = (int)got;
	if (good)
		return NATS_OK;
	free(*signature);
	*signature = NULL;
	*complaint = strdup("libcrypto could not sign");
	return NATS_ERR;
}

/* On a thread of the library's: longer from try to try, and never the same for all. */
static int64_t wait_for(natsConnection *nats, int attempts, void *userdata)
{
	int64_t wait = attempts < 6 ? WAIT_MS << attempts : WAIT_MAX_MS;

	(void)nats, (void)userdata;
	return wait / 2 + (int64_t)(random() % (wait / 2));
}

static char *host_of(const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	return strndup(host, strcspn(host, ":/"));
}

static natsStatus set_tls(natsOptions *options, const struct tb_bus_config *config)
{
	char *name = config->tls_name ? strdup(config->tls_name) : host_of(config->servers[0]);
	natsStatus status = name ? natsOptions_SetSecure(options, true) : NATS_NO_MEMORY;

	if (status == NATS_OK)
		status = natsOptions_SetExpectedHostname(options, name);
	if (status == NATS_OK && config->ca)
		status = natsOptions_LoadCATrustedCertificates(options, config->ca);
	free(name);
	return status;
}

static natsStatus set_options(struct tb_bus *bus, const struct tb_bus_config *config,
			      const char *name)
{
	natsOptions *options;
	natsStatus status = natsOptions_Create(&bus->options);

	if (status != NATS_OK)
		return status;
	options = bus->options;
	status = natsOptions_SetServers(options, (const char **)config->servers,
					(int)config->server_count);
	if (status == NATS_OK && !strncmp(config->servers[0], "tls://", 6))
		status = set_tls(options, config);
	if (status == NATS_OK)
		status = natsOptions_SetName(options, name);
	if (status == NATS_OK)
		status = natsOptions_SetNKey(options, bus->nkey, sign, bus);
	if (status == NATS_OK)
		status = natsOptions_SetMaxReconnect(options, -1);
	if (status == NATS_OK)
		status = natsOptions_SetCustomReconnectDelay(options, wait_for, NULL);
	if (status == NATS_OK)
		status = natsOptions_SetPingInterval(options, PING_MS);
	if (status == NATS_OK)
		status = natsOptions_SetWriteDeadline(options, WRITE_MS);
	/* What is sent while there is no connection is not to wait for one: it is sent again. */
	if (status == NATS_OK)
		status = natsOptions_SetReconnectBufSize(options, 1);
	return status;
}

/**
 * tb_bus_open() - connect
 * @config: to which servers, as whom
 * @name: what they are to call the connection
 * @bus: set to it; tb_bus_close() ends it
 * @err: told what went wrong
 *
 * Return: 0; -EHOSTUNREACH if no server could be reached, or none takes the key; or another
 * negative errno.
 */
int tb_bus_open(const struct tb_bus_config *config, const char *name, struct tb_bus **bus,
		struct tb_error *err)
{
	struct tb_bus *b = calloc(1, sizeof(*b));
	natsStatus status;
	bool made;
	int ret;

	if (!b)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = tb_sign_key_load("key", config->key, &b->private, &made, err);
	ret = ret ?: nkey_of(b->private, b->nkey, err);
	if (!ret) {
		status = set_options(b, config, name);
		if (status == NATS_OK)
			status = natsConnection_Connect(&b->nats, b->options);
		if (status != NATS_OK)
			ret = tb_error_set(err, -EHOSTUNREACH, "NATS at %s: %s, %s",
					   config->servers[0], natsStatus_GetText(status),
					   nats_GetLastError(NULL) ?: "no reason given");
	}
	if (ret)
		tb_bus_close(b);
	else
		*bus = b;
	return ret;
}

/**
 * tb_bus_close() - end the connection
 * @bus: the connection, or NULL; what was subscribed on it was destroyed before
 */
void tb_bus_close(struct tb_bus *bus)
{
	if (!bus)
		return;
	/* It may be signing on its own thread until it is closed. */
	if (bus->nats)
		natsConnection_Close(bus->nats);
	natsConnection_Destroy(bus->nats);
	natsOptions_Destroy(bus->options);
	EVP_PKEY_free(bus->private);
	free(bus);
}

/**
 * tb_bus_nats() - the connection itself
 * @bus: the connection
 *
 * Return: as the library has it, @bus's own.
 */
natsConnection *tb_bus_nats(struct tb_bus *bus)
{
	return bus->nats;
}

/**
 * tb_bus_is_up() - is there a server now?
 * @bus: the connection
 *
 * Return: whether.
 */
bool tb_bus_is_up(struct tb_bus *bus)
{
	return natsConnection_Status(bus->nats) == NATS_CONN_STATUS_CONNECTED;
}

/**
 * tb_bus_is_closed() - was it given up?
 * @bus: the connection
 *
 * Return: whether.
 */
bool tb_bus_is_closed(struct tb_bus *bus)
{
	return natsConnection_IsClosed(bus->nats);
}

/**
 * tb_bus_why() - why is there none?
 * @bus: the connection
 *
 * Return: words of the library's.
 */
const char *tb_bus_why(struct tb_bus *bus)
{
	const char *why = NULL;

	natsConnection_GetLastError(bus->nats, &why);
	return why && *why ? why : "the connection was lost";
}
