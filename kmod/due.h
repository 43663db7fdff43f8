/* SPDX-License-Identifier: GPL-2.0-only */
/* Clocks: deadlines in CLOCK_REALTIME, each of which comes due once. */
#ifndef TONGBU_DUE_H
#define TONGBU_DUE_H

#include <linux/types.h>
#include <net/netlink.h>
#include <linux/tongbu.h>

struct genl_info;
struct netlink_callback;
struct sk_buff;

void tb_due_init(u32 most);
void tb_due_exit(void);
void tb_due_acked(u64 tail);
int tb_due_put_info(struct sk_buff *skb);

int tb_due_arm(struct sk_buff *skb, struct genl_info *info);
int tb_due_cancel(struct sk_buff *skb, struct genl_info *info);
int tb_due_get(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* TONGBU_DUE_H */
