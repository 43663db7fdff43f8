/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of the supervising party, for tongbu-verify and, as a convenience, for
 * tongbuctl: the same options, answers and exit statuses.
 */
#ifndef TONGBU_VERIFY_CMD_H
#define TONGBU_VERIFY_CMD_H

#include <stdbool.h>

#include <jansson.h>

#include "options.h"

/* The options of each, closed by one without a name; --json and --help are the program's */
extern const struct tb_option tb_verify_options[];
extern const struct tb_option tb_key_new_options[];
extern const struct tb_option tb_key_show_options[];

/* As tongbuctl(1) and tongbu-verify(1) have them */
enum tb_exit {
	TB_EXIT_OK = 0,
	TB_EXIT_NO = 1,
	TB_EXIT_FAILED = 2,
};

/* Values of the options, above all letters; the program's own come behind */
enum tb_verify_option {
	TB_OPT_JSON = TB_OPTION_FIRST,
	TB_OPT_HELP,
	TB_OPT_KEY,
	TB_OPT_PASSPHRASE_FILE,
	TB_OPT_NO_KEY,
	TB_OPT_RECEIPT,
	TB_OPT_CHALLENGE,
	TB_OPT_REACH,
	TB_OPT_OUT,
	TB_OPT_CHECKPOINT,
	TB_OPT_POLICY,
	TB_OPT_PAGE,
	TB_OPT_PROGRAM,
};

/**
 * struct tb_command - what a command is told by the program it belongs to
 * @next: its next option, as tb_option_next(); what is the program's own is dealt with
 * @json: answer for programs; may be set by @next
 */
struct tb_command {
	int (*next)(int argc, char **argv);
	const bool *json;
};

int tb_command_bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int tb_command_print(json_t *json);
int tb_verify_command(const struct tb_command *command, int argc, char **argv);
int tb_key_new_command(const struct tb_command *command, int argc, char **argv);
int tb_key_show_command(const struct tb_command *command, int argc, char **argv);

#endif /* TONGBU_VERIFY_CMD_H */
