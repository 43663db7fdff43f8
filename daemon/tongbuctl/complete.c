// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may come next on a command line, for the completions of shells: one candidate a
 * line, its meaning behind a tab; or ":files", where a file may stand. All is said by
 * the table; what there is at the station, by the daemons, if they answer at once.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "kernel.h"
#include "record.h"

static const char *begun;

static void offer(const char *word, const char *text)
{
	if (strncmp(word, begun, strlen(begun)) != 0)
		return;
	printf("%s", word);
	if (text)
		printf("\t%.*s", (int)strcspn(text, "\n"), text);
	putchar('\n');
}

static void offer_words(const char *words)
{
	char word[64];
	size_t len;

	for (; *words; words += len + (words[len] == '|')) {
		len = strcspn(words, "|");
		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		offer(word, NULL);
	}
}

static void offer_options(const struct tb_option *option)
{
	char name[64];

	for (; option->name; option++) {
		snprintf(name, sizeof(name), "--%s", option->name);
		offer(name, option->text);
	}
}

/* Names of what is armed, asked of the kernel, which tells anybody */
static void offer_devices(const struct tb_table *table)
{
	struct tb_kernel *kernel;
	struct tb_error err;
	struct tb_list list;
	json_t *fields;
	size_t i;

	if (tb_kernel_open(&kernel, &err))
		return;
	if (!tb_kernel_list(kernel, table, &list, &err)) {
		for (i = 0; i < list.count; i++) {
			fields = tb_fields_json(table, (const char *)list.items + i * table->size);
			offer(json_string_value(json_object_get(fields, "name")) ?: "", NULL);
			json_decref(fields);
		}
		free(list.items);
	}
	tb_kernel_close(kernel);
}

static void offer_rows(const char *what)
{
	json_t *reply, *row;
	struct tb_error err;
	struct tb_rpc *rpc;
	size_t i;

	if (ctl_connect_referee(&rpc, &err))
		return;
	tb_rpc_limit(rpc, 2);
	if (!tb_rpc_call(rpc, "Query", json_pack("{s:s}", "what", what), &reply, &err)) {
		json_array_foreach(json_object_get(reply, "rows"), i, row)
			offer(json_string_value(json_object_get(row, "id"))	      ?:
				      json_string_value(json_object_get(row, "name")) ?:
											"",
			      NULL);
		json_decref(reply);
	}
	tb_rpc_close(rpc);
}

static void offer_users(void)
{
	const struct passwd *user;

	setpwent();
	while ((user = getpwent()))
		offer(user->pw_name, NULL);
	endpwent();
}

static void offer_kinds(void)
{
	unsigned int i;

	for (i = 0; tb_kind_list(i); i++)
		offer(tb_kind_list(i), NULL);
}

/* What an argument stands for, by its word in the table */
static void offer_argument(const char *arg, const char *name, const struct ctl_command *command)
{
	const struct tb_table *table = tb_table_find(command->name);

	if (!strcmp(arg, "FILE") || !strcmp(arg, "DIR") || !strcmp(arg, "PATH") ||
	    !strcmp(arg, "[FILE]") || !strcmp(arg, "[DIR]"))
		puts(":files");
	else if (!strcmp(arg, "TIME"))
		offer_words("now|today|yesterday|-10m|-1h|-1d");
	else if (!strcmp(arg, "USER"))
		offer_users();
	else if (!strcmp(arg, "KIND") && !strcmp(command->name, "log"))
		offer_kinds();
	else if (!strcmp(arg, "PACK.KIND"))
		offer_rows("acts");
	else if (!strcmp(arg, "[PACK.]NAME"))
		offer_rows(strcmp(command->name, "export") ? "reports" : "exports");
	else if (!strcmp(arg, "ID") && name && !strcmp(name, "office"))
		offer_rows("offices");
	else if (!strcmp(arg, "ID") &&
		 (name ? !strcmp(name, "matter") : !strcmp(command->name, "matter")))
		offer_rows("matters");
	else if (!strcmp(arg, "PACK"))
		offer_rows("packs");
	else if (!strcmp(arg, "[COMMAND]"))
		offer_words("");
	else if (name && (!strcmp(name, "source") || !strcmp(name, "second")))
		offer_devices(&tb_source_table);
	else if (name && !strcmp(name, "output"))
		offer_devices(&tb_output_table);
	else if (!strcmp(arg, "NAME") && table && !name)
		offer_devices(table);
	else if (strchr(arg, '|'))
		offer_words(arg);
	if (name && !strcmp(name, "source") && !strcmp(command->name, "log"))
		offer_words("recorder|people|clocks|outputs|reflexes");
}

/* The argument of that place, counted from 0, in a usage */
static bool argument_at(const char *usage, size_t at, char arg[64])
{
	while (at-- && *usage)
		usage += strcspn(usage, " ") + !!usage[strcspn(usage, " ")];
	snprintf(arg, 64, "%.*s", (int)strcspn(usage, " "), usage);
	return *arg;
}

static void offer_commands(void)
{
	const struct ctl_command *command;
	const struct ctl_group *group;

	for (group = ctl_groups; group->name; group++)
		for (command = group->commands; command->name; command++)
			offer(command->name, command->text);
}

static const struct tb_option *find(const struct tb_option *options, const char *arg)
{
	for (; options->name; options++)
		if (arg[1] == '-' ? !strcmp(options->name, arg + 2) :
				    options->letter && options->letter == arg[1] && !arg[2])
			return options;
	return NULL;
}

/**
 * struct line - a command line that is being typed
 * @command: the command, or NULL so far
 * @word: what of it, or NULL so far
 * @options: the options there are
 * @arguments: how many arguments there are behind them
 * @pending: the option whose value is next, or NULL
 */
struct line {
	const struct ctl_command *command;
	const struct ctl_word *word;
	struct tb_option options[TB_OPTIONS_MAX];
	size_t arguments;
	const struct tb_option *pending;
};

static void take_word(struct line *line, const char *text)
{
	if (!line->command) {
		line->command = ctl_find(text);
		if (line->command)
			line->word = ctl_find_word(line->command, NULL);
	} else if (!line->arguments && ctl_find_word(line->command, text)) {
		line->word = ctl_find_word(line->command, text);
	} else {
		line->arguments++;
	}
	if (line->word)
		ctl_options(line->word, line->options);
}

static void take(struct line *line, const char *text)
{
	/* bash has what stands before and behind a = apart. */
	if (line->pending) {
		if (strcmp(text, "=") != 0)
			line->pending = NULL;
		return;
	}
	if (*text != '-' || !text[1]) {
		take_word(line, text);
		return;
	}
	line->pending = find(line->options, text) ?: find(ctl_common_options, text);
	if (line->pending && !line->pending->arg)
		line->pending = NULL;
}

static void offer_next(const struct line *line)
{
	const struct ctl_word *word;
	char arg[64];

	if (line->pending) {
		offer_argument(line->pending->arg, line->pending->name,
			       line->command ?: &ctl_groups[0].commands[0]);
	} else if (*begun == '-') {
		offer_options(line->options);
		offer_options(ctl_common_options);
	} else if (!line->command) {
		offer_commands();
	} else {
		for (word = line->command->words; word->run && !line->arguments; word++)
			if (word->name && (!line->word || !line->word->name))
				offer(word->name, word->text);
		if (line->word && argument_at(line->word->usage, line->arguments, arg)) {
			if (!strcmp(arg, "[COMMAND]"))
				offer_commands();
			else
				offer_argument(arg, NULL, line->command);
		}
	}
}

/**
 * ctl_complete() - print what may come next
 * @argc: number of words
 * @argv: the words behind the program's name, the last one being typed
 *
 * Return: %CTL_OK.
 */
int ctl_complete(int argc, char **argv)
{
	struct line line = { 0 };
	int i;

	begun = argc ? argv[argc - 1] : "";
	if (!strcmp(begun, "="))
		begun = "";
	for (i = 0; i + 1 < argc; i++)
		take(&line, argv[i]);
	offer_next(&line);
	return CTL_OK;
}
