/* SPDX-License-Identifier: GPL-2.0-only */
/* Input devices as sources: what is asked for, read from a request. */
#ifndef TONGBU_INPUT_H
#define TONGBU_INPUT_H

#include <linux/types.h>
#include <linux/tongbu.h>

struct netlink_ext_ack;
struct nlattr;

int tb_input_read_request(struct nlattr **attrs, u32 flags, struct tongbu_input *def,
			  u8 salt[TONGBU_SALT_LEN], struct netlink_ext_ack *extack);

#endif /* TONGBU_INPUT_H */
