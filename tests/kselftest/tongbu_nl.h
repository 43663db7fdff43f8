/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One socket of the family, straight over libnl: the selftests hold the kernel
 * to uapi/linux/tongbu.h and use none of the daemon's code.
 */
#ifndef TONGBU_SELFTEST_NL_H
#define TONGBU_SELFTEST_NL_H

#include <linux/tongbu.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stddef.h>
#include <stdint.h>

struct nl_sock;

/**
 * struct tongbu_nl - a socket, and what it was last told
 * @sock: libnl's socket
 * @family: id of the family
 * @device: /dev/tongbu, or -1
 * @ring: what is mapped of it
 * @size: bytes of @ring
 * @text: words of the last refusal, empty if it had none
 * @attr: attribute at fault in it, or 0
 * @attrs: attributes of the last answer, or NULL each
 * @answer: the message they are in
 */
struct tongbu_nl {
	struct nl_sock *sock;
	int family;
	int device;
	const struct tongbu_ring *ring;
	size_t size;
	char text[512];
	int attr;
	struct nlattr *attrs[TONGBU_A_MAX + 1];
	unsigned char *answer;
};

typedef int (*tongbu_nl_each)(struct nlattr **attrs, void *arg);

int tongbu_nl_open(struct tongbu_nl *nl);
void tongbu_nl_close(struct tongbu_nl *nl);
struct nl_msg *tongbu_nl_request(struct tongbu_nl *nl, uint8_t cmd);
int tongbu_nl_do(struct tongbu_nl *nl, struct nl_msg *msg);
int tongbu_nl_dump(struct tongbu_nl *nl, struct nl_msg *msg, tongbu_nl_each each, void *arg);

int tongbu_nl_call(struct tongbu_nl *nl, uint8_t cmd);
int tongbu_nl_attach(struct tongbu_nl *nl);
const uint8_t *tongbu_nl_record(const struct tongbu_nl *nl, uint64_t seq, size_t *size);
uint64_t tongbu_nl_head(const struct tongbu_nl *nl);
int tongbu_nl_ready(const struct tongbu_nl *nl, int wait_ms);
int tongbu_nl_ack(struct tongbu_nl *nl, uint64_t seq);
uint64_t tongbu_nl_info(struct tongbu_nl *nl, int attr);

#endif /* TONGBU_SELFTEST_NL_H */
