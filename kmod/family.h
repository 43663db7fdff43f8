/* SPDX-License-Identifier: GPL-2.0-only */
/* The generic netlink family: its tables, and what its operations share. */
#ifndef TONGBU_FAMILY_H
#define TONGBU_FAMILY_H

#include <net/genetlink.h>
#include <linux/tongbu.h>

struct tb_params {
	u32 ring;
	u32 heartbeat_ms;
	u32 submit_gid;
	u32 submit_rate;
	u64 loaded;
};

extern struct tb_params tb_params;
extern struct genl_family tb_family;

int tb_family_init(void);
void tb_family_exit(void);

__printf(4, 5)
int tb_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, int err,
	      const char *fmt, ...);

/**
 * tb_require() - insist on an attribute
 * @info: the request, struct genl_info
 * @attr: enum tongbu_attr without its prefix
 * @what: what it stands for, a literal
 *
 * Context: process; does not sleep.
 * Return: 0, or -EINVAL if it is not there.
 */
#define tb_require(info, attr, what)						\
	((info)->attrs[TONGBU_A_##attr] ? 0 :					\
	 tb_refuse((info)->extack, NULL, -EINVAL,				\
		   "attribute " #attr " is missing: " what))

struct sk_buff *tb_reply_new(struct genl_info *info, u8 cmd, void **hdr);
u32 tb_caller_uid(void);
u32 tb_caller_pid(void);

#endif /* TONGBU_FAMILY_H */
