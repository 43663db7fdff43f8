/* SPDX-License-Identifier: GPL-2.0-only */
/* The reader: the one process that takes the records over, and its reading. */
#ifndef TONGBU_READER_H
#define TONGBU_READER_H

#include <linux/types.h>

struct genl_info;
struct netlink_callback;
struct sk_buff;

int tb_reader_init(void);
void tb_reader_exit(void);
void tb_reader_family_open(bool open);
void tb_reader_hint(void);
bool tb_reader_attached(void);
int tb_reader_put_owner(struct sk_buff *skb);
int tb_reader_require_owner(const struct genl_info *info);

int tb_reader_attach(struct sk_buff *skb, struct genl_info *info);
int tb_reader_ack(struct sk_buff *skb, struct genl_info *info);
int tb_reader_clock_state(struct sk_buff *skb, struct genl_info *info);
int tb_reader_read(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* TONGBU_READER_H */
