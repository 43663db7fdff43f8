// SPDX-License-Identifier: GPL-2.0-only
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

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

	if (!err)
		return code;
	err->code = code;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return code;
}
