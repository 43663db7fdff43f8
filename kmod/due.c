// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deadlines by id, in two trees: by id, and by time. One timer on
 * CLOCK_REALTIME stands at the earliest; the kernel moves it with every step of
 * the clock and looks at it when the machine wakes. What is due is sealed in the
 * timer's hard interrupt, a few at a time, so that thousands that come due at
 * once hold up nobody.
 *
 * A clock that came due is remembered until its record is acknowledged: a
 * reader that has not seen the record yet and arms what its ledger shows as open
 * is told so, and does not make it due a second time.
 */
#include "due.h"

#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/genetlink.h>

#include "chain.h"
#include "compat.h"
#include "family.h"
#include "reader.h"

/*
 * Between interrupts of which each seals as many as are due, and no more than it may. Longer
 * than the way out of the first one takes, or the kernel runs the timer again within it: on a
 * slow machine that way is as much slower as the sealing was.
 */
#define PAUSE_NS	(250 * NSEC_PER_USEC)
#define PAUSE_TIMES	8

/* Forgotten under one hold of the lock */
#define FORGET_BATCH	32

/* Told of under one hold of the lock */
#define TELL_BATCH	8

/**
 * struct due - a clock
 * @by_id: in the tree of all
 * @by_time: in the tree of those not due yet
 * @fired: in the list of those that came due, in the order of their records
 * @id: its id
 * @due: when, CLOCK_REALTIME, ns
 * @seq: number of its DUE record, once it came due
 * @done: it came due
 */
struct due {
	struct rb_node by_id;
	struct rb_node by_time;
	struct list_head fired;
	u64 id;
	u64 due;
	u64 seq;
	bool done;
};

/* Guards all below; taken in the timer's hard interrupt, before the chain's */
static DEFINE_RAW_SPINLOCK(due_lock);
static struct rb_root ids = RB_ROOT;
static struct rb_root_cached times = RB_ROOT_CACHED;
static LIST_HEAD(fired);
static struct hrtimer timer;
static u32 armed, remembered, limit;
/* The ring had no room: go on when it has */
static bool waiting;

static struct tb_stream stream;

static struct due *due_of(struct rb_node *node)
{
	return rb_entry(node, struct due, by_id);
}

static struct due *earliest(void)
{
	struct rb_node *node = rb_first_cached(&times);

	return node ? rb_entry(node, struct due, by_time) : NULL;
}

static int compare_id(const void *key, const struct rb_node *node)
{
	u64 id = *(const u64 *)key;
	u64 other = rb_entry(node, struct due, by_id)->id;

	return id < other ? -1 : id > other;
}

static bool less_id(struct rb_node *a, const struct rb_node *b)
{
	return compare_id(&due_of(a)->id, b) < 0;
}

/* Of two that are due at once, the lower id comes first. */
static bool less_time(struct rb_node *a, const struct rb_node *b)
{
	const struct due *x = rb_entry(a, struct due, by_time);
	const struct due *y = rb_entry(b, struct due, by_time);

	return x->due != y->due ? x->due < y->due : x->id < y->id;
}

static struct due *find_due(u64 id)
{
	struct rb_node *node = rb_find(&id, &ids, compare_id);

	return node ? due_of(node) : NULL;
}

/* Set the timer to what is earliest, but not before @not_before */
static void set_due_timer(u64 not_before)
{
	struct due *due = earliest();

	lockdep_assert_held(&due_lock);
	if (due && !waiting)
		hrtimer_start(&timer, ns_to_ktime(max(due->due, not_before)),
			      HRTIMER_MODE_ABS_HARD);
}

static int seal_due(struct due *due, const struct tb_stamp *stamp)
{
	struct tongbu_due body = {
		.id = cpu_to_le64(due->id),
		.due = cpu_to_le64(due->due),
		.lateness = cpu_to_le64(stamp->real - due->due),
	};
	struct tb_event event = {
		.stream = &stream,
		.stamp = *stamp,
		.kind = TONGBU_KIND_DUE,
		.payload = &body,
		.payload_len = sizeof(body),
		.uid = TONGBU_UID_NONE,
		.room = TB_ROOM_EVENT,
	};
	struct tb_sealed sealed;
	int err = tb_chain_seal(&event, &sealed);

	if (!err)
		due->seq = sealed.seq;
	return err;
}

static enum hrtimer_restart come_due(struct hrtimer *t)
{
	struct tb_stamp stamp;
	unsigned long flags;
	struct due *due;
	u64 begin, pause;
	int n;

	raw_spin_lock_irqsave(&due_lock, flags);
	stamp = tb_stamp_now();
	begin = stamp.boot;
	for (n = 0; n < TB_HOLD_RECORDS; n++) {
		due = earliest();
		if (!due || due->due > stamp.real)
			break;
		if (seal_due(due, &stamp)) {
			waiting = true;
			break;
		}
		rb_erase_cached(&due->by_time, &times);
		list_add_tail(&due->fired, &fired);
		due->done = true;
		armed--;
		stamp = tb_stamp_now();
	}
	pause = max_t(u64, PAUSE_NS, PAUSE_TIMES * (stamp.boot - begin));
	set_due_timer(n == TB_HOLD_RECORDS ? stamp.real + pause : 0);
	raw_spin_unlock_irqrestore(&due_lock, flags);
	return HRTIMER_NORESTART;
}

static void forget_due(struct due *due)
{
	lockdep_assert_held(&due_lock);
	if (due->done) {
		list_del(&due->fired);
	} else {
		rb_erase_cached(&due->by_time, &times);
		armed--;
	}
	rb_erase(&due->by_id, &ids);
	remembered--;
}

/**
 * tb_due_acked() - records were acknowledged: there is room, and less to remember
 * @tail: number of the first record not acknowledged
 *
 * Context: process; does not sleep.
 */
void tb_due_acked(u64 tail)
{
	struct due *due, *next;
	unsigned long flags;
	LIST_HEAD(old);
	int n;

	do {
		n = 0;
		raw_spin_lock_irqsave(&due_lock, flags);
		list_for_each_entry_safe(due, next, &fired, fired) {
			if (due->seq >= tail || n++ == FORGET_BATCH)
				break;
			forget_due(due);
			list_add_tail(&due->fired, &old);
		}
		if (waiting && n <= FORGET_BATCH) {
			waiting = false;
			set_due_timer(0);
		}
		raw_spin_unlock_irqrestore(&due_lock, flags);
	} while (n > FORGET_BATCH);
	list_for_each_entry_safe(due, next, &old, fired)
		kfree(due);
}

static int refuse_done(struct genl_info *info, u64 id, u64 seq)
{
	return tb_refuse(info->extack, info->attrs[TONGBU_A_CLOCK_ID], -EALREADY,
			 "clock %llu came due in record %llu, which is not acknowledged: read it first",
			 id, seq);
}

/* Arm @spare, or move the clock of that id; what is left in *@spare is not used. */
static int arm_due(struct genl_info *info, struct due **spare)
{
	struct due *due = find_due((*spare)->id);

	lockdep_assert_held(&due_lock);
	if (due && due->done && due->due == (*spare)->due)
		return refuse_done(info, due->id, due->seq);
	if (!due && remembered >= limit)
		return tb_refuse(info->extack, NULL, -ENOSPC,
				 "there are %u clocks, the most: cancel one, or load tongbu with clocks=%u",
				 remembered, 2 * limit);
	if (due) {
		if (due->done)
			list_del(&due->fired);
		else
			rb_erase_cached(&due->by_time, &times);
		armed -= !due->done;
		due->done = false;
		due->due = (*spare)->due;
	} else {
		due = *spare;
		*spare = NULL;
		rb_add(&due->by_id, &ids, less_id);
		remembered++;
	}
	rb_add_cached(&due->by_time, &times, less_time);
	armed++;
	set_due_timer(0);
	return 0;
}

/**
 * tb_due_arm() - TONGBU_CMD_CLOCK_ARM: arm a clock, or move one
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL without id or time; -ERANGE for a time no clock will show;
 * -ENOTCONN or -EBUSY if the caller does not own the chain; -EALREADY if the
 * clock has come due at just that time and the record is not acknowledged;
 * -ENOSPC with too many.
 */
int tb_due_arm(struct sk_buff *skb, struct genl_info *info)
{
	unsigned long flags;
	struct due *due;
	u64 when;
	int err;

	err = tb_require(info, CLOCK_ID, "the clock's number");
	if (!err)
		err = tb_require(info, CLOCK_DUE, "when it is due");
	if (!err)
		err = tb_reader_require_owner(info);
	if (err)
		return err;
	when = nla_get_u64(info->attrs[TONGBU_A_CLOCK_DUE]);
	if (when > KTIME_MAX)
		return tb_refuse(info->extack, info->attrs[TONGBU_A_CLOCK_DUE], -ERANGE,
				 "a clock due at %llu ns: the most is %lld", when, KTIME_MAX);

	due = kzalloc(sizeof(*due), GFP_KERNEL);
	if (!due)
		return -ENOMEM;
	due->id = nla_get_u64(info->attrs[TONGBU_A_CLOCK_ID]);
	due->due = when;
	raw_spin_lock_irqsave(&due_lock, flags);
	err = arm_due(info, &due);
	raw_spin_unlock_irqrestore(&due_lock, flags);
	kfree(due);
	return err;
}

/**
 * tb_due_cancel() - TONGBU_CMD_CLOCK_CANCEL: a clock shall not come due
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL without id; -ENOENT if there is none such; -ENOTCONN or
 * -EBUSY if the caller does not own the chain; -EALREADY if it has come due.
 */
int tb_due_cancel(struct sk_buff *skb, struct genl_info *info)
{
	struct due *due;
	unsigned long flags;
	u64 id, seq = 0;
	int err;

	err = tb_require(info, CLOCK_ID, "the clock's number");
	if (!err)
		err = tb_reader_require_owner(info);
	if (err)
		return err;
	id = nla_get_u64(info->attrs[TONGBU_A_CLOCK_ID]);

	raw_spin_lock_irqsave(&due_lock, flags);
	due = find_due(id);
	if (!due) {
		err = -ENOENT;
	} else if (due->done) {
		err = -EALREADY;
		seq = due->seq;
	} else {
		forget_due(due);
	}
	raw_spin_unlock_irqrestore(&due_lock, flags);
	if (err == -ENOENT)
		return tb_refuse(info->extack, info->attrs[TONGBU_A_CLOCK_ID], err,
				 "there is no clock %llu: see CLOCK_GET", id);
	if (err)
		return refuse_done(info, id, seq);
	kfree(due);
	return 0;
}

/**
 * struct tell_ctx - where a dump stands
 * @next: id of the next clock to tell of
 * @end: there is none
 */
struct tell_ctx {
	u64 next;
	bool end;
};

/**
 * struct told - what is told of a clock
 * @id: its id
 * @due: when, CLOCK_REALTIME, ns
 * @seq: number of its DUE record
 * @done: it came due
 */
struct told {
	u64 id;
	u64 due;
	u64 seq;
	bool done;
};

static struct due *first_from(u64 id)
{
	struct rb_node *node = ids.rb_node;
	struct due *due = NULL;

	while (node) {
		if (due_of(node)->id >= id) {
			due = due_of(node);
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return due;
}

static int put_due(struct sk_buff *skb, const struct told *due, const struct netlink_callback *cb)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &tb_family, NLM_F_MULTI, TONGBU_CMD_CLOCK_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u64_64bit(skb, TONGBU_A_CLOCK_ID, due->id, TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_CLOCK_DUE, due->due, TONGBU_A_PAD) ||
	    (due->done && nla_put_u64_64bit(skb, TONGBU_A_SEQ, due->seq, TONGBU_A_PAD))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* Look at the next few clocks; how many there are. The lock is held for no more. */
static int look_at_some(u64 from, struct told told[TELL_BATCH])
{
	unsigned long flags;
	struct rb_node *node;
	struct due *due;
	int n;

	raw_spin_lock_irqsave(&due_lock, flags);
	due = first_from(from);
	for (n = 0; due && n < TELL_BATCH; n++) {
		told[n] = (struct told){ due->id, due->due, due->seq, due->done };
		node = rb_next(&due->by_id);
		due = node ? due_of(node) : NULL;
	}
	raw_spin_unlock_irqrestore(&due_lock, flags);
	return n;
}

/**
 * tb_due_get() - TONGBU_CMD_CLOCK_GET: one message of a dump of all clocks
 * @skb: the message
 * @cb: the dump
 *
 * By rising id.
 *
 * Context: process; does not sleep.
 * Return: bytes in the message, 0 at the end.
 */
int tb_due_get(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct tell_ctx *ctx = (struct tell_ctx *)cb->ctx;
	struct told told[TELL_BATCH];
	int n, i;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));
	while (!ctx->end) {
		n = look_at_some(ctx->next, told);
		for (i = 0; i < n; i++) {
			if (put_due(skb, &told[i], cb))
				return skb->len;
			/* Behind the greatest id there is none. */
			ctx->end = told[i].id == U64_MAX;
			ctx->next = told[i].id + 1;
		}
		if (n < TELL_BATCH)
			ctx->end = true;
	}
	return skb->len;
}

/**
 * tb_due_put_info() - tell how many clocks there are, and may be
 * @skb: the answer to INFO_GET
 *
 * Context: any; does not sleep.
 * Return: 0 or -EMSGSIZE.
 */
int tb_due_put_info(struct sk_buff *skb)
{
	if (nla_put_u32(skb, TONGBU_A_INFO_CLOCKS, READ_ONCE(armed)) ||
	    nla_put_u32(skb, TONGBU_A_INFO_CLOCKS_MAX, limit))
		return -EMSGSIZE;
	return 0;
}

/**
 * tb_due_init() - be ready for clocks
 * @most: most of them at once, with those whose record is not acknowledged
 *
 * Context: process. tb_chain_init() came before.
 */
void tb_due_init(u32 most)
{
	limit = most;
	tb_stream_init(&stream, TONGBU_SOURCE_CLOCKS);
	hrtimer_setup(&timer, come_due, CLOCK_REALTIME, HRTIMER_MODE_ABS_HARD);
}

/**
 * tb_due_exit() - forget all clocks; the module is being unloaded
 *
 * Context: process, sleeps. No operation can come any more.
 */
void tb_due_exit(void)
{
	struct due *due, *next;

	hrtimer_cancel(&timer);
	rbtree_postorder_for_each_entry_safe(due, next, &ids, by_id)
		kfree(due);
}
