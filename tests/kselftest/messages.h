/* SPDX-License-Identifier: GPL-2.0-only */
/* Netlink messages at random, from what the spec says of commands and attributes. */
#ifndef TONGBU_SELFTEST_MESSAGES_H
#define TONGBU_SELFTEST_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

/* Room that any message fits into */
#define MESSAGE_ROOM 32768

/**
 * struct messages - a series of them; the same from the same state on
 * @state: of the random numbers: where a series begins, its seed
 * @family: id of the family
 * @seq: number of the last message
 */
struct messages {
	uint64_t state;
	uint16_t family;
	uint32_t seq;
};

uint32_t messages_random(struct messages *messages, uint32_t below);
size_t messages_next(struct messages *messages, void *room, uint8_t *cmd);

#endif /* TONGBU_SELFTEST_MESSAGES_H */
