/* SPDX-License-Identifier: GPL-2.0-only */
/* Keyboards to plug, type on and unplug, by way of uinput; and sources of them. */
#ifndef TONGBU_SELFTEST_KEYBOARD_H
#define TONGBU_SELFTEST_KEYBOARD_H

#include <linux/input.h>
#include <linux/tongbu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "station.h"

/**
 * struct keyboard - a keyboard
 * @fd: uinput's end of it, or -1 while it is not plugged
 */
struct keyboard {
	int fd;
};

/**
 * struct model - what a keyboard tells of itself
 * @name: name
 * @phys: physical path, or NULL
 * @vendor: vendor
 * @product: product
 * @only: the one key it has, or 0 for all
 */
struct model {
	const char *name;
	const char *phys;
	uint16_t vendor;
	uint16_t product;
	uint16_t only;
};

int keyboard_plug(struct keyboard *keyboard, const struct model *model);
void keyboard_unplug(struct keyboard *keyboard);
int keyboard_key(const struct keyboard *keyboard, uint16_t key, int value);
int keyboard_tap(const struct keyboard *keyboard, uint16_t key);
int keyboard_type(const struct keyboard *keyboard, const char *text);
int keyboard_watch(const struct keyboard *keyboard);
size_t keyboard_seen(int watch);

/**
 * struct input - an input source to be; what is 0 or NULL is left out
 * @name: its name
 * @device: name of the device
 * @phys: physical path
 * @vendor: vendor
 * @product: product
 * @mode: enum tongbu_input_mode
 * @key: the one key
 * @timeout: ms
 * @flags: enum tongbu_source_flag
 * @salt: salt, of %TONGBU_SALT_LEN bytes
 */
struct input {
	const char *name;
	const char *device;
	const char *phys;
	uint16_t vendor;
	uint16_t product;
	uint8_t mode;
	uint16_t key;
	uint32_t timeout;
	uint32_t flags;
	const uint8_t *salt;
};

struct nl_msg *input_request(struct station *station, const struct input *input);
int input_arm(struct station *station, const struct input *input);
struct tongbu_input input_armed(const struct station *station, uint32_t source);

/**
 * struct input_listing - what SOURCE_GET tells of the last source
 * @count: sources
 * @state: enum tongbu_source_state
 * @level: SOURCE_LEVEL
 * @device: INPUT_DEVICE, or empty
 * @name: INPUT_NAME, or empty
 * @mode: INPUT_MODE
 * @key: INPUT_KEY
 * @timeout: INPUT_TIMEOUT
 * @salted: a salt was told
 */
struct input_listing {
	size_t count;
	uint32_t state;
	uint8_t level;
	char device[TONGBU_DEVICE_LEN];
	char name[TONGBU_DEVICE_LEN];
	uint8_t mode;
	uint16_t key;
	uint32_t timeout;
	bool salted;
};

int input_list(struct station *station, struct input_listing *listing);

#endif /* TONGBU_SELFTEST_KEYBOARD_H */
