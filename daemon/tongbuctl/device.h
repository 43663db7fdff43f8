/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands about devices share: source, output, reflex. */
#ifndef TONGBU_CTL_DEVICE_H
#define TONGBU_CTL_DEVICE_H

#include "ctl.h"
#include "kernel.h"

/**
 * enum device_field_kind - what an option of a device is
 * @DEVICE_TEXT: a string for a field of fixed size
 * @DEVICE_WORD: a number of 8 bits that has a word
 * @DEVICE_U8: a number of 8 bits
 * @DEVICE_U16: a number of 16 bits
 * @DEVICE_U32: a number of 32 bits
 * @DEVICE_FLAG: a bit of a number of 32 bits; takes no value
 * @DEVICE_OTHER: something the command takes itself
 */
enum device_field_kind {
	DEVICE_TEXT,
	DEVICE_WORD,
	DEVICE_U8,
	DEVICE_U16,
	DEVICE_U32,
	DEVICE_FLAG,
	DEVICE_OTHER,
};

/**
 * struct device_field - an option, and the field it sets
 * @option: its name
 * @kind: what it is
 * @at: offset of the field
 * @min: the least number
 * @max: the greatest; of text the size of the field; of a flag the bit
 * @word: gives the words
 */
struct device_field {
	const char *option;
	enum device_field_kind kind;
	size_t at;
	uint32_t min;
	uint32_t max;
	const char *(*word)(unsigned int number);
};

#define DEVICE_FIELDS_MAX 40

int device_open(struct tb_kernel **kernel);
int device_name(const char *what, const char *text, char *name);
int device_added(const char *what, const char *name, uint32_t id);
int device_removed(const char *name);
int device_option(int argc, char **argv, const struct device_field *fields, size_t *index);
int device_take(const struct device_field *field, void *def);
void device_state(uint32_t state, char *text, size_t size);

#endif /* TONGBU_CTL_DEVICE_H */
