// SPDX-License-Identifier: GPL-2.0-only
/* The words for the numbers in records. */
#include <errno.h>
#include <string.h>

#include "record_priv.h"

/**
 * tb_word_number() - the number a word stands for
 * @name_of: one of the functions that give words
 * @word: the word
 *
 * Return: the number, or -EINVAL.
 */
int tb_word_number(const char *(*name_of)(unsigned int number), const char *word)
{
	unsigned int i;
	const char *name;

	for (i = 0; i < 64; i++) {
		name = name_of(i);
		if (name && !strcmp(name, word))
			return (int)i;
	}
	return -EINVAL;
}

/**
 * tb_flag_name() - the word for a bit of header.flags
 * @bit: number of the bit
 *
 * Return: the word, or NULL for a bit not known.
 */
const char *tb_flag_name(unsigned int bit)
{
	static const char *const names[] = {
		"synced", "edge-missed", "inferred", "thread-stamp", "level-unknown",
	};

	return TB_NAME_OF(names, bit);
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

	return TB_NAME_OF(names, format);
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
		[TONGBU_CMD_CLOCK_STATE] = "clock-state",
		[TONGBU_CMD_SUBMIT] = "submit",
		[TONGBU_CMD_SOURCE_ADD] = "source-add",
		[TONGBU_CMD_SOURCE_DEL] = "source-del",
		[TONGBU_CMD_SOURCE_GET] = "source-get",
		[TONGBU_CMD_CLOCK_ARM] = "clock-arm",
		[TONGBU_CMD_CLOCK_CANCEL] = "clock-cancel",
		[TONGBU_CMD_CLOCK_GET] = "clock-get",
		[TONGBU_CMD_OUTPUT_ADD] = "output-add",
		[TONGBU_CMD_OUTPUT_DEL] = "output-del",
		[TONGBU_CMD_OUTPUT_SET] = "output-set",
		[TONGBU_CMD_OUTPUT_GET] = "output-get",
		[TONGBU_CMD_REFLEX_ADD] = "reflex-add",
		[TONGBU_CMD_REFLEX_DEL] = "reflex-del",
		[TONGBU_CMD_REFLEX_GET] = "reflex-get",
		[TONGBU_CMD_CHAIN_END] = "chain-end",
	};

	return TB_NAME_OF(names, command);
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
		[TONGBU_LOST_UNSETTLED] = "unsettled",
	};

	return TB_NAME_OF(names, cause);
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

	return TB_NAME_OF(names, cause);
}

/**
 * tb_output_flag_name() - the word for a bit of an output's flags
 * @bit: number of the bit, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_output_flag_name(unsigned int bit)
{
	static const char *const names[] = {
		"active-low",
		"configured",
	};

	return TB_NAME_OF(names, bit);
}

/**
 * tb_output_cause_name() - the word for why an output was set
 * @cause: enum tongbu_output_cause, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_output_cause_name(unsigned int cause)
{
	static const char *const names[] = {
		[TONGBU_CAUSE_SET] = "set",	    [TONGBU_CAUSE_REFLEX] = "reflex",
		[TONGBU_CAUSE_END] = "end",	    [TONGBU_CAUSE_AWAY] = "away",
		[TONGBU_CAUSE_RELEASE] = "release", [TONGBU_CAUSE_GONE] = "gone",
		[TONGBU_CAUSE_BACK] = "back",
	};

	return TB_NAME_OF(names, cause);
}

/**
 * tb_condition_name() - the word for when a reflex fires
 * @condition: enum tongbu_condition, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_condition_name(unsigned int condition)
{
	static const char *const names[] = {
		[TONGBU_WHEN_EDGE] = "edge",
		[TONGBU_WHEN_HELD] = "held",
		[TONGBU_WHEN_COUNT] = "count",
		[TONGBU_WHEN_BOTH] = "both",
	};

	return TB_NAME_OF(names, condition);
}

/**
 * tb_action_name() - the word for what a reflex does
 * @action: enum tongbu_action, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_action_name(unsigned int action)
{
	static const char *const names[] = {
		[TONGBU_DO_SET] = "set",
		[TONGBU_DO_PULSE] = "pulse",
		[TONGBU_DO_LATCH] = "latch",
		[TONGBU_DO_BLINK] = "blink",
	};

	return TB_NAME_OF(names, action);
}

/**
 * tb_reflex_flag_name() - the word for a bit of a reflex's flags
 * @bit: number of the bit, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_reflex_flag_name(unsigned int bit)
{
	static const char *const names[] = {
		"configured",
	};

	return TB_NAME_OF(names, bit);
}
