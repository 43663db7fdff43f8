// SPDX-License-Identifier: GPL-2.0-only
/*
 * Input devices as sources: buttons, keypads, badge readers.
 *
 * Each source is an input handler of its own: the input core tells it of the
 * devices there are and of those that come, one at a time, and takes back those
 * that go. The first that matches and is free is the source's, until it goes.
 *
 * The stamp is taken in the handler's callback, which runs in the driver's
 * interrupt, with the device's event_lock held, where the driver has one. Where it
 * hands events on later (USB, and all interrupts in threads on PREEMPT_RT), the
 * record is flagged as stamped in a thread. That lock may sleep on PREEMPT_RT,
 * ours never does.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/input.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <net/netlink.h>
#include <linux/tongbu.h>

#include "blake2s.h"
#include "code.h"
#include "compat.h"
#include "family.h"
#include "input.h"
#include "source.h"
#include "trace.h"

/**
 * struct tb_input - an input device, or the wait for one
 * @source: what all sources have
 * @def: what is asked for, the end of the record of arming
 * @code_mode: characters up to Enter are a record, not keys
 * @timeout: longest time between two of them
 * @key: the one key that counts, or 0
 * @salt: what codes are hashed with; only if they are
 * @handler: the source, for the input core
 * @handle: its hold on the device; set by connecting, one at a time
 * @err: why a device that matches was not taken, or 0; likewise
 * @matching: the name of that device
 * @holder: who holds it
 * @lock: guards all below; taken under the device's event_lock and in a hard
 *	interrupt, before the chain's lock
 * @running: records may be made
 * @attached: a device is there
 * @told: it is on record that none is
 * @why: why there was none, the last time
 * @since: CLOCK_BOOTTIME of the last change of @attached, or of arming
 * @device: the device's name
 * @level: 1 if the last key on record went down
 * @code: what is being typed
 * @first: when its first character was
 * @last: when its last key was
 * @thread_stamp: %TONGBU_RECORD_THREAD_STAMP if @last was not in an interrupt
 * @timer: runs out when nothing more comes
 */
struct tb_input {
	struct tb_source source;
	struct tongbu_input def;
	bool code_mode;
	ktime_t timeout;
	u16 key;
	u8 salt[TONGBU_SALT_LEN];
	struct input_handler handler;
	struct input_handle handle;
	int err;
	char matching[TONGBU_DEVICE_LEN];
	char holder[TONGBU_DEVICE_LEN];
	raw_spinlock_t lock;
	bool running;
	bool attached;
	bool told;
	enum tongbu_absence why;
	u64 since;
	char device[TONGBU_DEVICE_LEN];
	u8 level;
	struct tb_code code;
	struct tb_stamp first;
	struct tb_stamp last;
	u16 thread_stamp;
	struct hrtimer timer;
};

static struct tb_input *to_input(const struct tb_source *source)
{
	return container_of(source, struct tb_input, source);
}

static bool has_flag(const struct tb_input *input, u32 flag)
{
	return le32_to_cpu(input->source.def.flags) & flag;
}

static void seal_key(struct tb_input *input, const struct tb_stamp *stamp, u16 flags,
		     u16 code, bool down)
{
	struct tongbu_key key = {
		.code = cpu_to_le16(code),
		.value = down,
	};
	struct tb_event event = {
		.stamp = *stamp,
		.kind = TONGBU_KIND_KEY,
		.flags = flags,
		.payload = &key,
		.payload_len = sizeof(key),
	};

	key.delay = tb_event_delay(&event, false);
	input->level = down;
	tb_source_seal(&input->source, &event, down);
}

/* No characters are left here once they are sealed, hashed or not. */
static void seal_code(struct tb_input *input, enum tongbu_code_end end)
{
	bool hashed = has_flag(input, TONGBU_SOURCE_HASHED);
	struct tongbu_code code = {
		.first = cpu_to_le64(input->first.boot),
		.length = cpu_to_le16(input->code.length),
		.end = end,
		.hashed = hashed,
	};
	struct tb_event event = {
		.stamp = input->last,
		.kind = TONGBU_KIND_CODE,
		.flags = input->thread_stamp,
		.payload = &code,
		.payload_len = sizeof(code),
		.data = input->code.chars,
		.data_len = input->code.length,
	};
	u8 hash[TONGBU_TAG_LEN];

	if (hashed) {
		tb_blake2s(hash, input->salt, sizeof(input->salt), input->code.chars,
			   input->code.length);
		event.data = hash;
		event.data_len = sizeof(hash);
	}
	code.delay = tb_event_delay(&event, end == TONGBU_CODE_TIMEOUT);
	tb_source_seal(&input->source, &event, -1);
	tb_code_wipe(&input->code);
}

/* The device goes, or the source does: what was typed so far is all there is. */
static void end_code(struct tb_input *input)
{
	if (tb_code_expire(&input->code))
		seal_code(input, TONGBU_CODE_TIMEOUT);
	hrtimer_try_to_cancel(&input->timer);
}

static enum hrtimer_restart code_timer(struct hrtimer *timer)
{
	struct tb_input *input = container_of(timer, struct tb_input, timer);
	unsigned long flags;

	raw_spin_lock_irqsave(&input->lock, flags);
	/* A key since the timer ran out has started it again. */
	if (!hrtimer_is_queued(timer) && tb_code_expire(&input->code))
		seal_code(input, TONGBU_CODE_TIMEOUT);
	raw_spin_unlock_irqrestore(&input->lock, flags);
	return HRTIMER_NORESTART;
}

static void type_key(struct tb_input *input, const struct tb_stamp *stamp, u16 flags,
		     u16 key, bool down)
{
	bool begun = input->code.length;

	switch (tb_code_key(&input->code, key, down)) {
	case TB_CODE_NOTHING:
		return;
	case TB_CODE_ADDED:
		if (!begun)
			input->first = *stamp;
		input->last = *stamp;
		input->thread_stamp = flags;
		break;
	case TB_CODE_DONE:
		input->last = *stamp;
		input->thread_stamp = flags;
		seal_code(input, TONGBU_CODE_ENTER);
		hrtimer_try_to_cancel(&input->timer);
		return;
	case TB_CODE_TOO_LONG:
		input->last = *stamp;
		input->thread_stamp = flags;
		seal_code(input, TONGBU_CODE_TOO_LONG);
		break;
	case TB_CODE_DROPPED:
		break;
	}
	hrtimer_start(&input->timer, input->timeout, HRTIMER_MODE_REL_HARD);
}

static void handle_event(struct input_handle *handle, unsigned int type, unsigned int code,
			 int value)
{
	struct tb_input *input = handle->private;
	u16 thread_stamp = in_hardirq() ? 0 : TONGBU_RECORD_THREAD_STAMP;
	struct tb_stamp stamp;
	unsigned long flags;

	/* 2 is a key that repeats while it is held. */
	if (type != EV_KEY || value > 1)
		return;
	stamp = tb_stamp_now();
	trace_tongbu_capture(input->source.stream.id, stamp.boot);
	raw_spin_lock_irqsave(&input->lock, flags);
	if (!input->running || !input->attached)
		goto out;
	if (input->code_mode)
		type_key(input, &stamp, thread_stamp, code, value);
	else if (!input->key || input->key == code)
		seal_key(input, &stamp, thread_stamp, code, value);
out:
	raw_spin_unlock_irqrestore(&input->lock, flags);
}

/* Above all, one of several devices that share a plug and an id: the one with keys
 * that can be what is asked for.
 */
static bool match_device(struct input_handler *handler, struct input_dev *dev)
{
	const struct tb_input *input = handler->private;
	const struct tongbu_input *def = &input->def;

	if (def->device[0] && (!dev->name || strcmp(dev->name, def->device)))
		return false;
	if (def->phys[0] && (!dev->phys || strcmp(dev->phys, def->phys)))
		return false;
	if (def->vendor && le16_to_cpu(def->vendor) != dev->id.vendor)
		return false;
	if (def->product && le16_to_cpu(def->product) != dev->id.product)
		return false;
	if (input->key)
		return test_bit(input->key, dev->keybit);
	if (input->code_mode)
		return test_bit(KEY_1, dev->keybit) || test_bit(KEY_KP1, dev->keybit);
	return true;
}

/* Who has the device so that it cannot be ours too: who grabs it has it alone. No
 * handler comes or goes while the input core connects one.
 */
static bool is_held(struct tb_input *input, struct input_dev *dev)
{
	const struct input_handle *handle, *holder;

	rcu_read_lock();
	holder = rcu_dereference(dev->grab);
	if (!holder && has_flag(input, TONGBU_SOURCE_GRAB))
		list_for_each_entry_rcu(handle, &dev->h_list, d_node)
			if (handle->handler->event == handle_event)
				holder = handle;
	if (holder)
		strscpy(input->holder, holder->name, sizeof(input->holder));
	rcu_read_unlock();
	return holder;
}

static int hold_device(struct tb_input *input)
{
	int err;

	err = input_register_handle(&input->handle);
	if (err)
		return err;
	/* Before it is opened, so that not even the first key leaks */
	if (has_flag(input, TONGBU_SOURCE_GRAB)) {
		err = input_grab_device(&input->handle);
		if (err)
			goto err_unregister;
	}
	err = input_open_device(&input->handle);
	if (err)
		goto err_release;
	return 0;

err_release:
	if (has_flag(input, TONGBU_SOURCE_GRAB))
		input_release_device(&input->handle);
err_unregister:
	input_unregister_handle(&input->handle);
	return err;
}

static void seal_gone(struct tb_input *input)
{
	input->told = true;
	tb_source_gone(&input->source, input->why, input->since, input->device);
}

static void seal_back(struct tb_input *input)
{
	input->told = false;
	tb_source_back(&input->source, input->why, input->since, input->device, 0);
}

static void set_attached(struct tb_input *input, bool attached)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&input->lock, flags);
	if (attached) {
		strscpy(input->device, input->handle.dev->name ?: "", sizeof(input->device));
		tb_code_reset(&input->code);
		if (input->running)
			seal_back(input);
	} else {
		input->why = TONGBU_ABSENT_REMOVED;
		if (input->running) {
			end_code(input);
			seal_gone(input);
		}
	}
	input->attached = attached;
	input->since = tb_stamp_now().boot;
	raw_spin_unlock_irqrestore(&input->lock, flags);
}

/* -ENODEV is how a handler says that it does without. */
static int connect_device(struct input_handler *handler, struct input_dev *dev,
			  const struct input_device_id *id)
{
	struct tb_input *input = handler->private;
	int err;

	if (input->handle.dev)
		return -ENODEV;
	/* Afresh: the input core leaves that of a device that went in disorder. */
	input->handle = (struct input_handle){
		.private = input,
		.name = input->source.def.name,
		.dev = dev,
		.handler = handler,
	};
	err = is_held(input, dev) ? -EBUSY : hold_device(input);
	if (err) {
		input->handle.dev = NULL;
		/* One that is going is not there. */
		if (err != -ENODEV) {
			input->err = err;
			strscpy(input->matching, dev->name ?: "", sizeof(input->matching));
		}
		return -ENODEV;
	}
	set_attached(input, true);
	return 0;
}

static void disconnect_device(struct input_handle *handle)
{
	set_attached(handle->private, false);
	input_close_device(handle);
	input_unregister_handle(handle);
	handle->dev = NULL;
}

static void input_start(struct tb_source *source)
{
	struct tb_input *input = to_input(source);
	unsigned long flags;

	raw_spin_lock_irqsave(&input->lock, flags);
	input->running = true;
	if (!input->attached && !input->told)
		seal_gone(input);
	else if (input->attached && input->told)
		seal_back(input);
	raw_spin_unlock_irqrestore(&input->lock, flags);
}

static void input_stop(struct tb_source *source)
{
	struct tb_input *input = to_input(source);
	unsigned long flags;

	raw_spin_lock_irqsave(&input->lock, flags);
	end_code(input);
	input->running = false;
	raw_spin_unlock_irqrestore(&input->lock, flags);
	hrtimer_cancel(&input->timer);
}

static void input_destroy(struct tb_source *source)
{
	struct tb_input *input = to_input(source);

	input_unregister_handler(&input->handler);
	kfree_sensitive(input);
}

static int input_level(const struct tb_source *source)
{
	return READ_ONCE(to_input(source)->level);
}

static int put_attached(struct sk_buff *skb, struct tb_input *input)
{
	char device[TONGBU_DEVICE_LEN];
	unsigned long flags;
	bool attached;

	raw_spin_lock_irqsave(&input->lock, flags);
	attached = input->attached;
	strscpy(device, input->device, sizeof(device));
	raw_spin_unlock_irqrestore(&input->lock, flags);
	return attached ? nla_put_string(skb, TONGBU_A_INPUT_DEVICE, device) : 0;
}

static int input_put(struct sk_buff *skb, const struct tb_source *source, bool live)
{
	struct tb_input *input = to_input(source);
	const struct tongbu_input *def = &input->def;

	if ((def->device[0] && nla_put_string(skb, TONGBU_A_INPUT_NAME, def->device)) ||
	    (def->phys[0] && nla_put_string(skb, TONGBU_A_INPUT_PHYS, def->phys)) ||
	    nla_put_u16(skb, TONGBU_A_INPUT_VENDOR, le16_to_cpu(def->vendor)) ||
	    nla_put_u16(skb, TONGBU_A_INPUT_PRODUCT, le16_to_cpu(def->product)) ||
	    nla_put_u8(skb, TONGBU_A_INPUT_MODE, def->mode) ||
	    nla_put_u16(skb, TONGBU_A_INPUT_KEY, le16_to_cpu(def->key)) ||
	    nla_put_u32(skb, TONGBU_A_INPUT_TIMEOUT, le32_to_cpu(def->timeout)) ||
	    put_attached(skb, input))
		return -EMSGSIZE;
	return 0;
}

/* A device with keys, whatever else it has */
static const struct input_device_id with_keys[] = {
	{
		.flags = INPUT_DEVICE_ID_MATCH_EVBIT,
		.evbit = { BIT_MASK(EV_KEY) },
	},
	{ }
};

static int take_device(struct tb_input *input, struct nlattr **attrs,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *named = attrs[TONGBU_A_INPUT_NAME] ?: attrs[TONGBU_A_INPUT_PHYS] ?:
				     attrs[TONGBU_A_INPUT_VENDOR] ?: attrs[TONGBU_A_INPUT_PRODUCT];
	int err;

	input->handler = (struct input_handler){
		.private = input,
		.event = handle_event,
		.match = match_device,
		.connect = connect_device,
		.disconnect = disconnect_device,
		.name = input->source.def.name,
		.id_table = with_keys,
	};
	err = input_register_handler(&input->handler);
	if (err)
		return tb_refuse(extack, NULL, err,
				 "the search for the input device was interrupted: try again");
	if (input->attached || !input->err)
		return 0;

	input_unregister_handler(&input->handler);
	if (input->err == -EBUSY)
		return tb_refuse(extack, named, -EBUSY,
				 "input device %s is held by %s, and one of the two wants it alone: end the other first",
				 input->matching, input->holder);
	return tb_refuse(extack, named, input->err, "input device %s cannot be opened: error %d",
			 input->matching, -input->err);
}

static struct tb_source *input_create(struct nlattr **attrs, const struct tongbu_source *def,
				      struct netlink_ext_ack *extack)
{
	struct tb_input *input;
	int err;

	input = kzalloc(sizeof(*input), GFP_KERNEL);
	if (!input)
		return ERR_PTR(-ENOMEM);
	input->source.ops = &tb_input_ops;
	input->source.def = *def;
	input->source.tail = &input->def;
	input->source.tail_len = sizeof(input->def);
	err = tb_input_read_request(attrs, le32_to_cpu(def->flags), &input->def, input->salt,
				    extack);
	if (err)
		goto err_free;

	input->code_mode = input->def.mode == TONGBU_INPUT_CODE;
	input->timeout = ms_to_ktime(le32_to_cpu(input->def.timeout));
	input->key = le16_to_cpu(input->def.key);
	strscpy(input->device, input->def.device, sizeof(input->device));
	input->why = TONGBU_ABSENT_YET;
	input->since = tb_stamp_now().boot;
	raw_spin_lock_init(&input->lock);
	hrtimer_setup(&input->timer, code_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);

	err = take_device(input, attrs, extack);
	if (err)
		goto err_free;
	return &input->source;

err_free:
	kfree_sensitive(input);
	return ERR_PTR(err);
}

const struct tb_source_ops tb_input_ops = {
	.type = TONGBU_SOURCE_INPUT,
	.create = input_create,
	.start = input_start,
	.stop = input_stop,
	.destroy = input_destroy,
	.level = input_level,
	.put = input_put,
};
