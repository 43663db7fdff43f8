// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "verify_cmd.h"

/* Where the words of a help begin */
#define TEXT_AT 21
/* And where they end */
#define LINE_MAX_WIDTH 79

/* Letters that must change, come or go between two words, swapped neighbours counted once;
 * at most as many as there are
 */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][32], i, k, best;
	size_t *before = rows[0], *last = rows[1], *now = rows[2], *spare;
	size_t la = strlen(a), lb = strlen(b);

	if (la > 31 || lb > 31)
		return SIZE_MAX;
	for (k = 0; k <= lb; k++)
		last[k] = k;
	for (i = 1; i <= la; i++) {
		now[0] = i;
		for (k = 1; k <= lb; k++) {
			best = last[k - 1] + (a[i - 1] != b[k - 1]);
			best = last[k] + 1 < best ? last[k] + 1 : best;
			best = now[k - 1] + 1 < best ? now[k - 1] + 1 : best;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
			    before[k - 2] + 1 < best)
				best = before[k - 2] + 1;
			now[k] = best;
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[lb];
}

/**
 * tb_nearest() - which word may have been meant?
 * @word: what was given
 * @known: the words there are, closed by NULL
 *
 * Return: the one that differs least, if by little; else NULL.
 */
const char *tb_nearest(const char *word, const char *const *known)
{
	size_t least = strlen(word) > 4 ? 3 : 2, has;
	const char *found = NULL;

	for (; *known; known++) {
		has = distance(word, *known);
		/* What was begun is meant, as "stat" for "status". */
		if (strlen(word) > 2 && !strncmp(*known, word, strlen(word)))
			has = 0;
		if (has < least) {
			least = has;
			found = *known;
		}
	}
	return found;
}

static int unknown(const struct tb_option *options, const char *what, const char *arg)
{
	const char *known[TB_OPTIONS_MAX + 1] = { NULL };
	char name[64];
	const char *meant;
	size_t i;

	for (i = 0; options[i].name && i < TB_OPTIONS_MAX; i++)
		known[i] = options[i].name;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(arg, "="), arg);
	meant = strncmp(name, "--", 2) ? NULL : tb_nearest(name + 2, known);
	if (meant)
		tb_command_bad("%s: there is no option %s: did you mean --%s?", what, name, meant);
	else
		tb_command_bad("%s: there is no option %s: see --help", what, name);
	return '?';
}

/**
 * tb_option_next() - the next option of a command line
 * @options: those there are
 * @argc: number of arguments
 * @argv: the arguments, the command's name first; what is no option is moved behind
 * @given: set to the row, if there is one
 *
 * As getopt_long(3), whose optarg, optind are set.
 *
 * Return: its value; '?' if it is none, and that was said; -1 after the last.
 */
int tb_option_next(const struct tb_option *options, int argc, char **argv,
		   const struct tb_option **given)
{
	struct option all[TB_OPTIONS_MAX + 1] = { 0 };
	char letters[2 * TB_OPTIONS_MAX + 2] = ":";
	size_t i, at = 1;
	int value, index = -1, was = optind ?: 1;

	for (i = 0; options[i].name && i < TB_OPTIONS_MAX; i++) {
		all[i] = (struct option){ options[i].name,
					  options[i].arg ? required_argument : no_argument, NULL,
					  options[i].value };
		if (!options[i].letter)
			continue;
		letters[at++] = options[i].letter;
		if (options[i].arg)
			letters[at++] = ':';
	}
	letters[at] = '\0';
	opterr = 0;
	value = getopt_long(argc, argv, letters, all, &index);
	if (value == -1)
		return -1;
	if (value == ':') {
		tb_command_bad("%s: option %s takes a value: see --help", argv[0],
			       argv[optind - 1]);
		return '?';
	}
	/* Several may have one value: their names tell them apart. */
	for (i = 0; options[i].name; i++)
		if (index >= 0 ? (int)i == index : options[i].letter == value) {
			*given = &options[i];
			return options[i].value;
		}
	/* Of one letter among others it is told which; argv[was] may be what was passed over. */
	if (optopt && optopt < TB_OPTION_FIRST) {
		char name[] = { '-', (char)optopt, '\0' };

		return unknown(options, argv[0], name);
	}
	if (optopt) {
		tb_command_bad("%s: option %s takes no value: see --help", argv[0],
			       argv[optind - 1]);
		return '?';
	}
	return unknown(options, argv[0], argv[optind > was ? optind - 1 : was]);
}

/* A text from its column on, in lines of a terminal's width */
static void put_text(const char *text, int column, FILE *out)
{
	int len;

	for (; *text; text += len + (text[len] == ' ' || text[len] == '\n')) {
		len = (int)strcspn(text, "\n");
		if (TEXT_AT + len > LINE_MAX_WIDTH)
			for (len = LINE_MAX_WIDTH - TEXT_AT; len > 1 && text[len] != ' '; len--)
				;
		fprintf(out, "%*s%.*s\n", TEXT_AT - column, "", len, text);
		column = 0;
	}
}

/**
 * tb_options_help() - print options as a help has them
 * @options: the options
 * @out: where to
 */
void tb_options_help(const struct tb_option *options, FILE *out)
{
	int width;

	for (; options->name; options++) {
		if (options->letter)
			width = fprintf(out, "  -%c, --%s%s%s", options->letter, options->name,
					options->arg ? "=" : "", options->arg ?: "");
		else
			width = fprintf(out, "  --%s%s%s", options->name, options->arg ? "=" : "",
					options->arg ?: "");
		if (width > TEXT_AT - 2) {
			fputc('\n', out);
			width = 0;
		}
		put_text(options->text, width, out);
	}
}
