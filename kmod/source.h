/* SPDX-License-Identifier: GPL-2.0-only */
/* Sources: the devices that make records, by name and number. */
#ifndef TONGBU_SOURCE_H
#define TONGBU_SOURCE_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/tongbu.h>

#include "chain.h"
#include "liveness.h"
#include "named.h"
#include "storm.h"

struct genl_info;
struct netlink_callback;
struct netlink_ext_ack;
struct nlattr;
struct sk_buff;

/**
 * struct tb_source - what all sources have in common
 * @named: its name and number, among all sources
 * @stream: its events
 * @ops: what its type does
 * @def: as it was armed, for its record; constant once it is
 * @more: the same
 * @payload: both, as they go on record
 * @tail: what its type adds to that record, its own; or NULL
 * @tail_len: bytes of @tail
 * @liveness: when it last spoke
 * @storm: how it keeps to its rate
 * @gone: its device is gone
 */
struct tb_source {
	struct tb_named named;
	struct tb_stream stream;
	const struct tb_source_ops *ops;
	union {
		struct {
			struct tongbu_source def;
			struct tongbu_source_more more;
		};
		u8 payload[sizeof(struct tongbu_source) + sizeof(struct tongbu_source_more)];
	};
	const void *tail;
	u16 tail_len;
	struct tb_liveness liveness;
	struct tb_storm storm;
	bool gone;
};

/**
 * struct tb_source_ops - a type of source
 * @type: enum tongbu_source_type
 * @create: make a source from a request, with the device in hand, silent;
 *	takes over @def and fills in all but its name, type and flags, of
 *	@more what only its type has; ERR_PTR() after tb_refuse()
 * @start: let it make records
 * @stop: make sure it makes none any more; sleeps
 * @destroy: let go of the device and free it
 * @level: last level on record, -1 if that is not known; NULL where there is none
 * @put: tell of it what only its type has, how it is right now if that is asked
 *	for, too; 0 or -EMSGSIZE
 * @mask: keep its interrupt off, or let it come again; NULL if there is none to
 *	keep off. In any context, under the lock of its storm, also after @stop and
 *	with the device gone; does not sleep
 * @resync: a storm is over: put on record how things stand; or NULL. In a timer's
 *	hard interrupt, also after @stop
 * @admits: it calls tb_source_admit() itself, when it has the stamp
 *
 * All but @mask and @resync in process context, under the sources' lock.
 */
struct tb_source_ops {
	u8 type;
	bool admits;
	struct tb_source *(*create)(struct nlattr **attrs, const struct tongbu_source *def,
				    struct netlink_ext_ack *extack);
	void (*start)(struct tb_source *source);
	void (*stop)(struct tb_source *source);
	void (*destroy)(struct tb_source *source);
	int (*level)(const struct tb_source *source);
	int (*put)(struct sk_buff *skb, const struct tb_source *source, bool live);
	void (*mask)(struct tb_source *source, bool on);
	void (*resync)(struct tb_source *source);
};

extern const struct tb_source_ops tb_edge_ops;
extern const struct tb_source_ops tb_counter_ops;
extern const struct tb_source_ops tb_pps_ops;
extern const struct tb_source_ops tb_input_ops;
extern const struct tb_source_ops tb_serial_ops;

bool tb_source_admit(struct tb_source *source, const struct tb_stamp *stamp);
int tb_source_seal(struct tb_source *source, struct tb_event *event, int level);
void tb_source_count_event(struct tb_source *source, const struct tb_stamp *stamp);
int tb_source_note(struct tb_source *source, u16 kind, u16 flags, const struct tb_stamp *stamp,
		   const void *payload, u16 len);
void tb_source_gone(struct tb_source *source, enum tongbu_absence why, u64 since,
		    const char *device);
void tb_source_back(struct tb_source *source, enum tongbu_absence why, u64 since,
		    const char *device, u8 level);
void tb_source_lock(void);
void tb_source_unlock(void);
struct tb_source *tb_source_find(const char *name);
u32 tb_source_count(void);
int tb_source_disarm_all(void);
int tb_source_add(struct sk_buff *skb, struct genl_info *info);
int tb_source_del(struct sk_buff *skb, struct genl_info *info);
int tb_source_get(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* TONGBU_SOURCE_H */
