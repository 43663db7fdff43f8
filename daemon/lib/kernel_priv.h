/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the netlink client share. */
#ifndef TONGBU_KERNEL_PRIV_H
#define TONGBU_KERNEL_PRIV_H

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "kernel.h"

/**
 * struct tb_kernel - one netlink socket, and the device once the chain is read
 * @sock: libnl's
 * @family: number of the family
 * @device: /dev/tongbu, or -1
 * @ring: what is mapped of it
 * @size: bytes of @ring
 */
struct tb_kernel {
	struct nl_sock *sock;
	int family;
	int device;
	struct tongbu_ring *ring;
	size_t size;
};

/* Called with the attributes of each answer; a negative errno ends the reading */
typedef int (*tb_kernel_answer)(struct nlattr **attrs, void *userdata);

struct nl_msg *tb_kernel_request(struct tb_kernel *kernel, uint8_t cmd, int flags,
				 struct tb_error *err);
int tb_kernel_transact(struct tb_kernel *kernel, struct nl_msg *msg, tb_kernel_answer answer,
		       void *userdata, struct tb_error *err);
void tb_kernel_detach(struct tb_kernel *kernel);
int tb_kernel_copy(const struct nlattr *attr, void *to, size_t len);

#endif /* TONGBU_KERNEL_PRIV_H */
