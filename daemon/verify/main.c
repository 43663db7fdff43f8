// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbu-verify: bundles and receipts, for those who supervise a station and need
 * trust nothing of it. See tongbu-verify(1).
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify_cmd.h"

static const struct tb_option common[] = {
	{ TB_OPT_JSON, 0, "json", NULL, "answer for programs" },
	{ TB_OPT_HELP, 'h', "help", NULL, "this text; after key, that command's" },
	{ 0 },
};

/* What runs, and with which options */
static const struct tb_option *own;
static int (*help)(void);
static bool json;

static int print_help(void)
{
	puts("Usage: tongbu-verify FILE --key FILE|--no-key [OPTION]...\n"
	     "       tongbu-verify PROOF --policy FILE [--checkpoint FILE] [--json]\n"
	     "       tongbu-verify key new [--out FILE] | key show FILE\n"
	     "Is a bundle what the station's kernel sealed, and all that was? Is a record in the\n"
	     "station's log? Or: the supervisor's key pair.\n"
	     "FILE may be a pipe, or - for standard input.\n");
	tb_options_help(tb_verify_options, stdout);
	tb_options_help(common, stdout);
	puts("  -V, --version      version\n"
	     "\n"
	     "Exit status: 0 verified, 1 not, 2 could not.\n"
	     "\n"
	     "Examples:\n"
	     "  tongbu-verify key new --out /media/safe/supervisor.pem\n"
	     "  tongbu-verify station.bundle --key supervisor.pem --receipt receipts\n"
	     "  tongbu-verify station.bundle --key supervisor.pem --policy station.vkey \\\n"
	     "      --checkpoint kept --page station.html\n"
	     "  tongbu-verify 4711.tlog-proof --policy station.vkey");
	return TB_EXIT_OK;
}

static int print_key_help(void)
{
	puts("Usage: tongbu-verify key new [OPTION]... | key show FILE [OPTION]...\n"
	     "The supervisor's key pair: make one where the station cannot reach, and give the\n"
	     "station the public half alone; or tell what FILE holds.\n");
	tb_options_help(tb_key_new_options, stdout);
	tb_options_help(common, stdout);
	puts("\nExamples:\n"
	     "  tongbu-verify key new --out /media/safe/supervisor.pem\n"
	     "  tongbu-verify key show supervisor.pub.pem");
	return TB_EXIT_OK;
}

static int next_option(int argc, char **argv)
{
	struct tb_option all[TB_OPTIONS_MAX];
	const struct tb_option *given;
	size_t count = 0, i;
	int value;

	for (i = 0; own[i].name; i++)
		all[count++] = own[i];
	memcpy(&all[count], common, sizeof(common));
	while ((value = tb_option_next(all, argc, argv, &given)) == TB_OPT_JSON)
		json = true;
	if (value == TB_OPT_HELP)
		exit(help());
	return value;
}

static const struct tb_command command = { .next = next_option, .json = &json };

static int run_key(int argc, char **argv)
{
	help = print_key_help;
	own = tb_key_new_options;
	if (argc > 1 && !strcmp(argv[1], "new"))
		return tb_key_new_command(&command, argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "show")) {
		own = tb_key_show_options;
		return tb_key_show_command(&command, argc - 1, argv + 1);
	}
	if (next_option(argc, argv) != -1)
		return TB_EXIT_FAILED;
	return tb_command_bad("key new or key show FILE: see key --help");
}

int main(int argc, char **argv)
{
	int status;

	setlocale(LC_ALL, "");
	if (argc == 2 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))) {
		puts("tongbu-verify " TONGBU_VERSION);
		status = TB_EXIT_OK;
	} else if (argc > 1 && !strcmp(argv[1], "key")) {
		status = run_key(argc - 1, argv + 1);
	} else {
		help = print_help;
		own = tb_verify_options;
		status = tb_verify_command(&command, argc, argv);
	}
	if (fflush(stdout) || ferror(stdout))
		return tb_command_bad("the answer could not be written: %s", strerror(errno));
	return status;
}
