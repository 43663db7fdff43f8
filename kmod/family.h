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
	u32 submit_burst;
	u32 submit_daily;
	u64 loaded;
};

extern struct tb_params tb_params;
extern struct genl_family tb_family;

int tb_family_init(void);
void tb_family_exit(void);

__printf(4, 5)
int tb_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, int err,
	      const char *fmt, ...);
int tb_require_attr(struct genl_info *info, int attr, const char *name, const char *what);
struct sk_buff *tb_reply_new(struct genl_info *info, u8 cmd, void **hdr);
int tb_check_name(const struct nlattr *attr, const char *whose, struct netlink_ext_ack *extack);
bool tb_opened_by_caller(struct sk_buff *skb);
bool tb_may_control(struct sk_buff *skb);
u32 tb_caller_uid(void);
u32 tb_caller_pid(void);

/* A number of a request, or what goes for one that is left out */
static inline u32 tb_u32(const struct nlattr *attr, u32 otherwise)
{
	return attr ? nla_get_u32(attr) : otherwise;
}

static inline u8 tb_u8(const struct nlattr *attr, u8 otherwise)
{
	return attr ? nla_get_u8(attr) : otherwise;
}

/* Insist on an attribute, named without its prefix; @what says what it is */
#define tb_require(info, attr, what) \
	tb_require_attr(info, TONGBU_A_##attr, #attr, what)

#endif /* TONGBU_FAMILY_H */
