/* SPDX-License-Identifier: GPL-2.0-only */
/* The supervisor's side: a private key, and an independent look at the seals. */
#ifndef TONGBU_SELFTEST_SUPERVISOR_H
#define TONGBU_SELFTEST_SUPERVISOR_H

#include <linux/tongbu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record;
struct record_log;

/**
 * struct supervisor - an X25519 pair
 * @secret: private half
 * @pubkey: public half
 */
struct supervisor {
	uint8_t secret[TONGBU_KEY_LEN];
	uint8_t pubkey[TONGBU_KEY_LEN];
};

int blake2s_after(const uint8_t *secret, const void *data, size_t len, uint8_t out[32]);
int supervisor_new(struct supervisor *supervisor);
int supervisor_open(const struct supervisor *supervisor, const struct record *genesis,
		    uint8_t key[TONGBU_KEY_LEN]);
bool supervisor_verify(const struct supervisor *supervisor, struct record_log *log);

#endif /* TONGBU_SELFTEST_SUPERVISOR_H */
