/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the kernel into the ledger: start or find the chain, own it, read, make
 * durable, acknowledge, and go on where the ledger ends.
 */
#ifndef TONGBU_FEED_H
#define TONGBU_FEED_H

#include <systemd/sd-event.h>

#include "error.h"
#include "kernel.h"
#include "ledger.h"

struct tb_feed;

/**
 * struct tb_feed_ops - what the feed tells
 * @durable: records were added to the ledger and are on the disk
 * @fatal: the feed has ended for a reason that waiting does not mend; -ESHUTDOWN if
 *	that is the end of the chain
 *
 * Both from the event loop.
 */
struct tb_feed_ops {
	void (*durable)(void *userdata);
	void (*fatal)(const struct tb_error *why, void *userdata);
};

int tb_feed_start(sd_event *event, struct tb_kernel *kernel, struct tb_ledger *ledger,
		  const char *supervisor_key, const struct tb_feed_ops *ops, void *userdata,
		  struct tb_feed **feed, struct tb_error *err);
void tb_feed_drain(struct tb_feed *feed);
const char *tb_feed_trouble(const struct tb_feed *feed);
void tb_feed_free(struct tb_feed *feed);

#endif /* TONGBU_FEED_H */
