// SPDX-License-Identifier: GPL-2.0-only
/* The table of commands, told: help, and the synopsis of manual pages. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"

static void print_usage(const struct ctl_command *command)
{
	const struct ctl_word *word;
	const char *before = "Usage: ";

	for (word = command->words; word->run; word++, before = "       ")
		printf("%stongbuctl %s%s%s%s%s%s\n", before, command->name, word->name ? " " : "",
		       word->name ?: "", *word->usage ? " " : "", word->usage,
		       word->options || word->fields ? " [OPTION]..." : "");
}

static void print_options(const struct ctl_command *command)
{
	struct tb_option options[TB_OPTIONS_MAX];
	const struct ctl_word *word;

	for (word = command->words; word->run; word++) {
		if (!word->options && !word->fields)
			continue;
		putchar('\n');
		if (word->name && command->words[1].run)
			printf("%s:\n", word->name);
		if (!word->fields) {
			ctl_options(word, options);
			tb_options_help(options, stdout);
			continue;
		}
		/* What a table has is said there, by type. */
		tb_fields_help(word->fields, stdout);
		if (word->options)
			tb_options_help(word->options, stdout);
	}
}

static void print_words(const struct ctl_command *command)
{
	const struct ctl_word *word;
	const char *before = "\n";
	size_t width = 8;

	for (word = command->words; word->run; word++)
		if (word->name && word->text && strlen(word->name) > width)
			width = strlen(word->name);
	for (word = command->words; word->run; word++) {
		if (!word->name || !word->text)
			continue;
		printf("%s  %-*s  %s\n", before, (int)width, word->name, word->text);
		before = "";
	}
}

/**
 * ctl_help() - print the help of a command
 * @command: the command; NULL for the program's own
 *
 * Return: %CTL_OK.
 */
int ctl_help(const struct ctl_command *command)
{
	const struct ctl_group *group;

	ctl_pager();
	if (command) {
		print_usage(command);
		printf("%s%s\n", command->text, strchr(command->text, '?') ? "" : ".");
		print_words(command);
		print_options(command);
		printf("\n%s%sExamples:\n%s", command->notes, *command->notes ? "\n" : "",
		       command->examples);
		return CTL_OK;
	}
	puts("Usage: tongbuctl [OPTION]... COMMAND [ARGUMENT]...\n"
	     "Work with a station: it records what happened, sealed at the moment it happened.");
	for (group = ctl_groups; group->name; group++) {
		printf("\n%s:\n\n", group->text);
		for (command = group->commands; command->name; command++)
			printf("  %-10s  %s\n", command->name, command->text);
	}
	puts("\nOptions, of any command and in any place:\n");
	tb_options_help(ctl_common_options, stdout);
	puts("\n"
	     "Exit status: 0 done or verified; 1 no: not verified, refused, doctor found a FAIL;\n"
	     "2 could not; 3 module not loaded; 4 no permission; 5 the daemon does not run.\n"
	     "\n"
	     "Examples:\n"
	     "  tongbuctl help log\n"
	     "  tongbuctl key new --out supervisor.pem\n"
	     "  tongbuctl submit \"sluice 3 opened by hand\" --wait\n"
	     "  tongbuctl log --since -1h --source door\n"
	     "  tongbuctl bundle export station.bundle\n"
	     "  tongbuctl verify station.bundle --key supervisor.pem");
	return CTL_OK;
}

/**
 * cmd_help() - tongbuctl help
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_help(int argc, char **argv)
{
	const struct ctl_command *command = NULL;

	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	if (optind < argc) {
		command = ctl_find(argv[optind]);
		if (!command)
			return ctl_bad("there is no command %s: see tongbuctl help", argv[optind]);
	}
	return ctl_help(command);
}

/* "FILE [--x]" -> ".Ar FILE": capitals are what is put in, all else stands as it is. */
static void put_usage(const char *usage)
{
	const char *end, *close;
	bool may;

	for (; *usage; usage = *end ? end + 1 : end) {
		may = *usage == '[';
		close = may ? strchr(usage, ']') : NULL;
		end = close ? close + strcspn(close, " ") : usage + strcspn(usage, " ");
		if (!strncmp(usage + may, "FIELD=VALUE", 11) ||
		    !strncmp(usage + may, "KEY=VALUE", 9))
			printf("\n.%sAr %.*s Ns = Ns Ar VALUE ...", may ? "Op " : "",
			       (int)strcspn(usage + may, "="), usage + may);
		else
			printf("\n.%s%s %.*s%s", may ? "Op " : "",
			       isupper((unsigned char)usage[may]) || usage[may] == '[' ? "Ar" :
											 "Cm",
			       (int)((close ?: end) - usage) - may, usage + may,
			       close && close[1] == '.' ? " ..." : "");
	}
}

/* A list of words that fills a line may be broken between them. */
static void put_argument(const char *arg)
{
	bool breaks = strlen(arg) > 60;

	fputs(" Ar ", stdout);
	for (; *arg; arg++) {
		putchar(*arg);
		if (breaks && *arg == '|')
			fputs("\\:", stdout);
	}
}

static void put_option(const struct tb_option *option)
{
	printf("\n.Op ");
	if (option->letter)
		printf("Fl %c | ", option->letter);
	printf("Fl Fl %s", option->name);
	if (option->arg)
		put_argument(option->arg);
}

/**
 * ctl_synopsis() - print for a manual page what the table says, as mdoc(7)
 * @what: "commands", the synopsis, or "json", the members of answers
 * @name: the group
 *
 * Return: exit status.
 */
int ctl_synopsis(const char *what, const char *name)
{
	struct tb_option options[TB_OPTIONS_MAX];
	const struct ctl_command *command;
	const struct ctl_group *group;
	const struct ctl_word *word;
	size_t i;

	for (group = ctl_groups; group->name && strcmp(group->name, name); group++)
		;
	if (!group->name)
		return ctl_bad("there is no group %s", name);
	if (!strcmp(what, "json")) {
		ctl_fields_man(group);
		return CTL_OK;
	}
	for (command = group->commands; command->name; command++)
		for (word = command->words; word->run; word++) {
			printf(".Nm tongbuctl\n.Cm %s%s%s", command->name, word->name ? " " : "",
			       word->name ?: "");
			put_usage(word->usage);
			ctl_options(word, options);
			/* Those of devices have a page of their own. */
			if (word->fields)
				printf("\n.Op Ar OPTION ...");
			else
				for (i = 0; options[i].name; i++)
					put_option(&options[i]);
			putchar('\n');
		}
	return CTL_OK;
}
