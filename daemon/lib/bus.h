/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NATS, as an uplink and a hub reach it: by TLS, known by an Ed25519 key. A connection that
 * was lost comes back by itself; one that was refused is closed, and has to be opened anew.
 *
 * What NATS says it has is not held: it may lose and repeat. Only a hub's signature counts.
 */
#ifndef TONGBU_BUS_H
#define TONGBU_BUS_H

#include <signal.h>
#include <stdbool.h>

#include <nats/nats.h>

#include "config.h"

/* A user's public key, as servers of NATS have it: 56 letters, and the closing NUL */
#define TB_NKEY_SIZE 57

struct tb_bus;

/* A signal asked for the end; tb_bus_signals() has it set */
extern volatile sig_atomic_t tb_bus_stopping;

void tb_bus_signals(void);

int tb_bus_open(const struct tb_bus_config *config, const char *name, struct tb_bus **bus,
		struct tb_error *err);
void tb_bus_close(struct tb_bus *bus);
natsConnection *tb_bus_nats(struct tb_bus *bus);
bool tb_bus_is_up(struct tb_bus *bus);
bool tb_bus_is_closed(struct tb_bus *bus);
const char *tb_bus_why(struct tb_bus *bus);

int tb_bus_user(const struct tb_bus_config *config, char nkey[TB_NKEY_SIZE], struct tb_error *err);

#endif /* TONGBU_BUS_H */
