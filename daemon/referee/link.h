/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records from tongbud, as they become durable: one question that never ends. A piece
 * at a time: as long as one is folded, tongbud's next one waits in the socket, and
 * costs tongbud one buffer.
 */
#ifndef TONGBU_LINK_H
#define TONGBU_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>
#include <linux/tongbu.h>
#include <systemd/sd-event.h>

#include "error.h"

struct tb_link;

/**
 * struct tb_piece - some records
 * @chain: id of their chain
 * @records: whole records, back to back; may be none
 * @len: bytes of them
 * @position: the ledger's name of the last one
 * @end: there are no more for now
 */
struct tb_piece {
	uint8_t chain[TONGBU_CHAIN_LEN];
	uint8_t *records;
	size_t len;
	int64_t position;
	bool end;
};

/**
 * struct tb_link_ops - what the link tells
 * @begin: asked behind which position it is to go on; -1 for the beginning
 * @names: what sources, outputs and reflexes are called: GetNames' answer
 * @chains: chains of the ledger in order: GetChains' answer
 * @piece: records; @piece->records is taken over; tb_link_more() asks for the next
 * @lost: tongbud cannot be reached, or refused; it is tried again
 *
 * All from the event loop.
 */
struct tb_link_ops {
	int64_t (*begin)(void *userdata);
	void (*names)(const json_t *names, void *userdata);
	void (*chains)(const json_t *chains, void *userdata);
	void (*piece)(const struct tb_piece *piece, void *userdata);
	void (*lost)(const struct tb_error *why, void *userdata);
};

int tb_link_new(sd_event *event, const char *socket, const struct tb_link_ops *ops, void *userdata,
		struct tb_link **link, struct tb_error *err);
void tb_link_more(struct tb_link *link);
void tb_link_again(struct tb_link *link);
void tb_link_free(struct tb_link *link);

#endif /* TONGBU_LINK_H */
