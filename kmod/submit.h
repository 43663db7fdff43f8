/* SPDX-License-Identifier: GPL-2.0-only */
/* Submissions: what people do, under their own names. */
#ifndef TONGBU_SUBMIT_H
#define TONGBU_SUBMIT_H

#include <linux/types.h>

struct genl_info;
struct sk_buff;

bool tb_submit_member(struct sk_buff *skb);
int tb_submit(struct sk_buff *skb, struct genl_info *info);
void tb_submit_refused(u8 command, u32 uid, u32 pid, int err);
bool tb_submit_report_refused(void);
int tb_submit_put_info(struct sk_buff *skb);

#endif /* TONGBU_SUBMIT_H */
