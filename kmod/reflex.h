/* SPDX-License-Identifier: GPL-2.0-only */
/* Reflexes: sources joined to outputs, whatever becomes of the chain's owner. */
#ifndef TONGBU_REFLEX_H
#define TONGBU_REFLEX_H

#include <linux/jump_label.h>
#include <linux/types.h>
#include <linux/tongbu.h>

#include "chain.h"

struct genl_info;
struct netlink_callback;
struct sk_buff;
struct tb_output;

/**
 * enum tb_news_kind - what there is of a source
 * @TB_NEWS_EVENT: an event
 * @TB_NEWS_LEVEL: its device is back: how its level is
 * @TB_NEWS_UNKNOWN: its device is gone, or its level could not be read
 */
enum tb_news_kind {
	TB_NEWS_EVENT,
	TB_NEWS_LEVEL,
	TB_NEWS_UNKNOWN,
};

/**
 * struct tb_news - news of a source
 * @kind: what there is
 * @source: number of the source
 * @level: its level, or -1 if it has none
 * @stamp: when
 * @record: number of the record, or %TONGBU_SEQ_NONE
 */
struct tb_news {
	enum tb_news_kind kind;
	u32 source;
	int level;
	struct tb_stamp stamp;
	u64 record;
};

DECLARE_STATIC_KEY_FALSE(tb_reflex_armed);

void tb_reflex_look(const struct tb_news *news);

/* Costs nothing while no reflex is armed. Any context; news of a source in order. */
static inline void tb_reflex_tell(enum tb_news_kind kind, u32 source, int level,
				  const struct tb_stamp *stamp, u64 record)
{
	if (static_branch_unlikely(&tb_reflex_armed)) {
		const struct tb_news news = {
			.kind = kind,
			.source = source,
			.level = level,
			.stamp = *stamp,
			.record = record,
		};

		tb_reflex_look(&news);
	}
}

int tb_reflex_disarm_all(void);
u32 tb_reflex_count(void);
bool tb_reflex_of_source(u32 source, char name[TONGBU_NAME_LEN]);
bool tb_reflex_of_output(const struct tb_output *output, char name[TONGBU_NAME_LEN]);

int tb_reflex_add(struct sk_buff *skb, struct genl_info *info);
int tb_reflex_del(struct sk_buff *skb, struct genl_info *info);
int tb_reflex_get(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* TONGBU_REFLEX_H */
