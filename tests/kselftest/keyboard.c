// SPDX-License-Identifier: GPL-2.0-only
#include "keyboard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/**
 * keyboard_plug() - plug a keyboard
 * @keyboard: filled in
 * @model: what it tells of itself
 *
 * Return: 0 or a negative errno.
 */
int keyboard_plug(struct keyboard *keyboard, const struct model *model)
{
	struct uinput_setup setup = {
		.id = { .bustype = BUS_USB, .vendor = model->vendor, .product = model->product }
	};
	int fd = open("/dev/uinput", O_RDWR | O_CLOEXEC), key, err;

	keyboard->fd = fd;
	if (fd < 0)
		return -errno;
	snprintf(setup.name, sizeof(setup.name), "%s", model->name);
	err = ioctl(fd, UI_SET_EVBIT, EV_KEY);
	for (key = 1; !err && key <= KEY_MAX; key++)
		if (!model->only || key == model->only)
			err = ioctl(fd, UI_SET_KEYBIT, key);
	if (!err && model->phys)
		err = ioctl(fd, UI_SET_PHYS, model->phys);
	if (err || ioctl(fd, UI_DEV_SETUP, &setup) || ioctl(fd, UI_DEV_CREATE)) {
		err = -errno;
		keyboard_unplug(keyboard);
		return err;
	}
	return 0;
}

/**
 * keyboard_unplug() - unplug it
 * @keyboard: the keyboard; not plugged is fine
 */
void keyboard_unplug(struct keyboard *keyboard)
{
	if (keyboard->fd >= 0)
		close(keyboard->fd);
	keyboard->fd = -1;
}

/**
 * keyboard_key() - move a key
 * @keyboard: the keyboard
 * @key: KEY_*
 * @value: 1 down, 0 up, 2 held
 *
 * When this returns, all who listen have heard it.
 *
 * Return: 0 or a negative errno.
 */
int keyboard_key(const struct keyboard *keyboard, uint16_t key, int value)
{
	struct input_event events[] = {
		{ .type = EV_KEY, .code = key, .value = value },
		{ .type = EV_SYN, .code = SYN_REPORT },
	};

	return write(keyboard->fd, events, sizeof(events)) == sizeof(events) ? 0 : -errno;
}

/**
 * keyboard_tap() - a key down and up
 * @keyboard: the keyboard
 * @key: KEY_*
 *
 * Return: 0 or a negative errno.
 */
int keyboard_tap(const struct keyboard *keyboard, uint16_t key)
{
	int err = keyboard_key(keyboard, key, 1);

	return err ? err : keyboard_key(keyboard, key, 0);
}

/* In the order of their codes, from the row of digits down; blanks have none. */
static const char *const rows[2] = { "1234567890-=\b\tqwertyuiop[]\n asdfghjkl;'` \\zxcvbnm,./",
				     "!@#$%^&*()_+  QWERTYUIOP{}  ASDFGHJKL:\"~ |ZXCVBNM<>?" };

static int type_char(const struct keyboard *keyboard, char c)
{
	const char *place;
	int shift, err;

	if (c == ' ')
		return keyboard_tap(keyboard, KEY_SPACE);
	for (shift = 0; shift < 2; shift++) {
		place = strchr(rows[shift], c);
		if (place)
			break;
	}
	if (shift == 2)
		return -EINVAL;
	err = shift ? keyboard_key(keyboard, KEY_LEFTSHIFT, 1) : 0;
	if (!err)
		err = keyboard_tap(keyboard, (uint16_t)(KEY_1 + (place - rows[shift])));
	if (!err && shift)
		err = keyboard_key(keyboard, KEY_LEFTSHIFT, 0);
	return err;
}

/**
 * keyboard_type() - type a text
 * @keyboard: the keyboard
 * @text: ASCII; a newline is Enter
 *
 * Return: 0 or a negative errno.
 */
int keyboard_type(const struct keyboard *keyboard, const char *text)
{
	int err = 0;

	for (; *text && !err; text++)
		err = type_char(keyboard, *text);
	return err;
}

/**
 * keyboard_watch() - look at the keyboard as any other program does
 * @keyboard: the keyboard
 *
 * Return: a file descriptor for keyboard_seen(), or a negative errno.
 */
int keyboard_watch(const struct keyboard *keyboard)
{
	char name[64], path[512];
	struct dirent *entry;
	DIR *dir;
	int fd = -ENOENT;

	if (ioctl(keyboard->fd, UI_GET_SYSNAME(sizeof(name)), name) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/sys/devices/virtual/input/%s", name);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (fd < 0 && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "event", 5) != 0)
			continue;
		snprintf(path, sizeof(path), "/dev/input/%s", entry->d_name);
		fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	}
	closedir(dir);
	return fd;
}

/**
 * keyboard_seen() - count keys that went down or up since last asked
 * @watch: from keyboard_watch()
 *
 * Return: how many.
 */
size_t keyboard_seen(int watch)
{
	struct input_event event;
	size_t seen = 0;

	while (read(watch, &event, sizeof(event)) == sizeof(event))
		seen += event.type == EV_KEY;
	return seen;
}

/**
 * input_request() - a request to arm an input source
 * @station: the station
 * @input: what for
 *
 * Return: the message.
 */
struct nl_msg *input_request(struct station *station, const struct input *input)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_SOURCE_ADD);

	nla_put_string(msg, TONGBU_A_SOURCE_NAME, input->name);
	nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, TONGBU_SOURCE_INPUT);
	if (input->device)
		nla_put_string(msg, TONGBU_A_INPUT_NAME, input->device);
	if (input->phys)
		nla_put_string(msg, TONGBU_A_INPUT_PHYS, input->phys);
	if (input->vendor)
		nla_put_u16(msg, TONGBU_A_INPUT_VENDOR, input->vendor);
	if (input->product)
		nla_put_u16(msg, TONGBU_A_INPUT_PRODUCT, input->product);
	if (input->mode)
		nla_put_u8(msg, TONGBU_A_INPUT_MODE, input->mode);
	if (input->key)
		nla_put_u16(msg, TONGBU_A_INPUT_KEY, input->key);
	if (input->timeout)
		nla_put_u32(msg, TONGBU_A_INPUT_TIMEOUT, input->timeout);
	if (input->flags)
		nla_put_u32(msg, TONGBU_A_SOURCE_FLAGS, input->flags);
	if (input->salt)
		nla_put(msg, TONGBU_A_INPUT_SALT, TONGBU_SALT_LEN, input->salt);
	return msg;
}

/**
 * input_arm() - arm an input source
 * @station: the station
 * @input: what for
 *
 * Return: the source's number, or a negative errno.
 */
int input_arm(struct station *station, const struct input *input)
{
	int err = tongbu_nl_do(&station->nl, input_request(station, input));

	return err ? err : (int)nla_get_u32(station->nl.attrs[TONGBU_A_SOURCE_ID]);
}

/**
 * input_armed() - what the record of arming says of an input source
 * @station: the station, after station_read()
 * @source: its number
 *
 * Return: the end of that record; all zero if it is not there or not as long.
 */
struct tongbu_input input_armed(const struct station *station, uint32_t source)
{
	const size_t begin = sizeof(struct tongbu_source) + sizeof(struct tongbu_source_more);
	const struct record *record =
		record_log_find(&station->log, TONGBU_KIND_SOURCE_ADD, source, 0);
	struct tongbu_input armed = { 0 };

	if (record && record->length == begin + sizeof(armed))
		memcpy(&armed, record->payload + begin, sizeof(armed));
	return armed;
}

static int take_listing(struct nlattr **attrs, void *arg)
{
	struct input_listing *listing = arg;
	size_t count = listing->count;

	memset(listing, 0, sizeof(*listing));
	listing->count = count + 1;
	if (!attrs[TONGBU_A_SOURCE_STATE] || !attrs[TONGBU_A_SOURCE_LEVEL] ||
	    !attrs[TONGBU_A_INPUT_MODE] || !attrs[TONGBU_A_INPUT_KEY] ||
	    !attrs[TONGBU_A_INPUT_TIMEOUT])
		return -EBADMSG;
	listing->state = nla_get_u32(attrs[TONGBU_A_SOURCE_STATE]);
	listing->level = nla_get_u8(attrs[TONGBU_A_SOURCE_LEVEL]);
	listing->mode = nla_get_u8(attrs[TONGBU_A_INPUT_MODE]);
	listing->key = nla_get_u16(attrs[TONGBU_A_INPUT_KEY]);
	listing->timeout = nla_get_u32(attrs[TONGBU_A_INPUT_TIMEOUT]);
	if (attrs[TONGBU_A_INPUT_DEVICE])
		nla_strlcpy(listing->device, attrs[TONGBU_A_INPUT_DEVICE], TONGBU_DEVICE_LEN);
	if (attrs[TONGBU_A_INPUT_NAME])
		nla_strlcpy(listing->name, attrs[TONGBU_A_INPUT_NAME], TONGBU_DEVICE_LEN);
	listing->salted = attrs[TONGBU_A_INPUT_SALT];
	return 0;
}

/**
 * input_list() - what SOURCE_GET tells, all sources being input devices
 * @station: the station
 * @listing: filled in
 *
 * Return: 0 or a negative errno.
 */
int input_list(struct station *station, struct input_listing *listing)
{
	memset(listing, 0, sizeof(*listing));
	return tongbu_nl_dump(&station->nl, tongbu_nl_request(&station->nl, TONGBU_CMD_SOURCE_GET),
			      take_listing, listing);
}
