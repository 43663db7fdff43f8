// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl verify and key: what tongbu-verify does, at hand in the one command. */
#include "ctl.h"

static const struct tb_command command = { .next = ctl_option, .json = &ctl.json };

/**
 * cmd_verify() - tongbuctl verify
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status: 0 verified, 1 not, 2 could not.
 */
int cmd_verify(int argc, char **argv)
{
	return tb_verify_command(&command, argc, argv);
}

/**
 * cmd_key_new() - tongbuctl key new
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_key_new(int argc, char **argv)
{
	return tb_key_new_command(&command, argc, argv);
}

/**
 * cmd_key_show() - tongbuctl key show
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_key_show(int argc, char **argv)
{
	return tb_key_show_command(&command, argc, argv);
}
