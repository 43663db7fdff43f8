// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbu-verify: bundles and receipts, for those who supervise a station and need
 * trust nothing of it. See tongbu-verify(1).
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "verify_cmd.h"

static int print_help(void)
{
	puts("Usage: tongbu-verify " TB_VERIFY_USAGE "\n"
	     "       tongbu-verify key new [--out FILE] | key show FILE [--passphrase-file FILE]\n"
	     "Is a bundle what the station's kernel sealed? Or: the supervisor's key pair.\n"
	     "\n" TB_VERIFY_OPTIONS "\n  --json            answer for programs\n"
	     "  -h, --help        this text; after key, that command's\n"
	     "  -V, --version     version\n"
	     "\n"
	     "Exit status: 0 verified, 1 not, 2 could not.\n"
	     "\n"
	     "Examples:\n"
	     "  tongbu-verify key new --out /media/safe/supervisor.pem\n"
	     "  tongbu-verify station.bundle --key supervisor.pem --receipt receipts");
	return TB_EXIT_OK;
}

static int print_key_help(void)
{
	puts("Usage: tongbu-verify key " TB_KEY_USAGE "\n"
	     "The supervisor's key pair.\n"
	     "\n" TB_KEY_OPTIONS "\n"
	     "Examples:\n"
	     "  tongbu-verify key new --out /media/safe/supervisor.pem\n"
	     "  tongbu-verify key show supervisor.pub.pem");
	return TB_EXIT_OK;
}

int main(int argc, char **argv)
{
	struct tb_command verify = { .help = print_help }, key = { .help = print_key_help };
	int status;

	setlocale(LC_ALL, "");
	if (argc == 2 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))) {
		puts("tongbu-verify " TONGBU_VERSION);
		status = TB_EXIT_OK;
	} else if (argc > 1 && !strcmp(argv[1], "key")) {
		status = tb_key_command(&key, argc - 1, argv + 1);
	} else {
		status = tb_verify_command(&verify, argc, argv);
	}
	if (fflush(stdout) || ferror(stdout))
		return tb_command_bad("the answer could not be written: %s", strerror(errno));
	return status;
}
