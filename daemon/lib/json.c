// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/**
 * tb_json_name() - a name in a field of fixed size
 * @field: the field; the kernel's names are plain, but who knows
 * @size: its bytes
 *
 * Return: a string; NULL without memory.
 */
json_t *tb_json_name(const uint8_t *field, size_t size)
{
	char text[64];
	size_t i, len = strnlen((const char *)field, size < sizeof(text) ? size : sizeof(text));
	json_t *json = json_stringn((const char *)field, len);

	if (json)
		return json;
	for (i = 0; i < len; i++)
		text[i] = (char)(field[i] < 0x80 ? field[i] : '?');
	return json_stringn(text, len);
}

/**
 * tb_json_word() - a word, or the number where there is none
 * @word: the word, or NULL
 * @number: the number
 *
 * Return: a string or an integer; NULL without memory.
 */
json_t *tb_json_word(const char *word, unsigned int number)
{
	return word ? json_string(word) : json_integer((json_int_t)number);
}

/**
 * tb_json_flags() - the words for bits
 * @flags: the bits
 * @name_of: gives the word for the number of a bit
 *
 * Return: an array; a bit without a word is "bit-7". NULL without memory.
 */
json_t *tb_json_flags(uint32_t flags, const char *(*name_of)(unsigned int bit))
{
	json_t *list = json_array();
	char number[16];
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		if (!(flags >> bit & 1))
			continue;
		snprintf(number, sizeof(number), "bit-%u", bit);
		json_array_append_new(list, json_string(name_of(bit) ?: number));
	}
	return list;
}

/**
 * tb_json_dumps() - data as text, as json_dumps() writes it
 * @json: the data
 * @flags: of json_dumps()
 *
 * What that returns is jansson's memory, which a program may have given a place of its own.
 *
 * Return: the text, to be freed with free(); NULL if there is none.
 */
char *tb_json_dumps(const json_t *json, size_t flags)
{
	size_t len = json_dumpb(json, NULL, 0, flags);
	char *text = len ? malloc(len + 1) : NULL;

	if (!text)
		return NULL;
	text[json_dumpb(json, text, len, flags)] = '\0';
	return text;
}
