// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl verify and key: what tongbu-verify does, at hand in the one command. */
#include "ctl.h"

/**
 * cmd_verify() - tongbuctl verify
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status: 0 verified, 1 not, 2 could not.
 */
int cmd_verify(int argc, char **argv)
{
	struct tb_command command = { .json = ctl.json, .help = ctl_help };

	return tb_verify_command(&command, argc, argv);
}

/**
 * cmd_key() - tongbuctl key
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_key(int argc, char **argv)
{
	struct tb_command command = { .json = ctl.json, .help = ctl_help };

	return tb_key_command(&command, argc, argv);
}
