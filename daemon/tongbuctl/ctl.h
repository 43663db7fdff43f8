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
#include "fields.h"
#include "names.h"
#include "rpc.h"
#include "term.h"
#include "verify_cmd.h"

/* Names of those who hold the log elsewhere */
#define CTL_HELD_SIZE 256

/* Exit statuses, as tongbuctl(1) has them */
enum {
	CTL_OK = TB_EXIT_OK,
	CTL_NO = TB_EXIT_NO,
	CTL_FAILED = TB_EXIT_FAILED,
	CTL_NO_MODULE = 3,
	CTL_NO_PERM = 4,
	CTL_NO_DAEMON = 5,
};

/* Values of options, above all letters; those of tongbu-verify are theirs */
enum {
	OPT_SOCKET = TB_OPT_PROGRAM,
	OPT_REFEREE,
	OPT_NO_PAGER,
	OPT_UTC,
	OPT_VERSION,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_SOURCE,
	OPT_KIND,
	OPT_UID,
	OPT_CHAIN,
	OPT_FROM,
	OPT_TO,
	OPT_LIMIT,
	OPT_FOLLOW,
	OPT_CHALLENGE,
	OPT_WAIT,
	OPT_NO_WAIT,
	OPT_JSON_DATA,
	OPT_FILE,
	OPT_MARK,
	OPT_RECEIPT,
	OPT_SALT_FILE,
	OPT_SUBJECT,
	OPT_YES,
	OPT_BEFORE,
	OPT_DRY_RUN,
	OPT_RESTORE,
	OPT_CONFIG,
	OPT_NOW,
	OPT_PACK,
	OPT_PACKS_DIR,
	OPT_BLOBS,
	OPT_TZ,
	OPT_QUIET,
	OPT_TABLE,
	OPT_AS_OF,
	OPT_MARKDOWN,
	OPT_GENERATE,
	OPT_VKEY,
	OPT_MATTER,
	/* What it is says its name. */
	OPT_FILTER,
	OPT_PART,
	OPT_FIELD,
};

/**
 * struct ctl - what holds for all commands
 * @socket: tongbud's
 * @referee: the referee's
 * @json: answer for programs
 * @no_pager: answer straight to the terminal
 * @utc: show times in UTC
 */
struct ctl {
	const char *socket;
	const char *referee;
	bool json;
	bool no_pager;
	bool utc;
};

extern struct ctl ctl;

/* What tongbu-verify says as well */
#define ctl_bad(...)	    tb_command_bad(__VA_ARGS__)
#define UNREAD		    "%s's answer cannot be read: is it of another version than tongbuctl?"
#define ctl_unread(program) ctl_bad(UNREAD, program)

int ctl_failed(const struct tb_error *err);
int ctl_refused(const struct tb_error *err);
bool ctl_number(const char *text, uint64_t max, uint64_t *number);

/**
 * struct ctl_word - what a command does, or one of the things it does
 * @name: the word behind the command, as list; NULL for what needs none
 * @usage: its arguments
 * @text: what it does, a few words; NULL if the command's text says it
 * @options: its options, or NULL
 * @only: names of those of @options that it has, a space behind each; NULL for all
 * @fields: what else can be set, each an option; or NULL
 * @run: does it; argv[0] is the command's name, the word is gone
 * @pager: its answer may be long
 */
struct ctl_word {
	const char *name;
	const char *usage;
	const char *text;
	const struct tb_option *options;
	const char *only;
	const struct tb_table *fields;
	int (*run)(int argc, char **argv);
	bool pager;
};

/**
 * struct ctl_command - one command
 * @name: its name
 * @text: what it does, a few words
 * @words: what it can do, closed by one that does nothing
 * @notes: what there is to say besides, lines; or ""
 * @examples: lines
 */
struct ctl_command {
	const char *name;
	const char *text;
	const struct ctl_word *words;
	const char *notes;
	const char *examples;
};

/**
 * struct ctl_group - commands that belong together
 * @name: for `make docs`
 * @text: what stands before them in the help
 * @commands: they, closed by one without a name
 */
struct ctl_group {
	const char *name;
	const char *text;
	const struct ctl_command *commands;
};

/* commands.c, commands_device.c, commands_state.c: the table */
extern const struct ctl_group ctl_groups[];
extern const struct ctl_command ctl_device_commands[];
extern const struct ctl_command ctl_state_commands[];
extern const struct tb_option ctl_common_options[];

/* dispatch.c */
extern const struct tb_option *ctl_given;
const struct ctl_command *ctl_find(const char *name);
const struct ctl_word *ctl_find_word(const struct ctl_command *command, const char *name);
size_t ctl_options(const struct ctl_word *word, struct tb_option options[TB_OPTIONS_MAX]);
int ctl_option(int argc, char **argv);
int ctl_run(int argc, char **argv);
int ctl_nothing(int argc, char **argv);
const char *ctl_running(void);

/* json_fields.c */
const char *ctl_fields(const char *command, const char *word);
int ctl_fields_print(const char *command, const char *word);
json_t *ctl_time_json(json_int_t seconds);
int ctl_print(json_t *json);
void ctl_fields_man(const struct ctl_group *group);

/* help.c, complete.c, pager.c */
int ctl_help(const struct ctl_command *command);
int cmd_help(int argc, char **argv);
int ctl_synopsis(const char *what, const char *name);
int ctl_complete(int argc, char **argv);
void ctl_pager(void);
int ctl_pager_end(int status);

/* Of the daemons, over their sockets; client.c */
int ctl_connect(struct tb_rpc **rpc, struct tb_error *err);
int ctl_connect_referee(struct tb_rpc **rpc, struct tb_error *err);
void ctl_zone(void);
json_t *ctl_measures(void);
int ctl_station_status(json_t **status, struct tb_error *err);
int ctl_referee_status(json_t **status, struct tb_error *err);
const json_t *ctl_held(const json_t *log, char by[CTL_HELD_SIZE], json_int_t *age);
int ctl_names(struct tb_rpc *rpc, struct tb_names *names, struct tb_error *err);

struct tb_tlog_proof;

/* cmd_proof.c */
int ctl_put(const char *text, const char *path);
int ctl_ask(const char *method, json_t *parameters, json_t **reply);
int ctl_ask_proof(const char *method, json_t *parameters, struct tb_tlog_proof *proof);
int ctl_ask_record(const char *chain, uint64_t seq, uint8_t **bytes, size_t *len);

int cmd_key_new(int argc, char **argv);
int cmd_key_show(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_latency(int argc, char **argv);
int cmd_submit(int argc, char **argv);
int cmd_log(int argc, char **argv);
int chain_list(int argc, char **argv);
int chain_end(int argc, char **argv);
int cmd_bundle_export(int argc, char **argv);
int cmd_bundle_disclose(int argc, char **argv);
int cmd_bundle_show(int argc, char **argv);
int cmd_checkpoint(int argc, char **argv);
int proof_inclusion(int argc, char **argv);
int proof_consistency(int argc, char **argv);
int cmd_receipt(int argc, char **argv);
int cmd_witness(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_archive(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_try(int argc, char **argv);
int blob_put(int argc, char **argv);
int blob_get(int argc, char **argv);
int subject_new(int argc, char **argv);
int subject_erase(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int device_add(int argc, char **argv);
int device_list(int argc, char **argv);
int device_show(int argc, char **argv);
int device_remove(int argc, char **argv);
int output_set(int argc, char **argv);

#endif /* TONGBU_CTL_H */
