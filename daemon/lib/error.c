// SPDX-License-Identifier: GPL-2.0-only
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

/* What did not fit ends with a whole character, not within one. */
static void cut(char *text, size_t len)
{
	size_t at = len;

	while (at && len - at < 4 && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (at && (unsigned char)text[at - 1] >= 0xc0)
		text[at - 1] = '\0';
}

/**
 * tb_error_set() - say what went wrong
 * @err: where to say it, or NULL
 * @code: negative errno
 * @fmt: the words, as for printf()
 *
 * Return: @code, so that it can be returned at once.
 */
int tb_error_set(struct tb_error *err, int code, const char *fmt, ...)
{
	va_list args;
	int len;

	if (!err)
		return code;
	err->code = code;
	va_start(args, fmt);
	len = vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	if (len >= (int)sizeof(err->text))
		cut(err->text, sizeof(err->text) - 1);
	return code;
}
