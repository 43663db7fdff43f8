/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tongbuctl: one file for each group of commands. A command gets its own
 * arguments, argv[0] being its name, and returns the exit status.
 */
#ifndef TONGBU_CTL_H
#define TONGBU_CTL_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "error.h"
#include "names.h"
#include "rpc.h"
#include "term.h"
#include "verify_cmd.h"

/* Exit statuses, as tongbuctl(1) has them */
enum {
	CTL_OK = TB_EXIT_OK,
	CTL_NO = TB_EXIT_NO,
	CTL_FAILED = TB_EXIT_FAILED,
	CTL_NO_MODULE = 3,
	CTL_NO_PERM = 4,
	CTL_NO_DAEMON = 5,
};

/* Values of long options without a letter, above all letters */
#define CTL_OPTION(n) (256 + (n))

/**
 * struct ctl - what holds for all commands
 * @socket: tongbud's
 * @referee: the referee's
 * @json: answer for programs
 */
struct ctl {
	const char *socket;
	const char *referee;
	bool json;
};

extern struct ctl ctl;

/* What tongbu-verify says as well */
#define ctl_bad(...)	tb_command_bad(__VA_ARGS__)
#define ctl_print(json) tb_command_print(json)

int ctl_failed(const struct tb_error *err);
int ctl_refused(const struct tb_error *err);
int ctl_option(int argc, char **argv, const char *letters, const struct option *options);
bool ctl_number(const char *text, uint64_t max, uint64_t *number);

/**
 * struct ctl_command - one command
 * @name: its name
 * @usage: its arguments
 * @text: what it does, a few words
 * @help: the rest of its help, lines
 * @run: does it
 */
struct ctl_command {
	const char *name;
	const char *usage;
	const char *text;
	const char *help;
	int (*run)(int argc, char **argv);
};

const struct ctl_command *ctl_commands(void);
int ctl_help(void);

/* Of the daemons, over their sockets; client.c */
int ctl_connect(struct tb_rpc **rpc, struct tb_error *err);
int ctl_connect_referee(struct tb_rpc **rpc, struct tb_error *err);
json_t *ctl_measures(void);
int ctl_referee_status(json_t **status, struct tb_error *err);
int ctl_names(struct tb_rpc *rpc, struct tb_names *names, struct tb_error *err);

int cmd_key(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_latency(int argc, char **argv);
int cmd_source(int argc, char **argv);
int cmd_output(int argc, char **argv);
int cmd_reflex(int argc, char **argv);
int cmd_submit(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_chain(int argc, char **argv);
int cmd_bundle(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_try(int argc, char **argv);
int cmd_blob(int argc, char **argv);
int cmd_subject(int argc, char **argv);
int cmd_replay(int argc, char **argv);

#endif /* TONGBU_CTL_H */
