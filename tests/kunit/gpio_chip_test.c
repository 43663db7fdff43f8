// SPDX-License-Identifier: GPL-2.0-only
/* Chips that go and come, on a bus that may go itself while none is there. */
#include "gpio_chip.c"

#include <kunit/test.h>
#include <linux/delay.h>

#define LABEL	"comes-and-goes"

/**
 * struct station - a bus, a device on it whose driver makes a chip, a watch
 * @device: the device
 * @chip: the chip
 * @watch: a watch of it
 * @held: the watch holds its line
 * @gone: times it was told that it is gone
 * @back: times it was told that it is back
 */
struct station {
	struct device device;
	struct gpio_chip chip;
	struct tb_gpio_watch watch;
	bool held;
	u32 gone;
	u32 back;
};

static struct station *station;

static int take_line(struct tb_gpio_watch *watch, struct netlink_ext_ack *extack)
{
	struct device *parent = parent_of(LABEL);

	put_device(parent);
	station->held = parent;
	return parent ? 0 : -ENODEV;
}

static void drop_line(struct tb_gpio_watch *watch)
{
	station->held = false;
}

static void line_gone(struct tb_gpio_watch *watch)
{
	station->gone++;
}

static void line_back(struct tb_gpio_watch *watch)
{
	WRITE_ONCE(station->back, station->back + 1);
}

static const struct tb_gpio_watch_ops line_ops = {
	.take = take_line,
	.drop = drop_line,
	.gone = line_gone,
	.back = line_back,
};

static int read_line(struct gpio_chip *chip, unsigned int line)
{
	return 0;
}

static int make_chip(struct device *device)
{
	station->chip = (struct gpio_chip){
		.label = LABEL,
		.parent = device,
		.owner = THIS_MODULE,
		.base = -1,
		.ngpio = 1,
		.get = read_line,
	};
	return gpiochip_add_data(&station->chip, station);
}

static int remove_chip(struct device *device)
{
	gpiochip_remove(&station->chip);
	return 0;
}

static struct bus_type bus = { .name = "tongbu-test" };
static struct device_driver driver = {
	.name = "tongbu-test",
	.bus = &bus,
	.owner = THIS_MODULE,
	.probe = make_chip,
	.remove = remove_chip,
};

static void release_device(struct device *device)
{
}

/* All of it is there when a test begins. */
static int chip_test_init(struct kunit *test)
{
	int err;

	station = kunit_kzalloc(test, sizeof(*station), GFP_KERNEL);
	if (!station)
		return -ENOMEM;
	err = bus_register(&bus);
	if (err)
		return err;
	err = driver_register(&driver);
	if (err)
		goto err_bus;
	station->device.bus = &bus;
	station->device.release = release_device;
	dev_set_name(&station->device, "tongbu-test.0");
	err = device_register(&station->device);
	if (err)
		goto err_driver;
	station->watch.ops = &line_ops;
	station->watch.label = LABEL;
	return 0;

err_driver:
	put_device(&station->device);
	driver_unregister(&driver);
err_bus:
	bus_unregister(&bus);
	station = NULL;
	return err;
}

static void unregister_bus(void)
{
	device_unregister(&station->device);
	driver_unregister(&driver);
	bus_unregister(&bus);
	station->device.bus = NULL;
}

static void chip_test_exit(struct kunit *test)
{
	if (station && station->device.bus)
		unregister_bus();
	tb_gpio_chip_exit();
}

static void chip_that_goes_and_comes_is_dropped_and_taken(struct kunit *test)
{
	int tries;

	KUNIT_ASSERT_EQ(test, tb_gpio_watch_add(&station->watch, NULL), 0);
	KUNIT_EXPECT_TRUE(test, station->held);
	device_release_driver(&station->device);
	KUNIT_EXPECT_FALSE(test, station->held);
	KUNIT_EXPECT_EQ(test, station->gone, 1);
	KUNIT_EXPECT_EQ(test, device_attach(&station->device), 1);
	for (tries = 0; tries < 1000 && !READ_ONCE(station->back); tries++)
		msleep(20);
	KUNIT_EXPECT_EQ(test, station->back, 1);
	KUNIT_EXPECT_TRUE(test, station->held);
	/* It is listened for again. */
	device_release_driver(&station->device);
	KUNIT_EXPECT_FALSE(test, station->held);
	KUNIT_EXPECT_EQ(test, station->gone, 2);
	tb_gpio_watch_del(&station->watch);
}

static void chip_bus_is_let_go_with_its_chip(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, tb_gpio_watch_add(&station->watch, NULL), 0);
	KUNIT_EXPECT_FALSE(test, list_empty(&buses));
	device_release_driver(&station->device);
	flush_delayed_work(&look_work);
	/* Else its listeners would be used after they are freed. */
	KUNIT_EXPECT_TRUE(test, list_empty(&buses));
	unregister_bus();
	tb_gpio_watch_del(&station->watch);
}

static void chip_driver_stays_while_it_is_listened_for(struct kunit *test)
{
	int before = module_refcount(THIS_MODULE);

	KUNIT_ASSERT_EQ(test, tb_gpio_watch_add(&station->watch, NULL), 0);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), before + 1);
	tb_gpio_watch_del(&station->watch);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), before);
}

static struct kunit_case chip_cases[] = {
	KUNIT_CASE(chip_that_goes_and_comes_is_dropped_and_taken),
	KUNIT_CASE(chip_bus_is_let_go_with_its_chip),
	KUNIT_CASE(chip_driver_stays_while_it_is_listened_for),
	{ }
};

static struct kunit_suite chip_suite = {
	.name = "tongbu_gpio_chip",
	.init = chip_test_init,
	.exit = chip_test_exit,
	.test_cases = chip_cases,
};

kunit_test_suite(chip_suite);
