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

int device_open(struct tb_kernel **kernel);
int device_options(int argc, char **argv, struct device_given *given);
int device_take(const struct device_given *given, const char *name, void *def);
int device_add(const struct tb_table *table, const void *def, const char *name);
int device_remove(const struct tb_table *table, int argc, char **argv);
int device_show(const struct tb_table *table, int argc, char **argv,
		void (*more)(const void *def, json_t *fields));
int device_list(const struct tb_table *table, int argc, char **argv,
		const struct people_column *columns, json_t *(*row)(const void *def));
void device_state(uint32_t state, char *text, size_t size);

#endif /* TONGBU_CTL_DEVICE_H */
