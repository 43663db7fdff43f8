// SPDX-License-Identifier: GPL-2.0-only
/* From words on the command line to the row of the table, and its options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

#define NAMES_MAX 64

/* The option that ctl_option() told last */
const struct tb_option *ctl_given;

static const struct ctl_command *current;
static struct tb_option all[TB_OPTIONS_MAX];

/**
 * ctl_find() - a command by its name
 * @name: the name
 *
 * Return: the command; NULL if there is none.
 */
const struct ctl_command *ctl_find(const char *name)
{
	const struct ctl_command *command;
	const struct ctl_group *group;

	for (group = ctl_groups; group->name; group++)
		for (command = group->commands; command->name; command++)
			if (!strcmp(command->name, name))
				return command;
	return NULL;
}

/**
 * ctl_find_word() - what a command does, by the word behind it
 * @command: the command
 * @name: the word; NULL for what needs none
 *
 * Return: the word; NULL if there is none.
 */
const struct ctl_word *ctl_find_word(const struct ctl_command *command, const char *name)
{
	const struct ctl_word *word;

	for (word = command->words; word->run; word++)
		if (name ? word->name && !strcmp(word->name, name) : !word->name)
			return word;
	return NULL;
}

static bool has(const char *only, const char *name)
{
	size_t len = strlen(name);
	const char *at;

	for (at = only; at && (at = strstr(at, name)); at += len)
		if ((at == only || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return !only;
}

static bool listed(const struct tb_option *options, size_t count, const char *name)
{
	while (count--)
		if (!strcmp(options++->name, name))
			return true;
	return false;
}

static size_t add_fields(const struct tb_table *table, struct tb_option *to, size_t count)
{
	static char names[TB_OPTIONS_MAX][32], ranges[TB_OPTIONS_MAX][96];
	const struct tb_field *field;

	for (field = table->fields; field->name && count + 1 < TB_OPTIONS_MAX; field++) {
		if (!(field->use & TB_FIELD_SET) || !strcmp(field->name, "name"))
			continue;
		tb_field_option(field, names[count], sizeof(names[count]));
		if (listed(to, count, names[count]))
			continue;
		tb_field_range(field, ranges[count], sizeof(ranges[count]));
		to[count] = (struct tb_option){ OPT_FIELD, 0, names[count],
						field->kind == TB_FIELD_FLAG ? NULL : ranges[count],
						field->text };
		count++;
	}
	return count;
}

/**
 * ctl_options() - the options of a word
 * @word: the word
 * @options: set to them, closed by one without a name; good until the next call
 *
 * Return: how many; those any command has are not among them.
 */
size_t ctl_options(const struct ctl_word *word, struct tb_option options[TB_OPTIONS_MAX])
{
	const struct tb_option *option;
	size_t count = 0;

	for (option = word->options; option && option->name; option++)
		if (has(word->only, option->name))
			options[count++] = *option;
	if (word->fields)
		count = add_fields(word->fields, options, count);
	options[count] = (struct tb_option){ 0 };
	return count;
}

/* Those of all words, if none is given */
static void set_options(const struct ctl_command *command, const struct ctl_word *word)
{
	struct tb_option some[TB_OPTIONS_MAX];
	const struct ctl_word *each;
	const struct tb_option *option;
	size_t count = 0, i;

	for (each = command->words; each->run; each++) {
		if (word && each != word)
			continue;
		ctl_options(each, some);
		for (i = 0; some[i].name; i++)
			if (!listed(all, count, some[i].name) && count + 12 < TB_OPTIONS_MAX)
				all[count++] = some[i];
	}
	for (option = ctl_common_options; option->name; option++)
		all[count++] = *option;
	all[count] = (struct tb_option){ 0 };
}

static bool take_common(int option)
{
	switch (option) {
	case TB_OPT_JSON:
		ctl.json = true;
		return true;
	case OPT_SOCKET:
		ctl.socket = optarg;
		return true;
	case OPT_REFEREE:
		ctl.referee = optarg;
		return true;
	case OPT_NO_PAGER:
		ctl.no_pager = true;
		return true;
	case OPT_UTC:
		ctl.utc = true;
		return true;
	case TB_OPT_HELP:
		exit(ctl_pager_end(ctl_help(current)));
	case OPT_VERSION:
		puts("tongbuctl " TONGBU_VERSION);
		exit(CTL_OK);
	default:
		return false;
	}
}

/**
 * ctl_option() - the next option of the command that runs
 * @argc: number of arguments
 * @argv: the arguments
 *
 * @ctl_given is its row, and optarg what it was given. Those that any command has are
 * dealt with.
 *
 * Return: its value; '?' if it is none, and that was said; -1 after the last.
 */
int ctl_option(int argc, char **argv)
{
	int option;

	do
		option = tb_option_next(all, argc, argv, &ctl_given);
	while (option > 0 && take_common(option));
	return option;
}

/**
 * ctl_nothing() - read the command line of a command without arguments
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: 0 or an exit status.
 */
int ctl_nothing(int argc, char **argv)
{
	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	return optind < argc ? ctl_bad("%s takes no argument %s", argv[0], argv[optind]) : 0;
}

static const struct tb_option *option_of(const char *arg)
{
	const char *name = arg + 2;
	size_t i, len = strcspn(name, "=");

	for (i = 0; all[i].name; i++)
		if (arg[1] != '-' ? arg[1] == all[i].letter :
				    !strncmp(all[i].name, name, len) && !all[i].name[len])
			return &all[i];
	return NULL;
}

/* Where is the first argument that is no option, nor what one takes? 0 if there is none. */
static int first_argument(int argc, char **argv)
{
	const struct tb_option *option;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--"))
			return i + 1 < argc ? i + 1 : 0;
		if (*argv[i] != '-' || !argv[i][1])
			return i;
		option = option_of(argv[i]);
		/* -n5 and --limit=5 have it with them. */
		if (option && option->arg &&
		    (argv[i][1] == '-' ? !strchr(argv[i], '=') : !argv[i][2]))
			i++;
	}
	return 0;
}

static int unknown_word(const char *given)
{
	const char *names[NAMES_MAX] = { NULL };
	const struct ctl_word *word;
	char known[160] = "";
	const char *meant;
	size_t count = 0;

	for (word = current->words; word->run && count + 1 < NAMES_MAX; word++) {
		names[count++] = word->name;
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
			 *known ? ", " : "", word->name);
	}
	meant = given ? tb_nearest(given, names) : NULL;
	if (!given)
		return ctl_bad("%s: say what: %s: see tongbuctl help %s", current->name, known,
			       current->name);
	if (meant)
		return ctl_bad("%s: there is no %s: did you mean %s? (%s)", current->name, given,
			       meant, known);
	return ctl_bad("%s: there is no %s: it must be %s", current->name, given, known);
}

static int unknown_command(const char *given)
{
	const char *names[NAMES_MAX] = { NULL }, *meant;
	const struct ctl_command *command;
	const struct ctl_group *group;
	size_t count = 0;

	for (group = ctl_groups; group->name; group++)
		for (command = group->commands; command->name && count + 1 < NAMES_MAX; command++)
			names[count++] = command->name;
	meant = tb_nearest(given, names);
	if (meant)
		return ctl_bad("there is no command %s: did you mean %s?", given, meant);
	return ctl_bad("there is no command %s: see tongbuctl help", given);
}

/* What it prints for programs; NULL while none runs */
static const char *running;

/**
 * ctl_running() - which members has what the command that runs prints for programs?
 *
 * Return: as ctl_fields() has it, or NULL.
 */
const char *ctl_running(void)
{
	return running;
}

static int run_word(int argc, char **argv)
{
	const struct ctl_word *word = NULL;
	int at, i;

	set_options(current, NULL);
	at = first_argument(argc, argv);
	if (at)
		word = ctl_find_word(current, argv[at]);
	if (word) {
		for (i = at; i + 1 < argc; i++)
			argv[i] = argv[i + 1];
		argv[--argc] = NULL;
	} else {
		word = ctl_find_word(current, NULL);
	}
	optind = 0;
	if (!word) {
		/* --help, or an option that is none, comes first. */
		i = ctl_option(argc, argv);
		while (i != -1 && i != '?')
			i = ctl_option(argc, argv);
		return i == '?' ? CTL_FAILED : unknown_word(at ? argv[optind] : NULL);
	}
	set_options(current, word);
	/* What holds for the whole command is known before its own options are read. */
	do
		i = ctl_option(argc, argv);
	while (i != -1 && i != '?');
	if (i == '?')
		return CTL_FAILED;
	optind = 0;
	if (word->pager)
		ctl_pager();
	running = ctl_fields(current->name, word->name);
	return word->run(argc, argv);
}

/**
 * ctl_run() - do what a command line says
 * @argc: number of arguments
 * @argv: the arguments, the program's name first
 *
 * Return: the exit status.
 */
int ctl_run(int argc, char **argv)
{
	const struct tb_option *option;
	int at;

	for (option = ctl_common_options, at = 0; option->name; option++)
		all[at++] = *option;
	at = first_argument(argc, argv);
	/* What stands before the command */
	if (ctl_option(at ? at : argc, argv) != -1)
		return CTL_FAILED;
	if (!at)
		return ctl_bad("give a command: see tongbuctl help");
	current = ctl_find(argv[at]);
	if (!current)
		return unknown_command(argv[at]);
	optind = 0;
	return run_word(argc - at, argv + at);
}
