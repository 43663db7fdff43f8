/* SPDX-License-Identifier: GPL-2.0-only */
/* The reader: the one process that takes the records over, by /dev/tongbu. */
#ifndef TONGBU_READER_H
#define TONGBU_READER_H

#include <linux/types.h>

struct genl_info;
struct sk_buff;

void tb_reader_exit(void);
int tb_reader_open_device(void);
void tb_reader_close_device(void);
void tb_reader_wake(void);
void tb_reader_chain_begun(void);
bool tb_reader_attached(void);
bool tb_reader_is_caller(void);
int tb_reader_put_owner(struct sk_buff *skb);
int tb_reader_require_owner(const struct genl_info *info);
int tb_reader_clock_state(struct sk_buff *skb, struct genl_info *info);

#endif /* TONGBU_READER_H */
