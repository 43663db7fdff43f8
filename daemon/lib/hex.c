// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes as text. Base64 has padding rules best left to libcrypto; its functions
 * for hexadecimal take separators, which an id or a tag must not have.
 */
#include "hex.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

/**
 * tb_hex_encode() - write bytes as lower-case hexadecimal
 * @text: where to; TB_HEX_SIZE(@len) bytes
 * @bytes: the bytes
 * @len: how many
 *
 * Return: @text.
 */
char *tb_hex_encode(char *text, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *b = bytes;
	char *out = text;

	for (; len; len--, b++) {
		*out++ = digits[*b >> 4];
		*out++ = digits[*b & 15];
	}
	*out = '\0';
	return text;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/**
 * tb_hex_decode_upto() - read hexadecimal of a length not known before
 * @text: digits of either case, nothing else
 * @bytes: where to
 * @max: room there
 * @len: set to the bytes read
 *
 * Return: 0; -EINVAL if @text is not whole bytes of hexadecimal; -EMSGSIZE if
 * it is more than @max bytes.
 */
int tb_hex_decode_upto(const char *text, void *bytes, size_t max, size_t *len)
{
	size_t digits = strlen(text);
	uint8_t *out = bytes;
	int high, low;

	if (digits % 2)
		return -EINVAL;
	if (digits / 2 > max)
		return -EMSGSIZE;
	for (; *text; text += 2) {
		high = digit_value(text[0]);
		low = digit_value(text[1]);
		if (high < 0 || low < 0)
			return -EINVAL;
		*out++ = (uint8_t)(high << 4 | low);
	}
	*len = digits / 2;
	return 0;
}

/**
 * tb_hex_decode() - read hexadecimal of a known length
 * @text: digits of either case, nothing else
 * @bytes: where to
 * @len: bytes there must be
 *
 * Return: 0, or -EINVAL if @text is anything else; @bytes may then be partly
 * written.
 */
int tb_hex_decode(const char *text, void *bytes, size_t len)
{
	size_t got;
	int ret;

	ret = tb_hex_decode_upto(text, bytes, len, &got);
	return ret || got != len ? -EINVAL : 0;
}

/**
 * tb_base64_encode() - write bytes as base64 (RFC 4648, with padding)
 * @bytes: the bytes
 * @len: how many, at most 1 GiB
 *
 * Return: the text, to be freed by the caller; NULL if there is no memory for
 * it or @len is too large.
 */
char *tb_base64_encode(const void *bytes, size_t len)
{
	char *text;

	if (len > INT_MAX / 2)
		return NULL;
	text = malloc((len + 2) / 3 * 4 + 1);
	if (text)
		EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);
	return text;
}

/**
 * tb_base64_decode() - read base64 (RFC 4648, with padding)
 * @text: the text, nothing around it; of the texts that would give the same bytes only
 *	the one that tb_base64_encode() gives is taken
 * @bytes: set to the bytes, to be freed by the caller
 * @len: set to how many
 *
 * Return: 0; -EINVAL if @text is not base64; -ENOMEM.
 */
int tb_base64_decode(const char *text, uint8_t **bytes, size_t *len)
{
	size_t chars = strlen(text), padding = 0;
	char last[5];
	uint8_t *out;

	/* EVP_DecodeBlock() forgives blanks around the text and counts padding
	 * as bytes: neither is wanted.
	 */
	if (chars % 4 || chars > INT_MAX ||
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "abcdefghijklmnopqrstuvwxyz0123456789+/=") != chars)
		return -EINVAL;
	while (padding < 2 && padding < chars && text[chars - padding - 1] == '=')
		padding++;
	if (strcspn(text, "=") != chars - padding)
		return -EINVAL;

	out = malloc(chars / 4 * 3 + 1);
	if (!out)
		return -ENOMEM;
	if (EVP_DecodeBlock(out, (const unsigned char *)text, (int)chars) < 0)
		goto err_free;
	/* Bits that fill up the last character must be zero. */
	EVP_EncodeBlock((unsigned char *)last, out + chars / 4 * 3 - (padding ? 3 : 0),
			padding ? 3 - (int)padding : 0);
	if (padding && strcmp(last, text + chars - 4) != 0)
		goto err_free;
	*bytes = out;
	*len = chars / 4 * 3 - padding;
	return 0;

err_free:
	free(out);
	return -EINVAL;
}
