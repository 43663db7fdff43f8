// SPDX-License-Identifier: GPL-2.0-only
#include "out.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

/**
 * tb_out_raw() - write text as it is
 * @out: where to
 * @text: the text
 * @len: its bytes
 */
void tb_out_raw(struct tb_out *out, const char *text, size_t len)
{
	if (out->full || len > (size_t)(out->end - out->at)) {
		out->full = true;
		return;
	}
	memcpy(out->at, text, len);
	out->at += len;
}

/**
 * tb_out_number() - write a number that may need all 64 bits
 * @out: where to
 * @number: the number; over 2^63 - 1 it becomes a string, since not every program
 *	has an integer for it
 */
void tb_out_number(struct tb_out *out, uint64_t number)
{
	char text[24], *at = text + sizeof(text);
	bool quoted = number > INT64_MAX;

	if (quoted)
		*--at = '"';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	if (quoted)
		*--at = '"';
	tb_out_raw(out, at, (size_t)(text + sizeof(text) - at));
}

/**
 * tb_out_signed() - write a number that may be below 0
 * @out: where to
 * @number: the number
 */
void tb_out_signed(struct tb_out *out, int64_t number)
{
	char text[24];

	if (number >= 0)
		tb_out_number(out, (uint64_t)number);
	else
		tb_out_raw(out, text,
			   (size_t)snprintf(text, sizeof(text), "%lld", (long long)number));
}

/* Bytes of the character that begins there, or 0 if it is none of UTF-8 */
static size_t character(const uint8_t *c, size_t len)
{
	size_t size = *c < 0x80 ? 1 :
		      *c < 0xc2 ? 0 :
		      *c < 0xe0 ? 2 :
		      *c < 0xf0 ? 3 :
		      *c < 0xf5 ? 4 :
				  0;
	size_t i;

	if (!size || size > len)
		return 0;
	for (i = 1; i < size; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* Too long a form, half of a pair, beyond the last */
	if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] > 0x9f) ||
	    (*c == 0xf0 && c[1] < 0x90) || (*c == 0xf4 && c[1] > 0x8f))
		return 0;
	return size;
}

/**
 * tb_text_is_utf8() - are these bytes text?
 * @bytes: the bytes
 * @len: how many
 *
 * Return: true if all of them are UTF-8.
 */
bool tb_text_is_utf8(const uint8_t *bytes, size_t len)
{
	size_t size;

	for (; len; bytes += size, len -= size) {
		size = character(bytes, len);
		if (!size)
			return false;
	}
	return true;
}

/**
 * tb_out_string() - write a string
 * @out: where to
 * @bytes: its bytes; what is not UTF-8 becomes a question mark
 * @len: how many
 */
void tb_out_string(struct tb_out *out, const uint8_t *bytes, size_t len)
{
	size_t i, size, from = 0;
	char text[8];

	tb_out_text(out, "\"");
	for (i = 0; i < len; i += size ?: 1) {
		size = character(bytes + i, len - i);
		if (size && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\')
			continue;
		tb_out_raw(out, (const char *)bytes + from, i - from);
		from = i + 1;
		if (!size)
			tb_out_text(out, "?");
		else if (bytes[i] >= ' ')
			tb_out_raw(out, (char[]){ '\\', (char)bytes[i] }, 2);
		else
			tb_out_raw(out, text,
				   (size_t)snprintf(text, sizeof(text), "\\u%04x", bytes[i]));
	}
	tb_out_raw(out, (const char *)bytes + from, len - from);
	tb_out_text(out, "\"");
}

/**
 * tb_out_hex() - write bytes in hexadecimal, as a string
 * @out: where to
 * @bytes: the bytes
 * @len: how many
 */
void tb_out_hex(struct tb_out *out, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	if (out->full || 2 * len + 2 > (size_t)(out->end - out->at)) {
		out->full = true;
		return;
	}
	*out->at++ = '"';
	for (; len--; bytes++) {
		*out->at++ = digits[*bytes >> 4];
		*out->at++ = digits[*bytes & 15];
	}
	*out->at++ = '"';
}

/**
 * tb_out_base64() - write bytes in base64, as a string
 * @out: where to
 * @bytes: the bytes
 * @len: how many
 */
void tb_out_base64(struct tb_out *out, const uint8_t *bytes, size_t len)
{
	/* libcrypto closes it by a NUL. */
	if (out->full || (len + 2) / 3 * 4 + 3 > (size_t)(out->end - out->at)) {
		out->full = true;
		return;
	}
	*out->at++ = '"';
	out->at += EVP_EncodeBlock((unsigned char *)out->at, bytes, (int)len);
	*out->at++ = '"';
}

/**
 * tb_out_key() - begin a member of an object
 * @out: where to, behind '{' or a value
 * @name: its name, which needs no escaping
 */
void tb_out_key(struct tb_out *out, const char *name)
{
	if (!out->full && out->at[-1] != '{')
		tb_out_text(out, ",");
	tb_out_text(out, "\"");
	tb_out_raw(out, name, strlen(name));
	tb_out_text(out, "\":");
}

/**
 * tb_out_word() - write a word, or the number where there is none
 * @out: where to
 * @word: the word, which needs no escaping, or NULL
 * @number: the number
 */
void tb_out_word(struct tb_out *out, const char *word, uint64_t number)
{
	if (word)
		tb_out_string(out, (const uint8_t *)word, strlen(word));
	else
		tb_out_number(out, number);
}

/**
 * tb_out_bits() - write the words for bits, as an array
 * @out: where to
 * @bits: the bits; one without a word is "bit-7"
 * @word: gives the words
 */
void tb_out_bits(struct tb_out *out, uint32_t bits, const char *(*word)(unsigned int bit))
{
	const char *known;
	unsigned int bit;
	char text[16];

	tb_out_text(out, "[");
	for (bit = 0; bits >> bit; bit++) {
		if (!(bits >> bit & 1)) {
			if (bit == 31)
				break;
			continue;
		}
		known = word(bit);
		if (!known) {
			snprintf(text, sizeof(text), "bit-%u", bit);
			known = text;
		}
		if (!out->full && out->at[-1] != '[')
			tb_out_text(out, ",");
		tb_out_string(out, (const uint8_t *)known, strlen(known));
		if (bit == 31)
			break;
	}
	tb_out_text(out, "]");
}
