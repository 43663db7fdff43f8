/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands about devices share: source, output, reflex. */
#ifndef TONGBU_CTL_DEVICE_H
#define TONGBU_CTL_DEVICE_H

#include "ctl.h"
#include "kernel.h"
#include "people.h"

#define DEVICE_GIVEN_MAX 64

/**
 * struct device_given - what a command line says of a device
 * @table: its table
 * @names: the fields that are given, in order
 * @values: and what they are given as
 * @count: how many
 * @salt_file: --salt-file
 */
struct device_given {
	const struct tb_table *table;
	const char *names[DEVICE_GIVEN_MAX];
	const char *values[DEVICE_GIVEN_MAX];
	size_t count;
	const char *salt_file;
};

/**
 * struct device_kind - sources, outputs or reflexes
 * @table: their table
 * @columns: what people see of them in a list
 * @row: makes a row of it
 * @take: makes one of what a command line says; 0 or the exit status
 * @more: what else there is of one: prints it, or adds it to the fields for programs; or
 *	NULL
 */
struct device_kind {
	const struct tb_table *table;
	const struct people_column *columns;
	json_t *(*row)(const void *def);
	int (*take)(struct device_given *given, const char *name, void *def);
	void (*more)(const void *def, json_t *fields);
};

/* cmd_device.c */
const struct device_kind *device_kind(const char *what);

int device_open(struct tb_kernel **kernel);
int device_take(const struct device_given *given, const char *name, void *def);
void device_state(uint32_t state, char *text, size_t size);

#endif /* TONGBU_CTL_DEVICE_H */
