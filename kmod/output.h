/* SPDX-License-Identifier: GPL-2.0-only */
/* Outputs: lines that the station sets, by name and number. */
#ifndef TONGBU_OUTPUT_H
#define TONGBU_OUTPUT_H

#include <linux/types.h>
#include <linux/tongbu.h>

#include "chain.h"

struct genl_info;
struct netlink_callback;
struct sk_buff;
struct tb_output;

/**
 * struct tb_hold - what one reflex does to its output
 * @epoch: the output's when it began; another one now means it was ended
 * @on: it has the output on
 * @blinks: and off, in turns; constant
 * @record: number of the record of its last firing
 *
 * Under the output's lock, but for @record, which is for who sets the line.
 */
struct tb_hold {
	u32 epoch;
	bool on;
	bool blinks;
	u64 record;
};

/**
 * struct tb_firing - why a reflex sets its output
 * @stamp: stamp of the event
 * @record: its number, or %TONGBU_SEQ_NONE
 * @reflex: number of the reflex
 * @source: number of the source
 */
struct tb_firing {
	struct tb_stamp stamp;
	u64 record;
	u32 reflex;
	u32 source;
};

extern struct tb_stream tb_reflexes;

void tb_output_init(void);
int tb_output_release_all(void);
void tb_output_exit(void);
u32 tb_output_count(void);
void tb_output_owner(bool attached);

int tb_output_add(struct sk_buff *skb, struct genl_info *info);
int tb_output_del(struct sk_buff *skb, struct genl_info *info);
int tb_output_set(struct sk_buff *skb, struct genl_info *info);
int tb_output_get(struct sk_buff *skb, struct netlink_callback *cb);

/* For reflexes; the output stays for as long as one uses it. */
void tb_output_lock(void);
void tb_output_unlock(void);
struct tb_output *tb_output_find(const char *name);
u32 tb_output_id(const struct tb_output *output);
const char *tb_output_name(const struct tb_output *output);
void tb_output_fire(struct tb_output *output, struct tb_hold *hold,
		    const struct tb_firing *firing);
bool tb_output_blink(struct tb_output *output, struct tb_hold *hold, u8 value);
void tb_output_end(struct tb_output *output, struct tb_hold *hold,
		   enum tongbu_output_cause cause, u64 record, u64 asked);
void tb_output_leave(struct tb_output *output, struct tb_hold *hold);
void tb_output_flush(struct tb_output *output);

#endif /* TONGBU_OUTPUT_H */
