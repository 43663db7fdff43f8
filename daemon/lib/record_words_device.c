// SPDX-License-Identifier: GPL-2.0-only
/* The words for the numbers in records of devices, and in how they are armed. */
#include "record_priv.h"

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

	return TB_NAME_OF(names, edges);
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

	return TB_NAME_OF(names, bias);
}

/**
 * tb_source_type_name() - the word for a kind of device
 * @type: enum tongbu_source_type, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_source_type_name(unsigned int type)
{
	static const char *const names[] = {
		[TONGBU_SOURCE_GPIO] = "gpio",	   [TONGBU_SOURCE_COUNTER] = "counter",
		[TONGBU_SOURCE_PPS] = "pps",	   [TONGBU_SOURCE_INPUT] = "input",
		[TONGBU_SOURCE_SERIAL] = "serial",
	};

	return TB_NAME_OF(names, type);
}

/**
 * tb_source_flag_name() - the word for a bit of a source's flags
 * @bit: number of the bit, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_source_flag_name(unsigned int bit)
{
	static const char *const names[] = {
		"active-low", "configured", "grab", "hashed", "modem",
	};

	return TB_NAME_OF(names, bit);
}

/**
 * tb_source_state_name() - the word for how a source fares
 * @bit: number of the bit of enum tongbu_source_state, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_source_state_name(unsigned int bit)
{
	static const char *const names[] = {
		"gone",
		"silent",
		"storm",
	};

	return TB_NAME_OF(names, bit);
}

/**
 * tb_input_mode_name() - the word for what an input device's keys mean
 * @mode: enum tongbu_input_mode, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_input_mode_name(unsigned int mode)
{
	static const char *const names[] = {
		[TONGBU_INPUT_KEYS] = "keys",
		[TONGBU_INPUT_CODE] = "code",
	};

	return TB_NAME_OF(names, mode);
}

/**
 * tb_framing_name() - the word for what a frame is
 * @framing: enum tongbu_framing, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_framing_name(unsigned int framing)
{
	static const char *const names[] = {
		[TONGBU_FRAMING_LINE] = "line",
		[TONGBU_FRAMING_NMEA] = "nmea",
		[TONGBU_FRAMING_MODBUS] = "modbus",
		[TONGBU_FRAMING_FIXED] = "fixed",
	};

	return TB_NAME_OF(names, framing);
}

/**
 * tb_parity_name() - the word for a parity
 * @parity: enum tongbu_parity, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_parity_name(unsigned int parity)
{
	static const char *const names[] = {
		[TONGBU_PARITY_NONE] = "none",
		[TONGBU_PARITY_EVEN] = "even",
		[TONGBU_PARITY_ODD] = "odd",
	};

	return TB_NAME_OF(names, parity);
}

/**
 * tb_function_name() - the word for what is asked of a Modbus slave
 * @function: number of the function
 *
 * Return: the word, or NULL.
 */
const char *tb_function_name(unsigned int function)
{
	static const char *const names[] = {
		[1] = "coils",
		[2] = "discrete",
		[3] = "holding",
		[4] = "input",
	};

	return TB_NAME_OF(names, function);
}

/**
 * tb_line_name() - the word for the line an edge was on
 * @line: enum tongbu_line, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_line_name(unsigned int line)
{
	static const char *const names[] = {
		[TONGBU_LINE_GPIO] = "gpio", [TONGBU_LINE_DCD] = "dcd", [TONGBU_LINE_CTS] = "cts",
		[TONGBU_LINE_DSR] = "dsr",   [TONGBU_LINE_RI] = "ri",
	};

	return TB_NAME_OF(names, line);
}

/**
 * tb_code_end_name() - the word for how a code ended
 * @end: enum tongbu_code_end, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_code_end_name(unsigned int end)
{
	static const char *const names[] = {
		[TONGBU_CODE_ENTER] = "enter",
		[TONGBU_CODE_TIMEOUT] = "timeout",
		[TONGBU_CODE_TOO_LONG] = "too-long",
	};

	return TB_NAME_OF(names, end);
}

/**
 * tb_frame_status_name() - the word for what became of a frame
 * @status: enum tongbu_frame_status, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_frame_status_name(unsigned int status)
{
	static const char *const names[] = {
		[TONGBU_FRAME_GOOD] = "good",	      [TONGBU_FRAME_BAD_CHECK] = "bad-check",
		[TONGBU_FRAME_BAD_FORM] = "bad-form", [TONGBU_FRAME_BAD_LINE] = "bad-line",
		[TONGBU_FRAME_TIMEOUT] = "timeout",   [TONGBU_FRAME_EXCEPTION] = "exception",
	};

	return TB_NAME_OF(names, status);
}

/**
 * tb_exception_name() - the word for why a Modbus slave refuses
 * @code: the exception's code, any number
 *
 * Return: the standard's word, or NULL.
 */
const char *tb_exception_name(unsigned int code)
{
	static const char *const names[] = {
		[1] = "illegal-function",
		[2] = "illegal-data-address",
		[3] = "illegal-data-value",
		[4] = "server-device-failure",
		[5] = "acknowledge",
		[6] = "server-device-busy",
		[7] = "negative-acknowledge",
		[8] = "memory-parity-error",
		[10] = "gateway-path-unavailable",
		[11] = "gateway-target-device-failed-to-respond",
	};

	return TB_NAME_OF(names, code);
}

/**
 * tb_absence_name() - the word for why a device is gone
 * @why: enum tongbu_absence, or any number
 *
 * Return: the word, or NULL.
 */
const char *tb_absence_name(unsigned int why)
{
	static const char *const names[] = {
		[TONGBU_ABSENT_YET] = "yet",
		[TONGBU_ABSENT_REMOVED] = "removed",
		[TONGBU_ABSENT_HANGUP] = "hangup",
	};

	return TB_NAME_OF(names, why);
}
