// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chips that come and go under the lines that are held of them.
 *
 * gpiolib lets a chip go while its lines are held, and leaves their holders with
 * an interrupt and a descriptor of nothing. So the bus of the device that makes
 * the chip is listened to: before its driver is unbound, the lines are dropped,
 * with the device's lock held by the driver core. The same lock is held here
 * while a line is taken, so that the chip cannot go in between.
 *
 * A chip that is gone is looked for four times a second. Nobody listens for it: its
 * bus may go, too, and whoever listens holds the module of the driver, and by that
 * the bus's.
 *
 * A chip that no device is the parent of cannot be seen to go. Its module is
 * held by the lines that are taken, and with it the chip.
 */
#include "gpio_chip.h"

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "family.h"

/* Between two looks for a chip that is gone */
#define LOOK_EVERY	(HZ / 4)

/**
 * struct tb_chip_bus - a bus that is listened to
 * @list: in the list of those, under buses_lock
 * @bus: the bus
 * @nb: what hears of its drivers
 * @users: watches that need it, each with the module of a driver of this bus
 */
struct tb_chip_bus {
	struct list_head list;
	tb_bus_type *bus;
	struct notifier_block nb;
	refcount_t users;
};

/* Before the driver core's own lock of a bus's listeners; never in one of them */
static DEFINE_MUTEX(buses_lock);
static LIST_HEAD(buses);

/* After the lock of a chip's parent, which is held where lines are taken and in
 * most of a listener.
 */
static DEFINE_MUTEX(watches_lock);
static LIST_HEAD(watches);
static u32 this_round;

static atomic_t chips_gone = ATOMIC_INIT(0);

static void look_for_chips(struct work_struct *work);
static DECLARE_DELAYED_WORK(look_work, look_for_chips);

/**
 * tb_gpio_lock() - keep lines from being dropped or taken
 *
 * Context: process, sleeps.
 */
void tb_gpio_lock(void)
{
	mutex_lock(&watches_lock);
}

/**
 * tb_gpio_unlock() - undo tb_gpio_lock()
 *
 * Context: process.
 */
void tb_gpio_unlock(void)
{
	mutex_unlock(&watches_lock);
}

/**
 * tb_chip_is() - is a chip meant by a name?
 * @chip: the chip
 * @name: its label, or the device whose driver makes it, behind that one's bus:
 *	platform:gpio-sim.0
 *
 * Context: any; the chip stays meanwhile.
 * Return: whether it is.
 */
bool tb_chip_is(const struct gpio_chip *chip, const char *name)
{
	const struct device *parent = chip->parent;
	size_t bus;

	if (chip->label && !strcmp(chip->label, name))
		return true;
	/* Without a driver nobody tells of a chip that goes. */
	if (!parent || !parent->bus || !parent->driver)
		return false;
	bus = strlen(parent->bus->name);
	return !strncmp(name, parent->bus->name, bus) && name[bus] == ':' &&
	       !strcmp(name + bus + 1, dev_name(parent));
}

/* Whose chip is looked for, and the parent it was found to have */
struct parent_query {
	const char *label;
	struct device *parent;
};

static int look_at_chip(struct gpio_chip *chip, tb_chip_data *data)
{
	struct parent_query *query = (struct parent_query *)data;

	if (!tb_chip_is(chip, query->label))
		return 0;
	query->parent = get_device(chip->parent);
	return 1;
}

/* The parent of the chip of that name, for put_device(); NULL without either */
static struct device *parent_of(const char *label)
{
	struct parent_query query = { .label = label };

	tb_chip_find(&query, look_at_chip);
	return query.parent;
}

/* The same, locked: the chip stays until release_chip(). */
static struct device *hold_chip(const char *label)
{
	struct device *parent, *again;

	while ((parent = parent_of(label))) {
		device_lock(parent);
		again = parent_of(label);
		put_device(again);
		if (again == parent)
			break;
		device_unlock(parent);
		put_device(parent);
	}
	return parent;
}

static void release_chip(struct device *parent)
{
	if (!parent)
		return;
	device_unlock(parent);
	put_device(parent);
}

/* The news say since when it was otherwise. */
static void turn(struct tb_gpio_watch *watch, bool gone)
{
	lockdep_assert_held(&watches_lock);
	atomic_add(gone ? 1 : -1, &chips_gone);
	watch->gone = gone;
	if (gone)
		watch->ops->gone(watch);
	else
		watch->ops->back(watch);
	watch->since = ktime_get_boottime_ns();
}

static int refuse_replaced(const char *label, struct netlink_ext_ack *extack)
{
	return tb_refuse(extack, NULL, -EAGAIN, "chip %s is just being replaced: try again",
			 label);
}

/* Listening once more, for a watch of its own */
static struct tb_chip_ear share_ear(const struct tb_chip_ear *ear)
{
	if (ear->bus)
		refcount_inc(&ear->bus->users);
	__module_get(ear->owner);
	return *ear;
}

/* Once it was of one device, it is of no other that happens to have the same label. */
static bool is_same_device(const struct tb_gpio_watch *watch, const struct device *parent)
{
	return !*watch->device || (parent && !strncmp(dev_name(parent), watch->device,
						      sizeof(watch->device) - 1));
}

static int take_watched(struct tb_gpio_watch *watch, struct device *parent,
			const struct tb_chip_ear *ear, struct netlink_ext_ack *extack)
{
	struct device *now;
	int err;

	lockdep_assert_held(&watches_lock);
	if (!is_same_device(watch, parent))
		return -ENODEV;
	watch->parent = get_device(parent);
	err = watch->ops->take(watch, extack);
	if (err)
		goto err_parent;
	/* A chip that came since we looked is not held, and could go unseen. */
	now = parent_of(watch->label);
	put_device(now);
	if (now != parent) {
		watch->ops->drop(watch);
		err = refuse_replaced(watch->label, extack);
		goto err_parent;
	}
	watch->ear = share_ear(ear);
	if (parent)
		strscpy_pad(watch->device, dev_name(parent), sizeof(watch->device));
	return 0;

err_parent:
	put_device(watch->parent);
	watch->parent = NULL;
	return err;
}

static void drop_watched(struct tb_gpio_watch *watch)
{
	lockdep_assert_held(&watches_lock);
	watch->ops->drop(watch);
	put_device(watch->parent);
	watch->parent = NULL;
}

/* Under the lock of @parent: its chip goes when this returns. */
static void chip_goes(struct device *parent)
{
	struct tb_gpio_watch *watch;
	bool any = false;

	tb_gpio_lock();
	list_for_each_entry(watch, &watches, list) {
		if (watch->gone || watch->parent != parent)
			continue;
		drop_watched(watch);
		turn(watch, true);
		any = true;
	}
	tb_gpio_unlock();
	if (any)
		mod_delayed_work(system_wq, &look_work, 0);
}

static int hear(struct notifier_block *nb, unsigned long action, void *device)
{
	if (action == BUS_NOTIFY_UNBIND_DRIVER)
		chip_goes(device);
	return NOTIFY_DONE;
}

/* Listen to @type, once for all who do. ERR_PTR() without memory */
static struct tb_chip_bus *get_bus(tb_bus_type *type)
{
	struct tb_chip_bus *bus;
	int err = -ENOMEM;

	mutex_lock(&buses_lock);
	list_for_each_entry(bus, &buses, list) {
		if (bus->bus == type) {
			refcount_inc(&bus->users);
			goto out;
		}
	}
	bus = kzalloc(sizeof(*bus), GFP_KERNEL);
	if (!bus)
		goto err_unlock;
	bus->bus = type;
	bus->nb.notifier_call = hear;
	refcount_set(&bus->users, 1);
	err = bus_register_notifier(bus->bus, &bus->nb);
	if (err)
		goto err_free;
	list_add_tail(&bus->list, &buses);
out:
	mutex_unlock(&buses_lock);
	return bus;

err_free:
	kfree(bus);
err_unlock:
	mutex_unlock(&buses_lock);
	return ERR_PTR(err);
}

static void put_bus(struct tb_chip_bus *bus)
{
	if (!bus || !refcount_dec_and_mutex_lock(&bus->users, &buses_lock))
		return;
	bus_unregister_notifier(bus->bus, &bus->nb);
	list_del(&bus->list);
	mutex_unlock(&buses_lock);
	kfree(bus);
}

static void stop_hearing(const struct tb_chip_ear *ear)
{
	put_bus(ear->bus);
	module_put(ear->owner);
}

/* Listen for @parent to lose its driver. Without one nobody makes its chip go. */
static int listen_to_bus(struct device *parent, struct tb_chip_ear *ear)
{
	bool driven, stays;

	*ear = (struct tb_chip_ear){ };
	if (!parent || !parent->bus)
		return 0;
	device_lock(parent);
	driven = parent->driver;
	stays = driven && try_module_get(parent->driver->owner);
	if (stays)
		ear->owner = parent->driver->owner;
	device_unlock(parent);
	if (!stays)
		return driven ? -EAGAIN : 0;
	ear->bus = get_bus(parent->bus);
	if (!IS_ERR(ear->bus))
		return 0;
	module_put(ear->owner);
	return PTR_ERR(ear->bus);
}

/* Under its lock: by the driver that is listened for? */
static bool is_driven_by(const struct device *parent, const struct tb_chip_ear *ear)
{
	if (!ear->bus)
		return true;
	return parent->driver && parent->driver->owner == ear->owner;
}

/* Listen first, then hold: what is heard of a bus is not heard under its lock. */
static int listen_and_hold(const char *label, struct tb_chip_ear *ear, struct device **held,
			   struct netlink_ext_ack *extack)
{
	struct device *parent = parent_of(label);
	int err = listen_to_bus(parent, ear);

	if (!err) {
		*held = hold_chip(label);
		if (*held == parent && is_driven_by(parent, ear))
			goto out;
		/* Another chip of that name came in between. */
		release_chip(*held);
		stop_hearing(ear);
		err = -EAGAIN;
	}
	if (err == -EAGAIN)
		refuse_replaced(label, extack);
out:
	put_device(parent);
	return err;
}

static void take_again(const char *label)
{
	struct tb_gpio_watch *watch;
	struct tb_chip_ear ear;
	struct device *parent;

	if (listen_and_hold(label, &ear, &parent, NULL))
		return;
	tb_gpio_lock();
	list_for_each_entry(watch, &watches, list) {
		if (watch->gone && !strcmp(watch->label, label) &&
		    !take_watched(watch, parent, &ear, NULL))
			turn(watch, false);
	}
	tb_gpio_unlock();
	release_chip(parent);
	stop_hearing(&ear);
}

/* A label not looked for in this round; the lock of its chip's parent comes
 * before ours, so it is copied.
 */
static bool next_label(char label[TONGBU_NAME_LEN])
{
	struct tb_gpio_watch *watch;
	bool found = false;

	tb_gpio_lock();
	list_for_each_entry(watch, &watches, list) {
		if (!watch->gone || watch->round == this_round)
			continue;
		if (!found)
			strscpy(label, watch->label, TONGBU_NAME_LEN);
		found = true;
		if (!strcmp(label, watch->label))
			watch->round = this_round;
	}
	tb_gpio_unlock();
	return found;
}

/* The ear of a chip that is gone; the listeners' lock comes before ours. */
static bool next_idle_ear(struct tb_chip_ear *ear)
{
	struct tb_gpio_watch *watch;
	bool found = false;

	tb_gpio_lock();
	list_for_each_entry(watch, &watches, list) {
		if (!watch->gone || !(watch->ear.bus || watch->ear.owner))
			continue;
		*ear = watch->ear;
		watch->ear = (struct tb_chip_ear){ };
		found = true;
		break;
	}
	tb_gpio_unlock();
	return found;
}

static void look_for_chips(struct work_struct *work)
{
	char label[TONGBU_NAME_LEN];
	struct tb_chip_ear ear;

	while (next_idle_ear(&ear))
		stop_hearing(&ear);
	this_round++;
	while (next_label(label))
		take_again(label);
	if (atomic_read(&chips_gone))
		schedule_delayed_work(&look_work, LOOK_EVERY);
}

/**
 * tb_gpio_watch_add() - take a line, and drop and take it as its chip goes and comes
 * @watch: the watch: @ops and @label filled in, the rest zero
 * @extack: where to say why not
 *
 * Context: process, sleeps. Not under tb_gpio_lock().
 * Return: 0, or what @ops->take returned; -ENOMEM; -EAGAIN if the chip is just
 * being replaced.
 */
int tb_gpio_watch_add(struct tb_gpio_watch *watch, struct netlink_ext_ack *extack)
{
	struct tb_chip_ear ear;
	struct device *parent;
	int err;

	err = listen_and_hold(watch->label, &ear, &parent, extack);
	if (err)
		return err;
	tb_gpio_lock();
	err = take_watched(watch, parent, &ear, extack);
	if (!err) {
		watch->since = ktime_get_boottime_ns();
		list_add_tail(&watch->list, &watches);
	}
	tb_gpio_unlock();
	release_chip(parent);
	stop_hearing(&ear);
	return err;
}

/**
 * tb_gpio_watch_del() - drop a line if it is held, and forget it
 * @watch: what tb_gpio_watch_add() was given
 *
 * Context: process, sleeps. Not under tb_gpio_lock().
 */
void tb_gpio_watch_del(struct tb_gpio_watch *watch)
{
	tb_gpio_lock();
	list_del(&watch->list);
	if (watch->gone)
		atomic_dec(&chips_gone);
	else
		drop_watched(watch);
	tb_gpio_unlock();
	stop_hearing(&watch->ear);
}

/**
 * tb_gpio_chip_exit() - look for no chips any more; no watch is left
 *
 * Context: process, sleeps.
 */
void tb_gpio_chip_exit(void)
{
	cancel_delayed_work_sync(&look_work);
}
