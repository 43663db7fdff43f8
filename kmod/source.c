// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arming and disarming: each is a record with the caller's uid, sealed before
 * the first event of the source and after its last.
 */
#include "source.h"

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <linux/tongbu.h>

#include "family.h"
#include "reflex.h"
#include "submit.h"

/* A timer for each silent source runs no oftener */
#define SILENT_MIN_MS	10

static const struct tb_source_ops *const types[TONGBU_SOURCE_SERIAL + 1] = {
	[TONGBU_SOURCE_GPIO] = &tb_edge_ops,
	[TONGBU_SOURCE_COUNTER] = &tb_counter_ops,
	[TONGBU_SOURCE_PPS] = &tb_pps_ops,
	[TONGBU_SOURCE_INPUT] = &tb_input_ops,
	[TONGBU_SOURCE_SERIAL] = &tb_serial_ops,
};

static struct tb_kind sources = {
	.lock = __MUTEX_INITIALIZER(sources.lock),
	.list = LIST_HEAD_INIT(sources.list),
	.next = TONGBU_SOURCE_FIRST,
	.most = 1024,
	.what = "source",
	.attr = "SOURCE",
	.id_attr = TONGBU_A_SOURCE_ID,
	.name_attr = TONGBU_A_SOURCE_NAME,
};

static struct tb_source *source_of(struct tb_named *named)
{
	return container_of(named, struct tb_source, named);
}

/**
 * tb_source_count() - how many sources are armed
 *
 * Context: any; does not sleep.
 * Return: the number.
 */
u32 tb_source_count(void)
{
	return READ_ONCE(sources.count);
}

/**
 * tb_source_lock() - keep sources from coming and going
 *
 * Context: process, sleeps.
 */
void tb_source_lock(void)
{
	mutex_lock(&sources.lock);
}

/**
 * tb_source_unlock() - undo tb_source_lock()
 *
 * Context: process.
 */
void tb_source_unlock(void)
{
	mutex_unlock(&sources.lock);
}

/**
 * tb_source_find() - a source by its name
 * @name: the name
 *
 * Context: process; under tb_source_lock().
 * Return: the source or NULL.
 */
struct tb_source *tb_source_find(const char *name)
{
	struct tb_named *named = tb_named_find(&sources, name);

	return named ? source_of(named) : NULL;
}

static int note_source(struct tb_source *source, u16 kind, const void *payload, u16 len,
		       const void *tail, u16 tail_len)
{
	struct tb_event event = {
		.stream = &source->stream,
		.stamp = tb_stamp_now(),
		.kind = kind,
		.payload = payload,
		.payload_len = len,
		.data = tail,
		.data_len = tail_len,
		.uid = tb_caller_uid(),
		.pid = tb_caller_pid(),
		.room = TB_ROOM_EVENT,
	};

	return tb_chain_seal(&event, NULL);
}

/**
 * tb_source_admit() - a source has an event
 * @source: the source
 * @stamp: when
 *
 * tb_source_seal() does this for types that do not do it themselves.
 *
 * Context: any, hard interrupts included; does not sleep.
 * Return: whether it may make a record; false in a storm, which counts it.
 */
bool tb_source_admit(struct tb_source *source, const struct tb_stamp *stamp)
{
	tb_liveness_spoke(source, stamp);
	return tb_storm_admits(source, stamp);
}

static void tell_reflexes(const struct tb_source *source, enum tb_news_kind kind, int level,
			  const struct tb_stamp *stamp, u64 record)
{
	/* A level that could not be read is no reason to do anything. */
	if (level == TONGBU_LEVEL_UNKNOWN) {
		kind = TB_NEWS_UNKNOWN;
		level = -1;
	}
	tb_reflex_tell(kind, source->stream.id, level, stamp, record);
}

/**
 * tb_source_seal() - seal an event of a source, and tell who waits for it
 * @source: whose event it is
 * @event: the event: stamp, kind, flags and payload
 * @level: level the source is at from now on, %TONGBU_LEVEL_UNKNOWN if it could not
 *	be read, or -1 if it has none
 *
 * Context: any, hard interrupts included; does not sleep. The caller keeps the
 * source's events in order.
 * Return: 0; -ENOBUFS if it is counted as lost; -EBUSY if it is counted in a
 * storm; -ENODATA without a chain.
 */
int tb_source_seal(struct tb_source *source, struct tb_event *event, int level)
{
	struct tb_sealed sealed = { .seq = TONGBU_SEQ_NONE };
	int err;

	if (!source->ops->admits && !tb_source_admit(source, &event->stamp))
		return -EBUSY;
	event->stream = &source->stream;
	event->uid = TONGBU_UID_NONE;
	event->room = TB_ROOM_EVENT;
	event->must_tell = true;
	if (level == TONGBU_LEVEL_UNKNOWN)
		event->flags |= TONGBU_RECORD_LEVEL_UNKNOWN;
	err = tb_chain_seal(event, &sealed);
	/* On record or not, its reflexes see it. */
	tell_reflexes(source, TB_NEWS_EVENT, level, &event->stamp, sealed.seq);
	return err;
}

/**
 * tb_source_count_event() - tell of an event of a source that only counts them
 * @source: the source, which has admitted it, or counts it in a storm
 * @stamp: when
 *
 * It makes no record of its own. Its reflexes see it, but not in a storm.
 *
 * Context: any, hard interrupts included; does not sleep. The caller keeps the
 * source's events in order.
 */
void tb_source_count_event(struct tb_source *source, const struct tb_stamp *stamp)
{
	if (!READ_ONCE(source->storm.on))
		tb_reflex_tell(TB_NEWS_EVENT, source->stream.id, -1, stamp, TONGBU_SEQ_NONE);
}

/**
 * tb_source_note() - seal news of a source that are no event of its device
 * @source: whose news
 * @kind: enum tongbu_kind
 * @flags: enum tongbu_record_flag
 * @stamp: when
 * @payload: its payload
 * @len: bytes of @payload
 *
 * A source does not speak by that, nor does it count for its rate.
 *
 * Context: any, hard interrupts included; does not sleep.
 * Return: 0; -ENOBUFS if it is counted as lost; -ENODATA without a chain.
 */
int tb_source_note(struct tb_source *source, u16 kind, u16 flags, const struct tb_stamp *stamp,
		   const void *payload, u16 len)
{
	struct tb_event event = {
		.stream = &source->stream,
		.stamp = *stamp,
		.kind = kind,
		.flags = flags,
		.payload = payload,
		.payload_len = len,
		.uid = TONGBU_UID_NONE,
		.room = TB_ROOM_EVENT,
		.must_tell = true,
	};

	return tb_chain_seal(&event, NULL);
}

static void note_presence(struct tb_source *source, bool gone, enum tongbu_absence why,
			  u64 since, const char *device, u8 level)
{
	struct tongbu_presence presence = {
		.since = cpu_to_le64(since),
		.why = why,
		.level = level,
	};
	struct tb_stamp stamp = tb_stamp_now();

	strscpy(presence.device, device, sizeof(presence.device));
	WRITE_ONCE(source->gone, gone);
	tb_source_note(source, gone ? TONGBU_KIND_GONE : TONGBU_KIND_BACK,
		       level == TONGBU_LEVEL_UNKNOWN ? TONGBU_RECORD_LEVEL_UNKNOWN : 0,
		       &stamp, &presence, sizeof(presence));
	tell_reflexes(source, gone ? TB_NEWS_UNKNOWN : TB_NEWS_LEVEL,
		      !gone && source->ops->level ? level : -1, &stamp, TONGBU_SEQ_NONE);
}

/**
 * tb_source_gone() - put on record that a source's device is gone
 * @source: the source, which has no events until it is back
 * @why: why
 * @since: CLOCK_BOOTTIME since when it had been there, ns
 * @device: the kernel's name of it
 *
 * Context: any; does not sleep.
 */
void tb_source_gone(struct tb_source *source, enum tongbu_absence why, u64 since,
		    const char *device)
{
	note_presence(source, true, why, since, device, 0);
}

/**
 * tb_source_back() - put on record that a source's device is there again
 * @source: the source, which has no events yet
 * @why: why it had been gone
 * @since: CLOCK_BOOTTIME since when it had been gone, ns
 * @device: the kernel's name of it
 * @level: level of its line, or %TONGBU_LEVEL_UNKNOWN; 0 if it has none
 *
 * Context: any; does not sleep.
 */
void tb_source_back(struct tb_source *source, enum tongbu_absence why, u64 since,
		    const char *device, u8 level)
{
	note_presence(source, false, why, since, device, level);
}

static int source_from_request(struct genl_info *info, struct tongbu_source *def)
{
	struct nlattr **attrs = info->attrs;
	u32 silent = tb_u32(attrs[TONGBU_A_SOURCE_SILENT], 0);
	int err;

	err = tb_require(info, SOURCE_NAME, "the source's name");
	if (err)
		return err;
	nla_strscpy(def->name, attrs[TONGBU_A_SOURCE_NAME], sizeof(def->name));
	err = tb_check_name(attrs[TONGBU_A_SOURCE_NAME], "source", info->extack);
	if (err)
		return err;
	if (silent && silent < SILENT_MIN_MS)
		return tb_refuse(info->extack, attrs[TONGBU_A_SOURCE_SILENT], -ERANGE,
				 "silent after %u ms: the least is %u, and 0 is never",
				 silent, SILENT_MIN_MS);
	def->flags = cpu_to_le32(tb_u32(attrs[TONGBU_A_SOURCE_FLAGS], 0));
	def->type = tb_u8(attrs[TONGBU_A_SOURCE_TYPE], TONGBU_SOURCE_GPIO);
	return 0;
}

/* Number 0 is the record of arming it, so that its first event is number 1. */
static void set_up(struct tb_source *source, u32 id, struct nlattr **attrs)
{
	u32 silent = tb_u32(attrs[TONGBU_A_SOURCE_SILENT], 0);
	u32 rate = tb_u32(attrs[TONGBU_A_SOURCE_RATE], 0);

	source->more.silent = cpu_to_le32(silent);
	source->more.rate = cpu_to_le32(rate);
	source->named.name = source->def.name;
	source->named.id = id;
	tb_stream_init(&source->stream, id);
	source->stream.seq = U32_MAX;
	tb_liveness_init(&source->liveness, silent);
	tb_storm_init(&source->storm, rate);
}

static void start_source(struct tb_source *source)
{
	tb_liveness_start(source);
	tb_storm_start(source);
	source->ops->start(source);
}

static void stop_source(struct tb_source *source)
{
	source->ops->stop(source);
	tb_storm_stop(source);
	tb_liveness_stop(source);
}

/**
 * tb_source_add() - TONGBU_CMD_SOURCE_ADD: arm a source
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -ENODATA without a chain; -EEXIST for a name in use; -ENOSPC with
 * too many sources; -ENOBUFS if there is no room to put it on record; or what
 * the source's type says.
 */
int tb_source_add(struct sk_buff *skb, struct genl_info *info)
{
	struct tongbu_source def = { };
	struct tb_source *source;
	struct sk_buff *reply;
	void *hdr;
	u32 id;
	int err;

	err = source_from_request(info, &def);
	if (err)
		return err;
	/* First, as what is armed must not be answered with an error */
	reply = tb_reply_new(info, TONGBU_CMD_SOURCE_ADD, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&sources.lock);
	err = tb_named_check_new(&sources, info);
	if (err)
		goto err_unlock;

	source = types[def.type]->create(info->attrs, &def, info->extack);
	if (IS_ERR(source)) {
		err = PTR_ERR(source);
		goto err_unlock;
	}
	id = sources.next;
	set_up(source, id, info->attrs);
	err = note_source(source, TONGBU_KIND_SOURCE_ADD, source->payload,
			  sizeof(source->payload), source->tail, source->tail_len);
	if (err) {
		tb_named_refuse_unsealed(info, err);
		goto err_destroy;
	}
	source->stream.sealed = 0;
	tb_named_add(&sources, &source->named);
	start_source(source);
	mutex_unlock(&sources.lock);

	return tb_named_reply(&sources, info, reply, hdr, id);

err_destroy:
	source->ops->destroy(source);
err_unlock:
	mutex_unlock(&sources.lock);
	nlmsg_free(reply);
	return err;
}

static void forget_source(struct tb_source *source)
{
	tb_named_del(&sources, &source->named);
	tb_stream_retire(&source->stream);
	source->ops->destroy(source);
}

static int disarm_source(struct tb_source *source)
{
	struct tongbu_source_end end = { };
	int err;

	stop_source(source);
	end.sealed = cpu_to_le64(source->stream.sealed);
	end.lost = cpu_to_le64(source->stream.lost);
	err = note_source(source, TONGBU_KIND_SOURCE_DEL, &end, sizeof(end), NULL, 0);
	if (err)
		start_source(source);
	else
		forget_source(source);
	return err;
}

/**
 * tb_source_del() - TONGBU_CMD_SOURCE_DEL: disarm a source
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL if none is named; -ENOENT if there is none such; -EBUSY if
 * a reflex uses it; -ENOBUFS if there is no room to put it on record, in which
 * case it stays armed.
 */
int tb_source_del(struct sk_buff *skb, struct genl_info *info)
{
	char user[TONGBU_NAME_LEN];
	struct tb_source *source;
	struct tb_named *named;
	int err;

	mutex_lock(&sources.lock);
	named = tb_named_asked(&sources, info);
	err = PTR_ERR_OR_ZERO(named);
	if (err)
		goto out;
	source = source_of(named);
	if (tb_reflex_of_source(source->stream.id, user)) {
		err = tb_refuse(info->extack, NULL, -EBUSY,
				"source %s is used by reflex %s: remove that first",
				source->def.name, user);
		goto out;
	}

	err = disarm_source(source);
	if (err)
		tb_named_refuse_unsealed(info, err);
out:
	mutex_unlock(&sources.lock);
	return err;
}

static int put_state(struct sk_buff *skb, struct tb_source *source, bool live)
{
	u32 state = READ_ONCE(source->gone) ? TONGBU_STATE_GONE : 0;
	bool silent, spoke;
	u64 last;

	spoke = tb_liveness_last(&source->liveness, &last, &silent);
	if (silent)
		state |= TONGBU_STATE_SILENT;
	if (READ_ONCE(source->storm.on))
		state |= TONGBU_STATE_STORM;
	if (nla_put_u32(skb, TONGBU_A_SOURCE_SILENT, le32_to_cpu(source->more.silent)) ||
	    nla_put_u32(skb, TONGBU_A_SOURCE_RATE, le32_to_cpu(source->more.rate)) ||
	    nla_put_u32(skb, TONGBU_A_SOURCE_INTERVAL, le32_to_cpu(source->more.interval)) ||
	    nla_put_u32(skb, TONGBU_A_SOURCE_STATE, state) ||
	    (live && spoke && nla_put_u64_64bit(skb, TONGBU_A_SOURCE_LAST, last, TONGBU_A_PAD)))
		return -EMSGSIZE;
	return 0;
}

static u8 level_to_tell(const struct tb_source *source)
{
	int level = source->ops->level(source);

	return level < 0 ? TONGBU_LEVEL_UNKNOWN : level;
}

static int put_source(struct sk_buff *skb, struct tb_named *named,
		      const struct netlink_callback *cb)
{
	/* How a line is right now, and when a key was last pressed, is for members. */
	bool live = tb_may_control(cb->skb) || tb_submit_member(cb->skb);
	struct tb_source *source = source_of(named);
	const struct tongbu_source *def = &source->def;

	if (nla_put_u8(skb, TONGBU_A_SOURCE_TYPE, def->type) ||
	    nla_put_u32(skb, TONGBU_A_SOURCE_FLAGS, le32_to_cpu(def->flags)) ||
	    nla_put_u64_64bit(skb, TONGBU_A_SOURCE_SEALED, READ_ONCE(source->stream.sealed),
			      TONGBU_A_PAD) ||
	    nla_put_u64_64bit(skb, TONGBU_A_SOURCE_LOST, READ_ONCE(source->stream.lost),
			      TONGBU_A_PAD) ||
	    (live && source->ops->level &&
	     nla_put_u8(skb, TONGBU_A_SOURCE_LEVEL, level_to_tell(source))) ||
	    put_state(skb, source, live))
		return -EMSGSIZE;
	return source->ops->put(skb, source, live);
}

/**
 * tb_source_get() - TONGBU_CMD_SOURCE_GET: one message of a dump of all sources
 * @skb: the message
 * @cb: the dump
 *
 * Context: process, sleeps.
 * Return: bytes in the message, 0 at the end.
 */
int tb_source_get(struct sk_buff *skb, struct netlink_callback *cb)
{
	return tb_named_dump(&sources, skb, cb, TONGBU_CMD_SOURCE_GET, put_source);
}

/**
 * tb_source_disarm_all() - disarm all sources: the chain ends
 *
 * Context: process, sleeps. Nothing is armed any more, and no reflex is left.
 * Return: 0, or -ENOBUFS if there was no room to put one on record; it stays armed
 * then, and those after it.
 */
int tb_source_disarm_all(void)
{
	struct tb_source *source, *next;
	int err = 0;

	mutex_lock(&sources.lock);
	list_for_each_entry_safe(source, next, &sources.list, named.list) {
		err = disarm_source(source);
		if (err)
			break;
	}
	mutex_unlock(&sources.lock);
	return err;
}
