// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include <inttypes.h>
#include <stdio.h>

/**
 * tb_json_u64() - a number that may need all 64 bits
 * @value: the number
 *
 * Return: a JSON integer, or a string of decimal digits if it is over 2^63 - 1,
 * which jansson has no integer for; NULL without memory.
 */
json_t *tb_json_u64(uint64_t value)
{
	char text[24];

	if (value <= INT64_MAX)
		return json_integer((json_int_t)value);
	snprintf(text, sizeof(text), "%" PRIu64, value);
	return json_string(text);
}
