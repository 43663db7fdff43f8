/* SPDX-License-Identifier: GPL-2.0-only */
/* INFO_GET, CHAIN_START, CHAIN_END. */
#ifndef TONGBU_INFO_H
#define TONGBU_INFO_H

struct genl_info;
struct sk_buff;

int tb_info_get(struct sk_buff *request, struct genl_info *info);
int tb_info_chain_start(struct sk_buff *request, struct genl_info *info);
int tb_info_chain_end(struct sk_buff *request, struct genl_info *info);

#endif /* TONGBU_INFO_H */
