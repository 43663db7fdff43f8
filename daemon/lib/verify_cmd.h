/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of the supervising party, for tongbu-verify and, as a convenience, for
 * tongbuctl: the same options, answers and exit statuses.
 */
#ifndef TONGBU_VERIFY_CMD_H
#define TONGBU_VERIFY_CMD_H

#include <getopt.h>
#include <stdbool.h>

#include <jansson.h>

#define TB_VERIFY_USAGE "FILE --key FILE|--no-key [--receipt FILE]... [--challenge HEX] [--reach N]"
#define TB_VERIFY_OPTIONS                                                                   \
	"  --key=FILE        the supervisor's private key\n"                                \
	"  --passphrase-file=FILE\n"                                                        \
	"                    its passphrase, the first line; else it is asked for\n"        \
	"  --no-key          look at numbers and links alone: finds accidents, no forger\n" \
	"  --receipt=FILE    receipts held elsewhere that must agree, one a line\n"         \
	"  --challenge=HEX   bytes the last record must hold\n"                             \
	"  --reach=N         step the key over so many records that are not there\n"        \
	"                    (67108864, half a minute's work)\n"                            \
	"\n"                                                                                \
	"FILE may be a pipe, or - for standard input.\n"

#define TB_KEY_USAGE "new [--out FILE] | show FILE [--passphrase-file FILE]"
#define TB_KEY_OPTIONS                                                                    \
	"  new   draw a pair: the private key into FILE (default supervisor.pem), the\n"  \
	"        public one beside it as supervisor.pub.pem. Do it where the station\n"   \
	"        cannot reach, and give the station the public half alone.\n"             \
	"  show  tell what FILE holds\n"                                                  \
	"\n"                                                                              \
	"  --passphrase-file=FILE\n"                                                      \
	"        the passphrase of the private key, the first line of FILE; else it is\n" \
	"        asked for on a terminal, and without one a new key is under none\n"

/* As tongbuctl(1) and tongbu-verify(1) have them */
enum tb_exit {
	TB_EXIT_OK = 0,
	TB_EXIT_NO = 1,
	TB_EXIT_FAILED = 2,
};

/**
 * struct tb_command - what a command is told by the program it belongs to
 * @json: answer for programs; set by --json as well
 * @help: prints the command's help and returns the exit status, for --help
 */
struct tb_command {
	bool json;
	int (*help)(void);
};

int tb_command_bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int tb_command_print(json_t *json);
int tb_command_option(struct tb_command *command, int argc, char **argv, const char *letters,
		      const struct option *options);

int tb_verify_command(struct tb_command *command, int argc, char **argv);
int tb_key_command(struct tb_command *command, int argc, char **argv);

#endif /* TONGBU_VERIFY_CMD_H */
