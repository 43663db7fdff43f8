// SPDX-License-Identifier: GPL-2.0-only
/*
 * A spreadsheet in China saves CSV in GBK, another in UTF-16. What is no UTF-8 is read as
 * GB 18030, of which GBK and GB 2312 are parts; a guess, so whoever asked is told of it.
 */
#include "charset.h"

#include <errno.h>
#include <iconv.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_utf8(const char *text, size_t len)
{
	json_t *json = json_stringn(text, len);

	json_decref(json);
	return json;
}

/* UTF-16 by its mark; without one by where its zero bytes are */
static const char *utf16_of(const char *text, size_t len)
{
	size_t i, zeros[2] = { 0, 0 };

	if (len >= 2 && !memcmp(text, "\xff\xfe", 2))
		return "UTF-16LE";
	if (len >= 2 && !memcmp(text, "\xfe\xff", 2))
		return "UTF-16BE";
	for (i = 0; i < len && i < 512; i++)
		zeros[i & 1] += !text[i];
	if (len % 2 || zeros[0] + zeros[1] < 8)
		return NULL;
	if (!zeros[0])
		return "UTF-16LE";
	return zeros[1] ? NULL : "UTF-16BE";
}

static unsigned long line_of(const char *text, const char *at)
{
	unsigned long line = 1;

	for (; text < at; text++)
		line += *text == '\n' || (*text == '\r' && text[1] != '\n');
	return line;
}

static int convert(char **text, size_t *len, const char *from, struct tb_error *err)
{
	size_t in_left = *len, out_left = *len * 4, size = out_left;
	char *in = *text, *whole = malloc(size + 1), *out = whole;
	iconv_t cd = iconv_open("UTF-8", from);
	int ret = 0;

	if (!whole || cd == (iconv_t)-1)
		ret = tb_error_set(err, -ENOMEM, "it cannot be read as %s: %s", from,
				   strerror(errno));
	else if (iconv(cd, &in, &in_left, &out, &out_left) == (size_t)-1)
		ret = tb_error_set(err, -EILSEQ,
				   "line %lu: this is neither UTF-8 nor %s: save the file as UTF-8",
				   line_of(*text, in), from);
	if (cd != (iconv_t)-1)
		iconv_close(cd);
	if (ret) {
		free(whole);
		return ret;
	}
	*out = '\0';
	free(*text);
	*text = whole;
	*len = size - out_left;
	return 0;
}

/**
 * charset_to_utf8() - make a file's text UTF-8
 * @text: the file with a NUL behind, from malloc(); replaced if it is converted
 * @len: its bytes; changed likewise
 * @was: set to what it was taken for, NULL for UTF-8
 * @err: told what is wrong
 *
 * A byte order mark is taken off.
 *
 * Return: 0 or a negative errno.
 */
int charset_to_utf8(char **text, size_t *len, const char **was, struct tb_error *err)
{
	static const char mark[] = "\xef\xbb\xbf";
	int ret;

	*was = utf16_of(*text, *len);
	if (!*was && !is_utf8(*text, *len))
		*was = "GB18030";
	ret = *was ? convert(text, len, *was, err) : 0;
	if (ret)
		return ret;
	if (*len >= 3 && !memcmp(*text, mark, 3)) {
		*len -= 3;
		memmove(*text, *text + 3, *len + 1);
	}
	if (strlen(*text) != *len)
		return tb_error_set(err, -EINVAL, "line %lu: this is no text: it has a zero byte",
				    line_of(*text, *text + strlen(*text)));
	return 0;
}
