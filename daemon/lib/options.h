/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of a command, one row each: what parses them, the help and completion
 * come from it.
 */
#ifndef TONGBU_OPTIONS_H
#define TONGBU_OPTIONS_H

#include <stdio.h>

/**
 * struct tb_option - one option
 * @value: what tb_option_next() returns for it, above all letters
 * @letter: the same in one letter, or 0
 * @name: without dashes; NULL closes a list
 * @arg: what it takes, as "FILE" or "info|warn|fault"; NULL if nothing
 * @text: what it does; "\n" begins a line, as the terminal's end does
 */
struct tb_option {
	int value;
	char letter;
	const char *name;
	const char *arg;
	const char *text;
};

/* The least value of an option */
#define TB_OPTION_FIRST 256
/* The longest list */
#define TB_OPTIONS_MAX 96

int tb_option_next(const struct tb_option *options, int argc, char **argv,
		   const struct tb_option **given);
void tb_options_help(const struct tb_option *options, FILE *out);
const char *tb_nearest(const char *word, const char *const *known);

#endif /* TONGBU_OPTIONS_H */
