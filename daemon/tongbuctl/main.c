// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl: which command, and what all have in common. See tongbuctl(1). */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "charset.h"
#include "ctl.h"
#include "fields.h"
#include "state.h"

struct ctl ctl = { .socket = TB_SOCKET_PATH, .referee = TB_REFEREE_SOCKET_PATH };

/* The command that runs, for its --help */
static const struct ctl_command *current;

/**
 * ctl_failed() - say what went wrong
 * @err: the failure
 *
 * Return: the exit status for it.
 */
int ctl_failed(const struct tb_error *err)
{
	ctl_bad("%s", err->text);
	switch (err->code) {
	case -EPERM:
	case -EACCES:
		return CTL_NO_PERM;
	case -ECONNREFUSED:
		return CTL_NO_DAEMON;
	default:
		return CTL_FAILED;
	}
}

/**
 * ctl_refused() - say what the kernel refused
 * @err: the failure
 *
 * Return: the exit status for it.
 */
int ctl_refused(const struct tb_error *err)
{
	int status = ctl_failed(err);

	return status == CTL_FAILED ? CTL_NO : status;
}

/**
 * ctl_number() - read a number
 * @text: decimal digits, nothing else
 * @max: the largest that will do
 * @number: set to it
 *
 * Return: whether it is one.
 */
bool ctl_number(const char *text, uint64_t max, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return !*end && !errno && *number <= max;
}

/**
 * ctl_help() - print the help of the command that runs
 *
 * Return: %CTL_OK.
 */
int ctl_help(void)
{
	const struct tb_table *table = tb_table_find(current->name);
	bool asks = current->text[strlen(current->text) - 1] == '?';

	printf("Usage: tongbuctl [OPTION]... %s%s%s\n%s%s\n\n", current->name,
	       *current->usage ? " " : "", current->usage, current->text, asks ? "" : ".");
	/* What a table has is said there. */
	if (table) {
		tb_fields_help(table, stdout);
		putchar('\n');
	}
	fputs(current->help, stdout);
	return CTL_OK;
}

/**
 * ctl_option() - the next option of a command, as getopt_long() finds it
 * @argc: number of arguments
 * @argv: the arguments
 * @letters: options of one letter
 * @options: long options; -h, --help and --json are everybody's
 *
 * Return: the option; '?' if it is none, and that was said; -1 after the last.
 * --help does not return.
 */
int ctl_option(int argc, char **argv, const char *letters, const struct option *options)
{
	static const struct option common[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, CTL_OPTION(100) },
	};
	struct option all[48] = { 0 };
	char short_options[32];
	size_t i;
	int option;

	for (i = 0; options && options[i].name && i < 44; i++)
		all[i] = options[i];
	memcpy(&all[i], common, sizeof(common));
	snprintf(short_options, sizeof(short_options), "%sh", letters);
	while ((option = getopt_long(argc, argv, short_options, all, NULL)) != -1) {
		if (option == 'h')
			exit(ctl_help());
		if (option != CTL_OPTION(100))
			return option;
		ctl.json = true;
	}
	return -1;
}

static void print_commands(const struct ctl_command *command)
{
	for (; command->name; command++)
		printf("  %-8s %s\n", command->name, command->text);
}

static int print_help(void)
{
	puts("Usage: tongbuctl [OPTION]... COMMAND [ARGUMENT]...\n"
	     "Work with a station that records in step: what happened, sealed as it happened.\n");
	print_commands(ctl_commands());
	puts("\nWhat the records came to, where packs are configured:\n");
	print_commands(ctl_state_commands());
	puts("\n  -s, --socket=PATH  tongbud's socket (default " TB_SOCKET_PATH
	     ", or $TONGBU_SOCKET)\n"
	     "      --referee=PATH tongbu-referee's (default " TB_REFEREE_SOCKET_PATH ",\n"
	     "                     or $TONGBU_REFEREE)\n"
	     "      --json         answer for programs, one JSON object a line\n"
	     "  -h, --help         this text; after a command, that command's\n"
	     "  -V, --version      version\n"
	     "\n"
	     "Exit status: 0 done or verified; 1 no: not verified, refused, something to mend;\n"
	     "2 could not; 3 module not loaded; 4 no permission; 5 the daemon does not run.\n"
	     "\n"
	     "Examples:\n"
	     "  tongbuctl key new --out supervisor.pem\n"
	     "  tongbuctl submit \"sluice 3 opened by hand\" --wait\n"
	     "  tongbuctl log --since -1h --source door\n"
	     "  tongbuctl bundle export station.bundle\n"
	     "  tongbuctl verify station.bundle --key supervisor.pem");
	return CTL_OK;
}

static const struct ctl_command *find_command(const struct ctl_command *command, const char *name)
{
	for (; command->name; command++)
		if (!strcmp(command->name, name))
			return command;
	return NULL;
}

static int run_command(int argc, char **argv)
{
	current = find_command(ctl_commands(), argv[0]);
	if (!current)
		current = find_command(ctl_state_commands(), argv[0]);
	if (current) {
		/* Restart getopt for the command's own options. */
		optind = 0;
		return current->run(argc, argv);
	}
	return ctl_bad("there is no command %s: see tongbuctl --help", argv[0]);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "referee", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	const char *socket = getenv("TONGBU_SOCKET"), *referee = getenv("TONGBU_REFEREE");
	int option, status;

	setlocale(LC_ALL, "");
	charset_output();
	if (socket && *socket)
		ctl.socket = socket;
	if (referee && *referee)
		ctl.referee = referee;
	/* "+": what stands behind the command is the command's */
	while ((option = getopt_long(argc, argv, "+s:hV", options, NULL)) != -1) {
		switch (option) {
		case 's':
			ctl.socket = optarg;
			break;
		case 'r':
			ctl.referee = optarg;
			break;
		case 'j':
			ctl.json = true;
			break;
		case 'h':
			return print_help();
		case 'V':
			puts("tongbuctl " TONGBU_VERSION);
			return CTL_OK;
		default:
			return CTL_FAILED;
		}
	}
	if (optind == argc)
		return ctl_bad("what shall be done? see tongbuctl --help");
	status = run_command(argc - optind, argv + optind);
	if (fflush(stdout) || ferror(stdout))
		return ctl_bad("the answer could not be written: %s", strerror(errno));
	return status;
}
