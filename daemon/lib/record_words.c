// SPDX-License-Identifier: GPL-2.0-only
/* The words for the numbers in records. */
#include "record.h"

#define NAME_OF(table, number) \
	((number) < sizeof(table) / sizeof((table)[0]) ? (table)[number] : NULL)

/**
 * tb_flag_name() - the word for a bit of header.flags
 * @bit: number of the bit
 *
 * Return: the word, or NULL for a bit not known.
 */
const char *tb_flag_name(unsigned int bit)
{
	static const char *const names[] = {
		"synced",
		"edge-missed",
		"inferred",
		"thread-stamp",
	};

	return NAME_OF(names, bit);
}

/**
 * tb_edges_name() - the word for the edges of a line that make a record
 * @edges: enum tongbu_edges, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_edges_name(unsigned int edges)
{
	static const char *const names[] = {
		[TONGBU_EDGE_RISING] = "rising",
		[TONGBU_EDGE_FALLING] = "falling",
		[TONGBU_EDGE_BOTH] = "both",
	};

	return NAME_OF(names, edges);
}

/**
 * tb_bias_name() - the word for a line's resistor
 * @bias: enum tongbu_bias, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_bias_name(unsigned int bias)
{
	static const char *const names[] = {
		[TONGBU_BIAS_AS_IS] = "as-is",
		[TONGBU_BIAS_DISABLED] = "disabled",
		[TONGBU_BIAS_PULL_UP] = "pull-up",
		[TONGBU_BIAS_PULL_DOWN] = "pull-down",
	};

	return NAME_OF(names, bias);
}

/**
 * tb_act_format_name() - the word for a format of acts
 * @format: enum tongbu_act_format, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_act_format_name(unsigned int format)
{
	static const char *const names[] = {
		[TONGBU_ACT_TEXT] = "text",
		[TONGBU_ACT_JSON] = "json",
		[TONGBU_ACT_MARK] = "mark",
	};

	return NAME_OF(names, format);
}

/**
 * tb_command_name() - the word for a command of the kernel's family
 * @command: enum tongbu_cmd, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_command_name(unsigned int command)
{
	static const char *const names[] = {
		[TONGBU_CMD_INFO_GET] = "info-get",
		[TONGBU_CMD_CHAIN_START] = "chain-start",
		[TONGBU_CMD_ATTACH] = "attach",
		[TONGBU_CMD_READ] = "read",
		[TONGBU_CMD_ACK] = "ack",
		[TONGBU_CMD_CLOCK_STATE] = "clock-state",
		[TONGBU_CMD_SUBMIT] = "submit",
		[TONGBU_CMD_SOURCE_ADD] = "source-add",
		[TONGBU_CMD_SOURCE_DEL] = "source-del",
		[TONGBU_CMD_SOURCE_GET] = "source-get",
		[TONGBU_CMD_HINT] = "hint",
		[TONGBU_CMD_CLOCK_ARM] = "clock-arm",
		[TONGBU_CMD_CLOCK_CANCEL] = "clock-cancel",
		[TONGBU_CMD_CLOCK_GET] = "clock-get",
	};

	return NAME_OF(names, command);
}

/**
 * tb_lost_cause_name() - the word for why events were lost
 * @cause: enum tongbu_lost_cause, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_lost_cause_name(unsigned int cause)
{
	static const char *const names[] = {
		[TONGBU_LOST_RING] = "ring",
		[TONGBU_LOST_OVERRUN] = "overrun",
	};

	return NAME_OF(names, cause);
}

/**
 * tb_clock_cause_name() - the word for what happened to the clock
 * @cause: enum tongbu_clock_cause, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_clock_cause_name(unsigned int cause)
{
	static const char *const names[] = {
		[TONGBU_CLOCK_STEPPED] = "stepped",
		[TONGBU_CLOCK_SYNC] = "sync",
	};

	return NAME_OF(names, cause);
}
