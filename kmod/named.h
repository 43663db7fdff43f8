/* SPDX-License-Identifier: GPL-2.0-only */
/* What is added and removed by name and number: sources, outputs, reflexes. */
#ifndef TONGBU_NAMED_H
#define TONGBU_NAMED_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct genl_info;
struct netlink_callback;
struct sk_buff;

/**
 * struct tb_named - one of them
 * @list: among all of its kind, under their lock
 * @name: its name, whoever it is part of has it
 * @id: its number
 */
struct tb_named {
	struct list_head list;
	const char *name;
	u32 id;
};

/**
 * struct tb_kind - all of a kind
 * @lock: held while one comes, goes or is looked at
 * @list: those there are, by rising number
 * @next: number of the next
 * @count: how many there are; read without the lock, too
 * @most: how many there may be: a guard against a runaway script
 * @what: what one is called
 * @attr: what its attributes' names begin with
 * @id_attr: attribute that has its number
 * @name_attr: attribute that has its name
 */
struct tb_kind {
	struct mutex lock;		/* see above */
	struct list_head list;
	u32 next;
	u32 count;
	u32 most;
	const char *what;
	const char *attr;
	int id_attr;
	int name_attr;
};

struct tb_named *tb_named_find(const struct tb_kind *kind, const char *name);
struct tb_named *tb_named_asked(const struct tb_kind *kind, struct genl_info *info);
int tb_named_check_new(const struct tb_kind *kind, struct genl_info *info);
int tb_named_refuse_unsealed(struct genl_info *info, int err);
void tb_named_add(struct tb_kind *kind, struct tb_named *named);
void tb_named_del(struct tb_kind *kind, struct tb_named *named);
int tb_named_reply(const struct tb_kind *kind, struct genl_info *info, struct sk_buff *reply,
		   void *hdr, u32 id);
int tb_named_dump(struct tb_kind *kind, struct sk_buff *skb, struct netlink_callback *cb,
		  u8 command, int (*put)(struct sk_buff *skb, struct tb_named *named,
					 const struct netlink_callback *cb));

#endif /* TONGBU_NAMED_H */
